"""Erase: a statement that does nothing goes, or a guard that stops nothing."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

import libcst as cst

from debloat.model import Fix, RefusedError
from debloat.refactor.comments import comment_evidence
from debloat.refactor.flatten import flat
from debloat.refactor.rewriting import Rewriting
from debloat.refactor.source import source

if TYPE_CHECKING:
    from debloat.program import Program
    from debloat.refactor.requests import Bare, Erase, PlainString


def erase(asked: Erase, program: Program) -> Fix:
    """The edits. Raises RefusedError where something else is left of the statement, or of what it is all of."""
    text = source(program, asked.start.path)
    statement = text.statement(asked.start.line, asked.start.column)
    if getattr(statement, "orelse", None):
        raise RefusedError("else: what stands there runs at the end of the loop")
    around = text.parents[statement]
    alone = len(text.block(statement)) == 1 and statement not in getattr(around, "orelse", ())
    if alone and isinstance(around, ast.Try | ast.With | ast.AsyncWith | ast.For | ast.AsyncFor | ast.While):
        raise RefusedError(f"whole block: {text.path}:{statement.lineno} is all that stands in a block")
    rewriting = Rewriting(program)
    rewriting.delete(text.path, statement)
    edits = tuple(rewriting.edits())
    return Fix(edits, tuple(comment_evidence(rewriting)))


def unguard(asked: Bare, program: Program) -> Fix:
    """The edits. Raises RefusedError where the test is one of several."""
    place = asked.start
    text = source(program, place.path)
    if not text.lines[place.line - 1].encode()[place.column :].startswith(b"if"):
        raise RefusedError("elif: what is guarded would be done where another test has come out true")
    rewriting = Rewriting(program)
    rewriting.at(place, cst.If, lambda updated: flat(updated.body, updated.leading_lines))
    edits = tuple(rewriting.edits())
    return Fix(edits, tuple(comment_evidence(rewriting)))


def plain(asked: PlainString, program: Program) -> Fix:
    """The edit. Raises RefusedError."""
    rewriting = Rewriting(program)
    rewriting.at(asked.string, cst.BaseString, _without_f)  # type: ignore[type-abstract]
    return Fix(tuple(rewriting.edits()), ())


def _without_f(node: cst.BaseString) -> cst.BaseString:
    match node:
        case cst.ConcatenatedString():
            return node.with_changes(left=_without_f(node.left), right=_without_f(node.right))
        case cst.FormattedString():
            quote = node.start.lstrip("fFrR")
            prefix = node.start.removesuffix(quote).replace("f", "").replace("F", "")
            text = "".join(part.value for part in node.parts if isinstance(part, cst.FormattedStringText))
            return cst.SimpleString(f"{prefix}{quote}{text}{node.end}", node.lpar, node.rpar)
    return node
