"""Replace expression: a call gives way to what it comes to: an attribute, a lookup, its argument."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import libcst as cst

from debloat.facts import ops
from debloat.model import Fix, RefusedError
from debloat.program.index import Site
from debloat.refactor.comments import comment_evidence
from debloat.refactor.places import expression
from debloat.refactor.rewriting import Piece, Rewriting
from debloat.values.report import purity

if TYPE_CHECKING:
    from debloat.program import Program

Form = Literal["attribute", "item", "argument"]
_TITLES: dict[Form, str] = {
    "attribute": "Read the attribute",
    "item": "Look the key up",
    "argument": "Drop the conversion",
}
# What binds at least as tightly as a call, so that it needs no parentheses in the place of one.
_ATOMS = (
    cst.Name, cst.Attribute, cst.Call, cst.Subscript, cst.BaseString, cst.BaseNumber, cst.BaseList, cst.BaseSet,
    cst.BaseDict,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Replace:
    """Replace a call: ``getattr(x, "a", d)`` by ``x.a``, ``x.get(k, d)`` by ``x[k]``, ``f(x)`` by ``x``."""

    call: Site
    form: Form

    @property
    def title(self) -> str:
        """What it does."""
        return _TITLES[self.form]

    def fix(self, program: Program) -> Fix:
        """The edits. Raises RefusedError where the call is not of the form."""
        span, _ = expression(program, self.call)
        rewriting = Rewriting(program)
        rewriting.on(span, lambda piece: _replace(piece, piece.node(cst.Call, span), _FORMS[self.form]))
        code, pc = program.facts[self.call.file].code, self.call.pc
        defaults = {"attribute": slice(2, 3), "item": slice(1, 2), "argument": slice(0)}[self.form]
        dropped = [Site(self.call.file, value) for value in code[pc + 7 : pc + 7 + code[pc + 6]][defaults]]
        assert code[pc] == ops.CALL
        edits = tuple(rewriting.edits())
        evidence = [piece for site in dropped for piece in purity(program, site)]
        return Fix(edits, (*evidence, *comment_evidence(rewriting)))


def _replace(piece: Piece, call: cst.Call, form: Callable[[cst.Call], cst.BaseExpression]) -> None:
    alone = not isinstance(piece.parent(call), cst.BaseExpression)

    def replaced(updated: cst.Call) -> cst.BaseExpression:
        result = form(updated)
        if result.lpar or isinstance(result, _ATOMS) or (alone and not updated.lpar and not _is_broken(result)):
            return result
        return result.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])

    piece.change(call, replaced)


def _is_broken(node: cst.BaseExpression) -> bool:
    """Whether an expression goes over several lines, which only parentheses allow."""
    return "\n" in cst.Module([]).code_for_node(node)


def _attribute(call: cst.Call) -> cst.BaseExpression:
    match call.args:
        case [cst.Arg(value=base), cst.Arg(value=cst.SimpleString() as name), *_]:
            return cst.Attribute(_tight(base), cst.Name(str(ast.literal_eval(name.value))))
    raise RefusedError("not of the form: the name of the attribute is not a plain string")


def _item(call: cst.Call) -> cst.BaseExpression:
    match call:
        case cst.Call(func=cst.Attribute(value=base), args=[cst.Arg(value=key), *_]):
            return cst.Subscript(base, [cst.SubscriptElement(cst.Index(key))])
    raise RefusedError("not of the form: it is not a call of a method")


def _argument(call: cst.Call) -> cst.BaseExpression:
    match call.args:
        case [cst.Arg(value=value, keyword=None, star="")]:
            return value
    raise RefusedError("not of the form: it has not one argument")


def _tight(node: cst.BaseExpression) -> cst.BaseExpression:
    """An expression as what stands before a dot."""
    if node.lpar or (isinstance(node, _ATOMS) and not isinstance(node, cst.BaseNumber)):
        return node
    return node.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])


_FORMS: dict[Form, Callable[[cst.Call], cst.BaseExpression]] = {
    "attribute": _attribute,
    "item": _item,
    "argument": _argument,
}
