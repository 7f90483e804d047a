"""A fallback for a module that every supported Python has.

## What it finds

`except ImportError` or `except ModuleNotFoundError` around imports from the standard library that every Python has which the project
supports by its `requires-python`; and, as a suggestion, around imports of what the project declares to depend on. A flag that says that the import worked
may stand beside it.

## Why it is bloat

The fallback was for Pythons that are no longer supported.

## What proves it

- raises: typeshed knows the module and the name in the oldest supported Python and in the newest one, on Linux, macOS and
  Windows.

## What it leaves alone

Modules that a Python may have been built without (sqlite3, ssl, tkinter, lzma, ...) or that one platform has; projects
that do not declare `requires-python`; optional dependencies.

## Fix

Safe: leave the imports and delete the handler. What the project declares to depend on is left to you.

## Bloated

```toml pyproject.toml
[project]
name = "reader"
version = "1"
requires-python = ">=3.11"

[tool.debloat]
world = "application"
```

```python
try:
    import tomllib
except ImportError:  # !
    tomllib = None

try:
    from itertools import pairwise

    HAS_PAIRWISE = True
except ModuleNotFoundError:  # !
    HAS_PAIRWISE = False


print(tomllib, HAS_PAIRWISE and pairwise)
```

## Lean

```toml pyproject.toml
[project]
name = "reader"
version = "1"
requires-python = ">=3.11"

[tool.debloat]
world = "application"
```

```python
import tomllib

from itertools import pairwise

HAS_PAIRWISE = True


print(tomllib, HAS_PAIRWISE and pairwise)
```

## Kept: an older Python has no such module

```toml pyproject.toml
[project]
name = "reader"
version = "1"
requires-python = ">=3.9"

[tool.debloat]
world = "application"
```

```python
try:
    import tomllib
except ImportError:
    tomllib = None

try:
    from itertools import pairwise
except ImportError:
    pairwise = None


print(tomllib, pairwise)
```

## Kept: a module that is not everywhere, and code that runs beside the import

```toml pyproject.toml
[project]
name = "reader"
version = "1"
requires-python = ">=3.11"

[project.optional-dependencies]
fast = ["orjson"]

[tool.debloat]
world = "application"
```

```python
try:
    import orjson
except ImportError:
    orjson = None

try:
    import fcntl
except ImportError:
    fcntl = None

try:
    import sqlite3
except ImportError:
    sqlite3 = None

try:
    from itertools import batched
except ImportError:
    batched = None

try:
    import json

    print(json.loads(orjson.dumps([1])))
except ImportError:
    json = None


print(orjson, fcntl, sqlite3, batched)
```
"""

from collections.abc import Iterator

from debloat.facts import ops
from debloat.model import Applicability, Evidence, Finding, Proof
from debloat.program import Program
from debloat.program.index import Site
from debloat.refactor.requests import DropHandler
from debloat.values.handlers import Guarded, handlers, removable_lines, span, unreachable
from debloat.values.report import symbol
from debloat.values.versions import is_declared, is_everywhere

TIER = Applicability.SAFE
_IMPORT_ERRORS = ("<builtin>.ImportError", "<builtin>.ModuleNotFoundError")
_PLAIN = (ops.IMPORTED, ops.CONST, ops.STORE)


def check(program: Program) -> Iterator[Finding]:
    """Report each fallback of an import that does not fail."""
    for guarded in program.find(handlers):
        classes = guarded.found.handlers[guarded.position].classes or ()
        if classes and all(cls in _IMPORT_ERRORS for cls in classes):
            yield from _findings(program, guarded)


def _findings(program: Program, guarded: Guarded) -> Iterator[Finding]:
    code = program.facts[guarded.file].code
    body = list(ops.instructions(code, *guarded.span_of_body))
    imports = [Site(guarded.file, pc) for pc in body if code[pc] == ops.IMPORTED]
    standard = [is_everywhere(program, site) for site in imports]
    if not imports or any(code[pc] not in _PLAIN for pc in body):
        return
    if not all(known or is_declared(program, site) for known, site in zip(standard, imports, strict=True)):
        return
    place = span(program, guarded)
    part = program.part(place.path)
    if all(standard):
        tier = TIER
        note = f"every Python {part.requires_python} has what is imported, on every platform"
        message = f"this fallback is never taken: {note}"
    else:
        tier = Applicability.SUGGESTION
        note = "what is imported is a declared dependency"
        message = f"this fallback is hardly ever taken: {note}"
    evidence = (Evidence("raises", Proof.PROVED, place, note),)
    claims = unreachable(program, guarded) if all(standard) else ()
    lines = removable_lines(program, guarded)
    drop = DropHandler(place)
    yield Finding(place, message, symbol(program, guarded.at), evidence, tier, lines, claims, drop)
