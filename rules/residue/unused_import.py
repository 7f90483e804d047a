"""Imports of names that nothing uses.

## What it finds

A name that an import binds, in a module or in a function, and that no code reads: here, in any other module, or in a string. Other tools report those that one file
shows; this one also knows who takes names from the module, and what to run the imported module does.

## Why it is bloat

It costs time at every start, says that the file needs what it does not need, and keeps dependencies and import cycles alive. Agents leave imports behind, and so do
fixes, which take them along.

## What proves it

- reachability: no code of the file reads the name, no module imports it from here or reads it as an attribute, and no string names it.
- purity: to import the module has no effect, or it is imported anyway before. That a module from outside has none is assumed.

## What it leaves alone

Names in `__all__`, in annotations and examples in strings, `import x as x`, and what a comment on the import marks; imports inside of `try`, which ask whether a module is there;
imports of modules that do something when they are imported. What the `__init__` of a package takes from the program, and in a library all of a module from which others take what it imports; files in which code is evaluated or looks at all names.

## Fix

Safe: delete the name from the import, or the import. Unsafe where a module from outside is not imported any more, and in a library, where others may have found the name.

## Bloated

```python app.py
import json  # !
import sys
from collections import (
    Counter,
    OrderedDict,  # !
)
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sizes import Size  # !


def main(words):
    from sizes import shorten, widen  # !

    print(Counter(map(shorten, words)))


main(sys.argv)
```

```python sizes.py
Size = int


def shorten(word):
    return word[:3]


def widen(word):
    return word * 2


print(widen("a"))
```

## Lean

```python app.py
import sys
from collections import (
    Counter,
)


def main(words):
    from sizes import shorten

    print(Counter(map(shorten, words)))


main(sys.argv)
```

```python sizes.py
Size = int


def shorten(word):
    return word[:3]


def widen(word):
    return word * 2


print(widen("a"))
```

## Kept: others use it, it does something, or it asks

```python app.py
import readline

import greeting
import other as other
import plugins  # they register themselves
from names import Name

try:
    import tomllib
except ImportError:
    print("old")


def show(name: "Name"):
    '''
    >>> show(names.first)
    '''
    print(name)


show("a")
```

```python names.py
from os import sep

Name = str
first = "a"
```

```python greeting.py
from names import sep

print(sep)
```

```python other.py
```

```python plugins.py
```
"""

from collections.abc import Iterator

from debloat.model import Applicability, Evidence, Finding, Proof
from debloat.program import Program
from debloat.program.accepted import is_accepted
from debloat.program.idle_imports import idle_imports
from debloat.program.queries import world_evidence
from debloat.refactor.requests import DropImports
from debloat.worlds import World

TIER = Applicability.SAFE


def check(program: Program) -> Iterator[Finding]:
    """Report each import statement with names that nothing uses."""
    for number in program.judged:
        path = program.files[number].path
        if not any(True for _ in idle_imports(program, number)):
            continue
        from debloat.refactor.unused import (
            unused_imports,
        )  # with LibCST, which takes longer than to look at a small project

        for found in unused_imports(program, number):
            if is_accepted(program, path, found.span.line, "F401"):
                continue
            evidence = found.evidence
            if not found.local and program.part(path).world is World.LIBRARY:
                evidence += (Evidence("callers", Proof.ASSUMED, found.span, "that nobody outside takes it from here"),)
            elif not found.local:
                evidence += (*world_evidence(program, program.index.base[number]),)
            message = f"nothing uses {', '.join(found.names)}: delete the import"
            lines = len({line for line, _ in found.places})
            fix = DropImports(path, found.places)
            module = program.files[number].module
            # The same import in another file is not the same finding.
            symbol = f"{module}:{module.rpartition('.')[2]}"
            yield Finding(found.span, message, symbol, evidence, TIER, lines, refactoring=fix)
