"""Framework models: data that says which names a framework reaches by itself (``frameworks.toml``)."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from fnmatch import translate
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, NamedTuple

from debloat.program.mentions import text_words

if TYPE_CHECKING:
    from debloat.program.program import Program


class Model(NamedTuple):
    """One framework: in which programs and files it holds and, by kind of symbol, the names that it reaches."""

    name: str
    packages: frozenset[str]
    files: re.Pattern[str] | None
    functions: re.Pattern[str] | None
    classes: re.Pattern[str] | None
    nested: re.Pattern[str] | None
    methods: re.Pattern[str] | None
    variables: re.Pattern[str] | None

    def reaches(self, kind: str, name: str) -> bool:
        """Whether the framework reaches a symbol of a kind (``functions``, ``classes``, ``nested``, ``methods``, ``variables``)."""
        pattern: re.Pattern[str] | None = getattr(self, kind)
        return pattern is not None and pattern.match(name) is not None


@cache
def models() -> Sequence[Model]:
    """All models."""
    table = tomllib.loads(files("debloat.program").joinpath("frameworks.toml").read_text(encoding="utf-8"))
    return [
        Model(name, frozenset(entry.get("packages", [])), *(_pattern(entry.get(key, [])) for key in Model._fields[2:]))
        for name, entry in table.items()
    ]


def models_of(program: Program, path: str) -> Sequence[Model]:
    """The models that hold in a file of a program."""
    known = program.ask(_by_path)
    if path not in known:
        known[path] = [model for model in program.ask(_models) if model.files is None or model.files.match(path)]
    return known[path]


def _by_path(_: Program) -> dict[str, Sequence[Model]]:
    """The models of the files that have been asked for. A fact for :meth:`Program.ask`."""
    return {}


def _models(program: Program) -> Sequence[Model]:
    """The models that hold in a program, by what it imports, depends on or names. A fact for :meth:`Program.ask`."""
    known = {imported.module.partition(".")[0] for fact in program.facts for imported in fact.imports}
    known.update(name for part in program.parts for name in part.dependencies)
    words = program.ask(text_words)
    return [
        model for model in models() if not model.packages or any(one in known or one in words for one in model.packages)
    ]


def _pattern(globs: Sequence[str]) -> re.Pattern[str] | None:
    return re.compile("|".join(translate(glob) for glob in globs)) if globs else None
