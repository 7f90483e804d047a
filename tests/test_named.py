"""A look at one file finds in it what a look at all files finds there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from debloat import engine
from debloat.config import Config
from debloat.engine import Reported
from debloat.loader import load_rules
from debloat.program import Program, load_program

PROJECTS = Path(__file__).parent.parent / "fixtures" / "projects"
COPY = """
def total(prices):
    result = 0
    for price in prices:
        result += price
    return result


print(total([1, 2]))
"""
ACROSS = {
    "a copy": {"app.py": COPY + "import other\n", "other.py": COPY},
    "a base and its only subclass": {
        "app.py": "import shapes\n\n\nclass Circle(shapes.Shape):\n    pass\n\n\nclass Ring(shapes.Line):\n    size = 2\n\n\nprint(Circle().name(), Ring().length())\n",
        "shapes.py": "class Shape:\n    def name(self):\n        return 'shape'\n\n\nclass Line:\n    def length(self):\n        return self.size\n",
    },
    "a method whose name another class has": {
        "app.py": "import box\n\n\nclass Bag:\n    def size(self):\n        return 2\n\n\nprint(Bag().size(), box.Box().weight())\n",
        "box.py": "class Box:\n    def size(self):\n        return 1\n\n    def weight(self):\n        return 3\n",
    },
    "a parameter that tunnels": {
        "app.py": "import sys\n\nimport middle\n\n\ndef report(orders, rate):\n    print('Orders')\n    for order in orders:\n        print(middle.render(order, rate))\n\n\nreport(sys.argv, len(sys.argv))\n",
        "middle.py": "import end\n\n\ndef render(order, rate):\n    name = order.strip()\n    return f'{name}: {end.total(name, rate)}'\n",
        "end.py": "def total(name, rate):\n    price = len(name)\n    return price + tax(price, rate)\n\n\ndef tax(price, share):\n    return price * share / 100 if share else 0\n",
    },
    "a family of methods": {
        "app.py": "import kinds\n\nfor one in (kinds.A(), kinds.B()):\n    print(one.run(1, None))\n",
        "kinds.py": "import base\n\n\nclass A(base.Base):\n    def run(self, x, extra):\n        return x\n\n\nclass B(base.Base):\n    def run(self, x, extra):\n        return x + 1\n",
        "base.py": "class Base:\n    def run(self, x, extra):\n        raise NotImplementedError\n",
    },
}


def said(reported: Reported) -> tuple[Any, ...]:
    return reported.rule.name, reported.finding


def compare(load: Any) -> int:
    """How much is found; asserts that it is the same."""
    rules = load_rules()
    whole: Program = load()
    found = engine.look(whole, rules, paths=[""], select=[], ignore=[]).findings
    apart = load()  # which no look at all has taught anything
    for number in apart.editable:
        path = apart.files[number].path
        alone = engine.look(apart, rules, paths=[path], select=[], ignore=[]).findings
        assert [*map(said, alone)] == [said(one) for one in found if one.finding.span.path == path], path
    return len(found)


@pytest.mark.parametrize("name", sorted(path.name for path in PROJECTS.iterdir() if path.is_dir()))
def test_in_a_project(name: str) -> None:
    assert compare(
        lambda: load_program(
            PROJECTS / name, Config(), jobs=1, cache=False, world="application", progress=lambda *_: None
        )
    )


@pytest.mark.parametrize("name", ACROSS)
def test_what_spans_files(name: str, tmp_path: Path) -> None:
    for path, text in ACROSS[name].items():
        (tmp_path / path).write_text(text)
    assert compare(
        lambda: load_program(tmp_path, Config(), jobs=1, cache=False, world="application", progress=lambda *_: None)
    )
