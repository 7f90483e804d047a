"""A report is given again where nothing has changed, and only there."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgpack
import pytest
from click.testing import CliRunner

from debloat import again, engine
from debloat.cli import main

APP = '''import sys


def total(items):
    """Add up."""
    return sum(items)


def unused(items):
    return items


if __name__ == "__main__":
    print(total([len(sys.argv)]), str("a"))
'''
FILES = {"app.py": APP, "run.sh": "python app.py\n", "pyproject.toml": "[tool.debloat]\nworld = 'application'\n"}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def shown(*arguments: str) -> str:
    result = CliRunner().invoke(main, ["check", *arguments])
    assert result.exit_code == 1, result.output
    return re.sub(r'[0-9.]+ s$|(?<="seconds": )[0-9.]+', "", result.output, flags=re.MULTILINE)


def looked(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Count the runs that look for themselves."""
    found: list[Any] = []
    run: Callable[..., Any] = engine.run

    def counted(*rest: Any, **named: Any) -> Any:
        found.append(1)
        return run(*rest, **named)

    monkeypatch.setattr(engine, "run", counted)
    return found


@pytest.mark.parametrize("format_name", ["full", "concise", "json"])
def test_the_second_run_says_the_same_without_looking(
    project: Path, monkeypatch: pytest.MonkeyPatch, format_name: str
) -> None:
    runs = looked(monkeypatch)
    first = shown("--format", format_name)
    assert "unused" in first
    assert shown("--format", format_name) == first == shown("--format", format_name, "--no-cache")
    assert len(runs) == 2  # the first, and the one without a cache


def test_what_shows_fixes_looks_for_itself(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shown()
    runs = looked(monkeypatch)
    fixes = [result.get("fixes") for result in json.loads(shown("--format", "sarif"))["runs"][0]["results"]]
    assert any(fixes)
    assert len(runs) == 1


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("app.py", APP + "\n"),
        ("more.py", ""),
        ("run.sh", "python app.py unused\n"),
        ("Makefile", "all:\n"),
        ("pyproject.toml", FILES["pyproject.toml"] + "ignore = ['defense']\n"),
        (".flake8", "[flake8]\ndocstring-convention = google\n"),
    ],
)
def test_a_file_that_changes_or_comes_is_looked_at(
    project: Path, monkeypatch: pytest.MonkeyPatch, path: str, text: str
) -> None:
    CliRunner().invoke(main, ["check"])
    (project / path).write_text(text)
    runs = looked(monkeypatch)
    CliRunner().invoke(main, ["check"])
    assert len(runs) == 1
    CliRunner().invoke(main, ["check"])
    assert len(runs) == 1


@pytest.mark.parametrize("arguments", [["--world", "library"], ["--ignore", "defense"], ["app.py"]])
def test_another_question_is_another_run(project: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str]) -> None:
    CliRunner().invoke(main, ["check"])
    runs = looked(monkeypatch)
    CliRunner().invoke(main, ["check", *arguments])
    assert len(runs) == 1


def test_other_rules_or_another_state_of_one_are_another_run(
    project: Path, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("rules")
    code = '"""A page."""\nfrom debloat.model import Applicability\nTIER = Applicability.SAFE\n\n\ndef check(program):\n    return iter(())\n'
    (folder / "mine.py").write_text(code)
    arguments = ["check", "--rules", str(folder)]
    CliRunner().invoke(main, ["check"])
    runs = looked(monkeypatch)
    for times in (1, 1):
        CliRunner().invoke(main, arguments)
        assert len(runs) == times
    (folder / "_helper.py").write_text("")
    CliRunner().invoke(main, arguments)
    assert len(runs) == 2


@pytest.mark.parametrize(
    "forge",
    [
        lambda row: b"\xc1",
        lambda row: msgpack.packb([]),
        lambda row: msgpack.packb([row[0], row[1], {}, [["", 0, "\x1b[2J", False]]]),
        lambda row: msgpack.packb([row[0], [[rule, [["/etc/passwd", 1, 0, 1, 0], *rest], mark] for rule, [_, *rest], mark in row[1]], {}, []]),
        lambda row: msgpack.packb([row[0], [[rule, [["app.py", 999, 0, 999, 0], *rest], mark] for rule, [_, *rest], mark in row[1]], {}, []]),
        lambda row: msgpack.packb([row[0], [["no-rule", *rest] for _, *rest in row[1]], {}, []]),
        lambda row: msgpack.packb([row[0], 7, {}, []]),
    ],
)  # fmt: skip
def test_a_report_that_somebody_made_up_is_not_shown(
    project: Path, monkeypatch: pytest.MonkeyPatch, forge: Callable[[Any], bytes]
) -> None:
    packed = again._packed
    with monkeypatch.context() as forged:
        forged.setattr(again, "_packed", lambda report: forge(msgpack.unpackb(packed(report))))
        first = shown()
    assert shown() == first


def test_nothing_is_read_from_the_disk_past_the_tree() -> None:
    root = Path(again.__file__).parent
    reading = re.compile(r"\bopen\(|read_text|read_bytes|os\.environ\b(?!\.get\"|\")")
    places = [path for folder in ("program", "values") for path in (root / folder).rglob("*.py")]
    places += (root.parent / "rules").rglob("*.py")
    found = {
        (path.name, line.strip())
        for path in places
        for line in re.sub(r'"""(?s:.*?)"""', "", path.read_text(encoding="utf-8")).splitlines()
        if reading.search(line) and "importlib.resources" not in line and 'files("debloat' not in line
    }
    assert not {one for one in found if not one[1].startswith(('"', "#"))}
