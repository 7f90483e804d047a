"""Tables of one function or class that are always asked for that one.

## What it finds

A dict or list of a module with one entry, a function, class or member of an enumeration, in which every lookup is for that entry.

## Why it is bloat

It looks as if there was a choice. Whoever reads the call has to go by the table to find what is called.

## What proves it

- mutation: the table is followed wherever it goes, and nothing but these lookups is done with it.
- type: every key that is looked up is the one that is there.

## What it leaves alone

Tables that code asks for other keys, iterates, counts or extends, or that outsiders, tests or strings may name; tables of a class or
of an object.

## Fix

Safe: name the entry where it was looked up. The table, which nothing reads then, is `dead-symbol`'s.

## Bloated

```python app.py
import sys

from shapes import STRATEGIES, area


def plain(text):
    return text


FORMATS = {"plain": plain}  # !


def show(text, name):
    return FORMATS[name](text)


print(show(sys.argv[0] and "a", "plain"), STRATEGIES["std"](2), area(3))
```

```python shapes.py
def square(side):
    return side * side


STRATEGIES = {"std": square}  # !


def area(side):
    return STRATEGIES["std"](side)
```

## Lean

```python app.py
import sys

from shapes import area, square


def plain(text):
    return text


FORMATS = {"plain": plain}


def show(text, name):
    return plain(text)


print(show(sys.argv[0] and "a", "plain"), square(2), area(3))
```

```python shapes.py
def square(side):
    return side * side


STRATEGIES = {"std": square}


def area(side):
    return square(side)
```

## Kept: another key, another entry, another look

```python
import sys


def plain(text):
    return text


def loud(text):
    return text.upper()


BY_USER = {"plain": plain}
GROWN = {"plain": plain}
LISTED = {"plain": plain}
GROWN[sys.argv[0]] = loud
print(GROWN["plain"]("a"), LISTED["plain"]("a"), list(LISTED))
try:
    print(BY_USER[sys.argv[0]]("a"))
except KeyError:
    print("unknown")
```
"""

from collections.abc import Iterator

from debloat.model import Applicability, Finding
from debloat.program import Program
from debloat.refactor.requests import Direct
from debloat.values.registry import single_entries

TIER = Applicability.SAFE


def check(program: Program) -> Iterator[Finding]:
    """Report each table of one entry, where it is made."""
    for found in single_entries(program):
        message = f"{found.name} has one entry, and nothing else is looked up in it: name that"
        symbol = f"{program.index.qualified(found.scope)}:{found.name}"
        span = program.index.place(found.store)
        yield Finding(span, message, symbol, found.evidence, TIER, 1, refactoring=Direct(found.scope, found.name))
