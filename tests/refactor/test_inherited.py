"""Methods that only call the one that they override."""

from __future__ import annotations

from pathlib import Path

import pytest

from debloat.model import Applicability
from tests.refactor.programs import files, fixed, output

BASE = """
        # base.py
        class Base:
            kind = "base"
            def __init__(self, name, size=1, *, mark="-"):
                self.name, self.size, self.mark = name, size, mark
            def show(self, end="!", *more):
                return f"{self.mark}{self.name}{self.size}{end}{more}"
            def note(self, text):
                print(self.kind, text)
            async def later(self, n): return n
            def all(self, *args, **kwargs): return args, kwargs
        # app.py
        import asyncio, sys
        from base import Base
        class Sub(Base):
            kind = "sub"
{method}
        class Below(Sub):
            kind = "below"
        for cls in (Sub, Below):
            one = cls("a", size=len(sys.argv))
            print(one.show(), one.show("?"), one.all(1, b=2), asyncio.run(one.later(3)))
            one.note("said")
"""

GONE = {
    "a constructor that takes less": "def __init__(self, name, size=1): super().__init__(name, size)",
    "a constructor that names what it passes": "def __init__(self, name, size=1): super().__init__(name=name, size=size)",
    "what returns": "def show(self, end='!', *more):\n    return super().show(end, *more)",
    "what returns nothing": "def note(self, text):\n    # as before\n    super().note(text)",
    "what waits": "async def later(self, n):\n    return await super().later(n)",
}
KEPT = {
    "another default": "def __init__(self, name, size=7): super().__init__(name, size)",
    "another order": "def __init__(self, size, name='x'): super().__init__(name, size)",
    "more than it is given": "def __init__(self, name, size=1): super().__init__(name, size, mark='+')",
    "less than it is given": "def show(self, end='!', *more): return super().show(end)",
    "the result is dropped": "def show(self, end='!', *more): super().show(end, *more)",
    "another method": "def show(self, end='!', *more): return super().note(end)",
    "it says something": "def note(self, text):\n    '''Say it as a sub does, which see.'''\n    super().note(text)",
    "it has types": "def note(self, text: str) -> None: super().note(text)",
    "it is decorated": "@staticmethod\ndef note(text): super().note(text)",
    "a name that is not taken there": "def note(self, words): super().note(words)",
}


def _program(method: str) -> dict[str, str]:
    body = "\n".join(f"            {line}" for line in method.split("\n"))
    return files(BASE.replace("{method}", body))


@pytest.mark.parametrize("name", GONE)
def test_they_go(name: str, tmp_path: Path) -> None:
    before = _program(GONE[name])
    result, _ = fixed(before, tmp_path / "fixed", "needless-override", lowest=Applicability.SAFE)
    assert "super()" not in result["app.py"]
    assert output(result, tmp_path / "after") == output(before, tmp_path / "before")


@pytest.mark.parametrize("name", KEPT)
def test_they_stay(name: str, tmp_path: Path) -> None:
    before = _program(KEPT[name])
    assert fixed(before, tmp_path, "needless-override", lowest=Applicability.UNSAFE)[0] == before


OTHERS = {
    "of object": (
        True,
        """
        class A:
            def __init__(self):
                super().__init__()
                # nothing
        print(A().__class__.__name__)
        """,
    ),
    "of an exception": (
        True,
        """
        class A(ValueError):
            def __init__(self, m): super().__init__(m)
        print(A('x'))
        """,
    ),
    "given by name": (
        False,
        """
        class A(ValueError):
            def __init__(self, m): super().__init__(m)
        print(A(m='x'))
        """,
    ),
    "of what reads it": (
        False,
        """
        class A(OSError):
            def __init__(self, n, m): super().__init__(n, m)
        print(A(2, 'x').errno)
        """,
    ),
    "of an enumeration": (
        False,
        """
        import enum
        class A(enum.Enum):
            ONE = 1
            def __init__(self, n): super().__init__(n)
        print(list(A.__members__))
        """,
    ),
    "of a class that is made": (
        False,
        """
        from dataclasses import dataclass
        class B:
            def __init__(self, n): self.n = n
        @dataclass
        class A(B):
            n: int = 3
            def __init__(self, n): super().__init__(n)
        print(A(4))
        """,
    ),
    "with another class between": (
        False,
        """
        class A:
            def f(self): return 1
        class B(A):
            def f(self): return super().f()
        class C(A):
            def f(self, n=2): return n
        class D(B, C): pass
        print(D().f())
        """,
    ),
    "of two": (
        False,
        """
        import sys
        class A:
            if sys.argv:
                def f(self, n): return n
            else:
                def f(self, n, m): return m
        class B(A):
            def f(self, n): return super().f(n)
        print(B().f(1))
        """,
    ),
    "that is compared": (
        False,
        """
        class A:
            def f(self): return 1
        class B(A):
            def f(self): return super().f()
        print(B.f is A.f, B().f())
        """,
    ),
}


@pytest.mark.parametrize("name", OTHERS)
def test_those_of_others(name: str, tmp_path: Path) -> None:
    gone, text = OTHERS[name]
    before = files(text)
    result, _ = fixed(before, tmp_path / "fixed", "needless-override", lowest=Applicability.UNSAFE)
    assert ("super" not in result["app.py"]) == gone
    assert output(result, tmp_path / "after") == output(before, tmp_path / "before")
