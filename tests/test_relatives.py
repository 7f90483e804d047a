"""Which methods of other classes a method has to stay like."""

from __future__ import annotations

from pathlib import Path

import pytest

from debloat.config import Config
from debloat.facts import data
from debloat.program import load_program
from debloat.program.queries import definitions, relatives

BASES = {
    "a mixin of other things": ("def log(self): print('log')", False),
    "a base that has it": ("def run(self): pass", True),
    "a base that asks for it": ("def go(self): self.run()", True),
    "a base that asks for it later": ("def go(self): return [lambda: self.run()]", True),
}


@pytest.mark.parametrize("name", BASES)
def test_methods_of_classes_side_by_side(name: str, tmp_path: Path) -> None:
    body, related = BASES[name]
    (tmp_path / "app.py").write_text(
        f"class Base:\n    {body}\n"
        "class One(Base):\n    def run(self): return 1\n"
        "class Two(Base):\n    def run(self): return 2\n"
        "class Three(Two):\n    def run(self): return 3\n"
    )
    program = load_program(tmp_path, Config(), jobs=1, cache=False, world="application", progress=lambda *_: None)
    index = program.index
    methods = {index.name(index.enclosing_class(scope)): scope for scope in definitions(program, data.FUNCTION)}
    found = {index.name(index.enclosing_class(scope)) for scope in relatives(program, methods["One"])} - {"Base"}
    assert found == ({"Two", "Three"} if related else set())
    assert methods["Three"] in relatives(program, methods["Two"])


def test_methods_of_classes_that_meet_below(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(
        "class One:\n    def run(self): return 1\nclass Two:\n    def run(self): return 2\nclass Both(One, Two): pass\n"
    )
    program = load_program(tmp_path, Config(), jobs=1, cache=False, world="application", progress=lambda *_: None)
    one, two = definitions(program, data.FUNCTION)
    assert relatives(program, one) == [two] and relatives(program, two) == [one]
