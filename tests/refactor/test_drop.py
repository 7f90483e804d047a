"""Parameters that go: from definitions, calls and docstrings, with their value put into the body."""

from __future__ import annotations

from pathlib import Path

import pytest

from debloat.model import Applicability
from tests.refactor.programs import files, fixed, output

RULES = ("constant-parameter", "unused-default", "unused-parameter")

PAIRS = {
    "markers that lose their point": (
        """
        import sys
        def a(x, *, unit="m"): return f"{x} {unit}"
        def b(x, /, y): return x, y
        def c(x, /): return 1
        def d(*rest, last): return last
        def e(x, *rest, last=1, first): return x, last, first
        print(a(1), a(len(sys.argv)), b(len(sys.argv), 2), b(2, 3), c(1), d(1, 2, last=sys.argv), e(1, 2, first=3))
        print(b(0, 2), d(last=0), e(4, last=2, first=9), e(4, 5, 6, last=2, first=9))
        """,
        """
        import sys
        def a(x): return f"{x} m"
        def b(x, /, y): return x, y
        def c(): return 1
        def d(*, last): return last
        def e(x, *, last=1, first): return x, last, first
        print(a(1), a(len(sys.argv)), b(len(sys.argv), 2), b(2, 3), c(), d(last=sys.argv), e(1, first=3))
        print(b(0, 2), d(last=0), e(4, last=2, first=9), e(4, last=2, first=9))
        """,
    ),
    "a constructor that has nothing left in it": (
        """
        import sys
        from dataclasses import dataclass
        class Loud:
            def tell(self):
                print("told")
        class Teller(Loud):
            def __init__(self, strict=True):
                pass
        class Base:
            def __init__(self):
                print("base")
        class Heir(Base):
            def __init__(self, strict=True):
                pass
        @dataclass
        class Point:
            x: int = 0
            def __init__(self, strict=True):
                pass
        Teller().tell()
        Teller(strict=False).tell()
        Base(), Heir(), Heir(False)
        print(Point(), Point(False), sys.argv)
        """,
        """
        import sys
        from dataclasses import dataclass
        class Loud:
            def tell(self):
                print("told")
        class Teller(Loud):
            pass
        class Base:
            def __init__(self):
                print("base")
        class Heir(Base):
            def __init__(self):
                pass
        @dataclass
        class Point:
            x: int = 0
            def __init__(self):
                pass
        Teller().tell()
        Teller().tell()
        Base(), Heir(), Heir()
        print(Point(), Point(), sys.argv)
        """,
    ),
    "commas and lines": (
        """
        def price(
            amount,  # in cents
            currency,
            digits=2,
        ):
            return round(amount, digits), currency

        print(
            price(
                1,
                "EUR",
            ),
            price(2, digits=1, currency="EUR"),
            price(
                currency="EUR",
                amount=price(3, "EUR")[0]
            ),
        )
        """,
        """
        def price(
            amount,  # in cents
            digits=2,
        ):
            return round(amount, digits), "EUR"

        print(
            price(
                1,
            ),
            price(2, digits=1),
            price(
                amount=price(3)[0]
            ),
        )
        """,
    ),
    "methods, constructors, super and cls": (
        """
        import sys
        class Money:
            def __init__(self, amount, currency):
                self.text = f"{amount} {currency}"
            def times(self, factor, currency):
                return [currency] * factor
        class Cents(Money):
            def __init__(self, amount):
                super().__init__(amount, "EUR")
                self.more = self.times(amount, "EUR")
        class Text:
            def __init__(self, text, strict=False):
                self.text = text
                self.strict = strict
            @classmethod
            def parse(cls, text, strict):
                return cls(text, strict=True) if strict else None
        print(Money(1, "EUR").text, Cents(3).more, Money.times(Cents(4), 2, "EUR"))
        print(Text.parse(sys.argv[1], True).text, Text(sys.argv[1:], True).strict, Text.parse("x", strict=True).strict)
        """,
        """
        import sys
        class Money:
            def __init__(self, amount):
                self.text = f"{amount} EUR"
            def times(self, factor):
                return ["EUR"] * factor
        class Cents(Money):
            def __init__(self, amount):
                super().__init__(amount)
                self.more = self.times(amount)
        class Text:
            def __init__(self, text):
                self.text = text
                self.strict = True
            @classmethod
            def parse(cls, text):
                return cls(text)
        print(Money(1).text, Cents(3).more, Money.times(Cents(4), 2))
        print(Text.parse(sys.argv[1]).text, Text(sys.argv[1:]).strict, Text.parse("x").strict)
        """,
    ),
    "several files, tests included, and a constant that must be imported": (
        """
        # app.py
        from shop.limits import LIMIT, Mode
        from shop.check import check, shown
        print(check(1, LIMIT), check(5, LIMIT), shown(1, Mode.A), shown(2, Mode.A))
        # shop/limits.py
        import enum
        LIMIT = 3
        class Mode(enum.Enum):
            A = 1
            B = 2
        # shop/check.py
        import sys

        from shop.text import trim

        def check(value, limit):
            return value > limit or trim(str(limit))

        def shown(value, mode):
            return f"{value} {mode.name} {sys.argv[1:]}" if mode is not None else ""
        # shop/text.py
        def trim(text): return text.strip()
        # tests/test_check.py
        from shop import check, limits
        def test_check():
            assert check.check(4, limits.LIMIT)
        """,
        """
        # app.py
        from shop.check import check, shown
        print(check(1), check(5), shown(1), shown(2))
        # shop/limits.py
        import enum
        LIMIT = 3
        class Mode(enum.Enum):
            A = 1
            B = 2
        # shop/check.py
        import sys

        from shop.limits import LIMIT, Mode
        from shop.text import trim

        def check(value):
            return value > LIMIT or trim(str(LIMIT))

        def shown(value):
            return f"{value} {Mode.A.name} {sys.argv[1:]}" if Mode.A is not None else ""
        # shop/text.py
        def trim(text): return text.strip()
        # tests/test_check.py
        from shop import check
        def test_check():
            assert check.check(4)
        """,
    ),
    "where a literal stands": (
        """
        import sys
        def f(x, n=-1): return n ** 2, x ** n, n.bit_length(), [x][n], n + x, (n), x - n, x if n else x
        def g(x, t=("a", "b")): return x in t
        def h(x, s="it"): return f"{x}{s}", f"{s:>4}", f'{s!r}', f"{s}", f"{len(s)}", f"{{{s}}}", "a" f"{s}" "b"
        def i(x, s='it"s'): return f"{x}{s}"
        def j(x, w=8): return f"{x:{w}.2f}"
        def k(x, n=1): return n.real + x
        for x in (1, len(sys.argv)): print(f(x), g(x), h(x), i(x), j(x), k(x))
        """,
        """
        import sys
        def f(x): return (-1) ** 2, x ** (-1), (-1).bit_length(), [x][-1], (-1) + x, (-1), x - (-1), x
        def g(x): return x in ("a", "b")
        def h(x): return f"{x}it", f"{'it':>4}", f'{"it"!r}', "it", f"{len('it')}", "{it}", "a" "it" "b"
        def i(x): s = 'it"s'; return f"{x}{s}"
        def j(x): return f"{x:8.2f}"
        def k(x): return (1).real + x
        for x in (1, len(sys.argv)): print(f(x), g(x), h(x), i(x), j(x), k(x))
        """,
    ),
    "one line for one parameter, quotes where they stood, a name for a literal that is read again and again": (
        """
        import sys
        class A:
            def __init__(
                self,
                model: str = "open-nemo-large",
                unit: str = "m",
            ) -> None:
                '''
                Make it.

                Args:
                    model: which
                    unit: of it
                '''
                print(unit)
                self.names = [f"{model}", model.upper(), model]
        def c(
            # all there is
            x,
            mode="strict",
        ):
            if mode == "strict" or mode == "stricter" or mode == "strictest" or mode == "lax":
                return x
        def d(rows, most=15): return rows[:most], len(rows) > most, most * 5
        print(A().names, c(len(sys.argv)), d([]))
        """,
        """
        import sys
        class A:
            def __init__(self) -> None:
                '''
                Make it.
                '''
                model = "open-nemo-large"
                print("m")
                self.names = [f"{model}", model.upper(), model]
        def c(
            # all there is
            x,
        ):
            return x
        def d(rows): most = 15; return rows[:most], len(rows) > most, most * 5
        print(A().names, c(len(sys.argv)), d([]))
        """,
    ),
    "a name that the body binds again, captures or shows": (
        """
        import sys
        def a(x, unit):
            '''Show.

            Args:
                x: what
                unit: of it
            '''
            if x > 1:
                unit = unit + "s"
            return unit
        def b(x, unit):
            # first
            print(f"{unit=}")
            return lambda: (unit, [unit for unit in x])
        def c(x, unit): del unit; return x
        def d(x, unit): return [unit for _ in x], lambda: unit
        print(a(1, "m"), a(len(sys.argv), "m"), b([], "m")(), b("x", "m")(), c(1, "m"), c(2, "m"))
        print(d("", "m")[1](), d("ab", "m")[0])
        """,
        """
        import sys
        def a(x):
            '''Show.

            Args:
                x: what
            '''
            unit = "m"
            if x > 1:
                unit = unit + "s"
            return unit
        def b(x):
            # first
            unit = "m"
            print(f"{unit=}")
            return lambda: (unit, [unit for unit in x])
        def c(x, unit): del unit; return x
        def d(x): return ["m" for _ in x], lambda: "m"
        print(a(1), a(len(sys.argv)), b([])(), b("x")(), c(1, "m"), c(2, "m"))
        print(d("")[1](), d("ab")[0])
        """,
    ),
    "a constant that is bound when it is read": (
        """
        import sys
        class Unit: name = "m"
        def a(x, unit): return f"{x} {unit.name}"
        def b(x, kind): return kind(x)
        def c(): return a(1, Unit), a(sys.argv[:0], Unit), b("", Late).text, b(sys.argv[0], Late).text
        class Late:
            def __init__(self, text): self.text = text
        print(c())
        """,
        """
        import sys
        class Unit: name = "m"
        def a(x): return f"{x} {Unit.name}"
        def b(x): return Late(x)
        def c(): return a(1), a(sys.argv[:0]), b("").text, b(sys.argv[0]).text
        class Late:
            def __init__(self, text): self.text = text
        print(c())
        """,
    ),
    "a value that decides what its name becomes": (
        """
        import sys
        def a(x, unit="m"):
            unit = [x] if unit is None else unit
            return unit, lambda: unit
        print(a(1)[0], a(sys.argv[:0])[0])
        """,
        """
        import sys
        def a(x):
            unit = "m"
            return unit, lambda: unit
        print(a(1)[0], a(sys.argv[:0])[0])
        """,
    ),
    "what the value decides": (
        """
        import sys
        def a(x, mode="fast", strict=True):
            if mode == "slow":
                print("slow")
            elif mode == "fast" and x:
                print("fast")
            else:
                print("none")
            while not strict:
                print("loop")
            if not strict or x > 3:
                raise ValueError
            return mode or "none", strict, not strict, (1 if strict else 2), mode in ("fast", "slow"), strict and x
        def b(x, extra=None):
            assert x, extra
            if extra is not None:
                x += extra
            return x
        print(a(0), a(len(sys.argv)), b(1), b(len(sys.argv)))
        """,
        """
        import sys
        def a(x):
            if x:
                print("fast")
            else:
                print("none")
            if x > 3:
                raise ValueError
            return "fast", True, False, 1, True, x
        def b(x):
            assert x, None
            return x
        print(a(0), a(len(sys.argv)), b(1), b(len(sys.argv)))
        """,
    ),
    "a name that is first made into another": (
        """
        import sys
        def a(x, out=None, sep=None, base="a"):
            if out is None:
                out = []
                out.append(x)
            sep = sep or ","
            base = base.upper()
            return sep.join(str(part) for part in out), base
        def b(x, sep=None):
            sep = lambda: sep
            return x
        def c(x, sep=None):
            for _ in x: sep = (sep or 0) + 1
            return sep
        print(a(1), a(sys.argv[1]), b(1), b(sys.argv[1]), c([]), c(sys.argv[1]))
        """,
        """
        import sys
        def a(x):
            out = []
            out.append(x)
            sep = ","
            base = "a".upper()
            return sep.join(str(part) for part in out), base
        def b(x):
            sep = None
            sep = lambda: sep
            return x
        def c(x):
            sep = None
            for _ in x: sep = (sep or 0) + 1
            return sep
        print(a(1), a(sys.argv[1]), b(1), b(sys.argv[1]), c([]), c(sys.argv[1]))
        """,
    ),
    "more arguments than parameters": (
        """
        import sys
        def a(x, *rest, **more): return x
        def b(x, unit, *rest): return x, rest, unit
        print(a(1), a(2, 3, 4), a(3, y=4, z=[]), b(1, "m", 2, 3), b(len(sys.argv), "m"), b(*[1, "m"][:0], 1, "m"))
        """,
        """
        import sys
        def a(x): return x
        def b(x, unit, *rest): return x, rest, unit
        print(a(1), a(2), a(3), b(1, "m", 2, 3), b(len(sys.argv), "m"), b(*[1, "m"][:0], 1, "m"))
        """,
    ),
    "functions, classes and builtins as values": (
        """
        import sys
        def double(x): return 2 * x
        def apply(x, function): return function(x)
        def made(x, kind=list): return kind(x)
        def both(x, pair=(int, float)): return isinstance(x, pair)
        print(apply(1, double), apply(len(sys.argv), double), made("a"), made(sys.argv[1]), both(1), both(sys.argv))
        """,
        """
        import sys
        def double(x): return 2 * x
        def apply(x): return double(x)
        def made(x): return list(x)
        def both(x): return isinstance(x, (int, float))
        print(apply(1), apply(len(sys.argv)), made("a"), made(sys.argv[1]), both(1), both(sys.argv))
        """,
    ),
}


@pytest.mark.parametrize("name", PAIRS)
def test_parameters_go(name: str, tmp_path: Path) -> None:
    before, after = (files(text) for text in PAIRS[name])
    result, _ = fixed(before, tmp_path / "fixed", *RULES, lowest=Applicability.SAFE)
    assert result == after
    assert output(result, tmp_path / "after") == output(before, tmp_path / "before")


REFUSED = {
    "declared in a stub": """
        # app.py
        import sys
        def a(x, unit): return unit + str(x)
        print(a(1, "m"), a(len(sys.argv), "m"))
        # app.pyi
        def a(x: int, unit: str) -> str: ...
        """,
    "type comment": """
        import sys
        def a(x, unit):
            # type: (int, str) -> str
            return unit + str(x)
        print(a(1, "m"), a(len(sys.argv), "m"))
        """,
    "mangled": """
        import sys
        class A:
            def a(self, __x): return __x + 1
        print(A().a(1), A().a(1), sys.argv[:0])
        """,
    "name taken": """
        # app.py
        import sys
        from kinds import A, B
        from work import a
        print(a(sys.argv, A), a(sys.argv[1:], A), B)
        # kinds.py
        class A: name = "a"
        B = A()
        # work.py
        def a(x, kind):
            A = len(x)
            return A, kind.name
        """,
    "import cycle": """
        # app.py
        import sys
        import work
        from kinds import Kind
        print(work.a(sys.argv, Kind), work.a(sys.argv[1:], Kind))
        # kinds.py
        import work
        class Kind: name = work.NAME
        # work.py
        NAME = "x"
        def a(x, kind): return x, kind.name
        """,
}


@pytest.mark.parametrize("reason", REFUSED)
def test_parameters_stay(reason: str, tmp_path: Path) -> None:
    before = files(REFUSED[reason])
    result, outcome = fixed(before, tmp_path, *RULES, lowest=Applicability.UNSAFE)
    assert result == before
    assert reason in outcome.refused


DEMOTED = {
    "a constant that may not be bound yet": """
        import sys
        def a(x, unit): return f"{x} {unit}"
        def b(): return a(sys.argv[:0], UNIT)
        try:
            print(b())
        except NameError:
            print("not yet")
        UNIT = "m"
        print(b(), a(1, UNIT))
        """,
    "a comment goes": """
        import sys
        def a(
            x,
            unit,  # the unit
        ): return unit + str(x)
        print(a(1, "m"), a(len(sys.argv), "m"))
        """,
    "an argument may raise": """
        import sys
        def a(x, unit): return x
        print(a(1, sys.argv[1]), a(len(sys.argv), "m"))
        """,
    "a default has an effect": """
        import sys
        def a(x, unit=print("made")): return x
        print(a(1), a(len(sys.argv)))
        """,
    "somebody reads docstrings": """
        import sys
        def a(x, unit):
            '''Show.

            :param unit: x
            '''
            return x
        print(a(1, 2), a(len(sys.argv), 3), sys.__doc__)
        """,
    "the value is patched by its name": """
        # app.py
        import sys
        from work import run
        print(run(1), run(len(sys.argv)))
        # work.py
        def now(): return 1
        def run(x, clock=now): return x + clock()
        # tests/test_work.py
        from unittest.mock import patch
        import work
        def test_run():
            with patch("work.now"):
                assert work.run(2) == 3
        """,
    "a module is imported earlier": """
        # app.py
        import sys
        import work
        import kinds
        print(work.a(1, kinds.Kind), work.a(sys.argv, kinds.Kind))
        # kinds.py
        print("kinds")
        class Kind: name = "x"
        # work.py
        print("work")
        def a(x, kind): return x, kind.name
        """,
}


@pytest.mark.parametrize("reason", DEMOTED)
def test_parameters_go_only_if_asked(reason: str, tmp_path: Path) -> None:
    before = files(DEMOTED[reason])
    assert fixed(before, tmp_path / "safe", *RULES, lowest=Applicability.SAFE)[0] == before
    assert fixed(before, tmp_path / "unsafe", *RULES, lowest=Applicability.UNSAFE)[0] != before


def test_a_call_that_fails_goes_on_to_fail(tmp_path: Path) -> None:
    before = files(
        """
        def a(x): return 1
        def b(x, y): return y
        class C:
            @staticmethod
            def c(x): return 1
        for call in (lambda: a(), lambda: b(1), lambda: C.c()):
            try:
                print(call())
            except TypeError:
                print("failed")
        print(a(1), b(1, 2), b(3, 2), C.c(1))
        """
    )
    result, _ = fixed(before, tmp_path / "fixed", *RULES, lowest=Applicability.SAFE)
    assert output(result, tmp_path / "after") == output(before, tmp_path / "before")
