"""Old names that give way to what they stand for."""

from __future__ import annotations

from pathlib import Path

import pytest

from debloat.model import Applicability
from tests.refactor.programs import files, fixed, output

EVERYWHERE = """
# app.py
import shop.money
import shop.money as m
from shop import formatMoney
from shop.money import Cart, formatMoney as shown, oldCart


def late(amount):
    from shop.money import KEPT, formatMoney

    return formatMoney(amount), KEPT


def main(amount):
    print(late(1))
    print(formatMoney(amount), shop.money.formatMoney(2), m.formatMoney(3), shown(4), [shown(x) for x in (5, 6)])
    print(isinstance(oldCart(), Cart), str(formatMoney(7)))


main(1)
# shop/__init__.py
from shop.money import formatMoney

__all__ = ["formatMoney"]
# shop/money.py
class Cart:
    pass


def format_money(amount):
    return f"{amount:.2f}"


# The former spelling.
formatMoney = format_money

oldCart = Cart  # deprecated


class Old(oldCart):
    def same(self: oldCart, other: "Old") -> list[oldCart]:
        return [self, other]


KEPT = [formatMoney(1)]
# tests/test_money.py
from shop import money


def test_format():
    assert money.formatMoney(1) == "1.00"
"""

KEPT = {
    "a string may mean it": """
        # app.py
        import money
        print(getattr(money, "formatMoney")(1), money.formatMoney(2))
        # money.py
        def format_money(amount): return amount
        formatMoney = format_money
        """,
    "it is bound again": """
        # app.py
        import money
        money.formatMoney = str
        print(money.formatMoney(2), money.format_money(3))
        # money.py
        def format_money(amount): return amount + 1
        formatMoney = format_money
        """,
    "what it stands for is bound again": """
        # app.py
        import money
        money.format_money = str
        print(money.formatMoney(2), money.format_money(3))
        # money.py
        def format_money(amount): return amount + 1
        formatMoney = format_money
        """,
    "an annotation in a string": """
        # app.py
        from money import oldCart
        def main(cart: "oldCart"): return cart
        print(main(oldCart()))
        # money.py
        class Cart: pass
        oldCart = Cart
        """,
    "a star import": """
        # app.py
        from money import *
        print(formatMoney(2), format_money(3))
        # money.py
        def format_money(amount): return amount + 1
        formatMoney = format_money
        """,
    "the other name means something else there": """
        # app.py
        from money import formatMoney
        def main(format_money):
            return formatMoney(format_money)
        print(main(2))
        # money.py
        def format_money(amount): return amount + 1
        formatMoney = format_money
        """,
    "it says what the first name does not": """
        # app.py
        from money import show
        print(show(2))
        # money.py
        def format_money(amount): return amount + 1
        show = format_money
        """,
    "one of two": """
        # app.py
        import sys
        from money import formatMoney
        print(formatMoney(2))
        # money.py
        import sys
        def format_money(amount): return amount + 1
        def other(amount): return amount + 2
        if sys.argv[5:]:
            formatMoney = format_money
        else:
            formatMoney = other
        """,
}


def test_every_use_names_the_thing_itself(tmp_path: Path) -> None:
    before = files(EVERYWHERE)
    result, _ = fixed(before, tmp_path / "fixed", "compat-shim", lowest=Applicability.UNSAFE)
    text = "".join(result.values())
    assert "formatMoney" not in text
    assert "oldCart" not in text
    assert "former" not in text
    assert 'money.format_money(1) == "1.00"' in result["tests/test_money.py"]
    assert output(result, tmp_path / "after") == output(before, tmp_path / "before")


@pytest.mark.parametrize("name", KEPT)
def test_other_names_stay(name: str, tmp_path: Path) -> None:
    before = files(KEPT[name])
    result, _ = fixed(before, tmp_path, "compat-shim", lowest=Applicability.UNSAFE)
    assert result == before
