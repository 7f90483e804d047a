"""Undecorate: a decorator that changes nothing goes, from what it decorates and with its definition."""

from __future__ import annotations

import ast
from functools import partial
from typing import TYPE_CHECKING

import libcst as cst

from debloat.facts import data
from debloat.model import Evidence, Fix, Proof, RefusedError, Span
from debloat.program.references import references
from debloat.refactor.comments import comment_evidence
from debloat.refactor.naming import Imports
from debloat.refactor.places import expression, span_of
from debloat.refactor.rewriting import Piece, Rewriting
from debloat.refactor.uses import forget_all, going, statement_of

if TYPE_CHECKING:
    from debloat.program import Program
    from debloat.refactor.requests import Undecorate


def undecorate(asked: Undecorate, program: Program) -> Fix:
    """The edits in all files. Raises RefusedError where a function imports it."""
    function = asked.found.function
    found, rewriting = references(program, function), Rewriting(program)
    if any(program.facts[file].imports[number].scope for file, number in found.imports):
        raise RefusedError("local import: a function imports it")
    for scope, site in asked.found.uses:
        _, node = expression(program, site)
        span, statement = program.index.span(scope), statement_of(program, scope)
        assert isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        kind = cst.ClassDef if program.index.scopes[scope].kind == data.CLASS else cst.FunctionDef
        begin = span._replace(end_line=span.line, end_column=span.column)
        number = statement.decorator_list.index(node)
        rewriting.on(span_of(span.path, statement), partial(_without, kind=kind, begin=begin, number=number))
    imports = Imports(program, rewriting, going(program, function))
    evidence = [*forget_all(program, rewriting, imports, function, found)]
    span = program.index.span(function)
    rewriting.delete(span.path, statement_of(program, function))
    note = f"nobody is taken to tell what {program.index.name(function)} gives from what it is given"
    edits = tuple(rewriting.edits())
    return Fix(edits, (Evidence("type", Proof.ASSUMED, span, note), *evidence, *comment_evidence(rewriting)))


def _without(piece: Piece, kind: type[cst.FunctionDef | cst.ClassDef], begin: Span, number: int) -> None:
    """Plan that a definition has a decorator less."""
    node = piece.node(kind, begin)
    decorator = node.decorators[number]
    piece.change(decorator, lambda _: cst.RemoveFromParent())
