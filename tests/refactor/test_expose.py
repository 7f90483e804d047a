"""A property that is an attribute by another name gives way to it, in all files, and where that matters stays."""

from __future__ import annotations

from pathlib import Path

import pytest

from debloat.model import Applicability
from tests.refactor.programs import files, fixed, output

PAIRS = {
    "in heirs, other files and tests, set, deleted and added to": (
        """
        # app.py
        import sys
        from shop import Cart, Gift
        def total(cart: Cart):
            return cart._total + cart.total
        cart = Cart(len(sys.argv))
        cart.total += 1
        print(total(cart), Gift(2).wrapped())
        del cart.total
        print(hasattr(cart, "x"), cart)
        # shop.py
        class Cart:
            def __init__(self, total):
                self._total: int = total  # in cents
                self._other = 1
            def __str__(self):
                return f"cart {self._other}"
            @property
            def total(self) -> int:
                '''The total.'''
                return self._total
            @total.setter
            def total(self, value: int) -> None:
                self._total = value
            @total.deleter
            def total(self) -> None:
                del self._total
        class Gift(Cart):
            def wrapped(self):
                self._total += 1
                return self.total
        # test_shop.py
        from shop import Cart
        def test_total():
            assert Cart(1)._total == Cart(1).total == 1
        """,
        """
        # app.py
        import sys
        from shop import Cart, Gift
        def total(cart: Cart):
            return cart.total + cart.total
        cart = Cart(len(sys.argv))
        cart.total += 1
        print(total(cart), Gift(2).wrapped())
        del cart.total
        print(hasattr(cart, "x"), cart)
        # shop.py
        class Cart:
            def __init__(self, total):
                self.total: int = total  # in cents
                self._other = 1
            def __str__(self):
                return f"cart {self._other}"
        class Gift(Cart):
            def wrapped(self):
                self.total += 1
                return self.total
        # test_shop.py
        from shop import Cart
        def test_total():
            assert Cart(1).total == Cart(1).total == 1
        """,
    ),
    "only its own, where another class has an attribute of that name": (
        """
        import sys
        class Box:
            def __init__(self, size):
                self.__size = size
            @property
            def size(self):
                return self.__size
        class Bag:
            def __init__(self, size):
                self._size = size
            @property
            def size(self):
                return self._size * 2
        print(Box(len(sys.argv)).size, Bag(2).size)
        """,
        """
        import sys
        class Box:
            def __init__(self, size):
                self.size = size
        class Bag:
            def __init__(self, size):
                self._size = size
            @property
            def size(self):
                return self._size * 2
        print(Box(len(sys.argv)).size, Bag(2).size)
        """,
    ),
}

PROGRAM = """
import copy
import pickle
import sys
class Base:
    pass
class Box(Base):
    kind = "box"
    def __init__(self, size):
        self._size = size
    @property
    def size(self):
        return self._size
box = Box(len(sys.argv))
print(box.size)
"""

STAYS = {
    "vars": ("print(box.size)", "print(box.size, vars(box))"),
    "__dict__": ("print(box.size)", "print(box.size, box.__dict__)"),
    "pickle": ("print(box.size)", "print(box.size, pickle.loads(pickle.dumps(box)).size)"),
    "getattr": ("print(box.size)", "print(box.size, getattr(box, '_size'))"),
    "a computed name": ("print(box.size)", "print(box.size, getattr(box, '_' + sys.argv[1], 0))"),
    "set behind its back": ("print(box.size)", "box._size = 3\nprint(box.size)"),
    "it is tried to set it": ("print(box.size)", "try:\n    box.size = 3\nexcept AttributeError:\n    print(box.size)"),
    "the property itself is used": ("print(box.size)", "print(box.size, Box.size.fget(box))"),
    "a class attribute of the name": ('kind = "box"', "_size = 0"),
    "a hook": ('kind = "box"', "def __getattr__(self, name):\n        return 0"),
    "super": (
        "box = Box(len(sys.argv))",
        "class Big(Box):\n    def big(self):\n        return super().size\nbox = Big(len(sys.argv))\nprint(box.big())",
    ),
    "another in a base": ("    pass\n", "    size = 1\n"),
    "another in the class body": ("        return self._size\n", "        return self._size\n    area = size\n"),
    "an override": ("box =", "class Big(Box):\n    size = 3\nprint(Big(1).size)\nbox ="),
    "a slot": ('kind = "box"', '__slots__ = ("_size",)'),
    "an object that is not known": (
        "print(box.size)",
        "def size(x):\n    return x._size\nprint(box.size, size(pickle.load(sys.stdin)))",
    ),
}


@pytest.mark.parametrize("case", PAIRS)
def test_the_attribute_takes_its_place(case: str, tmp_path: Path) -> None:
    before, after = (files(text) for text in PAIRS[case])
    found, _ = fixed(before, tmp_path / "before", "trivial-property", lowest=Applicability.UNSAFE)
    assert found == after
    assert output(before, tmp_path / "old") == output(found, tmp_path / "new")


def test_it_is_found_where_nothing_is_in_the_way(tmp_path: Path) -> None:
    found, _ = fixed(files(PROGRAM), tmp_path, "trivial-property", lowest=Applicability.UNSAFE)
    assert "property" not in found["app.py"]
    assert "self.size = size" in found["app.py"]


@pytest.mark.parametrize("case", STAYS)
def test_it_stays(case: str, tmp_path: Path) -> None:
    old, new = STAYS[case]
    assert old in PROGRAM
    before = files(PROGRAM.replace(old, new))
    assert fixed(before, tmp_path, "trivial-property", lowest=Applicability.UNSAFE)[0] == before


def test_a_mocked_property_stays(tmp_path: Path) -> None:
    test = """
from unittest.mock import PropertyMock, patch
from app import Box
def test_box():
    with patch.object(Box, "size", new_callable=PropertyMock) as size:
        assert Box(1).size is size.return_value
"""
    before = {**files(PROGRAM), "test_app.py": test}
    assert fixed(before, tmp_path, "trivial-property", lowest=Applicability.UNSAFE)[0] == before
