"""Replace expression: one expression gives way to what it comes to: an attribute, a lookup, a part of itself."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import TYPE_CHECKING

import libcst as cst

from debloat.facts import ops
from debloat.model import Fix, RefusedError
from debloat.program.index import Site
from debloat.refactor.comments import comment_evidence
from debloat.refactor.expressions import acting, give_way, keep, tight
from debloat.refactor.places import expression
from debloat.refactor.rewriting import Becomes, Piece, Rewriting
from debloat.refactor.source import source
from debloat.values.report import purity

if TYPE_CHECKING:
    from debloat.program import Program
    from debloat.refactor.requests import DropDefault, Form, LookUpOnce, Replace

# Which arguments of the call are not evaluated any more.
_DEFAULTS: dict[Form, slice] = {"attribute": slice(2, 3), "item": slice(1, 2)}


def replace(asked: Replace, program: Program) -> Fix:
    """The edits. Raises RefusedError where the call is not of the form."""
    span, _ = expression(program, asked.call)
    rewriting = Rewriting(program)
    rewriting.on(span, lambda piece: _replace(piece, piece.node(cst.Call, span), asked.form))
    code, pc = program.facts[asked.call.file].code, asked.call.pc
    assert code[pc] == ops.CALL
    given = code[pc + 7 : pc + 7 + code[pc + 6]][_DEFAULTS.get(asked.form, slice(0))]
    edits = tuple(rewriting.edits())
    evidence = [piece for value in given for piece in purity(program, Site(asked.call.file, value))]
    return Fix(edits, (*evidence, *comment_evidence(rewriting)))


def drop_default(asked: DropDefault, program: Program) -> Fix:
    """The edits. Raises RefusedError."""
    span, _ = expression(program, asked.given)
    rewriting = Rewriting(program)

    def plan(piece: Piece) -> None:
        whole = piece.parent(piece.expression(span))
        if not isinstance(whole, cst.BooleanOperation):
            raise RefusedError("not of the form: not the left side of an or")
        match piece.parent(whole), whole.left:
            case cst.Assign(targets=[cst.AssignTarget(target=cst.Name(value=name))]) as around, cst.Name(
                value=left
            ) if name == left and piece.is_parameter(whole, name):
                piece.change(around, lambda _: cst.RemoveFromParent())  # it would be bound to itself
            case _:
                keep(piece, whole, "left")

    rewriting.on(span, plan)
    edits = tuple(rewriting.edits())
    return Fix(edits, tuple(comment_evidence(rewriting)))


def look_up_once(asked: LookUpOnce, program: Program) -> Fix:
    """The edits. Raises RefusedError where the arms are not a lookup and a default."""
    span, test = expression(program, asked.test)
    statement = source(program, span.path).statement(span.line, span.column)
    rewriting = Rewriting(program)
    if isinstance(statement, ast.If) and statement.test is test:
        rewriting.on(span, lambda piece: _look_up_by_if(piece, piece.parent(piece.expression(span))))
    else:
        rewriting.on(span, lambda piece: _look_up(piece, piece.parent(piece.expression(span))))
    edits = tuple(rewriting.edits())
    return Fix(edits, tuple(comment_evidence(rewriting)))


def _replace(piece: Piece, call: cst.Call, form: Form) -> None:
    around = piece.parent(call)
    if form == "item" and isinstance(around, cst.Expr) and isinstance(call.func, cst.Attribute) and not _does(call):
        piece.change(around, lambda _: cst.RemoveFromParent())
    else:
        give_way(piece, call, _FORMS[form])


def _does(call: cst.Call) -> bool:
    """Whether a call of a method does something beside that: in its object or its arguments."""
    assert isinstance(call.func, cst.Attribute)
    return any(acting(part) is not None for part in (call.func.value, *(argument.value for argument in call.args)))


def _attribute(call: cst.Call) -> cst.BaseExpression:
    match call.args:
        case [cst.Arg(value=base, star=""), cst.Arg(value=cst.SimpleString() as name, star=""), *_]:
            return cst.Attribute(tight(base), cst.Name(str(ast.literal_eval(name.value))))
    raise RefusedError("not of the form: the name of the attribute is not a plain string")


def _item(call: cst.Call) -> cst.BaseExpression:
    match call:
        case cst.Call(func=cst.Attribute(value=base), args=[cst.Arg(value=key, star=""), *_]):
            return cst.Subscript(base, [cst.SubscriptElement(cst.Index(key))])
    raise RefusedError("not of the form: it is not a call of a method")


def _argument(call: cst.Call) -> cst.BaseExpression:
    match call.args:
        case [cst.Arg(value=value, keyword=None, star="")]:
            return value
    raise RefusedError("not of the form: it has not one argument")


def _copied(call: cst.Call) -> cst.BaseExpression:
    match call:
        case cst.Call(func=cst.Attribute(value=base), args=[]):
            return base
    return _argument(call)


def _look_up(piece: Piece, whole: cst.CSTNode) -> None:
    match whole:
        case cst.IfExp(test=cst.Comparison(comparisons=[cst.ComparisonTarget(operator=operator)])):
            pass
        case _:
            raise RefusedError("not of the form: not the test of a conditional expression")
    arms = (
        "orelse" if isinstance(operator, cst.NotIn) else "body",
        "body" if isinstance(operator, cst.NotIn) else "orelse",
    )

    give_way(piece, whole, lambda updated: _get(*(getattr(updated, arm) for arm in arms)))


def _look_up_by_if(piece: Piece, whole: cst.CSTNode) -> None:
    clause = isinstance(piece.parent(whole), cst.If)

    def looked_up(updated: cst.If) -> Becomes:
        line = _looked_up_by_if(updated)
        if not clause:
            return line.with_changes(leading_lines=[*updated.leading_lines, *line.leading_lines])
        return cst.Else(cst.IndentedBlock([line]), leading_lines=updated.leading_lines)

    piece.change(whole, looked_up)


def _looked_up_by_if(node: cst.If) -> cst.SimpleStatementLine:
    match (
        node.test,
        _assigned(node.body),
        node.orelse and isinstance(node.orelse, cst.Else) and _assigned(node.orelse.body),
    ):
        case (
            cst.Comparison(comparisons=[cst.ComparisonTarget(operator=operator)]),
            cst.SimpleStatementLine(body=[cst.Assign(value=first) as held]) as line,
            cst.SimpleStatementLine(body=[cst.Assign(value=second)]),
        ):
            pair = (second, first) if isinstance(operator, cst.NotIn) else (first, second)
            return line.with_changes(body=[held.with_changes(value=_get(*pair))])
    raise RefusedError("not of the form: not two assignments")


def _assigned(body: cst.BaseSuite) -> cst.SimpleStatementLine | None:
    """The assignment of one name that is all there is in a block."""
    match body:
        case cst.IndentedBlock(body=[cst.SimpleStatementLine(body=[cst.Assign(targets=[_])]) as line]):
            return line
        case cst.SimpleStatementSuite(body=[cst.Assign(targets=[_])] as short):
            return cst.SimpleStatementLine(short, trailing_whitespace=body.trailing_whitespace)
    return None


def _get(held: cst.BaseExpression, default: cst.BaseExpression) -> cst.Call:
    match held:
        case cst.Subscript(value=base, slice=[cst.SubscriptElement(slice=cst.Index(value=key))]):
            nothing = isinstance(default, cst.Name) and default.value == "None"
            given = [cst.Arg(key)] if nothing else [cst.Arg(key), cst.Arg(default)]
            return cst.Call(cst.Attribute(base, cst.Name("get")), given)
    raise RefusedError("not of the form: not a lookup")


_FORMS: dict[Form, Callable[[cst.Call], cst.BaseExpression]] = {
    "attribute": _attribute,
    "item": _item,
    "argument": _argument,
    "copied": _copied,
}
