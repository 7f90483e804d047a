"""Drop base: a class is no longer derived from what it uses nothing of."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

import libcst as cst

from debloat.model import Evidence, Fix, Proof
from debloat.program.queries import users
from debloat.program.references import references
from debloat.refactor.comments import comment_evidence
from debloat.refactor.places import expression, span_of
from debloat.refactor.rewriting import Piece, Rewriting
from debloat.refactor.uses import statement_of

if TYPE_CHECKING:
    from debloat.program import Program
    from debloat.refactor.requests import DropBase


def drop_base(asked: DropBase, program: Program) -> Fix:
    """The edits. Raises RefusedError where the text does not tell the place."""
    rewriting, span = Rewriting(program), program.index.span(asked.cls)
    statement = statement_of(program, asked.cls)
    assert isinstance(statement, ast.ClassDef)
    definition = program.index.definition(asked.cls)
    (named,) = [
        site
        for site in references(program, asked.base).reads
        if site.file == definition.file and definition.pc in users(program, site)
    ]
    place, _ = expression(program, named)
    begin = span._replace(end_line=span.line, end_column=span.column)
    rewriting.on(
        span_of(span.path, statement),
        lambda piece: without_base(piece, piece.node(cst.ClassDef, begin), piece.node(cst.BaseExpression, place)),  # type: ignore[type-abstract]
    )
    note = f"{program.index.name(asked.cls)} is taken to be asked by nobody for its bases"
    evidence = Evidence("hierarchy", Proof.ASSUMED, span._replace(end_line=span.line), note)
    return Fix(tuple(rewriting.edits()), (evidence, *comment_evidence(rewriting)))


def without_base(piece: Piece, node: cst.ClassDef, base: cst.BaseExpression) -> None:
    """Plan that a class has a base less."""
    kept = [number for number, one in enumerate(node.bases) if one.value is not base]

    def plain(updated: cst.ClassDef) -> cst.ClassDef:
        bases = [updated.bases[number] for number in kept]
        if bases:
            bases[-1] = bases[-1].with_changes(comma=updated.bases[-1].comma)
            return updated.with_changes(bases=bases)
        if updated.keywords:
            return updated.with_changes(bases=[])
        return updated.with_changes(bases=[], lpar=cst.MaybeSentinel.DEFAULT, rpar=cst.MaybeSentinel.DEFAULT)

    piece.change(node, plain)
