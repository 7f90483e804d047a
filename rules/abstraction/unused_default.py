"""Optional parameters that no call supplies, and defaults that none leaves to them.

## What it finds

A parameter with a default that every call leaves out, in production and in tests, so that it never has another value: neither
in a method nor in any of its overrides, which may pass it on to each other. `*args` and `**kwargs` that no call gives anything
and that are only passed on, but not one of the two that stand for whatever another function takes. And the other way round a default that no call uses, since each passes the parameter.

## Why it is bloat

It is a switch that nobody can find switched: an option written ahead for a caller that never came, with the branches
that only it could reach. A default that no call uses makes a reader look for the call that does.

## What proves it

- callers: all calls are seen, none passes the parameter (or each), and none unpacks what may fill it. What `**kwargs` of a
  function hold is known from its calls.
- hierarchy: every subclass and override is known, and no base from outside calls the constructor.
- mutation: the default is a literal, a constant that is bound once, a member of an enumeration, a function or a class.
- purity: evaluating the arguments that go has no effect and cannot raise.

## What it leaves alone

What outsiders may call, callbacks of libraries, functions that read their own locals by name, and defaults that are
mutable or computed: they keep state or are evaluated when the function is defined. A parameter that the body never
reads is reported as unused, one that always gets the same constant as such. A default stays where one before it does, and in a
library, where it may be for calls to come.

## Fix

Safe: put the default where the body reads the parameter, fold the tests that it decides, and drop the parameter from the
definition, every override and the docstring; or drop the default alone. Unsafe where a comment would go or a string names the default, in exceptions (pickling calls
them with their arguments), and where the world is a guess.

## Bloated

```python
import sys


def listing(names, separator=", ", *, numbered=False):  # !
    if numbered:
        names = [f"{number} {name}" for number, name in enumerate(names)]
    return separator.join(names)


def indented(text, width=2):  # !
    return " " * width + text


def shown(text, width, **options):  # !
    return indented(text, width=width, **options)


def retried(function, *args, **kwargs):  # !
    for _ in range(kwargs.pop("times", 1)):
        result = function(*args, **kwargs)
    return result


if __name__ == "__main__":
    print(listing(sys.argv), listing(["a"], "-"), shown("a", len(sys.argv)))
    print(retried(sys.stdin.read), retried(sys.stdin.readline, times=len(sys.argv)))
```

## Lean

```python
import sys


def listing(names, separator=", "):
    return separator.join(names)


def indented(text, width):
    return " " * width + text


def shown(text, width):
    return indented(text, width=width)


def retried(function, **kwargs):
    for _ in range(kwargs.pop("times", 1)):
        result = function(**kwargs)
    return result


if __name__ == "__main__":
    print(listing(sys.argv), listing(["a"], "-"), shown("a", len(sys.argv)))
    print(retried(sys.stdin.read), retried(sys.stdin.readline, times=len(sys.argv)))
```

## Kept: a wrapper that takes whatever the function takes

```python
import sys


def twice(function):
    def again(*args, **kwargs):
        function(*args, **kwargs)
        return function(*args, **kwargs)

    return again


@twice
def show(text):
    return print(text)


show(sys.argv[0])
```

## Kept: a default that keeps state

```python
def count(name, seen=[]):
    seen.append(name)
    return len(seen)


print(count("a"), count("b"))
```

## Kept: a default that holds the loop variable of its moment

```python
def powers():
    made = []
    for exponent in range(3):

        def power(base, exponent=exponent):
            return base**exponent

        made.append(power)
    return made


print([power(2) for power in powers()])
```

## Kept: a test or an unpacking may supply it

```python app.py
import json
import sys


def listing(names, separator=", "):
    return separator.join(names)


def table(names, width=8):
    return [name[:width] for name in names]


if __name__ == "__main__":
    print(listing(sys.argv), table(sys.argv), table(**json.load(sys.stdin)))
```

```python tests/test_app.py
from app import listing


def test_listing():
    assert listing(["a", "b"], "-") == "a-b"
```

## Kept: it goes to code that may call it with more

```python
import atexit
import threading


def work(count=1):
    print(count)


def bye(word="bye"):
    print(word)


work()
bye()
threading.Thread(target=work, args=(2,)).start()
atexit.register(bye, "see you")
```

## Kept: callers that only a name in a string leads to

```python
import sys


class Commands:
    def run_list(self, everything=False):
        return everything

    def run(self, name):
        return getattr(self, f"run_{name}")(True)


print(Commands().run_list(), Commands().run(sys.argv[1]))
```

## Kept: the class of an object constructs another

```python
class Money:
    def __init__(self, amount, currency="EUR"):
        self.amount = amount
        self.currency = currency

    def doubled(self):
        return self.__class__(2 * self.amount, "USD")

    def halved(self):
        return type(self)(self.amount / 2, "CHF")


print(Money(1).doubled().currency, Money(1).halved().currency)
```

## Kept: outsiders reach it through a subclass or an object of what is exported

```toml pyproject.toml
[project]
name = "shop"

[tool.debloat]
world = "library"
```

```python shop.py
__all__ = ["Cart", "Session"]


def _priced(amount, currency="EUR"):
    return f"{amount} {currency}"


class _Base:
    def total(self, digits=2):
        return round(1.0, digits)


class Cart(_Base):
    def shown(self):
        return self.total()


class Session:
    def __init__(self):
        self.priced = _priced

    def run(self, amount):
        return self.priced(amount), _priced(amount)
```

## Kept: a module is handed to code that may read any name of it

```python app.py
import sys

import commands

print(commands.listing(sys.argv))
print(getattr(commands, sys.argv[1])(sys.argv, "-"))
```

```python commands.py
def listing(names, separator=", "):
    return separator.join(names)
```
"""

from collections.abc import Iterator

from debloat.facts.data import KEYWORD_ONLY, VAR_KEYWORD, VAR_POSITIONAL
from debloat.model import Applicability, Evidence, Finding, Proof, Refactoring, Span
from debloat.program import Program
from debloat.program.constants import default_site, default_value, shown
from debloat.program.families import (
    Family,
    Slot,
    called,
    defaults,
    families,
    given_sites,
    is_read,
    only_value,
    parameter_name,
    proof,
    removable_lines,
)  # fmt: skip
from debloat.program.index import Site
from debloat.program.parameters import changeable, is_read_by_name, purity_evidence
from debloat.program.queries import glance, parameter_span, parameters
from debloat.program.unpacked import unpackings
from debloat.refactor.requests import Drop, Dropped, Require

TIER = Applicability.SAFE
_VARIADIC = {VAR_POSITIONAL: "*", VAR_KEYWORD: "**"}


def check(program: Program) -> Iterator[Finding]:
    """Report each default that is its parameter's only value, or that is none of its values."""
    for found in families(program, _candidates(program)):
        given = any(True for _ in given_sites(program, found))
        kind = program.index.scopes[found.slots[0].function].parameters[found.slots[0].position].kind
        if any(is_read(program, found, slot) for slot in found.slots):
            if not given:
                yield from _never_filled(program, found) if kind in _VARIADIC else _never_passed(program, found)
            elif kind not in _VARIADIC and not _is_partly_left_out(found):
                yield from _always_passed(program, found)


def _never_passed(program: Program, found: Family) -> Iterator[Finding]:
    span = _span(program, found)
    reading = [slot for slot in found.slots if is_read(program, found, slot)]
    values = {default_value(program, *slot) for slot in found.slots}
    value = next(iter(values))
    text, proved, note = "its default", Proof.UNKNOWN, "default not constant: it may keep state or vary"
    if value is not None and None not in values:
        if len(values) == 1:
            text, proved, note = shown(program, value), Proof.PROVED, f"the default is always {shown(program, value)}"
        elif found.given:
            note = "default not the same: it is passed on"
        else:
            proved, note = Proof.PROVED, "each default is always the same"
    message = f"no call of {called(program, found)} passes {parameter_name(program, found.slots[0])}: put {text} into the body"
    drop = Drop(tuple(Dropped(*slot, _values(program, slot) if slot in reading else ()) for slot in found.slots))
    yield _finding(program, found, message, [Evidence("mutation", proved, span, note)], drop)


def _never_filled(program: Program, found: Family) -> Iterator[Finding]:
    first = found.slots[0]
    if not any(_takes_anything(program, found, slot) for slot in found.slots) and all(
        unpackings(program, slot.function, parameter_name(program, slot)) is not None for slot in found.slots
    ):
        kind = program.index.scopes[first.function].parameters[first.position].kind
        name = f"{_VARIADIC[kind]}{parameter_name(program, first)}"
        message = f"no call of {called(program, found)} gives {name} anything: drop it"
        yield _finding(program, found, message, [], Drop(tuple(Dropped(*slot) for slot in found.slots)))


def _takes_anything(program: Program, found: Family, slot: Slot) -> bool:
    """Whether a function is written to take whatever another one takes, and gets some of it: ``*args, **kwargs``.

    One that takes something of its own out of ``**kwargs`` is not.
    """
    others = [
        position
        for position, name, parameter in parameters(program, slot.function)
        if parameter.kind in _VARIADIC
        and position != slot.position
        and unpackings(program, slot.function, name) is not None
    ]
    return any(call.binding.given.get(position) for position in others for call in found.calls[slot.function])


def _always_passed(program: Program, found: Family) -> Iterator[Finding]:
    has_default = any(_values(program, slot) for slot in found.slots)
    path = program.files[program.index.file_of[found.slots[0].function]].path
    if (
        has_default
        and program.part(path).world != "library"
        and all(_is_first(program, slot) for slot in found.slots)
        and only_value(program, found.slots, found.pairs) is None
    ):
        span = _span(program, found)
        used = Evidence("callers", Proof.PROVED, span, "each call passes the parameter")
        pure = purity_evidence(program, list(defaults(program, found)))
        message = (
            f"each call of {called(program, found)} passes {parameter_name(program, found.slots[0])}: drop its default"
        )
        yield _finding(program, found, message, [used, *pure], Require(tuple(found.slots)))


def _is_partly_left_out(found: Family) -> bool:
    return any(slot.position not in call.binding.given for slot, call in found.pairs)


def _is_first(program: Program, slot: Slot) -> bool:
    """Whether no parameter that is given by its position has a default before one."""
    own = program.index.scopes[slot.function].parameters
    before = [one for one in own[: slot.position] if one.default >= 0]
    return own[slot.position].kind == KEYWORD_ONLY or not before


def _span(program: Program, found: Family) -> Span:
    first = found.slots[0]
    return parameter_span(program, first.function, program.index.scopes[first.function].parameters[first.position])


def _finding(
    program: Program, found: Family, message: str, evidence: list[Evidence], refactoring: Refactoring
) -> Finding:
    symbol = program.index.qualified(found.slots[0].function)
    lines = 0 if isinstance(refactoring, Require) else removable_lines(program, found)
    everything = (*proof(program, found), *evidence)
    return Finding(_span(program, found), message, symbol, everything, TIER, lines, refactoring=refactoring)


def _values(program: Program, slot: Slot) -> tuple[Site, ...]:
    site = default_site(program, *slot)
    return () if site is None else (site,)


def _candidates(program: Program) -> Iterator[list[Slot]]:
    """The parameters with a default that all calls pass, or none, of those that can be told by their text."""
    for scope in changeable(program):
        for position, name, parameter in parameters(program, scope):
            if parameter.kind in _VARIADIC:
                may = unpackings(program, scope, name) is not None
            else:
                may = parameter.default >= 0 and is_read_by_name(program, scope, parameter.name)
            if may and len({position in call.binding.given for call in glance(program, scope)[0]}) < 2:
                yield [Slot(scope, position)]
