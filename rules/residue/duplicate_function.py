"""Functions that do exactly what another one does.

## What it finds

Module-level functions of the same project part with equal bodies, whatever their local names are called, of at least
two statements or four lines. Every copy but one is reported; the one to keep is public if one is, else the most used.

## Why it is bloat

A fix to one of them misses the others. Agents write a helper anew when they do not see the one that is there.

## What proves it

- type: each name that is not local stands for the same function, class, module or variable in both; so do the defaults.
- callers: the copy has no opening (see `debloat why`), and its callers fit the function that stays.

## What it leaves alone

Decorated functions, methods, copies in different top-level packages (they may be installed apart), functions that read
something of their own module such as `__name__`, a logger or a cache, and copies that outsiders may use.

## Fix

Safe: redirect all uses to the function that stays, its arguments and imports included, and delete the copy. Not where the
import would close a cycle or is needed for what it does. Unsafe where the copy goes to unknown code as a value, since its
name can be seen there.

## Bloated

```python shop/names.py
def format_sku(sku):
    parts = sku.strip().split("-")
    joined = "-".join(part.upper() for part in parts)
    return joined or None
```

```python shop/stock.py
from shop.names import format_sku


def _normalize(code):  # !
    pieces = code.strip().split("-")
    result = "-".join(piece.upper() for piece in pieces)
    return result or None


def show(sku):
    print(_normalize(sku), format_sku(sku))
```

```python app.py
from shop.names import format_sku
from shop.stock import show

show(format_sku("a-1"))
```

## Lean

```python shop/names.py
def format_sku(sku):
    parts = sku.strip().split("-")
    joined = "-".join(part.upper() for part in parts)
    return joined or None
```

```python shop/stock.py
from shop.names import format_sku


def show(sku):
    print(format_sku(sku), format_sku(sku))
```

```python app.py
from shop.names import format_sku
from shop.stock import show

show(format_sku("a-1"))
```

## Kept: the same words mean different things

```python shop/a.py
import logging

_log = logging.getLogger(__name__)
_seen = set()


def note(key):
    _log.info(key)
    if key not in _seen:
        _seen.add(key)
        print(key)


def where(key):
    name = __name__
    text = f"{name}: {key}"
    print(text)


def text(key):
    shown = f"<{key}>"
    print(shown)
    print(key)


def kind(key):
    match key:
        case []:
            print("empty")
            return 0
        case _:
            return 1
```

```python shop/b.py
import logging

_log = logging.getLogger(__name__)
_seen = set()


def note(key):
    _log.info(key)
    if key not in _seen:
        _seen.add(key)
        print(key)


def where(key):
    name = __name__
    text = f"{name}: {key}"
    print(text)


def text(key):
    shown = f"<{key!r}>"
    print(shown)
    print(key)


def kind(key):
    match key:
        case {}:
            print("empty")
            return 0
        case _:
            return 1
```

```python app.py
from shop import a, b

for module in (a, b):
    module.note("x")
a.where("x")
b.where("x")
a.text("x")
b.text("x")
a.kind([])
b.kind({})
```

## Kept: handlers that are registered each under its own name

```python app.py
import plugins


@plugins.register("csv")
def read_csv(path):
    with open(path) as file:
        text = file.read()
        return text.split(",")


@plugins.register("tsv")
def read_tsv(path):
    with open(path) as file:
        text = file.read()
        return text.split(",")
```
"""

from collections.abc import Iterator

from debloat.facts import data, ops
from debloat.model import Applicability, Evidence, Finding, Proof
from debloat.program import Program
from debloat.program.mentions import mentions
from debloat.program.queries import all_definitions, callers, code_lines, world_evidence
from debloat.program.reach import production
from debloat.program.shapes import alike
from debloat.refactor.requests import Redirect

TIER = Applicability.SAFE
ACROSS_FILES = True


def check(program: Program) -> Iterator[Finding]:
    """Report all functions of a group that do the same but the one to keep."""
    for group in alike(program, _candidates(program)):
        if _is_large(program, group[0]):
            kept, *copies = sorted(group, key=lambda scope: _worth(program, scope), reverse=True)
            for copy in copies:
                if _home(program, copy) == _home(program, kept):
                    yield _finding(program, kept, copy)


def _candidates(program: Program) -> Iterator[int]:
    live = program.ask(production)
    for scope in all_definitions(program, data.FUNCTION):
        record = program.index.scopes[scope]
        if record.parent == 0 and not record.flags & data.READS_FRAME and record.line == record.first_line:
            module = program.index.scopes[program.index.parent(scope)]
            if len(module.bound[record.name]) == 1 and live.scope(scope):
                yield scope


def _is_large(program: Program, scope: int) -> bool:
    fact = program.facts[program.index.file_of[scope]]
    body = list(fact.instructions(scope - program.index.base[program.index.file_of[scope]]))
    statements = [pc for pc in body if fact.code[pc] >= ops.STORE and fact.code[pc] not in (ops.BRANCH, *ops.SECTIONS)]
    lines = program.index.scopes[scope].end_line - min((fact.code[pc + 1] for pc in body), default=0) + 1
    return len(statements) >= 2 or (len(statements) > 0 and lines >= 4)


def _worth(program: Program, scope: int) -> tuple[bool, int, int]:
    """What makes a copy the one to keep: outsiders may use it, much reads its name, it comes first."""
    opened = program.openings.first(scope) is not None
    return opened, len(program.index.readers.get(program.index.name(scope), ())), -scope


def _home(program: Program, scope: int) -> tuple[str, str]:
    """The part of the project and the top-level package, beyond which nothing may be shared."""
    file = program.files[program.index.file_of[scope]]
    package = file.module.partition(".")[0] if "." in file.module or file.package else ""
    return program.part(file.path).root, package


def _finding(program: Program, kept: int, copy: int) -> Finding:
    span, there = program.index.span(copy), program.index.span(kept)
    name = program.index.qualified(copy)
    evidence = [Evidence("type", Proof.PROVED, there, "does the same, with the same functions, modules and variables")]
    if opening := program.openings.first(copy):
        evidence.append(Evidence("callers", Proof.UNKNOWN, program.index.place(opening[1]), opening[0]))
    else:
        doubts = [Evidence("callers", Proof.ASSUMED, span, doubt) for doubt in _doubts(program, kept, copy)]
        evidence += doubts or [Evidence("callers", Proof.PROVED, span, "all its callers are known")]
    evidence += world_evidence(program, copy)
    shown = program.index.qualified(kept).replace(":", ".")
    message = f"function {program.index.name(copy)} does the same as {shown} ({there.path}:{there.line})"
    names = zip(_parameters(program, copy), _parameters(program, kept), strict=True)
    redirect = Redirect(copy, kept, tuple((old, new) for old, new in names if old != new))
    return Finding(span, message, name, tuple(evidence), TIER, code_lines(span), refactoring=redirect)


def _doubts(program: Program, kept: int, copy: int) -> Iterator[str]:
    """What redirecting the callers may change beside what they call."""
    found = callers(program, copy)
    if found.openings:
        yield f"its name is taken not to matter where it goes to unknown code ({found.openings[0][0]})"
    file = program.index.file_of[copy]
    for index in program.index.scopes[copy].loads if file != program.index.file_of[kept] else ():
        name = program.facts[file].names[index]
        if name in program.ask(mentions) and program.index.resolve(copy, index) == program.index.base[file]:
            yield f"{name}, which is named in a string, is taken not to be replaced in one of the two modules alone"


def _parameters(program: Program, scope: int) -> list[str]:
    names = program.facts[program.index.file_of[scope]].names
    return [names[parameter.name] for parameter in program.index.scopes[scope].parameters]
