"""Classes whose objects hold nothing, so that their methods are functions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from debloat.facts import data, ops
from debloat.program.abstract import is_type
from debloat.program.carriers import Carried, OpenError, carried
from debloat.program.index import Site
from debloat.program.queries import definitions, reads
from debloat.program.reach import production

if TYPE_CHECKING:
    from debloat.program.program import Program

_PLAIN = frozenset({"<builtin>.staticmethod", "<builtin>.classmethod"})
# What the body of a class may have beside definitions and what it computes for its attributes.
_STATEMENTS = frozenset({ops.STORE, ops.EXPR, ops.ANNOTATION})


class Stateless(NamedTuple):
    """A class without state: its methods, its other attributes, and where they are used, on an object or by each other.

    ``opening`` says why its objects cannot be followed, and where, if they cannot.
    """

    cls: int
    methods: Sequence[int]
    attributes: Sequence[str]
    uses: Sequence[Site]
    carried: Carried
    opening: tuple[str, Site] | None


def stateless(program: Program) -> Sequence[Stateless]:
    """The classes without state that production uses. A fact for :meth:`Program.ask`."""
    live = program.ask(production)
    return [found for cls in definitions(program, data.CLASS) if live.scope(cls) for found in _stateless(program, cls)]


def _stateless(program: Program, cls: int) -> Iterator[Stateless]:
    record = program.index.scopes[cls]
    family = [*program.hierarchy.subclasses(cls), *program.hierarchy.keywords(cls), *program.hierarchy.bases(cls)]
    top = program.index.scopes[program.index.parent(cls)].kind == data.MODULE
    if family or not top or record.line != record.first_line or not _only_defines(program, cls):
        return
    methods = [scope for scope in program.index.children.get(cls, ()) if program.index.name(scope) != "__init__"]
    names = program.facts[program.index.file_of[cls]].names
    defined = {program.index.name(scope) for scope in program.index.children.get(cls, ())}
    attributes = [names[name] for name in record.bound if names[name] not in defined]
    members = {*map(program.index.name, methods), *attributes}
    uses = _own_uses(program, cls, members)
    if not methods or uses is None:
        return
    opened = next(filter(None, map(program.openings.first, (cls, *methods))), None)
    try:
        found = carried(program, cls, members, {*attributes, *map(program.index.name, _static(program, methods))})
        told = [site for site in found.named if not is_type(program, site)]
        opened = opened or (("named as more than a type", told[0]) if told else None)
    except OpenError as error:
        found, opened = Carried(), (f"escapes: {error}", error.site)
    yield Stateless(cls, methods, attributes, uses, found, opened)


def _static(program: Program, methods: Sequence[int]) -> Iterator[int]:
    """The methods that need no object."""
    return (method for method in methods if program.analysis.calls.decorators(method) & _PLAIN)


def _only_defines(program: Program, cls: int) -> bool:
    """Whether the body of a class has nothing but plain methods and attributes, each bound once."""
    index, file = program.index, program.index.file_of[cls]
    fact, record = program.facts[file], index.scopes[cls]
    children = index.children.get(cls, ())
    if any(index.scopes[child].kind != data.FUNCTION or not _is_plain(program, child) for child in children):
        return False
    if any(len(stores) != 1 for stores in record.bound.values()):
        return False
    return all(
        fact.code[pc] < ops.STORE or (fact.code[pc] in _STATEMENTS and not _has_effect(fact.code, pc))
        for pc in fact.instructions(cls - index.base[file])
    )


def _has_effect(code: Sequence[int], pc: int) -> bool:
    return (code[pc] == ops.EXPR and code[code[pc + 3]] != ops.CONST) or (
        code[pc] == ops.STORE and code[pc + 5] not in (ops.PLAIN, ops.DEFINITION)
    )


def _is_plain(program: Program, method: int) -> bool:
    """Whether a method is no special one and has no decorator that makes it more than a function."""
    name, record = program.index.name(method), program.index.scopes[method]
    if name.startswith("__") and (name != "__init__" or not record.flags & data.TRIVIAL or len(record.parameters) > 1):
        return False
    file = program.index.file_of[method]
    asks = {"super", "__class__"} & {program.facts[file].names[name] for name in record.loads}
    decorated = record.line != record.first_line
    return not (
        asks
        or record.flags & data.READS_FRAME
        or (decorated and not program.analysis.calls.decorators(method) <= _PLAIN)
    )


def _own_uses(program: Program, cls: int, members: set[str]) -> list[Site] | None:
    """Where the methods of a class use each other and its attributes; None if they use more of an object."""
    file = program.index.file_of[cls]
    fact = program.facts[file]
    found: list[Site] = []
    for method in program.index.children.get(cls, ()):
        parameters = program.index.scopes[method].parameters
        if program.analysis.receivers(method) is None:
            continue
        if not parameters or parameters[0].kind not in (data.POSITIONAL, data.POSITIONAL_ONLY):
            return None
        if program.index.scopes[method].bound[parameters[0].name]:
            return None
        for site in reads(program, method, fact.names[parameters[0].name]):
            users = fact.consumers(program.index.scope_at(site) - program.index.base[file]).get(site.pc, ())
            if not users or any(
                fact.code[pc] != ops.ATTR or fact.names[fact.code[pc + 4]] not in members for pc in users
            ):
                return None
            found += [Site(file, pc) for pc in users]
    return found
