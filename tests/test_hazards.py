"""What can fool an analysis of Python: each hazard's program is left alone, and the same without the hazard is not."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from debloat.config import Config, read_config
from debloat.engine import run
from debloat.loader import load_rules
from debloat.model import Applicability, Finding
from debloat.program import load_program

HAZARDS = sorted((Path(__file__).parent.parent / "fixtures" / "hazards").iterdir())
RULES = load_rules()
# Rules that are still to come: what is marked for them is not demanded yet.
AWAITED: set[str] = set()
# Programs about which debloat is wrong, or silent where it should speak: to be mended.
NOT_YET: set[str] = set()
MARK = re.compile(r"# (quiet|unsafe|!([a-z-]+)( safe)?)$")


def programs(side: str) -> list[object]:
    return [
        pytest.param(
            folder / side,
            id=folder.name,
            marks=[pytest.mark.xfail] if f"{folder.name}/{side}" in NOT_YET else [],
        )
        for folder in HAZARDS
    ]


def marks(program: Path) -> Iterator[tuple[tuple[str, int], re.Match[str]]]:
    for file in sorted(program.rglob("*.py")):
        for number, line in enumerate(file.read_text(encoding="utf-8").split("\n"), 1):
            if mark := MARK.search(line):
                yield (file.relative_to(program).as_posix(), number), mark


def findings(folder: Path) -> list[tuple[str, Finding]]:
    """Return what all rules report on a program, an application unless it says otherwise."""
    config = read_config(folder / "pyproject.toml")
    world = None if config else "application"
    config = config or Config()
    # What it prints may name what it calls.
    config = replace(config, exclude=(*config.exclude, "expected.txt"))
    program = load_program(folder, config, jobs=1, cache=False, world=world, progress=lambda *_: None)
    report = run(program, RULES, paths=[""], select=[], ignore=[], started=0.0)
    assert not report.problems
    return [(reported.rule.name, reported.finding) for reported in report.findings]


def covers(finding: Finding, place: tuple[str, int]) -> bool:
    path, line = place
    return finding.span.path == path and finding.span.line <= line <= finding.span.end_line


@pytest.fixture(scope="module")
def outputs() -> dict[Path, str]:
    """What each program prints, or how it fails."""

    def output(folder: Path) -> str:
        command = [sys.executable, "-B", "-X", "utf8", "main.py"]
        done = subprocess.run(
            command, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, text=True, encoding="utf-8", timeout=60
        )
        return done.stdout + done.stderr

    folders = [folder / side for folder in HAZARDS for side in ("silent", "speaks")]
    with ThreadPoolExecutor(2) as pool:
        return dict(zip(folders, pool.map(output, folders), strict=True))


@pytest.mark.parametrize("folder", programs("silent"))
def test_a_hazard_is_left_alone(folder: Path) -> None:
    found = findings(folder)
    marked = dict(marks(folder))
    assert marked
    for place, mark in marked.items():
        most = Applicability.UNSAFE if mark[1] == "unsafe" else Applicability.SUGGESTION
        said = {name for name, finding in found if covers(finding, place) and finding.applicability > most}
        assert (place, said) == (place, set())


@pytest.mark.parametrize("folder", programs("speaks"))
def test_what_has_no_hazard_is_found(folder: Path) -> None:
    found = findings(folder)
    wanted = {(place, mark[2], bool(mark[3])) for place, mark in marks(folder)}
    assert wanted
    least = {True: Applicability.SAFE, False: Applicability.SUGGESTION}
    missed = {
        (place, rule)
        for place, rule, safe in wanted
        if not any(
            name == rule and covers(finding, place) and finding.applicability >= least[safe] for name, finding in found
        )
    }
    assert {(place, rule) for place, rule in missed if rule not in AWAITED} == set()


@pytest.mark.parametrize("folder", [folder / side for folder in HAZARDS for side in ("silent", "speaks")], ids=str)
def test_a_program_prints_what_it_is_said_to_print(folder: Path, outputs: dict[Path, str]) -> None:
    assert outputs[folder] == (folder / "expected.txt").read_text(encoding="utf-8")


def test_a_rule_that_exists_is_not_awaited() -> None:
    assert AWAITED.isdisjoint(rule.name for rule in RULES)
