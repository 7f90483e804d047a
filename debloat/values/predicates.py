"""Small functions that do nothing but ask something of what they are given, so that a test may ask through them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from debloat.facts import data, ops
from debloat.program.conditions import Through
from debloat.program.index import Site
from debloat.values.domain import Value

if TYPE_CHECKING:
    from debloat.values.analysis import Values


class Way(NamedTuple):
    """One end of a function: the tests that are false on the way to it, the one that is true (-1: none), what it returns."""

    false: tuple[int, ...]
    true: int
    returned: int


def ways(values: Values, scope: int) -> list[Way]:
    """The ends of a function that only tests and returns; nothing for any other."""
    index = values.index
    record = index.scopes[scope]
    code = index.facts[index.file_of[scope]].code
    if record.kind != data.FUNCTION or record.flags & (data.GENERATOR | data.ASYNC):
        return []
    found: list[Way] = []
    false: tuple[int, ...] = ()
    true, ended = -1, False
    for pc in ops.instructions(code, record.start, record.end):
        if code[pc] < ops.STORE or code[pc] == ops.BRANCH:
            continue
        if ended and code[pc] == ops.END and true >= 0:
            false, true, ended = (*false, true), -1, False
        elif code[pc] == ops.IF and true < 0:
            true = code[pc + 5]
        elif code[pc] == ops.RETURN and code[pc + 3] >= 0 and not ended:
            found.append(Way(false, true, code[pc + 3]))
            ended = True
        else:
            return []
    return found if ended and true < 0 else []


def target(values: Values, callee: Value) -> tuple[int, int]:
    """The function that a value surely is, as it stands, and how many of its parameters are bound; -1 for any other."""
    match list(callee):
        case [("function" | "method" as kind, int(scope), *_)]:
            plain = not any(values.program.analysis.calls.decorator_sites(scope)) and values.calls.is_itself(scope)
            return (scope, int(kind == "method")) if plain else (-1, 0)
    return -1, 0


def through(values: Values, call: Site) -> Through | None:
    """The function that the test at a call asks through, if it returns one expression and does nothing else."""
    from debloat.values.triage import Triage  # which rests on the values

    fact = values.index.facts[call.file]
    callee = Site(call.file, fact.code[call.pc + 5])
    # what a glance tells
    if fact.code[callee.pc] == ops.ATTR and fact.names[fact.code[callee.pc + 4]] not in values.index.held:
        return None
    seen = {value[0] for value in values.program.names.static(callee)}
    if seen <= {"external", "class"} or values.program.ask(Triage).is_hopeless(callee):
        return None
    scope, skip = target(values, values.value(callee))
    found = ways(values, scope) if scope >= 0 else []
    return Through(scope, skip, found[0].returned) if len(found) == 1 else None


def outcomes(values: Values, scope: int, outcome: bool) -> Iterator[tuple[tuple[int, bool], ...]]:
    """What has come out how at each end of a predicate that may give that outcome; nothing for what is no predicate."""
    file = values.index.file_of[scope]
    for way in ways(values, scope):
        if values.types.truth(values.at(file, way.returned))[not outcome]:
            tests = [*((test, False) for test in way.false), *([(way.true, True)] if way.true >= 0 else [])]
            yield (*tests, (way.returned, outcome))
