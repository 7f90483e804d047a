"""Parameters that the body never reads.

## What it finds

A parameter, `*args` and `**kwargs` included, whose name no code in the function reads, nested functions included.

## Why it is bloat

Every caller makes up a value that nobody looks at, and every reader searches for what it does.

## What proves it

- callers: all calls are seen, and each that passes the parameter surely calls this function and no other.
- hierarchy: no class overrides the method or is overridden by it, and no base from outside calls the constructor.
- purity: evaluating the arguments that go has no effect and cannot raise.

## What it leaves alone

Names that begin with an underscore, parameters that the body rebinds or deletes, stubs and abstract methods, decorated
functions, functions that read their own locals by name, special methods, and what outsiders or libraries call.

## Fix

Safe: drop the parameter and its arguments, with its entry in the docstring. Unsafe where evaluating an argument or the
default may have an effect or raise or a comment would go, in exceptions (pickling calls them with their arguments), and
where the world is a guess.

## Bloated

```python
def describe(order, locale, **options):  # !
    return f"order {order}"


def main(order):
    print(describe(order, "en"), describe(2, locale=order))


main(1)
```

## Lean

```python
def describe(order):
    return f"order {order}"


def main(order):
    print(describe(order), describe(2))


main(1)
```

## Kept: a nested function, locals() and del use it

```python
def later(value):
    return lambda: value


def shown(value):
    return str(locals())


def forgotten(value):
    del value


print(later(1)(), shown(2), forgotten(3))
```

## Kept: others decide the signature

```python
import atexit
import threading
from typing import Protocol


class Handler(Protocol):
    def handle(self, event, context): ...


class Printing:
    def handle(self, event, context):
        print(event)


class Base:
    def size(self, unit):
        raise NotImplementedError


class Fixed(Base):
    def size(self, unit):
        return 1


class Worker(threading.Thread):
    def join(self, timeout=None):
        super().join()


def run(handler: Handler):
    handler.handle(1, None)


def bye(reason):
    print("bye")


run(Printing())
print(Fixed().size("m"), Worker().join(1), bye("end"))
atexit.register(bye, 1)
```

## Kept: one of several handlers that are called alike

```python
import sys


def loud(text, times):
    return text.upper() * times


def plain(text, times):
    return text


HANDLERS = {"loud": loud, "plain": plain}
print(HANDLERS[sys.argv[1]]("a", 2))
```

## Kept: what a call unpacks may be more than it takes

```python
import json
import sys


def describe(order, **options):
    return order


print(describe(**json.load(sys.stdin)))
```
"""

from collections.abc import Iterator

from debloat.facts.data import Parameter
from debloat.model import Applicability, Evidence, Finding, Proof
from debloat.program import Program
from debloat.program.index import Site
from debloat.program.parameters import (
    changeable,
    in_production,
    is_read,
    known_calls,
    own_lines,
    purity_evidence,
    target_evidence,
    unpacking_evidence,
)  # fmt: skip
from debloat.program.queries import parameter_span, parameters
from debloat.refactor.requests import Drop

TIER = Applicability.SAFE
_METHODS = {"<builtin>.staticmethod", "<builtin>.classmethod"}


def check(program: Program) -> Iterator[Finding]:
    """Report each parameter without a read."""
    for scope in changeable(program):
        unread = list(_unread(program, scope))
        calls, evidence = known_calls(program, scope) if unread else ([], [])
        if not in_production(program, calls):
            continue
        for position, name, parameter in unread:
            passing = [call for call in calls if position in call.binding.given]
            sites = [Site(call.site.file, value) for call in passing for value in call.binding.given[position]]
            span = parameter_span(program, scope, parameter)
            proof = (
                *evidence,
                *unpacking_evidence(program, position, calls),
                *target_evidence(program, scope, passing),
                *purity_evidence(program, sites),
                Evidence("mutation", Proof.PROVED, span, "no code in the function reads or rebinds it"),
            )
            message = f"parameter {name} of {program.index.name(scope)} is never read: drop it and its arguments"
            symbol = program.index.qualified(scope)
            lines = own_lines(program, scope, parameter)
            yield Finding(span, message, symbol, proof, TIER, lines, refactoring=Drop(scope, position))


def _unread(program: Program, scope: int) -> Iterator[tuple[int, str, Parameter]]:
    record = program.index.scopes[scope]
    if program.analysis.calls.decorators(scope) <= _METHODS:
        for position, name, parameter in parameters(program, scope):
            used = record.bound[parameter.name] or is_read(program, scope, parameter.name)
            if not used and not name.startswith("_"):
                yield position, name, parameter
