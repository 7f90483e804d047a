"""Fields of settings, dataclasses and named tuples that are declared and never read.

## What it finds

A field that a dataclass, named tuple or attrs class declares, that calls may give a value, and that no live code reads. Each
place that sets it later is a finding too, and goes with it.

## Why it is bloat

It looks like a choice. Whoever sets it waits for something to happen, and nothing does.

## What proves it

- reachability: all objects of the class and its subclasses are followed wherever they go, and no live code reads the field.
- callers: none of them comes to code that cannot be seen, and all calls of the class are.
- purity: evaluating what calls give has no effect.

## What it leaves alone

Fields of objects that are compared, hashed, shown, unpacked or replaced, where every field counts; objects that reach `asdict`,
`vars`, serializers, templates or other unknown code; models of pydantic and of databases, whose fields are a schema; classes
that outsiders may use; fields that tests read; class variables, `InitVar`s and classes with `__slots__` written out.

## Fix

Unsafe: delete the declaration with its entry in the docstring, the arguments of all calls that give it, and what sets it.

## Bloated

```python
import sys
from dataclasses import dataclass, field


@dataclass
class Settings:
    path: str
    enable_cache: bool = False  # !
    retries: int = 3
    tags: list[str] = field(default_factory=list)  # !


def load(arguments):
    settings = Settings(arguments[0], True, retries=2, tags=["a"])
    settings.tags = ["b"]  # !
    return settings


settings = load(sys.argv)
print(settings.path, settings.retries)
```

## Lean

```python
import sys
from dataclasses import dataclass


@dataclass
class Settings:
    path: str
    retries: int = 3


def load(arguments):
    settings = Settings(arguments[0], retries=2)
    return settings


settings = load(sys.argv)
print(settings.path, settings.retries)
```

## Kept: all fields count where objects are compared, unpacked or shown

```python
import sys
from dataclasses import asdict, dataclass
from typing import NamedTuple


@dataclass
class Point:
    x: int
    y: int = 0


class Pair(NamedTuple):
    left: int
    right: int


@dataclass
class Row:
    key: str
    note: str = ""


@dataclass(frozen=True)
class Key:
    name: str
    scope: str = ""


print(Point(1) == Point(len(sys.argv)))
_, right = Pair(1, 2)
print(right, asdict(Row("a")), {Key("a"): 1})
```

## Kept: a subclass, a call that cannot be read and tests say more

```python app.py
import json
import sys
from dataclasses import dataclass


@dataclass
class Base:
    size: int = 0


@dataclass
class Heir(Base):
    def show(self):
        print(self.size)


@dataclass
class Options:
    name: str
    level: int = 0


Heir(3).show()
print(Options(**json.load(sys.stdin)).name)
```
"""

from collections.abc import Iterator

from debloat.model import Applicability, Finding
from debloat.program import Program
from debloat.refactor.findings import of_unread
from debloat.values.unread import unread

TIER = Applicability.UNSAFE


def check(program: Program) -> Iterator[Finding]:
    """Report each declared field that is never read."""
    for found in program.find(unread).values():
        if found.is_field:
            what = f"field {found.name} of {program.index.name(found.cls)}"
            fate = "is only read by what is never used" if found.dead else "is never read"
            message = f"{what} {fate}: drop it and what calls give it"
            yield from of_unread(program, found, message, f"{what} is changed here and {fate}")
