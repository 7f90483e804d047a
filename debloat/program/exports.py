"""What outsiders may use: the public surface of each part of the project, as its world says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from debloat.facts import data
from debloat.worlds import Part, World

if TYPE_CHECKING:
    from debloat.program.program import Program

# A public symbol: ("scope", its scope) for a function or class, ("variable", module scope, name) for the rest.
Symbol = tuple[str, int] | tuple[str, int, str]


def exports(program: Program) -> Mapping[Symbol, Part]:
    """The public symbols of the program, each with the part that makes it so. A fact for :meth:`Program.ask`."""
    found: dict[Symbol, Part] = {}
    for number, file in enumerate(program.files):
        part = program.part(file.path)
        if file.tests and part.public is None:
            continue
        for name in _exported(program, number, part):
            for symbol in _symbols(program, number, name):
                found.setdefault(symbol, part)
    return found


def _exported(program: Program, number: int, part: Part) -> Iterator[str]:
    file, fact = program.files[number], program.facts[number]
    if part.public is None:
        if part.world is World.LIBRARY:
            yield from _names(program, number)
        return
    for pattern in part.public:
        module, _, symbol = pattern.partition(":")
        if any(fnmatchcase(name, module) for name in (file.module, *file.aliases)):
            if symbol:
                yield from (name for name in fact.names if fnmatchcase(name, symbol))
            else:
                yield from _names(program, number)


def _names(program: Program, number: int) -> Iterator[str]:
    """What a module exports: ``__all__``, else what has no underscore; a list that is computed exports both."""
    fact = program.facts[number]
    if fact.exported is not None:
        yield from fact.exported
        if not fact.flags & data.DYNAMIC_EXPORTS:
            return
    for index in fact.scopes[0].bound:
        if not fact.names[index].startswith("_"):
            yield fact.names[index]
    for target in program.names.star_targets(number):
        if target is not None and target != number:
            yield from (name for name in _own_names(program, target) if program.names.exports(target, name))


def _own_names(program: Program, number: int) -> Iterator[str]:
    fact = program.facts[number]
    return (fact.names[index] for index in fact.scopes[0].bound)


def _symbols(program: Program, number: int, name: str) -> Iterator[Symbol]:
    yield "variable", program.index.base[number], name
    for value in program.names.member(number, name):
        if value[0] in ("function", "class"):
            yield "scope", value[1]
