"""Parameters that go together or not at all: those of a method and its overrides, and of functions that share calls."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from debloat.facts import data, ops
from debloat.model import Evidence, Proof
from debloat.program.constants import default_site, default_value, fixed
from debloat.program.examples import NOTE, is_in_example
from debloat.program.index import Site
from debloat.program.parameters import in_production, is_open, own_lines, seen_calls, unpacking_evidence
from debloat.program.queries import Call, protocol_methods, reads, relatives, users
from debloat.program.solver import Value

if TYPE_CHECKING:
    from debloat.program.program import Program

_MOST = 40  # definitions


class Slot(NamedTuple):
    """A parameter: the function and the position in it."""

    function: int
    position: int


@dataclass(slots=True)
class Family:
    """The parameters that get the same arguments or override each other, the first definition to look at first.

    ``calls`` are those of each function, ``given`` the arguments that any of the parameters gets. Where the evidence has
    something UNKNOWN, the family may be larger.
    """

    slots: list[Slot]
    calls: dict[int, Sequence[Call]] = field(default_factory=dict)
    given: set[Site] = field(default_factory=set)
    evidence: list[Evidence] = field(default_factory=list)

    @property
    def is_known(self) -> bool:
        """Whether all of the family is seen."""
        return not is_open(self.evidence)

    @property
    def pairs(self) -> list[tuple[Slot, Call]]:
        """The calls of all functions, each with the parameter that it may give something."""
        return [(slot, call) for slot in self.slots for call in self.calls.get(slot.function, ())]


def family(program: Program, first: Sequence[Slot]) -> Family:
    """The family of a parameter, and of others that are to go with it, as far as it can be seen."""
    found = Family([*first])
    for slot in found.slots:  # grows while it is walked
        if slot != found.slots[0] and not _may_join(program, found, slot):
            continue
        calls, evidence = _known(program, slot.function)
        found.calls[slot.function] = calls
        found.evidence += evidence
        if not found.is_known:
            return found
        for other in (*_overrides(program, slot), *_sharing(program, found, slot)):
            if other not in found.slots:
                found.slots.append(other)
    if found.is_known:
        found.slots.sort(key=lambda slot: _rank(program, slot))
    return found


def _rank(program: Program, slot: Slot) -> tuple[bool, int, int]:
    """Where a slot stands among those of its family: what may be reported first, bases before what is derived from them."""
    file = program.files[program.index.file_of[slot.function]]
    cls = program.index.enclosing_class(slot.function)
    return file.tests or file.no_edit, len(program.hierarchy.order(cls)) if cls >= 0 else 0, slot.function


def _may_join(program: Program, found: Family, slot: Slot) -> bool:
    record = program.index.scopes[slot.function]
    first = found.slots[0]
    kind = program.index.scopes[first.function].parameters[first.position].kind
    reason = ""
    if record.kind != data.FUNCTION or program.index.name(slot.function) == "__new__":
        reason = "shared call: it may run another function as well"
    elif sum(other.function == slot.function for other in found.slots) > 1:
        reason = "shared call: it gives the argument to another parameter as well"
    elif record.parameters[slot.position].kind != kind:
        reason = f"overridden: {program.index.qualified(slot.function)} takes the parameter otherwise"
    elif record.flags & data.READS_FRAME:
        reason = f"shared call: {program.index.qualified(slot.function)} reads its locals by name"
    elif len(found.slots) > _MOST:
        reason = "too many definitions"
    if reason:
        found.evidence.append(Evidence("hierarchy", Proof.UNKNOWN, program.index.span(slot.function), reason))
    return not reason


def _all_known(_: Program) -> dict[int, tuple[Sequence[Call], list[Evidence]]]:
    """The calls of functions, as far as they have been asked for."""
    return {}


def _known(program: Program, function: int) -> tuple[Sequence[Call], list[Evidence]]:
    """The calls of a function, with the evidence that they are all; where there may be more, those told at a glance."""
    known = program.ask(_all_known)
    if function not in known:
        method = program.index.enclosing_class(function) >= 0 and program.index.name(function) != "__init__"
        evidence = list(_hierarchy_evidence(program, function)) if method else []
        known[function] = seen_calls(program, function, evidence)
    return known[function]


def _hierarchy_evidence(program: Program, function: int) -> Iterator[Evidence]:
    """What is known of the classes that may override a method."""
    cls = program.index.enclosing_class(function)
    name = program.index.name(function)
    protocols = program.ask(protocol_methods).get(name, ())
    if any(method != function for method in protocols):
        note = f"overridden: {program.index.qualified(protocols[0])} must keep the same parameters"
        yield Evidence("hierarchy", Proof.UNKNOWN, program.index.span(protocols[0]), note)
        return
    for heir in (cls, *program.hierarchy.subclasses(cls)):
        if (made := program.openings.extended(heir)) is not None:
            note = "overridden: a class with a computed base may be below it"
            yield Evidence("hierarchy", Proof.UNKNOWN, program.index.place(made), note)
            return
    others = relatives(program, function)
    note = "nothing overrides it and it overrides nothing"
    if others:
        note = f"every subclass is known, and {len(others)} other definitions of {name}"
    yield Evidence("hierarchy", Proof.PROVED, program.index.span(function), note)


def _overrides(program: Program, slot: Slot) -> Iterator[Slot]:
    """The parameters of that name in the methods that override a method or that it overrides."""
    index = program.index
    if index.enclosing_class(slot.function) < 0 or index.name(slot.function) in ("__init__", "__new__"):
        return
    name = parameter_name(program, slot)
    for other in relatives(program, slot.function):
        names = index.facts[index.file_of[other]].names
        for position, parameter in enumerate(index.scopes[other].parameters):
            if names[parameter.name] == name:
                yield Slot(other, position)


def _sharing(program: Program, found: Family, slot: Slot) -> Iterator[Slot]:
    """The parameters of other functions that get what calls give a parameter."""
    for call in found.calls[slot.function]:
        given = call.binding.given.get(slot.position, ())
        found.given.update(Site(call.site.file, value) for value in given)
        for value in given:
            for other in _receiving(program, call, value):
                if other is None:
                    note = "shared call: it may run another function as well"
                    found.evidence.append(Evidence("callers", Proof.UNKNOWN, program.index.place(call.site), note))
                    return
                yield other


def _receiving(program: Program, call: Call, value: int) -> Iterator[Slot | None]:
    """The parameters that an argument of a call goes to; None where it may go to what is not known."""
    fact = program.facts[call.site.file]
    if -1 in program.analysis.targets(call.site):
        yield None
        return
    for callee in program.analysis.values(Site(call.site.file, fact.code[call.site.pc + 5])):
        for target, skip in program.analysis.calls.functions(callee):
            binding = program.analysis.binding(call.site.file, call.site.pc, target, skip)
            positions = [position for position, values in binding.given.items() if value in values]
            yield from (Slot(target, position) for position in positions)
            if not positions:
                yield None


def parameter_name(program: Program, slot: Slot) -> str:
    """The name of a parameter."""
    names = program.facts[program.index.file_of[slot.function]].names
    return names[program.index.scopes[slot.function].parameters[slot.position].name]


def passes_on(program: Program, slots: Collection[Slot], site: Site) -> bool:
    """Whether an argument is one of some parameters, as it was when its function was called."""
    code = program.facts[site.file].code
    if code[site.pc] != ops.NAME:
        return False
    name = code[site.pc + 3]
    home = program.index.resolve(program.index.scope_at(site), name)
    return any(
        slot.function == home
        and program.index.scopes[home].parameters[slot.position].name == name
        and not program.index.scopes[home].bound[name]
        for slot in slots
    )


def is_read(program: Program, found: Family, slot: Slot) -> bool:
    """Whether code reads a parameter for more than to give it to another of its family."""
    given = found.given
    return any(site not in given for site in reads(program, slot.function, parameter_name(program, slot)))


def only_value(program: Program, slots: Collection[Slot], pairs: Iterable[tuple[Slot, Call]]) -> Value | None:
    """The value (see :func:`fixed`) that some parameters have in all calls that do not unpack into them; None if not just one.

    What the parameters give each other does not count.
    """
    found: set[Value | None] = set()
    for slot, call in pairs:
        for value in call.binding.given.get(slot.position, ()):
            site = Site(call.site.file, value)
            if not passes_on(program, slots, site):
                found.add(fixed(program, site))
        if _leaves_out(slot, call):
            found.add(default_value(program, *slot))
    return found.pop() if len(found) == 1 else None


def _leaves_out(slot: Slot, call: Call) -> bool:
    return slot.position not in call.binding.given and slot.position not in call.binding.unsure


def given_sites(program: Program, found: Family) -> Iterator[Site]:
    """The arguments that a family gets from elsewhere."""
    for site in sorted(found.given):
        if not passes_on(program, found.slots, site):
            yield site


def left_out(program: Program, found: Family) -> Iterator[Site]:
    """The defaults of a family that a call uses."""
    for slot in found.slots:
        default = default_site(program, *slot)
        if default is not None and any(_leaves_out(slot, call) for call in found.calls.get(slot.function, ())):
            yield default


def defaults(program: Program, found: Family) -> Iterator[Site]:
    """The defaults of a family."""
    yield from filter(None, (default_site(program, *slot) for slot in found.slots))


def proof(program: Program, found: Family) -> Iterator[Evidence]:
    """The evidence that a family is known, with its calls."""
    yield from dict.fromkeys(found.evidence)
    for slot in found.slots:
        yield from unpacking_evidence(program, slot.position, found.calls.get(slot.function, ()))
        if is_in_example(program, *slot):
            yield Evidence("callers", Proof.ASSUMED, program.index.span(slot.function), NOTE)


def called(program: Program, found: Family) -> str:
    """The function of a family's first parameter, for messages."""
    name = program.index.name(found.slots[0].function)
    return name if len(found.slots) == 1 or not found.is_known else f"{name}, in {len(found.slots)} definitions,"


def families(program: Program, candidates: Iterable[Sequence[Slot]]) -> Iterator[Family]:
    """The families of some parameters, given with those that go with them, each once and if production calls it."""
    seen: set[Slot] = set()
    for slots in candidates:
        if slots[0] in seen:
            continue
        found = family(program, slots)
        if found.is_known:
            seen.update(found.slots)
        if in_production(program, [call for _, call in found.pairs]):
            yield found


def removable_lines(program: Program, found: Family) -> int:
    """The lines that the parameters have to themselves."""
    return sum(
        own_lines(program, slot.function, program.index.scopes[slot.function].parameters[slot.position])
        for slot in found.slots
    )


def round_trip(program: Program, slot: Slot) -> list[Slot]:
    """A parameter with those that it is passed on to in a circle; empty where more is done with one of them.

    All as far as the text tells, where a method may be any of its name.
    """
    graph: dict[Slot, list[Slot]] = {}
    waiting = [slot]
    for one in waiting:  # grows while it is walked
        if one not in graph:
            targets = _passed_to(program, one)
            if targets is None or len(graph) > _MOST:
                return []
            graph[one] = targets
            waiting += targets
    return [slot, *(other for other in graph if other != slot and slot in _reached(graph, other))]


def _reached(graph: Mapping[Slot, Sequence[Slot]], start: Slot) -> list[Slot]:
    found = [*graph[start]]
    for slot in found:  # grows while it is walked
        found += [other for other in graph[slot] if other not in found]
    return found


def _passed_to(program: Program, slot: Slot) -> list[Slot] | None:
    """The parameters that a parameter is passed on to by the name of the function; None where more is done with it."""
    own = program.index.name(slot.function)
    found: list[Slot] = []
    for site in reads(program, slot.function, parameter_name(program, slot)):
        fact = program.facts[site.file]
        for pc in users(program, site):
            callee = fact.code[pc + 5] if fact.code[pc] == ops.CALL else site.pc
            if callee == site.pc:
                return None
            if fact.code[callee] == ops.ATTR and fact.names[fact.code[callee + 4]] == own:
                continue
            for value in program.names.static(Site(site.file, callee)):
                if value[0] != "function":
                    return None
                binding = program.analysis.binding(site.file, pc, value[1], 0)
                found += [Slot(value[1], position) for position, given in binding.given.items() if site.pc in given]
    return found
