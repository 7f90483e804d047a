"""Tables with one entry, which is all that anybody ever looks up in them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from debloat.facts import data, ops
from debloat.model import Evidence, Proof
from debloat.program.constants import fixed
from debloat.program.index import Site
from debloat.program.queries import definitions, users, world_evidence
from debloat.program.reach import production
from debloat.values.analysis import Values

if TYPE_CHECKING:
    from debloat.program.program import Program


class Single(NamedTuple):
    """A variable of a module that holds a table of one entry: the entry's value, and the SUBSCRIPT of each lookup."""

    scope: int
    name: str
    store: Site
    value: Site
    lookups: Sequence[Site]
    evidence: tuple[Evidence, ...]


def single_entries(program: Program) -> Iterator[Single]:
    """The tables of one function, class or other constant by its name, each with all that reads it."""
    live = program.ask(production)
    for scope in definitions(program, data.MODULE):
        fact = program.facts[program.index.file_of[scope]]
        for index, stores in program.index.scopes[scope].bound.items():
            name = fact.names[index]
            if len(stores) == 1 and live.reads(scope, name):
                yield from _single(program, scope, name, Site(program.index.file_of[scope], stores[0]))


def _single(program: Program, scope: int, name: str, store: Site) -> Iterator[Single]:
    code = program.facts[store.file].code
    if code[store.pc] != ops.STORE or code[store.pc + 5] != ops.PLAIN:
        return
    made = Site(store.file, code[store.pc + 4])
    entry = _entry(program, made)
    if entry is None or name in program.index.attribute_readers or name in program.index.attribute_writers:
        return
    key, value = entry
    known = fixed(program, value)
    if (
        known is None
        or known[0] not in ("definition", "member")
        or next(program.openings.of_variable(scope, name), None)
    ):
        return
    lookups = []
    for site in _reads(program, scope, name):
        found = users(program, site)
        at = Site(site.file, found[0]) if len(found) == 1 else site
        other = program.facts[site.file].code
        if other[at.pc] != ops.SUBSCRIPT or other[at.pc + 3] != site.pc:
            return
        if program.ask(Values).value(Site(site.file, other[at.pc + 4])) != {("constant", *key)}:
            return
        lookups.append(at)
    events = program.analysis.whole(("box", *made))
    if not lookups or any(event[0] not in ("read", "call") for event in events):
        return
    place = program.index.place(store)
    evidence = (
        Evidence("mutation", Proof.PROVED, place, "nothing is ever put into it, and it goes nowhere"),
        *(Evidence("type", Proof.PROVED, program.index.place(at), f"{key[1]!r} is looked up here") for at in lookups),
        *world_evidence(program, scope),
    )
    yield Single(scope, name, store, value, lookups, evidence)


def _entry(program: Program, made: Site) -> tuple[tuple[str, object], Site] | None:
    code = program.facts[made.file].code
    if code[made.pc] == ops.DICT and code[made.pc + 3] == 1 and code[made.pc + 4] >= 0:
        match list(program.ask(Values).value(Site(made.file, code[made.pc + 4]))):
            case [("constant", str(kind), key)]:
                return (kind, key), Site(made.file, code[made.pc + 5])
        return None
    if code[made.pc] == ops.SEQUENCE and code[made.pc + 3] != ops.SET and code[made.pc + 4] == 1:
        return ("int", 0), Site(made.file, code[made.pc + 5])
    return None


def _reads(program: Program, scope: int, name: str) -> Iterator[Site]:
    """All reads of a variable of a module, in the modules that import it too."""
    file = program.index.file_of[scope]
    yield from (Site(file, pc) for pc in program.index.variable_reads(scope, name))
    for importer, number in program.index.importers.get(name, ()):
        if ("module", file) in program.names.module(program.index.target_module(importer, number)):
            imported = program.facts[importer].imports[number]
            local = program.index.base[importer] + imported.scope
            yield from (Site(importer, pc) for pc in program.index.variable_reads(local, imported.bound))
    for importer in program.names.star_importers(file):
        yield from (Site(importer, pc) for pc in program.index.unbound_reads(importer, name))
