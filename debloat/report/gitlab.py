"""The code quality report of GitLab."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

from debloat.engine import Report, severity
from debloat.report import from_top

if TYPE_CHECKING:
    from debloat.program import Program

_SEVERITY = {"error": "major", "warning": "minor", "note": "info"}


def render(report: Report, program: Program) -> Iterator[str]:
    """Yield an array with an object for each finding; paths are those in the repository."""
    path = from_top(program)
    issues = [
        {
            "description": f"{reported.finding.message} [{reported.finding.applicability.name.lower()}]",
            "check_name": reported.rule.name,
            "fingerprint": reported.fingerprint,
            "severity": _SEVERITY[severity(program, reported)],
            "location": {
                "path": path(reported.finding.span.path),
                "lines": {"begin": reported.finding.span.line, "end": reported.finding.span.end_line},
            },
        }
        for reported in report.findings
    ]
    yield json.dumps(issues, indent=2) + "\n"
