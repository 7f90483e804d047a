"""Subclasses that add nothing to their base, and bases that one class is derived from.

## What it finds

A class with a base and nothing else, which nobody tells from its base; and a class that is called a base (`BaseHandler`) or has a method that does nothing
until it is overridden, that the program never makes an object of and derives one class from.

## Why it is bloat

Two names for one thing. A reader goes up and down between them to learn what the class has, and finds it in one place.

## What proves it

- hierarchy: the empty class is called, derived from and named as a type, and nothing else; no `isinstance`, `except`, `match`
  or `type()` can tell it from its base. Of the base one class of the program is derived, tests included, and it is otherwise
  named in annotations alone.
- callers: the class that goes has no opening (see `debloat why`): outsiders cannot use it, and no string names it.

## What it leaves alone

Exceptions, classes with a base from outside, a metaclass, `__init_subclass__` or a decorator, mixins beside other bases,
classes that show their own name, parts of a class that have names of their own, and abstract bases, which are of `single-implementation`.

## Fix

Unsafe: name the base wherever the empty class is named; or put what the base has into its one subclass. What shows the name of
an object's class shows another one.

## Bloated

```python app.py
class BaseHandler:  # !
    def __init__(self, name):
        self.name = name

    def handle(self, event):
        return f"{self.name}: {self.prepared(event)}"


class Handler(BaseHandler):
    def prepared(self, event):
        return event.strip()


class Listener:  # !
    def __init__(self):
        self.heard = "heard"

    def hear(self, text):
        return


class Printer(Listener):
    def hear(self, text):
        print(self.heard, text)


class Invoice:
    def __init__(self, total):
        self.total = total


class PaidInvoice(Invoice):  # !
    pass


Printer().hear("x")
print(Handler("h").handle("x "), Invoice(1).total, PaidInvoice(2).total)
```

## Lean

```python app.py
class Handler:
    def __init__(self, name):
        self.name = name

    def prepared(self, event):
        return event.strip()

    def handle(self, event):
        return f"{self.name}: {self.prepared(event)}"


class Printer:
    def __init__(self):
        self.heard = "heard"

    def hear(self, text):
        print(self.heard, text)


class Invoice:
    def __init__(self, total):
        self.total = total


Printer().hear("x")
print(Handler("h").handle("x "), Invoice(1).total, Invoice(2).total)
```

## Kept: somebody tells them apart

```python
class Invoice:
    def __init__(self, total):
        self.total = total


class PaidInvoice(Invoice):
    pass


class Job:
    def __repr__(self):
        return type(self).__name__


class NightJob(Job):
    pass


class ShopError(Exception):
    pass


class PriceError(ShopError):
    pass


def due(invoice):
    return 0 if isinstance(invoice, PaidInvoice) else invoice.total


print(due(Invoice(1)), due(PaidInvoice(2)), Job(), NightJob())
try:
    raise PriceError
except ShopError:
    print("no price")
```

## Kept: both are used, or a class is mixed in

```python
class Report:
    def title(self):
        return "report"


class DailyReport(Report):
    def title(self):
        return "today's " + super().title()


class Loud:  # a part of the next one
    def shout(self):
        return self.title().upper()


class LoudReport(DailyReport, Loud):
    limit = 3


class Printer:
    def show(self):
        print(self.text())


class TextPrinter(Printer):
    def text(self):
        return "text"


TextPrinter().show()
print(Report().title(), DailyReport().title(), LoudReport().shout(), LoudReport.limit)
```
"""

from collections.abc import Iterator

from debloat.facts import data
from debloat.model import Applicability, Evidence, Finding, Proof
from debloat.program import Program
from debloat.program.queries import all_definitions, code_lines, world_evidence
from debloat.program.reach import production
from debloat.program.subclasses import adds_nothing, only_subclass
from debloat.refactor.requests import CollapseBase

TIER = Applicability.UNSAFE
ACROSS_FILES = True


def check(program: Program) -> Iterator[Finding]:
    """Report each subclass that could be its base."""
    live = program.ask(production)
    merged: set[int] = set()
    for cls in all_definitions(program, data.CLASS):
        base = adds_nothing(program, cls) if live.scope(cls) else None
        if base is not None:
            merged |= {base, cls}
            message = f"{program.index.name(cls)} adds nothing to its base {program.index.name(base)}: use that instead"
            note = "nobody tells it from its base"
            yield _finding(program, cls, message, note, CollapseBase(base, cls, into_base=True))
    for base in all_definitions(program, data.CLASS):
        heir = only_subclass(program, base) if live.scope(base) else None
        if heir is not None and not merged & {base, heir} and not program.files[program.index.file_of[heir]].tests:
            message = (
                f"{program.index.name(heir)} is all that is made of its base {program.index.name(base)}: make them one"
            )
            note = f"{program.index.name(base)} is named as its base and in annotations alone"
            yield _finding(program, base, message, note, CollapseBase(base, heir))


def _finding(program: Program, cls: int, message: str, note: str, refactoring: CollapseBase) -> Finding:
    span = program.index.span(cls)
    evidence = [Evidence("hierarchy", Proof.PROVED, span, note)]
    if opening := program.openings.first(cls):
        evidence.append(Evidence("callers", Proof.UNKNOWN, program.index.place(opening[1]), opening[0]))
    evidence += world_evidence(program, cls)
    lines = code_lines(span) if refactoring.into_base else 2
    return Finding(span, message, program.index.qualified(cls), tuple(evidence), TIER, lines, (), refactoring)
