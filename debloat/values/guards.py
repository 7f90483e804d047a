"""Tests that are decided: which they are, in what they stand, and what goes with the branch that never runs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from debloat.facts import ops
from debloat.model import Claim, Span
from debloat.program.index import Site
from debloat.values.analysis import Values
from debloat.values.domain import Value
from debloat.values.triage import Triage

if TYPE_CHECKING:
    from debloat.program.program import Program


class Decided(NamedTuple):
    """A test that always comes out one way.

    ``owner`` is the IF, WHILE, BOOL, CONDITIONAL, MATCH or comprehension's BRANCH that it stands in, itself where it is a
    question that is no test; ``dead`` is the stretch of code that never runs because of it, ``lines`` how many lines go
    with that.
    """

    test: Site
    outcome: bool
    owner: Site
    dead: tuple[int, int]
    lines: int
    value: Value


def decided(program: Program) -> list[Decided]:
    """The tests in judged files that are decided by the values they test. For :meth:`Program.find`."""
    values = program.ask(Values)
    # A question, isinstance(x, C), is met once for itself and once more where it is a test; that is what it is then.
    found = {
        found.test: found
        for file in program.judged
        for owner in program.facts[file].guards
        for found in _decided(values, Site(file, owner))
    }
    return list(found.values())


def _decided(values: Values, owner: Site) -> Iterator[Decided]:
    """The decided tests in one structure or expression; of a negated test its operand."""
    code = values.index.facts[owner.file].code
    for test in _tests(values, owner):
        outcome = True
        while code[test] == ops.UNARY and code[test + 3] == ops.NOT:
            test, outcome = code[test + 4], not outcome
        if code[test] in (ops.CONST, ops.BOOL) or values.program.ask(Triage).is_hopeless(Site(owner.file, test)):
            continue
        value = values.value(Site(owner.file, test)) if code[owner.pc] != ops.MATCH else frozenset()
        holds = values.types.truth(value)
        if holds in ((True, False), (False, True)) and values.is_reached(Site(owner.file, test)):
            ways = _branches(values, owner) if code[owner.pc] == ops.IF else (_NOTHING, _NOTHING)
            dead, lines = ways[holds[1] != outcome]
            yield Decided(Site(owner.file, test), holds[0], owner, dead, lines, value)


Way = tuple[tuple[int, int], int]
_NOTHING: Way = (0, 0), 0
_QUESTIONS = frozenset({"isinstance", "issubclass", "callable", "hasattr"})


def _tests(values: Values, owner: Site) -> Iterator[int]:
    fact = values.index.facts[owner.file]
    code, pc = fact.code, owner.pc
    match code[pc]:
        case ops.IF:
            yield code[pc + 5]
        case ops.WHILE:
            yield code[pc + 5]
        case ops.RETURN if code[pc + 3] >= 0 and code[code[pc + 3]] == ops.COMPARE:
            yield code[pc + 3]
        case ops.BRANCH:
            yield code[pc + 4]
        case ops.CONDITIONAL:
            yield code[pc + 3]
        case ops.BOOL:
            yield from code[pc + 5 : pc + 5 + code[pc + 4] - 1]
            last = code[pc + 4 + code[pc + 4]]
            if is_test(values, owner):
                yield last
        case ops.CALL if code[code[pc + 5]] == ops.NAME and fact.names[code[code[pc + 5] + 3]] in _QUESTIONS:
            yield pc


def is_test(values: Values, owner: Site) -> bool:
    """Whether all that is done with an expression is to test it."""
    fact = values.index.facts[owner.file]
    scope = values.index.scope_at(owner)
    users = fact.consumers(scope - values.index.base[owner.file]).get(owner.pc, ())
    tests = (ops.IF, ops.WHILE, ops.BRANCH)
    return bool(users) and all(
        fact.code[user] in tests
        or (fact.code[user] == ops.CONDITIONAL and owner.pc not in fact.code[user + 4 : user + 6])
        or (fact.code[user] == ops.BOOL and is_test(values, Site(owner.file, user)))
        or (fact.code[user] == ops.UNARY and fact.code[user + 3] == ops.NOT and is_test(values, Site(owner.file, user)))
        for user in users
    )


def _branches(values: Values, owner: Site) -> tuple[Way, Way]:
    """What runs only if the test of an IF is true, and only if it is false: code, lines."""
    fact = values.index.facts[owner.file]
    code = fact.code
    depth = 0
    middle = end = -1
    scope = values.index.scopes[values.index.scope_at(owner)]
    for pc in ops.instructions(code, owner.pc, scope.end):
        depth += code[pc] in ops.OPENING
        if code[pc] == ops.ELSE and depth == 1:
            middle = pc
        depth -= code[pc] == ops.END
        if depth == 0:
            end = pc
            break
    start = owner.pc + ops.size(code, owner.pc)
    first, last = code[owner.pc + 1], code[owner.pc + 3]
    if middle < 0:
        return ((start, end), last - first + 1), ((end, end), 1)
    otherwise = code[middle + 1]
    return ((start, middle), otherwise - first), ((middle, end), last - otherwise + 2)


def unreachable(program: Program, found: Decided) -> Iterator[Claim]:
    """What runs of the program can check of a decided test: that a branch never runs."""
    code = program.facts[found.owner.file].code
    lines = [code[pc + 1] for pc in ops.instructions(code, *found.dead) if code[pc] not in (ops.ELSE, ops.END)]
    header = code[found.owner.pc + 1]
    if lines and min(lines) > header:
        path = program.files[found.owner.file].path
        yield Claim(Span(path, min(lines), 0, max(lines) + 1, 0), "unreachable")
