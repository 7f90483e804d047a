"""The action and the hooks: what their files say, and what the script of the action does with a pull request."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from debloat.cli import main

ROOT = Path(__file__).parent.parent
ACTION = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
HOOKS = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
OLD = "def old():\n    return 1\n\n\nprint(2)\n"


def git(folder: Path, *arguments: str) -> str:
    names = ["-c", "user.name=n", "-c", "user.email=e", "-c", "protocol.file.allow=always"]
    done = subprocess.run(["git", *names, *arguments], cwd=folder, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def commit(folder: Path) -> str:
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "x")
    return git(folder, "rev-parse", "HEAD")


@pytest.fixture
def change(tmp_path: Path) -> tuple[Path, str]:
    """A shallow clone of a branch that adds bloat to a program that had some, and the commit that it left from."""
    origin = tmp_path / "origin"
    origin.mkdir()
    git(origin, "init", "-q", "-b", "main")
    git(origin, "config", "uploadpack.allowAnySHA1InWant", "true")
    (origin / "pyproject.toml").write_text('[tool.debloat]\nworld = "application"\n')
    (origin / "app.py").write_text(OLD)
    base = commit(origin)
    git(origin, "checkout", "-qb", "change")
    (origin / "app.py").write_text(f"{OLD}\n\ndef fresh():\n    return 1\n")
    commit(origin)
    git(tmp_path, "clone", "-q", "--depth=1", "--branch=change", origin.as_uri(), "clone")
    return tmp_path / "clone", base


def act(folder: Path, **inputs: str) -> tuple[int, str, Path]:
    """Run the script of the step that checks, as GitHub would: its status, what it printed, and its folder."""
    (step,) = [step for step in ACTION["runs"]["steps"] if step.get("id") == "check"]
    temporary = folder.with_name("runner")
    (temporary / "debloat" / "bin").mkdir(parents=True)
    command = temporary / "debloat" / "bin" / "debloat"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m debloat "$@"\n')
    command.chmod(0o755)
    files = {name: str(temporary / name) for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "RUNNER_TEMP": str(temporary), **files}
    given = {name: inputs.get(name, "") for name in step["env"]}
    bash = ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", step["run"]]
    done = subprocess.run(bash, cwd=folder, env=environment | given, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr, temporary


def test_the_action_reports_what_a_pull_request_brought(change: tuple[Path, str]) -> None:
    folder, base = change
    status, said, temporary = act(folder, SINCE=base, PATHS=".")
    assert status == 1, said
    assert "::warning file=app.py,line=8," in said
    assert "fresh" in said
    assert "old" not in said.replace("--", "")
    assert (temporary / "GITHUB_STEP_SUMMARY").read_text().startswith("<!-- debloat -->\n### debloat: 1 finding")
    (run,) = json.loads((temporary / "debloat.sarif").read_text())["runs"]
    assert [result["ruleId"] for result in run["results"]] == ["dead-symbol"]
    assert (temporary / "GITHUB_OUTPUT").read_text() == f"sarif={temporary}/debloat.sarif\n"


def test_without_a_base_the_action_reports_everything(change: tuple[Path, str]) -> None:
    status, said, temporary = act(change[0], PATHS=".", ARGS="--fail-on never --select dead-symbol")
    assert status == 0, said
    assert (temporary / "GITHUB_STEP_SUMMARY").read_text().startswith("<!-- debloat -->\n### debloat: 2 findings")


def test_what_goes_wrong_in_the_action_is_its_status(change: tuple[Path, str]) -> None:
    status, said, temporary = act(change[0], PATHS=".", ARGS="--select nothing-like-this")
    assert status == 2
    assert "there is no rule" in said
    assert not (temporary / "GITHUB_STEP_SUMMARY").exists()


def test_the_inputs_of_the_action_are_used() -> None:
    used = json.dumps(ACTION["runs"])
    assert all(f"inputs.{name}" in used for name in ACTION["inputs"])
    documented = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")
    assert all(f"| `{name}` |" in documented for name in ACTION["inputs"])


@pytest.mark.parametrize("hook", HOOKS, ids=lambda hook: hook["id"])
def test_a_hook_reads_the_program_once_and_reports_the_files_of_the_commit(hook: Any) -> None:
    command, *arguments = hook["entry"].split()
    assert command == "debloat"
    assert arguments[0] in main.commands
    assert hook["require_serial"]
    assert hook["types"] == ["python"]
    assert hook.get("pass_filenames", True)
