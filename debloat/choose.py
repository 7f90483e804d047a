"""Which fixes of one look at a program are taken together, and what they make of its files."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple

from debloat.engine import Report, Reported
from debloat.model import Applicability, Edit, Fix, Proof, RefusedError, under
from debloat.refactor.check import apply, objection
from debloat.refactor.orphans import without_orphans
from debloat.refactor.source import source
from debloat.refactor.statements import without_remains
from debloat.refactor.stubs import declared
from debloat.refactor.undefined import undefined
from debloat.source import decode, encode
from debloat.values.versions import oldest

if TYPE_CHECKING:
    from debloat.program import Program


@dataclass(frozen=True, slots=True)
class Applied:
    """A fix that was taken, with the finding it is of, as safe as the evidence of both allows.

    ``note`` is what a judge has to say of it.
    """

    reported: Reported
    fix: Fix
    note: str = ""


@dataclass(slots=True)
class Pass:
    """What one pass has taken so far: by file the edits, the files that go, and the places that the fixes rest on."""

    program: Program
    lowest: Applicability
    applied: list[Applied] = field(default_factory=list)
    edits: dict[str, set[Edit]] = field(default_factory=lambda: defaultdict(set))
    removed: set[str] = field(default_factory=set)
    rests: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    texts: dict[str, str] = field(default_factory=dict)
    binds: set[tuple[str, str]] = field(default_factory=set)
    refused: Counter[str] = field(default_factory=Counter)
    barred: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))


class Allowed(NamedTuple):
    """Which fixes may be taken: from a tier up, under some paths, and not where ``barred`` says why not to change a file.

    Of the rules ``named`` suggestions are taken too.
    """

    lowest: Applicability
    paths: Sequence[str]
    barred: Callable[[str], str | None]
    named: Collection[str] = ()


def choose(program: Program, report: Report, allowed: Allowed, rejected: Collection[object]) -> Pass:
    """Take the fixes of a report that can be taken together, those that remove most first.

    Those whose identity is among the ``rejected`` are passed by.
    """
    step = Pass(program, allowed.lowest)
    known: dict[str, list[object]] = defaultdict(list)
    for reported in sorted(report.findings, key=lambda one: (-one.finding.removable_lines, one.finding.span)):
        lowest = Applicability.SUGGESTION if reported.rule.name in allowed.named else allowed.lowest
        asked = reported.finding.refactoring
        if asked is None or reported.finding.applicability < lowest:
            continue
        if asked in known[asked.title]:
            continue  # it is found at several places
        known[asked.title].append(asked)
        try:
            applied = _proposed(program, reported)
            fix = applied.fix
            if applied.reported.finding.applicability < lowest:
                weakest = min(fix.evidence, key=lambda piece: piece.proof)
                raise RefusedError(f"unsafe: {weakest.note}")
            if identity(program, applied) in rejected or _is_barred(step, fix, allowed):
                continue
        except RefusedError as refused:
            step.refused[str(refused).partition(":")[0]] += 1
            continue
        if not _clashes(step, applied):
            _take(step, applied)
    return step


def alone(program: Program, reported: Reported) -> tuple[Applied, dict[str, bytes | None]]:
    """What the fix of a finding would do if it were the only one: the new contents of files, None for one that goes.

    Raises RefusedError.
    """
    applied = _proposed(program, reported)
    if applied.reported.finding.applicability < Applicability.UNSAFE:
        raise RefusedError("a suggestion: it is left to you")
    step = Pass(program, applied.reported.finding.applicability)
    if not _is_barred(step, applied.fix, Allowed(Applicability.UNSAFE, [""], lambda _: None)):
        _take(step, applied)
    if not step.applied:
        raise RefusedError(next(iter(step.refused)))
    paths = {edit.span.path for edit in applied.fix.edits}
    return applied, dict(contents(step, {path: program.content(path) for path in paths}))


def again(step: Pass, fixes: Sequence[Applied]) -> Pass:
    """A pass of some of the fixes that were taken in one."""
    step = Pass(step.program, step.lowest)
    for applied in fixes:
        _take(step, applied)
    return step


def identity(program: Program, applied: Applied) -> object:
    """What a fix is known by in later passes, when lines have moved: what becomes what."""
    edits = [
        (edit.span.path, *source(program, edit.span.path).lines[edit.span.line - 1 : edit.span.end_line - 1], edit.text)
        for edit in applied.fix.edits
    ]
    return applied.reported.rule.name, tuple(edits), applied.fix.removed


def contents(step: Pass, originals: Mapping[str, bytes]) -> Iterator[tuple[str, bytes | None]]:
    """The new contents of the files of a pass, None for one that goes; ``originals`` are those before the first pass.

    Imports that the fixes have left without use are not among them any more.
    """
    for path in step.removed:
        yield path, None
    lowest = Proof.ASSUMED if step.lowest < Applicability.SAFE else Proof.PROVED
    for path, text in step.texts.items():
        if path not in step.removed:
            old = decode(step.program.content(path))
            tidied = without_orphans(step.program, path, decode(originals[path]).text, text, lowest)
            tidied = without_remains(source(step.program, path).text, tidied)
            if tidied != text and undefined(step.program, step.texts | {path: tidied}, step.removed, [path]):
                tidied = text
            yield path, encode(replace(old, text=tidied))


def _proposed(program: Program, reported: Reported) -> Applied:
    """The fix of a finding with it, whose applicability the evidence of the fix caps too. Raises RefusedError."""
    assert reported.finding.refactoring is not None
    try:
        fix = reported.finding.refactoring.fix(program)
    except RecursionError:
        raise RefusedError("nested too deeply") from None
    if not (fix.edits or fix.removed):
        raise RefusedError("nothing to change")
    unknown = next((piece for piece in fix.evidence if piece.proof is Proof.UNKNOWN), None)
    if unknown is not None:
        raise RefusedError(unknown.note)
    finding = reported.finding
    if any(piece.proof is Proof.ASSUMED for piece in fix.evidence):
        finding = replace(finding, applicability=min(finding.applicability, Applicability.UNSAFE))
    return Applied(replace(reported, finding=finding), fix)


def _is_barred(step: Pass, fix: Fix, allowed: Allowed) -> bool:
    """Whether a fix would change a file that must stay as it is, which is noted. Raises RefusedError for one that is not ours."""
    editable = {file.path: not file.no_edit for file in step.program.files}
    paths = sorted({edit.span.path for edit in fix.edits} | set(fix.removed))
    for path in paths:
        if not editable.get(path, False):
            raise RefusedError("no-edit: it would change a file that is not to be edited")
        if not under(path, allowed.paths):
            raise RefusedError("elsewhere: it would change files that were not named")
    if stub := declared(step.program, fix):
        raise RefusedError(f"declared in a stub: {stub} says what it would change")
    barred = [(why, path) for path in paths if (why := allowed.barred(path)) is not None]
    for why, path in barred:
        step.barred[why].add(path)
    return bool(barred)


def _clashes(step: Pass, applied: Applied) -> bool:
    """Whether a fix changes what another one changes or rests on, or rests on what that changes; equal edits are one."""
    fix = applied.fix
    if not step.binds.isdisjoint(fix.binds):
        return True
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
        path in step.removed
        or any(edit.span.line <= line < edit.span.end_line for edit in step.edits[path] - set(fix.edits))
        for path, line in _rests(applied)
    )


def _rests(applied: Applied) -> Iterator[tuple[str, int]]:
    """The lines that a fix rests on: those of the evidence of the finding, and of its own preconditions.

    Of a definition that is the first, and all where it is what another one does the same as: calls of that come to it, so
    that what was proved of its body holds no more.
    """
    for evidence in (*applied.reported.finding.evidence, *applied.fix.evidence):
        span = evidence.span
        for line in range(span.line, max(span.line, span.end_line if evidence.kind == "type" else 0) + 1):
            yield span.path, line


def _take(step: Pass, applied: Applied) -> None:
    """Take a fix if each of its files comes out as it was meant to."""
    texts = {}
    for path in sorted({edit.span.path for edit in applied.fix.edits}):
        old = source(step.program, path)
        edits = [*step.edits[path] | {edit for edit in applied.fix.edits if edit.span.path == path}]
        texts[path] = apply(old.text, edits)
        objected = objection(old.tree, texts[path], edits, oldest(step.program, path))
        objected = objected or _unwritable(step.program, path, texts[path])
        if objected is not None:
            if not step.edits[path]:
                step.refused[f"dropped because {objected}"] += 1
            return
    removed = step.removed.union(applied.fix.removed)
    try:
        lost = undefined(step.program, step.texts | texts, removed, {*texts, *applied.fix.removed})
    except SyntaxError:  # which parsers let pass
        step.refused["a file that does not compile"] += 1
        return
    if lost is not None:
        if texts.keys().isdisjoint(step.texts):
            step.refused["dropped because a name would be undefined"] += 1
        return
    step.texts |= texts
    for edit in applied.fix.edits:
        step.edits[edit.span.path].add(edit)
    step.removed.update(applied.fix.removed)
    step.binds.update(applied.fix.binds)
    for path, line in _rests(applied):
        step.rests[path].add(line)
    step.applied.append(applied)


def _unwritable(program: Program, path: str, text: str) -> str | None:
    """Why a text cannot be written in the encoding of its file; None if it can."""
    old = decode(program.content(path))
    try:
        encode(replace(old, text=text))
    except UnicodeEncodeError:
        return f"{old.encoding} lacks a character of it"
    return None
