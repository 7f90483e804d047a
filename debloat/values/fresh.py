"""Containers that nobody else has: made by the expression itself, or handed out by a function that keeps none of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from debloat.facts import data, ops
from debloat.program.externals import ELEMENTS, INERT, PLAIN, STORING
from debloat.program.index import Site
from debloat.values.analysis import Values
from debloat.values.domain import objects

if TYPE_CHECKING:
    from debloat.program.program import Program

_MAKING = {"list": list, "sorted": list, "set": set, "dict": dict}
_SPLITTING = ("split", "rsplit", "splitlines")
_LOOKING = INERT | {f"<builtin>.{name}" for name in ("sorted", "sum", "min", "max", "list", "tuple", "set", "dict")}
_DEEPEST = 3  # calls


def fresh(program: Program, site: Site, depth: int = 0) -> type | None:
    """The type of the container that an expression makes and nobody else has; None where that is not sure."""
    code = program.facts[site.file].code
    match code[site.pc]:
        case ops.SEQUENCE | ops.COMPREHENSION:
            return (list, None, set, dict, None)[code[site.pc + 3]]
        case ops.DICT:
            return dict
        case ops.CALL:
            kinds = {
                _called(program, atom, depth)
                for atom in objects(program.ask(Values).value(Site(site.file, code[site.pc + 5])))
            }
            return kinds.pop() if len(kinds) == 1 else None
    return None


def _called(program: Program, callee: tuple[object, ...], depth: int) -> type | None:
    """The type of the container that a callee makes anew for whoever calls it."""
    match callee:
        case ("external", str(dotted)) if dotted.startswith("<builtin>."):
            return _MAKING.get(dotted.removeprefix("<builtin>."))
        case ("of", "str" | "bytes", str(name), _) if name in _SPLITTING:
            return list
        case ("function" | "method", int(scope), *_) if depth < _DEEPEST:
            return _returned(program, scope, depth)
    return None


def _returned(program: Program, scope: int, depth: int) -> type | None:
    """The type of the new container that a function returns on every way and keeps no part in."""
    values = program.ask(Values)
    record = program.index.scopes[scope]
    calls = program.analysis.calls
    own = record.kind == data.FUNCTION and not record.flags & (data.GENERATOR | data.ASYNC | data.READS_FRAME)
    if not own or any(calls.decorator_sites(scope)) or program.index.name(scope) in values.standins.names:
        return None
    form = values.form(scope)
    exits = [value for value, block in form.exits if values.solver.solve(("reach", scope, block))]
    if not exits or -1 in exits or (form.end >= 0 and values.solver.solve(("reach", scope, form.end))):
        return None
    kinds = {
        fresh(program, site, depth + 1) or owned(program, site, depth) for site in (Site(form.file, pc) for pc in exits)
    }
    return kinds.pop() if len(kinds) == 1 else None


def owned(program: Program, site: Site, depth: int = 0) -> type | None:
    """The type of the new container that a local variable holds, which its function gives to nobody before it returns."""
    index = program.index
    fact = program.facts[site.file]
    code = fact.code
    scope = index.scope_at(site)
    record = index.scopes[scope]
    if code[site.pc] != ops.NAME or record.kind != data.FUNCTION or record.flags & (data.READS_FRAME | data.GENERATOR):
        return None
    name = code[site.pc + 3]
    stores = record.bound.get(name, ())
    if any(parameter.name == name for parameter in record.parameters) or index.resolve(scope, name) != scope:
        return None
    if any(code[pc] == ops.FINALLY for pc in fact.instructions(scope - index.base[site.file])):
        return None
    kinds = set()
    for pc in stores:
        if (
            not record.start <= pc < record.end
            or code[pc] != ops.STORE
            or code[pc + 5] not in (ops.PLAIN, ops.AUGMENTED)
        ):
            return None
        if code[pc + 5] == ops.PLAIN:
            kinds.add(fresh(program, Site(site.file, code[pc + 4]), depth + 1))
    reads = index.variable_reads(scope, fact.names[name])
    if len(kinds) != 1 or not all(_is_kept(program, Site(site.file, pc), scope) for pc in reads):
        return None
    return kinds.pop()


def _is_kept(program: Program, read: Site, function: int) -> bool:
    """Whether a use of a container in its function gives it to nobody but those who call the function."""
    index = program.index
    fact = program.facts[read.file]
    code = fact.code
    scope = index.scope_at(read)
    if scope != function:
        return False
    consumers = fact.consumers(scope - index.base[read.file])
    for user in consumers.get(read.pc, ()):
        match code[user]:
            case (
                ops.RETURN
                | ops.ELEMENT
                | ops.COMPREHENSION
                | ops.FOR
                | ops.COMPARE
                | ops.UNARY
                | ops.IF
                | ops.WHILE
                | ops.BRANCH
            ):
                continue
            case ops.SUBSCRIPT | ops.DEL_ITEM if code[user + 3] == read.pc:
                continue
            case ops.SET_ITEM if code[user + 3] == read.pc and code[user + 5] != read.pc:
                continue
            case ops.BINARY if all(
                code[at] == ops.STORE and code[at + 5] == ops.AUGMENTED for at in consumers.get(user, ())
            ):
                continue
            case ops.ATTR if _is_method(fact, user, consumers.get(user, ())):
                continue
            case ops.CALL if code[user + 5] != read.pc:
                callee = program.ask(Values).value(Site(read.file, code[user + 5]))
                if callee and all(atom[0] == "external" and atom[1] in _LOOKING for atom in callee):
                    continue
        return False
    return True


def _is_method(fact: data.Facts, attribute: int, users: Sequence[int]) -> bool:
    """Whether an attribute is a method that is called and gives away items at most."""
    name = fact.names[fact.code[attribute + 4]]
    return name in STORING | ELEMENTS | PLAIN and all(
        fact.code[user] == ops.CALL and fact.code[user + 5] == attribute for user in users
    )
