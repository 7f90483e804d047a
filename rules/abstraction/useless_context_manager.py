"""Context managers that do nothing.

## What it finds

A `contextmanager` function that only yields, or a class whose `__enter__` and `__exit__` are all it has and do nothing, of which
every use is a `with` of its own.

## Why it is bloat

A `with` promises that something is set up and put away again. Here nothing is, and the code below stands one level deeper.

## What proves it

- purity: nothing is done on the way in and on the way out, and no exception is held back.
- callers: all that names it is known, and is a call without arguments that a `with` enters. No string names it, and it has no
  opening (see `debloat why`).

## What it leaves alone

Context managers that take or yield something, have bases or further members, or are asynchronous; a `with` that keeps what is
entered (`as`) or enters other things too.

## Fix

Unsafe: what stands below the `with` takes its place, and the context manager goes.

## Bloated

```python
import sys
from contextlib import contextmanager


@contextmanager
def measured():  # !
    '''Measure what is below.'''
    yield


class Guard:  # !
    def __enter__(self):
        return self

    def __exit__(self, *error):
        return False


def main(words):
    with measured():
        for word in words:
            # each on its own
            with Guard():
                print(word)
    return len(words)


main(sys.argv)
```

## Lean

```python
import sys


def main(words):
    for word in words:
        # each on its own
        print(word)
    return len(words)


main(sys.argv)
```

## Kept: it does something, or what it gives is used

```python
import sys
from contextlib import contextmanager


@contextmanager
def counted():
    yield
    print("done")


@contextmanager
def named():
    yield "name"


@contextmanager
def silent():
    yield


class Quiet:
    def __enter__(self):
        return self

    def __exit__(self, *error):
        return True


@silent()
def main(words):
    with counted(), named() as name, Quiet():
        print(name, words)


with silent():
    main(sys.argv)
```
"""

from collections.abc import Iterator

from debloat.model import Applicability, Evidence, Finding, Proof
from debloat.program import Program
from debloat.program.contexts import idle_contexts
from debloat.program.reach import production
from debloat.refactor.findings import of_idle
from debloat.refactor.requests import Uncontext

TIER = Applicability.UNSAFE


def check(program: Program) -> Iterator[Finding]:
    """Report each context manager that does nothing, at its definition."""
    for found in idle_contexts(program):
        if program.ask(production).scope(found.scope):
            span, name = program.index.span(found.scope), program.index.name(found.scope)
            idle = Evidence("purity", Proof.PROVED, span, "it does nothing on the way in and on the way out")
            message = f"the context manager {name} does nothing"
            yield of_idle(program, found.scope, (message, idle), len(found.calls), Uncontext(found))
