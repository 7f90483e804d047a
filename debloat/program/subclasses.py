"""Classes that add nothing to their base, and bases that are there for one class."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from debloat.facts import data, ops
from debloat.program.abstract import HOOKS, is_abstract, is_only_annotation, is_type
from debloat.program.index import Site
from debloat.program.queries import users
from debloat.program.references import references

if TYPE_CHECKING:
    from debloat.program.program import Program

# What else is derived from once may well be a part of the class that stands on its own, unless it leaves something open.
_BASE = re.compile(r"^_*(Abstract|Base)(?![a-z])|Base$")
_HARMLESS = frozenset({"abc.ABC", "typing.Generic"})


def adds_nothing(program: Program, cls: int) -> int | None:
    """The base of a class that is empty and that nobody tells from its base; None for any other class."""
    bases = [*program.hierarchy.bases(cls)]
    record = program.index.scopes[cls]
    if record.bound or len(bases) != 1 or not isinstance(bases[0], int) or not _is_plain(program, cls):
        return None
    fact = program.facts[program.index.file_of[cls]]
    body = [fact.code[pc] for pc in fact.instructions(cls - program.index.base[program.index.file_of[cls]])]
    if set(body) - {ops.CONST, ops.EXPR} or is_abstract(program, bases[0]) or shows_class(program, cls):
        return None
    told = not all(_is_use(program, site) for site in references(program, cls).reads)
    return None if told or _is_asked(program, cls) else bases[0]


def only_subclass(program: Program, base: int) -> int | None:
    """The one class that is derived from what is meant as a base and named nowhere but there and in annotations, if any."""
    match [*program.hierarchy.subclasses(base)]:
        case [only] if _BASE.search(program.index.name(base)) or _is_open(program, base, only):
            alone = [*program.hierarchy.bases(only)] == [base] and _is_plain(program, base) and _is_plain(program, only)
            if alone and not is_abstract(program, base) and is_only_annotation(program, base):
                return only
    return None


def _is_open(program: Program, base: int, heir: int) -> bool:
    """Whether a base leaves it to its heir to do something in a method that does nothing."""
    index = program.index
    return any(
        index.scopes[scope].flags & data.TRIVIAL and program.hierarchy.binds(heir, index.name(scope))
        for scope in index.children.get(base, ())
        if index.scopes[scope].kind == data.FUNCTION
    )


def _is_plain(program: Program, cls: int) -> bool:
    """Whether a class statement does nothing for or by its class but to make it."""
    record = program.index.scopes[cls]
    return (
        record.line == record.first_line
        and program.index.scopes[program.index.parent(cls)].kind == data.MODULE
        and all(_is_harmless(program, base) for base in program.hierarchy.order(cls))
    )


def _is_harmless(program: Program, base: int | str) -> bool:
    if isinstance(base, str):
        return base in _HARMLESS
    return not program.hierarchy.keywords(base) and not any(program.hierarchy.binds(base, hook) for hook in HOOKS)


def _is_use(program: Program, site: Site) -> bool:
    """Whether a class is called, derived from, or named as a type."""
    code = program.facts[site.file].code
    return is_type(program, site) or all(
        code[user] == ops.CALL and code[user + 5] == site.pc for user in users(program, site)
    )


def shows_class(program: Program, cls: int) -> bool:
    """Whether a method of a class or of its bases asks which class an object is of."""
    asks = {*program.index.readers.get("type", ()), *program.index.attribute_readers.get("__class__", ())}
    asks |= {
        *program.index.attribute_readers.get("__name__", ()),
        *program.index.attribute_readers.get("__qualname__", ()),
    }
    family = program.hierarchy.order(cls)
    return any(program.index.enclosing_class(scope) in family for scope in asks)


def _is_asked(program: Program, cls: int) -> bool:
    """Whether code takes the class of what may be an object of a class, to do more than show it."""
    return any(
        ("object", cls) in program.analysis.values(Site(site.file, base)) for site, base in program.index.class_reads
    )
