"""Exceptions that show by a method of their own what exceptions show anyway: the message that they are made with."""

from __future__ import annotations

import builtins
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from debloat.facts import data, ops
from debloat.program.binding import arguments
from debloat.program.index import Site
from debloat.program.queries import definitions, receiver_class

if TYPE_CHECKING:
    from debloat.program.program import Program

# Exceptions of these show something else.
_SHOWING = (OSError, KeyError, ImportError, UnicodeError, SyntaxError, BaseExceptionGroup)


class Shown(NamedTuple):
    """A ``__str__`` that returns an attribute, and the call that gives the exception the same."""

    method: int
    attribute: str
    call: Site


def shown(program: Program) -> Iterator[Shown]:
    """The ``__str__`` methods of exceptions that return the attribute which the constructor hands to ``super()`` as well."""
    for method in definitions(program, data.FUNCTION):
        cls, record = program.index.enclosing_class(method), program.index.scopes[method]
        if cls < 0 or program.index.name(method) != "__str__" or record.returns >= 0 or record.flags & data.DOCSTRING:
            continue
        attribute = _returned(program, method)
        if record.line == record.first_line and attribute is not None and _is_plain(program, cls):
            call = _handed_on(program, cls, attribute)
            if call is not None and _is_kept(program, cls, attribute):
                yield Shown(method, attribute, call)


def _returned(program: Program, method: int) -> str | None:
    """The attribute of its object that a method returns, if that is all it does."""
    fact, parameters = program.facts[program.index.file_of[method]], program.index.scopes[method].parameters
    match _done(program, method):
        case [pc] if fact.code[pc] == ops.RETURN and fact.code[pc + 3] >= 0 and len(parameters) == 1:
            return _attribute(fact, fact.code[pc + 3], parameters[0].name)
    return None


def _done(program: Program, method: int) -> Sequence[int]:
    file = program.index.file_of[method]
    code = program.facts[file].code
    return [pc for pc in program.facts[file].instructions(method - program.index.base[file]) if code[pc] >= ops.STORE]


def _attribute(fact: data.Facts, pc: int, own: int) -> str | None:
    """The attribute of the object that a method calls by a name, if that is what is read at a place."""
    code = fact.code
    read = code[pc] == ops.ATTR and code[code[pc + 3]] == ops.NAME and code[code[pc + 3] + 3] == own
    return fact.names[code[pc + 4]] if read else None


def _is_plain(program: Program, cls: int) -> bool:
    """Whether a class and all below it are exceptions that show what they are given, and no other class has a say in that."""
    hierarchy = program.hierarchy
    for heir in (cls, *hierarchy.subclasses(cls)):
        order = hierarchy.order(heir)
        for position, one in enumerate(order):
            if isinstance(one, str):
                kind = getattr(builtins, one.removeprefix("<builtin>."), None)
                if not (isinstance(kind, type) and issubclass(kind, Exception)) or issubclass(kind, _SHOWING):
                    return False
            elif one != cls:
                handed = not hierarchy.binds(one, "__init__") or _super_call(program, one) is not None
                above = position > order.index(cls) and hierarchy.binds(one, "__init__")
                if hierarchy.binds(one, "__str__") or hierarchy.binds(one, "__new__") or above or not handed:
                    return False
    plain = bool(hierarchy.outside(cls)) and not hierarchy.binds(cls, "__new__")
    return plain and not program.index.attribute_writers.get("args")


def _super_call(program: Program, cls: int) -> Site | None:
    """The one call of ``super().__init__`` in the constructor of a class, which surely runs."""
    init = next((one for one in program.index.children[cls] if program.index.name(one) == "__init__"), None)
    if init is None:
        return None
    file = program.index.file_of[init]
    fact, depth = program.facts[file], 0
    found = []
    for pc in _done(program, init):
        depth += (fact.code[pc] in ops.OPENING) - (fact.code[pc] == ops.END)
        value = fact.code[pc + 3] if fact.code[pc] == ops.EXPR else -1
        if value >= 0 and fact.code[value] == ops.CALL and _is_super(fact, fact.code[value + 5]):
            found.append(Site(file, value) if depth == 0 else None)
    return found[0] if len(found) == 1 else None


def _is_super(fact: data.Facts, callee: int) -> bool:
    code = fact.code
    if code[callee] != ops.ATTR or fact.names[code[callee + 4]] != "__init__" or code[code[callee + 3]] != ops.CALL:
        return False
    asked = code[code[callee + 3] + 5]
    return code[asked] == ops.NAME and fact.names[code[asked + 3]] == "super"


def _handed_on(program: Program, cls: int, attribute: str) -> Site | None:
    """The call by which the constructor of a class gives an exception what it sets the attribute to, and nothing else."""
    call = _super_call(program, cls) if program.hierarchy.binds(cls, "__init__") else None
    init = -1 if call is None else program.index.scope_at(call)
    if call is None or not _is_sure(program, init, call.pc):
        return None
    fact = program.facts[call.file]
    own = program.index.scopes[init].parameters[0].name
    stores = [
        pc
        for pc in _done(program, init)
        if fact.code[pc] == ops.SET_ATTR and _attribute_set(fact, pc, own) == attribute
    ]
    given = arguments(fact, call.pc)
    if len(stores) != 1 or len(given.positional) != 1 or given.keywords or given.positional[0][1]:
        return None
    value, kept = given.positional[0][0], fact.code[stores[0] + 5]
    if _attribute(fact, value, own) == attribute:
        return call if stores[0] < call.pc and _is_sure(program, init, stores[0]) else None
    same = fact.code[value] == fact.code[kept] == ops.NAME and fact.code[value + 3] == fact.code[kept + 3]
    steady = same and not program.index.scopes[init].bound.get(fact.code[value + 3], [0])
    return call if steady and _is_sure(program, init, stores[0]) else None


def _attribute_set(fact: data.Facts, pc: int, own: int) -> str | None:
    base = fact.code[pc + 3]
    return fact.names[fact.code[pc + 4]] if fact.code[base] == ops.NAME and fact.code[base + 3] == own else None


def _is_sure(program: Program, init: int, store: int) -> bool:
    """Whether a statement of a constructor stands in no other."""
    code = program.facts[program.index.file_of[init]].code
    before = [pc for pc in _done(program, init) if pc < store]
    return not sum((code[pc] in ops.OPENING) - (code[pc] == ops.END) for pc in before) and not any(
        code[pc] in (ops.RETURN, ops.RAISE) for pc in before
    )


def _is_kept(program: Program, cls: int, attribute: str) -> bool:
    """Whether nothing in the program but the constructor sets the attribute of what may be such an exception."""
    family = {cls, *program.hierarchy.subclasses(cls)}
    count = 0
    for writer in program.index.attribute_writers.get(attribute, ()):
        for op in (ops.SET_ATTR, ops.DEL_ATTR):
            for site in program.index.find(writer, op, 4, attribute):
                around = receiver_class(program, site)
                values = program.analysis.values(Site(site.file, program.facts[site.file].code[site.pc + 3]))
                apart = around >= 0 and family.isdisjoint((around, *program.hierarchy.subclasses(around)))
                other = bool(values) and all(value[0] == "object" and value[1] not in family for value in values)
                count += not (apart or other)
    return count == 1
