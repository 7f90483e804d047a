"""Context managers that do nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from debloat.model import Applicability
from tests.refactor.programs import files, fixed, output

GONE = """
# spans.py
import contextlib
__all__ = ["span", "Lock", "used"]
@contextlib.contextmanager
def span() -> "contextlib.AbstractContextManager[None]":
    \"\"\"Measure it.\"\"\"
    yield
class Lock:
    def __enter__(self): pass
    def __exit__(self, kind, error, trace):
        return None
def used(): return 1
# app.py
import spans
from spans import Lock as Held, used
def text():
    with spans.span():
        with Held(): return '''a
b'''
def late():
    try:
        with Held():
            raise ValueError("late")
    except ValueError as error:
        print(error, used())
print(text())
with spans.span():
    late()
"""

KEPT = {
    "what it gives": "with Lock() as lock: print(lock)",
    "kept": "lock = Lock()\nwith lock: print(1)",
    "with another": "with Lock(), open('app.py') as opened: print(opened.read(4))",
    "an heir": "class Loud(Lock):\n    def __exit__(self, *error): print('out')\nwith Loud(): print(1)\nwith Lock(): print(2)",
    "nothing below": "with Lock(): pass\nprint(1)",
    "by a string": "with Lock(): print(globals()['Lock'])",
}


def test_without_it_the_code_does_the_same(tmp_path: Path) -> None:
    before = files(GONE)
    result, _ = fixed(before, tmp_path / "fixed", "useless-context-manager", lowest=Applicability.UNSAFE)
    text = "".join(result.values())
    assert not any(word in text for word in ("with ", "Lock", "Held", "span()", "contextlib")), text
    assert output(result, tmp_path / "after") == output(before, tmp_path / "before")


@pytest.mark.parametrize("name", KEPT)
def test_one_that_is_of_use_stays(name: str, tmp_path: Path) -> None:
    lock = "class Lock:\n    def __enter__(self): return self\n    def __exit__(self, *error): return False\n"
    before = {"app.py": lock + KEPT[name] + "\n"}
    result, _ = fixed(before, tmp_path / "fixed", "useless-context-manager", lowest=Applicability.UNSAFE)
    assert result == before
    output(before, tmp_path / "before")
