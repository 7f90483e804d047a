"""The proof of a finding, or what stops one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from debloat.model import Finding, Rule

if TYPE_CHECKING:
    from debloat.program import Program


def explain(program: Program, rules: Sequence[Rule], target: str) -> Iterator[str]:
    """Yield the lines that explain ``path:line`` (relative to the project root) or a symbol ``pkg.mod:Class.meth``."""
    path, _, line = target.rpartition(":")
    if not line.isdigit():
        yield from program.why_symbol(target)
        return
    candidates = [
        (rule, finding)
        for rule in rules
        for finding in rule.check(program)
        if finding.span.path == path and finding.span.line <= int(line) <= finding.span.end_line
    ]
    if not candidates:
        yield f"{target}: no rule finds or withholds anything here"
    for rule, finding in candidates:
        yield from _proof(rule, finding)


def _proof(rule: Rule, finding: Finding) -> Iterator[str]:
    yield f"{finding.span.path}:{finding.span.line}: {rule.name} {finding.message}"
    for evidence in finding.evidence:
        where = f"{evidence.span.path}:{evidence.span.line}"
        yield f"  {evidence.proof.name.lower()} {evidence.kind}: {evidence.note} ({where})"
