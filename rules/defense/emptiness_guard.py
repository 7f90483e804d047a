"""A guard against an empty container around what does nothing for an empty one.

## What it finds

`if xs:` or `if len(xs) > 0:` around a loop over `xs` and nothing else; an early return in front of a loop or a comprehension,
`sum`, `any`, `all`, `sorted` or `join` that would end in the same; the same as an expression, `[f(x) for x in xs] if xs else []`.

## Why it is bloat

It says the same twice and makes the empty case look special.

## What proves it

- type: the container is a list, tuple, set, dict or string of exactly that type wherever it comes from.
- callers: where it is a parameter, every call is known, those of the tests too.
- purity: asking such a container and iterating over an empty one has no effect, and what is returned is equal.

## What it leaves alone

Loops with something beside them under the guard, or with an `else`; containers of other types and those of unknown origin,
which may be None, compute their items or have no truth.

## Fix

Safe: drop the guard and keep what it guards. Unsafe where evaluating the guard may have an effect.

## Bloated

```python
import sys


def sizes(words):
    found = []
    if len(words) > 0:  # !
        for word in words:
            found.append(len(word))
    return found


def total(words):
    if not words:  # !
        return 0
    return sum(len(word) for word in words)


def show(words):
    print(", ".join(words) if words else "")  # !


names = sys.argv[1:] + ["a"]
print(sizes(list(names)), total(list(names)), show(list(names)))
```

## Lean

```python
import sys


def sizes(words):
    found = []
    for word in words:
        found.append(len(word))
    return found


def total(words):
    return sum(len(word) for word in words)


def show(words):
    print(", ".join(words))


names = sys.argv[1:] + ["a"]
print(sizes(list(names)), total(list(names)), show(list(names)))
```

## Kept: something else happens, or the result differs

```python
import sys


def listing(words):
    lines = []
    if words:
        lines.append("words:")
        for word in words:
            lines.append(word)
    return lines


def mean(words):
    if not words:
        return 0.0
    return sum(len(word) for word in words)


def longest(words):
    if not words:
        return None
    for word in words:
        print(word)
    return max(words)


print(listing(list(sys.argv)), mean(list(sys.argv)), longest(list(sys.argv)))
```

## Kept: it may be None, or no container of a builtin type

```python
import json
import sys


class Pages:
    def __init__(self, pages):
        self.pages = pages

    def __len__(self):
        return 0

    def __iter__(self):
        print("loading")
        return iter(self.pages)


def show(pages):
    if pages:
        for page in pages:
            print(page)


def tell(words):
    if words:
        for word in words:
            print(word)


show(Pages(["p"]))
tell(None)
tell(list(sys.argv))
show(json.loads("[]"))
```
"""

from collections.abc import Iterator

from debloat.model import Applicability, Evidence, Finding, Proof
from debloat.program import Program
from debloat.program.queries import written
from debloat.refactor.requests import Unguard
from debloat.values.concerns import rechecked
from debloat.values.empties import needless
from debloat.values.evidence import type_evidence
from debloat.values.guards import decided
from debloat.values.report import purity, symbol

TIER = Applicability.SAFE


def check(program: Program) -> Iterator[Finding]:
    """Report each guard against an empty container that changes nothing."""
    others = program.find(rechecked) | {found.test for found in program.find(decided)}
    for owner, test, container, has_items, lines in needless(program):
        if test not in others:
            span, text = written(program, container)
            note = "for an empty container the same comes out without the guard"
            evidence = (
                *type_evidence(program, container),
                *purity(program, test),
                Evidence("purity", Proof.PROVED, span, note),
            )
            message = f"a guard against an empty {text} changes nothing: what it guards does nothing for an empty one"
            drop = Unguard(test, has_items)
            yield Finding(span, message, symbol(program, owner), evidence, TIER, lines, refactoring=drop)
