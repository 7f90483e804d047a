"""What the README says is so: its table, its excerpts, its settings and commands."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from debloat.cli import FORMATS, main
from debloat.config import KEYS, read_config
from debloat.engine import UNUSED_SUPPRESSION
from debloat.loader import load_rules
from debloat.page import table

ROOT = Path(__file__).parent.parent
README, PROOFS, SETTINGS = (
    (ROOT / path).read_text(encoding="utf-8") for path in ("README.md", "docs/proofs.md", "docs/configuration.md")
)


def debloat(*arguments: str, cwd: Path) -> str:
    command = [sys.executable, "-m", "debloat", *arguments]
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode in (0, 1), done.stderr
    return done.stdout


def test_the_table_of_rules_is_that_of_the_command() -> None:
    shown = README.partition("<!-- debloat rules -->\n")[2].partition("<!-- end -->")[0]
    assert shown == table(sorted([*load_rules(), UNUSED_SUPPRESSION], key=lambda rule: rule.name))


def test_the_excerpts_are_what_is_printed() -> None:
    (checked,) = re.findall(r"^```text\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
    assert checked in debloat("check", "--no-cache", "fixtures/projects/shop", cwd=ROOT)
    (explained,) = re.findall(r"^```text\n(.*?)^```", PROOFS, re.MULTILINE | re.DOTALL)
    command, _, answer = explained.partition("\n")
    arguments = command.removeprefix("$ debloat ").split()
    assert answer == debloat(*arguments, "--no-cache", cwd=ROOT / "fixtures" / "projects" / "shop")


def test_the_change_that_is_shown_is_what_fix_does(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "fixtures" / "projects" / "shop", tmp_path / "shop")
    (shown,) = re.findall(r"^```diff\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
    assert shown in debloat("fix", "--diff", "--no-cache", cwd=tmp_path / "shop")


def test_every_setting_is_shown_and_right(tmp_path: Path) -> None:
    (settings,) = re.findall(r"^```toml\n(.*?)^```", SETTINGS, re.MULTILINE | re.DOTALL)
    (tmp_path / "pyproject.toml").write_text(settings)
    assert read_config(tmp_path / "pyproject.toml")
    assert set(re.findall(r"^([a-z-]+) =", settings, re.MULTILINE)) == set(KEYS)


@pytest.mark.parametrize("name", [*sorted(main.commands), *FORMATS])
def test_every_command_and_format_is_named(name: str) -> None:
    assert f"`debloat {name}" in README or f"`{name}`" in README
