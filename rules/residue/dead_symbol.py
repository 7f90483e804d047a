"""Functions, methods, classes, constants and modules that nothing reaches.

## What it finds

A definition that no production root leads to: no script, entry point, export, framework or module that runs, over
calls, reads, imports, re-exports and base classes. It says where only tests use the definition.

## Why it is bloat

Nobody can call it, and everybody who reads or changes the program pays for it. Agents leave it behind when they write a
second version, or write it ahead for a caller that never came.

## What proves it

- reachability: no live code names it, in any file; its name stands in no string, template, notebook or build file.
- callers: it has no opening (see `debloat why`): not exported, not handed to a decorator or framework, no override of
  an outside base, and no computed name can mean it.
- purity: to compute the value of a constant has no effect, in the functions of the program that it calls neither.

## What it leaves alone

Special methods, overrides of bases from outside, whatever a framework finds by name, and public names of a library; the
fields of dataclasses, enums, models and of every class that others look at; modules imported by a computed name; files that
tools run by their place (`docs/conf.py`, `wsgi.py`, `noxfile.py`, migrations, examples), and what code in strings names.
What stands inside a dead definition is not reported again; `compat-shim` reports what only stands in for another.

## Fix

Safe: delete the definition with its comments, its entries in `__all__`, all imports of it, and what is dead and names it.
Unsafe where tests use it: a test goes if all that it asserts follows from what goes, else the assertions alone; nothing is
deleted where tests share what names it. Unsafe too where a value or a default comes from a call that is not known, where
an import of it is the first of a module that may do more than define names (refused where it does), where a comment marks
an import of it, for a whole module, which a tool may run or load by its place, where the program loads pickles, and where
the world is a guess.

## Bloated

```python app.py
import sys

LIMIT = 10  # !


def shout(text):  # !
    return text.upper()


class Shop:
    currency = "EUR"  # !
    name = "shop"

    def open(self):
        print(self.name)

    def close(self):  # !
        print("closed")

    def reset(self):  # !
        print("a register is reset, a shop is not")


class Register:
    def reset(self):
        print("the register is empty")


def main():
    Shop().open()
    Register().reset()
    print(sys.argv)


if __name__ == "__main__":
    main()
```

```python legacy.py
def old():  # !
    return 1
```

## Lean

```python app.py
import sys


class Shop:
    name = "shop"

    def open(self):
        print(self.name)


class Register:
    def reset(self):
        print("the register is empty")


def main():
    Shop().open()
    Register().reset()
    print(sys.argv)


if __name__ == "__main__":
    main()
```

## Kept: it is reached through a table, a re-export and a string

```python app.py
from shop import add, handlers, later

if __name__ == "__main__":
    handlers["remove"]()
    add()
    print(globals()["later"])
```

```python shop/__init__.py
from shop.cart import add, handlers, later
```

```python shop/cart.py
def add():
    return 1


def remove():
    return 2


def later():
    return 3


handlers = {"remove": remove}
```

## Kept: a package imports its modules for what they register

```python app.py
from shop import formats

if __name__ == "__main__":
    print(formats.KNOWN)
```

```python shop/__init__.py
```

```python shop/formats/__init__.py
from shop.formats.registry import KNOWN
from . import csv  # noqa: F401
```

```python shop/formats/registry.py
KNOWN = []
```

```python shop/formats/csv.py
from shop.formats.registry import KNOWN

KNOWN.append("csv")
```

## Kept: names that are computed when the program runs

```python app.py
import importlib
import sys

import handlers

if __name__ == "__main__":
    for name in sys.argv:
        importlib.import_module(f"plugins.{name}").run()
        getattr(handlers, name)()
```

```python handlers.py
TIMEOUT = 3


def on_start():
    print("start")
```

```python plugins/__init__.py
```

```python plugins/report.py
def run():
    print("report")
```

## Kept: a method is reached through super(), a list, a property and a class

```python app.py
class Base:
    def reset(self):
        print("base")

    @property
    def total(self):
        return 1

    def stop(self):
        print("stop")


class Shop(Base):
    def restart(self):
        super().reset()


class Other:
    def __init__(self):
        self.reset = self.total = self.stop = print


if __name__ == "__main__":
    for shop in [Shop()]:
        shop.restart()
        print(shop.total)
        Shop.stop(shop)
    other = Other()
    other.reset(other.total, other.stop)
```

## Kept: a function collects its inner functions by locals()

```python app.py
def commands():
    def start():
        print("start")

    def stop():
        print("stop")

    return dict(locals())


if __name__ == "__main__":
    for command in commands().values():
        command()
```

## Kept: others look at the class, or its objects go to code that cannot be seen

```python app.py
import sys
from dataclasses import asdict, dataclass
from enum import Enum


class Color(Enum):
    RED = 1
    BLUE = 2


@dataclass
class Order:
    note: str = ""


class Loud:
    prefix = "!"

    def write(self, text):
        sys.__stdout__.write(text.upper())


if __name__ == "__main__":
    print([color.name for color in Color])
    print(asdict(Order()))
    sys.stdout = Loud()
```
"""

from collections.abc import Iterator

from debloat.model import Applicability, Finding
from debloat.program import Program
from debloat.program.dead import dead
from debloat.refactor.findings import of_dead

TIER = Applicability.SAFE


def check(program: Program) -> Iterator[Finding]:
    """Report what is dead in production, the outermost definition only."""
    for found in program.find(dead):
        if found.shim is None:
            yield of_dead(program, found, f"{found.noun} {found.symbol.rpartition(':')[2]} {found.fate}")
