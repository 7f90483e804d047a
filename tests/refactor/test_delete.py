"""What is dead goes, with all that names it and what only it used."""

from __future__ import annotations

from pathlib import Path

import pytest

from debloat.config import Config, read_config
from debloat.model import Applicability, RefusedError
from debloat.program import load_program
from debloat.program.dead import dead
from debloat.refactor.requests import Delete
from tests.refactor.programs import files, fixed, output

RULES = ("dead-symbol", "compat-shim")

SAFE = {
    "definitions with decorators, comments and blank lines": (
        """
        import functools
        import sys

        # ---- constants ----

        # the limit in old()
        LIMIT = (  # a limit
            10
        )
        NAME = "x"  # shown


        # ---- helpers ----
        # Doubles.
        # Badly.
        @functools.lru_cache(
            maxsize=None,
        )
        def old(x, y=LIMIT):
            return x * 2
            # the end


        async def older(): return 1


        class Gone:
            '''Nothing.'''

            x = 1

            def f(self):
                return self.g()

            def g(self): return old(2)


        def main():
            # used here
            print(NAME, len(sys.argv))

            def inner(): return 1
            # not used


        main()
        """,
        """
        import sys

        # ---- constants ----

        NAME = "x"  # shown


        # ---- helpers ----
        def main():
            # used here
            print(NAME, len(sys.argv))

            # not used


        main()
        """,
    ),
    "comments of groups": (
        """
        # the program
        import sys

        # Routines
        clone = 1
        show = len

        # The limit of retries.
        RETRY_LIMIT = 3
        OTHER = 4

        # Old names
        a = show
        b = show

        print(show(sys.argv), OTHER)
        # Older names
        c = show
        d = show
        """,
        """
        # the program
        import sys

        # Routines
        show = len

        OTHER = 4

        print(show(sys.argv), OTHER)
        """,
    ),
    "members of classes": (
        """
        class Shop:
            '''A shop.'''

            currency: str = "EUR"
            rate = other = 2  # both

            def open(self):
                print(self.rate)

            @property
            def closed(self): return False

            @staticmethod
            def help(): return 1


        class Empty:
            unused = 1

        class Plain:
            unused = 1
            def __init__(self): self.x = 2

        Shop().open()
        print(Empty().__class__ is Empty, Plain().x)
        """,
        """
        class Shop:
            '''A shop.'''

            rate = 2  # both

            def open(self):
                print(self.rate)


        class Empty:
            pass

        class Plain:
            def __init__(self): self.x = 2

        Shop().open()
        print(Empty().__class__ is Empty, Plain().x)
        """,
    ),
    "imports, re-exports and __all__": (
        """
        # app.py
        import shop
        from shop import (
            Cart,
            total,  # for old
            total as whole,
        )
        from shop.cart import total as again, Cart as C
        import shop.cart
        print(Cart().n, C().n, shop.cart.Cart)
        # shop/__init__.py
        from .cart import Cart, total
        __all__ = ["Cart", "total"]
        __all__ += ["total"]
        __all__.append("total")
        __all__.extend(("total", "Cart"))
        # shop/cart.py
        __all__ = (
            "Cart",
            "total",  # not used
        )

        def total(): return shipping()
        def shipping(): return total()
        class Cart:
            n = 1
        """,
        """
        # app.py
        import shop
        from shop import (
            Cart,
        )
        from shop.cart import Cart as C
        import shop.cart
        print(Cart().n, C().n, shop.cart.Cart)
        # shop/__init__.py
        from .cart import Cart
        __all__ = ["Cart"]
        __all__.extend(("Cart",))
        # shop/cart.py
        __all__ = (
            "Cart",
        )

        class Cart:
            n = 1
        """,
    ),
    "objects that nobody notices the making of": (
        """
        import logging
        import os
        import re
        from collections import namedtuple
        from pathlib import Path
        from typing import TypeVar

        logger = logging.getLogger(__name__)
        WORD = re.compile(r"\\w+")
        T = TypeVar("T", bound=str)
        Point = namedtuple("Point", "x y")
        ROOT = Path(__file__).resolve().parent
        DATA = ROOT / "data"
        COLORS = frozenset({"red", "blue"})
        WORDS = "one two".split()
        LEVEL = os.environ.get("APP_LEVEL", "info")


        class Runner:
            def __init__(self):
                self.logger = print

            def run(self):
                self.logger("runs")


        Runner().run()
        """,
        """
        class Runner:
            def __init__(self):
                self.logger = print

            def run(self):
                self.logger("runs")


        Runner().run()
        """,
    ),
    "conditional definitions": (
        """
        import sys
        if sys.version_info >= (3, 9):
            MODE = 1
        else:
            MODE = 2
        if sys.platform == "never":
            SIDE = 1
            print("never")
        else:
            SIDE = 2
        try:
            FAST = True
        except NameError:
            FAST = False
        print(len(sys.argv))
        """,
        """
        import sys
        if sys.platform == "never":
            print("never")
        print(len(sys.argv))
        """,
    ),
    "a test that may fail": (
        """
        # app.py
        import sys
        try:
            if {}["x"]: LIMIT = 1
            if sys.argv[1] == "x":
                NAME = 2
        except KeyError:
            print("raised")
        """,
        """
        # app.py
        import sys
        try:
            if {}["x"]: LIMIT = 1
            if sys.argv[1] == "x":
                pass
        except KeyError:
            print("raised")
        """,
    ),
    "an import that fails over": (
        """
        # app.py
        try:
            from work import gone
        except ImportError:
            gone = None
        from work import kept
        print(kept())
        # work.py
        def gone(): return 1
        def kept(): return 2
        """,
        """
        # app.py
        from work import kept
        print(kept())
        # work.py
        def kept(): return 2
        """,
    ),
    "imports of modules that have run before": (
        """
        # app.py
        import core
        import early
        from reg import gone
        from reg import other
        from late import unused
        from later import unused2
        print(core.KNOWN, early.__name__, other)
        # core.py
        KNOWN = []
        # early.py
        import late
        # late.py
        import core
        core.KNOWN.append("late")
        unused = 1
        # later.py
        import late
        def unused2(): return late
        # reg.py
        import core
        core.KNOWN.append("reg")
        other = 1
        def gone(): return 1
        """,
        """
        # app.py
        import core
        import early
        from reg import other
        print(core.KNOWN, early.__name__, other)
        # core.py
        KNOWN = []
        # early.py
        import late
        # late.py
        import core
        core.KNOWN.append("late")
        # later.py
        import late
        # reg.py
        import core
        core.KNOWN.append("reg")
        other = 1
        """,
    ),
    "an abstract method with what implements it": (
        """
        from abc import ABC, abstractmethod
        class Base(ABC):
            @abstractmethod
            def run(self): ...
            @abstractmethod
            def stop(self): ...
        class Impl(Base):
            def run(self): print("runs")
            def stop(self): print("stops")
        Impl().run()
        """,
        """
        from abc import ABC, abstractmethod
        class Base(ABC):
            @abstractmethod
            def run(self): ...
        class Impl(Base):
            def run(self): print("runs")
        Impl().run()
        """,
    ),
    "what a function of the program finds out without a trace": (
        """
        # app.py
        import logging
        from log import by_name, counted, get_logger, kept, made, read, wide
        logger = get_logger(__name__)
        root = get_logger()
        wider = wide("shop", 3)
        a, b, c, d = counted("a"), kept("b"), read(), made(logging)
        named = by_name("a")
        more = counted("c")
        other = kept("d")
        later = read()
        print(counted("a"), a, b, c, d, kept("b"), read(), by_name("b"))
        # log.py
        import logging
        import sys
        ROOT = "shop"
        SEEN = []
        def get_logger(name=None):
            "The logger of a module."
            if not name:
                return logging.getLogger(ROOT)
            if name.startswith(ROOT):
                return logging.getLogger(name)
            return logging.getLogger("%s.%s" % (ROOT, name))
        def wide(name, width): return name + " " * width
        def counted(name):
            SEEN.append(name)
            return len(SEEN)
        def kept(name): return SEEN or name
        def read(): return sys.stdin.read()
        def made(module): return module.getLogger("x").name
        def by_name(name):
            print(name)
            return name
        """,
        """
        # app.py
        import logging
        from log import by_name, counted, kept, made, read
        a, b, c, d = counted("a"), kept("b"), read(), made(logging)
        named = by_name("a")
        more = counted("c")
        other = kept("d")
        later = read()
        print(counted("a"), a, b, c, d, kept("b"), read(), by_name("b"))
        # log.py
        import sys
        SEEN = []
        def counted(name):
            SEEN.append(name)
            return len(SEEN)
        def kept(name): return SEEN or name
        def read(): return sys.stdin.read()
        def made(module): return module.getLogger("x").name
        def by_name(name):
            print(name)
            return name
        """,
    ),
    "lines that end in CR LF, tabs and wide characters": (
        'import sys\r\n\r\nGRÜSSE = "grüße"\r\n\r\nclass A:\r\n\tdef f(self): print(sys.argv[1:])\r\n\tdef g(self):\r\n\t\treturn """\r\n"""\r\n\r\nA().f()\r\n',
        "import sys\r\n\r\nclass A:\r\n\tdef f(self): print(sys.argv[1:])\r\n\r\nA().f()\r\n",
    ),
}


@pytest.mark.parametrize("name", SAFE)
def test_what_is_dead_goes_and_the_rest_does_the_same(name: str, tmp_path: Path) -> None:
    before, after = map(files, SAFE[name])
    result, outcome = fixed(before, tmp_path / "before", *RULES, lowest=Applicability.SAFE)
    assert result == after, outcome.refused
    assert output(before, tmp_path / "run before") == output(result, tmp_path / "run after")


TESTED = {
    "tests of nothing else go, with what only they used": (
        """
        # app.py
        from shop import total
        print(total([1]))
        # shop.py
        def total(prices): return sum(prices)
        def count(prices): return len(prices)
        class Cart:
            def __init__(self): self.items = []
            def clear(self): self.items = []
        # test_shop.py
        import json
        import unittest

        import pytest

        from shop import Cart, count, total

        ROWS = [1, 2]
        MORE = [3]


        def three(): return count([1, 2, 3])


        @pytest.fixture
        def rows(): return json.loads("[1]") + ROWS


        @pytest.fixture
        def prices(): return MORE


        def test_total(prices):
            assert total(prices) == 3


        @pytest.mark.parametrize("more", [1, 2])
        def test_count(rows, more):
            n = count(rows)
            assert n == 3 and three() == 3


        def test_both(prices):
            assert total(prices) == 3
            assert count(prices) == 1


        class TestCart(unittest.TestCase):
            def setUp(self):
                self.cart = Cart()

            def test_clear(self):
                self.cart.clear()
                self.assertEqual(self.cart.items, [])
        # test_count.py
        import shop


        def test_count():
            assert shop.count([]) == 0
        """,
        """
        # app.py
        from shop import total
        print(total([1]))
        # shop.py
        def total(prices): return sum(prices)
        # test_shop.py
        import pytest

        from shop import total

        MORE = [3]


        @pytest.fixture
        def prices(): return MORE


        def test_total(prices):
            assert total(prices) == 3


        def test_both(prices):
            assert total(prices) == 3
        """,
        [
            "test_count.py::test_count",
            "test_shop.py::TestCart::test_clear",
            "test_shop.py::test_both (in part)",
            "test_shop.py::test_count",
        ],
    ),
    "an assertion that only asks goes from the midst of a test": (
        """
        # app.py
        import sys
        from caches import make
        cache = make(len(sys.argv))
        cache.put("a", 1)
        print(cache.get("a"))
        # caches.py
        class No:
            def get(self, key): return None
            def put(self, key, value): return None
        class Cache:
            def __init__(self): self.entries, self.asked = {}, {"n": 0}
            def get(self, key): return self.entries.get(key)
            def put(self, key, value): self.entries[key] = value
            def stats(self): return dict(self.asked)
        def make(size): return Cache() if size else No()
        # test_caches.py
        from caches import make


        def test_cache():
            cache = make(1)
            cache.put("a", 1)
            assert cache.stats() == {"n": 0}
            assert cache.get("a") == 1
        """,
        """
        # app.py
        import sys
        from caches import make
        cache = make(len(sys.argv))
        cache.put("a", 1)
        print(cache.get("a"))
        # caches.py
        class No:
            def get(self, key): return None
            def put(self, key, value): return None
        class Cache:
            def __init__(self): self.entries, self.asked = {}, {"n": 0}
            def get(self, key): return self.entries.get(key)
            def put(self, key, value): self.entries[key] = value
        def make(size): return Cache() if size else No()
        # test_caches.py
        from caches import make


        def test_cache():
            cache = make(1)
            cache.put("a", 1)
            assert cache.get("a") == 1
        """,
        ["test_caches.py::test_cache (in part)"],
    ),
}


ASSUMED = {
    "modules": (
        """
        # app.py
        from shop import cart
        def dead():
            import old
            return old.f
        def dead_too():
            from shop import older
            return older
        print(cart.N)
        # old.py
        from shop.older import f
        # shop/__init__.py
        __all__ = ["cart", "older"]
        # shop/cart.py
        N = 1
        # shop/older.py
        def f(): return 1
        """,
        """
        # app.py
        from shop import cart
        print(cart.N)
        # shop/__init__.py
        __all__ = ["cart"]
        # shop/cart.py
        N = 1
        """,
    ),
}


@pytest.mark.parametrize("name", ASSUMED)
def test_what_is_dead_on_an_assumption_goes_when_asked(name: str, tmp_path: Path) -> None:
    before, after = map(files, ASSUMED[name])
    result, _ = fixed(before, tmp_path / "before", *RULES, lowest=Applicability.UNSAFE)
    assert result == after
    assert output(before, tmp_path / "before") == output(after, tmp_path / "after")


UNMOVED = {
    "a name that a handler is for": """
        # app.py
        try:
            LIMIT = 1 // len("".join([]))
        except ZeroDivisionError:
            print("no limit")
        """,
    "what tools run or load by its place": """
        # app.py
        print(1)
        # wsgi.py
        from shop import create
        app = create()
        # shop.py
        def create(): return "app"
        # docs/conf.py
        project = "x"
        # deploy/gunicorn.conf.py
        bind = "x"
        # migrations/env.py
        config = 1
        # migrations/versions/one.py
        revision = "one"
        def upgrade(): pass
        # examples/demo.py
        from shop import create
        demo = create()
        # dodo.py
        def task_hello(): return {}
        # shop_plugin.py
        def pytest_configure(config): pass
        """,
    "a submodule that only what goes imports": """
        # app.py
        import pkg
        print(pkg.tools.num())
        # pkg/__init__.py
        from .helpers import unused
        # pkg/helpers.py
        from . import tools
        def unused(): return tools.num()
        # pkg/tools.py
        def num(): return 1
        """,
    "names that come by a star to a module that is looked at": """
        # app.py
        from part import *
        import pkg
        print([n for n in [*globals(), *vars(pkg)] if not n.startswith("_")])
        # part.py
        x = 1
        def f(): pass
        # pkg/__init__.py
        from .inner import *
        # pkg/inner.py
        def g(): pass
        """,
    "what code in strings and files named by their paths are for": """
        # app.py
        import subprocess, sys, timeit
        import lib
        for code in ("from lib import go; print(go(1))", "import lib\\nprint(lib.went())"):
            print(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout)
        print(timeit.timeit("fast()", "from lib import fast", number=1) > 0, lib.kept())
        exec(open("conf/local.py").read())
        print(A)
        # lib.py
        def go(x): return x
        def went(): return 2
        def fast(): return 3
        def kept(): return 4
        # conf/local.py
        A = 1
        """,
    "names of modules that are found by a computed name and listed": """
        # app.py
        import importlib, sys
        import pkg, other
        def imported(name):
            module = importlib.import_module(name)
            return [getattr(module, k)() for k in dir(module) if k.startswith("cmd_")]
        print(pkg.kept(), imported("".join(["p", "kg"])))
        # taken.py
        import sys, other
        def taken(cls): return [k for k in vars(sys.modules[cls.__module__]) if k.startswith("do_")]
        print(taken(other.Kept))
        # pkg.py
        def kept(): return 1
        def cmd_a(): return 2
        # other.py
        class Kept: pass
        def do_b(): return 3
        """,
    "tests that are run by the path of their file": """
        # app.py
        print(1)
        # perf/measure.py
        print(2)
        def test_speed(): assert True
        class TestSpeed:
            def setup_method(self): self.x = 1
            def test_it(self): assert self.x
        """,
    "methods that unpacking and delegation call": """
        # app.py
        class Table:
            def __getitem__(self, key): return key
            def keys(self): return ["a"]
        class Source:
            def __iter__(self): return self
            def __next__(self): return 1
            def send(self, value): return 2
        def run(source): yield from source
        print({**Table()}, dict(Table()), dict(**Table()))
        running = run(Source())
        print(next(running), running.send(3))
        """,
}


@pytest.mark.parametrize("name", UNMOVED)
def test_what_others_find_stays(name: str, tmp_path: Path) -> None:
    before = files(UNMOVED[name])
    assert fixed(before, tmp_path, *RULES, lowest=Applicability.UNSAFE)[0] == before


@pytest.mark.parametrize(
    "text",
    [
        """
        # app.py
        print(1)
        # tool.py
        def register(linter): linter.add()
        """,
        """
        # app.py
        COUNT = [0]
        def tick(): COUNT[0] += 1; return COUNT[0]
        def dead(x: tick()) -> tick(): pass
        class Dead:
            z: tick()
        print(COUNT)
        """,
        """
        # app.py
        import pickle, sys
        class Old: pass
        def load(): return pickle.load(sys.stdin.buffer)
        if "y" in sys.argv: print(load())
        """,
    ],
)
def test_what_may_be_named_from_outside_goes_only_when_asked(text: str, tmp_path: Path) -> None:
    before = files(text)
    assert fixed(before, tmp_path / "safe", *RULES, lowest=Applicability.SAFE)[0] == before
    assert fixed(before, tmp_path / "unsafe", *RULES, lowest=Applicability.UNSAFE)[0] != before


@pytest.mark.parametrize("name", TESTED)
def test_tests_go_with_what_they_test(name: str, tmp_path: Path) -> None:
    before, after = map(files, TESTED[name][:2])
    assert fixed(before, tmp_path / "safe", *RULES, lowest=Applicability.SAFE)[0] == before
    result, outcome = fixed(before, tmp_path / "unsafe", *RULES, lowest=Applicability.UNSAFE)
    assert result == after, outcome.refused
    assert sorted({test for applied in outcome.applied for test in applied.fix.tests}) == TESTED[name][2]


REFUSED = {
    "shared test code": """
        # app.py
        def gone(): return 1
        print(2)
        # test_app.py
        import pytest
        from app import gone
        CASES = [gone]
        @pytest.mark.parametrize("f", [gone, len])
        def test(f): assert f
        """,
    "shared test code, a helper": """
        # app.py
        def gone(): return 1
        print(2)
        # test_app.py
        from app import gone
        def make():
            print(gone())
            return [1]
        def test_len(): assert len(make()) == 1
        """,
    "shared test code, a fixture": """
        # app.py
        def gone(): return 1
        print(2)
        # conftest.py
        import pytest
        from app import gone
        @pytest.fixture
        def one(): return gone()
        # test_app.py
        def test_len(one): assert len(str(one)) == 1
        """,
    "shared test": """
        # app.py
        class Cart:
            def __init__(self): self.n = 1
            def clear(self): self.n = 0
        print(Cart().n)
        # test_app.py
        from app import Cart
        def test_cart():
            cart = Cart()
            assert cart.n == 1
            cart.clear()
            assert cart.n == 0
        """,
    "shared test, on whose assertion those after it rest": """
        # app.py
        class Cart:
            def __init__(self): self.items = [1]
            def drop(self):
                self.items.pop()
                return self
            def gone(self): return len(self.items)
        print(Cart().drop())
        # test_app.py
        from app import Cart
        def test():
            cart = Cart()
            assert cart.drop().gone() == 0
            assert cart.items == []
        """,
    "shared test, whose checks are calls": """
        # app.py
        def gone(): return 1
        def kept(): return 1
        print(kept())
        # test_app.py
        import pytest
        from app import gone, kept
        def same(x, y): assert x == y
        def test_one():
            same(kept(), 1)
            x = gone()
            assert x
        def test_two():
            pytest.raises(TypeError, kept, 1)
            x = gone()
            assert x
        """,
    "perhaps tested": """
        # app.py
        class Cart:
            def __init__(self): self.n = 1
            def empty(self): self.n = 0
        print(Cart().n)
        # test_app.py
        def test_cart(make):
            cart = make()
            cart.empty()
        """,
    "kept": """
        def gone(): return 1
        def other(): return gone()  # debloat: keep[dead-symbol] for the debugger
        print(1)
        """,
    "effect": """
        # app.py
        from reg import gone
        import core
        print(core.KNOWN)
        # core.py
        KNOWN = {}
        # reg.py
        from core import KNOWN
        KNOWN["x"] = 1
        def gone(): return 1
        """,
    "effect, in a cycle": """
        # app.py
        import a
        print(a.__name__)
        # a.py
        import b
        import reg
        print(b.__name__, reg.__name__)
        # b.py
        import a
        import core
        from reg import gone
        print(core.KNOWN)
        # core.py
        KNOWN = []
        # reg.py
        import core
        core.KNOWN.append("x")
        def gone(): return 1
        """,
    "effect, found on the package": """
        # app.py
        import shop
        print(shop.cart.N)
        # shop/__init__.py
        from shop.cart import gone
        # shop/cart.py
        N = 1
        def gone(): return 1
        """,
    "tried": """
        import sys
        try:
            GONE = sys.getwindowsversion()
            print("windows")
        except AttributeError:
            print("other")
        """,
    "empty branch": """
        import sys
        if sys.argv:
            GONE = 1
        else:
            print("other")
        """,
    "asked for": """
        # app.py
        from base import Base
        class Impl(Base):
            def run(self): print("runs")
            def stop(self): print("stops")
        Impl().run()
        # base.py
        from abc import ABC, abstractmethod
        class Base(ABC):
            @abstractmethod
            def run(self): ...
            # debloat: keep[dead-symbol] for later
            @abstractmethod
            def stop(self): ...
        """,
}


@pytest.mark.parametrize("reason", REFUSED)
def test_what_something_else_needs_stays(reason: str, tmp_path: Path) -> None:
    before = files(REFUSED[reason])
    result, outcome = fixed(before, tmp_path, *RULES, lowest=Applicability.UNSAFE)
    assert result == before
    assert set(outcome.refused) == {reason.partition(",")[0]}


DEMOTED = {
    "a module from outside would no longer be imported": """
        # app.py
        from work import gone
        print(1)
        # work.py
        import yaml
        def gone(): return yaml
        """,
    "a default is computed": """
        def value(): print("made"); return 1
        def gone(x=value()): return x
        print(1)
        """,
    "an import is marked": """
        # app.py
        from work import gone  # noqa: F401
        print(1)
        # work.py
        def gone(): return 1
        """,
    "operators of the program": """
        class Task:
            def __rshift__(self, other): print("then"); return other
        a = b = Task()
        GONE = a >> b
        print(a)
        """,
    "an iterator is used up": """
        rows = iter([1, 2])
        GONE = list(rows)
        print(next(rows, 0))
        """,
}


@pytest.mark.parametrize("reason", DEMOTED)
def test_definitions_go_only_if_asked(reason: str, tmp_path: Path) -> None:
    before = files(DEMOTED[reason])
    assert fixed(before, tmp_path / "safe", *RULES, lowest=Applicability.SAFE)[0] == before
    assert fixed(before, tmp_path / "unsafe", *RULES, lowest=Applicability.UNSAFE)[0] != before


LEFT = {
    "imports that nothing else uses": (
        """
        # app.py
        from __future__ import annotations
        import json, os
        import sys as system
        from typing import TYPE_CHECKING, Any
        import pathlib  # noqa: F401
        import re
        import kept
        import csv
        from lib import (
            plain,
            other,
        )
        if TYPE_CHECKING:
            from collections.abc import Sequence
            from collections.abc import Mapping
        __all__ = ["re"]
        def gone(x: Sequence, y: "Mapping", z: Any): return json, system, pathlib, re, kept, plain, csv.reader
        def main():
            import io
            def inner(): return io
            print(os.sep, other, csv)
        main()
        # kept.py
        print("kept")
        # lib.py
        plain, other = 1, 2
        """,
        """
        # app.py
        from __future__ import annotations
        import os
        import pathlib  # noqa: F401
        import re
        import kept
        import csv
        from lib import (
            other,
        )
        __all__ = ["re"]
        def main():
            print(os.sep, other, csv)
        main()
        # kept.py
        print("kept")
        # lib.py
        plain, other = 1, 2
        """,
        RULES,
    ),
    "private definitions that nothing else uses, whatever the rule": (
        """
        import re
        import sys
        _LIMIT = 3
        _old = 1
        def _check(x): return re.match("x", x) is None and _LIMIT
        def public(): return 1
        def f(x):
            if x is None:
                return _check(1), public()
            return x
        print(f([len(sys.argv)]), f([1]))
        """,
        """
        import sys
        _old = 1
        def public(): return 1
        def f(x):
            return x
        print(f([len(sys.argv)]), f([1]))
        """,
        ("redundant-none-check",),
    ),
}


@pytest.mark.parametrize("name", LEFT)
def test_what_a_fix_leaves_without_use_goes_too(name: str, tmp_path: Path) -> None:
    before, after = map(files, LEFT[name][:2])
    result, outcome = fixed(before, tmp_path / "before", *LEFT[name][2], lowest=Applicability.SAFE)
    assert result == after, outcome.refused
    assert output(before, tmp_path / "run before") == output(result, tmp_path / "run after")


def test_a_module_that_becomes_empty_goes(tmp_path: Path) -> None:
    before = files(
        """
        # app.py
        from shop.old import gone
        print(1)
        # shop/__init__.py
        # shop/old.py
        '''Old things.'''
        import re
        def gone(): return re
        """
    )
    result, _ = fixed(before, tmp_path, *RULES, lowest=Applicability.SAFE)
    assert result == {"app.py": "print(1)\n", "shop/__init__.py": ""}


def test_fixes_side_by_side_leave_no_gaps(tmp_path: Path) -> None:
    before = files(
        '''
        class A:
            def f(self): print(1)

            def g(self): return 1

            def h(self): return 2


        A().f()


        def old(): return """



        """


        # Old names
        a = A
        b = A
        '''
    )
    result, _ = fixed(before, tmp_path, *RULES, lowest=Applicability.SAFE)
    assert result == {"app.py": "class A:\n    def f(self): print(1)\n\n\nA().f()\n"}


def test_what_the_settings_ignore_is_not_dragged_along(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[tool.debloat]\nper-file-ignores = { "late.py" = ["dead-symbol"] }\n')
    (tmp_path / "app.py").write_text("import late\ndef gone(): return 1\nprint(late.x)\n")
    (tmp_path / "late.py").write_text("x = 1\ndef other():\n    from app import gone\n    return gone()\n")
    config = read_config(tmp_path / "pyproject.toml") or Config()
    program = load_program(tmp_path, config, jobs=1, cache=False, world=None, progress=lambda *_: None)
    (found,) = [found for found in program.ask(dead) if found.symbol == "app:gone"]
    with pytest.raises(RefusedError, match="kept: the settings ignore"):
        Delete(found).fix(program)
