"""What ``*args`` and ``**kwargs`` that a function passes on cannot hold, since no call of it gives that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from debloat.facts import data, ops
from debloat.program.binding import arguments
from debloat.program.index import Site
from debloat.program.queries import Call, callers, reads, users

if TYPE_CHECKING:
    from debloat.program.program import Program

# What may be done with such a tuple or dict so that nothing is in it that no call gave.
_READING = ("get", "items", "keys", "values", "pop", "copy")
# Bases that do not call the constructor.
_PLAIN_BASES = frozenset({"abc.ABC", "typing.Generic"})


def sharpened(program: Program, scope: int, calls: Sequence[Call]) -> list[Call]:
    """The calls of a function, where it may be told without the parameters that what is unpacked there cannot fill."""
    names = program.facts[program.index.file_of[scope]].names
    parameters = program.index.scopes[scope].parameters
    found = []
    for call in calls:
        unsure = frozenset(
            position
            for position in call.binding.unsure
            if _may_fill(program, call, names[parameters[position].name], parameters[position].kind)
        )
        binding = call.binding if unsure == call.binding.unsure else replace(call.binding, unsure=unsure)
        found.append(call._replace(binding=binding))
    return found


def _may_fill(program: Program, call: Call, name: str, kind: int) -> bool:
    """Whether a ``*`` or ``**`` argument of a call may fill a parameter."""
    code = program.facts[call.site.file].code
    stars = [Site(call.site.file, code[value + 3]) for value, star in call.arguments.positional if star]
    mappings = [Site(call.site.file, value) for key, value in call.arguments.keywords if key is None]
    by_position = kind != data.KEYWORD_ONLY and any(not _lacks(program, site, None, set()) for site in stars)
    by_name = kind != data.POSITIONAL_ONLY and any(not _lacks(program, site, name, set()) for site in mappings)
    return by_position or by_name


def _lacks(program: Program, site: Site, key: str | None, seen: set[tuple[int, int]]) -> bool:
    """Whether an expression is ``**kwargs`` of a function that surely lack a key or, with no key, ``*args`` that are empty."""
    code = program.facts[site.file].code
    home = program.index.home(site) if code[site.pc] == ops.NAME else -1
    if home < 0 or program.index.scopes[home].kind != data.FUNCTION:
        return False
    record = program.index.scopes[home]
    name = code[site.pc + 3]
    wanted = data.VAR_POSITIONAL if key is None else data.VAR_KEYWORD
    position = next((i for i, p in enumerate(record.parameters) if p.name == name and p.kind == wanted), -1)
    if position < 0:
        return False
    if (home, position) in seen:
        return True
    seen.add((home, position))
    calls = filling(program, home, position)
    return calls is not None and all(
        _gives_no(program, call, value, key, seen) for call in calls for value in call.binding.given.get(position, ())
    )


def filling(program: Program, scope: int, position: int) -> Sequence[Call] | None:
    """The calls of a function that fill its ``*args`` or ``**kwargs``; None where something else may put something there."""
    record = program.index.scopes[scope]
    name = record.parameters[position].name
    if record.bound[name] or record.flags & data.READS_FRAME:
        return None
    cls = program.index.enclosing_class(scope)
    constructor = program.index.name(scope) == "__init__" and cls >= 0
    if constructor and (not _PLAIN_BASES.issuperset(program.hierarchy.outside(cls)) or program.hierarchy.keywords(cls)):
        return None  # these may call it
    found = callers(program, scope, if_closed=True)
    text = program.facts[program.index.file_of[scope]].names[name]
    return None if found.openings or not _is_only_read(program, scope, text) else found.calls


def _gives_no(program: Program, call: Call, value: int, key: str | None, seen: set[tuple[int, int]]) -> bool:
    """Whether an argument that goes into ``*args`` or ``**kwargs`` puts nothing there, or not under a key."""
    code = program.facts[call.site.file].code
    if key is None:
        return code[value] == ops.STAR and _lacks(program, Site(call.site.file, code[value + 3]), key, seen)
    names = [name for name, given in call.arguments.keywords if given == value]
    return key not in names and (None not in names or _lacks(program, Site(call.site.file, value), key, seen))


def _is_only_read(program: Program, scope: int, name: str) -> bool:
    """Whether all that is done with ``*args`` or ``**kwargs`` leaves them without anything new."""
    # A default has no user.
    used = [(site, users(program, site)) for site in reads(program, scope, name)]
    return all(at and all(_is_reading(program, site, pc) for pc in at) for site, at in used)


def _is_reading(program: Program, site: Site, pc: int) -> bool:
    fact = program.facts[site.file]
    match fact.code[pc]:
        case ops.CALL:
            return (None, site.pc) in arguments(fact, pc).keywords
        case ops.ATTR:
            return fact.names[fact.code[pc + 4]] in _READING
        case ops.SUBSCRIPT:
            return fact.code[pc + 3] == site.pc
        case ops.DICT | ops.STAR | ops.COMPARE | ops.ELEMENT | ops.IF | ops.FSTRING:
            return True
    return False


def unpackings(program: Program, scope: int, name: str) -> list[tuple[Site, int]] | None:
    """The calls into which ``*args`` or ``**kwargs`` are unpacked, each with the argument; None if more is done with them."""
    found: list[tuple[Site, int]] = []
    for site in reads(program, scope, name):
        fact = program.facts[site.file]
        value, used = site.pc, users(program, site)
        if [fact.code[pc] for pc in used] == [ops.STAR]:
            value = used[0]
            used = users(program, Site(site.file, value))
        if not used:
            return None
        for pc in used:
            given = arguments(fact, pc) if fact.code[pc] == ops.CALL else None
            if given is None or not ((value, True) in given.positional or (None, value) in given.keywords):
                return None
            found.append((Site(site.file, pc), value))
    return found or None
