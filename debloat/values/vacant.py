"""Containers that are always empty, what goes over them, and calls of functions that do nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from debloat.facts import data, ops
from debloat.model import Evidence, Proof
from debloat.program.externals import COPIES, ELEMENTS, PLAIN, STORING
from debloat.program.index import Site
from debloat.program.queries import definitions, glance, users, world_evidence
from debloat.program.reach import everything, production
from debloat.values.analysis import Values
from debloat.values.domain import Atom, objects
from debloat.values.evidence import type_evidence
from debloat.values.spare import spare_evidence
from debloat.values.triage import Triage

if TYPE_CHECKING:
    from debloat.program.program import Program

_EMPTY = frozenset(("external", f"<builtin>.{name}") for name in ("list", "dict", "set", "tuple"))
_PASSING = frozenset(
    ("external", f"<builtin>.{name}") for name in ("list", "tuple", "set", "sorted", "reversed", "enumerate", "iter")
)
_VIEWS = frozenset({"copy", "items", "keys", "values"})
# Methods that put nothing into a container.
_TAKING = (COPIES | ELEMENTS | PLAIN) - STORING - {"symmetric_difference_update"}
_STATIC = {"<builtin>.staticmethod", "<builtin>.classmethod"}


class Vain(NamedTuple):
    """Something that does nothing: the FOR, IF or EXPR instruction, the expression that shows it, and the evidence.

    ``function`` is what a call calls in vain.
    """

    statement: Site
    shown: Site
    evidence: tuple[Evidence, ...]
    function: int | None = None


def vain_loops(program: Program) -> Iterator[Vain]:
    """The loops over containers that are always empty, and the tests of such."""
    values, live = program.ask(Values), program.ask(production)
    for scope in (*definitions(program, data.FUNCTION), *definitions(program, data.MODULE)):
        file = program.index.file_of[scope]
        fact = program.facts[file]
        for pc in fact.instructions(scope - program.index.base[file]):
            if fact.code[pc] not in (ops.FOR, ops.IF):
                continue
            asked = Site(file, fact.code[pc + 5])
            if fact.code[pc] == ops.IF and fact.code[asked.pc] == ops.UNARY and fact.code[asked.pc + 3] == ops.NOT:
                asked = Site(file, fact.code[asked.pc + 4])
            over = _gone_over(program, asked) if fact.code[pc] == ops.FOR else asked
            if not _may_be_held(program, over) or not live.scope(scope) or program.ask(Triage).is_hopeless(over):
                continue
            value = values.value(over)
            boxes = objects(value)
            if boxes and all(is_vacant(program, atom) for atom in boxes) and values.is_reached(Site(file, pc)):
                made = program.index.place(Site(boxes[0][1], boxes[0][2]))
                nothing = Evidence("mutation", Proof.PROVED, made, "nothing is ever put into it, wherever it goes")
                evidence = (nothing, *type_evidence(program, asked), spare_evidence(program, asked))
                yield Vain(Site(file, pc), asked, evidence)


def _gone_over(program: Program, site: Site) -> Site:
    """The container whose elements a loop over an expression takes: what it is a copy or view of."""
    code = program.facts[site.file].code
    while code[site.pc] == ops.CALL:
        callee = Site(site.file, code[site.pc + 5])
        called = program.names.static(callee)
        if called and called <= _PASSING and code[site.pc + 6] == 1 and code[site.pc + 8] == 0:
            site = Site(site.file, code[site.pc + 7])
        elif code[callee.pc] == ops.ATTR and program.facts[site.file].names[code[callee.pc + 4]] in _VIEWS:
            site = Site(site.file, code[callee.pc + 3])
        else:
            break
    return site


def _may_be_held(program: Program, site: Site) -> bool:
    """Whether an expression reads an attribute, an item of one, or a variable of a module: what others may put things into.

    So does a variable of a function that is bound once, above, to such an expression.
    """
    fact = program.facts[site.file]
    match fact.code[site.pc]:
        case ops.ATTR:
            return True
        case ops.NAME:
            home = program.index.home(site)
            if home < 0 or program.index.scopes[home].kind == data.MODULE:
                return home >= 0
            stores = program.index.scopes[home].bound.get(fact.code[site.pc + 3], ())
            value = next((fact.code[at + 4] for at in stores if fact.code[at] == ops.STORE), -1)
            is_before = home == program.index.scope_at(site) and len(stores) == 1 and 0 <= value < stores[0] < site.pc
            return is_before and _may_be_held(program, Site(site.file, value))
        case ops.SUBSCRIPT:
            return _may_be_held(program, Site(site.file, fact.code[site.pc + 3]))
        case ops.CALL:
            callee = Site(site.file, fact.code[site.pc + 5])
            gets = fact.code[callee.pc] == ops.ATTR and fact.names[fact.code[callee.pc + 4]] == "get"
            return gets and _may_be_held(program, Site(site.file, fact.code[callee.pc + 3]))
    return False


def is_vacant(program: Program, atom: Atom) -> bool:
    """Whether an atom is a container that is made empty and that nothing is put into."""
    if atom[0] != "box":
        return False
    file, pc = atom[1:]
    code = program.facts[file].code
    match code[pc]:
        case ops.SEQUENCE:
            empty = code[pc + 4] == 0
        case ops.DICT:
            empty = code[pc + 3] == 0
        case ops.CALL:
            called = program.names.static(Site(file, code[pc + 5]))
            empty = bool(called) and called <= _EMPTY and code[pc + 6] == 0 and code[pc + 7] == 0
        case _:
            empty = False
    if not empty:
        return False
    live = program.ask(everything)
    return all(
        event[0] in ("read", "call")  # to call a container fails
        or (event[0] == "invoke" and event[3] in _TAKING)
        or (
            event[0] in ("put", "invoke", "drop", "grown") and not live.scope(program.index.scope_at(Site(*event[1:3])))
        )
        for event in program.ask(Values).containers.events(atom)
    )


def vain_calls(program: Program) -> Iterator[Vain]:
    """The calls, as statements, of functions with nothing in them, where these are all that may be called."""
    live = program.ask(production)
    seen: set[Site] = set()
    for function in definitions(program, data.FUNCTION):
        if not live.scope(function) or not is_empty(program, function):
            continue
        sure, possible = glance(program, function)
        for call in (*sure, *possible):
            statement = _statement(program, call.site)
            if statement is None or call.site in seen or not live.scope(program.index.scope_at(call.site)):
                continue
            targets = program.analysis.targets(call.site)
            if function in targets and call.binding.fits and all(is_empty(program, target) for target in targets):
                seen.add(call.site)
                yield Vain(statement, call.site, tuple(_calls_evidence(program, call.site, targets)), function)


def _statement(program: Program, call: Site) -> Site | None:
    """The statement that is a call, awaited or not."""
    code = program.facts[call.file].code
    match users(program, call):
        case [user] if code[user] == ops.AWAIT:
            return _statement(program, Site(call.file, user))
        case [user] if code[user] == ops.EXPR and not program.files[call.file].tests:
            return Site(call.file, user)
    return None


def is_empty(program: Program, function: int) -> bool:
    """Whether a function, which only code that is seen replaces, has no more in it than a docstring."""
    record = program.index.scopes[function] if function >= 0 else None
    if record is None or record.kind != data.FUNCTION or not record.flags & data.TRIVIAL:
        return False
    file = program.index.file_of[function]
    fact = program.facts[file]
    does = any(
        fact.code[pc] >= ops.STORE and fact.code[pc] != ops.EXPR
        for pc in fact.instructions(function - program.index.base[file])
    )
    plain = (
        program.analysis.calls.decorators(function) <= _STATIC
        and program.index.special_methods.get(program.index.name(function), ()) == ()
    )
    return not does and plain and program.openings.first(function) is None


def _calls_evidence(program: Program, call: Site, targets: set[int]) -> Iterator[Evidence]:
    code = program.facts[call.file].code
    for target in sorted(targets):
        span = program.index.span(target)
        note = f"{program.index.qualified(target)} does nothing, and nothing else is called there"
        yield Evidence("callers", Proof.PROVED, span._replace(end_line=span.line, end_column=span.column), note)
        yield from world_evidence(program, target)
    for value in ops.values(code, call.pc):
        yield spare_evidence(program, Site(call.file, value))
