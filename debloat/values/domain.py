"""The abstract domain: a value is a set of atoms, each of which stands for objects.

    ("constant", type, value)  one object of a builtin type, None among them
    ("builtin", type)  any object of exactly that builtin type
    ("stub", dotted)  of that library class or a subclass           ("stub", dotted, values)  with these type arguments
    ("object", scope)  of exactly that class of the program         ("heir", scope)  of it or of a subclass
    ("member", scope, name)  of an enumeration                      ("box", file, pc)  the container made there
    ("rest", scope, position)  what ``*args`` or ``**kwargs`` holds  ("generator" | "coroutine", scope)
    ("class", scope)  ("subclass", scope)  that class or one below it  ("function", scope)  ("method", scope, receiver)
    ("module", file)  ("package", dotted)  ("external", dotted)  ("super", scope, receiver)
    ("of", type, name, receiver)  a method of a builtin object    ("numbered" | "zipped", file, pc)  enumerate() or zip() there
    ("row", "numbered" | "zipped", file, pc)  one of the tuples that these give
    ("parser", file, pc)  that parser of argparse    ("parsed", file, pc, parser)  what it gives    ("parsing", name, parser)
    ("text",)  any string that is not empty
    ("ran",)  what ``subprocess.run`` gives where it captures text
    ("mock", file, pc, *names)  a stand-in of a test (see :mod:`debloat.values.mocks`)    ("patcher", file, pc)  what ``patch`` gives
    ("awaitable", value)  what gives that when it is awaited
    ("something",)  anything but None                               ("unknown", why, file, pc)  anything
    ("assumed", note)  no object: what the value rests on besides

The empty set is what no run has yet been seen to give. At most 80 classes of the program, 20 containers, 6 other kinds of objects, 4
constants of a type and 16 members are kept apart.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from debloat.program.index import Site

Atom = tuple[Any, ...]
Value = frozenset[Atom]

NOTHING: Value = frozenset()
NONE: Atom = ("constant", "NoneType", None)
TRUE: Atom = ("constant", "bool", True)
FALSE: Atom = ("constant", "bool", False)
EITHER: Value = frozenset({TRUE, FALSE})
SOMETHING: Atom = ("something",)

# What stands for objects and classes of the program.
OWNERS = frozenset({"object", "heir", "member", "class", "subclass"})

_MOST_KINDS = 6
_MOST_MOCKS = 3
_MOST_CONSTANTS = 4
_MOST_MEMBERS = 16
_MOST_CLASSES = 80
_MOST_BOXES = 20


def unknown(why: str, site: Site) -> Value:
    """Anything, with the reason and the place that it comes from."""
    return frozenset({("unknown", why, *site)})


def of(*atoms: Atom) -> Value:
    """The value with these atoms."""
    return frozenset(atoms)


def is_unknown(value: Value) -> bool:
    """Whether a value may be anything."""
    return any(atom[0] == "unknown" for atom in value)


def objects(value: Value) -> list[Atom]:
    """The atoms that stand for objects, in a fixed order."""
    return sorted((atom for atom in value if atom[0] != "assumed"), key=repr)


def assumptions(value: Value) -> Value:
    """What a value rests on that is not proved."""
    return frozenset(atom for atom in value if atom[0] == "assumed")


def join(values: Iterable[Value]) -> Value:
    """The least value above all of them, within the limits of the domain; what follows an unknown one is not asked for."""
    found = NOTHING
    for value in values:
        found |= value
        if is_unknown(value):
            break
    return widened(found)


def widened(value: Value) -> Value:
    """A value cut down to the limits of the domain."""
    if len(value) <= 1:
        return value
    lost = [atom for atom in value if atom[0] == "unknown"]
    if lost:
        return assumptions(value) | {min(lost)}
    if len(value) > _MOST_CONSTANTS:
        for kind in ("str", "int", "float", "bytes", "complex"):
            alike = [atom for atom in value if atom[:2] == ("constant", kind)]
            if len(alike) > _MOST_CONSTANTS or (alike and ("builtin", kind) in value):
                value = value.difference(alike) | {("builtin", kind)}
    elif any(atom[0] == "builtin" for atom in value):
        value = frozenset(atom for atom in value if not (atom[0] == "constant" and ("builtin", atom[1]) in value))
    if SOMETHING in value:
        return assumptions(value) | (value & {NONE, SOMETHING})
    if sum(atom[0] == "mock" for atom in value) > _MOST_MOCKS:
        value = frozenset(atom for atom in value if atom[0] != "mock") | {("mock",)}
    boxes = sum(atom[0] == "box" for atom in value)
    kinds = sum(atom[0] not in ("constant", "assumed", "member", "object", "box") for atom in value)
    members = sum(atom[0] == "member" for atom in value)
    classes = sum(atom[0] == "object" for atom in value)
    if kinds > _MOST_KINDS or boxes > _MOST_BOXES or members > _MOST_MEMBERS or classes > _MOST_CLASSES:
        return assumptions(value) | (value & {NONE}) | {SOMETHING}
    return value
