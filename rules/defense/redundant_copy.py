"""A copy of a container that nobody else has.

## What it finds

`list(x)`, `dict(x)`, `set(x)`, `x.copy()`, `copy.copy(x)` and `copy.deepcopy(x)` of a list, dict or set that the expression itself
makes, or that a function makes for whoever calls it; and `return list(found)` of a local that its function gives to nobody.

## Why it is bloat

A copy protects from changes through another name, and there is none.

## What proves it

- type: the container is made by the expression, or returned on every way by a function without decorators (which could keep
  it), and it is of exactly the type that the copy has.
- mutation: the function that makes it stores it nowhere else and hands it to nobody.

## What it leaves alone

Containers that are stored anywhere; functions that cache what they return; parameters and attributes; deep copies of anything
that holds more than constants.

## Fix

Unsafe: use the container as it is.

## Bloated

```python
import copy
import sys


def wanted(words):
    found = []
    for word in words:
        found.append(word.lower())
    return list(found)  # !


def lengths(words):
    names = list(wanted(words))  # !
    sizes = list([len(name) for name in names])  # !
    limits = copy.deepcopy({"least": 1, "most": 9})  # !
    return [size for size in sizes if limits["least"] <= size <= limits["most"]]


print(lengths(sys.argv))
```

## Lean

```python
import sys


def wanted(words):
    found = []
    for word in words:
        found.append(word.lower())
    return found


def lengths(words):
    names = wanted(words)
    sizes = [len(name) for name in names]
    limits = {"least": 1, "most": 9}
    return [size for size in sizes if limits["least"] <= size <= limits["most"]]


print(lengths(sys.argv))
```

## Kept: somebody else has it

```python
import functools
import sys

LAST = []


class Order:
    def __init__(self, lines):
        self.lines = lines

    def all(self):
        return list(self.lines)


@functools.cache
def words():
    return [word for word in sys.argv]


def noted(text):
    found = text.split()
    LAST.append(found)
    return list(found)


def closed(text):
    found = [text]

    def add(more):
        found.append(more)

    add(text)
    return list(found)


def emptied(text):
    found = [text]
    try:
        return list(found)
    finally:
        found.clear()


mine = list(words())
mine.append("b")
print(mine, words(), noted("a b"), closed("c"), emptied("d"), list(Order([1]).all() or LAST))
```
"""

from collections.abc import Iterator

from debloat.facts import ops
from debloat.model import Applicability, Evidence, Finding, Proof
from debloat.program import Program
from debloat.program.index import Site
from debloat.program.queries import written
from debloat.refactor.requests import Replace
from debloat.values.analysis import Values
from debloat.values.certain import guards
from debloat.values.domain import objects
from debloat.values.fresh import fresh, owned
from debloat.values.report import symbol
from debloat.values.types import IMMUTABLE

TIER = Applicability.UNSAFE

_KINDS = {"list": list, "dict": dict, "set": set}


def check(program: Program) -> Iterator[Finding]:
    """Report each copy of a container that nobody else has."""
    for site in guards(program, "list", "dict", "set", "copy", "deepcopy"):
        given = _copied(program, site)
        if given is not None and program.ask(Values).is_reached(site):
            yield _finding(program, site, given)


def _copied(program: Program, site: Site) -> Site | None:
    """What a call copies, if it copies a container that nobody else has into one of the same type."""
    values = program.ask(Values)
    code = program.facts[site.file].code
    if code[site.pc + 6] > 1 or code[site.pc + 7 + code[site.pc + 6]]:
        return None
    callee = Site(site.file, code[site.pc + 5])
    if code[site.pc + 6] == 0:
        if code[callee.pc] != ops.ATTR:
            return None
        given = Site(site.file, code[callee.pc + 3])
        return given if _made(program, site, given) in (list, dict, set) else None
    given = Site(site.file, code[site.pc + 7])
    made = _made(program, site, given)
    match objects(values.value(callee)):
        case [("external", "copy.copy")]:
            return given if made else None
        case [("external", "copy.deepcopy")]:
            return given if made and _is_flat(program, given) else None
        case [("external", str(dotted))]:
            return given if made and made is _KINDS.get(dotted.removeprefix("<builtin>.")) else None
    return None


def _made(program: Program, site: Site, given: Site) -> type | None:
    """The type of a fresh container, or of a local one that is about to be returned."""
    made = fresh(program, given)
    if made is None:
        fact = program.facts[site.file]
        users = fact.consumers(program.index.scope_at(site) - program.index.base[site.file]).get(site.pc, ())
        if users and all(fact.code[user] == ops.RETURN for user in users):
            return owned(program, given)
    return made


def _is_flat(program: Program, site: Site) -> bool:
    """Whether a container is written out and holds only what never changes."""
    values = program.ask(Values)
    code = program.facts[site.file].code
    if code[site.pc] not in (ops.SEQUENCE, ops.DICT):
        return False
    kinds = {
        values.types.builtin(atom)
        for value in ops.values(code, site.pc)
        for atom in objects(values.value(Site(site.file, value)))
    }
    return all(kind is not None and kind.__name__ in IMMUTABLE - {"tuple", "frozenset"} for kind in kinds)


def _finding(program: Program, site: Site, given: Site) -> Finding:
    span, text = written(program, site)
    place = program.index.place(given)
    evidence = (
        Evidence("type", Proof.PROVED, place, "the container is made here, or for whoever calls"),
        Evidence("mutation", Proof.PROVED, place, "nobody else gets it"),
    )
    message = f"{text} copies what nobody else has"
    return Finding(span, message, symbol(program, site), evidence, TIER, 0, refactoring=Replace(site, "copied"))
