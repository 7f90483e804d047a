"""Imports of names that nothing uses, nor ever did as far as anybody can see."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from debloat.model import Evidence, Fix, Proof, Span
from debloat.program.idle_imports import idle_imports
from debloat.refactor.orphans import Imported, edits, imported, is_kept, is_passed_on, is_taken, missed, spoken
from debloat.refactor.source import Source, source

if TYPE_CHECKING:
    from debloat.program import Program
    from debloat.refactor.requests import DropImports

_REMARK = re.compile(r"#\s*\w")


class Unused(NamedTuple):
    """The names of one import statement that nothing reads: where each stands, and what that rests on.

    ``span`` is the statement if it has no other name, else the first of them.
    """

    span: Span
    names: tuple[str, ...]
    places: tuple[tuple[int, int], ...]
    local: bool
    evidence: tuple[Evidence, ...]


def unused_imports(program: Program, file: int) -> Iterator[Unused]:
    """The imports of a file that no code uses, nor ever did as far as a comment, an export or a string says."""
    idle = {(one.line, one.column) for one in idle_imports(program, file)}
    if not idle:
        return
    text = source(program, program.files[file].path)
    words = spoken(text.tree).union(*(re.findall(r"\w+", line) for line in text.lines if "# type:" in line))
    found: dict[ast.stmt, list[Imported]] = {}
    for one in imported(text.tree):
        if (
            (one.alias.lineno, one.alias.col_offset) in idle
            and one.bound not in words
            and not _REMARK.search(text.lines[one.alias.lineno - 1])
            and not is_kept(text, one)
            and (_in_function(text, one.statement) or not _is_offered(program, file, one))
        ):
            found.setdefault(one.statement, []).append(one)
    everything = [one for ones in found.values() for one in ones]
    for statement, ones in found.items():
        first = ones[0].alias if len(ones) < len(ones[0].statement.names) else statement
        span = Span(text.path, first.lineno, first.col_offset, first.end_lineno or 0, first.end_col_offset or 0)
        said = "no code here, no other module and no string names it"
        evidence = [Evidence("reachability", Proof.PROVED, span, said)]
        for one in ones:
            for piece in missed(program, file, text, one, everything):
                # What nobody uses and does something may be there for that.
                does = piece.proof is Proof.ASSUMED and piece.span.path != text.path
                evidence.append(replace(piece, proof=Proof.UNKNOWN) if does else piece)
        places = tuple((one.alias.lineno, one.alias.col_offset) for one in ones)
        yield Unused(span, tuple(one.bound for one in ones), places, _in_function(text, statement), tuple(evidence))


def _is_offered(program: Program, file: int, one: Imported) -> bool:
    """Whether others take a name from a module, or may: from a package what is of the program, in a library what is like others."""
    here = program.files[file]
    if program.part(here.path).world == "library" and any(
        is_taken(program, file, record.bound) for record in program.facts[file].imports
    ):
        return True
    if here.package:
        numbers = [n for n, record in enumerate(program.facts[file].imports) if record.bound == one.bound]
        targets = (program.index.target_module(file, number) for number in numbers)
        if any(value[0] == "module" for dotted in targets for value in program.names.module(dotted)):
            return True
    return is_passed_on(program, file, one)


def _in_function(text: Source, statement: ast.AST) -> bool:
    while not isinstance(statement, ast.Module):
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
            return True
        statement = text.parents[statement]
    return False


def drop_imports(asked: DropImports, program: Program) -> Fix:
    """The edits of their statement. Raises RefusedError."""
    text = source(program, asked.path)
    gone = [one for one in imported(text.tree) if (one.alias.lineno, one.alias.col_offset) in asked.places]
    return Fix(tuple(edits(text, gone)), ())
