"""From findings to a changed program: fixes are taken together, and looked again, until nothing is left to do."""

from __future__ import annotations

import gc
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from debloat.choose import Allowed, Applied, Pass, again, choose, contents, identity
from debloat.engine import UNUSED_SUPPRESSION, Report, candidates, confirmed
from debloat.model import Applicability, Rule
from debloat.program.dead import dead
from debloat.program.modules import imported_modules
from debloat.refactor.leftovers import leftovers

if TYPE_CHECKING:
    from debloat.program import Program

# Each pass does what the one before it made possible: longer cascades than this are not known.
_PASSES = 25
# Lines of a program of which several at a time are not much, and how many passes of a smaller one are
_LARGE = 10_000
_SEVERAL = 4
# What fixes of other rules have left without use, where dead-symbol does not run.
LEFTOVER = Rule(
    "leftover",
    "residue",
    "Private definitions that a fix has left without any use.",
    Applicability.SAFE,
    lambda _: iter(()),
)


class Trial(NamedTuple):
    """The fixes of one pass that can be taken together, for a judge.

    ``contents`` gives what some of them, in their order, make of the files, with what was done before: None for one that goes.
    """

    program: Program
    fixes: Sequence[Applied]
    contents: Callable[[Sequence[Applied]], Mapping[str, bytes | None]]


class Judged(NamedTuple):
    """Which fixes stay, which do not and why (in their notes), and whether it is enough: no further pass is wanted."""

    kept: Sequence[Applied]
    rejected: Sequence[Applied] = ()
    enough: bool = False


Judge = Callable[[Trial], Judged]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it: ``changed`` are the new contents of files, None for one that goes, ``originals`` those of all files.

    ``refused`` counts by reason the fixes that were not possible, ``barred`` has by reason the files that were not to be
    changed, ``rejected`` are the fixes that did not pass the judge, ``unsettled`` names the rules that still had something to
    do when the last pass was over. ``report`` is of the program as it is then.
    """

    changed: Mapping[str, bytes | None]
    originals: Mapping[str, bytes]
    applied: Sequence[Applied]
    rejected: Sequence[Applied]
    refused: Mapping[str, int]
    barred: Mapping[str, Collection[str]]
    unsettled: Sequence[str]
    program: Program
    report: Report


def in_turn(judges: Sequence[Judge]) -> Judge:
    """A judge that keeps what each of some judges keeps of what those before it kept."""

    def judge(trial: Trial) -> Judged:
        judged = Judged(trial.fixes)
        for one in judges:
            if not judged.kept:
                break
            more = one(trial._replace(fixes=judged.kept))
            judged = Judged(more.kept, [*judged.rejected, *more.rejected], judged.enough or more.enough)
        return judged

    return judge


def settle(
    load: Callable[[Mapping[str, bytes | None]], Program],
    look: Callable[[Program], Report],
    *,
    lowest: Applicability,
    paths: Sequence[str],
    named: Collection[str] = (),
    barred: Callable[[str], str | None] = lambda _: None,
    judge: Judge = lambda trial: Judged(trial.fixes),
) -> Outcome:
    """Apply fixes to a fixed point, in memory.

    ``load`` gives the program with some contents changed, ``look`` what the rules say of it, not confirmed
    yet. Fixes are taken from ``lowest`` up, of the rules ``named`` suggestions too, and where they change nothing but files
    under ``paths``, none of which is ``barred`` for a reason. ``judge`` has the last word; what it rejects is not tried again.
    """
    allowed = Allowed(lowest, paths, barred, named)
    changed: dict[str, bytes | None] = {}
    originals: dict[str, bytes] = {}
    applied: list[Applied] = []
    rejected: dict[object, Applied] = {}
    judged = Judged(())
    known: Collection[str] = ()
    imported: Collection[str] = ()
    for number in range(1, _PASSES + 1):
        program = load(changed)
        originals = originals or {file.path: program.content(file.path) for file in program.files}
        imported = imported or [program.files[file].path for file in program.ask(imported_modules)]
        program.was_imported = imported
        report = look(program)
        whole = _with_leftovers(program, report, known, changed)
        step, judged = _step(program, whole, allowed, changed, originals, rejected, judge)
        if not step.applied:
            more = (step.refused, step.barred, (), program, confirmed(program, report))
            return Outcome(changed, originals, applied, [*rejected.values()], *more)
        if not changed and not _finds_leftovers(report):
            known = {found.symbol for found in program.ask(dead)}
        applied += step.applied
        changed |= dict(contents(step, originals))
        unsettled = [] if judged.enough else sorted({one.reported.rule.name for one in step.applied})
        large = program.lines > _LARGE
        del program, report, whole, step
        if large or number % _SEVERAL == 0:
            gc.collect()  # it is switched off, and a program that was is full of cycles
            gc.freeze()  # what is left will stay, and need not be looked at again
        if judged.enough:
            break
    program = load(changed)
    program.was_imported = imported
    return Outcome(
        changed, originals, applied, [*rejected.values()], {}, {}, unsettled, program, confirmed(program, look(program))
    )


def _finds_leftovers(report: Report) -> bool:
    """Whether one of the rules that ran reports private definitions that have lost their last use."""
    return any(rule.name == "dead-symbol" for rule in report.rules)


def _with_leftovers(
    program: Program, report: Report, known: Collection[str], changed: Mapping[str, bytes | None]
) -> Report:
    """The report with what fixes have left without use in the files that they changed, beyond what was ``known`` as dead."""
    if not changed or _finds_leftovers(report):
        return report
    return replace(
        report, findings=(*report.findings, *candidates(program, LEFTOVER, leftovers(program, known, changed)))
    )


def _step(
    program: Program,
    report: Report,
    allowed: Allowed,
    changed: Mapping[str, bytes | None],
    originals: Mapping[str, bytes],
    rejected: dict[object, Applied],
    judge: Judge,
) -> tuple[Pass, Judged]:
    """A pass that leaves suppressions alone while there is anything else to do: they may keep what shows only then."""
    waiting = tuple(one for one in report.findings if one.rule == UNUSED_SUPPRESSION)
    others = tuple(one for one in report.findings if one.rule != UNUSED_SUPPRESSION)
    first = _pass(program, replace(report, findings=others), allowed, changed, originals, rejected, judge)
    if first[0].applied or not waiting:
        return first
    last = _pass(program, replace(report, findings=waiting), allowed, changed, originals, rejected, judge)
    return last if last[0].applied else first


def _pass(
    program: Program,
    report: Report,
    allowed: Allowed,
    changed: Mapping[str, bytes | None],
    originals: Mapping[str, bytes],
    rejected: dict[object, Applied],
    judge: Judge,
) -> tuple[Pass, Judged]:
    """The fixes of one look that the judge lets stand, which is asked until there are some or nothing is left to ask."""
    while True:
        taken = choose(program, report, allowed, rejected)
        if not taken.applied:
            return taken, Judged(())
        after = partial(_after, taken, originals, changed)
        judged = judge(Trial(program, taken.applied, after))
        rejected |= {identity(program, one): one for one in judged.rejected}
        if judged.kept or judged.enough:
            return taken if len(judged.kept) == len(taken.applied) else again(taken, judged.kept), judged


def _after(
    taken: Pass, originals: Mapping[str, bytes], changed: Mapping[str, bytes | None], some: Sequence[Applied]
) -> Mapping[str, bytes | None]:
    """The contents of all changed files after some of the fixes of a pass."""
    return {**changed, **dict(contents(again(taken, some), originals))}
