"""A comment for a pull request: what was found in numbers, then file by file, with the evidence folded in."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import groupby
from typing import TYPE_CHECKING

from debloat.engine import Report, Reported
from debloat.model import Applicability, Proof
from debloat.report import count, from_top

if TYPE_CHECKING:
    from debloat.program import Program

# GitHub takes comments of 65,536 characters, GitLab of more.
_ROOM = 60_000
# Underscores inside a word mean nothing.
_SPECIAL = re.compile(r"[\\`*\[\]#|~@$]|(?<![^\W_])_+|_+(?![^\W_])")
_TIERS = sorted(Applicability, reverse=True)


def render(report: Report, program: Program) -> Iterator[str]:
    """Yield the comment; its first line is a mark by which the next run finds it. Paths are those in the repository."""
    yield "<!-- debloat -->\n"
    yield from _numbers(report)
    room = _ROOM
    left = len(report.findings)
    path = from_top(program)
    for file, found in groupby(report.findings, key=lambda reported: reported.finding.span.path):
        heading = f"\n#### {_code(path(file))}\n\n"
        for reported in found:
            item = heading + "".join(_item(reported, path))
            room -= len(item)
            if room < 0:
                yield f"\n… and {count(left, 'finding')} more, which `debloat check` shows.\n"
                return
            left -= 1
            yield item
            heading = ""


def _numbers(report: Report) -> Iterator[str]:
    lines = sum(reported.finding.removable_lines for reported in report.findings)
    if report.findings:
        yield f"### debloat: {count(len(report.findings), 'finding')}, {count(lines, 'line')} could go\n\n"
        yield f"| Rule | {' | '.join(tier.name.capitalize() for tier in _TIERS)} | Lines |\n"
        yield f"| --- |{' ---: |' * (len(_TIERS) + 1)}\n"
        for name in sorted({reported.rule.name for reported in report.findings}):
            of_rule = [reported.finding for reported in report.findings if reported.rule.name == name]
            tiers = Counter(finding.applicability for finding in of_rule)
            cells = [str(tiers[tier] or "") for tier in _TIERS]
            yield f"| {name} | {' | '.join(cells)} | {sum(finding.removable_lines for finding in of_rule) or ''} |\n"
        yield "\n`debloat fix` removes what is safe to remove; `debloat why PATH:LINE` shows a proof.\n"
    else:
        yield "### debloat: nothing needless found\n"
    for comparison in report.comparisons:
        known = f"{comparison.known:,} known and left out"
        yield f"\nCompared with {_plain(comparison.against)}: {known}, {comparison.gone:,} gone.\n"
        for keep in comparison.kept:
            yield f"- suppression added: {_code(f'{keep.path}:{keep.line}')} keep {_code(keep.rules)} {_plain(keep.reason)}\n"
        yield from (f"- {_plain(note)}\n" for note in comparison.notes)


def _item(reported: Reported, path: Callable[[str], str]) -> Iterator[str]:
    finding = reported.finding
    removable = f", {count(finding.removable_lines, 'line')}" if finding.removable_lines else ""
    tier = f"{finding.applicability.name.lower()}{removable}"
    yield f"- **line {finding.span.line}** · {reported.rule.name} ({tier}): {_plain(finding.message)}\n"
    if finding.evidence:
        yield f"  <details><summary>{count(len(finding.evidence), 'fact')} it rests on</summary>\n\n"
        for evidence in finding.evidence:
            assumed = " assumed" if evidence.proof is Proof.ASSUMED else ""
            where = _code(f"{path(evidence.span.path)}:{evidence.span.line}")
            yield f"  - {evidence.kind}{assumed}: {_plain(evidence.note)} {where}\n"
        yield "\n  </details>\n"


def _plain(text: str) -> str:
    """Text that says nothing to Markdown, to HTML or to whom it would mention."""
    escaped = _SPECIAL.sub(lambda found: "".join(f"\\{mark}" for mark in found[0]), text)
    return " ".join(escaped.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").split())


def _code(text: str) -> str:
    """Text as code, between more backticks than it has."""
    text = " ".join(text.split())
    fence = "`" * (max(map(len, re.findall("`+", text)), default=0) + 1)
    return f"{fence} {text} {fence}" if "`" in text else f"{fence}{text}{fence}"
