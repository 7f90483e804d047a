"""What becomes of ``super()`` in a class that takes its base's place: the base's method is written out, or nothing is left."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import libcst as cst
import libcst.matchers as m

from debloat.model import RefusedError
from debloat.refactor.classes import members, names_in, stored, substituted

if TYPE_CHECKING:
    from debloat.program import Program

_UPWARDS = m.Call(func=m.Attribute(value=m.Call(func=m.Name("super"), args=[])))
_LITERALS = (cst.SimpleString, cst.Integer, cst.Float)


class Upwards(cst.CSTTransformer):
    """Rewrite the calls of a base's methods in its heir. Raises RefusedError where one is no plain statement."""

    def __init__(self, program: Program, base: int, heir: int, old: cst.ClassDef, *, alone: bool) -> None:
        """``alone`` says that the heir will have no other base."""
        super().__init__()
        self._program, self._base, self._heir = program, base, heir
        self._methods = {one.name.value: one for one in members(old)[1] if isinstance(one, cst.FunctionDef)}
        self._alone = alone
        self._around: list[cst.FunctionDef] = []

    def visit_FunctionDef(self, node: cst.FunctionDef) -> None:  # noqa: N802
        self._around.append(node)

    def leave_FunctionDef(self, original_node: cst.FunctionDef, updated_node: cst.FunctionDef) -> cst.FunctionDef:  # noqa: N802
        self._around.pop()
        if isinstance(updated_node.body, cst.IndentedBlock) and not updated_node.body.body:
            body = updated_node.body.with_changes(body=[cst.SimpleStatementLine([cst.Pass()])])
            return updated_node.with_changes(body=body)
        return updated_node

    def leave_SimpleStatementLine(self, original_node: cst.SimpleStatementLine, updated_node: Any) -> Any:  # noqa: N802
        match original_node.body:
            case [cst.Expr(value=cst.Call(func=cst.Attribute(attr=cst.Name(value=name))) as call)] if m.matches(
                call, _UPWARDS
            ):
                if self._is_base(name):
                    return self._written_out(self._methods[name], call, original_node)
                if name == "__init__" and self._alone and not call.args and self._is_bare(name):
                    return cst.RemoveFromParent()
        return updated_node

    def refuse_rest(self, node: cst.ClassDef) -> None:
        """Refuse where the base is still asked for something, which it had."""
        asked = m.findall(node, m.Call(func=m.Name("super")))
        uses = m.findall(node, m.Attribute(value=m.Call(func=m.Name("super"))))
        names = [use.attr.value for use in uses if isinstance(use, cst.Attribute)]
        if len(names) < len(asked) or any(self._is_base(name) for name in names):
            raise RefusedError("super: the base's own is asked for and more than called")

    def _is_base(self, name: str) -> bool:
        """Whether the base is what ``super()`` has a name from."""
        owners = (cls for cls in self._program.hierarchy.owners(self._heir, name) if cls != self._heir)
        return next(owners, None) == self._base

    def _is_bare(self, name: str) -> bool:
        return all(
            cls == self._heir for cls in self._program.hierarchy.owners(self._heir, name) if isinstance(cls, int)
        )

    def _written_out(self, method: cst.FunctionDef, call: cst.Call, line: cst.SimpleStatementLine) -> Any:
        """The statements of a method in the place of a call."""
        body = [
            one
            for one in members(method)[1]
            if not m.matches(one, m.SimpleStatementLine([m.Pass() | m.Expr(m.Ellipsis())]))
        ]
        around = self._around[-1]
        values = _bound(method, call, around)
        plain = not method.decorators and method.asynchronous is None and len(self._around) == 1
        leaving = m.findall(cst.Module(body), m.Return() | m.Yield() | m.FunctionDef() | m.Lambda() | m.Await())
        inner = stored(cst.Module(body))
        outer = {name.value for name in names_in(around)} - values.keys()
        if not plain or leaving or inner & (outer | values.keys()):
            raise RefusedError("super: the base's method cannot be written out where it is called")
        kept = {key: value for key, value in values.items() if not m.matches(value, m.Name(key))}
        new = [substituted(one, kept) for one in body]
        if not new:
            return cst.RemoveFromParent()
        return cst.FlattenSentinel(
            [new[0].with_changes(leading_lines=[*line.leading_lines, *new[0].leading_lines]), *new[1:]]
        )


def _bound(method: cst.FunctionDef, call: cst.Call, around: cst.FunctionDef) -> dict[str, cst.BaseExpression]:
    """What each parameter of a method stands for in a call that is made in another one. Raises RefusedError."""
    parameters = method.params
    rest: Sequence[object] = (
        *parameters.posonly_params,
        *parameters.kwonly_params,
        *filter(None, [parameters.star_kwarg]),
    )
    if rest or isinstance(parameters.star_arg, cst.Param) or not around.params.params or not parameters.params:
        raise RefusedError("super: the base's method has parameters of a kind that is not followed")
    values: dict[str, cst.BaseExpression] = {parameters.params[0].name.value: around.params.params[0].name}
    names = [parameter.name.value for parameter in parameters.params[1:]]
    given = iter(names)
    for argument in call.args:
        name = argument.keyword.value if argument.keyword else next(given, "*")
        if argument.star or name not in names:
            raise RefusedError("super: the base's method is called with arguments that are not followed")
        values[name] = argument.value
    for parameter in parameters.params[1:]:
        if parameter.default is not None:
            values.setdefault(parameter.name.value, parameter.default)
    changed = stored(around.body)
    for name in names:
        value = values.get(name)
        simple = isinstance(value, cst.Name) and value.value not in changed
        if value is None or not (simple or isinstance(value, _LITERALS)):
            raise RefusedError("super: the base's method is called with more than names and literals")
    return values
