"""Which files a project has, and what each is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from debloat.config import Config
from debloat.model import Problem
from debloat.source.names import module_names
from debloat.source.walk import PYTHON, Folder, walk
from debloat.tree import Tree

METADATA = frozenset({"pyproject.toml", "setup.cfg", "setup.py"})
VENDORED = frozenset(
    {"_vendor", "_vendored", "vendor", "vendored", "third_party", "thirdparty", "3rdparty", "extern", "_extern"}
)
TEST_FILE = re.compile(r"(?:test_.*|.*_test|tests|conftest)\.pyi?")
# What tools write: migrations of Django and of Alembic, modules of protobuf.
WRITTEN = re.compile(
    r"(?:^|/)(?:migrations/(?:\d+_[^/]*|__init__)|(?:migrations|alembic)/versions/[^/]*|[^/]*_pb2(?:_grpc)?)\.pyi?$"
)


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One Python file: its path from the project root with ``/``, its names (see ``names``) and what it is."""

    path: str
    module: str
    aliases: tuple[str, ...]
    package: bool
    tests: bool
    stub: bool
    no_edit: bool


@dataclass(frozen=True, slots=True)
class Discovery:
    """All that a project holds, each sorted by path.

    ``texts`` are files in other languages that may name symbols, notebooks among them; ``metadata`` are the build
    files that say what the parts of the project are.
    """

    files: tuple[SourceFile, ...]
    notebooks: tuple[str, ...]
    texts: tuple[str, ...]
    metadata: tuple[str, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class _Layout:
    """What the names of the folders say: packages, build metadata, import roots, tests, what is not ours to edit."""

    packages: set[str]
    parts: set[str]
    tops: set[str]
    tests: set[str]
    no_edit: set[str]


def discover(tree: Tree, config: Config) -> Discovery:
    """Find the files of a project; ConfigError if a table of settings below it is wrong.

    Left out are what git ignores, what is excluded, hidden folders, virtual environments and build output. Links to
    folders are not followed. That there is no Python at all is a fatal problem.
    """
    problems: list[Problem] = []
    layout = _Layout(set(), {""}, set(), set(), set())
    python: list[tuple[str, bool, bool]] = []
    others: list[str] = []
    for folder in walk(tree, config, problems):
        _place(folder, layout)
        for name in folder.names:
            if name.endswith(PYTHON):
                python.append((folder.path + name, *_nature(folder, name, layout)))
            if not name.endswith(PYTHON) or name in METADATA:
                others.append(folder.path + name)
    if not python:
        problems.append(Problem(".", 0, "no Python files found here", True))
    python.sort()
    others.sort()
    above = _own_name(tree.root) if "" in layout.packages else ""
    named = module_names([path for path, _, _ in python], layout.packages, layout.tops, layout.parts, above)
    return Discovery(
        files=tuple(
            SourceFile(
                path=path,
                module=names.module,
                aliases=names.aliases,
                package=path.rpartition("/")[2].startswith("__init__."),
                tests=tests,
                stub=path.endswith(".pyi"),
                no_edit=no_edit,
            )
            for (path, tests, no_edit), names in zip(python, named, strict=True)
        ),
        notebooks=tuple(path for path in others if path.endswith(".ipynb")),
        texts=tuple(path for path in others if not path.endswith(PYTHON)),
        metadata=tuple(path for path in others if path.rpartition("/")[2] in METADATA),
        problems=tuple(problems),
    )


def _own_name(root: Path) -> str:
    """The dotted name of a project's folder that is a package; "" if it cannot be imported by it."""
    steps = [root.name]
    for folder in root.parents:
        if not (folder / "__init__.py").exists():
            break
        steps.insert(0, folder.name)
    return ".".join(steps) if all(step.isidentifier() for step in steps) else ""


def _place(folder: Folder, layout: _Layout) -> None:
    """Enter a folder into the layout; the one above it is there already."""
    path = folder.path.removesuffix("/")
    parent, _, name = path.rpartition("/")
    if "__init__.py" in folder.names or "__init__.pyi" in folder.names:
        layout.packages.add(path)
    if not METADATA.isdisjoint(folder.names):
        layout.parts.add(path)
    layout.tops.update(folder.scopes[0].src)
    if name == "src" and parent in layout.parts and path not in layout.packages:
        layout.tops.add(path)
    # A folder "test" inside a package may be there for the package's users: django.test.
    test = name == "test" and (parent not in layout.packages or any(file.startswith("test_") for file in folder.names))
    if test or name == "tests" or parent in layout.tests:
        layout.tests.add(path)
    if name in VENDORED or parent in layout.no_edit:
        layout.no_edit.add(path)


def _nature(folder: Folder, name: str, layout: _Layout) -> tuple[bool, bool]:
    """Return whether a Python file is a test, and whether it is not ours to edit."""
    path = folder.path + name
    place = folder.path.removesuffix("/")
    tests = next((scope.tests for scope in folder.scopes if scope.tests is not None), None)
    no_edit = place in layout.no_edit or name in folder.links or WRITTEN.search(path) is not None
    return (
        tests.verdict(path) is True if tests is not None else place in layout.tests or bool(TEST_FILE.fullmatch(name)),
        no_edit or any(scope.no_edit.verdict(path) for scope in folder.scopes),
    )
