"""A check of what a pydantic model has validated.

## What it finds

`isinstance(model.field, T)`, and `model.field is None` or `is not None`, where the field is declared as `str`, `int`, `float`,
`bool` or `bytes` and validation has given it that type.

## Why it is bloat

The model has refused everything else. Who checks again says that the model cannot be trusted, and the checks drift apart.

## What proves it

- type: the object is of exactly that model, followed to where it is made, and the field is declared with a plain type.
- mutation: the program never sets the attribute, and nowhere makes or fills models without validation.
- callers: assumed of outsiders and of libraries that get the object.

## What it leaves alone

`model_construct`, `model_copy`, `__dict__` and `setattr` anywhere in the program; models with validators, a configuration or a
constructor of their own; defaults of another type, which are not validated; optional fields and unions.

## Fix

Unsafe: drop the check.

## Bloated

```python
import json
import sys

from pydantic import BaseModel


class Item(BaseModel):
    sku: str
    amount: int = 1
    note: str | None = None


def load(text):
    return Item(**json.loads(text))


def total(item):
    if not isinstance(item.amount, int):  # !
        raise TypeError(item.amount)
    if item.sku is None:  # !
        return 0
    if item.note is not None:
        print(item.note)
    return item.amount


print(total(load(sys.argv[1])))
```

## Lean

```python
import json
import sys

from pydantic import BaseModel


class Item(BaseModel):
    sku: str
    amount: int = 1
    note: str | None = None


def load(text):
    return Item(**json.loads(text))


def total(item):
    if item.note is not None:
        print(item.note)
    return item.amount


print(total(load(sys.argv[1])))
```

## Kept: an object is made without validation

```python
import json
import sys

from pydantic import BaseModel


class Item(BaseModel):
    amount: int


def load(text):
    return Item.model_construct(**json.loads(text))


def total(item):
    if not isinstance(item.amount, int):
        raise TypeError(item.amount)
    return item.amount


print(total(load(sys.argv[1])))
```

## Kept: the attribute is assigned, the default is not valid, a validator decides

```python
import json
import sys

from pydantic import BaseModel, field_validator


class Item(BaseModel):
    amount: int
    note: str = None


class Order(BaseModel):
    total: int

    @field_validator("total")
    @classmethod
    def known(cls, value):
        return value or None


def check(item, order):
    if item.amount is None:
        return 0
    if item.note is None:
        return 1
    if order.total is None:
        return 2
    return 3


found = Item(**json.load(sys.stdin))
found.amount = None
print(check(found, Order(total=0)))
```
"""

from collections.abc import Iterator

from debloat.facts import ops
from debloat.model import Applicability, Evidence, Finding, Proof
from debloat.program import Program
from debloat.program.index import Site
from debloat.program.queries import written
from debloat.refactor.requests import Fold
from debloat.values.analysis import Values
from debloat.values.certain import guards, is_builtin_call
from debloat.values.guards import decided
from debloat.values.models import guaranteed
from debloat.values.report import compared_with_none, symbol

TIER = Applicability.UNSAFE


def check(program: Program) -> Iterator[Finding]:
    """Report each check of a field that its model has validated."""
    others = {found.test for found in program.find(decided)}
    for site in guards(program, "isinstance"):
        code = program.facts[site.file].code
        if site not in others and is_builtin_call(program, site, "isinstance") and code[site.pc + 6] == 2:
            subject, classes = (Site(site.file, value) for value in code[site.pc + 7 : site.pc + 9])
            found = guaranteed(program, subject)
            if found and _is_of(program, classes, found[0]):
                yield _finding(program, site, subject, *found)
    for site in _none_tests(program):
        subject = Site(site.file, compared_with_none(program, site))
        found = guaranteed(program, subject) if site not in others else None
        if found:
            yield _finding(program, site, subject, *found)


def _is_of(program: Program, classes: Site, kind: type) -> bool:
    """Whether one of the classes that isinstance is asked for is the type."""
    values = program.ask(Values)
    wanted = values.narrowing.classes(values.value(classes)) or []
    return ("external", f"<builtin>.{kind.__name__}") in wanted


def _none_tests(program: Program) -> Iterator[Site]:
    """The tests of attributes for None, alone or as a part of a condition."""
    for file in program.judged:
        code = program.facts[file].code
        for pc in program.facts[file].guards:
            at = {ops.IF: 5, ops.WHILE: 5, ops.CONDITIONAL: 3, ops.BRANCH: 4}.get(code[pc])
            for test in [code[pc + at]] if at else code[pc + 5 : pc + 5 + code[pc + 4]] if code[pc] == ops.BOOL else []:
                side = compared_with_none(program, Site(file, test))
                if side >= 0 and code[side] == ops.ATTR:
                    yield Site(file, test)


def _finding(program: Program, test: Site, subject: Site, kind: type, declared: Site) -> Finding:
    code = program.facts[test.file].code
    outcome = code[test.pc] == ops.CALL or code[test.pc + 7] in (ops.IS_NOT, ops.NOT_EQ)
    span, text = written(program, test)
    name = program.openings.shown(subject)
    evidence = (
        Evidence("type", Proof.PROVED, program.index.place(declared), f"the model declares it as {kind.__name__}"),
        Evidence("mutation", Proof.PROVED, span, "the program sets it nowhere and makes no model without validation"),
        Evidence("callers", Proof.ASSUMED, span, "assumes that no unseen code goes round the validation"),
    )
    message = f"{text} asks what the model has validated: {name} is of type {kind.__name__}"
    fold = Fold(test, outcome)
    return Finding(span, message, symbol(program, test), evidence, TIER, 0, refactoring=fold)
