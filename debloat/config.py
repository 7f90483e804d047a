"""The settings of a project: ``[tool.debloat]`` in its pyproject.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any


class ConfigError(Exception):
    """The configuration cannot be used; the message is one line that names the file and what to change."""


@dataclass(frozen=True, slots=True)
class Config:
    """One ``[tool.debloat]`` table. Globs have gitignore syntax and start at the folder of its pyproject.toml."""

    world: str = "auto"
    public: tuple[str, ...] | None = None
    src: tuple[str, ...] = ()
    tests: tuple[str, ...] | None = None
    exclude: tuple[str, ...] = ()
    no_edit: tuple[str, ...] = ()
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    per_file_ignores: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    rule_paths: tuple[str, ...] = ()
    fail_on: str = "suggestion"
    severity: Mapping[str, str] = field(default_factory=dict)
    baseline: str | None = None
    cascade: bool | None = None
    rules: Mapping[str, Mapping[str, float]] = field(default_factory=dict)

    def limits(self, rule: str, defaults: Mapping[str, float]) -> Mapping[str, float]:
        """The thresholds of a rule: what is set, else its defaults."""
        return {**defaults, **self.rules.get(rule, {})}


KEYS = tuple(setting.name.replace("_", "-") for setting in fields(Config))
CHOICES = {"world": ("auto", "library", "application"), "fail-on": ("suggestion", "unsafe", "safe", "never")}
SEVERITIES = ("error", "warning", "note")


def find_root(start: Path) -> Path:
    """Return the project folder that holds the folder ``start``.

    It is the nearest one upward whose pyproject.toml has ``[tool.debloat]``, else the root of the git checkout, else
    the nearest with any pyproject.toml, else ``start``.
    """
    start = start.resolve()
    upward = (start, *start.parents)
    marks = (lambda folder: has_section(folder / "pyproject.toml")), _is_checkout, _has_pyproject
    return next((folder for mark in marks for folder in upward if mark(folder)), start)


def _is_checkout(folder: Path) -> bool:
    return (folder / ".git").exists()


def _has_pyproject(folder: Path) -> bool:
    return (folder / "pyproject.toml").is_file()


def has_section(pyproject: Path) -> bool:
    """Whether ``pyproject`` has settings for us, be they right or wrong."""
    try:
        data = pyproject.read_bytes()
        # Most files upward say nothing about us and need no parser.
        return b"debloat" in data and _section(tomllib.loads(data.decode())) is not None
    except OSError:
        return False
    except (ValueError, RecursionError):
        # What does not parse but speaks of us is meant for us: reading it will tell the user what is wrong.
        return b"tool.debloat" in data


def _section(document: dict[str, Any]) -> Any:
    tool = document.get("tool")
    return tool.get("debloat") if isinstance(tool, dict) else None


def read_config(pyproject: Path) -> Config | None:
    """Return the settings in ``pyproject``, None if the file or the table is missing; ConfigError if they are wrong."""
    try:
        document = tomllib.loads(pyproject.read_bytes().decode())
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise ConfigError(f"{pyproject}: cannot be read: {error.strerror}") from None
    except (ValueError, RecursionError) as error:
        raise ConfigError(f"{pyproject}: not valid TOML: {error}") from None
    section = _section(document)
    if section is None:
        return None
    if not isinstance(section, dict):
        raise ConfigError(f"{pyproject}: tool.debloat must be a table")
    try:
        return Config(**{key.replace("-", "_"): _value(key, value) for key, value in section.items()})
    except ValueError as error:
        raise ConfigError(f"{pyproject}: [tool.debloat] {error}") from None


def _value(key: str, value: Any) -> Any:
    """Return the checked value of one key; ValueError says what is wrong with it."""
    if key not in KEYS:
        from difflib import get_close_matches

        near = get_close_matches(key, KEYS, n=1, cutoff=0)
        raise ValueError(f"has no key {key!r}; did you mean {near[0]!r}?")
    if key in CHOICES:
        if value not in CHOICES[key]:
            raise ValueError(f"{key} must be one of {', '.join(CHOICES[key])}")
        return value
    if key == "baseline":
        if not isinstance(value, str):
            raise ValueError("baseline must be a string")
        return value
    if key == "cascade":
        if not isinstance(value, bool):
            raise ValueError("cascade must be true or false")
        return value
    if key == "severity":
        if not isinstance(value, dict) or any(severity not in SEVERITIES for severity in value.values()):
            raise ValueError(f"severity must be a table from rules or families to {', '.join(SEVERITIES)}")
        return value
    if key == "rules":
        if not isinstance(value, dict) or not all(map(_is_numbers, value.values())):
            raise ValueError("rules must be a table of tables of numbers: the thresholds of rules")
        return value
    if key != "per-file-ignores":
        return _strings(key, value)
    if not isinstance(value, dict):
        raise ValueError(f"{key} must be a table of lists of strings")
    return {glob: _strings(f"{key}.{glob!r}", rules) for glob, rules in value.items()}


def _is_numbers(value: object) -> bool:
    return isinstance(value, dict) and all(type(number) in (int, float) for number in value.values())


def _strings(key: str, value: object) -> tuple[str, ...]:
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return tuple(value)
    raise ValueError(f"{key} must be a list of strings")
