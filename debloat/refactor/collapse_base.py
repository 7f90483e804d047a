"""Collapse base: a base and the one class that is made from it become one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from debloat.facts import data
from debloat.model import Evidence, Fix, Proof, RefusedError
from debloat.refactor.drafts import Drafts
from debloat.refactor.members import merge
from debloat.refactor.renaming import reimport, rename

if TYPE_CHECKING:
    from debloat.program import Program
    from debloat.refactor.requests import CollapseBase


def collapse_base(asked: CollapseBase, program: Program) -> Fix:
    """The edits in all files. Raises RefusedError where the classes are not the same once they are one."""
    drafts = Drafts(program)
    old, new = (asked.heir, asked.base) if asked.into_base else (asked.base, asked.heir)
    for cls in (old, new):
        if program.index.scopes[program.index.parent(cls)].kind != data.MODULE:
            raise RefusedError("nested: a class that is not at the top of its module")
    generic = not asked.into_base and bool(_GENERIC.intersection(program.hierarchy.outside(asked.base)))
    rename(program, drafts, old, new, generic=generic)
    if not asked.into_base and asked.heir in program.hierarchy.subclasses(asked.base):
        merge(program, drafts, asked.base, asked.heir)
    drafts.drop_class(program.index.span(old).path, program.index.name(old))
    reimport(program, drafts, old, new)
    drafts.tidy()
    home = program.index.span(old).path
    removed = [home] * (program.index.file_of[old] != program.index.file_of[new] and drafts.is_left(old))
    places = [program.index.span(cls) for cls in (old, new)]
    note = f"{program.index.name(old)} and {program.index.name(new)} are taken to be told apart by nobody"
    evidence = [Evidence("hierarchy", Proof.ASSUMED, span, note) for span in places]
    return Fix(tuple(drafts.edits(removed)), tuple(evidence), tuple(removed), (), tuple(drafts.binds()))


_GENERIC = frozenset({"typing.Generic", "typing.Protocol", "typing_extensions.Protocol"})
