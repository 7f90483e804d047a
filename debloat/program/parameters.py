"""What rules about parameters ask: which may go from a signature, what calls give them, and the evidence for it."""

from __future__ import annotations

import builtins
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from debloat.facts import data, ops
from debloat.facts.data import Parameter
from debloat.model import Evidence, Proof
from debloat.program.externals import CLOSED_BASES, ENUMS
from debloat.program.index import Site
from debloat.program.names import BUILTINS
from debloat.program.queries import (
    Call,
    callers,
    callers_evidence,
    constant,
    definitions,
    glance,
    hierarchy_evidence,
    parameters,
    relatives,
)  # fmt: skip
from debloat.program.unpacked import sharpened

if TYPE_CHECKING:
    from debloat.program.program import Program

_VARIADIC = (data.VAR_POSITIONAL, data.VAR_KEYWORD)


def changeable(program: Program) -> Iterator[int]:
    """The functions and methods, without openings, with a body of their own that alone sees their parameters."""
    for scope in program.find(_judged):
        record = program.index.scopes[scope]
        # A constructor without code is no stub: it is what there is to call.
        stub = record.flags & data.TRIVIAL and program.index.name(scope) != "__init__"
        if not record.parameters or stub or record.flags & data.READS_FRAME:
            continue
        # What __new__ is given, __init__ and pickle are given too.
        if program.index.name(scope) != "__new__" and program.openings.first(scope) is None:
            yield scope


def _judged(program: Program) -> Collection[int]:
    """The functions of the judged files, and those whose parameters go with theirs. For :meth:`Program.find`."""
    found = dict.fromkeys(definitions(program, data.FUNCTION))
    if program.judged is not program.editable:
        for scope in [*found]:
            files = ((other, program.files[program.index.file_of[other]]) for other in relatives(program, scope))
            found.update((other, None) for other, file in files if not file.tests and not file.no_edit)
    return found


def named_parameters(program: Program, scope: int) -> Iterator[tuple[int, str, Parameter]]:
    """The parameters that a call fills one by one and the body reads: position, name, record."""
    for position, name, parameter in parameters(program, scope):
        if parameter.kind not in _VARIADIC and is_read_by_name(program, scope, parameter.name):
            yield position, name, parameter


def is_read_by_name(program: Program, scope: int, name: int) -> bool:
    """Whether a scope or one inside it reads the name."""
    return name in program.index.scopes[scope].loads or any(
        is_read_by_name(program, child, name) for child in program.index.children.get(scope, ())
    )


def in_production(program: Program, calls: Iterable[Call]) -> bool:
    """Whether a call stands outside the tests."""
    return any(not program.files[call.site.file].tests for call in calls)


def known_calls(program: Program, scope: int) -> tuple[Sequence[Call], list[Evidence]]:
    """The calls of a function, with the evidence that they are all and that no other class has a say in its signature.

    Where another class has one, nothing is solved, and where a first opening is met, nothing more: then the calls are those
    that can be told at a glance.
    """
    constructor = program.index.name(scope) == "__init__" and program.index.enclosing_class(scope) >= 0
    return seen_calls(program, scope, [] if constructor else hierarchy_evidence(program, scope))


def seen_calls(program: Program, scope: int, hierarchy: Sequence[Evidence]) -> tuple[Sequence[Call], list[Evidence]]:
    """The calls of a function, with the evidence that they are all, besides that of its hierarchy."""
    evidence = list(hierarchy)
    if program.index.name(scope) == "__init__" and program.index.enclosing_class(scope) >= 0:
        evidence += _constructor(program, scope)
    if is_open(evidence):
        return glance(program, scope)[0], evidence
    found = callers(program, scope, if_closed=True)
    if found.openings:
        return glance(program, scope)[0], callers_evidence(program, scope, found) + evidence
    calls = sharpened(program, scope, found.calls)
    misfits = [call.site for call in calls if not call.binding.fits or _lacks(program, scope, call)]
    if misfits:
        note = "failing call: it passes what the function does not take, or not what it needs"
        evidence.append(Evidence("callers", Proof.UNKNOWN, program.index.place(misfits[0]), note))
    return calls, callers_evidence(program, scope, found) + evidence


def is_open(evidence: Iterable[Evidence]) -> bool:
    """Whether something is not known."""
    return any(piece.proof is Proof.UNKNOWN for piece in evidence)


def _lacks(program: Program, scope: int, call: Call) -> bool:
    """Whether a call surely leaves out an argument that a function needs; the object of a method it need not name."""
    first = 0 if program.analysis.receivers(scope) is None else 1
    return any(
        parameter.default < 0
        and parameter.kind not in _VARIADIC
        and position >= first
        and position not in call.binding.given
        and position not in call.binding.unsure
        for position, parameter in enumerate(program.index.scopes[scope].parameters)
    )


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
        elif base in ENUMS or base not in CLOSED_BASES:
            yield Evidence("hierarchy", Proof.UNKNOWN, span, f"outside base: {base} may call the constructor")


def unpacking_evidence(program: Program, position: int, calls: Iterable[Call]) -> Iterator[Evidence]:
    """UNKNOWN evidence for each call whose ``*`` or ``**`` argument may fill the parameter, or goes into it."""
    for call in calls:
        unpacked = {value for value, star in call.arguments.positional if star}
        unpacked |= {value for name, value in call.arguments.keywords if name is None}
        if position in call.binding.unsure or not unpacked.isdisjoint(call.binding.given.get(position, ())):
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


def binding_evidence(program: Program, values: Iterable[Site]) -> Iterator[Evidence]:
    """ASSUMED evidence for each constant, of those that are not evaluated where they were any more, that may be unbound."""
    for site in values:
        fact = program.index.facts[site.file]
        match fact.code[site.pc]:
            case ops.SEQUENCE:
                yield from binding_evidence(program, [Site(site.file, v) for v in ops.values(fact.code, site.pc)])
            case ops.ATTR:
                yield from binding_evidence(program, [Site(site.file, fact.code[site.pc + 3])])
            case ops.NAME if not _is_bound(program, site):
                name = fact.names[fact.code[site.pc + 3]]
                note = f"assumes that {name} is bound whenever this runs"
                yield Evidence("purity", Proof.ASSUMED, program.index.place(site), note)


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
    """Whether a name surely has a value: a parameter, a builtin, or a variable stored on the way to it."""
    fact = program.index.facts[site.file]
    name = fact.code[site.pc + 3]
    here = program.index.scope_at(site)
    home = program.index.home(site)
    if home < 0:
        return fact.names[name] in BUILTINS
    record = program.index.scopes[home]
    if record.kind == data.MODULE:
        return _is_bound_by_module(program, site, name)
    if home != here or record.kind != data.FUNCTION:
        return False
    stores, entry = fact.reaching(here - program.index.base[site.file], name, site.pc)
    given = any(parameter.name == name for parameter in record.parameters)
    surely = all(fact.code[store] == ops.STORE and fact.code[store + 5] != ops.HANDLER for store in stores)
    # A with statement may swallow what its body raises before it stores.
    swallows = any(fact.code[pc] == ops.WITH for pc in fact.instructions(here - program.index.base[site.file]))
    return surely and (given or not (entry or swallows))


def _is_bound_by_module(program: Program, site: Site, name: int) -> bool:
    """Whether a module has surely bound a variable when a place in it is evaluated."""
    index = program.index
    fact = index.facts[site.file]
    pc, scope, later = site.pc, index.scope_at(site), False
    while scope != index.base[site.file]:
        later = later or index.scopes[scope].kind in (data.FUNCTION, data.LAMBDA)
        pc, scope = index.scopes[scope].definition, index.parent(scope)
    stores, entry = fact.reaching(0, name, pc)
    if entry and later:  # a function may use what is bound below it, if nothing calls it before
        stores, entry = fact.reaching(0, name, fact.scopes[0].end)
        between = (other for other in fact.instructions(0) if pc < other < max(stores, default=pc))
        entry = entry or any(_may_call(fact.code, other) for other in between)
    return not entry and all(fact.code[store] == ops.STORE and fact.code[store + 5] != ops.HANDLER for store in stores)


def _may_call(code: Sequence[int], pc: int) -> bool:
    """Whether an instruction runs other code: a call, an import, a decorator."""
    return code[pc] in (ops.CALL, ops.IMPORTED) or (code[pc] == ops.FUNCTION and code[pc + 4] > 0)


def own_lines(program: Program, scope: int, parameter: Parameter) -> int:
    """The lines that a parameter has to itself."""
    record = program.index.scopes[scope]
    taken = {record.line}.union(*((p.line, p.end_line) for p in record.parameters if p is not parameter))
    return 0 if {parameter.line, parameter.end_line} & taken else parameter.end_line - parameter.line + 1
