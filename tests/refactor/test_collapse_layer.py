"""Classes that only pass calls on, and what they hold."""

from __future__ import annotations

from pathlib import Path

import pytest

from debloat.model import Applicability
from tests.refactor.programs import files, fixed, output

STORE = """
# store.py
class Store:
    def __init__(self): self.items = []
    def add(self, item):
        self.items.append(item)
        return len(self.items)
    async def load(self, item): return item
class Front:
    def __init__(self, store): self._store = store
    def add(self, item): return self._store.add(item)
    async def load(self, item): return await self._store.load(item)
"""

GONE = {
    "in a field, in a call, and awaited": """
        # app.py
        import asyncio, sys
        import store
        from store import Front, Store
        class Shop:
            def __init__(self, front): self.front = front
            def buy(self, item): return self.front.add(item)
        def main(words):
            shop = Shop(Front(store=Store()))
            print(shop.buy(words), store.Front(Store()).add(1))
            return asyncio.run(shop.front.load(3))
        print(main(sys.argv))
        """,
    "one of two": """
        # app.py
        import sys
        from store import Front, Store
        def main(words):
            front = Front(
                Store() if words else Store(),
            )
            return front.add(1) + front.add(2)
        print(main(sys.argv))
        """,
}

KEPT = {
    "what it holds is taken": """
        # app.py
        from store import Front, Store
        front = Front(Store())
        print(front.add(1), front._store.items)
        """,
    "its class is asked for": """
        # app.py
        from store import Front, Store
        front = Front(Store())
        print(front.add(1), type(front) is Front)
        """,
    "an annotation": """
        # app.py
        from store import Front, Store
        def main(front: Front): return front.add(1)
        print(main(Front(Store())))
        """,
    "an argument by name": """
        # app.py
        from store import Front, Store
        print(Front(Store()).add(item=1))
        """,
    "it is a value": """
        # app.py
        from store import Front, Store
        print([front.add(1) for front in map(Front, [Store()])])
        """,
    "its method is replaced": """
        # app.py
        from store import Front, Store
        front = Front(Store())
        front.add = lambda item: 5
        print(front.add(1))
        """,
    "unseen code has it": """
        # app.py
        import pickle
        from store import Front, Store
        print(pickle.loads(pickle.dumps(Front(Store()))).add(1))
        """,
    "a method that is bound": """
        # app.py
        from store import Front, Store
        front = Front(Store())
        print(sorted([3], key=front.add))
        """,
}


@pytest.mark.parametrize("name", GONE)
def test_what_it_holds_does_the_same(name: str, tmp_path: Path) -> None:
    before = files(GONE[name]) | files(STORE)
    result, _ = fixed(before, tmp_path / "fixed", "pass-through-layer", lowest=Applicability.UNSAFE)
    assert "Front" not in "".join(result.values())
    assert output(result, tmp_path / "after") == output(before, tmp_path / "before")


@pytest.mark.parametrize("name", KEPT)
def test_others_stay(name: str, tmp_path: Path) -> None:
    before = files(KEPT[name]) | files(STORE)
    result, _ = fixed(before, tmp_path, "pass-through-layer", lowest=Applicability.UNSAFE)
    assert result == before
