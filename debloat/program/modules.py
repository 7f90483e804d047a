"""How modules are reached: by imports, or by names that code computes, and then any name in them may be meant."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from debloat.facts import ops
from debloat.program.binding import arguments
from debloat.program.externals import IMPORTERS
from debloat.program.index import Site
from debloat.program.mentions import pattern_of
from debloat.program.names import sets
from debloat.program.solver import UNKNOWN

if TYPE_CHECKING:
    from debloat.program.program import Program

_ACCESSORS = frozenset({"getattr", "hasattr", "setattr", "delattr", "object", "attr"})
_LISTING = ("dir", "vars", "getmembers", "getmembers_static")
_KEEPERS = (ops.CALL, ops.STORE, ops.SEQUENCE, ops.DICT, ops.RETURN, ops.YIELD, ops.SET_ATTR, ops.SET_ITEM)


def computed(program: Program) -> Mapping[int, tuple[str, Site]]:
    """The files whose module may be reached so: why, and where. A fact for :meth:`Program.ask`."""
    found: dict[int, tuple[str, Site]] = {}
    imported = program.ask(imported_modules)
    for pattern, site in _imports(program):
        listed = pattern is None and _lists_names(program, site.file)
        for file, source in enumerate(program.files):
            fits = (
                listed or file not in imported
                if pattern is None
                else any(pattern.fullmatch(name) for name in (source.module, f".{source.module.rpartition('.')[2]}"))
            )
            if fits and not source.tests:
                found.setdefault(file, ("may be imported by a computed name", site))
    for site in _taken_loaded(program):
        if _lists_names(program, site.file):
            for file in imported:
                found.setdefault(file, ("may be taken from sys.modules by a computed name", site))
    for importer, fact in enumerate(program.facts):
        for number, record in enumerate(fact.imports):
            for value in program.names.imported(importer, number) if record.name != "*" else ():
                if value[0] == "module" and value[1] not in found:
                    for site in _handed_on(program, importer, number):
                        found[value[1]] = ("is handed on as a value, whose names may be computed", site)
                        break
    return found


def _imports(program: Program) -> Iterator[tuple[re.Pattern[str] | None, Site]]:
    """The calls that import a module whose name is no literal, each with the pattern of the name if there is one."""
    for name in IMPORTERS:
        for site in program.index.calls_named(name):
            fact = program.facts[site.file]
            for value, _ in arguments(fact, site.pc).positional[:1]:
                if fact.code[value] != ops.CONST:
                    pattern = pattern_of(program, site.file, value)
                    yield re.compile(pattern) if pattern and re.search(r"\w", pattern) else None, site


def _taken_loaded(program: Program) -> Iterator[Site]:
    """Where a module is taken from ``sys.modules`` by a name that may be another one's."""
    for site in program.index.attribute_reads("modules"):
        fact = program.facts[site.file]
        if program.names.static(Site(site.file, fact.code[site.pc + 3])) == {("external", "sys")}:
            users = fact.consumers(program.index.scope_at(site) - program.index.base[site.file])
            for user in users.get(site.pc, ()):
                key = fact.code[user + 4] if fact.code[user] == ops.SUBSCRIPT else -1
                own = key >= 0 and fact.code[key] == ops.NAME and fact.names[fact.code[key + 3]] == "__name__"
                if fact.code[user] != ops.COMPARE and not own:
                    yield site


def _lists_names(program: Program, file: int) -> bool:
    """Whether code of a file lists the names of something that may be a module."""
    code = program.facts[file].code
    looked = [
        value
        for name in _LISTING
        for site in program.index.calls_named(name)
        if site.file == file
        for value, _ in arguments(program.facts[file], site.pc).positional[:1]
    ]
    looked += [code[site.pc + 3] for site in program.index.attribute_reads("__dict__") if site.file == file]
    return any(UNKNOWN in (program.analysis.values(Site(file, value)) or {UNKNOWN}) for value in looked)


def _handed_on(program: Program, importer: int, number: int) -> Iterator[Site]:
    """Where the name that an import binds is used as a value, but to read or set one name of it that is a literal."""
    fact = program.facts[importer]
    record = fact.imports[number]
    local = program.index.base[importer] + record.scope
    home = program.index.resolve(local, fact.name_index[record.bound])
    for pc in program.index.variable_reads(home if home >= 0 else local, record.bound):
        site = Site(importer, pc)
        consumers = fact.consumers(program.index.scope_at(site) - program.index.base[importer])
        for user in consumers.get(pc, ()):
            kept = fact.code[user] in _KEEPERS and not sets(fact, user, pc)
            if kept and not _names_one(program, Site(importer, user)):
                yield site


def _names_one(program: Program, site: Site) -> bool:
    """Whether a use is ``getattr(module, "name")`` or its like, or a reload."""
    fact = program.facts[site.file]
    if fact.code[site.pc] != ops.CALL:
        return False
    name = program.openings.shown(Site(site.file, fact.code[site.pc + 5])).rpartition(".")[2]
    given = arguments(fact, site.pc).positional
    return name == "reload" or (name in _ACCESSORS and len(given) > 1 and fact.code[given[1][0]] == ops.CONST)


def imports(program: Program) -> Sequence[frozenset[int]]:
    """The modules that each module imports, by file."""
    found: list[frozenset[int]] = []
    for file, fact in enumerate(program.facts):
        names: list[str] = []
        for number, imported in enumerate(fact.imports):
            dotted = program.index.target_module(file, number)
            names += prefixes(dotted)
            if imported.name:
                names.append(f"{dotted}.{imported.name}")
        found.append(frozenset(program.index.modules[name] for name in names if name in program.index.modules))
    return found


def imported_modules(program: Program) -> frozenset[int]:
    """The modules that some module imports."""
    return frozenset().union(*program.ask(imports))


def imports_its_importers(program: Program, file: int) -> bool:
    """Whether every module of production that imports a module is imported by it in turn, as by a script in a cycle."""
    modules = program.ask(imports)
    reached = [file]
    for module in reached:
        reached += modules[module].difference(reached)
    return all(
        importer in reached
        for importer, source in enumerate(program.files)
        if file in modules[importer] and not source.tests
    )


def prefixes(dotted: str) -> Iterator[str]:
    """A dotted name and what is before each of its dots."""
    while dotted:
        yield dotted
        dotted = dotted.rpartition(".")[0]
