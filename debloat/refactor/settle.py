"""Settle: what is assigned or returned is the constant that a function always returns; the call stays as a statement."""

from __future__ import annotations

import ast
from functools import partial
from typing import TYPE_CHECKING, Any

import libcst as cst

from debloat.model import Fix, RefusedError
from debloat.program.index import Site
from debloat.refactor.comments import comment_evidence
from debloat.refactor.places import expression, span_of
from debloat.refactor.rewriting import Piece, Rewriting
from debloat.refactor.source import source

if TYPE_CHECKING:
    from debloat.program import Program
    from debloat.refactor.requests import Settle


def settle(asked: Settle, program: Program) -> Fix:
    """The edits. Raises RefusedError where a statement does more than to assign or return the result."""
    rewriting = Rewriting(program)
    span, literal = expression(program, asked.value)
    line = source(program, span.path).lines[span.line - 1].encode()
    written = span.line == span.end_line
    text = line[span.column : span.end_column].decode() if written else ast.unparse(literal)
    for use in asked.uses:
        _part(program, rewriting, use, text)
    edits = tuple(rewriting.edits())
    return Fix(edits, tuple(comment_evidence(rewriting)))


def _part(program: Program, rewriting: Rewriting, use: Site, text: str) -> None:
    """Have a statement become the call that is in it, and itself with the constant in its place."""
    place = program.index.place(use)
    statement = source(program, place.path).statement(place.line, place.column)
    match statement:
        case ast.Return(value=ast.Call()) | ast.Assign(targets=[ast.Name()], value=ast.Call()):
            rewriting.on(span_of(place.path, statement), partial(_plan, span=span_of(place.path, statement), text=text))
        case _:
            raise RefusedError("not alone: the statement does more than to assign or return the result")


def _plan(piece: Piece, span: Any, text: str) -> None:
    statement = piece.node(cst.BaseSmallStatement, span)  # type: ignore[type-abstract]
    line = piece.parent(statement)
    if not isinstance(line, cst.SimpleStatementLine):
        raise RefusedError("one line: the statement stands on the line of its condition")
    piece.change(line, partial(_parted, text=text))


def _parted(line: cst.SimpleStatementLine, text: str) -> cst.FlattenSentinel[Any]:
    """The line as two: the call, and what is done with its result."""
    *before, last = line.body
    assert isinstance(last, cst.Return | cst.Assign)
    assert last.value is not None
    call = line.with_changes(body=[*before, cst.Expr(last.value)])
    rest = last.with_changes(value=cst.parse_expression(text))
    return cst.FlattenSentinel([call, cst.SimpleStatementLine([rest])])
