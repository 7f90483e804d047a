"""Use the real name: what an alias stands for is named wherever the alias was, and the alias goes."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

import libcst as cst

from debloat.facts import data, ops
from debloat.model import Evidence, Fix, RefusedError
from debloat.program.aliases import Alias
from debloat.program.index import Site
from debloat.program.names import BUILTINS
from debloat.program.shapes import origin
from debloat.refactor.comments import comment_evidence
from debloat.refactor.import_lines import forget, with_name
from debloat.refactor.places import expression, span_of
from debloat.refactor.rewriting import Rewriting
from debloat.refactor.source import source

if TYPE_CHECKING:
    from debloat.program import Program
    from debloat.refactor.requests import UseRealName


def use_real_name(asked: UseRealName, program: Program) -> Fix:
    """The edits in all files. Raises RefusedError where a use does not allow them."""
    alias = asked.alias
    here, new = alias.store.file, program.index.name(alias.target)
    rewriting = Rewriting(program)
    evidence: list[Evidence] = []
    statement = _statement(program, alias.store, new)
    renamed = {here}
    for file, number in alias.imports:
        imported = program.facts[file].imports[number]
        if imported.bound == alias.name:
            renamed.add(file)
        evidence += _import(program, rewriting, alias, file, number)
    for file in sorted(renamed):
        _list(program, rewriting, file, alias.name, new)
    meant = "class" if program.index.scopes[alias.target].kind == data.CLASS else "function", alias.target
    for site in alias.reads:
        if program.names.static(site) != {meant}:
            raise RefusedError("not only this: a name stands for it or for something else")
        _read(program, rewriting, alias, site, new)
    rewriting.delete(program.files[here].path, statement)
    edits = tuple(rewriting.edits())
    return Fix(edits, (*evidence, *comment_evidence(rewriting)))


def _statement(program: Program, store: Site, new: str) -> ast.stmt:
    """The assignment that makes the alias."""
    place = program.index.place(store)
    found = source(program, place.path).statement(place.line, place.column)
    match found:
        case ast.Assign(targets=[ast.Name()], value=ast.Name(id=name)) if name == new:
            return found
    raise RefusedError("not of the form: it is no alias of a name that its module has")


def _import(program: Program, rewriting: Rewriting, alias: Alias, file: int, number: int) -> Iterator[Evidence]:
    """Have an import bind the real name, if the file does not have it."""
    path, imported = program.files[file].path, program.facts[file].imports[number]
    new = program.index.name(alias.target)
    statement = source(program, path).statement(imported.line, imported.column)
    if not isinstance(statement, ast.ImportFrom):
        raise RefusedError(f"not of the form: {path}:{imported.line} is no import of a name")
    if imported.bound == alias.name and imported.scope == 0 and _has(program, alias, file):
        yield from forget(program, rewriting, file, number, (), alias.imports)
        return
    if imported.bound == alias.name:
        _check_new(program, file, new)
    rewriting.at(
        span_of(path, statement), cst.ImportFrom, lambda node: _with_import(node, alias.name, imported.bound, new)
    )


def _with_import(node: cst.ImportFrom, name: str, bound: str, new: str) -> cst.ImportFrom:
    assert not isinstance(node.names, cst.ImportStar)
    mine = next(one for one in node.names if one.evaluated_name == name and (one.evaluated_alias or name) == bound)
    if bound == name and mine.asname is None and len(node.names) > 1:
        kept = [one for one in node.names if one is not mine]
        kept[-1] = kept[-1].with_changes(comma=node.names[-1].comma)
        return with_name(node.with_changes(names=kept), new)
    asname = mine.asname
    if asname is not None and bound == name:
        asname = asname.with_changes(name=cst.Name(new))
    changed = mine.with_changes(name=cst.Name(new), asname=asname)
    return node.with_changes(names=[changed if one is mine else one for one in node.names])


def _has(program: Program, alias: Alias, file: int) -> bool:
    """Whether a module has what the alias stands for by its real name."""
    home, new = program.index.file_of[alias.target], program.index.name(alias.target)
    return (file == home) or (new in program.facts[file].name_index and origin(program, file, new) == (home, new))


def _check_new(program: Program, file: int, name: str) -> None:
    """Raise RefusedError where a file has another use for the name."""
    fact = program.facts[file]
    index = fact.name_index.get(name, -1)
    taken = any(index in scope.bound or index in scope.loads for scope in fact.scopes)
    if taken or name in BUILTINS or program.names.star_targets(file):
        raise RefusedError(f"name taken: {name} means something else in {program.files[file].path}")


def _read(program: Program, rewriting: Rewriting, alias: Alias, site: Site, new: str) -> None:
    """Have a name or attribute be the real one."""
    code = program.facts[site.file].code
    span, _ = expression(program, site)
    if code[site.pc] == ops.ATTR:
        rewriting.at(span, cst.Attribute, lambda node: node.with_changes(attr=cst.Name(new)))
        return
    if program.facts[site.file].names[code[site.pc + 3]] != alias.name:
        return
    scope, index = program.index.scope_at(site), program.facts[site.file].name_index.get(new, -1)
    if index >= 0 and program.index.resolve(scope, index) not in (-1, program.index.base[site.file]):
        raise RefusedError(f"name taken: {new} is another variable in {span.path}")
    rewriting.at(span, cst.Name, lambda node: node.with_changes(value=new))


def _list(program: Program, rewriting: Rewriting, file: int, name: str, new: str) -> None:
    """Have the ``__all__`` of a file list the real name. Raises RefusedError where it is computed."""
    fact = program.facts[file]
    if fact.flags & data.DYNAMIC_EXPORTS:
        raise RefusedError(f"listed: {program.files[file].path} computes its __all__")
    if name not in (fact.exported or ()):
        return
    path = program.files[file].path
    for statement in source(program, path).tree.body:
        match statement:
            case ast.Assign(targets=[ast.Name(id="__all__")], value=ast.List() | ast.Tuple() as listed):
                for item in listed.elts:
                    if isinstance(item, ast.Constant) and item.value == name and new not in (fact.exported or ()):
                        quoted = span_of(path, item)
                        rewriting.at(
                            quoted,
                            cst.SimpleString,
                            lambda node: node.with_changes(value=node.value.replace(name, new)),
                        )
                        return
    raise RefusedError(f"listed: {name} is in an __all__ that has the other name too, or is computed")
