"""Async functions that never wait for anything.

## What it finds

An `async def` without `await`, `async for`, `async with`, an asynchronous comprehension or `yield`, every call of which is
awaited on the spot or handed to `asyncio.run`. A caller that is left without an `await` of its own is next.

## Why it is bloat

An `await` says that other work may go on meanwhile. Here none does, and every caller up to the event loop has to be
asynchronous for it.

## What proves it

- reachability: nothing in its body suspends it.
- callers: all calls are seen, surely call this function and no other, and are awaited right there. It is no value anywhere.
- hierarchy: no class overrides the method or is overridden by it.

## What it leaves alone

Decorated functions, stubs, special methods, tests, what outsiders, a framework or unknown code call; functions whose coroutine is
kept or handed on (`create_task`, `gather`), that a generator expression awaits, or that a string names, as `patch` does. What
`asyncio.run` runs stays where the program asks for a running loop.

## Fix

Unsafe: a plain function and plain calls of it. Other tasks never had a turn there. A `StopIteration` that leaves the function is
a `RuntimeError` no more, and `asyncio.run` no longer gives what is called below a loop and a context of its own.

## Bloated

```python
import asyncio
import sys


class Store:
    def __init__(self):
        self.names = {}

    async def load(self, key):  # !
        return self.names.get(key, key)


async def price(word):  # !
    return len(word) * 2


async def total(store, words):
    return sum([await price(await store.load(word)) for word in words])


async def main(words):
    await asyncio.sleep(0)
    print(await total(Store(), words))


asyncio.run(main(sys.argv[1:]))
```

## Lean

```python
import asyncio
import sys


class Store:
    def __init__(self):
        self.names = {}

    def load(self, key):
        return self.names.get(key, key)


def price(word):
    return len(word) * 2


def total(store, words):
    return sum([price(store.load(word)) for word in words])


async def main(words):
    await asyncio.sleep(0)
    print(total(Store(), words))


asyncio.run(main(sys.argv[1:]))
```

## Kept: somebody needs a coroutine

```python
import asyncio
import sys


async def price(word):
    return len(word)


async def size(word):
    return len(word) * 2


async def rows(words):
    for word in words:
        yield word


async def first(words):
    async for row in rows(words):
        return row


class Source:
    async def read(self):
        raise NotImplementedError


class Words(Source):
    async def read(self):
        return sys.argv


async def main(source: Source):
    words = await source.read()
    print(await asyncio.gather(*[price(word) for word in words]), await first(words))
    print([one async for one in (await size(word) for word in words)])


asyncio.run(main(Words()))
```
"""

from collections.abc import Iterator

from debloat.facts import data
from debloat.model import Applicability, Evidence, Finding, Proof
from debloat.program import Program
from debloat.program.coroutines import awaiting, suspends
from debloat.program.mentions import mentions
from debloat.program.parameters import in_production, known_calls, target_evidence
from debloat.program.queries import callers, definitions, glance
from debloat.program.reach import production
from debloat.refactor.requests import MakePlain

TIER = Applicability.UNSAFE
_REFUSED = data.GENERATOR | data.TRIVIAL
_METHODS = {"<builtin>.staticmethod", "<builtin>.classmethod"}


def check(program: Program) -> Iterator[Finding]:
    """Report each async function that never waits, at its definition."""
    live, named = program.ask(production), program.ask(mentions)
    for function in definitions(program, data.FUNCTION):
        record, name = program.index.scopes[function], program.index.name(function)
        if not record.flags & data.ASYNC or record.flags & _REFUSED or name in named or name.startswith("__"):
            continue
        if suspends(program, function) or not program.analysis.calls.decorators(function) <= _METHODS:
            continue
        sure = glance(program, function)[0]
        if not live.scope(function) or any(awaiting(program, call.site) is None for call in sure):
            continue
        calls, known = known_calls(program, function)
        waits = [awaiting(program, call.site) for call in calls]
        if not in_production(program, calls) or None in waits or callers(program, function).values:
            continue
        span = program.index.span(function)
        evidence = [
            Evidence("reachability", Proof.PROVED, span, "nothing in it suspends it"),
            *known,
            *target_evidence(program, function, calls),
        ]
        message = f"{name} is async and waits for nothing: make it a plain function"
        symbol = program.index.qualified(function)
        plain = MakePlain(function, tuple(sorted({wait for wait in waits if wait is not None})))
        yield Finding(span, message, symbol, tuple(evidence), TIER, 0, refactoring=plain)
