"""A guard before a call that does nothing anyway where the guard would stop it.

## What it finds

`if x not in seen: seen.add(x)`, and the same before `discard`, `pop` with a default and `setdefault`; `if not path.exists():` before
`path.mkdir(exist_ok=True)` or `os.makedirs`; `if path.exists():` before `path.unlink(missing_ok=True)`; and the question
`path.is_absolute()` where the path is joined to another if it is not: an absolute one comes out as it is.

## Why it is bloat

It asks what the call finds out by itself, and between the two another process may change the answer.

## What proves it

- type: the container is a set or dict of exactly that type, the path one of `pathlib`, the function that of `os`.
- callers: where a path is a parameter, every call is known.
- purity: the call has no effect where the guard stops it, and a value that would now be computed does nothing. What a path
  is joined to is a path too, and to evaluate it does nothing.

## What it leaves alone

Guards of more than that call, with an `else`, or of another element or path; calls without the default or keyword that makes them
heed; containers of other types.

## Fix

Safe for sets, dicts, `is_dir` and `is_absolute`: drop the guard and keep what it guards. Unsafe where a path is
joined to what a property computes. For `exists` it is a suggestion without a fix: what is there may be a
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


def resolved(name, folder):
    path = Path(name)
    if path.is_absolute():  # !
        return path
    return folder / path


print(note(sys.argv))
ensure(Path("/tmp"))
print(resolved("a", Path("/tmp")), resolved("/b", Path("c")))
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


def resolved(name, folder):
    path = Path(name)
    return folder / path


print(note(sys.argv))
ensure(Path("/tmp"))
print(resolved("a", Path("/tmp")), resolved("/b", Path("c")))
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

from debloat.model import Applicability, Evidence, Finding, Proof
from debloat.program import Program
from debloat.program.queries import written
from debloat.refactor.requests import Bare, Unguard
from debloat.values.absolute import joined
from debloat.values.evidence import type_evidence
from debloat.values.heedless import heedless
from debloat.values.report import acts, symbol

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
    for one in joined(program):
        span, text = written(program, one.path)
        base, runs = written(program, one.base)[1], acts(program, one.base)
        note = f"assumes that nobody minds when {base} is computed" if runs else f"to evaluate {base} does nothing"
        proof = (
            *type_evidence(program, one.path),
            *type_evidence(program, one.base),
            Evidence("purity", Proof.ASSUMED if runs else Proof.PROVED, program.index.place(one.base), note),
        )
        message = f"whether {text} is absolute is asked in vain: joined to another path it would stay as it is"
        unguard, lines = Unguard(one.test, one.outcome), 1 if one.outcome else 2
        yield Finding(span, message, symbol(program, one.owner), proof, TIER, lines, refactoring=unguard)
