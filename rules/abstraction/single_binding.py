"""Functions that only hand out the one object that their module holds.

## What it finds

A function of a module, without parameters, whose body returns a variable of the module which is bound once, to an object made there.

## Why it is bloat

A provider promises that what it gives is decided somewhere. Where there is one object, made when the module is imported, the object can
be named.

## What proves it

- callers: all calls are seen, each surely calls this function, and nothing uses the function as a value.
- mutation: the variable is bound in one place, and no other code can rebind it.

## What it leaves alone

Objects that are made at the first call or bound anew by anybody; functions that tests or strings name to put something else in their place,
that frameworks are given or that outsiders call; decorated and asynchronous functions.

## Fix

Unsafe: name the object wherever the function was called, without the underscore if that is in other modules, and delete the
function. Refused where the name means something else there.

## Bloated

```python app.py
import sys

from shop.service import get_service


def main(names):
    for name in names:
        print(get_service().greet(name))


main(sys.argv)
```

```python shop/service.py
class Service:
    def __init__(self, greeting):
        self.greeting = greeting

    def greet(self, name):
        return f"{self.greeting} {name}"


_service = Service("hello")


def get_service():  # !
    \"\"\"Return the service.\"\"\"
    return _service
```

## Lean

```python app.py
import sys

from shop.service import service


def main(names):
    for name in names:
        print(service.greet(name))


main(sys.argv)
```

```python shop/service.py
class Service:
    def __init__(self, greeting):
        self.greeting = greeting

    def greet(self, name):
        return f"{self.greeting} {name}"


service = Service("hello")
```

## Kept: made late, bound anew, or given as a value

```python
import sys


class Service:
    def greet(self, name):
        return f"hello {name}"


_late = None
_other = Service()
_given = Service()


def late():
    global _late
    if _late is None:
        _late = Service()
    return _late


def other():
    return _other


def reset():
    global _other
    _other = Service()


def given():
    return _given


reset()
print(late().greet(sys.argv[0]), other().greet("x"), [provide().greet("y") for provide in (given, late)])
```
"""

from collections.abc import Iterator

from debloat.facts import data, ops
from debloat.model import Applicability, Evidence, Finding, Proof
from debloat.program import Program
from debloat.program.constants import only_store
from debloat.program.index import Site
from debloat.program.mentions import mentions
from debloat.program.parameters import in_production, known_calls, target_evidence
from debloat.program.queries import callers, code_lines, definitions
from debloat.refactor.requests import Reach

TIER = Applicability.UNSAFE


def check(program: Program) -> Iterator[Finding]:
    """Report each function that gives one object."""
    for scope in definitions(program, data.FUNCTION):
        store = _given(program, scope)
        if store is None or program.openings.first(scope) or callers(program, scope).values:
            continue
        if program.index.name(scope) in program.ask(mentions):
            continue
        calls, known = known_calls(program, scope)
        if not in_production(program, calls):
            continue
        span, name = program.index.span(scope), program.index.name(scope)
        once = Evidence("mutation", Proof.PROVED, program.index.place(store), "it is bound here and nowhere else")
        proof = (*known, *target_evidence(program, scope, calls), once)
        fact = program.facts[store.file]
        variable = fact.names[fact.code[store.pc + 3]]
        message = f"{name} always gives {variable}: name that instead"
        symbol = program.index.qualified(scope)
        yield Finding(span, message, symbol, proof, TIER, code_lines(span), refactoring=Reach(scope, variable))


def _given(program: Program, scope: int) -> Site | None:
    """Where the object is bound that is all a function returns."""
    record, file = program.index.scopes[scope], program.index.file_of[scope]
    home = program.index.parent(scope)
    refused = data.GENERATOR | data.ASYNC | data.READS_FRAME
    if program.index.scopes[home].kind != data.MODULE or record.parameters or record.flags & refused:
        return None
    fact = program.facts[file]
    done = [pc for pc in fact.instructions(scope - program.index.base[file]) if fact.code[pc] >= ops.STORE]
    value = fact.code[done[-1] + 3] if [fact.code[pc] for pc in done] == [ops.RETURN] else -1
    if record.line != record.first_line or value < 0 or fact.code[value] != ops.NAME:
        return None
    name = fact.names[fact.code[value + 3]]
    store = only_store(program, home, name) if program.index.home(Site(file, value)) == home else None
    if store is None or fact.code[store.pc + 5] != ops.PLAIN or fact.code[fact.code[store.pc + 4]] != ops.CALL:
        return None
    stores, unbound = fact.reaching(0, fact.code[store.pc + 3], fact.scopes[0].end)
    if unbound or list(stores) != [store.pc]:
        return None
    return None if next(program.openings.of_variable(home, name), None) else store
