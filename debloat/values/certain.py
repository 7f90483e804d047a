"""What is surely there: attributes that are read with a default or asked for, keys of dictionaries; and why."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from debloat.facts import ops
from debloat.model import Claim, Evidence, Proof, Span
from debloat.program.binding import arguments
from debloat.program.index import Site
from debloat.values.analysis import Values
from debloat.values.domain import Atom, objects, of
from debloat.values.evidence import type_evidence

if TYPE_CHECKING:
    from debloat.program.program import Program


def guards(program: Program, *names: str) -> Iterator[Site]:
    """The calls of something by one of the names in files that are neither tests nor generated."""
    for file in program.judged:
        fact = program.facts[file]
        for pc in fact.guards:
            if fact.code[pc] == ops.CALL:
                callee = fact.code[pc + 5]
                kind = fact.code[callee]
                name = 3 if kind == ops.NAME else 4 if kind == ops.ATTR else 0
                if name and fact.names[fact.code[callee + name]] in names:
                    yield Site(file, pc)


def is_builtin_call(program: Program, site: Site, name: str) -> bool:
    """Whether an expression is a call of nothing but that builtin."""
    code = program.facts[site.file].code
    callee = Site(site.file, code[site.pc + 5])
    return code[site.pc] == ops.CALL and program.ask(Values).value(callee) == of(("external", f"<builtin>.{name}"))


def literal(program: Program, site: Site) -> str | None:
    """The string that an expression is, None for any other expression."""
    fact = program.facts[site.file]
    if fact.code[site.pc] == ops.CONST:
        kind, value = fact.constants[fact.code[site.pc + 3]]
        return value if kind == "str" else None
    return None


def default_of_getattr(program: Program, site: Site) -> tuple[Site, str] | None:
    """For ``getattr(x, "name", default)`` whose default is never used: x and the name."""
    fact = program.facts[site.file]
    given = arguments(fact, site.pc)
    if len(given.positional) != 3 or not is_builtin_call(program, site, "getattr"):
        return None
    values = program.ask(Values)
    base, key = (Site(site.file, value) for value, _ in given.positional[:2])
    name = literal(program, key)
    found = objects(values.value(base))
    if not name or not found or not values.is_reached(site):
        return None
    return (base, name) if all(values.attributes.is_certain(atom, name, site) for atom in found) else None


def default_of_get(program: Program, site: Site) -> tuple[Site, Site] | None:
    """For ``d.get(key, ...)`` or ``d.setdefault(key, ...)`` with a key that is always there: d and the key."""
    fact = program.facts[site.file]
    callee = fact.code[site.pc + 5]
    given = arguments(fact, site.pc)
    if fact.code[callee] != ops.ATTR or not 1 <= len(given.positional) <= 2 or given.keywords:
        return None
    base, key = Site(site.file, fact.code[callee + 3]), Site(site.file, given.positional[0][0])
    return (base, key) if has_keys(program, base, key) and program.ask(Values).is_reached(site) else None


def has_keys(program: Program, base: Site, key: Site) -> bool:
    """Whether an expression is always a dict of the program with each key that another can be."""
    values = program.ask(Values)
    boxes = objects(values.value(base))
    if not boxes or any(box[0] != "box" for box in boxes):
        return False
    for box in boxes:
        fact = program.facts[box[1]]
        if fact.code[box[2]] == ops.DICT:
            for name in ops.values(fact.code, box[2]):
                values.value(Site(box[1], name))
    keys = objects(values.value(key))
    return bool(keys) and all(
        key[0] == "constant" and values.containers.has_key(box, key[1:]) is True for box in boxes for key in keys
    )


def is_given(program: Program, site: Site) -> bool:
    """Whether an expression reads an attribute or item with a default that is never used."""
    code = program.facts[site.file].code
    if code[site.pc] != ops.CALL:
        return False
    return default_of_getattr(program, site) is not None or default_of_get(program, site) is not None


def alike(program: Program, one: Site, other: Site) -> bool:
    """Whether two expressions of one file are the same names, attributes and constants."""
    code = program.facts[one.file].code
    if code[one.pc] != code[other.pc]:
        return False
    match code[one.pc]:
        case ops.NAME | ops.CONST:
            return code[one.pc + 3] == code[other.pc + 3]
        case ops.ATTR:
            bases = (Site(one.file, code[site.pc + 3]) for site in (one, other))
            return code[one.pc + 4] == code[other.pc + 4] and alike(program, *bases)
    return False


def claim_of_key(program: Program, span: Span, base: Site, key: Site) -> tuple[Claim, ...]:
    """What a run can contradict where a dict is said to have a key."""
    fact = program.facts[base.file]
    if fact.code[base.pc] not in (ops.NAME, ops.ATTR) or fact.code[key.pc] != ops.CONST:
        return ()
    kind, value = fact.constants[fact.code[key.pc + 3]]
    return (Claim(span, f"has key {value!r}", program.openings.shown(base)),) if kind in ("str", "int") else ()


def attribute_evidence(program: Program, base: Site, name: str) -> Iterator[Evidence]:
    """Why every object that an expression can be has an attribute."""
    yield from type_evidence(program, base)
    for atom in objects(program.ask(Values).value(base)):
        if atom[0] in ("object", "heir", "class", "subclass", "member"):
            yield from _class_evidence(program, atom, name)


def _class_evidence(program: Program, atom: Atom, name: str) -> Iterator[Evidence]:
    index, hierarchy = program.index, program.hierarchy
    heirs = hierarchy.subclasses(atom[1]) if atom[0] in ("heir", "subclass") else ()
    for cls in (atom[1], *heirs):
        owner = hierarchy.owner(cls, name)
        how = f"{index.name(owner)} binds it" if isinstance(owner, int) else "its constructor always sets it"
        yield Evidence("hierarchy", Proof.PROVED, index.span(cls), f"a {index.name(cls)} has {name}: {how}")
    yield Evidence("mutation", Proof.PROVED, index.span(atom[1]), f"nothing deletes {name}")


def key_evidence(program: Program, base: Site) -> Iterator[Evidence]:
    """Why a dict always has a key: where it is written out, and that nothing takes keys out of it."""
    yield from type_evidence(program, base)
    for box in objects(program.ask(Values).value(base)):
        place = program.index.place(Site(box[1], box[2]))
        yield Evidence("type", Proof.PROVED, place, "the dict is made here with the key")
        yield Evidence("mutation", Proof.PROVED, place, "it is followed everywhere, and nothing takes keys out of it")
