"""Attributes and fields that nobody reads go with all that writes them, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from debloat.model import Applicability
from tests.refactor.programs import files, fixed, output

RULES = ("unread-field", "unread-setting")

PAIRS = {
    "objects that only keep what they are given, and one that does more": (
        """
        class Nothing: "Nothing."
        class Pair:
            limit = 2
            def __init__(self, one, two=()):
                "Two of them."
                self.one = one
                self.two = two
                self.both = [one, two]
        class Below(Pair): pass
        class Said:
            def __init__(self, one): print(one)
        class Typed:
            @property
            def one(self): return 1
            @one.setter
            def one(self, value): print("set", value)
            def __init__(self, one): self.one = one
        class Job:
            def __init__(self, name):
                self.nothing = Nothing()
                self.pair = Pair(name)
                self.below = Below(name, two=3)
                self.said = Said(name)
                self.typed = Typed(4)
                self.name = name
        print(Job("a").name, Pair(1).one, Below(1).both, Pair(2).two, Typed(1).one, Below.limit)
        """,
        """
        class Nothing: "Nothing."
        class Pair:
            limit = 2
            def __init__(self, one, two=()):
                "Two of them."
                self.one = one
                self.two = two
                self.both = [one, two]
        class Below(Pair): pass
        class Said:
            def __init__(self, one): print(one)
        class Typed:
            @property
            def one(self): return 1
            @one.setter
            def one(self, value): print("set", value)
            def __init__(self, one): self.one = one
        class Job:
            def __init__(self, name):
                Said(name)
                Typed(4)
                self.name = name
        print(Job("a").name, Pair(1).one, Below(1).both, Pair(2).two, Typed(1).one, Below.limit)
        """,
    ),
    "several targets, annotations, a container of a nested structure": (
        """
        import sys
        class Box:
            count: int = 0
            def __init__(self, items):
                self.items = self._copy = list(items)
                self.mark: str | None = None
                self.by_name = {"a": 0}
            def put(self, item):
                # the newest comes last
                self.items.append(item)
                self.by_name["a"] += 1
                self.by_name[item] = len(self.items)
                self.count += 1
                return self
        print(Box(sys.argv).put("x").items[-1])
        """,
        """
        import sys
        class Box:
            def __init__(self, items):
                self.items = list(items)
            def put(self, item):
                # the newest comes last
                self.items.append(item)
                return self
        print(Box(sys.argv).put("x").items[-1])
        """,
    ),
    "what does something stays": (
        """
        import sys
        class Job:
            def __init__(self, name):
                self.started = print("start", name)
                self.name = name
                self.mark()
            def mark(self):
                self.noted = True
        job = Job(sys.argv[0] and "j")
        print(job.name)
        """,
        """
        import sys
        class Job:
            def __init__(self, name):
                print("start", name)
                self.name = name
                self.mark()
            def mark(self):
                pass
        job = Job(sys.argv[0] and "j")
        print(job.name)
        """,
    ),
    "fields, positional and by keyword, in heirs, and copies of others": (
        '''
        import sys
        from dataclasses import dataclass, replace
        from typing import NamedTuple
        @dataclass(frozen=True)
        class Base:
            """What is asked for.

            Attributes:
                name: the name
                level: how loud it is
            """

            name: str
            level: int = 1
            size: int = 2
        @dataclass(frozen=True)
        class Heir(Base):
            extra: str = ""
        class Pair(NamedTuple):
            left: str
            right: str
        print(replace(Base("a", 3, 4), name="b").name, Heir("c", level=2, extra="d").extra, Base("e").size)
        print(Pair("x", sys.argv[0]).left)
        ''',
        '''
        from dataclasses import dataclass, replace
        from typing import NamedTuple
        @dataclass(frozen=True)
        class Base:
            """What is asked for.

            Attributes:
                name: the name
            """

            name: str
            size: int = 2
        @dataclass(frozen=True)
        class Heir(Base):
            extra: str = ""
        class Pair(NamedTuple):
            left: str
        print(replace(Base("a", 4), name="b").name, Heir("c", extra="d").extra, Base("e").size)
        print(Pair("x").left)
        ''',
    ),
    "several at once of one call": (
        """
        import sys
        from dataclasses import dataclass
        @dataclass
        class Note:
            text: str
            level: int = 0
            def show(self):
                print("note")
        Note(
            text=sys.argv[0],
            level=2,
        ).show()
        """,
        """
        from dataclasses import dataclass
        @dataclass
        class Note:
            def show(self):
                print("note")
        Note().show()
        """,
    ),
}

# Programs in which nothing may go.
PAIRS["what is left of a constructor, if it hides none"] = (
    """
    import sys
    class Base:
        def run(self): return 1
    class Below(Base):
        def __init__(self):
            self.size = 2
    class Made:
        def __init__(self):
            print("made")
    class Quiet(Made):
        def __init__(self):
            self.size = 3
    print(Below().run(), Quiet() is None)
    """,
    """
    import sys
    class Base:
        def run(self): return 1
    class Below(Base):
        pass
    class Made:
        def __init__(self):
            print("made")
    class Quiet(Made):
        def __init__(self):
            pass
    print(Below().run(), Quiet() is None)
    """,
)
PAIRS["counts that are looked up to be counted on"] = (
    """
    import sys
    class Counts:
        def __init__(self):
            self.by_name = {}
            self.by_size = {}
            self.last = {}
            self.shown = {}
        def add(self, name):
            self.by_name[name] = self.by_name.get(name, 0) + 1
            self.by_size[len(name)] = 1 + self.by_size.get(len(name), 0)
            self.last[name] = [name] + self.last.get(name, [])
            self.shown[name] = self.shown.get(name, 0) + 1
            return self.shown
    print(Counts().add(sys.argv[0] and "a"))
    """,
    """
    import sys
    class Counts:
        def __init__(self):
            self.shown = {}
        def add(self, name):
            self.shown[name] = self.shown.get(name, 0) + 1
            return self.shown
    print(Counts().add(sys.argv[0] and "a"))
    """,
)

KEPT = {
    "a count that is given on as well": """
        class Counts:
            def __init__(self):
                self.by_name = {}
                self.other = {}
                self.firsts = {}
                self.loud = {}
            def add(self, name):
                self.by_name[name] = count = self.by_name.get(name, 0) + 1
                self.firsts[name] = self.other.get(name, 0) + 1
                self.other[name] = 7
                self.loud[name] = self.loud.get(name, print("loud")) or 1
                return count, self.firsts
        counts = Counts()
        print(counts.add("a"), counts.add("a"))
        """,
    "the list is also somebody else's": """
        class Log:
            def __init__(self, lines):
                self.lines = lines
            def add(self, line):
                self.lines.append(line)
        lines = []
        Log(lines).add("a")
        print(lines)
        """,
    "a list that grows in its place": """
        class Log:
            def __init__(self, lines):
                self.lines = lines
            def add(self, line):
                self.lines += [line]
        lines = []
        Log(lines).add("a")
        print(lines)
        """,
    "a property, a descriptor, slots": """
        class Loud:
            def __set__(self, owner, value):
                print("set", value)
        class A:
            size = Loud()
            def __init__(self):
                self.size = 1
                self.width = 2
            @property
            def width(self):
                return 1
            @width.setter
            def width(self, value):
                print("width", value)
        class B:
            __slots__ = ("x",)
            def __init__(self):
                self.x = 1
        A(), B()
        """,
    "__setattr__ and __getattr__": """
        class A:
            def __init__(self):
                self.size = 1
            def __setattr__(self, name, value):
                print(name, value)
        A()
        """,
    "a subclass reads it, a mixin too": """
        class Shown:
            def show(self):
                print(self.color)
        class Base:
            def __init__(self):
                self.size = 1
                self.color = "red"
        class Heir(Base, Shown):
            def tell(self):
                print(self.size)
        Heir().tell()
        Heir().show()
        """,
    "attributes of exceptions, of threads and of what is pickled": """
        import pickle, threading
        class Failure(Exception):
            def __init__(self, code):
                self.code = code
        class Worker(threading.Thread):
            def __init__(self):
                super().__init__()
                self.daemon = True
        class State:
            def __init__(self):
                self.size = 1
        Worker().start()
        print(len(pickle.dumps(State())) > 9)
        try:
            raise Failure(1)
        except Exception as error:
            print(vars(error))
        """,
    "computed names and formats": """
        import sys
        class A:
            def __init__(self):
                self.size = 1
                self.width = 2
        class B:
            def __init__(self):
                self.depth = 1
        def show(thing, name):
            print(getattr(thing, name))
        show(A(), sys.argv[0] and "size")
        print("{0.depth}".format(B()))
        """,
    "the eyes of a json encoder": """
        import json
        class A:
            def __init__(self):
                self.size = 1
        class Encoder(json.JSONEncoder):
            def default(self, thing):
                return thing.__dict__
        print(json.dumps([A()], cls=Encoder))
        """,
    "patterns by position, by keyword, and a cache": """
        import functools, sys
        from dataclasses import dataclass
        @dataclass
        class Point:
            x: int
            y: int
        @dataclass
        class Size:
            wide: int
            high: int
        @dataclass(frozen=True)
        class Key:
            name: str
            scope: str
        @functools.cache
        def look(key):
            return key.name
        match Point(1, len(sys.argv)):
            case Point(a, b):
                print(a, b)
        match Size(1, len(sys.argv)):
            case Size(high=9, wide=w):
                print(w)
        print(look(Key("a", "x")), look(Key("a", "y")), look.cache_info().misses)
        """,
    "sets, dicts, sorting and membership": """
        from dataclasses import dataclass
        @dataclass(frozen=True)
        class A:
            x: int
        @dataclass(order=True)
        class B:
            x: int
        @dataclass
        class C:
            x: int
        print(len({A(1), A(2)}), sorted([B(2), B(1)]), C(1) in [C(1)], {a for a in [A(1), A(2)]} == set())
        """,
    "the length of a named tuple": """
        from typing import NamedTuple
        class Pair(NamedTuple):
            left: int
            right: int
        print(len(Pair(1, 2)))
        """,
    "init-only variables, class variables and replaced fields": """
        from dataclasses import InitVar, dataclass, field, replace
        from typing import ClassVar
        @dataclass
        class A:
            x: InitVar[int]
            def __post_init__(self, x):
                print(x)
        @dataclass
        class B:
            name: str
            level: int = 0
        A(1)
        print(replace(B("a", 1), level=2).name)
        """,
}


@pytest.mark.parametrize("name", PAIRS)
def test_what_nobody_reads_is_not_written(name: str, tmp_path: Path) -> None:
    before, after = map(files, PAIRS[name])
    result, _ = fixed(before, tmp_path / "fixed", *RULES, lowest=Applicability.UNSAFE)
    assert result == after
    assert output(before, tmp_path / "before") == output(result, tmp_path / "after")


@pytest.mark.parametrize("name", KEPT)
def test_what_somebody_reads_stays(name: str, tmp_path: Path) -> None:
    before = files(KEPT[name])
    result, _ = fixed(before, tmp_path, *RULES, lowest=Applicability.UNSAFE)
    assert result == before


def test_what_dead_code_reads_waits_for_that_to_go(tmp_path: Path) -> None:
    before = files("""
        class A:
            def __init__(self):
                self.size = 1
            def tell(self):
                return self.size
        A()
        """)
    assert fixed(before, tmp_path / "one", *RULES, lowest=Applicability.UNSAFE)[0] == before
    after, _ = fixed(before, tmp_path / "two", *RULES, "dead-symbol", lowest=Applicability.UNSAFE)
    assert after["app.py"] == "class A:\n    pass\nA()\n"


def test_nothing_goes_that_tests_read(tmp_path: Path) -> None:
    before = files("""
        # app.py
        class A:
            def __init__(self):
                self.size = 1
        if __name__ == "__main__":
            A()
        # test_app.py
        from app import A
        def test_a():
            assert A().size == 1
        """)
    assert fixed(before, tmp_path, *RULES, lowest=Applicability.UNSAFE)[0] == before


def test_what_is_found_at_several_places_is_refused_once(tmp_path: Path) -> None:
    before = files("""
        import sys
        class Counter:
            def __init__(self):
                self.hits = print(1) or 0
            def hit(self):
                self.hits += 1
                return len(sys.argv)
        print(Counter().hit())
        """)
    _, outcome = fixed(before, tmp_path, "unread-field", lowest=Applicability.UNSAFE)
    assert outcome.refused == {"acts": 1}
    assert len(outcome.report.findings) == 2


def test_what_dead_code_reads_is_told_of_without_a_fix(tmp_path: Path) -> None:
    before = files("""
        import sys
        class Counter:
            def __init__(self):
                self.hits = 0
            def hit(self):
                self.hits += 1
                return len(sys.argv)
            def old(self):
                return self.hits
        print(Counter().hit())
        """)
    after, outcome = fixed(before, tmp_path, "unread-field", lowest=Applicability.UNSAFE)
    assert after == before
    assert {one.finding.refactoring for one in outcome.report.findings} == {None}
    assert (
        "hits" not in fixed(before, tmp_path, "unread-field", "dead-symbol", lowest=Applicability.UNSAFE)[0]["app.py"]
    )
