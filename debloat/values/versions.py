"""Which names of the standard library every Python that a project supports has."""

from __future__ import annotations

import operator
import re
import sys
from functools import cache
from typing import TYPE_CHECKING, Any

from debloat.facts import ops
from debloat.facts.data import Facts
from debloat.program.index import Site

if TYPE_CHECKING:
    from debloat.program.program import Program

_NEWEST = (3, 14)
# Older ones typeshed no longer tells apart: of them only modules are known, not the names in them.
_OLDEST = (3, 11)
_PLATFORMS = ("linux", "darwin", "win32")
_MINIMUM = re.compile(r"\s*(?:>=|~=|\^)\s*3\.(\d+)")
_BELOW_4 = re.compile(r"\^\s*3|~=\s*3\.\d+\s*(?:,|$)|<\s*4")
_FURTHEST = 100  # minor version
_COMPARED = {
    ops.EQ: operator.eq,
    ops.NOT_EQ: operator.ne,
    ops.LT: operator.lt,
    ops.LT_E: operator.le,
    ops.GT: operator.gt,
    ops.GT_E: operator.ge,
}
_PARTS = {"major": 0, "minor": 1}
# Modules that a Python may have been built without: Library Reference, "optional modules".
_OPTIONAL = frozenset(
    """
    _tkinter bz2 compression ctypes curses dbm ensurepip gzip hashlib idlelib lib2to3 lzma multiprocessing readline sqlite3 ssl tarfile
    tkinter turtle turtledemo venv zipfile zlib zoneinfo uuid crypt nis ossaudiodev spwd test
    """.split()
)


def oldest(program: Program, path: str) -> tuple[int, int] | None:
    """The oldest Python that the part of a project supports, as it declares; None where it does not."""
    requires = program.part(path).requires_python
    found = [
        int(minor)
        for part in (requires or "").split(",")
        if (match := _MINIMUM.match(part))
        for minor in match.groups()
    ]
    return (3, max(found)) if found else None


def tested(program: Program, test: Site) -> tuple[bool, bool] | None:
    """What a comparison of the version of Python gives under all that the part of a project supports, and whether that holds for Python 4.

    None where it is none, or they differ.
    """
    fact = program.facts[test.file]
    code = fact.code
    minimum = oldest(program, program.files[test.file].path)
    if code[test.pc] != ops.COMPARE or code[test.pc + 6] != 1 or minimum is None:
        return None
    asked, given = code[test.pc + 7 : test.pc + 9]
    compare, number = _COMPARED.get(asked), _constant(fact, given)
    part = _version(program, Site(test.file, code[test.pc + 5]))
    if compare is None or part is None or isinstance(number, tuple) == isinstance(part, int):
        return None
    versions = [(3, minor, micro, 1) for minor in range(minimum[1], _FURTHEST) for micro in (0, _FURTHEST)]
    requires = program.part(program.files[test.file].path).requires_python or ""
    later = [] if _BELOW_4.search(requires) else [(4, 0, 0, 1), (4, _FURTHEST, 0, 1), (5, 0, 0, 1)]
    answers = [{bool(compare(version[part], number)) for version in some} for some in (versions, versions + later)]
    return (answers[0].pop(), len(answers[1]) == 1) if len(answers[0]) == 1 else None


def _version(program: Program, site: Site) -> int | slice | None:
    """Which part of the version of Python an expression is."""
    fact = program.facts[site.file]
    code = fact.code
    whole, part = site, _part(fact, site.pc)
    if code[site.pc] == ops.SUBSCRIPT or (code[site.pc] == ops.ATTR and fact.names[code[site.pc + 4]] in _PARTS):
        whole = Site(site.file, code[site.pc + 3])
    return part if program.names.static(whole) == {("external", "sys.version_info")} else None


def _part(fact: Facts, pc: int) -> int | slice | None:
    code = fact.code
    if code[pc] == ops.ATTR:
        return _PARTS.get(fact.names[code[pc + 4]], slice(None))
    if code[pc] != ops.SUBSCRIPT:
        return slice(None)
    index = code[pc + 4]
    if code[index] == ops.SLICE:
        start, stop, step = code[index + 3 : index + 6]
        last = _constant(fact, stop) if start < 0 and step < 0 and stop >= 0 else None
        return slice(last) if last in (2, 3) else None
    number = _constant(fact, index)
    return number if number in (0, 1) else None


def _constant(fact: Facts, pc: int) -> Any:
    """An integer, or a tuple of them, as it is written."""
    if fact.code[pc] == ops.CONST:
        kind, value = fact.constants[fact.code[pc + 3]]
        return value if kind == "int" else None
    if fact.code[pc] == ops.SEQUENCE:
        items = [_constant(fact, value) for value in ops.values(fact.code, pc)]
        return tuple(items) if all(isinstance(item, int) for item in items) else None
    return None


def is_everywhere(program: Program, site: Site) -> bool:
    """Whether an import is of what every supported Python has on every platform, and is no module of the program."""
    number = program.facts[site.file].code[site.pc + 3]
    imported = program.facts[site.file].imports[number]
    module = program.index.target_module(site.file, number)
    top = module.partition(".")[0]
    version = oldest(program, program.files[site.file].path)
    if (
        version is None
        or imported.level
        or top not in sys.stdlib_module_names
        or top in _OPTIONAL
        or imported.name == "*"
    ):
        return False
    if top in program.index.modules or top in program.index.packages or f"{top}.{top}" in program.index.modules:
        return False
    return _is_in(module, imported.name, version)


def is_declared(program: Program, site: Site) -> bool:
    """Whether an import is of a module that is called like a dependency which is always installed, or of a class in it or below it.

    What else it names may be a module below it, which may need more than the dependency brings along.
    """
    number = program.facts[site.file].code[site.pc + 3]
    imported = program.facts[site.file].imports[number]
    module = program.index.target_module(site.file, number)
    whole = not imported.name or imported.name[0].isupper()
    package = module.partition(".")[0] if imported.name else module
    return whole and package.lower() in program.part(program.files[site.file].path).dependencies


def is_member(program: Program, site: Site, module: str, name: str) -> bool:
    """Whether a module of the standard library has a name in every Python that the part of a project supports."""
    return _is_in(module, name, oldest(program, program.files[site.file].path) or _OLDEST)


def _is_in(module: str, name: str, version: tuple[int, int]) -> bool:
    if name and version < _OLDEST and not _is_in(f"{module}.{name}", "", version):
        return False
    return all(_has(module, name, python, platform) for python in (version, _NEWEST) for platform in _PLATFORMS)


@cache
def _has(module: str, name: str, version: tuple[int, int], platform: str) -> bool:
    """Whether a module has a name; of no name, whether there is the module: one of another platform has only private names."""
    names = _resolver(version, platform).get_module(tuple(module.split("."))).names or {}
    if not name:
        return any(record.is_exported for record in names.values())
    return (name in names and names[name].is_exported) or _has(f"{module}.{name}", "", version, platform)


@cache
def _resolver(version: tuple[int, int], platform: str) -> Any:
    import typeshed_client

    return typeshed_client.Resolver(
        typeshed_client.get_search_context(version=version, platform=platform, search_path=[])
    )
