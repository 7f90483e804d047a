"""Docstrings that somebody reads while the program runs, or that a tool demands or publishes."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Set
from typing import TYPE_CHECKING, Any

from debloat.facts import data
from debloat.program.exports import exports
from debloat.program.externals import CLOSED_BASES
from debloat.program.index import Site
from debloat.program.mentions import text_words
from debloat.worlds import World

if TYPE_CHECKING:
    from debloat.program.program import Program

_PRIVATE = re.compile(r"_(?!_)")
# What shows the docstrings of objects by itself.
_READERS = frozenset({"getdoc", "pydoc", "help", "getcomments"})
# What makes pages of the docstrings of a package.
_PUBLISHERS = frozenset(
    {"autodoc", "automodule", "autoclass", "autosummary", "autoapi", "mkdocstrings", "pdoc", "quartodoc"}
)
_DEMANDING = re.compile(r"docstring|pydocstyle|interrogate|darglint", re.IGNORECASE)
# The checks of a docstring that is missing, by whole or part of the code.
_MISSING = re.compile(r"ALL|D|D1|D10\d?")
# Openings through which others find a function by its name, and do not get hold of what code makes of it.
_BY_NAME = ("public:", "named in a string:", "read from a module")


def is_needed(program: Program, scope: int) -> bool:
    """Whether the docstring of a function or class may be read by anybody but those who read the code."""
    index = program.index
    file = index.file_of[scope]
    cls = index.enclosing_class(scope)
    kin = [owner for owner in (cls, scope if index.scopes[scope].kind == data.CLASS else -1) if owner >= 0]
    part = program.part(program.files[file].path)
    return (
        _is_read(program, scope, part.world)
        or part.root in program.ask(_demanding)
        or (part.world is World.LIBRARY and _is_public(program, scope, cls))
        or (program.ask(_is_published) and not _PRIVATE.match(index.name(scope)))
        or any(not program.analysis.calls.transparent(site) for site in program.analysis.calls.decorator_sites(scope))
        or any(not _is_closed(base) for owner in kin for base in program.hierarchy.outside(owner))
        or any(reason.startswith("framework:") for reason in program.openings.reached(scope, index.name(scope), cls))
        or (cls < 0 and _is_handed_over(program, scope))
    )


def _is_handed_over(program: Program, scope: int) -> bool:
    """Whether code that cannot be seen gets hold of a function, or code that can reads its docstring."""
    return any(
        event[0] == "handed"
        or (event[0] == "open" and not str(event[1]).startswith(_BY_NAME))
        or (event[0] == "read" and event[3] == "__doc__")
        for event in program.analysis.whole(("function", scope))
    )


def _is_read(program: Program, scope: int, world: World) -> bool:
    """Whether code may read the docstring: in a library if it reads any, since others pass it what they like."""
    named, others = program.ask(_read)
    if world is World.LIBRARY:
        return bool(named) or others
    is_class = program.index.scopes[scope].kind == data.CLASS
    return scope in named or (others and (is_class or _is_handed_over(program, scope)))


def _read(program: Program) -> tuple[Set[int], bool]:
    """The functions and classes of which code names the docstring, and whether it reads that of others."""
    index = program.index
    named = set()
    others = any("__doc__" in fact.mentions for fact in program.facts)
    others = others or any(name in index.readers or name in index.attribute_readers for name in _READERS)
    for site in index.attribute_reads("__doc__"):
        for value in program.names.static(Site(site.file, index.facts[site.file].code[site.pc + 3])):
            named.update([value[1]] if value[0] in ("function", "class") else [])
            others = others or value[0] not in ("function", "class", "module")
    return named, others


def _is_public(program: Program, scope: int, cls: int) -> bool:
    """Whether outsiders see a definition: it is exported, or what holds it is and it is not marked as private."""
    index = program.index
    if ("scope", scope) in program.ask(exports):
        return True
    if cls < 0 or _PRIVATE.match(index.name(scope)):
        return False
    heirs = program.hierarchy.subclasses(cls)
    return any(_is_public(program, owner, index.enclosing_class(owner)) for owner in (cls, *heirs))


def _is_closed(base: str) -> bool:
    """Whether an outside base does nothing with docstrings."""
    return base.startswith("<builtin>.") or base in CLOSED_BASES


def _is_published(program: Program) -> bool:
    words = program.ask(text_words)
    return any(name in words for name in _PUBLISHERS) or any(
        name in text for fact in program.facts for text in fact.mentions for name in _PUBLISHERS
    )


def _demanding(program: Program) -> Set[str]:
    """The roots of the parts in which a tool wants a docstring everywhere."""
    anywhere = any(_demands(program, ""))
    return {part.root for part in program.parts if anywhere or any(_demands(program, part.root))}


_RUFF = ("pyproject.toml", "ruff.toml", ".ruff.toml")
_OTHERS = ("setup.cfg", "tox.ini", ".flake8", ".pydocstyle", ".pre-commit-config.yaml")
SETTINGS = (*_RUFF, *_OTHERS)  # files of a part that may say so


def _demands(program: Program, folder: str) -> Iterator[bool]:
    for name in _RUFF:
        document = _toml(_text(program, folder, name))
        tools = document.get("tool", {}) if name == "pyproject.toml" else {"ruff": document}
        yield any(_DEMANDING.search(tool) is not None for tool in tools)
        ruff = tools.get("ruff", {})
        tables = [ruff, ruff.get("lint", {})]
        selected = [code for table in tables for key in ("select", "extend-select") for code in table.get(key, ())]
        ignored = {code for table in tables for key in ("ignore", "extend-ignore") for code in table.get(key, ())}
        yield any(_MISSING.fullmatch(code) for code in selected) and ignored.isdisjoint({"D", "D1", "D10"})
    for name in _OTHERS:
        yield _DEMANDING.search(_text(program, folder, name)) is not None


def _text(program: Program, folder: str, name: str) -> str:
    try:
        return program.tree.read(f"{folder}/{name}" if folder else name).decode(errors="replace")
    except OSError:
        return ""


def _toml(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except ValueError:
        return {}
