"""A default for a value that is always there.

## What it finds

`x or default` where x is never false or where the default is the empty value that x is then (`items or []` of a list), `x if x is not None else default` and `if x is None: x = default` where x is never
None.

## Why it is bloat

The default is never taken. It suggests a case that does not exist, and a second place where the value is decided.

## What proves it

- type: the value is followed to where it is made, and it is None (for `or`: false) at none of these places.
- callers: where it is a parameter, every call is known, those of the tests too, and none passes None or leaves it out.
- mutation: where it is an attribute, every assignment to it is known and no unseen code has the object.
- purity: evaluating the value has no effect.

## What it leaves alone

`x or default` where x is never None but may be empty or zero and the default is something else. Values from outside.

## Fix

Safe for None: drop the default. Unsafe for `or`.

## Bloated

```python
class User:
    def __init__(self, name):
        self.name = name
        self.tags = None


def greeting(user):
    name = user.name if user.name is not None else "nobody"  # !
    if user.tags is None:
        user.tags = []
    return "hello " + name


def width(columns):
    return (columns or 80) * 2  # !


def joined(parts):
    return ":".join(part for part in parts or [])  # !


print(greeting(User("Ada")), width(40), joined(["a"]), joined([]))
```

## Lean

```python
class User:
    def __init__(self, name):
        self.name = name
        self.tags = None


def greeting(user):
    name = user.name
    if user.tags is None:
        user.tags = []
    return "hello " + name


def width(columns):
    return columns * 2


def joined(parts):
    return ":".join(part for part in parts)


print(greeting(User("Ada")), width(40), joined(["a"]), joined([]))
```

## Kept: an empty string is false and not None

```python
import sys


def greeting(name):
    return "hello " + (name or "nobody")


print(greeting(sys.argv[0].strip()))
```

## Kept: one call leaves it out

```python
def width(columns=None):
    return (columns if columns is not None else 80) * 2


print(width(40), width())
```

## Kept: an object may be false

```python
class Basket:
    def __init__(self, items):
        self.items = items

    def __len__(self):
        return len(self.items)


def shown(basket):
    return basket or "nothing"


print(shown(Basket([])))
```
"""

from collections.abc import Iterator

from debloat.facts import ops
from debloat.model import Applicability, Evidence, Finding, Proof
from debloat.program import Program
from debloat.program.index import Site
from debloat.program.queries import written
from debloat.refactor.requests import DropDefault, Fold
from debloat.values.concerns import concerning
from debloat.values.defaults import repeated
from debloat.values.evidence import type_evidence
from debloat.values.report import compared_with_none, purity, report, symbol

TIER = Applicability.SAFE


def check(program: Program) -> Iterator[Finding]:
    """Report each default that is never taken."""
    for found, _ in concerning(program, "default"):
        side = compared_with_none(program, found.test)
        if side >= 0:
            name = program.openings.shown(Site(found.test.file, side))
            yield report(
                program,
                found,
                f"{name} is never None, so its default is never taken",
                TIER,
                Fold(found.test, found.outcome),
            )
        else:
            what = "or" if program.facts[found.owner.file].code[found.owner.pc] == ops.BOOL else "else"
            why = f"what stands behind the {what} is never taken"
            yield report(program, found, why, Applicability.UNSAFE, Fold(found.test, found.outcome))
    for owner, given, same in repeated(program):
        yield _repeated(program, owner, given, same)


def _repeated(program: Program, owner: Site, given: Site, same: bool) -> Finding:
    span, text = written(program, given)
    evidence = [*type_evidence(program, given), *purity(program, given)]
    if not same:
        note = "assumes that nobody changes the empty container that is given in the place of the other"
        evidence.append(Evidence("mutation", Proof.ASSUMED, program.index.place(owner), note))
    message = f"{text} is never None: what stands behind the or is what it is already where it is empty"
    tier = Applicability.UNSAFE
    return Finding(span, message, symbol(program, owner), tuple(evidence), tier, 0, refactoring=DropDefault(given))
