"""Expressions that always have the same value, and parameters that do."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from debloat.facts import data, ops
from debloat.program.externals import ENUMS
from debloat.program.index import Site
from debloat.program.queries import constant
from debloat.program.solver import UNKNOWN, Value

if TYPE_CHECKING:
    from debloat.program.program import Program


def default_site(program: Program, scope: int, position: int) -> Site | None:
    """The expression that a parameter has as its default."""
    default = program.index.scopes[scope].parameters[position].default
    return Site(program.index.file_of[scope], default) if default >= 0 else None


def default_value(program: Program, scope: int, position: int) -> Value | None:
    """What a parameter always is where a call leaves it out; None where that varies or the call would fail."""
    site = default_site(program, scope, position)
    return None if site is None else fixed(program, site)


def shown(program: Program, value: Value) -> str:
    """A fixed value as a reader would write it."""
    match value:
        case ("constant", _, bytes()):
            return "the same long text"
        case ("constant", "str", text):
            return json.dumps(text, ensure_ascii=False)
        case ("constant", str(kind), number):
            return f"-{number}" if kind.startswith("-") else str(number)
        case ("member", int(scope), str(name)):
            return f"{program.index.name(scope)}.{name}"
        case ("tuple", *items):
            inside = ", ".join(shown(program, item) for item in items)
            return f"({inside},)" if len(items) == 1 else f"({inside})"
        case ("external", str(name)):
            return name.removeprefix("<builtin>.")
    return program.index.name(value[1])


def fixed(program: Program, site: Site) -> Value | None:
    """What an expression always is, as long as the program runs; None where it may vary.

    A literal, or a constant that a module or class binds once: ("constant", type, value); a function or class:
    ("definition", scope); a member of an enumeration: ("member", class, name); a builtin: ("external", dotted name);
    a tuple of such: ("tuple", ...).
    """
    literal = constant(program, site)
    if literal is not None:
        return ("constant", *literal)
    fact = program.facts[site.file]
    if fact.code[site.pc] == ops.SEQUENCE:
        items = [fixed(program, Site(site.file, item)) for item in ops.values(fact.code, site.pc)]
        return ("tuple", *items) if fact.code[site.pc + 3] == ops.TUPLE and None not in items else None
    builtin = list(program.names.static(site)) if fact.code[site.pc] == ops.NAME else []
    if len(builtin) == 1 and builtin[0][0] == "external" and builtin[0][1].startswith("<builtin>."):
        return builtin[0]
    home = variable(program, site)
    return None if home is None else _bound_once(program, *home, frozenset())


def is_bound_once(program: Program, site: Site) -> bool:
    """Whether a name is a module's variable that is bound in one place, and that nothing else can rebind."""
    home = variable(program, site)
    if home is None or program.index.scopes[home[0]].kind != data.MODULE:
        return False
    return only_store(program, *home) is not None


def variable(program: Program, site: Site) -> tuple[int, str] | None:
    """The variable of a module or class that a dotted name reads."""
    index = program.index
    fact = index.facts[site.file]
    match fact.code[site.pc]:
        case ops.NAME:
            scope = -1 if index.is_mixed(site) else index.home(site)
            return (scope, fact.names[fact.code[site.pc + 3]]) if scope >= 0 else None
        case ops.ATTR:
            match list(program.names.static(Site(site.file, fact.code[site.pc + 3]))):
                case [("module", int(file))]:
                    return index.base[file], fact.names[fact.code[site.pc + 4]]
                case [("class", int(scope))]:
                    return scope, fact.names[fact.code[site.pc + 4]]
    return None


def _bound_once(program: Program, scope: int, name: str, seen: frozenset[tuple[int, str]]) -> Value | None:
    """What a variable of a module or class is bound to, if it is bound once and nothing else can rebind it."""
    store = None if (scope, name) in seen else only_store(program, scope, name)
    if store is None:
        return None
    file = store.file
    fact = program.index.facts[file]
    record = program.index.scopes[scope]
    value = Site(file, fact.code[store.pc + 4])
    match fact.code[value.pc]:
        case ops.FUNCTION | ops.CLASS:
            return ("definition", program.index.base[file] + fact.code[value.pc + 3])
        case ops.IMPORTED:
            return _imported(program, file, fact.code[value.pc + 3], seen | {(scope, name)})
    if record.kind == data.CLASS and not set(ENUMS).isdisjoint(program.hierarchy.outside(scope)):
        return ("member", scope, name)
    if next(program.openings.of_variable(scope, name), None) is not None:
        return None
    literal = constant(program, value)
    return ("constant", *literal) if literal is not None and fact.code[store.pc + 5] == ops.PLAIN else None


def only_store(program: Program, scope: int, name: str) -> Site | None:
    """The STORE of a variable of a module or class that has one, and that no other code can rebind."""
    file = program.index.file_of[scope]
    fact = program.index.facts[file]
    record = program.index.scopes[scope]
    stores = record.bound.get(fact.name_index.get(name, -1), [])
    if record.kind not in (data.MODULE, data.CLASS) or len(stores) != 1 or fact.code[stores[0]] != ops.STORE:
        return None
    rebound = None in program.names.star_targets(file) or _is_set_from_outside(program, scope, name)
    return None if rebound else Site(file, stores[0])


def _is_set_from_outside(program: Program, scope: int, name: str) -> bool:
    """Whether an assignment to an attribute may rebind a variable of a module, or be seen through one of a class."""
    index = program.index
    if index.scopes[scope].kind == data.CLASS:
        return name in index.attribute_writers
    module, escapes = ("module", index.file_of[scope]), program.names.escapes(index.file_of[scope])
    bases = (
        program.names.static(Site(site.file, program.facts[site.file].code[site.pc + 3]))
        for writer in index.attribute_writers.get(name, ())
        for op in (ops.SET_ATTR, ops.DEL_ATTR)
        for site in index.find(writer, op, 4, name)
    )
    return any(module in base or (escapes and UNKNOWN in base) for base in bases)


def _imported(program: Program, file: int, number: int, seen: frozenset[tuple[int, str]]) -> Value | None:
    imported = program.index.facts[file].imports[number]
    match list(program.names.module(program.index.target_module(file, number))):
        case [("module", int(source))] if imported.name in program.index.facts[source].name_index:
            return _bound_once(program, program.index.base[source], imported.name, seen)
    return None
