"""Functions whose body is a call of another function of the program with their own parameters, and with little of their own."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from debloat.facts import data, ops
from debloat.program.binding import Arguments, arguments
from debloat.program.constants import is_bound_once
from debloat.program.externals import CONSTRUCTORS
from debloat.program.forwarding import candidates, looks_at_frames, only_call
from debloat.program.index import Site

if TYPE_CHECKING:
    from debloat.program.program import Program


class Wrapper(NamedTuple):
    """A function, the call that it returns, and whether that is given more than the parameters."""

    scope: int
    call: Site
    knows: bool


def wrappers(program: Program) -> Iterator[Wrapper]:
    """The functions and methods, without openings, that return a call with all their parameters in their order."""
    for scope in candidates(program):
        call, returned = only_call(program, scope)
        if call is None or not returned or looks_at_frames(program, scope):
            continue
        fact = program.facts[call.file]
        own = program.index.scopes[scope].parameters[0 if program.analysis.receivers(scope) is None else 1 :]
        given = arguments(fact, call.pc)
        callee = Site(call.file, fact.code[call.pc + 5])
        library = _is_of_library(program, callee)
        targets = program.analysis.targets(call)
        known = (
            len(targets) == 1 and not targets <= {-1, scope} and program.index.name(min(targets)) not in CONSTRUCTORS
        )
        if not known and not library:
            continue
        variadic = any(parameter.kind in (data.VAR_POSITIONAL, data.VAR_KEYWORD) for parameter in own)
        starred = any(star for _, star in given.positional) or any(name is None for name, _ in given.keywords)
        if variadic or starred or not _is_plain(program, scope, callee):
            continue
        values = [value for value, _ in given.positional] + [value for _, value in given.keywords]
        passed = [fact.code[value + 3] for value in values if fact.code[value] == ops.NAME]
        others = [value for value in values if fact.code[value] != ops.NAME]
        if (
            (others and not passed)
            or passed != [parameter.name for parameter in own]
            or any(fact.code[value] != ops.CONST for value in others)
        ):
            continue
        knows = bool(others) or _names_new(fact.names, own, given)
        if not (library and knows):
            yield Wrapper(scope, call, knows)


def _is_of_library(program: Program, callee: Site) -> bool:
    """Whether a callee is a function of a module of the standard library; those that are builtins have no such name."""
    match list(program.names.static(callee)):
        case [("external", str(dotted))]:
            return dotted.partition(".")[0] in sys.stdlib_module_names and "." in dotted
    return False


def _names_new(names: Sequence[str], own: Sequence[data.Parameter], given: Arguments) -> bool:
    """Whether an argument gets a name that the parameter, which a call gives by position, does not have."""
    mine = {names[parameter.name] for parameter in own}
    return any(name not in mine for name, _ in given.keywords)


def _is_plain(program: Program, scope: int, callee: Site) -> bool:
    """Whether a callee is a dotted name of a module or of the object that a method is called on, and no class."""
    code = program.facts[callee.file].code
    if any(value[0] == "class" for value in program.names.static(callee)):
        return False
    pc = callee.pc
    while code[pc] == ops.ATTR:
        pc = code[pc + 3]
    if code[pc] != ops.NAME:
        return False
    root = Site(callee.file, pc)
    home = program.index.home(root)
    if home == scope:
        first = program.index.scopes[scope].parameters[:1]
        return program.analysis.receivers(scope) is not None and [one.name for one in first] == [code[pc + 3]]
    return home < 0 or is_bound_once(program, root)
