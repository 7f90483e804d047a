"""Expressions that take the place of others: where they need parentheses, and what of them does more than to give a value."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import libcst as cst

from debloat.model import RefusedError
from debloat.refactor.rewriting import Piece

# What binds at least as tightly as a call, so that it needs no parentheses in the place of one.
ATOMS = (
    cst.Name, cst.Attribute, cst.Call, cst.Subscript, cst.BaseString, cst.BaseNumber, cst.BaseList, cst.BaseSet,
    cst.BaseDict,
)  # fmt: skip
# Where an expression of any kind may stand, but for an assignment expression.
_ROOMY = (
    cst.If
    | cst.While
    | cst.Return
    | cst.Assign
    | cst.AnnAssign
    | cst.AugAssign
    | cst.Expr
    | cst.Element
    | cst.Index
    | cst.Lambda
    | cst.Raise
)
_SHORT = 60  # characters that may be on the line of what they are of
_LOOSE = (cst.BooleanOperation, cst.Comparison, cst.UnaryOperation)
# Builtins that answer a question about their first argument.
QUESTIONS = frozenset({"isinstance", "issubclass", "hasattr", "callable", "len", "type", "bool"})
_ACTING = (cst.Call, cst.Await, cst.Yield, cst.NamedExpr, cst.BaseComp)


def instead(
    piece: Piece, node: cst.BaseExpression, updated: cst.BaseExpression, part: cst.BaseExpression, *, fits: bool = False
) -> cst.BaseExpression:
    """What ``part`` becomes in the place of a node, ``updated`` by now: with the parentheses that it needs there.

    ``fits`` says that whatever the node may stand in without parentheses, the part may too.
    """
    around = piece.parent(node)
    roomy = isinstance(around, _ROOMY) or (isinstance(around, cst.Arg) and not around.star)
    broken = not _stands_alone(part)
    apart = not piece.touches_word(node)
    if part.lpar:
        bare = part.with_changes(lpar=[], rpar=[])
        return bare if roomy and apart and isinstance(part, _LOOSE) and _stands_alone(bare) else part
    atom = isinstance(part, ATOMS) and not (isinstance(part, cst.BaseNumber) and isinstance(around, cst.Attribute))
    anywhere = atom or (roomy and not isinstance(part, cst.NamedExpr))
    anywhere = anywhere or (isinstance(around, cst.CompIf) and isinstance(part, _LOOSE))
    if updated.lpar:
        if anywhere and apart and not broken and (not _is_spread(updated) or (roomy and len(_code(part)) < _SHORT)):
            return part
        return part.with_changes(lpar=updated.lpar, rpar=updated.rpar)
    if (anywhere and not broken) or fits:
        return part
    return part.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])


def keep(piece: Piece, node: cst.BaseExpression, field: str) -> None:
    """Put a part of an expression in its place, in its parentheses where it may need them."""
    give_way(piece, node, lambda updated: getattr(updated, field), fits=True)


def give_way(
    piece: Piece, node: cst.BaseExpression, to: Callable[[Any], cst.BaseExpression], *, fits: bool = False
) -> None:
    """Put what ``to`` makes of an expression in its place; a variable that would be assigned to itself is not."""
    piece.change(node, lambda updated: instead(piece, node, updated, to(updated), fits=fits))
    whole = piece.parent(node)
    match whole:
        case cst.Assign(targets=[cst.AssignTarget(target=cst.Name(value=name))]) if piece.is_parameter(node, name):
            piece.change(whole, lambda updated: cst.RemoveFromParent() if _is_read(updated, name) else updated)


def _is_read(node: cst.Assign, name: str) -> bool:
    """Whether what an assignment assigns is the value of a variable and no more."""
    return isinstance(node.value, cst.Name) and node.value.value == name


def _code(node: cst.CSTNode) -> str:
    return cst.Module([]).code_for_node(node)


def _is_spread(node: cst.BaseExpression) -> bool:
    """Whether parentheses around an expression stand on lines of their own."""
    return any("\n" in _code(parenthesis) for parenthesis in (*node.lpar, *node.rpar))


def _stands_alone(part: cst.BaseExpression) -> bool:
    """Whether an expression may stand without brackets around it: it goes over several lines in its own at most."""
    code = _code(part)
    if "\n" not in code:
        return True
    try:
        return len(cst.parse_module(code).body) == 1
    except cst.ParserSyntaxError:
        return False


def tight(node: cst.BaseExpression) -> cst.BaseExpression:
    """An expression as what stands before a dot or in front of brackets."""
    if node.lpar or (isinstance(node, ATOMS) and not isinstance(node, cst.BaseNumber)):
        return node
    return node.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])


def acting(node: cst.BaseExpression) -> cst.BaseExpression | None:
    """The part of a test that may do something: a call, an assignment; None where there is none.

    Raises RefusedError where that is not one part that is always evaluated.
    """
    match node:
        case cst.Call(func=cst.Name(value=name), args=[cst.Arg(value=first, star=""), *rest]) if name in QUESTIONS:
            others = [argument.value for argument in rest]
        case cst.Comparison(left=first, comparisons=[cst.ComparisonTarget(comparator=other)]):
            first, others = (first, [other]) if _acts(first) else (other, [first])
        case cst.UnaryOperation(expression=first) | cst.Attribute(value=first):
            others = []
        case cst.Call() | cst.Await() | cst.NamedExpr():
            return node
        case _:
            if _acts(node):
                raise RefusedError("acts: a part of the test does something")
            return None
    if any(_acts(other) for other in others):
        raise RefusedError("acts: a part of the test does something")
    return acting(first)


def _acts(node: cst.CSTNode) -> bool:
    return isinstance(node, _ACTING) or any(_acts(child) for child in node.children)


def assigns(node: cst.CSTNode) -> bool:
    """Whether an assignment expression stands in a node."""
    return isinstance(node, cst.NamedExpr) or any(assigns(child) for child in node.children)
