"""What comparisons of the version of Python give under all that a project supports."""

from __future__ import annotations

from pathlib import Path

import pytest

from debloat.config import Config
from debloat.engine import run
from debloat.loader import load_rules
from debloat.program import load_program

TESTS = {
    "sys.version_info >= (3, 11)": ("true", "safe"),
    "sys.version_info > (3, 11)": ("true", "safe"),
    "sys.version_info > (3, 11, 0)": ("true", "safe"),
    "sys.version_info[:2] >= (3, 11)": ("true", "safe"),
    "sys.version_info < (3, 11)": ("false", "safe"),
    "sys.version_info <= (3, 10)": ("false", "safe"),
    "sys.version_info < (3,)": ("false", "safe"),
    "sys.version_info[0] >= 3": ("true", "safe"),
    "sys.version_info[0] == 2": ("false", "safe"),
    "sys.version_info.major == 3": ("true", "unsafe"),
    "sys.version_info.minor > 6": ("true", "unsafe"),
    "sys.version_info[1] < 9": ("false", "unsafe"),
    "sys.version_info < (4, 0)": ("true", "unsafe"),
    "sys.version_info >= (3, 12)": None,
    "sys.version_info >= (3, 11, 1)": None,
    "sys.version_info[:2] > (3, 11)": None,
    "sys.version_info[:2] == (3, 11)": None,
    "sys.version_info[2] > 0": None,
    "sys.version_info[1:] > (3, 0)": None,
    "sys.version_info.minor > limit": None,
    "sys.version_info[0] >= (3, 0)": None,
    "3 < sys.version_info[0] < 5": None,
    "other.version_info >= (3, 0)": None,
}


@pytest.mark.parametrize("test", TESTS)
def test_a_comparison_of_versions_is_told_for_all_supported_ones(test: str, tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "a"\nversion = "1"\nrequires-python = ">=3.11"\n')
    (tmp_path / "app.py").write_text(
        f"import sys\nimport other\nlimit = 3\nif {test}:\n    print(1)\nelse:\n    print(2)\n"
    )
    program = load_program(tmp_path, Config(), jobs=1, cache=False, world="application", progress=lambda *_: None)
    report = run(program, load_rules(), paths=[""], select=["dead-version-test"], ignore=[], started=0.0)
    said = [
        ("true" if "always true" in one.finding.message else "false", one.finding.applicability.name.lower())
        for one in report.findings
    ]
    assert said == [TESTS[test] for _ in range(TESTS[test] is not None)]


@pytest.mark.parametrize("requires", ["^3.11", ">=3.11,<4", ">=3.11, <4.0", "~=3.11"])
def test_a_project_may_exclude_python_4(requires: str, tmp_path: Path) -> None:
    text = f'[tool.poetry]\nname = "a"\nversion = "1"\n[tool.poetry.dependencies]\npython = "{requires}"\n'
    (tmp_path / "pyproject.toml").write_text(text)
    (tmp_path / "app.py").write_text("import sys\nif sys.version_info.minor > 6:\n    print(1)\n")
    program = load_program(tmp_path, Config(), jobs=1, cache=False, world="application", progress=lambda *_: None)
    report = run(program, load_rules(), paths=[""], select=["dead-version-test"], ignore=[], started=0.0)
    assert [one.finding.applicability.name for one in report.findings] == ["SAFE"]
