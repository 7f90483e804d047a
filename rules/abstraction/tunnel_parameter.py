"""Parameters that several functions only pass on to each other.

## What it finds

A parameter that one function after another does nothing with but to give it to a parameter of the next one, in one call, until
one uses it. There is one finding a way, where it begins; its evidence is each call.

## Why it is bloat

Functions that do not care for a value have it in their signatures, and a change of what the last one needs is a change of them
all. The last one may be given what it needs otherwise: bound to an object or by `partial`, or called by the first with what the others
return.

## What proves it

- callers: each call surely calls that one function, and the parameter is given to it as it is.
- mutation: no function on the way reads or rebinds the parameter otherwise.

## What it leaves alone

Ways with fewer than three functions that carry the value for nothing: `functions` in `[tool.debloat.rules.tunnel-parameter]`
is how many it takes. Functions that outsiders call do not count, whose parameters are for these, nor do those whose body is one call,
of which other rules speak. Methods that override or are overridden, `*args` and `**kwargs` end a way, and so does whoever
gives the value to two calls.

## Fix

Suggestion: where the value had better come from is for a person to say.

## Bloated

```python
import sys


def report(orders, rate):  # !
    print("Orders")
    for order in orders:
        print(render(order, rate))


def render(order, rate):
    name = order.strip()
    return f"{name}: {total(name, rate=rate)}"


def total(name, rate):
    price = len(name)
    return price + tax(price, rate)


def tax(price, share):
    return price * share / 100 if share else 0


report(sys.argv, 19)
```

## Lean

```python
import sys
from dataclasses import dataclass


@dataclass
class Report:
    rate: int

    def show(self, orders):
        print("Orders")
        for order in orders:
            print(self.render(order))

    def render(self, order):
        name = order.strip()
        return f"{name}: {self.total(name)}"

    def total(self, name):
        price = len(name)
        return price + tax(price, self.rate)


def tax(price, share):
    return price * share / 100 if share else 0


Report(19).show(sys.argv)
```

## Kept: it is used on the way, goes two ways, or is changed

```python
import sys


def report(orders, rate, unit, mark):
    print("Orders")
    for order in orders:
        print(render(order, rate, unit, mark))


def render(order, rate, unit, mark):
    name = order.strip()
    if rate:
        print("with taxes")
    mark = mark.strip()
    return f"{name}: {total(name, rate, unit, mark)} {shown(unit)}"


def total(name, rate, unit, mark):
    price = len(name)
    return price + tax(price, rate, unit, mark)


def tax(price, share, unit, mark):
    print(shown(unit), mark)
    return price * share / 100


def shown(unit):
    return f"({unit})" if unit else ""


report(sys.argv, 19, "EUR", "-")
```

## Kept: the project takes more functions for too many

```toml pyproject.toml
[tool.debloat]
world = "application"

[tool.debloat.rules.tunnel-parameter]
functions = 4
```

```python app.py
import sys


def report(orders, rate):
    print("Orders")
    for order in orders:
        print(render(order, rate))


def render(order, rate):
    name = order.strip()
    return f"{name}: {total(name, rate)}"


def total(name, rate):
    price = len(name)
    return price + tax(price, rate)


def tax(price, rate):
    return price * rate / 100 if rate else 0


report(sys.argv, 19)
```
"""

from collections.abc import Iterator

from debloat.model import Applicability, Evidence, Finding, Proof
from debloat.program import Program
from debloat.program.families import parameter_name
from debloat.program.queries import parameter_span
from debloat.program.tunnels import carriers, tunnels

TIER = Applicability.SUGGESTION
ACROSS_FILES = True
THRESHOLDS = {"functions": 3}


def check(program: Program) -> Iterator[Finding]:
    """Report each way of a parameter on which too many only pass it on."""
    for way in tunnels(program):
        slots = [*(hop.slot for hop in way), way[-1].to]
        function, position = slots[0]
        span = parameter_span(program, function, program.index.scopes[function].parameters[position])
        least = program.part(span.path).config.limits("tunnel-parameter", THRESHOLDS)["functions"]
        if len(way) < least or carriers(program, way) < least:
            continue
        names = [_name(program, slot.function) for slot in slots]
        evidence = tuple(
            Evidence(
                "callers", Proof.PROVED, program.index.place(hop.call), f"{before} only passes it on to {after} here"
            )
            for hop, before, after in zip(way, names, names[1:], strict=False)
        )
        passed = " → ".join(names[:-1])
        message = f"parameter {parameter_name(program, slots[0])} is only passed on by {passed}; {names[-1]} uses it"
        yield Finding(span, message, program.index.qualified(function), evidence, TIER, 0)


def _name(program: Program, function: int) -> str:
    """What a call of a function names: of a constructor the class."""
    name = program.index.name(function)
    return name if name != "__init__" else program.index.name(program.index.enclosing_class(function))
