"""Processes side by side: the same in the same order, whoever does it and whatever becomes of them."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from debloat import engine
from debloat.beside import share
from debloat.config import Config
from debloat.loader import load_rules
from debloat.program import load_program

PROJECTS = Path(__file__).parent.parent / "fixtures" / "projects"


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(), max_size=40), st.integers(1, 4))
def test_each_task_gives_what_it_gives_here(numbers: list[int], processes: int) -> None:
    assert share([partial(pow, number, 2) for number in numbers], processes) == [number**2 for number in numbers]


def test_what_a_killed_process_had_taken_is_done_here() -> None:
    here = os.getpid()

    def task() -> int:
        if os.getpid() != here:
            os._exit(1)
        return 7

    assert share([task] * 30, 3) == [7] * 30


@pytest.mark.parametrize("name", sorted(path.name for path in PROJECTS.iterdir() if path.is_dir()))
def test_processes_that_take_files_in_turn_find_what_one_finds(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "_WORTH_A_PROCESS", 0)
    monkeypatch.setattr(engine, "_STRETCH", 1)

    def report(jobs: int) -> Any:
        program = load_program(
            PROJECTS / name, Config(), jobs=jobs, cache=False, world="application", progress=lambda *_: None
        )
        found = engine.run(program, load_rules(), paths=[""], select=[], ignore=[], started=0.0)
        assert not any(problem.fatal for problem in found.problems)
        return [(one.rule.name, one.finding, one.fingerprint) for one in found.findings], found.withheld

    assert report(3) == report(1)
