"""Exception handlers that do nothing but raise again what they caught.

## What it finds

The last handlers of a `try` whose body is `raise`, or `raise error` with the name that they give the exception.

## Why it is bloat

Without the handler the exception passes in the same way. It costs an indented block, and the reader looks for what
was meant to be handled.

## What proves it

- raises: the handler raises what it caught; no handler follows it that would catch the exception instead.
- purity: naming the exception's type does nothing else, and no other code uses the name that the handler gives it.

## What it leaves alone

A handler before one that does something, since it keeps exceptions away from that one; `except*`, which takes groups
apart; and `raise error from cause`. `else` and `finally` stay when the handler goes.

## Fix

Safe: delete the handlers, and the `try` if nothing is left of it. Unsafe for `raise error`, whose traceback has one
line more, and where naming the exception's type may have an effect.

## Bloated

```python
import json
import sys


def load(path):
    try:
        with open(path) as file:
            return json.load(file)
    except OSError:  # !
        raise
    except ValueError as error:  # !
        raise


def read(path):
    try:
        return load(path)
    except OSError as error:  # !
        raise error
    finally:
        print(path)


print(read(sys.argv[1]))
```

## Lean

```python
import json
import sys


def load(path):
    with open(path) as file:
        return json.load(file)


def read(path):
    try:
        return load(path)
    finally:
        print(path)


print(read(sys.argv[1]))
```

## Kept: a later handler would catch it, or the exception is changed

```python
import sys


class Stop(Exception):
    pass


def run(step):
    try:
        return step()
    except Stop:
        raise
    except Exception as error:
        print(error)
    try:
        return step()
    except ValueError as error:
        raise error from None
    except OSError:
        raise RuntimeError("no file")
    except TypeError as error:
        error = ValueError(error)
        raise error


print(run(sys.exit))
```

## Kept: groups are taken apart

```python
def run(step):
    try:
        step()
    except* ValueError:
        raise


run(print)
```
"""

from collections.abc import Iterator
from itertools import takewhile

from debloat.facts import data, ops
from debloat.model import Applicability, Evidence, Finding, Proof
from debloat.program import Program
from debloat.program.handlers import Handler, tries
from debloat.program.queries import code_lines, definitions
from debloat.refactor.requests import DropHandler

TIER = Applicability.SAFE


def check(program: Program) -> Iterator[Finding]:
    """Report the last handlers of each ``try`` that only raise again."""
    for kind in (data.FUNCTION, data.MODULE):
        for scope in definitions(program, kind):
            if program.index.scopes[scope].flags & data.RERAISES:
                for found in tries(program, scope):
                    needless = list(takewhile(lambda handler: handler.again, reversed(found.handlers)))
                    whole = len(needless) == len(found.handlers)
                    for handler in needless:
                        first = whole and handler is found.handlers[0]
                        yield _finding(program, scope, handler, found.lines if first else 0)


def _finding(program: Program, scope: int, handler: Handler, more_lines: int) -> Finding:
    span = handler.span
    evidence = [
        Evidence("raises", Proof.PROVED, span, "what is caught is raised again, and nothing after it catches it")
    ]
    doubts = [Evidence("purity", Proof.ASSUMED, span, doubt) for doubt in _doubts(program, scope, handler)]
    evidence += doubts or [Evidence("purity", Proof.PROVED, span, "to name the type of the exception has no effect")]
    name = program.index.qualified(scope)
    message = "this handler only raises again what it caught"
    lines = code_lines(span) + more_lines
    return Finding(span, message, name, tuple(evidence), TIER, lines, refactoring=DropHandler(span))


def _doubts(program: Program, scope: int, handler: Handler) -> Iterator[str]:
    """What deleting a handler may change beside what it is about."""
    if handler.by_name:
        yield "the traceback, which raising by name makes one line longer, is taken not to matter"
    if any(value[0] not in ("class", "external") for value in handler.types):
        yield "to name the type of the exception is taken to have no effect"
    code = program.facts[program.index.file_of[scope]].code
    stores = [] if handler.name is None else program.index.scopes[scope].bound.get(handler.name, [])
    if any(code[at] != ops.STORE or code[at + 5] != ops.HANDLER for at in stores):
        yield "the handler's name, which is unbound where it ends, is taken not to be used afterwards"
