"""Private definitions that fixes have left without any use."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from debloat.model import Finding
from debloat.program.dead import dead
from debloat.refactor.findings import of_dead

if TYPE_CHECKING:
    from debloat.program import Program


def leftovers(program: Program, known: Collection[str], changed: Collection[str]) -> Iterator[Finding]:
    """The private symbols in changed files that are dead now and were not among those known as dead before."""
    for found in program.ask(dead):
        name = found.symbol.rpartition(":")[2].rpartition(".")[2]
        if found.span.path in changed and name.startswith("_") and found.symbol not in known:
            yield of_dead(program, found, f"{found.noun} {name} is not used any more")
