"""Parameters that the body never reads.

## What it finds

A parameter, `*args` and `**kwargs` included, whose name no code in the function reads, nested functions included; of a method,
no code in any of its overrides either. To pass it on to the function itself, or from an override to what it overrides, is no read.

## Why it is bloat

Every caller makes up a value that nobody looks at, and every reader searches for what it does.

## What proves it

- callers: all calls are seen, and none that passes the parameter may call something that reads it.
- hierarchy: every subclass and override is known, and no base from outside calls the constructor.
- mutation: no code in the function reads or binds it, nested functions included.
- purity: evaluating the arguments that go has no effect and cannot raise.

## What it leaves alone

Names that begin with an underscore, parameters that the body rebinds or deletes, stubs but for constructors, methods of protocols, decorated
functions, functions that read their own locals by name, special methods, and what outsiders or libraries call.

## Fix

Safe: drop the parameter from the function and all overrides, its arguments, and its entry in the docstring; a constructor that
has then nothing in it goes as well. Unsafe where evaluating an argument or the
default may have an effect or raise or a comment would go, in exceptions (pickling calls them with their arguments), and
where the world is a guess.

## Bloated

```python
def describe(order, locale, **options):  # !
    return f"order {order}"


class Shape:
    def area(self, unit):  # !
        raise NotImplementedError


class Square(Shape):
    def __init__(self, side):
        self.side = side

    def area(self, unit):
        return self.side**2


class Plate(Square):
    def area(self, unit):
        return super().area(unit) + 1


class Teller:
    def __init__(self, strict=True):  # !
        pass

    def tell(self):
        print("told")


def main(order):
    Teller().tell()
    print(describe(order, "en"), describe(2, locale=order))
    for shape in (Square(order), Plate(order)):
        print(shape.area("m"))


main(1)
```

## Lean

```python
def describe(order):
    return f"order {order}"


class Shape:
    def area(self):
        raise NotImplementedError


class Square(Shape):
    def __init__(self, side):
        self.side = side

    def area(self):
        return self.side**2


class Plate(Square):
    def area(self):
        return super().area() + 1


class Teller:
    def tell(self):
        print("told")


def main(order):
    Teller().tell()
    print(describe(order), describe(2))
    for shape in (Square(order), Plate(order)):
        print(shape.area())


main(1)
```

## Kept: a nested function, locals() and del use it

```python
def later(value):
    return lambda: value


def shown(value):
    return str(locals())


def forgotten(value):
    del value


print(later(1)(), shown(2), forgotten(3))
```

## Kept: others decide the signature

```python
import atexit
import threading
from typing import Protocol


class Handler(Protocol):
    def handle(self, event, context): ...


class Printing:
    def handle(self, event, context):
        print(event)


class Base:
    def size(self, unit):
        return 1


class Long(Base):
    def size(self, unit):
        return unit


class Worker(threading.Thread):
    def join(self, timeout=None):
        super().join()


def run(handler: Handler):
    handler.handle(1, None)


def bye(reason):
    print("bye")


run(Printing())
print(Base().size("m"), Long().size("m"), Worker().join(1), bye("end"))
atexit.register(bye, 1)
```

## Kept: one of several handlers that are called alike

```python
import sys


def loud(text, times):
    return text.upper() * times


def plain(text, times):
    return text


HANDLERS = {"loud": loud, "plain": plain}
print(HANDLERS[sys.argv[1]]("a", 2))
```

## Kept: what a call unpacks may be more than it takes

```python
import json
import sys


def describe(order, **options):
    return order


print(describe(**json.load(sys.stdin)))
```
"""

from collections.abc import Iterator

from debloat.model import Applicability, Evidence, Finding, Proof
from debloat.program import Program
from debloat.program.families import (
    Family,
    Slot,
    called,
    defaults,
    families,
    is_read,
    parameter_name,
    proof,
    removable_lines,
    round_trip,
)  # fmt: skip
from debloat.program.parameters import changeable, purity_evidence
from debloat.program.queries import parameter_span, parameters
from debloat.refactor.requests import Drop, Dropped

TIER = Applicability.SAFE
_PLAIN = {"<builtin>.staticmethod", "<builtin>.classmethod", "abc.abstractmethod", "typing.override"}


def check(program: Program) -> Iterator[Finding]:
    """Report each parameter without a read."""
    for found in families(program, _candidates(program)):
        if not all(_is_unread(program, found, slot) for slot in found.slots):
            continue
        first = found.slots[0]
        parameter = program.index.scopes[first.function].parameters[first.position]
        span = parameter_span(program, first.function, parameter)
        evidence = (
            *proof(program, found),
            *purity_evidence(program, [*sorted(found.given), *defaults(program, found)]),
            Evidence("mutation", Proof.PROVED, span, "no code in the function reads or rebinds it"),
        )
        message = f"parameter {parameter_name(program, first)} of {called(program, found)} is never read: drop it and its arguments"
        symbol = program.index.qualified(first.function)
        drop = Drop(tuple(Dropped(*slot) for slot in found.slots))
        lines = removable_lines(program, found)
        yield Finding(span, message, symbol, evidence, TIER, lines, refactoring=drop)


def _candidates(program: Program) -> Iterator[list[Slot]]:
    """The parameters that a body does not read, but to pass them on in a circle or to what has the name of the method."""
    for scope in changeable(program):
        for position, name, _ in parameters(program, scope):
            if not name.startswith("_") and _is_plain(program, scope, position):
                circle = round_trip(program, Slot(scope, position))
                if circle:
                    yield circle


def _is_unread(program: Program, found: Family, slot: Slot) -> bool:
    return _is_plain(program, *slot) and not is_read(program, found, slot)


def _is_plain(program: Program, scope: int, position: int) -> bool:
    """Whether nothing binds a parameter anew, and no decorator tells calls apart by it."""
    record = program.index.scopes[scope]
    return not record.bound[record.parameters[position].name] and program.analysis.calls.decorators(scope) <= _PLAIN
