"""The one walk over a project's folders: what is read and what is passed by."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import NamedTuple

from debloat.config import Config, has_section, read_config
from debloat.model import Problem
from debloat.source.globs import Layer, compile_globs, ignores_above, read_ignore
from debloat.tree import Entry, Tree

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


def walk(tree: Tree, config: Config, problems: list[Problem]) -> Iterator[Folder]:
    """Yield the folders of a project that are read, each before those in it; what cannot be is a problem."""
    above = ignores_above(tree.root)
    pending: list[tuple[str, tuple[Layer, ...], tuple[Scope, ...]]] = [("", above, (_scope("", config),))]
    while pending:
        path, ignores, scopes = pending.pop()
        try:
            entries = tree.entries(path)
        except OSError as error:
            problems.append(Problem(path or ".", 0, f"folder cannot be read: {error.strerror}", False))
            continue
        if path and ("pyvenv.cfg" in entries or (f"/{path}".endswith(OUTPUT) and "__init__.py" not in entries)):
            continue
        if ".gitignore" in entries:
            ignores = (Layer(read_ignore(tree, f"{path}.gitignore"), cut=len(path)), *ignores)
        # Settings are those of now, whatever contents are looked at.
        if path and "pyproject.toml" in entries and has_section(pyproject := tree.root / path / "pyproject.toml"):
            scopes = (_scope(path, read_config(pyproject) or config), *scopes)
        names = []
        links = set()
        for name, entry in entries.items():
            target = f"{path}{name}/" if entry.folder else path + name
            if not (_is_read(name) if entry.folder else _counts(tree, target, entry)):
                continue
            if _ignored(target, ignores, scopes):
                continue
            if obstacle := _obstacle(entry):
                problems.append(Problem(os.fsencode(target).decode(errors="replace"), 0, obstacle, False))
            elif entry.folder:
                pending.append((target, ignores, scopes))
            else:
                names.append(name)
                if entry.link:
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


def may_count(name: str) -> bool:
    """Whether a file of this name may be Python or name its symbols."""
    return name.endswith((*PYTHON, *TEXTS, *MAYBE_DATA)) or name.startswith(TEXT_NAMES) or "." not in name


def _counts(tree: Tree, path: str, entry: Entry) -> bool:
    """Whether a file may be Python or name its symbols."""
    name = entry.name
    if name.endswith(PYTHON):
        return True
    if name.endswith(MAYBE_DATA):
        return name not in LOCKS and tree.size(path) < DATA_SIZE
    return name.endswith(TEXTS) or name.startswith(TEXT_NAMES) or ("." not in name and _is_script(tree, path, entry))


def _is_script(tree: Tree, path: str, entry: Entry) -> bool:
    try:
        # A pipe is no file, and opening one would wait for its other end.
        return entry.file and tree.head(path, 2) == b"#!"
    except OSError:
        return False


def _ignored(path: str, ignores: tuple[Layer, ...], scopes: tuple[Scope, ...]) -> bool:
    if any(scope.exclude.verdict(path) for scope in scopes):
        return True
    return next((ignored for layer in ignores if (ignored := layer.verdict(path)) is not None), False)


def _obstacle(entry: Entry) -> str | None:
    """Return why a folder or file cannot be read although it should be."""
    if not entry.name.isascii() and "\ufffd" in os.fsencode(entry.name).decode(errors="replace"):
        return "name is not valid UTF-8; rename it"
    if entry.folder:
        return "link to a folder, not followed" if entry.link else None
    return None if entry.file else "not a regular file"
