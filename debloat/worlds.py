"""The parts of a project, and for each whether outsiders use it as a library or only run it."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Sequence
from configparser import ConfigParser
from configparser import Error as ConfigParserError
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from debloat.config import Config, has_section, read_config
from debloat.tree import Tree


class World(StrEnum):
    """Who may use what is exported: everybody who installs it, or nobody but the program itself."""

    LIBRARY = "library"
    APPLICATION = "application"


@dataclass(frozen=True, slots=True)
class Part:
    """One folder with settings or build metadata and all below it, save what is below another part.

    ``root`` is relative to the project with ``/``, "" for the project itself. ``reason`` is why ``world`` was taken, in
    a few words, and ``assumed`` that nobody declared it. ``public`` is the setting, None where the world decides.
    ``roots`` are what installed commands and plugins load: ``module:name`` or ``module``. ``dependencies`` are the names of
    what is always installed with it, in lower case with ``_``. The globs in ``config`` start at ``root``.
    """

    root: str
    name: str
    world: World
    assumed: bool
    reason: str
    public: tuple[str, ...] | None
    roots: tuple[str, ...]
    requires_python: str | None
    dependencies: tuple[str, ...]
    config: Config


@dataclass(frozen=True, slots=True)
class _Metadata:
    """What one build file says. ``roots`` are references, ``scripts`` whether a command is among them."""

    built: bool = False
    name: str | None = None
    requires_python: str | None = None
    dependencies: tuple[str, ...] = ()
    libraries: bool = False
    scripts: bool = False
    roots: tuple[str, ...] = ()
    broken: str | None = None


# A reference to an object or a module, its extras cut off; and the same with its name, as text has it.
REFERENCE = re.compile(r"\s*([A-Za-z_][\w.]*(?:\s*:\s*[A-Za-z_][\w.]*)?)\s*(?:\[|$)")
NAMED = re.compile(r"^[^=#\n]*=\s*([A-Za-z_][\w.]*(?:\s*:\s*[A-Za-z_][\w.]*)?)", re.MULTILINE)
SCRIPTS = ("console_scripts", "gui_scripts")
LIBRARIES = ":: Libraries"


def parts(tree: Tree, config: Config, metadata: Iterable[str], world: str | None) -> list[Part]:
    """Return the parts of the project: itself first, then each folder below with settings or build metadata.

    ``config`` are the project's settings, ``metadata`` the paths of its build files, ``world`` what the command line
    says, None if nothing. A part without settings of its own has the project's, but says for itself who uses it.
    ConfigError if settings are wrong.
    """
    given = None if world is None else (World(world), "--world")
    files: dict[str, list[str]] = {"": []}
    for path in sorted(metadata):
        folder, _, name = path.rpartition("/")
        files.setdefault(folder, []).append(name)
    found = []
    for folder, names in sorted(files.items()):
        said = [_read(tree, f"{folder}/{name}" if folder else name, READERS[name]) for name in names]
        own = config if not folder else _own_config(tree.root / folder / "pyproject.toml")
        if not folder or own or any(data.built or data.broken for data in said):
            # The project's patterns for files reach into this part from where they are written.
            settings = own or replace(config, world="auto", public=None, per_file_ignores={})
            declared = given or (None if settings.world == "auto" else (World(settings.world), "declared"))
            found.append(_part(tree, folder, said, settings, declared))
    return found


def _own_config(pyproject: Path) -> Config | None:
    return read_config(pyproject) if has_section(pyproject) else None


def _part(
    tree: Tree, folder: str, said: Sequence[_Metadata], config: Config, declared: tuple[World, str] | None
) -> Part:
    kind, reason = declared or _guess(tree, folder, said)
    return Part(
        root=folder,
        name=next((data.name for data in said if data.name), (tree.root / folder).name),
        world=kind,
        # Who names what is public leaves nothing to guess.
        assumed=declared is None and config.public is None,
        reason=reason,
        public=config.public,
        roots=tuple(dict.fromkeys(root for data in said for root in data.roots)),
        requires_python=next((data.requires_python for data in said if data.requires_python), None),
        dependencies=tuple(_dependency(name) for data in said for name in data.dependencies if ";" not in name),
        config=config,
    )


def _guess(tree: Tree, folder: str, said: Sequence[_Metadata]) -> tuple[World, str]:
    if broken := next((data.broken for data in said if data.broken), None):
        return World.LIBRARY, f"{broken} cannot be understood"
    if not any(data.built for data in said):
        return World.APPLICATION, "no build metadata"
    if any(True for pattern in ("*/py.typed", "*/*/py.typed") for _ in tree.glob(folder, pattern)):
        return World.LIBRARY, "py.typed"
    if any(data.libraries for data in said):
        return World.LIBRARY, "classified as a library"
    if not any(data.scripts for data in said):
        return World.LIBRARY, "no script"
    return World.APPLICATION, "has scripts"


def _read(tree: Tree, path: str, reader: Callable[[str], _Metadata]) -> _Metadata:
    try:
        return reader(tree.read(path).decode())
    except (OSError, ValueError, SyntaxError, RecursionError, MemoryError, ConfigParserError):
        return _Metadata(broken=path.rpartition("/")[2])


def _read_pyproject(text: str) -> _Metadata:
    document = tomllib.loads(text)
    project = _table(document, "project")
    poetry = _table(document, "tool", "poetry")
    flit = _table(document, "tool", "flit")
    about = (project, poetry, _table(flit, "metadata"))
    scripts = [project.get("scripts"), project.get("gui-scripts"), poetry.get("scripts"), flit.get("scripts")]
    plugins = [project.get("entry-points"), poetry.get("plugins"), flit.get("entrypoints")]
    minimum = [table.get("requires-python") for table in about] + [_table(poetry, "dependencies").get("python")]
    return _Metadata(
        # Poetry and uv can be told that a project is no package.
        built=poetry.get("package-mode") is not False
        and _table(document, "tool", "uv").get("package") is not False
        and ("build-system" in document or any(about)),
        name=next(_strings([table.get("name") for table in about[:2]]), None),
        requires_python=next(_strings(minimum), None),
        dependencies=(
            *_strings(project.get("dependencies")),
            *(name for name, version in _table(poetry, "dependencies").items() if isinstance(version, str)),
        ),
        libraries=any(LIBRARIES in line for line in _strings([table.get("classifiers") for table in about])),
        scripts=any(_strings(scripts)),
        roots=tuple(_plain(match[1]) for text in _strings([scripts, plugins]) if (match := REFERENCE.match(text))),
    )


def _read_setup_cfg(text: str) -> _Metadata:
    parser = ConfigParser(interpolation=None, strict=False, default_section="")
    parser.read_string(text)
    groups = {
        group: value
        for section in ("options.entry_points", "entry_points")
        if parser.has_section(section)
        for group, value in parser.items(section)
    }
    return _Metadata(
        built=parser.has_section("metadata") or parser.has_section("options"),
        name=parser.get("metadata", "name", fallback=None),
        requires_python=parser.get("options", "python_requires", fallback=None),
        dependencies=tuple(parser.get("options", "install_requires", fallback="").split("\n")),
        libraries=LIBRARIES in parser.get("metadata", "classifiers", fallback=""),
        scripts=parser.has_option("options", "scripts") or not groups.keys().isdisjoint(SCRIPTS),
        roots=tuple(_plain(target) for value in groups.values() for target in NAMED.findall(value)),
    )


def _read_setup_py(text: str) -> _Metadata:
    """Read the calls of ``setup`` and, wherever it stands, every string that looks like an entry point."""
    nodes = list(ast.walk(ast.parse(text)))
    keywords = {
        keyword.arg: keyword.value
        for node in nodes
        if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] == "setup"
        for keyword in node.keywords
    }
    strings = [node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    names = {keyword.arg for node in nodes if isinstance(node, ast.Call) for keyword in node.keywords}
    return _Metadata(
        built=bool(keywords),
        name=_literal(keywords.get("name")),
        requires_python=_literal(keywords.get("python_requires")),
        libraries=any(LIBRARIES in text for text in strings),
        scripts="scripts" in keywords or any(group in text for text in [*strings, *names] if text for group in SCRIPTS),
        roots=tuple(_plain(target) for text in strings for target in NAMED.findall(text)),
    )


READERS = {"pyproject.toml": _read_pyproject, "setup.cfg": _read_setup_cfg, "setup.py": _read_setup_py}


def _table(document: dict[str, Any], *keys: str) -> dict[str, Any]:
    """Return the table at ``keys``; empty if there is none, or something else."""
    for key in keys:
        inner = document.get(key)
        document = inner if isinstance(inner, dict) else {}
    return document


def _strings(value: object) -> Iterator[str]:
    """Yield the strings in lists and tables of any depth."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _strings(item)


def _dependency(requirement: str) -> str:
    """The name at the start of a requirement, as a module might have it."""
    return re.split(r"[^\w.-]", requirement.strip().lower(), maxsplit=1)[0].replace("-", "_")


def _literal(node: ast.expr | None) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _plain(reference: str) -> str:
    return "".join(reference.split())
