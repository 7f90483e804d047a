"""What rules about parameters ask: which may go from a signature, what calls give them, and the evidence for it."""

from __future__ import annotations

import builtins
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from debloat.facts import data, ops
from debloat.facts.data import Parameter
from debloat.model import Evidence, Proof
from debloat.program.externals import CLOSED_BASES
from debloat.program.index import Site
from debloat.program.names import BUILTINS
from debloat.program.queries import (
    Call, Callers, callers_evidence, constant, definitions, hierarchy_evidence, parameters,
)  # fmt: skip
from debloat.program.solver import Value

if TYPE_CHECKING:
    from debloat.program.program import Program

_VARIADIC = (data.VAR_POSITIONAL, data.VAR_KEYWORD)
_ENUMS = ("enum.Enum", "enum.IntEnum", "enum.StrEnum", "enum.Flag", "enum.IntFlag")


def changeable(program: Program) -> Iterator[int]:
    """The functions and methods with a body of their own whose parameters are seen by their code alone."""
    for scope in definitions(program, data.FUNCTION):
        record = program.index.scopes[scope]
        if record.parameters and not record.flags & (data.TRIVIAL | data.READS_FRAME):
            if program.index.name(scope) != "__new__":  # what it is given, __init__ and pickle are given too
                yield scope


def named_parameters(program: Program, scope: int) -> Iterator[tuple[int, str, Parameter]]:
    """The parameters that a call fills one by one and the body reads: position, name, record."""
    for position, name, parameter in parameters(program, scope):
        if parameter.kind not in _VARIADIC and is_read(program, scope, parameter.name):
            yield position, name, parameter


def is_read(program: Program, scope: int, name: int) -> bool:
    """Whether a scope or one inside it reads the name."""
    return name in program.index.scopes[scope].loads or any(
        is_read(program, child, name) for child in program.index.children.get(scope, ())
    )


def in_production(program: Program, calls: Iterable[Call]) -> bool:
    """Whether a call stands outside the tests."""
    return any(not program.files[call.site.file].tests for call in calls)


def signature_evidence(program: Program, scope: int, found: Callers) -> list[Evidence]:
    """That all calls are known and no other class depends on the signature: kinds ``callers`` and ``hierarchy``."""
    evidence = callers_evidence(program, scope, found)
    misfits = [call.site for call in found.calls if not call.binding.fits]
    if misfits:
        note = "failing call: it passes what the function does not take"
        evidence.append(Evidence("callers", Proof.UNKNOWN, program.index.place(misfits[0]), note))
    if program.index.name(scope) == "__init__":
        return evidence + list(_constructor(program, scope))
    return evidence + hierarchy_evidence(program, scope)


def _constructor(program: Program, scope: int) -> Iterator[Evidence]:
    """What stands between a constructor and its visible calls: bases from outside, a metaclass."""
    cls = program.index.enclosing_class(scope)
    span = program.index.span(cls)
    metaclass = program.hierarchy.keywords(cls).get("metaclass")
    if metaclass and program.names.static(metaclass) != {("external", "abc.ABCMeta")}:
        yield Evidence("hierarchy", Proof.UNKNOWN, span, "has a metaclass: it may call the constructor")
    for base in program.hierarchy.outside(cls):
        kind = getattr(builtins, base.removeprefix("<builtin>."), None)
        if isinstance(kind, type) and issubclass(kind, BaseException):
            note = "assumes that the exception is not pickled or copied, which calls it with its args"
            yield Evidence("hierarchy", Proof.ASSUMED, span, note)
        elif base in _ENUMS or base not in CLOSED_BASES:
            yield Evidence("hierarchy", Proof.UNKNOWN, span, f"outside base: {base} may call the constructor")


def unpacking_evidence(program: Program, position: int, calls: Iterable[Call]) -> Iterator[Evidence]:
    """UNKNOWN evidence for each call whose ``*`` or ``**`` argument may fill the parameter."""
    for call in calls:
        if position in call.binding.unsure:
            place = program.index.place(call.site)
            yield Evidence("callers", Proof.UNKNOWN, place, "unpacked arguments: what they hold is not seen")


def target_evidence(program: Program, scope: int, calls: Iterable[Call]) -> Iterator[Evidence]:
    """UNKNOWN evidence for each call that may run another function too, which would miss an argument taken away."""
    for call in calls:
        if program.analysis.targets(call.site) != {scope}:
            place = program.index.place(call.site)
            yield Evidence("callers", Proof.UNKNOWN, place, "shared call: it may run another function as well")


def purity_evidence(program: Program, arguments: Sequence[Site]) -> Iterator[Evidence]:
    """PROVED evidence that no argument has an effect or can raise, ASSUMED for each that may."""
    for site in arguments:
        place = program.index.place(site)
        if is_pure(program, site):
            yield Evidence("purity", Proof.PROVED, place, "evaluating the argument has no effect and cannot raise")
        else:
            yield Evidence("purity", Proof.ASSUMED, place, "assumes that nobody relies on evaluating this argument")


def is_pure(program: Program, site: Site) -> bool:
    """Whether an expression surely has no effect, does not raise and terminates."""
    fact = program.index.facts[site.file]
    code, pc = fact.code, site.pc
    match code[pc]:
        case ops.CONST:
            return True
        case ops.NAME:
            return _is_bound(program, site)
        case ops.SEQUENCE:
            return code[pc + 3] != ops.SET and all(is_pure(program, Site(site.file, v)) for v in ops.values(code, pc))
        case ops.DICT:
            return code[pc + 3] == 0
        case ops.UNARY:
            return constant(program, site) is not None
    return False


def _is_bound(program: Program, site: Site) -> bool:
    """Whether a name surely has a value: a parameter, a builtin, or a local stored on the way to it."""
    fact = program.index.facts[site.file]
    name = fact.code[site.pc + 3]
    here = program.index.scope_at(site)
    home = program.index.resolve(here, name)
    if home < 0:
        return fact.names[name] in BUILTINS
    record = program.index.scopes[home]
    if home != here or record.kind != data.FUNCTION:
        return False
    stores, entry = fact.reaching(here - program.index.base[site.file], name, site.pc)
    given = any(parameter.name == name for parameter in record.parameters)
    surely = all(fact.code[store] == ops.STORE and fact.code[store + 5] != ops.HANDLER for store in stores)
    # A with statement may swallow what its body raises before it stores.
    swallows = any(fact.code[pc] == ops.WITH for pc in fact.instructions(here - program.index.base[site.file]))
    return surely and (given or not (entry or swallows))


def only_value(program: Program, scope: int, position: int, calls: Iterable[Call]) -> Value | None:
    """The value (see :func:`fixed`) that a parameter has in all calls that do not unpack into it; None if there are more.

    Calls in the function itself may pass the parameter on.
    """
    found: set[Value | None] = set()
    for call in calls:
        for value in call.binding.given.get(position, ()):
            site = Site(call.site.file, value)
            if not _passes_on(program, scope, position, site):
                found.add(fixed(program, site))
        if position not in call.binding.given and position not in call.binding.unsure:
            found.add(default_value(program, scope, position))
    return found.pop() if len(found) == 1 else None


def _passes_on(program: Program, scope: int, position: int, site: Site) -> bool:
    """Whether an argument is the parameter itself, as it was when the function was called."""
    code = program.index.facts[site.file].code
    record = program.index.scopes[scope]
    name = record.parameters[position].name
    return (
        code[site.pc] == ops.NAME
        and code[site.pc + 3] == name
        and program.index.resolve(program.index.scope_at(site), name) == scope
        and not record.bound[name]
    )


def default_site(program: Program, scope: int, parameter: Parameter) -> Site | None:
    """The expression that a parameter has as its default."""
    return Site(program.index.file_of[scope], parameter.default) if parameter.default >= 0 else None


def default_value(program: Program, scope: int, position: int) -> Value | None:
    """What a parameter always is where a call leaves it out; None where that varies or the call would fail."""
    site = default_site(program, scope, program.index.scopes[scope].parameters[position])
    return None if site is None else fixed(program, site)


def shown(program: Program, value: Value) -> str:
    """A fixed value as a reader would write it."""
    match value:
        case ("constant", _, bytes()):
            return "the same long text"
        case ("constant", "str", text):
            return f'"{text}"'
        case ("constant", str(kind), number):
            return f"-{number}" if kind.startswith("-") else str(number)
        case ("member", int(scope), str(name)):
            return f"{program.index.name(scope)}.{name}"
    return program.index.name(value[1])


def own_lines(program: Program, scope: int, parameter: Parameter) -> int:
    """The lines that a parameter has to itself."""
    record = program.index.scopes[scope]
    taken = {record.line}.union(*((p.line, p.end_line) for p in record.parameters if p is not parameter))
    return 0 if {parameter.line, parameter.end_line} & taken else parameter.end_line - parameter.line + 1


def fixed(program: Program, site: Site) -> Value | None:
    """What an expression always is, as long as the program runs; None where it may vary.

    A literal, or a constant that a module or class binds once: ("constant", type, value); a function or class:
    ("definition", scope); a member of an enumeration: ("member", class, name).
    """
    literal = constant(program, site)
    if literal is not None:
        return ("constant", *literal)
    home = _home(program, site)
    return None if home is None else _bound_once(program, *home, frozenset())


def _home(program: Program, site: Site) -> tuple[int, str] | None:
    """The variable of a module or class that a dotted name reads."""
    index = program.index
    fact = index.facts[site.file]
    match fact.code[site.pc]:
        case ops.NAME:
            scope = index.resolve(index.scope_at(site), fact.code[site.pc + 3])
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
    file = program.index.file_of[scope]
    fact = program.index.facts[file]
    record = program.index.scopes[scope]
    stores = record.bound.get(fact.name_index.get(name, -1), [])
    if record.kind not in (data.MODULE, data.CLASS) or len(stores) != 1 or (scope, name) in seen:
        return None
    if name in program.index.attribute_writers or None in program.names.star_targets(file):
        return None
    value = Site(file, fact.code[stores[0] + 4])
    match fact.code[value.pc]:
        case ops.FUNCTION | ops.CLASS:
            return ("definition", program.index.base[file] + fact.code[value.pc + 3])
        case ops.IMPORTED:
            return _imported(program, file, fact.code[value.pc + 3], seen | {(scope, name)})
    if record.kind == data.CLASS and not set(_ENUMS).isdisjoint(program.hierarchy.outside(scope)):
        return ("member", scope, name)
    if next(program.openings.of_variable(scope, name), None) is not None:
        return None
    literal = constant(program, value)
    return ("constant", *literal) if literal is not None and fact.code[stores[0] + 5] == ops.PLAIN else None


def _imported(program: Program, file: int, number: int, seen: frozenset[tuple[int, str]]) -> Value | None:
    imported = program.index.facts[file].imports[number]
    match list(program.names.module(program.index.target_module(file, number))):
        case [("module", int(source))] if imported.name in program.index.facts[source].name_index:
            return _bound_once(program, program.index.base[source], imported.name, seen)
    return None
