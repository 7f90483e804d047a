"""Private definitions that fixes have left without any use."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from debloat.model import Applicability, Finding
from debloat.program.dead import dead, dead_evidence
from debloat.refactor.requests import Delete

if TYPE_CHECKING:
    from debloat.program import Program


def leftovers(program: Program, known: Collection[str], changed: Collection[str]) -> Iterator[Finding]:
    """The private symbols in changed files that are dead now and were not among those known as dead before."""
    for found in program.ask(dead):
        name = found.symbol.rpartition(":")[2].rpartition(".")[2]
        if found.span.path in changed and name.startswith("_") and found.symbol not in known:
            tier = Applicability.UNSAFE if found.tested else Applicability.SAFE
            message = f"{found.noun} {name} is not used any more"
            evidence = dead_evidence(program, found)
            yield Finding(found.span, message, found.symbol, evidence, tier, found.lines, refactoring=Delete(found))
