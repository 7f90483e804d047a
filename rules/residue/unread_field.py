"""Attributes of objects that are set and never read.

## What it finds

An attribute that the methods of a class set and that no live code reads: neither by its name on an
object that may be one of the class or of a subclass, nor by `getattr` and its like. Adding to it (`self.hits += 1`,
`self.seen.append(x)`) is no reading where only the object has what it holds.

Each further place that sets it or adds to it is a finding too, and goes with it.

## Why it is bloat

Every reader searches for what depends on it, and every change of the class carries it along.

## What proves it

- reachability: all objects of the class and its subclasses are followed wherever they go, and no live code reads it there.
- callers: none of them comes to code that cannot be seen, which might look at it, store it or show it.
- purity: computing what was stored does nothing, or stays as a statement of its own.

## What it leaves alone

Objects that reach unknown code, `vars`, `__dict__`, serializers with a `default` or `pickle`; classes that outsiders may use;
attributes that tests read or set; classes with `__slots__`, `__getattr__` or `__setattr__`, properties and descriptors, names that a
base or subclass defines too, and what `for`, `with` or unpacking sets. Declared fields are `unread-setting`'s, constants of a
class `dead-symbol`'s.

## Fix

Unsafe: delete the statements that set it or add to it, and its default in the class. A call that does something stays.
It waits for dead code that still reads it to go.

## Bloated

```python
import sys


class Counter:
    unit = "words"

    def __init__(self, name):
        self.name = name
        self._last = None  # !
        self.hits = 0  # !
        self.seen = []  # !
        self.token = self.register()  # !

    def register(self):
        print("registered", self.name)
        return 1

    def count(self, words):
        self.hits += 1  # !
        self.seen.append(words)  # !
        if words:
            self._last = words[-1]  # !
        return len(words)


print(Counter("a").count(sys.argv))
```

## Lean

```python
import sys


class Counter:
    unit = "words"

    def __init__(self, name):
        self.name = name
        self.register()

    def register(self):
        print("registered", self.name)
        return 1

    def count(self, words):
        return len(words)


print(Counter("a").count(sys.argv))
```

## Kept: it is read by name, in a subclass, by getattr or all at once

```python
import sys


class Base:
    def __init__(self):
        self.size = 1
        self.color = "red"
        self.kind = sys.argv[0]


class Heir(Base):
    def show(self):
        print(self.size, getattr(self, "color"), vars(self))


class Other:
    def __init__(self, items):
        self.items = items
        self.total = 0

    def add(self, item):
        self.items.append(item)
        self.total += item
        return self.total


heir = Heir()
heir.show()
shared = []
Other(shared).add(len(sys.argv))
print(shared)
```

## Kept: others have the object

```python
import json
import sys
import threading


class Worker(threading.Thread):
    def __init__(self):
        super().__init__()
        self.daemon = True


class Report:
    def __init__(self):
        self.total = len(sys.argv)


Worker().start()
print(json.dumps(Report(), default=lambda report: report.__dict__))
```
"""

from collections.abc import Iterator

from debloat.model import Applicability, Finding
from debloat.program import Program
from debloat.refactor.findings import of_unread
from debloat.values.unread import unread

TIER = Applicability.UNSAFE


def check(program: Program) -> Iterator[Finding]:
    """Report each attribute that is set and never read."""
    for found in program.find(unread).values():
        if not found.is_field:
            what = f"attribute {found.name} of {program.index.name(found.cls)}"
            fate = "is only read by what is never used" if found.dead else "is never read"
            yield from of_unread(program, found, f"{what} is set and {fate}", f"{what} is changed here and {fate}")
