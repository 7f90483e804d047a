"""Methods that live only by their name: what reads it means a method of another class."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from debloat.facts import data, ops
from debloat.program.index import Site
from debloat.program.queries import definitions, relatives
from debloat.program.reach import Reach, everything, production

if TYPE_CHECKING:
    from debloat.program.program import Program

# A name that is read at more places is not worth the search.
_MOST_READS = 40


def unread_methods(program: Program) -> Iterator[tuple[int, bool]]:
    """The methods that no live code means, though it reads their name, each with whether tests do.

    The class must be closed: all its objects, followed wherever they go, stay in code that can be seen.
    """
    live, with_tests = program.ask(production), program.ask(everything)
    for scope in _shared(program):
        if live.scope(scope) and _is_alone(program, scope):
            sites = _reads(program, scope)
            if sites is not None and not _meant(program, live, sites):
                yield scope, _meant(program, with_tests, sites)


def _shared(program: Program) -> Iterator[int]:
    """The methods that are read by their name at all, if that is not theirs alone: another class or library code has it too."""
    index = program.index
    times = program.ask(_named_alike)
    for scope in definitions(program, data.FUNCTION):
        name = index.name(scope)
        if index.enclosing_class(scope) < 0 or name.startswith("__"):
            continue
        if len(index.attribute_readers.get(name, ())) <= _MOST_READS and (
            times[name] > 1 or _is_outside(program, name)
        ):
            yield scope


def _is_outside(program: Program, name: str) -> bool:
    """Whether code reads an attribute of that name of a module from outside or of what library code gives."""
    return any(
        base[0] in ("external", "result", "builtin")
        for site in program.index.attribute_reads(name)
        for base in program.analysis.values(Site(site.file, program.facts[site.file].code[site.pc + 3]))
    )


def _named_alike(program: Program) -> Counter[str]:
    """How many methods have each name. A fact for :meth:`Program.ask`."""
    index = program.index
    methods = (scope for scope in definitions(program, data.FUNCTION) if index.enclosing_class(scope) >= 0)
    return Counter(map(index.name, methods))


def _is_alone(program: Program, scope: int) -> bool:
    """Whether a method has no opening, no decorator and no relative, and its class and its subclasses are closed."""
    cls = program.index.enclosing_class(scope)
    record = program.index.scopes[scope]
    return (
        record.line == record.first_line
        and not any(program.openings.first(opened) for opened in (scope, cls, *program.hierarchy.subclasses(cls)))
        and not relatives(program, scope)
        and not any(_is_super(program, site) for site in program.index.attribute_reads(program.index.name(scope)))
    )


def _is_super(program: Program, site: Site) -> bool:
    code = program.facts[site.file].code
    base = code[site.pc + 3]
    return code[base] == ops.CALL and program.openings.shown(Site(site.file, base)) == "super"


def _reads(program: Program, scope: int) -> Sequence[Site] | None:
    """Where the method is read on the class or an object of it or of a subclass; None where that cannot be seen."""
    cls, name = program.index.enclosing_class(scope), program.index.name(scope)
    found: list[Site] = []
    for heir in (cls, *program.hierarchy.subclasses(cls)):
        for kind in ("object", "class"):
            for event in program.analysis.flow((kind, heir)):
                if event[0] == "open":
                    return None
                if event[0] in ("read", "write") and event[3] == name:
                    found.append(Site(*event[1:3]))
    return [site for site in found if program.index.scope_at(site) != scope]


def _meant(program: Program, world: Reach, sites: Sequence[Site]) -> bool:
    return any(world.scope(program.index.scope_at(site)) for site in sites)
