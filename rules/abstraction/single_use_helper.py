"""Small functions that are called at one place.

## What it finds

A private function or method of at most three lines below its `def`, without a docstring, that one call in the same file uses and nothing
else, tests included. And any function of one or two lines with one call, in whatever file (of a method on the same object), whose name and
docstring say nothing that its code does not: `def get_version(): return VERSION`.

## Why it is bloat

A name earns its place by being used again or by saying what the code does not. A helper of two lines that one caller needs sends its
reader away and back for nothing.

## What proves it

- callers: the one call is seen, it surely calls this function, and nothing uses the function as a value.
- hierarchy: no class overrides the method or is overridden by it.

## What it leaves alone

Helpers with a docstring that has something to say; longer ones; those that name a condition, or what is done to each item of a
comprehension; decorated ones, generators, and what calls itself. What only gives back a parameter or an attribute is
`needless-accessor`'s. Where a name has a word that the code has not, beside a verb like
get or create, or the code knows a text or a number, it may be worth having, for you to judge: that is only a suggestion.

## Fix

Unsafe where the name says no more than the code, else a suggestion: put the code in the place of the call. A suggestion is done when this rule is
named, with `--select single-use-helper --unsafe-fixes`, or agreed to in `--select single-use-helper --interactive`. Arguments take
the place of parameters where they are evaluated once and in the same
order as before, or always are the same; others get a variable, as do those of the helper, by a new name where theirs is taken.
Where that is not possible, since the helper returns in the middle and the call is not itself returned, or since a name would mean
something else, it is not reported.

## Bloated

```python app.py
import sys

from version import get_version


class Graph:
    def __init__(self, nodes):
        self.nodes = {}
        for node in nodes:
            self.add_node(node)

    def add_node(self, node):  # !
        \"\"\"Add a node.\"\"\"
        self.nodes[node] = len(node)
        self.nodes.update(sorted=sorted(self.nodes))


def _print_words(words):  # !
    print(*words)


graph = Graph(sys.argv)
_print_words(sorted(graph.nodes))
print(get_version())
```

```python version.py
VERSION = "1.0"


def get_version():  # !
    return VERSION
```

## Lean

```python app.py
import sys

from version import VERSION


class Graph:
    def __init__(self, nodes):
        self.nodes = {}
        for node in nodes:
            self.nodes[node] = len(node)
            self.nodes.update(sorted=sorted(self.nodes))


graph = Graph(sys.argv)
print(*sorted(graph.nodes))
print(VERSION)
```

```python version.py
VERSION = "1.0"
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


def greeting(word):
    return "dear " + word


def main(words):
    print(_day(len(words)), _total(words), [_initial(word) for word in words], greeting(words[0]))
    if _is_flag(words[0]):
        print(_twice("a"), _twice("b"))


main(sys.argv)
```
"""

from collections.abc import Iterator

from debloat.facts import data, ops
from debloat.model import Applicability, Evidence, Finding, Proof, RefusedError
from debloat.program import Program
from debloat.program.forwarding import forwards
from debloat.program.handed import handed
from debloat.program.index import Site
from debloat.program.parameters import known_calls, target_evidence
from debloat.program.queries import Call, callers, code_lines, definitions, glance, receiver_class, users
from debloat.program.telling import says_more
from debloat.program.wrapping import wrappers
from debloat.refactor.requests import Inline

TIER = Applicability.UNSAFE
_MOST = 3  # lines below the def of a private function
_FEW = 2  # lines below that of any other, and of what goes without more ado
_CHOOSING = frozenset({ops.IF, ops.CONDITIONAL, ops.COMPREHENSION, ops.LAMBDA, ops.FOR, ops.WHILE, ops.TRY, ops.WITH})
_ASKING = frozenset({ops.IF, ops.WHILE, ops.BRANCH, ops.BOOL, ops.ASSERT, ops.CONDITIONAL, ops.UNARY})


def check(program: Program) -> Iterator[Finding]:
    """Report each function that is the body of one call."""
    for scope in definitions(program, data.FUNCTION):
        if not _is_small(program, scope) or handed(program, scope):
            continue
        bare = _length(program, scope) <= _FEW and not _says_more(program, scope)
        private = program.index.name(scope).startswith("_") and not program.index.scopes[scope].flags & data.DOCSTRING
        if not (bare or private) or len(glance(program, scope)[0]) > 1 or program.openings.first(scope):
            continue
        calls, known = known_calls(program, scope)
        if len(calls) != 1 or _names_a_concept(program, scope, calls[0]):
            continue
        told = bare and _is_near(program, scope, calls[0])
        if not (told or private) or scope in program.find(_passed_on) or not _is_movable(program, scope):
            continue
        span, name = program.index.span(scope), program.index.name(scope)
        values = callers(program, scope).values
        proof = (
            *known,
            *target_evidence(program, scope, calls),
            *(
                Evidence("callers", Proof.UNKNOWN, program.index.place(value), "used as a value")
                for value in values[:1]
            ),
        )
        message = (
            f"{name} is called at one place{', and says no more than its code' if told else ''}: put its code there"
        )
        tier, symbol = TIER if told else Applicability.SUGGESTION, program.index.qualified(scope)
        yield Finding(span, message, symbol, proof, tier, code_lines(span), refactoring=Inline(scope))


def _is_small(program: Program, scope: int) -> bool:
    """Whether a function is of a few lines, with no docstring that tells anything: of fewer if it is not private."""
    record, name = program.index.scopes[scope], program.index.name(scope)
    most = _MOST if name.startswith("_") else _FEW
    around = program.index.scopes[program.index.parent(scope)].kind
    refused = data.GENERATOR | data.READS_FRAME | data.TRIVIAL
    listed = name in (program.facts[program.index.file_of[scope]].exported or ())
    plain = record.line == record.first_line and not name.endswith("__") and not (listed or record.flags & refused)
    return plain and around in (data.MODULE, data.CLASS) and 0 <= _length(program, scope) <= most


def _length(program: Program, scope: int) -> int:
    """The lines below the ``def``, but for a docstring that only restates the code; -1 with one that tells something."""
    record, file = program.index.scopes[scope], program.index.file_of[scope]
    if not record.flags & data.DOCSTRING:
        return record.end_line - record.line
    local = scope - program.index.base[file]
    ends = [one.end_line for one in program.facts[file].restating if one.scope == local and not one.missing]
    return record.end_line - max(ends) if ends else -1


def _passed_on(program: Program) -> set[int]:
    """The functions that only pass their arguments on, of which another rule speaks."""
    return {one.scope for one in forwards(program)} | {one.scope for one in wrappers(program)}


def _is_near(program: Program, scope: int, call: Call) -> bool:
    """Whether a function is called where what it uses is at home: a method is, by another method of its object."""
    cls = program.index.enclosing_class(scope)
    callee = Site(call.site.file, program.facts[call.site.file].code[call.site.pc + 5])
    return cls < 0 or receiver_class(program, callee) == cls


def _says_more(program: Program, scope: int) -> bool:
    """Whether a function is more than a name for a few calls: its name says something, or it chooses or repeats."""
    fact = program.facts[program.index.file_of[scope]]
    local = scope - program.index.base[program.index.file_of[scope]]
    return says_more(program, scope) or any(fact.code[pc] in _CHOOSING for pc in fact.instructions(local))


def _is_movable(program: Program, scope: int) -> bool:
    """Whether the code may stand where the call does: else there is nothing to suggest."""
    try:
        return bool(Inline(scope).fix(program).edits)
    except RefusedError:
        return False


def _names_a_concept(program: Program, scope: int, call: Call) -> bool:
    """Whether a call reads better than what it does: a condition, what is done to each item, or what is of another module."""
    site = call.site
    here = program.index.scope_at(site)
    kind = program.index.scopes[here].kind
    asked = any(program.facts[site.file].code[user] in _ASKING for user in users(program, site))
    apart = site.file != program.index.file_of[scope]
    return (
        kind in (data.COMPREHENSION, data.LAMBDA)
        or asked
        or here == scope
        or ((apart or not program.index.name(scope).startswith("_")) and _says_more(program, scope))
        or program.files[site.file].tests
    )
