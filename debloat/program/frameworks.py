"""Framework models: data that says which names a framework reaches by itself (``frameworks.toml``)."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from fnmatch import translate
from functools import cache
from importlib.resources import files
from typing import NamedTuple


class Model(NamedTuple):
    """One framework: in which files it holds and, by kind of symbol, the names that it reaches."""

    name: str
    files: re.Pattern[str] | None
    functions: re.Pattern[str] | None
    classes: re.Pattern[str] | None
    methods: re.Pattern[str] | None
    variables: re.Pattern[str] | None

    def reaches(self, kind: str, name: str) -> bool:
        """Whether the framework reaches a symbol of a kind (``functions``, ``classes``, ``methods``, ``variables``)."""
        pattern: re.Pattern[str] | None = getattr(self, kind)
        return pattern is not None and pattern.match(name) is not None


@cache
def models() -> Sequence[Model]:
    """All models."""
    table = tomllib.loads(files("debloat.program").joinpath("frameworks.toml").read_text(encoding="utf-8"))
    return [Model(name, *(_pattern(entry.get(key, [])) for key in Model._fields[1:])) for name, entry in table.items()]


@cache
def models_of(path: str) -> Sequence[Model]:
    """The models that hold in a file."""
    return [model for model in models() if model.files is None or model.files.match(path)]


def _pattern(globs: Sequence[str]) -> re.Pattern[str] | None:
    return re.compile("|".join(translate(glob) for glob in globs)) if globs else None
