"""Erase: a statement that does nothing goes."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from debloat.model import Fix, RefusedError
from debloat.refactor.comments import comment_evidence
from debloat.refactor.rewriting import Rewriting
from debloat.refactor.source import source

if TYPE_CHECKING:
    from debloat.program import Program
    from debloat.refactor.requests import Erase


def erase(asked: Erase, program: Program) -> Fix:
    """The edits. Raises RefusedError where something else is left of the statement, or of what it is all of."""
    text = source(program, asked.start.path)
    statement = text.statement(asked.start.line, asked.start.column)
    if getattr(statement, "orelse", None):
        raise RefusedError("else: what stands there runs at the end of the loop")
    around = text.parents[statement]
    alone = len(text.block(statement)) == 1
    if alone and isinstance(around, ast.Try | ast.With | ast.AsyncWith | ast.For | ast.AsyncFor | ast.While):
        raise RefusedError(f"whole block: {text.path}:{statement.lineno} is all that stands in a block")
    rewriting = Rewriting(program)
    rewriting.delete(text.path, statement)
    edits = tuple(rewriting.edits())
    return Fix(edits, tuple(comment_evidence(rewriting)))
