"""Collapse base: a base and the one class that is made from it become one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from debloat.facts import data
from debloat.model import Evidence, Fix, Proof, RefusedError
from debloat.refactor.drafts import Drafts
from debloat.refactor.members import merge
from debloat.refactor.renaming import reimport, rename

if TYPE_CHECKING:
    from debloat.program import Program


@dataclass(frozen=True, slots=True)
class CollapseBase:
    """Make one class of a base and its ``heir``: the heir, or the base ``into_base``, to which the heir adds nothing."""

    base: int
    heir: int
    into_base: bool = False

    @property
    def title(self) -> str:
        """What it does."""
        return "Collapse the subclass into its base" if self.into_base else "Collapse the base into its one subclass"

    def fix(self, program: Program) -> Fix:
        """The edits in all files. Raises RefusedError where the classes are not the same once they are one."""
        drafts = Drafts(program)
        old, new = (self.heir, self.base) if self.into_base else (self.base, self.heir)
        for cls in (old, new):
            if program.index.scopes[program.index.parent(cls)].kind != data.MODULE:
                raise RefusedError("nested: a class that is not at the top of its module")
        generic = not self.into_base and bool(_GENERIC.intersection(program.hierarchy.outside(self.base)))
        rename(program, drafts, old, new, generic=generic)
        if not self.into_base and self.heir in program.hierarchy.subclasses(self.base):
            merge(program, drafts, self.base, self.heir)
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
