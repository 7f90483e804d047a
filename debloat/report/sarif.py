"""SARIF 2.1.0, for code scanning and editors."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from debloat.engine import Report, Reported, severity
from debloat.model import Applicability, Problem, Rule, Span
from debloat.page import markdown, parse
from debloat.report import place, reader, version
from debloat.report.proposals import Proposal, proposals

if TYPE_CHECKING:
    from debloat.program import Program

_HOME = "https://pypi.org/project/debloat-lint/"


def render(report: Report, program: Program) -> Iterator[str]:
    """Yield one log with one run; paths are relative to the project root."""
    lines = reader(program)
    index = {rule.name: number for number, rule in enumerate(report.rules)}
    run = {
        "tool": {
            "driver": {
                "name": "debloat",
                "informationUri": _HOME,
                "semanticVersion": version(),
                "rules": [_rule(rule) for rule in report.rules],
            }
        },
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {"%SRCROOT%": {"uri": program.root.resolve().as_uri() + "/"}},
        "invocations": [
            {
                "executionSuccessful": not any(problem.fatal for problem in report.problems),
                "toolExecutionNotifications": [_notification(problem) for problem in report.problems],
            }
        ],
        "results": [
            {"ruleIndex": index[found.rule.name], "level": severity(program, found)} | _result(found, proposal, lines)
            for found, proposal in zip(report.findings, proposals(report, program), strict=True)
        ],
    }
    document = {"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run]}
    yield json.dumps(document, indent=2) + "\n"


def _rule(rule: Rule) -> dict[str, Any]:
    page = parse(rule.doc)
    return {
        "id": rule.name,
        "name": "".join(word.capitalize() for word in rule.name.split("-")),
        "shortDescription": {"text": page.summary},
        "fullDescription": {"text": page.sections[0].prose if page.sections else page.summary},
        "help": {"text": rule.doc, "markdown": markdown(rule.name, page)},
        "helpUri": f"{_HOME}#rules",
        "defaultConfiguration": {"level": "note" if rule.tier is Applicability.SUGGESTION else "warning"},
        "properties": {"tags": [rule.family], "applicability": rule.tier.name.lower()},
    }


def _result(found: Reported, proposal: Proposal | None, lines: Callable[[str], list[bytes]]) -> dict[str, Any]:
    finding = found.finding
    result = {
        "ruleId": found.rule.name,
        "message": {"text": finding.message},
        "locations": [{"physicalLocation": _location(finding.span, lines)}],
        "relatedLocations": [
            {
                "id": number,
                "physicalLocation": _location(evidence.span, lines),
                "message": {"text": f"{evidence.kind}, {evidence.proof.name.lower()}: {evidence.note}"},
            }
            for number, evidence in enumerate(finding.evidence)
        ],
        "partialFingerprints": {"debloat/v1": found.fingerprint},
        "properties": {
            "applicability": finding.applicability.name.lower(),
            "removableLines": finding.removable_lines,
        },
    }
    # the format has no word for a file that goes
    if finding.refactoring and proposal and not proposal.removed:
        result["fixes"] = [_fix(finding.refactoring.title, proposal)]
    return result


def _fix(title: str, proposal: Proposal) -> dict[str, Any]:
    changes: dict[str, list[dict[str, Any]]] = {}
    for edit in proposal.edits:
        _, line, _, end, _ = edit.span
        replacement: dict[str, Any] = {
            "deletedRegion": {"startLine": line, "startColumn": 1, "endLine": end, "endColumn": 1}
        }
        if edit.text:
            replacement["insertedContent"] = {"text": edit.text}
        changes.setdefault(edit.span.path, []).append(replacement)
    return {
        "description": {"text": f"{title} ({proposal.applicability.name.lower()})"},
        "artifactChanges": [
            {"artifactLocation": _artifact(path), "replacements": replacements}
            for path, replacements in changes.items()
        ],
    }


def _notification(problem: Problem) -> dict[str, Any]:
    notification: dict[str, Any] = {
        "level": "error" if problem.fatal else "warning",
        "message": {"text": problem.message},
    }
    if problem.path:
        where: dict[str, Any] = {"artifactLocation": _artifact(problem.path)}
        if problem.line:
            where["region"] = {"startLine": problem.line}
        notification["locations"] = [{"physicalLocation": where}]
    return notification


def _location(span: Span, lines: Callable[[str], list[bytes]]) -> dict[str, Any]:
    line, column, end_line, end_column = place(span, lines)
    region = {"startLine": line, "startColumn": column, "endLine": end_line, "endColumn": end_column}
    return {"artifactLocation": _artifact(span.path), "region": region}


def _artifact(path: str) -> dict[str, str]:
    return {"uri": quote(path, errors="surrogateescape"), "uriBaseId": "%SRCROOT%"}
