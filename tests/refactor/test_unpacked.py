"""What is known of ``*args`` and ``**kwargs`` that are passed on, and defaults that no call uses."""

from __future__ import annotations

from pathlib import Path

import pytest

from debloat.model import Applicability
from tests.refactor.programs import files, fixed, output

PAIRS = {
    "what is passed on lacks the parameter": (
        """
        import sys
        def a(x, show=False, width=3): return (x, show, width)
        def b(x, **kw):
            if "more" in kw: x = kw.get("more")
            return a(x, **kw)
        def c(x, **kw): return b(x, **kw)
        print(b(len(sys.argv)), c(1, show=True), c(2))
        """,
        """
        import sys
        def a(x, show=False): return (x, show, 3)
        def b(x, **kw):
            if "more" in kw: x = kw.get("more")
            return a(x, **kw)
        def c(x, **kw): return b(x, **kw)
        print(b(len(sys.argv)), c(1, show=True), c(2))
        """,
    ),
    "nothing is passed on": (
        """
        import sys
        def a(x, y=2, *more): return (x, y, more)
        def b(x, *rest, **options): return a(x, *rest, **options)
        def c(x, *rest): return sorted(*rest, x)
        class Shape:
            def __init__(self, x, unit="m"): self.text = f"{x} {unit}"
            @classmethod
            def of(cls, x, **options): return cls(x, **options)
        print(b(len(sys.argv)), b(1), c([1]), c(sys.argv[:0]), a(1, 2, 3), Shape.of(len(sys.argv)).text, Shape.of(2).text)
        """,
        """
        import sys
        def a(x, y=2, *more): return (x, y, more)
        def b(x): return a(x)
        def c(x): return sorted(x)
        class Shape:
            def __init__(self, x): self.text = f"{x} m"
            @classmethod
            def of(cls, x): return cls(x)
        print(b(len(sys.argv)), b(1), c([1]), c(sys.argv[:0]), a(1, 2, 3), Shape.of(len(sys.argv)).text, Shape.of(2).text)
        """,
    ),
    "defaults that no call uses": (
        """
        import sys
        def a(x, y=1, z=2, *, w: int = 3): return x, y, z, w
        def b(x, /, y = None): return x, y
        class A:
            def m(self, x=1): return x
        class B(A):
            def m(self, x=2): return [x, super().m(x)]
        print(a(1, len(sys.argv), w=1), a(2, y=3, z=9, w=2), b(1, len(sys.argv)), b(2, 0))
        for o in (A(), B()): print(o.m(len(sys.argv)))
        """,
        """
        import sys
        def a(x, y, z=2, *, w: int): return x, y, z, w
        def b(x, /, y): return x, y
        class A:
            def m(self, x): return x
        class B(A):
            def m(self, x): return [x, super().m(x)]
        print(a(1, len(sys.argv), w=1), a(2, y=3, z=9, w=2), b(1, len(sys.argv)), b(2, 0))
        for o in (A(), B()): print(o.m(len(sys.argv)))
        """,
    ),
}


@pytest.mark.parametrize("name", PAIRS)
def test_defaults_and_what_is_never_filled_go(name: str, tmp_path: Path) -> None:
    before, after = (files(text) for text in PAIRS[name])
    result, _ = fixed(before, tmp_path / "fixed", "unused-default", lowest=Applicability.SAFE)
    assert result == after
    assert output(result, tmp_path / "after") == output(before, tmp_path / "before")


FILLED = {
    "an item": "kw['show'] = 1",
    "a method": "kw.setdefault('show', 1)",
    "an operator": "kw |= {'show': 1}",
    "another name": "other = kw; other['show'] = 1",
    "a closure": "(lambda: kw.update(show=1))()",
    "a default": "(lambda q=kw: q.update(show=1))()",
    "a function": "change(kw)",
    "a list": "[part.update(show=1) for part in [kw]]",
    "a pattern": "\n    match kw:\n        case {**rest} as whole: whole['show'] = 1",
    "a test": "(kw or {}).update(show=1); kw = kw or {'show': 1}",
}


@pytest.mark.parametrize("name", FILLED)
def test_what_a_function_puts_there_itself_counts(name: str, tmp_path: Path) -> None:
    before = files(
        f"""
import sys
def change(given): given["show"] = 1
def a(x, show=False): return (x, show)
def b(x, **kw):
    {FILLED[name]}
    return a(x, **kw)
change({{}})
print(b(len(sys.argv)), b(2))
"""
    )
    rules = ("unused-default", "constant-parameter")
    result, _ = fixed(before, tmp_path / "fixed", *rules, lowest=Applicability.UNSAFE)
    assert "def a(x, show=False)" in result["app.py"]
    assert output(result, tmp_path / "after") == output(before, tmp_path / "before")


def test_one_name_for_several_arguments_is_not_inlined(tmp_path: Path) -> None:
    before = files(
        """
        import sys
        class P:
            def __init__(self, x, y=2): self.z = (x, y)
        def make(**kw): return P(**kw)
        print(make(x=len(sys.argv)).z, make(x=1, y=3).z)
        """
    )
    result, _ = fixed(before, tmp_path, "one-product-factory", lowest=Applicability.UNSAFE)
    assert result == before
