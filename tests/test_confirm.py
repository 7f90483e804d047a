"""Findings are confirmed on the LibCST tree, and the verdicts kept."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from debloat.config import Config
from debloat.confirm import Verdict, confirm
from debloat.engine import Report, run
from debloat.model import Applicability, Evidence, Finding, Proof, Rule, Span
from debloat.program import Program, load_program

SOURCE = b'''\
"""A module."""
import os.path as path, sys
if sys.argv:
    LIMIT = 1; OTHER = (2)
else:
    class Inner:
        """One
long string"""
        size: int = 3

@print
class Caf\xc3\xa9(Exception):
    name = "\xc3\xa9"; other = name
    @property
    def taste(self, *args: (int), sugar=(1), **options) -> str:
        try:
            a, b = args; (yield)
        except (ValueError, TypeError) as error:
            raise
        if a: pass
        elif b: return (1, 2), [x async for x in self]
        return lambda x, *y: f"\xc3\xa9 {x}" "more" # comment
    async def wait(self):
    \tasync with self as me, other: await me
try:
    pass
finally:
    pass
'''


def load(root: Path, source: bytes, jobs: int = 1, cache: bool = False) -> Program:
    (root / "app.py").write_bytes(source)
    return load_program(root, Config(), jobs=jobs, cache=cache, world="application", progress=lambda *_: None)


def spans(source: bytes) -> Iterator[Span]:
    for node in ast.walk(ast.parse(source)):
        inside_strings = isinstance(node, ast.FormattedValue | ast.Constant | ast.JoinedStr)
        if isinstance(node, ast.stmt | ast.expr | ast.arg | ast.ExceptHandler | ast.alias) and not inside_strings:
            yield Span("app.py", *_place(node))


@pytest.mark.parametrize("source", [SOURCE, SOURCE.replace(b"\n", b"\r\n"), Path(ast.__file__).read_bytes()])
def test_every_node_of_ast_is_found_where_it_is(tmp_path: Path, source: bytes) -> None:
    found = confirm(load(tmp_path, source), set(spans(source)))
    assert len(found) > 50
    # what LibCST has no node for: a slice, an unpacked argument, the parentheses of a call as those of a generator
    refused = {span for span, verdict in found.items() if verdict is not Verdict.CONFIRMED}
    nodes = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.expr)]
    kinds = {type(node) for node in nodes if Span("app.py", *_place(node)) in refused}
    assert kinds <= {ast.Slice, ast.Starred, ast.GeneratorExp}
    assert len(refused) < len(found) / 20


def _place(node: ast.stmt | ast.expr | ast.arg | ast.ExceptHandler | ast.alias) -> tuple[int, int, int, int]:
    return node.lineno, node.col_offset, node.end_lineno or 0, node.end_col_offset or 0


@pytest.mark.parametrize(
    ("place", "verdict"),
    [
        ((11, 0, 21, 64), Verdict.REFUSED),  # ends where nothing ends
        ((12, 1, 12, 1), Verdict.REFUSED),
        ((12, 0, 12, 0), Verdict.CONFIRMED),  # the class, by its start
        ((13, 16, 13, 21), Verdict.REFUSED),  # columns in characters instead of bytes
        ((13, 17, 13, 22), Verdict.CONFIRMED),
        ((22, 47, 22, 56), Verdict.REFUSED),  # a comment
        ((1, 0, 1, 0), Verdict.CONFIRMED),  # the module
    ],
)
def test_a_span_must_fit_a_node(tmp_path: Path, place: tuple[int, int, int, int], verdict: Verdict) -> None:
    span = Span("app.py", *place)
    assert confirm(load(tmp_path, SOURCE), {span}) == {span: verdict}


def rule(span: Span) -> Rule:
    proof = Evidence("callers", Proof.PROVED, span, "nobody calls it")
    finding = Finding(span, "needless", "app:f", (proof,), Applicability.SAFE, 1)
    return Rule("needless", "residue", "A page.", Applicability.SAFE, lambda program: iter([finding]))


def report(program: Program, span: Span) -> Report:
    return run(program, [rule(span)], paths=[""], select=[], ignore=[], started=0.0)


def test_what_is_not_confirmed_is_withheld_and_counted(tmp_path: Path) -> None:
    program = load(tmp_path, b"def f():\n    pass\n")
    assert report(program, Span("app.py", 1, 0, 2, 8)).findings
    refused = report(program, Span("app.py", 1, 1, 2, 8))
    assert not refused.findings
    assert refused.withheld == {"not confirmed on the syntax tree": 1}


@pytest.mark.parametrize("source", [b"x = 1\n\fdef f():\n    pass\n", b"x = 1\rdef f():\r    pass\r"])
def test_a_finding_in_code_that_does_not_come_back_whole_is_shown_and_never_safe(tmp_path: Path, source: bytes) -> None:
    column = int(b"\f" in source)
    (found,) = report(load(tmp_path, source), Span("app.py", 2, column, 3, 8)).findings
    assert found.finding.applicability is Applicability.UNSAFE
    assert [evidence.kind for evidence in found.finding.evidence] == ["callers", "syntax"]


def test_many_fragments_are_judged_in_processes_alike(tmp_path: Path) -> None:
    source = b"".join(b"def f%d(a, b=%d):\n    return (a,\n b)\n" % (n, n) for n in range(70))
    wanted = {Span("app.py", 3 * n + 1, column, 3 * n + 1, 7 + len(str(n))) for n in range(70) for column in (6, 7)}
    alone, together = (confirm(load(tmp_path, source, jobs), wanted) for jobs in (1, 2))
    assert alone == together
    assert set(alone.values()) == {Verdict.CONFIRMED, Verdict.REFUSED}


CHECK = """
import sys
from debloat.cli import main
try:
    main(["check", "--format", "concise", "--no-cascade", "."])
finally:
    print("libcst" in sys.modules)
"""


def test_a_run_that_confirms_nothing_new_does_not_import_libcst(tmp_path: Path) -> None:
    def check() -> list[str]:
        done = subprocess.run([sys.executable, "-c", CHECK], cwd=tmp_path, capture_output=True, text=True, check=False)
        return done.stdout.splitlines()

    (tmp_path / "app.py").write_text("def unused():\n    return 1\n\n\nprint(1)\n")
    *findings, imported = check()
    assert findings
    assert imported == "True"
    assert check() == [*findings, "False"]
    (tmp_path / "app.py").write_text("print(2)\n\n\ndef unused():\n    return 1\n")
    assert check()[-1] == "False", "the definition is the same, only elsewhere"
    (tmp_path / "app.py").write_text("def unused():\n    return 2\n\n\nprint(1)\n")
    assert check()[-1] == "True"


def test_a_stored_verdict_that_means_nothing_is_made_again(tmp_path: Path) -> None:
    span = Span("app.py", 1, 0, 1, 5)
    program = load(tmp_path, b"x = 1\n", cache=True)
    assert confirm(program, {span}) == {span: Verdict.CONFIRMED}
    assert program.verdicts is not None

    class Hostile:
        def load(self, keys: list[bytes]) -> dict[bytes, bytes]:
            return dict.fromkeys(keys, b"\x09")

        def save(self, rows: dict[bytes, bytes]) -> None:
            assert set(rows.values()) == {bytes([Verdict.CONFIRMED])}

    program.verdicts = Hostile()  # type: ignore[assignment]
    assert confirm(program, {span}) == {span: Verdict.CONFIRMED}
