"""Bases of which a class uses nothing.

## What it finds

A class of the program with a base, a mixin as a rule, whose methods and attributes nobody asks an object of the class for.

## Why it is bloat

A base is a promise: a reader takes it that the class needs what is there, looks it up and finds no use. It also ties the
class to a module that has nothing to do with it, and keeps it from being the plain class or function that it is.

## What proves it

- hierarchy: the class, its subclasses and its other bases bind none of the names of the base and do not call `super()`; the base has
  no special methods, no constructor and nothing to implement, and is named as a base alone: nothing asks `isinstance`.
- mutation: an object that library code gets is assumed not to be asked for anything of the base.
- callers: nobody reads or sets one of its names on what may be an object of the class, tests included, and no string has such a name.

## What it leaves alone

Abstract bases and those whose methods a class overrides, which say what the class is for; bases from outside; decorated classes and
those with a metaclass; classes that outsiders may use.

## Fix

Unsafe: take the base out of the class statement, and the import with it.

## Bloated

```python logs.py
import logging


class LoggerMixin:
    @property
    def logger(self):
        return logging.getLogger(type(self).__module__)
```

```python app.py
import sys

from logs import LoggerMixin


class Store(LoggerMixin):
    def __init__(self):
        self.words = []

    def add(self, word):
        self.logger.info("added %s", word)
        self.words.append(word)


class Report(LoggerMixin):  # !
    def __init__(self, words):
        self.words = words

    def show(self):
        print(", ".join(self.words))

    def count(self):
        return len(self.words)


store = Store()
store.add(sys.argv[0])
report = Report(store.words)
report.show()
print(report.count())
```

## Lean

```python logs.py
import logging


class LoggerMixin:
    @property
    def logger(self):
        return logging.getLogger(type(self).__module__)
```

```python app.py
import sys

from logs import LoggerMixin


class Store(LoggerMixin):
    def __init__(self):
        self.words = []

    def add(self, word):
        self.logger.info("added %s", word)
        self.words.append(word)


class Report:
    def __init__(self, words):
        self.words = words

    def show(self):
        print(", ".join(self.words))

    def count(self):
        return len(self.words)


store = Store()
store.add(sys.argv[0])
report = Report(store.words)
report.show()
print(report.count())
```

## Kept: somebody asks for it, or it says what the class is for

```python
import sys


class Named:
    def title(self):
        return type(self).__name__


class Marked:
    mark = "x"


class Shape:
    def area(self):
        raise NotImplementedError


class Comparable:
    def __lt__(self, other):
        return self.size < other.size


class Square(Named, Comparable, Shape):
    def __init__(self, size):
        self.size = size

    def area(self):
        return self.size**2


class Circle(Marked):
    def __init__(self, size):
        self.size = size


def show(shape):
    print(shape.title(), shape.area())


def is_marked(shape):
    return isinstance(shape, Marked)


show(Square(len(sys.argv)))
print(Square(1) < Square(2), is_marked(Circle(1)), Circle(2).size)
```
"""

from collections.abc import Iterator

from debloat.model import Applicability, Finding
from debloat.program import Program
from debloat.program.mixins import unused_bases
from debloat.refactor.requests import DropBase

TIER = Applicability.UNSAFE


def check(program: Program) -> Iterator[Finding]:
    """Report each base that a class does without."""
    for found in unused_bases(program):
        span, name, base = (
            program.index.span(found.cls),
            program.index.name(found.cls),
            program.index.name(found.base),
        )
        message = f"{name} uses nothing of its base {base}: derive it from that no more"
        symbol, drop = program.index.qualified(found.cls), DropBase(found.cls, found.base)
        yield Finding(span, message, symbol, found.evidence, TIER, 0, refactoring=drop)
