"""Functions that only pass their arguments on to another function.

## What it finds

A function or method whose body is one call of another function of the project, with its own parameters in their order
and nothing else, or with constants if there is one call of it. The other function may be a method of the same object, of one
that it holds, or of an object that a module binds once; or one of a module of the standard library, given the parameters alone.

## Why it is bloat

It is a second name for something that has one. A reader has to open it to learn that it does nothing.

## What proves it

- type: the call can only mean that one function, whose defaults are the same where a caller relies on them.
- callers: all calls are seen, each surely calls this function, and nothing uses the function as a value.
- hierarchy: no class overrides the method or is overridden by it.
- purity: an object whose method gives way to a plain function is evaluated without effect.

## What it leaves alone

Decorated functions, special methods, calls of `super()`, a target that looks at its caller's frame or sets a
`stacklevel`, a function that drops the result of its target, one that knows more than its several callers (a constant, a
default of its own), a name for a builtin, and what outsiders call, keep or name in a string.

## Fix

Safe: call the target at every call, import it there instead and delete the function; a private target that nobody else uses
takes the name of the function. Where that is not the same, as the target is had from the object or is given more, its call takes the
place of each call, arguments in the place of parameters. Not where the import would close a cycle or is needed for what it does. Unsafe where the
target's name stands in a string (tests patch by name), where the evaluation of an object may have an effect or give
None, and where the world is a guess.

## Bloated

```python
import time


def now():  # !
    return time.time()


def round_money(amount, digits=2):
    return round(amount, digits)


def safe_round(value, digits=2):  # !
    \"\"\"Round an amount.\"\"\"
    return round_money(value, digits)


class Cart:
    def __init__(self, prices):
        self.prices = prices

    def _sum(self):
        return sum(self.prices)

    def total(self):  # !
        return self._sum()

    def scaled(self, factor, digits):
        return [round(price * factor, digits) for price in self.prices]


class Checkout:
    def __init__(self, cart):
        self.cart = cart

    def prices(self, factor=2):  # !
        return self.cart.scaled(factor, 3)


print(safe_round(Cart([1.5]).total()), safe_round(2.25, digits=1))
checkout = Checkout(Cart([2.5]))
print(checkout.prices(), now() > 0)
```

## Lean

```python
import time


def round_money(amount, digits=2):
    return round(amount, digits)


class Cart:
    def __init__(self, prices):
        self.prices = prices

    def total(self):
        return sum(self.prices)

    def scaled(self, factor, digits):
        return [round(price * factor, digits) for price in self.prices]


class Checkout:
    def __init__(self, cart):
        self.cart = cart


print(round_money(Cart([1.5]).total()), round_money(2.25, digits=1))
checkout = Checkout(Cart([2.5]))
print(checkout.cart.scaled(2, 3), time.time() > 0)
```

## Kept: it changes what it passes on, or says more than the library

```python
import json


def total(prices):
    return sum(prices)


def shown(prices):
    return json.dumps(prices, sort_keys=True)


def area(width, height=1, *, unit="m"):
    return f"{width * height} {unit}"


def turned(width, height):
    return area(height, width)


def square(width):
    return area(width, width)


def wide(width, height=2):
    return area(width, height)


def metric(width, height):
    return area(width, height, unit="m")


async def later(width):
    return area(width)


def silent(width):
    area(width)


print(turned(1, 2), square(1), wide(3), wide(4), metric(1, 2), metric(3, 4), later(1), silent(1), total([1]), shown([1]))
```

## Kept: it is a value, or what it calls is not settled

```python
import sys


def double(number):
    return 2 * number


def triple(number):
    return 3 * number


def twice(number):
    return double(number)


scale = double if len(sys.argv) > 1 else triple


def scaled(number):
    return scale(number)


print(twice(1), scaled(2), twice is double, {double: "d", twice: "t"}[twice])
```

## Kept: others decide what it is called

```python app.py
class Shape:
    def _area(self):
        return 1

    def area(self):
        return self._area()


class Square(Shape):
    def area(self):
        return 4


def show(shape):
    return shape.area()


def fetch():
    return 1


def load():
    return fetch()


if __name__ == "__main__":
    print(show(Shape()), show(Square()), load())
```

```python tests/test_app.py
from unittest import mock

import app


def test_load():
    with mock.patch("app.load"):
        app.load()
```

## Kept: the target looks at who calls it

```python
import sys
import warnings


def old(name):
    warnings.warn(name, DeprecationWarning, stacklevel=3)


def deprecated(name):
    return old(name)


def main():
    deprecated(sys.argv[0])


main()
```
"""

from collections.abc import Iterator, Sequence

from debloat.model import Applicability, Evidence, Finding, Proof, Refactoring
from debloat.program import Program
from debloat.program.forwarding import Forward, forwards
from debloat.program.index import Site
from debloat.program.mentions import mentions
from debloat.program.parameters import in_production, known_calls, purity_evidence, target_evidence
from debloat.program.queries import Call, callers, code_lines, parameters
from debloat.program.wrapping import wrappers
from debloat.refactor.requests import Inline, Redirect
from debloat.values.analysis import Values
from debloat.values.domain import OWNERS

TIER = Applicability.SAFE


def check(program: Program) -> Iterator[Finding]:
    """Report each function that is another one by a second name."""
    redirected = set()
    for forward in forwards(program):
        calls, known = known_calls(program, forward.scope)
        needing = [call for call in calls if forward.needed - call.binding.given.keys()]
        if not needing:
            redirected.add(forward.scope)
            more = list(_target_evidence(program, forward, calls))
            redirect = Redirect(forward.scope, forward.target, forward.names, forward.call, forward.on_receiver)
            target = program.index.qualified(forward.target).partition(":")[2]
            yield from _finding(program, forward.scope, forward.call, target, calls, [*known, *more], redirect)
    for wrapper in wrappers(program):
        if wrapper.scope not in redirected:
            calls, known = known_calls(program, wrapper.scope)
            filled = any(len(call.binding.given) < _count(program, wrapper.scope) for call in calls)
            if len(calls) == 1 or not (wrapper.knows or filled):
                callee = Site(wrapper.call.file, program.facts[wrapper.call.file].code[wrapper.call.pc + 5])
                target = program.openings.shown(callee)
                yield from _finding(program, wrapper.scope, wrapper.call, target, calls, known, Inline(wrapper.scope))


def _count(program: Program, scope: int) -> int:
    """How many arguments a function takes."""
    return sum(1 for _ in parameters(program, scope))


def _finding(
    program: Program,
    scope: int,
    call: Site,
    target: str,
    calls: Sequence[Call],
    known: Sequence[Evidence],
    refactoring: Refactoring,
) -> Iterator[Finding]:
    """The finding on a function whose body is a call, if production calls it."""
    if not in_production(program, calls):
        return
    settled = all(piece.proof is not Proof.UNKNOWN for piece in known)
    name, span = program.index.name(scope), program.index.span(scope)
    proof = (
        *known,
        *(target_evidence(program, scope, calls) if settled else ()),
        *(_value_evidence(program, scope) if settled else ()),
        Evidence("type", Proof.PROVED, program.index.place(call), f"it calls {target}, and nothing else"),
    )
    message = f"{name} only passes its arguments on to {target}: call that instead"
    symbol = program.index.qualified(scope)
    yield Finding(span, message, symbol, proof, TIER, code_lines(span), refactoring=refactoring)


def _value_evidence(program: Program, scope: int) -> Iterator[Evidence]:
    """UNKNOWN evidence where the function is compared, kept or looked at: then it is not the same as its target."""
    for site in callers(program, scope).values[:1]:
        note = "used as a value: it may be told from what it calls"
        yield Evidence("callers", Proof.UNKNOWN, program.index.place(site), note)


def _target_evidence(program: Program, forward: Forward, calls: Sequence[Call]) -> Iterator[Evidence]:
    """What giving way to the target rests on: nobody patches it by name, and what is left out has no effect."""
    named = program.ask(mentions).get(program.index.name(forward.target))
    if named is not None:
        note = f"assumes that {program.files[named].path} does not patch {program.index.name(forward.target)} by name"
        yield Evidence("callers", Proof.ASSUMED, program.index.place(forward.call), note)
    if forward.drops_receiver:
        code = {call.site.file: program.facts[call.site.file].code for call in calls}
        receivers = [(call.site.file, code[call.site.file][call.site.pc + 5]) for call in calls]
        found = [Site(file, code[file][callee + 3]) for file, callee in receivers]
        yield from purity_evidence(program, found)
        for site in found:
            if any(atom[0] not in OWNERS for atom in program.ask(Values).value(site)):
                note = "assumes that this is always an object that has the method"
                yield Evidence("type", Proof.ASSUMED, program.index.place(site), note)
