"""Classes whose objects hold one other object and pass every call on to it.

## What it finds

A class whose constructor keeps its one argument, and whose every other method calls the method of the same name on that, with what
it is given.

## Why it is bloat

A layer is to hide something or to add something. This one does neither: each method of what it holds has to be written twice, and
a reader goes through it to find that nothing happens there.

## What proves it

- type: the constructor does nothing but keep its argument, and no method does more than to call the one of its name.
- callers: all calls of the methods are seen, and all places that name the class make an object of it.
- hierarchy: it has no base, no subclass, no metaclass and no decorator.

## What it leaves alone

Layers with a method that does more, gives a default or another name to an argument; classes that are named for more than to make
objects, as in an annotation or `isinstance`; objects of which somebody takes what they hold, or that unseen code gets.

## Fix

Unsafe: what the object would hold takes its place, and the class goes. Who compares objects, or looks at what class they are of, would
tell the two apart.

## Bloated

```python shop/service.py
class OrderService:  # !
    \"\"\"Manages orders.\"\"\"

    def __init__(self, repository):
        self._repository = repository

    def add(self, order):
        \"\"\"Add an order.\"\"\"
        self._repository.add(order)

    def find(self, number):
        return self._repository.find(number)
```

```python shop/repository.py
class Repository:
    def __init__(self):
        self.orders = []

    def add(self, order):
        self.orders.append(order)

    def find(self, number):
        return self.orders[number]
```

```python app.py
import sys

from shop.repository import Repository
from shop.service import OrderService


def main(words):
    service = OrderService(Repository())
    for word in words:
        service.add(word)
    return service.find(0)


print(main(sys.argv))
```

## Lean

```python shop/service.py
```

```python shop/repository.py
class Repository:
    def __init__(self):
        self.orders = []

    def add(self, order):
        self.orders.append(order)

    def find(self, number):
        return self.orders[number]
```

```python app.py
import sys

from shop.repository import Repository


def main(words):
    service = Repository()
    for word in words:
        service.add(word)
    return service.find(0)


print(main(sys.argv))
```

## Kept: it does more, gives a name or a default, or is told apart

```python
import sys


class Store:
    def __init__(self):
        self.items = []

    def add(self, item, place=0):
        self.items.insert(place, item)
        return self.items


class Checked:
    def __init__(self, store):
        self._store = store

    def add(self, item):
        if item:
            self._store.add(item)


class Last:
    def __init__(self, store):
        self._store = store

    def add(self, item, place=-1):
        return self._store.add(item, place)


class Put:
    def __init__(self, store):
        self._store = store

    def put(self, item):
        return self._store.add(item)


class Known:
    def __init__(self, store):
        self._store = store

    def add(self, item):
        return self._store.add(item)


class Silent:
    def __init__(self, store):
        self._store = store

    def add(self, item):
        self._store.add(item)


def main(words):
    store = Store()
    Checked(store).add(words)
    known = Known(store)
    return Last(store).add(1), Put(store).put(2), known.add(3), isinstance(known, Known), Silent(store).add(4)


print(main(sys.argv))
```
"""

from collections.abc import Iterator

from debloat.model import Applicability, Evidence, Finding, Proof
from debloat.program import Program
from debloat.program.layers import Layer, layers
from debloat.program.parameters import in_production, known_calls
from debloat.program.queries import code_lines
from debloat.refactor.requests import CollapseLayer

TIER = Applicability.UNSAFE


def check(program: Program) -> Iterator[Finding]:
    """Report each class that only stands before another one."""
    for layer in layers(program):
        span, name = program.index.span(layer.cls), program.index.name(layer.cls)
        message = f"{name} only passes calls on to the {layer.member.lstrip('_')} that it holds: use that"
        yield Finding(
            span,
            message,
            program.index.qualified(layer.cls),
            tuple(_evidence(program, layer)),
            TIER,
            code_lines(span),
            refactoring=CollapseLayer(layer),
        )


def _evidence(program: Program, layer: Layer) -> Iterator[Evidence]:
    """What it rests on that an object of the class may be what it holds."""
    place = program.index.span(layer.cls)._replace(end_line=program.index.span(layer.cls).line)
    yield Evidence(
        "type", Proof.PROVED, place, "its methods call those of their names on what it holds, and nothing else"
    )
    if (opening := program.openings.first(layer.cls)) is not None:
        yield Evidence("callers", Proof.UNKNOWN, program.index.place(opening[1]), opening[0])
        return
    for site in program.index.attribute_reads(layer.member):
        if program.index.enclosing_class(program.index.scope_at(site)) < 0:
            yield Evidence("callers", Proof.UNKNOWN, program.index.place(site), "reads what an object holds")
            return
    called = False
    for method in layer.methods:
        calls, known = known_calls(program, method)
        called = called or in_production(program, calls)
        yield from known
        for call in calls:
            if call.arguments.keywords:
                yield Evidence(
                    "callers",
                    Proof.UNKNOWN,
                    program.index.place(call.site),
                    "keyword: what it holds may call it otherwise",
                )
    if not called:
        yield Evidence("callers", Proof.UNKNOWN, place, "unused: production does not call it")
    yield Evidence("type", Proof.ASSUMED, place, "assumes that nobody tells an object of it from what that holds")
