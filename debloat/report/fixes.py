"""What ``fix`` did, rule by rule, and what it left."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from debloat.choose import Applied
from debloat.fix import Outcome
from debloat.model import Applicability


def verdicts(outcome: Outcome) -> Iterator[str]:
    """Yield a table of the fixes that a judge kept and rejected, with what it has to say of each."""
    rows = [("kept", applied) for applied in outcome.applied] + [("rejected", applied) for applied in outcome.rejected]
    widths = [max(map(len, column)) for column in zip(*(_row(*row)[:3] for row in rows), strict=True)]
    for row in rows:
        *cells, note = _row(*row)
        yield "  ".join([*(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)), note]).rstrip() + "\n"


def _row(verdict: str, applied: Applied) -> tuple[str, str, str, str]:
    span = applied.reported.finding.span
    return verdict, applied.reported.rule.name, f"{span.path}:{span.line}", applied.note


def render(outcome: Outcome, done: str, *, unsafe: bool) -> Iterator[str]:
    """Yield a table of the fixes by rule and the reasons why others were left.

    ``done`` says what became of them, ``unsafe`` whether those that are unsafe were asked for.
    """
    by_rule = Counter(applied.reported.rule.name for applied in outcome.applied)
    for name, count in sorted(by_rule.items()):
        yield f"{count:>6}  {name}\n"
    files = f"{len(outcome.changed)} file{'' if len(outcome.changed) == 1 else 's'}"
    fixes = f"{len(outcome.applied)} fix{'' if len(outcome.applied) == 1 else 'es'}"
    nothing = "Nothing fixed\n" if outcome.rejected or outcome.barred else "Nothing to fix\n"
    yield f"{done} {fixes} in {files}\n" if outcome.applied else nothing
    tests = dict.fromkeys(test for applied in outcome.applied for test in applied.fix.tests)
    for test in tests:
        whole = test.removesuffix(" (in part)")
        if whole == test or whole not in tests:  # what was left of it may have gone later
            yield f"  with it went the test {test}\n"
    left = Counter(reported.finding.applicability for reported in outcome.report.findings)
    if left:
        said = ", ".join(f"{left[tier]} {tier.name.lower()}" for tier in sorted(left, reverse=True))
        more = "; --unsafe-fixes applies those that are unsafe" if left[Applicability.UNSAFE] and not unsafe else ""
        yield f"Findings that remain: {said}{more}\n"
    for why, paths in sorted(outcome.barred.items()):
        more = f" and {len(paths) - 3} more" if len(paths) > 3 else ""
        yield f"Left alone, {why}: {', '.join(sorted(paths)[:3])}{more}\n"
    if outcome.refused:
        yield "Not fixed: " + ", ".join(f"{why} {count}" for why, count in sorted(outcome.refused.items())) + "\n"
    if outcome.unsettled:
        yield f"Not settled after the last pass: {', '.join(outcome.unsettled)}\n"
