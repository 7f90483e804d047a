"""Functions whose body is one call of another function with their own parameters."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from debloat.facts import data, ops
from debloat.facts.data import Parameter
from debloat.program.binding import Arguments, arguments, bind
from debloat.program.constants import default_value, is_bound_once
from debloat.program.externals import CONSTRUCTORS
from debloat.program.index import Site
from debloat.program.queries import definitions

if TYPE_CHECKING:
    from debloat.program.program import Program

# Names in the file of a function that may look at who called it.
_FRAMES = ("stacklevel", "_getframe", "currentframe", "getouterframes")


class Forward(NamedTuple):
    """A function, the call that is its body and what that calls.

    ``needed`` are the parameters that a caller must give because the target has another default; ``drops_receiver``
    says that a method calls something that is not its object's, ``on_receiver`` that it calls another method of it;
    ``names`` are the parameters, each with the name that it has in the target, where that is another.
    """

    scope: int
    call: Site
    target: int
    needed: frozenset[int]
    drops_receiver: bool
    on_receiver: bool
    names: tuple[tuple[str, str], ...]


def candidates(program: Program) -> Iterator[int]:
    """The functions and methods, without openings and decorators, whose body is one call."""
    index = program.index
    for scope in definitions(program, data.FUNCTION):
        record = index.scopes[scope]
        name = index.name(scope)
        special = name.startswith("__") and name.endswith("__")
        if not record.flags & data.FORWARDS or record.flags & (data.GENERATOR | data.READS_FRAME) or special:
            continue
        nested = index.scopes[index.parent(scope)].kind not in (data.MODULE, data.CLASS)
        if not nested and not program.openings.first(scope) and not any(program.analysis.calls.decorator_sites(scope)):
            yield scope


def forwards(program: Program) -> Iterator[Forward]:
    """The functions and methods, without openings, that pass all they are given on, unchanged and in order."""
    for scope in candidates(program):
        found = _forward(program, scope)
        if found is not None:
            yield found


def _forward(program: Program, scope: int) -> Forward | None:
    call, returned = only_call(program, scope)
    if call is None:
        return None
    fact = program.facts[call.file]
    given = arguments(fact, call.pc)
    own = program.index.scopes[scope].parameters[0 if program.analysis.receivers(scope) is None else 1 :]
    if not passes_all(program, call, given, own):
        return None
    callee = Site(call.file, fact.code[call.pc + 5])
    on_receiver = _on_receiver(program, scope, callee)
    if not on_receiver and not _settled(program, callee):
        return None
    targets = program.analysis.targets(call)
    target = next(iter(targets))
    if len(targets) != 1 or target in (-1, scope) or program.index.name(target) in CONSTRUCTORS:
        return None
    if not (returned or returns_nothing(program, target)) or looks_at_frames(program, target):
        return None
    needed = _needed(program, scope, own, call, given, target)
    drops = (
        program.index.enclosing_class(scope) >= 0
        and not on_receiver
        and len(own) < len(program.index.scopes[scope].parameters)
    )
    if needed is None:
        return None
    return Forward(scope, call, target, needed, drops, on_receiver, tuple(_renamed(program, call, given, target)))


def only_call(program: Program, scope: int) -> tuple[Site | None, bool]:
    """The call that is the body, and whether its result is returned; an async function must await it."""
    file = program.index.file_of[scope]
    fact = program.facts[file]
    last = -1
    for pc in fact.instructions(scope - program.index.base[file]):
        last = pc
    value = fact.code[last + 3]
    awaited = fact.code[value] == ops.AWAIT
    if awaited:
        value = fact.code[value + 3]
    if fact.code[value] != ops.CALL or awaited != bool(program.index.scopes[scope].flags & data.ASYNC):
        return None, False
    return Site(file, value), fact.code[last] == ops.RETURN


def passes_all(program: Program, call: Site, given: Arguments, own: list[Parameter]) -> bool:
    """Whether the arguments are the parameters, each once, positional ones in order, starred ones starred."""
    code = program.facts[call.file].code
    positional = [code[value + 3] if star else value for value, star in given.positional]
    values = positional + [value for _, value in given.keywords]
    if any(code[value] != ops.NAME for value in values):
        return False
    passed = [code[value + 3] for value in values]
    stars = [code[value + 3] for value, star in zip(positional, given.positional, strict=True) if star[1]]
    stars += [code[value + 3] for name, value in given.keywords if name is None]
    variadic = [parameter.name for parameter in own if parameter.kind in (data.VAR_POSITIONAL, data.VAR_KEYWORD)]
    return sorted(passed) == sorted(parameter.name for parameter in own) and stars == variadic


def _on_receiver(program: Program, scope: int, callee: Site) -> bool:
    """Whether a callee is a method of the object or class that the function itself is called on."""
    code = program.facts[callee.file].code
    record = program.index.scopes[scope]
    return (
        program.analysis.receivers(scope) is not None
        and code[callee.pc] == ops.ATTR
        and code[code[callee.pc + 3]] == ops.NAME
        and [code[code[callee.pc + 3] + 3]] == [parameter.name for parameter in record.parameters[:1]]
    )


def _settled(program: Program, callee: Site) -> bool:
    """Whether a dotted name means the same wherever it is written: its first name is bound once, in a module."""
    code = program.facts[callee.file].code
    pc = callee.pc
    while code[pc] == ops.ATTR:
        pc = code[pc + 3]
    return code[pc] == ops.NAME and is_bound_once(program, Site(callee.file, pc))


def _renamed(program: Program, call: Site, given: Arguments, target: int) -> Iterator[tuple[str, str]]:
    """The names of the arguments of a call, which are parameters, each with that of the parameter it is given to."""
    fact = program.facts[call.file]
    theirs = program.index.scopes[target].parameters
    names = program.facts[program.index.file_of[target]].names
    skip = 0 if program.analysis.receivers(target) is None else 1
    for position, values in bind(given, theirs, names, skip).given.items():
        for value in values:
            if fact.code[value] == ops.NAME and theirs[position].kind not in (data.VAR_POSITIONAL, data.VAR_KEYWORD):
                mine, other = fact.names[fact.code[value + 3]], names[theirs[position].name]
                if mine != other:
                    yield mine, other


def returns_nothing(program: Program, scope: int) -> bool:
    """Whether a function surely gives None, and when it is called."""
    file = program.index.file_of[scope]
    fact = program.facts[file]
    flags = program.index.scopes[scope].flags
    returned = [
        fact.code[pc + 3] for pc in fact.instructions(scope - program.index.base[file]) if fact.code[pc] == ops.RETURN
    ]
    return not flags & (data.GENERATOR | data.ASYNC) and all(value < 0 for value in returned)


def looks_at_frames(program: Program, scope: int) -> bool:
    """Whether the file of a function may ask who called it."""
    names = program.facts[program.index.file_of[scope]].name_index
    return any(name in names for name in _FRAMES)


def _needed(
    program: Program, scope: int, own: list[Parameter], call: Site, given: Arguments, target: int
) -> frozenset[int] | None:
    """The parameters whose default is not the target's; None where the order or a kind differs."""
    theirs = program.index.scopes[target].parameters
    names = program.facts[program.index.file_of[target]].names
    code = program.facts[call.file].code
    skip = 0 if program.analysis.receivers(target) is None else 1
    binding = bind(given, theirs, names, skip)
    received = {
        code[value + 3]: position
        for position, values in binding.given.items()
        for value in values
        if code[value] == ops.NAME and theirs[position].kind not in (data.VAR_POSITIONAL, data.VAR_KEYWORD)
    }
    first = len(program.index.scopes[scope].parameters) - len(own)
    needed = set()
    for place, parameter in enumerate(own):
        if parameter.kind in (data.VAR_POSITIONAL, data.VAR_KEYWORD):
            continue
        position = received.get(parameter.name)
        if position is None or theirs[position].kind != parameter.kind:
            return None
        if parameter.kind != data.KEYWORD_ONLY and position - skip != place:
            return None
        mine, default = default_value(program, scope, first + place), default_value(program, target, position)
        if parameter.default >= 0 and (mine is None or mine != default):
            needed.add(first + place)
    return frozenset(needed) if binding.fits else None
