"""The judge: what debloat claims of every run of a program, against what the program's own tests let happen.

``python -m tests.oracle PROJECT`` judges one project, ``python -m tests.oracle.corpus`` released packages.
"""

from __future__ import annotations

import ast
import json
import os
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from debloat.config import Config, read_config
from debloat.engine import run
from debloat.loader import load_rules
from debloat.model import Claim
from debloat.program import load_program

_RECORDER = Path(__file__).with_name("recorder")
ASSUMED = ", assumed"  # ends the kind of a claim on a value where that rests on what is not proved
_SHOWN = 3  # contradictions of a claim
_SAYS = re.compile(r"(unreachable|None|not None|true|false|instance of|has attribute|has key|is one of)(?: (.+))?")


class Claimed(NamedTuple):
    """A claim and the rule whose finding makes it, or what kind of a value it is about."""

    rule: str
    claim: Claim


class Seen(NamedTuple):
    """How often a claim was put to the test, and what contradicted it: values with their lines."""

    times: int
    contradictions: Sequence[tuple[str, int]]


class UnwatchedError(Exception):
    """There is nothing to watch: a rule failed, or the tests did not run, or not where they can be watched."""


def claims_of(root: Path, world: str | None) -> list[Claimed]:
    """All claims of all findings in a project, suppressed and withheld ones left out. Raises UnwatchedError if a rule fails."""
    config = read_config(root / "pyproject.toml") or Config()
    program = load_program(root, config, jobs=1, cache=False, world=world, progress=lambda *_: None)
    report = run(program, load_rules(), paths=[""], select=[], ignore=[], started=0.0)
    if failed := [problem.message for problem in report.problems if problem.fatal]:
        raise UnwatchedError("; ".join(failed))
    return [Claimed(found.rule.name, claim) for found in report.findings for claim in found.finding.claims]


def observe(
    root: Path, claims: Sequence[Claim], environment: Mapping[str, str], test: Callable[[dict[str, str]], object]
) -> list[Seen]:
    """What became of each claim while ``test`` ran in the environment that it is given. Raises UnwatchedError."""
    places = {path: _Places(ast.parse((root / path).read_bytes())) for path in {claim.span.path for claim in claims}}
    by_path: dict[str, list[dict[str, object]]] = {str(root.resolve() / path): [] for path in places}
    for number, claim in enumerate(claims):
        by_path[str(root.resolve() / claim.span.path)].append(
            {"number": number, **_watchable(claim, places[claim.span.path])}
        )
    with tempfile.TemporaryDirectory() as temporary:
        stated, folder = Path(temporary, "claims.json"), Path(temporary, "seen")
        folder.mkdir()
        stated.write_text(json.dumps(by_path), encoding="utf-8")
        search = os.pathsep.join(filter(None, [str(_RECORDER), environment.get("PYTHONPATH")]))
        test({**environment, "PYTHONPATH": search, "DEBLOAT_CLAIMS": str(stated), "DEBLOAT_SEEN": str(folder)})
        rows = [json.loads(row) for file in folder.iterdir() for row in file.read_text(encoding="utf-8").splitlines()]
    if not rows:
        raise UnwatchedError("no process of the tests was watched: they must run on Python 3.12 or newer")
    times: Counter[int] = Counter()
    contradictions: dict[int, set[tuple[str, int]]] = {}
    for number, count, contradiction, line in rows:
        times[number] += count
        if contradiction:
            contradictions.setdefault(number, set()).add((contradiction, line))
    return [Seen(times[number], sorted(contradictions.get(number, ()))) for number in range(len(claims))]


def _watchable(claim: Claim, places: _Places) -> dict[str, object]:
    """A claim in the words of the recorder. Raises ValueError for one that is in none."""
    _, *span = claim.span
    start = (claim.span.line, claim.span.column)
    if claim.says == "unreachable":
        span[:2] = places.bodies.get(start, start)
    if claim.subject == "return":
        span[2:] = places.returns[start]
    if span[:2] == span[2:]:
        span[2:] = [claim.span.line + 1, 0]  # a place without extent stands for the rest of its line
    stated = _SAYS.fullmatch(claim.says)
    if stated is None:
        raise ValueError(f"nobody knows how to watch {claim}")
    says, of = stated.groups()
    owner = max((start, name) for start, end, name in places.classes if start <= claim.span.line <= end)[1]
    function = places.functions.get(start, ()) if claim.subject == "raise" else ()
    return {"span": span, "says": says, "of": of, "subject": claim.subject, "owner": owner, "function": function}


class _Places:
    """Where the parts of a file stand that claims are about."""

    def __init__(self, tree: ast.Module) -> None:
        self.bodies: dict[tuple[int, int], tuple[int, int]] = {}
        self.returns: dict[tuple[int, int], tuple[int, int]] = {}
        self.functions: dict[tuple[int, int], tuple[str, int]] = {}  # with their first lines, those of decorators
        self.classes = [(0, sys.maxsize, "")]
        for node in ast.walk(tree):
            match node:
                case ast.ClassDef():
                    self.classes.append((node.lineno, node.end_lineno or 0, node.name.lstrip("_")))
                case ast.Return():
                    self.returns[node.lineno, node.col_offset] = node.end_lineno or 0, node.end_col_offset or 0
                case ast.ExceptHandler() | ast.FunctionDef() | ast.AsyncFunctionDef():
                    # what stands before the body of an unreachable handler or function is reached
                    self.bodies[node.lineno, node.col_offset] = node.body[0].lineno, node.body[0].col_offset
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                first = min(part.lineno for part in (node, *node.decorator_list))
                self.functions[node.lineno, node.col_offset] = node.name, first


def contradicted(claimed: Sequence[Claimed], seen: Sequence[Seen]) -> list[tuple[Claimed, Seen]]:
    """The claims that something contradicts, those left out that rest on what is assumed."""
    both = zip(claimed, seen, strict=True)
    return [(one, became) for one, became in both if became.contradictions and ASSUMED not in one.rule]


def summary(claimed: Sequence[Claimed], seen: Sequence[Seen]) -> list[str]:
    """The lines of a report: what became of each rule's claims, and each contradiction."""
    lines = [f"{'rule':<30} {'claims':>8} {'observed':>8} {'never reached':>13} {'contradicted':>12}"]
    for rule in sorted({one.rule for one in claimed}):
        own = [became for one, became in zip(claimed, seen, strict=True) if one.rule == rule]
        observed = sum(became.times > 0 for became in own)
        wrong = sum(bool(became.contradictions) for became in own)
        lines.append(f"{rule:<30} {len(own):>8} {observed:>8} {len(own) - observed:>13} {wrong:>12}")
    for (rule, claim), became in zip(claimed, seen, strict=True):
        place, says = (
            f"{claim.span.path}:{claim.span.line}:{claim.span.column}",
            f"{claim.subject} {claim.says}".strip(),
        )
        lines += [
            f"{place} {rule} says: {says}; on line {line}: {found}" for found, line in became.contradictions[:_SHOWN]
        ]
    return lines
