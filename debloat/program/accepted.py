"""What comments tell linters to accept."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from debloat.program.program import Program

_FILE = re.compile(
    r"^[ \t]*#[ \t]*(?:flake8|ruff):[ \t]*noqa(?::[ \t]*([A-Z0-9, \t]+))?[ \t]*\r?$", re.MULTILINE | re.IGNORECASE
)
_LINE = re.compile(r"#.*\bnoqa\b(?::[ \t]*([A-Z]+[0-9]+(?:[, \t]+[A-Z]+[0-9]+)*))?", re.IGNORECASE)


def is_accepted(program: Program, path: str, line: int, code: str) -> bool:
    """Whether the comment on a line, or one for the whole file, tells ruff and flake8 to accept what a code stands for."""
    text = program.text(path).decode(errors="replace")
    here = text.split("\n")[line - 1]
    found = [*_FILE.finditer(text), *_LINE.finditer(here)] if "noqa" in text.lower() else []
    return any(not mark[1] or code in re.findall("[A-Z]+[0-9]+", mark[1].upper()) for mark in found)
