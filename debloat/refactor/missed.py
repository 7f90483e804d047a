"""Who would miss an import: whoever needs what running the module does, or finds the module on its package."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from debloat.model import Evidence, Proof, Span
from debloat.program.effects import import_effect, is_certain, loaded_before, modules_run
from debloat.program.index import Site
from debloat.program.modules import prefixes
from debloat.refactor.source import Source, last_line, source

if TYPE_CHECKING:
    from debloat.program import Program

_MARKED = re.compile(r"#.*(?:noqa|pylint:|isort:|pyright:|debloat:)", re.IGNORECASE)


def import_evidence(
    program: Program, file: int, dotted: str, line: int, stays: Callable[[int], bool]
) -> Iterator[Evidence]:
    """What it rests on that nobody misses an import of a module at a line of a file; which of its imports stay is asked."""
    here = Span(program.files[file].path, line, 0, line, 0)
    before = [
        number
        for number, other in enumerate(program.facts[file].imports)
        if is_certain(other) and stays(number) and _is_before(program, file, number, line)
    ]
    effect = import_effect(program, dotted, loaded_before(program, file, before))
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
    for module in modules_run(program, dotted):
        for site in _found_on_package(program, file, module):
            note = f"effect: {module} is read here from its package, which has it once somebody imports it"
            yield Evidence("purity", Proof.UNKNOWN, program.index.place(site), note)


def _is_before(program: Program, file: int, number: int, line: int) -> bool:
    """Whether an import comes before a line, or right after it and of the same module."""
    other = program.facts[file].imports[number].line
    if other < line:
        return True
    body = source(program, program.files[file].path).tree.body
    between = [node for node in body if line <= last_line(node) and node.lineno <= other]
    modules = [(node.module, node.level) for node in between if isinstance(node, ast.ImportFrom)]
    return len(modules) == len(between) > 0 and len(set(modules)) == 1


def is_marked(text: Source, statement: ast.stmt) -> bool:
    """Whether a comment says that an import is there on purpose."""
    return _MARKED.search("".join(text.lines[statement.lineno - 1 : last_line(statement)])) is not None


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
