"""Unassign: what is written to a local variable for nothing is not written any more."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

import libcst as cst

from debloat.model import Fix
from debloat.refactor.comments import comment_evidence
from debloat.refactor.forget import unwrite
from debloat.refactor.places import span_of
from debloat.refactor.rewriting import Rewriting
from debloat.refactor.source import source
from debloat.values.unassigned import is_spare, unassigned_evidence
from debloat.values.writing import Write

if TYPE_CHECKING:
    from debloat.program import Program
    from debloat.refactor.requests import Unassign, Unname


def unassign(asked: Unassign, program: Program) -> Fix:
    """The edits. Raises RefusedError."""
    rewriting = Rewriting(program)
    kept: list[Write] = []
    for write in asked.found.writes:
        place = program.index.place(write.site)
        statement = source(program, place.path).statement(place.line, place.column)
        if asked.found.is_read and isinstance(statement, ast.AnnAssign):
            # It declares the variable for what comes.
            rewriting.at(span_of(place.path, statement), cst.AnnAssign, _undone)
        else:
            kept.append(write)
    evidence = [*unwrite(program, rewriting, kept, -1, is_spare)]
    evidence += [unassigned_evidence(program, value) for write in asked.found.writes for value in write.values]
    edits = tuple(rewriting.edits())
    return Fix(edits, (*evidence, *comment_evidence(rewriting)))


def _undone(node: cst.AnnAssign) -> cst.AnnAssign:
    return node.with_changes(value=None, equal=cst.MaybeSentinel.DEFAULT)


def unname(asked: Unname, program: Program) -> Fix:
    """The edit. Raises RefusedError where the place is of no handler."""
    rewriting = Rewriting(program)
    rewriting.at(asked.handler, cst.ExceptHandler, lambda node: node.with_changes(name=None))
    edits = tuple(rewriting.edits())
    return Fix(edits, tuple(comment_evidence(rewriting)))
