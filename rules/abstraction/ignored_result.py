"""Functions whose result no caller uses.

## What it finds

A function or method that returns something although every call of it is a statement of its own, awaited or not.

## Why it is bloat

It promises an answer that nobody asks for, and builds it each time.

## What proves it

- callers: all calls are seen, tests included, and none uses what comes back.
- hierarchy: no class overrides the method or is overridden by it.
- reachability: every call is a statement of its own.
- purity: evaluating what was returned does nothing and cannot raise; a call stays as a statement.

## What it leaves alone

Generators, decorated functions, special methods, what is used as a value or called by code that cannot be seen, overrides; functions that
only pass on what a call returns; functions that tests ask for their result.

## Fix

Safe: return nothing, without the annotation of the result, its entry in the docstring, and what a local variable was only
built for to be returned. Unsafe where evaluating what was returned may have raised, or a comment would go.

## Bloated

```python
import sys


def save(items, path):
    '''Save the items.

    :param items: what to save
    :return: whether it worked
    '''
    if not items:
        return False
    with open(path, "w") as file:
        file.write(" ".join(items))
    return True  # !


def load(names) -> list[str]:
    loaded = []
    for name in names:
        print("loading", name)
        loaded.append(name)
    return loaded  # !


save(sys.argv, "/dev/null")
load(sys.argv[1:])
```

## Lean

```python
import sys


def save(items, path):
    '''Save the items.

    :param items: what to save
    '''
    if not items:
        return
    with open(path, "w") as file:
        file.write(" ".join(items))


def load(names) -> None:
    for name in names:
        print("loading", name)


save(sys.argv, "/dev/null")
load(sys.argv[1:])
```

## Kept: somebody uses it

```python app.py
import atexit
import sys


class Base:
    def close(self):
        return True


class Heir(Base):
    def close(self):
        return False


def add(item):
    print(item)
    return item


def later():
    print("later")
    return 1


def twice(function):
    return function(), function()


def count():
    print("counted")
    return 1


add(1)
print([add(item) for item in sys.argv])
atexit.register(later)
later()
count()
print(twice(count))
for thing in (Base(), Heir()):
    thing.close()
print(Heir().close())
```

## Kept: a test asks for it

```python app.py
def store(item):
    print(item)
    return True


if __name__ == "__main__":
    store(1)
```

```python test_app.py
from app import store


def test_store():
    assert store(2)
```
"""

from collections.abc import Iterator

from debloat.model import Applicability, Finding
from debloat.program import Program
from debloat.refactor.requests import Discard
from debloat.values.ignored import foremost, ignored

TIER = Applicability.SAFE


def check(program: Program) -> Iterator[Finding]:
    """Report each function whose result is never used, at its last return that is no handler's."""
    for found in ignored(program):
        name = program.index.name(found.function)
        message = f"no call of {name} uses what it returns"
        symbol = program.index.qualified(found.function)
        span = program.index.place(foremost(program, found.returns))
        yield Finding(span, message, symbol, found.evidence, TIER, 1, refactoring=Discard(found.function))
