"""Parameters of methods that override each other, and of functions that share calls: they go from all or from none."""

from __future__ import annotations

from pathlib import Path

import pytest

from debloat.model import Applicability
from tests.refactor.programs import files, fixed, output

RULES = ("constant-parameter", "unused-default", "unused-parameter")

PAIRS = {
    "overrides that ask each other": (
        """
        import sys
        class A:
            def m(self, x, p): return [x, p]
        class B(A):
            def m(self, x, p): return ["B", *super().m(x, p)]
        class C(A):
            def m(self, x, p): return ["C", *super().m(x, p=p)]
        class D(B, C):
            def m(self, x, p): return ["D", *super().m(x, p)]
        class E(D): pass
        for o in (A(), B(), C(), D(), E()): print(o.m(len(sys.argv), "p"))
        """,
        """
        import sys
        class A:
            def m(self, x): return [x, "p"]
        class B(A):
            def m(self, x): return ["B", *super().m(x)]
        class C(A):
            def m(self, x): return ["C", *super().m(x)]
        class D(B, C):
            def m(self, x): return ["D", *super().m(x)]
        class E(D): pass
        for o in (A(), B(), C(), D(), E()): print(o.m(len(sys.argv)))
        """,
    ),
    "an abstract base, defaults that differ, an override without it": (
        """
        import sys
        from abc import ABC, abstractmethod
        class A(ABC):
            @abstractmethod
            def m(self, x, *, verbose=False, unit="a"):
                '''Do.

                Args:
                    x: what
                    verbose: how
                '''
            def go(self, x): return self.m(x)
        class B(A):
            def m(self, x, *, verbose=False, unit="b"):
                if verbose: print("B")
                return [x, unit]
        class C(A):
            def m(self, x, *, verbose=False): return (x, verbose)
        for o in (B(), C()): print(o.go(len(sys.argv)))
        """,
        """
        import sys
        from abc import ABC, abstractmethod
        class A(ABC):
            @abstractmethod
            def m(self, x):
                '''Do.

                Args:
                    x: what
                '''
            def go(self, x): return self.m(x)
        class B(A):
            def m(self, x):
                return [x, "b"]
        class C(A):
            def m(self, x): return (x, False)
        for o in (B(), C()): print(o.go(len(sys.argv)))
        """,
    ),
    "another name, a table of functions, classes in a table and cls": (
        """
        import sys
        class A:
            def __init__(self, name, kind="k"): self.text = name + kind
            def m(self, x, p): return [x, p]
            @classmethod
            def of(cls, name, kind): return cls(name, kind)
        class B(A):
            def __init__(self, title, sort): self.text = sort + title
            def m(self, x, q): return [q, x]
        def a(x, mode): return [x, mode]
        def b(x, kind): return {kind: x}
        for f in (a, b): print(f(len(sys.argv), "fast"))
        for c in (A, B):
            o = c.of(sys.argv[0][:0], "k")
            print(o.text, o.m(len(sys.argv), "p"), c("x", "k").text)
        """,
        """
        import sys
        class A:
            def __init__(self, name): self.text = name + "k"
            def m(self, x): return [x, "p"]
            @classmethod
            def of(cls, name): return cls(name)
        class B(A):
            def __init__(self, title): self.text = "k" + title
            def m(self, x): return ["p", x]
        def a(x): return [x, "fast"]
        def b(x): return {"fast": x}
        for f in (a, b): print(f(len(sys.argv)))
        for c in (A, B):
            o = c.of(sys.argv[0][:0])
            print(o.text, o.m(len(sys.argv)), c("x").text)
        """,
    ),
    "passed on in a circle": (
        """
        import sys
        def even(n, tag): return n == 0 or odd(n - 1, tag)
        def odd(n, tag): return n != 0 and even(n - 1, tag)
        def deep(x, unit): return [x] if x < 1 else [deep(x - 1, unit)]
        class A:
            def __init__(self, name, size): self.name = name
        class B(A):
            def __init__(self, name, size): super().__init__(name, size)
        print(even(4, "t"), odd(len(sys.argv), "s"), deep(len(sys.argv), 1), deep(1, 2), B(sys.argv[1], 1).name, B("", 2).name)
        """,
        """
        import sys
        def even(n): return n == 0 or odd(n - 1)
        def odd(n): return n != 0 and even(n - 1)
        def deep(x): return [x] if x < 1 else [deep(x - 1)]
        class A:
            def __init__(self, name): self.name = name
        class B(A):
            def __init__(self, name): super().__init__(name)
        print(even(4), odd(len(sys.argv)), deep(len(sys.argv)), deep(1), B(sys.argv[1]).name, B("").name)
        """,
    ),
    "in several files, a test's own subclass as well": (
        """
        # app.py
        import sys
        from shapes import Circle, Square
        for shape in (Circle(), Square()): print(shape.area(len(sys.argv), "m"))
        # base.py
        class Shape:
            def area(self, size, unit): raise NotImplementedError
        # shapes.py
        from base import Shape
        class Circle(Shape):
            def area(self, size, unit): return f"{3 * size} {unit}"
        class Square(Shape):
            def area(self, size, unit): return f"{size * size} {unit}"
        # tests/test_shapes.py
        from base import Shape
        class Fake(Shape):
            def area(self, size, unit): return f"fake {unit}"
        def test_fake(): assert Fake().area(1, unit="m") == "fake m"
        """,
        """
        # app.py
        import sys
        from shapes import Circle, Square
        for shape in (Circle(), Square()): print(shape.area(len(sys.argv)))
        # base.py
        class Shape:
            def area(self, size): raise NotImplementedError
        # shapes.py
        from base import Shape
        class Circle(Shape):
            def area(self, size): return f"{3 * size} m"
        class Square(Shape):
            def area(self, size): return f"{size * size} m"
        # tests/test_shapes.py
        from base import Shape
        class Fake(Shape):
            def area(self, size): return "fake m"
        def test_fake(): assert Fake().area(1) == "fake m"
        """,
    ),
}


@pytest.mark.parametrize("name", PAIRS)
def test_parameters_go_from_all(name: str, tmp_path: Path) -> None:
    before, after = (files(text) for text in PAIRS[name])
    result, _ = fixed(before, tmp_path / "fixed", *RULES, lowest=Applicability.SAFE)
    assert result == after
    assert output(result, tmp_path / "after") == output(before, tmp_path / "before")


KEPT = {
    "the places of the parameters are changed": """
        class B(A):
            def m(self, p, x): return [p, x]
        """,
    "what is left over goes elsewhere": """
        class B(A):
            def m(self, x, *rest): return [x, rest]
        """,
    "passed on as another": """
        class B(A):
            def m(self, x, p): return [x, *super().m(x, p + "!")]
        """,
    "bound again before it is passed on": """
        class B(A):
            def m(self, x, p):
                p += "!"
                return [x, *super().m(x, p)]
        """,
    "another function by that name": """
        class B(A):
            def other(self, x, p): return [p, x]
            m = other
        print(B().other(1, "q"))
        """,
    "an attribute of the object": """
        def other(x, p): return [p, x]
        class B(A):
            def __init__(self): self.m = other
        print(other(1, "q"))
        """,
    "a lambda": """
        class B(A):
            m = lambda self, x, p: [p, x]
        """,
    "a property that gives a function": """
        class B(A):
            @property
            def m(self): return lambda x, p: (p, x)
        """,
    "a class made by type()": """
        B = type("B", (A,), {"m": lambda self, x, p: ["B", x, p]})
        """,
    "a class whose base is computed": """
        def base(): return A
        class B(base()):
            def m(self, x, p): return ["B", x, p]
        """,
    "a class replaced by name": """
        class B(A): pass
        setattr(B, "m", lambda self, x, p: [p, x])
        """,
    "a base beside it": """
        class Beside:
            def m(self, x, p): return ["Beside", x, p]
        class B(Beside, A): pass
        print(Beside().m(1, "q"))
        """,
    "reads its locals": """
        class B(A):
            def m(self, x, p): return sorted(locals())
        """,
    "a generator of the calls": """
        class B(A): pass
        def call(o, *rest): return o.m(*rest)
        print(call(B(), 1, "q"))
        """,
}


@pytest.mark.parametrize("name", KEPT)
def test_one_that_may_be_called_otherwise_keeps_them_all(name: str, tmp_path: Path) -> None:
    before = {
        "app.py": "import sys\nclass A:\n    def m(self, x, p): return [x, p]\n    def go(self): return self.m(len(sys.argv), 'p')\n"
        + files(KEPT[name])["app.py"]
        + "for o in (A(), B()): print(o.go())\n"
    }
    result, _ = fixed(before, tmp_path / "fixed", *RULES, lowest=Applicability.UNSAFE)
    assert result == before
    assert output(before, tmp_path / "before")
