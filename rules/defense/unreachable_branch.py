"""A branch that no run takes, and code that no way leads to.

## What it finds

A test that always comes out the same because what it asks about always has the same value: a parameter that every call
gives alike, an attribute that only ever holds one constant, a choice of which one side is never met. The `else` or the code
after a ladder of tests, or a `case`, once all that the value can be has been dealt with. Code after `return`, `raise`,
`break`, `continue`, after a loop without end and after a call that never comes back. A guard that does what the code after
it does anyway.

## Why it is bloat

What never runs is read, tested and kept alive, and it keeps alive what it alone uses.

## What proves it

- type: the value is followed to where it is made, and none of the values leads here.
- callers: where it is a parameter, every call is known, those of the tests too.
- reachability: where it is the code behind something, every way through that leaves.
- mutation: where it is an attribute, every assignment to it is known and no unseen code has the object.
- purity: evaluating the test has no effect.

## What it leaves alone

Constants of a module that a test looks at directly, which are there to be changed. `assert_never` and `assert False`. A
`yield` that never runs, which makes its function a generator. An `if` at the end of a ladder that has no `else`.

## Fix

Safe: replace the test by its outcome and drop what never runs. Unsafe where every member of an enumeration or every type
has been dealt with before, since the branch is there for members to come.

## Bloated

```python
class Shop:
    def __init__(self, strict):
        self.strict = strict

    def price(self, item):
        if self.strict:  # !
            return item * 2
        return item  # !


def order(shop, quiet=False):
    if quiet:  # !
        return shop.price(0)
    return shop.price(2)


def fail(text):
    print(text)
    raise SystemExit(1)


def main(shop):
    print(order(shop))
    fail("sold out")
    print("closed")  # !


main(Shop(True))
```

## Lean

```python
class Shop:
    def __init__(self, strict):
        self.strict = strict

    def price(self, item):
        return item * 2


def order(shop, quiet=False):
    return shop.price(2)


def fail(text):
    print(text)
    raise SystemExit(1)


def main(shop):
    print(order(shop))
    fail("sold out")


main(Shop(True))
```

## Kept: what is asked varies

```python
import sys


def order(item, quiet=False):
    if quiet:
        return item
    return item * 2


print(order(2, quiet="-q" in sys.argv), order(3))
```

## Kept: a constant that is there to be changed

```python
VERBOSE = False


def order(item):
    if VERBOSE:
        print("ordering", item)
    return item * 2


print(order(2))
```

## Kept: a member may come later, which assert_never finds out

```python
from enum import Enum
from typing import assert_never


class Storage(Enum):
    DRY = 1
    COLD = 2


def days(storage):
    if storage is Storage.DRY:
        return 365
    elif storage is Storage.COLD:
        return 10
    else:
        assert_never(storage)


print(days(Storage.DRY), days(Storage.COLD))
```

## Kept: a yield makes a generator

```python
def nothing():
    return
    yield


print(list(nothing()))
```

## Kept: flags may be combined to what no member is

```python
from enum import Flag


class Access(Flag):
    READ = 1
    WRITE = 2


def word(access):
    if access is Access.READ:
        return "read"
    elif access is Access.WRITE:
        return "write"
    else:
        return "both"


print(word(Access.READ), word(Access.READ | Access.WRITE))
```

## Kept: a closure changes what the test asks

```python
def run(jobs):
    stopped = False

    def stop():
        nonlocal stopped
        stopped = True

    for job in jobs:
        if stopped:
            break
        job(stop)


run([lambda stop: stop()])
```

## Kept: what follows may go on after an exception

```python
from contextlib import suppress


def number(text):
    with suppress(ValueError):
        return int(text)
    return 0


print(number("x"))
```

## Kept: a part of a condition that is there for what it does

```python
def unique(items):
    seen = set()
    return [item for item in items if item not in seen and not seen.add(item)]


print(unique("abca"))
```

## Kept: None means something else than what follows

```python
import sys


def shown(value):
    if value is None:
        return None
    value = str(value)
    return value


print(shown(sys.argv[0]), shown(None))
```
"""

from collections.abc import Iterator

from debloat.facts import ops
from debloat.model import Applicability, Claim, Evidence, Finding, Proof, Span
from debloat.program import Program
from debloat.program.index import Site
from debloat.program.queries import written
from debloat.refactor.requests import Cut, Fold, Unguard
from debloat.values.analysis import Values
from debloat.values.concerns import concerning
from debloat.values.evidence import shown, type_evidence
from debloat.values.guards import Decided
from debloat.values.idle import idle
from debloat.values.report import purity, report, symbol
from debloat.values.unreached import Unreached, dead_until, is_guard, is_last, place, subject_of, unreached

TIER = Applicability.SAFE


def check(program: Program) -> Iterator[Finding]:
    """Report each branch and stretch of code that never runs."""
    for found, _ in concerning(program, "constant"):
        yield from _decided(program, found)
    for stretch in unreached(program):
        if not is_guard(program, stretch.after.file, stretch.start, stretch.end, "assert"):
            yield _stretch(program, stretch)
    for owner in idle(program):
        yield _idle(program, owner)


def _decided(program: Program, found: Decided) -> Iterator[Finding]:
    """A test that always comes out one way; where others have dealt with all the rest, what that leaves."""
    values = program.ask(Values)
    file = found.test.file
    subject = subject_of(program, found.test)
    value = shown(program, values.value(subject))
    start, end = found.dead if found.dead[0] < found.dead[1] else _behind(program, found)
    if not is_last(program, subject):
        yield report(
            program, found, f"{written(program, subject)[1]} is always {value}", TIER, Fold(found.test, found.outcome)
        )
        if start < end and (start, end) != found.dead:
            yield _left(program, found, start, end, f"nothing gets past line {_line(program, found)}", TIER)
    elif start < end and not is_guard(program, file, start, end, "assert"):
        line = _line(program, found)
        why = f"{written(program, subject)[1]} is {value} in line {line}, nothing is left for this"
        yield _left(program, found, start, end, why, Applicability.UNSAFE)


def _line(program: Program, found: Decided) -> int:
    return program.facts[found.test.file].code[found.test.pc + 1]


def _behind(program: Program, found: Decided) -> tuple[int, int]:
    """What follows an ``if`` without ``else`` that is always taken, if that never runs."""
    file, end = found.owner.file, found.dead[1]
    code = program.facts[file].code
    if code[found.owner.pc] != ops.IF or code[end] != ops.END:
        return 0, 0
    start = end + ops.size(code, end)
    return start, dead_until(program.ask(Values), found.owner, start)


def _left(program: Program, found: Decided, start: int, end: int, why: str, tier: Applicability) -> Finding:
    """What a decided test leaves without a way to it."""
    span = place(program, found.test.file, start, end)
    evidence = (*type_evidence(program, found.test), *purity(program, found.test))
    claims = (Claim(span, "unreachable"),)
    lines = span.end_line - span.line
    is_rest = (start, end) != found.dead or program.facts[found.test.file].code[start] == ops.ELSE
    change = Cut(_start(span)) if is_rest else Fold(found.test, found.outcome)
    return Finding(
        _start(span), f"never runs: {why}", symbol(program, found.test), evidence, tier, lines, claims, change
    )


def _start(span: Span) -> Span:
    return span._replace(end_line=span.line, end_column=span.column)


def _stretch(program: Program, found: Unreached) -> Finding:
    file = found.after.file
    code = program.facts[file].code
    span = place(program, file, found.start, found.end)
    here = _start(span)
    cut = Cut(here)
    tier = TIER if not is_guard(program, file, found.start, found.end, "raise") else Applicability.UNSAFE
    after = program.index.place(found.after)
    match code[found.after.pc]:
        case ops.CASE:
            subject = Site(file, code[found.matches + 4])
            value = shown(program, program.ask(Values).value(subject))
            cut = Cut(after, case=True)
            here, why = after, f"{written(program, subject)[1]} is {value}, which other cases deal with"
            evidence = type_evidence(program, subject)
            tier = Applicability.UNSAFE
        case ops.CALL:
            name = program.openings.shown(found.after)
            why = f"{name} in line {after.line} never comes back"
            evidence = [
                Evidence("reachability", Proof.PROVED, after, f"every way through {name} raises or ends the program")
            ]
        case _:
            why = f"nothing gets past line {after.line}"
            evidence = [Evidence("reachability", Proof.PROVED, after, "every way to here leaves")]
    claims = (Claim(span, "unreachable"),)
    lines = span.end_line - span.line
    return Finding(here, f"never runs: {why}", symbol(program, found.after), tuple(evidence), tier, lines, claims, cut)


def _idle(program: Program, owner: Site) -> Finding:
    test = Site(owner.file, program.facts[owner.file].code[owner.pc + 5])
    here = program.index.place(owner)
    evidence = [Evidence("reachability", Proof.PROVED, here, "what follows returns the same"), *purity(program, test)]
    span, text = written(program, test)
    lines = program.facts[owner.file].code[owner.pc + 3] - here.line + 1
    message = f"if {text} changes nothing: what follows returns the same"
    drop = Unguard(test, False)
    return Finding(span, message, symbol(program, owner), tuple(evidence), TIER, lines, refactoring=drop)
