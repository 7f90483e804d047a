"""Expose: the attribute behind a property gets its name, and the property goes."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

import libcst as cst

from debloat.model import Fix, RefusedError, Span
from debloat.refactor.comments import comment_evidence
from debloat.refactor.places import span_of
from debloat.refactor.rewriting import Rewriting
from debloat.refactor.source import source

if TYPE_CHECKING:
    from debloat.program import Program
    from debloat.refactor.requests import Expose


def expose(asked: Expose, program: Program) -> Fix:
    """The edits. Raises RefusedError where a use does not stand in the text."""
    found = asked.found
    rewriting = Rewriting(program)
    for place in {program.index.place(site) for site in found.uses}:
        _rename(program, rewriting, place, found.attribute, found.name)
    for method in found.methods:
        span = program.index.span(method)
        text = source(program, span.path)
        rewriting.delete(span.path, text.statement(span.line, span.column))
    edits = tuple(rewriting.edits())
    return Fix(edits, (*found.evidence, *comment_evidence(rewriting)))


def _rename(program: Program, rewriting: Rewriting, place: Span, old: str, new: str) -> None:
    text = source(program, place.path)
    nodes = [
        node
        for node in ast.walk(text.statement(place.line, place.column))
        if isinstance(node, ast.Attribute)
        and (node.end_lineno, (node.end_col_offset or 0) - len(node.attr.encode())) == (place.line, place.column)
        and old.endswith(node.attr)  # in its class it may be written without that
    ]
    if len(nodes) != 1:
        raise RefusedError(f"not found in the text: an attribute at {place.path}:{place.line}")
    rewriting.at(span_of(place.path, nodes[0]), cst.Attribute, lambda node: node.with_changes(attr=cst.Name(new)))
