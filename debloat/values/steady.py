"""Attributes that every object of a class is given once, all with the same value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from debloat.facts import data, ops
from debloat.model import Evidence, Proof
from debloat.program.constants import fixed
from debloat.program.index import Site
from debloat.program.queries import definitions, world_evidence
from debloat.program.reach import production
from debloat.program.solver import UNKNOWN
from debloat.values.unread import Search

if TYPE_CHECKING:
    from debloat.program.program import Program


class Steady(NamedTuple):
    """An attribute of a class that is only ever one value: where it is set and where it is read."""

    cls: int
    name: str
    write: Site
    value: Site
    reads: Sequence[Site]
    evidence: tuple[Evidence, ...]


def steady(program: Program) -> Mapping[tuple[int, str], Steady]:
    """The attributes that never vary, by class and name."""
    live = program.ask(production)
    return {
        (cls, found.name): found
        for cls in definitions(program, data.CLASS)
        if live.scope(cls) and program.openings.first(cls) is None
        for found in _of_class(program, cls)
    }


def _of_class(program: Program, cls: int) -> Iterator[Steady]:
    index = program.index
    for method in index.children.get(cls, ()):
        if index.name(method) != "__init__" or program.files[index.file_of[cls]].tests:
            continue
        fact = index.facts[index.file_of[cls]]
        for number in index.scopes[method].set_attributes:
            for write in index.find(method, ops.SET_ATTR, 4, fact.names[number]):
                value = Site(write.file, fact.code[write.pc + 5])
                if fixed(program, value) is not None:
                    yield from _checked(program, cls, fact.names[number], write, value)


def _checked(program: Program, cls: int, name: str, write: Site, value: Site) -> Iterator[Steady]:
    """The attribute, if nothing else writes it and all that reads it is sure to have an object of the class."""
    search = Search(program, cls, name)
    own = {("object", one) for one in (cls, *program.hierarchy.subclasses(cls))}
    private = not (name.startswith("__") and name.endswith("__"))
    if not private or not search.is_plain() or any(True for _ in search.bound()) or not _is_only(program, own, write):
        return
    reads = [
        site for site in program.index.attribute_reads(name) if not _base(program, site).isdisjoint(own | {UNKNOWN})
    ]
    if not reads or not all(_base(program, site) <= own and _is_simple(program, site) for site in reads):
        return
    for event in search.events():
        match event:
            case ("read", int(file), int(pc), str(read)) if read not in (name, "__dict__"):
                pass
            case ("read" | "write", int(file), int(pc), str(touched)) if touched == name:
                if Site(file, pc) not in (write, *reads):
                    return
            case ("write", int(), int(), str()) | ("call", *_):
                pass
            case _:
                return
    span, defined = program.index.place(write), program.index.span(cls)
    evidence = (
        Evidence("mutation", Proof.PROVED, span, "it is set here and nowhere else"),
        Evidence("callers", Proof.PROVED, defined, "no code that cannot be seen has an object of its class"),
        *world_evidence(program, cls),
    )
    yield Steady(cls, name, write, value, reads, evidence)


def _is_only(program: Program, own: set[tuple[str, int]], write: Site) -> bool:
    """Whether no other statement sets or deletes the attribute of an object of the class."""
    code = program.index.facts[write.file].code
    name = program.index.facts[write.file].names[code[write.pc + 4]]
    others = (
        site
        for writer in program.index.attribute_writers[name]
        for op in (ops.SET_ATTR, ops.DEL_ATTR)
        for site in program.index.find(writer, op, 4, name)
        if site != write
    )
    return all(_base(program, site).isdisjoint(own | {UNKNOWN}) for site in others)


def _base(program: Program, site: Site) -> frozenset[tuple[object, ...]]:
    """What an attribute may be read from or set on."""
    code = program.index.facts[site.file].code
    return frozenset(program.analysis.values(Site(site.file, code[site.pc + 3])))


def _is_simple(program: Program, site: Site) -> bool:
    """Whether an attribute of a mere name is read, in what runs in production."""
    code = program.index.facts[site.file].code
    live = program.ask(production).scope(program.index.scope_at(site))
    return live and not program.files[site.file].tests and code[code[site.pc + 3]] == ops.NAME
