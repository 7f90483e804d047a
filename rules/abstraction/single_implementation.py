"""An abstract base or protocol that one class implements and no other.

## What it finds

A class that only says what its subclasses have, as an ABC, a protocol or methods that raise NotImplementedError, where
the whole program, tests included, has one class that implements it.

## Why it is bloat

Every reader has to go from the interface to the implementation, and every change of a signature is made twice. The choice
that it prepares for was never made. A second implementation can bring its base along on the day it comes.

## What proves it

- hierarchy: one class of the program has it as a base or, for a protocol, has all its methods; nothing asks for its
  type: no `isinstance`, `except`, `register`, `Mock(spec=...)`; it is named as a base and in annotations alone.
- callers: it has no opening (see `debloat why`): outsiders cannot subclass it, and no string names it.

## What it leaves alone

Bases with a fake or another subclass in the tests, bases from which others are derived, exceptions, bases with a metaclass
or `__init_subclass__`, protocols that functions can fit, and bases that outsiders may use.

## Fix

Unsafe: put what the base has and its implementation lacks into that, write `super()` calls of the base out, name the
implementation wherever the base is named, and delete the file of the base if nothing is left in it. It is not done where that
would close an import cycle, where names collide, or where what the base has may mean something else in the implementation.

## Bloated

```python app.py
from abc import ABC, abstractmethod


class Store(ABC):  # !
    @abstractmethod
    def add(self, item): ...

    @abstractmethod
    def items(self): ...


class MemoryStore(Store):
    def __init__(self):
        self._items = []

    def add(self, item):
        self._items.append(item)

    def items(self):
        return self._items


def fill(store: Store):
    store.add(1)
    print(store.items())


fill(MemoryStore())
```

## Lean

```python app.py
class MemoryStore:
    def __init__(self):
        self._items = []

    def add(self, item):
        self._items.append(item)

    def items(self):
        return self._items


def fill(store: MemoryStore):
    store.add(1)
    print(store.items())


fill(MemoryStore())
```

## Kept: the tests have a fake of their own

```python shop/store.py
from abc import ABC, abstractmethod


class Store(ABC):
    @abstractmethod
    def add(self, item): ...


class SqlStore(Store):
    def add(self, item):
        print("insert", item)


def fill(store: Store):
    store.add(1)
```

```python app.py
from shop.store import SqlStore, fill

fill(SqlStore())
```

```python tests/test_store.py
from shop.store import Store, fill


class FakeStore(Store):
    def add(self, item):
        self.added = item


def test_fill():
    store = FakeStore()
    fill(store)
    assert store.added == 1
```

## Kept: another class fits the protocol, a type is asked for, subclasses are counted

```python app.py
from abc import ABC, abstractmethod
from typing import Protocol


class Writer(Protocol):
    def put(self, text): ...


class Console(Writer):
    def put(self, text):
        print(text)


class Silent:
    def put(self, text):
        pass


class Shape(ABC):
    @abstractmethod
    def area(self): ...


class Square(Shape):
    def area(self):
        return 1


class Plugin:
    known = []

    def __init_subclass__(cls):
        Plugin.known.append(cls)

    def run(self):
        raise NotImplementedError


class Report(Plugin):
    def run(self):
        print("report")


def show(writer: Writer, shape):
    writer.put(shape.area() if isinstance(shape, Shape) else shape)


show(Console(), Square())
show(Silent(), 2)
for plugin in Plugin.known:
    plugin().run()
```
"""

from collections.abc import Iterator

from debloat.facts import data
from debloat.model import Applicability, Evidence, Finding, Proof
from debloat.program import Program
from debloat.program.abstract import implementations, is_abstract, is_only_annotation, is_protocol
from debloat.program.queries import code_lines, definitions, world_evidence
from debloat.program.reach import production
from debloat.refactor.requests import CollapseBase

TIER = Applicability.UNSAFE


def check(program: Program) -> Iterator[Finding]:
    """Report each abstract class with one implementation."""
    live = program.ask(production)
    for cls in definitions(program, data.CLASS):
        record = program.index.scopes[cls]
        if record.line == record.first_line and live.scope(cls) and is_abstract(program, cls):
            match implementations(program, cls):
                case [only] if not _is_tests(program, only) and is_only_annotation(program, cls):
                    yield _finding(program, cls, only)


def _is_tests(program: Program, scope: int) -> bool:
    return program.files[program.index.file_of[scope]].tests


def _finding(program: Program, cls: int, only: int) -> Finding:
    span, name, there = program.index.span(cls), program.index.name(cls), program.index.span(only)
    evidence = [Evidence("hierarchy", Proof.PROVED, there, f"no other class implements {name}, tests included")]
    evidence.append(Evidence("hierarchy", Proof.PROVED, span, "it is named as a base and in annotations alone"))
    if is_protocol(program, cls):
        evidence.append(Evidence("hierarchy", Proof.ASSUMED, span, "no class from outside is taken to be used as one"))
    if opening := program.openings.first(cls):
        evidence.append(Evidence("callers", Proof.UNKNOWN, program.index.place(opening[1]), opening[0]))
    evidence += world_evidence(program, cls)
    kind = "protocol" if is_protocol(program, cls) else "abstract class"
    message = f"{kind} {name} has one implementation, {program.index.name(only)} ({there.path}:{there.line})"
    return Finding(
        span,
        message,
        program.index.qualified(cls),
        tuple(evidence),
        TIER,
        code_lines(span),
        (),
        CollapseBase(cls, only),
    )
