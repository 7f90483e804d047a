"""The report of an earlier run, given again where nothing has changed that it may rest on.

From a cache that somebody made to deceive, it is shown and nothing more: who edits looks for himself.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

import msgpack

from debloat import engine
from debloat.engine import Report, Reported
from debloat.facts.store import key
from debloat.model import Applicability, Evidence, Finding, Fix, Problem, Proof, RefusedError, Rule, Span

if TYPE_CHECKING:
    from debloat.program import Program

_RUNS = 20  # remembered


@dataclass(frozen=True, slots=True)
class Titled:
    """What is left of a refactoring: what it would do."""

    title: str
    why_not: str = "not looked at: the report is that of an earlier run"

    def fix(self, program: Program) -> Fix:
        """Raises RefusedError."""
        raise RefusedError(self.why_not)


def run(
    program: Program,
    rules: Sequence[Rule],
    *,
    paths: Collection[str],
    select: Sequence[str],
    ignore: Sequence[str],
    started: float,
    follow: Callable[[Report], Report] | None = None,
) -> Report:
    """What ``engine.run`` reports, without the claims; of refactorings there may only be the titles. Raises SelectionError.

    ``follow`` makes of a report what is to be reported.
    """
    store = replace(program.verdicts, table="runs") if program.verdicts else None
    entry = _entry(program, rules, (sorted(paths), select, ignore, follow is not None)) if store else b""
    if store and (packed := store.load([entry])):
        with suppress(ValueError, TypeError, KeyError, AttributeError, msgpack.UnpackException):
            return replace(_unpacked(packed[entry], rules, program), seconds=perf_counter() - started)
    report = engine.run(program, rules, paths=paths, select=select, ignore=ignore, started=started)
    report = follow(report) if follow else report
    if store and len(report.problems) == len(program.problems):  # a rule that failed is asked again
        store.save({entry: _packed(report)})
        store.keep_last(_RUNS)
    return report


def _entry(program: Program, rules: Sequence[Rule], asked: object) -> bytes:
    """The key of a report: of all that it may rest on."""
    contents = sorted((path, key(content) if content is not None else None) for path, content in program.contents())
    settings = program.config, program.parts, program.files, program.problems, program.notebooks
    return key(repr((asked, code_state(rules), settings, contents)).encode(errors="surrogatepass"))


def code_state(rules: Iterable[Rule]) -> object:
    """What tells this code, rules and what they rest on included, from another state of it."""
    folders = {Path(__file__).parent, *(Path(rule.check.__code__.co_filename).parent for rule in rules)}
    libraries = (find_spec(name) for name in ("libcst", "typeshed_client"))
    files = {file for folder in folders for file in folder.rglob("*.*") if file.suffix in (".py", ".toml")}
    files.update(Path(spec.origin) for spec in libraries if spec and spec.origin)
    stats = [(str(path), path.stat()) for path in sorted(files)]
    return sys.version, [(path, stat.st_size, stat.st_mtime_ns) for path, stat in stats]


def _packed(report: Report) -> bytes:
    rules = [rule.name for rule in report.rules]
    findings = [(reported.rule.name, _plain(reported.finding), reported.fingerprint) for reported in report.findings]
    problems = [(one.path, one.line, one.message, one.fatal) for one in report.problems]
    row = rules, findings, report.withheld, problems, report.followed
    return msgpack.packb(row, unicode_errors="surrogatepass")  # type: ignore[no-any-return]


def _plain(finding: Finding) -> tuple[Any, ...]:
    evidence = [(one.kind, one.proof, one.span, one.note) for one in finding.evidence]
    title = finding.refactoring.title if finding.refactoring else None
    lines = finding.removable_lines
    return finding.span, finding.message, finding.symbol, evidence, finding.applicability, lines, title


def _unpacked(packed: bytes, rules: Sequence[Rule], program: Program) -> Report:
    """Raises ValueError, TypeError, KeyError or UnpackException for what is no report on the program."""
    named = {rule.name: rule for rule in rules}
    ran, findings, withheld, problems, followed = msgpack.unpackb(packed, unicode_errors="surrogatepass")
    return Report(
        tuple(named[name] for name in ran),
        tuple(
            Reported(named[rule], _finding(program, *finding), _text(fingerprint))
            for rule, finding, fingerprint in findings
        ),
        {_text(reason): int(count) for reason, count in withheld.items()},
        tuple(Problem(_text(path), int(line), _text(message), bool(fatal)) for path, line, message, fatal in problems),
        0.0,
        followed=bool(followed),
    )


def _finding(
    program: Program,
    span: list[Any],
    message: str,
    symbol: str,
    evidence: list[list[Any]],
    applicability: int,
    lines: int,
    title: str | None,
) -> Finding:
    return Finding(
        _span(program, *span),
        _text(message),
        _text(symbol),
        tuple(
            Evidence(_text(kind), Proof(proof), _span(program, *where), _text(note))
            for kind, proof, where, note in evidence
        ),
        Applicability(applicability),
        int(lines),
        refactoring=None if title is None else Titled(_text(title)),
    )


def _span(program: Program, path: str, *place: int) -> Span:
    line, column, end_line, end_column = map(int, place)
    if path not in program.numbers or not 0 < line <= end_line <= program.content(path).count(b"\n") + 1:
        raise ValueError(f"no place in the program: {path}:{line}")
    return Span(path, line, column, end_line, end_column)


def _text(said: str) -> str:
    """The text, if it does nothing to a terminal."""
    if not said.isprintable():
        raise ValueError(f"no text of ours: {said!r}")
    return said
