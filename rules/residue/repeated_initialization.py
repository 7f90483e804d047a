"""Attributes that several subclasses of one base set in the same way.

## What it finds

Assignments to attributes in the `__init__` of classes with the same base that stand word by word in at least half of them: two or more such
assignments, or one in three classes.

## Why it is bloat

What all of them have is kept several times, and the next subclass copies it again. Agents write each class as if it were alone.

## What proves it

- hierarchy: the classes have the base in common.
- syntax: the assignments are the same, and stand at the top of the `__init__`.

## What it leaves alone

What only stores a parameter, classes whose base is from outside or without a second heir that has an `__init__`, and tests.

## Fix

None: the base may set them, if that is what all its subclasses need.

## Bloated

```python
import sys


class Checker:
    pass


class WebChecker(Checker):
    def __init__(self, url):
        self.url = url
        self.headers = None  # !
        self.timeout = 0


class MailChecker(Checker):
    def __init__(self, server):
        self.headers = None  # !
        self.timeout = 0
        self.server = server


print(vars(WebChecker(sys.argv[0])), vars(MailChecker(sys.argv[0])))
```

## Lean

```python
import sys


class Checker:
    def __init__(self):
        self.headers = None
        self.timeout = 0


class WebChecker(Checker):
    def __init__(self, url):
        super().__init__()
        self.url = url


class MailChecker(Checker):
    def __init__(self, server):
        super().__init__()
        self.server = server


print(vars(WebChecker(sys.argv[0])), vars(MailChecker(sys.argv[0])))
```

## Kept: they differ, or only store what they are given

```python
import sys


class Shape:
    pass


class Square(Shape):
    def __init__(self, name, size):
        self.name = name
        self.size = size
        self.corners = 4
        self.round = False


class Circle(Shape):
    def __init__(self, name, size):
        self.name = name
        self.size = size
        self.corners = 0
        self.round = True


print(vars(Square("a", len(sys.argv))), vars(Circle("b", 2)))
```
"""

import ast
from collections import Counter
from collections.abc import Iterator, Mapping

from debloat.facts import data
from debloat.model import Applicability, Evidence, Finding, Proof
from debloat.program import Program
from debloat.program.queries import all_definitions
from debloat.refactor.places import span_of
from debloat.refactor.source import source

TIER = Applicability.SUGGESTION
ACROSS_FILES = True


def check(program: Program) -> Iterator[Finding]:
    """Report the first of each run of assignments that other subclasses make as well."""
    judged = frozenset(program.judged)
    for base in all_definitions(program, data.CLASS):
        heirs = [cls for cls in program.hierarchy.subclasses(base) if base in program.hierarchy.bases(cls)]
        found = {
            scope: _assigned(program, scope)
            for cls in heirs
            for scope in program.index.children.get(cls, ())
            if program.index.name(scope) == "__init__" and program.index.file_of[scope] in judged
        }
        counts = Counter(text for texts in found.values() for text in texts.values())
        for scope, texts in found.items() if len(found) > 1 else ():
            shared = {node: text for node, text in texts.items() if counts[text] > 1 and 2 * counts[text] >= len(found)}
            if len(shared) > 1 or any(counts[text] > 2 for text in shared.values()):
                yield from _findings(program, base, scope, shared)


def _assigned(program: Program, scope: int) -> Mapping[ast.stmt, str]:
    """The assignments of an ``__init__`` to attributes of its object, save those of a mere parameter, with their text."""
    span = program.index.span(scope)
    definition = source(program, span.path).statement(span.line, span.column)
    found: dict[ast.stmt, str] = {}
    for node in getattr(definition, "body", ()):
        match node:
            case ast.Assign(targets=[ast.Attribute(value=ast.Name(id="self"))], value=value):
                if not isinstance(value, ast.Name):
                    found[node] = ast.unparse(node)
    return found


def _findings(program: Program, base: int, scope: int, shared: Mapping[ast.stmt, str]) -> Iterator[Finding]:
    runs: list[list[ast.stmt]] = []
    for node in shared:
        if runs and node.lineno == (runs[-1][-1].end_lineno or 0) + 1:
            runs[-1].append(node)
        else:
            runs.append([node])
    name = program.index.name(base)
    for run in runs:
        span = span_of(program.index.span(scope).path, run[0])
        span = span._replace(end_line=run[-1].end_lineno or 0, end_column=run[-1].end_col_offset or 0)
        evidence = (
            Evidence("hierarchy", Proof.PROVED, program.index.span(base), "the base that they have in common"),
            Evidence("syntax", Proof.PROVED, span, "other subclasses do the same"),
        )
        what = f"{shared[run[0]]} stands" if len(run) == 1 else f"{len(run)} assignments stand"
        message = f"{what} in other subclasses of {name} too"
        yield Finding(span, message, program.index.qualified(scope), evidence, TIER, 0)
