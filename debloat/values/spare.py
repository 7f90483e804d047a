"""Expressions that only compute a value: nobody but those who take the value notices whether they are evaluated."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from debloat.facts import data, ops
from debloat.model import Evidence, Proof
from debloat.program.externals import ACTING, INERT, SILENT
from debloat.program.index import Site
from debloat.values.analysis import Values
from debloat.values.domain import Atom, objects
from debloat.values.report import acts, callees, runs
from debloat.values.unmissed import is_unmissed

if TYPE_CHECKING:
    from debloat.program.program import Program

# These go over what they are given, which a generator or an object of the program may notice.
_ITERATING = frozenset(
    f"<builtin>.{name}" for name in "dict enumerate frozenset list max min reversed set sorted sum tuple zip".split()
) | {"collections.deque", "collections.OrderedDict", "collections.Counter"}
# These are called as well to see whether they can take what they are given.
_CHECKING = frozenset(f"<builtin>.{name}" for name in "bytes chr complex divmod float int ord pow".split()) | {
    "decimal.Decimal",
    "fractions.Fraction",
    "ipaddress.ip_network",
    "json.dumps",
    "uuid.UUID",
}
_CONTAINERS = (list, tuple, dict, set, frozenset, str, bytes, range)
_HARMLESS = frozenset({"abc.ABC", "typing.Generic"})
# A class with one of these does something when an object is made, gets an attribute or goes, or is bound in a class.
_MAKING = ("__new__", "__del__", "__setattr__", "__slots__", "__get__", "__set__", "__delete__", "__set_name__")
_DOING = frozenset({ops.AWAIT, ops.YIELD, ops.YIELD_FROM, ops.COMPREHENSION, ops.UNKNOWN})


def only_computes(program: Program, site: Site) -> bool:
    """Whether evaluating an expression does nothing but compute its value, and nobody does it to see whether it raises."""
    code = program.facts[site.file].code
    if is_unmissed(program, site):
        return True
    match code[site.pc]:
        case ops.COMPREHENSION:
            return _collects(program, site)
        case ops.ATTR if acts(program, site):
            return False
        case ops.CALL:
            called = objects(callees(program, site))
            given = [Site(site.file, value) for value in ops.values(code, site.pc) if value != code[site.pc + 5]]
            if not called or not all(_is_silent(program, atom, given) for atom in called):
                return False
    parts = [Site(site.file, value) for value in ops.values(code, site.pc)]
    return code[site.pc] not in _DOING and all(only_computes(program, part) for part in parts)


def _is_silent(program: Program, callee: Atom, given: Sequence[Site]) -> bool:
    match callee:
        case ("function" | "method", int(scope), *_):
            file, flags = program.index.file_of[scope], program.index.scopes[scope].flags
            fact = program.facts[file]
            raising = any(
                fact.code[pc] in (ops.RAISE, ops.ASSERT) for pc in fact.instructions(scope - program.index.base[file])
            )
            return not (raising or flags & data.ASYNC or runs(program, scope))
        case ("class", int(scope)):
            return _only_keeps(program, scope)
        case ("of", "str" | "bytes" | "int" | "float" | "tuple", *_):
            return True
        case ("of", "dict" | "list", "get" | "keys" | "values" | "items" | "copy" | "count", *_):
            return True
        case ("external", str(dotted)) if dotted in _ITERATING:
            values = program.ask(Values)
            atoms = [atom for value in given for atom in objects(values.value(value))]
            return all(values.types.builtin(atom) in _CONTAINERS for atom in atoms)
        case ("external", str(dotted)):
            return dotted in (INERT | SILENT | {"<builtin>.type"}) - ACTING - _CHECKING
    return False


def _only_keeps(program: Program, cls: int) -> bool:
    """Whether to make an object of a class does no more than to keep what it is given in attributes of it."""
    hierarchy, index = program.hierarchy, program.index
    order = hierarchy.order(cls)
    plain = all(
        one in _HARMLESS
        if isinstance(one, str)
        else not (hierarchy.keywords(one) or any(hierarchy.binds(one, hook) for hook in _MAKING))
        and index.scopes[one].line == index.scopes[one].first_line
        for one in order
    )
    constructors = [
        child
        for one in order
        if isinstance(one, int)
        for child in index.children.get(one, ())
        if index.name(child) == "__init__"
    ]
    if not plain or not constructors:
        return plain
    file, own = index.file_of[constructors[0]], index.scopes[constructors[0]].parameters[:1]
    fact = program.facts[file]
    for pc in fact.instructions(constructors[0] - index.base[file]):
        if fact.code[pc] == ops.SET_ATTR:
            base, name = fact.code[pc + 3], fact.names[fact.code[pc + 4]]
            described = any(isinstance(one, int) and hierarchy.binds(one, name) for one in order)
            if described or fact.code[base] != ops.NAME or [fact.code[base + 3]] != [one.name for one in own]:
                return False
        elif fact.code[pc] not in (ops.NAME, ops.CONST, ops.SEQUENCE, ops.DICT) and not (
            fact.code[pc] == ops.EXPR and fact.code[fact.code[pc + 3]] == ops.CONST
        ):
            return False
    return True


def _collects(program: Program, site: Site) -> bool:
    """Whether a comprehension goes over one builtin container and only computes what it collects."""
    fact = program.facts[site.file]
    scope = program.index.base[site.file] + fact.code[site.pc + 4]
    values = program.ask(Values)
    over = objects(values.value(Site(site.file, fact.code[site.pc + 5])))
    inside = [*fact.instructions(scope - program.index.base[site.file])]
    return (
        fact.code[site.pc + 3] != ops.GENERATOR
        and bool(over)
        and all(values.types.builtin(atom) in _CONTAINERS for atom in over)
        and sum(fact.code[pc] == ops.ELEMENT for pc in inside) == 1
        and only_computes(program, Site(site.file, fact.code[site.pc + 5]))
        and all(
            only_computes(program, Site(site.file, pc))
            for pc in inside
            if fact.code[pc] in (ops.CALL, ops.ATTR, ops.COMPREHENSION, ops.AWAIT)
        )
    )


def spare_evidence(program: Program, site: Site) -> Evidence:
    """PROVED evidence that evaluating an expression does nothing and raises nothing, ASSUMED that nobody relies on it."""
    place = program.index.place(site)
    if is_unmissed(program, site) or _is_of_constants(program, site):
        return Evidence("purity", Proof.PROVED, place, "evaluating the value has no effect and cannot raise")
    return Evidence("purity", Proof.ASSUMED, place, "assumes that nobody relies on evaluating the value")


def _is_of_constants(program: Program, site: Site) -> bool:
    """Whether an expression is a new container of constants."""
    code = program.facts[site.file].code
    return code[site.pc] in (ops.SEQUENCE, ops.DICT) and all(
        code[value] == ops.CONST or _is_of_constants(program, Site(site.file, value))
        for value in ops.values(code, site.pc)
    )
