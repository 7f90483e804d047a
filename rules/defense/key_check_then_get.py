"""A question whether a dict has a key, right before the key is looked up.

## What it finds

`if key in d: ... d[key]` and `key in d and d[key]` where the dict surely has the key; and `if key in d: x = d[key]` with
`else: x = default`, or the same as an expression, on a dict of the program, which looks twice for what `get` finds at once.

## Why it is bloat

The first looks as if the key might be missing. The second is four lines for one.

## What proves it

- type: every value of the expression is a dict that the program makes, of exactly that type; for the first kind, one that
  has the key from the start.
- callers: where it is a parameter, every call is known, those of the tests too.
- mutation: for the first kind, the dict reaches no unseen code, and nothing takes the key out.
- purity: reading the dict and the key has no effect, and the default is a constant.

## What it leaves alone

Mappings of other types, which may compute what is missing or count what is asked; defaults that cost something.

## Fix

Safe: the first without its question, the second by `x = d.get(key, default)`.

## Bloated

```python
import sys

BAYS = {"tea": "A1", "salt": "C9"}


def prices(parcels):
    return {"due": 9 * parcels, "rebate": parcels - 1}


def bay_of(sku):
    if sku in BAYS:  # !
        bay = BAYS[sku]
    else:
        bay = "floor"
    return bay


def show(found):
    if "rebate" in found and found["rebate"]:  # !
        print(found["due"] - found["rebate"])


show(prices(len(sys.argv)))
print(bay_of(sys.argv[0]))
```

## Lean

```python
import sys

BAYS = {"tea": "A1", "salt": "C9"}


def prices(parcels):
    return {"due": 9 * parcels, "rebate": parcels - 1}


def bay_of(sku):
    bay = BAYS.get(sku, "floor")
    return bay


def show(found):
    if found["rebate"]:
        print(found["due"] - found["rebate"])


show(prices(len(sys.argv)))
print(bay_of(sys.argv[0]))
```

## Kept: the mapping computes what is missing

```python
from collections import defaultdict

SEEN = defaultdict(int)


def seen(name):
    if name in SEEN:
        count = SEEN[name]
    else:
        count = 0
    return count


print(seen("a"), seen("a"), len(SEEN))
```

## Kept: the default is made anew, the branches do something else, the key is not always there

```python
import sys

CACHE = {"a": 1}


def compute(name):
    print("computing", name)
    return len(name)


def length(name):
    if name in CACHE:
        found = CACHE[name]
    else:
        found = compute(name)
    return found


def known(name):
    if name in CACHE:
        print("known")
        return CACHE[name]
    return 0


print(length(sys.argv[0]), known("a"), known("b"))
```
"""

from collections.abc import Iterator
from dataclasses import replace

from debloat.model import Applicability, Evidence, Finding, Proof
from debloat.program import Program
from debloat.program.index import Site
from debloat.program.queries import written
from debloat.refactor.requests import Fold, LookUpOnce
from debloat.values.certain import key_evidence
from debloat.values.concerns import concerning
from debloat.values.evidence import type_evidence
from debloat.values.lookups import is_followed_by_lookup, looked_up_twice
from debloat.values.report import report, symbol

TIER = Applicability.SAFE


def check(program: Program) -> Iterator[Finding]:
    """Report each question for a key that the lookup after it answers, or that is always there."""
    for asked, _ in concerning(program, "key"):
        if is_followed_by_lookup(program, asked.test, asked.owner):
            base = Site(asked.test.file, program.facts[asked.test.file].code[asked.test.pc + 8])
            finding = report(
                program,
                asked,
                f"{program.openings.shown(base)} always has the key",
                TIER,
                Fold(asked.test, asked.outcome),
            )
            yield replace(finding, evidence=(*finding.evidence, *key_evidence(program, base)))
    for owner, test, lines in looked_up_twice(program):
        yield _finding(program, owner, test, lines)


def _finding(program: Program, owner: Site, test: Site, lines: int) -> Finding:
    span, text = written(program, test)
    base = Site(test.file, program.facts[test.file].code[test.pc + 8])
    note = "the default is a constant, and reading the dict has no effect"
    evidence = (*type_evidence(program, base), Evidence("purity", Proof.PROVED, span, note))
    message = f"{text} and the lookup after it are one get() with a default"
    return Finding(span, message, symbol(program, owner), evidence, TIER, lines, refactoring=LookUpOnce(test))
