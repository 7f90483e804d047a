"""One JSON object for other programs."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from debloat.engine import Report, Reported
from debloat.report import from_here, place, reader, version

if TYPE_CHECKING:
    from debloat.program import Program


def render(report: Report, program: Program) -> Iterator[str]:
    """Yield the object: version, findings, summary, errors."""
    path, lines = from_here(program), reader(program)

    def record(reported: Reported) -> dict[str, Any]:
        finding = reported.finding
        return {
            "rule": reported.rule.name,
            "family": reported.rule.family,
            "path": path(finding.span.path),
            **place(finding.span, lines)._asdict(),
            "message": finding.message,
            "applicability": finding.applicability.name.lower(),
            "evidence": [
                {
                    "path": path(evidence.span.path),
                    "line": evidence.span.line,
                    "note": evidence.note,
                    "kind": evidence.kind,
                    "proof": evidence.proof.name.lower(),
                }
                for evidence in finding.evidence
            ],
            "removable_lines": finding.removable_lines,
            "fingerprint": reported.fingerprint,
            "fix": {"title": finding.refactoring.title} if finding.refactoring else None,
        }

    summary = {
        "files": len(program.files),
        "lines": program.lines,
        "world": [
            {"root": part.root or ".", "world": part.world, "assumed": part.assumed, "reason": part.reason}
            for part in program.parts
        ],
        "findings": {
            "by_rule": Counter(reported.rule.name for reported in report.findings),
            "by_applicability": Counter(r.finding.applicability.name.lower() for r in report.findings),
        },
        "withheld": report.withheld,
        "compared": [
            {
                "against": comparison.against,
                "known": comparison.known,
                "gone": comparison.gone,
                "suppressions": [keep._asdict() | {"path": path(keep.path)} for keep in comparison.kept],
                "notes": comparison.notes,
            }
            for comparison in report.comparisons
        ],
        "seconds": round(report.seconds, 3),
    }
    errors = [{"path": path(p.path), "line": p.line, "message": p.message} for p in report.problems]
    findings = [record(reported) for reported in report.findings]
    document = {"version": version(), "findings": findings, "summary": summary, "errors": errors}
    yield json.dumps(document, indent=2) + "\n"
