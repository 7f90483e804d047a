"""Specialise: the one argument of a generic class takes the place of its type variable, and the class is generic no more."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

import libcst as cst

from debloat.facts import data
from debloat.model import Evidence, Fix, Proof, RefusedError
from debloat.program.index import Site
from debloat.program.queries import reads
from debloat.refactor.comments import comment_evidence
from debloat.refactor.drop_base import without_base
from debloat.refactor.imports import imported_future
from debloat.refactor.naming import Imports
from debloat.refactor.places import expression, span_of
from debloat.refactor.rewriting import Rewriting
from debloat.refactor.source import source
from debloat.refactor.uses import statement_of

if TYPE_CHECKING:
    from debloat.model import Span
    from debloat.program import Program
    from debloat.program.generics import Generic
    from debloat.refactor.requests import Specialise


def specialise(asked: Specialise, program: Program) -> Fix:
    """The edits in all files. Raises RefusedError where a text in quotes has the variable, or the argument has no name there."""
    found, rewriting = asked.found, Rewriting(program)
    imports = Imports(program, rewriting)
    span = program.index.span(found.cls)
    statement = statement_of(program, found.cls)
    assert isinstance(statement, ast.ClassDef)
    base = _generic(statement)
    text = _argument(program, imports, found)
    for site in found.reads:
        place, node = expression(program, site)
        if node is not base.slice:
            rewriting.at(
                place, cst.Name, lambda node: cst.parse_expression(text).with_changes(lpar=node.lpar, rpar=node.rpar)
            )
    for site in found.given:
        place = _subscript(program, site)
        rewriting.at(place, cst.Subscript, lambda node: node.value)
    begin = span._replace(end_line=span.line, end_column=span.column)
    place = span_of(span.path, base)
    rewriting.on(
        span_of(span.path, statement),
        lambda piece: without_base(piece, piece.node(cst.ClassDef, begin), piece.node(cst.Subscript, place)),
    )
    _drop_variable(program, rewriting, found)
    edits = tuple(rewriting.edits())
    note = "assumes that nobody looks at the type arguments of the class when the program runs"
    return Fix(edits, (Evidence("type", Proof.ASSUMED, span, note), *imports.evidence, *comment_evidence(rewriting)))


def _generic(statement: ast.ClassDef) -> ast.Subscript:
    """The base that makes a class generic. Raises RefusedError."""
    for base in statement.bases:
        if isinstance(base, ast.Subscript) and ast.unparse(base.value).rpartition(".")[2] == "Generic":
            return base
    raise RefusedError("not found in the text: the base that makes it generic has another name")


def _argument(program: Program, imports: Imports, found: Generic) -> str:
    """How the module of the class writes the argument."""
    file, span = program.index.file_of[found.cls], program.index.span(found.cls)
    fact = program.facts[file]
    if isinstance(found.argument, str):
        if any(fact.name_index.get(found.argument, -1) in record.bound for record in fact.scopes):
            raise RefusedError(f"name taken: {found.argument} is something else in {span.path}")
        return found.argument
    home, name = program.index.file_of[found.argument], program.index.name(found.argument)
    future = "annotations" in imported_future(source(program, span.path))
    if home == file and program.index.span(found.argument).line > span.line and not future:
        raise RefusedError(f"later: {name} is defined below the class")
    scopes = sorted({found.cls, *(program.index.scope_at(site) for site in found.reads)})
    return imports.naming(file, home, name, scopes, span.line)


def _subscript(program: Program, site: Site) -> Span:
    """Where a subscript stands: that around the class that it gives an argument. Raises RefusedError."""
    value = Site(site.file, program.facts[site.file].code[site.pc + 3])
    span, node = expression(program, value)
    statement = source(program, span.path).statement(span.line, span.column)
    for outer in ast.walk(statement):
        if isinstance(outer, ast.Subscript) and outer.value is node:
            return span_of(span.path, outer)
    raise RefusedError(f"not found in the text: a subscript at {span.path}:{span.line}")


def _drop_variable(program: Program, rewriting: Rewriting, found: Generic) -> None:
    """Delete the type variable if nothing else reads it."""
    file = program.index.file_of[found.cls]
    fact, path = program.facts[file], program.files[file].path
    others = set(reads(program, program.index.base[file], found.variable)) - set(found.reads)
    exported = found.variable in (fact.exported or ()) or fact.flags & data.DYNAMIC_EXPORTS
    if others or exported or found.variable in program.index.importers or program.index.attribute_reads(found.variable):
        return
    for statement in source(program, path).tree.body:
        match statement:
            case ast.Assign(targets=[ast.Name(id=found.variable)]):
                rewriting.delete(path, statement)
