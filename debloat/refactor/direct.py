"""Direct: what is looked up in a table of one entry is named itself."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import libcst as cst

from debloat.model import Fix, RefusedError
from debloat.refactor.comments import comment_evidence
from debloat.refactor.naming import Imports
from debloat.refactor.places import expression
from debloat.refactor.rewriting import Rewriting
from debloat.refactor.spelling import spelled
from debloat.values.registry import single_entries

if TYPE_CHECKING:
    from debloat.program import Program
    from debloat.refactor.requests import Direct


def direct(asked: Direct, program: Program) -> Fix:
    """The edits at all lookups. Raises RefusedError where the value has no name at one."""
    found = next((one for one in single_entries(program) if (one.scope, one.name) == (asked.scope, asked.name)), None)
    if found is None:
        raise RefusedError("looked up: it is no table of one entry")
    rewriting = Rewriting(program)
    imports = Imports(program, rewriting)
    for lookup in found.lookups:
        scope = program.index.scope_at(lookup)
        text = spelled(program, imports, [found.value], scope, [scope]).text
        span, _ = expression(program, lookup)
        rewriting.at(span, cst.Subscript, partial(_named, text=text))
    edits = tuple(rewriting.edits())
    return Fix(edits, (*imports.evidence, *comment_evidence(rewriting)))


def _named(node: cst.Subscript, text: str) -> cst.BaseExpression:
    return cst.parse_expression(text).with_changes(lpar=node.lpar, rpar=node.rpar)
