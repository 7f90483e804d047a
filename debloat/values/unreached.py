"""Code that no way leads to: behind what always leaves or never comes back, and cases that no value matches."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from debloat.facts import data, ops
from debloat.model import Span
from debloat.program.index import Site
from debloat.values.analysis import Values
from debloat.values.domain import is_unknown, objects

if TYPE_CHECKING:
    from debloat.program.program import Program

_LIBRARY_EXITS = ("exit", "_exit", "abort", "fail", "error", "skip")


class Unreached(NamedTuple):
    """A stretch of code that never runs, from ``start`` up to ``end``.

    ``after`` is the instruction that nobody gets past: a call, what ends a statement, or the CASE whose pattern, at
    ``matches``, never matches.
    """

    after: Site
    start: int
    end: int
    matches: int = -1


def unreached(program: Program) -> Iterator[Unreached]:
    """The stretches that are not the branch of a decided test, tests and generated files left out."""
    values = program.ask(Values)
    for file in program.judged:
        code = program.facts[file].code
        for pc in program.facts[file].guards:
            if code[pc] in _LEAVING and pc + ops.size(code, pc) < len(code):
                yield from _behind(values, Site(file, pc), _entry(values, Site(file, pc)))
            elif code[pc] == ops.MATCH:
                yield from _cases(values, Site(file, pc))
    for call in _calls(program):
        if values.is_reached(call) and not values.calls.comes_back(*call):
            yield from _behind(values, call, call)


_LEAVING = frozenset({ops.RETURN, ops.RAISE, ops.BREAK, ops.CONTINUE, ops.END})


def _entry(values: Values, end: Site) -> Site:
    """What must have run for a statement to have been there: of a structure that ends here its beginning."""
    code = values.index.facts[end.file].code
    if code[end.pc] != ops.END:
        return end
    opened: list[int] = []
    for pc in values.index.facts[end.file].instructions(values.index.scope_at(end) - values.index.base[end.file]):
        if code[pc] in ops.OPENING:
            opened.append(pc)
        elif code[pc] == ops.END:
            start = opened.pop()
            if pc == end.pc:
                return Site(end.file, start)
    return end


def _behind(values: Values, after: Site, entry: Site) -> Iterator[Unreached]:
    """What follows an instruction in its block, if that never runs although the instruction does."""
    code = values.index.facts[after.file].code
    start = after.pc + ops.size(code, after.pc)
    if code[after.pc] == ops.CALL:
        start += ops.size(code, start)  # the EXPR that the call stands in
    if values.is_reached(entry) and (end := dead_until(values, after, start)) > start:
        yield Unreached(after, start, end)


def dead_until(values: Values, after: Site, start: int) -> int:
    """Where the code ends that begins behind an instruction and never runs; its start where it runs or there is none."""
    scope = values.index.scopes[values.index.scope_at(after)]
    code = values.index.facts[after.file].code
    if start >= scope.end or values.is_reached(Site(after.file, start)):
        return start
    end = section_end(values, Site(after.file, start))
    # A yield that never runs makes a function a generator.
    return start if any(code[pc] in _YIELDING for pc in ops.instructions(code, start, end)) else end


_YIELDING = frozenset({ops.YIELD, ops.YIELD_FROM, ops.AWAIT})


def section_end(values: Values, start: Site) -> int:
    """Where the block of statements ends that an instruction stands in."""
    code = values.index.facts[start.file].code
    stop = values.index.scopes[values.index.scope_at(start)].end
    depth = 0
    for pc in ops.instructions(code, start.pc, stop):
        if depth == 0 and code[pc] in ops.SECTIONS:
            return pc
        depth += (code[pc] in ops.OPENING) - (code[pc] == ops.END)
    return stop


def _cases(values: Values, match: Site) -> Iterator[Unreached]:
    """The cases of a ``match`` that no value comes to."""
    code = values.index.facts[match.file].code
    if not values.is_reached(match):
        return
    pc = match.pc + ops.size(code, match.pc)
    while code[pc] == ops.CASE:
        pattern = pc
        while code[pc] != ops.MATCHES:
            pc += ops.size(code, pc)
        matches = pc
        start = pc + ops.size(code, pc)
        pc = section_end(values, Site(match.file, start))
        if pc > start and not values.is_reached(Site(match.file, start)):
            yield Unreached(Site(match.file, pattern), start, pc, matches)


def _calls(program: Program) -> Iterator[Site]:
    """The statements that call what may never come back, by a glance at its name, where more follows in the block."""
    index = program.index
    judged = frozenset(program.judged)
    for name in sorted(program.ask(_leaving)):
        for call in index.calls_named(name):
            if call.file not in judged:
                continue
            fact = program.facts[call.file]
            user = call.pc + ops.size(fact.code, call.pc)
            scope = index.scope_at(call)
            if user >= index.scopes[scope].end or fact.code[user] != ops.EXPR:
                continue
            after = user + ops.size(fact.code, user)
            if after < index.scopes[scope].end and fact.code[after] not in ops.SECTIONS:
                yield call


def _leaving(program: Program) -> frozenset[str]:
    """The names of what may never come back."""
    index = program.index
    own = (index.name(scope) for scope, record in enumerate(index.scopes) if record.flags & data.LEAVES)
    return frozenset(_LIBRARY_EXITS).union(own)


def place(program: Program, file: int, start: int, end: int) -> Span:
    """Where a stretch of code stands, up to the start of the line below it."""
    code = program.facts[file].code
    inside = [pc for pc in ops.instructions(code, start, end) if code[pc] not in (ops.ELSE, ops.END)]
    first = min((code[pc + 1] for pc in inside), default=code[start + 1])
    column = min((code[pc + 2] for pc in inside if code[pc + 1] == first), default=code[start + 2])
    last = max((code[pc + 3] if code[pc] in _LONG else code[pc + 1] for pc in inside), default=first)
    return Span(program.files[file].path, first, column, last + 1, 0)


_LONG = ops.OPENING | {ops.CALL, ops.COMPARE, ops.EXCEPT}


def is_guard(program: Program, file: int, start: int, end: int, how: str) -> bool:
    """Whether a stretch is one statement for what should not happen: ``assert_never`` or ``assert False``, or a ``raise``."""
    fact = program.facts[file]
    code = fact.code
    statements = [
        pc
        for pc in ops.instructions(code, start, end)
        if code[pc] >= ops.STORE and code[pc] not in (ops.ELSE, ops.BRANCH)
    ]
    match [code[pc] for pc in statements[:1]]:
        case [ops.RAISE]:
            return how == "raise" and len(statements) == 1
        case [ops.ASSERT]:
            return how == "assert" and code[code[statements[0] + 3]] == ops.CONST
        case [ops.EXPR] if code[call := code[statements[0] + 3]] == ops.CALL:
            return how == "assert" and program.openings.shown(Site(file, call)).rpartition(".")[2] == "assert_never"
    return False


def subject_of(program: Program, test: Site) -> Site:
    """What a test asks about: of a comparison the side that is no constant, else all of it."""
    code = program.facts[test.file].code
    if code[test.pc] == ops.COMPARE:
        sides = [code[test.pc + 5], code[test.pc + 8]]
        return Site(test.file, min(sides, key=lambda pc: code[pc] in (ops.CONST, ops.ATTR, ops.SEQUENCE)))
    return test


def is_last(program: Program, subject: Site) -> bool:
    """Whether tests before have left one value of several."""
    values = program.ask(Values)
    form = values.form(program.index.scope_at(subject))
    version = form.reads.get(subject.pc, ())
    if version[:1] != ("narrow",):
        return False
    while version[0] == "narrow":
        version = version[1]
    before = values.solver.solve(("version", form.scope, version))
    return len(objects(before)) > 1 or is_unknown(before)
