"""A conversion of a value to the type that it has.

## What it finds

`str(x)` of a str, and `int`, `float`, `bool`, `bytes`, `tuple` and `frozenset` in the same way; `str(path)` of a path of `pathlib` for a
function of the standard library that takes it as it is.

## Why it is bloat

The call gives back what it was given, or what is asked for anyway. It makes a reader doubt what the value is.

## What proves it

- type: the value is followed to where it is made, and it is of exactly this type at each of these places, not of a subclass.
- callers: where it is a parameter, every call is known, those of the tests too.
- mutation: where it is an attribute, every assignment to it is known and no unseen code has the object.
- raises: for a path, it is assumed that nobody minds how an error shows it.

## What it leaves alone

Subclasses, of which `str(x)` makes a plain str, a bool for `int`. Results of the standard library that are only annotated.
`list`, `dict` and `set`, which make a new object. Text of paths for other functions, and for those that return it.

## Fix

Safe: replace the call by its argument. Unsafe where a function that gets a path shows it in its errors, as `os.remove` does.

## Bloated

```python
import os
from pathlib import Path


def price(cents):
    return f"{cents // 100}.{cents % 100:02d}"


def line(name, cents):
    return name + ": " + str(price(int(cents)))  # !


print(line("tea", 450))
print(os.path.exists(str(Path.home())))  # !
os.chdir(str(Path("/")))  # !
```

## Lean

```python
import os
from pathlib import Path


def price(cents):
    return f"{cents // 100}.{cents % 100:02d}"


def line(name, cents):
    return name + ": " + price(cents)


print(line("tea", 450))
print(os.path.exists(Path.home()))
os.chdir(Path("/"))
```

## Kept: the text of a path is given back or looked at

```python
import shutil
from pathlib import Path


def copied(path):
    return shutil.copy(str(path), str(path.with_suffix(".bak")))


print(len(str(Path("/"))), copied(Path(__file__)))
```

## Kept: it is of another type

```python
def line(name, cents):
    return name + ": " + str(cents)


print(line("tea", 450))
```

## Kept: a bool is made an int

```python
def count(flag):
    return int(flag)


print(count(True))
```

## Kept: a subclass is made plain

```python
class Name(str):
    def __str__(self):
        return "Mr " + self.upper()


def greeting(name):
    return "hello " + str(name)


print(greeting(Name("ada")))
```

## Kept: a member of an enumeration is made a str

```python
from enum import Enum


class Colour(str, Enum):
    RED = "red"


def shown(colour):
    return str(colour)


print(shown(Colour.RED))
```

## Kept: a name of a builtin that means something else

```python
def str(value):
    return f"<{value}>"


print(str("tea"))
```
"""

from collections.abc import Iterator

from debloat.facts import ops
from debloat.model import Applicability, Finding
from debloat.program import Program
from debloat.program.index import Site
from debloat.program.queries import written
from debloat.refactor.requests import Replace
from debloat.values.analysis import Values
from debloat.values.domain import objects, of
from debloat.values.evidence import type_evidence
from debloat.values.pathlike import are_paths, error_evidence, taker
from debloat.values.report import symbol
from debloat.values.triage import Triage

TIER = Applicability.SAFE

_TYPES = {kind.__name__: kind for kind in (str, int, float, bool, bytes, tuple, frozenset)}


def check(program: Program) -> Iterator[Finding]:
    """Report each conversion that gives back what it is given."""
    for file in program.judged:
        for pc in program.facts[file].guards:
            if name := _converts(program, Site(file, pc)):
                yield from _finding(program, Site(file, pc), name)


def _converts(program: Program, call: Site) -> str:
    """The name of the type that a call with one argument seems to convert to."""
    fact = program.facts[call.file]
    code, pc = fact.code, call.pc
    if code[pc] != ops.CALL or code[code[pc + 5]] != ops.NAME or code[pc + 6] != 1 or code[pc + 8]:
        return ""
    name = fact.names[code[code[pc + 5] + 3]]
    return name if name in _TYPES and code[code[pc + 7]] != ops.STAR else ""


def _finding(program: Program, call: Site, name: str) -> Iterator[Finding]:
    values = program.ask(Values)
    code = program.facts[call.file].code
    given = Site(call.file, code[call.pc + 7])
    if program.ask(Triage).is_hopeless(given) or not values.is_reached(call):
        return
    found = objects(values.value(given))
    callee = Site(call.file, code[call.pc + 5])
    path = taker(program, call) if name == "str" and are_paths(values.value(given)) else ""
    if not path and (not found or any(values.types.builtin(atom) is not _TYPES[name] for atom in found)):
        return
    if values.value(callee) == of(("external", f"<builtin>.{name}")):
        span, text = written(program, call)
        shown = written(program, given)[1]
        same = f"{text} gives back what it is given: {shown} is of type {name} already"
        message = f"{text} is not needed: {path} takes the path {shown} as it is" if path else same
        evidence = (*type_evidence(program, given), *error_evidence(program, call, path))
        yield Finding(span, message, symbol(program, call), evidence, TIER, 0, refactoring=Replace(call, "argument"))
