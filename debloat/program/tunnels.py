"""Parameters that functions only pass on, each to one other, with all the functions on their way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from debloat.facts import data, ops
from debloat.program.families import Slot
from debloat.program.index import Site
from debloat.program.queries import definitions, parameters, reads, relatives, users

if TYPE_CHECKING:
    from debloat.program.program import Program

_KINDS = (data.POSITIONAL_ONLY, data.POSITIONAL, data.KEYWORD_ONLY)


class Hop(NamedTuple):
    """A parameter that its function does nothing with but to pass it on, in one call, to another parameter."""

    slot: Slot
    call: Site
    to: Slot


def tunnels(program: Program) -> Iterator[Sequence[Hop]]:
    """The ways of parameters, each from where it begins; of those that end alike the longest, or the first of these."""
    hops = program.ask(_hops)
    reached = {hop.to for hop in hops.values()}
    longest: dict[Slot, list[Hop]] = {}
    for start in hops:
        if start not in reached:
            way = _way(hops, start)
            if len(way) > len(longest.get(way[-1].slot, ())):
                longest[way[-1].slot] = way
    yield from longest.values()


def _way(hops: Mapping[Slot, Hop], start: Slot) -> list[Hop]:
    way = [hops[start]]
    while (following := hops.get(way[-1].to)) is not None and following not in way:
        way.append(following)
    return way


def _hops(program: Program) -> Mapping[Slot, Hop]:
    """The parameters that are only passed on."""
    found = {}
    for scope in definitions(program, data.FUNCTION):
        record = program.index.scopes[scope]
        if record.flags & (data.READS_FRAME | data.TRIVIAL) or relatives(program, scope):
            continue
        for position, name, parameter in parameters(program, scope):
            if parameter.kind in _KINDS and not record.bound[parameter.name]:
                hop = _hop(program, Slot(scope, position), name)
                if hop is not None:
                    found[hop.slot] = hop
    return found


def _hop(program: Program, slot: Slot, name: str) -> Hop | None:
    """The one call to which a parameter goes, if that is all that is done with it."""
    sites = reads(program, slot.function, name)
    if len(sites) != 1:
        return None
    (site,) = sites
    used = users(program, site)
    code = program.facts[site.file].code
    if len(used) != 1 or code[used[0]] != ops.CALL or code[used[0] + 5] == site.pc:
        return None
    call = Site(site.file, used[0])
    if program.index.scope_at(call) != slot.function or len(program.analysis.targets(call)) != 1:
        return None
    callee = Site(site.file, code[call.pc + 5])
    for value in program.analysis.values(callee):
        for target, skip in program.analysis.calls.functions(value):
            binding = program.analysis.binding(call.file, call.pc, target, skip)
            for position, values in binding.given.items():
                taken = program.index.scopes[target].parameters[position]
                if site.pc in values:
                    return Hop(slot, call, Slot(target, position)) if taken.kind in _KINDS else None
    return None


def carriers(program: Program, way: Sequence[Hop]) -> int:
    """How many functions carry a parameter that they could do without: no outsider calls them, and they do more than to call."""
    return sum(
        not program.index.scopes[hop.slot.function].flags & data.FORWARDS
        and program.openings.first(hop.slot.function) is None
        for hop in way
    )
