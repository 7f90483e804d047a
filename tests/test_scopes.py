"""Our scope resolution against Python's own symbol tables, on the standard library and on the odd corners."""

from __future__ import annotations

import os
import random
import symtable
import sys
import sysconfig
import warnings
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from debloat.facts import data
from debloat.facts.data import unpack
from debloat.facts.extract import extract
from debloat.program.index import Index
from debloat.source import SourceFile

STANDARD_LIBRARY = Path(sysconfig.get_path("stdlib"))
# DEBLOAT_ALL_SCOPES=1 reads the whole standard library.
SAMPLE = 0 if os.environ.get("DEBLOAT_ALL_SCOPES") else 250
KINDS = {data.CLASS: "class", data.FUNCTION: "function", data.LAMBDA: "lambda", data.COMPREHENSION: "comprehension"}
NAMED = {"lambda": "lambda", **dict.fromkeys(("genexpr", "listcomp", "setcomp", "dictcomp"), "comprehension")}
# Since 3.12 a comprehension's variables are its function's, and it has no table.
INLINED = sys.version_info >= (3, 12)

Where = tuple[str, int]  # kind and line
Resolved = dict[str, str]  # a name and whose it is


def ours(source: bytes) -> Counter[tuple[Where, frozenset[tuple[str, str]]]]:
    facts = unpack(extract(source))
    index = Index([SourceFile("a.py", "a", (), False, False, False, False)], [facts])

    def where(scope: int) -> Where:
        record = facts.scopes[scope]
        return KINDS.get(record.kind, "module"), record.line

    def owner(scope: int, name: int) -> str:
        home = index.resolve(scope, name)
        if home <= 0:
            return "module"
        return "own" if home == scope else str(where(home))

    return Counter(
        (where(scope), frozenset((facts.names[name], owner(scope, name)) for name in record.loads))
        for scope, record in enumerate(facts.scopes)
        if record.kind in KINDS
    )


def pythons(source: bytes) -> Counter[tuple[Where, frozenset[tuple[str, str]]]]:
    def walk(table: symtable.SymbolTable, around: list[symtable.SymbolTable]) -> Iterator[tuple[Where, Resolved]]:
        if table.get_type() in ("class", "function"):
            yield where(table), {s.get_name(): owner(table, s, around) for s in table.get_symbols()}
        for child in table.get_children():
            yield from walk(child, [*around, table])

    def where(table: symtable.SymbolTable) -> Where:
        kind = str(table.get_type()) if table.get_type() == "class" else NAMED.get(table.get_name(), "function")
        return kind, table.get_lineno()

    def owner(table: symtable.SymbolTable, symbol: symtable.Symbol, around: list[symtable.SymbolTable]) -> str:
        if symbol.is_free():
            for outer in reversed(around):
                if outer.get_type() != "class" and symbol.get_name() in outer.get_identifiers():
                    found = outer.lookup(symbol.get_name())
                    if found.is_local():
                        return generic(outer, table)
            return "module"  # __class__, the cell of a class: nothing that we know
        return "own" if symbol.is_local() else "module"

    def generic(outer: symtable.SymbolTable, table: symtable.SymbolTable) -> str:
        """A type parameter is a variable of its definition for us, of a scope around it for Python."""
        if "function" not in str(outer.get_type()) and outer.get_type() != "class":
            (inner,) = (child for child in outer.get_children() if child.get_name() == outer.get_name())
            return "own" if inner is table else str(where(inner))
        return str(where(outer))

    top = symtable.symtable(source, "a.py", "exec")  # type: ignore[arg-type]
    return Counter((place, frozenset(names.items())) for place, names in walk(top, []))


def differences(source: bytes) -> list[str]:
    """Each scope whose names we resolve otherwise than Python."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = pythons(source)
    by_place: dict[Where, list[dict[str, str]]] = {}
    for (place, names), count in theirs.items():
        by_place.setdefault(place, []).extend([dict(names)] * count)
    wrong = []
    for (place, names), count in ours(source).items():
        tables = by_place.get(place, [])
        if INLINED and place[0] == "comprehension" and not tables:
            continue
        # Names in quoted annotations are read by us alone.
        fitting = [
            table
            for table in tables
            if all(table.get(name, whose) == whose or (INLINED and "comprehension" in whose) for name, whose in names)
        ]
        if len(fitting) < count:
            wrong.append(f"{place}: ours {sorted(names)}, Python's {[sorted(t.items()) for t in tables]}")
    return wrong


def read_by_python(source: bytes) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            symtable.symtable(source, "a.py", "exec")  # type: ignore[arg-type]
        except (SyntaxError, ValueError):
            return False
    return True


def test_the_standard_library() -> None:
    parts_left_out = {"test", "tests", "site-packages", "idlelib", "lib2to3"}
    files = sorted(path for path in STANDARD_LIBRARY.rglob("*.py") if parts_left_out.isdisjoint(path.parts))
    if SAMPLE:
        files = random.Random(0).sample(files, SAMPLE)
    wrong = []
    for path in files:
        source = path.read_bytes()
        if read_by_python(source):
            wrong += [f"{path}: {line}" for line in differences(source)]
    assert not wrong, "\n".join(wrong[:20])


def by_heading(text: str) -> dict[str, str]:
    """The programs in a text, each below a comment that is its name."""
    return {part.partition("\n")[0]: part.partition("\n")[2] for part in text.split("# ")[1:]}


CORNERS = by_heading("""\
# class scope
x = 1
class C:
    x = 2
    y = x
    def f(self):
        return x
# class in function
def f():
    x = 1
    class C:
        y = x
        def g(self):
            return x, y
# comprehension in class
class C:
    xs = [1]
    k = 2
    ys = [x * k for x in xs for z in k]
# nested comprehension
def f(xs):
    return [[a + b for a in xs] for b in xs]
# walrus
def f(xs):
    if any((hit := x) for x in xs):
        return hit
# walrus at top
ys = [y := 1 for x in range(3)]
def f():
    return y
# walrus global
def f(xs):
    global hit
    [hit := x for x in xs]
    return hit
# walrus nonlocal
def f(xs):
    hit = 0
    def g():
        nonlocal hit
        [hit := x for x in xs]
        return hit
# nonlocal of walrus
def f(ys):
    def g():
        nonlocal x
        x = 1
        return x
    [x := y for y in ys]
# nonlocal
def f():
    x = 1
    def g():
        nonlocal x
        x += 1
        def h():
            return x
    return x
# global shields
def f():
    x = 1
    def g():
        global x
        def h():
            return x
# global in class
def f():
    x = 1
    class C:
        global x
        y = x
        def g(self):
            return x
# global of another
def f():
    global x
    x = 1
def g():
    return x
# mangled
class _C:
    __x = 1
    y = __x
    def f(self, __p, q=__x):
        __v = __p
        return __v, __g, __d__
# mangled by underscores
class __:
    __x = 1
    y = __x
# mangled inside
class A:
    def f(self):
        class __B:
            __x = 1
            y = __x
        return __B
# except
def f():
    try:
        g()
    except E as e:
        return e
    return e
# match
def f(v):
    match v:
        case [a, *b] | {'k': a, **b}:
            return a, b
        case C(x=c) as d:
            return c, d
# defaults
x = 1
def f(x=x, y=lambda x=x: x):
    return [x for x in x]
# decorated
def f(d):
    @d
    @d(lambda d: d)
    def g():
        return d
    return g
# deleted
def f():
    x = 1
    del x
    return x
# with import
def f():
    import os.path, a.b as c
    with c() as d, d as (e, *g):
        return os, e, g
# loop
def f():
    for i, (j, k[0]) in xs:
        pass
    else:
        return i, j, k
# annotated
def f():
    x: int
    y: x = 1
    return x
# class of a method
class C:
    def f(self):
        return super().f(), __class__
# class body loop
class C:
    for i in range(3):
        a = i
    b = lambda: i
# async
async def f(xs):
    async with xs as y:
        return [z async for z in y if await z]
""")
GENERICS = by_heading("""\
# function
T = 1
def f[T](x: T, y: T = 1) -> T:
    def g():
        return T
    return T
# class
T = 1
class C[T: int](B[T]):
    x: T
    y = T
    def f(self, x: T) -> T:
        return T
# method
class C:
    def f[T](self, *xs: T, **k: T):
        return [T for x in xs]
# alias
T = 1
type A[T] = list[T]
B = T
# rest
def f[*Ts, **P](*a: *Ts, **k: P.kwargs):
    return Ts, P
""")


@pytest.mark.parametrize("corner", CORNERS)
def test_corners(corner: str) -> None:
    assert differences(CORNERS[corner].encode()) == []


@pytest.mark.skipif(sys.version_info < (3, 12), reason="type parameters came with 3.12")
@pytest.mark.parametrize("corner", GENERICS)
def test_type_parameters(corner: str) -> None:
    source = GENERICS[corner].encode()
    assert differences(source) == []
    facts = unpack(extract(source))
    # The module never reads its own T for a type parameter.
    assert sum(facts.names[name] == "T" for name in facts.scopes[0].loads) == ("B = T" in GENERICS[corner])


@pytest.mark.parametrize(
    "source", ["nonlocal x\nx = 1\n", "def f():\n    nonlocal x\n    x = 1\n", "[x := 1 for x in y]\n"]
)
def test_what_only_the_compiler_refuses_is_read(source: str) -> None:
    assert unpack(extract(source.encode())).lines


def test_keywords_are_not_mangled() -> None:
    source = b"""\
class C:
    def f(self, v):
        match v:
            case C(__a=1):
                v(__b=2)
                return v.__c
"""
    assert {"__a", "__b", "_C__c"} <= set(unpack(extract(source)).names)
