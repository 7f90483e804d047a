"""Collapse result: functions return what their callers want, without what that is wrapped in."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

import libcst as cst

from debloat.model import Evidence, Fix, Proof, RefusedError
from debloat.program.index import Site
from debloat.program.results import needless_parts, needless_records
from debloat.refactor.comments import comment_evidence
from debloat.refactor.drafts import Drafts
from debloat.refactor.functions import reimport
from debloat.refactor.places import expression, span_of
from debloat.refactor.rewriting import Rewriting
from debloat.refactor.source import source

if TYPE_CHECKING:
    from debloat.program import Program
    from debloat.refactor.requests import CollapsePart, CollapseRecord

_TUPLES = ("tuple", "Tuple")


def collapse_part(asked: CollapsePart, program: Program) -> Fix:
    """The edits at the returns and at all calls. Raises RefusedError where one is not of the form."""
    found = next(one for one in needless_parts(program) if one.function == asked.function)
    rewriting = Rewriting(program)
    statement = _definition(program, asked.function)
    if not _ends(statement.body):
        raise RefusedError("falls off: the function may end without a return")
    for site in found.returned:
        place = program.index.place(site)
        returning = span_of(place.path, source(program, place.path).statement(place.line, place.column))
        rewriting.at(returning, cst.Return, partial(_returns, position=found.position))
    if statement.returns is not None:
        span = span_of(program.index.span(asked.function).path, statement.returns)
        rewriting.at(span, cst.Subscript, partial(_annotation, position=found.position, size=found.size))
    for call in found.unpacked:
        _unpack(program, rewriting, call, found.position, found.size)
    edits = tuple(rewriting.edits())
    place = program.index.span(asked.function)
    evidence = Evidence("callers", Proof.ASSUMED, place, "nobody is taken to count on the form of the result")
    return Fix(edits, (evidence, *comment_evidence(rewriting)))


def _unpack(program: Program, rewriting: Rewriting, call: Site, position: int, size: int) -> None:
    """Take what a call gives apart as it is to be."""
    span, node = expression(program, call)
    text = source(program, span.path)
    statement = text.statement(span.line, span.column)
    match statement:
        case ast.Assign(targets=[ast.Tuple() as target], value=value) if value is node:
            rewriting.at(span_of(span.path, target), cst.Tuple, partial(_less, position=position))
            return
    for outer in ast.walk(statement):
        if isinstance(outer, ast.Subscript) and outer.value is node:
            rewriting.at(span_of(span.path, outer), cst.Subscript, partial(_item, position=position, size=size))
            return
    raise RefusedError(f"not of the form: {span.path}:{span.line} takes the result apart in another way")


def _returns(node: cst.Return, position: int) -> cst.Return:
    return node.with_changes(value=_less(cst.ensure_type(node.value, cst.Tuple), position))


def _less(node: cst.Tuple, position: int) -> cst.BaseExpression:
    """A tuple without one of its elements, or the one that is left."""
    left = [one for place, one in enumerate(node.elements) if place != position]
    if len(left) > 1:
        return node.with_changes(elements=[*left[:-1], left[-1].with_changes(comma=node.elements[-1].comma)])
    value = left[0].value
    broken = "\n" in cst.Module([]).code_for_node(value) and not value.lpar
    return value.with_changes(lpar=node.lpar, rpar=node.rpar) if broken else value


def _annotation(node: cst.Subscript, position: int, size: int) -> cst.BaseExpression:
    """The type of the tuples without one part. Raises RefusedError."""
    named = isinstance(node.value, cst.Name | cst.Attribute) and cst.Module([]).code_for_node(node.value).endswith(
        _TUPLES
    )
    if not named or len(node.slice) != size or not all(isinstance(part.slice, cst.Index) for part in node.slice):
        raise RefusedError("annotated: the type of the result is not that of a tuple of so many parts")
    left = [part for place, part in enumerate(node.slice) if place != position]
    if len(left) > 1:
        return node.with_changes(slice=[*left[:-1], left[-1].with_changes(comma=cst.MaybeSentinel.DEFAULT)])
    return cst.ensure_type(left[0].slice, cst.Index).value


def _item(node: cst.Subscript, position: int, size: int) -> cst.BaseExpression:
    if size == 2:
        return node.value
    (part,) = node.slice
    key = int(cst.ensure_type(cst.ensure_type(part.slice, cst.Index).value, cst.Integer).value)
    index = cst.Index(cst.Integer(str(key - (key > position))))
    return node.with_changes(slice=[part.with_changes(slice=index)])


def collapse_record(asked: CollapseRecord, program: Program) -> Fix:
    """The edits in all files. Raises RefusedError where the class is still named or a function may return nothing."""
    found = next(one for one in needless_records(program) if one.cls == asked.cls)
    drafts, rewriting = Drafts(program), Rewriting(program)
    for function in found.functions:
        if not _ends(_definition(program, function).body):
            raise RefusedError("falls off: a function may end without a return")
    for site in found.made:
        span, _ = expression(program, site)
        rewriting.at(span, cst.Call, _argument)
    for site in found.read:
        span, _ = expression(program, site)
        rewriting.at(span, cst.Attribute, lambda node: node.value)
    _annotate(program, rewriting, asked.cls, found.functions)
    drafts.rewrite(rewriting)
    drafts.drop_class(program.index.span(asked.cls).path, program.index.name(asked.cls))
    reimport(program, drafts, asked.cls, {}, set(), {})
    drafts.tidy()
    span = program.index.span(asked.cls)
    note = f"nobody is taken to need an object of {program.index.name(asked.cls)}"
    evidence = [Evidence("type", Proof.ASSUMED, span, note)]
    removed = [span.path] * drafts.is_left(asked.cls)
    return Fix(tuple(drafts.edits(removed)), (*evidence, *comment_evidence(rewriting)), tuple(removed))


def _argument(node: cst.Call) -> cst.BaseExpression:
    """What a record is made of."""
    match node.args:
        case [cst.Arg(value=value, star="")] if not isinstance(value, cst.GeneratorExp):
            broken = "\n" in cst.Module([]).code_for_node(value) and not value.lpar
            return value.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()]) if broken else value
    raise RefusedError("not of the form: a record is not made of one value")


def _annotate(program: Program, rewriting: Rewriting, cls: int, functions: Sequence[int]) -> None:
    """Have the functions say what they return, as far as the class says it."""
    for function in functions:
        if _definition(program, function).returns is not None:
            span = program.index.span(function)
            begin = span._replace(end_line=span.line, end_column=span.column)
            new = _field_annotation(program, cls, program.index.file_of[function])
            rewriting.at(begin, cst.FunctionDef, partial(_returning, annotation=new))


def _returning(node: cst.FunctionDef, annotation: str | None) -> cst.FunctionDef:
    if annotation is None:
        return node.with_changes(returns=None)
    assert node.returns is not None
    return node.with_changes(returns=node.returns.with_changes(annotation=cst.parse_expression(annotation)))


def _field_annotation(program: Program, cls: int, file: int) -> str | None:
    """What the class says of its field, if that means the same in a file."""
    span = program.index.span(cls)
    statement = source(program, span.path).statement(span.line, span.column)
    assert isinstance(statement, ast.ClassDef)
    for node in ast.walk(statement):
        match node:
            case ast.AnnAssign(annotation=annotation) | ast.arg(annotation=ast.expr() as annotation):
                names = {part.id for part in ast.walk(annotation) if isinstance(part, ast.Name)}
                known = names <= set(dir(builtins)) or file == program.index.file_of[cls]
                return ast.unparse(annotation) if known else None
    return None


def _definition(program: Program, function: int) -> ast.FunctionDef:
    span = program.index.span(function)
    statement = source(program, span.path).statement(span.line, span.column)
    if not isinstance(statement, ast.FunctionDef):
        raise RefusedError(f"not found in the text: a function at {span.path}:{span.line}")
    return statement


def _ends(body: Sequence[ast.stmt]) -> bool:
    """Whether a block surely returns or raises."""
    match body[-1]:
        case ast.Return() | ast.Raise():
            return True
        case ast.If(body=then, orelse=[_, *_] as otherwise):
            return _ends(then) and _ends(otherwise)
        case ast.With(body=inner):
            return _ends(inner)
        case ast.Try(body=inner, handlers=handlers, orelse=otherwise, finalbody=last):
            ways = [otherwise or inner, *(handler.body for handler in handlers)]
            return all(map(_ends, ways)) or (bool(last) and _ends(last))
    return False
