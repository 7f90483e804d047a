"""A default for an attribute that is always there.

## What it finds

`getattr(x, "name", default)` where every object that can get there has the attribute, so that `x.name` says the same.

## Why it is bloat

The default is never used, and the string hides the attribute from readers, editors and type checkers.

## What proves it

- type: the classes that the object can be of, followed to where it is made, in other modules too.
- callers: where it is a parameter, every call is known, those of the tests too.
- hierarchy: each of these classes binds the attribute in its body, or is a dataclass with such a field, or every path through
  its constructor and those that it calls sets it before anybody else gets the object.
- mutation: nothing deletes the attribute, and no object of the class is made without its constructor.

## What it leaves alone

Names that are computed; `__slots__`, bare annotations and `field(init=False)`; subclasses that need not call the constructor
of their base; classes with `__getattribute__`, `__setattr__` or `__new__`; properties, which may raise AttributeError.

## Fix

Safe: read the attribute as it is. Unsafe where evaluating the default may have an effect.

## Bloated

```python
import sys


class Order:
    def __init__(self, lines, voucher):
        self.lines = lines
        self.voucher = voucher


def due(order):
    total = sum(order.lines)
    return total - (getattr(order, "voucher", None) or 0)  # !


print(due(Order([len(sys.argv)], None)), due(Order([9], 3)))
```

## Lean

```python
import sys


class Order:
    def __init__(self, lines, voucher):
        self.lines = lines
        self.voucher = voucher


def due(order):
    total = sum(order.lines)
    return total - (order.voucher or 0)


print(due(Order([len(sys.argv)], None)), due(Order([9], 3)))
```

## Kept: one class of two has the attribute

```python
class Item:
    def __init__(self, sku):
        self.sku = sku


class Frozen(Item):
    def __init__(self, sku, degrees):
        super().__init__(sku)
        self.degrees = degrees


def describe(item):
    return f"{item.sku} {getattr(item, 'degrees', '')}"


print(describe(Item("tea")), describe(Frozen("peas", -18)))
```

## Kept: the object comes from outside, the attribute is deleted, __new__ makes an object

```python
import argparse


class Session:
    def __init__(self):
        self.token = "t"

    def close(self):
        del self.token

    def show(self):
        return getattr(self, "token", None)


class Node:
    def __init__(self):
        self.value = 1

    @classmethod
    def empty(cls):
        return object.__new__(cls)

    def show(self):
        return getattr(self, "value", None)


def verbose(options):
    return getattr(options, "verbose", False)


session = Session()
session.close()
print(session.show(), Node.empty().show(), verbose(argparse.Namespace()))
```
"""

from collections.abc import Iterator

from debloat.facts import ops
from debloat.model import Applicability, Claim, Evidence, Finding, Proof
from debloat.program import Program
from debloat.program.index import Site
from debloat.program.queries import written
from debloat.refactor.requests import Replace
from debloat.values.certain import attribute_evidence, default_of_getattr, guards
from debloat.values.report import symbol
from debloat.values.unmissed import is_unmissed

TIER = Applicability.SAFE


def check(program: Program) -> Iterator[Finding]:
    """Report each default of getattr for an attribute that is always there."""
    for site in guards(program, "getattr"):
        found = default_of_getattr(program, site)
        if found is not None:
            yield _finding(program, site, *found)


def _finding(program: Program, site: Site, base: Site, name: str) -> Finding:
    span, text = written(program, site)
    evidence = [*attribute_evidence(program, base, name)]
    code = program.facts[site.file].code
    if not is_unmissed(program, Site(site.file, code[site.pc + 9])):
        note = "assumes that nobody relies on an effect of evaluating the default"
        evidence.append(Evidence("purity", Proof.ASSUMED, span, note))
    claims: tuple[Claim, ...] = ()
    if code[base.pc] in (ops.NAME, ops.ATTR):
        claims = (Claim(span, f"has attribute {name}", written(program, base)[1]),)
    message = f"{text} never uses its default: every object that comes here has {name}"
    return Finding(span, message, symbol(program, site), tuple(evidence), TIER, 0, claims, Replace(site, "attribute"))
