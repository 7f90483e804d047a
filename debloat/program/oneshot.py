"""Classes whose objects are made for one call of the one method that others call."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from debloat.facts import data, ops
from debloat.program.index import Site
from debloat.program.queries import definitions, reads, users
from debloat.program.reach import production
from debloat.program.references import references

if TYPE_CHECKING:
    from debloat.program.program import Program


class Made(NamedTuple):
    """An object that is made for one call: the CALL of its class, that of its method, the STORE between them or None."""

    making: Site
    call: Site
    store: Site | None


class Oneshot(NamedTuple):
    """A class with a constructor and one method that others call, and where it is used; ``opening`` says what else may use it.

    ``helpers`` are the methods that only other methods of the object call; it has one attribute then.
    """

    cls: int
    constructor: int
    method: int
    helpers: Sequence[int]
    made: Sequence[Made]
    opening: tuple[str, Site] | None


def oneshots(program: Program) -> Iterator[Oneshot]:
    """The classes of which production makes objects for the one call only."""
    live = program.ask(production)
    for cls in definitions(program, data.CLASS):
        named = {program.index.name(method): method for method in program.index.children.get(cls, ())}
        constructor = named.pop("__init__", None)
        if constructor is None or not named or not live.scope(cls) or not _is_plain(program, cls):
            continue
        used = {name: made for name in named if (made := _made(program, cls, name))}
        if not used:
            continue
        ((name, made),) = used.items()
        method = named.pop(name)
        helpers = [*named.values()]
        if helpers and len(_kept(program, constructor)) > 1:
            continue  # to hand several things to each helper is no better than to keep them
        if all(
            _only_attributes(program, scope, named, settled=bool(helpers)) for scope in (constructor, method, *helpers)
        ):
            opened = next(filter(None, map(program.openings.first, (cls, method, *helpers))), None)
            yield Oneshot(cls, constructor, method, helpers, made, opened)


def _kept(program: Program, constructor: int) -> set[str]:
    """The attributes that a constructor sets."""
    file = program.index.file_of[constructor]
    fact = program.facts[file]
    places = fact.instructions(constructor - program.index.base[file])
    return {fact.names[fact.code[pc + 4]] for pc in places if fact.code[pc] == ops.SET_ATTR}


def _is_plain(program: Program, cls: int) -> bool:
    """Whether a class has nothing but undecorated methods, no base and no subclass."""
    index, record = program.index, program.index.scopes[cls]
    family = [*program.hierarchy.subclasses(cls), *program.hierarchy.keywords(cls), *program.hierarchy.bases(cls)]
    children = index.children.get(cls, ())
    plain = all(
        index.scopes[child].kind == data.FUNCTION
        and index.scopes[child].line == index.scopes[child].first_line
        and (index.name(child) == "__init__" or not index.name(child).startswith("__"))
        for child in children
    )
    top = index.scopes[index.parent(cls)].kind == data.MODULE and record.line == record.first_line
    return plain and top and not family and len(record.bound) == len(children)


def _only_attributes(program: Program, method: int, helpers: Collection[str], *, settled: bool) -> bool:
    """Whether all that a method does with its object is to read and set attributes of it, none in an inner function.

    It may call the ``helpers``, but not in the constructor; where attributes are ``settled``, that alone sets them.
    """
    index, file = program.index, program.index.file_of[method]
    fact, record = program.facts[file], index.scopes[method]
    loads = {fact.names[name] for name in record.loads}
    if not record.parameters or record.flags & data.READS_FRAME or loads & {"super", "__class__"}:
        return False
    first = record.parameters[0]
    if record.bound[first.name] or first.kind not in (data.POSITIONAL, data.POSITIONAL_ONLY):
        return False
    others = {index.name(scope) for scope in index.children.get(index.parent(method), ())}
    builds = index.name(method) == "__init__"
    for site in reads(program, method, fact.names[first.name]):
        here = index.scope_at(site)
        for user in fact.consumers(here - index.base[file]).get(site.pc, (-1,)):
            if user < 0:
                return False
            name = fact.names[fact.code[user + 4]] if fact.code[user] in (ops.ATTR, ops.SET_ATTR) else ""
            reading = fact.code[user] == ops.ATTR and name not in others
            setting = fact.code[user] == ops.SET_ATTR and fact.code[user + 3] == site.pc and here == method
            setting = setting and fact.code[user + 5] != site.pc and (builds or not settled)
            called = _call_of(program, Site(file, user), name) if name in helpers and not builds else None
            if not (reading or setting or called):
                return False
    return True


def _made(program: Program, cls: int, method: str) -> list[Made]:
    """The objects of a class, if each is made for one call of a method and nothing else names the class."""
    found: list[Made] = []
    for site in references(program, cls).reads:
        code = program.facts[site.file].code
        for user in users(program, site) or (-1,):
            if user < 0 or code[user] != ops.CALL or code[user + 5] != site.pc:
                return []
            one = _called(program, Site(site.file, user), method)
            if one is None:
                return []
            found.append(one)
    return found


def _called(program: Program, making: Site, method: str) -> Made | None:
    """The one call of a method on an object, made there and then or in the next statement."""
    code = program.facts[making.file].code
    match users(program, making):
        case [user] if code[user] == ops.ATTR:
            call = _call_of(program, Site(making.file, user), method)
            return None if call is None else Made(making, call, None)
        case [user] if code[user] == ops.STORE and code[user + 5] == ops.PLAIN:
            store = Site(making.file, user)
            scope = program.index.scope_at(store)
            name = code[user + 3]
            names = program.facts[making.file].names
            kept = program.index.scopes[scope].kind == data.FUNCTION and program.index.scopes[scope].bound.get(
                name
            ) == [user]
            uses = reads(program, scope, names[name]) if kept else ()
            if len(uses) == 1 and program.index.scope_at(uses[0]) == scope:
                calls = [_call_of(program, Site(making.file, pc), method) for pc in users(program, uses[0])]
                if len(calls) == 1 and calls[0] is not None:
                    return Made(making, calls[0], store)
    return None


def _call_of(program: Program, attribute: Site, method: str) -> Site | None:
    fact = program.facts[attribute.file]
    if fact.code[attribute.pc] != ops.ATTR or fact.names[fact.code[attribute.pc + 4]] != method:
        return None
    match users(program, attribute):
        case [user] if fact.code[user] == ops.CALL and fact.code[user + 5] == attribute.pc:
            return Site(attribute.file, user)
    return None
