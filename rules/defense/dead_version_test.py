"""A test for a Python that the project does not support.

## What it finds

A comparison of `sys.version_info`, of its first parts, or of its `major` or `minor`, that comes out the same under every Python which the project supports
by its `requires-python`.

## Why it is bloat

One of the two ways is for Pythons that are no longer supported: nobody runs it and no test covers it.

## What proves it

- type: the comparison gives the same for the oldest supported Python and for all after it; that there is no Python 4 is assumed where that matters.
- purity: evaluating the test does nothing.

## What it leaves alone

Projects that do not declare `requires-python`; what is compared with more than numbers; tests of the platform or the implementation.

## Fix

Safe: put the outcome in place of the test, and delete the arm that is never taken. Unsafe where Python 4 would tell.

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
import sys

if sys.version_info >= (3, 11):  # !
    import tomllib
else:
    import tomli as tomllib


def read(text):
    if sys.version_info.minor > 6:  # !
        return tomllib.loads(text)
    return {}


print(read("a = 1"), 1 if sys.version_info < (3, 9) else 2)  # !
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


def read(text):
    return tomllib.loads(text)


print(read("a = 1"), 2)
```

## Kept: it still tells

```toml pyproject.toml
[project]
name = "reader"
version = "1"
requires-python = ">=3.11"

[tool.debloat]
world = "application"
```

```python
import sys

if sys.version_info >= (3, 12):
    print("new")

if sys.version_info[:2] > (3, 11):
    print("later")

if sys.version_info[:3] != (3, 11, 0):
    print("mended")

if sys.platform == "win32":
    print(sys.version)
```
"""

from collections.abc import Iterator

from debloat.facts import ops
from debloat.model import Applicability, Evidence, Finding, Proof
from debloat.program import Program
from debloat.program.index import Site
from debloat.program.queries import written
from debloat.refactor.requests import Fold
from debloat.values.report import symbol
from debloat.values.versions import tested

TIER = Applicability.SAFE


def check(program: Program) -> Iterator[Finding]:
    """Report each test of the version that comes out the same under all that the project supports."""
    for file in program.judged:
        fact = program.facts[file]
        if "version_info" not in fact.name_index:
            continue
        part = program.part(program.files[file].path)
        for pc in ops.instructions(fact.code, 0, len(fact.code)):
            test = Site(file, pc)
            if fact.code[pc] == ops.COMPARE and (found := tested(program, test)) is not None:
                outcome, ever = found
                span, text = written(program, test)
                note = f"so under every Python {part.requires_python}"
                proof = Proof.PROVED if ever else Proof.ASSUMED
                evidence = (
                    Evidence("type", proof, span, note if ever else f"{note}, which is taken to be below 4"),
                    Evidence("purity", Proof.PROVED, span, "evaluating the test has no effect"),
                )
                message = f"{text} is always {'true' if outcome else 'false'}: it is {note}"
                yield Finding(span, message, symbol(program, test), evidence, TIER, 1, refactoring=Fold(test, outcome))
