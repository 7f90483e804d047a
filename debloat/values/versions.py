"""Which names of the standard library every Python that a project supports has."""

from __future__ import annotations

import re
import sys
from functools import cache
from typing import TYPE_CHECKING, Any

from debloat.program.index import Site

if TYPE_CHECKING:
    from debloat.program.program import Program

_NEWEST = (3, 14)
# Older ones typeshed no longer tells apart: of them only modules are known, not the names in them.
_OLDEST = (3, 11)
_PLATFORMS = ("linux", "darwin", "win32")
_MINIMUM = re.compile(r"\s*(?:>=|~=|\^)\s*3\.(\d+)")
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
    """Whether an import is of a module that is called like a dependency which is always installed, or of a class in it.

    What else it names may be a module below it, which may need more than the dependency brings along.
    """
    number = program.facts[site.file].code[site.pc + 3]
    imported = program.facts[site.file].imports[number]
    module = program.index.target_module(site.file, number)
    whole = not imported.name or imported.name[0].isupper()
    return whole and module.lower() in program.part(program.files[site.file].path).dependencies


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
