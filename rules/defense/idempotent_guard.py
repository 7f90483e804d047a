"""A guard before a call that does nothing anyway where the guard would stop it.

## What it finds

`if x not in seen: seen.add(x)`, and the same before `discard`, `pop` with a default and `setdefault`; `if not path.exists():` before
`path.mkdir(exist_ok=True)` or `os.makedirs`; `if path.exists():` before `path.unlink(missing_ok=True)`.

## Why it is bloat

It asks what the call finds out by itself, and between the two another process may change the answer.

## What proves it

- type: the container is a set or dict of exactly that type, the path one of `pathlib`, the function that of `os`.
- purity: the call has no effect where the guard stops it, and a value that would now be computed does nothing.

## What it leaves alone

Guards of more than that call, with an `else`, or of another element or path; calls without the default or keyword that makes them
heed; containers of other types.

## Fix

Safe for sets, dicts and for `is_dir`: drop the guard and keep the call. For `exists` it is a suggestion without a fix: what is there may be a
file, which `mkdir` minds, or a link to nothing, which `unlink` takes away.

## Bloated

```python
import sys
from pathlib import Path


def note(words):
    seen = set()
    counts = {}
    for word in words:
        if word not in seen:  # !
            seen.add(word)
        if word not in counts:  # !
            counts.setdefault(word, 0)
        if "x" in counts:  # !
            counts.pop("x", None)
    return sorted(seen), counts


def ensure(path):
    if not path.is_dir():  # !
        path.mkdir(parents=True, exist_ok=True)


print(note(sys.argv))
ensure(Path("/tmp"))
```

## Lean

```python
import sys
from pathlib import Path


def note(words):
    seen = set()
    counts = {}
    for word in words:
        seen.add(word)
        counts.setdefault(word, 0)
        counts.pop("x", None)
    return sorted(seen), counts


def ensure(path):
    path.mkdir(parents=True, exist_ok=True)


print(note(sys.argv))
ensure(Path("/tmp"))
```

## Kept: the guard stops something

```python
import os
import sys
from pathlib import Path


class Bag:
    def __init__(self):
        self.words = []

    def __contains__(self, word):
        return word in self.words

    def add(self, word):
        self.words.append(word)


def compute():
    print("computed")
    return 1


bag, seen, counts, words = Bag(), set(), {}, []
for word in sys.argv + sys.argv:
    if word not in bag:
        bag.add(word)
    if word in seen:
        seen.remove(word)
    if word not in counts:
        counts.setdefault(word, compute())
    if word not in words:
        words.append(word)
    if word not in seen:
        seen.add(word)
        print("new")
    if word not in seen:
        seen.add("other")
if not Path("/tmp").exists():
    os.makedirs("/tmp")
if not os.path.exists("/tmp"):
    os.mkdir("/tmp")
print(bag.words, seen, counts, words)
```
"""

from collections.abc import Iterator

from debloat.model import Applicability, Finding, Proof
from debloat.program import Program
from debloat.program.queries import written
from debloat.refactor.requests import Bare
from debloat.values.heedless import heedless
from debloat.values.report import symbol

TIER = Applicability.SAFE


def check(program: Program) -> Iterator[Finding]:
    """Report each guard before a call that heeds the same by itself."""
    for found in heedless(program):
        span, text = written(program, found.test)
        done = written(program, found.call)[1]
        message = f"{text} is asked in vain: {done} does nothing by itself where that stops it"
        differs = any(evidence.proof is Proof.ASSUMED for evidence in found.evidence)
        tier = Applicability.SUGGESTION if differs else TIER
        drop = None if differs else Bare(program.index.place(found.owner))
        yield Finding(span, message, symbol(program, found.owner), found.evidence, tier, 1, refactoring=drop)
