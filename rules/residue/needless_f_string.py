"""F-strings without a value in them.

## What it finds

`f"..."` in which no `{` stands.

## Why it is bloat

It says that something is filled in, and whoever reads it looks for what. Agents write it where the strings around it are filled in.

## What proves it

- syntax: the string has no braces.

## What it leaves alone

Strings with escaped braces, and those that are put together of several of which one is filled in.

## Fix

Safe: drop the `f`.

## Bloated

```python
import sys

print(f"hello")  # !
print(rf'd' f"s")  # !
print(f"{sys.argv}" f"s", f"{{}}")
```

## Lean

```python
import sys

print("hello")
print(r'd' "s")
print(f"{sys.argv}" f"s", f"{{}}")
```

## Kept: a value or a brace stands in it

```python
import sys

size = 1.5
print(f"{size:.2f}", f"{{size}}", "size: " f"{size}", sys.argv)
```
"""

from collections.abc import Iterator

from debloat.facts import data
from debloat.model import Applicability, Evidence, Finding, Proof, Span
from debloat.program import Program
from debloat.refactor.requests import PlainString

TIER = Applicability.SAFE


def check(program: Program) -> Iterator[Finding]:
    """Report each f-string without a value."""
    for file in program.judged:
        path = program.files[file].path
        for one in program.facts[file].idle:
            if one.kind == data.TEXT:
                span = Span(path, *one[1:5])
                evidence = (Evidence("syntax", Proof.PROVED, span, "it has no braces"),)
                message = "nothing is filled into this f-string: drop the f"
                yield Finding(span, message, path, evidence, TIER, 0, refactoring=PlainString(span))
