"""Delete comments and docstrings, and of a suppression that keeps nothing what it names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from debloat.model import Edit, Fix, RefusedError, Span
from debloat.refactor.rewriting import Rewriting
from debloat.refactor.source import source
from debloat.refactor.statements import newline
from debloat.suppress import KEEP

if TYPE_CHECKING:
    from debloat.program import Program
    from debloat.refactor.requests import DropComment, DropDocstring, Uncomment


def uncomment(asked: Uncomment, program: Program) -> Fix:
    """The edit of its line. Raises RefusedError."""
    lines = source(program, asked.span.path).lines
    number = asked.span.line
    line = lines[number - 1]
    found = KEEP.match(line, len(line.encode()[: asked.span.column].decode()))
    if found is None:
        raise RefusedError("no suppression: the comment is not there")
    rules = [name.strip() for name in found[2].split(",")]
    left = [name for name in rules if name != asked.rule]
    if left:
        text = f"{line[: found.start(2)]}{', '.join(left)}{line[found.end(2) :]}"
        return Fix((Edit(Span(asked.span.path, number, 0, number + 1, 0), text),), ())
    before, after = line[: found.start()], line[found.end() :].strip()
    if before.strip() or after:
        kept = f"{before}{after}" if after else before.rstrip()
        return Fix((Edit(Span(asked.span.path, number, 0, number + 1, 0), kept + newline(line)),), ())
    alone = number == 1 or not lines[number - 2].strip()
    end = number + 1 + (alone and number < len(lines) and not lines[number].strip())
    return Fix((Edit(Span(asked.span.path, number, 0, end, 0), ""),), ())


def drop_comment(asked: DropComment, program: Program) -> Fix:
    """The edit of its line. Raises RefusedError."""
    path, number, column, _, _ = asked.comment
    line = source(program, path).lines[number - 1]
    before = line.encode()[:column].decode()
    if not line[len(before) :].startswith("#"):
        raise RefusedError("no comment: there is none at the place")
    text = before.rstrip() + newline(line) if before.strip() else ""
    return Fix((Edit(Span(path, number, 0, number + 1, 0), text),), ())


def drop_docstring(asked: DropDocstring, program: Program) -> Fix:
    """The edits. Raises RefusedError."""
    path, line, column, _, _ = asked.docstring
    rewriting = Rewriting(program)
    rewriting.delete(path, source(program, path).statement(line, column))
    return Fix(tuple(rewriting.edits()), ())
