"""Code that was commented out.

## What it finds

Comments on lines of their own whose text is Python statements that use the names of the file: calls, assignments, imports, definitions, branches.

## Why it is bloat

It does not run, nobody keeps it right, and version control has it. Whoever reads it wonders whether it is to come back.

## What proves it

- syntax: the whole comment parses as statements, and what it reads, the file names; of several statements at least half of that.

## What it leaves alone

What a line of prose stands right above or below of, as an example or the reason has; annotations, single names, comparisons and assignments of
nothing that the file has, which prose may look like; directives; comments inside of expressions. What a module does as a script, which
is often there to be played with.

## Fix

Unsafe, since somebody may want it back: delete the comment.

## Bloated

```python
import sys

# import json  # !


def total(prices):
    # for price in prices:  # !
    #     print(price)
    return sum(prices)


# print(total(prices))  # !
print(total(map(int, sys.argv[1:])))
```

## Lean

```python
import sys


def total(prices):
    return sum(prices)


print(total(map(int, sys.argv[1:])))
```

## Kept: prose, examples and directives

```python
import sys

# total: of all prices
# x = y
# note: total


def total(prices):
    # Same as:
    # sum(list(prices))
    # total(prices) is what the customer pays
    return sum(prices)


# total
print(total(map(int, sys.argv[1:])))  # print(sys.argv)
# type: ignore
text = '''
# print(total)
'''
print(text)

if __name__ == "__main__":
    # print(total([]))
    print(total([1]))
```
"""

from collections.abc import Iterator

from debloat.facts.remarks import CODE
from debloat.model import Applicability, Evidence, Finding, Proof, Span
from debloat.program import Program
from debloat.refactor.requests import DropComment

TIER = Applicability.UNSAFE


def check(program: Program) -> Iterator[Finding]:
    """Report each comment that the facts of its file say to be code."""
    for number in program.judged:
        path = program.files[number].path
        for found in program.facts[number].remarks:
            if found.kind == CODE:
                span = Span(path, found.line, found.column, found.end_line, found.end_column)
                evidence = Evidence("syntax", Proof.PROVED, span, "it parses as statements, of names that the file has")
                lines = found.end_line - found.line + 1
                message = "comment is code that does not run: delete it"
                yield Finding(span, message, path, (evidence,), TIER, lines, refactoring=DropComment(span))
