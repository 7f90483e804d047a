"""Decorators that change nothing.

## What it finds

A function of the program that is used as a decorator and returns what it is given, or a wrapper that only passes its arguments on.

## Why it is bloat

A decorator promises that something is added. Whoever reads the decorated function looks for it in vain, and each call goes through
one more frame.

## What proves it

- type: the body is `return f`, or a wrapper of `*args` and `**kwargs` that returns `f(*args, **kwargs)`, with `functools.wraps`
  or without, and nothing else.
- callers: all that names it is known, and is a decorator. No string names it, and it has no opening (see `debloat why`).

## What it leaves alone

Decorators that take arguments, that are also called or kept, or that do anything besides; wrappers where the program reads
`__wrapped__` or, without `functools.wraps`, the name or docstring of a function; asynchronous wrappers.

## Fix

Unsafe: the decorator goes wherever it stands, with its definition and imports.

## Bloated

```python
import functools
import sys


def public(function):  # !
    '''Mark what others may call.'''
    return function


def traced(function):  # !
    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        return function(*args, **kwargs)

    return wrapper


@public
class Shop:
    @staticmethod
    @traced
    def price(word, factor=2):
        return len(word) * factor


@public
@traced
def total(words):
    return sum(Shop.price(word, factor=3) for word in words)


print(total(sys.argv))
```

## Lean

```python
import sys


class Shop:
    @staticmethod
    def price(word, factor=2):
        return len(word) * factor


def total(words):
    return sum(Shop.price(word, factor=3) for word in words)


print(total(sys.argv))
```

## Kept: it does something, or is more than a decorator

```python
import functools
import sys

COMMANDS = {}


def command(function):
    COMMANDS[function.__name__] = function
    return function


def once(function):
    @functools.lru_cache
    def wrapper(*args, **kwargs):
        return function(*args, **kwargs)

    return wrapper


def rest(function):
    def wrapper(first, *args):
        return function(*args)

    return wrapper


def same(value):
    return value


@same
def key(word):
    return len(word)


@command
@once
def size(word):
    return key(word)


@rest
def late(word):
    return COMMANDS["size"](word)


print(late(0, sys.argv[0]), sorted(map(same, sys.argv)))
```
"""

from collections.abc import Iterator

from debloat.model import Applicability, Evidence, Finding, Proof
from debloat.program import Program
from debloat.program.reach import production
from debloat.program.undecorated import idle_decorators
from debloat.refactor.findings import of_idle
from debloat.refactor.requests import Undecorate

TIER = Applicability.UNSAFE


def check(program: Program) -> Iterator[Finding]:
    """Report each decorator that changes nothing, at its definition."""
    for found in idle_decorators(program):
        if program.ask(production).scope(found.function):
            span, name = program.index.span(found.function), program.index.name(found.function)
            idle = Evidence("type", Proof.PROVED, span, "it gives back what does the same")
            message = f"the decorator {name} changes nothing"
            yield of_idle(program, found.function, (message, idle), len(found.uses), Undecorate(found))
