"""A handler for every exception that gives back a fallback as if nothing had happened.

## What it finds

`except Exception` whose only statement returns a constant or an empty container, around a body that raises at most three kinds of
exceptions.

## Why it is bloat

The caller cannot tell the fallback from a result, and an error in the program itself is hidden behind it.

## What proves it

- raises: what each operation and each call of the body raises is followed as for a handler that nothing comes to.

## What it leaves alone

A body that calls what cannot be seen; handlers that log, count or raise.

## Fix

None: name what is expected, or let it pass.

## Bloated

```python
def number(text):
    try:
        return int(text)
    except Exception:  # !
        return None


print(number("1"), number("x"))
```

## Lean

```python
def number(text):
    try:
        return int(text)
    except ValueError:
        return None


print(number("1"), number("x"))
```

## Kept: the body may raise anything

```python
import json
import sys


def load(text):
    try:
        return json.load(text)
    except Exception:
        return {}


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
    """Report each handler for everything that gives a fallback back where only a few exceptions come."""
    for guarded in program.find(handlers):
        if is_broad(guarded) and gives_back(program, guarded):
            few = finite(program, guarded, _MOST)
            if few is not None:
                message = f"this hides every error behind a fallback; only {named(program, few)} is to be expected"
                yield report(program, guarded, message, TIER, 0, ())
