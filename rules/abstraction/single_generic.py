"""Generic classes with the same type argument everywhere.

## What it finds

A class derived from `Generic[T]`, with one type variable, that everybody who gives it an argument gives the same class.

## Why it is bloat

A reader works out what `T` stands for at each place, and it is always the same.

## What proves it

- callers: the class has no opening (see `debloat why`): outsiders cannot give it another argument. All its subscripts are seen.
- type: each argument is a plain name of the same class, of the program or a builtin one.

## What it leaves alone

Classes with more type variables, another base from outside, a decorator or hooks; arguments that are no plain class; annotations
in quotes; programs that look at type arguments when they run (`get_args`, `__orig_bases__`).

## Fix

Unsafe: annotations name the argument, and `Generic[T]` goes with the variable. Where code names the class without an argument,
a type checker takes it for one of the argument now.

## Bloated

```python app.py
import sys
from typing import Generic, TypeVar

T = TypeVar("T")


class Order:
    def __init__(self, name):
        self.name = name


class Shelf(Generic[T]):  # !
    def __init__(self) -> None:
        self.items: list[T] = []

    def put(self, item: T) -> T:
        self.items.append(item)
        return item


def fill(shelf: Shelf[Order], names):
    return [shelf.put(Order(name)).name for name in names]


print(fill(Shelf[Order](), sys.argv))
```

## Lean

```python app.py
import sys


class Order:
    def __init__(self, name):
        self.name = name


class Shelf:
    def __init__(self) -> None:
        self.items: list[Order] = []

    def put(self, item: Order) -> Order:
        self.items.append(item)
        return item


def fill(shelf: Shelf, names):
    return [shelf.put(Order(name)).name for name in names]


print(fill(Shelf(), sys.argv))
```

## Kept: there are two

```python
import sys
from typing import Generic, TypeVar

T = TypeVar("T")


class Shelf(Generic[T]):
    def __init__(self) -> None:
        self.items: list[T] = []

    def put(self, item: T) -> None:
        self.items.append(item)


class Words(Shelf[str]):
    pass


def fill(shelf: Shelf[int], names: Words) -> None:
    for name in names.items:
        shelf.put(len(name))


words = Words()
words.put(sys.argv[0])
fill(Shelf(), words)
```
"""

from collections.abc import Iterator

from debloat.model import Applicability, Evidence, Finding, Proof
from debloat.program import Program
from debloat.program.generics import single_generics
from debloat.program.queries import world_evidence
from debloat.program.reach import production
from debloat.refactor.requests import Specialise

TIER = Applicability.UNSAFE


def check(program: Program) -> Iterator[Finding]:
    """Report each class that is generic for one argument."""
    live = program.ask(production)
    for found in single_generics(program):
        if not live.scope(found.cls):
            continue
        span, name = program.index.span(found.cls), program.index.name(found.cls)
        argument = found.argument if isinstance(found.argument, str) else program.index.name(found.argument)
        evidence = [Evidence("type", Proof.PROVED, span, f"every argument that it gets is {argument}")]
        if opening := program.openings.first(found.cls):
            evidence.append(Evidence("callers", Proof.UNKNOWN, program.index.place(opening[1]), opening[0]))
        evidence += world_evidence(program, found.cls)
        message = f"{name} is generic, and {found.variable} is always {argument}: name that"
        symbol = program.index.qualified(found.cls)
        yield Finding(span, message, symbol, tuple(evidence), TIER, 1, refactoring=Specialise(found))
