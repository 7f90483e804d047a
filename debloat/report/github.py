"""Commands that make GitHub annotate the lines of a pull request."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from debloat.engine import Report, severity
from debloat.report import from_top, place, reader

if TYPE_CHECKING:
    from debloat.program import Program

_COMMAND = {"error": "error", "warning": "warning", "note": "notice"}
_DATA = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_PROPERTY = _DATA | str.maketrans({":": "%3A", ",": "%2C"})


def render(report: Report, program: Program) -> Iterator[str]:
    """Yield one command a finding, which shows its evidence; paths are those in the repository."""
    path, lines = from_top(program), reader(program)
    for reported in report.findings:
        finding = reported.finding
        line, column, end_line, end_column = place(finding.span, lines)
        where = {"file": path(finding.span.path), "line": line, "endLine": end_line}
        if line == end_line:  # GitHub takes columns of one line only
            where |= {"col": column, "endColumn": end_column}
        tier = finding.applicability.name.lower()
        said = ",".join(f"{key}={str(value).translate(_PROPERTY)}" for key, value in where.items())
        title = f"debloat: {reported.rule.name} ({tier})".translate(_PROPERTY)
        facts = [f"{e.kind}: {e.note} ({path(e.span.path)}:{e.span.line})" for e in finding.evidence]
        message = "\n- ".join([finding.message, *facts]).translate(_DATA)
        yield f"::{_COMMAND[severity(program, reported)]} {said},title={title}::{message}\n"
