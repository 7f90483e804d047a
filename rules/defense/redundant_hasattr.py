"""A `hasattr` whose answer never varies.

## What it finds

`hasattr(x, "name")` in a condition, where every object that can get there has the attribute, or none has it.

## Why it is bloat

One of the branches never runs, and it lets the reader look for the kind of object for which it was written.

## What proves it

- type: the classes that the object can be of, followed to where it is made, in other modules too.
- callers: where it is a parameter, every call is known, those of the tests too.
- hierarchy: each of these classes binds the attribute in its body, or is a dataclass with such a field, or every path through
  its constructor and those that it calls sets it before anybody else gets the object.
- mutation: nothing deletes the attribute, and no object of the class is made without its constructor.
- purity: looking has no effect.

## What it leaves alone

`__slots__`, bare annotations and `field(init=False)`, which promise an attribute and set none; subclasses that need not call
the constructor of their base; classes with `__getattribute__`, `__setattr__` or `__new__`; properties, which may raise
AttributeError; `__del__` and `__exit__`; modules, which may be half imported.

## Fix

Safe: replace the test by its outcome and drop the branch that never runs.

## Bloated

```python
import sys


class Item:
    def __init__(self, sku, note):
        self.sku = sku
        if note:
            self.note = note


def describe(item):
    if not hasattr(item, "sku"):  # !
        return "?"
    return item.note if hasattr(item, "note") else item.sku


print(describe(Item(sys.argv[0], "fragile")), describe(Item("tea", "")))
```

## Lean

```python
import sys


class Item:
    def __init__(self, sku, note):
        self.sku = sku
        if note:
            self.note = note


def describe(item):
    return item.note if hasattr(item, "note") else item.sku


print(describe(Item(sys.argv[0], "fragile")), describe(Item("tea", "")))
```

## Kept: the attribute may not be set yet

```python
class Counter:
    def __init__(self, start):
        self.reset()
        if not hasattr(self, "start"):
            print("no start yet")
        self.start = start
        self.report()

    def reset(self):
        if hasattr(self, "start"):
            print("again from", self.start)

    def report(self):
        print(self.start)


Counter(3).reset()
```

## Kept: a subclass does not call the constructor, an exception skips the assignment

```python
class Shape:
    def __init__(self):
        self.sides = 4

    def show(self):
        return self.sides if hasattr(self, "sides") else 0


class Circle(Shape):
    def __init__(self):
        self.radius = 1


class Number:
    def __init__(self, text):
        try:
            self.value = int(text)
        except ValueError:
            print("no number:", text)


def value(number):
    return number.value if hasattr(number, "value") else 0


print(Shape().show(), Circle().show(), value(Number("3")), value(Number("x")))
```

## Kept: a registry gets the object before the constructor is through

```python
WATCHERS = []


class Watcher:
    def __init__(self, name):
        WATCHERS.append(self)
        announce()
        self.name = name


def announce():
    for watcher in WATCHERS:
        if hasattr(watcher, "name"):
            print(watcher.name)


Watcher("a")
Watcher("b")
```
"""

from collections.abc import Iterator
from dataclasses import replace

from debloat.model import Applicability, Finding
from debloat.program import Program
from debloat.program.index import Site
from debloat.refactor.requests import Fold
from debloat.values.certain import attribute_evidence, literal
from debloat.values.concerns import concerning
from debloat.values.guards import Decided
from debloat.values.report import report

TIER = Applicability.SAFE


def check(program: Program) -> Iterator[Finding]:
    """Report each test by hasattr that always comes out one way."""
    for found, _ in concerning(program, "attribute"):
        yield _finding(program, found)


def _finding(program: Program, found: Decided) -> Finding:
    if not found.outcome:
        return report(program, found, "nothing that comes here has it", TIER, Fold(found.test, found.outcome))
    finding = report(program, found, "whatever comes here has it", TIER, Fold(found.test, found.outcome))
    code = program.facts[found.test.file].code
    base, key = (Site(found.test.file, value) for value in code[found.test.pc + 7 : found.test.pc + 9])
    name = literal(program, key)
    more = attribute_evidence(program, base, name) if name else ()
    return replace(finding, evidence=(*finding.evidence, *more))
