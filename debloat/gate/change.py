"""What a change brought: both sides are analysed as whole programs, and a finding is old if it was there before, wherever its code is."""

from __future__ import annotations

import ast
import difflib
import gc
import re
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache, cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

import msgpack

from debloat.again import code_state
from debloat.config import Config
from debloat.engine import Comparison, Kept, Report
from debloat.facts.store import key, open_store
from debloat.fingerprint import meaning
from debloat.gate.known import SAME, Known, Round, known, plain, symbol, unknown, unmatched
from debloat.model import Rule
from debloat.revision import Revision, branched_from
from debloat.source import discover
from debloat.tree import Tree

if TYPE_CHECKING:
    from debloat.program import Program

_REVISIONS = 20  # remembered


@dataclass(frozen=True)
class Change:
    """What there was before a change: the revision, which the user called ``name``, what was found there and the suppressions.

    ``followed`` says whether the findings that show only once others are fixed are among those.
    """

    name: str
    revision: Revision
    findings: tuple[Known, ...]
    kept: tuple[Kept, ...]
    followed: bool

    def brought(self, report: Report, program: Program) -> Report:
        """The report with what the change has brought, and nothing else."""
        was = self.revision.renamed
        sides = _Sides(program, self.revision)
        rounds: list[Round] = [
            (sides.place, lambda finding: (finding.rule, finding.path, finding.line, plain(finding.message))),
            (lambda finding: symbol(finding, was.get(finding.path, finding.path)), symbol),
            SAME,
            (partial(sides.definition, then=False), partial(sides.definition, then=True)),
        ]
        fresh, gone = unknown(report.findings, self.findings, rounds)
        kept, _ = unmatched(
            list(_kept(program)),
            self.kept,
            lambda keep: (was.get(keep.path, keep.path), keep.rules, keep.reason),
            lambda keep: (keep.path, keep.rules, keep.reason),
        )
        comparison = Comparison(
            against=f"{self.name} ({self.revision.commit[:10]})",
            known=len(report.findings) - len(fresh),
            gone=len(gone),
            kept=tuple(kept),
            notes=self.revision.notes,
        )
        return replace(report, findings=tuple(fresh), comparisons=(*report.comparisons, comparison))


@dataclass(frozen=True)
class _Sides:
    """The code on both sides of a change."""

    program: Program
    revision: Revision

    def place(self, finding: Known) -> Hashable:
        """Where it was before, by what has not moved, and what is said of it."""
        path = self.revision.renamed.get(finding.path, finding.path)
        moved = path in self.revision.contents
        line = self._lines_before(finding.path, path).get(finding.line) if moved else finding.line
        return finding.rule, path, line, plain(finding.message)

    def definition(self, finding: Known, *, then: bool) -> Hashable:
        """What the innermost definition around it says, whatever that is called."""
        around = [said for lines, said in self._definitions(finding.path, then) if finding.line in lines]
        return (finding.rule, around[-1]) if around else finding

    @cached_property
    def _lines_before(self) -> Callable[[str, str], Mapping[int, int]]:
        def lines(now: str, then: str) -> Mapping[int, int]:
            content = self.revision.contents[then]
            return _unmoved(content.splitlines(), self.program.content(now).splitlines()) if content else {}

        return cache(lines)

    @cached_property
    def _definitions(self) -> Callable[[str, bool], Sequence[tuple[range, str]]]:
        def definitions(path: str, then: bool) -> Sequence[tuple[range, str]]:
            other = then and path in self.revision.contents
            content = self.revision.contents[path] if other else self.program.content(path)
            return _definitions(content or b"")

        return cache(definitions)


def before(
    root: Path,
    config: Config,
    name: str,
    asked: object,
    rules: Sequence[Rule],
    analyse: Callable[[Mapping[str, bytes | None]], tuple[Program, Report]],
    *,
    cache: bool,
) -> Change:
    """What there was when the branch left the commit ``name``; from the cache, if that is in order, once it has been asked for.

    ``analyse`` looks at the project with other contents of files; ``asked`` is what its answer depends on beside them, the settings
    and the rules. Raises RevisionError.
    """
    revision = branched_from(root, name)
    store = open_store(root, "reports") if cache else None
    found = discover(Tree(root, revision.contents), config)
    # What git has no copy of is looked at as it is now.
    others = {file.path for file in found.files}.union(found.texts, found.metadata) - revision.tracked
    own = [(path, key(_read(root, path))) for path in sorted(others - revision.contents.keys())]
    entry = key(repr((revision.listing, config, asked, code_state(rules), own)).encode(errors="surrogatepass"))
    if store and (packed := store.load([entry])):
        with suppress(ValueError, TypeError, msgpack.UnpackException):
            return Change(name, revision, *_unpacked(packed[entry]))
    program, report = analyse(revision.contents)
    change = Change(name, revision, tuple(map(known, report.findings)), tuple(_kept(program)), report.followed)
    if store:
        store.save(
            {entry: msgpack.packb((change.findings, change.kept, change.followed), unicode_errors="surrogateescape")}
        )
        store.keep_last(_REVISIONS)
    del program, report
    gc.collect()  # two programs are twice the memory
    return change


def _unpacked(packed: bytes) -> tuple[tuple[Known, ...], tuple[Kept, ...], bool]:
    findings, kept, followed = msgpack.unpackb(packed, unicode_errors="surrogateescape")
    return tuple(Known(*one) for one in findings), tuple(Kept(*one) for one in kept), bool(followed)


def _read(root: Path, path: str) -> bytes:
    try:
        return (root / path).read_bytes()
    except OSError:
        return b""


def _unmoved(before: Sequence[bytes], now: Sequence[bytes]) -> Mapping[int, int]:
    """From the lines that are as they were to the numbers that they had."""
    start = 0
    while start < min(len(before), len(now)) and before[start] == now[start]:
        start += 1
    end = 0
    while end < min(len(before), len(now)) - start and before[-1 - end] == now[-1 - end]:
        end += 1
    lines = {number + 1: number + 1 for number in range(start)}
    lines |= {len(now) - number: len(before) - number for number in range(end)}
    middle = difflib.SequenceMatcher(
        None, before[start : len(before) - end], now[start : len(now) - end], autojunk=False
    )
    for old, new, size in middle.get_matching_blocks():
        lines |= {start + new + number + 1: start + old + number + 1 for number in range(size)}
    return lines


def _definitions(content: bytes) -> list[tuple[range, str]]:
    """The lines of each function and class, the outer before the inner, and what it says whatever it is called."""
    try:
        module = ast.parse(content)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
    lines = content.splitlines()
    found = []
    for node in ast.walk(module):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            assert node.end_lineno is not None
            text = b"\n".join(lines[node.lineno - 1 : node.end_lineno]).decode(errors="replace")
            anonymous = re.sub(rf"\b{re.escape(node.name)}\b", "_", text)
            found.append((range(node.lineno, node.end_lineno + 1), meaning(anonymous) or anonymous))
    return sorted(found, key=lambda definition: (definition[0].start, -definition[0].stop))


def _kept(program: Program) -> Iterator[Kept]:
    for file in program.files:
        for keep in program.suppressions(file.path):
            yield Kept(file.path, keep.line, ", ".join(keep.rules), keep.reason)
