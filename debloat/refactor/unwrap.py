"""Unwrap: a handler goes, and with the last one its ``try``; what was guarded stays."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

import libcst as cst

from debloat.model import Fix, RefusedError
from debloat.refactor.comments import comment_evidence
from debloat.refactor.flatten import joined, statements
from debloat.refactor.places import span_of
from debloat.refactor.rewriting import Becomes, Rewriting
from debloat.refactor.source import source

if TYPE_CHECKING:
    from debloat.program import Program
    from debloat.refactor.requests import DropHandler


def drop_handler(asked: DropHandler, program: Program) -> Fix:
    """The edits. Raises RefusedError where no ``try`` is found there."""
    path, line, column, *_ = asked.handler
    statement = source(program, path).statement(line, column)
    if not isinstance(statement, ast.Try):
        raise RefusedError("not found in the text: a try")
    position = [(handler.lineno, handler.col_offset) for handler in statement.handlers].index((line, column))
    place = span_of(path, statement)
    rewriting = Rewriting(program)
    rewriting.at(
        place._replace(end_line=place.line, end_column=place.column),
        cst.Try,
        lambda updated: _without(updated, position),
    )
    edits = tuple(rewriting.edits())
    return Fix(edits, tuple(comment_evidence(rewriting)))


def _without(node: cst.Try, position: int) -> Becomes:
    if len(node.handlers) > 1:
        return node.with_changes(handlers=[*node.handlers[:position], *node.handlers[position + 1 :]])
    otherwise = node.orelse
    if node.finalbody is None:
        found = [*statements(node.body)]
        if otherwise is not None:
            first, *rest = statements(otherwise.body)
            found += [first.with_changes(leading_lines=[*otherwise.leading_lines, *first.leading_lines]), *rest]
        return joined(found, node.leading_lines)
    if otherwise is None:
        return node.with_changes(handlers=[])
    body = cst.IndentedBlock([*statements(node.body), *statements(otherwise.body)])
    return node.with_changes(handlers=[], orelse=None, body=body)
