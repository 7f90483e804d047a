"""Functions that only give back what they are given, and methods that only give an attribute.

## What it finds

A function that returns its one parameter and does nothing else, and a method without parameters that returns an attribute of its
object: `get_rows()` for `rows`.

## Why it is bloat

The call looks as if something were done. An attribute can be read as it is, and made a property on the day when more is needed.

## What proves it

- callers: all calls are seen, tests included, and nothing uses the function as a value or replaces it.
- hierarchy: no class overrides the method or is overridden by it.

## What it leaves alone

What outsiders may call, what is decorated, and methods of an interface that several classes have. Attributes with an underscore, which
are not for others. Docstrings that say more than the name.

## Fix

Unsafe, as the name may have been chosen for its readers: put the argument or the attribute in the place of each call.

## Bloated

```python
import sys


class Table:
    def __init__(self, rows):
        self.rows = rows
        self._seen = []

    def get_rows(self):  # !
        \"\"\"Return the rows.\"\"\"
        return self.rows

    def size(self):
        return len(self.get_rows())


def as_list(rows):  # !
    return rows


table = Table(as_list(sys.argv))
print(table.get_rows(), table.size(), as_list([1]))
```

## Lean

```python
import sys


class Table:
    def __init__(self, rows):
        self.rows = rows
        self._seen = []

    def size(self):
        return len(self.rows)


table = Table(sys.argv)
print(table.rows, table.size(), [1])
```

## Kept: it is chosen among several, used as a value, or not for others

```python
import sys


class Square:
    def __init__(self, side):
        self.side = side
        self._name = "square"

    def width(self):
        return self.side

    def name(self):
        return self._name


class Circle:
    def __init__(self, radius):
        self.radius = radius

    def width(self):
        return 2 * self.radius


def same(value):
    return value


def shown(shape):
    return shape.width()


print([shown(shape) for shape in (Square(1), Circle(2))], Square(3).name(), sorted(sys.argv, key=same))
```
"""

from collections.abc import Iterator

from debloat.facts import data
from debloat.model import Applicability, Finding, RefusedError
from debloat.program import Program
from debloat.program.handed import handed
from debloat.program.parameters import is_open, known_calls
from debloat.program.queries import code_lines, definitions
from debloat.refactor.requests import Inline

TIER = Applicability.UNSAFE


def check(program: Program) -> Iterator[Finding]:
    """Report each function that gives back a parameter or an attribute, where the calls can do without it."""
    for scope in definitions(program, data.FUNCTION):
        given = handed(program, scope)
        if given is None or program.index.name(scope).startswith("__") or program.openings.first(scope):
            continue
        calls, known = known_calls(program, scope)
        if not calls or is_open(known):
            continue
        try:
            Inline(scope).fix(program)
        except RefusedError:
            continue
        span = program.index.span(scope)
        message = f"{program.index.name(scope)} only gives back {given}: put that in the place of its calls"
        symbol = program.index.qualified(scope)
        yield Finding(span, message, symbol, tuple(known), TIER, code_lines(span), refactoring=Inline(scope))
