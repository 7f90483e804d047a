"""What is looked up in a table of one entry is named itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from debloat.model import Applicability
from tests.refactor.programs import files, fixed, output

PAIRS = {
    "keys by name, lists, classes and their methods": (
        """
        import sys
        STD = "std"
        class Shape:
            def area(self): return 2
            @staticmethod
            def unit(): return 1
        BY_NAME = {STD: Shape}
        FIRST = [Shape.unit]
        def make(name=STD):
            return (BY_NAME[name])()
        print(make().area(), make("std").area(), FIRST[0]())
        """,
        """
        import sys
        STD = "std"
        class Shape:
            def area(self): return 2
            @staticmethod
            def unit(): return 1
        def make(name=STD):
            return (Shape)()
        print(make().area(), make("std").area(), Shape.unit())
        """,
    ),
}

KEPT = {
    "a name that is taken where it is looked up": """
        def plain(text): return text
        FORMATS = {"plain": plain}
        def show(plain): return FORMATS["plain"](plain)
        print(show(1))
        """,
    "a name that is bound again": """
        def plain(text): return text
        FORMATS = {"plain": plain}
        def plain(text): return text * 2
        print(FORMATS["plain"](1), plain(1))
        """,
    "a value that is computed, a table that is handed on, a test that fills it": """
        # app.py
        import sys
        def make(): return print
        def plain(text): return text
        MADE = {"a": make()}
        GIVEN = {"a": plain}
        OPEN = {"a": plain}
        def names(table): return list(table)
        if __name__ == "__main__":
            MADE["a"](1)
            print(GIVEN["a"](1), names(GIVEN), OPEN["a"](2))
        # test_app.py
        import app
        def test_app(monkeypatch):
            monkeypatch.setitem(app.OPEN, "a", print)
            app.OPEN["a"](1)
        """,
}


@pytest.mark.parametrize("name", PAIRS)
def test_what_is_looked_up_is_named(name: str, tmp_path: Path) -> None:
    before, after = map(files, PAIRS[name])
    rules = ("one-entry-registry", "dead-symbol")
    result, _ = fixed(before, tmp_path / "fixed", *rules, lowest=Applicability.SAFE)
    assert result == after
    assert output(before, tmp_path / "before") == output(result, tmp_path / "after")


@pytest.mark.parametrize("name", KEPT)
def test_what_is_more_than_that_stays(name: str, tmp_path: Path) -> None:
    before = files(KEPT[name])
    assert fixed(before, tmp_path, "one-entry-registry", lowest=Applicability.UNSAFE)[0] == before
