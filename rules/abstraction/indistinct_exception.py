"""Exception classes that nothing tells from their base.

## What it finds

An own exception class without a body, which no handler, test or comparison names, and which is raised with a message.

## Why it is bloat

A class of its own promises that somebody treats the error in its own way. Nobody does, and what went wrong is in the message.

## What proves it

- hierarchy: the class is empty and has one base, another exception of the program or a builtin one. It is called with
  arguments, derived from and named as a type, and nothing else: no `except`, `isinstance`, `pytest.raises` or attribute of it.
- callers: the class has no opening (see `debloat why`): outsiders cannot use it, and no string names it.
- reachability: no code asks for the class of what may be one of its objects.

## What it leaves alone

Classes right below `Exception`, which says nothing; what is raised without a message, so that its name is the message;
classes with several bases, a decorator or hooks; what nobody raises, which is `dead-symbol`'s.

## Fix

Unsafe: the base is raised instead, and the class goes. A traceback and the `repr` show another name.

## Bloated

```python app.py
import sys


class ShopError(Exception):
    def __init__(self, text, item):
        super().__init__(text)
        self.item = item


class PriceError(ShopError):  # !
    '''Raised where an item has no price.'''


class CountError(ValueError):  # !
    pass


def price(item):
    '''Give the price of an item. Raises PriceError.'''
    if item not in "abc":
        raise PriceError("no price", item)
    return 1


def count(text):
    if not text.isdigit():
        raise CountError(f"no number: {text}")
    return int(text)


for word in sys.argv[1:]:
    try:
        print(price(word) * count(word))
    except ShopError as error:
        print(error, error.item)
```

## Lean

```python app.py
import sys


class ShopError(Exception):
    def __init__(self, text, item):
        super().__init__(text)
        self.item = item


def price(item):
    '''Give the price of an item. Raises ShopError.'''
    if item not in "abc":
        raise ShopError("no price", item)
    return 1


def count(text):
    if not text.isdigit():
        raise ValueError(f"no number: {text}")
    return int(text)


for word in sys.argv[1:]:
    try:
        print(price(word) * count(word))
    except ShopError as error:
        print(error, error.item)
```

## Kept: somebody tells them apart, or the name is the message

```python
import sys


class ShopError(Exception):
    pass


class PriceError(ShopError):
    pass


class StockError(ShopError):
    pass


def price(item):
    if item == "a":
        raise PriceError("no price for a")
    if item == "b":
        raise StockError
    if item == "c":
        raise ShopError("no item c")
    return 1


for word in sys.argv:
    try:
        print(price(word))
    except PriceError:
        print("free")
```
"""

from collections.abc import Iterator

from debloat.facts import data
from debloat.model import Applicability, Evidence, Finding, Proof
from debloat.program import Program
from debloat.program.exceptions import indistinct
from debloat.program.queries import code_lines, definitions, world_evidence
from debloat.program.reach import production
from debloat.refactor.requests import CollapseException

TIER = Applicability.UNSAFE


def check(program: Program) -> Iterator[Finding]:
    """Report each exception class that might be its base."""
    live = program.ask(production)
    for cls in definitions(program, data.CLASS):
        base = indistinct(program, cls) if live.scope(cls) else None
        if base is not None:
            shown = base if isinstance(base, str) else program.index.name(base)
            span, name = program.index.span(cls), program.index.name(cls)
            evidence = [Evidence("hierarchy", Proof.PROVED, span, "nobody tells it from its base")]
            if opening := program.openings.first(cls):
                evidence.append(Evidence("callers", Proof.UNKNOWN, program.index.place(opening[1]), opening[0]))
            evidence += world_evidence(program, cls)
            message = f"nothing tells {name} from its base {shown}: raise that instead"
            symbol = program.index.qualified(cls)
            asked = CollapseException(cls, base)
            yield Finding(span, message, symbol, tuple(evidence), TIER, code_lines(span), refactoring=asked)
