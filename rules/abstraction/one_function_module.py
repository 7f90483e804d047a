"""Modules that hold one function, which one other module imports.

## What it finds

In an application, a module of at most 80 lines in which one function is defined and hardly anything else, and that one module imports, tests left out.

## Why it is bloat

A file, an import and a name for what is part of the module that uses it. Agents make a file for each function that they add.

## What proves it

- reachability: one module of the program imports it, tests left out, and it runs nothing as a script.
- syntax: it binds the function, what it imports, and two constants at most.

## What it leaves alone

Modules that another package uses, or that are only imported where they are needed; libraries, where others may name the module; packages, scripts, and modules with classes; functions with a decorator, which may register them.

## Fix

None: the function may move to the module that uses it, or to one that is about the same. `[tool.debloat.rules.one-function-module]` sets `most-lines`.

## Bloated

```python app.py
import sys

from shorten import shorten

print([shorten(word) for word in sys.argv])
```

```python shorten.py
LIMIT = 30  # !


def shorten(word):
    return word[:LIMIT]
```

## Lean

```python app.py
import sys

LIMIT = 30


def shorten(word):
    return word[:LIMIT]


print([shorten(word) for word in sys.argv])
```

## Kept: two functions, two users, or a script

```python app.py
import sys

import words
from shorten import shorten

print(shorten(words.first(sys.argv)), words.last(sys.argv))
```

```python other.py
from shorten import shorten

if __name__ == "__main__":
    print(shorten("other"))
```

```python shorten.py
def shorten(word):
    return word[:30]
```

```python words.py
def first(words):
    return words[0]


def last(words):
    return words[-1]
```
"""

from collections.abc import Iterator

from debloat.facts import data, ops
from debloat.model import Applicability, Evidence, Finding, Proof, Span
from debloat.program import Program
from debloat.program.modules import imports
from debloat.program.queries import code_lines, world_evidence
from debloat.program.reach import production
from debloat.worlds import World

TIER = Applicability.SUGGESTION
ACROSS_FILES = True
THRESHOLDS = {"most-lines": 80}
_MOST_CONSTANTS = 2


def check(program: Program) -> Iterator[Finding]:
    """Report each module of one function with one importer."""
    live, loaded = program.ask(production), program.ask(imports)
    for file in program.judged:
        fact, source = program.facts[file], program.files[file]
        part, scope = program.part(source.path), program.index.base[file]
        most = part.config.limits("one-function-module", THRESHOLDS)["most-lines"]
        if part.world is World.LIBRARY or source.package or fact.flags & data.MAIN_GUARD or fact.lines > most:
            continue
        only = _function(fact)
        users = [other for other, modules in enumerate(loaded) if file in modules and not program.files[other].tests]
        if only is None or len(users) != 1 or not live.scope(scope) or not _is_beside(program, users[0], file):
            continue
        span = Span(source.path, 1, 0, 1, 0)
        user = Span(program.files[users[0]].path, 1, 0, 1, 0)
        evidence = (
            Evidence("reachability", Proof.PROVED, user, "no other module imports it"),
            Evidence("syntax", Proof.PROVED, program.index.span(scope + only), "the one function that it defines"),
            *world_evidence(program, scope),
        )
        name = program.index.name(scope + only)
        message = f"module only holds {name}, which only {program.files[users[0]].module} imports"
        lines = fact.lines - code_lines(program.index.span(scope + only))
        yield Finding(span, message, source.module, evidence, TIER, lines)


def _is_beside(program: Program, user: int, file: int) -> bool:
    """Whether a module of the same package imports another one as it is loaded."""
    packages = {program.files[one].module.rpartition(".")[0] for one in (user, file)}
    return (
        user != file
        and len(packages) == 1
        and any(
            not one.scope and ("module", file) in program.names.module(program.index.target_module(user, number))
            for number, one in enumerate(program.facts[user].imports)
        )
    )


def _function(fact: data.Facts) -> int | None:
    """The function that is all that a module defines, beside imports and a constant or two."""
    only: list[int] = []
    constants = 0
    for stores in fact.scopes[0].bound.values():
        for pc in stores:
            value = fact.code[pc + 4] if fact.code[pc] == ops.STORE else -1
            if value >= 0 and fact.code[value] == ops.FUNCTION and not fact.code[value + 4]:
                only.append(fact.code[value + 3])
            elif value < 0 or fact.code[value] == ops.CLASS or fact.code[pc + 5] not in (ops.PLAIN, ops.IMPORT):
                return None
            else:
                constants += fact.code[pc + 5] == ops.PLAIN
    return only[0] if len(only) == 1 and constants <= _MOST_CONSTANTS else None
