"""The sample programs do after a fix what they did before, and the judge of that would see it if not."""

from __future__ import annotations

import importlib
from functools import cache
from pathlib import Path

import pytest

from debloat.model import Applicability
from tests.differential import PROJECTS, code_lines, compare, fixed, generate, lay, verdicts

RUNS = 60
NAMES = sorted(folder.name for folder in PROJECTS.iterdir())


@cache
def names_of_tests(name: str) -> set[str]:
    """Those of a project as it is, all of which pass."""
    became = verdicts(PROJECTS / name)
    assert {*became.values()} == {"PASSED"}
    return {*became}


@pytest.mark.parametrize("lowest", [Applicability.SAFE, Applicability.UNSAFE], ids=lambda tier: tier.name.lower())
@pytest.mark.parametrize("name", NAMES)
def test_a_fixed_program_does_the_same(name: str, lowest: Applicability, tmp_path: Path) -> None:
    outcome = fixed(PROJECTS / name, lowest)
    before, after = tmp_path / "before", tmp_path / "after"
    lay(PROJECTS / name, before, {})
    lay(PROJECTS / name, after, outcome.changed)
    assert code_lines(after, tests=False) < code_lines(before, tests=False)
    assert compare(before, after, generate(name, RUNS, 0)) == []
    owned = {test for one in outcome.applied for test in one.fix.tests if not test.endswith(" (in part)")}
    became = verdicts(after)
    assert {test: one for test, one in became.items() if one != "PASSED"} == {}
    assert {test.partition("[")[0] for test in names_of_tests(name) - became.keys()} == owned
    assert not outcome.unsettled


@pytest.mark.parametrize("name", NAMES)
def test_a_sabotaged_program_is_noticed_and_nothing_else(name: str, tmp_path: Path) -> None:
    path, old, new = importlib.import_module(f"tests.differential.{name}").SABOTAGE
    content = (PROJECTS / name / path).read_text(encoding="utf-8")
    assert content.count(old) == 1
    before, same, other = tmp_path / "before", tmp_path / "same", tmp_path / "other"
    lay(PROJECTS / name, before, {})
    lay(PROJECTS / name, same, {})
    lay(PROJECTS / name, other, {path: content.replace(old, new).encode()})
    cases = generate(name, RUNS, 0)
    assert compare(before, same, cases) == []
    differing = compare(before, other, cases)
    assert 0 < len(differing) < RUNS
    assert all(old != new for difference in differing for _, old, new in difference.places)


def test_a_version_that_ends_the_process_differs_from_there_on(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[project.scripts]\nrun = "app:main"\n')
    lay(tmp_path, tmp_path.with_name("before"), {"app.py": b"def main(arguments): print(arguments[0])\n"})
    lay(
        tmp_path,
        tmp_path.with_name("after"),
        {"app.py": b"import os\ndef main(arguments): arguments[0] == '2' and os._exit(0)\n"},
    )
    cases = [{"files": {}, "steps": [{"argv": [number]}]} for number in "123"]
    differing = compare(tmp_path.with_name("before"), tmp_path.with_name("after"), cases)
    assert [difference.case for difference in differing] == cases
    assert differing[0].places == [("/steps/0/out", "1\n", "")]
    with pytest.raises(RuntimeError, match="ended at the input"):
        compare(tmp_path.with_name("after"), tmp_path.with_name("before"), cases)


def test_code_is_counted_without_comments_and_docstrings(tmp_path: Path) -> None:
    (tmp_path / "tests").mkdir()
    (tmp_path / "app.py").write_text(
        '"""Doc\n\n"""\n\n\ndef f(a):\n    """Doc."""\n    # why\n    return """x\n\n"""  # so\n'
    )
    (tmp_path / "tests" / "test_app.py").write_text("x = [\n    1,\n\n]\n")
    assert code_lines(tmp_path, tests=False) == 4
    assert code_lines(tmp_path, tests=True) == 3
