"""The proof of a finding, or what stops one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from debloat import engine
from debloat.cascade import is_later
from debloat.confirm import Verdict, confirm
from debloat.engine import Reported, candidates, keeper
from debloat.model import Proof, Rule
from debloat.values.explain import guards

if TYPE_CHECKING:
    from debloat.program import Program


def explain(
    program: Program, rules: Sequence[Rule], target: str, later: Callable[[], Iterable[Reported]]
) -> Iterator[str]:
    """Yield the lines that explain ``path:line`` (relative to the project root) or a symbol ``pkg.mod:Class.meth``.

    ``later`` gives what shows only once other findings are fixed. Raises UnknownSymbolError.
    """
    path, _, line = target.rpartition(":")
    if not line.isdigit():
        yield from program.why_symbol(target)
        return

    def is_there(candidate: Reported) -> bool:
        span = candidate.finding.span
        return span.path == path and span.line <= int(line) <= span.end_line

    files = [number for number in program.editable if program.files[number].path == path]
    found = [
        candidate
        for rule, checked in engine.look_for(program, rules, files)
        if not isinstance(checked, str)
        for candidate in candidates(program, rule, checked)
        if is_there(candidate)
    ] or [reported for reported in later() if is_there(reported)]
    for candidate in found:
        yield from _proof(program, candidate)
    tests = [test for test in guards(program, path, int(line)) if not (found and test.is_decided)]
    if not found:
        yield f"{target}: no rule finds or withholds anything here"
    for test in tests:
        yield from test.lines
    if not found and not tests:
        yield from program.why_line(path, int(line))


def _proof(program: Program, candidate: Reported) -> Iterator[str]:
    """What would be reported, what became of it, and each fact that it rests on."""
    rule, finding = candidate.rule, candidate.finding
    yield f"{finding.span.path}:{finding.span.line}: {rule.name} {finding.message} [{_fate(program, candidate)}]"
    for evidence in finding.evidence:
        where = f"{evidence.span.path}:{evidence.span.line}"
        yield f"  {evidence.proof.name.lower()} {evidence.kind}: {evidence.note} ({where})"


def _fate(program: Program, candidate: Reported) -> str:
    finding = candidate.finding
    if suppression := keeper(program, candidate.rule, finding.span):
        return f"kept by the comment on line {suppression.line}: {suppression.reason}"
    if any(evidence.proof is Proof.UNKNOWN for evidence in finding.evidence):
        return "withheld"
    if is_later(candidate):
        return finding.applicability.name.lower()
    if confirm(program, [finding.span])[finding.span] is Verdict.REFUSED:
        return "withheld: not confirmed on the syntax tree"
    return finding.applicability.name.lower()
