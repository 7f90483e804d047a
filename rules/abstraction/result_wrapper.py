"""Results that callers unwrap at once: a part of a tuple that no caller reads, a record of one field.

## What it finds

A function that returns tuples of which one part is read by no caller, and is the same constant at every return, or a variable; and a class of
one field whose objects functions return, and whose callers read that field and do nothing else with them.

## Why it is bloat

Every return wraps and every call unwraps what could be handed over as it is. A flag that is always true makes each caller think of a
failure that is reported in another way, by an exception, or not at all.

## What proves it

- type: every return gives a tuple of the same length with the same constant there or what does nothing to evaluate, or an object of the class.
- callers: all calls are seen (see `debloat why`). Each unpacks the tuple there and then and does not read that part, or reads
  the field of the record, at once or from a variable that is used for nothing else.

## What it leaves alone

Results that are passed on, kept, compared or returned by generators and coroutines, flags that some caller reads (if they are
never false, `unreachable-branch` folds the tests first), records with methods or defaults, and what outsiders call.

## Fix

Unsafe: return the value itself, and drop what unwrapped it. An annotation of the result follows where it can be told. It is not
done where a function may end without a return.

## Bloated

```python app.py
import sys
from dataclasses import dataclass


@dataclass
class Total:  # !
    amount: float


def total(prices) -> Total:
    return Total(sum(prices))


def load(path: str) -> tuple[bool, list[float]]:  # !
    if not path:
        raise ValueError("no path")
    return True, [1.5, float(len(path))]


def longest(words):  # !
    length = max(map(len, words))
    return [word for word in words if len(word) == length], length


def main():
    _, prices = load(sys.argv[0])
    result = total(prices)
    words, _ = longest(sys.argv)
    print(result.amount > 1, total(load("x")[1]).amount, words)


main()
```

## Lean

```python app.py
import sys


def total(prices) -> float:
    return sum(prices)


def load(path: str) -> list[float]:
    if not path:
        raise ValueError("no path")
    return [1.5, float(len(path))]


def longest(words):
    length = max(map(len, words))
    return [word for word in words if len(word) == length]


def main():
    prices = load(sys.argv[0])
    result = total(prices)
    words = longest(sys.argv)
    print(result > 1, total(load("x")), words)


main()
```

## Kept: it varies, or somebody wants the whole

```python app.py
import sys
from dataclasses import dataclass


@dataclass
class Price:
    amount: float


@dataclass
class Count:
    number: int


def parse(text):
    if not text.isdigit():
        return False, text
    return True, int(text)


def pair(text):
    return "pair", text


def price(text):
    return Price(float(len(text)))


def count(text):
    return Count(len(text)) if text else None


def size(text):
    return 0, len(text)


name = sys.argv[0]
ok, number = parse(name)
print(ok, number, pair(name), {price(name)} if name == "" else price(name) == price("x"), count(name))
whole = size(name)
print(whole[1], len(whole))
```
"""

from collections.abc import Iterator

from debloat.model import Applicability, Evidence, Finding, Proof
from debloat.program import Program
from debloat.program.results import needless_parts, needless_records
from debloat.refactor.requests import CollapsePart, CollapseRecord

TIER = Applicability.UNSAFE


def check(program: Program) -> Iterator[Finding]:
    """Report each result that is more than its callers want."""
    for part in needless_parts(program):
        span, name = program.index.span(part.function), program.index.name(part.function)
        ordinal = f"part {part.position + 1} of {part.size}"
        if part.constant:
            note = f"every return has {part.constant[1]!r} there"
            message = (
                f"{name} always returns {part.constant[1]!r} as {ordinal}, and no caller reads it: return the rest"
            )
        else:
            note = "to evaluate it here does nothing"
            message = f"no caller reads {ordinal} of what {name} returns: return the rest"
        proof = (Evidence("type", Proof.PROVED, program.index.place(part.returned[0]), note), *part.evidence)
        symbol = program.index.qualified(part.function)
        yield Finding(span, message, symbol, proof, TIER, 1, (), CollapsePart(part.function))
    for record in needless_records(program):
        span, name = program.index.span(record.cls), program.index.name(record.cls)
        note = f"all that is done with an object of {name} is to read {record.field}"
        places = [program.index.place(site) for site in record.read[:3]]
        evidence = (*(Evidence("type", Proof.PROVED, place, note) for place in places), *record.evidence)
        message = f"every caller unwraps {name} at once: return its {record.field} itself"
        lines = span.end_line - span.line + 1
        symbol = program.index.qualified(record.cls)
        yield Finding(span, message, symbol, evidence, TIER, lines, (), CollapseRecord(record.cls))
