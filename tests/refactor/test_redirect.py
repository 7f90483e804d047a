"""Uses of one function that come to mean another one."""

from __future__ import annotations

from pathlib import Path

import pytest

from debloat.model import Applicability
from tests.refactor.programs import files, fixed, output

RULES = ("pass-through-function", "duplicate-function")

PAIRS = {
    "imports of every kind": (
        """
        # app.py
        import sys

        import shop.money
        import shop.old as o
        from shop import old
        from shop.old import (
            price,
            show,
        )
        from shop.old import price as p

        def late():
            return price(amount=4)

        print(price(len(sys.argv)), old.price(2), o.price(3), p(5), late(), show(1), shop.old.price(6))
        # shop/__init__.py
        from .old import price, show

        __all__ = ["price", "show"]
        # shop/old.py
        from shop.money import form

        __all__ = [
            "price",
            "show",
        ]


        def price(amount, digits=2):
            # kept for callers
            return form(amount, digits)


        def show(amount):
            print(amount)
        # shop/money.py
        def form(value, digits=2):
            return f"{value:.{digits}f}"
        # tests/test_old.py
        from shop.old import price, price as other


        def test_price():
            assert price(1) == other(1)
        """,
        """
        # app.py
        import sys

        import shop.money
        from shop.old import (
            show,
        )

        def late():
            return shop.money.form(value=4)

        print(shop.money.form(len(sys.argv)), shop.money.form(2), shop.money.form(3), shop.money.form(5), late(), show(1), shop.money.form(6))
        # shop/__init__.py
        from .old import show

        __all__ = ["show"]
        # shop/old.py
        __all__ = [
            "show",
        ]


        def show(amount):
            print(amount)
        # shop/money.py
        def form(value, digits=2):
            return f"{value:.{digits}f}"
        # tests/test_old.py
        from shop.money import form


        def test_price():
            assert form(1) == form(1)
        """,
    ),
    "methods": (
        """
        import sys
        class Repo:
            def __init__(self): self.items = {}
            def get(self, key): return self.items.get(key)
            def put(self, key, value): self.items[key] = value
        REPO = Repo()
        class Cart:
            def find(self, name): return REPO.get(name)
            def add(self, name, value): self.store(name, value=value)
            def store(self, key, value): REPO.put(key, value)
            def shown(self): return self.find(name="a") or self.find("b")
            @staticmethod
            def key(x): return norm(x)
        def norm(text): return text.strip()
        cart = Cart()
        cart.add(name="a", value=1), cart.store(cart.key(" b "), len(sys.argv)), Cart().add("c", 2)
        print(cart.find("a"), cart.shown(), Cart.key(x=" x "), REPO.items, Cart().store(norm("d"), 3))
        """,
        """
        import sys
        class Repo:
            def __init__(self): self.items = {}
            def get(self, key): return self.items.get(key)
            def put(self, key, value): self.items[key] = value
        REPO = Repo()
        class Cart:
            def shown(self): return REPO.get(key="a") or REPO.get("b")
            @staticmethod
            def key(x): return norm(x)
        def norm(text): return text.strip()
        cart = Cart()
        REPO.put(key="a", value=1), REPO.put(cart.key(" b "), len(sys.argv)), REPO.put("c", 2)
        print(REPO.get("a"), cart.shown(), Cart.key(x=" x "), REPO.items, REPO.put(norm("d"), 3))
        """,
    ),
    "duplicates, as values and within themselves": (
        """
        # app.py
        import a
        import b
        from b import twin as other
        def late():
            from b import twin
            return twin(number=6)
        def later():
            from b import twin as inner
            return inner(7)
        print(a.main([3, 1]), b.main([4, 2]), sorted([2, 1], key=other), other(number=5), late(), later())
        # a.py
        def twin(n):
            if n < 1:
                return 0
            return 1 + twin(n - 1)
        def main(xs):
            return [twin(x) for x in xs], list(map(twin, xs))
        # b.py
        def twin(number):
            if number < 1:
                return 0
            return 1 + twin(number - 1)
        def main(xs):
            return [twin(x) for x in xs]
        """,
        """
        # app.py
        import a
        import b
        def late():
            from a import twin
            return twin(n=6)
        def later():
            from a import twin as inner
            return inner(7)
        print(a.main([3, 1]), b.main([4, 2]), sorted([2, 1], key=a.twin), a.twin(n=5), late(), later())
        # a.py
        def twin(n):
            if n < 1:
                return 0
            return 1 + twin(n - 1)
        def main(xs):
            return [twin(x) for x in xs], list(map(twin, xs))
        # b.py
        from a import twin


        def main(xs):
            return [twin(x) for x in xs]
        """,
    ),
    "async and generators": (
        """
        import asyncio, sys
        async def fetch(url): return url
        async def load(url): return await fetch(url)
        def each(xs): yield from xs
        def every(xs): return each(xs)
        print(asyncio.run(load(sys.argv[1])), list(every([1])), asyncio.run(fetch("x")), list(each([2])))
        """,
        """
        import asyncio, sys
        async def fetch(url): return url
        def each(xs): yield from xs
        print(asyncio.run(fetch(sys.argv[1])), list(each([1])), asyncio.run(fetch("x")), list(each([2])))
        """,
    ),
}


@pytest.mark.parametrize("name", PAIRS)
def test_uses_are_redirected(name: str, tmp_path: Path) -> None:
    texts = PAIRS[name]
    before = files(texts[0])
    result, _ = fixed(before, tmp_path / "fixed", *RULES, lowest=Applicability.UNSAFE)
    assert result == files(texts[1])
    assert output(result, tmp_path / "after") == output(before, tmp_path / "before")


REFUSED = {
    "import cycle": """
        # app.py
        import b
        from a import price
        print(price(1), b.form(2))
        # a.py
        from b import form
        def price(x): return form(x)
        def other(x): return x
        # b.py
        import c
        def form(x): return c.used(x), x
        # c.py
        import a
        def used(x): return a.price(x) if x > 3 else a.other(x)
        """,
    "name taken": """
        # app.py
        import sys
        from a import price
        form = len(sys.argv)
        print(price(form), price(2))
        # a.py
        from b import form
        def price(x): return form(x)
        # b.py
        def form(x): return x
        """,
    "effect": """
        # app.py
        from a import price
        print(price(1), price(2))
        # a.py
        from b import form
        print("a is there")
        def price(x): return form(x)
        # b.py
        def form(x): return x
        """,
    "listed": """
        # app.py
        import a
        print(a.price(1), a.price(2))
        # a.py
        from b import form
        def price(x): return form(x)
        __all__ = ["price"] + []
        # b.py
        def form(x): return x
        """,
}


@pytest.mark.parametrize("reason", REFUSED)
def test_functions_stay(reason: str, tmp_path: Path) -> None:
    before = files(REFUSED[reason])
    result, outcome = fixed(before, tmp_path, *RULES, lowest=Applicability.UNSAFE)
    assert result == before
    assert reason in outcome.refused


def test_an_object_that_may_be_none_goes_only_if_asked(tmp_path: Path) -> None:
    before = files(
        """
        def counted(x): return x
        class A:
            def __init__(self): self.name = "a"
            def count(self, x): return counted(x)
        def shown(a): return a.count(1)
        print(shown(A()), A().name, counted(2))
        try:
            print(shown(None))
        except AttributeError:
            print("nothing")
        """
    )
    assert fixed(before, tmp_path / "safe", "pass-through-function", lowest=Applicability.SAFE)[0] == before
    assert fixed(before, tmp_path / "unsafe", "pass-through-function", lowest=Applicability.UNSAFE)[0] != before


def test_what_an_object_holds_is_called_where_it_was_asked_for(tmp_path: Path) -> None:
    before = files(
        """
        import sys
        class Parser:
            def parse(self, data, base): return base, data
        class Loader:
            def __init__(self): self.parser = Parser()
            def load(self, data, base="."): return self.parser.parse(data, base)
        def main(data):
            loader = Loader()
            return [loader.load(part) for part in data]
        print(main(sys.argv[1:]))
        """
    )
    result, _ = fixed(before, tmp_path / "fixed", "pass-through-function", lowest=Applicability.SAFE)
    assert 'return [loader.parser.parse(part, ".") for part in data]' in result["app.py"]
    assert output(result, tmp_path / "after") == output(before, tmp_path / "before")


def test_a_method_of_an_object_that_others_are_not_to_see_stays(tmp_path: Path) -> None:
    before = files(
        """
        import sys
        class Parser:
            def parse(self, data): return data
        class Loader:
            def __init__(self): self._parser = Parser()
            def load(self, data): return self._parser.parse(data)
        print(Loader().load(sys.argv))
        """
    )
    result, outcome = fixed(before, tmp_path, "pass-through-function", lowest=Applicability.UNSAFE)
    assert result == before
    assert "internal" in outcome.refused
