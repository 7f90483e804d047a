"""Expressions on one line, or on lines that are indented further."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import libcst as cst

N = TypeVar("N", bound=cst.BaseExpression)
_SHORT = 80  # characters
_NOTHING = cst.SimpleWhitespace("")
_SPACE = cst.SimpleWhitespace(" ")


def flat(node: N) -> N:
    """An expression over several lines on one, if it is short then and no comment is in it."""
    code = cst.Module([]).code_for_node(node)
    if "\n" not in code or "#" in code or '"""' in code or "'''" in code:
        return node
    changed = node.visit(_Flattening())
    assert isinstance(changed, type(node))
    return changed if len(cst.Module([]).code_for_node(changed)) <= _SHORT else node


def deeper(node: N, indent: str) -> N:
    """An expression whose lines but for the first are indented further than they are."""
    changed = node.visit(_Indenting(indent))
    assert isinstance(changed, type(node))
    return changed


class _Indenting(cst.CSTTransformer):
    def __init__(self, indent: str) -> None:
        super().__init__()
        self._indent = indent

    def leave_ParenthesizedWhitespace(  # noqa: N802
        self, original_node: cst.ParenthesizedWhitespace, updated_node: cst.ParenthesizedWhitespace
    ) -> cst.ParenthesizedWhitespace:
        return updated_node.with_changes(last_line=cst.SimpleWhitespace(self._indent + updated_node.last_line.value))


class _Flattening(cst.CSTTransformer):
    def leave_ParenthesizedWhitespace(  # noqa: N802
        self, original_node: cst.ParenthesizedWhitespace, updated_node: cst.ParenthesizedWhitespace
    ) -> cst.SimpleWhitespace:
        return _SPACE

    def leave_LeftParen(self, original_node: cst.LeftParen, updated_node: cst.LeftParen) -> cst.LeftParen:  # noqa: N802
        return updated_node.with_changes(whitespace_after=_NOTHING)

    def leave_RightParen(self, original_node: cst.RightParen, updated_node: cst.RightParen) -> cst.RightParen:  # noqa: N802
        return updated_node.with_changes(whitespace_before=_NOTHING)

    def leave_LeftSquareBracket(  # noqa: N802
        self, original_node: cst.LeftSquareBracket, updated_node: cst.LeftSquareBracket
    ) -> cst.LeftSquareBracket:
        return updated_node.with_changes(whitespace_after=_NOTHING)

    def leave_RightSquareBracket(  # noqa: N802
        self, original_node: cst.RightSquareBracket, updated_node: cst.RightSquareBracket
    ) -> cst.RightSquareBracket:
        return updated_node.with_changes(whitespace_before=_NOTHING)

    def leave_LeftCurlyBrace(  # noqa: N802
        self, original_node: cst.LeftCurlyBrace, updated_node: cst.LeftCurlyBrace
    ) -> cst.LeftCurlyBrace:
        return updated_node.with_changes(whitespace_after=_NOTHING)

    def leave_RightCurlyBrace(  # noqa: N802
        self, original_node: cst.RightCurlyBrace, updated_node: cst.RightCurlyBrace
    ) -> cst.RightCurlyBrace:
        return updated_node.with_changes(whitespace_before=_NOTHING)

    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.Call:  # noqa: N802
        args = [
            *updated_node.args[:-1],
            *(
                one.with_changes(comma=cst.MaybeSentinel.DEFAULT, whitespace_after_arg=_NOTHING)
                for one in updated_node.args[-1:]
            ),
        ]
        return updated_node.with_changes(args=args, whitespace_before_args=_NOTHING)

    def leave_List(self, original_node: cst.List, updated_node: cst.List) -> cst.List:  # noqa: N802
        return updated_node.with_changes(elements=_without_last_comma(updated_node.elements))

    def leave_Set(self, original_node: cst.Set, updated_node: cst.Set) -> cst.Set:  # noqa: N802
        return updated_node.with_changes(elements=_without_last_comma(updated_node.elements))

    def leave_Dict(self, original_node: cst.Dict, updated_node: cst.Dict) -> cst.Dict:  # noqa: N802
        return updated_node.with_changes(elements=_without_last_comma(updated_node.elements))

    def leave_Tuple(self, original_node: cst.Tuple, updated_node: cst.Tuple) -> cst.Tuple:  # noqa: N802
        if len(updated_node.elements) < 2:
            return updated_node
        return updated_node.with_changes(elements=_without_last_comma(updated_node.elements))


def _without_last_comma(elements: Sequence[cst.CSTNode]) -> Sequence[cst.CSTNode]:
    return [*elements[:-1], *(one.with_changes(comma=cst.MaybeSentinel.DEFAULT) for one in elements[-1:])]
