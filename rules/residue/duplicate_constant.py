"""Constants that several modules bind to the same value under the same name.

## What it finds

A name in capitals, or `__version__`, that two or more modules of one part of the project bind to the same text or number, once and for good. The one in a package's
`__init__`, in a module called like `constants` or `config`, or else the first, is taken to be the home; the others are shown.

## Why it is bloat

It has to be changed in all of them at once, and one is forgotten. Agents write down again what they could import.

## What proves it

- syntax: the modules have the same name for the same literal.

## What it leaves alone

Names that more than four modules have, each for itself; other names, what is bound more than once or to more than a literal, small numbers, texts of a letter or two, and private numbers, which may be alike by chance.

## Fix

None: whether they mean the same is for you to say. Import it from its home then.

## Bloated

```python app.py
import sys

from server import serve

MAX_RETRIES = 50  # !

print(MAX_RETRIES, serve(sys.argv))
```

```python constants.py
MAX_RETRIES = 50
```

```python server.py
from constants import MAX_RETRIES


def serve(arguments):
    return [argument for argument in arguments for _ in range(MAX_RETRIES)]
```

## Lean

```python app.py
import sys

from constants import MAX_RETRIES
from server import serve

print(MAX_RETRIES, serve(sys.argv))
```

```python constants.py
MAX_RETRIES = 50
```

```python server.py
from constants import MAX_RETRIES


def serve(arguments):
    return [argument for argument in arguments for _ in range(MAX_RETRIES)]
```

## Kept: another value, a small one, or a name of no constant

```python app.py
import server

LIMIT = 1
TIMEOUT = 20
name = "server"

print(LIMIT, TIMEOUT, name, server.LIMIT, server.TIMEOUT, server.name)
```

```python server.py
LIMIT = 1
TIMEOUT = 30
name = "server"
```
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator

from debloat.facts import ops
from debloat.model import Applicability, Evidence, Finding, Proof, Span
from debloat.program import Program
from debloat.program.index import Site

TIER = Applicability.SUGGESTION
ACROSS_FILES = True
_CONSTANT = re.compile(r"_?[A-Z][A-Z0-9_]{3,}|__version__")
_HOME = re.compile(r"(^|[._])(constants?|consts?|config|settings|defaults|version)$")
_SMALL = 10
_SHORT = 3
_MOST = 4  # modules that have a name


def check(program: Program) -> Iterator[Finding]:
    """Report each constant that another module has under the same name."""
    found: dict[tuple[str, str, object], list[Site]] = defaultdict(list)
    names: Counter[str] = Counter()
    for file in program.judged:
        fact, root = program.facts[file], program.part(program.files[file].path).root
        for number, stores in fact.scopes[0].bound.items():
            name = fact.names[number]
            names[name] += 1
            match stores:
                case [pc] if (
                    _CONSTANT.fullmatch(name) and fact.code[pc] == ops.STORE and fact.code[pc + 5] == ops.PLAIN
                ):
                    value = fact.code[pc + 4]
                    if fact.code[value] == ops.CONST and _tells(name, *fact.constants[fact.code[value + 3]]):
                        found[root, name, tuple(fact.constants[fact.code[value + 3]])].append(Site(file, pc))
    for (_, name, _), sites in found.items():
        if names[name] > _MOST:
            continue  # each module of a kind says it for itself
        home, *others = sorted(sites, key=lambda site: (not _is_home(program, site.file), site))
        there = program.index.place(home)
        for site in others:
            start = program.index.place(site)
            span = Span(start.path, start.line, start.column, start.line, start.column + len(name))
            evidence = (Evidence("syntax", Proof.PROVED, there, "the same name for the same literal"),)
            message = f"{name} is bound to the same value in {there.path}:{there.line}"
            symbol = f"{program.files[site.file].module}:{name}"
            yield Finding(span, message, symbol, evidence, TIER, 0)


def _is_home(program: Program, file: int) -> bool:
    source = program.files[file]
    return source.package or _HOME.search(source.module) is not None


def _tells(name: str, kind: str, value: object) -> bool:
    """Whether two constants of one name and value are hardly so by chance."""
    if kind in ("str", "bytes"):
        return not isinstance(value, str) or len(value) >= _SHORT
    return (kind == "float" or (kind == "int" and isinstance(value, int) and value >= _SMALL)) and name[0] != "_"
