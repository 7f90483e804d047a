"""From findings to a changed program: which fixes are taken together, and look again until nothing is left to do."""

from __future__ import annotations

import gc
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from debloat.engine import Report, Reported
from debloat.model import Applicability, Edit, Evidence, Fix, Proof, RefusedError, under
from debloat.refactor.check import apply, objection
from debloat.refactor.source import source
from debloat.source import decode, encode
from debloat.values.versions import oldest

if TYPE_CHECKING:
    from debloat.program import Program

# Each pass does what the one before it made possible: longer cascades than this are not known.
_PASSES = 25


@dataclass(frozen=True, slots=True)
class Applied:
    """A fix that was taken, with the finding it is of, as safe as the evidence of both allows."""

    reported: Reported
    fix: Fix


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it: ``changed`` are the new contents of files, None for one that goes.

    ``refused`` counts by reason the fixes that were not possible, ``unsettled`` names the rules that still had something
    to do when the last pass was over. ``report`` is of the program as it is then.
    """

    changed: Mapping[str, bytes | None]
    applied: Sequence[Applied]
    refused: Mapping[str, int]
    unsettled: Sequence[str]
    program: Program
    report: Report


@dataclass(slots=True)
class _Pass:
    """What one pass has taken so far: by file the edits, the files that go, and the places that the fixes rest on."""

    program: Program
    applied: list[Applied] = field(default_factory=list)
    edits: dict[str, set[Edit]] = field(default_factory=lambda: defaultdict(set))
    removed: set[str] = field(default_factory=set)
    rests: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    texts: dict[str, str] = field(default_factory=dict)
    refused: Counter[str] = field(default_factory=Counter)


def settle(
    load: Callable[[Mapping[str, bytes | None]], Program],
    look: Callable[[Program], Report],
    *,
    lowest: Applicability,
    paths: Sequence[str],
) -> Outcome:
    """Apply fixes to a fixed point, in memory.

    ``load`` gives the program with some contents changed, ``look`` what the rules say of it. Fixes are taken from
    ``lowest`` up and where they change nothing but files under ``paths``.
    """
    changed: dict[str, bytes | None] = {}
    applied: list[Applied] = []
    for _ in range(_PASSES):
        program = load(changed)
        report = look(program)
        step = _choose(program, report, lowest, paths)
        if not step.applied:
            return Outcome(changed, applied, step.refused, (), program, report)
        applied += step.applied
        changed |= dict(_contents(step))
        unsettled = sorted({one.reported.rule.name for one in step.applied})
        del program, report, step
        gc.collect()  # it is switched off, and a program that was is full of cycles
    program = load(changed)
    return Outcome(changed, applied, {}, unsettled, program, look(program))


def _choose(
    program: Program,
    report: Report,
    lowest: Applicability,
    paths: Sequence[str],
) -> _Pass:
    """Take the fixes of a report that can be taken together, those that remove most first."""
    step = _Pass(program)
    for reported in sorted(report.findings, key=lambda one: (-one.finding.removable_lines, one.finding.span)):
        if reported.finding.refactoring is None or reported.finding.applicability < lowest:
            continue
        try:
            fix = reported.finding.refactoring.fix(program)
            if not (fix.edits or fix.removed):
                raise RefusedError("nothing to change")
            applied = _capped(reported, fix)
            if applied.reported.finding.applicability < lowest:
                raise RefusedError(f"unsafe: {_weakest(fix).note}")
            _allow(program, fix, paths)
        except RefusedError as refused:
            step.refused[str(refused).partition(":")[0]] += 1
            continue
        except RecursionError:
            step.refused["nested too deeply"] += 1
            continue
        if not _clashes(step, fix):
            _take(step, applied)
    return step


def _capped(reported: Reported, fix: Fix) -> Applied:
    """The fix with its finding, whose applicability the evidence of the fix caps too. Raises RefusedError."""
    unknown = next((piece for piece in fix.evidence if piece.proof is Proof.UNKNOWN), None)
    if unknown is not None:
        raise RefusedError(unknown.note)
    finding = reported.finding
    if any(piece.proof is Proof.ASSUMED for piece in fix.evidence):
        finding = replace(finding, applicability=min(finding.applicability, Applicability.UNSAFE))
    return Applied(replace(reported, finding=finding), fix)


def _weakest(fix: Fix) -> Evidence:
    return min(fix.evidence, key=lambda piece: piece.proof)


def _allow(program: Program, fix: Fix, paths: Sequence[str]) -> None:
    """Raise RefusedError for a fix that would change what is not to be edited."""
    editable = {file.path: not file.no_edit for file in program.files}
    for path in {edit.span.path for edit in fix.edits} | set(fix.removed):
        if not editable.get(path, False):
            raise RefusedError("no-edit: it would change a file that is not to be edited")
        if not under(path, paths):
            raise RefusedError("elsewhere: it would change files that were not named")


def _clashes(step: _Pass, fix: Fix) -> bool:
    """Whether a fix changes what another one changes or rests on, or rests on what that changes; equal edits are one."""
    for edit in fix.edits:
        path, line, _, end, _ = edit.span
        if path in step.removed or any(line <= rest < end for rest in step.rests[path]):
            return True
        others = step.edits[path] - {edit}
        if any(other.span.line < end and line < other.span.end_line for other in others):
            return True
        if any(line == end == other.span.line or other.span.line == other.span.end_line == line for other in others):
            return True
    for path in fix.removed:
        if path in step.edits or step.rests[path]:
            return True
    return any(
        evidence.span.path in step.removed
        or any(
            edit.span.line <= evidence.span.line < edit.span.end_line
            for edit in step.edits[evidence.span.path] - set(fix.edits)
        )
        for evidence in fix.evidence
    )


def _take(step: _Pass, applied: Applied) -> None:
    """Take a fix if each of its files comes out as it was meant to."""
    texts = {}
    for path in sorted({edit.span.path for edit in applied.fix.edits}):
        old = source(step.program, path).text
        edits = [*step.edits[path] | {edit for edit in applied.fix.edits if edit.span.path == path}]
        texts[path] = apply(old, edits)
        objected = objection(old, texts[path], edits, oldest(step.program, path))
        objected = objected or _unwritable(step.program, path, texts[path])
        if objected is not None:
            if not step.edits[path]:
                step.refused[f"dropped because {objected}"] += 1
            return
    step.texts |= texts
    for edit in applied.fix.edits:
        step.edits[edit.span.path].add(edit)
    step.removed.update(applied.fix.removed)
    for evidence in (*applied.reported.finding.evidence, *applied.fix.evidence):
        step.rests[evidence.span.path].add(evidence.span.line)
    step.applied.append(applied)


def _unwritable(program: Program, path: str, text: str) -> str | None:
    """Why a text cannot be written in the encoding of its file; None if it can."""
    old = decode(program.content(path))
    try:
        encode(replace(old, text=text))
    except UnicodeEncodeError:
        return f"{old.encoding} lacks a character of it"
    return None


def _contents(step: _Pass) -> Iterator[tuple[str, bytes | None]]:
    """The new contents of the files of a pass."""
    for path in step.removed:
        yield path, None
    for path, text in step.texts.items():
        old = decode(step.program.content(path))
        yield path, encode(replace(old, text=text))
