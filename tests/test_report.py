"""What each format says of one report."""

from __future__ import annotations

import importlib
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import click
import pytest
from click.testing import CliRunner

from debloat.cli import main
from debloat.engine import Report, Reported
from debloat.model import Applicability, Evidence, Finding, Problem, Proof, Rule, Span
from debloat.report.full import summary

TEXTS = {
    "shop/price.py": "TAX = 'ä'; old = TAX\n\tfees = \x1b[31m\n",
    "app.py": "print(1)\n",
}
RULE = Rule(
    "dead-symbol", "residue", "Finds dead things.\n\n## Fix\n\nDelete.\n", Applicability.SAFE, lambda p: iter(())
)
EVIDENCE = (
    Evidence("callers", Proof.PROVED, Span("app.py", 1, 0, 1, 5), "no other call"),
    Evidence("reachability", Proof.ASSUMED, Span("shop/price.py", 1, 0, 1, 0), "world: an application"),
)


@pytest.fixture
def program(make_program: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    (tmp_path / "shop").mkdir()
    monkeypatch.chdir(tmp_path / "shop")
    return make_program(TEXTS)


@pytest.fixture
def report() -> Report:
    # the ä of TAX is two bytes, so byte 12 is character 11, the 12th counted from 1
    first = Finding(
        Span("shop/price.py", 1, 12, 1, 15), "old is never read", "shop.price:old", EVIDENCE, Applicability.UNSAFE, 1
    )
    second = Finding(
        Span("shop/price.py", 2, 1, 2, 5), "fees is never read", "shop.price:fees", (), Applicability.SAFE, 2
    )
    problem = Problem("app.py", 3, "does not parse", fatal=False)
    found = (Reported(RULE, first, "aa"), Reported(RULE, second, "bb"))
    return Report((RULE,), found, {"public": 4}, (problem,), 1.25)


def rendered(format_name: str, report: Report, program: Any) -> str:
    return "".join(importlib.import_module(f"debloat.report.{format_name}").render(report, program))


def test_concise_counts_characters_from_the_working_directory(report: Report, program: Any) -> None:
    assert rendered("concise", report, program) == (
        "price.py:1:12: dead-symbol old is never read [unsafe]\nprice.py:2:2: dead-symbol fees is never read [safe]\n"
    )


def test_json_is_the_promised_object(report: Report, program: Any) -> None:
    document = json.loads(rendered("json", report, program))
    first = document["findings"][0]
    assert first == {
        "rule": "dead-symbol",
        "family": "residue",
        "path": "price.py",
        "line": 1,
        "column": 12,
        "end_line": 1,
        "end_column": 15,
        "message": "old is never read",
        "applicability": "unsafe",
        "evidence": [
            {"path": "../app.py", "line": 1, "note": "no other call", "kind": "callers", "proof": "proved"},
            {
                "path": "price.py",
                "line": 1,
                "note": "world: an application",
                "kind": "reachability",
                "proof": "assumed",
            },
        ],
        "removable_lines": 1,
        "fingerprint": "aa",
        "fix": None,
    }
    assert document["summary"] == {
        "files": 2,
        "lines": 3,
        "world": [{"root": ".", "world": "application", "assumed": True, "reason": "no build metadata"}],
        "findings": {"by_rule": {"dead-symbol": 2}, "by_applicability": {"unsafe": 1, "safe": 1}},
        "withheld": {"public": 4},
        "compared": [],
        "seconds": 1.25,
    }
    assert document["errors"] == [{"path": "../app.py", "line": 3, "message": "does not parse"}]
    assert isinstance(document["version"], str)


def test_sarif_has_rules_places_evidence_and_fingerprints(report: Report, program: Any) -> None:
    log = json.loads(rendered("sarif", report, program))
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    assert run["originalUriBaseIds"]["%SRCROOT%"]["uri"] == program.root.resolve().as_uri() + "/"
    (rule,) = run["tool"]["driver"]["rules"]
    assert (rule["id"], rule["shortDescription"]["text"]) == ("dead-symbol", "Finds dead things.")
    first = run["results"][0]
    assert run["tool"]["driver"]["rules"][first["ruleIndex"]]["id"] == first["ruleId"]
    assert first["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "shop/price.py", "uriBaseId": "%SRCROOT%"},
        "region": {"startLine": 1, "startColumn": 12, "endLine": 1, "endColumn": 15},
    }
    assert [related["message"]["text"] for related in first["relatedLocations"]] == [
        "callers, proved: no other call",
        "reachability, assumed: world: an application",
    ]
    assert first["partialFingerprints"] == {"debloat/v1": "aa"}
    (notice,) = run["invocations"][0]["toolExecutionNotifications"]
    assert notice["locations"][0]["physicalLocation"]["region"] == {"startLine": 3}
    assert run["invocations"][0]["executionSuccessful"]


def test_full_shows_the_source_and_the_evidence(report: Report, program: Any) -> None:
    text = rendered("full", report, program)
    assert click.unstyle(text).startswith(
        "price.py\n"
        "  price.py:1:12 dead-symbol old is never read [unsafe, 1 line]\n"
        "        1 │ TAX = 'ä'; old = TAX\n"
        "          │            ^^^\n"
        "    ├─ callers: no other call ../app.py:1\n"
        "    └─ reachability assumed: world: an application price.py:1\n"
    )
    assert "\x1b[31m\n" not in text, "an escape in checked source reached the terminal"
    assert "          │ \t^^^^\n" in click.unstyle(text)


def test_the_summary_says_what_was_assumed_and_how_to_settle_it(report: Report, program: Any) -> None:
    program.notebooks = ("a.ipynb",)
    assert click.unstyle("".join(summary(report, program))) == (
        "2 findings (1 safe, 1 unsafe); 3 lines could go in 2 files, 3 lines, 1.2 s\n"
        "Withheld because not proved: public 4; `debloat why PATH:LINE` says what stops one\n"
        "Assumed: . is an application (no build metadata)\n"
        "  unsafe because of it: 1 finding; withheld as public: 4; "
        'settle it with world = "application" or "library" under [tool.debloat] in pyproject.toml, or with --world\n'
        "1 notebook left alone: a.ipynb\n"
    )


def test_a_declared_world_and_nothing_found_is_one_line(program: Any) -> None:
    program.parts[0] = SimpleNamespace(**{**vars(program.parts[0]), "assumed": False})
    text = click.unstyle("".join(summary(Report((), (), {}, (), 0.1), program)))
    assert text == "Nothing needless found in 2 files, 3 lines, 0.1 s\n"


def test_no_message_holds_what_a_terminal_would_obey(tmp_path: Path) -> None:
    text = 'def shown(text, code="\\x1b[2m"):\n    return code + text\n\n\nprint(shown("a"), shown("b", "\\x1b[2m"))\n'
    (tmp_path / "app.py").write_text(text)
    done = CliRunner().invoke(main, ["check", "--format", "concise", "--world", "application", str(tmp_path)])
    assert 'is always "\\u001b[2m"' in done.output
