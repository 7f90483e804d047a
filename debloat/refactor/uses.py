"""The uses of a function that goes: its calls, the imports of it, and where it is listed."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

import libcst as cst

from debloat.facts import data
from debloat.model import Evidence, RefusedError
from debloat.program.index import Site
from debloat.program.queries import Call, callers
from debloat.program.references import References, references
from debloat.refactor.import_lines import forget
from debloat.refactor.naming import Imports
from debloat.refactor.places import span_of
from debloat.refactor.rewriting import Rewriting
from debloat.refactor.source import source

if TYPE_CHECKING:
    from debloat.program import Program


def calls_of(program: Program, function: int) -> list[Call]:
    """The calls of a function from outside of it, each once."""
    found: dict[Site, Call] = {}
    for call in callers(program, function).calls:
        outside = not is_inside(program, function, program.index.scope_at(call.site))
        if outside and found.setdefault(call.site, call).binding != call.binding:
            raise RefusedError("ambiguous call: it gives a parameter one of two arguments")
    return list(found.values())


def is_inside(program: Program, function: int, scope: int) -> bool:
    """Whether a scope is a function or inside of it."""
    while scope >= 0 and scope != function:
        scope = program.index.parent(scope)
    return scope == function


def statement_of(program: Program, function: int) -> ast.stmt:
    """The statement that defines a function."""
    span = program.index.span(function)
    return source(program, span.path).statement(span.line, span.column)


def going(program: Program, function: int) -> frozenset[tuple[int, str]]:
    """The names that stand for a function in modules."""
    found = [(program.index.file_of[function], program.index.name(function))]
    for file, number in references(program, function).imports:
        imported = program.facts[file].imports[number]
        if imported.scope == 0:
            found.append((file, imported.bound))
    return frozenset(found)


def line_of(program: Program, site: Site) -> int:
    """The line from which on a place is evaluated: that of the outermost function around it."""
    scope = program.index.scope_at(site)
    line = program.index.place(site).line
    while scope >= 0:
        if program.index.scopes[scope].kind == data.FUNCTION:
            line = program.index.scopes[scope].line
        scope = program.index.parent(scope)
    return line


def forget_all(
    program: Program, rewriting: Rewriting, imports: Imports, function: int, found: References
) -> Iterator[Evidence]:
    """Take a function out of the modules that import it at their top, and out of the lists of what they export."""
    for file, number in found.imports:
        if program.facts[file].imports[number].scope == 0:
            yield from forget(program, rewriting, file, number, imports.merged, found.imports)
    for file in {program.index.file_of[function], *(file for file, _ in found.imports)}:
        _unlist(program, rewriting, file, program.index.name(function))


def _unlist(program: Program, rewriting: Rewriting, file: int, name: str) -> None:
    """Take a name out of the ``__all__`` of a file. Raises RefusedError where it is in a list that is computed."""
    fact = program.facts[file]
    if fact.flags & data.DYNAMIC_EXPORTS:
        raise RefusedError(f"listed: {program.files[file].path} computes its __all__")
    if name not in (fact.exported or ()):
        return
    path = program.files[file].path
    for statement in source(program, path).tree.body:
        match statement:
            case ast.Assign(targets=[ast.Name(id="__all__")], value=ast.List() | ast.Tuple() as listed):
                rewriting.at(span_of(path, listed), cst.BaseExpression, lambda node: _without_item(node, name))  # type: ignore[type-abstract]
                return
    raise RefusedError(f"listed: {name} is in an __all__ that is computed")


def _without_item(node: cst.BaseExpression, name: str) -> cst.BaseExpression:
    assert isinstance(node, cst.List | cst.Tuple)
    kept = [
        element
        for element in node.elements
        if not (isinstance(element.value, cst.SimpleString) and element.value.evaluated_value == name)
    ]
    if kept and kept[-1] is not node.elements[-1]:
        kept[-1] = kept[-1].with_changes(comma=node.elements[-1].comma)
    return node.with_changes(elements=kept)
