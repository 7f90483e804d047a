"""Directories to rules: our own, those of installed plugins and those the user names come in by one door."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from debloat.model import Applicability, Rule

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint


class LoadError(Exception):
    """A rule that cannot be used: one line that names the file and the cause."""


def load_rules(directories: Sequence[Path] = ()) -> list[Rule]:
    """Return our own rules, those of installed plugins and those in ``directories``, sorted by name.

    Raises LoadError for a rule that does not import or lacks a part, and for two rules of one name.
    """
    found: dict[str, tuple[Rule, Path]] = {}
    for directory in [_own(), *_plugins(), *directories]:
        for rule, file in _rules(directory):
            if other := found.get(rule.name):
                raise LoadError(f"two rules are named {rule.name}: {other[1]} and {file}; rename one")
            found[rule.name] = rule, file
    return [found[name][0] for name in sorted(found)]


def _own() -> Path:
    """In a wheel the rules lie inside the package, in a checkout beside it."""
    inside = Path(__file__).parent / "rules"
    return inside if inside.is_dir() else inside.parent.parent / "rules"


def _plugins() -> Iterator[Path]:
    # importlib.metadata takes 30 ms to import, which runs without a plugin are spared
    installed = (file for folder in sys.path for file in Path(folder).glob("*-info/entry_points.txt"))
    if not any(b"[debloat.rules]" in file.read_bytes() for file in installed):
        return
    from importlib.metadata import entry_points

    for entry in entry_points(group="debloat.rules"):
        yield from map(Path, _plugin_package(entry).__path__)


def _plugin_package(entry: EntryPoint) -> ModuleType:
    try:
        package = importlib.import_module(entry.module)
    except (Exception, SystemExit) as error:  # the plugin's own code runs here
        raise LoadError(f"plugin {entry.name} ({entry.module}) does not import: {_said(error)}") from error
    if not hasattr(package, "__path__"):
        raise LoadError(f"plugin {entry.name} ({entry.module}) is one module: name the package that holds its rules")
    return package


def _rules(directory: Path) -> Iterator[tuple[Rule, Path]]:
    """Import the files of a directory and of its family folders as modules of a package made for it.

    The package is not imported itself, so it needs no ``__init__.py``, and its name is unique to the directory, so
    two directories may hold files of one name.
    """
    if not directory.is_dir():
        raise LoadError(f"{directory}: no such directory of rules")
    directory = directory.resolve()
    package = f"debloat_rules_{directory.as_posix().encode().hex()}"
    if package not in sys.modules:
        made = ModuleType(package)
        made.__path__ = [str(directory)]
        sys.modules[package] = made
    for file in sorted([*directory.glob("*.py"), *directory.glob("*/*.py")]):
        if not file.stem.startswith("_"):
            inner = file.relative_to(directory).with_suffix("").parts
            yield _rule(file, ".".join([package, *inner])), file


def _rule(file: Path, name: str) -> Rule:
    try:
        module = importlib.import_module(name)
    except (Exception, SystemExit) as error:  # the rule's own code runs here
        raise LoadError(f"{file}: the rule does not import: {_said(error)}") from error
    tier, check = getattr(module, "TIER", None), getattr(module, "check", None)
    if not module.__doc__:
        raise LoadError(f"{file}: the rule needs a docstring, which is its page")
    if not isinstance(tier, Applicability):
        raise LoadError(f"{file}: the rule needs its tier, as in TIER = Applicability.SAFE")
    if not callable(check):
        raise LoadError(f"{file}: the rule needs a generator check(program)")
    thresholds = getattr(module, "THRESHOLDS", {})
    across = getattr(module, "ACROSS_FILES", False)
    return Rule(file.stem.replace("_", "-"), file.parent.name, module.__doc__, tier, check, thresholds, across)


def _said(error: BaseException) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())
