"""Findings that show only once others are fixed, at the places of the files as they are: nothing is changed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from keyword import kwlist
from time import perf_counter
from typing import TYPE_CHECKING, NamedTuple

from debloat.again import Titled
from debloat.engine import UNUSED_SUPPRESSION, Report, Reported, confirmed, keeper
from debloat.model import Applicability, Edit, Evidence, Finding, Proof, Span
from debloat.places import Places, at_first, moved
from debloat.refactor.requests import DropComment, DropDocstring, Uncomment

if TYPE_CHECKING:
    from debloat.choose import Applied
    from debloat.fix import Trial
    from debloat.program import Program

# Lines of an application up to which its findings are followed unasked
_SMALL = 10_000
# The kind of the evidence that says after which fix a finding shows
_AFTER = "after"
_WORD = re.compile(rb"[^\W\d]\w*")
# How messages and notes say where something is
_PLACE = re.compile(r"(?:\bline |([^\s():]+\.py):)(\d+)")
_COMMON = frozenset(word.encode() for word in (*kwlist, "self", "cls"))


class _Fixed(NamedTuple):
    """A finding of the last pass: its rule, what it is about, where it was at first, which lines the fix changed, and the words that went."""

    rule: str
    symbol: str
    span: Span | None
    lines: frozenset[tuple[str, int | None]]
    words: frozenset[bytes]


@dataclass(slots=True)
class _Trail:
    """What one look after the other has brought, at places of the program as it was at ``first``.

    ``places`` lead there from the program as it is now, ``edits`` (with the text that they were made of) and ``fixes`` are
    those of the last pass, and ``surest`` says how sure all so far have been at most. ``known`` are findings by rule and place,
    ``used`` the suppressions, by place and rule, that keep something that shows only later.
    """

    first: Program
    known: set[object]
    later: list[Reported] = field(default_factory=list)
    used: set[object] = field(default_factory=set)
    places: Places = field(default_factory=dict)
    edits: Mapping[str, tuple[str, set[Edit]]] = field(default_factory=dict)
    fixes: Sequence[_Fixed] = ()
    surest: Applicability = Applicability.SAFE


def is_followed(program: Program, asked: bool | None) -> bool:
    """Whether the findings in a program are followed: where that is asked for, else in applications that are not large."""
    if asked is not None:
        return asked
    return program.lines <= _SMALL and all(part.world == "application" for part in program.parts)


def followed(
    program: Program,
    report: Report,
    *,
    load: Callable[[Mapping[str, bytes | None]], Program],
    look: Callable[[Program], Report],
    paths: Sequence[str],
    started: float,
) -> Report:
    """A report with what shows once its findings are fixed, the unsafe ones too, and so on until nothing is left to fix.

    ``load`` gives the program with some contents changed, ``look`` what the rules say of it; fixes are those that change
    nothing but files under ``paths``. ``started`` is the ``perf_counter`` at which the run began.
    """
    if not _leading_on(report).findings:
        return replace(report, followed=True)

    from debloat.fix import Judged, settle  # with LibCST, which a report of an earlier run does not need

    trail = _Trail(program, {key for one in report.findings for key in _keys(one, one.finding.span)})

    def looked(now: Program) -> Report:
        if now is program:
            return _leading_on(report)
        seen = look(now)
        _see(trail, now, seen)
        return _leading_on(seen)

    def judge(trial: Trial) -> Judged:
        _remember(trail, trial)
        return Judged(trial.fixes)

    settle(
        lambda changed: load(changed) if changed else program,
        looked,
        lowest=Applicability.UNSAFE,
        paths=paths,
        judge=judge,
    )
    now = [one for one in report.findings if _suppression(one) not in trail.used]
    findings = sorted(_told_apart([*now, *trail.later]), key=lambda one: (one.finding.span, one.rule.name))
    return replace(report, findings=tuple(findings), followed=True, seconds=perf_counter() - started)


def _told_apart(found: Sequence[Reported]) -> Iterator[Reported]:
    """The findings with fingerprints of their own: later looks have counted what is equal anew."""
    known: set[str] = set()
    for reported in found:
        fingerprint = reported.fingerprint
        while fingerprint in known:
            fingerprint = blake2b(fingerprint.encode(), digest_size=16).hexdigest()
        known.add(fingerprint)
        yield replace(reported, fingerprint=fingerprint)


def is_later(reported: Reported) -> bool:
    """Whether a finding shows only once others are fixed."""
    return any(evidence.kind == _AFTER for evidence in reported.finding.evidence)


def _leading_on(report: Report) -> Report:
    """The findings whose fix may show more: comments and docstrings have no part in what the rules say of code."""
    text = DropComment | DropDocstring | Uncomment
    fixable = (
        one
        for one in report.findings
        if one.finding.refactoring
        and one.finding.applicability > Applicability.SUGGESTION
        and not isinstance(one.finding.refactoring, text)
    )
    return replace(report, findings=tuple(fixable))


def _keys(reported: Reported, span: Span) -> Iterator[object]:
    """What a finding at a place is known by: where there is a fix for something, another rule says nothing new of it."""
    yield reported.rule.name, span[:3]
    if reported.finding.refactoring:
        yield span[:3]


def _suppression(reported: Reported) -> object:
    """The place and the rule of a suppression that keeps nothing; None for any other finding."""
    refactoring = reported.finding.refactoring
    return (refactoring.span[:3], refactoring.rule) if isinstance(refactoring, Uncomment) else None


def _remember(trail: _Trail, trial: Trial) -> None:
    """Take up the fixes of a pass."""
    program = trial.program
    edits: dict[str, tuple[str, set[Edit]]] = {}
    for applied in trial.fixes:
        for edit in applied.fix.edits:
            path = edit.span.path
            edits.setdefault(path, (program.text(path).decode(), set()))[1].add(edit)
    trail.edits = edits
    trail.fixes = [_fixed(trail, program, applied) for applied in trial.fixes]
    trail.surest = min([trail.surest, *(applied.reported.finding.applicability for applied in trial.fixes)])


def _fixed(trail: _Trail, program: Program, applied: Applied) -> _Fixed:
    finding = applied.reported.finding
    lines: set[tuple[str, int | None]] = set()
    gone: set[bytes] = set()
    put: set[bytes] = set()
    for edit in applied.fix.edits:
        path, first, _, end, _ = edit.span
        text = program.text(path).splitlines()[first - 1 : end - 1]
        gone.update(_words(text))
        put.update(_words([edit.text.encode()]))
        lines.update((path, _line(trail, program, path, number)) for number in range(first, end))
    for path in applied.fix.removed:
        gone.update(_words([program.text(path)]))
    span = at_first(trail.places, finding.span, program.text(finding.span.path).splitlines())
    return _Fixed(applied.reported.rule.name, finding.symbol, span, frozenset(lines), frozenset(gone - put))


def _words(lines: Sequence[bytes]) -> set[bytes]:
    return {word for line in lines for word in _WORD.findall(line)} - _COMMON


def _line(trail: _Trail, now: Program, path: str, number: int) -> int | None:
    """The number that a line had at first; None if none of its words was there."""
    line = Span(path, number, 0, number + 1, 0)
    was = at_first(trail.places, line, now.text(path).splitlines())
    return was and was.line


def _see(trail: _Trail, now: Program, seen: Report) -> None:
    """Take up what shows after the last pass."""
    trail.places = {
        **trail.places,
        **{
            path: moved(trail.places, path, old, edits, now.text(path).decode())
            for path, (old, edits) in trail.edits.items()
            if path in now.numbers
        },
    }
    trail.used.update(_used(trail, now, seen))
    fresh = []
    for reported in seen.findings:
        span = at_first(trail.places, reported.finding.span, now.text(reported.finding.span.path).splitlines())
        if (
            span is None
            or reported.rule == UNUSED_SUPPRESSION
            or not trail.known.isdisjoint((span[:3], (reported.rule.name, span[:3])))
        ):
            continue
        trail.known.update(_keys(reported, span))
        if keep := keeper(trail.first, reported.rule, span):
            trail.used.add(((span.path, keep.line, keep.column), reported.rule.name))
        else:
            fresh.append(reported)
    for reported in confirmed(now, replace(seen, findings=tuple(fresh))).findings:
        trail.later.append(_placed(trail, now, reported))


def _used(trail: _Trail, now: Program, seen: Report) -> Iterator[object]:
    """The suppressions that keep something now, by the places that they had at first."""
    unused = {_suppression(reported) for reported in seen.findings}
    for file in now.files:
        for keep in now.suppressions(file.path):
            place = Span(file.path, keep.line, keep.column, keep.line, keep.column)
            was = at_first(trail.places, place, now.text(file.path).splitlines())
            if was:
                yield from ((was[:3], rule) for rule in keep.rules if (place[:3], rule) not in unused)


def _placed(trail: _Trail, now: Program, reported: Reported) -> Reported:
    """A finding as one on the program as it was at first."""
    finding = reported.finding

    def first(span: Span) -> Span | None:
        return at_first(trail.places, span, now.text(span.path).splitlines())

    def said(text: str) -> str:
        def number(found: re.Match[str]) -> str:
            line = _line(trail, now, found[1] or finding.span.path, int(found[2]))
            return found[0] if line is None else f"{found[0].removesuffix(found[2])}{line}"

        return _PLACE.sub(number, text)

    span = first(finding.span)
    assert span is not None
    evidence = [replace(piece, span=first(piece.span) or span, note=said(piece.note)) for piece in finding.evidence]
    sure = Proof.PROVED if trail.surest is Applicability.SAFE else Proof.ASSUMED
    refactoring = finding.refactoring and Titled(finding.refactoring.title, "later: it follows the fixes of others")
    moved_finding = replace(
        finding,
        span=span,
        message=said(finding.message),
        evidence=(*evidence, _cause(trail, now, finding, span, sure)),
        applicability=min(finding.applicability, trail.surest),
        claims=(),
        refactoring=refactoring,
    )
    return replace(reported, finding=moved_finding)


def _cause(trail: _Trail, now: Program, finding: Finding, span: Span, sure: Proof) -> Evidence:
    """After which fix of the last pass a finding shows.

    One at least it would not show without: the one that changed its lines, or took away what names it, is the most likely.
    """
    path, line, column, end_line, end = finding.span
    first = now.text(path).splitlines()[line - 1 : line]
    words = _words([text[column : end if end_line == line and end > column else None] for text in first])
    lines = {(span.path, number) for number in range(span.line, span.end_line + 1)}

    def likely(fixed: _Fixed) -> tuple[bool, int, bool]:
        here = fixed.span is not None and fixed.span.path == span.path
        named = words & {*fixed.words, re.split("[.:]", fixed.symbol)[-1].encode()}
        return not fixed.lines.isdisjoint(lines), len(named), here

    best = max((fixed for fixed in trail.fixes if fixed.span), key=likely, default=None)
    if best is None or best.span is None or not any(likely(best)[:2]):
        return Evidence(_AFTER, sure, span, "shows only after the fixes of others")
    return Evidence(_AFTER, sure, best.span, f"shows only after the fix of {best.rule}")
