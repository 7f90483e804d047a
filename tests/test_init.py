"""What a project is told that it needs, and that nothing of it is lost when that is written."""

from __future__ import annotations

import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from debloat.cli import main
from debloat.config import read_config


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory: a checkout with a program of one file."""
    monkeypatch.chdir(tmp_path)
    subprocess.run(["git", "init", "-q"], check=True)
    (tmp_path / "app.py").write_text("print(1)\n")
    return tmp_path


def init(*arguments: str) -> Any:
    result = CliRunner().invoke(main, ["init", *arguments])
    assert result.exit_code == 0, result.output
    return result


def files(folder: Path) -> dict[str, bytes]:
    found = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    return {path: content for path, content in found.items() if not path.startswith(".git/")}


def test_it_prints_all_and_writes_nothing(project: Path) -> None:
    said = init().stdout
    heads = [line for line in said.splitlines() if line.startswith("# write to ")]
    assert heads == [
        f"# write to {name}"
        for name in (
            "pyproject.toml",
            ".pre-commit-config.yaml",
            ".github/workflows/debloat.yml",
            ".gitlab-ci.yml",
            "AGENTS.md",
        )
    ]
    assert [*files(project)] == ["app.py"]


def test_what_is_written_can_be_read_and_is_written_once(project: Path) -> None:
    result = init("--write")
    assert result.stdout == ""
    assert "wrote pyproject.toml" in result.stderr
    config = read_config(project / "pyproject.toml")
    assert config is not None
    assert config.world == "application"
    (hook,) = yaml.safe_load((project / ".pre-commit-config.yaml").read_text())["repos"][0]["hooks"]
    assert hook["entry"] == "debloat check"
    assert hook["additional_dependencies"][0].startswith("debloat-lint")
    job = yaml.safe_load((project / ".github/workflows/debloat.yml").read_text())["jobs"]["debloat"]
    assert all("uses" in step or "run" in step for step in job["steps"])
    assert "codequality" in yaml.safe_load((project / ".gitlab-ci.yml").read_text())["debloat"]["artifacts"]["reports"]
    assert "debloat check --since" in (project / "AGENTS.md").read_text()
    assert CliRunner().invoke(main, ["check", "--no-cache"]).exit_code == 0
    before = files(project)
    again = init("--write")
    assert "# add to AGENTS.md" in again.stdout
    assert "pyproject.toml" not in again.stdout
    assert files(project) == before


@pytest.mark.parametrize("before", ["", "[project]\nname = 'x'", "[project]\nname = 'x'\r\n"])
def test_settings_go_to_the_end_of_what_is_there(project: Path, before: str) -> None:
    (project / "pyproject.toml").write_bytes(before.encode())
    (project / "CLAUDE.md").write_text("Be brief.\n")
    (project / ".gitlab-ci.yml").write_text("build:\n  script: make\n")
    said = init("--write").stdout
    after = (project / "pyproject.toml").read_bytes().decode()
    assert after.startswith(before)
    assert tomllib.loads(after).get("project", {}) == tomllib.loads(before).get("project", {})
    assert read_config(project / "pyproject.toml")
    assert (project / "CLAUDE.md").read_text() == "Be brief.\n"
    assert (project / ".gitlab-ci.yml").read_text() == "build:\n  script: make\n"
    assert "# add to CLAUDE.md" in said
    assert "# add to .gitlab-ci.yml" in said
    assert not (project / "AGENTS.md").exists()
    assert not (project / ".github").exists()


def test_settings_fit_the_project(project: Path) -> None:
    (project / "pyproject.toml").write_text("[project]\nname = 'shop'\n")
    for path, text in {
        "shop/__init__.py": "",
        "checks/pricing.py": "import pytest\n\n\ndef test_it():\n    assert 1\n",
        "checks/deep/more.py": "from unittest import mock\n\nasync def test_it():\n    assert 1\n",
        "shop/testing.py": "import pytest\n\n\ndef helper():\n    pass\n",
    }.items():
        (project / path).parent.mkdir(parents=True, exist_ok=True)
        (project / path).write_text(text)
    init("--write")
    config = read_config(project / "pyproject.toml")
    assert config is not None
    assert config.world == "library"
    assert config.tests == ("tests/", "test_*.py", "*_test.py", "conftest.py", "checks/")
    assert '# public = ["shop"]' in (project / "pyproject.toml").read_text()


@pytest.mark.parametrize(("host", "other"), [("github.com", ".gitlab-ci.yml"), ("gitlab.com", ".github/workflows")])
def test_the_ci_is_that_of_the_host(project: Path, host: str, other: str) -> None:
    subprocess.run(["git", "remote", "add", "origin", f"git@{host}:x/y.git"], check=True)
    said = init().stdout
    assert other not in said
    assert said.count("# write to .git") == 1
