"""Collapse layer: what an object holds takes its place, and its class goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from debloat.model import Evidence, Fix, RefusedError
from debloat.program.references import references
from debloat.refactor.comments import comment_evidence
from debloat.refactor.expressions import give_way
from debloat.refactor.naming import Imports
from debloat.refactor.places import expression
from debloat.refactor.rewriting import Piece, Rewriting
from debloat.refactor.uses import forget_all, going, statement_of

if TYPE_CHECKING:
    from debloat.model import Span
    from debloat.program import Program
    from debloat.refactor.requests import CollapseLayer


def collapse_layer(asked: CollapseLayer, program: Program) -> Fix:
    """The edits in all files. Raises RefusedError where a module imports the class under conditions."""
    layer = asked.layer
    rewriting = Rewriting(program)
    found = references(program, layer.cls)
    if any(program.facts[file].imports[number].scope for file, number in found.imports):
        raise RefusedError("local import: a function imports it")
    for site in layer.made:
        span, _ = expression(program, site)
        rewriting.on(span, lambda piece, span=span: _unwrap(piece, span))  # type: ignore[misc]
    imports = Imports(program, rewriting, going(program, layer.cls))
    evidence: list[Evidence] = [*forget_all(program, rewriting, imports, layer.cls, found)]
    rewriting.delete(program.index.span(layer.cls).path, statement_of(program, layer.cls))
    edits = tuple(rewriting.edits())
    return Fix(edits, (*evidence, *comment_evidence(rewriting)))


def _unwrap(piece: Piece, span: Span) -> None:
    give_way(piece, piece.node(cst.Call, span), lambda call: call.args[0].value)
