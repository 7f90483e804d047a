"""Reach: the variable that a function of its module returns is named where the function was called."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import libcst as cst

from debloat.model import Fix, RefusedError
from debloat.program.constants import only_store
from debloat.program.index import Site
from debloat.program.queries import reads
from debloat.program.references import references
from debloat.refactor.comments import comment_evidence
from debloat.refactor.naming import Imports
from debloat.refactor.places import expression
from debloat.refactor.rewriting import Rewriting
from debloat.refactor.uses import calls_of, forget_all, going, is_inside, line_of, statement_of

if TYPE_CHECKING:
    from debloat.program import Program
    from debloat.refactor.requests import Reach


def reach(asked: Reach, program: Program) -> Fix:
    """The edits in all files. Raises RefusedError where a use is no call, or a name is taken."""
    function, old = asked.function, asked.variable
    index, home = program.index, program.index.file_of[asked.function]
    rewriting = Rewriting(program)
    imports = Imports(program, rewriting, going(program, function))
    calls, found = calls_of(program, function), references(program, function)
    callees = {Site(call.site.file, program.facts[call.site.file].code[call.site.pc + 5]) for call in calls}
    if any(site not in callees and not is_inside(program, function, index.scope_at(site)) for site in found.reads):
        raise RefusedError("used as a value: not every use is a call")
    if any(program.facts[file].imports[number].scope for file, number in found.imports):
        raise RefusedError("local import: a function imports it")
    # What others use is no private name of its module.
    shared = any(call.site.file != home for call in calls) and not old.endswith("__")
    new = old.lstrip("_") if shared else old
    if new != old:
        _rename(program, rewriting, imports, function, old, new)
    for call in calls:
        scope = index.scope_at(call.site)
        text = imports.naming(call.site.file, home, new, [scope], line_of(program, call.site))
        span, _ = expression(program, call.site)
        rewriting.at(span, cst.Call, partial(_named, text=text))
    evidence = list(forget_all(program, rewriting, imports, function, found))
    rewriting.delete(index.span(function).path, statement_of(program, function))
    edits = tuple(rewriting.edits())
    return Fix(edits, (*evidence, *imports.evidence, *comment_evidence(rewriting)))


def _rename(program: Program, rewriting: Rewriting, imports: Imports, function: int, old: str, new: str) -> None:
    """Give the variable a name without underscores in its module. Raises RefusedError where others have it already."""
    index = program.index
    home = index.file_of[function]
    if index.importers.get(old) or index.attribute_reads(old) or old in (program.facts[home].exported or ()):
        raise RefusedError(f"named elsewhere: other modules may use {old}")
    imports.check_new(home, new)
    store = only_store(program, index.base[home], old)
    assert store is not None
    place = index.place(store)
    for site in reads(program, index.base[home], old):
        if not is_inside(program, function, index.scope_at(site)):
            rewriting.at(expression(program, site)[0], cst.Name, lambda node: node.with_changes(value=new))
    span = place._replace(end_column=place.column + len(old.encode()))
    rewriting.at(span, cst.Name, lambda node: node.with_changes(value=new))


def _named(node: cst.Call, text: str) -> cst.BaseExpression:
    return cst.parse_expression(text).with_changes(lpar=node.lpar, rpar=node.rpar)
