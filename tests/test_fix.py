"""Fixes taken together, applied to a fixed point, and what they must not do."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import libcst as cst
import pytest

from debloat.config import Config
from debloat.engine import UNUSED_SUPPRESSION, look
from debloat.facts import data
from debloat.fix import Outcome, settle
from debloat.journal import JOURNAL, JournalError, complete, pending, write
from debloat.loader import load_rules
from debloat.model import Applicability, Edit, Evidence, Finding, Fix, Proof, Rule, Span
from debloat.page import Section, parse
from debloat.program import Program, load_program
from debloat.program.queries import definitions
from debloat.refactor.check import apply, objection
from debloat.refactor.places import span_of
from debloat.refactor.rewriting import Rewriting
from debloat.refactor.source import source

RULES = [*load_rules(), UNUSED_SUPPRESSION]


def settled(folder: Path, *select: str, lowest: Applicability = Applicability.UNSAFE) -> Outcome:
    """Fix what some rules find in a folder, in memory."""
    return settle(
        lambda changed: load_program(
            folder, Config(), jobs=1, cache=False, world="application", progress=lambda *_: None, changed=changed
        ),
        lambda program: look(program, RULES, paths=[""], select=select, ignore=[]),
        lowest=lowest,
        paths=[""],
        named=select,
    )


def plain(text: str) -> str:
    """An example without its marks."""
    return "".join(line.removesuffix("# !").rstrip() + "\n" for line in text.split("\n")[:-1])


def example(rule: Rule, heading: str) -> Section:
    return next(section for section in parse(rule.doc).sections if section.heading == heading)


def lay(section: Section, folder: Path) -> None:
    for path, text in section.files:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(plain(text), encoding="utf-8")


# Suggestions that are carried out when their rule is named say so.
FIXED = [rule for rule in RULES if rule.tier > Applicability.SUGGESTION or "rule is named" in rule.doc]


@pytest.mark.parametrize("rule", FIXED, ids=lambda rule: rule.name)
def test_the_fix_makes_the_lean_example_of_the_bloated_one(rule: Rule, tmp_path: Path) -> None:
    lay(example(rule, "Bloated"), tmp_path)
    # Only what all rules have to say tells whether a suppression is of use.
    outcome = settled(tmp_path, *([] if rule == UNUSED_SUPPRESSION else [rule.name]))
    files = {path.relative_to(tmp_path).as_posix(): path.read_text() for path in tmp_path.rglob("*.py")}
    for path, content in outcome.changed.items():
        if content is None:
            del files[path]
        else:
            files[path] = content.decode()
    assert files == {path: plain(text) for path, text in example(rule, "Lean").files if path.endswith(".py")}
    assert not outcome.unsettled


def test_a_fold_keeps_comments_strings_and_the_layout_of_what_stays(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(
        "import sys\n\n\n"
        "def total(prices, more):\n"
        "    # what comes in\n"
        "    if prices is None:\n"
        "        return 0\n"
        "    elif len(prices) > 3:  # many\n"
        "        raise ValueError\n"
        "    else:\n"
        '        print("""\n  x\n""")\n'
        "        return sum(\n"
        "            prices   # all\n"
        "        )\n\n\n"
        "print(total([1, len(sys.argv)], 2), total([2, len(sys.argv)], 3))\n"
    )
    outcome = settled(tmp_path, "redundant-none-check")
    text = outcome.changed["app.py"]
    assert text is not None
    assert text.decode() == (tmp_path / "app.py").read_text().replace(
        "    if prices is None:\n        return 0\n    elif len", "    if len"
    )


def test_the_check_of_a_fix_sees_what_differs_outside_of_its_edits() -> None:
    old = "def f(x):\n    yield x\n\n\ndef g():\n    return y\n"

    def said(line: int, end: int, text: str) -> str | None:
        edits = [Edit(Span("app.py", line, 0, end, 0), text)]
        return objection(ast.parse(old), apply(old, edits), edits, (3, 9))

    assert said(6, 7, "    return 1\n") is None
    assert said(2, 3, "    pass\n") == "f would become a generator or see other variables"
    assert said(6, 7, "    y = 1\n    return y\n") == "g would become a generator or see other variables"
    assert said(6, 7, "    return (\n") == "it would not parse"
    assert said(6, 7, "    match y:\n        case _: pass\n") == "it would not parse"
    assert said(4, 4, '"""\n') == "it would not parse"


@pytest.mark.parametrize("resting", [("one", "two"), ("two",), ("one",)])
def test_a_fix_waits_where_another_one_takes_what_its_finding_rests_on(
    resting: tuple[str, ...], tmp_path: Path
) -> None:
    body = "    parts = [part.strip() for part in text.split(',')]\n    return [part for part in parts if part]\n"
    (tmp_path / "app.py").write_text(
        f"def one(text):\n{body}\n\ndef two(text):\n{body}\n\nprint(one('a,b'))\nprint(two('c'))\n"
    )

    def check(program: Program) -> Iterator[Finding]:
        """Each is the same as the other, and may go if that stays."""
        spans = {program.index.name(scope): program.index.span(scope) for scope in definitions(program, data.FUNCTION)}
        for name, other in (("one", "two"), ("two", "one")):
            if {name, other} <= spans.keys():
                evidence = (Evidence("type", Proof.PROVED, spans[other], "does the same"),) if name in resting else ()
                gone = Gone(spans[name], (name, other))
                yield Finding(spans[name], name, name, evidence, Applicability.SAFE, 3, refactoring=gone)

    rule = Rule("either", "residue", "", Applicability.SAFE, check)
    outcome = settle(
        lambda changed: load_program(
            tmp_path, Config(), jobs=1, cache=False, world="application", progress=lambda *_: None, changed=changed
        ),
        lambda program: look(program, [rule], paths=[""], select=[], ignore=[]),
        lowest=Applicability.SAFE,
        paths=[""],
    )
    assert [applied.reported.finding.message for applied in outcome.applied] == ["one"]
    assert outcome.changed == {"app.py": f"def two(text):\n{body}\n\nprint(two('a,b'))\nprint(two('c'))\n".encode()}


def test_calls_of_a_duplicate_do_not_come_where_something_was_proved_of_the_other_calls(tmp_path: Path) -> None:
    body = "    shown = text if text is not None else 'none'\n    return shown + '!'\n"
    (tmp_path / "app.py").write_text(
        f"def one(text):\n{body}\n\ndef two(text):\n{body}\n\nprint(one('a'))\nprint(one('b'))\nprint(two(None))\n"
    )
    outcome = settled(tmp_path, lowest=Applicability.SAFE)
    text = outcome.changed["app.py"]
    assert text is not None
    assert "if text is not None else 'none'" in text.decode()
    assert "two" not in text.decode()


@dataclass(frozen=True)
class Gone:
    """Delete a function and call another one in its place."""

    span: Span
    names: tuple[str, str]
    title = "Call the other one"

    def fix(self, program: Program) -> Fix:
        rewriting = Rewriting(program)
        text = source(program, self.span.path)
        rewriting.delete(self.span.path, text.statement(self.span.line, self.span.column))

        def renamed(name: cst.Name) -> cst.Name:
            return name.with_changes(value=self.names[1])

        for node in ast.walk(text.tree):
            if isinstance(node, ast.Name) and node.id == self.names[0]:
                rewriting.at(span_of(self.span.path, node), cst.Name, renamed)
        return Fix(tuple(rewriting.edits()), ())


def test_files_are_replaced_all_or_none(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("1\n")
    (tmp_path / "b.py").write_text("2\n")
    (tmp_path / "b.py").chmod(0o755)
    write(tmp_path, {"a.py": (b"1\n", None), "b.py": (b"2\n", b"3\n")}, {})
    assert not (tmp_path / "a.py").exists()
    assert (tmp_path / "b.py").read_text() == "3\n"
    assert (tmp_path / "b.py").stat().st_mode & 0o777 == 0o755
    with pytest.raises(JournalError, match=r"b\.py has changed meanwhile"):
        write(tmp_path, {"b.py": (b"2\n", b"4\n")}, {})
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b.py"]


KILLED = """
import os, sys
from pathlib import Path
from debloat import journal
left = int(sys.argv[2])
def counted(function):
    def call(*given, **more):
        global left
        left -= 1
        if left == 0:
            os._exit(9)
        return function(*given, **more)
    return call
for name in ("replace", "rename", "unlink", "mkdir"):
    setattr(Path, name, counted(getattr(Path, name)))
journal._durable = counted(journal._durable)
journal._sync = counted(journal._sync)
journal.shutil.rmtree = counted(journal.shutil.rmtree)
journal.write(Path(sys.argv[1]), {f"m{n}.py": (b"old\\n", b"new\\n" if n else None) for n in range(4)}, {})
"""


def test_whatever_moment_ends_the_writing_what_comes_next_completes_or_finds_nothing_done(tmp_path: Path) -> None:
    ways = set()
    for moment in range(1, 100):
        folder = tmp_path / str(moment)
        folder.mkdir()
        for number in range(4):
            (folder / f"m{number}.py").write_text("old\n")
        code = subprocess.run([sys.executable, "-c", KILLED, folder, str(moment)], check=False).returncode
        begun = pending(folder)
        complete(folder)
        assert not pending(folder)
        assert {path.name for path in folder.iterdir()} <= {f"m{number}.py" for number in range(4)}
        texts = {path.name: path.read_text() for path in folder.iterdir()}
        new = {f"m{number}.py": "new\n" for number in range(1, 4)}
        assert texts in (new, {f"m{number}.py": "old\n" for number in range(4)})
        assert not begun or texts == new
        ways.add((code, begun, texts == new))
        if code == 0:
            break
    assert ways == {(9, False, False), (9, True, True), (9, False, True), (0, False, True)}


def test_what_somebody_changed_after_an_interrupted_fix_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "m0.py").write_text("old\n")
    for number in range(1, 4):
        (tmp_path / f"m{number}.py").write_text("old\n")
    moment = 1
    while not pending(tmp_path):
        subprocess.run([sys.executable, "-c", KILLED, tmp_path, str(moment)], check=False)
        moment += 1
    (tmp_path / "m3.py").write_text("mine\n")
    with pytest.raises(JournalError, match=r"m3\.py has been changed since"):
        complete(tmp_path)
    assert (tmp_path / "m3.py").read_text() == "mine\n"
    (tmp_path / JOURNAL / "files.json").write_text('[["../x.py", "", ""]]')
    with pytest.raises(JournalError, match="damaged or not ours"):
        complete(tmp_path)
