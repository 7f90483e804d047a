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

from debloat.facts import data
from debloat.model import Applicability, Evidence, Finding, Proof
from debloat.program import Program
from debloat.program.queries import code_lines, definitions, world_evidence
from debloat.program.reach import everything, production

TIER = Applicability.SAFE


def check(program: Program) -> Iterator[Finding]:
    """Report what is dead in production, the outermost definition only."""
    live, with_tests = program.ask(production), program.ask(everything)
    for kind in (data.FUNCTION, data.CLASS):
        for scope in definitions(program, kind):
            if not live.scope(scope) and live.scope(program.index.parent(scope)):
                yield _finding(program, scope, with_tests.scope(scope))


def _finding(program: Program, scope: int, tested: bool) -> Finding:
    span = program.index.span(scope)
    noun = "class" if program.index.scopes[scope].kind == data.CLASS else "function"
    if noun == "function" and program.index.enclosing_class(scope) >= 0:
        noun = "method"
    evidence = [Evidence("reachability", Proof.PROVED, span, "no production root leads to it, by name or by flow")]
    evidence.append(Evidence("callers", Proof.PROVED, span, "it is not exported, registered or named in a string"))
    evidence += world_evidence(program, scope)
    name = program.index.qualified(scope)
    shown = name.partition(":")[2]
    message = f"{noun} {shown} is only used by tests" if tested else f"{noun} {shown} is never used"
    tier = Applicability.UNSAFE if tested else Applicability.SAFE
    return Finding(span, message, name, tuple(evidence), tier, code_lines(span))
