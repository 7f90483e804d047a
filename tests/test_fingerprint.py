"""By what a finding is known again when everything around it, and how it is written, has changed."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from time import perf_counter

import pytest

from debloat.config import Config
from debloat.engine import run
from debloat.fingerprint import meaning
from debloat.loader import load_rules
from debloat.program import load_program

PROJECTS = Path(__file__).parent.parent / "fixtures" / "projects"


def prints(root: Path, *select: str) -> list[tuple[str, str]]:
    """The rule and the fingerprint of each finding in a project."""
    program = load_program(root, Config(), jobs=1, cache=False, world="application", progress=lambda *_: None)
    report = run(program, load_rules(), paths=[""], select=select, ignore=[], started=perf_counter())
    return sorted((found.rule.name, found.fingerprint) for found in report.findings)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return Path(shutil.copytree(PROJECTS / "ledger", tmp_path / "ledger"))


def test_they_are_all_different(project: Path) -> None:
    found = prints(project)
    assert len(found) > 40
    assert len({*found}) == len(found)


def test_they_survive_another_place_and_another_layout(project: Path) -> None:
    before = prints(project)
    subprocess.run(
        [sys.executable, "-m", "ruff", "format", "--quiet", "--isolated", "--line-length=50", str(project)], check=True
    )
    for path in project.rglob("*.py"):
        path.write_text("# moved\n\n\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    assert prints(project) == before


def test_they_survive_another_name_of_the_file(project: Path) -> None:
    before = prints(project)
    (project / "ledger" / "money.py").rename(project / "ledger" / "amounts.py")
    for path in project.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace("ledger.money", "ledger.amounts"), encoding="utf-8")
    assert prints(project) == before


def test_a_further_copy_is_new_and_those_there_stay(tmp_path: Path) -> None:
    def write(names: str) -> None:
        for name in names:
            text = "def clean(text):\n    words = text.split()\n    return ' '.join(words).lower()\n"
            (tmp_path / f"{name}.py").write_text(text)
        calls = "".join(f"import {name}\nprint({name}.clean('A b'))\n" for name in names)
        (tmp_path / "main.py").write_text(calls)

    write("bc")
    before = prints(tmp_path, "duplicate-function")
    assert len(before) == 1
    write("abc")
    after = prints(tmp_path, "duplicate-function")
    assert len(after) == 2
    assert {*before} < {*after}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("'a' if x else b", '"a" if (\n    x\n) else b  # why'),
        ("    except ValueError:\n        raise", "except (ValueError):\n    raise"),
        ("x: int=3", "x: int = 3"),
        ('    def f():\n        """Do\n        it."""\n', 'def f():\n  """Do\n  it."""'),
    ],
)
def test_layout_means_nothing(one: str, other: str) -> None:
    assert meaning(one) == meaning(other) is not None


@pytest.mark.parametrize(("one", "other"), [("x[1:]", "x[:1]"), ("'1'", "1"), ("f(a)", "f(*a)"), ("a, b", "a")])
def test_other_code_means_something_else(one: str, other: str) -> None:
    assert meaning(one) != meaning(other)


@pytest.mark.parametrize("code", ["", "(" * 5000, "\0", "'", "\\", "# a comment"])
def test_what_is_no_code_means_nothing(code: str) -> None:
    assert meaning(code) is None
