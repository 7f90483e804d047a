"""Functions that do nearly the same as another one.

## What it finds

A function of some size that takes almost the same steps as one before it, in the same order: other names for its own
variables, other literals, a statement more or less. Also three smaller ones of one module or class that are of one form, save a few names and literals.

## Why it is bloat

What they have in common is kept twice, and a fix to one misses the other. Agents copy a function and change a line.

## What proves it

- syntax: the share of steps (calls, reads, tests, stores) that both take in the same order, whatever local variables are
  called and whichever number or text a literal is. It is shown.

## What it leaves alone

Functions that are small or less alike than `[tool.debloat.rules.near-duplicate]` says: `similarity` is the least share of
common steps, `min-steps` the least number of them, `few-steps` that of functions of which there are `copies`. One that awaits and one that does not. What `duplicate-function` finds,
and methods of one name, which may be meant to be called alike.

## Fix

None: what they share may go into one function, or one of them may.

## Bloated

```python
import json
import sys


def print_orders(path, currency):
    with open(path) as file:
        orders = json.load(file)
    total = 0
    for order in sorted(orders, key=len):
        if not order.get("cancelled"):
            total += order["price"] * order["count"]
            print(order["name"].strip(), order["price"], currency)
    print("total of all orders", total, currency)


def print_offers(source, unit):  # !
    with open(source) as file:
        offers = json.load(file)
    amount = 0
    for offer in sorted(offers, key=len):
        if not offer.get("expired"):
            amount += offer["price"] * offer["count"]
            print(offer["name"].strip(), offer["price"], unit)
    print("offers", amount, unit)


def print_info(text):  # !
    line = f"[i] {text}"
    if sys.stdout.isatty():
        print("\\033[32m" + line + "\\033[0m")
    else:
        print(line)


def print_warning(text):  # !
    line = f"[!] {text}"
    if sys.stdout.isatty():
        print("\\033[33m" + line + "\\033[0m")
    else:
        print(line)


def print_failure(text):  # !
    line = f"[x] {text}"
    if sys.stdout.isatty():
        print("\\033[31m" + line + "\\033[0m")
    else:
        print(line)


print_orders(sys.argv[1], sys.argv[2])
print_offers(sys.argv[3], sys.argv[2])
print_info("read")
print_warning("read twice")
print_failure("not written")
```

## Lean

```python
import json
import sys


def print_items(path, currency, gone, title):
    with open(path) as file:
        items = json.load(file)
    total = 0
    for item in sorted(items, key=len):
        if not item.get(gone):
            total += item["price"] * item["count"]
            print(item["name"].strip(), item["price"], currency)
    print(title, total, currency)


def print_line(mark, colour, text):
    line = f"[{mark}] {text}"
    if sys.stdout.isatty():
        print(f"\\033[{colour}m" + line + "\\033[0m")
    else:
        print(line)


print_items(sys.argv[1], sys.argv[2], "cancelled", "total of all orders")
print_items(sys.argv[3], sys.argv[2], "expired", "offers")
print_line("i", 32, "read")
print_line("!", 33, "read twice")
print_line("x", 31, "not written")
```

## Kept: they are small, or call different functions

```python
import sys


def width(rows):
    return max(len(row) for row in rows) + 2


def height(columns):
    return max(len(column) for column in columns) + 1


def left(rows):
    for row in sorted(rows):
        text = row.strip().lower()
        if text.startswith("#"):
            print(text.ljust(10), len(text))
        print(row.replace("a", "b").title().center(20))


def right(rows):
    for row in reversed(rows):
        text = row.rstrip().upper()
        if text.endswith("#"):
            print(text.rjust(10), hash(text))
        print(row.removeprefix("a").swapcase().zfill(20))


print(width(sys.argv), height(sys.argv), left(sys.argv), right(sys.argv))
```

## Kept: the project wants larger ones only

```toml pyproject.toml
[tool.debloat]
world = "application"

[tool.debloat.rules.near-duplicate]
similarity = 0.95
min-steps = 200
```

```python app.py
import json
import sys


def print_orders(path):
    with open(path) as file:
        for order in json.load(file):
            print(order["name"].strip(), order["price"] * order["count"], order.get("note"))
            print(order["city"].strip(), order["street"], order["number"], order["post"])


def print_offers(path):
    with open(path) as file:
        for offer in json.load(file):
            print(offer["name"].strip(), offer["price"] * offer["count"], offer.get("hint"))
            print(offer["city"].strip(), offer["street"], offer["number"], offer["post"])


print_orders(sys.argv[1])
print_offers(sys.argv[2])
```
"""

from collections.abc import Iterator

from debloat.facts import data
from debloat.model import Applicability, Evidence, Finding, Proof
from debloat.program import Program
from debloat.program.clones import Clone, clones, copies
from debloat.program.queries import all_definitions, code_lines
from debloat.program.shapes import alike

TIER = Applicability.SUGGESTION
ACROSS_FILES = True
THRESHOLDS = {"similarity": 0.9, "min-steps": 50, "few-steps": 20, "copies": 3}


def check(program: Program) -> Iterator[Finding]:
    """Report each function with the one before it that it is most like."""
    for part in program.parts:
        limits = part.config.limits("near-duplicate", THRESHOLDS)
        scopes = [
            scope
            for scope in all_definitions(program, data.FUNCTION)
            if program.part(program.index.span(scope).path) is part
        ]
        for clone in clones(program, scopes, int(limits["min-steps"]), limits["similarity"]):
            if not _is_meant(program, clone):
                yield _finding(program, clone)
        few, many = int(limits["few-steps"]), int(limits["min-steps"])
        for first, *others in copies(program, scopes, few, many, limits["similarity"]):
            if len(others) + 1 >= limits["copies"] and not any(alike(program, iter([first, *others]))):
                for one in (first, *others):
                    yield _of_one_form(program, one, others[0] if one == first else first, len(others))


def _is_meant(program: Program, clone: Clone) -> bool:
    """Whether two functions are there to be called alike, or another rule reports them."""
    index = program.index
    methods = index.enclosing_class(clone.scope) >= 0 and index.enclosing_class(clone.other) >= 0
    return (methods and index.name(clone.scope) == index.name(clone.other)) or any(
        alike(program, iter([clone.other, clone.scope]))
    )


def _finding(program: Program, clone: Clone) -> Finding:
    span, there = program.index.span(clone.scope), program.index.span(clone.other)
    other = program.index.qualified(clone.other).replace(":", ".")
    share = f"{clone.likeness:.0%}"
    evidence = Evidence("syntax", Proof.PROVED, there, f"{share} of the steps of both are the same, in the same order")
    message = f"function {program.index.name(clone.scope)} is {share} like {other} ({there.path}:{there.line})"
    return Finding(span, message, program.index.qualified(clone.scope), (evidence,), TIER, code_lines(span) - 1)


def _of_one_form(program: Program, scope: int, other: int, count: int) -> Finding:
    span, there = program.index.span(scope), program.index.span(other)
    evidence = Evidence("syntax", Proof.PROVED, there, "takes the same steps, save a few names and literals")
    name = program.index.name(scope)
    message = f"function {name} is one of {count + 1} of one form, such as {program.index.name(other)}"
    return Finding(span, f"{message} ({there.path}:{there.line})", program.index.qualified(scope), (evidence,), TIER, 0)
