"""Expressions in the place of variables, with the parentheses that they need there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

import libcst as cst

from debloat.model import RefusedError
from debloat.refactor.expressions import ATOMS

N = TypeVar("N", bound=cst.CSTNode)
# Where an expression of any kind may stand, but for an assignment expression.
_ROOMY = (
    cst.Return, cst.Assign, cst.AnnAssign, cst.AugAssign, cst.Expr, cst.Element, cst.Index, cst.If, cst.DictElement,
    cst.Raise,
)  # fmt: skip
_ARITHMETIC = (cst.BinaryOperation, cst.UnaryOperation)


def put(node: N, values: Mapping[str, cst.BaseExpression]) -> N:
    """A tree with expressions in the place of variables, and of attributes of such (``a.b``). Raises RefusedError where one cannot stand there."""
    changed = node.visit(_Putting(node, values))
    assert isinstance(changed, cst.CSTNode)
    return changed


class _Putting(cst.CSTTransformer):
    def __init__(self, root: cst.CSTNode, values: Mapping[str, cst.BaseExpression]) -> None:
        super().__init__()
        self._values = values
        self._parents: dict[cst.CSTNode, cst.CSTNode] = {}
        waiting = [root]
        while waiting:
            node = waiting.pop()
            waiting += node.children
            self._parents.update(dict.fromkeys(node.children, node))

    def leave_Attribute(self, original_node: cst.Attribute, updated_node: cst.Attribute) -> cst.BaseExpression:  # noqa: N802
        if isinstance(original_node.value, cst.Name):
            value = self._values.get(f"{original_node.value.value}.{original_node.attr.value}")
            if value is not None:
                return value
        return updated_node.with_changes(attr=original_node.attr)

    def leave_Arg(self, original_node: cst.Arg, updated_node: cst.Arg) -> cst.Arg:  # noqa: N802
        return updated_node.with_changes(keyword=original_node.keyword)

    def leave_Name(self, original_node: cst.Name, updated_node: cst.Name) -> cst.BaseExpression:  # noqa: N802
        value = self._values.get(original_node.value)
        if value is None:
            return updated_node
        parent = self._parents.get(original_node)
        around = parent
        while around is not None:
            if isinstance(around, cst.FormattedStringExpression):
                code = cst.Module([]).code_for_node(value)
                if around.equal is not None or set(code) & set("'\"\\\n#{}:!"):
                    raise RefusedError("f-string: an argument would stand in one")
            around = self._parents.get(around)
        return _fitted(parent, value, original_node)


def _fitted(parent: cst.CSTNode | None, value: cst.BaseExpression, old: cst.Name) -> cst.BaseExpression:
    if value.lpar:
        bare = value.with_changes(lpar=[], rpar=[])
        return value if old.lpar == [] or not isinstance(bare, ATOMS) else bare
    if old.lpar:
        return value.with_changes(lpar=old.lpar, rpar=old.rpar)
    atom = isinstance(value, ATOMS) and not (isinstance(value, cst.BaseNumber) and isinstance(parent, cst.Attribute))
    roomy = isinstance(parent, _ROOMY) or (isinstance(parent, cst.Arg) and not parent.star)
    roomy = roomy or (isinstance(parent, cst.Comparison | cst.ComparisonTarget) and isinstance(value, _ARITHMETIC))
    loose = isinstance(value, cst.NamedExpr | cst.GeneratorExp | cst.Tuple | cst.Yield)
    broken = "\n" in cst.Module([]).code_for_node(value) and not (atom or isinstance(parent, cst.Arg | cst.Element))
    if (atom or (roomy and not loose)) and not broken:
        return value
    return value.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])
