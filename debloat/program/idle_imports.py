"""Imports of names that no code of their file reads."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from debloat.facts import data

if TYPE_CHECKING:
    from debloat.program.program import Program


def idle_imports(program: Program, file: int) -> Iterator[data.Import]:
    """The imports of names that code does not read: of a module's none at all in the file."""
    fact, index = program.facts[file], program.index
    loaded = {name for scope in fact.scopes for name in scope.loads}
    seen = [bool(scope.flags & data.READS_FRAME) for scope in fact.scopes]
    shown = any(seen) or "globals" in fact.name_index or program.names.handed_on(file) is not None
    for one in fact.imports:
        if one.name == "*" or one.module == "__future__" or one.guard == data.FALLBACK:
            continue
        scope = fact.scopes[one.scope]
        name = fact.name_index[one.bound]
        if scope.kind == data.CLASS or name in (*scope.globals, *scope.nonlocals):
            continue
        read = name in loaded and bool(index.variable_reads(index.base[file] + one.scope, one.bound))
        if not (read or seen[one.scope] or (shown and not one.scope)):
            yield one
