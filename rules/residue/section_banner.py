"""Titles of sections that are framed by rules, and rules without a title.

## What it finds

In an application, a comment such as `# ---- Helpers ----`, a title of a few words below, above or between lines of dashes or the like, and a
line of them that has no title.

## Why it is bloat

What stands below has names of its own. Frames are put around everything that an agent writes, one function under each; they
go stale when code moves, and a module that needs them to be found through wants to be two.

## What proves it

- syntax: the comment is a frame and a title, with nothing else right above or below it. Where the title has a word that neither the
  names below it have nor almost any code has (*helpers*, *constants*, *entry point*), it is assumed that nobody needs that.

## What it leaves alone

Titles with a reason, a condition, a number, a bracket or a link, and long ones; frames around more than a line; what heads the file; comments inside of
expressions. Libraries, whose long modules are read section by section. The same title without a frame.

## Fix

Safe: delete the comment, and the blank lines that then are too many. Unsafe where the title has a word of its own.

## Bloated

```python
import sys

# ---------------------------------------------------------------------------  # !
# Constants
# ---------------------------------------------------------------------------

LIMIT = 3


# === Helpers ===  # !


def shorten(text):
    return text[:LIMIT]


def main(arguments):
    # --- Greeting -----  # !
    print("hello")

    # The first argument is the name of the program
    print(*map(shorten, arguments[1:]))


# ==============  # !
# Entry point
# ==============

main(sys.argv)
```

## Lean

```python
import sys

LIMIT = 3


def shorten(text):
    return text[:LIMIT]


def main(arguments):
    print("hello")

    # The first argument is the name of the program
    print(*map(shorten, arguments[1:]))


main(sys.argv)
```

## Kept: they say more, or head the file

```python
# --------------------------------
# Sorting of words
# --------------------------------

import sys

# --- Sizes (in bytes) ---
SIZE = 4

# --------------------------------
# Names
# as they are written
# --------------------------------
NAME = "a"

# Helpers
print(SIZE, NAME, sys.argv, '''
# --- Text ---
''')
```

## Kept: a library

```toml pyproject.toml
[tool.debloat]
world = "library"
```

```python shop.py
# === Helpers ===
print("hello")
```
"""

from collections.abc import Iterator

from debloat.facts.remarks import TITLE
from debloat.model import Applicability, Evidence, Finding, Proof, Span
from debloat.program import Program
from debloat.refactor.requests import DropComment
from debloat.worlds import World

TIER = Applicability.SAFE


def check(program: Program) -> Iterator[Finding]:
    """Report each framed title and each rule of an application."""
    for number in program.judged:
        path = program.files[number].path
        if program.part(path).world is World.LIBRARY:
            continue
        for found in program.facts[number].remarks:
            if found.kind == TITLE:
                span = Span(path, found.line, found.column, found.end_line, found.end_column)
                if found.says:
                    evidence = Evidence("syntax", Proof.ASSUMED, span, f"that nobody needs the title {found.says}")
                else:
                    evidence = Evidence("syntax", Proof.PROVED, span, "it says no more than the names below it")
                lines = found.end_line - found.line + 1
                yield Finding(
                    span,
                    "banner over a section: delete it",
                    path,
                    (evidence,),
                    TIER,
                    lines,
                    refactoring=DropComment(span),
                )
