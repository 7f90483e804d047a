"""Optional parameters that no call ever supplies.

## What it finds

A parameter with a default that every call leaves out, in production and in tests, so that it never has another value: neither
in a method nor in any of its overrides, which may pass it on to each other.

## Why it is bloat

It is a switch that nobody can find switched: an option written ahead for a caller that never came, with the branches
that only it could reach.

## What proves it

- callers: all calls are seen, none passes the parameter, and none unpacks what may fill it.
- hierarchy: every subclass and override is known, and no base from outside calls the constructor.
- mutation: the default is a literal, a constant that is bound once, a member of an enumeration, a function or a class.

## What it leaves alone

What outsiders may call, callbacks of libraries, functions that read their own locals by name, and defaults that are
mutable or computed: they keep state or are evaluated when the function is defined. A parameter that the body never
reads is reported as unused.

## Fix

Safe: put the default where the body reads the parameter, fold the tests that it decides, and drop the parameter from the
definition, every override and the docstring. Unsafe where a comment would go or a string names the default, in exceptions (pickling calls
them with their arguments), and where the world is a guess.

## Bloated

```python
import sys


def listing(names, separator=", ", *, numbered=False):  # !
    if numbered:
        names = [f"{number} {name}" for number, name in enumerate(names)]
    return separator.join(names)


if __name__ == "__main__":
    print(listing(sys.argv), listing(["a"], "-"))
```

## Lean

```python
import sys


def listing(names, separator=", "):
    return separator.join(names)


if __name__ == "__main__":
    print(listing(sys.argv), listing(["a"], "-"))
```

## Kept: a default that keeps state

```python
def count(name, seen=[]):
    seen.append(name)
    return len(seen)


print(count("a"), count("b"))
```

## Kept: a default that holds the loop variable of its moment

```python
def powers():
    made = []
    for exponent in range(3):

        def power(base, exponent=exponent):
            return base**exponent

        made.append(power)
    return made


print([power(2) for power in powers()])
```

## Kept: a test or an unpacking may supply it

```python app.py
import json
import sys


def listing(names, separator=", "):
    return separator.join(names)


def table(names, width=8):
    return [name[:width] for name in names]


if __name__ == "__main__":
    print(listing(sys.argv), table(sys.argv), table(**json.load(sys.stdin)))
```

```python tests/test_app.py
from app import listing


def test_listing():
    assert listing(["a", "b"], "-") == "a-b"
```

## Kept: it goes to code that may call it with more

```python
import atexit
import threading


def work(count=1):
    print(count)


def bye(word="bye"):
    print(word)


work()
bye()
threading.Thread(target=work, args=(2,)).start()
atexit.register(bye, "see you")
```

## Kept: callers that only a name in a string leads to

```python
import sys


class Commands:
    def run_list(self, everything=False):
        return everything

    def run(self, name):
        return getattr(self, f"run_{name}")(True)


print(Commands().run_list(), Commands().run(sys.argv[1]))
```

## Kept: the class of an object constructs another

```python
class Money:
    def __init__(self, amount, currency="EUR"):
        self.amount = amount
        self.currency = currency

    def doubled(self):
        return self.__class__(2 * self.amount, "USD")

    def halved(self):
        return type(self)(self.amount / 2, "CHF")


print(Money(1).doubled().currency, Money(1).halved().currency)
```

## Kept: outsiders reach it through a subclass or an object of what is exported

```toml pyproject.toml
[project]
name = "shop"

[tool.debloat]
world = "library"
```

```python shop.py
__all__ = ["Cart", "Session"]


def _priced(amount, currency="EUR"):
    return f"{amount} {currency}"


class _Base:
    def total(self, digits=2):
        return round(1.0, digits)


class Cart(_Base):
    def shown(self):
        return self.total()


class Session:
    def __init__(self):
        self.priced = _priced

    def run(self, amount):
        return self.priced(amount), _priced(amount)
```

## Kept: a module is handed to code that may read any name of it

```python app.py
import sys

import commands

print(commands.listing(sys.argv))
print(getattr(commands, sys.argv[1])(sys.argv, "-"))
```

```python commands.py
def listing(names, separator=", "):
    return separator.join(names)
```
"""

from collections.abc import Iterator

from debloat.model import Applicability, Evidence, Finding, Proof, Span
from debloat.program import Program
from debloat.program.constants import default_site, default_value, shown
from debloat.program.families import (
    Family,
    Slot,
    called,
    families,
    given_sites,
    is_read,
    parameter_name,
    proof,
    removable_lines,
)  # fmt: skip
from debloat.program.index import Site
from debloat.program.parameters import changeable, named_parameters
from debloat.program.queries import glance, parameter_span
from debloat.refactor.requests import Drop, Dropped

TIER = Applicability.SAFE


def check(program: Program) -> Iterator[Finding]:
    """Report each default that is its parameter's only value."""
    for found in families(program, _candidates(program)):
        reading = [slot for slot in found.slots if is_read(program, found, slot)]
        if any(True for _ in given_sites(program, found)) or not reading:
            continue
        first = found.slots[0]
        parameter = program.index.scopes[first.function].parameters[first.position]
        span = parameter_span(program, first.function, parameter)
        text, kept = _kept(program, found, span)
        message = (
            f"no call of {called(program, found)} passes {parameter_name(program, first)}: put {text} into the body"
        )
        symbol = program.index.qualified(first.function)
        drop = Drop(tuple(Dropped(*slot, _values(program, slot) if slot in reading else ()) for slot in found.slots))
        lines = removable_lines(program, found)
        yield Finding(span, message, symbol, (*proof(program, found), kept), TIER, lines, refactoring=drop)


def _kept(program: Program, found: Family, span: Span) -> tuple[str, Evidence]:
    """What the default is, and that it is always that."""
    values = {default_value(program, *slot) for slot in found.slots}
    value = next(iter(values))
    if None in values:
        return "its default", Evidence(
            "mutation", Proof.UNKNOWN, span, "default not constant: it may keep state or vary"
        )
    if value is None or (len(values) > 1 and found.given):
        return "its default", Evidence("mutation", Proof.UNKNOWN, span, "default not the same: it is passed on")
    text = shown(program, value) if len(values) == 1 else "its default"
    return text, Evidence("mutation", Proof.PROVED, span, f"the default is always {text}")


def _values(program: Program, slot: Slot) -> tuple[Site, ...]:
    site = default_site(program, *slot)
    return () if site is None else (site,)


def _candidates(program: Program) -> Iterator[list[Slot]]:
    """The parameters with a default that no call passes of those that can be told by their text."""
    for scope in changeable(program):
        optional = [row for row in named_parameters(program, scope) if row[2].default >= 0]
        sure = glance(program, scope)[0] if optional else []
        for position, _, _ in optional:
            if not any(position in call.binding.given for call in sure):
                yield [Slot(scope, position)]
