"""Small programs before and after a fix."""

from __future__ import annotations

import re
import subprocess
import sys
import textwrap
from pathlib import Path

from debloat.config import Config
from debloat.engine import UNUSED_SUPPRESSION, run
from debloat.fix import Outcome, settle
from debloat.loader import load_rules
from debloat.model import Applicability
from debloat.program import load_program

RULES = [*load_rules(), UNUSED_SUPPRESSION]


def files(text: str) -> dict[str, str]:
    """The files of a program: each begins with ``# name``; without such lines it is one, ``app.py``."""
    parts = re.split(r"^# (\S+\.\w+)\n", textwrap.dedent(text).lstrip("\n"), flags=re.MULTILINE)
    if len(parts) == 1:
        return {"app.py": parts[0]}
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def fixed(before: dict[str, str], folder: Path, *rules: str, lowest: Applicability) -> tuple[dict[str, str], Outcome]:
    """A program after the fixes of some rules, and what else came of them."""
    for path, text in before.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(text.encode())
    outcome = settle(
        lambda changed: load_program(
            folder, Config(), jobs=1, cache=False, world="application", progress=lambda *_: None, changed=changed
        ),
        lambda program: run(program, RULES, paths=[""], select=rules, ignore=[], started=0.0),
        lowest=lowest,
        paths=[""],
    )
    assert not outcome.unsettled
    after = before | {path: content.decode() for path, content in outcome.changed.items() if content is not None}
    return {path: text for path, text in after.items() if outcome.changed.get(path, b"") is not None}, outcome


def output(program: dict[str, str], folder: Path) -> str:
    """What a program prints when its ``app.py`` runs."""
    for path, text in program.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(text.encode())
    command = [sys.executable, "-B", "app.py", "x"]
    return subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout
