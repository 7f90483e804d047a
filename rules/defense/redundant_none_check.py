"""A check for None of a value that is never None.

## What it finds

`x is None`, `x is not None`, and `if x` or `if not x` on a value that is neither None nor false, where it stands in an `if`, a
`while`, a condition or a comprehension.

## Why it is bloat

The branch for None never runs. It is written because the function in itself cannot know; the program as a whole does.

## What proves it

- type: the value is followed to where it is made, through variables, parameters, attributes, return values and containers,
  and it is None at none of these places. Tests on the way count (`if x is None: return`).
- callers: where it is a parameter, every call is known, those of the tests too, and none passes None or leaves it out.
- mutation: where it is an attribute, every assignment to it is known and no unseen code has the object.
- purity: evaluating the test has no effect.

## What it leaves alone

Values from outside: files, the network, the environment, other libraries whose results are not known, parameters of
functions that outsiders call. Annotations prove nothing, for they bind nobody. The truth of containers, which may be empty.

## Fix

Safe: replace the test by its outcome and drop the branch that never runs. Unsafe where it rests on an assumption, which the
evidence names.

## Bloated

```python
import sys


class Order:
    def __init__(self, items):
        self.items = items


def load(path):
    return Order([path])


def total(order):
    if order is None:  # !
        return 0
    return len(order.items)


print(total(load(sys.argv[0])))
```

## Lean

```python
import sys


class Order:
    def __init__(self, items):
        self.items = items


def load(path):
    return Order([path])


def total(order):
    return len(order.items)


print(total(load(sys.argv[0])))
```

## Kept: one caller passes None

```python
def total(items):
    if items is None:
        return 0
    return len(items)


print(total(["a"]), total(None))
```

## Kept: the value comes from outside

```python
import json
import sys


def total(order):
    if order is None:
        return 0
    return len(order)


print(total(json.load(sys.stdin)))
```

## Kept: the interpreter takes builtins away when it ends

```python
import weakref


class Shelf:
    pass


def forget(_):
    if print is None:
        return
    print("gone")


shelf = Shelf()
watch = weakref.ref(shelf, forget)
```

## Kept: only what a module shows when it is run by itself comes here

```python
import sys

import wallets

print(wallets.LIMIT, sys.argv)
```

```python wallets.py
LIMIT = 48


class Wallet:
    def __init__(self, age):
        self.age = age


def is_fresh(wallet):
    return _has_age(wallet) and wallet.age < LIMIT


def _has_age(wallet):
    if wallet.age is None:
        return False
    return True


if __name__ == "__main__":
    print("A fresh one")
    print(is_fresh(Wallet(2)))
    print("An old one")
    print(is_fresh(Wallet(99)))
    print("The end")
```

## Kept: a container may be empty

```python
def first(items):
    if not items:
        return None
    return items[0]


print(first(list("abc")))
```
"""

from collections.abc import Iterator

from debloat.facts import ops
from debloat.model import Applicability, Finding
from debloat.program import Program
from debloat.program.index import Site
from debloat.program.names import BUILTINS
from debloat.refactor.requests import Fold
from debloat.values.concerns import concerning
from debloat.values.report import compared_with_none, report

TIER = Applicability.SAFE


def check(program: Program) -> Iterator[Finding]:
    """Report each test for None of what never is None."""
    for found, _ in concerning(program, "none"):
        side = compared_with_none(program, found.test)
        subject = found.test._replace(pc=side) if side >= 0 else found.test
        if not _is_gone_at_exit(program, subject):
            yield report(
                program,
                found,
                f"{program.openings.shown(subject)} is never None",
                TIER,
                Fold(found.test, found.outcome),
            )


def _is_gone_at_exit(program: Program, site: Site) -> bool:
    """Whether a name is that of a builtin: nobody asks for one unless the interpreter may have taken it away already."""
    fact = program.facts[site.file]
    if fact.code[site.pc] != ops.NAME or fact.names[fact.code[site.pc + 3]] not in BUILTINS:
        return False
    return program.index.resolve(program.index.scope_at(site), fact.code[site.pc + 3]) < 0
