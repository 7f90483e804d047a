"""Hooks, events and callbacks that nobody is there for.

## What it finds

A loop over a container of an object or a module, or a test of one, that is made empty and that nothing is ever put into; a call
of a hook that has nothing in it and that no class overrides.

## Why it is bloat

Every reader looks for who listens. Nobody does.

## What proves it

- mutation: the container is followed wherever it goes, and no code that may run puts anything into it.
- type: nothing but such containers comes to the loop or test.
- callers: all functions that may be called there have no body but a docstring, `pass` or `...`.
- hierarchy: nobody outside can override or replace them.
- purity: evaluating what is called, its arguments or what is gone over does nothing and cannot raise.

## What it leaves alone

Containers that unknown code has or that tests fill; methods that outsiders may override; abstract methods and those that raise
NotImplementedError; loops with an `else`; calls whose result is used.

## Fix

Safe: delete the loop or the call, fold the test. What that leaves without use is `dead-symbol`'s and `unused-parameter`'s. Unsafe
where evaluating an argument may do something or raise, or a comment would go.

## Bloated

```python
import sys


class Runner:
    def __init__(self):
        self._listeners = []

    def run(self, path):
        self.before(path)  # !
        print("running", path)
        for listener in self._listeners:  # !
            listener(path)
        if self._listeners:  # !
            print("told")

    def before(self, path):
        '''For subclasses.'''


Runner().run(sys.argv[0])
```

## Lean

```python
import sys


class Runner:
    def __init__(self):
        self._listeners = []

    def run(self, path):
        print("running", path)

    def before(self, path):
        '''For subclasses.'''


Runner().run(sys.argv[0])
```

## Kept: somebody listens

```python
import sys


class Bus:
    def __init__(self):
        self.by_name = {name: [] for name in ("start", "stop")}
        self.all = []

    def add(self, name, listener):
        self.by_name[name].append(listener)

    def send(self, name):
        for listener in self.by_name[name]:
            listener()
        for listener in self.all:
            listener()


class Base:
    def run(self):
        self.before()

    def before(self):
        pass


class Heir(Base):
    def before(self):
        print("before")


def hello():
    print("hello")


bus = Bus()
bus.add("start", hello)
bus.all += [hello] * len(sys.argv)
bus.send("start")
for thing in (Base(), Heir()):
    thing.run()
```

## Kept: a test or a plugin does

```python app.py
import importlib
import sys

LISTENERS = []


class Task:
    def __init__(self):
        self.listeners = []

    def run(self):
        for listener in self.listeners:
            listener(self)


if __name__ == "__main__":
    importlib.import_module(sys.argv[1]).register(LISTENERS)
    for listener in LISTENERS:
        listener()
    Task().run()
```

```python test_app.py
from app import Task


def test_task():
    task = Task()
    task.listeners.append(print)
    task.run()
```
"""

from collections.abc import Iterator

from debloat.facts import ops
from debloat.model import Applicability, Finding
from debloat.program import Program
from debloat.program.queries import written
from debloat.refactor.requests import Erase, Fold
from debloat.values.report import symbol
from debloat.values.vacant import vain_calls, vain_loops

TIER = Applicability.SAFE


def check(program: Program) -> Iterator[Finding]:
    """Report each loop over nothing, each test of it, and each call of what does nothing."""
    for found in vain_loops(program):
        span, text = written(program, found.shown)
        message = f"{text} is always empty: nothing is ever put into it"
        name = symbol(program, found.statement)
        loop = program.facts[found.statement.file].code[found.statement.pc] == ops.FOR
        place = program.index.place(found.statement)
        drop = Erase(place) if loop else Fold(found.shown, outcome=False)
        at = place if loop else span
        yield Finding(at, message, name, found.evidence, TIER, 2, refactoring=drop)
    for found in vain_calls(program):
        span, text = written(program, found.shown)
        message = f"{text.partition('(')[0]} does nothing, and nothing overrides it"
        name = symbol(program, found.statement)
        drop = Erase(program.index.place(found.statement))
        yield Finding(span, message, name, found.evidence, TIER, 1, refactoring=drop)
