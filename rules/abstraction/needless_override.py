"""Methods that only call the one that they override.

## What it finds

A method or constructor whose body is one call of the same method of `super()`, with all that it is given and nothing else; and the
`__str__` of an exception that returns the message which the constructor hands to `super()` too.

## Why it is bloat

Without it the same method is found, one class further up. A reader opens it to see what is different here, and nothing is.

## What proves it

- hierarchy: in the class and in each of its subclasses the same class comes next that has the method, which takes the same parameters
  with the same defaults, or more with defaults of their own; or it is the constructor of `object`, or
  of a builtin exception, which keeps what it is given.
- callers: all calls are known, and nothing uses the method as a value.

- type: of an exception, nothing but the constructor sets the message, which is assumed to be a text.

## What it leaves alone

Methods with a docstring, a decorator or types of their own, special methods but the constructor, classes with a decorator or a
metaclass, exceptions that read their arguments (`OSError`), and what outsiders use.

## Fix

Safe: delete the method. Unsafe for `__str__`, and where the world is a guess.

## Bloated

```python
import sys


class Strategy:
    def __init__(self, delay, limit=60):
        self.delay = delay
        self.limit = limit

    def wait(self, attempt):
        return min(self.delay, self.limit)


class Fixed(Strategy):
    def __init__(self, delay):  # !
        super().__init__(delay)

    def wait(self, attempt):  # !
        return super().wait(attempt)

    def name(self):
        return "fixed"


class Growing(Strategy):
    def wait(self, attempt):
        return min(self.delay * attempt, self.limit)


class Refused(Exception):
    def __init__(self, reason):  # !
        super().__init__(reason)


class Failed(Exception):
    def __init__(self, message, code=1):
        super().__init__(message)
        self.message = message
        self.code = code

    def __str__(self):  # !
        return self.message


def main(words):
    for strategy in (Fixed(1), Growing(2, limit=5)):
        print(strategy.wait(len(words)))
    print(Fixed(3).name())
    if not words:
        raise Refused("no words")
    error = Failed("failed", code=len(words))
    print(error, error.message, error.code)


main(sys.argv)
```

## Lean

```python
import sys


class Strategy:
    def __init__(self, delay, limit=60):
        self.delay = delay
        self.limit = limit

    def wait(self, attempt):
        return min(self.delay, self.limit)


class Fixed(Strategy):
    def name(self):
        return "fixed"


class Growing(Strategy):
    def wait(self, attempt):
        return min(self.delay * attempt, self.limit)


class Refused(Exception):
    pass


class Failed(Exception):
    def __init__(self, message, code=1):
        super().__init__(message)
        self.message = message
        self.code = code


def main(words):
    for strategy in (Fixed(1), Growing(2, limit=5)):
        print(strategy.wait(len(words)))
    print(Fixed(3).name())
    if not words:
        raise Refused("no words")
    error = Failed("failed", code=len(words))
    print(error, error.message, error.code)


main(sys.argv)
```

## Kept: it gives something else, or another class comes in between

```python
import sys


class Base:
    def __init__(self, name, size=1):
        self.name = name
        self.size = size

    def show(self, mark="-"):
        return mark + self.name


class Large(Base):
    def __init__(self, name, size=9):
        super().__init__(name, size)

    def show(self, mark="="):
        return super().show(mark)


class Upper(Base):
    def __init__(self, name):
        super().__init__(name.upper())

    def show(self, mark="-"):
        super().show(mark)


class Plain(Base):
    def show(self, mark="-"):
        return super().show(mark)


class Other(Base):
    def show(self, marks="-"):
        return marks


class Both(Plain, Other):
    pass


class Failed(Exception):
    def __init__(self, reason):
        super().__init__(reason)


class Shown(Exception):
    def __init__(self, reason):
        super().__init__("failed")
        self.reason = reason

    def __str__(self):
        return self.reason


print(Shown("shown"), Large("a").show(), Upper("b").show(), Both("c").show(), Plain("d").show("*"), Large("e").size)
if len(sys.argv) > 9:
    raise Failed(reason="too many")
```
"""

from collections.abc import Iterator

from debloat.model import Applicability, Evidence, Finding, Proof
from debloat.program import Program
from debloat.program.inherited import inherited
from debloat.program.messages import shown
from debloat.program.queries import callers, callers_evidence, code_lines, world_evidence
from debloat.refactor.requests import Erase

TIER = Applicability.SAFE


def check(program: Program) -> Iterator[Finding]:
    """Report each method that does no more than the one it overrides."""
    for found in inherited(program):
        used = callers(program, found.method)
        base = found.base.rpartition(".")[2] if isinstance(found.base, str) else program.index.name(found.base)
        proof = [
            Evidence("hierarchy", Proof.PROVED, program.index.place(found.call), f"it is that of {base}, and no other"),
            *callers_evidence(program, found.method, used),
        ]
        if used.values:
            note = "used as a value: it may be told from what it overrides"
            proof.append(Evidence("callers", Proof.UNKNOWN, program.index.place(used.values[0]), note))
        yield _finding(program, found.method, f"only calls that of {base}: inherit it", proof)
    for one in shown(program):
        place = program.index.place(one.call)
        proof = [
            Evidence("hierarchy", Proof.PROVED, place, f"{one.attribute} is what the exception is given to show"),
            Evidence(
                "type",
                Proof.ASSUMED,
                place,
                f"assumes that {one.attribute} is a text, and that outsiders do not set it",
            ),
            *world_evidence(program, one.method),
        ]
        yield _finding(
            program, one.method, f"returns {one.attribute}, which the exception shows anyway: inherit it", proof
        )


def _finding(program: Program, method: int, why: str, proof: list[Evidence]) -> Finding:
    span = program.index.span(method)
    start, message = span._replace(end_line=span.line, end_column=span.column), f"{program.index.name(method)} {why}"
    symbol = program.index.qualified(method)
    return Finding(span, message, symbol, tuple(proof), TIER, code_lines(span), refactoring=Erase(start))
