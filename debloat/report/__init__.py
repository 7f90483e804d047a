"""One format a file: ``render(report, program)`` yields text. Here is what the formats share."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from debloat.git import prefix
from debloat.model import Span

if TYPE_CHECKING:
    from debloat.program import Program


class Place(NamedTuple):
    """A span as people and editors count: lines and columns from 1, columns in characters, the end exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int


def reader(program: Program) -> Callable[[str], list[bytes]]:
    """Return a function from a path to the lines of its file, which reads each file once.

    ``bytes.splitlines`` splits where Python does; ``str.splitlines`` also splits at form feeds and U+2028.
    """
    return cache(lambda path: program.text(path).splitlines())


def place(span: Span, lines: Callable[[str], list[bytes]]) -> Place:
    """Turn the byte columns of a span into characters; a file is only read for a column that is not the first."""

    def character(line: int, column: int) -> int:
        return len(lines(span.path)[line - 1][:column].decode(errors="replace")) + 1 if column else 1

    return Place(span.line, character(span.line, span.column), span.end_line, character(span.end_line, span.end_column))


def from_here(program: Program) -> Callable[[str], str]:
    """Return a function from a path in the project to the path from the working directory, with ``/``."""

    @cache
    def path_from_here(path: str) -> str:
        try:
            relative = os.path.relpath(program.root / path)
        except ValueError:  # on another drive
            relative = str(program.root / path)
        return relative.replace(os.sep, "/")

    return path_from_here


def from_top(program: Program) -> Callable[[str], str]:
    """Return a function from a path in the project to the path in the repository that holds it, as its host knows it."""
    way = prefix(program.root)
    return lambda path: way + path


def count(number: int, noun: str) -> str:
    """A number of things in words."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def version() -> str:
    """Return the version of the installed distribution; a checkout that is only on the path has none."""
    from importlib.metadata import PackageNotFoundError
    from importlib.metadata import version as installed

    try:
        return installed("debloat-lint")
    except PackageNotFoundError:
        return "0+checkout"
