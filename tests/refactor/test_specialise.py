"""Generic classes that always get the same argument."""

from __future__ import annotations

from pathlib import Path

import pytest

from debloat.model import Applicability
from tests.refactor.programs import files, fixed, output

MADE = {
    "in several modules": """
        # models.py
        class Order:
            def __init__(self, n): self.n = n
        # store.py
        from abc import ABC, abstractmethod
        from typing import Generic, Optional, TypeVar
        T = TypeVar("T")
        class Store(ABC, Generic[T]):
            def __init__(self) -> None:
                self.items: dict[int, T] = {}
            @abstractmethod
            def key(self, item: T) -> int: ...
            def add(self, item: T) -> Optional[T]:
                return self.items.setdefault(self.key(item), item)
        # app.py
        import store
        from models import Order as Sale
        class Orders(store.Store[Sale]):
            def key(self, item: Sale) -> int: return item.n
        def show(orders: store.Store[Sale]) -> None: print(orders.add(Sale(3)).n)
        show(Orders())
        """,
    "a builtin": """
        # app.py
        import typing as t
        T = t.TypeVar("T")
        class Box(t.Generic[T]):
            def __init__(self, value: T): self.value = value
            def same(self, other: T) -> t.Callable[[T], T]: return lambda one: one + other
        class Large(Box[int]): pass
        def made(n: int) -> Box[int]: return Box[int](n)
        print(made(3).same(2)(4), Large(2).value)
        """,
}

KEPT = {
    "in quotes": """
        from typing import Generic, TypeVar
        T = TypeVar("T")
        class Box(Generic[T]):
            def __init__(self, value: "T"): self.value = value
        print(Box[int](1).value)
        """,
    "the argument comes later": """
        from typing import Generic, TypeVar
        T = TypeVar("T")
        class Box(Generic[T]):
            def __init__(self, value: T): self.value = value
        class Coin: value = 3
        print(Box[Coin](Coin()).value.value)
        """,
    "a generic function": """
        from typing import Generic, TypeVar
        T = TypeVar("T")
        class Box(Generic[T]):
            def __init__(self, value: T): self.value = value
        def put(value: T) -> Box[T]: return Box(value)
        print(Box[int](1).value, put("a").value)
        """,
    "its arguments are looked at": """
        from typing import Generic, TypeVar, get_args
        T = TypeVar("T")
        class Box(Generic[T]):
            pass
        class Ints(Box[int]): pass
        print(Box(), get_args(Ints.__orig_bases__[0]))
        """,
    "two variables": """
        from typing import Generic, TypeVar
        K = TypeVar("K")
        V = TypeVar("V")
        class Box(Generic[K, V]):
            def get(self, k: K, v: V): return k, v
        print(Box[int, str]().get(1, "a"))
        """,
}


@pytest.mark.parametrize("name", MADE)
def test_the_argument_does_as_well(name: str, tmp_path: Path) -> None:
    before = files(MADE[name])
    result, _ = fixed(before, tmp_path / "fixed", "single-generic", lowest=Applicability.UNSAFE)
    text = "".join(result.values())
    assert not any(word in text for word in ("Generic", "TypeVar", "[T", " T", "Store[", "Box[")), text
    assert output(result, tmp_path / "after") == output(before, tmp_path / "before")


@pytest.mark.parametrize("name", KEPT)
def test_what_may_get_another_stays(name: str, tmp_path: Path) -> None:
    before = files(KEPT[name])
    result, _ = fixed(before, tmp_path / "fixed", "single-generic", lowest=Applicability.UNSAFE)
    assert result == before
    output(before, tmp_path / "before")
