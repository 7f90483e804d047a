"""Parameters for which every call passes the same constant.

## What it finds

A parameter of a function, method or constructor that gets one and the same value at every call, in production and
in tests: a literal, a constant that is bound once, a member of an enumeration, or a certain function or class. A call
that leaves the parameter out counts with its default, one that the function makes of itself may pass it on.

## Why it is bloat

It promises a choice that nobody makes. Each call repeats the value, and the branches for other values are never taken.

## What proves it

- callers: all calls are seen, each surely calls this function and no other, and none unpacks into it.
- hierarchy: no class overrides the method or is overridden by it, and no base from outside calls the constructor.

## What it leaves alone

What outsiders may call, callbacks of libraries, functions whose decorator is not known, functions that read their own
locals by name. A parameter that the body never reads is reported as unused.

## Fix

Safe: put the value where the body reads the parameter, fold the tests that a literal decides, and drop the parameter from
the definition, every call and the docstring. A value that has a name is imported if need be, never in a cycle; a body that
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


if __name__ == "__main__":
    print(price(len(sys.argv), "EUR"), price(2, currency="EUR"))
    print(total([1, 2], "EUR"), total([3]))
```

## Lean

```python
import sys


def price(amount):
    return f"{amount:.2f} EUR"


def total(amounts):
    return f"{sum(amounts)} EUR"


if __name__ == "__main__":
    print(price(len(sys.argv)), price(2))
    print(total([1, 2]), total([3]))
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

## Kept: a call may unpack another value into it

```python
import sys


def price(amount, currency="EUR"):
    return f"{amount} {currency}"


print(price(1, "EUR"), price(*sys.argv[1:]), price(1, **{"currency": "USD"}))
```

## Kept: one call may run either function

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

## Kept: an override has the same parameters

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

from debloat.facts.data import Parameter
from debloat.model import Applicability, Evidence, Finding, Proof
from debloat.program import Program
from debloat.program.constants import default_site, default_value, only_value, shown, value_sites
from debloat.program.parameters import (
    binding_evidence,
    changeable,
    in_production,
    known_calls,
    named_parameters,
    own_lines,
    purity_evidence,
    target_evidence,
    unpacking_evidence,
)  # fmt: skip
from debloat.program.queries import glance, parameter_span
from debloat.refactor.requests import Drop

TIER = Applicability.SAFE


def check(program: Program) -> Iterator[Finding]:
    """Report each parameter that has one value, with the value."""
    for scope in changeable(program):
        candidates = list(_candidates(program, scope))
        calls, evidence = known_calls(program, scope) if candidates else ([], [])
        if not in_production(program, calls):
            continue
        for position, name, parameter in candidates:
            passing = [call for call in calls if position in call.binding.given]
            value = only_value(program, scope, position, calls)
            if value is None or not passing:
                continue
            text = shown(program, value)
            span = parameter_span(program, scope, parameter)
            default = default_site(program, scope, parameter)
            values = tuple(value_sites(program, scope, position, calls))
            varies = default is not None and default_value(program, scope, position) is None
            proof = [
                *evidence,
                *unpacking_evidence(program, position, calls),
                *target_evidence(program, scope, passing),
                *purity_evidence(program, [default] if default is not None and varies else []),
                *binding_evidence(program, values),
                Evidence("type", Proof.PROVED, span, f"{len(passing)} calls pass {text}, none passes another value"),
            ]
            message = f"parameter {name} of {program.index.name(scope)} is always {text}: put the value into the body"
            symbol = program.index.qualified(scope)
            lines = own_lines(program, scope, parameter)
            drop = Drop(scope, position, values)
            yield Finding(span, message, symbol, tuple(proof), TIER, lines, refactoring=drop)


def _candidates(program: Program, scope: int) -> Iterator[tuple[int, str, Parameter]]:
    """The parameters for which the calls that can be told by their text do not differ."""
    sure, possible = glance(program, scope)
    others = [] if sure else list(possible)
    for position, name, parameter in named_parameters(program, scope):
        may = (only_value(program, scope, position, [call]) for call in others if position in call.binding.given)
        if only_value(program, scope, position, sure) if sure else any(value is not None for value in may):
            yield position, name, parameter
