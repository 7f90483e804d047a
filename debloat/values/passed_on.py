"""What a function gives back to one of its calls, where it gives back what it is given, or what calling that gives."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from debloat.facts import data, ops
from debloat.program.index import Site
from debloat.values.domain import NONE, NOTHING, Atom, Value, join, of

if TYPE_CHECKING:
    from debloat.values.analysis import Values
    from debloat.values.ssa import Form, Key, Version


class Guard(NamedTuple):
    """A test of what a parameter is, by an expression of that key, and how it comes out."""

    position: int
    test: int
    outcome: bool
    key: Key


class Exit(NamedTuple):
    """A ``return``: its block, its value (-1: none), and the parameter that this is, as the tests on the way there leave it.

    ``called`` is the CALL of that parameter if it gives back what that gives; ``position`` is -1 for any other value.
    ``guards`` are tests of parameters that it takes to get there.
    """

    block: int
    value: int
    position: int = -1
    tests: Sequence[Guard] = ()
    called: int = -1
    guards: Sequence[Guard] = ()


class PassedOn:
    """The part of the value analysis that tells the calls of a function apart."""

    def __init__(self, values: Values) -> None:
        self._values = values
        self._index = values.index
        self._exits: dict[int, Sequence[Exit]] = {}

    def returned(self, atom: Atom, site: Site) -> Value | None:
        """What a call of a function gives back to a site; None where that is no other than what it gives to all."""
        scope = atom[1]
        exits = self._told(scope)
        code = self._index.facts[site.file].code
        if not exits or code[site.pc] != ops.CALL or atom not in self._values.at(site.file, code[site.pc + 5]):
            return None
        found = []
        form = self._values.form(scope)
        for one in exits:
            if self._values.read(("reach", scope, one.block)) and self._may_come(form, one, atom, site):
                value = self._value(form, one, atom, site)
                if value is None:
                    return None
                found.append(value)
        if form.end >= 0 and self._values.read(("reach", scope, form.end)):
            found.append(of(NONE))
        return join(found)

    def _told(self, scope: int) -> Sequence[Exit]:
        """The exits of a function that gives back what it is given; none for any other."""
        if scope not in self._exits:
            record = self._index.scopes[scope]
            plain = not record.flags & (data.GENERATOR | data.ASYNC) and record.kind == data.FUNCTION
            exits = list(self._found(scope)) if plain and record.parameters else []
            self._exits[scope] = exits if any(one.position >= 0 or one.guards for one in exits) else ()
        return self._exits[scope]

    def _found(self, scope: int) -> Iterator[Exit]:
        form = self._values.form(scope)
        code = self._index.facts[form.file].code
        for value, block in form.exits:
            pc, called = self._source(form, value), -1
            if pc >= 0 and code[pc] == ops.CALL:
                pc, called = code[pc + 5], pc
            position, tests = self._parameter(form, pc)
            guards = list(self._guards(form, block))
            if position >= 0:
                yield Exit(block, value, position, tests, called, guards)
            else:
                yield Exit(block, value, guards=guards)

    def _parameter(self, form: Form, pc: int) -> tuple[int, Sequence[Guard]]:
        """The parameter that a NAME reads, -1 for anything else, and the tests that say more of it there."""
        version: Version = (
            form.reads.get(pc, ()) if pc >= 0 and self._index.facts[form.file].code[pc] == ops.NAME else ()
        )
        tests = []
        while version[:1] == ("narrow",):
            _, version, test, outcome, key = version
            tests.append((test, outcome, key))
        if version[:1] != ("parameter",) or not self._is_single(form.scope, version[1]):
            return -1, ()
        return version[1], [Guard(version[1], *test) for test in reversed(tests)]

    def _guards(self, form: Form, block: int) -> Iterator[Guard]:
        """The tests of parameters on the one way to a block, as far back as there is one."""
        while len(form.blocks[block]) == 1:
            ((block, kind, test, outcome),) = form.blocks[block]
            if kind == "test":
                for pc in self._inside(form, test):
                    position, _ = self._parameter(form, pc)
                    if position >= 0:
                        yield Guard(position, test, outcome, form.keys[pc])

    def _inside(self, form: Form, value: int) -> Iterator[int]:
        """The names that an expression is made of."""
        code = self._index.facts[form.file].code
        if code[value] == ops.NAME:
            yield value
        elif code[value] in (ops.UNARY, ops.COMPARE, ops.CALL):
            for part in ops.values(code, value):
                yield from self._inside(form, part)

    def _may_come(self, form: Form, one: Exit, atom: Atom, site: Site) -> bool:
        """Whether what the call gives may pass the tests on the way to an exit."""
        for guard in one.guards:
            value = self._given(guard.position, atom, site)
            if value is not None and not self._narrowed(form, value, guard):
                return False
        return True

    def _source(self, form: Form, value: int) -> int:
        """The expression whose value a ``return`` gives, through variables that hold that and no other."""
        code = self._index.facts[form.file].code
        while value >= 0 and code[value] == ops.NAME:
            version: Version = form.reads.get(value, ())
            if version[:1] != ("store",):
                break
            value = version[1]
        return value

    def _is_single(self, scope: int, position: int) -> bool:
        kind = self._index.scopes[scope].parameters[position].kind
        return kind not in (data.VAR_POSITIONAL, data.VAR_KEYWORD)

    def _value(self, form: Form, one: Exit, atom: Atom, site: Site) -> Value | None:
        """What the function gives back there; None where it is not told what the call gives it."""
        values = self._values
        if one.position < 0:
            return of(NONE) if one.value < 0 else values.at(form.file, one.value)
        value = self._given(one.position, atom, site)
        if value is None:
            return None
        for guard in one.tests:
            value = self._narrowed(form, value, guard)
        return values.calls.result_of(value, Site(form.file, one.called)) if one.called >= 0 else value

    def _narrowed(self, form: Form, value: Value, guard: Guard) -> Value:
        return self._values.narrowing.narrowed(form, value, guard.test, guard.outcome, guard.key)

    def _given(self, position: int, atom: Atom, site: Site) -> Value | None:
        """What the call gives to a parameter."""
        scope = atom[1]
        skip = int(atom[0] == "method")
        if position < skip:
            return of(atom[2])
        binding = self._values.program.analysis.binding(*site, scope, skip)
        if position in binding.unsure:
            return None
        default = self._index.scopes[scope].parameters[position].default
        given = [self._values.at(site.file, value) for value in binding.given.get(position, ())]
        if not given and default >= 0:
            return self._values.at(self._index.file_of[scope], default)
        return join(given) if given else NOTHING
