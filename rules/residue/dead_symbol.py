"""Functions, methods, classes, constants and modules that nothing reaches.

## What it finds

A definition that no production root leads to: no script, entry point, export, framework or module that runs, over calls,
reads, imports, re-exports and base classes. It says where only tests use the definition.

## Why it is bloat

Nobody can call it, and everybody who reads or changes the program pays for it. Agents leave it behind when they write a
second version, or write it ahead for a caller that never came.

## What proves it

- reachability: no live code names it, in any file; its name stands in no string, template, notebook or build file.
- callers: it has no opening (see `debloat why`): not exported, not handed to a decorator or framework, no override of an
  outside base, and no `getattr` with a computed name can mean it.

## What it leaves alone

Special methods, overrides of bases from outside, whatever a framework finds by name, and public names of a library. What
stands inside a dead definition is not reported again.

## Fix

Safe: delete the definition with its exports and imports. Unsafe where tests use it, since they go with it, and where the
world is a guess.

## Bloated

```python app.py
import sys


def shout(text):  # !
    return text.upper()


def main():
    print(sys.argv)


if __name__ == "__main__":
    main()
```

## Lean

```python app.py
import sys


def main():
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
"""

from collections.abc import Iterator

from debloat.model import Applicability, Evidence, Finding, Proof
from debloat.program import Program
from debloat.program.dead import Dead, dead
from debloat.program.queries import world_evidence

TIER = Applicability.SAFE


def check(program: Program) -> Iterator[Finding]:
    """Report what is dead in production, the outermost definition only."""
    for found in program.ask(dead):
        if found.shim is None:
            yield _finding(program, found)


def _finding(program: Program, found: Dead) -> Finding:
    evidence = [Evidence("reachability", Proof.PROVED, found.span, "no production root leads to it, by name or by flow")]
    evidence.append(Evidence("callers", Proof.PROVED, found.span, "it is not exported, registered or named in a string"))
    if not found.pure:
        evidence.append(Evidence("purity", Proof.ASSUMED, found.span, "to compute its value is taken to have no effect"))
    evidence += world_evidence(program, found.scope)
    message = f"{found.noun} {found.symbol.rpartition(':')[2]} {found.fate}"
    tier = Applicability.UNSAFE if found.tested else Applicability.SAFE
    return Finding(found.span, message, found.symbol, tuple(evidence), tier, found.lines)
