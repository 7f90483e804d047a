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
_MADE = frozenset({*"list dict set defaultdict Counter deque OrderedDict".split()})
_ADDING = frozenset({ops.BINARY, ops.SET_ITEM, ops.SUBSCRIPT, ops.ATTR})
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
    changed = {number for number, stores in record.bound.items() if stores and fact.code[stores[0]] == ops.STORE}
    changed = {number for number in changed & loads if _is_changed(fact, record.bound[number])}
    if changed:
        changed -= _used(fact, scope - program.index.base[program.index.file_of[scope]])
    for number, stores in record.bound.items():
        name = fact.names[number]
        if name.startswith("_") or not stores or fact.code[stores[0]] != ops.STORE:
            continue
        if number not in loads or number in changed:
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


def _used(fact: data.Facts, local: int) -> set[int]:
    """The variables of which a glance shows that more is done with them than to add to what they hold."""
    code = fact.code
    return {
        code[value + 3]
        for value, users in fact.consumers(local).items()
        if code[value] == ops.NAME and any(code[user] not in _ADDING for user in users)
    }


def _is_changed(fact: data.Facts, stores: Sequence[int]) -> bool:
    """Whether a variable may hold what is only added to: a number, or a container that is made here."""
    code = fact.code
    value = code[stores[0] + 4]
    if code[stores[0] + 5] != ops.PLAIN:
        return False
    if code[value] == ops.CALL:
        callee = code[value + 5]
        return (
            code[callee] in (ops.NAME, ops.ATTR) and fact.names[code[callee + 3 + (code[callee] == ops.ATTR)]] in _MADE
        )
    return code[value] in (ops.CONST, ops.SEQUENCE, ops.DICT, ops.COMPREHENSION)


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
    read = [site.pc for site in reads(program, scope, name)]
    if not plain or not all(record.start <= pc < record.end for pc in (*stores, *read)):
        return
    form = program.ask(Values).form(scope)
    if not all(pc in form.reads for pc in read) or any(True for _ in index.find(scope, ops.DEL_NAME, 3, name)):
        return  # code that no way leads to, or that needs the name to be bound
    got = _got([form.reads[pc] for pc in read], form.phis)
    for store in plain:
        lost = ("store", code[store + 4]) not in got and form.block_at(store) >= 0
        if lost and only_computes(program, Site(file, code[store + 4])):
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
    if not program.index.scopes[scope].set_attributes:
        return
    run: list[int] = []  # what is set in a row
    for pc in fact.instructions(local):
        match code[pc]:
            case ops.SET_ATTR if code[code[pc + 3]] == ops.NAME:
                first = next((one for one in run if code[one + 4] == code[pc + 4]), -1)
                if first >= 0:
                    between = run[run.index(first) :]
                    if _is_same(fact, first, pc) and all(_is_kept(program, Site(file, one)) for one in (*between, pc)):
                        needless = pc if _is_equal(fact, first, pc) else first
                        value = code[needless + 5]
                        if fact.consumers(local)[value] == [needless] and only_computes(program, Site(file, value)):
                            yield fact.names[code[pc + 4]], Write(Site(file, needless), (Site(file, value),))
                    run.remove(first)
                run.append(pc)
            case ops.STORE:
                run = [one for one in run if code[code[one + 3] + 3] != code[pc + 3]]
            case ops.SEQUENCE if code[pc + 3] != ops.SET:
                pass
            case ops.CONST | ops.NAME:
                pass
            case _:
                run.clear()


def _is_same(fact: data.Facts, first: int, then: int) -> bool:
    """Whether two attributes are set on what one variable holds; another one may hold the same object."""
    code = fact.code
    return code[code[first + 3] + 3] == code[code[then + 3] + 3]


def _is_equal(fact: data.Facts, first: int, then: int) -> bool:
    """Whether two attributes are set to the same literal: then the second is the one that comes as a surprise."""
    code = fact.code
    one, other = code[first + 5], code[then + 5]
    return code[one] == code[other] == ops.CONST and code[one + 3] == code[other + 3]


def _is_kept(program: Program, site: Site) -> bool:
    """Whether an attribute is set on what a variable holds, and that runs no code."""
    fact, values = program.facts[site.file], program.ask(Values)
    code, name = fact.code, fact.names[fact.code[site.pc + 4]]
    if name in program.index.computed:
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
