"""Guards on parameters that every caller has passed already: by a test of its own, or by calling a function that raises."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from debloat.facts import data, ops
from debloat.model import Evidence, Proof
from debloat.program.binding import arguments
from debloat.program.conditions import Asked, Condition, implied, parts
from debloat.program.dominance import Walk
from debloat.program.index import Site
from debloat.program.queries import Call, callers, definitions, world_evidence
from debloat.values.analysis import Values
from debloat.values.certain import guards as lookups
from debloat.values.domain import objects
from debloat.values.lookups import branch_end
from debloat.values.predicates import through
from debloat.values.types import IMMUTABLE

if TYPE_CHECKING:
    from debloat.program.program import Program

_CONTAINERS = IMMUTABLE | {"list", "dict", "set"}


class Validated(NamedTuple):
    """An IF that leaves its function at once and whose test, or what it negates, has one outcome at every call, and why."""

    owner: Site
    test: Site
    outcome: bool
    evidence: tuple[Evidence, ...]


class Walks:
    """The passes over functions, each made once: ``program.ask(Walks)``."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._known: dict[int, Walk] = {}

    def of(self, scope: int) -> Walk:
        """The pass over a function."""
        if scope not in self._known:
            self._known[scope] = Walk(self._program, scope, partial(through, self._program.ask(Values)))
        return self._known[scope]


def validated(program: Program) -> Iterator[Validated]:
    """The guards of the program that every caller has passed."""
    for scope in definitions(program, data.FUNCTION):
        guards = list(_guards(program, scope)) if program.openings.first(scope) is None else []
        if guards:
            found = callers(program, scope, if_closed=True)
            if found.calls and not found.openings:
                for owner, test in guards:
                    code = program.facts[test.file].code
                    outcome = False
                    while code[test.pc] == ops.UNARY and code[test.pc + 3] == ops.NOT:
                        test, outcome = Site(test.file, code[test.pc + 4]), not outcome
                    condition = program.ask(Walks).of(scope).conditions.at(test.pc)
                    evidence = _passed(program, scope, condition, test, outcome, found.calls)
                    if evidence is not None and program.ask(Values).is_reached(test):
                        yield Validated(owner, test, outcome, (*evidence, *world_evidence(program, scope)))


def found_keys(program: Program) -> Iterator[tuple[Site, tuple[Evidence, ...]]]:
    """The ``d.get(key, default)`` of what a function is given, in dicts that every caller has found to have the key, and why."""
    values = program.ask(Values)
    for site in lookups(program, "get"):
        scope = program.index.scope_at(site)
        fact = program.facts[site.file]
        given = arguments(fact, site.pc)
        record = program.index.scopes[scope]
        plain = record.kind == data.FUNCTION and not record.flags & (data.GENERATOR | data.ASYNC)
        if not plain or program.openings.first(scope) is not None or len(given.positional) != 2 or given.keywords:
            continue
        key, base = given.positional[0][0], fact.code[fact.code[site.pc + 5] + 3]
        condition = program.ask(Walks).of(scope).conditions.contained(key, base)
        found = callers(program, scope, if_closed=True)
        if condition is None or not found.calls or found.openings:
            continue
        held = objects(values.value(Site(site.file, base)))
        if held and all(values.types.builtin(atom) is dict for atom in held) and values.is_reached(site):
            evidence = _passed(program, scope, condition, site, True, found.calls)
            if evidence is not None:
                yield site, (*evidence, *world_evidence(program, scope))


def _guards(program: Program, scope: int) -> Iterator[tuple[Site, Site]]:
    """The IF statements of a function that return or raise and do nothing else, with their tests."""
    record = program.index.scopes[scope]
    file = program.index.file_of[scope]
    code = program.facts[file].code
    guards = program.facts[file].guards
    if not record.parameters or record.flags & (data.GENERATOR | data.ASYNC):
        return
    for pc in guards[bisect_left(guards, record.start) : bisect_left(guards, record.end)]:
        if code[pc] == ops.IF:
            inside = ops.instructions(code, pc + ops.size(code, pc), record.end)
            first = next(at for at in inside if code[at] >= ops.STORE)
            if code[first] in (ops.RETURN, ops.RAISE) and code[next(inside)] == ops.END:
                yield Site(file, pc), Site(file, code[pc + 5])


def _passed(
    program: Program, scope: int, condition: Condition | None, test: Site, outcome: bool, calls: Sequence[Call]
) -> list[Evidence] | None:
    """Why a condition of a function has that outcome at every call; None where it need not have it."""
    walk = program.ask(Walks).of(scope)
    record = program.index.scopes[scope]
    received = {parameter.name for parameter in record.parameters}
    if condition is None or not condition.variables <= received:
        return None
    lasts = _lasts(program, walk, condition, test, record.start, test.pc)
    if lasts is Proof.UNKNOWN:
        return None
    evidence = []
    for call in calls:
        why = _established(program, scope, condition, outcome, call)
        if why is None:
            return None
        evidence.append(why)
        if why.proof is Proof.ASSUMED:
            lasts = Proof.ASSUMED
    note = "the same question about the same objects, which nothing changes in between"
    if lasts is Proof.ASSUMED:
        note = "assumes that the same objects answer the same question in the same way twice"
    evidence.append(Evidence("mutation", lasts, program.index.place(test), note))
    return evidence


def _lasts(program: Program, walk: Walk, condition: Condition, test: Site, earlier: int, at: int) -> Proof:
    """How sure it is that a test gives the same answer at two places of a function."""
    lasts = walk.lasts(condition, earlier, at)
    kinds = _kinds(program, condition.inside or test)
    attributes = any(part[0] == "attribute" for part in parts(condition.question))
    if lasts or (kinds <= IMMUTABLE and not attributes and walk.lasts(condition._replace(fixed=True), earlier, at)):
        return Proof.PROVED
    if lasts is None:
        return Proof.PROVED if kinds <= _CONTAINERS else Proof.ASSUMED
    return Proof.UNKNOWN


def _kinds(program: Program, test: Site) -> set[str]:
    """The builtin types of what a test compares or asks for its truth, ``?`` for any other."""
    values = program.ask(Values)
    code = program.facts[test.file].code
    sides = [code[test.pc + 5], code[test.pc + 8]] if code[test.pc] == ops.COMPARE else [test.pc]
    if code[test.pc] == ops.CALL and code[code[test.pc + 5]] == ops.ATTR:
        sides = [code[code[test.pc + 5] + 3], code[test.pc + 7]]
    found = set()
    for side in sides:
        for atom in objects(values.value(Site(test.file, side))):
            own = values.types.builtin(atom)
            found.add(own.__name__ if own else "?")
    return found or {"?"}


def _established(program: Program, scope: int, condition: Condition, outcome: bool, call: Call) -> Evidence | None:
    """What a caller has found out before a call, if it decides a condition of the function."""
    caller = program.index.scope_at(call.site)
    if program.index.scopes[caller].kind != data.FUNCTION:
        return None
    walk = program.ask(Walks).of(caller)
    given = _given(program, scope, call, walk)
    wanted = _translated(condition.question, given)
    if wanted is None:
        return None
    for earlier, came_out in sorted(walk.calls.get(call.site.pc) or (), reverse=True):
        for known, proof, place in _facts(program, walk, caller, earlier, came_out, call.site.pc):
            shown = implied(known[0], known[1], wanted)
            if shown is not None and (shown != condition.negated) == outcome:
                return Evidence(
                    "callers", proof, program.index.place(call.site), f"tested before this call, in line {place}"
                )
    return None


# A question about variables of a caller and its answer
Fact = tuple[Asked, bool]


def _facts(
    program: Program, walk: Walk, caller: int, earlier: int, outcome: bool, at: int
) -> Iterator[tuple[Fact, Proof, int]]:
    """What a test, or a call that came back, tells at a later place of the same function."""
    file = program.index.file_of[caller]
    fact = program.facts[file]
    if fact.code[earlier] == ops.EXPR:
        yield from _promised(program, walk, caller, earlier, at)
        return
    condition = walk.conditions.at(earlier)
    if condition is None:
        return
    proof = _lasts(program, walk, condition, Site(file, earlier), earlier, at)
    asked = _translated(condition.question, None)
    if proof is not Proof.UNKNOWN and asked is not None:
        yield (asked, outcome != condition.negated), proof, fact.code[earlier + 1]


def _promised(program: Program, walk: Walk, caller: int, earlier: int, at: int) -> Iterator[tuple[Fact, Proof, int]]:
    """What is known because a function that was called came back."""
    file = program.index.file_of[caller]
    fact = program.facts[file]
    pc = fact.code[earlier + 3]
    targets = objects(program.ask(Values).value(Site(file, fact.code[pc + 5])))
    if len(targets) != 1 or targets[0][0] not in ("function", "method"):
        return
    target = targets[0][1]
    record = program.index.scopes[target]
    decorated = any(program.analysis.calls.decorator_sites(target))
    if (
        record.flags & (data.GENERATOR | data.ASYNC)
        or decorated
        or program.index.name(target) in program.ask(Values).standins.names
    ):
        return
    inner = program.ask(Walks).of(target)
    call = next((call for call in callers(program, target).calls if call.site == Site(file, pc)), None)
    ends = [state for state in inner.exits if state is not None]
    if call is None or not ends:
        return
    received = {parameter.name for parameter in record.parameters}
    given = _given(program, target, call, walk)
    for test, outcome in sorted(frozenset.intersection(*ends)):
        condition = inner.conditions.at(test)
        if (
            condition is None
            or not condition.variables <= received
            or any(record.bound[name] for name in condition.variables)
        ):
            continue
        there = Site(program.index.file_of[target], test)
        proof = _lasts(program, inner, condition, there, _behind(program, there, record), record.end)
        asked = _translated(condition.question, given)
        if proof is Proof.UNKNOWN or asked is None:
            continue
        variables = frozenset(part[2] for part in parts(asked) if part[0] == "variable")
        later = _lasts(program, walk, condition._replace(variables=variables), there, earlier, at)
        if later is not Proof.UNKNOWN:
            yield (asked, outcome != condition.negated), min(proof, later), fact.code[earlier + 1]


def _behind(program: Program, test: Site, record: data.Scope) -> int:
    """Where a function goes on behind a test: behind the branch of an IF that raises."""
    code = program.facts[test.file].code
    for pc in program.facts[test.file].guards:
        if record.start <= pc < record.end and code[pc] == ops.IF:
            asked = code[pc + 5]
            if test.pc in (asked, code[asked + 4] if code[asked] == ops.UNARY else asked):
                end = branch_end(program, Site(test.file, pc))
                last = [at for at in ops.instructions(code, pc, end) if code[at] >= ops.STORE][-1]
                return end if code[last] == ops.RAISE else test.pc
    return test.pc


def _given(program: Program, scope: int, call: Call, walk: Walk) -> Mapping[int, Asked | None]:
    """What a call gives to each parameter, by the parameter's name, as an expression of the caller."""
    record = program.index.scopes[scope]
    fact = program.facts[call.site.file]
    found: dict[int, Asked | None] = {}
    for position, values in call.binding.given.items():
        if len(values) == 1 and position not in call.binding.unsure:
            asked = walk.conditions.expression(values[0])
            found[record.parameters[position].name] = asked and _translated(asked, None)
    callee = fact.code[call.site.pc + 5]
    if program.analysis.receivers(scope) is not None and fact.code[callee] == ops.ATTR:
        asked = walk.conditions.expression(fact.code[callee + 3])
        found[record.parameters[0].name] = asked and _translated(asked, None)
    return found


def _translated(asked: Asked, given: Mapping[int, Asked | None] | None) -> Asked | None:
    """A question with what is given for variables; None where that is not known."""
    if asked[0] == "variable":
        return given.get(asked[1]) if given is not None else ("variable", "of the caller", asked[1])
    found = []
    for part in asked:
        if isinstance(part, tuple) and asked[0] not in ("constant", "static"):
            part = _translated(part, given)
            if part is None:
                return None
        found.append(part)
    return tuple(found)
