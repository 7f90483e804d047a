"""Properties that only hand out, or take, a private attribute of their object.

## What it finds

A property whose getter returns a private attribute of the same object and does nothing else; its setter and deleter, if
it has them, only set and delete that attribute.

## Why it is bloat

Python needs no getters: an attribute can become a property on the day on which something has to happen. Until then it is two
names for one thing, with the code that keeps them apart.

## What proves it

- mutation: all that names the private attribute is seen, and no string, template or computed name does.
- hierarchy: nothing overrides the property, and no class of the family binds either name or has a say in how attributes are kept.
- reachability: outsiders cannot use the class, to whom it would matter that the property cannot be set.

## What it leaves alone

Classes that outsiders use; decorated classes; `__slots__`, `__getattr__`, metaclasses and bases from outside; a property without a setter
where the attribute is set from outside the class, or where somebody tries to set the property; objects that reach `vars`, `__dict__`, `pickle`,
`copy` or unknown code; properties with docstrings of several lines.

## Fix

Unsafe: give the attribute the name of the property wherever it is named and delete the property. What looks at the attributes
of an object by itself sees another name, and the property can be set from then on.

## Bloated

```python
import sys


class Account:
    def __init__(self, owner, limit):
        self._owner = owner
        self._limit = limit
        self._total = 0

    @property
    def owner(self):  # !
        \"\"\"Who has the account.\"\"\"
        return self._owner

    @property
    def limit(self):  # !
        return self._limit

    @limit.setter
    def limit(self, value):
        self._limit = value

    def add(self, amount):
        self._total += min(amount, self._limit)
        return self._total

    def __lt__(self, other):
        return self._limit < other._limit if isinstance(other, Account) else NotImplemented


account = Account(sys.argv[0], 3)
account.limit = len(account.owner)
print(account.add(5), account.limit, account < Account("b", 2))
```

## Lean

```python
import sys


class Account:
    def __init__(self, owner, limit):
        self.owner = owner
        self.limit = limit
        self._total = 0

    def add(self, amount):
        self._total += min(amount, self.limit)
        return self._total

    def __lt__(self, other):
        return self.limit < other.limit if isinstance(other, Account) else NotImplemented


account = Account(sys.argv[0], 3)
account.limit = len(account.owner)
print(account.add(5), account.limit, account < Account("b", 2))
```

## Kept: it does more, may not be set, or is overridden

```python
import sys


class Account:
    def __init__(self, owner):
        self._owner = owner
        self._total = 0
        self._rate = 1

    @property
    def owner(self):
        return self._owner.strip()

    @property
    def total(self):
        return self._total

    @property
    def rate(self):
        return self._rate


class Savings(Account):
    @property
    def rate(self):
        return 2


account = Savings(sys.argv[0])
try:
    account.total = 3
except AttributeError:
    print(account.owner, account.total, account.rate, Account("a").rate)
```

## Kept: the names of the attributes matter

```python
import sys


class Row:
    def __init__(self, key):
        self._key = key

    @property
    def key(self):
        return self._key


class Cell:
    __slots__ = ("_text",)

    def __init__(self, text):
        self._text = text

    @property
    def text(self):
        return self._text


row, cell = Row(sys.argv[0]), Cell("c")
print(vars(row), row.key, cell.text)
```
"""

from collections.abc import Iterator

from debloat.model import Applicability, Finding
from debloat.program import Program
from debloat.program.properties import trivial_properties
from debloat.program.queries import code_lines
from debloat.refactor.requests import Expose

TIER = Applicability.UNSAFE


def check(program: Program) -> Iterator[Finding]:
    """Report each property that is an attribute by another name."""
    for found in trivial_properties(program):
        span = program.index.span(found.methods[0])
        lines = sum(code_lines(program.index.span(method)) + 1 for method in found.methods)
        behind = found.attribute.removeprefix(f"_{program.index.name(found.cls).lstrip('_')}")
        message = f"property {found.name} only stands for {behind if behind.startswith('__') else found.attribute}: make it a plain attribute"
        symbol = program.index.qualified(found.methods[0])
        yield Finding(span, message, symbol, found.evidence, TIER, lines, refactoring=Expose(found))
