"""Attributes that every object of a class has with the same value.

## What it finds

An attribute that the constructor sets to a constant (a literal, a name that is bound once, a certain function or class) and that nothing else sets.

## Why it is bloat

It looks like state: each reader searches for what changes it, and the branches for other values are never taken.

## What proves it

- mutation: one statement of the constructor sets it, for all objects of the class and its subclasses.
- callers: all objects are followed wherever they go, and none comes to code that cannot be seen, which might set it.

## What it leaves alone

Attributes that tests read or set, that are read from something that may be of another class or by `getattr`, that a class
binds as well, and those of classes that outsiders may use, or that have `__slots__`, `__getattr__` or `__setattr__`.

## Fix

Unsafe: put the value where the attribute is read, fold the tests that a literal decides, and delete the statement that sets it,
with the constructor if nothing else is in it.

## Bloated

```python
import sys
import time


def now():
    return time.time() + 1


class Builder:
    def __init__(self):
        self.salt = "v1"  # !

    def key(self, text):
        return self.salt + text


class Runner:
    def __init__(self, name):
        self.name = name
        self.clock = now  # !
        self.verbose = False  # !
        self.caught = (ValueError, KeyError)  # !

    def run(self):
        try:
            started = self.clock()
        except self.caught:
            return 0
        if self.verbose:
            print("started")
        print(self.name)
        return self.clock() - started


print(Builder().key(sys.argv[0]), Runner("a").run())
```

## Lean

```python
import sys
import time


def now():
    return time.time() + 1


class Builder:
    def key(self, text):
        return "v1" + text


class Runner:
    def __init__(self, name):
        self.name = name

    def run(self):
        try:
            started = now()
        except (ValueError, KeyError):
            return 0
        print(self.name)
        return now() - started


print(Builder().key(sys.argv[0]), Runner("a").run())
```

## Kept: it is set elsewhere, in a subclass or by its name

```python
import sys


class Runner:
    def __init__(self):
        self.limit = 1
        self.size = 2
        self.color = "red"
        self.kind = "plain"

    def show(self):
        print(self.limit, self.size, self.color, self.kind)


class Heir(Runner):
    kind = "special"

    def __init__(self):
        super().__init__()
        self.size = 3


runner = Runner()
runner.limit = len(sys.argv)
setattr(runner, "color", sys.argv[0])
runner.show()
Heir().show()
```

## Kept: it is read from objects of several classes

```python
import sys


class Cat:
    def __init__(self):
        self.legs = 4


class Bird:
    def __init__(self):
        self.legs = 2


for animal in (Cat(), Bird()):
    print(animal.legs, sys.argv)
```

## Kept: a test sets it

```python app.py
class Runner:
    def __init__(self):
        self.limit = 1

    def show(self):
        print(self.limit)


if __name__ == "__main__":
    Runner().show()
```

```python tests/test_app.py
from app import Runner


def test_limit(monkeypatch, capsys):
    runner = Runner()
    monkeypatch.setattr(runner, "limit", 5)
    runner.show()
    assert capsys.readouterr().out.strip() == "5"
```
"""

from collections.abc import Iterator

from debloat.model import Applicability, Finding
from debloat.program import Program
from debloat.program.constants import fixed, shown
from debloat.refactor.requests import InlineAttribute
from debloat.values.steady import steady

TIER = Applicability.UNSAFE


def check(program: Program) -> Iterator[Finding]:
    """Report each attribute that never varies, with its value."""
    for found in program.find(steady).values():
        value = fixed(program, found.value)
        assert value is not None
        owner = program.index.name(found.cls)
        message = f"attribute {found.name} of {owner} is always {shown(program, value)}: put the value where it is read"
        symbol = f"{program.index.qualified(found.cls)}.{found.name}"
        inline = InlineAttribute(found.cls, found.name)
        yield Finding(program.index.place(found.write), message, symbol, found.evidence, TIER, 1, refactoring=inline)
