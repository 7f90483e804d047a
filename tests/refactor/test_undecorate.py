"""Decorators that change nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from debloat.model import Applicability
from tests.refactor.programs import files, fixed, output

GONE = {
    "from other modules, among others": """
        # marks.py
        __all__ = ["marked", "other"]
        def marked(function): return function
        def other(n): return n
        # app.py
        import functools
        import marks
        from marks import marked as noted, other
        @noted
        @functools.cache  # kept
        @marks.marked
        def size(word):
            return other(len(word))
        class Shop:
            @classmethod
            @noted
            def price(cls, n): return n
        @marks.marked
        async def load(): return 1
        print(size("abc"), Shop.price(2), load.__name__)
        """,
    "annotated": """
        # app.py
        from functools import wraps
        from typing import Any, Callable
        def marked(function: Callable[..., Any]) -> Callable[..., Any]:
            '''Mark a function.'''
            @wraps(function)
            def wrapper(*args: Any, **kwargs: Any) -> Any:
                return function(*args, **kwargs)
            return wrapper
        @marked
        def size(word, n=1): return len(word) * n
        print(size("abc", n=2))
        """,
}

KEPT = {
    "called": "def marked(f): return f\n@marked\ndef one(): return 1\nprint(one(), marked(2))",
    "not given back": "def marked(f): return 3\n@marked\ndef one(): return 1\nprint(one)",
    "registered": "ALL = []\ndef marked(f):\n    ALL.append(f)\n    return f\n@marked\ndef one(): return 1\nprint(ALL[0]())",
    "its mark is looked at": """
def marked(f):
    def wrapper(*args, **kwargs): return f(*args, **kwargs)
    return wrapper
@marked
def one(): return 1
print(one.__name__)""",
    "another is called": """
def base(*args, **kwargs): return 5
def marked(f):
    def wrapper(*args, **kwargs): return base(*args, **kwargs)
    return wrapper
@marked
def one(): return 1
print(one())""",
    "it drops an argument": """
def marked(f):
    def wrapper(*args, **kwargs): return f(*args)
    return wrapper
@marked
def one(n=1): return n
print(one(n=2))""",
    "it returns nothing": """
def marked(f):
    def wrapper(*args, **kwargs): f(*args, **kwargs)
    return wrapper
@marked
def one(n=1): return n
print(one(n=2))""",
    "found by name": "def marked(f): return f\n@marked\ndef one(): return 1\nprint(one(), globals()['marked'](2))",
}


@pytest.mark.parametrize("name", GONE)
def test_without_the_decorator_it_does_the_same(name: str, tmp_path: Path) -> None:
    before = files(GONE[name])
    result, _ = fixed(before, tmp_path / "fixed", "useless-decorator", lowest=Applicability.UNSAFE)
    text = "".join(result.values())
    assert not any(word in text for word in ("marked", "noted", "wraps")), text
    assert output(result, tmp_path / "after") == output(before, tmp_path / "before")


@pytest.mark.parametrize("name", KEPT)
def test_a_decorator_that_is_of_use_stays(name: str, tmp_path: Path) -> None:
    before = {"app.py": KEPT[name] + "\n"}
    result, _ = fixed(before, tmp_path / "fixed", "useless-decorator", lowest=Applicability.UNSAFE)
    assert result == before
    output(before, tmp_path / "before")
