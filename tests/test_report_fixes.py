"""What ``fix`` says at the end."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from debloat.report.fixes import render


def test_each_test_that_goes_is_named_once_and_as_a_whole_if_it_goes_as_such() -> None:
    def applied(*tests: str) -> Any:
        return SimpleNamespace(
            fix=SimpleNamespace(tests=tests), reported=SimpleNamespace(rule=SimpleNamespace(name="rule"))
        )

    fixes = [
        applied("t.py::a (in part)"),
        applied("t.py::a (in part)", "t.py::b (in part)"),
        applied("t.py::b", "t.py::c"),
    ]
    outcome: Any = SimpleNamespace(
        applied=fixes, rejected=[], barred={}, refused={}, changed={}, unsettled=[], report=SimpleNamespace(findings=[])
    )
    said = [line.strip() for line in render(outcome, "Applied", unsafe=True) if "went" in line]
    assert said == [f"with it went the test t.py::{name}" for name in ("a (in part)", "b", "c")]
