"""Redirect: all uses of a function come to mean another one, and the function goes."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import libcst as cst

from debloat.facts import data, ops
from debloat.model import Evidence, Fix, Proof, RefusedError, Span
from debloat.program.index import Site
from debloat.program.queries import Call, callers, relatives
from debloat.program.references import references
from debloat.program.shapes import origin
from debloat.refactor.comments import comment_evidence
from debloat.refactor.import_lines import replace
from debloat.refactor.missed import import_evidence
from debloat.refactor.naming import Imports
from debloat.refactor.places import expression, span_of
from debloat.refactor.rewriting import Rewriting
from debloat.refactor.source import first_line, last_line, source
from debloat.refactor.uses import calls_of, forget_all, going, is_inside, line_of, statement_of

if TYPE_CHECKING:
    from debloat.program import Program
    from debloat.refactor.requests import Redirect


def redirect(asked: Redirect, program: Program) -> Fix:
    """The edits. Raises RefusedError where a use does not allow them."""
    rewriting = Rewriting(program)
    imports = Imports(program, rewriting, going(program, asked.function))
    evidence: list[Evidence] = []
    if asked.call is not None and _is_all_there_is(program, asked.function, asked.target):
        _take_over(asked, program, rewriting)
    elif program.index.enclosing_class(asked.function) >= 0:
        for call in calls_of(program, asked.function):
            _call_method(asked, program, rewriting, imports, call)
    else:
        evidence += _everywhere(asked, program, rewriting, imports)
    statement = statement_of(program, asked.function)
    rewriting.delete(program.index.span(asked.function).path, statement)
    edits = tuple(rewriting.edits())
    return Fix(edits, (*evidence, *imports.evidence, *comment_evidence(rewriting)))


def _take_over(asked: Redirect, program: Program, rewriting: Rewriting) -> None:
    """Give the target, which nobody else calls, the name of the function."""
    name = program.index.name(asked.function)
    span = program.index.span(asked.target)
    begin = span._replace(end_line=span.line, end_column=span.column)
    rewriting.at(begin, cst.FunctionDef, lambda node: node.with_changes(name=cst.Name(name)))
    for other in calls_of(program, asked.function):
        _rename_keywords(asked, program, rewriting, other.site)


def _call_method(asked: Redirect, program: Program, rewriting: Rewriting, imports: Imports, call: Call) -> None:
    span, node = expression(program, call.site)
    assert isinstance(node, ast.Call)
    if not isinstance(node.func, ast.Attribute) or node.func.attr != program.index.name(asked.function):
        raise RefusedError("not by its name: a call reaches the method through a variable")
    if isinstance(node.func.value, ast.Call) and ast.unparse(node.func.value.func) == "super":
        raise RefusedError("super: the call asks for a method of a base")
    _rename_keywords(asked, program, rewriting, call.site)
    callee = span_of(span.path, node.func)
    if asked.on_receiver:
        name = program.index.name(asked.target)
        rewriting.at(callee, cst.Attribute, lambda node: node.with_changes(attr=cst.Name(name)))
        return
    if 0 in call.binding.given and program.analysis.receivers(asked.function) is not None:
        raise RefusedError("bare call: it gives the object as an argument")
    text = _written(asked, program, imports, call.site)
    rewriting.at(callee, cst.Attribute, lambda _: cst.parse_expression(text))


def _everywhere(asked: Redirect, program: Program, rewriting: Rewriting, imports: Imports) -> Iterator[Evidence]:
    """Change all that names a function of a module."""
    found = references(program, asked.function)
    local = dict(_local(asked, program, rewriting, imports, found.imports))
    for site in found.reads:
        if program.names.static(site) != {("function", asked.function)}:
            raise RefusedError("not only this: a name stands for it or for something else")
        if not is_inside(program, asked.function, program.index.scope_at(site)):
            text = local.get(_variable(program, site)) or _written(asked, program, imports, site)
            _rename(program, rewriting, site, text)
    for call in calls_of(program, asked.function):
        if program.facts[call.site.file].code[call.site.pc + 5] in {
            site.pc for site in found.reads if site.file == call.site.file
        }:
            _rename_keywords(asked, program, rewriting, call.site)
        elif asked.names and call.arguments.keywords:
            raise RefusedError("not by its name: a call reaches the function through a variable")
    yield from forget_all(program, rewriting, imports, asked.function, found)
    yield from _order_evidence(program, asked.function, asked.target)


def _local(
    asked: Redirect, program: Program, rewriting: Rewriting, imports: Imports, found: Sequence[tuple[int, int]]
) -> Iterator[tuple[tuple[int, int], str]]:
    """Change the imports that stand in functions; by scope and name what is to be written for what they bind."""
    home, name = program.index.file_of[asked.target], program.index.name(asked.target)
    for file, number in found:
        imported = program.facts[file].imports[number]
        if imported.scope == 0:
            continue
        if program.index.scopes[program.index.parent(asked.target)].kind != data.MODULE:
            raise RefusedError("local import: what is called instead is no name of a module")
        scope = program.index.base[file] + imported.scope
        kept = name if imported.bound == imported.name else imported.bound
        module = imports.locally(scope, home, {kept} - {imported.bound})
        replace(program, rewriting, file, number, module, name)
        dotted = program.index.target_module(file, number)
        imports.evidence += import_evidence(
            program,
            file,
            dotted,
            imported.line,
            lambda other, file=file: (file, other) not in found,  # type: ignore[misc]
        )
        yield (scope, program.facts[file].name_index[imported.bound]), kept


def _written(asked: Redirect, program: Program, imports: Imports, site: Site) -> str:
    """How the target is written at a place."""
    scope = program.index.scope_at(site)
    home = program.index.file_of[asked.target]
    if program.index.scopes[program.index.parent(asked.target)].kind == data.MODULE:
        return imports.naming(site.file, home, program.index.name(asked.target), [scope], line_of(program, site))
    assert asked.call is not None
    root, *rest = program.openings.shown(_callee(program, asked.call)).split(".")
    found, name = origin(program, asked.call.file, root)
    if isinstance(found, str):
        raise RefusedError(f"not written: {root} is not of the program")
    text = imports.naming(site.file, found, name, [scope], line_of(program, site))
    return ".".join([text, *rest])


def _rename_keywords(asked: Redirect, program: Program, rewriting: Rewriting, site: Site) -> None:
    """Name the arguments of a call as the target does."""
    names = dict(asked.names)
    span, node = expression(program, site)
    assert isinstance(node, ast.Call)
    if any(keyword.arg in names for keyword in node.keywords):
        rewriting.at(span, cst.Call, lambda call: _with_keywords(call, names))


def _variable(program: Program, site: Site) -> tuple[int, int]:
    """The scope and the name of the variable that a name reads; of an attribute none."""
    code = program.facts[site.file].code
    if code[site.pc] != ops.NAME:
        return -1, -1
    name = code[site.pc + 3]
    return program.index.home(site), name


def _rename(program: Program, rewriting: Rewriting, site: Site, text: str) -> None:
    """Write something else at a place that names the function."""
    span, node = expression(program, site)
    shown = ast.unparse(node)

    def renamed(old: cst.BaseExpression) -> cst.BaseExpression:
        if cst.Module([]).code_for_node(old.with_changes(lpar=[], rpar=[])).replace(" ", "") != shown:
            raise RefusedError(f"not found on the tree: {shown} at {span.path}:{span.line}")
        return cst.parse_expression(text).with_changes(lpar=old.lpar, rpar=old.rpar)

    if text != shown:
        rewriting.at(span, cst.Name if isinstance(node, ast.Name) else cst.Attribute, renamed)


def _with_keywords(call: cst.Call, names: Mapping[str, str]) -> cst.Call:
    return call.with_changes(
        args=[
            argument.with_changes(keyword=cst.Name(names[argument.keyword.value]))
            if argument.keyword is not None and argument.keyword.value in names
            else argument
            for argument in call.args
        ]
    )


def _is_all_there_is(program: Program, function: int, target: int) -> bool:
    """Whether a function is the face of a private one that nobody else uses: then that takes its name."""
    names = [program.index.name(scope) for scope in (function, target)]
    record = program.index.scopes[target]
    if (
        names[0].startswith("_")
        or not names[1].startswith("_")
        or names[1].startswith("__")
        or program.index.parent(function) != program.index.parent(target)
        or program.openings.first(target) is not None
        or relatives(program, target)
        or names[1] in program.index.attribute_writers
        or record.first_line != record.line
        or program.analysis.calls.decorators(function) != program.analysis.calls.decorators(target)
    ):
        return False
    found = callers(program, target)
    inside = all(program.index.scope_at(call.site) == function for call in found.calls)
    named = [
        *program.index.attribute_reads(names[1]),
        *(
            site
            for reader in program.index.readers.get(names[1], ())
            for site in program.index.find(reader, ops.NAME, 3, names[1])
        ),
    ]
    return inside and not found.openings and len(named) == 1 and names[1] not in program.index.importers


def _callee(program: Program, call: Site) -> Site:
    return Site(call.file, program.facts[call.file].code[call.pc + 5])


def _order_evidence(program: Program, function: int, target: int) -> Iterator[Evidence]:
    """ASSUMED evidence where the target is defined later in the module, and something may be called in between."""
    here, there = program.index.span(function), program.index.span(target)
    if here.path != there.path or there.line < here.line:
        return
    for statement in source(program, here.path).tree.body:
        between = first_line(statement) > here.end_line and last_line(statement) < there.line
        if between and not isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
            span = Span(here.path, first_line(statement), 0, last_line(statement), 0)
            note = f"assumes that nothing here calls {program.index.name(function)}"
            yield Evidence("reachability", Proof.ASSUMED, span, note)
