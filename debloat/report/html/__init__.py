"""One page to be looked at: a map of the code coloured by bloat, and each finding with its proof, its source and its fix.

The page is one file that asks nothing of anybody: what it shows is in it as data, and reaches the document as text alone.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections import defaultdict
from collections.abc import Callable, Iterator
from hashlib import sha256
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from debloat.engine import Reported
from debloat.page import parse
from debloat.report import place, reader, version
from debloat.report.proposals import Proposal, proposals

if TYPE_CHECKING:
    from debloat.score import Measured, Score

# Lines of source that go into the page: around a finding and an edit, at the start of what is found, and of what is deleted.
_AROUND, _FOUND, _DELETED = 3, 14, 40
_WIDTH = 240
# Nothing in the data may end the element that it stands in, nor be taken for a comment.
_MARKUP = {ord(mark): f"\\u{ord(mark):04x}" for mark in "<>&\u2028\u2029"}


def render(score: Score) -> Iterator[str]:
    """Yield the page."""
    from jinja2 import Environment

    template, style, script = (
        (files("debloat.report.html") / name).read_text(encoding="utf-8")
        for name in ("page.html", "page.css", "page.js")
    )
    data = json.dumps(_data(score), separators=(",", ":"), ensure_ascii=False).translate(_MARKUP)
    yield (
        Environment(autoescape=True)
        .from_string(template)
        .render(
            name=score.program.root.resolve().name,
            style=style,
            script=script,
            # the browser runs this script and no other
            allowed="sha256-" + b64encode(sha256(script.encode()).digest()).decode(),
            data=data.encode("utf-8", "backslashreplace").decode(),  # what is no text in the name of a file
        )
    )


def _data(score: Score) -> dict[str, Any]:
    """All that the page shows; paths are numbers, and lines of source are there once."""
    numbers: dict[str, int] = {}
    number: Callable[[str], int] = lambda path: numbers.setdefault(path, len(numbers))  # noqa: E731
    shown: dict[int, set[int]] = defaultdict(set)
    rules = {rule.name: index for index, rule in enumerate(score.report.rules)}
    lines = reader(score.program)

    def show(path: str, first: int, last: int) -> None:
        shown[number(path)].update(range(max(first, 1), min(last, len(lines(path))) + 1))

    def fix(title: str, proposal: Proposal) -> dict[str, Any]:
        for edit in proposal.edits:
            path, first, _, end, _ = edit.span
            show(path, first - _AROUND, min(end - 1, first + _DELETED - 1))
            show(path, end, end + _AROUND - 1)
        return {
            "title": title,
            "tier": proposal.applicability.name.lower(),
            "edits": [[number(e.span.path), e.span.line, e.span.end_line, e.text] for e in proposal.edits],
            "removed": [number(path) for path in proposal.removed],
            "tests": proposal.tests,
        }

    def record(reported: Reported, proposal: Proposal | None) -> dict[str, Any]:
        finding = reported.finding
        path, line, _, end, _ = finding.span
        show(path, line - _AROUND, min(end, line + _FOUND) + _AROUND)
        return {
            "rule": rules[reported.rule.name],
            "path": number(path),
            "place": [*place(finding.span, lines)],
            "message": finding.message,
            "tier": finding.applicability.name.lower(),
            "lines": finding.removable_lines,
            "facts": [
                [e.kind, e.proof.name.lower(), number(e.span.path), e.span.line, e.note] for e in finding.evidence
            ],
            "fix": fix(finding.refactoring.title, proposal) if finding.refactoring and proposal else None,
        }

    findings = [
        record(reported, proposal)
        for reported, proposal in zip(score.report.findings, proposals(score.report, score.program), strict=True)
    ]
    sizes = [[number(one.path), *_code(one)] for one in score.files]
    return {
        "version": version(),
        "total": [state._asdict() for state in (score.total.now, score.total.safe, score.total.all)],
        "tests": _code(score.tests),
        "rules": [
            {"name": rule.name, "family": rule.family, "about": parse(rule.doc).summary} for rule in score.report.rules
        ],
        "files": sizes,
        "findings": findings,
        "paths": [*numbers],
        "source": {
            index: {line: lines(path)[line - 1].decode(errors="replace")[:_WIDTH] for line in sorted(shown[index])}
            for path, index in numbers.items()
            if index in shown
        },
    }


def _code(measured: Measured) -> list[int]:
    return [state.code_lines for state in (measured.now, measured.safe, measured.all)]
