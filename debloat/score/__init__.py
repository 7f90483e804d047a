"""How much of a program is bloat: what it measures now, and what it would after the fixes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from textwrap import dedent
from time import perf_counter
from typing import TYPE_CHECKING, NamedTuple

from debloat.beside import share
from debloat.engine import Report, confirmed
from debloat.fix import Judged, Outcome, Trial, settle
from debloat.model import Applicability, under
from debloat.score.metrics import NOTHING, Metrics, code_lines, measure, total
from debloat.source import decode

if TYPE_CHECKING:
    from debloat.program import Program

__all__ = ["Measured", "Metrics", "OfRule", "Score", "score"]
_STRETCH = 16  # files
# What fixes have left without use: imports above all
AFTERMATH = "left without use"


class Measured(NamedTuple):
    """A file, a package or all: how many files, and its metrics now, after the safe fixes and after all."""

    path: str
    files: int
    now: Metrics
    safe: Metrics
    all: Metrics

    @property
    def removable(self) -> int:
        """Lines of code that all fixes take."""
        return self.now.code_lines - self.all.code_lines

    @property
    def bloat(self) -> float:
        """The share of the lines of code that all fixes take."""
        return self.removable / self.now.code_lines if self.now.code_lines else 0.0


class OfRule(NamedTuple):
    """A rule: what it finds, how many fixes are applied until nothing is left to do, and the lines of code they take."""

    name: str
    findings: int
    safe_fixes: int
    all_fixes: int
    safe_lines: int
    all_lines: int


@dataclass(frozen=True, slots=True)
class Score:
    """What a program measures. Tests are apart: they are in ``tests`` and nowhere else."""

    program: Program
    report: Report
    total: Measured
    tests: Measured
    packages: tuple[Measured, ...]
    files: tuple[Measured, ...]
    rules: tuple[OfRule, ...]


def score(
    load: Callable[[Mapping[str, bytes | None]], Program],
    look: Callable[[Program], Report],
    *,
    paths: Sequence[str],
    barred: Callable[[str], str | None],
    started: float,
) -> Score:
    """Measure the files under ``paths`` that may be changed, fixing them in memory as ``fix.settle`` does."""
    program = load({})
    seen = look(program)
    looks: list[tuple[Outcome, Counter[str]]] = []
    for lowest in (Applicability.SAFE, Applicability.UNSAFE):
        lines: Counter[str] = Counter()
        outcome = settle(
            lambda changed: load(changed) if changed else program,
            lambda loaded: seen if loaded is program else look(loaded),
            lowest=lowest,
            paths=paths,
            barred=barred,
            judge=partial(_count, lines),
        )
        looks.append((outcome, lines))
    measured = _measured(program, paths, [outcome.changed for outcome, _ in looks])
    tests = {file.path for file in program.files if file.tests}
    ours = [one for one in measured if one.path not in tests]
    whole = _together("", ours)
    report = confirmed(program, seen)
    return Score(
        program,
        Report(report.rules, report.findings, report.withheld, report.problems, perf_counter() - started),
        whole,
        _together("", [one for one in measured if one.path in tests]),
        tuple(_packages(ours)),
        tuple(ours),
        tuple(_rules(report, looks, whole)),
    )


def _count(lines: Counter[str], trial: Trial) -> Judged:
    """Let all fixes stand, and count by rule the lines of code outside tests that they take."""
    program = trial.program
    tests = {file.path for file in program.files if file.tests}
    counted = set()
    for applied in trial.fixes:
        rule = applied.reported.rule.name
        for path in applied.fix.removed:
            if path not in tests:
                lines[rule] += len(code_lines(program.text(path).decode()))
        for edit in applied.fix.edits:
            path, first, _, end, _ = edit.span
            if path not in tests and edit not in counted:
                counted.add(edit)
                lines[rule] += len(code_lines(program.text(path).decode()) & {*range(first, end)})
                lines[rule] -= len(code_lines(dedent(edit.text)))
    return Judged(trial.fixes)


def _measured(program: Program, paths: Sequence[str], changes: Sequence[Mapping[str, bytes | None]]) -> list[Measured]:
    files = [file.path for file in program.files if not file.no_edit and under(file.path, paths)]
    texts = [program.text(path).decode() for path in files]
    # a file that a fix does not touch is measured once
    for changed in changes:
        texts += [decode(content).text for path in files if (content := changed.get(path)) is not None]
    stretches = [texts[start : start + _STRETCH] for start in range(0, len(texts), _STRETCH)]
    shared = share([partial(_measure, some) for some in stretches], program.jobs)
    metrics = iter([one for some in shared for one in some])
    now = {path: next(metrics) for path in files}
    safe, everything = (
        {
            path: now[path] if path not in changed else next(metrics) if changed[path] is not None else NOTHING
            for path in files
        }
        for changed in changes
    )
    return [Measured(path, 1, now[path], safe[path], everything[path]) for path in files]


def _measure(texts: Sequence[str]) -> list[Metrics]:
    return [measure(text) for text in texts]


def _together(path: str, several: Iterable[Measured]) -> Measured:
    measured = [*several]
    return Measured(
        path,
        len(measured),
        total(one.now for one in measured),
        total(one.safe for one in measured),
        total(one.all for one in measured),
    )


def _packages(files: Sequence[Measured]) -> Iterator[Measured]:
    """The files by the folder that they are in."""
    for folder, inside in groupby(sorted(files, key=_folder), key=_folder):
        yield _together(folder, inside)


def _folder(measured: Measured) -> str:
    return measured.path.rpartition("/")[0] or "."


def _rules(report: Report, looks: Sequence[tuple[Outcome, Counter[str]]], whole: Measured) -> Iterator[OfRule]:
    found = Counter(reported.rule.name for reported in report.findings)
    safe, everything = (Counter(one.reported.rule.name for one in outcome.applied) for outcome, _ in looks)
    lines = [taken for _, taken in looks]
    for name in sorted({*found, *safe, *everything}):
        yield OfRule(name, found[name], safe[name], everything[name], lines[0][name], lines[1][name])
    rests = [
        whole.now.code_lines - after.code_lines - sum(taken.values())
        for after, taken in zip((whole.safe, whole.all), lines, strict=True)
    ]
    if any(rests):
        yield OfRule(AFTERMATH, 0, 0, 0, *rests)
