"""Bases of which a class uses nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from debloat.model import Applicability
from tests.refactor.programs import files, fixed, output

_LOGS = """
        # logs.py
        import logging
        class Logged:
            @property
            def log(self): return logging.getLogger(type(self).__name__)
"""

DROPPED = {
    "beside others, over several lines, by another name": (
        f"""{_LOGS}
        # app.py
        import logs as l
        from logs import Logged as Noted
        class Store(Noted):
            def add(self): print(self.log.name)
        class Sized:
            def size(self): return 1
        class Report(
            Sized,
            l.Logged,
        ):
            def show(self): print(self.size())
        class Wide(Report):
            def wide(self): print(self.size() + 1)
        Store().add()
        Report().show()
        Wide().wide()
        """,
        """
        class Report(
            Sized,
        ):
        """,
    ),
    "with what it is derived from": (
        """
        # app.py
        class Root:
            def root(self): return 1
        class Mixed(Root):
            level = 3
            def mixed(self): return self.root()
        class Used(Mixed):
            def go(self): print(self.mixed())
        class Free(Mixed):
            def go(self): print("free")
        class Half(Root):
            def go(self): print(self.root(), self.__class__.__name__)
        Used().go()
        Free().go()
        Half().go()
        """,
        "class Free:\n",
    ),
    "what sets an attribute of the same name on others": (
        """
        # app.py
        class Mixin:
            def note(self): print("noted")
        class Other:
            def __init__(self): self.note = 3
        class Plain(Mixin):
            def go(self): return Other()
        class Noting(Mixin):
            def go(self): self.note()
        print(Plain().go().note)
        Noting().go()
        """,
        "class Plain:\n",
    ),
}


@pytest.mark.parametrize("name", DROPPED)
def test_a_base_that_nobody_uses_goes(name: str, tmp_path: Path) -> None:
    before = files(DROPPED[name][0])
    after, outcome = fixed(before, tmp_path / "a", "unused-base", lowest=Applicability.UNSAFE)
    lines = files(DROPPED[name][1])["app.py"]
    assert len(outcome.applied) == 1 and lines.strip() in after["app.py"]
    assert output(before, tmp_path / "b") == output(after, tmp_path / "c")
    assert fixed(before, tmp_path / "d", "unused-base", lowest=Applicability.SAFE)[0] == before


KEPT = {
    "asked of an object that goes elsewhere": "def show(x): print(x.note())\nshow(Plain())",
    "asked of the class": "print(Plain.note(None))",
    "asked of a subclass": "class Sub(Plain):\n    def go(self): print(self.note())\nSub().go()",
    "asked by a computed name": "import sys\nprint(getattr(Plain(), sys.argv[0][:0] + 'note')())",
    "a question for the type": "print(isinstance(Plain(), Mixin))",
    "an annotation": "def show(x: Mixin): print(x)\nshow(Plain())",
    "set": "plain = Plain()\nplain.note = 1\nprint(plain.note)",
    "asked of what may be anything": "import sys, json\nfor x in [Plain(), *sys.argv[9:]]: print(x.note())",
    "another base has the name": "class Two:\n    def note(self): return 2\nclass Both(Plain, Two): pass\nprint(Both().note())",
    "the bases are asked for": "print([one.__name__ for one in Plain.__mro__])",
    "given to what looks at it": "import inspect\nprint(len(inspect.getmembers(Plain())))",
    "super()": "class Own(Plain):\n    def go(self): print(super().note())\nOwn().go()",
}


@pytest.mark.parametrize("name", KEPT)
def test_a_base_stays(name: str, tmp_path: Path) -> None:
    text = f"class Mixin:\n    def note(self): return 1\nclass Plain(Mixin):\n    def go(self): print('go')\nPlain().go()\n{KEPT[name]}\n"
    before = {"app.py": text}
    assert fixed(before, tmp_path, "unused-base", lowest=Applicability.UNSAFE)[0] == before


BASES = {
    "a constructor": "def __init__(self): print('made')",
    "a special method": "def __len__(self): return 3",
    "something to implement": "def go(self): raise NotImplementedError",
    "a note of its subclasses": "def __init_subclass__(cls): print(cls.__name__)",
    "slots": "__slots__ = ('a',)",
}


@pytest.mark.parametrize("name", BASES)
def test_a_base_that_does_something_by_itself_stays(name: str, tmp_path: Path) -> None:
    before = {
        "app.py": f"class Base:\n    {BASES[name]}\nclass Plain(Base):\n    def go(self): print('go')\nPlain().go()\n"
    }
    assert fixed(before, tmp_path, "unused-base", lowest=Applicability.UNSAFE)[0] == before
