"""Decorators of the program that give back what they are given, or what does the same."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from debloat.facts import data, ops
from debloat.program.binding import arguments
from debloat.program.forwarding import only_call, passes_all
from debloat.program.index import Site
from debloat.program.mentions import mentions
from debloat.program.queries import definitions, users
from debloat.program.references import references

if TYPE_CHECKING:
    from debloat.program.program import Program

_NAMING = ("__name__", "__qualname__", "__doc__", "__module__")


class Idle(NamedTuple):
    """A decorator that changes nothing, and what it decorates: the definitions, each with the place that names it there."""

    function: int
    uses: tuple[tuple[int, Site], ...]


def idle_decorators(program: Program) -> Iterator[Idle]:
    """The functions of modules that do nothing but to decorate, and change nothing of what they decorate."""
    index = program.index
    for function in definitions(program, data.FUNCTION):
        record = index.scopes[function]
        plain = not record.flags & (data.ASYNC | data.GENERATOR | data.READS_FRAME) and record.line == record.first_line
        alone = [one.kind for one in record.parameters] in ([data.POSITIONAL], [data.POSITIONAL_ONLY])
        if not plain or not alone or index.scopes[index.parent(function)].kind != data.MODULE:
            continue
        if index.name(function) in program.ask(mentions) or not _gives_back(program, function):
            continue
        uses = [_decorated(program, site) for site in references(program, function).reads]
        known = [use for use in uses if use is not None]
        if known and len(known) == len(uses):
            yield Idle(function, tuple(known))


def _gives_back(program: Program, function: int) -> bool:
    """Whether a function returns its parameter, or one that passes all it is given on to that."""
    file = program.index.file_of[function]
    fact, parameter = program.facts[file], program.index.scopes[function].parameters[0].name
    code = fact.code
    body = [*fact.instructions(function - program.index.base[file])]
    done = [pc for pc in body if code[pc] >= ops.STORE and code[pc] != ops.ANNOTATION]
    if done and code[done[0]] == ops.EXPR and code[code[done[0] + 3]] == ops.CONST:
        del done[0]
    values = [code[pc + 3] for pc in done[-1:] if code[pc] == ops.RETURN and code[pc + 3] >= 0]
    if not values or code[values[0]] != ops.NAME:
        return False
    given = code[values[0] + 3]
    if len(done) == 1:
        return given == parameter
    made = code[done[0] + 4] if len(done) == 2 and code[done[0]] == ops.STORE and code[done[0] + 3] == given else -1
    if made < 0 or code[made] != ops.FUNCTION or "__wrapped__" in program.index.attribute_readers:
        return False
    inner = program.index.base[file] + code[made + 3]
    decorators = list(code[made + 5 : made + 5 + code[made + 4]])
    if not _passes_on(program, inner, parameter) or [pc for pc in body if code[pc] == ops.CALL] != decorators:
        return False
    if decorators:
        return _is_wraps(program, Site(file, decorators[0]), parameter)
    return not any(name in program.index.attribute_readers for name in _NAMING)


def _is_wraps(program: Program, call: Site, parameter: int) -> bool:
    """Whether a call is ``functools.wraps`` of a parameter."""
    fact = program.facts[call.file]
    given = arguments(fact, call.pc)
    named = [fact.code[value] == ops.NAME and fact.code[value + 3] == parameter for value, _ in given.positional]
    callee = program.names.static(Site(call.file, fact.code[call.pc + 5]))
    return callee == {("external", "functools.wraps")} and not given.keywords and named == [True]


def _passes_on(program: Program, inner: int, parameter: int) -> bool:
    """Whether a function takes anything and returns what a parameter of that around it gives for it."""
    record = program.index.scopes[inner]
    kinds = [one.kind for one in record.parameters]
    if not record.flags & data.FORWARDS or record.flags & (data.GENERATOR | data.READS_FRAME | data.ASYNC):
        return False
    call, returned = only_call(program, inner)
    if call is None or not returned or kinds != [data.VAR_POSITIONAL, data.VAR_KEYWORD]:
        return False
    fact = program.facts[call.file]
    callee = fact.code[call.pc + 5]
    named = fact.code[callee] == ops.NAME and fact.code[callee + 3] == parameter and parameter not in record.bound
    return named and passes_all(program, call, arguments(fact, call.pc), list(record.parameters))


def _decorated(program: Program, site: Site) -> tuple[int, Site] | None:
    """What is defined below a decorator, if a place names one and is used for nothing else."""
    code = program.facts[site.file].code
    match users(program, site):
        case [user] if code[user] in (ops.FUNCTION, ops.CLASS):
            scope = program.index.base[site.file] + code[user + 3]
            if site in program.analysis.calls.decorator_sites(scope):
                return scope, site
    return None
