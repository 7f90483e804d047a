"""Collapse exception: the base of an exception class is raised in its place, and the class goes."""

from __future__ import annotations

import re
import tokenize
from typing import TYPE_CHECKING

from debloat.model import Evidence, Fix, Proof, RefusedError
from debloat.program.references import references
from debloat.refactor import imports
from debloat.refactor.drafts import Drafts
from debloat.refactor.places import expression
from debloat.refactor.renaming import reimport, rename, unlist

if TYPE_CHECKING:
    from debloat.program import Program
    from debloat.refactor.requests import CollapseException


def collapse_exception(asked: CollapseException, program: Program) -> Fix:
    """The edits in all files. Raises RefusedError where a name does not mean the class alone, or the base is no name there."""
    drafts = Drafts(program)
    span, name = program.index.span(asked.cls), program.index.name(asked.cls)
    found = references(program, asked.cls)
    if isinstance(asked.base, int):
        base = program.index.name(asked.base)
        rename(program, drafts, asked.cls, asked.base, generic=False)
        drafts.drop_class(span.path, name)
        reimport(program, drafts, asked.cls, asked.base)
    else:
        base = asked.base
        _by_builtin(program, drafts, asked.cls, base)
    named = (
        {site.file for site in found.reads} | {file for file, _ in found.imports} | {program.index.file_of[asked.cls]}
    )
    for path in sorted(program.files[file].path for file in named):
        drafts.put(path, _told(drafts.text(path), name, base))
    drafts.tidy()
    removed = [span.path] * drafts.is_left(asked.cls)
    evidence = Evidence("hierarchy", Proof.ASSUMED, span, f"{name} and {base} are taken to be told apart by nobody")
    return Fix(tuple(drafts.edits(removed)), (evidence,), tuple(removed), (), tuple(drafts.binds()))


def _told(text: str, name: str, base: str) -> str:
    """A text whose comments and docstrings have another word for a class."""
    lines = text.splitlines(keepends=True)
    before = tokenize.NEWLINE
    for token in tokenize.generate_tokens(iter(lines[:]).__next__):
        if token.type == tokenize.COMMENT or (token.type == tokenize.STRING and before in _BEGINNING):
            for row in range(token.start[0] - 1, token.end[0]):
                start = token.start[1] if row == token.start[0] - 1 else 0
                end = token.end[1] if row == token.end[0] - 1 else len(lines[row])
                told = re.sub(rf"\b{name}\b", base, lines[row][start:end])
                lines[row] = lines[row][:start] + told + lines[row][end:]
        before = token.type
    return "".join(lines)


_BEGINNING = (tokenize.NEWLINE, tokenize.NL, tokenize.INDENT, tokenize.DEDENT)


def _by_builtin(program: Program, drafts: Drafts, cls: int, base: str) -> None:
    """Name a builtin class wherever a class is named, and import the class no more. Raises RefusedError."""
    found = references(program, cls)
    files = {site.file for site in found.reads} | {file for file, _ in found.imports}
    for file in files:
        fact = program.facts[file]
        if any(fact.name_index.get(base, -1) in record.bound for record in fact.scopes):
            raise RefusedError(f"name taken: {base} is something else in {program.files[file].path}")
    if any(program.names.static(site) != {("class", cls)} for site in found.reads):
        raise RefusedError("not certain: a name may mean something else")
    if any(program.facts[file].imports[number].scope for file, number in found.imports):
        raise RefusedError("local import: a function imports it")
    drafts.replace((expression(program, site)[0], base) for site in found.reads)
    path = program.index.span(cls).path
    drafts.drop_class(path, program.index.name(cls))
    unlist(drafts, path, program.index.name(cls), bound=False)
    for file, number in found.imports:
        path, bound = program.files[file].path, program.facts[file].imports[number].bound
        drafts.put(path, imports.without(drafts.text(path), {bound}))
        unlist(drafts, path, bound, bound=False)
