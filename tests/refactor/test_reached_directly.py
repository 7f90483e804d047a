"""A function that always gives one object gives way to the object, in all files, and where that matters stays."""

from __future__ import annotations

from pathlib import Path

import pytest

from debloat.model import Applicability
from tests.refactor.programs import files, fixed, output

PAIRS = {
    "by its module, as an argument, in the module itself, in tests": (
        """
        # app.py
        import sys
        from shop import store
        def show(found, *names):
            print(found.find(*names), store.get_store().size)
        show(store.get_store(), sys.argv[1])
        print((store.get_store()).size, store.total())
        # shop/__init__.py
        # shop/store.py
        __all__ = ["Store", "get_store", "total"]
        class Store:
            size = 3
            def find(self, name):
                return f"found {name}"
        # all there is
        _STORE: Store = Store()
        def get_store() -> Store:
            return _STORE
        def total():
            return get_store().size + _STORE.size
        # test_store.py
        from shop.store import get_store
        def test_size():
            assert get_store().size == 3
        """,
        """
        # app.py
        import sys
        from shop import store
        def show(found, *names):
            print(found.find(*names), store.STORE.size)
        show(store.STORE, sys.argv[1])
        print((store.STORE).size, store.total())
        # shop/__init__.py
        # shop/store.py
        __all__ = ["Store", "total"]
        class Store:
            size = 3
            def find(self, name):
                return f"found {name}"
        # all there is
        STORE: Store = Store()
        def total():
            return STORE.size + STORE.size
        # test_store.py
        from shop.store import STORE
        def test_size():
            assert STORE.size == 3
        """,
    ),
    "in one module the name stays": (
        """
        import sys
        class Store:
            size = 3
        _store = Store()
        def _get_store():
            return _store
        def show(store):
            print(store.size, _get_store().size)
        show(_get_store())
        """,
        """
        import sys
        class Store:
            size = 3
        _store = Store()
        def show(store):
            print(store.size, _store.size)
        show(_store)
        """,
    ),
}

PROGRAM = """
# app.py
import sys
from shop import get_store
print(get_store().size)
# shop.py
import sys
class Store:
    size = 3
_store = Store()
def get_store():
    return _store
"""

STAYS = {
    "bound by a test": ("app.py", "print(", "import shop\nshop._store = shop.Store()\nprint("),
    "bound anew by a function": (
        "shop.py",
        "def get",
        "def reset():\n    global _store\n    _store = Store()\nreset()\ndef get",
    ),
    "bound on a condition": ("shop.py", "_store = Store()", "if sys.argv:\n    _store = Store()"),
    "bound one way or another": (
        "shop.py",
        "_store = Store()",
        "if sys.argv:\n    _store = Store()\nelse:\n    _store = None",
    ),
    "deleted": ("shop.py", "    return _store\n", "    return _store\ndel _store\n"),
    "a key": ("app.py", "print(get_store().size)", "print({get_store: 1}[get_store], get_store().size)"),
    "named in a string": ("app.py", "print(", "import shop\nsetattr(shop, 'get_store', shop.Store)\nprint("),
    "a name that is taken": ("app.py", "print(get_store().size)", "store = get_store()\nprint(store.size)"),
    "a name that is taken at home": ("shop.py", "class Store", "store = 1\nclass Store"),
    "a variable that others import": ("app.py", "import sys", "import sys\nfrom shop import _store"),
    "decorated": ("shop.py", "def get", "import functools\n@functools.cache\ndef get"),
}


@pytest.mark.parametrize("case", PAIRS)
def test_the_object_takes_its_place(case: str, tmp_path: Path) -> None:
    before, after = (files(text) for text in PAIRS[case])
    found, _ = fixed(before, tmp_path / "before", "single-binding", lowest=Applicability.UNSAFE)
    assert found == after
    assert output(before, tmp_path / "old") == output(found, tmp_path / "new")


def test_it_is_found_where_nothing_is_in_the_way(tmp_path: Path) -> None:
    found, _ = fixed(files(PROGRAM), tmp_path, "single-binding", lowest=Applicability.UNSAFE)
    assert "from shop import store" in found["app.py"]
    assert "get_store" not in found["shop.py"]


@pytest.mark.parametrize("case", STAYS)
def test_it_stays(case: str, tmp_path: Path) -> None:
    path, old, new = STAYS[case]
    before = files(PROGRAM)
    assert old in before[path]
    before[path] = before[path].replace(old, new, 1)
    assert fixed(before, tmp_path, "single-binding", lowest=Applicability.UNSAFE)[0] == before


@pytest.mark.parametrize(
    "use",
    ["patch('shop.get_store')", "patch.object(shop, 'get_store')", "patch('shop._store')", "patch(f'shop.{NAME}')"],
)
def test_what_tests_replace_stays(use: str, tmp_path: Path) -> None:
    test = f"""
import shop
from unittest.mock import patch
NAME = "get_store"
def test_app():
    with {use}:
        import app
"""
    before = {**files(PROGRAM), "test_app.py": test}
    assert fixed(before, tmp_path, "single-binding", lowest=Applicability.UNSAFE)[0] == before
