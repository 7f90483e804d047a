"""Classes without state, whose methods are functions.

## What it finds

A class whose objects hold nothing: no method reads or sets anything of `self` but other methods and attributes of the class,
and all that the program does with an object is to call its methods.

## Why it is bloat

An object has to be made, kept and passed on before the work can be called, and each reader looks for the state that it must
have. A module is the place for functions, and imports hand them on.

## What proves it

- type: each method uses `self` only for other members of the class, and nothing sets an attribute of an object.
- callers: every place that an object goes to is seen: variables, attributes and parameters that hold one hold nothing else, and
  only members are read of them. The class and its methods have no opening (see `debloat why`).
- hierarchy: it has no base, no subclass, no metaclass and no decorator, and nothing asks for its type.

## What it leaves alone

Objects that stand in for others, in tests or behind a protocol, special methods, properties and other decorators, and
objects that are compared, returned, kept in containers or passed to what is not seen.

## Fix

Unsafe: make functions of the methods and variables of the attributes; call them where the methods were called; drop the variables,
attributes and parameters that only held an object. A function gets a longer name where its own says
little without the class, or is taken. It is not done where both
are taken, or where an import would close a cycle.

## Bloated

```python shop/discounts.py
class DiscountManager:  # !
    \"\"\"Discounts of customers.\"\"\"

    RATE = 0.1

    def compute(self, amount):
        \"\"\"The discount on an amount.\"\"\"
        return self._rounded(amount * self.RATE)

    def _rounded(self, amount):
        return round(amount, 2)
```

```python shop/orders.py
from shop.discounts import DiscountManager


class Orders:
    def __init__(self, discounts: DiscountManager):
        self._discounts = discounts
        self.orders = []

    def add(self, amount):
        self.orders.append(amount - self._discounts.compute(amount))
```

```python app.py
from shop.discounts import DiscountManager
from shop.orders import Orders

discounts = DiscountManager()
orders = Orders(discounts)
orders.add(5)
print(orders.orders, discounts.compute(3))
```

## Lean

```python shop/discounts.py
RATE = 0.1


def compute_discount(amount):
    \"\"\"The discount on an amount.\"\"\"
    return _rounded(amount * RATE)


def _rounded(amount):
    return round(amount, 2)
```

```python shop/orders.py
from shop.discounts import compute_discount


class Orders:
    def __init__(self):
        self.orders = []

    def add(self, amount):
        self.orders.append(amount - compute_discount(amount))
```

```python app.py
from shop.discounts import compute_discount
from shop.orders import Orders

orders = Orders()
orders.add(5)
print(orders.orders, compute_discount(3))
```

## Kept: the objects are told apart, kept, or set

```python
class Plain:
    def format(self, text):
        return text


class Loud:
    def format(self, text):
        return text.upper()


class Counter:
    def next(self):
        return 1


class Marker:
    def mark(self):
        return "x"


class Total:
    def sum(self, prices):
        return sum(prices)


def show(formatter, text):
    print(formatter.format(text))


show(Plain(), "a")
show(Loud(), "a")
counter = Counter()
counter.name = "c"
print(counter.next(), counter.name, Marker().mark(), Marker() == Marker(), [Total()][0].sum([1]))
```

## Kept: a test has another object in its place

```python app.py
class Clock:
    def now(self):
        return 1


class Job:
    def __init__(self, clock):
        self.clock = clock

    def run(self):
        return self.clock.now()


if __name__ == "__main__":
    print(Job(Clock()).run())
```

```python tests/test_app.py
from app import Job


class FakeClock:
    def now(self):
        return 2


def test_run():
    assert Job(FakeClock()).run() == 2
```
"""

from collections.abc import Iterator

from debloat.model import Applicability, Evidence, Finding, Proof
from debloat.program import Program
from debloat.program.queries import world_evidence
from debloat.program.stateless import stateless
from debloat.refactor.requests import CollapseClass

TIER = Applicability.UNSAFE
_SHOWN = 5


def check(program: Program) -> Iterator[Finding]:
    """Report each class without state."""
    for found in program.find(stateless):
        span, name = program.index.span(found.cls), program.index.name(found.cls)
        proof = [
            Evidence("type", Proof.PROVED, span, "no method reads or sets more of its object than members of the class")
        ]
        if found.opening is not None:
            reason, site = found.opening
            proof.append(Evidence("callers", Proof.UNKNOWN, program.index.place(site), reason))
        note = f"of an object of {name} this is all"
        places = map(program.index.place, found.carried.uses[:_SHOWN])
        proof += [Evidence("callers", Proof.PROVED, place, note) for place in places]
        proof += world_evidence(program, found.cls)
        bound = sum(program.analysis.receivers(method) is not None for method in found.methods)
        lines = max(len(found.carried.kept) + 2 - bound, 1)
        message = f"{name} has no state: make functions of its methods"
        refactoring = CollapseClass(found.cls)
        yield Finding(span, message, program.index.qualified(found.cls), tuple(proof), TIER, lines, (), refactoring)
