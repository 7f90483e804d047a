"""Who would miss an import: whoever needs what running the module does, or finds the module on its package."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from debloat.model import Evidence, Proof, Span
from debloat.program.effects import import_effect
from debloat.program.index import Site
from debloat.program.modules import prefixes

if TYPE_CHECKING:
    from debloat.program import Program


def import_evidence(program: Program, file: int, dotted: str, line: int) -> Iterator[Evidence]:
    """What it rests on that nobody misses an import of a module in a file."""
    here = Span(program.files[file].path, line, 0, line, 0)
    effect = import_effect(program, dotted)
    if isinstance(effect, str):
        yield Evidence(
            "purity", Proof.ASSUMED, here, f"the import of {effect}, from outside, is taken to have no effect"
        )
    elif effect is None:
        yield Evidence("purity", Proof.PROVED, here, f"to import {dotted} has no effect")
    elif effect.known:
        note = f"effect: to import {dotted} does more than define names"
        yield Evidence("purity", Proof.UNKNOWN, program.index.place(effect.site), note)
    else:
        note = f"to compute this, as {dotted} is imported, is taken to have no effect"
        yield Evidence("purity", Proof.ASSUMED, program.index.place(effect.site), note)
    for module in prefixes(dotted):
        for site in _found_on_package(program, file, module):
            note = f"effect: {module} is read here from its package, which has it once somebody imports it"
            yield Evidence("purity", Proof.UNKNOWN, program.index.place(site), note)


def _found_on_package(program: Program, file: int, module: str) -> Iterator[Site]:
    """Where other files read a module as an attribute of its package and do not import it themselves."""
    package, _, name = module.rpartition(".")
    holders = {*program.names.module(package), ("external", package)} if package else set()
    for site in program.index.attribute_reads(name) if holders else ():
        base = Site(site.file, program.facts[site.file].code[site.pc + 3])
        if site.file != file and not holders.isdisjoint(program.names.static(base)):
            numbers = range(len(program.facts[site.file].imports))
            if module not in {run for number in numbers for run in _modules(program, site.file, number)}:
                yield site


def _modules(program: Program, file: int, number: int) -> Iterator[str]:
    """The modules that an import runs."""
    dotted = program.index.target_module(file, number)
    yield from prefixes(dotted)
    if program.facts[file].imports[number].name:
        yield f"{dotted}.{program.facts[file].imports[number].name}"
