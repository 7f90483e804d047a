"""Findings that several rules make in the same way, with the refactoring that removes them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from debloat.model import Applicability, Evidence, Finding, Proof, Refactoring
from debloat.program.dead import Dead, dead_evidence
from debloat.program.queries import code_lines, world_evidence
from debloat.refactor.requests import Delete, Forget
from debloat.values.unread import Unread

if TYPE_CHECKING:
    from debloat.program import Program


def of_dead(program: Program, found: Dead, message: str) -> Finding:
    """What is dead is to be deleted, at best unsafe where tests go with it."""
    tier = Applicability.UNSAFE if found.tested else Applicability.SAFE
    evidence = dead_evidence(program, found)
    return Finding(found.span, message, found.symbol, evidence, tier, found.lines, refactoring=Delete(found))


def of_unread(program: Program, found: Unread, message: str, elsewhere: str) -> Iterator[Finding]:
    """What nobody reads is to be forgotten with all that sets it, and ``elsewhere`` is said at each further place of that."""
    symbol = f"{program.index.qualified(found.cls)}.{found.name}"
    forget = Forget(found.cls, found.name) if found.dead is None else None
    lines = len(found.writes) + len(found.bound)
    whole = Finding(found.span, message, symbol, found.evidence, Applicability.UNSAFE, lines, refactoring=forget)
    yield whole
    told = {found.span[:2]}
    for write in found.writes:
        place = program.index.place(write.site)
        if place[:2] not in told:
            told.add(place[:2])
            yield replace(whole, span=place, message=elsewhere, removable_lines=0)


def of_idle(program: Program, scope: int, said: tuple[str, Evidence], uses: int, fix: Refactoring) -> Finding:
    """What does nothing goes from where it is used: what is said of its definition, and why that is so."""
    message, idle = said
    evidence = [idle]
    if opening := program.openings.first(scope):
        evidence.append(Evidence("callers", Proof.UNKNOWN, program.index.place(opening[1]), opening[0]))
    evidence += world_evidence(program, scope)
    span, symbol = program.index.span(scope), program.index.qualified(scope)
    lines = code_lines(span) + uses
    return Finding(span, message, symbol, tuple(evidence), Applicability.UNSAFE, lines, refactoring=fix)
