"""Local variables that are assigned for nothing: nobody reads them, or each read comes after another assignment."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from debloat.facts import data, ops
from debloat.model import Evidence, Proof
from debloat.program.index import Site
from debloat.program.queries import reads
from debloat.values.analysis import Values
from debloat.values.spare import only_computes, spare_evidence
from debloat.values.ssa import Version
from debloat.values.writing import Write, Writing, are_new

if TYPE_CHECKING:
    from debloat.program.program import Program

# What gives something that acts as long as it is held.
_HELD = ("task", "future", "submit", "lock", "open", "connect", "acquire", "start", "patch")

# What only looks at its arguments or its object, unless somebody gave the name to something else.
_LOOKING = frozenset(
    """
    get upper lower strip lstrip rstrip split rsplit splitlines join replace startswith endswith format items keys values copy title capitalize count
    index find encode decode isoformat strftime total_seconds timestamp str int float bool len list dict tuple set sorted sum min max round abs
    isinstance getattr hasattr repr
    """.split()
)
_DOING = frozenset({ops.AWAIT, ops.YIELD, ops.YIELD_FROM, ops.COMPREHENSION, ops.UNKNOWN})


class Unassigned(NamedTuple):
    """What is written to a variable of a function and can go together. ``is_read`` says that something else written is read."""

    scope: int
    name: str
    writes: tuple[Write, ...]
    is_read: bool


def unassigned(program: Program, scope: int) -> Iterator[Unassigned]:
    """The variables of a function that are written for nothing."""
    record, fact = program.index.scopes[scope], program.facts[program.index.file_of[scope]]
    loads = {*record.loads}
    for number, stores in record.bound.items():
        name = fact.names[number]
        if name.startswith("_") or not stores or fact.code[stores[0]] != ops.STORE:
            continue
        if number not in loads or _is_changed(fact, stores):
            found = writes(program, scope, number, lambda _: False)
            if found and all(_goes(program, write) for write in found):
                yield Unassigned(scope, name, tuple(found), is_read=False)
                continue
        if len(stores) > 1 and number in loads and (spare := [*_overwritten(program, scope, number)]):
            yield Unassigned(scope, name, tuple(spare), is_read=True)


def unnamed(program: Program, scope: int) -> Iterator[tuple[str, Site]]:
    """The names that handlers of a function give to exceptions and that nobody reads there, with the place of each handler."""
    index = program.index
    record, file = index.scopes[scope], index.file_of[scope]
    fact = program.facts[file]
    if record.flags & data.READS_FRAME:
        return
    for number, stores in record.bound.items():
        caught = [pc for pc in stores if fact.code[pc] == ops.STORE and fact.code[pc + 5] == ops.HANDLER]
        if len(caught) < max(len(stores), 1) or number in (*record.globals, *record.nonlocals):
            continue
        read = index.variable_reads(scope, fact.names[number])
        if all(record.start <= pc < record.end for pc in (*stores, *read)):
            for store, after in zip(caught, [*caught[1:], record.end], strict=True):
                if not any(store < pc < after for pc in read):
                    yield fact.names[number], Site(file, store)


def _is_changed(fact: data.Facts, stores: Sequence[int]) -> bool:
    """Whether a variable may hold what is only added to: a number, or a container that is made here."""
    made = (ops.CONST, ops.SEQUENCE, ops.DICT, ops.CALL, ops.COMPREHENSION)
    return fact.code[stores[0] + 5] == ops.PLAIN and fact.code[fact.code[stores[0] + 4]] in made


def writes(program: Program, function: int, number: int, is_ignored: Callable[[Site], bool]) -> list[Write]:
    """All that is done with a local variable, if that is to write it, save the reads that are ignored; nothing if it is more."""
    file = program.index.file_of[function]
    fact, record = program.facts[file], program.index.scopes[function]
    stores = [Site(file, pc) for pc in record.bound.get(number, ())]
    local = not record.flags & data.READS_FRAME and number not in (*record.globals, *record.nonlocals)
    if not local or any(parameter.name == number for parameter in record.parameters):
        return []
    plain = [site for site in stores if fact.code[site.pc] == ops.STORE and fact.code[site.pc + 5] == ops.PLAIN]
    grown = [site for site in stores if fact.code[site.pc] == ops.STORE and fact.code[site.pc + 5] == ops.AUGMENTED]
    if len(plain) + len(grown) != len(stores) or not all(record.start <= site.pc < record.end for site in stores):
        return []
    made = [Site(file, fact.code[site.pc + 4]) for site in plain]
    if any(fact.code[site.pc] == ops.ITEM for site in made):
        return []

    def is_it(site: Site) -> bool:
        return fact.code[site.pc] == ops.NAME and fact.code[site.pc + 3] == number and site.file == file

    writing = Writing(program, is_it, lambda: are_new(program, made))
    found = [Write(site, (Site(file, fact.code[site.pc + 4]),)) for site in plain]
    found += [Write(site, (Site(file, fact.code[fact.code[site.pc + 4] + 5]),)) for site in grown]
    for site in reads(program, function, fact.names[number]):
        write = writing.of(site)
        if write is None and not is_ignored(site):
            return []
        if write is not None and write.site != site:
            found.append(write)
    return found


def _goes(program: Program, write: Write) -> bool:
    """Whether a write can go, or the one call that it is of can stay alone."""
    acting = [value for value in write.values if not is_spare(program, value)]
    return not acting or (len(acting) == len(write.values) == 1 and _is_let_go(program, acting[0]))


def is_spare(program: Program, value: Site) -> bool:
    """Whether evaluating an expression only computes a value, as far as it, or the names of what it calls, tells."""
    if only_computes(program, value):
        return True
    code = program.facts[value.file].code
    parts = [Site(value.file, part) for part in ops.values(code, value.pc)]
    if code[value.pc] == ops.CALL:
        called = program.openings.shown(parts[0]).rpartition(".")[2]
        parts = parts[1:] + [Site(value.file, part) for part in ops.values(code, parts[0].pc)]
        if called not in _LOOKING:
            return False
    elif code[value.pc] in _DOING:
        return False
    return all(is_spare(program, part) for part in parts)


def _is_let_go(program: Program, value: Site) -> bool:
    """Whether a call can stay without its result: it makes nothing that acts as long as somebody holds it."""
    code = program.facts[value.file].code
    call = code[value.pc + 3] if code[value.pc] == ops.AWAIT else value.pc
    if code[call] != ops.CALL:
        return False
    called = program.openings.shown(Site(value.file, code[call + 5])).rpartition(".")[2]
    return not called[:1].isupper() and not any(word in called.lower() for word in _HELD)


def _overwritten(program: Program, scope: int, number: int) -> Iterator[Write]:
    """The plain assignments of a variable whose value no read gets."""
    index = program.index
    file, record = index.file_of[scope], index.scopes[scope]
    code, name = program.facts[file].code, program.facts[file].names[number]
    stores = record.bound[number]
    if record.flags & data.READS_FRAME or number in (*record.globals, *record.nonlocals):
        return
    plain = [
        store
        for store in stores
        if code[store] == ops.STORE and code[store + 5] == ops.PLAIN and code[code[store + 4]] != ops.ITEM
    ]
    cheap = [store for store in plain if only_computes(program, Site(file, code[store + 4]))]
    read = [site.pc for site in reads(program, scope, name)]
    if not cheap or not all(record.start <= pc < record.end for pc in (*stores, *read)):
        return
    form = program.ask(Values).form(scope)
    if not all(pc in form.reads for pc in read) or any(True for _ in index.find(scope, ops.DEL_NAME, 3, name)):
        return  # code that no way leads to, or that needs the name to be bound
    got = _got([form.reads[pc] for pc in read], form.phis)
    for store in cheap:
        if ("store", code[store + 4]) not in got and form.block_at(store) >= 0:
            yield Write(Site(file, store), (Site(file, code[store + 4]),))


def _got(found: Sequence[Version], phis: Sequence[Sequence[tuple[Version, int]]]) -> set[Version]:
    """The versions that reads may get, through joins and tests."""
    got: set[Version] = set()
    waiting = [*found]
    while waiting:
        version = waiting.pop()
        if version not in got:
            got.add(version)
            if version[0] == "phi":
                waiting += [inner for inner, _ in phis[version[1]]]
            elif version[0] in ("narrow", "after"):
                waiting.append(version[1])
    return got


def overwritten_attributes(program: Program, scope: int) -> Iterator[tuple[str, Write]]:
    """The attributes that a function sets and sets again before anything can look at them: the first of the two, or the second of the same."""
    file = program.index.file_of[scope]
    fact, local = program.facts[file], scope - program.index.base[file]
    code = fact.code
    pending: dict[tuple[int, int], int] = {}
    for pc in fact.instructions(local):
        match code[pc]:
            case ops.SET_ATTR if _is_kept(program, Site(file, pc)):
                key = code[code[pc + 3] + 3], code[pc + 4]
                # Another variable may hold the same object.
                pending = {one: first for one, first in pending.items() if one[1] != key[1] or one == key}
                if key in pending:
                    first = pending[key]
                    ends = [
                        code[value : value + 1] + code[value + 3 : value + 4]
                        for value in (code[first + 5], code[pc + 5])
                    ]
                    same = ends[0] == ends[1] and ends[0][0] == ops.CONST
                    needless = pc if same else first  # of two that are the same the one that comes as a surprise
                    yield fact.names[key[1]], Write(Site(file, needless), (Site(file, code[needless + 5]),))
                pending[key] = pc
                if fact.consumers(local)[code[pc + 5]] != [pc] or not only_computes(program, Site(file, code[pc + 5])):
                    del pending[key]
            case ops.STORE:
                pending = {key: first for key, first in pending.items() if key[0] != code[pc + 3]}
            case ops.SEQUENCE if code[pc + 3] != ops.SET:
                pass
            case ops.CONST | ops.NAME:
                pass
            case _:
                pending.clear()


def _is_kept(program: Program, site: Site) -> bool:
    """Whether an attribute is set on what a variable holds, and that runs no code."""
    fact, values = program.facts[site.file], program.ask(Values)
    code, name = fact.code, fact.names[fact.code[site.pc + 4]]
    if code[code[site.pc + 3]] != ops.NAME or name in program.index.computed:
        return False
    found = values.value(Site(site.file, code[site.pc + 3]))
    return bool(found) and all(values.attributes.is_data(atom, name) for atom in found)


def unassigned_evidence(program: Program, value: Site) -> Evidence:
    """What it rests on that a value need not be computed, or not be held any longer."""
    if not is_spare(program, value):
        note = "assumes that nobody waits for the end of what the call gives"
        return Evidence("purity", Proof.ASSUMED, program.index.place(value), note)
    piece = spare_evidence(program, value)
    if program.facts[value.file].code[value.pc] in (ops.ATTR, ops.SUBSCRIPT):
        note = "assumes that nobody waits for the end of what is read"
        return Evidence("purity", min(piece.proof, Proof.ASSUMED), piece.span, note)
    return piece
