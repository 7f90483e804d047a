"""Every place that names a function or class of the program, whatever it is imported as."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from debloat.facts import data, ops
from debloat.program.index import Site

if TYPE_CHECKING:
    from debloat.program.program import Program


class References(NamedTuple):
    """Where a definition is named: the names and attributes that stand for it, and by file the imports that bind it."""

    reads: Sequence[Site]
    imports: Sequence[tuple[int, int]]


def references(program: Program, scope: int) -> References:
    """The places that name a function or class."""
    index = program.index
    meant = ("class" if index.scopes[scope].kind == data.CLASS else "function", scope)
    names, imports = [index.name(scope)], []
    for name in names:  # grows while it is walked
        for file, number in index.importers.get(name, ()):
            if meant in program.names.imported(file, number):
                imports.append((file, number))
                bound = program.facts[file].imports[number].bound
                names += [bound] * (bound not in names)
    reads = [
        site
        for name in names
        for site in (
            *index.attribute_reads(name),
            *(site for reader in index.readers.get(name, ()) for site in index.find(reader, ops.NAME, 3, name)),
        )
        if meant in program.names.static(site)
    ]
    return References(reads, imports)
