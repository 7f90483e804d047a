"""What an example in a docstring passes is not sure to be passed by nobody, although nothing is seen to run it."""

from __future__ import annotations

from pathlib import Path

import pytest

from debloat.config import Config
from debloat.engine import run
from debloat.loader import load_rules
from debloat.model import Applicability
from debloat.program import load_program

TEXT = '''
import sys


def shown(name, *, mark=None, width=3):
    """Show a name.

    EXAMPLE
    """
    if mark is not None:
        name = mark + name
    return name.ljust(width)


print(shown(sys.argv[0]), shown(sys.argv[1], width=len(sys.argv)))
'''


@pytest.mark.parametrize(
    ("example", "tier"),
    [
        (">>> shown('a')", Applicability.SAFE),
        (">>> shown('a', mark='*')", Applicability.UNSAFE),
        (">>> print(app.shown('a', **more))", Applicability.UNSAFE),
        (">>> other('a', mark='*')", Applicability.SAFE),
        (">>> shown('a', mark=", Applicability.SAFE),
    ],
)
def test_an_example_weakens_what_is_said_of_a_parameter(example: str, tier: Applicability, tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(TEXT.replace("EXAMPLE", example))
    program = load_program(tmp_path, Config(), jobs=1, cache=False, world="application", progress=lambda *_: None)
    report = run(program, load_rules(), paths=[""], select=[], ignore=["restating-docstring"], started=0.0)
    assert {one.rule.name: one.finding.applicability for one in report.findings} == {
        "unused-default": tier,
        "unreachable-branch": tier,
    }
