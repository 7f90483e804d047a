"""The programs of the fixtures print the same after every fix of the defense family, unsafe ones included."""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from debloat.config import Config, read_config
from debloat.engine import run
from debloat.fix import settle
from debloat.loader import load_rules
from debloat.model import Applicability
from debloat.program import load_program
from tests.bench.defences import VERSIONS

FIXTURES = Path(__file__).parent.parent.parent / "fixtures"
HAZARDS = sorted(path for side in ("silent", "speaks") for path in (FIXTURES / "hazards").glob(f"*/{side}"))
RULES = load_rules()


def fix(folder: Path, lowest: Applicability) -> int:
    """Fix a program in place; gives how many fixes were applied."""
    config = read_config(folder / "pyproject.toml")
    world = None if config else "application"
    config = config or Config()
    config = replace(config, exclude=(*config.exclude, "expected.txt"))
    outcome = settle(
        lambda changed: load_program(
            folder, config, jobs=1, cache=False, world=world, progress=lambda *_: None, changed=changed
        ),
        lambda program: run(program, RULES, paths=[""], select=["defense"], ignore=[], started=0.0),
        lowest=lowest,
        paths=[""],
    )
    for path, content in outcome.changed.items():
        assert content is not None
        (folder / path).write_bytes(content)
    assert not outcome.unsettled
    return len(outcome.applied)


def output(folder: Path, *command: str) -> str:
    done = subprocess.run(
        [sys.executable, "-B", "-X", "utf8", *command],
        cwd=folder,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    return done.stdout + done.stderr


@pytest.mark.parametrize("folder", HAZARDS, ids=lambda folder: f"{folder.parent.name}-{folder.name}")
def test_a_hazard_prints_the_same_after_all_fixes(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder, tmp_path / "it")
    if fix(tmp_path / "it", Applicability.UNSAFE):
        assert output(tmp_path / "it", "main.py") == (folder / "expected.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("version", VERSIONS)
def test_the_program_of_defences_prints_the_same_after_all_fixes(version: str, tmp_path: Path) -> None:
    shutil.copytree(FIXTURES / "defences" / version, tmp_path / "it")
    assert fix(tmp_path / "it", Applicability.UNSAFE) > 40
    command = ("-m", "depot")
    assert output(tmp_path / "it", *command) == output(FIXTURES / "defences" / version, *command)
