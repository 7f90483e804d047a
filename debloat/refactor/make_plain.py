"""Make plain: an async function that never waits becomes a plain one, and what awaits it calls it."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

import libcst as cst

from debloat.model import Evidence, Fix, Proof
from debloat.refactor.comments import comment_evidence
from debloat.refactor.expressions import give_way
from debloat.refactor.places import expression
from debloat.refactor.rewriting import Piece, Rewriting

if TYPE_CHECKING:
    from debloat.model import Span
    from debloat.program import Program
    from debloat.refactor.requests import MakePlain


def make_plain(asked: MakePlain, program: Program) -> Fix:
    """The edits in all files. Raises RefusedError where the text does not tell the places."""
    rewriting = Rewriting(program)
    span = program.index.span(asked.function)
    begin = span._replace(end_line=span.line, end_column=span.column)
    rewriting.at(begin, cst.FunctionDef, lambda node: node.with_changes(asynchronous=None))
    for site in asked.waits:
        place, node = expression(program, site)
        plan = _unwait if isinstance(node, ast.Await) else _unrun
        rewriting.on(place, lambda piece, plan=plan, place=place: plan(piece, place))  # type: ignore[misc]
    note = f"nobody is taken to need that {program.index.name(asked.function)} runs as a coroutine"
    edits = tuple(rewriting.edits())
    return Fix(edits, (Evidence("type", Proof.ASSUMED, span, note), *comment_evidence(rewriting)))


def _unwait(piece: Piece, span: Span) -> None:
    give_way(piece, piece.node(cst.Await, span), lambda node: node.expression)


def _unrun(piece: Piece, span: Span) -> None:
    give_way(piece, piece.node(cst.Call, span), lambda node: node.args[0].value)
