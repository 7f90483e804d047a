"""What a program measures, and that it measures after a fix what was foretold."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner
from radon.metrics import h_visit, mi_visit
from radon.raw import analyze
from radon.visitors import ComplexityVisitor

from debloat.cli import main
from debloat.score.metrics import NOTHING, code_lines, measure, total
from tests.differential import PROJECTS
from tests.differential import code_lines as lines_of_code

NAMES = sorted(folder.name for folder in PROJECTS.iterdir())


def debloat(*arguments: str | Path) -> str:
    result = CliRunner().invoke(main, [*map(str, arguments), "--no-cache", "-j2"])
    assert result.exit_code in (0, 1), result.output
    return result.stdout


@pytest.fixture(params=NAMES)
def project(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return Path(shutil.copytree(PROJECTS / request.param, "project"))


def logical(project: Path) -> int:
    files = [path for path in project.rglob("*.py") if "tests" not in path.parts]
    return sum(analyze(path.read_text(encoding="utf-8")).lloc for path in files)


def test_it_foretells_what_fix_leaves_to_the_line(project: Path) -> None:
    foretold: Any = json.loads(debloat("score", "--format", "json", project))
    for state, options in ("now", None), ("safe", []), ("all", ["--unsafe-fixes"]):
        copy = Path(shutil.copytree(project, project.with_name(state)))
        if options is not None:
            debloat("fix", *options, copy)
        assert foretold["total"][state]["code_lines"] == lines_of_code(copy, tests=False)
        assert foretold["tests"][state]["code_lines"] == lines_of_code(copy, tests=True)
        assert foretold["total"][state]["logical_lines"] == logical(copy)
        for file in foretold["files"]:
            path = copy / Path(file["path"]).relative_to("project")
            left = len(code_lines(path.read_text(encoding="utf-8"))) if path.exists() else 0
            assert file[state]["code_lines"] == left
    total = foretold["total"]
    assert total["removable"] == total["now"]["code_lines"] - total["all"]["code_lines"] > 0
    assert total["bloat"] == round(total["removable"] / total["now"]["code_lines"], 4)
    assert sum(rule["all_lines"] for rule in foretold["rules"]) == total["removable"]
    assert sum(package["removable"] for package in foretold["packages"]) == total["removable"]


def test_only_what_is_named_is_measured_and_fixed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(shutil.copytree(PROJECTS / "shop", tmp_path / "shop"))
    foretold = json.loads(debloat("score", "--format", "json", "shop/money.py"))
    assert [file["path"] for file in foretold["files"]] == ["shop/money.py"]
    debloat("fix", "--unsafe-fixes", "shop/money.py")
    left = len(code_lines(Path("shop/money.py").read_text(encoding="utf-8")))
    assert foretold["total"]["all"]["code_lines"] == left < foretold["total"]["now"]["code_lines"]


def test_the_table_says_it_in_words(tmp_path: Path) -> None:
    said = debloat("score", PROJECTS / "shop")
    assert said == click.unstyle(said)
    assert " bloat: " in said
    for word in ("lines of code", "Halstead volume", "package", "file", "dead-symbol", "after all fixes"):
        assert word in said


def test_the_metrics_are_those_of_radon() -> None:
    text = (PROJECTS / "ledger" / "ledger" / "service.py").read_text(encoding="utf-8")
    found = measure(text)
    assert found.maintainability == mi_visit(text, multi=True)
    assert found.logical_lines == analyze(text).lloc
    assert found.volume == h_visit(text).total.volume
    blocks = ComplexityVisitor.from_code(text)
    assert found.complexity == blocks.total_complexity > 20


def test_sums_and_the_mean_of_what_is_no_sum() -> None:
    one, other = (
        NOTHING._replace(logical_lines=3, maintainability=40.0),
        NOTHING._replace(logical_lines=1, maintainability=80.0),
    )
    assert total([one, other]) == NOTHING._replace(logical_lines=4, maintainability=50.0)
    assert total([]) == NOTHING


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", set()),
        ('"""Doc\n\n"""\n\nx = """a\n\n"""  # so\n', {5, 6, 7}),
        ("# no\n\nif x:\n    # no\n    y\n", {3, 5}),
        ("    else:\n        y\n", {1, 2}),
        ("f(\n\n    1,\n", {1, 3}),
        ('x = f"""\n{1}\n"""\n', {1, 2, 3}),
    ],
)
def test_code_is_what_is_no_comment_docstring_or_blank(text: str, lines: set[int]) -> None:
    assert code_lines(text) == lines
