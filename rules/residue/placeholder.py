"""Functions that only stand in for what was never written.

## What it finds

A function that code calls and whose body is `pass`, `...` or `raise NotImplementedError`, and one in which a comment or the
docstring says that a real implementation would do something else.

## Why it is bloat

Who calls it takes it for done. Agents leave such functions behind and report that the work is finished.

## What proves it

- reachability: live code leads to it.
- hierarchy: it overrides nothing and nothing overrides it, so it is no default and no part of an interface.
- syntax: what its body is, or the words that it says of itself.

## What it leaves alone

Abstract methods, protocols, stubs and overloads; special methods; methods that subclasses override and overrides. Functions
with a decorator, such as groups of commands, and those that are passed on as values, such as callbacks that do nothing.
Names that say so: *noop*, *null*, *dummy*. What outsiders may call or override. Dead ones, which `dead-symbol` reports.

## Fix

None: write it, or take it away with its calls.

## Bloated

```python
import sys


def sync(order):  # !
    pass


def upload(order):  # !
    raise NotImplementedError("upload")


def pay(order):  # !
    # In a real implementation, this would call the bank
    return True


for order in sys.argv:
    sync(order)
    upload(order)
    print(pay(order))
```

## Lean

```python
import sys

for order in sys.argv:
    print(order)
```

## Kept: a hook, an interface, a callback and a group of commands

```python
import atexit
import sys
from abc import ABC, abstractmethod
from typing import Protocol

import click


class Store(ABC):
    @abstractmethod
    def save(self, order): ...

    def opened(self):
        pass


class Sink(Protocol):
    def write(self, text): ...


class Files(Store):
    def save(self, order):
        print(order)

    def opened(self):
        print("opened")


class Memory(Store):
    def save(self, order):
        print(order)

    def __enter__(self):
        pass


@click.group()
def main():
    pass


def ignore():
    pass


def noop(order):
    pass


def run(store, sink):
    store.opened()
    store.save(1)
    sink.write("done")
    noop(1)


atexit.register(ignore)
run(Files(), sys.stdout)
run(Memory(), sys.stderr)
main()
```
"""

import re
from collections.abc import Iterator

from debloat.facts import data
from debloat.model import Applicability, Evidence, Finding, Proof
from debloat.program import Program
from debloat.program.abstract import is_abstract
from debloat.program.queries import code_lines, definitions, relatives
from debloat.program.reach import production

TIER = Applicability.SUGGESTION
# What such functions say of themselves, in lower case.
_SAYINGS = (
    b"a real implementation", b"real implementation would", b"full implementation would", b"placeholder implementation",
    b"this is a placeholder", b"this is a stub", b"stub implementation", b"dummy implementation", b"mock implementation",
    b"in a real application", b"in a real system", b"in production, this would", b"implement this later",
    b"todo: implement", b"todo implement",
)  # fmt: skip
_NAMED = re.compile(r"noop|no_op|null|dummy|nothing|ignore|stub|fake|mock", re.IGNORECASE)
_BY_NAME = ("named in a string:", "read from a module")


def check(program: Program) -> Iterator[Finding]:
    """Report each function that is nothing, or says that it is not the real one."""
    said = dict(_said(program))
    live = program.ask(production)
    for scope in definitions(program, data.FUNCTION):
        record = program.index.scopes[scope]
        empty = record.flags & data.TRIVIAL and record.line == record.first_line
        if (scope in said or empty) and live.scope(scope) and not relatives(program, scope):
            if scope in said:
                yield _finding(program, scope, f"says so in line {said[scope]}")
            elif _is_called(program, scope):
                yield _finding(program, scope, "does nothing")


def _said(program: Program) -> Iterator[tuple[int, int]]:
    """The functions of which a comment or the docstring has such words, each with a line of them."""
    for number in program.judged:
        text = program.text(program.files[number].path).lower()
        if any(saying in text for saying in _SAYINGS):
            base = program.index.base[number]
            for line, words in enumerate(text.split(b"\n"), 1):
                if any(saying in words for saying in _SAYINGS):
                    inside = [
                        (record.line, base + local)
                        for local, record in enumerate(program.facts[number].scopes)
                        if record.kind == data.FUNCTION and record.first_line < line <= record.end_line
                    ]
                    if inside and (b"#" in words or _is_docstring(program, max(inside)[1], line)):
                        yield max(inside)[1], line


def _is_docstring(program: Program, scope: int, line: int) -> bool:
    """Whether a line of a function stands before its first instruction."""
    file = program.index.file_of[scope]
    fact = program.facts[file]
    body = fact.instructions(scope - program.index.base[file])
    return bool(program.index.scopes[scope].flags & data.DOCSTRING) and all(fact.code[pc + 1] > line for pc in body)


def _is_called(program: Program, scope: int) -> bool:
    """Whether code calls a function, and nothing else is done with it nor can be from outside."""
    name, cls = program.index.name(scope), program.index.enclosing_class(scope)
    if (name.startswith("__") and name.endswith("__")) or _NAMED.search(name):
        return False
    if cls >= 0 and is_abstract(program, cls):
        return False
    if cls >= 0 and any(not base.startswith("<builtin>.") for base in program.hierarchy.outside(cls)):
        return False
    events = program.analysis.whole(("function", scope))
    return bool(events) and all(
        event[0] == "call" or (event[0] == "open" and str(event[1]).startswith(_BY_NAME)) for event in events
    )


def _finding(program: Program, scope: int, why: str) -> Finding:
    span = program.index.span(scope)
    name = program.index.name(scope)
    evidence = (
        Evidence("reachability", Proof.PROVED, span, "live code leads to it"),
        Evidence("hierarchy", Proof.PROVED, span, "it overrides nothing and nothing overrides it"),
    )
    return Finding(
        span,
        f"function {name} is a placeholder: it {why}",
        program.index.qualified(scope),
        evidence,
        TIER,
        code_lines(span),
    )
