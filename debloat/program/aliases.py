"""Second names of functions and classes in modules: whether they are old ones, and every place that uses them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from debloat.facts import data, ops
from debloat.model import Span
from debloat.program.constants import only_store
from debloat.program.dead import alias_of
from debloat.program.index import Site
from debloat.program.queries import definitions
from debloat.program.shapes import origin

if TYPE_CHECKING:
    from debloat.program.program import Program

_OLD = re.compile(
    r"^(?:old|legacy|deprecated|former|previous|orig|compat)_|_(?:old|legacy|deprecated|compat)$", re.IGNORECASE
)
_SAID = re.compile(
    r"#.*\b(?:deprecated|legacy|compat(?:ibility)?|backwards?|old (?:name|spelling)|former(?:ly)?|renamed|callers that)\b",
    re.IGNORECASE,
)


class Alias(NamedTuple):
    """A module's second name ``name`` for the ``target``, the function or class that another name is bound to alone.

    ``reads`` are the names and attributes that mean it, ``imports`` the imports that bind it: file and number.
    """

    scope: int
    name: str
    store: Site
    span: Span
    target: int
    reads: Sequence[Site]
    imports: Sequence[tuple[int, int]]


def old_names(program: Program) -> Iterator[Alias]:
    """The aliases, bound once and of what is, that are spelled like what they stand for, or of which the text says that they are old."""
    for scope in definitions(program, data.MODULE):
        file = program.index.file_of[scope]
        names, code = program.facts[file].names, program.facts[file].code
        for number, stores in program.index.scopes[scope].bound.items():
            if len(stores) != 1 or code[stores[0]] != ops.STORE or code[stores[0] + 5] != ops.PLAIN:
                continue
            target = alias_of(program, scope, stores)
            if target is None or names[number].startswith("__") or program.index.name(target) == names[number]:
                continue
            if program.index.scopes[program.index.parent(target)].kind != data.MODULE or not _is_old(
                program, file, names[number], stores[0], target
            ):
                continue
            home = program.index.parent(target)
            bound_once = only_store(program, home, program.index.name(target)) and only_store(
                program, scope, names[number]
            )
            if bound_once and not any(file in program.names.star_targets(other) for other in range(len(program.files))):
                yield _found(program, scope, names[number], Site(file, stores[0]), target)


def _is_old(program: Program, file: int, name: str, store: int, target: int) -> bool:
    """Whether a name is only another spelling, or is said to be an old one by itself or by a comment on it."""
    code = program.facts[file].code
    plain = [one.replace("_", "").lower() for one in (name, program.index.name(target))]
    lines = program.text(program.files[file].path).splitlines()
    line = code[store + 1]
    above = lines[line - 2].decode(errors="replace") if line > 1 else ""
    said = _SAID.search(lines[line - 1].decode(errors="replace")) or (above.startswith("#") and _SAID.search(above))
    return plain[0] == plain[1] or bool(_OLD.search(name) or said)


def _found(program: Program, scope: int, name: str, store: Site, target: int) -> Alias:
    index = program.index
    meant = (store.file, name)
    names, imports = [name], []
    for one in names:  # grows while it is walked
        for file, number in index.importers.get(one, ()):
            imported = program.facts[file].imports[number]
            module = index.modules.get(index.target_module(file, number), -1)
            if module >= 0 and ((module, one) == meant or origin(program, module, one) == meant):
                imports.append((file, number))
                names += [imported.bound] * (imported.bound not in names)
    bound = {(file, program.facts[file].imports[number].bound) for file, number in imports} | {meant}
    locally = {
        (index.base[file] + program.facts[file].imports[number].scope, program.facts[file].imports[number].bound)
        for file, number in imports
    }
    reads = [
        site
        for one in names
        for reader in index.readers.get(one, ())
        for site in index.find(reader, ops.NAME, 3, one)
        if (index.home(site), one) in locally | {(scope, name)}
    ]
    reads += [site for site in index.attribute_reads(name) if _is_of(program, site, bound, name)]
    code = program.facts[store.file].code
    span = index.place(store)._replace(end_line=code[store.pc + 1])
    return Alias(scope, name, store, span, target, reads, imports)


def _is_of(program: Program, site: Site, bound: set[tuple[int, str]], name: str) -> bool:
    """Whether an attribute is that of a module which has the name."""
    values = program.names.static(Site(site.file, program.facts[site.file].code[site.pc + 3]))
    return any(value[0] == "module" and (value[1], name) in bound for value in values)
