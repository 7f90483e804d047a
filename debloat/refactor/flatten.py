"""Blocks that take the place of the statement that held them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import libcst as cst

from debloat.refactor.rewriting import Becomes, Piece


def fold_if(piece: Piece, node: cst.If, truth: bool, first: cst.BaseExpression | None) -> None:
    """Put the arm of an ``if`` or ``elif`` that is taken in its place, behind what of the test is to be kept."""
    clause = isinstance(piece.parent(node), cst.If)

    def folded(updated: cst.If) -> Becomes:
        above = updated.leading_lines
        kept = [] if first is None else [_statement(first, above)]
        match updated.orelse:
            case _ if truth:
                return cst.Else(updated.body, leading_lines=above) if clause else flat(updated.body, above, first)
            case cst.Else() as otherwise if clause:
                return otherwise.with_changes(leading_lines=[*above, *otherwise.leading_lines])
            case cst.Else() as otherwise:
                return flat(otherwise.body, [*above, *otherwise.leading_lines], first)
            case cst.If() as following if first is None:
                return following.with_changes(leading_lines=[*above, *following.leading_lines])
            case cst.If() as following:
                return cst.FlattenSentinel([*kept, following])
        return cst.FlattenSentinel(kept) if kept else cst.RemoveFromParent()

    piece.change(node, folded)


def flat(body: cst.BaseSuite, leading: Sequence[cst.EmptyLine], first: cst.BaseExpression | None = None) -> Becomes:
    """The statements of a block, to stand in the place of what held it below the lines that were above that."""
    return joined([*([] if first is None else [_statement(first, ())]), *statements(body)], leading)


def joined(found: Sequence[Any], leading: Sequence[cst.EmptyLine]) -> Becomes:
    """Statements that take the place of one."""
    match [statement for statement in found if not _is_pass(statement)]:
        case [first, *rest]:
            return cst.FlattenSentinel([first.with_changes(leading_lines=[*leading, *first.leading_lines]), *rest])
    return cst.RemoveFromParent()


def statements(body: cst.BaseSuite) -> Sequence[Any]:
    """The lines of a block."""
    if isinstance(body, cst.SimpleStatementSuite):
        return [cst.SimpleStatementLine(body.body, trailing_whitespace=body.trailing_whitespace)]
    assert isinstance(body, cst.IndentedBlock)
    return body.body


def _is_pass(statement: Any) -> bool:
    match statement:
        case cst.SimpleStatementLine(body=[cst.Pass()]):
            return True
    return False


def _statement(first: cst.BaseExpression, leading: Sequence[cst.EmptyLine]) -> cst.SimpleStatementLine:
    """What a test did, as a statement of its own."""
    match first:
        case cst.NamedExpr(target=cst.Name() as target, value=value):
            return cst.SimpleStatementLine([cst.Assign([cst.AssignTarget(target)], value)], leading_lines=leading)
    return cst.SimpleStatementLine([cst.Expr(first)], leading_lines=leading)
