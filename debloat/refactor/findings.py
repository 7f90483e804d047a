"""Findings that several rules make in the same way, with the refactoring that removes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from debloat.model import Applicability, Finding
from debloat.program.dead import Dead, dead_evidence
from debloat.refactor.requests import Delete, Forget
from debloat.values.unread import Unread

if TYPE_CHECKING:
    from debloat.program import Program


def of_dead(program: Program, found: Dead, message: str) -> Finding:
    """What is dead is to be deleted, at best unsafe where tests go with it."""
    tier = Applicability.UNSAFE if found.tested else Applicability.SAFE
    evidence = dead_evidence(program, found)
    return Finding(found.span, message, found.symbol, evidence, tier, found.lines, refactoring=Delete(found))


def of_unread(program: Program, found: Unread, message: str) -> Finding:
    """What nobody reads is to be forgotten, with all that sets it."""
    symbol = f"{program.index.qualified(found.cls)}.{found.name}"
    lines = len(found.writes) + len(found.bound)
    forget = Forget(found.cls, found.name)
    return Finding(found.span, message, symbol, found.evidence, Applicability.UNSAFE, lines, refactoring=forget)
