"""Bases of which a class and its subclasses use nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from debloat.facts import data, ops
from debloat.model import Evidence, Proof
from debloat.program.index import Site
from debloat.program.queries import definitions, receiver_class, users, world_evidence
from debloat.program.reasons import is_looking
from debloat.program.references import references
from debloat.program.solver import UNKNOWN

if TYPE_CHECKING:
    from debloat.program.program import Program

_HARMLESS = frozenset({"abc.ABC", "typing.Generic"})
_SILENT = frozenset({"__doc__", "__module__", "__qualname__", "__annotations__"})


class Unused(NamedTuple):
    """A class and a base that it does without, with what that rests on."""

    cls: int
    base: int
    evidence: tuple[Evidence, ...]


def unused_bases(program: Program) -> Iterator[Unused]:
    """The bases with code of their own that nobody uses through the class that names them."""
    for cls in definitions(program, data.CLASS):
        for base in program.hierarchy.bases(cls):
            if isinstance(base, int):
                found = _of(program, cls, base)
                if found is not None:
                    yield found


def _of(program: Program, cls: int, base: int) -> Unused | None:
    hierarchy = program.hierarchy
    kept = {one for other in hierarchy.bases(cls) if other != base for one in _order(program, other)}
    gone = [one for one in hierarchy.order(base) if one not in kept]
    heirs = [cls, *hierarchy.subclasses(cls)]
    own = [one for one in gone if isinstance(one, int)]
    names = {name for one in own for name in _bound(program, one)}
    if len(own) + len(_HARMLESS.intersection(gone)) < len(gone) or not names:
        return None
    if not all(_is_plain(program, one) for one in own) or any(program.openings.first(heir) for heir in heirs):
        return None
    others = {one for heir in heirs for one in hierarchy.order(heir) if isinstance(one, int)} - {*own}
    if any(_asks_for_base(program, one) or not names.isdisjoint(_bound(program, one)) for one in others):
        return None
    if any(not _is_derivation(program, site) for one in own for site in references(program, one).reads):
        return None
    if any(next(program.openings.named(name, program.index.file_of[base]), None) for name in names):
        return None
    escapes = _escapes(program, heirs)
    used = any(_is_used(program, name, heirs, own, seen=not escapes) for name in names)
    span = program.index.span(cls)
    note = f"no object of it is asked for anything of {program.index.name(base)}"
    evidence = (*(escapes or ()), Evidence("hierarchy", Proof.PROVED, span, note), *world_evidence(program, cls))
    return None if used or escapes is None else Unused(cls, base, evidence)


def _order(program: Program, base: int | str) -> Sequence[int | str]:
    return program.hierarchy.order(base) if isinstance(base, int) else [base]


def _bound(program: Program, cls: int) -> set[str]:
    """The names that the body of a class binds, and those of what its methods keep in their object."""
    names = program.facts[program.index.file_of[cls]].names
    return {names[name] for name in program.index.scopes[cls].bound}


def _is_plain(program: Program, cls: int) -> bool:
    """Whether a class has methods and attributes with plain names, and none that is to be implemented."""
    index = program.index
    methods = index.children.get(cls, ())
    special = any(name.startswith("__") and name not in _SILENT for name in _bound(program, cls))
    abstract = any("abc.abstractmethod" in program.analysis.calls.decorators(method) for method in methods)
    stubs = bool(methods) and all(index.scopes[method].flags & data.TRIVIAL for method in methods)
    record = index.scopes[cls]
    return not (special or abstract or stubs or program.hierarchy.keywords(cls)) and record.line == record.first_line


def _asks_for_base(program: Program, cls: int) -> bool:
    """Whether code in a class asks for its bases, or who makes it may."""
    index, record = program.index, program.index.scopes[cls]
    names = program.facts[index.file_of[cls]].names
    asks = any(
        not {"super", "__class__"}.isdisjoint(names[name] for name in index.scopes[scope].loads)
        for scope in index.children.get(cls, ())
    )
    return asks or bool(program.hierarchy.keywords(cls)) or record.line != record.first_line


def _is_derivation(program: Program, site: Site) -> bool:
    """Whether a class is named as the base of another, and for nothing else."""
    code = program.facts[site.file].code
    return all(
        code[user] == ops.CLASS and site.pc in code[user + 5 : user + 5 + code[user + 4]]
        for user in users(program, site)
    )


def _escapes(program: Program, heirs: Sequence[int]) -> list[Evidence] | None:
    """What is assumed of code that cannot be seen and has an object; None where it may look at what that is."""
    found = {}
    for heir in heirs:
        for kind in ("object", "class"):
            for event in sorted(program.analysis.whole((kind, heir)), key=str):
                if event[0] == "open":
                    _, reason, file, pc = event
                    if is_looking(reason):
                        return None
                    note = f"{reason}, which is assumed to ask for nothing of the base"
                    found[reason] = Evidence("mutation", Proof.ASSUMED, program.index.place(Site(file, pc)), note)
                elif event[0] in ("read", "write") and str(event[3]).startswith(
                    ("__bases", "__mro", "__dict", "__base")
                ):
                    return None
    return [*found.values()]


def _is_used(program: Program, name: str, heirs: Sequence[int], own: Sequence[int], *, seen: bool) -> bool:
    """Whether an attribute of a base may be read or written on an object of a class; ``seen`` are all that has one."""
    index = program.index
    mine = {*(("object", heir) for heir in heirs), *(("class", heir) for heir in heirs)}
    family = {one for heir in heirs for one in program.hierarchy.order(heir)}
    written = [
        site
        for writer in index.attribute_writers.get(name, ())
        for op in (ops.SET_ATTR, ops.DEL_ATTR)
        for site in index.find(writer, op, 4, name)
    ]
    for site in (*index.attribute_reads(name), *written):
        around = receiver_class(program, site)
        if around in own:
            continue
        if around >= 0:
            if around in family:
                return True
            continue
        bases = program.analysis.values(Site(site.file, program.facts[site.file].code[site.pc + 3]))
        if not bases.isdisjoint(mine) or ((not bases or UNKNOWN in bases) and not seen):
            return True
    return False
