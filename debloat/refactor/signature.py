"""Parameters taken out of a signature and arguments out of a call, with the commas and markers that lose their point."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import libcst as cst

from debloat.model import RefusedError

_SHORT = 60  # characters of a parameter that fits beside the name of its function


def without_parameter(function: cst.FunctionDef, name: str) -> cst.FunctionDef:
    """The function without a parameter. Raises RefusedError where that is written otherwise than it is called."""
    old: Any = function.params
    fields = ("posonly_params", "posonly_ind", "params", "star_arg", "kwonly_params", "star_kwarg")
    slots: list[tuple[str, Any]] = []
    for field in fields:
        value = getattr(old, field)
        slots += [(field, node) for node in (value if isinstance(value, Sequence) else [value]) if _is_there(node)]
    kept = [slot for slot in slots if not _is_named(slot[1], name)]
    kept = [_marker(slot, kept) for slot in kept]
    kept = [slot for slot in kept if slot[1] is not None]
    gone: Any = next((node for _, node in slots if _is_named(node, name)), None)
    if gone is None:
        raise RefusedError(f"mangled: the class makes {name} of the name of the parameter")
    if gone is old.star_arg and old.kwonly_params and isinstance(gone.comma, cst.Comma):
        first = next(place for place, (field, _) in enumerate(kept) if field == "kwonly_params")
        kept.insert(first, ("star_arg", cst.ParamStar(comma=gone.comma)))
    nodes = _ended([node for _, node in kept], slots[-1][1], "whitespace_after_param")
    by_field: dict[str, list[Any]] = {field: [] for field in fields}
    for (field, _), node in zip(kept, nodes, strict=True):
        by_field[field].append(node)
    params = cst.Parameters(
        posonly_params=by_field["posonly_params"],
        posonly_ind=_only(by_field["posonly_ind"], cst.MaybeSentinel.DEFAULT),
        params=by_field["params"],
        star_arg=_only(by_field["star_arg"], cst.MaybeSentinel.DEFAULT),
        kwonly_params=by_field["kwonly_params"],
        star_kwarg=_only(by_field["star_kwarg"], None),
    )
    changed = function.with_changes(params=params)
    return changed if len(nodes) > 1 else _on_one_line(changed, *nodes)


def _on_one_line(function: cst.FunctionDef, only: Any = None) -> cst.FunctionDef:
    """The function with the one parameter that is left, or none, beside its parentheses, unless a comment stands there."""
    nothing = cst.SimpleWhitespace("")
    if only is None:
        return function.with_changes(whitespace_before_params=nothing)
    code = cst.Module([]).code_for_node
    spread = isinstance(function.whitespace_before_params, cst.ParenthesizedWhitespace)
    if not spread or not isinstance(only, cst.Param) or len(code(only)) > _SHORT or "#" in code(function.params):
        return function
    if "#" in code(function.whitespace_before_params):
        return function
    params = function.params.with_deep_changes(only, comma=cst.MaybeSentinel.DEFAULT, whitespace_after_param=nothing)
    return function.with_changes(params=params, whitespace_before_params=nothing)


def without_default(function: cst.FunctionDef, name: str) -> cst.FunctionDef:
    """The function with a parameter that must be given. Raises RefusedError where one before it need not be."""
    old = function.params
    if not any(_is_named(node, name) for node in (*old.posonly_params, *old.params, *old.kwonly_params)):
        raise RefusedError(f"mangled: the class makes {name} of the name of the parameter")
    before = [node for node in (*old.posonly_params, *old.params) if node.default is not None]
    if any(_is_named(node, name) for node in before[1:]):
        raise RefusedError("not the first: a parameter before it has a default")

    def required(node: cst.Param) -> cst.Param:
        plain = cst.MaybeSentinel.DEFAULT
        return node.with_changes(default=None, equal=plain) if _is_named(node, name) else node

    params = old.with_changes(
        posonly_params=[required(node) for node in old.posonly_params],
        params=[required(node) for node in old.params],
        kwonly_params=[required(node) for node in old.kwonly_params],
    )
    return function.with_changes(params=params)


def without_arguments(call: cst.Call, positional: Collection[int], keywords: Collection[int]) -> cst.Call:
    """The call without some of its arguments, each kind counted by itself from 0."""
    counts = [0, 0]
    kept = []
    for argument in call.args:
        by_name = argument.keyword is not None or argument.star == "**"
        if counts[by_name] not in (keywords if by_name else positional):
            kept.append(argument)
        counts[by_name] += 1
    kept = _ended(kept, call.args[-1], "whitespace_after_arg")
    space = call.whitespace_before_args if kept else cst.SimpleWhitespace("")
    return call.with_changes(args=kept, whitespace_before_args=space)


def _is_there(node: Any) -> bool:
    return isinstance(node, cst.CSTNode)


def _is_named(node: cst.CSTNode, name: str) -> bool:
    return isinstance(node, cst.Param) and node.name.value == name


def _marker(slot: tuple[str, Any], after: Sequence[tuple[str, Any]]) -> tuple[str, Any]:
    """A slot, without its node if that is a ``/`` or ``*`` beside which nothing is left that it says something of."""
    field, node = slot
    said_of = "posonly_params" if isinstance(node, cst.ParamSlash) else "kwonly_params"
    if isinstance(node, cst.ParamSlash | cst.ParamStar) and not any(field == said_of for field, _ in after):
        return field, None
    return slot


def _only(nodes: Sequence[Any], otherwise: Any) -> Any:
    return nodes[0] if nodes else otherwise


def _ended(nodes: list[Any], last: Any, space: str) -> list[Any]:
    """The nodes of a list whose last one may have gone: it ends as it did, and each keeps its comment."""
    if nodes and nodes[-1] is not last:
        own = _space(nodes[-1], space)
        if isinstance(last.comma, cst.Comma):
            comma = last.comma.with_changes(whitespace_after=_closing(own, last.comma.whitespace_after))
            nodes[-1] = nodes[-1].with_changes(comma=comma)
        else:
            changes = {space: _closing(own, getattr(last, space))} if hasattr(nodes[-1], space) else {}
            nodes[-1] = nodes[-1].with_changes(comma=last.comma, **changes)
    return nodes


def _space(node: Any, field: str) -> cst.BaseParenthesizableWhitespace:
    """The white space after an item of a list and its comma."""
    found = node.comma.whitespace_after if isinstance(node.comma, cst.Comma) else getattr(node, field)
    assert isinstance(found, cst.BaseParenthesizableWhitespace)
    return found


def _closing(
    own: cst.BaseParenthesizableWhitespace, last: cst.BaseParenthesizableWhitespace
) -> cst.BaseParenthesizableWhitespace:
    """The white space before a closing parenthesis, with the comment of another line than its own."""
    if not isinstance(last, cst.ParenthesizedWhitespace):
        return last
    first = own.first_line if isinstance(own, cst.ParenthesizedWhitespace) else cst.TrailingWhitespace()
    return last.with_changes(first_line=first)
