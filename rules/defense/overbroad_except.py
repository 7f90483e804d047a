"""A handler for every exception where the body can raise only a few.

## What it finds

`except Exception` around a body that raises at most three kinds of exceptions.

## Why it is bloat

Who reads it must take everything into account, and what is wrong in the program itself is handled like what was expected.

## What proves it

- raises: what each operation and each call of the body raises is followed as for a handler that nothing comes to.

## What it leaves alone

A body that calls what cannot be seen. Handlers that give a fallback back, which another rule shows.

## Fix

None: name what is raised if that is what was meant.

## Bloated

```python
def number(text):
    try:
        return int(text)
    except Exception as error:  # !
        print("no number:", error)
        raise


print(number("1"), number("x"))
```

## Lean

```python
def number(text):
    try:
        return int(text)
    except ValueError as error:
        print("no number:", error)
        raise


print(number("1"), number("x"))
```

## Kept: the body may raise anything

```python
import json
import sys


def load(text):
    try:
        return json.load(text)
    except Exception as error:
        print("not read:", error)
        raise


print(load(sys.stdin))
```
"""

from collections.abc import Iterator

from debloat.model import Applicability, Finding
from debloat.program import Program
from debloat.values.handlers import finite, gives_back, handlers, is_broad, named, report

TIER = Applicability.SUGGESTION
_MOST = 3


def check(program: Program) -> Iterator[Finding]:
    """Report each handler for everything to which only a few exceptions come."""
    for guarded in program.find(handlers):
        if is_broad(guarded) and not gives_back(program, guarded):
            few = finite(program, guarded, _MOST)
            if few is not None:
                message = f"except {named(program, few)} would do: nothing else comes to this handler"
                yield report(program, guarded, message, TIER, 0, ())
