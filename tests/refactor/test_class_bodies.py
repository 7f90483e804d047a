"""Names in class bodies, which are the module's until the class binds them; what is fixed does what it did."""

from __future__ import annotations

from pathlib import Path

import pytest

from debloat.model import Applicability
from tests.refactor.programs import files, fixed, output

PROGRAMS = {
    "a name of the module, then of the class": """
        word = "outer"
        class A:
            first = word
            word = "inner"
            last = word
        print(A.first, A.last)
        """,
    "a class keeps what the module has": """
        import sys
        from enum import Enum
        size = 5
        def shown(x): return x
        def show(x): return shown(x)
        class A:
            size = size
            show = show(1)
            shown = shown(len(sys.argv))
        class E(Enum):
            size = size
            more = size + 1
        print(A.size, A.show, A.shown, E.size.value, E.more.value)
        """,
    "not that of the function around": """
        word = "outer"
        def a(x, word):
            class A:
                first = word
                word = "inner"
            return x, A.first, A.word
        print(a(1, "m"), a(2, "m"))
        """,
    "of either": """
        import sys
        word = None
        class A:
            if len(sys.argv) > 5:
                word = "inner"
            last = "none" if word is None else word
        print(A.last)
        """,
    "gone again": """
        word = None
        class A:
            word = "inner"
            first = word
            del word
            last = "none" if word is None else word
        print(A.first, A.last)
        """,
    "a class that binds a name of the module": """
        word = "outer"
        class A:
            global word
            word = "inner"
        print(word)
        """,
    "defaults": """
        import sys
        word = "outer"
        class A:
            def first(self, x, y=word): return x, y
            word = "inner"
            def last(self, x, y=word): return x, y
        print(A().first(1), A().last(2), A().first(sys.argv[:0]), A().last(sys.argv[:0]))
        """,
    "had by a star": """
        # app.py
        from words import *
        class A:
            word = word
        print(A.word)
        # words.py
        word = "outer"
        other = "nothing"
        """,
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_programs_do_what_they_did(name: str, tmp_path: Path) -> None:
    before = files(PROGRAMS[name])
    result, _ = fixed(before, tmp_path / "fixed", lowest=Applicability.SAFE)
    assert output(result, tmp_path / "after") == output(before, tmp_path / "before")
