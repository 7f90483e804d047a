"""The one walk over a project's folders: what is read and what is passed by."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from debloat.config import Config, has_section, read_config
from debloat.model import Problem
from debloat.source.globs import Layer, compile_globs, ignores_above, read_ignore

PYTHON = (".py", ".pyi", ".pyw")
# Where names of Python symbols stand in other languages: build and CI files, settings, templates, documentation.
# fmt: off
TEXTS = (
    ".bat", ".cfg", ".cmd", ".conf", ".env", ".htm", ".html", ".ini", ".ipynb", ".j2", ".jinja", ".jinja2", ".json",
    ".mako", ".md", ".mk", ".ps1", ".pxd", ".pyx", ".rst", ".service", ".sh", ".tmpl", ".toml", ".txt", ".yaml", ".yml",
)
# fmt: on
TEXT_NAMES = ("Dockerfile", "Jenkinsfile", "Justfile", "Makefile", "Procfile", "Vagrantfile", "justfile", "makefile")
# Large ones of these are data.
MAYBE_DATA = (".json", ".txt")
DATA_SIZE = 200_000
LOCKS = frozenset({"package-lock.json", "npm-shrinkwrap.json", "pnpm-lock.yaml"})

HIDDEN_READ = frozenset({".buildkite", ".ci", ".circleci", ".devcontainer", ".github", ".gitlab"})
SKIPPED = frozenset({"__pycache__", "node_modules", "site-packages"})
# Tools write here, unless it is a package of that name.
OUTPUT = ("build/", "dist/")


class Scope(NamedTuple):
    """What one ``[tool.debloat]`` table says about the files below its folder; ``src`` starts at the project."""

    src: tuple[str, ...]
    exclude: Layer
    tests: Layer | None
    no_edit: Layer


class Folder(NamedTuple):
    """A folder that is read: its path with ``/`` behind it (the project: empty), the files that count, those of them
    that are links, and the settings that apply, the nearest first.
    """

    path: str
    names: list[str]
    links: set[str]
    scopes: tuple[Scope, ...]


def walk(root: Path, config: Config, problems: list[Problem]) -> Iterator[Folder]:
    """Yield the folders below ``root`` that are read, each before those in it; what cannot be is a problem."""
    # Strings, as thousands of Path objects would take as long as the scanning.
    top = f"{root}{os.sep}"
    pending: list[tuple[str, tuple[Layer, ...], tuple[Scope, ...]]] = [("", ignores_above(root), (_scope("", config),))]
    while pending:
        path, ignores, scopes = pending.pop()
        try:
            with os.scandir(top + path) as scan:
                entries = {entry.name: entry for entry in scan}
        except OSError as error:
            problems.append(Problem(path or ".", 0, f"folder cannot be read: {error.strerror}", False))
            continue
        if path and ("pyvenv.cfg" in entries or (f"/{path}".endswith(OUTPUT) and "__init__.py" not in entries)):
            continue
        if ".gitignore" in entries:
            ignores = (Layer(read_ignore(entries[".gitignore"].path), cut=len(path)), *ignores)
        if path and "pyproject.toml" in entries and has_section(pyproject := root / path / "pyproject.toml"):
            scopes = (_scope(path, read_config(pyproject) or config), *scopes)
        names = []
        links = set()
        for name, entry in entries.items():
            link = entry.is_symlink()
            folder = os.path.isdir(entry.path) if link else entry.is_dir(follow_symlinks=False)
            target = f"{path}{name}/" if folder else path + name
            if not (_is_read(name) if folder else _counts(entry)) or _ignored(target, ignores, scopes):
                continue
            if obstacle := _obstacle(entry, folder, link):
                problems.append(Problem(os.fsencode(target).decode(errors="replace"), 0, obstacle, False))
            elif folder:
                pending.append((target, ignores, scopes))
            else:
                names.append(name)
                if link:
                    links.add(name)
        yield Folder(path, names, links, scopes)


def _scope(path: str, config: Config) -> Scope:
    def layer(lines: tuple[str, ...]) -> Layer:
        return Layer(compile_globs(lines), cut=len(path))

    return Scope(
        src=tuple((path + folder.removeprefix("./")).rstrip("/") for folder in config.src),
        exclude=layer(config.exclude),
        tests=None if config.tests is None else layer(config.tests),
        no_edit=layer(config.no_edit),
    )


def _is_read(name: str) -> bool:
    if name.startswith("."):
        return name in HIDDEN_READ
    return name not in SKIPPED and not name.endswith(".egg-info")


def _counts(entry: os.DirEntry[str]) -> bool:
    """Whether a file may be Python or name its symbols."""
    name = entry.name
    if name.endswith(PYTHON):
        return True
    if name.endswith(MAYBE_DATA):
        return name not in LOCKS and entry.stat(follow_symlinks=False).st_size < DATA_SIZE
    return name.endswith(TEXTS) or name.startswith(TEXT_NAMES) or ("." not in name and _is_script(entry))


def _is_script(entry: os.DirEntry[str]) -> bool:
    try:
        # A pipe is no file, and opening one would wait for its other end.
        if not entry.is_file():
            return False
        with open(entry.path, "rb") as file:
            return file.read(2) == b"#!"
    except OSError:
        return False


def _ignored(path: str, ignores: tuple[Layer, ...], scopes: tuple[Scope, ...]) -> bool:
    if any(scope.exclude.verdict(path) for scope in scopes):
        return True
    return next((ignored for layer in ignores if (ignored := layer.verdict(path)) is not None), False)


def _obstacle(entry: os.DirEntry[str], folder: bool, link: bool) -> str | None:
    """Return why a folder or file cannot be read although it should be."""
    if not entry.name.isascii() and "\ufffd" in os.fsencode(entry.name).decode(errors="replace"):
        return "name is not valid UTF-8; rename it"
    if folder:
        return "link to a folder, not followed" if link else None
    regular = os.path.isfile(entry.path) if link else entry.is_file(follow_symlinks=False)
    return None if regular else "not a regular file"
