"""Fold condition: a test gives way to its outcome, the arm that never runs goes, and the other one takes its place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import libcst as cst

from debloat.model import Evidence, Fix, Proof, RefusedError, Span
from debloat.program.index import Site
from debloat.refactor.comments import comment_evidence
from debloat.refactor.places import expression
from debloat.refactor.rewriting import Becomes, Piece, Rewriting
from debloat.values.report import purity

if TYPE_CHECKING:
    from debloat.program import Program

# What asks a question gives True or False and nothing else.
_QUESTIONS = frozenset({"isinstance", "issubclass", "hasattr", "callable"})
_ANSWERS = (cst.Is, cst.IsNot, cst.In, cst.NotIn)


@dataclass(frozen=True, slots=True)
class Fold:
    """Put the ``outcome`` of a test in its place."""

    test: Site
    outcome: bool

    @property
    def title(self) -> str:
        """What it does."""
        return f"Fold the test, which is always {'true' if self.outcome else 'false'}"

    def fix(self, program: Program) -> Fix:
        """The edits. Raises RefusedError where the outcome is not all that matters of the test."""
        span, _ = expression(program, self.test)
        rewriting = Rewriting(program)
        folding = Folding(span, self.outcome)
        rewriting.on(span, folding.plan)
        edits = tuple(rewriting.edits())
        evidence = [*purity(program, self.test), *folding.evidence, *comment_evidence(rewriting)]
        return Fix(edits, tuple(evidence))


class Folding:
    """The fold of one test on its tree, and what it rests on beside the test."""

    def __init__(self, span: Span, outcome: bool) -> None:
        self._span = span
        self._outcome = outcome
        self.evidence: list[Evidence] = []

    def plan(self, piece: Piece) -> None:
        """Say what becomes of which node."""
        node = piece.expression(self._span)
        self.fold(piece, node, self._outcome)

    def fold(self, piece: Piece, node: cst.BaseExpression, truth: bool) -> None:
        """An expression whose truth is known, and whose evaluation nobody misses."""
        parent = piece.parent(node)
        match parent:
            case cst.UnaryOperation(operator=cst.Not()):
                self.fold(piece, parent, not truth)
            case cst.BooleanOperation():
                self._fold_part(piece, parent, node, truth)
            case cst.IfExp(test=test) if test is node:
                keep(piece, parent, "body" if truth else "orelse")
            case cst.If():
                fold_if(piece, parent, truth)
            case cst.While(orelse=None) if not truth:
                piece.change(parent, lambda _: cst.RemoveFromParent())
            case cst.CompIf() if truth:
                piece.change(parent, lambda _: cst.RemoveFromParent())
            case cst.Assert() if truth:
                note = "assumes that nobody relies on the assertion"
                self.evidence.append(Evidence("purity", Proof.ASSUMED, self._span, note))
                piece.change(parent, lambda _: cst.RemoveFromParent())
            case cst.Return() | cst.Assign() | cst.AnnAssign() | cst.Arg() if _is_answer(node):
                piece.change(node, lambda _: cst.Name("True" if truth else "False"))
            case _:
                raise RefusedError("not only a test: its value is used")

    def _fold_part(self, piece: Piece, whole: cst.BooleanOperation, part: cst.BaseExpression, truth: bool) -> None:
        """A part of an ``and`` or ``or``: it decides, or the other part is all there is to it."""
        decides = truth == isinstance(whole.operator, cst.Or)
        if part is whole.left and not decides:
            keep(piece, whole, "right")
        elif part is whole.left and not _is_tested(piece, whole):
            keep(piece, whole, "left")
        elif not _is_tested(piece, whole):
            raise RefusedError("not only a test: the value of the whole condition is used")
        elif decides and part is not whole.left and not _is_bare(whole.left):
            raise RefusedError("evaluated before: what stands before the test would not be evaluated")
        elif decides:
            self.fold(piece, whole, truth)
        else:
            keep(piece, whole, "left")


def _is_bare(node: cst.BaseExpression) -> bool:
    """Whether all that an expression does is to look at names: which object one is, or whether it is true."""
    match node:
        case cst.UnaryOperation(operator=cst.Not(), expression=inner):
            return isinstance(inner, cst.Name)
        case cst.Comparison(left=cst.Name(), comparisons=[cst.ComparisonTarget(operator=operator, comparator=right)]):
            return isinstance(operator, cst.Is | cst.IsNot) and isinstance(right, cst.Name)
    return isinstance(node, cst.Name)


def _is_tested(piece: Piece, node: cst.BaseExpression) -> bool:
    """Whether all that is done with an expression is to ask for its truth."""
    parent = piece.parent(node)
    match parent:
        case cst.If() | cst.While() | cst.CompIf() | cst.UnaryOperation(operator=cst.Not()):
            return True
        case cst.IfExp(test=test) | cst.Assert(test=test):
            return test is node
        case cst.BooleanOperation():
            return _is_tested(piece, parent)
    return False


def _is_answer(node: cst.BaseExpression) -> bool:
    match node:
        case cst.UnaryOperation(operator=cst.Not()):
            return True
        case cst.Comparison(comparisons=[cst.ComparisonTarget(operator=operator)]):
            return isinstance(operator, _ANSWERS)
        case cst.Call(func=cst.Name(value=name)):
            return name in _QUESTIONS
    return False


def keep(piece: Piece, node: cst.BaseExpression, field: str) -> None:
    """Put a part of an expression in its place, in its parentheses where it may need them."""
    around = piece.parent(node)
    roomy = isinstance(
        around, cst.If | cst.While | cst.Return | cst.Assign | cst.AnnAssign | cst.Arg | cst.CompIf | cst.Expr
    )

    def kept(updated: cst.BaseExpression) -> Becomes:
        part: cst.BaseExpression = getattr(updated, field)
        if part.lpar or (roomy and "\n" not in cst.Module([]).code_for_node(part)):
            return part
        return part.with_changes(lpar=updated.lpar, rpar=updated.rpar)

    piece.change(node, kept)


def fold_if(piece: Piece, node: cst.If, truth: bool) -> None:
    """Put the arm of an ``if`` or ``elif`` that is taken in its place."""
    clause = isinstance(piece.parent(node), cst.If)

    def folded(updated: cst.If) -> Becomes:
        if truth:
            return _otherwise(updated, updated.body) if clause else flat(updated.body, updated.leading_lines)
        match updated.orelse:
            case cst.If() as following:
                return following.with_changes(leading_lines=updated.leading_lines)
            case cst.Else() as otherwise:
                return _otherwise(updated, otherwise.body) if clause else flat(otherwise.body, updated.leading_lines)
        return cst.RemoveFromParent()

    piece.change(node, folded)


def _otherwise(node: cst.If, body: cst.BaseSuite) -> cst.Else:
    return cst.Else(body, leading_lines=node.leading_lines)


def flat(body: Any, leading: Sequence[cst.EmptyLine]) -> Becomes:
    """The statements of a block, to stand in the place of what held it below the lines that were above that."""
    statements: list[Any] = (
        [*body.body] if isinstance(body, cst.IndentedBlock) else [cst.SimpleStatementLine(body.body)]
    )
    match statements:
        case [cst.SimpleStatementLine(body=[cst.Pass()])]:
            return cst.RemoveFromParent()
        case [first, *rest]:
            above = [*leading, *first.leading_lines]
            return cst.FlattenSentinel([first.with_changes(leading_lines=above), *rest])
    return cst.RemoveFromParent()
