"""An annotation that allows None where None never comes.

## What it finds

A parameter or a result that is annotated `X | None`, `Optional[X]` or `Union[X, None]` and is None in no call.

## Why it is bloat

Every reader and every caller is told to deal with a None that does not exist, and type checkers make them do it.

## What proves it

- type: the value of every `return`, or of every argument, is followed to where it is made, and is None at none of these.
- callers: every call of the function is known, those of the tests too.
- hierarchy: nothing overrides the method, and it overrides nothing.

## What it leaves alone

Functions that outsiders may call, override or implement: their annotations are a promise. Functions without a body of their
own.

## Fix

Unsafe: take None out of the annotation, and a default of None that no call uses.

## Bloated

```python
class Item:
    pass


def find(name: str) -> Item | None:  # !
    return Item()


def show(item: Item | None) -> None:  # !
    print(item)


show(find("tea"))
```

## Lean

```python
class Item:
    pass


def find(name: str) -> Item:
    return Item()


def show(item: Item) -> None:
    print(item)


show(find("tea"))
```

## Kept: one way returns None

```python
import sys


def find(names: list[str]) -> str | None:
    for name in names:
        if name.startswith("t"):
            return "found"
    return None


print(find(sys.argv))
```

## Kept: a method that another one overrides

```python
class Shop:
    def find(self, name: str) -> str | None:
        return "tea"


class Empty(Shop):
    def find(self, name: str) -> str | None:
        return None


print([shop.find("tea") for shop in (Shop(), Empty())])
```

## Kept: one call leaves it out

```python
def show(name: str | None = None) -> str:
    return name or "nobody"


print(show("Ada"), show())
```

## Kept: the annotation of further arguments is that of each

```python
def joined(*parts: str | None) -> str:
    return " ".join(part for part in parts if part)


print(joined("a", None, "b"))
```
"""

from collections.abc import Iterator, Sequence

from debloat.facts import data
from debloat.model import Applicability, Evidence, Finding, Span
from debloat.program import Program
from debloat.program.index import Site
from debloat.program.queries import definitions, parameter_span, parameters
from debloat.refactor.requests import NarrowAnnotation
from debloat.values.analysis import Values
from debloat.values.domain import Value
from debloat.values.evidence import parameter_evidence, returned_evidence, shown
from debloat.values.optional import allows_none, is_never_none, is_promised

TIER = Applicability.UNSAFE


def check(program: Program) -> Iterator[Finding]:
    """Report each annotation that allows a None that never comes."""
    values = program.ask(Values)
    for scope in definitions(program, data.FUNCTION):
        record = program.index.scopes[scope]
        file = program.index.file_of[scope]
        returns = record.returns >= 0 and allows_none(program, Site(file, record.returns))
        taken = [
            (position, name, parameter_span(program, scope, parameter))
            for position, name, parameter in parameters(program, scope)
            if parameter.annotation >= 0
            and parameter.kind not in (data.VAR_POSITIONAL, data.VAR_KEYWORD)
            and allows_none(program, Site(file, parameter.annotation))
        ]
        if not (returns or taken) or is_promised(program, scope):
            continue
        if returns and not record.flags & data.GENERATOR and is_never_none(value := values.returned(scope)):
            span = program.index.span(scope)
            here = span._replace(end_line=span.line, end_column=span.column)
            name = program.index.name(scope)
            evidence = returned_evidence(program, scope)
            yield _finding(program, scope, here, f"{name} never returns", value, evidence, None)
        for position, name, span in taken:
            if is_never_none(value := values.parameter(scope, position)):
                evidence = parameter_evidence(program, scope, position)
                yield _finding(program, scope, span, f"{name} is never", value, evidence, name)


def _finding(
    program: Program,
    scope: int,
    span: Span,
    what: str,
    value: Value,
    evidence: Sequence[Evidence],
    parameter: str | None,
) -> Finding:
    message = f"{what} None, though its annotation allows that: it is {shown(program, value)}"
    narrow = NarrowAnnotation(program.index.span(scope), parameter)
    return Finding(span, message, program.index.qualified(scope), tuple(evidence), TIER, 0, refactoring=narrow)
