"""Code of functions in the place of their calls: programs are run before and after."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from debloat.config import Config
from debloat.engine import look
from debloat.facts import data
from debloat.fix import Outcome, settle
from debloat.model import Applicability, Finding, Rule
from debloat.program import Program, load_program
from debloat.program.queries import definitions
from debloat.refactor.requests import Inline
from tests.refactor.moved_programs import KEPT, MOVED
from tests.refactor.programs import files


def check(program: Program) -> Iterator[Finding]:
    """Inline everything that is called so."""
    for scope in definitions(program, data.FUNCTION):
        if program.index.name(scope).lstrip("_").startswith("moved"):
            name = program.index.name(scope)
            yield Finding(program.index.span(scope), name, name, (), Applicability.SAFE, 3, refactoring=Inline(scope))


RULE = Rule("moved", "residue", "", Applicability.SAFE, check)


def moved(before: dict[str, str], folder: Path, lowest: Applicability) -> tuple[dict[str, str], Outcome]:
    for path, text in before.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    outcome = settle(
        lambda changed: load_program(
            folder, Config(), jobs=1, cache=False, world="application", progress=lambda *_: None, changed=changed
        ),
        lambda program: look(program, [RULE], paths=[""], select=[], ignore=[]),
        lowest=lowest,
        paths=[""],
    )
    return before | {
        path: content.decode() for path, content in outcome.changed.items() if content is not None
    }, outcome


def said(program: dict[str, str], folder: Path) -> tuple[int, str, str]:
    """What a program prints, how it ends, and with which error."""
    for path, text in program.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    done = subprocess.run(
        [sys.executable, "-B", "app.py", "x"], cwd=folder, check=False, capture_output=True, text=True
    )
    return done.returncode, done.stdout, done.stderr.strip().rpartition("\n")[2]


@pytest.mark.parametrize("name", MOVED)
def test_what_is_moved_does_the_same_where_it_is(name: str, tmp_path: Path) -> None:
    count, text = MOVED[name]
    before = files(text)
    after, outcome = moved(before, tmp_path / "fixed", Applicability.UNSAFE)
    assert len(outcome.applied) == count
    assert said(after, tmp_path / "after") == said(before, tmp_path / "before")


@pytest.mark.parametrize("name", KEPT)
def test_what_would_do_something_else_stays(name: str, tmp_path: Path) -> None:
    reason, text = KEPT[name]
    before = files(text)
    after, outcome = moved(before, tmp_path, Applicability.UNSAFE)
    assert after == before
    assert reason in outcome.refused
