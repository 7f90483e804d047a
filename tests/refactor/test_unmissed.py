"""What stands before a test that decides, and defaults that are never taken: only what nobody misses is not evaluated."""

from __future__ import annotations

from pathlib import Path

import pytest

from debloat.model import Applicability
from tests.refactor.programs import files, fixed, output

HEAD = """
import sys
class Loud:
    size = 1
    def __init__(self): self.kept = 2
    def __bool__(self): return said("bool")
    def __len__(self): return said("len")
    def __eq__(self, other): return said("eq")
    def __contains__(self, item): return said("in")
    @property
    def asked(self): return said("asked")
class Lazy:
    def __getattr__(self, name): return said(name)
class Bare: pass
def said(text):
    print(text)
    return True
def asked(loud, lazy, bare, text, item, number=None):
    table = {"k": 1}
    early = ["a"]
    def share():
        nonlocal shared
        shared = ["c"]
    try:
        later = EXPRESSION
        late = ["b"]
        shared = share()
        return later
    except (AttributeError, NameError, TypeError) as error:
        return type(error).__name__
print(asked(Loud(), Lazy(), Bare(), "t", 3, len(sys.argv)), asked(Loud(), Lazy(), Bare(), "u", 4, 2))
"""
MISSED = [
    "loud and item is None",
    "not loud and item is None",
    "loud == 1 and item is None",
    "len(loud) > 0 and item is None",
    "1 in loud and item is None",
    "hasattr(loud, 'asked') and item is None",
    "lazy.other is None and item is None",
    "bare.other is None and item is None",
    "text < 1 and item is None",
    "-text and item is None",
    "not (loud and item is None)",
    "table.get('k', loud.asked)",
    "table.get('k', not loud)",
    "table.get('k', bare.other)",
    "table.get('k', nowhere)",
    "table.get('k', {loud})",
    "table.get('k', text < 1)",
    "getattr(loud, 'kept', bare.other)",
    "getattr(loud, 'kept', not loud)",
    "[text for one in (1, 2) if not isinstance(later, int)]",
    "(lambda: 1 if not isinstance(late, int) else 2)()",
    "1 if not isinstance(shared, int) else 2",
]
# What becomes of those that nobody misses.
GONE = {
    "(lambda: 1 if not isinstance(early, int) else 2)()": "(lambda: 1)()",
    "1 if number and item is None else 2": "2",
    "1 if number < 3 and text == 't' and item is None else 2": "2",
    "1 if loud.kept is None and item is None else 2": "2",
    "1 if not isinstance(number, str) and len(text) and item is None else 2": "2",
    "table.get('k', [number, text + ''])": None,
    "table.get('k', [number, text])": 'table["k"]',
    "getattr(loud, 'kept', not number)": "loud.kept",
}


@pytest.mark.parametrize("expression", [*MISSED, *GONE])
def test_nothing_is_missed(expression: str, tmp_path: Path) -> None:
    before = files(HEAD.replace("EXPRESSION", expression))
    result, _ = fixed(before, tmp_path / "fixed", "defense", lowest=Applicability.SAFE)
    assert output(result, tmp_path / "after") == output(before, tmp_path / "before")
    new = GONE.get(expression)
    if expression in GONE and new is not None:
        assert f"later = {new}\n" in result["app.py"].replace("'", '"')
    else:
        assert f"later = {expression}\n" in result["app.py"]


def test_a_variable_that_may_not_be_bound_is_still_read(tmp_path: Path) -> None:
    text = """
def shown(text):
    value = value if text is not None else 2
    return value
try:
    print(shown("a"), shown("b"))
except NameError as error:
    print(type(error).__name__)
"""
    before = files(text)
    result, _ = fixed(before, tmp_path / "fixed", "defense", lowest=Applicability.SAFE)
    assert "value = value\n" in result["app.py"]
    assert output(result, tmp_path / "after") == output(before, tmp_path / "before")
