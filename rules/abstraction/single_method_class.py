"""Classes whose objects are made for one call of their one method.

## What it finds

A class with a constructor and one other method, where every object is made for one call of that method, there and then or in the
next statement.

## Why it is bloat

It is a function in two steps. What it takes is stored under new names, to be read once, and the reader has to learn that
nothing lives on.

## What proves it

- type: both methods only read and set attributes of their object, which nobody else has.
- callers: every place that names the class makes an object and calls the method on it. Neither has an opening (see `debloat why`).
- hierarchy: it has no base, no subclass, no metaclass and no decorator.

## What it leaves alone

Classes with further methods or attributes of the class, objects that are kept, passed on or called twice, and methods that hand
their object on.

## Fix

Unsafe: make one function that takes what the constructor and the method took; attributes become variables. It is not done where
names of the two would meet, where arguments are unpacked, or where the method runs later than the constructor (as a generator
does) and that does more than keep what it is given.

## Bloated

```python prices.py
class PriceCalculator:  # !
    \"\"\"Adds up prices.\"\"\"

    def __init__(self, prices, rate=0.2):
        self._prices = [price for price in prices if price]
        self.rate = rate

    def run(self, digits):
        total = sum(self._prices)
        return round(total * (1 + self.rate), digits)
```

```python app.py
from prices import PriceCalculator


def show(prices):
    calculator = PriceCalculator(prices)
    print(calculator.run(2))


show([1, 2.5])
print(PriceCalculator([3], rate=0.1).run(1))
```

## Lean

```python prices.py
def calculate_price(prices, rate=0.2, *, digits):
    \"\"\"Adds up prices.\"\"\"
    _prices = [price for price in prices if price]
    total = sum(_prices)
    return round(total * (1 + rate), digits)
```

```python app.py
from prices import calculate_price


def show(prices):
    print(calculate_price(prices, digits=2))


show([1, 2.5])
print(calculate_price([3], rate=0.1, digits=1))
```

## Kept: the object lives on, or does more

```python
class Counter:
    def __init__(self, start):
        self.value = start

    def up(self):
        self.value += 1
        return self.value


class Greeting:
    def __init__(self, name):
        self.name = name

    def text(self):
        return f"hello {self.name}"

    def loud(self):
        return self.text().upper()


class Job:
    def __init__(self, done):
        self.done = done

    def run(self):
        self.done.append(self)


counter = Counter(1)
print(counter.up(), counter.up(), Greeting("x").loud())
done = []
Job(done).run()
print(len(done), done[0].done is done)
```
"""

from collections.abc import Iterator

from debloat.model import Applicability, Evidence, Finding, Proof
from debloat.program import Program
from debloat.program.oneshot import oneshots
from debloat.program.queries import world_evidence
from debloat.refactor.requests import CollapseCall

TIER = Applicability.UNSAFE
_SHOWN = 5


def check(program: Program) -> Iterator[Finding]:
    """Report each class that is a function in two steps."""
    for found in oneshots(program):
        span, name = program.index.span(found.cls), program.index.name(found.cls)
        method = program.index.name(found.method)
        note = "its methods only read and set attributes of their object"
        proof = [Evidence("type", Proof.PROVED, span, note)]
        if found.opening is not None:
            proof.append(Evidence("callers", Proof.UNKNOWN, program.index.place(found.opening[1]), found.opening[0]))
        places = [program.index.place(one.making) for one in found.made[:_SHOWN]]
        note = f"made for one call of {method}"
        proof += [Evidence("callers", Proof.PROVED, place, note) for place in places]
        proof += world_evidence(program, found.cls)
        message = f"{name} is made for one call of {method}: make a function of it"
        refactoring = CollapseCall(found.cls)
        yield Finding(span, message, program.index.qualified(found.cls), tuple(proof), TIER, 3, (), refactoring)
