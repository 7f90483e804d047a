"""Small programs before and after the fixes of some rules."""

from __future__ import annotations

import contextlib
import io
import textwrap
from collections.abc import Sequence
from pathlib import Path

from debloat.config import Config
from debloat.engine import run
from debloat.fix import settle
from debloat.loader import load_rules
from debloat.model import Applicability
from debloat.program import load_program

RULES = load_rules()


def fixed(text: str, folder: Path, select: Sequence[str], lowest: Applicability = Applicability.UNSAFE) -> str:
    """A program of one file after all fixes of some rules or families."""
    (folder / "app.py").write_bytes(text.encode())
    outcome = settle(
        lambda changed: load_program(
            folder, Config(), jobs=1, cache=False, world="application", progress=lambda *_: None, changed=changed
        ),
        lambda program: run(program, RULES, paths=[""], select=select, ignore=[], started=0.0),
        lowest=lowest,
        paths=[""],
    )
    assert not outcome.unsettled
    return (outcome.changed.get("app.py") or text.encode()).decode()


def printed(text: str) -> str:
    """What a program prints."""
    shown = io.StringIO()
    with contextlib.redirect_stdout(shown):
        exec(compile(text, "app.py", "exec"), {"__name__": "__main__"})
    return shown.getvalue()


def dedented(text: str) -> str:
    """A program without the indentation that it has among others."""
    return textwrap.dedent(text).lstrip("\n")
