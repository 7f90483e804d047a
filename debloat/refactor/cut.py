"""Cut: statements that no way leads to go, with the ``else`` or ``case`` that they are all of."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

import libcst as cst

from debloat.model import Fix, RefusedError
from debloat.refactor.comments import comment_evidence
from debloat.refactor.places import span_of
from debloat.refactor.rewriting import Rewriting
from debloat.refactor.source import Source, source

if TYPE_CHECKING:
    from debloat.program import Program
    from debloat.refactor.requests import Cut

_STRUCTURES: dict[type[ast.AST], type[cst.CSTNode]] = {
    ast.If: cst.If, ast.For: cst.For, ast.AsyncFor: cst.For, ast.While: cst.While, ast.Try: cst.Try, ast.TryStar: cst.TryStar, ast.Match: cst.Match,
}  # fmt: skip


def cut(asked: Cut, program: Program) -> Fix:
    """The edits. Raises RefusedError where the block cannot do without the statements."""
    text = source(program, asked.start.path)
    first = text.statement(asked.start.line, asked.start.column)
    rewriting = Rewriting(program)
    if asked.case:
        assert isinstance(first, ast.Match)
        place = asked.start.line, asked.start.column
        patterns = [(case.pattern.lineno, case.pattern.col_offset) for case in first.cases]
        _delete_case(rewriting, text, first, patterns.index(place))
    else:
        _delete_from(rewriting, text, first)
    edits = tuple(rewriting.edits())
    return Fix(edits, tuple(comment_evidence(rewriting)))


def _delete_from(rewriting: Rewriting, text: Source, first: ast.stmt) -> None:
    block = text.block(first)
    around = text.parents[first]
    if first is not block[0] or isinstance(around, ast.Module):
        for statement in block[block.index(first) :]:
            assert isinstance(statement, ast.stmt)
            rewriting.delete(text.path, statement)
    elif isinstance(around, ast.match_case):
        match = text.parents[around]
        assert isinstance(match, ast.Match)
        _delete_case(rewriting, text, match, match.cases.index(around))
    elif block is getattr(around, "orelse", None):
        _change(rewriting, text, around, lambda updated: updated.with_changes(orelse=None))
    else:
        raise RefusedError("whole block: what stands before it cannot do without it")


def _delete_case(rewriting: Rewriting, text: Source, match: ast.Match, at: int) -> None:
    if len(match.cases) == 1:
        raise RefusedError("whole block: a match cannot do without its only case")
    _change(
        rewriting,
        text,
        match,
        lambda updated: updated.with_changes(cases=[*updated.cases[:at], *updated.cases[at + 1 :]]),
    )


def _change(rewriting: Rewriting, text: Source, statement: Any, change: Any) -> None:
    place = span_of(text.path, statement)
    rewriting.at(place._replace(end_line=place.line, end_column=place.column), _STRUCTURES[type(statement)], change)
