"""Small private functions that are called at one place.

## What it finds

A private function or method of at most three lines below its `def`, without a docstring, that one call in the same file uses and nothing
else, tests included.

## Why it is bloat

A name earns its place by being used again or by saying what the code does not. A helper of two lines that one caller needs sends its
reader away and back for nothing.

## What proves it

- callers: the one call is seen, it surely calls this function, and nothing uses the function as a value.
- hierarchy: no class overrides the method or is overridden by it.

## What it leaves alone

Helpers with a docstring, which have something to say; longer ones; those that name a condition, or what is done to each item of a
comprehension; decorated ones, generators, and what calls itself. Whether what is left is a name worth having is for you to judge:
that is why this is a suggestion.

## Fix

Suggestion: put the code in the place of the call. It is done when this rule is named, with `--select single-use-helper --unsafe-fixes`, or
agreed to in `--select single-use-helper --interactive`. Arguments take the place of parameters where they are evaluated once and in the same
order as before, or always are the same; others get a variable, as do those of the helper, by a new name where theirs is taken.
Where that is not possible, since the helper returns in the middle and the call is not itself returned, or since a name would mean
something else, it is not reported.

## Bloated

```python
import sys


class Report:
    def __init__(self, words):
        self.words = words

    def _longest(self, least):  # !
        found = [word for word in self.words if len(word) >= least]
        return max(found, key=len)

    def show(self, least=1):
        longest = self._longest(least)
        print(longest, _padded(longest, 8))


def _padded(text, width):  # !
    return text.ljust(width) + "|"


Report(sys.argv).show()
```

## Lean

```python
import sys


class Report:
    def __init__(self, words):
        self.words = words

    def show(self, least=1):
        found = [word for word in self.words if len(word) >= least]
        longest = max(found, key=len)
        print(longest, longest.ljust(8) + "|")


Report(sys.argv).show()
```

## Kept: it says something, it is long, it names what a comprehension or a condition is about, or it is used twice

```python
import sys


def _day(seconds):
    \"\"\"Round down to days of UTC.\"\"\"
    return seconds // 86400


def _total(words):
    total = 0
    for word in words:
        if word:
            total += len(word)
    return total


def _initial(word):
    return word[:1].upper()


def _is_flag(word):
    return word.startswith("-") and len(word) > 1


def _twice(word):
    return word + word


def main(words):
    print(_day(len(words)), _total(words), [_initial(word) for word in words])
    if _is_flag(words[0]):
        print(_twice("a"), _twice("b"))


main(sys.argv)
```
"""

from collections.abc import Iterator

from debloat.facts import data, ops
from debloat.model import Applicability, Evidence, Finding, Proof, RefusedError
from debloat.program import Program
from debloat.program.parameters import known_calls, target_evidence
from debloat.program.queries import Call, callers, code_lines, definitions, glance, users
from debloat.refactor.requests import Inline

TIER = Applicability.SUGGESTION
_MOST = 3  # lines below the def
_ASKING = frozenset({ops.IF, ops.WHILE, ops.BRANCH, ops.BOOL, ops.ASSERT, ops.CONDITIONAL, ops.UNARY})


def check(program: Program) -> Iterator[Finding]:
    """Report each function that is the body of one call."""
    for scope in definitions(program, data.FUNCTION):
        if not _is_small(program, scope) or len(glance(program, scope)[0]) > 1 or program.openings.first(scope):
            continue
        calls, known = known_calls(program, scope)
        if len(calls) != 1 or _names_a_concept(program, scope, calls[0]):
            continue
        span, name = program.index.span(scope), program.index.name(scope)
        if not _is_movable(program, scope):
            continue
        values = callers(program, scope).values
        proof = (
            *known,
            *target_evidence(program, scope, calls),
            *(
                Evidence("callers", Proof.UNKNOWN, program.index.place(value), "used as a value")
                for value in values[:1]
            ),
        )
        message = f"{name} is called at one place: put its code there"
        yield Finding(
            span, message, program.index.qualified(scope), proof, TIER, code_lines(span), refactoring=Inline(scope)
        )


def _is_small(program: Program, scope: int) -> bool:
    """Whether a function is private, of a few lines, and says no more than its code."""
    record, name = program.index.scopes[scope], program.index.name(scope)
    private = name.startswith("_") and not name.endswith("__")
    around = program.index.scopes[program.index.parent(scope)].kind
    refused = data.GENERATOR | data.READS_FRAME | data.DOCSTRING | data.TRIVIAL
    small = record.end_line - record.line <= _MOST and record.line == record.first_line
    return private and small and around in (data.MODULE, data.CLASS) and not record.flags & refused


def _is_movable(program: Program, scope: int) -> bool:
    """Whether the code may stand where the call does: else there is nothing to suggest."""
    try:
        return bool(Inline(scope).fix(program).edits)
    except RefusedError:
        return False


def _names_a_concept(program: Program, scope: int, call: Call) -> bool:
    """Whether a call reads better than what it does: a condition, or what is done to each item."""
    site = call.site
    here = program.index.scope_at(site)
    kind = program.index.scopes[here].kind
    asked = any(program.facts[site.file].code[user] in _ASKING for user in users(program, site))
    return (
        kind in (data.COMPREHENSION, data.LAMBDA)
        or asked
        or here == scope
        or site.file != program.index.file_of[scope]
        or program.files[site.file].tests
    )
