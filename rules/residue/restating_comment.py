"""Comments that only say again what the code beside them says.

## What it finds

A comment of at most seven words, above a statement or behind it, every word of which the statement says itself; in an application also one of
what is done with a single word more, and one above constants of which each has a word of it in its name.

## Why it is bloat

It is read, and kept right, for nothing, and hides the comments that say why. Agents narrate each step that they take.

## What proves it

- syntax: each word, without its ending, stands in a name or a short string of the statement, or is what such code is called
  (a loop iterates, an assignment sets or creates); nothing is left over but words such as *the* or *given*. That nobody needs the single word more is assumed.

## What it leaves alone

A comment with a reason, a condition, a negation, a number, a link or a directive, one of several lines, and a word
or two without a verb, which are a label; of single words those that tell an order, a place or a manner. Outside of functions, a comment that heads more than
one statement up to the next blank line, unless their names tell what they have in common. Comments above imports, and inside of expressions. A library in which they are not a habit: fewer than `per-thousand-lines` of
its lines (1, to be set under `[tool.debloat.rules]`).

## Fix

Safe: delete the comment, with its line if nothing else stands there. Unsafe where it has a word of its own.

## Bloated

```python
import sys


# Report formats  # !
REPORT_TEXT = "text"
REPORT_JSON = "json"
REPORT_FORMATS = (REPORT_TEXT, REPORT_JSON)


def total(prices):
    # Initialise the result  # !
    result = 0
    # Loop over the prices  # !
    for price in prices:
        result += price  # add the price to the result  # !
    return result


def main(arguments):
    # A trailing comma gives an empty price, which counts as nothing
    prices = [float(price or 0) for price in arguments]

    # Print the overall total of the prices  # !
    print(total(prices), REPORT_FORMATS)


main(sys.argv[1:])
```

## Lean

```python
import sys


REPORT_TEXT = "text"
REPORT_JSON = "json"
REPORT_FORMATS = (REPORT_TEXT, REPORT_JSON)


def total(prices):
    result = 0
    for price in prices:
        result += price
    return result


def main(arguments):
    # A trailing comma gives an empty price, which counts as nothing
    prices = [float(price or 0) for price in arguments]

    print(total(prices), REPORT_FORMATS)


main(sys.argv[1:])
```

## Kept: reasons, units, directives and labels

```python
import sys

TIMEOUT = 30  # timeout in seconds
SIZE = 4  # bytes

# Colours
RED = "red"
BLUE = "blue"

# Default sizes
DEFAULT_SIZE = 1
LARGE_WIDTH = 2


def send(order, retry):
    # Sort the order because the server wants it
    order.sort()
    # Never retry the order
    print(order, retry)  # type: ignore
    # Print the timeout first
    print(TIMEOUT, SIZE, RED, BLUE)  # noqa
    # Print https://example.com/sizes
    print(DEFAULT_SIZE, LARGE_WIDTH)
    text = '''
    # Print the text
    print(text)
    '''
    # Print the text
    #
    # (it goes to the log as well)
    print(text)


send(sys.argv, None)
```

## Kept: a comment that heads several definitions

```python
import sys


class Limits:
    # Default sizes
    default_size = 1
    other_width = 2


# Print sizes
def print_sizes():
    print(Limits.default_size, Limits.other_width)
def print_arguments():
    print(sys.argv)


print_sizes()
print_arguments()
```
"""

from collections import Counter
from collections.abc import Iterator

from debloat.model import Applicability, Evidence, Finding, Proof, Span
from debloat.program import Program
from debloat.refactor.requests import DropComment
from debloat.worlds import World

TIER = Applicability.SAFE
THRESHOLDS = {"per-thousand-lines": 1.0}


def check(program: Program) -> Iterator[Finding]:
    """Report each comment that the facts of its file say to restate a statement."""
    narrated = program.ask(_narrated)
    for number in program.judged:
        path = program.files[number].path
        if program.part(path).root not in narrated:
            continue
        for found in program.facts[number].restating:
            if found.scope < 0 and not (found.missing and program.part(path).world is World.LIBRARY):
                span = Span(path, found.line, found.column, found.end_line, found.end_column)
                code = Span(path, found.of, 0, found.of, 0)
                proof = Proof.ASSUMED if found.missing else Proof.PROVED
                note = (
                    f"that nobody needs the word {found.missing}" if found.missing else "the code says every word of it"
                )
                evidence = Evidence("syntax", proof, code, note)
                whole = found.line != found.of
                yield Finding(
                    span,
                    "comment only says what the code beside it says: delete it",
                    path,
                    (evidence,),
                    TIER,
                    int(whole),
                    refactoring=DropComment(span),
                )


def _narrated(program: Program) -> frozenset[str]:
    """The roots of the parts that are applications, or in which such comments are a habit."""
    found: Counter[str] = Counter()
    lines: Counter[str] = Counter()
    for number, file in enumerate(program.files):
        root = program.part(file.path).root
        found[root] += sum(one.scope < 0 and not one.missing for one in program.facts[number].restating)
        lines[root] += program.facts[number].lines
    return frozenset(
        part.root
        for part in program.parts
        if part.world is not World.LIBRARY
        or 1000 * found[part.root]
        >= lines[part.root] * part.config.limits("restating-comment", THRESHOLDS)["per-thousand-lines"]
    )
