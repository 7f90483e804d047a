"""Inline attribute: what all objects of a class have in an attribute is put where that is read."""

from __future__ import annotations

import ast
from functools import partial
from typing import TYPE_CHECKING

from debloat.model import Fix, RefusedError
from debloat.refactor.comments import comment_evidence
from debloat.refactor.constant import Constant
from debloat.refactor.drop import documentation
from debloat.refactor.forget import initialise_no_more, require_needless
from debloat.refactor.naming import Imports
from debloat.refactor.places import expression
from debloat.refactor.rewriting import Piece, Rewriting
from debloat.refactor.source import source
from debloat.refactor.spelling import spelled
from debloat.values.steady import steady

if TYPE_CHECKING:
    from debloat.model import Span
    from debloat.program import Program
    from debloat.refactor.requests import InlineAttribute


def inline_attribute(asked: InlineAttribute, program: Program) -> Fix:
    """The edits. Raises RefusedError where the value cannot be written at a place that reads it."""
    found = program.ask(steady)[asked.cls, asked.name]
    rewriting = Rewriting(program)
    imports = Imports(program, rewriting)
    for read in found.reads:
        scope = program.index.scope_at(read)
        constant = spelled(program, imports, [found.value], scope, [scope])
        span, _ = expression(program, read)
        rewriting.on(span, partial(_put, constant, span))
    place = program.index.place(found.write)
    text = source(program, place.path)
    statement = text.statement(place.line, place.column)
    if not isinstance(text.parents[statement], ast.FunctionDef):
        raise RefusedError("not always set: it is in a part of the constructor")
    match statement:
        case ast.Assign(targets=[ast.Attribute()]) | ast.AnnAssign(target=ast.Attribute()):
            require_needless(text, statement)
        case _:
            raise RefusedError("bound elsewhere: one statement sets more than it")
    rewriting.delete(text.path, statement)
    initialise_no_more(program, rewriting, asked.cls, text, statement, {statement})
    cls = program.index.span(asked.cls)
    definition = source(program, cls.path).statement(cls.line, cls.column)
    assert isinstance(definition, ast.ClassDef)
    evidence = list(documentation(program, rewriting, asked.cls, definition, asked.name))
    edits = tuple(rewriting.edits())
    return Fix(edits, (*evidence, *imports.evidence, *comment_evidence(rewriting)))


def _put(constant: Constant, span: Span, piece: Piece) -> None:
    constant.replace(piece, piece.expression(span))
