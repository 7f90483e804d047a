"""A base and its one implementation become one, whatever they are named in."""

from __future__ import annotations

from pathlib import Path

import pytest

from debloat.model import Applicability
from tests.refactor.programs import files, fixed, output

CASES = {
    "over several modules, with what the base has": (
        """
# app.py
from shop.cart import fill
from shop.sql import SqlStore

fill(SqlStore("db"))
# shop/__init__.py
# shop/base.py
from __future__ import annotations

import json
from abc import ABC, abstractmethod

LIMIT = 3


class Store(ABC):
    \"\"\"Keeps items.\"\"\"

    kind = "store"

    def __init__(self, name):
        self.name = name

    @abstractmethod
    def add(self, item): ...

    # all at once
    def add_all(self: Store, items):
        for item in items[:LIMIT]:
            self.add(json.dumps(item))
# shop/cart.py
from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .base import Store


def fill(store: Store | None, also: "list[Store]" = ()):
    store.add_all([1, 2, 3, 4])
    print(store.kind, store.name)
# shop/sql.py
from __future__ import annotations

import sys

from shop.base import Store


class SqlStore(Store):
    def add(self, item):
        print("insert", item, sys.byteorder)
""",
        """
# app.py
from shop.cart import fill
from shop.sql import SqlStore

fill(SqlStore("db"))
# shop/__init__.py
# shop/base.py
from __future__ import annotations

LIMIT = 3
# shop/cart.py
from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .sql import SqlStore


def fill(store: SqlStore | None, also: "list[SqlStore]" = ()):
    store.add_all([1, 2, 3, 4])
    print(store.kind, store.name)
# shop/sql.py
from __future__ import annotations

import json
import sys

from shop.base import LIMIT


class SqlStore:
    \"\"\"Keeps items.\"\"\"

    kind = "store"

    def __init__(self, name):
        self.name = name

    def add(self, item):
        print("insert", item, sys.byteorder)

    # all at once
    def add_all(self: SqlStore, items):
        for item in items[:LIMIT]:
            self.add(json.dumps(item))
""",
    ),
    "the file of the base goes, exports and other bases stay": (
        """
# app.py
from shop import MemoryStore, Store


def fill(store: Store) -> Store:
    store.add(1)
    return store


print(fill(MemoryStore()).items)
# shop/__init__.py
from shop.base import Store
from shop.memory import MemoryStore

__all__ = ["MemoryStore", "Store"]
# shop/base.py
\"\"\"What stores are.\"\"\"

from typing import Protocol


class Store(Protocol):
    items: list

    def add(self, item: int) -> None:
        \"\"\"Take an item.\"\"\"
# shop/mixins.py
class Named:
    name = "x"
# shop/memory.py
from shop.base import Store
from shop.mixins import Named


class MemoryStore(Named, Store):
    items = []

    def __init__(self):
        super().__init__()
        print(self.name)

    def add(self, item: int) -> None:
        self.items.append(item)
""",
        """
# app.py
from shop import MemoryStore


def fill(store: MemoryStore) -> MemoryStore:
    store.add(1)
    return store


print(fill(MemoryStore()).items)
# shop/__init__.py
from shop.memory import MemoryStore

__all__ = ["MemoryStore"]
# shop/mixins.py
class Named:
    name = "x"
# shop/memory.py
from shop.mixins import Named


class MemoryStore(Named):
    items = []

    def __init__(self):
        super().__init__()
        print(self.name)

    def add(self, item: int) -> None:
        self.items.append(item)
""",
    ),
    "super is written out, annotations that come too early are quoted": (
        """
# app.py
import abc
from typing import Generic, TypeVar, cast

T = TypeVar("T")


class Reader(abc.ABC, Generic[T]):
    def __init__(self, path, mode="r"):
        # where from
        self.path = path
        self.mode = mode

    def close(self):
        pass

    @abc.abstractmethod
    def read(self) -> T: ...


def show(reader: Reader[str], others: list[Reader[str]]) -> None:
    print(reader.read(), others)


class FileReader(Reader[str]):
    def __init__(self, path):
        super().__init__(path)
        self.lines = 0

    def close(self):
        super().close()
        print("closed")

    def read(self) -> str:
        return f"{self.path} {self.mode} {self.lines}"


def main():
    reader: Reader[str] = FileReader("a")
    show(cast("Reader[str]", reader), [])
    reader.close()


main()
""",
        """
# app.py
from typing import TypeVar, cast

T = TypeVar("T")


def show(reader: "FileReader", others: "list[FileReader]") -> None:
    print(reader.read(), others)


class FileReader:
    def __init__(self, path):
        # where from
        self.path = path
        self.mode = "r"
        self.lines = 0

    def close(self):
        print("closed")

    def read(self) -> str:
        return f"{self.path} {self.mode} {self.lines}"


def main():
    reader: FileReader = FileReader("a")
    show(cast("FileReader", reader), [])
    reader.close()


main()
""",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_base_goes_into_its_implementation(case: str, tmp_path: Path) -> None:
    before, after = CASES[case]
    found, _ = fixed(files(before), tmp_path / "checked", "single-implementation", lowest=Applicability.UNSAFE)
    assert found == files(after)
    assert output(files(before), tmp_path / "before") == output(found, tmp_path / "after")


REFUSED = {
    "import cycle": """
# app.py
from cart import fill
from sql import SqlStore

fill(SqlStore())
# cart.py
from abc import ABC, abstractmethod


class Store(ABC):
    @abstractmethod
    def add(self, item): ...


def price(item):
    return item


def fill(store: Store):
    store.add(1)
# sql.py
from cart import Store, price


class SqlStore(Store):
    def add(self, item):
        print(price(item))
""",
    "super": """
# app.py
from abc import ABC, abstractmethod


class Store(ABC):
    @abstractmethod
    def add(self, item): ...

    def size(self):
        return 1


class SqlStore(Store):
    def add(self, item):
        print(item)

    def size(self):
        return super().size() + 1


print(SqlStore().size())
""",
    "private names": """
# app.py
from abc import ABC, abstractmethod


class Store(ABC):
    __size = 1

    @abstractmethod
    def add(self, item): ...

    def size(self):
        return self.__size


class SqlStore(Store):
    def add(self, item):
        self.__size = item


store = SqlStore()
store.add(2)
print(store.size())
""",
    "mixed in": """
# app.py
from abc import ABC, abstractmethod


class Store(ABC):
    @abstractmethod
    def add(self, item): ...

    def size(self):
        return 1


class Sized:
    def size(self):
        return 2


class SqlStore(Sized, Store):
    def add(self, item):
        print(item)


print(SqlStore().size())
""",
    "name taken": """
# app.py
from base import Store
from sql import SqlStore


def fill(store: Store):
    print(store.size())


fill(SqlStore())
# base.py
from abc import ABC, abstractmethod

LIMIT = 1


class Store(ABC):
    @abstractmethod
    def add(self, item): ...

    def size(self):
        return LIMIT
# sql.py
from base import Store

LIMIT = 2


class SqlStore(Store):
    def add(self, item):
        print(item, LIMIT)
""",
    "decorated": """
# app.py
from abc import ABC, abstractmethod
from dataclasses import dataclass


class Store(ABC):
    size: int

    @abstractmethod
    def add(self, item): ...


@dataclass
class SqlStore(Store):
    name: str

    def add(self, item):
        print(item)


SqlStore("x").add(1)
""",
}


@pytest.mark.parametrize("reason", REFUSED)
def test_what_would_be_another_program_is_refused(reason: str, tmp_path: Path) -> None:
    before = files(REFUSED[reason])
    found, outcome = fixed(before, tmp_path, "single-implementation", lowest=Applicability.UNSAFE)
    assert dict(outcome.refused) == {reason: 1}
    assert found == before
