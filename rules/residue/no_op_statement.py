"""Statements that do nothing.

## What it finds

A `pass` beside other statements or a docstring; an `else` that only passes; a `return` without a value at the end of a function, and a `continue` at the end of a
loop; an expression as a statement that only looks at variables; in a function, a variable that is assigned to itself, and a call as a statement of
a function of the program that only computes what it returns.

## Why it is bloat

Whoever reads it looks for what it is for. Most of it was left behind when the code around it changed, and so do fixes, which take it along.

## What proves it

- syntax: the statement is of such a form, and its block has another one.
- purity: what it evaluates does nothing and cannot raise. That nobody calls a function to see whether it fails is assumed.

## What it leaves alone

`...`, which says that something is left out; expressions that may do something or fail, as those that ask whether a name is there; strings; what modules and classes assign to themselves.

## Fix

Safe: delete the statement, or the `else`. Unsafe for a call, and where a comment goes with it.

## Bloated

```python
import sys


class SizeError(Exception):
    '''A size that is too large.'''

    pass  # !


def unit(size):
    return "cm" if size < 100 else "m"


def check(sizes):
    limit = 3
    limit == 4  # !
    unit(limit)  # !
    for size in sizes:
        sizes = sizes  # !
        if size > limit:
            raise SizeError(size)
        else:
            pass  # !
        print(size, unit(size))
        continue  # !
    return  # !


check(map(len, sys.argv))
```

## Lean

```python
import sys


class SizeError(Exception):
    '''A size that is too large.'''


def unit(size):
    return "cm" if size < 100 else "m"


def check(sizes):
    limit = 3
    for size in sizes:
        if size > limit:
            raise SizeError(size)
        print(size, unit(size))


check(map(len, sys.argv))
```

## Kept: it does something, or is all there is

```python
import sys
from typing import Protocol


class Sized(Protocol):
    '''What has a size.'''

    def size(self):
        '''Give the size.'''
        ...


class Empty(Exception):
    pass


PRICES = {"a": 1}


def price(name):
    return PRICES[name]


def logged(name):
    print(name)
    return name


def known(name):
    if name not in PRICES:
        raise KeyError(name)
    return name


def show(sized: Sized):
    try:
        unicode
        price("b")
    except (NameError, KeyError):
        pass
    logged("b")
    known("a")
    sized.size
    if sized:
        return
    print(sized)


print(Empty, Sized, show)
show(sys.argv)
```
"""

from collections.abc import Iterator

from debloat.facts import data, ops
from debloat.model import Applicability, Evidence, Finding, Proof, Span
from debloat.program import Program
from debloat.program.index import Site
from debloat.refactor.requests import Erase
from debloat.refactor.source import source
from debloat.values.report import callees, symbol
from debloat.values.spare import only_computes, spare_evidence
from debloat.values.unmissed import is_unmissed
from debloat.values.vacant import is_empty

TIER = Applicability.SAFE
_SAYS = {
    data.PASS: "pass stands beside other statements",
    data.ELSE: "this else does nothing",
    data.RETURN: "return stands where the function ends anyway",
    data.CONTINUE: "continue stands where the loop goes on anyway",
}


def check(program: Program) -> Iterator[Finding]:
    """Report each statement that does nothing."""
    for file in program.judged:
        fact, path = program.facts[file], program.files[file].path
        for one in fact.idle:
            span = Span(path, *one[1:5])
            if one.kind in _SAYS:
                evidence = Evidence("syntax", Proof.PROVED, span, _SAYS[one.kind])
                name, message = path, f"{_SAYS[one.kind]}: delete it"
            elif one.kind != data.TEXT and _is_idle(program, Site(file, one.pc), one.kind):
                evidence = Evidence("purity", Proof.PROVED, span, "evaluating it has no effect and cannot raise")
                name, message = symbol(program, Site(file, one.pc)), "this statement does nothing: delete it"
            else:
                continue
            yield Finding(span, message, name, (evidence,), TIER, 1, refactoring=Erase(span))
        for pc in ops.instructions(fact.code, 0, len(fact.code)):
            site = Site(file, pc)
            if fact.code[pc] == ops.EXPR and _is_vain(program, site):
                span = program.index.place(site)
                evidence = spare_evidence(program, Site(file, fact.code[pc + 3]))
                message = "this call only computes what nobody takes: delete it"
                name = symbol(program, site)
                yield Finding(span, message, name, (evidence,), Applicability.UNSAFE, 1, refactoring=Erase(span))


def _is_vain(program: Program, site: Site) -> bool:
    """Whether a statement only calls functions of the program that compute, where nothing waits for what they raise."""
    code = program.facts[site.file].code
    if code[site.pc + 3] < 0 or code[code[site.pc + 3]] != ops.CALL:
        return False
    value = Site(site.file, code[site.pc + 3])
    called = callees(program, value)
    functions = [atom[1] for atom in called if atom[0] in ("function", "method")]
    if not called or len(functions) < len(called) or any(is_empty(program, function) for function in functions):
        return False  # what is empty is no-subscriber's
    place = program.index.place(site)
    text = source(program, place.path)
    return only_computes(program, value) and not text.is_tried(text.statement(place.line, place.column))


def _is_idle(program: Program, site: Site, kind: int) -> bool:
    """Whether a statement only evaluates what nobody misses, or assigns a variable of a function to itself."""
    index, code = program.index, program.facts[site.file].code
    if kind == data.LOOK:
        return is_unmissed(program, Site(site.file, code[site.pc + 3]))
    record, number = index.scopes[index.scope_at(site)], code[site.pc + 3]
    return (
        record.kind == data.FUNCTION
        and number not in (*record.globals, *record.nonlocals)
        and is_unmissed(program, Site(site.file, code[site.pc + 4]))
    )
