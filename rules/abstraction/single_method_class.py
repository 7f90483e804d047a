"""Classes whose objects are made for one call of their one method.

## What it finds

A class with a constructor and one method that others call, where every object is made for one call of that method, there and then
or in the next statement. Further methods may help it if the object keeps
one thing.

## Why it is bloat

It is a function in two steps. What it takes is stored under new names, to be read once, and the reader has to learn that
nothing lives on.

## What proves it

- type: the methods only read and set attributes of their object, which nobody else has, and call each other; where there are
  helpers, the constructor alone sets attributes.
- callers: every place that names the class makes an object and calls the method on it. Neither has an opening (see `debloat why`).
- hierarchy: it has no base, no subclass, no metaclass and no decorator.

## What it leaves alone

Classes with attributes of the class, objects that are kept, passed on or called twice, and methods that hand their object on or are
called for it by others. Of several attributes that
helpers read, the object is a good place.

## Fix

Unsafe: make one function that takes what the constructor and the method took; attributes become variables. Helpers become
functions too, which are handed the attributes that they read. It is not done where
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

```python greet.py
import sys


class Greeter:  # !
    def __init__(self, names):
        self.names = list(names)

    def greet(self, greeting):
        for name in self.names:
            print(self._line(greeting, name))

    def _line(self, greeting, name):
        return f"{greeting} {name}, one of {len(self.names)}"


def main():
    greeter = Greeter(sys.argv)
    greeter.greet("hello")


main()
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

```python greet.py
import sys


def greet(names, greeting):
    names = list(names)
    for name in names:
        print(_line(names, greeting, name))


def _line(names, greeting, name):
    return f"{greeting} {name}, one of {len(names)}"


def main():
    greet(sys.argv, "hello")


main()
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
        self.count = 0

    def text(self):
        self.count += 1
        return f"hello {self.name}"

    def loud(self):
        return self.text().upper() + str(self.count)


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
from debloat.values.unread import unread

TIER = Applicability.UNSAFE
_SHOWN = 5


def check(program: Program) -> Iterator[Finding]:
    """Report each class that is a function in two steps."""
    for found in oneshots(program):
        if found.helpers and any(cls == found.cls for cls, _ in program.ask(unread)):
            continue  # what nobody reads goes first, or helpers would be handed it
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
        lines = 0 if found.helpers else 3  # with helpers, what else can go in the class goes first
        refactoring, symbol = CollapseCall(found.cls), program.index.qualified(found.cls)
        yield Finding(span, message, symbol, tuple(proof), TIER, lines, (), refactoring)
