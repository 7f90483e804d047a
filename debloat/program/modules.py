"""How modules are reached: by imports, or by names that code computes, and then any name in them may be meant."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from debloat.facts import data, ops
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


def _imports(program: Program, *, literal: bool = False) -> Iterator[tuple[re.Pattern[str] | None, Site]]:
    """The calls that import a module by name, with ``literal`` also by a literal, each with the pattern of the name if it has one."""
    for name in IMPORTERS:
        for site in program.index.calls_named(name):
            fact = program.facts[site.file]
            for value, _ in arguments(fact, site.pc).positional[:1]:
                if literal or fact.code[value] != ops.CONST:
                    yield _pattern(program, site.file, value), site


class Searched(NamedTuple):
    """The modules that are taken by their names and of which names that are not seen may be read, with a place of it each.

    ``anywhere`` is where that is done with a module that may be any.
    """

    modules: Mapping[int, Site]
    anywhere: Site | None


def searched(program: Program) -> Searched:
    """What is taken by name and searched. One whose name tells nothing is taken for one that no module imports."""
    found: dict[int, Site] = {}
    anywhere: Site | None = None
    imported = program.ask(imported_modules)
    for pattern, site in (*_imports(program, literal=True), *((_key(program, one), one) for one in _taken(program))):
        if not _is_searched(program, site):
            continue
        anywhere = anywhere or (site if pattern is None else None)
        for file, source in enumerate(program.files):
            # What a package has in it can be had from it.
            names = [source.module, *source.aliases, f".{source.module.rpartition('.')[2]}", *prefixes(source.module)]
            fits = file not in imported if pattern is None else any(map(pattern.fullmatch, names))
            if fits and not source.tests:
                found.setdefault(file, site)
    return Searched(found, anywhere)


def _is_searched(program: Program, site: Site) -> bool:
    """Whether more is done with what a place gives than to read names of it, as far as its function shows."""
    index = program.index
    fact = program.facts[site.file]
    scope = index.scope_at(site)
    sites = [site]
    for one in sites:  # grows while it is walked
        for user in fact.consumers(index.scope_at(one) - index.base[site.file]).get(one.pc, ()):
            match fact.code[user]:
                case ops.EXPR | ops.ATTR | ops.COMPARE | ops.IF | ops.BRANCH:
                    pass
                case ops.SET_ATTR | ops.CONDITIONAL if fact.code[user + 3] == one.pc:
                    pass
                case ops.STORE if (
                    index.scopes[scope].kind == data.FUNCTION
                    and index.resolve(scope, fact.code[user + 3]) == scope
                    and not index.scopes[scope].flags & data.READS_FRAME
                ):
                    reads = index.variable_reads(scope, fact.names[fact.code[user + 3]])
                    sites += [Site(site.file, pc) for pc in reads if Site(site.file, pc) not in sites]
                case _ if not _names_one(program, Site(site.file, user)):
                    return True
    return False


def takes_modules(program: Program) -> bool:
    """Whether code takes a module by its name."""
    return any(True for _ in (*_imports(program, literal=True), *_taken(program, own=True)))


def _taken(program: Program, *, own: bool = False) -> Iterator[Site]:
    """Where a module is taken from ``sys.modules``, with ``own`` also the one whose code does it."""
    for site in program.index.attribute_reads("modules"):
        fact = program.facts[site.file]
        users = fact.consumers(program.index.scope_at(site) - program.index.base[site.file])
        for user in users.get(site.pc, ()):
            key = fact.code[user + 4] if fact.code[user] == ops.SUBSCRIPT else -1
            is_own = key >= 0 and fact.code[key] == ops.NAME and fact.names[fact.code[key + 3]] == "__name__"
            is_sys = program.names.static(Site(site.file, fact.code[site.pc + 3])) == {("external", "sys")}
            if is_sys and fact.code[user] != ops.COMPARE and (own or not is_own):
                yield Site(site.file, user)


def _key(program: Program, taken: Site) -> re.Pattern[str] | None:
    code = program.facts[taken.file].code
    return _pattern(program, taken.file, code[taken.pc + 4]) if code[taken.pc] == ops.SUBSCRIPT else None


def _pattern(program: Program, file: int, value: int) -> re.Pattern[str] | None:
    """The pattern of the name of a module, None if it may be any or the one that is run."""
    fact = program.facts[file]
    if fact.code[value] == ops.CONST:
        text = fact.constants[fact.code[value + 3]][1]
        return re.compile(re.escape(text)) if isinstance(text, str) and text != "__main__" else None
    pattern = pattern_of(program, file, value)
    return re.compile(pattern) if pattern and re.search(r"\w", pattern) else None


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
    """The modules that some module imports, or did until fixes began: what they leave behind becomes no script or plugin."""
    before = (file for file, source in enumerate(program.files) if source.path in program.was_imported)
    return frozenset(before).union(*program.ask(imports))


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
