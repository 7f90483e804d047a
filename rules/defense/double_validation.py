"""A guard that every caller has passed before it calls.

## What it finds

`if ...: raise` or `if ...: return` on parameters of a function, where every caller has asked the same question and gone on only
with the other answer: by a test of its own, by calling a function that raises, or through a function that does nothing but ask.

## Why it is bloat

It never fires. Who reads it looks for the caller that forgets to check, and there is none.

## What proves it

- callers: every call of the function is known, those of the tests too, and the same question stands on every way to each.
- mutation: nothing binds the variables in between, and where attributes or containers are asked about no code runs in
  between that could change them.
- purity: asking has no effect.

## What it leaves alone

Functions that outsiders may call or that are used as values; a single caller that does not check; questions about the same
object before and after a call of unknown effect.

## Fix

Safe: drop the guard. Unsafe for truth, length or comparison of objects of unknown type, which may answer differently each time.

## Bloated

```python
import sys


class Order:
    def __init__(self, prices):
        self.prices = prices


def check(order):
    if not order.prices:
        raise ValueError("no prices")


def mean(order):
    if not order.prices:  # !
        raise ValueError("no prices")
    return sum(order.prices) / len(order.prices)


def weight(pieces):
    if pieces < 1:  # !
        raise ValueError("no pieces")
    return 250 * pieces


def place(order, pieces):
    check(order)
    found = mean(order)
    if pieces < 1:
        return found
    return found + weight(pieces)


class Stock:
    def __init__(self):
        self.pieces = {"tea": 3}

    def has(self, name):
        return name in self.pieces


def pieces(stock, name):
    if name not in stock.pieces:  # !
        return 0
    return stock.pieces[name] - 1


def show(stock, name):
    return pieces(stock, name) if stock.has(name) else 0


print(place(Order([1, 3]), len(sys.argv)), show(Stock(), sys.argv[0]))
```

## Lean

```python
import sys


class Order:
    def __init__(self, prices):
        self.prices = prices


def check(order):
    if not order.prices:
        raise ValueError("no prices")


def mean(order):
    return sum(order.prices) / len(order.prices)


def weight(pieces):
    return 250 * pieces


def place(order, pieces):
    check(order)
    found = mean(order)
    if pieces < 1:
        return found
    return found + weight(pieces)


class Stock:
    def __init__(self):
        self.pieces = {"tea": 3}

    def has(self, name):
        return name in self.pieces


def pieces(stock, name):
    return stock.pieces[name] - 1


def show(stock, name):
    return pieces(stock, name) if stock.has(name) else 0


print(place(Order([1, 3]), len(sys.argv)), show(Stock(), sys.argv[0]))
```

## Kept: one caller does not ask

```python
import sys


def weight(pieces):
    if pieces < 1:
        raise ValueError("no pieces")
    return 250 * pieces


def parcel(pieces):
    if pieces < 1:
        return 0
    return weight(pieces)


def letter(pieces):
    return weight(pieces)


print(parcel(len(sys.argv) - 1), letter(len(sys.argv)))
```

## Kept: what was asked about has changed since

```python
import sys


class Order:
    def __init__(self, prices):
        self.prices = prices

    def clear(self):
        self.prices = []


def mean(order):
    if not order.prices:
        return 0
    return sum(order.prices) / len(order.prices)


def weight(pieces):
    if pieces < 1:
        raise ValueError("no pieces")
    return 250 * pieces


def place(order, pieces):
    if not order.prices:
        return 0
    order.clear()
    return mean(order)


def parcels(pieces):
    if pieces < 1:
        return 0
    while pieces < 9:
        pieces -= len(sys.argv)
        if pieces < -9:
            break
    try:
        return weight(pieces)
    except ValueError:
        return -1


print(place(Order([1, 3]), len(sys.argv)), parcels(len(sys.argv)))
```

## Kept: the check swallows, or is made in one branch only

```python
import sys


def check(pieces, strict):
    if strict:
        if pieces < 1:
            raise ValueError("no pieces")


def noted(pieces):
    try:
        check(pieces, True)
    except ValueError:
        print("checked")


def weight(pieces):
    if pieces < 1:
        return 0
    return 250 * pieces


def parcel(pieces):
    noted(pieces)
    check(pieces, False)
    return weight(pieces)


print(parcel(len(sys.argv) - 1))
```
"""

from collections.abc import Iterator

from debloat.model import Applicability, Claim, Finding
from debloat.program import Program
from debloat.program.queries import written
from debloat.refactor.requests import Fold
from debloat.values.concerns import rechecked
from debloat.values.guards import decided
from debloat.values.report import purity, symbol
from debloat.values.validated import validated

TIER = Applicability.SAFE


def check(program: Program) -> Iterator[Finding]:
    """Report each guard that every caller has passed."""
    others = program.find(rechecked) | {found.test for found in program.find(decided)}
    for found in validated(program):
        if found.test not in others:
            span, text = written(program, found.test)
            first, last = (program.facts[found.owner.file].code[found.owner.pc + at] for at in (1, 3))
            claims = (Claim(span._replace(line=first + 1, column=0, end_line=last, end_column=0), "unreachable"),)
            evidence = (*found.evidence, *purity(program, found.test))
            message = f"{text} is always {'true' if found.outcome else 'false'} here: every caller has asked before"
            shown = claims if last > first else ()
            fold = Fold(found.test, found.outcome)
            yield Finding(span, message, symbol(program, found.owner), evidence, TIER, last - first + 1, shown, fold)
