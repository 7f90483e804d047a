"""Classes whose objects hold one other object and pass every call on to it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from debloat.facts import data, ops
from debloat.program.abstract import is_type
from debloat.program.binding import arguments
from debloat.program.forwarding import only_call, returns_nothing
from debloat.program.index import Site
from debloat.program.queries import definitions, users
from debloat.program.references import references

if TYPE_CHECKING:
    from debloat.program.program import Program


class Layer(NamedTuple):
    """A class, its methods, what its objects call the one they hold, and where they are made: the calls."""

    cls: int
    methods: Sequence[int]
    member: str
    made: Sequence[Site]


def layers(program: Program) -> Iterator[Layer]:
    """The classes, with nothing above or below them, that are named where objects are made of them and nowhere else."""
    index = program.index
    for cls in definitions(program, data.CLASS):
        record = index.scopes[cls]
        family = [*program.hierarchy.subclasses(cls), *program.hierarchy.keywords(cls), *program.hierarchy.bases(cls)]
        top = index.scopes[index.parent(cls)].kind == data.MODULE
        if family or not top or record.line != record.first_line or not _only_defines(program, cls):
            continue
        children = index.children.get(cls, ())
        init = [scope for scope in children if index.name(scope) == "__init__"]
        methods = [scope for scope in children if scope not in init]
        member = _held(program, init[0]) if len(init) == 1 else None
        if member is None or not methods or not all(_passes_on(program, method, member) for method in methods):
            continue
        made = list(_made(program, cls))
        if made and None not in made:
            yield Layer(cls, methods, member, [site for site in made if site is not None])


def _only_defines(program: Program, cls: int) -> bool:
    """Whether the body of a class has nothing but functions and a docstring."""
    file = program.index.file_of[cls]
    code = program.facts[file].code
    return all(
        program.index.scopes[child].kind == data.FUNCTION for child in program.index.children.get(cls, ())
    ) and all(
        code[pc] < ops.STORE
        or (code[pc] == ops.STORE and code[pc + 5] == ops.DEFINITION)
        or (code[pc] == ops.EXPR and code[code[pc + 3]] == ops.CONST)
        or code[pc] == ops.ANNOTATION
        for pc in program.facts[file].instructions(cls - program.index.base[file])
    )


def _held(program: Program, init: int) -> str | None:
    """The attribute that a constructor sets to its one argument, if it does nothing else."""
    file = program.index.file_of[init]
    fact, record = program.facts[file], program.index.scopes[init]
    kinds = [parameter.kind for parameter in record.parameters]
    if kinds != [data.POSITIONAL] * 2 or record.parameters[1].default >= 0 or record.line != record.first_line:
        return None
    code = fact.code
    done = [pc for pc in fact.instructions(init - program.index.base[file]) if code[pc] >= ops.STORE]
    done = [pc for pc in done if code[pc] != ops.EXPR or code[code[pc + 3]] != ops.CONST]
    first, second = (parameter.name for parameter in record.parameters)
    match done:
        case [pc] if code[pc] == ops.SET_ATTR and [code[pc + 3], code[pc + 5]] == [
            _name(code, code[pc + 3], first),
            _name(code, code[pc + 5], second),
        ]:
            return fact.names[code[pc + 4]]
    return None


def _name(code: Sequence[int], pc: int, name: int) -> int:
    """The position if a name is read there, -1 otherwise."""
    return pc if code[pc] == ops.NAME and code[pc + 3] == name else -1


def _passes_on(program: Program, method: int, member: str) -> bool:
    """Whether a method calls the one of its name on what the object holds, with what it is given, and returns what that does."""
    record = program.index.scopes[method]
    refused = data.GENERATOR | data.READS_FRAME
    if not record.flags & data.FORWARDS or record.flags & refused or record.line != record.first_line:
        return False
    call, returned = only_call(program, method)
    if call is None or not (returned or _is_procedure(program, call)):
        return False
    fact = program.facts[call.file]
    code, callee = fact.code, fact.code[call.pc + 5]
    held = code[callee + 3] if code[callee] == ops.ATTR else -1
    named = held >= 0 and fact.names[code[callee + 4]] == program.index.name(method) and code[held] == ops.ATTR
    if not named or fact.names[code[held + 4]] != member or not record.parameters:
        return False
    plain = all(one.kind == data.POSITIONAL and one.default < 0 for one in record.parameters)
    given = arguments(fact, call.pc)
    passed = [code[value + 3] if code[value] == ops.NAME else -1 for value, _ in given.positional]
    own = [parameter.name for parameter in record.parameters]
    receiver = _name(code, code[held + 3], own[0]) >= 0
    return plain and receiver and not given.keywords and passed == own[1:]


def _is_procedure(program: Program, call: Site) -> bool:
    """Whether all that a call may run returns nothing."""
    targets = program.analysis.targets(call)
    return bool(targets) and all(target >= 0 and returns_nothing(program, target) for target in targets)


def _made(program: Program, cls: int) -> Iterator[Site | None]:
    """The calls that make objects of a class; None for another use of its name."""
    for site in references(program, cls).reads:
        if is_type(program, site):
            yield None
        for user in users(program, site):
            code = program.facts[site.file].code
            given = arguments(program.facts[site.file], user) if code[user] == ops.CALL else None
            called = given is not None and code[user + 5] == site.pc
            if (
                given is None
                or not called
                or len(given.positional) + len(given.keywords) != 1
                or any(star for _, star in given.positional)
                or any(name is None for name, _ in given.keywords)
            ):
                yield None
            else:
                yield Site(site.file, user)
