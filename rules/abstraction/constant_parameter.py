"""Parameters for which every call passes the same constant.

## What it finds

A parameter of a function, method or constructor that gets one and the same value at every call, in production and
in tests: a literal, a constant that is bound once, a member of an enumeration, or a certain function or class. A call
that leaves the parameter out counts with its default, one that the function makes of itself may pass it on. A method counts with
its overrides, and a function with those that the same calls may call.

## Why it is bloat

It promises a choice that nobody makes. Each call repeats the value, and the branches for other values are never taken.

## What proves it

- callers: all calls are seen, each surely calls this function or another one that always gets the same, and none unpacks.
- hierarchy: every subclass and override is known, and no base from outside calls the constructor.
- type: what each call passes is the same constant.

## What it leaves alone

What outsiders may call, callbacks of libraries, functions whose decorator is not known, functions that read their own
locals by name. A parameter that the body never reads is reported as unused.

## Fix

Safe: put the value where the body reads the parameter, fold the tests that a literal decides, and drop the parameter from
the definition, every override, every call and the docstring. A value that has a name is imported if need be, never in a cycle; a body that
binds the parameter again gets an assignment. Unsafe where the default may have an effect, a comment would go, a module
would be imported earlier, a name that is passed may not be bound yet or a string names the value, in exceptions (pickling calls them with their arguments), and where
the world is a guess.

## Bloated

```python
import sys


def price(amount, currency):  # !
    return f"{amount:.2f} {currency}"


def total(amounts, unit="EUR"):  # !
    return f"{sum(amounts)} {unit}"


class Report:
    def line(self, text, mark):  # !
        return f"{mark} {text}"


class Wide(Report):
    def line(self, text, mark):
        return super().line(text, mark) + mark


if __name__ == "__main__":
    print(price(len(sys.argv), "EUR"), price(2, currency="EUR"))
    print(total([1, 2], "EUR"), total([3]))
    for report in (Report(), Wide()):
        print(report.line(sys.argv[0], "-"))
```

## Lean

```python
import sys


def price(amount):
    return f"{amount:.2f} EUR"


def total(amounts):
    return f"{sum(amounts)} EUR"


class Report:
    def line(self, text):
        return f"- {text}"


class Wide(Report):
    def line(self, text):
        return super().line(text) + "-"


if __name__ == "__main__":
    print(price(len(sys.argv)), price(2))
    print(total([1, 2]), total([3]))
    for report in (Report(), Wide()):
        print(report.line(sys.argv[0]))
```

## Kept: 1, True and 1.0 are equal and not the same

```python
def shown(value):
    return repr(value)


print(shown(1), shown(True), shown(1.0))
```

## Kept: only a test passes another value

```python app.py
def price(amount, currency):
    return f"{amount:.2f} {currency}"


if __name__ == "__main__":
    print(price(2, "EUR"))
```

```python tests/test_app.py
from app import price


def test_price():
    assert price(3, "USD") == "3.00 USD"
```

## Kept: only what a module shows when it is run by itself passes it

```python
import spikes

print(spikes.LEAST)
```

```python spikes.py
LEAST = 3


def detect(market, volume):
    return f"{market}: {volume}" if volume > LEAST else ""


if __name__ == "__main__":
    print("A quiet day")
    print(detect("test-market", 2))
    print("A busy day")
    print(detect("test-market", 4))
    print(detect("test-market", 9))
    print("The end")
```

## Kept: a call may unpack another value into it

```python
import sys


def price(amount, currency="EUR"):
    return f"{amount} {currency}"


print(price(1, "EUR"), price(*sys.argv[1:]), price(1, **{"currency": "USD"}))
```

## Kept: one call may run either function, and the other varies

```python
import sys


def price(amount, currency):
    return f"{amount} {currency}"


def weight(amount, unit):
    return unit + str(amount) if sys.argv else unit


for show in (price, weight):
    print(show(2, "EUR"))
weight(3, "kg")
```

## Kept: an override gets another value

```python
import sys


class Price:
    def show(self, amount, currency):
        return f"{amount} {currency}"


class Rounded(Price):
    def show(self, amount, currency):
        return f"{amount:.0f} {currency}" + sys.argv[0]


def report(price: Price):
    return price.show(2, "EUR")


print(report(Price()), report(Rounded()), Rounded().show(3, "USD"))
```

## Kept: a member of an enumeration constructs itself

```python
import enum


class Planet(enum.Enum):
    EARTH = (6, "big")
    MOON = (1, "small")

    def __init__(self, mass, size="small"):
        self.label = f"{mass} {size}"


print(Planet((6, "big")).label)
```

## Kept: the function reads its locals by name

```python
def price(amount, currency):
    return "{amount} {currency}".format(**locals())


print(price(2, "EUR"))
```

## Kept: a global that is rebound is not always the same

```python
import sys

LIMIT = 1


def check(value, limit):
    return value > limit


def raise_limit():
    global LIMIT
    LIMIT = 2


print(check(len(sys.argv), LIMIT))
raise_limit()
print(check(len(sys.argv), LIMIT))
```
"""

from collections.abc import Iterator

from debloat.model import Applicability, Evidence, Finding, Proof
from debloat.program import Program
from debloat.program.constants import fixed, shown
from debloat.program.demonstrations import demonstration_evidence
from debloat.program.families import (
    Slot,
    called,
    defaults,
    families,
    given_sites,
    is_read,
    left_out,
    only_value,
    parameter_name,
    proof,
    removable_lines,
)  # fmt: skip
from debloat.program.parameters import binding_evidence, changeable, named_parameters, purity_evidence
from debloat.program.queries import glance, parameter_span
from debloat.refactor.requests import Drop, Dropped

TIER = Applicability.SAFE


def check(program: Program) -> Iterator[Finding]:
    """Report each parameter that has one value, with the value."""
    for found in families(program, _candidates(program)):
        value = only_value(program, found.slots, found.pairs)
        reading = [slot for slot in found.slots if is_read(program, found, slot)]
        passing = list(given_sites(program, found))
        if value is None or not passing or not reading:
            continue
        text = shown(program, value)
        first = found.slots[0]
        parameter = program.index.scopes[first.function].parameters[first.position]
        span = parameter_span(program, first.function, parameter)
        values = (*passing, *left_out(program, found))
        evidence = [
            *proof(program, found),
            *demonstration_evidence(program, first.function),
            *purity_evidence(program, [site for site in defaults(program, found) if fixed(program, site) is None]),
            *binding_evidence(program, values),
            Evidence("type", Proof.PROVED, span, f"{len(passing)} calls pass {text}, none passes another value"),
        ]
        message = f"parameter {parameter_name(program, first)} of {called(program, found)} is always {text}: put the value into the body"
        symbol = program.index.qualified(first.function)
        drop = Drop(tuple(Dropped(*slot, values if slot in reading else ()) for slot in found.slots))
        lines = removable_lines(program, found)
        yield Finding(span, message, symbol, tuple(evidence), TIER, lines, refactoring=drop)


def _candidates(program: Program) -> Iterator[list[Slot]]:
    """The parameters for which the calls that can be told by their text do not differ."""
    for scope in changeable(program):
        sure, possible = glance(program, scope)
        others = [] if sure else list(possible)
        for position, _, _ in named_parameters(program, scope):
            slot = Slot(scope, position)
            may = (only_value(program, [slot], [(slot, call)]) for call in others if position in call.binding.given)
            given = [(slot, call) for call in sure]
            if only_value(program, [slot], given) if sure else not others or any(value is not None for value in may):
                yield [slot]
