"""What the fix of each finding would do on its own, for formats that show it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from debloat.beside import share
from debloat.choose import alone
from debloat.engine import Report, Reported
from debloat.model import Applicability, Edit, Evidence, RefusedError, Span
from debloat.source import decode

if TYPE_CHECKING:
    from debloat.program import Program

_STRETCH = 8  # findings


class Proposal(NamedTuple):
    """A fix: how sure it is, the edits that it makes (of whole lines), the files and tests that go, what it rests on itself."""

    applicability: Applicability
    edits: tuple[Edit, ...]
    removed: tuple[str, ...]
    tests: tuple[str, ...]
    evidence: tuple[Evidence, ...]


def proposals(report: Report, program: Program) -> list[Proposal | None]:
    """The fix of each finding in the order of the report; None where there is none that could be applied."""
    found = report.findings
    stretches = [found[start : start + _STRETCH] for start in range(0, len(found), _STRETCH)]
    shared = share([partial(_proposals, program, some) for some in stretches], program.jobs)
    return [proposal for some in shared for proposal in some]


def _proposals(program: Program, findings: Sequence[Reported]) -> list[Proposal | None]:
    return [_proposal(program, reported) for reported in findings]


def _proposal(program: Program, reported: Reported) -> Proposal | None:
    if reported.finding.refactoring is None:
        return None
    try:
        applied, contents = alone(program, reported)
    except RefusedError:
        return None
    fix = applied.fix
    edits = tuple(_edits(program, contents))
    return Proposal(applied.reported.finding.applicability, edits, fix.removed, fix.tests, fix.evidence)


def _edits(program: Program, contents: Mapping[str, bytes | None]) -> Iterator[Edit]:
    for path, content in sorted(contents.items()):
        if content is not None:
            yield from edits(path, decode(program.content(path)).text, decode(content).text)


def edits(path: str, old: str, new: str) -> Iterator[Edit]:
    """What makes one text of another, line by line."""
    # only what lies between the first and the last line that differ is worth a closer look
    before, after = (text.encode().splitlines(keepends=True) for text in (old, new))
    head = next(
        (at for at, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), min(len(before), len(after))
    )
    most = min(len(before), len(after)) - head
    pairs = zip(reversed(before), reversed(after), strict=False)
    tail = next((at for at, (a, b) in enumerate(pairs) if a != b or at == most), most)
    matcher = SequenceMatcher(None, before[head : len(before) - tail], after[head : len(after) - tail], autojunk=False)
    for tag, first, end, start, stop in matcher.get_opcodes():
        if tag != "equal":
            text = b"".join(after[head + start : head + stop]).decode()
            yield Edit(Span(path, head + first + 1, 0, head + end + 1, 0), text)
