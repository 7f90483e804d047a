"""Uncontext: what stands below a context manager that does nothing takes the place of the ``with``."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

import libcst as cst

from debloat.model import Evidence, Fix, Proof, RefusedError
from debloat.program.references import references
from debloat.refactor.comments import comment_evidence
from debloat.refactor.flatten import flat
from debloat.refactor.naming import Imports
from debloat.refactor.places import expression, span_of
from debloat.refactor.rewriting import Rewriting
from debloat.refactor.source import source
from debloat.refactor.uses import forget_all, going, statement_of

if TYPE_CHECKING:
    from debloat.program import Program
    from debloat.refactor.requests import Uncontext


def uncontext(asked: Uncontext, program: Program) -> Fix:
    """The edits in all files. Raises RefusedError where a ``with`` enters more, or a function imports the context manager."""
    scope = asked.found.scope
    found, rewriting = references(program, scope), Rewriting(program)
    if any(program.facts[file].imports[number].scope for file, number in found.imports):
        raise RefusedError("local import: a function imports it")
    for call in asked.found.calls:
        place, node = expression(program, call)
        statement = source(program, place.path).statement(place.line, place.column)
        alone = isinstance(statement, ast.With) and [item.context_expr for item in statement.items] == [node]
        if not alone or all(isinstance(one, ast.Pass) for one in getattr(statement, "body", ())):
            raise RefusedError("not alone: the statement enters something else too, or there is nothing below it")
        begin = span_of(place.path, statement)._replace(end_line=statement.lineno, end_column=statement.col_offset)
        rewriting.at(begin, cst.With, lambda updated: flat(updated.body, updated.leading_lines))
    imports = Imports(program, rewriting, going(program, scope))
    evidence = [*forget_all(program, rewriting, imports, scope, found)]
    span = program.index.span(scope)
    rewriting.delete(span.path, statement_of(program, scope))
    note = f"nobody is taken to need that {program.index.name(scope)} is entered"
    edits = tuple(rewriting.edits())
    return Fix(edits, (Evidence("purity", Proof.ASSUMED, span, note), *evidence, *comment_evidence(rewriting)))
