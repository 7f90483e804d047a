"""A test for the type of a value whose type is known.

## What it finds

`isinstance(x, C)`, `issubclass(c, C)`, `callable(x)` and `type(x) is C` that always come out the same, wherever they stand.

## Why it is bloat

A check for what the program itself made. It keeps a branch alive for values that nobody ever passes.

## What proves it

- type: the value is followed to where it is made, through variables, parameters, attributes, return values and containers.
  Each object that it can be is of a class that answers alike. Tests on the way count.
- callers: where it is a parameter, every call is known, those of the tests too.
- hierarchy: of classes of the program, every subclass; classes with hooks of their own for isinstance prove nothing.
- purity: evaluating the test has no effect.

## What it leaves alone

Values from outside, and parameters of functions that outsiders call, whatever their annotations say. Results of the standard
library where a subclass would do as well. Classes that others may register with or that are protocols.

## Fix

Safe: replace the test by its outcome and drop the branch that never runs. Unsafe where it rests on an assumption, which the
evidence names.

## Bloated

```python
class Item:
    def __init__(self, name):
        self.name = name


def label(item):
    if not isinstance(item, Item):  # !
        raise TypeError("an item is needed")
    return item.name.title()


def labels(names):
    return [label(Item(name)) for name in names]


print(labels(["tea", "salt"]))
```

## Lean

```python
class Item:
    def __init__(self, name):
        self.name = name


def label(item):
    return item.name.title()


def labels(names):
    return [label(Item(name)) for name in names]


print(labels(["tea", "salt"]))
```

## Kept: the last type of a ladder is named too

```python
import sys


def amount(value):
    if not isinstance(value, (str, int)):
        raise TypeError("a number is needed")
    if isinstance(value, str):
        return int(value)
    elif isinstance(value, int):
        return value


print(amount(eval(sys.argv[0] or "1")))
```

## Kept: some are of another type

```python
def amount(value):
    if isinstance(value, str):
        return int(value)
    return value


print(amount("1"), amount(2))
```

## Kept: the value comes from outside

```python
import json
import sys


def amount(value: str):
    if not isinstance(value, str):
        raise TypeError("a string is needed")
    return int(value)


print(amount(json.load(sys.stdin)))
```

## Kept: a bool is an int

```python
def shown(value):
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


print(shown(True), shown(3))
```

## Kept: a class that is asked itself

```python
class Meta(type):
    def __instancecheck__(cls, item):
        return item == 2


class Even(metaclass=Meta):
    pass


def word(number):
    if isinstance(number, Even):
        return "even"
    return "odd"


print(word(2), word(3))
```

## Kept: a class that others register with

```python
from abc import ABC


class Shape(ABC):
    pass


class Square:
    side = 2


Shape.register(Square)


def area(item):
    if isinstance(item, Shape):
        return item.side**2
    return 0


print(area(Square()))
```

## Kept: it may be set to something else meanwhile

```python
class Job:
    def __init__(self):
        self.result = None

    def finish(self):
        self.result = 1


def run(job):
    job.finish()
    if isinstance(job.result, int):
        return job.result
    return 0


print(run(Job()), Job().result)
```
"""

from collections.abc import Iterator

from debloat.facts import ops
from debloat.model import Applicability, Finding
from debloat.program import Program
from debloat.program.index import Site
from debloat.program.queries import written
from debloat.refactor.requests import Fold
from debloat.values.analysis import Values
from debloat.values.concerns import concerning
from debloat.values.evidence import shown
from debloat.values.report import report
from debloat.values.unreached import is_last

TIER = Applicability.SAFE


def check(program: Program) -> Iterator[Finding]:
    """Report each test for the type of what is of a known type."""
    for found, _ in concerning(program, "type"):
        subject = _subject(program, found.test)
        if found.outcome and found.dead[0] == found.dead[1] and is_last(program, subject):
            continue  # the last of the types that a ladder names
        value = shown(program, program.ask(Values).value(subject))
        yield report(
            program, found, f"{written(program, subject)[1]} is {value}", TIER, Fold(found.test, found.outcome)
        )


def _subject(program: Program, test: Site) -> Site:
    """Whose type a test asks for."""
    code = program.facts[test.file].code
    pc = test.pc
    if code[pc] == ops.COMPARE:
        pc = next(side for side in (code[pc + 5], code[pc + 8]) if code[side] == ops.CALL)
    return Site(test.file, code[pc + 7])
