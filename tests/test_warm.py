"""What a run finds does not depend on what earlier ones have left in the cache."""

from __future__ import annotations

from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from debloat import engine
from debloat.config import Config
from debloat.loader import load_rules
from debloat.program import load_program
from tests.generated.forms import program


def _found(root: Path, cache: bool, inside: str = "") -> Any:
    read = load_program(root, Config(), jobs=1, cache=cache, world="application", progress=lambda *_: None)
    report = engine.run(read, load_rules(), paths=[inside], select=[], ignore=[], started=0.0)
    assert not any(problem.fatal for problem in report.problems)
    return [(one.rule.name, one.finding, one.fingerprint) for one in report.findings], report.withheld


@settings(max_examples=5, deadline=None)
@given(st.integers(0, 10_000), st.randoms(use_true_random=False))
def test_a_warm_run_after_any_edits_finds_what_a_cold_one_finds(seed: int, random: Random) -> None:
    with TemporaryDirectory() as folder:
        root = Path(folder)
        for edit in range(4):
            files = program(seed + edit)
            for path in files if not edit else random.sample(sorted(files), 2):
                (root / path).write_text(files[path])
            if edit == 2:
                min(root.glob("*.py")).unlink()
            assert _found(root, cache=True) == _found(root, cache=False) == _found(root, cache=True)


@settings(max_examples=5, deadline=None)
@given(st.integers(0, 10_000))
@example(315)  # a family of parameters of which not all calls are seen
def test_a_run_on_one_file_finds_what_a_run_on_all_finds_there(seed: int) -> None:
    with TemporaryDirectory() as folder:
        root = Path(folder)
        for path, text in program(seed).items():
            (root / path).write_text(text)
        everywhere, _ = _found(root, cache=False)
        apart = [one for path in sorted(program(seed)) for one in _found(root, cache=False, inside=path)[0]]
        assert sorted(map(repr, apart)) == sorted(map(repr, everywhere))
