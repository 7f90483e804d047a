"""What the value analysis says of expressions in small programs; ``reveal`` marks them."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from debloat.config import Config
from debloat.facts import ops
from debloat.program.index import Site
from debloat.program.program import Program, load_program
from debloat.values.analysis import Values
from debloat.values.domain import assumptions
from debloat.values.evidence import shown
from debloat.values.report import is_plain


def load(root: Path, **sources: str) -> Program:
    for module, source in sources.items():
        (root / f"{module}.py").write_text(textwrap.dedent(source))
    return load_program(root, Config(), jobs=1, cache=False, world="application", progress=lambda *_: None)


def revealed(root: Path, source: str, **sources: str) -> list[str]:
    """What each argument of ``print`` can be, in the order of the text."""
    program = load(root, main=source, **sources)
    values = program.ask(Values)
    file = next(number for number, file in enumerate(program.files) if file.path == "main.py")
    fact = program.facts[file]
    found = []
    for pc in ops.instructions(fact.code, 0, len(fact.code)):
        callee = fact.code[pc + 5] if fact.code[pc] == ops.CALL else -1
        if callee >= 0 and fact.code[callee] == ops.NAME and fact.names[fact.code[callee + 3]] == "print":
            argument = fact.code[pc + 7]
            place = (fact.code[argument + 1], fact.code[argument + 2])
            found.append((place, shown(program, values.value(Site(file, argument)))))
    return [text for _, text in sorted(found)]


CASES = {
    "max of several and the default of next give back what they are given": (
        """
        import other

        one, rows = {"a": 1}, []
        other.first(max([{"b": 2}], [one])[0])
        print(one["a"])
        two = {"a": 1}
        other.second(next(iter(rows), [two])[0])
        print(two["a"])
        three, lists = {"a": 1}, []
        lists.append([three])
        other.third(max(*lists, *lists)[0])
        print(three["a"])
        """,
        [
            "unknown (the container is passed to other.first)",
            "unknown (the container is passed to other.second)",
            "unknown (the container is passed to other.third)",
        ],
    ),
    "what map gives to library code may be changed there": (
        """
        import other

        filled = {"a": 1}
        list(map(other.fill, [filled]))
        print(filled["a"])
        kept = {"a": 1}
        list(map(len, [kept]))
        print(kept["a"])
        """,
        ["unknown (the container is passed to other.fill)", "1"],
    ),
    "a list that library code gives holds what that says as long as nothing else is put into it": (
        """
        import other

        def show(text, more):
            kept = text.split("-", 2)
            kept.reverse()
            for line in kept[1].splitlines():
                key, _, value = line.partition(":")
                print(key)
            print(kept.pop())
            grown = text.split()
            grown.append(more)
            print(grown[0])
            longer = text.split()
            longer += [more]
            print(longer[0])
            changed = text.split()
            changed[0] = more
            print(changed[1])
            given = text.split()
            other.take(given)
            print(given[0])
            named = text.split()
            same = [named]
            same[0].extend([more])
            print(named[0])

        with open("x", encoding="utf-8") as file:
            show(file.read(), other.more)
        """,
        [
            "a str",
            "a str",
            *["unknown (an item of a container that is not followed)"] * 5,
        ],
    ),
    "what is had from a container is what is in it and no container around that": (
        """
        import html, sys

        def split(text):
            found = {}
            for line in text.splitlines():
                found[line] = line
            return found, text

        def read(file):
            found, rest = split(file.read())
            print(html.escape(found.get("a") or rest))
            for key, value in found.items():
                print(html.escape(value))
            return found.get("b")

        def pairs(text):
            one = {"a": text}
            for number, (name, inner) in enumerate([("x", one)]):
                html.escape(inner["a"])
            return one["a"]

        def nested(text):
            one = {"a": text}
            outer = [[one]]
            for row in outer:
                html.quoted(row[0])
            return one["a"]

        def last(*args):
            html.unescaped(args[1])

        def starred(text):
            one = {"a": text}
            both = [text, one]
            last(*both)
            return one["a"]

        def swapped(text):
            one = {"a": text}
            both = ("a", one) + ("b",)
            first, second, third = both[:3]
            html.escaped(second)
            return one["a"]

        def turned(text):
            one = {"a": text}
            rows = [["a", one], ["b", one]]
            for column in zip(*rows):
                html.turned(column[1])
            return one["a"]

        def named(text):
            one = {"a": text}
            return kept(**{"x": one}), one["a"]

        def kept(**given):
            html.kept(given["x"])

        with open("x", encoding="utf-8") as file:
            print(read(file))
        print(turned("e"))
        print(named("f")[1])
        print(pairs("a"))
        print(nested("b"))
        print(starred("c"))
        print(swapped("d"))
        """,
        [
            "a str",
            "a str",
            "None or a str",
            "unknown (the container is passed to html.turned)",
            "unknown (the container is passed to html.kept)",
            "'a'",
            "unknown (the container is passed to html.quoted)",
            "unknown (the container is passed to html.unescaped)",
            "unknown (the container is passed to html.escaped)",
        ],
    ),
    "attrs keeps what a converter gives and what a validator lets through": (
        """
        import json, sys
        import attr
        from attrs import converters, define, field, validators

        def positive(value):
            return value if value > 0 else None

        @define
        class Order:
            name: str = field(validator=validators.instance_of(str))
            count: int = field(converter=int)
            note: str = field(default=None, validator=validators.optional(validators.instance_of(str)))
            rank: int = field(default=1, converter=positive)
            due: int = field(default=None, converter=converters.optional(int))
            shape: str = field(default="a", converter=json.loads)

        @attr.s
        class Old:
            first = attr.ib()
            note: str = "no field"
            second: int = attr.ib(default=2)

        def show(order, old):
            print(order.name)
            print(order.count)
            print(order.note)
            print(order.rank)
            print(order.due)
            print(order.shape)
            print(old.first)
            print(old.second)
            print(old.note)

        loaded = json.load(sys.stdin)
        show(Order(loaded[0], loaded[1], note=loaded[2]), Old("a", 3))
        show(Order("b", None, due=loaded), Old("b"))
        """,
        [
            "'b' or a str",
            "an int",
            "None or a str",
            "unknown (passed to attrs.field)",
            "an int or None",
            "unknown (converted by what is not followed)",
            "'a' or 'b'",
            "2 or 3",
            "'no field'",
        ],
    ),
    "what goes through the library and comes back": (
        """
        import asyncio, functools, itertools
        from collections import deque
        from pathlib import Path

        class Item:
            def __init__(self, name):
                self.name = name

            def label(self):
                return "%s!" % self.name

        class Store:
            def __init__(self):
                self.items = [Item("a"), Item("b")]
                self.waiting = deque()

        async def fetch(name):
            return Item(name)

        async def all_of(names):
            items = await asyncio.gather(*[fetch(name) for name in names], fetch("c"))
            for item in items:
                print(item)
            more = await asyncio.gather(fetch("a"))
            more.append(None)
            for item in more:
                print(item)
            return items[0]

        store = Store()
        store.waiting.append(Item("c"))
        print(store.waiting.popleft())
        print(max(store.items, key=Item.label))
        functools.reduce(lambda one, other: one + len(other.name), store.items, 0)
        list(itertools.combinations(store.items, 2))
        for item in store.items:
            print(item)
        for label in map(Item.label, store.items):
            print(label)
        print(asyncio.run(all_of(["a"])))
        print(Path("a") / "b" / "c")
        """,
        [
            "a Item",
            "unknown (an element of what is not followed)",
            "a Item",
            "a Item",
            "a Item",
            "a str that is not empty",
            "a Item",
            "a pathlib.Path",
        ],
    ),
    "what patterns leave of a mapping and of a sequence": (
        """
        import json, sys

        match json.load(sys.stdin):
            case {"kind": _, **rest}:
                print(rest)
            case [_, *others]:
                print(others)
        """,
        ["a dict", "a list"],
    ),
    "what further arguments are handed on": (
        """
        import functools
        import sys
        from enum import Enum

        class Level(Enum):
            LOW = 1
            HIGH = 2

            @classmethod
            def parse(cls, text):
                return cls[text] if text else None

        def timed(function):
            @functools.wraps(function)
            def wrapper(self, *args, **options):
                print(self)
                return function(self, *args, **options)
            return wrapper

        class Job:
            @timed
            def run(self, lines, again=False, level=None):
                print(self)
                print(lines)
                print(again)
                print(level)

        def call(function, *args):
            args = args[1:]
            function(*args)

        def shown(one):
            print(one)

        Job().run("a", True)
        Job().run("b", level=Level.parse(sys.argv[0]))
        call(shown, 1, 2)
        """,
        [
            "a Job",
            "a Job",
            "'a' or 'b'",
            "False or True",
            "None or Level.HIGH or Level.LOW",
            "unknown (unpacked arguments: what they hold is not seen)",
        ],
    ),
    "what is taken out of further keywords": (
        """
        class Base:
            def __init__(self, size=1, **options):
                print(size)
                print(options.get("name", "none"))
                print(options.get("other", "none"))

        class Heir(Base):
            def __init__(self, depth, **options):
                super().__init__(**options)

        def call(function, **options):
            print(options.pop("again", None))
            print(options.get("depth"))
            return function(**options)

        def growing(**options):
            options.setdefault("size", 3)
            print(options.get("size"))

        def taking(**options):
            options.pop("size")
            print(options.get("size"))

        call(Heir, depth=3)
        Base(2, name="a")
        growing()
        taking(size=3)
        """,
        [
            "1 or 2",
            "'a' or 'none'",
            "'none'",
            "None",
            "None or 3",
            "unknown (any further argument)",
            "None or 3",
        ],
    ),
    "what a call gives back of what it is given": (
        """
        import sys
        from pathlib import Path

        def same(value):
            return value

        def retried(function, times):
            for _ in range(times):
                try:
                    result = function()
                    return result
                except OSError:
                    pass
            raise OSError

        def path(value):
            if isinstance(value, Path):
                return value
            return Path(value)

        def first(value, default=None):
            if value is None:
                return default
            return value

        def changed(value):
            if len(sys.argv) > 3:
                value = 7
            return value

        class Builder:
            def named(self):
                return self

        class Small(Builder):
            pass

        one = lambda: 1
        text = lambda: "a"
        print(same(1))
        print(same("a"))
        print(retried(one, 2))
        print(retried(text, 2))
        print(path("a"))
        print(first(None, 2))
        print(first("b"))
        print(changed(1))
        print(same(*sys.argv))
        print(Small().named())
        print(Builder().named())
        """,
        ["1", "'a'", "1", "'a'", "a pathlib.Path", "2", "'b'", "1 or 7", "unknown (unpacked arguments: what they hold is not seen)", "a Small", "a Builder"],
    ),
    "a class that is made of another is below all that is above that": (
        """
        class Base:
            def show(self):
                print(self)
                print(self.size)

        class One(Base):
            size = 1

        Made = type("Made", (One,), {"size": 2})
        One().show()
        Made().show()
        """,
        [
            "a Base or a subclass of it",
            "unknown (a subclass of outsiders may have its own size (extended: a class with a computed base may be below it))",
        ],
    ),
    "an object of what is abstract is never made": (
        """
        from abc import ABC, abstractmethod

        class Reader(ABC):
            def run(self):
                print(self.read())
                print(self.size)

            @abstractmethod
            def read(self):
                ...

        class Plain:
            def run(self):
                print(self.read())

            def read(self):
                raise NotImplementedError

        class One(Reader):
            size = 1

            def read(self):
                return "a"

        class Two(Plain):
            def read(self):
                return "b"

        One().run()
        Two().run()
        """,
        ["'a'", "1", "'b'"],
    ),
    "what a property sets when it is first read": (
        """
        class Store:
            def __init__(self):
                self._items = None
                self._other = None

            @property
            def items(self):
                if self._items is None:
                    self._items = "a"
                    self._other = 2
                return self._items

            def other(self):
                if self._other is None:
                    print(self._other)
                    print(self.items)
                    print(self._other)

        print(Store().items)
        Store().other()
        """,
        ["None", "'a'", "None or 2", "'a'"],
    ),
    "what a decorator that registers is given": (
        """
        KINDS = {}

        def register(name):
            def decorator(cls, again=False):
                print(cls)
                print(again)
                KINDS[name] = cls
                return cls
            return decorator

        @register("a")
        class A:
            size = 1

        @register("b")
        class B(A):
            size = 2

        print(KINDS["a"])
        print(KINDS["a"].size)
        """,
        ["A or B", "False", "A or B", "1 or 2"],
    ),
    "what a function has found out for a test": (
        """
        import sys

        class Checker:
            def is_set(self, value):
                return value is not None and value != ""

        def is_text(value):
            if value is None:
                return False
            return isinstance(value, str)

        def is_none(value):
            return value is None

        def is_known(value):
            return not is_none(value)

        def find(n):
            return "a" if n > 3 else None

        def show(one, other, third):
            if not is_text(one):
                return
            print(one)
            if is_known(other):
                print(other)
            else:
                print(other)
            if Checker().is_set(third):
                print(third)

        n = len(sys.argv)
        show(find(n), find(n), find(n))
        """,
        ["'a'", "'a'", "None", "'a'"],
    ),
    "what may be another function, looks at something else or does more has found out nothing": (
        """
        import sys

        class Checker:
            def is_set(self, value):
                return value is not None

        class Lax(Checker):
            def is_set(self, value):
                return True

        def is_known(value):
            value = value or "a"
            return value is not None

        def is_any(other, value):
            return value is not None

        def replaced(value):
            return value is not None

        def find(n):
            return "a" if n > 3 else None

        def show(one, other, third, fourth, checker):
            if checker.is_set(one):
                print(one)
            if is_known(other):
                print(other)
            if is_any(third, one):
                print(third)
            if replaced(fourth):
                print(fourth)

        n = len(sys.argv)
        if n:
            replaced = bool
        show(find(n), find(n), find(n), find(n), Lax() if n else Checker())
        """,
        ["None or 'a'"] * 4,
    ),
    "a name that is partly computed says which attributes it may set; one that formats says nothing": (
        """
        class Settings:
            def __init__(self):
                self.page_size = 20
                self.show_total = True

        class Options:
            def __init__(self):
                self.page_size = 20

        def load(settings, options, names):
            for name in names:
                setattr(settings, "show_" + name, None)
                setattr(options, "%s_size" % name, None)

        settings = Settings()
        options = Options()
        load(settings, options, ["total", "page"])
        print(settings.page_size)
        print(settings.show_total)
        print(options.page_size)
        """,
        ["20", "unknown (it is set by a partly computed name)", "unknown (it is set by a partly computed name)"],
    ),
    "a parser need not have what it may be made with": (
        """
        import argparse

        parser = argparse.ArgumentParser()
        print(parser.epilog)
        """,
        ["unknown (the epilog of a parser)"],
    ),
    "what calls in dead code would give is not seen": (
        """
        def price(item):
            print(item)

        def forgotten():
            price(None)
        """,
        ["unknown (only tests call it: what the program would give it is not seen)"],
    ),
    "what takes the place of a function gives what it is told to": (
        """
        from unittest import mock
        from unittest.mock import MagicMock

        import main

        def rate():
            return 1.5

        def name():
            return "bank"

        def count():
            return 1

        def source():
            return "here"

        def show():
            print(rate())
            print(name())
            print(count())
            print(source())

        @mock.patch("main.count", side_effect=ValueError("none"))
        def test_it(count, monkeypatch):
            with mock.patch("main.rate", return_value=None), mock.patch.object(main, "name") as name:
                name.side_effect = ["there", OSError("away")]
                monkeypatch.setattr(main, "source", lambda: 2)
                show()

        other = MagicMock(width=1)
        other.height = 2
        print(other.width)
        print(other.height)
        print(other.depth)
        print(isinstance(MagicMock(spec=str), str))
        show()
        """,
        ["None or 1.5", "'bank' or 'there' or a mock", "1", "2 or 'here'", "1", "2", "a mock", "False or True"],
    ),
    "mocks that are configured may have anything": (
        """
        from unittest.mock import MagicMock

        def filled(name, value):
            made = MagicMock()
            setattr(made, name, value)
            return made

        print(filled("width", None).width)
        """,
        ["unknown (set by a computed name on a mock)"],
    ),
    "a function that runs in a thread gives what it returns": (
        """
        import asyncio

        def found():
            return 1

        async def main():
            print(await asyncio.to_thread(found))

        asyncio.run(main())
        """,
        ["1"],
    ),
    "a TypedDict makes dicts": (
        """
        from typing import TypedDict

        class Check(TypedDict):
            name: str
            note: str | None

        def show(check):
            print(check)
            print(check["name"])
            print(check.get("note", "-"))

        show(Check(name="a", note=None))
        """,
        ["a dict", "'a'", "None"],
    ),
    "what iterators and tuples of the library give, and nothing of what code may change": (
        """
        import os
        import re
        from pathlib import Path

        for path in Path(".").glob("*"):
            print(path)
        for match in re.finditer("a", "b"):
            print(match)
        head, found, _ = "a=b".partition("=")
        print(head)
        names = os.listdir(".")
        names.append(None)
        print(names[0])
        print(os.listdir(".")[0])
        with open("notes") as notes:
            for line in notes:
                print(line)
        print(divmod(7, 2)[0])
        print(round(2.5, 1))
        print(next(iter(Path(".").iterdir()), None))
        """,
        [
            "a pathlib.Path", "a re.Match", "a str", "unknown (an item of a container that is not followed)",
            "a bytes or a str", "a str", "an int", "a float", "None or a pathlib.Path",
        ],
    ),
    "a copy holds what it is a copy of, and what is put into it": (
        """
        from collections import OrderedDict

        rows = list([None, 1])
        rows.append("x")
        for row in rows:
            print(row)
        found = OrderedDict(first=None)
        found["second"] = 1
        print(found["first"])
        some = [None]
        some[0:0] = ["y"]
        for one in some:
            print(one)
        """,
        ["None or 1 or 'x'", "None", "None or 'y'"],
    ),
    "the smallest of nothing is the default": (
        """
        print(min([1, 2], default=None))
        """,
        ["None or 1 or 2"],
    ),
    "bits of bools are bools": (
        """
        print(True & False)
        print(True + False)
        """,
        ["a bool", "an int"],
    ),
    "sets of two kinds make a set": (
        """
        both = {1} | frozenset([2])
        print(both)
        """,
        ["unknown (the result of an operator)"],
    ),
    "a class is no subclass of itself to __init_subclass__": (
        """
        class Locked:
            lock = None

            def __init_subclass__(cls):
                print(cls.lock)

        class Door(Locked):
            lock = "key"
        """,
        ["'key'"],
    ),
    "an empty dict in a comprehension is no pair of it": (
        """
        rows = [{} for name in "abc"]
        pairs = {name: {} for name in "abc"}
        for row in rows:
            print(row)
        for pair in pairs.values():
            print(pair)
        """,
        ["a dict", "a dict"],
    ),
    "an asynchronous context manager enters, and need not swallow": (
        """
        import asyncio

        class Door:
            async def __aenter__(self):
                return self

            async def __aexit__(self, *_):
                return None

        async def f():
            async with Door() as door:
                print(door)

        asyncio.run(f())
        """,
        ["a Door"],
    ),
    "what an object is as text may be of a subclass of str": (
        """
        class Safe(str):
            pass

        class Page:
            def __str__(self):
                return Safe("x")

        print(isinstance(str(Page()), Safe))
        print(isinstance(f"{Page()}", Safe))
        print(isinstance(f"{Page()}.", Safe))
        print(isinstance(str(1), Safe))
        """,
        ["False or True", "False or True", "False", "False"],
    ),
    "a metaclass may set attributes of a class": (
        """
        class Meta(type):
            def __init__(cls, *rest):
                setattr(cls, "ob" + "jects", [])

        class Model(metaclass=Meta):
            pass

        found = None
        try:
            found = Model.objects
        except KeyError:
            pass
        print(found is None)
        """,
        ["False or True"],
    ),
    "what an enumeration or a metaclass makes of a class variable is not what its body binds": (
        """
        from enum import Flag

        class Access(Flag):
            READ = 1

        class Meta(type):
            def __new__(mcs, name, bases, names):
                return super().__new__(mcs, name, bases, {**names, "kind": None})

        class Row(metaclass=Meta):
            kind = "row"

        print(isinstance(Access.READ, int))
        print(Row.kind is None)
        """,
        ["False or True", "False or True"],
    ),
    "a class with a computed base may be below any that gets there": (
        """
        import pytest

        class Signer:
            kind = "signer"

            def sign(self):
                print(self.kind is None)

        class Box:
            default = Signer

            def __init__(self, signer=None):
                self.signer = signer or self.default

        @pytest.fixture
        def box():
            return Box()

        def test_it(box):
            class Other(box.signer):
                kind = None

            Other().sign()

        Signer().sign()
        """,
        ["False or True"],
    ),
    "an object may become one of another class": (
        """
        class Draft:
            kind = "draft"

            def publish(self):
                self.__class__ = Order
                print(self.kind is None)

        class Order:
            kind = None

        Draft().publish()
        """,
        ["False or True"],
    ),
    "a class may count others as its instances": (
        """
        from abc import ABC

        class Shape(ABC):
            side = 0

        @Shape.register
        class Square:
            side = 2

        def area(item):
            if isinstance(item, Shape):
                print(item.side)

        area(Square())
        """,
        ["2"],
    ),
    "a named tuple has the methods of one": (
        """
        from typing import NamedTuple

        class Size(NamedTuple):
            width: int

        if Size(1).count(2):
            found = "two"
        else:
            found = None
        print(found)
        """,
        ["None or 'two'"],
    ),
    "examples in docstrings are run": (
        """
        import doctest

        def doubled(number):
            '''
            >>> doubled(None)
            '''
            print(number is None)

        doubled(1)
        doctest.testmod()
        """,
        ["False or True"],
    ),
    "type() makes subclasses": (
        """
        class Base:
            kind = "base"

            def get(self):
                print(self.kind is None)

        def make(cls):
            return type("Below", (cls,), {"kind": None})

        make(Base)().get()
        """,
        ["False or True"],
    ),
    "a module has names that it does not bind": (
        """
        print(__doc__ is None)
        __builtins__ = __builtins__.__dict__
        print(__builtins__ is None)
        """,
        ["False or True", "False or True"],
    ),
    "an object is iterated over by its items": (
        """
        class Row:
            def __getitem__(self, index):
                return [1, 2][index]

        last = None
        for cell in Row():
            last = str(cell)
        print(last)
        """,
        ["None or a str"],
    ),
    "a test narrows what follows": (
        """
        def f(x):
            if x is None:
                return
            print(x)

        f(None)
        f(1)
        """,
        ["1"],
    ),
    "a loop joins what its rounds store": (
        """
        def f(xs):
            last = None
            for x in xs:
                print(last)
                last = 1
            print(last)

        f([2])
        """,
        ["None or 1", "None or 1"],
    ),
    "a break leaves with what was stored": (
        """
        def f(n):
            found = None
            while n:
                if n == 3:
                    found = "x"
                    break
                n = n - 1
            else:
                print(found)
            print(found)

        f(5)
        """,
        ["None", "None or 'x'"],
    ),
    "a handler sees every store of its try": (
        """
        def f(g):
            state = 0
            try:
                state = 1
                g()
                state = 2
            except ValueError:
                print(state)
            print(state)

        f(input)
        """,
        ["0 or 1 or 2", "0 or 1 or 2"],
    ),
    "a finally sees all, what follows it does not": (
        """
        def f(g):
            state = 0
            try:
                g()
                state = 1
            finally:
                print(state)
            print(state)

        f(input)
        """,
        ["0 or 1", "1"],
    ),
    "a with may swallow": (
        """
        import contextlib

        def f(g):
            state = 0
            with contextlib.suppress(ValueError):
                state = 1
                g()
                state = 2
            print(state)

        f(input)
        """,
        ["0 or 1 or 2"],
    ),
    "a file does not swallow": (
        """
        def f(g):
            state = 0
            with open("x") as file:
                state = 1
                g(file)
                state = 2
            print(state)

        f(input)
        """,
        ["2"],
    ),
    "a closure that rebinds makes a local unsure": (
        """
        def f():
            done = False
            def cb():
                nonlocal done
                done = True
            if not done:
                cb()
            print(done)

        f()
        """,
        ["False or True"],
    ),
    "a comprehension sees what tests have shown": (
        """
        def f(x, xs):
            if x is None:
                return
            [print(x) for _ in xs]

        f(None, [1])
        f("a", [1])
        """,
        ["'a'"],
    ),
    "a generator runs later": (
        """
        def f(xs):
            x = None
            later = (print(x) for _ in xs)
            x = 1
            list(later)

        f([1])
        """,
        ["None or 1"],
    ),
    "a lambda runs later": (
        """
        def f():
            x = None
            later = lambda: print(x)
            x = 1
            later()

        f()
        """,
        ["None or 1"],
    ),
    "boolean operators": (
        """
        def f(x, y):
            if x is not None and y is not None:
                print(x)
            if x is None or y is None:
                print(x)
            print(x or "d")

        f(None, 1)
        f("", None)
        f("v", 2)
        """,
        ["'' or 'v'", "None or '' or 'v'", "'d' or 'v'"],
    ),
    "a walrus is narrowed": (
        """
        import re

        def f(s):
            if (m := re.match("a", s)):
                print(m)
            print(m)

        f(input())
        """,
        ["a re.Match", "None or a re.Match"],
    ),
    "patterns narrow their subject": (
        """
        def f(x):
            match x:
                case None:
                    print(x)
                case str():
                    print(x)
                case _:
                    print(x)

        f(None)
        f("a")
        f(3)
        """,
        ["None", "'a'", "3"],
    ),
    "code behind a call that never returns is not reached": (
        """
        import sys

        def fail():
            raise SystemExit(2)

        def f(x):
            if x is None:
                fail()
            print(x)
            if x == 1:
                sys.exit(1)
            print(x)

        f([None, 1, 2][int(input())])
        """,
        ["1 or 2", "2"],
    ),
    "an attribute is what all assignments give": (
        """
        class A:
            def __init__(self, x):
                self.x = x
            def set(self):
                self.x = "b"

        a = A(None)
        a.set()
        print(a.x)
        """,
        ["None or 'b'"],
    ),
    "a call may set an attribute that was tested": (
        """
        class A:
            def __init__(self):
                self.x = 1
            def reset(self):
                self.x = None
            def run(self):
                if self.x is None:
                    return
                print(self.x)
                self.reset()
                print(self.x)

        A().run()
        """,
        ["1", "None or 1"],
    ),
    "recursion": (
        """
        def f(n, acc):
            if n == 0:
                return acc
            return f(n - 1, "x")

        print(f(3, None))
        """,
        ["'x'"],
    ),
    "await and coroutines": (
        """
        import asyncio

        async def g():
            return "v"

        async def f():
            print(await g())

        asyncio.run(f())
        """,
        ["'v'"],
    ),
    "a del unbinds": (
        """
        def f(flag):
            x = None
            if flag:
                del x
                x = 1
            print(x)

        f(1)
        f(0)
        """,
        ["None or 1"],
    ),
    "inplace operators store": (
        """
        def f():
            n = 0
            for _ in [1, 2]:
                n += 1
            print(n)

        f()
        """,
        ["an int"],
    ),
    "an early return in a finally": (
        """
        def f(g):
            try:
                return g()
            finally:
                return "z"

        print(f(input))
        """,
        ["a str"],
    ),
    "unpacked arguments are not known": (
        """
        def f(x, y=None):
            print(y)

        f(*[1, 2])
        """,
        ["unknown (unpacked arguments: what they hold is not seen)"],
    ),
    "what is appended to the list that a field's factory makes": (
        """
        from dataclasses import dataclass, field

        @dataclass
        class Report:
            results: list = field(default_factory=list)

        report = Report()
        report.results.append("a")
        report.results.append(None)
        for result in report.results:
            print(result)
        """,
        ["None or 'a'"],
    ),
    "what a string is split into": (
        """
        for part in input().split():
            print(part)
        """,
        ["a str"],
    ),
    "a case knows what the subject is not": (
        """
        def f(x):
            match x:
                case "a":
                    return 1
                case "b":
                    return 2
                case str() if any(y for y in x):
                    return 3
                case _:
                    return print(x)

        f("a")
        f("b")
        """,
        ["never there"],
    ),
    "a break in the else of an inner loop": (
        """
        def f(xs, ys):
            for x in xs:
                for y in ys:
                    if y == x:
                        break
                else:
                    break
            else:
                return
            print(x)

        f([int(input())], [1])
        """,
        ["an int"],
    ),
    "a builtin is read before the module binds its name": (
        """
        import sys

        input = input if sys.argv else None
        print(input)
        """,
        ["None or input"],
    ),
    "what a dict holds under a key": (
        """
        RATES = {"EUR": 1, "USD": None}
        print(RATES["EUR"])
        print(RATES.get("USD"))
        print(RATES.get("GBP"))
        """,
        ["1", "None", "None"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", CASES)
def test_values(tmp_path: Path, what: str) -> None:
    source, expected = CASES[what]
    assert revealed(tmp_path, source) == expected


def test_fields_come_from_other_modules_with_their_defaults_and_may_be_replaced(tmp_path: Path) -> None:
    base = """
    from dataclasses import dataclass

    UNUSED = [1, 2, 3]

    @dataclass(kw_only=True)
    class Base:
        done: bool = False
        note: str = "none"
    """
    source = """
    from dataclasses import dataclass, replace as changed
    from base import Base

    @dataclass
    class Task(Base):
        name: str

    def show(task):
        print(task.name)
        print(task.note)

    def look(task):
        print(task.done)

    look(changed(Task("a"), done=True))
    show(Task("a"))
    """
    assert revealed(tmp_path, source, base=base) == ["'a'", "'none'", "False or True"]


def test_a_variable_that_may_be_missing_is_not_plain(tmp_path: Path) -> None:
    program = load(
        tmp_path,
        main="""
        import sys

        def shop(late):
            always = True
            if sys.argv[1:]:
                sometimes = True
            return always, sometimes
        """,
    )
    fact = program.facts[0]
    found = {
        fact.names[fact.code[pc + 3]]: is_plain(program, Site(0, pc))
        for pc in ops.instructions(fact.code, 0, len(fact.code))
        if fact.code[pc] == ops.NAME
    }
    assert found["always"] and not found["sometimes"]


EXPORTED = """
from dataclasses import dataclass, field

@dataclass
class Job:
    name: str
    retries: int = 0

@dataclass
class Plan:
    jobs: list[Job] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)

    def __post_init__(self):
        if self.tags is None:
            self.tags = []

    def __len__(self):
        return len(self.jobs) + len(self.tags)

    def __iter__(self):
        return iter(self.jobs)

def run(plan):
    return start(plan) if isinstance(plan, Plan) else None

def start(plan):
    print(plan.jobs is None)
    print(plan.notes is None)
    print(plan.tags is None)
    for job in plan.jobs:
        print(job is None)

__all__ = ["Job", "Plan", "run"]
"""


def test_exported_dataclasses_are_made_as_annotated_where_their_methods_take_it_for_granted(tmp_path: Path) -> None:
    (tmp_path / "main.py").write_text(EXPORTED)
    config = Config(public=("main",))
    program = load_program(tmp_path, config, jobs=1, cache=False, world="application", progress=lambda *_: None)
    values = program.ask(Values)
    fact = program.facts[0]
    asked = [pc for pc in ops.instructions(fact.code, 0, len(fact.code)) if fact.code[pc] == ops.COMPARE]
    found = [values.value(Site(0, pc)) for pc in asked][:4]
    assert [values.types.truth(value)[0] for value in found] == [False, True, True, False]
    assert assumptions(found[0]) and assumptions(found[3])


SUBCOMMANDS = """
import argparse

def run(args):
    return getattr(args, "fast", "slow")

def other(args):
    return getattr(args, "fast", "slow")

def shared(args):
    return getattr(args, "fast", "slow")

def main():
    parser = argparse.ArgumentParser()
    commands = parser.add_subparsers(required=True)
    first = commands.add_parser("run")
    first.add_argument("--fast", action="store_true")
    first.set_defaults(func=run)
    second = commands.add_parser("other")
    second.set_defaults(func=other)
    third = commands.add_parser("third")
    third.add_argument("--fast", action="store_true")
    third.set_defaults(func=shared)
    fourth = commands.add_parser("fourth")
    fourth.set_defaults(func=shared)
    args = parser.parse_args()
    return args.func(args)

main()
"""


@pytest.mark.parametrize(
    ("function", "change", "expected"),
    [
        ("run", ("", ""), "False or True"),
        ("other", ("", ""), "False or True or 'slow'"),
        ("shared", ("", ""), "False or True or 'slow'"),
        ("run", ("return args.func(args)", "run(args)\n    return args.func(args)"), "False or True or 'slow'"),
        (
            "run",
            ("return args.func(args)", "args.func = run\n    return args.func(args)"),
            "unknown (stored on an unknown object)",
        ),
    ],
)
def test_what_a_subcommand_declares_is_there_where_only_it_calls(
    tmp_path: Path, function: str, change: tuple[str, str], expected: str
) -> None:
    program = load(tmp_path, main=SUBCOMMANDS.replace(*change) if change[0] else SUBCOMMANDS)
    [scope] = [scope for scope in range(len(program.index.scopes)) if program.index.name(scope) == function]
    assert shown(program, program.ask(Values).returned(scope)) == expected


def test_what_a_command_line_gives_to_one_of_many_commands(tmp_path: Path) -> None:
    """Other parsers matter only where they set the attribute too, however they are used."""
    names = [f"run{number}" for number in range(30)]
    commands = "".join(f"def {name}(args):\n    return getattr(args, 'root', None)\n" for name in names)
    adding = "".join(f"    commands.add_parser('{name}').set_defaults(func={name})\n" for name in names)
    source = (
        "import argparse\n"
        "def install():\n"
        "    parser = argparse.ArgumentParser()\n"
        "    parser.add_argument('--force')\n"
        "    args = parser.parse_args()\n"
        "    print(args, vars(args))\n"
        "    print(args.force if 'force' not in locals() else '')\n"
        f"{commands}"
        "def main():\n"
        "    parser = argparse.ArgumentParser()\n"
        "    parser.add_argument('--root', default='.')\n"
        "    commands = parser.add_subparsers()\n"
        f"{adding}"
        "    args = parser.parse_args()\n"
        "    if not hasattr(args, 'func'):\n"
        "        return 1\n"
        "    return args.func(args)\n"
        "install()\n"
        "main()\n"
    )
    program = load(tmp_path, main=source)
    values = program.ask(Values)
    [first] = [scope for scope in range(len(program.index.scopes)) if program.index.name(scope) == "run0"]
    assert shown(program, values.returned(first)) == "a str"


def test_what_is_given_to_union_is_in_the_result(tmp_path: Path) -> None:
    program = load(
        tmp_path,
        main="""
        import other

        class Gate:
            pass

        for gate in {0}.union([Gate()]):
            other.use(gate)
        """,
    )
    (gate,) = program.hierarchy.classes
    assert ("open", "passed to other.use") in {event[:2] for event in program.analysis.whole(("object", gate))}
