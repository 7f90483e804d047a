"""A fix may not leave a name undefined that somebody reads."""

from __future__ import annotations

from pathlib import Path

import pytest

from debloat.config import Config
from debloat.program import load_program
from debloat.refactor.undefined import undefined
from tests.refactor.programs import files

PROGRAM = files(
    """
    # app.py
    import os
    import shop.cart
    from shop.cart import *
    from shop import Cart, tools
    from shop.lazy import anything
    def f(x):
        y = x
        def g(): return y, os.sep
        return g, TOTAL
    class A:
        a = 1
        b = a
        def m(self): return __class__, later
    later = 1
    print(f, shop.cart.LIMIT, tools)
    # shop/__init__.py
    from .cart import Cart
    # shop/cart.py
    TOTAL = LIMIT = OTHER = 1
    class Cart: ...
    # shop/lazy.py
    def __getattr__(name): return name
    anything = 1
    # shop/tools.py
    x = 1
    """
)

CHANGES = {
    "nothing is missed": ({"app.py": ("import os", "import os, sys"), "shop/cart.py": ("OTHER = ", "")}, [], None),
    "an import": ({"app.py": ("import os\n", "")}, [], "os would be undefined"),
    "a local variable": ({"app.py": ("    y = x\n", "")}, [], "y would be undefined"),
    "a variable of a class": ({"app.py": ("    a = 1\n", "")}, [], "a would be undefined"),
    "a global": ({"app.py": ("later = 1\n", "")}, [], "later would be undefined"),
    "a name that others import": (
        {"shop/cart.py": ("class Cart: ...\n", "")},
        [],
        "shop/__init__.py takes Cart from shop/cart.py, which has it no more",
    ),
    "a name that others import no more": (
        {
            "shop/cart.py": ("class Cart: ...\n", ""),
            "shop/__init__.py": ("from .cart import Cart\n", ""),
            "app.py": ("Cart, ", ""),
        },
        [],
        None,
    ),
    "a name read on the module": (
        {"shop/cart.py": ("LIMIT = ", "")},
        [],
        "app.py takes LIMIT from shop/cart.py, which has it no more",
    ),
    "a name that a star import gives": (
        {"shop/cart.py": ("TOTAL = ", "")},
        [],
        "app.py takes TOTAL from shop/cart.py, which has it no more",
    ),
    "a name that the module makes when asked": ({"shop/lazy.py": ("anything = 1\n", "")}, [], None),
    "a module": ({}, ["shop/tools.py"], "app.py imports shop/tools.py, which goes"),
    "a module that is imported no more": (
        {"app.py": ("import Cart, tools", "import Cart")},
        ["shop/tools.py"],
        "tools would be undefined",
    ),
    "an import of what is not there": (
        {"shop/__init__.py": ("import Cart", "import Cart, Basket")},
        [],
        "Basket cannot be imported from cart",
    ),
}


@pytest.mark.parametrize("name", CHANGES)
def test_what_was_defined_is_defined(name: str, tmp_path: Path) -> None:
    for path, text in PROGRAM.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text)
    program = load_program(tmp_path, Config(), jobs=1, cache=False, world=None, progress=lambda *_: None)
    changes, removed, said = CHANGES[name]
    texts = {path: PROGRAM[path].replace(old, new, 1) for path, (old, new) in changes.items()}
    assert undefined(program, texts, removed, [*texts, *removed]) == said
