"""Functions whose result is always the same constant, which callers assign or pass on.

## What it finds

A function whose every way out returns one and the same constant other than None, and calls of it whose result is assigned to a
variable or returned.

## Why it is bloat

The caller treats as an answer what is none, and whoever reads it looks for the other one.

## What proves it

- type: all returns have the same constant, and no way leads past them.
- callers: all calls are seen, and those that change surely call this function and no other.
- hierarchy: no class overrides the method or is overridden by it.

## What it leaves alone

Generators and coroutines, decorated functions, overrides, what outsiders or unknown code call; calls in tests; results that are used in
another way. A test of such a result is `unreachable-branch`'s, a result that nobody uses `ignored-result`'s.

## Fix

Safe: the call becomes a statement of its own, and below it the constant is assigned or returned. What that decides is found then.
Unsafe where a comment would go.

## Bloated

```python
import sys


def save(item):
    if not item:
        return True
    print("saving", item)
    return True  # !


def store(item):
    print("storing")
    return save(item)


def main(items):
    for item in items:
        done = save(item)
        print(done)
    return [store(item) for item in items]


print(main(sys.argv))
```

## Lean

```python
import sys


def save(item):
    if not item:
        return True
    print("saving", item)
    return True


def store(item):
    print("storing")
    save(item)
    return True


def main(items):
    for item in items:
        save(item)
        done = True
        print(done)
    return [store(item) for item in items]


print(main(sys.argv))
```

## Kept: it may be something else

```python
import sys


class Base:
    def ready(self):
        print("base")
        return True


class Heir(Base):
    def ready(self):
        print("heir")
        return False


def found(items):
    for item in items:
        if item:
            print(item)
            return True


def checked(item):
    print(item)
    return True


def refused(item):
    print("no", item)
    return False


def later(function):
    return function(1)


for thing in (Base(), Heir()):
    ready = thing.ready()
    print(ready)
answer = found(sys.argv[1:])
print(answer, later(checked), later(refused), [checked(2)])
```
"""

from collections.abc import Iterator

from debloat.model import Applicability, Finding
from debloat.program import Program
from debloat.program.queries import constant
from debloat.refactor.requests import Settle
from debloat.values.ignored import returned, settled

TIER = Applicability.SAFE


def check(program: Program) -> Iterator[Finding]:
    """Report each function whose result never varies, at its last return."""
    for found in settled(program):
        shown = constant(program, found.value)
        assert shown is not None
        message = f"{program.index.name(found.function)} always returns {shown[1]!r}"
        symbol = program.index.qualified(found.function)
        span = program.index.place(returned(program, found.function)[-1])
        drop = Settle(found.value, tuple(found.uses))
        yield Finding(span, message, symbol, found.evidence, TIER, 0, refactoring=drop)
