"""Exception classes that nothing tells from their base."""

from __future__ import annotations

import builtins
from typing import TYPE_CHECKING

from debloat.facts import data, ops
from debloat.program.abstract import HOOKS, is_type
from debloat.program.binding import arguments
from debloat.program.index import Site
from debloat.program.mentions import mentions
from debloat.program.queries import users
from debloat.program.references import references
from debloat.program.subclasses import shows_class

if TYPE_CHECKING:
    from debloat.program.program import Program

# To raise these says nothing at all.
_VAGUE = ("Exception", "BaseException")


def indistinct(program: Program, cls: int) -> int | str | None:
    """The base that might be raised in the place of an empty exception class: a class, or the name of a builtin."""
    bases, record = [*program.hierarchy.bases(cls)], program.index.scopes[cls]
    if record.bound or len(bases) != 1 or record.line != record.first_line or not _is_exception(program, cls):
        return None
    base = bases[0] if isinstance(bases[0], int) else bases[0].removeprefix("<builtin>.")
    fact = program.facts[program.index.file_of[cls]]
    body = [fact.code[pc] for pc in fact.instructions(cls - program.index.base[program.index.file_of[cls]])]
    if base in _VAGUE or set(body) - {ops.CONST, ops.EXPR} or program.index.name(cls) in program.ask(mentions):
        return None
    reads = references(program, cls).reads
    used = all(is_type(program, site) or _says_why(program, site) for site in reads)
    return base if used and not shows_class(program, cls) and not _is_shown(program, cls) else None


def _is_exception(program: Program, cls: int) -> bool:
    """Whether a class at the top of its module is an exception, and making it runs no code of a base or a metaclass."""
    order = program.hierarchy.order(cls)
    kinds = [getattr(builtins, base.removeprefix("<builtin>."), None) for base in order if isinstance(base, str)]
    own = [base for base in order if isinstance(base, int)]
    return (
        any(isinstance(kind, type) and issubclass(kind, BaseException) for kind in kinds)
        and None not in kinds
        and not any(program.hierarchy.keywords(base) for base in own)
        and not any(program.hierarchy.binds(base, hook) for base in own for hook in HOOKS)
        and program.index.scopes[program.index.parent(cls)].kind == data.MODULE
    )


def _says_why(program: Program, site: Site) -> bool:
    """Whether a class is called there, with arguments: without them its name is all that it says."""
    fact = program.facts[site.file]
    found = users(program, site)
    calls = [user for user in found if fact.code[user] == ops.CALL and fact.code[user + 5] == site.pc]
    return bool(found) and len(calls) == len(found) and all(arguments(fact, call).positional for call in calls)


def _is_shown(program: Program, cls: int) -> bool:
    """Whether code asks for the class of what may be an object of a class."""
    family = {*program.hierarchy.order(cls), *program.hierarchy.subclasses(cls)}
    return not all(_is_of_others(program, site, family) for site in program.ask(_asked))


def _is_of_others(program: Program, site: Site, family: set[int | str]) -> bool:
    values = program.analysis.values(site)
    return bool(values) and all(value[0] == "object" and value[1] not in family for value in values)


def _asked(program: Program) -> list[Site]:
    """What code asks the class of, by ``type(x)`` or ``x.__class__``."""
    found = []
    for site in program.index.calls_named("type"):
        found += [Site(site.file, value) for value, _ in arguments(program.facts[site.file], site.pc).positional]
    for site in program.index.attribute_reads("__class__"):
        found.append(Site(site.file, program.facts[site.file].code[site.pc + 3]))
    return found
