"""What keeps a symbol alive, what opens it, who calls it; and what became of a candidate."""

from __future__ import annotations

from pathlib import Path

import pytest

from debloat.config import Config
from debloat.facts import data
from debloat.loader import load_rules
from debloat.model import Applicability, Evidence, Finding, Proof, Rule, Span
from debloat.program import Program, load_program
from debloat.program.dead import dead
from debloat.program.explain import UnknownSymbolError
from debloat.program.parameters import known_calls
from debloat.program.queries import definitions
from debloat.why import explain

FILES = {
    "app.py": """\
from shop import Cart, total as sum_up
from shop.cart import LIMIT

def main():
    cart = Cart()
    cart.add(3)
    print(sum_up(cart), LIMIT)

if __name__ == "__main__":
    main()
""",
    "shop/__init__.py": "from shop.cart import Cart\nfrom shop.cart import total\n",
    "shop/cart.py": """\
LIMIT = 9

class Base:
    def add(self, item):
        raise NotImplementedError

class Cart(Base):
    def __init__(self):
        self.items = []

    def add(self, item):
        self.items.append(item)

    def old(self):
        return self.items

def total(cart):
    return sum(map(price, cart.items))

def price(item):
    return item

def checked(cart):
    return total(cart)
""",
    "tests/test_cart.py": """\
from shop.cart import Cart, checked

def test_checked():
    assert checked(Cart()) == 0
""",
    "pyproject.toml": '[project]\nname = "shop"\n[project.scripts]\nshop = "app:main"\n',
}


@pytest.fixture
def program(tmp_path: Path) -> Program:
    for path, text in FILES.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text)
    return application(tmp_path)


def application(folder: Path) -> Program:
    return load_program(folder, Config(), jobs=1, cache=False, world="application", progress=lambda *_: None)


def why(program: Program, target: str, *rules: Rule) -> list[str]:
    return list(explain(program, rules, target, list))


@pytest.mark.parametrize("name", ["shop.cart:total", "shop.cart.total"])
def test_a_live_function_has_a_path_to_its_root_with_places(program: Program, name: str) -> None:
    assert why(program, name) == [
        "shop.cart:total: function at shop/cart.py:17",
        "  live in production:",
        "    shop.cart:total: shop:total imports it (shop/__init__.py:2)",
        "    shop:total: app:sum_up imports it (app.py:1)",
        "    app:sum_up: app:main reads it (app.py:7)",
        "    app:main: named outside Python: in pyproject.toml",
        "    app: a script",
        "  callers are closed, these and no other:",
        "    app:main (app.py:7)",
        "    shop.cart:checked (shop/cart.py:24)",
    ]


def test_what_only_tests_use_says_so(program: Program) -> None:
    lines = why(program, "shop.cart:checked")
    assert lines[1] == "  live only by tests:"
    assert lines[-1] == "    tests.test_cart:test_checked (tests/test_cart.py:4)"


def test_what_is_dead_says_so(program: Program) -> None:
    assert why(program, "shop.cart:Cart.old") == [
        "shop.cart:Cart.old: method at shop/cart.py:14",
        "  dead: nothing live leads to it",
        "  callers are closed: there is none",
    ]


def test_a_method_shows_what_overrides_it_and_where_it_is_called(program: Program) -> None:
    lines = why(program, "shop.cart:Cart.add")
    assert "    app:main (app.py:6)" in lines
    assert lines[-2:] == ["  overrides or is overridden by:", "    shop.cart:Base.add (shop/cart.py:4)"]


def test_open_callers_say_by_what(program: Program) -> None:
    lines = why(program, "shop.cart:price")
    assert lines[lines.index("  callers are open:") + 1].endswith("(shop/cart.py:18)")


def test_openings_of_a_public_function(tmp_path: Path) -> None:
    (tmp_path / "lib.py").write_text("def load():\n    return 1\n")
    library = load_program(tmp_path, Config(), jobs=1, cache=False, world="library", progress=lambda *_: None)
    lines = why(library, "lib:load")
    assert any(line.startswith("    public: outsiders may use it") for line in lines)
    assert lines[-2:] == ["  callers are open:", "    by what opens it"]


def test_classes_modules_and_constants(program: Program) -> None:
    assert why(program, "shop.cart.Base")[-2:] == ["  subclasses:", "    shop.cart:Cart (shop/cart.py:7)"]
    assert why(program, "shop.cart")[:3] == [
        "shop.cart: module at shop/cart.py:1",
        "  live in production:",
        "    shop.cart: app imports it (app.py:2)",
    ]
    assert why(program, "shop.cart.LIMIT")[:3] == [
        "shop.cart:LIMIT: name at shop/cart.py:1",
        "  live in production:",
        "    shop.cart:LIMIT: app:LIMIT imports it (app.py:2)",
    ]


@pytest.mark.parametrize(
    ("name", "nearest"),
    [("shop.cart:Card.add", "shop.cart.Cart.add"), ("shop.crat", "shop.cart"), ("zzz", None)],
)
def test_an_unknown_symbol_is_one_line_with_the_nearest(program: Program, name: str, nearest: str | None) -> None:
    with pytest.raises(UnknownSymbolError) as caught:
        why(program, name)
    assert "\n" not in str(caught.value)
    assert ("did you mean" in str(caught.value)) == (nearest is not None)
    assert nearest is None or nearest in str(caught.value)


def test_a_line_shows_the_finding_on_it_with_each_evidence(program: Program) -> None:
    (rule,) = (rule for rule in load_rules() if rule.name == "dead-symbol")
    first, *evidence = why(program, "shop/cart.py:15", rule)
    assert first == "shop/cart.py:14: dead-symbol method Cart.old is never used [safe]"
    assert evidence
    assert all(line.startswith("  proved ") and line.endswith("(shop/cart.py:14)") for line in evidence)


def test_a_line_without_findings_tells_of_its_definition(program: Program) -> None:
    lines = why(program, "shop/cart.py:18")
    assert lines[0] == "shop/cart.py:18: no rule finds or withholds anything here"
    assert lines[1:] == why(program, "shop.cart:total")


GUARDS = """\
import json
import sys


class Order:
    def __init__(self, items):
        self.items = items


def load(path):
    if path.endswith(".json"):
        return json.load(open(path))
    return Order([path])


def find(orders, item):
    for order in orders:
        if item in order.items:
            return order
    return None


def report(order, title=None):
    if order is None or not title:
        return "nothing"
    return title


def count(path):
    data = load(path)
    if data is None:
        return 0
    if data:
        return len(data.items)
    try:
        data.save()
    except ValueError:
        return 1
    return 2


first = Order([])
if first is not None and isinstance(first, Order):
    print(report(first, "t"), report(find([first], "a")), count(sys.argv[1]))
size = {"a": 1}.get(sys.argv[1], 0)
try:
    size = [1][len("a")]
except IndexError:
    size = 2
try:
    size = 1 + len("a")
except KeyError:
    size = 2
"""


@pytest.fixture
def guarded(tmp_path: Path) -> Program:
    (tmp_path / "app.py").write_text(GUARDS)
    return application(tmp_path)


def line_of(text: str) -> int:
    return next(number for number, line in enumerate(GUARDS.split("\n"), 1) if text in line)


def test_a_test_that_varies_shows_each_value_and_where_it_is_made(guarded: Program) -> None:
    line = line_of("if order is None")
    assert why(guarded, f"app.py:{line}") == [
        f"app.py:{line}: no rule finds or withholds anything here",
        f"app.py:{line}: order is None may come out either way",
        f"  order can be None (app.py:{line_of('return None')})",
        f"    passed to report as order (app.py:{line_of('print(report')})",
        f"    returned by find (app.py:{line_of('return None')})",
        f"  order can be a Order (app.py:{line_of('first = Order')})",
        f"    passed to report as order (app.py:{line_of('print(report')})",
        f"    assigned here (app.py:{line_of('first = Order')})",
        f"app.py:{line}: title may come out either way",
        f"  title can be None (app.py:{line_of('def report')})",
        f"    the default of title (app.py:{line_of('def report')})",
        f"  title can be 't' (app.py:{line_of('print(report')})",
        f"    passed to report as title (app.py:{line_of('print(report')})",
    ]


def test_a_test_that_is_open_names_the_unknown_value_and_the_way_from_it(guarded: Program) -> None:
    line = line_of("if data is None")
    loaded = line_of("return json.load")
    assert why(guarded, f"app.py:{line}")[1:] == [
        f"app.py:{line}: data is None is not decided",
        f"  data can be unknown (the result of json.load from outside) (app.py:{loaded})",
        f"    assigned here (app.py:{line_of('data = load')})",
        f"    returned by load (app.py:{loaded})",
    ]


def test_a_decided_test_shows_what_proves_it_with_every_part_for_itself(guarded: Program) -> None:
    line = line_of("if first is not None")
    lines = why(guarded, f"app.py:{line}")
    told = [text for text in lines if not text.startswith(" ")]
    assert told[1:] == [
        f"app.py:{line}: first is not None is always true",
        f"app.py:{line}: isinstance(first, Order) is always true",
    ]
    assert f"  proved type: first is a Order from here (app.py:{line - 1})" in lines


def test_what_a_rule_reports_is_not_told_twice(guarded: Program) -> None:
    line = line_of("if first is not None")
    (rule,) = (rule for rule in load_rules() if rule.name == "redundant-none-check")
    lines = why(guarded, f"app.py:{line}", rule)
    assert sum("first is not None is always true" in text for text in lines) == 1


def test_a_guarded_access_is_explained_too(guarded: Program) -> None:
    line = line_of(".get(")
    assert f'app.py:{line}: {{"a": 1}}.get(sys.argv[1], 0) is not decided' in why(guarded, f"app.py:{line}")


def test_handlers_say_what_comes_to_them(guarded: Program) -> None:
    line = line_of("except IndexError")
    assert (
        why(guarded, f"app.py:{line}")[1]
        == f"app.py:{line}: the handler for IndexError may run: the body can raise IndexError"
    )
    line = line_of("except KeyError")
    assert (
        why(guarded, f"app.py:{line}")[1]
        == f"app.py:{line}: the handler for KeyError never runs: nothing in the body raises that"
    )
    line = line_of("except ValueError")
    assert why(guarded, f"app.py:{line - 2}")[1:] == [
        f"app.py:{line}: the handler for ValueError is not decided",
        f"  the body can raise anything: an attribute of what is not followed (app.py:{line - 1})",
    ]


def test_what_a_test_left_of_an_unknown_value_is_followed_to_that(guarded: Program) -> None:
    line = line_of("if data:")
    assert why(guarded, f"app.py:{line}")[-1] == (
        f"    unknown: the result of json.load from outside (app.py:{line_of('return json.load')})"
    )


def test_a_line_that_is_not_there_is_one_line(guarded: Program) -> None:
    with pytest.raises(UnknownSymbolError, match=r"app\.py has no line 999"):
        why(guarded, "app.py:999")


def test_a_file_that_is_not_read_is_one_line(program: Program) -> None:
    with pytest.raises(UnknownSymbolError, match=r"pyproject\.toml is not a file that debloat reads"):
        why(program, "pyproject.toml:1")


@pytest.mark.parametrize(
    ("proof", "column", "fate"),
    [
        (Proof.PROVED, 0, "safe"),
        (Proof.ASSUMED, 0, "unsafe"),
        (Proof.UNKNOWN, 0, "withheld"),
        (Proof.PROVED, 1, "withheld: not confirmed on the syntax tree"),
    ],
)
def test_what_became_of_a_candidate(program: Program, proof: Proof, column: int, fate: str) -> None:
    span = Span("shop/cart.py", 1, column, 1, 9)
    finding = Finding(span, "needless", "shop.cart", (Evidence("type", proof, span, "a note"),), Applicability.SAFE, 1)
    rule = Rule("needless", "residue", "A page.", Applicability.SAFE, lambda _: iter([finding]))
    assert why(program, "shop/cart.py:1", rule) == [
        f"shop/cart.py:1: needless needless [{fate}]",
        f"  {proof.name.lower()} type: a note (shop/cart.py:1)",
    ]


def test_a_kept_candidate_gives_the_reason(program: Program) -> None:
    (program.root / "shop" / "cart.py").write_text("LIMIT = 9  # debloat: keep[needless] others read it\n")
    kept = load_program(
        program.root, Config(), jobs=1, cache=False, world="application", progress=lambda stage, done, total: None
    )
    span = Span("shop/cart.py", 1, 0, 1, 9)
    finding = Finding(span, "needless", "shop.cart", (), Applicability.SAFE, 1)
    rule = Rule("needless", "residue", "A page.", Applicability.SAFE, lambda _: iter([finding]))
    (line,) = why(kept, "shop/cart.py:1", rule)
    assert line.endswith("[kept by the comment on line 1: others read it]")


def test_what_only_dead_code_uses_says_so(tmp_path: Path) -> None:
    text = "LIMIT = 3\n\n\ndef old(wanted):\n    return min(wanted, LIMIT)\n"
    (tmp_path / "app.py").write_text(text + "\n\nprint(1)\n", encoding="utf-8")
    fates = {found.symbol: found.fate for found in application(tmp_path).ask(dead)}
    assert fates == {"app:LIMIT": "is only used by what is never used", "app:old": "is never used"}


def test_a_function_named_like_a_constructor_is_none(tmp_path: Path) -> None:
    text = "def wrap(cls):\n    def __init__(self, size=1):\n        return size\n\n    return __init__(cls)\n\n\nprint(wrap(1))\n"
    (tmp_path / "app.py").write_text(text, encoding="utf-8")
    program = application(tmp_path)
    (scope,) = (scope for scope in definitions(program, data.FUNCTION) if program.index.name(scope) == "__init__")
    calls, evidence = known_calls(program, scope)
    assert len(calls) == 1
    assert all(piece.proof is not Proof.UNKNOWN for piece in evidence)
