"""Functions that only construct an object of one class.

## What it finds

A function of a module whose body returns a new object of one certain class, made from nothing or from its own
parameters as they are, or from constants if there is one call of it.

## Why it is bloat

A factory promises that what is made may vary. Where it never does, its name only hides the class from readers.

## What proves it

- type: the call can only mean that one class.
- callers: all calls are seen, each surely calls this function, and nothing uses the function as a value.
- purity: arguments that would go, or be evaluated in another order, have no effect.

## What it leaves alone

Methods, decorated functions, classes from outside, what outsiders call, keep or name in a string, and factories of
several callers that know more than those do: a constant, a default that a call relies on, another order or name of what they are given.

## Fix

Safe: construct the object at every call and delete the function. Unsafe where the world is a guess.

## Bloated

```python app.py
import sys

from shop.factory import create_cart, create_repository

repository = create_repository()
print(repository.add(create_cart(sys.argv, 2)), create_cart([], limit=len(sys.argv)))
```

```python shop/factory.py
from shop.models import Cart, Repository


def create_repository():  # !
    \"\"\"Create the repository.\"\"\"
    return Repository("orders")


def create_cart(items, limit):  # !
    return Cart(items, limit=limit)
```

```python shop/models.py
class Cart:
    def __init__(self, items, limit):
        self.items = items[:limit]


class Repository:
    def __init__(self, name):
        self.name = name

    def add(self, cart):
        return self.name, cart.items
```

## Lean

```python app.py
import sys

from shop.models import Cart, Repository

repository = Repository("orders")
print(repository.add(Cart(sys.argv, limit=2)), Cart([], limit=len(sys.argv)))
```

```python shop/factory.py
```

```python shop/models.py
class Cart:
    def __init__(self, items, limit):
        self.items = items[:limit]


class Repository:
    def __init__(self, name):
        self.name = name

    def add(self, cart):
        return self.name, cart.items
```

## Kept: it decides, it knows more than its callers, or it is a value

```python
import sys


class Cart:
    def __init__(self, items=(), limit=3):
        self.items = items[:limit]


class Basket(Cart):
    pass


def make(items):
    return Cart(items) if items else Basket()


def small(items):
    return Cart(items, 1)


def cart(items):
    return Cart(items)


print(make(sys.argv).items, small(sys.argv).items, small([]).items, [cart(x) for x in "ab"], list(map(cart, "cd")))
```
"""

from collections.abc import Iterator

from debloat.facts import data, ops
from debloat.model import Applicability, Evidence, Finding, Proof
from debloat.program import Program
from debloat.program.binding import arguments
from debloat.program.index import Site
from debloat.program.parameters import in_production, known_calls, target_evidence
from debloat.program.queries import callers, code_lines, definitions
from debloat.refactor.requests import Inline

TIER = Applicability.SAFE


def check(program: Program) -> Iterator[Finding]:
    """Report each function that is a class by another name."""
    for scope in definitions(program, data.FUNCTION):
        made = _made(program, scope)
        if made is None:
            continue
        site, cls, knows = made
        calls, known = known_calls(program, scope)
        filled = any(len(call.binding.given) < len(program.index.scopes[scope].parameters) for call in calls)
        if not in_production(program, calls) or ((knows or filled) and len(calls) > 1):
            continue
        values = callers(program, scope).values
        span, name = program.index.span(scope), program.index.name(cls)
        proof = (
            *known,
            *target_evidence(program, scope, calls),
            *(
                Evidence("callers", Proof.UNKNOWN, program.index.place(value), "used as a value: it may be kept")
                for value in values[:1]
            ),
            Evidence("type", Proof.PROVED, program.index.place(site), f"it makes a {name}, and does nothing else"),
        )
        message = f"{program.index.name(scope)} only makes a {name}: call the class instead"
        symbol = program.index.qualified(scope)
        yield Finding(span, message, symbol, proof, TIER, code_lines(span), refactoring=Inline(scope))


def _made(program: Program, scope: int) -> tuple[Site, int, bool] | None:
    """The call of a class that is the body of a function, the class, and whether it is given more than parameters."""
    record = program.index.scopes[scope]
    module = program.index.scopes[program.index.parent(scope)].kind == data.MODULE
    refused = data.GENERATOR | data.ASYNC | data.READS_FRAME
    if not module or not record.flags & data.FORWARDS or record.flags & refused or record.line != record.first_line:
        return None
    if any(parameter.kind in (data.VAR_POSITIONAL, data.VAR_KEYWORD) for parameter in record.parameters):
        return None  # one name for several arguments
    file = program.index.file_of[scope]
    fact = program.facts[file]
    *_, last = fact.instructions(scope - program.index.base[file])
    call = fact.code[last + 3]
    if fact.code[last] != ops.RETURN or call < 0 or fact.code[call] != ops.CALL or program.openings.first(scope):
        return None
    given = arguments(fact, call)
    values = [value for value, _ in given.positional] + [value for _, value in given.keywords]
    match list(program.names.static(Site(file, fact.code[call + 5]))):
        case [("class", int(cls))] if all(fact.code[value] in (ops.NAME, ops.CONST) for value in values):
            own = [parameter.name for parameter in record.parameters]
            passed = [fact.code[value + 3] for value in values if fact.code[value] == ops.NAME]
            return Site(file, call), cls, passed != own or len(values) > len(own)
    return None
