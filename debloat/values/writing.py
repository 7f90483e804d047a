"""Reads of a variable or attribute that do no more than change what it holds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from debloat.facts import ops
from debloat.program.externals import CONTAINERS
from debloat.program.index import Site
from debloat.program.queries import users
from debloat.values.analysis import Values
from debloat.values.domain import objects

if TYPE_CHECKING:
    from debloat.program.program import Program

# Methods that only change a container, whose arguments they neither call nor iterate over ...
_ADDING = frozenset({"append", "appendleft", "add", "insert", "clear", "setdefault"})
# ... and those that iterate over them.
_JOINING = frozenset({"extend", "extendleft", "update"})
_STEADY = (int, float, bool, str, bytes, tuple, type(None))
_SETS = frozenset({ops.SET_ATTR, ops.STORE})


class Write(NamedTuple):
    """A statement that only writes: its instruction, and the values that are evaluated for it alone."""

    site: Site
    values: tuple[Site, ...]


class Writing:
    """The reads of one thing that ``is_it`` tells by their sites; ``is_own`` says that nobody else has the container it holds."""

    def __init__(self, program: Program, is_it: Callable[[Site], bool], is_own: Callable[[], bool]) -> None:
        self._program, self._is_it, self._is_own = program, is_it, is_own

    def of(self, site: Site) -> Write | None:
        """The statement that a read is a part of, if all that does is to change what the thing holds.

        Of an augmented assignment that is the read itself: the write is found by itself.
        """
        code = self._program.facts[site.file].code
        match users(self._program, site):
            case [user] if code[user] == ops.BINARY and code[user + 4] == site.pc:
                sets = users(self._program, Site(site.file, user))
                same = (
                    len(sets) == 1
                    and code[sets[0]] in _SETS
                    and code[sets[0] + 1 : sets[0] + 3] == code[site.pc + 1 : site.pc + 3]
                )
                return Write(site, ()) if same and (self._is_steady(site) or self._is_own()) else None
            case [user] if code[user] == ops.SET_ITEM and code[user + 3] == site.pc and self._is_own():
                added = self._added(Site(site.file, code[user + 5]))
                return Write(Site(site.file, user), (Site(site.file, code[user + 4]), *added))
            case [user] if (item := self._taken(site, user)) is not None and self._is_own():
                sums = users(self._program, item)
                puts = [
                    put for one in sums if code[one] == ops.BINARY for put in users(self._program, Site(site.file, one))
                ]
                put = len(sums) == len(puts) == 1 and code[puts[0]] == ops.SET_ITEM
                return Write(site, ()) if put and self._is_it(Site(site.file, code[puts[0] + 3])) else None
            case [user] if code[user] == ops.ATTR and self._is_own():
                return self._called(Site(site.file, user))
        return None

    def _added(self, value: Site) -> tuple[Site, ...]:
        """What is evaluated for a value that an item of the container is set to, besides an item of it that is added to."""
        code = self._program.facts[value.file].code
        if code[value.pc] == ops.BINARY:
            sides = [Site(value.file, side) for side in code[value.pc + 4 : value.pc + 6]]
            for item, other in (sides, sides[::-1]):
                if (given := self._item(item)) is not None:
                    return *given, other
        return (value,)

    def _taken(self, site: Site, user: int) -> Site | None:
        """The expression that takes an item out of the container which is read at a site."""
        code = self._program.facts[site.file].code
        found = [user]
        if code[user] == ops.ATTR:
            called = users(self._program, Site(site.file, user))
            found = [call for call in called if code[call] == ops.CALL and code[call + 5] == user]
        items = [Site(site.file, one) for one in found if self._item(Site(site.file, one)) is not None]
        return items[0] if len(items) == len(found) == 1 else None

    def _item(self, site: Site) -> tuple[Site, ...] | None:
        """What is evaluated to take an item out of the container, by its key or by ``get``; None for any other expression."""
        fact = self._program.facts[site.file]
        code, pc = fact.code, site.pc
        match code[pc]:
            case ops.SUBSCRIPT if self._is_it(Site(site.file, code[pc + 3])):
                return (Site(site.file, code[pc + 4]),)
            case ops.CALL if code[code[pc + 5]] == ops.ATTR and fact.names[code[code[pc + 5] + 4]] == "get":
                given = tuple(Site(site.file, value) for value in ops.values(code, pc) if value != code[pc + 5])
                return given if self._is_it(Site(site.file, code[code[pc + 5] + 3])) else None
        return None

    def _called(self, method: Site) -> Write | None:
        """The statement that is a call of a method which only changes the container."""
        fact = self._program.facts[method.file]
        code, name = fact.code, fact.names[fact.code[method.pc + 4]]
        match users(self._program, method):
            case [call] if code[call] == ops.CALL and code[call + 5] == method.pc:
                ends = users(self._program, Site(method.file, call))
                given = tuple(Site(method.file, value) for value in ops.values(code, call) if value != method.pc)
                known = name in _ADDING or (name in _JOINING and all(map(self._is_container, given)))
                if known and len(ends) == 1 and code[ends[0]] == ops.EXPR:
                    return Write(Site(method.file, ends[0]), given)
        return None

    def _is_container(self, site: Site) -> bool:
        values = self._program.ask(Values)
        found = objects(values.value(site))
        return bool(found) and all(values.types.builtin(atom) in (list, tuple, dict, set, str) for atom in found)

    def _is_steady(self, site: Site) -> bool:
        """Whether an augmented assignment never changes what is there itself."""
        values = self._program.ask(Values)
        found = objects(values.value(site))
        return bool(found) and all(values.types.builtin(atom) in _STEADY for atom in found)


def are_new(program: Program, values: Sequence[Site]) -> bool:
    """Whether some values are all new builtin containers that nothing else has."""
    return bool(values) and all(_is_new(program, site) for site in values)


def _is_new(program: Program, site: Site) -> bool:
    code = program.facts[site.file].code
    if len(users(program, site)) != 1:
        return False
    if code[site.pc] == ops.COMPREHENSION:
        return code[site.pc + 3] != ops.GENERATOR
    if code[site.pc] == ops.CALL:
        called = program.names.static(Site(site.file, code[site.pc + 5]))
        kinds = {value[1] for value in called if value[0] == "external"}
        given = [Site(site.file, value) for value in ops.values(code, site.pc) if value != code[site.pc + 5]]
        plain = "collections.defaultdict" not in kinds or _are_builtin(program, given)
        return len(called) == len(kinds) == 1 and kinds <= CONTAINERS and plain
    return code[site.pc] in (ops.SEQUENCE, ops.DICT)


def _are_builtin(program: Program, sites: Iterable[Site]) -> bool:
    """Whether all that is named is of the builtins: no code of the program makes what is missing."""
    found = [value for site in sites for value in program.names.static(site)]
    return all(value[0] == "external" and str(value[1]).startswith("<builtin>.") for value in found)
