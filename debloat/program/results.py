"""Results that say more than they have to: tuples with a part that nobody reads, records of one field."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from debloat.facts import data, ops
from debloat.model import Evidence, Proof
from debloat.program.index import Site
from debloat.program.parameters import is_pure, known_calls, target_evidence
from debloat.program.queries import constant, definitions, reads, users
from debloat.program.reach import production
from debloat.program.references import references

if TYPE_CHECKING:
    from debloat.program.program import Program


class Part(NamedTuple):
    """A part of the tuples that a function returns: its position, the places that take it apart, and what it always is.

    ``returned`` are the tuples; ``unpacked`` the calls whose value is unpacked or subscripted. ``constant`` is its kind and
    value, None for a part that varies.
    """

    function: int
    position: int
    size: int
    constant: tuple[str, object] | None
    returned: Sequence[Site]
    unpacked: Sequence[Site]
    evidence: Sequence[Evidence]


class Record(NamedTuple):
    """A class of one field whose objects are returned and taken apart at once.

    ``made`` are the calls that make one, ``read`` the attributes that take it apart, ``functions`` what returns one.
    """

    cls: int
    field: str
    made: Sequence[Site]
    read: Sequence[Site]
    functions: Sequence[int]
    evidence: Sequence[Evidence]


def needless_parts(program: Program) -> Iterator[Part]:
    """The parts of returned tuples that no caller reads, and that are always the same or computed before."""
    live = program.ask(production)
    for function in definitions(program, data.FUNCTION):
        record = program.index.scopes[function]
        if record.flags & (data.GENERATOR | data.ASYNC) or record.line != record.first_line or not live.scope(function):
            continue
        returned = list(_tuples(program, function))
        sizes = {program.facts[site.file].code[site.pc + 4] for site in returned}
        if len(sizes) != 1 or program.openings.first(function) is not None:
            continue
        (size,) = sizes
        values = [{constant(program, _element(program, site, n)) for site in returned} for n in range(size)]
        fixed = [n for n, value in enumerate(values) if len(value) == 1 and None not in value]
        pure = [n for n in range(size) if all(is_pure(program, _element(program, site, n)) for site in returned)]
        if not (fixed or pure) or size < 2 or len(fixed) == size:
            continue
        calls, evidence = known_calls(program, function)
        evidence = [*evidence, *target_evidence(program, function, calls)]
        if not calls or any(piece.proof is Proof.UNKNOWN for piece in evidence):
            continue
        sites = sorted({call.site for call in calls})
        for position in dict.fromkeys((*fixed, *pure)):
            if all(_passes_over(program, site, position, size) for site in sites):
                value = constant(program, _element(program, returned[0], position)) if position in fixed else None
                yield Part(function, position, size, value, returned, sites, evidence)
                break


def _tuples(program: Program, function: int) -> Iterator[Site]:
    """The tuples that a function returns; nothing if it returns anything else too."""
    file = program.index.file_of[function]
    fact = program.facts[file]
    returns = [pc for pc in fact.instructions(function - program.index.base[file]) if fact.code[pc] == ops.RETURN]
    values = [fact.code[pc + 3] for pc in returns]
    if all(value >= 0 and _is_tuple(fact.code, value) for value in values):
        yield from (Site(file, value) for value in values)


def _is_tuple(code: Sequence[int], pc: int) -> bool:
    elements = code[pc + 5 : pc + 5 + code[pc + 4]] if code[pc] == ops.SEQUENCE else ()
    return bool(elements) and code[pc + 3] == ops.TUPLE and all(code[one] != ops.STAR for one in elements)


def _element(program: Program, site: Site, position: int) -> Site:
    return Site(site.file, program.facts[site.file].code[site.pc + 5 + position])


def _passes_over(program: Program, call: Site, position: int, size: int) -> bool:
    """Whether what a call gives is taken apart there and then, and the part at a position is not read."""
    code = program.facts[call.file].code
    found = users(program, call)
    if found and all(code[user] == ops.ITEM for user in found):
        parts = {code[user + 4]: Site(call.file, user) for user in found}
        plain = sorted(parts) == [*range(size)] and not any(code[user + 5] for user in found)
        return plain and _is_unread(program, parts[position])
    if len(found) == 1 and code[found[0]] == ops.SUBSCRIPT and code[found[0] + 3] == call.pc:
        key = constant(program, Site(call.file, code[found[0] + 4]))
        return key is not None and key[0] == "int" and key[1] != position and key[1] in range(size)
    return False


def _is_unread(program: Program, part: Site) -> bool:
    """Whether a part is stored in a variable that nothing reads before it is stored again."""
    fact = program.facts[part.file]
    match users(program, part):
        case [user] if fact.code[user] == ops.STORE:
            scope = program.index.scope_at(part)
            name = fact.code[user + 3]
            if program.index.resolve(scope, name) != scope or program.index.scopes[scope].kind != data.FUNCTION:
                return False
            return not any(
                _reaches(program, scope, name, user, site) for site in reads(program, scope, fact.names[name])
            )
    return False


def _reaches(program: Program, scope: int, name: int, store: int, read: Site) -> bool:
    if program.index.scope_at(read) != scope:
        return True
    stores, _ = program.facts[read.file].reaching(scope - program.index.base[read.file], name, read.pc)
    return store in stores


def needless_records(program: Program) -> Iterator[Record]:
    """The classes of one field whose objects functions return, and whose callers want the field and nothing else."""
    live = program.ask(production)
    for cls in definitions(program, data.CLASS):
        field = _only_field(program, cls)
        if field is not None and live.scope(cls) and program.openings.first(cls) is None:
            found = _record(program, cls, field)
            if found is not None:
                yield found


def _only_field(program: Program, cls: int) -> str | None:
    """The one field of a class that is otherwise nothing."""
    index, file = program.index, program.index.file_of[cls]
    names, record = program.facts[file].names, index.scopes[cls]
    if index.scopes[index.parent(cls)].kind != data.MODULE or len(record.bound) != 1:
        return None
    if program.hierarchy.subclasses(cls) or any(program.hierarchy.bases(cls)) or program.hierarchy.keywords(cls):
        return None
    fields = program.analysis.calls.fields(cls)
    children = index.children.get(cls, ())
    if fields.parameters:
        plain = not children and fields.parameters[0].default < 0 and len(fields.parameters) == 1
        return fields.fields[0] if plain else None
    if [index.name(child) for child in children] != ["__init__"] or record.line != record.first_line:
        return None
    (constructor,) = children
    parameters = index.scopes[constructor].parameters
    code = program.facts[file].code
    match [(code[pc], pc) for pc in program.facts[file].instructions(constructor - index.base[file])]:
        case [(ops.NAME, given), (ops.NAME, this), (ops.SET_ATTR, pc)] if len(parameters) == 2:
            if (code[given + 3], code[this + 3]) == (parameters[1].name, parameters[0].name) and parameters[
                1
            ].default < 0:
                return names[code[pc + 4]]
    return None


def _record(program: Program, cls: int, field: str) -> Record | None:
    made: list[Site] = []
    functions: list[int] = []
    for site in references(program, cls).reads:
        code = program.facts[site.file].code
        for user in users(program, site):
            if code[user] == ops.ANNOTATION:
                continue
            call = Site(site.file, user)
            if code[user] != ops.CALL or code[user + 5] != site.pc or not _is_returned(program, call, functions):
                return None
            made.append(call)
    read: list[Site] = []
    evidence: list[Evidence] = []
    for function in functions:  # grows while it is walked
        if program.openings.first(function) is not None or not _returns_only(program, function, functions, made):
            return None
        calls, known = known_calls(program, function)
        evidence += [*known, *target_evidence(program, function, calls)]
        if any(piece.proof is Proof.UNKNOWN for piece in evidence):
            return None
        if not all(_unwraps(program, call.site, field, functions, read) for call in calls):
            return None
    return Record(cls, field, made, read, functions, evidence) if made and read else None


def _is_returned(program: Program, site: Site, functions: list[int]) -> bool:
    """Whether all that is done with a value is to return it, by a function that is noted."""
    match users(program, site):
        case [user] if program.facts[site.file].code[user] == ops.RETURN:
            function = program.index.scope_at(site)
            record = program.index.scopes[function]
            if record.flags & (data.ASYNC | data.GENERATOR) or record.line != record.first_line:
                return False
            if function not in functions:
                functions.append(function)
            return True
    return False


def _returns_only(program: Program, function: int, functions: list[int], made: Sequence[Site]) -> bool:
    """Whether a function returns such objects and nothing else."""
    file = program.index.file_of[function]
    fact = program.facts[file]
    for pc in fact.instructions(function - program.index.base[file]):
        if fact.code[pc] == ops.RETURN:
            value = Site(file, fact.code[pc + 3])
            passed = (
                value.pc >= 0 and fact.code[value.pc] == ops.CALL and program.analysis.targets(value) <= set(functions)
            )
            if value not in made and not passed:
                return False
    return True


def _unwraps(program: Program, call: Site, field: str, functions: list[int], read: list[Site]) -> bool:
    """Whether all that is done with what a call gives is to read the field; the places are noted."""
    fact = program.facts[call.file]
    if _is_returned(program, call, functions):
        return True
    found = users(program, call)
    match [(fact.code[user], user) for user in found]:
        case [(ops.STORE, store)] if fact.code[store + 5] == ops.PLAIN:
            scope = program.index.scope_at(call)
            name = fact.code[store + 3]
            if program.index.scopes[scope].kind != data.FUNCTION or program.index.scopes[scope].bound.get(name) != [
                store
            ]:
                return False
            places = reads(program, scope, fact.names[name])
            found = [user for site in places for user in users(program, site)]
            if not found or any(not users(program, site) for site in places):
                return False
    wanted = found and all(fact.code[user] == ops.ATTR and fact.names[fact.code[user + 4]] == field for user in found)
    read += [Site(call.file, user) for user in found if Site(call.file, user) not in read]
    return bool(wanted)
