"""Context managers of the program that do nothing on the way in and on the way out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from debloat.facts import data, ops
from debloat.program.binding import arguments
from debloat.program.index import Site
from debloat.program.mentions import mentions
from debloat.program.queries import constant, definitions, users
from debloat.program.references import references

if TYPE_CHECKING:
    from debloat.program.program import Program

_NOTHING = (("NoneType", None), ("bool", False))


class IdleContext(NamedTuple):
    """A function or class whose context managers do nothing, and the calls that are all of a ``with``."""

    scope: int
    calls: tuple[Site, ...]


def idle_contexts(program: Program) -> Iterator[IdleContext]:
    """The context managers at the top of modules that do nothing, and that every use of enters on the spot."""
    for kind, is_idle in ((data.FUNCTION, _yields_alone), (data.CLASS, _is_empty)):
        for scope in definitions(program, kind):
            top = program.index.scopes[program.index.parent(scope)].kind == data.MODULE
            if not top or not is_idle(program, scope) or program.index.name(scope) in program.ask(mentions):
                continue
            calls = [_entered(program, site) for site in references(program, scope).reads]
            known = [call for call in calls if call is not None]
            if known and len(known) == len(calls):
                yield IdleContext(scope, tuple(known))


def _done(program: Program, scope: int) -> list[Site]:
    """The statements of a scope, a docstring left out."""
    file = program.index.file_of[scope]
    fact = program.facts[file]
    code = fact.code
    done = [pc for pc in fact.instructions(scope - program.index.base[file]) if code[pc] >= ops.STORE]
    return [Site(file, pc) for pc in done if code[pc] != ops.EXPR or code[code[pc + 3]] != ops.CONST]


def _yields_alone(program: Program, function: int) -> bool:
    """Whether a function does nothing but to yield nothing, for a ``with``."""
    record, code = program.index.scopes[function], program.facts[program.index.file_of[function]].code
    if record.parameters or program.analysis.calls.decorators(function) != {"contextlib.contextmanager"}:
        return False
    match _done(program, function):
        case [(_, pc)] if code[pc] == ops.EXPR:
            return code[code[pc + 3]] == ops.YIELD and code[code[pc + 3] + 3] < 0
    return False


def _is_empty(program: Program, cls: int) -> bool:
    """Whether a class has an ``__enter__`` and an ``__exit__`` that do nothing, and nothing else."""
    index, record = program.index, program.index.scopes[cls]
    names = program.facts[index.file_of[cls]].names
    methods = {index.name(child): child for child in index.children.get(cls, ())}
    if {names[name] for name in record.bound} != {"__enter__", "__exit__"} or methods.keys() != {
        "__enter__",
        "__exit__",
    }:
        return False
    plain = len(program.hierarchy.order(cls)) == 1 and not program.hierarchy.keywords(cls)
    plain = plain and all(index.scopes[one].line == index.scopes[one].first_line for one in (cls, *methods.values()))
    return (
        plain
        and not program.hierarchy.subclasses(cls)
        and not any(index.scopes[method].flags & (data.ASYNC | data.GENERATOR) for method in methods.values())
        and all(_returns(program, site, anything=True) for site in _done(program, methods["__enter__"]))
        and all(_returns(program, site, anything=False) for site in _done(program, methods["__exit__"]))
    )


def _returns(program: Program, site: Site, *, anything: bool) -> bool:
    """Whether a statement returns a name or constant, or what lets exceptions pass."""
    code = program.facts[site.file].code
    if code[site.pc] != ops.RETURN or code[site.pc + 3] < 0:
        return code[site.pc] == ops.RETURN
    value = Site(site.file, code[site.pc + 3])
    return constant(program, value) in _NOTHING or (anything and code[value.pc] == ops.NAME)


def _entered(program: Program, site: Site) -> Site | None:
    """The call of what a place names, if it has no arguments and a ``with`` alone has what it gives."""
    fact = program.facts[site.file]
    match users(program, site):
        case [call] if fact.code[call] == ops.CALL and fact.code[call + 5] == site.pc:
            given = arguments(fact, call)
            entered = [fact.code[user] for user in users(program, Site(site.file, call))]
            if entered == [ops.WITH] and not given.positional and not given.keywords:
                return Site(site.file, call)
    return None
