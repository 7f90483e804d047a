"""Collapse base: a base and the one class that is made from it become one."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

from debloat.facts import data
from debloat.model import Evidence, Fix, Proof, RefusedError
from debloat.program.references import references
from debloat.refactor.drafts import Drafts
from debloat.refactor.members import merge
from debloat.refactor.renaming import reimport, rename
from debloat.refactor.source import Source

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
        removed = [home] * _is_left(program, drafts, old, new)
        places = [program.index.span(cls) for cls in (old, new)]
        note = f"{program.index.name(old)} and {program.index.name(new)} are taken to be told apart by nobody"
        evidence = [Evidence("hierarchy", Proof.ASSUMED, span, note) for span in places]
        return Fix(tuple(drafts.edits(removed)), tuple(evidence), tuple(removed))


_GENERIC = frozenset({"typing.Generic", "typing.Protocol", "typing_extensions.Protocol"})


def _is_left(program: Program, drafts: Drafts, old: int, new: int) -> bool:
    """Whether nothing is left in the file of a class that went, nor does anybody import that for anything else."""
    file = program.index.file_of[old]
    rest = Source("", drafts.text(program.files[file].path).encode()).tree.body
    empty = all(
        isinstance(node, ast.Import | ast.ImportFrom)
        or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
        or (isinstance(node, ast.Assign) and ast.unparse(node) == "__all__ = []")
        for node in rest
    )
    if not empty or program.files[file].package or file == program.index.file_of[new]:
        return False
    gone = set(references(program, old).imports)
    return not any(
        module_of(program, importer, number) == file and (importer, number) not in gone
        for importer, fact in enumerate(program.facts)
        for number in range(len(fact.imports))
    )


def module_of(program: Program, file: int, number: int) -> int | None:
    """The module that an import names or has a name from."""
    imported = program.facts[file].imports[number]
    dotted = program.index.target_module(file, number)
    names = (f"{dotted}.{imported.name}", dotted)
    return next((program.index.modules[name] for name in names if name in program.index.modules), None)
