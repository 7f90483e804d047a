"""Narrow annotation: None is taken out of what a parameter or a result is said to be."""

from __future__ import annotations

import ast
from functools import partial
from typing import TYPE_CHECKING

import libcst as cst

from debloat.model import Fix, RefusedError, Span
from debloat.refactor.comments import comment_evidence
from debloat.refactor.places import span_of
from debloat.refactor.rewriting import Becomes, Rewriting
from debloat.refactor.source import source

if TYPE_CHECKING:
    from debloat.program import Program
    from debloat.refactor.requests import NarrowAnnotation


def narrow_annotation(asked: NarrowAnnotation, program: Program) -> Fix:
    """The edits. Raises RefusedError where the annotation is of another form."""
    rewriting = Rewriting(program)
    narrow(rewriting, program, asked.function, asked.parameter)
    edits = tuple(rewriting.edits())
    return Fix(edits, tuple(comment_evidence(rewriting)))


def narrow(rewriting: Rewriting, program: Program, function: Span, parameter: str | None) -> None:
    """Have None taken out of the annotation of a parameter or, if none is named, of the result."""
    path, line, column, *_ = function
    statement = source(program, path).statement(line, column)
    assert isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef)
    place = span_of(path, statement)
    rewriting.at(
        place._replace(end_line=place.line, end_column=place.column),
        cst.FunctionDef,
        partial(_narrowed_function, parameter),
    )


def _narrowed_function(parameter: str | None, node: cst.FunctionDef) -> Becomes:
    if parameter is not None:
        return node.with_changes(params=_narrowed_parameters(node.params, parameter))
    assert node.returns is not None
    return node.with_changes(returns=_narrowed_annotation(node.returns))


def _narrowed_parameters(parameters: cst.Parameters, name: str) -> cst.Parameters:
    for field in ("posonly_params", "params", "kwonly_params"):
        listed = getattr(parameters, field)
        for at, parameter in enumerate(listed):
            if parameter.name.value == name:
                changed = _narrowed_parameter(parameter)
                earlier = [*(parameters.posonly_params if field == "params" else ()), *listed[:at]]
                dropped = parameter.default is not None and changed.default is None
                if dropped and field != "kwonly_params" and any(other.default is not None for other in earlier):
                    raise RefusedError("default: a parameter before it has a default, so it needs one")
                return parameters.with_changes(**{field: [*listed[:at], changed, *listed[at + 1 :]]})
    raise RefusedError(f"not found on the tree: parameter {name}")


def _narrowed_parameter(parameter: cst.Param) -> cst.Param:
    assert parameter.annotation is not None
    changed = parameter.with_changes(annotation=_narrowed_annotation(parameter.annotation))
    if isinstance(parameter.default, cst.Name) and parameter.default.value == "None":
        return changed.with_changes(default=None, equal=cst.MaybeSentinel.DEFAULT)
    return changed


def _narrowed_annotation(annotation: cst.Annotation) -> cst.Annotation:
    return annotation.with_changes(annotation=_narrowed(annotation.annotation))


def _narrowed(node: cst.BaseExpression) -> cst.BaseExpression:
    """A type without None. Raises RefusedError for what is no union with None as it stands."""
    match node:
        case cst.BinaryOperation(operator=cst.BitOr(), left=left, right=right):
            if _is_none(left) or _is_none(right):
                kept = left if _is_none(right) else right
                return kept if kept.lpar else kept.with_changes(lpar=node.lpar, rpar=node.rpar)
            if _allows_none(left):
                return node.with_changes(left=_narrowed(left))
            return node.with_changes(right=_narrowed(right))
        case cst.Subscript(value=value, slice=[cst.SubscriptElement(slice=cst.Index(value=inner))]) if (
            _last_name(value) == "Optional"
        ):
            return inner.with_changes(lpar=node.lpar, rpar=node.rpar) if not inner.lpar else inner
        case cst.Subscript(value=value, slice=elements) if _last_name(value) == "Union":
            kept_elements = [element for element in elements if not _is_none_element(element)]
            if 0 < len(kept_elements) < len(elements):
                return _union(node, kept_elements)
        case cst.SimpleString() if not node.prefix and "\n" not in node.value:
            inner = _narrowed(cst.parse_expression(str(ast.literal_eval(node.value))))
            return node.with_changes(value=node.quote + cst.Module([]).code_for_node(inner) + node.quote)
    raise RefusedError("not of the form: the annotation is no union with None that is written out")


def _union(node: cst.Subscript, kept: list[cst.SubscriptElement]) -> cst.BaseExpression:
    match kept:
        case [cst.SubscriptElement(slice=cst.Index(value=only))]:
            return only
    last = kept[-1].with_changes(comma=cst.MaybeSentinel.DEFAULT)
    return node.with_changes(slice=[*kept[:-1], last])


def _allows_none(node: cst.BaseExpression) -> bool:
    try:
        _narrowed(node)
    except RefusedError:
        return False
    return True


def _is_none(node: cst.BaseExpression) -> bool:
    return isinstance(node, cst.Name) and node.value == "None"


def _is_none_element(element: cst.SubscriptElement) -> bool:
    return isinstance(element.slice, cst.Index) and _is_none(element.slice.value)


def _last_name(node: cst.BaseExpression) -> str:
    return node.attr.value if isinstance(node, cst.Attribute) else node.value if isinstance(node, cst.Name) else ""
