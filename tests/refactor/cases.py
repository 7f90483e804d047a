"""Small programs before and after the fixes of some rules."""

from __future__ import annotations

import contextlib
import io
import textwrap
from collections.abc import Sequence
from pathlib import Path

from debloat.model import Applicability
from tests.refactor import programs


def fixed(text: str, folder: Path, select: Sequence[str], lowest: Applicability = Applicability.UNSAFE) -> str:
    """A program of one file after all fixes of some rules or families."""
    return programs.fixed({"app.py": text}, folder, *select, lowest=lowest)[0]["app.py"]


def printed(text: str) -> str:
    """What a program prints."""
    shown = io.StringIO()
    with contextlib.redirect_stdout(shown):
        exec(compile(text, "app.py", "exec"), {"__name__": "__main__"})
    return shown.getvalue()


def dedented(text: str) -> str:
    """A program without the indentation that it has among others."""
    return textwrap.dedent(text).lstrip("\n")
