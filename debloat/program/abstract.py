"""Abstract classes and the classes that implement them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from debloat.facts import data, ops
from debloat.program.binding import arguments
from debloat.program.index import Site
from debloat.program.references import references

if TYPE_CHECKING:
    from debloat.program.program import Program

_PROTOCOLS = frozenset({"typing.Protocol", "typing_extensions.Protocol"})
_ABSTRACT = _PROTOCOLS | {"abc.ABC"}
_HARMLESS = _ABSTRACT | {"typing.Generic"}
# A class that has one of these does something for each of its subclasses, or says itself what is an instance of it.
HOOKS = ("__init_subclass__", "__subclasshook__", "__class_getitem__", "__call__", "__set_name__")


def is_abstract(program: Program, cls: int) -> bool:
    """Whether a class only says what its subclasses have: an ABC, a protocol, or methods that are not implemented."""
    outside = set(program.hierarchy.outside(cls))
    keywords = program.hierarchy.keywords(cls)
    if keywords.keys() - {"metaclass"} or not outside <= _HARMLESS or any(_binds(program, cls, HOOKS)):
        return False
    if keywords:
        return program.names.static(keywords["metaclass"]) == {("external", "abc.ABCMeta")}
    methods = [scope for scope in program.index.children.get(cls, ()) if _is(program, scope, data.FUNCTION)]
    trivial = bool(methods) and all(program.index.scopes[scope].flags & data.TRIVIAL for scope in methods)
    return trivial or not outside.isdisjoint(_ABSTRACT)


def implementations(program: Program, cls: int) -> Sequence[int]:
    """The subclasses of a class in the program, and of a protocol the classes that have all its methods."""
    found = set(program.hierarchy.subclasses(cls))
    if is_protocol(program, cls):
        methods = [program.index.name(scope) for scope in program.index.children.get(cls, ())]
        found |= {
            other
            for other in program.hierarchy.classes
            if other != cls and methods and all(_has(program, other, method) for method in methods)
        }
        found -= {other for other in found if is_protocol(program, other)}
    return sorted(found)


def is_protocol(program: Program, cls: int) -> bool:
    """Whether a class names ``Protocol`` as a base, so that any class with its methods implements it."""
    return not _PROTOCOLS.isdisjoint(base for base in program.hierarchy.bases(cls) if isinstance(base, str))


def is_only_annotation(program: Program, cls: int) -> bool:
    """Whether all code does with a class is to subclass it and to name it in annotations."""
    return all(is_type(program, site) for site in references(program, cls).reads)


def is_type(program: Program, site: Site) -> bool:
    """Whether a class is named as a base or a type, and nothing else is done with it there."""
    fact = program.facts[site.file]
    code = fact.code
    scope = program.index.scope_at(site)
    for user in fact.consumers(scope - program.index.base[site.file]).get(site.pc, ()):
        match code[user]:
            case ops.ANNOTATION:
                pass
            case ops.CLASS if site.pc in code[user + 5 : user + 5 + code[user + 4]]:
                pass
            case ops.SUBSCRIPT | ops.BINARY | ops.SEQUENCE if is_type(program, Site(site.file, user)):
                pass
            case ops.CALL if _is_cast(program, Site(site.file, user)):
                pass
            case _:
                return False
    return True


def _is_cast(program: Program, site: Site) -> bool:
    fact = program.facts[site.file]
    called = program.names.static(Site(site.file, fact.code[site.pc + 5]))
    return called == {("external", "typing.cast")} and len(arguments(fact, site.pc).positional) == 2


def _binds(program: Program, cls: int, names: Sequence[str]) -> Iterator[bool]:
    return (program.hierarchy.binds(cls, name) for name in names)


def _has(program: Program, cls: int, name: str) -> bool:
    return any(isinstance(base, int) and program.hierarchy.binds(base, name) for base in program.hierarchy.order(cls))


def _is(program: Program, scope: int, kind: int) -> bool:
    return program.index.scopes[scope].kind == kind
