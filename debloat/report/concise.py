"""One line a finding, as editors and grep like it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from debloat.engine import Report
from debloat.report import from_here, place, reader

if TYPE_CHECKING:
    from debloat.program import Program


def render(report: Report, program: Program) -> Iterator[str]:
    """Yield ``path:line:column: rule message [applicability]`` for each finding."""
    path, lines = from_here(program), reader(program)
    for reported in report.findings:
        finding = reported.finding
        line, column, *_ = place(finding.span, lines)
        where = f"{path(finding.span.path)}:{line}:{column}"
        yield f"{where}: {reported.rule.name} {finding.message} [{finding.applicability.name.lower()}]\n"
