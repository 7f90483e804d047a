"""Rules and a program to a report: which findings stand, how sure they are, and what was withheld."""

from __future__ import annotations

import difflib
import os
import traceback
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from time import perf_counter
from typing import TYPE_CHECKING, NamedTuple

from debloat.beside import share
from debloat.config import ConfigError
from debloat.confirm import Verdict, confirm
from debloat.fingerprint import fingerprints
from debloat.model import Applicability, Evidence, Finding, Problem, Proof, Rule, Span, under
from debloat.program.parameters import is_open
from debloat.program.reach import everything
from debloat.program.trust import TRUST, is_trust_asked_for
from debloat.refactor.requests import Trusting, Uncomment

if TYPE_CHECKING:
    from debloat.program import Program
    from debloat.suppress import Suppression
    from debloat.worlds import Part


# Lines of a program from which on a second process costs less than it spares
_WORTH_A_PROCESS = 20_000
_STRETCH = 16  # files


class SelectionError(Exception):
    """A rule or family that does not exist was named: one line with the nearest right name."""


@dataclass(frozen=True, slots=True)
class Reported:
    """A finding that stands, with its rule, what evidence leaves of its applicability, and its fingerprint."""

    rule: Rule
    finding: Finding
    fingerprint: str


class Kept(NamedTuple):
    """A suppression: its path, line, rules and reason."""

    path: str
    line: int
    rules: str
    reason: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """What findings were compared with: a revision or a baseline.

    ``known`` counts the findings that are left out as they were there, ``gone`` those that were and are no more; ``kept`` are the
    suppressions that have come, ``notes`` say what else is to be known.
    """

    against: str
    known: int
    gone: int
    kept: tuple[Kept, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """What one run says. ``withheld`` counts by reason what was not proved; ``rules`` are those that ran.

    Of one that is ``followed`` the findings that show only once others are fixed are part.
    """

    rules: tuple[Rule, ...]
    findings: tuple[Reported, ...]
    withheld: Mapping[str, int]
    problems: tuple[Problem, ...]
    seconds: float
    comparisons: tuple[Comparison, ...] = ()
    followed: bool = False


UNUSED_SUPPRESSION = Rule(
    "unused-suppression",
    "residue",
    """A `# debloat: keep[rule] reason` comment that keeps nothing.

## What it finds

A suppression whose rule reports nothing there (any more), that names no rule of ours, or that gives no reason.

## Why it is bloat

It tells the next reader of a danger that is gone, and would hide the next finding on its line unseen.

## What proves it

All rules that the comment names ran on the whole program, and none had anything to report where it stands.

## What it leaves alone

Suppressions of rules that did not run because they are not selected.

## Fix

Safe: delete the comment, or of several rules that it names the one. A name that is wrong and a reason that is missing are
left to you.

## Bloated

```python
def total(prices):
    return sum(prices)  # debloat: keep[reraise-only] the caller logs it  # !


print(total([1, 2]))
```

## Lean

```python
def total(prices):
    return sum(prices)


print(total([1, 2]))
```

## Kept: the rule did find something

```python
def total(prices):
    try:
        return sum(prices)
    except ValueError:  # debloat: keep[reraise-only] a place for the debugger to stop
        raise


print(total([1, 2]))
```
""",
    Applicability.SAFE,
    check=lambda program: iter(()),  # only the engine, after all other rules, knows which suppressions kept nothing
)


def run(
    program: Program,
    rules: Sequence[Rule],
    *,
    paths: Collection[str],
    select: Sequence[str],
    ignore: Sequence[str],
    started: float,
) -> Report:
    """Run the rules on the whole program and report what lies under ``paths`` (relative to the root, "" is all).

    ``select`` and ``ignore`` name rules or families and come before those of the configuration. ``started`` is the
    ``perf_counter`` at which the run began. Raises SelectionError.
    """
    report = confirmed(program, look(program, rules, paths=paths, select=select, ignore=ignore))
    return replace(report, seconds=perf_counter() - started)


def look(
    program: Program, rules: Sequence[Rule], *, paths: Collection[str], select: Sequence[str], ignore: Sequence[str]
) -> Report:
    """The same before the syntax tree has confirmed it: for who changes the tree, and so will see."""
    chosen = {
        part.root: _chosen(rules, select or part.config.select, [*ignore, *part.config.ignore])
        for part in program.parts
    }
    ignored = _per_file_ignores(program, rules)
    _check_thresholds(program, rules)
    for part in program.parts:
        _named(rules, part.config.severity)
    running = [rule for rule in rules if any(rule.name in names for names in chosen.values())]
    editable = {file.path for file in program.files if not file.no_edit and under(file.path, paths)}
    # what was named on the command line must be checked, or the run has failed
    problems = [replace(p, fatal=p.fatal or (p.path != "" and p.path in paths)) for p in program.problems]
    withheld: Counter[str] = Counter()
    findings: list[Reported] = []
    used: set[tuple[str, int, str]] = set()
    failed: set[str] = set()

    def reported(rule: Rule, path: str) -> bool:
        return path in editable and rule.name in chosen[_part(program, path).root] - ignored.get(path, frozenset())

    named = [number for number in program.editable if program.files[number].path in editable]
    wanted = named if len(named) < len(program.editable) else program.editable
    for rule, checked in look_for(program, running, wanted):
        if isinstance(checked, str):
            failed.add(rule.name)
            problems.append(Problem("", 0, checked, fatal=True))
            continue
        for candidate in candidates(program, rule, checked):
            finding = candidate.finding
            if not reported(rule, finding.span.path):
                continue
            if suppression := keeper(program, rule, finding.span):
                used.add((finding.span.path, suppression.line, rule.name))
            elif unknown := next((e for e in finding.evidence if e.proof is Proof.UNKNOWN), None):
                withheld[unknown.note.partition(":")[0]] += 1
            else:
                findings.append(candidate)

    judged = {rule.name for rule in running} - failed
    names = {rule.name for rule in rules}
    for path in editable:
        if reported(UNUSED_SUPPRESSION, path):
            findings += candidates(program, UNUSED_SUPPRESSION, _unused(program, path, used, judged, names))
    findings.sort(key=lambda r: (r.finding.span, r.rule.name))
    return Report(tuple(running), tuple(findings), dict(withheld), tuple(problems), 0.0)


def look_for(
    program: Program, rules: Sequence[Rule], files: Sequence[int]
) -> Iterator[tuple[Rule, list[Finding] | str]]:
    """What each rule finds, or how it failed; with what it finds if outsiders are trusted, where that is asked for."""
    checked = _checked(program, rules, files)
    if not program.ask(is_trust_asked_for):
        yield from checked
        return
    for (rule, sure), (_, more) in zip(checked, _checked(program.trusting, rules, files), strict=True):
        yield rule, sure if isinstance(sure, str) else more if isinstance(more, str) else [*_trusting(sure, more)]


def _trusting(sure: Sequence[Finding], more: Sequence[Finding]) -> Iterator[Finding]:
    """The findings that are sure, and those more that rest on trust, where that has settled what was not known."""
    settled = {finding.span for finding in sure if not is_open(finding.evidence)}
    trusted = [finding for finding in more if finding.span not in settled and not is_open(finding.evidence)]
    replaced = {finding.span for finding in trusted}
    yield from (finding for finding in sure if finding.span not in replaced)
    for finding in trusted:
        trust = Evidence("callers", Proof.ASSUMED, finding.span, TRUST)
        change = finding.refactoring and Trusting(finding.refactoring)
        yield replace(finding, evidence=(*finding.evidence, trust), refactoring=change)


def _checked(
    program: Program, rules: Sequence[Rule], files: Sequence[int]
) -> Iterator[tuple[Rule, list[Finding] | str]]:
    """What each rule finds, or how it failed: here and there side by side, what compares files in one go."""
    across = [rule for rule in rules if rule.across_files]
    others = [rule for rule in rules if not rule.across_files]
    # Neighbours rest on much the same, so whoever is free takes some of them.
    many = program.jobs > 1 and program.lines >= _WORTH_A_PROCESS
    size = _STRETCH if many else len(files) or 1
    stretches = [files[at : at + size] for at in range(0, len(files), size)] or [files]
    tasks = [partial(_check_in, program, across, files), *(partial(_check_in, program, others, s) for s in stretches)]
    if many:
        program.ask(everything)  # what all rest on is computed once
    found, *parts = share(tasks, program.jobs if many else 1)
    program.judge(program.editable)
    return zip([*across, *others], [*found, *map(_merged, zip(*parts, strict=True))], strict=True)


def _check_in(program: Program, rules: Sequence[Rule], files: Sequence[int]) -> list[list[Finding] | str]:
    program.judge(files)
    paths = {program.files[number].path for number in files}
    return [_check(program, rule, paths) for rule in rules]


def _merged(parts: Sequence[list[Finding] | str]) -> list[Finding] | str:
    """What a rule found here and there."""
    found: list[Finding] = []
    for part in parts:
        if isinstance(part, str):
            return part
        found += part
    return found


def _check(program: Program, rule: Rule, paths: Collection[str]) -> list[Finding] | str:
    """What a rule finds in some files: of what spans several, it may come upon more, which is found there as well."""
    try:
        return [finding for finding in rule.check(program) if finding.span.path in paths]
    except Exception as error:  # a rule may be anybody's code, and one that fails must not stop the others
        if os.environ.get("DEBLOAT_DEBUG"):
            return traceback.format_exc()
        return f"rule {rule.name} failed: {type(error).__name__}: {error}; DEBLOAT_DEBUG=1 shows where"


def _chosen(rules: Sequence[Rule], select: Iterable[str], ignore: Iterable[str]) -> set[str]:
    names = _named(rules, select) or {rule.name for rule in rules}
    return names - _named(rules, ignore)


def _named(rules: Sequence[Rule], wanted: Iterable[str]) -> set[str]:
    """The rules that some names of rules and families stand for."""
    found = set()
    for word in wanted:
        names = {rule.name for rule in rules if word in (rule.name, rule.family)}
        if not names:
            known = [name for rule in rules for name in (rule.name, rule.family)]
            raise SelectionError(f"there is no rule or family {word!r}{nearest(word, known)}")
        found |= names
    return found


def _check_thresholds(program: Program, rules: Sequence[Rule]) -> None:
    """Raise ConfigError for a threshold of a rule that there is not, or that the rule does not have."""
    known = {rule.name: rule.thresholds for rule in rules}
    for part in program.parts:
        for name, limits in part.config.rules.items():
            where = f"{'/'.join(filter(None, (part.root, 'pyproject.toml')))}: [tool.debloat.rules]"
            if name not in known:
                raise ConfigError(f"{where} there is no rule {name!r}{nearest(name, known)}")
            for key in limits.keys() - known[name].keys():
                has = f"it has {', '.join(known[name])}" if known[name] else "it has none"
                raise ConfigError(f"{where} {name} has no threshold {key!r}: {has}")


def nearest(word: str, known: Iterable[str]) -> str:
    """Return ``; did you mean ...?`` with the known word closest to ``word``, or nothing."""
    return "".join(f"; did you mean {name}?" for name in difflib.get_close_matches(word, known, n=1))


def severity(program: Program, reported: Reported) -> str:
    """How grave a finding is: what the settings say of its rule, else of its family, else by what may be done about it."""
    said = _part(program, reported.finding.span.path).config.severity
    usual = "note" if reported.finding.applicability is Applicability.SUGGESTION else "warning"
    return said.get(reported.rule.name) or said.get(reported.rule.family) or usual


def fails(program: Program, report: Report, lowest: str) -> bool:
    """Whether a finding makes the run fail: it is as sure as ``lowest`` (never: none is), unless the settings say how grave it is."""
    if lowest == "never":
        return False

    def is_grave(reported: Reported) -> bool:
        said = _part(program, reported.finding.span.path).config.severity
        if reported.rule.name in said or reported.rule.family in said:
            return severity(program, reported) == "error"
        return reported.finding.applicability >= Applicability[lowest.upper()]

    return any(map(is_grave, report.findings))


def _per_file_ignores(program: Program, rules: Sequence[Rule]) -> dict[str, set[str]]:
    """Return the names of the rules ignored in each file; patterns are relative to the part that has them."""
    ignored: dict[str, set[str]] = {}
    for part in program.parts:
        for pattern, words in part.config.per_file_ignores.items():
            from pathspec import GitIgnoreSpec  # not imported by the many runs that have no such pattern

            names = _named(rules, words)
            spec = GitIgnoreSpec.from_lines([pattern])
            for file in program.files:
                if under(file.path, [part.root]) and spec.match_file(file.path[len(part.root) :].lstrip("/")):
                    ignored.setdefault(file.path, set()).update(names)
    return ignored


def _part(program: Program, path: str) -> Part:
    return max((part for part in program.parts if under(path, [part.root])), key=lambda part: len(part.root))


def candidates(program: Program, rule: Rule, findings: Iterable[Finding]) -> list[Reported]:
    """Cap each finding by its evidence and give it its fingerprint.

    All candidates have one, reported or not, so that it depends on no filter, but a run on some files counts no copies in others.
    """
    placed = sorted(findings, key=lambda finding: finding.span)
    found = []
    for finding, fingerprint in zip(placed, fingerprints(program, rule.name, placed), strict=True):
        weak = any(evidence.proof is Proof.ASSUMED for evidence in finding.evidence)
        applicability = min(finding.applicability, Applicability.UNSAFE) if weak else finding.applicability
        found.append(Reported(rule, replace(finding, applicability=applicability), fingerprint))
    return found


def confirmed(program: Program, report: Report) -> Report:
    """What the syntax tree confirms of a report, unsafe at best where it cannot be edited; the rest is counted."""
    withheld = Counter(report.withheld)
    findings = tuple(_confirmed(program, report.findings, withheld))
    return replace(report, findings=findings, withheld=dict(withheld))


def _confirmed(program: Program, found: Sequence[Reported], withheld: Counter[str]) -> Iterator[Reported]:
    verdicts = confirm(program, {reported.finding.span for reported in found if reported.rule != UNUSED_SUPPRESSION})
    for reported in found:
        finding = reported.finding
        match verdicts.get(finding.span, Verdict.CONFIRMED):
            case Verdict.CONFIRMED:
                yield reported
            case Verdict.REFUSED:
                withheld["not confirmed on the syntax tree"] += 1
            case Verdict.OPAQUE:
                note = "LibCST does not give this code back as it is (form feed, lone CR?), so it is not edited"
                evidence = (*finding.evidence, Evidence("syntax", Proof.ASSUMED, finding.span, note))
                applicability = min(finding.applicability, Applicability.UNSAFE)
                yield replace(reported, finding=replace(finding, evidence=evidence, applicability=applicability))


def keeper(program: Program, rule: Rule, span: Span) -> Suppression | None:
    """Return the suppression, if any, that keeps a finding of this rule at this place."""
    return next(
        (
            keep
            for keep in program.suppressions(span.path)
            if keep.reason and rule.name in keep.rules and (keep.file_wide or span.line in keep.target_lines)
        ),
        None,
    )


def _unused(
    program: Program, path: str, used: set[tuple[str, int, str]], judged: set[str], names: set[str]
) -> Iterator[Finding]:
    for keep in program.suppressions(path):
        for name in keep.rules or ("",):
            if name not in names:
                message = f"suppression of an unknown rule {name!r}{nearest(name, names)}"
            elif not keep.reason:
                message = f"suppression of {name} without a reason has no effect: say why after the bracket"
            elif name in judged and (path, keep.line, name) not in used:
                message = f"suppression of {name} keeps nothing: delete it"
            else:
                continue
            span = Span(path, keep.line, keep.column, keep.line, keep.column)
            fix = Uncomment(span, name) if name in names and keep.reason else None
            yield Finding(span, message, path, (), Applicability.SAFE, 0, refactoring=fix)
