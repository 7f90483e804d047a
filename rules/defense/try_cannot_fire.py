"""A handler for an exception that nothing in the body of its try can raise.

## What it finds

An `except` whose exceptions no operation and no call in the body raises; all of a `try`, or one of several.

## Why it is bloat

The handler never runs. It tells the reader that the body may fail in a way in which it does not, and the next reader
keeps it alive.

## What proves it

- raises: what each operation of the body raises follows from the types that meet there, what each function raises from
  its own body, through its handlers and all that it calls; of the library, from what its reference says.
- type: the types are those of all callers and assignments. Attributes are certainly set, keys certainly there.

## What it leaves alone

A body that calls what cannot be seen, or whose values come from outside. Handlers for `Exception`, `OSError`, `RuntimeError`,
`MemoryError` and whatever else comes from the interpreter and the system. Arithmetic, which overflows; generators, into
which exceptions can be thrown; what a signal handler raises. Imports are another rule's.

## Fix

Unsafe: delete the handler, and the `try` if it was the only one.

## Bloated

```python
RATES = {"EUR": 1.0, "USD": 1.1}


class Line:
    def __init__(self, pieces, cents):
        self.pieces = pieces
        self.cents = cents


class Refused(Exception):
    pass


def worth(line):
    try:
        return line.pieces * line.cents
    except AttributeError:  # !
        return 0


def rate():
    try:
        return RATES["EUR"]
    except KeyError:  # !
        return 1.0


def checked(line):
    try:
        return worth(line) if line.pieces else number("0")
    except Refused:  # !
        return -1
    except ValueError:
        return 0


def number(text):
    return int(text)


print(worth(Line(2, 50)), rate(), checked(Line(0, 1)))
```

## Lean

```python
RATES = {"EUR": 1.0, "USD": 1.1}


class Line:
    def __init__(self, pieces, cents):
        self.pieces = pieces
        self.cents = cents


class Refused(Exception):
    pass


def worth(line):
    return line.pieces * line.cents


def rate():
    return RATES["EUR"]


def checked(line):
    try:
        return worth(line) if line.pieces else number("0")
    except ValueError:
        return 0


def number(text):
    return int(text)


print(worth(Line(2, 50)), rate(), checked(Line(0, 1)))
```

## Kept: a name of an older Python

```python
try:
    text = basestring
except NameError:
    basestring = text = str

print(isinstance("a", text))
```

## Kept: arithmetic, conversions and formatting raise

```python
def huge(exponent):
    try:
        return 10**exponent * 1.0
    except OverflowError:
        return 0.0


def digits(number):
    try:
        return str(number)
    except ValueError:
        return "many"


def share(part, whole):
    try:
        return part // whole
    except ZeroDivisionError:
        return 0


print(huge(400), digits(10**5000), share(1, 0))
```

## Kept: an argument of another caller, and a call that does not fit

```python
def total(line):
    try:
        return line["cents"] + 1
    except (KeyError, TypeError):
        return 0


def call(function):
    try:
        return function(1)
    except TypeError:
        return function()


def nothing():
    return 0


print(total({"cents": 1}), total({}), call(nothing))
```

## Kept: an attribute that is not always set

```python
class Page:
    def __init__(self, text):
        if text:
            self.text = text

    def shown(self):
        try:
            return self.text
        except AttributeError:
            return ""


print(Page("").shown())
```

## Kept: what a generator raises comes where it is iterated over

```python
def numbers(rows):
    for row in rows:
        yield int(row)


def total(rows):
    try:
        return sum(numbers(rows))
    except ValueError:
        return 0


def listener():
    try:
        yield 1
    except ValueError:
        yield 2


print(total(["x"]), next(listener()))
```

## Kept: special methods, properties and hooks run code

```python
class Price:
    def __add__(self, other):
        raise KeyError(other)

    @property
    def net(self):
        raise ValueError("none")

    def __len__(self):
        raise IndexError("none")


def sum_of(price):
    try:
        return price + 1
    except KeyError:
        return 0


def net(price):
    try:
        return price.net
    except ValueError:
        return 0


def is_there(price):
    try:
        return bool(price)
    except IndexError:
        return False


print(sum_of(Price()), net(Price()), is_there(Price()))
```

## Kept: a base class, a subclass, and what a handler raises again

```python
class Failure(Exception):
    pass


class Late(Failure):
    pass


def run(step):
    if step:
        raise Late
    raise LookupError


def outer(step):
    try:
        run(step)
    except LookupError as error:
        raise KeyError("step") from error


def first(step):
    try:
        outer(step)
    except Failure:
        return "failed"
    except KeyError:
        return "no step"


print(first(0), first(1))
```
"""

from collections.abc import Iterator
from dataclasses import replace

from debloat.facts import ops
from debloat.model import Applicability, Finding
from debloat.program import Program
from debloat.program.index import Site
from debloat.refactor.requests import DropHandler
from debloat.values.analysis import Values
from debloat.values.handlers import (
    Guarded,
    class_name,
    handlers,
    leaving,
    removable_lines,
    report,
    statements,
    unreachable,
)

TIER = Applicability.UNSAFE
_IMPORT_ERRORS = ("<builtin>.ImportError", "<builtin>.ModuleNotFoundError")


def check(program: Program) -> Iterator[Finding]:
    """Report each handler that nothing comes to."""
    values = program.ask(Values)
    for guarded in program.find(handlers):
        handler = guarded.found.handlers[guarded.position]
        if not values.raises.is_decidable(handler.classes) or _is_other_rules(program, guarded):
            continue
        body = leaving(program, guarded)
        if values.raises.reaching(guarded.found, guarded.position, body):
            continue
        if values.is_reached(Site(guarded.file, guarded.found.at)):
            yield _finding(program, guarded)


def _is_other_rules(program: Program, guarded: Guarded) -> bool:
    """Whether a handler is one for an import, or only raises again."""
    code = program.facts[guarded.file].code
    classes = guarded.found.handlers[guarded.position].classes or ()
    imports = any(code[pc] == ops.IMPORTED for pc in ops.instructions(code, *guarded.span_of_body))
    again = [code[pc] for pc in statements(program, guarded)] == [ops.RAISE]
    return (imports and any(cls in _IMPORT_ERRORS for cls in classes)) or (
        again and code[statements(program, guarded)[0] + 3] < 0
    )


def _finding(program: Program, guarded: Guarded) -> Finding:
    classes = guarded.found.handlers[guarded.position].classes or ()
    wanted = " or ".join(class_name(program, cls) for cls in classes)
    message = f"this handler never runs: nothing that comes to it is a {wanted}"
    finding = report(program, guarded, message, TIER, removable_lines(program, guarded), unreachable(program, guarded))
    return replace(finding, refactoring=DropHandler(finding.span))
