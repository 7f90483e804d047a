"""Local variables that are assigned for nothing.

## What it finds

A variable of a function that no code reads, or to which no more is done than to add to what it holds, and an assignment whose value no
read can get, since another one comes before, of an attribute too; and the name of an exception that its handler does not read. Each place is shown. Other tools see a variable without any read; this one
also follows the ways through branches, loops and handlers, and what a variable only collects.

## Why it is bloat

Whoever reads it looks for what depends on it. Agents initialise what is assigned right after, and keep results that nobody asked for.

## What proves it

- reachability: every read of the variable is known, in functions inside too, and none gets the value.
- purity: computing the value does nothing and cannot raise. Otherwise it is assumed that nobody relies on that, and a call stays as a statement.

## What it leaves alone

Names that begin with an underscore, those that `for`, `with` or unpacking binds, what `# noqa` marks; functions that look at their names by `locals` or `eval`, and those
that only show what a module can do when it is run;
calls whose result may act as long as it is held: new objects, tasks, locks, connections; values of other kinds that do something.

## Fix

Safe: delete the statements; of one that declares a variable the annotation stays. Unsafe where a call stays, or where the value is computed.

## Bloated

```python
import sys


def suggest(size):
    if size > 80:
        model = "large"  # !
        note = "plenty of memory"
    else:
        model = "small"  # !
        note = "fits"
    return note


def total(prices):
    result = 0  # !
    seen = []  # !
    for price in prices:
        seen.append(price)  # !
        print(price)
    printed = print(prices)  # !
    try:
        result = sum(prices)
    except TypeError as error:  # !
        print("no prices")
        raise
    return result


class Request:
    def __init__(self, url):
        self.timeout = 1  # !
        self.url = url
        self.timeout = 0


print(suggest(len(sys.argv)), total(map(len, sys.argv)), Request("a").timeout, Request("b").url)
```

## Lean

```python
import sys


def suggest(size):
    if size > 80:
        note = "plenty of memory"
    else:
        note = "fits"
    return note


def total(prices):
    for price in prices:
        print(price)
    print(prices)
    try:
        result = sum(prices)
    except TypeError:
        print("no prices")
        raise
    return result


class Request:
    def __init__(self, url):
        self.url = url
        self.timeout = 0


print(suggest(len(sys.argv)), total(map(len, sys.argv)), Request("a").timeout, Request("b").url)
```

## Kept: somebody reads it, or it holds something

```python
import sys
import tempfile


def count(words):
    found = 0
    size = 1
    try:
        size = int(words[0])
    except ValueError:
        print("no number")

    def add():
        nonlocal found
        found += 1

    folder = tempfile.TemporaryDirectory()
    _unused = 1
    first, second = words[:2]
    for word in words:
        add()
    print(first, locals() if size else found)
    return size


def first_line(path):
    line = ""
    try:
        with open(path) as file:
            line = file.readline()
    except OSError:
        print("no file")
    return line


print(count(sys.argv), first_line(sys.argv[0]))
```
"""

from collections.abc import Iterator

from debloat.facts import data
from debloat.model import Applicability, Evidence, Finding, Proof
from debloat.program import Program
from debloat.program.accepted import is_accepted
from debloat.program.demonstrations import demonstration_evidence
from debloat.program.queries import definitions
from debloat.refactor.requests import Erase, Unassign, Unname
from debloat.values.unassigned import overwritten_attributes, unassigned, unassigned_evidence, unnamed

TIER = Applicability.SAFE


def check(program: Program) -> Iterator[Finding]:
    """Report each write to a variable that is written for nothing."""
    for scope in definitions(program, data.FUNCTION):
        for found in unassigned(program, scope):
            if any(is_accepted(program, *program.index.place(write.site)[:2], "F841") for write in found.writes):
                continue
            shown = [*demonstration_evidence(program, scope)]
            said = "is assigned again before it is read" if found.is_read else "is never read"
            for write in found.writes:
                span = program.index.place(write.site)
                reads = Evidence("reachability", Proof.PROVED, span, "no read of it gets what is written here")
                evidence = (reads, *shown, *(unassigned_evidence(program, value) for value in write.values))
                symbol = program.index.qualified(scope)
                message = f"variable {found.name} {said}"
                yield Finding(span, message, symbol, evidence, TIER, 1, refactoring=Unassign(found))
        for name, write in overwritten_attributes(program, scope):
            span, symbol = program.index.place(write.site), program.index.qualified(scope)
            again = Evidence("reachability", Proof.PROVED, span, "nothing looks at it before it is set again")
            evidence = (again, *(unassigned_evidence(program, value) for value in write.values))
            message = f"attribute {name} is set twice, and nothing looks at it in between"
            yield Finding(span, message, symbol, evidence, TIER, 1, refactoring=Erase(span))
        for name, site in unnamed(program, scope):
            span = program.index.place(site)
            evidence = (Evidence("reachability", Proof.PROVED, span, "its handler does not read it"),)
            symbol, message = program.index.qualified(scope), f"name {name} of the exception is never read"
            yield Finding(span, message, symbol, evidence, TIER, 0, refactoring=Unname(span))
