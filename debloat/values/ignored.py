"""Functions whose result no caller looks at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from debloat.facts import data, ops
from debloat.model import Evidence, Proof
from debloat.program.index import Site
from debloat.program.parameters import in_production, known_calls, target_evidence
from debloat.program.queries import Call, constant, definitions, glance, users
from debloat.program.reach import production
from debloat.values.analysis import Values
from debloat.values.domain import NONE, is_unknown
from debloat.values.spare import only_computes

if TYPE_CHECKING:
    from debloat.program.program import Program

_METHODS = {"<builtin>.staticmethod", "<builtin>.classmethod"}


class Ignored(NamedTuple):
    """A function that returns what nobody looks at: its RETURN instructions with a value, of which one at least is not None."""

    function: int
    returns: Sequence[Site]
    evidence: tuple[Evidence, ...]


def ignored(program: Program) -> Iterator[Ignored]:
    """The functions whose result no call uses, if all calls are seen; UNKNOWN evidence where that is not sure."""
    live = program.ask(production)
    dropped = cache(lambda name: any(is_ignored(program, call) for call in program.index.calls_named(name)))
    for function in definitions(program, data.FUNCTION):
        record = program.index.scopes[function]
        if (
            record.flags & (data.GENERATOR | data.TRIVIAL)
            or not live.scope(function)
            or not program.analysis.calls.decorators(function) <= _METHODS
        ):
            continue
        returns = returned(program, function)
        if not returns or not dropped(program.index.name(function)):
            continue
        if not all(is_ignored(program, call.site) for call in glance(program, function)[0]):
            continue
        if not any(_says_something(program, site) for site in returns):
            continue
        calls, evidence = known_calls(program, function)
        if not in_production(program, calls) or not all(is_ignored(program, call.site) for call in calls):
            continue
        place = program.index.place(returns[-1])
        unused = Evidence("reachability", Proof.PROVED, place, "no call uses what it returns")
        yield Ignored(function, returns, (unused, *evidence, *_shared(program, function, calls)))


def _shared(program: Program, function: int, calls: Sequence[Call]) -> Iterator[Evidence]:
    """UNKNOWN evidence for a call that may run another function, which is alike: it returns something too.

    Of what a call of a method may run besides, only what the program defines counts.
    """
    method = program.index.enclosing_class(function) >= 0
    for call in calls:
        if program.analysis.targets(call.site) - ({function, -1} if method else {function}):
            place = program.index.place(call.site)
            yield Evidence("callers", Proof.UNKNOWN, place, "shared call: it may run another function as well")


class Settled(NamedTuple):
    """A function that always returns the same constant: what it returns, and the statements that assign or return that.

    ``uses`` are the STORE and RETURN instructions of calls.
    """

    function: int
    value: Site
    uses: Sequence[Site]
    evidence: tuple[Evidence, ...]


def settled(program: Program) -> Iterator[Settled]:
    """The functions that always return the same constant, which some calls assign or return."""
    live, values = program.ask(production), program.ask(Values)
    taken = cache(lambda name: any(_is_taken(program, call) for call in program.index.calls_named(name)))
    for function in definitions(program, data.FUNCTION):
        record = program.index.scopes[function]
        if not taken(program.index.name(function)):
            continue
        plain = not record.flags & (data.GENERATOR | data.ASYNC | data.TRIVIAL) and live.scope(function)
        returns = returned(program, function) if plain else []
        shown = {constant(program, value_of(program, site)) for site in returns}
        if len(shown) != 1 or not shown.isdisjoint({None, ("NoneType", None)}):
            continue
        form = values.form(function)
        if form.end >= 0 and values.solver.solve(("reach", function, form.end)):
            continue
        if not program.analysis.calls.decorators(function) <= _METHODS or _returns_nothing(program, function):
            continue
        calls, evidence = known_calls(program, function)
        uses = [use for call in calls for use in _used(program, call.site)]
        if uses and in_production(program, calls):
            place = program.index.place(returns[0])
            same = Evidence("type", Proof.PROVED, place, "all that it returns is this")
            proof = (same, *evidence, *target_evidence(program, function, calls))
            yield Settled(function, value_of(program, returns[0]), uses, proof)


def _returns_nothing(program: Program, function: int) -> bool:
    """Whether a return without a value is among those of a function."""
    file = program.index.file_of[function]
    fact = program.facts[file]
    instructions = fact.instructions(function - program.index.base[file])
    return any(fact.code[pc] == ops.RETURN and fact.code[pc + 3] < 0 for pc in instructions)


def _is_taken(program: Program, call: Site) -> bool:
    """Whether a call may be all that a statement assigns or returns, by a glance at what stands behind it."""
    code = program.facts[call.file].code
    user = call.pc + ops.size(code, call.pc)
    return user < len(code) and code[user] in (ops.STORE, ops.RETURN)


def _used(program: Program, call: Site) -> Iterator[Site]:
    """The statement that does no more than to assign or return what a call gives."""
    fact = program.facts[call.file]
    here = program.index.scopes[program.index.scope_at(call)]
    for user in users(program, call):
        returns = fact.code[user] == ops.RETURN and here.kind == data.FUNCTION
        stores = fact.code[user] == ops.STORE and fact.code[user + 5] == ops.PLAIN
        if (returns or stores) and not program.files[call.file].tests:
            yield Site(call.file, user)


def returned(program: Program, function: int) -> list[Site]:
    """The RETURN instructions of a function that have a value."""
    file = program.index.file_of[function]
    fact = program.facts[file]
    instructions = fact.instructions(function - program.index.base[file])
    return [Site(file, pc) for pc in instructions if fact.code[pc] == ops.RETURN and fact.code[pc + 3] >= 0]


def foremost(program: Program, returns: Sequence[Site]) -> Site:
    """Of the RETURN instructions of a function the last one that no handler leads to, if there is one."""
    file = returns[0].file
    scope = program.index.scope_at(returns[0])
    code = program.facts[file].code
    sections: list[int] = []
    handled = set()
    for pc in program.facts[file].instructions(scope - program.index.base[file]):
        if code[pc] in ops.OPENING:
            sections.append(code[pc])
        elif code[pc] == ops.END:
            sections.pop()
        elif code[pc] in ops.SECTIONS and sections:
            sections[-1] = code[pc]
        elif ops.EXCEPT in sections:
            handled.add(Site(file, pc))
    return max({*returns} - handled, default=returns[-1])


def value_of(program: Program, statement: Site) -> Site:
    """What a RETURN returns."""
    return Site(statement.file, program.facts[statement.file].code[statement.pc + 3])


def _says_something(program: Program, site: Site) -> bool:
    """Whether a return gives more than None, and more than to pass on what a call gives if that may be None."""
    value = value_of(program, site)
    if constant(program, value) == ("NoneType", None):
        return False
    code = program.facts[site.file].code
    if code[value.pc] not in (ops.CALL, ops.AWAIT) or only_computes(program, value):
        return True
    given = program.ask(Values).value(value)
    return bool(given) and not is_unknown(given) and NONE not in given


def is_ignored(program: Program, call: Site) -> bool:
    """Whether a call, awaited or not, is a statement of its own."""
    code = program.facts[call.file].code
    user = call.pc + ops.size(code, call.pc)  # what uses an expression alone stands right behind it
    if user + 3 >= len(code) or code[user + 3] != call.pc:
        return False
    return code[user] == ops.EXPR or (code[user] == ops.AWAIT and is_ignored(program, Site(call.file, user)))
