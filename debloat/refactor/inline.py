"""Inline function: the code of a function takes the place of its calls, and the function goes."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import libcst as cst

from debloat.facts import data, ops
from debloat.model import Evidence, Fix, Proof, RefusedError
from debloat.program.constants import is_bound_once
from debloat.program.index import Site
from debloat.program.mentions import mentions
from debloat.program.names import BUILTINS
from debloat.program.queries import Call, callers, relatives, users
from debloat.program.references import References, references
from debloat.program.shapes import origin
from debloat.refactor.bodies import Body, body_of, code_of
from debloat.refactor.classes import is_private
from debloat.refactor.comments import comment_count, comment_evidence
from debloat.refactor.moving import Moving
from debloat.refactor.naming import Imports
from debloat.refactor.places import expression
from debloat.refactor.placing import Placing, arguments_of, check_before, place
from debloat.refactor.rewriting import Rewriting
from debloat.refactor.source import first_line, last_line, source
from debloat.refactor.uses import calls_of, forget_all, going, is_inside, line_of, statement_of

if TYPE_CHECKING:
    from debloat.program import Program
    from debloat.refactor.requests import Inline


def inline(asked: Inline, program: Program) -> Fix:
    """The edits. Raises RefusedError where a call cannot give way to the code of the function."""
    function = asked.function
    method = program.index.enclosing_class(function) >= 0
    rewriting = Rewriting(program)
    imports = Imports(program, rewriting, frozenset() if method else going(program, function))
    body = body_of(program, function)
    calls, found = calls_of(program, function), references(program, function)
    _check_uses(program, function, calls, found)
    evidence: list[Evidence] = []
    held: set[tuple[str, int]] = set()
    for call in calls:
        evidence += _at_call(program, rewriting, imports, body, call, held, only=len(calls) == 1)
    if not method:
        evidence += forget_all(program, rewriting, imports, function, found)
    rewriting.delete(program.index.span(function).path, statement_of(program, function))
    evidence += _comment_evidence(program, function, only=len(calls) == 1)
    edits = tuple(rewriting.edits())
    return Fix(edits, (*evidence, *imports.evidence, *comment_evidence(rewriting)))


def _check_uses(program: Program, function: int, calls: Sequence[Call], found: References) -> None:
    """Refuse a function that is used for more than to be called, or that is in a function."""
    index = program.index
    around = index.parent(function)
    around = index.parent(around) if index.scopes[around].kind == data.CLASS else around
    if index.scopes[around].kind != data.MODULE:
        raise RefusedError("nested: it is defined in a function")
    if relatives(program, function):
        raise RefusedError("overridden: a class has another one in its place")
    used = callers(program, function)
    if used.openings or used.values:
        raise RefusedError("used as a value: not every use is a call")
    callees = {Site(call.site.file, program.facts[call.site.file].code[call.site.pc + 5]) for call in calls}
    if any(site not in callees and not is_inside(program, function, index.scope_at(site)) for site in found.reads):
        raise RefusedError("used as a value: not every use is a call")
    if any(program.facts[file].imports[number].scope for file, number in found.imports):
        raise RefusedError("local import: a function imports it")
    if any(not call.binding.fits or program.analysis.targets(call.site) != {function} for call in calls):
        raise RefusedError("shared call: it may run another function as well")
    if not calls:
        raise RefusedError("nothing to change")


def _at_call(
    program: Program,
    rewriting: Rewriting,
    imports: Imports,
    body: Body,
    call: Call,
    held: set[tuple[str, int]],
    *,
    only: bool,
) -> Iterator[Evidence]:
    scope = program.index.scope_at(call.site)
    _check_class(program, body, scope)
    names = dict(_names(program, imports, body, call.site))
    yield from _patch_evidence(program, body, call.site)
    span, node = expression(program, call.site)
    assert isinstance(node, ast.Call)
    placing = place(program, body, arguments_of(program, body, call, node))
    yield from placing.evidence
    text = source(program, span.path)
    statement = text.statement(span.line, span.column)
    whole: ast.expr = node
    if body.awaited:
        whole = next((one for one in ast.walk(statement) if isinstance(one, ast.Await) and one.value is node), node)
        if whole is node:
            raise RefusedError("not awaited: the call is not awaited where it stands")
    before = bool(placing.bound or body.statements or body.value is None)
    if before:
        check_before(program, scope, statement, whole, text.lines[statement.lineno - 1])
        if (span.path, statement.lineno) in held:
            raise RefusedError("order: two calls in one statement")
        held.add((span.path, statement.lineno))
        if any(True for _ in _new(body, placing)):
            yield from _variable_evidence(program, body, scope, placing)
    Moving(program, body, placing, names, scope).plan(
        rewriting, span, node, whole, statement if before else None, only=only
    )


def _new(body: Body, placing: Placing) -> Iterator[str]:
    """The variables that the caller gets."""
    yield from body.variables
    yield from (argument.parameter for argument in placing.bound)


def _check_class(program: Program, body: Body, scope: int) -> None:
    """Refuse code that means something else in the class around a place, or that only its class may have."""
    index = program.index
    here, cls = scope, index.enclosing_class(body.function)
    while here >= 0 and index.scopes[here].kind != data.CLASS:
        here = index.parent(here)
    elsewhere = here != cls or index.file_of[scope] != index.file_of[body.function]
    if elsewhere and any(map(is_private, body.attributes)):
        raise RefusedError("private: it has names that only its class may have")
    apart = here != cls if cls >= 0 else elsewhere
    if apart and any(map(_is_internal, body.attributes)):
        raise RefusedError("internal: it has attributes that are not for others")
    if index.scopes[scope].kind == data.CLASS and body.inner:
        raise RefusedError("name taken: a comprehension in a class does not see the variables of that")


def _names(program: Program, imports: Imports, body: Body, site: Site) -> Iterator[tuple[str, str]]:
    """How the names that the code has from its module are written at a place. Raises RefusedError."""
    index = program.index
    home = index.file_of[body.function]
    scope, line = index.scope_at(site), line_of(program, site)
    for name, reads in sorted(body.names.items()):
        homes = {index.home(read) for read in reads}
        number = program.facts[site.file].name_index.get(name, -1)
        if homes == {-1}:
            starred = any(program.names.star_targets(file) for file in {home, site.file})
            plain = site.file == home or (name in BUILTINS and not starred)
            if not plain or index.resolve(scope, number) != -1:
                raise RefusedError(f"name taken: {name} is another variable in {program.files[site.file].path}")
            yield name, name
            continue
        if homes != {index.base[home]}:
            raise RefusedError(f"closure: {name} is no variable of the module")
        if site.file == home:
            yield name, imports.naming(home, home, name, [scope], line)
            continue
        if name not in body.settled:
            raise RefusedError(f"rebound: {name} may be something else by then")
        modules = {value for read in reads for value in program.names.static(read)}
        if all(value[0] == "module" for value in modules) and modules:
            yield from _members(program, imports, body, name, site)
            continue
        found, original = origin(program, home, name)
        if isinstance(found, str):
            yield name, imports.outside(site.file, home, name, [scope], line)
        elif _is_internal(original):
            raise RefusedError(f"private: {original} belongs to its module")
        else:
            yield name, imports.naming(site.file, found, original, [scope], line)


def _is_internal(name: str) -> bool:
    return name.startswith("_") and not name.endswith("__")


def _members(program: Program, imports: Imports, body: Body, name: str, site: Site) -> Iterator[tuple[str, str]]:
    """How what the code has from a module of the program, by the name of that, is written at a place."""
    scope, line = program.index.scope_at(site), line_of(program, site)
    for read in body.names[name]:
        fact = program.facts[read.file]
        for user in users(program, read):
            if fact.code[user] != ops.ATTR or not is_bound_once(program, Site(read.file, user)):
                raise RefusedError(f"not written: {name} is a module")
            attribute = fact.names[fact.code[user + 4]]
            ((_, home),) = program.names.static(read)
            assert isinstance(home, int)
            found, original = origin(program, home, attribute)
            if isinstance(found, str) or _is_internal(original):
                raise RefusedError(f"not written: {name}.{attribute} is not of the program, or belongs to its module")
            yield f"{name}.{attribute}", imports.naming(site.file, found, original, [scope], line)


def _comment_evidence(program: Program, function: int, *, only: bool) -> Iterator[Evidence]:
    """ASSUMED evidence where the function has comments that no call gets."""
    span = program.index.span(function)
    text = source(program, span.path)
    statement = statement_of(program, function)
    lines = "".join(text.lines[first_line(statement) - 1 : last_line(statement)])
    code = code_of(program, function)
    kept = sum(comment_count(one) for one in (code if only else code[:-1]))
    if kept < comment_count(cst.parse_module(f"if 1:\n{lines}" if lines[:1] in " \t" else lines)):
        yield Evidence(
            "syntax", Proof.ASSUMED, span._replace(end_line=span.line), "assumes that nobody misses its comments"
        )


def _patch_evidence(program: Program, body: Body, site: Site) -> Iterator[Evidence]:
    """ASSUMED evidence where tests may put something else in the place of what the code has from its module."""
    if site.file == program.index.file_of[body.function]:
        return
    for name, (read, *_) in body.names.items():
        named = program.ask(mentions).get(name)
        if named is not None and program.index.home(read) >= 0:
            note = f"assumes that {program.files[named].path} does not patch {name} by name"
            yield Evidence("callers", Proof.ASSUMED, program.index.place(read), note)


def _variable_evidence(program: Program, body: Body, scope: int, placing: Placing) -> Iterator[Evidence]:
    """What it rests on that the caller gets new variables. Raises RefusedError where it can have none."""
    record = program.index.scopes[scope]
    if record.kind != data.FUNCTION or record.flags & (data.READS_FRAME | data.GIVES_FRAME):
        raise RefusedError("order: a variable for what comes before the call would be seen by others")
    name = min(_new(body, placing))
    note = f"assumes that nobody waits for {name} to go when {program.index.name(body.function)} returns"
    yield Evidence(
        "mutation",
        Proof.ASSUMED,
        program.index.span(body.function)._replace(end_line=program.index.span(body.function).line),
        note,
    )
