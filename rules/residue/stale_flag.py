"""Flags that are never switched: constants of a module that decide a test.

## What it finds

A test of a constant that its module binds once, to `True`, `False`, `None`, a number or a string, and that nothing else
ever sets.

## Why it is bloat

The other branch never runs, and who reads the code has to think both. Agents put a switch between the old way and the new
one, and forget to take the old one away.

## What proves it

- type: the constant is bound in one place, to a literal.
- mutation: no assignment, no `global`, no string and no computed name can set it from anywhere, tests included.
- purity: evaluating the test has no effect.

## What it leaves alone

Flags that outsiders, tests or frameworks may set: public ones of a library, those that `monkeypatch` or `mock.patch` name,
those of modules for settings. Switches for whoever works on the program, which are called *debug*, *verbose* or the like.
`TYPE_CHECKING`, and what is computed or comes from the environment.

## Fix

Safe: replace the test by its outcome and drop the branch that never runs. A private flag that is not used any more goes too.

## Bloated

```python
import sys

_USE_CACHE = False
_MODE = "fast"


def lookup(name, cache):
    if _USE_CACHE and name in cache:  # !
        return cache[name]
    if _MODE == "fast":  # !
        return name.upper()
    return name.lower()


print([lookup(name, {}) for name in sys.argv])
```

## Lean

```python
import sys


def lookup(name, cache):
    return name.upper()


print([lookup(name, {}) for name in sys.argv])
```

## Kept: it is set elsewhere, or comes from outside

```python app.py
import os

import feature

FAST = os.environ.get("FAST") == "1"
STARTED = False


def start():
    global STARTED
    if not STARTED:
        STARTED = True
        print(FAST and "fast")
    if feature.ENABLED:
        print("enabled")


feature.ENABLED = input() == "y"
start()
start()
```

```python feature.py
ENABLED = True
```

## Kept: a test, a debugger or a settings file switches it

```python app.py
import settings

RETRY = True
DEBUG = False


def send(order):
    if DEBUG:
        print(order)
    if RETRY or settings.USE_QUEUE:
        print("sent")


send(1)
```

```python settings.py
USE_QUEUE = True
```

```python tests/test_app.py
from unittest import mock

import app


def test_send():
    with mock.patch("app.RETRY", False):
        app.send(1)
```

## Kept: outsiders may set it

```toml pyproject.toml
[tool.debloat]
world = "library"
```

```python shop.py
STRICT = True


def total(prices):
    return sum(prices) if STRICT else 0
```
"""

import re
from collections.abc import Iterator

from debloat.facts import ops
from debloat.model import Applicability, Finding
from debloat.program import Program
from debloat.program.constants import fixed, variable
from debloat.program.index import Site
from debloat.program.shapes import origin
from debloat.refactor.requests import Fold
from debloat.values.concerns import concerning
from debloat.values.report import report

TIER = Applicability.SAFE
_FOR_DEVELOPERS = re.compile(r"debug|verbose|trace|tracing|profil|dry_?run|(^|_)(log|test|dev)", re.IGNORECASE)
_SETTINGS = re.compile(r"(^|[/_])(settings?|conf|config|configuration|defaults|flags|features?)[/_.]")


def check(program: Program) -> Iterator[Finding]:
    """Report each test that a constant of a module decides."""
    for found, _ in concerning(program, "flag"):
        asked = list(_asked(program, found.test))
        if asked and all((fixed(program, site) or ("",))[0] == "constant" for site in asked):
            names = " and ".join(program.openings.shown(site) for site in asked)
            if not _FOR_DEVELOPERS.search(names) and not any(_is_setting(program, site) for site in asked):
                yield report(program, found, f"nothing sets {names}", TIER, Fold(found.test, found.outcome))


def _is_setting(program: Program, site: Site) -> bool:
    """Whether a constant stands in a module that is there to be changed."""
    scope, name = variable(program, site) or (0, "")
    file, _ = origin(program, program.index.file_of[scope], name)
    return isinstance(file, int) and _SETTINGS.search(program.files[file].path) is not None


def _asked(program: Program, site: Site) -> Iterator[Site]:
    """What is not a literal in a test."""
    code = program.facts[site.file].code
    match code[site.pc]:
        case ops.CONST:
            pass
        case ops.COMPARE | ops.SEQUENCE | ops.UNARY:
            for value in ops.values(code, site.pc):
                yield from _asked(program, Site(site.file, value))
        case _:
            yield site
