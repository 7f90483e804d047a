"""Only what is new is reported: since a revision, and beside a baseline."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from debloat import cli
from debloat.cli import main
from debloat.program import Program

PRICES = """\
def net(price, rate):
    return price / (1 + rate)


def gross(price, rate):
    return price * (1 + rate)


def forgotten(price):
    return price + 1
"""
MAIN = """\
import sys

from prices import gross, net

amount = int(sys.argv[1])
print(net(amount, 0.2), net(amount, 0.3), gross(amount, 0.2), gross(amount, 0.1))
"""
UNUSED = "print(1)\n\n\ndef unused():\n    return 1\n"
CONFIG = '[tool.debloat]\nworld = "application"\n'


@pytest.fixture
def repo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with one commit, in which ``forgotten`` is dead."""
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    folder = tmp_path / "repo"
    folder.mkdir()
    monkeypatch.chdir(folder)
    git(folder, "init", "-q", "-b", "main")
    lay(folder, {"prices.py": PRICES, "main.py": MAIN, "pyproject.toml": CONFIG, ".gitignore": ".debloat_cache/\n"})
    commit(folder)
    return folder


def git(folder: Path, *arguments: str) -> str:
    own = ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "protocol.file.allow=always"]
    done = subprocess.run(["git", *own, *arguments], cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def lay(folder: Path, files: dict[str, str | None]) -> None:
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        if text is None:
            (folder / path).unlink()
        else:
            (folder / path).write_bytes(text.encode())


def commit(folder: Path) -> None:
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "a change")


def check(*arguments: str, status: int | None = None) -> dict[str, Any]:
    done = CliRunner().invoke(main, ["check", "--format", "json", *arguments], catch_exceptions=False)
    report: dict[str, Any] = json.loads(done.stdout)
    assert done.exit_code == (bool(report["findings"]) if status is None else status), done.output
    return report


def found(*arguments: str) -> list[tuple[str, str, int]]:
    findings = check(*arguments)["findings"]
    return [(finding["rule"], finding["path"], finding["line"]) for finding in findings]


def refused(*arguments: str) -> str:
    done = CliRunner().invoke(main, ["check", *arguments])
    assert done.exit_code == 2
    return done.output.strip().removeprefix("Error: ")


def test_what_was_there_is_left_out_and_counted(repo: Path) -> None:
    assert found() == [("dead-symbol", "prices.py", 9)]
    (compared,) = check("--since", "HEAD")["summary"]["compared"]
    assert compared == {
        "against": f"HEAD ({git(repo, 'rev-parse', 'HEAD')[:10]})",
        "known": 1,
        "gone": 0,
        "suppressions": [],
        "notes": [],
    }


def test_what_the_change_added_is_found_committed_staged_changed_or_untracked(repo: Path) -> None:
    dead = "\n\ndef {}():\n    return 1\n"
    lay(repo, {"main.py": MAIN + dead.format("committed")})
    commit(repo)
    lay(repo, {"staged.py": dead.format("staged") + "\n\nprint(2)\n"})
    git(repo, "add", "staged.py")
    lay(repo, {"prices.py": PRICES + dead.format("changed"), "new.py": "print(1)\n" + dead.format("untracked")})
    assert [name for name, *_ in found("--since", "HEAD~1")] == ["dead-symbol"] * 4
    assert [path for _, path, _ in found("--since", "HEAD")] == ["new.py", "prices.py", "staged.py"]
    assert [path for _, path, _ in found("--since", "HEAD", "prices.py")] == ["prices.py"]


def test_what_the_change_made_redundant_elsewhere_is_found(repo: Path) -> None:
    lay(repo, {"main.py": MAIN.replace("net(amount, 0.3), ", "")})
    assert found("--since", "HEAD") == [("constant-parameter", "prices.py", 1)]


def test_what_is_gone_is_counted(repo: Path) -> None:
    lay(repo, {"prices.py": PRICES.partition("\n\ndef forgotten")[0]})
    assert check("--since", "HEAD")["summary"]["compared"][0]["gone"] == 1


def test_a_file_that_moves_brings_nothing(repo: Path) -> None:
    lay(repo, {"shop/prices.py": "# Prices\n\n" + PRICES, "prices.py": None})
    lay(repo, {"main.py": MAIN.replace("from prices", "from shop.prices")})
    assert not found("--since", "HEAD")
    git(repo, "add", "-A")
    assert not found("--since", "HEAD")


def test_a_function_that_moves_or_gets_another_name_brings_nothing(repo: Path) -> None:
    rest, _, dead = PRICES.partition("\n\ndef forgotten")
    lay(repo, {"prices.py": rest, "other.py": f"print(1)\n\n\ndef forgotten{dead}"})
    assert found() and not found("--since", "HEAD")
    lay(repo, {"other.py": f"print(1)\n\n\ndef remembered{dead}"})
    assert found() and not found("--since", "HEAD")
    lay(repo, {"other.py": f"print(1)\n\n\ndef remembered{dead.replace('+ 1', '+ 2')}"})
    assert found("--since", "HEAD") == [("dead-symbol", "other.py", 4)]


def test_of_two_that_are_the_same_the_one_that_came_is_new(repo: Path) -> None:
    handler = "    try:\n        print(int(text))\n    except ValueError:\n        raise\n"
    lay(repo, {"main.py": f"import sys\n\n\ndef show(text):\n    print(text)\n{handler}\n\nshow(sys.argv[1])\n"})
    commit(repo)
    lay(
        repo,
        {"main.py": f"import sys\n\n\ndef show(text):\n{handler}    print(text)\n{handler}\n\nshow(sys.argv[1])\n"},
    )
    assert found("--since", "HEAD", "--select", "reraise-only") == [("reraise-only", "main.py", 7)]


def test_a_suppression_that_comes_is_listed(repo: Path) -> None:
    reason = "# debloat: keep[dead-symbol] for the report"
    lay(repo, {"prices.py": PRICES.replace("def forgotten(price):", f"def forgotten(price):  {reason}")})
    said = [{"path": "prices.py", "line": 9, "rules": "dead-symbol", "reason": "for the report"}]
    report = check("--since", "HEAD")
    assert not report["findings"]
    assert report["summary"]["compared"][0]["suppressions"] == said
    commit(repo)
    assert not check("--since", "HEAD")["summary"]["compared"][0]["suppressions"]
    lay(repo, {"prices.py": PRICES})
    assert found("--since", "HEAD") == [("dead-symbol", "prices.py", 9)]


def test_it_is_compared_with_where_the_branch_left(repo: Path) -> None:
    git(repo, "checkout", "-q", "-b", "work")
    lay(repo, {"work.py": UNUSED})
    commit(repo)
    git(repo, "checkout", "-q", "main")
    lay(repo, {"prices.py": PRICES.partition("\n\ndef forgotten")[0]})
    commit(repo)
    git(repo, "checkout", "-q", "work")
    assert found("--since", "main") == [("dead-symbol", "work.py", 4)]
    git(repo, "merge", "-q", "--no-edit", "main")
    assert found("--since", "main") == [("dead-symbol", "work.py", 4)]


def test_settings_are_those_of_now(repo: Path) -> None:
    lay(repo, {"pyproject.toml": '[project]\nname = "x"\n'})
    commit(repo)
    assert not found()
    lay(repo, {"pyproject.toml": '[project]\nname = "x"\n' + CONFIG})
    assert found() and not found("--since", "HEAD")


def test_a_command_that_is_no_longer_installed_makes_its_function_dead(repo: Path) -> None:
    script = '[project]\nname = "x"\n[project.scripts]\nx = "tool:run"\n'
    lay(repo, {"pyproject.toml": script + CONFIG, "tool.py": "def run():\n    print(1)\n"})
    commit(repo)
    lay(repo, {"pyproject.toml": '[project]\nname = "x"\n' + CONFIG})
    assert {path for _, path, _ in found("--since", "HEAD")} == {"tool.py"}


def test_a_project_in_a_folder_of_the_repository(repo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lay(repo, {f"inner/{name}": text for name, text in {"prices.py": PRICES, "pyproject.toml": CONFIG}.items()})
    lay(repo, {"inner/main.py": MAIN})
    commit(repo)
    monkeypatch.chdir(repo / "inner")
    lay(repo, {"inner/main.py": MAIN + "\n\ndef unused():\n    return 1\n"})
    assert found("--since", "HEAD") == [("dead-symbol", "main.py", 9)]
    assert len(found("--since", "HEAD~1")) == 2  # the folder was not there


def test_contents_are_those_that_git_would_write(repo: Path) -> None:
    git(repo, "config", "core.autocrlf", "true")
    lay(repo, {"main.py": MAIN.replace("\n", "\r\n") + "\r\n\r\ndef unused():\r\n    return 1\r\n"})
    lay(repo, {"prices.py": PRICES.replace("\n", "\r\n").replace("price + 1", "price + 2")})
    assert found("--since", "HEAD") == [("dead-symbol", "main.py", 9)]


def test_a_submodule_is_looked_at_as_it_is_now(repo: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    git(other, "init", "-q")
    lay(other, {"lib.py": "def one():\n    return 1\n"})
    commit(other)
    git(repo, "submodule", "-q", "add", str(other), "other")
    commit(repo)
    lay(repo / "other", {"lib.py": "def two():\n    return 2\n"})
    commit(repo / "other")
    (compared,) = check("--since", "HEAD", status=0)["summary"]["compared"]
    assert compared["notes"] == ["the submodule other has changed: it is looked at as it is now on both sides"]


def test_a_shallow_clone(repo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = git(repo, "rev-parse", "HEAD")
    lay(repo, {"main.py": MAIN + "\n\ndef unused():\n    return 1\n"})
    commit(repo)
    git(tmp_path, "clone", "-q", "--depth", "1", f"file://{repo}", "shallow")
    monkeypatch.chdir(tmp_path / "shallow")
    assert "no such commit in this shallow clone; fetch it" in refused("--since", first)
    git(Path(), "fetch", "-q", "--depth", "1", "origin", first)
    report = check("--since", first)
    assert [finding["line"] for finding in report["findings"]] == [9]
    assert "HEAD share: compared with" in report["summary"]["compared"][0]["notes"][0]


def test_what_cannot_be_compared_is_one_line(repo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert refused("--since", "gone") == "--since gone: git knows no such commit here"
    assert refused("--since", "HEAD:main.py") == "--since HEAD:main.py: git knows no such commit here"
    assert refused("--since", "--all") == "--since --all: git knows no such commit here"
    (tmp_path / "plain").mkdir()
    monkeypatch.chdir(tmp_path / "plain")
    lay(Path(), {"main.py": MAIN})
    assert "not a git repository" in refused("--since", "HEAD")


def test_the_past_is_analysed_once(repo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    loads: list[object] = []
    load = cli._program

    def counted(*given: Any) -> Program:
        loads.append(given)
        return load(*given)

    monkeypatch.setattr(cli, "_program", counted)
    lay(repo, {"main.py": MAIN + "\n\ndef unused():\n    return 1\n"})
    assert [found("--no-cascade", "--since", "HEAD"), len(loads)] == [[("dead-symbol", "main.py", 9)], 2]
    assert [found("--no-cascade", "--since", "HEAD"), len(loads)] == [[("dead-symbol", "main.py", 9)], 3]
    lay(repo, {"pyproject.toml": CONFIG + 'ignore = ["reraise-only"]\n'})
    assert [found("--no-cascade", "--since", "HEAD"), len(loads)] == [[("dead-symbol", "main.py", 9)], 5]
    assert [found("--no-cascade", "--since", "HEAD", "--no-cache"), len(loads)] == [[("dead-symbol", "main.py", 9)], 7]


def accept(*arguments: str) -> str:
    done = CliRunner().invoke(main, ["check", "-q", "--baseline", "accepted.json", "--update-baseline", *arguments])
    assert done.exit_code == 0, done.output
    return done.stderr


def test_a_baseline_holds_what_is_accepted(repo: Path) -> None:
    assert accept() == "accepted.json: 1 accepted, 1 of them new, 0 gone\n"
    assert not found("--baseline", "accepted.json")
    lay(repo, {"pyproject.toml": CONFIG + 'baseline = "accepted.json"\n'})
    assert not found()
    lay(repo, {"new.py": UNUSED})
    assert found() == [("dead-symbol", "new.py", 4)]


def test_what_names_findings_does_not_use_what_it_names(repo: Path) -> None:
    here = found("--no-cache")
    for form in ("json", "sarif", "gitlab"):
        CliRunner().invoke(main, ["check", "-q", "--format", form, "--output-file", f"{form}.json"])
        assert "forgotten" in (repo / f"{form}.json").read_text()
    CliRunner().invoke(main, ["score", "--html", "score.html"])
    assert "forgotten" in (repo / "score.html").read_text()
    accept()
    assert len(here) == 1 and found("--no-cache") == here


def test_a_baseline_survives_moved_lines_other_names_of_files_and_another_layout(repo: Path) -> None:
    accept()
    lay(repo, {"prices.py": "# Prices\n\n" + PRICES.replace("return price + 1", "return (\n        price + 1\n    )")})
    assert not found("--baseline", "accepted.json")
    git(repo, "mv", "prices.py", "costs.py")
    lay(repo, {"main.py": MAIN.replace("from prices", "from costs")})
    assert not found("--baseline", "accepted.json")


def test_another_copy_of_an_accepted_duplicate_is_new(repo: Path) -> None:
    body = "(price):\n    low = min(price, 10)\n    return [low, low + 1, low + 2, price]\n"
    calls = "\n\nprint(one(amount), two(amount){})\n"
    copies = f"\n\ndef one{body}\n\ndef two{body}"
    lay(repo, {"main.py": MAIN + copies + calls.format("")})
    accept()
    assert not found("--baseline", "accepted.json")
    lay(repo, {"main.py": f"{MAIN}{copies}\n\ndef three{body}{calls.format(', three(amount)')}"})
    assert [rule for rule, *_ in found("--baseline", "accepted.json")] == ["duplicate-function"]


def test_what_no_longer_occurs_is_said_and_pruned(repo: Path) -> None:
    accept()
    lay(repo, {"prices.py": PRICES.partition("\n\ndef forgotten")[0]})
    (compared,) = check("--baseline", "accepted.json")["summary"]["compared"]
    gone = "no longer occurs: prices.py dead-symbol function forgotten is never used"
    assert compared["notes"] == [gone]
    assert accept() == f"accepted.json: 0 accepted, 0 of them new, 1 gone\n  {gone}\n"
    assert json.loads((repo / "accepted.json").read_text()) == {"version": 1, "findings": []}


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"version": 1, "findings": [3]}', '{"version": 9, "findings": []}'])
def test_a_baseline_that_is_none_is_one_line(repo: Path, text: str) -> None:
    assert "accepted.json: there is no such baseline" in refused("--baseline", "accepted.json")
    lay(repo, {"accepted.json": text})
    assert "accepted.json: " in refused("--baseline", "accepted.json")
    accept()


def test_a_baseline_is_of_the_whole_project(repo: Path) -> None:
    assert "whole project" in refused("--baseline", "accepted.json", "--update-baseline", "main.py")
    assert "whole project" in refused("--baseline", "accepted.json", "--update-baseline", "--since", "HEAD")
    assert "whole project" in refused("--update-baseline")


@pytest.mark.parametrize(
    ("settings", "arguments", "status"),
    [
        ("", [], 1),
        ("", ["--fail-on", "safe"], 1),
        ("", ["--fail-on", "never"], 0),
        ('fail-on = "never"', [], 0),
        ('fail-on = "never"', ["--fail-on", "suggestion"], 1),
        ("severity = {residue = 'note'}", [], 0),
        ("severity = {residue = 'note', dead-symbol = 'error'}", [], 1),
        ("severity = {dead-symbol = 'warning', residue = 'error'}", [], 0),
    ],
)
def test_settings_say_what_makes_the_run_fail(repo: Path, settings: str, arguments: list[str], status: int) -> None:
    lay(repo, {"pyproject.toml": f"{CONFIG}{settings}\n"})
    check(*arguments, status=status)


def test_severity_names_rules_that_there_are(repo: Path) -> None:
    lay(repo, {"pyproject.toml": f"{CONFIG}severity = {{dead-symbols = 'note'}}\n"})
    assert refused() == "there is no rule or family 'dead-symbols'; did you mean dead-symbol?"
    lay(repo, {"pyproject.toml": f"{CONFIG}severity = {{dead-symbol = 'grave'}}\n"})
    assert "severity must be a table from rules or families to error, warning, note" in refused()
