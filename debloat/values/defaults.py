"""Defaults that give what is there already: ``items or []`` of a list."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from debloat.facts import ops
from debloat.program.index import Site
from debloat.values.analysis import Values
from debloat.values.calls import READERS
from debloat.values.domain import objects
from debloat.values.triage import Triage
from debloat.values.types import IMMUTABLE

if TYPE_CHECKING:
    from debloat.program.program import Program

_CONTAINERS = frozenset({list, tuple, set, dict, frozenset})


def repeated(program: Program) -> Iterator[tuple[Site, Site, bool]]:
    """The ``x or empty`` in which x is never None and false only where it is as empty: the whole, x, whether it is the same.

    It is the same where no code can tell the two empty objects apart: immutable ones, and those that are only read through.
    """
    values = program.ask(Values)
    for file in program.judged:
        code = program.facts[file].code
        for owner in program.facts[file].guards:
            if code[owner] == ops.BOOL and code[owner + 3] == 1 and code[owner + 4] == 2:
                given, default = code[owner + 5], code[owner + 6]
                kind = _empty(program, Site(file, default))
                if kind is None or program.ask(Triage).is_hopeless(Site(file, given)):
                    continue
                held = objects(values.value(Site(file, given)))
                kinds = {values.types.builtin(atom) for atom in held}
                read = _is_read_through(program, Site(file, owner))
                if kinds == {kind}:
                    yield Site(file, owner), Site(file, given), read or kind.__name__ in IMMUTABLE
                elif held and all(
                    values.types.builtin(atom) is kind or atom[:2] == ("stub", f"builtins.{kind.__name__}")
                    for atom in held
                ):
                    yield Site(file, owner), Site(file, given), False
                elif kinds and kinds <= _CONTAINERS and kind in _CONTAINERS and read:
                    yield Site(file, owner), Site(file, given), True


def _empty(program: Program, site: Site) -> type | None:
    """The builtin type of an expression that is its empty value, None for any other expression."""
    fact = program.facts[site.file]
    code = fact.code
    match code[site.pc]:
        case ops.SEQUENCE if code[site.pc + 4] == 0:
            return (list, tuple, set)[code[site.pc + 3]]
        case ops.DICT if code[site.pc + 3] == 0:
            return dict
        case ops.CONST:
            kind, value = fact.constants[code[site.pc + 3]]
            return {("str", ""): str, ("bytes", "b''"): bytes, ("int", 0): int, ("bool", False): bool}.get(
                (kind, value)
            )
    return None


def _is_read_through(program: Program, site: Site) -> bool:
    """Whether all that is done with an expression is to iterate over it at once."""
    fact = program.facts[site.file]
    scope = program.index.scope_at(site)
    users = fact.consumers(scope - program.index.base[site.file]).get(site.pc, ())
    return bool(users) and all(_reads(program, site, user) for user in users)


def _reads(program: Program, site: Site, user: int) -> bool:
    fact = program.facts[site.file]
    match fact.code[user]:
        case ops.ELEMENT | ops.FOR | ops.COMPREHENSION | ops.STAR:
            return True
        case ops.COMPARE:
            return fact.code[user + 7] in (ops.IN, ops.NOT_IN) and fact.code[user + 8] == site.pc
        case ops.CALL if fact.code[user + 5] != site.pc:
            called = program.names.static(Site(site.file, fact.code[user + 5]))
            return all(value[0] == "external" and value[1].removeprefix("<builtin>.") in READERS for value in called)
    return False
