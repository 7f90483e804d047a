"""A test whose outcome an earlier test in the same function has already decided.

## What it finds

A condition on local variables that is tested again where it is known: after an early exit, inside the branch that it
guards, or later in one boolean expression; also where a function asks it that does nothing else. What is true is not None, and None is not true; these count as well.

## Why it is bloat

The second test always comes out the same way, so one of its branches never runs, and its reader looks for the case that
it seems to expect.

## What proves it

- reachability: the earlier test stands on every way to the later one.
- mutation: nothing binds the variables between the two: no assignment, loop, `del`, walrus, nested function.
- purity: `is` and `isinstance` give the same answer for the same object, and so does any test of a builtin type whose
  objects never change. Any other test counts only where no code runs between the two that could change the object.

## What it leaves alone

Tests of global variables and of variables that nested functions bind, tests that are known only inside a `with` (it may
swallow the exception of an early exit), and whatever an `assert` says.

## Fix

Safe: replace the test by its outcome. Unsafe for attributes and for the truth, length or equality of objects of unknown
type, which may answer differently each time.

## Bloated

```python
import sys


def label(name, width):
    if name is None:
        return "-"
    if not isinstance(width, int):
        raise TypeError(width)
    if name is not None:  # !
        name = name.strip()
    return name.ljust(width if isinstance(width, int) else 10)  # !


def is_missing(name):
    return name is None


def greet(name):
    if is_missing(name):
        return "Hello"
    return f"Hello, {name or 'you'}" if name is not None else "?"  # !


print(label(sys.argv[0], len(sys.argv)), greet(sys.argv[0]))
```

## Lean

```python
import sys


def label(name, width):
    if name is None:
        return "-"
    if not isinstance(width, int):
        raise TypeError(width)
    name = name.strip()
    return name.ljust(width)


def is_missing(name):
    return name is None


def greet(name):
    if is_missing(name):
        return "Hello"
    return f"Hello, {name or 'you'}"


print(label(sys.argv[0], len(sys.argv)), greet(sys.argv[0]))
```

## Kept: a closure binds the variable between the two tests

```python
def run(steps):
    done = False

    def finish():
        nonlocal done
        done = True

    if not done:
        steps(finish)
    if not done:
        print("not finished")


run(lambda finish: finish())
```

## Kept: the variable gets another value, in a branch, a loop, a handler or a pattern

```python
def first(rows, default, event):
    found = None
    while found is None:
        for row in rows:
            if found is None:
                print("searching")
            found = row
    if default is None:
        default = found
    if default is not None:
        print(default)
    try:
        if event is None:
            raise ValueError
    except ValueError:
        if event is None:
            print("none")
    match rows:
        case [event, *_]:
            print(event)
    if event is None:
        print("no event")
    return default if (found := event) is None or found is None else found


print(first([1, 2], None, None))
```

## Kept: the object may have changed, or the with block swallows the exit

```python
from contextlib import suppress


def drain(queue, jobs, limit):
    if not jobs:
        return 0
    queue.run(jobs)
    if not jobs:
        return 1
    with suppress(ValueError):
        if limit is None:
            raise ValueError
    if limit is None:
        limit = 10
    return limit


class Queue:
    def run(self, jobs):
        jobs.clear()


print(drain(Queue(), [1], None))
```

## Kept: the function that asks has subclasses' ways of asking, or what it asks about has changed

```python
import sys


class Store:
    def __init__(self):
        self.rows = {}

    def has(self, key):
        return key in self.rows

    def read(self, key):
        if self.has(key):
            return self.rows[key]
        self.load(key)
        if self.has(key):
            return self.rows[key]
        return self.rows[key] if key in self.rows else None

    def load(self, key):
        self.rows[key] = len(key)


class Strict(Store):
    def has(self, key):
        return key in self.rows and key.isidentifier()


print(Strict().read(sys.argv[0]), Store().read("a"))
```

## Kept: an attribute may have been set by what was called since

```python
class Connection:
    def __init__(self):
        self.socket = None

    def open(self):
        self.socket = object()

    def send(self, data):
        if self.socket is None:
            self.open()
        if self.socket is not None:
            print(data)


Connection().send("hello")
```
"""

from collections.abc import Iterator
from functools import partial

from debloat.facts import data, ops
from debloat.model import Applicability, Claim, Evidence, Finding, Proof, Span
from debloat.program import Program
from debloat.program.dominance import Decided, decided
from debloat.program.index import Site
from debloat.program.queries import definitions, written
from debloat.refactor.requests import Fold
from debloat.values.analysis import Values
from debloat.values.predicates import through

TIER = Applicability.SAFE


def check(program: Program) -> Iterator[Finding]:
    """Report each test that is decided before it is made."""
    for scope in definitions(program, data.FUNCTION):
        if program.index.scopes[scope].flags & data.REPEATS_TEST:
            for found in decided(program, scope, partial(through, program.ask(Values))):
                yield _finding(program, scope, found)


def _finding(program: Program, scope: int, found: Decided) -> Finding:
    file = program.index.file_of[scope]
    span, text = written(program, Site(file, found.test))
    earlier, before = written(program, Site(file, found.earlier))
    outcome = "true" if found.outcome else "false"
    evidence = [
        Evidence("reachability", Proof.PROVED, earlier, f"{before} stands on every way to it"),
        Evidence("mutation", Proof.PROVED, span, "nothing binds what it asks about between the two"),
    ]
    if found.proved:
        evidence.append(Evidence("purity", Proof.PROVED, span, "the same object always gives the same answer"))
    else:
        note = "taken to give the same answer twice, since nothing runs in between"
        evidence.append(Evidence("purity", Proof.ASSUMED, span, note))
    message = f"{text} is always {outcome} here: line {earlier.line} has decided it"
    claims = tuple(_claims(program, file, found, span, text))
    fold = Fold(Site(file, found.test), found.outcome)
    return Finding(span, message, program.index.qualified(scope), tuple(evidence), TIER, found.lines, claims, fold)


def _claims(program: Program, file: int, found: Decided, span: Span, text: str) -> Iterator[Claim]:
    """What a run shows of a test: its dead branch, and what it asks if that is about truth or None."""
    if found.dead:
        yield Claim(Span(span.path, *found.dead), "unreachable")
    fact = program.facts[file]
    match fact.code[found.test : found.test + 11].tolist():
        case [ops.NAME | ops.ATTR, *_]:
            yield Claim(span, "true" if found.outcome else "false", text)
        case [ops.COMPARE, _, _, _, _, left, 1, ops.IS | ops.IS_NOT as operator, right, *_]:
            if fact.code[right] == ops.CONST and fact.constants[fact.code[right + 3]] == ("NoneType", None):
                says = "None" if found.outcome == (operator == ops.IS) else "not None"
                yield Claim(span, says, written(program, Site(file, left))[1])
