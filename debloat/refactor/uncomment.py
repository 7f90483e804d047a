"""Delete comments and docstrings, and of a suppression that keeps nothing what it names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from debloat.model import Edit, Fix, RefusedError, Span
from debloat.refactor.rewriting import Rewriting
from debloat.refactor.source import source
from debloat.refactor.statements import indent, newline
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
    """The edit of its lines. Raises RefusedError."""
    path, number, column, last, _ = asked.comment
    lines = source(program, path).lines
    before = lines[number - 1].encode()[:column].decode()
    if any(line.encode()[column : column + 1] != b"#" for line in lines[number - 1 : last]):
        raise RefusedError("no comment: there is none at the place")
    if before.strip():
        text = before.rstrip() + newline(lines[number - 1])
        return Fix((Edit(Span(path, number, 0, number + 1, 0), text),), ())
    above = number
    while above > 1 and not lines[above - 2].strip():
        above -= 1
    below = last
    while below < len(lines) and not lines[below].strip():
        below += 1
    opens = below > last and (above == 1 or indent(lines[above - 2]) < column)
    gap = 0 if opens or below == len(lines) else max(number - above, below - last)
    first, end = (above + gap, below + 1) if gap <= number - above else (above, last + 1)
    return Fix((Edit(Span(path, first, 0, end, 0), ""),), ())


def drop_docstring(asked: DropDocstring, program: Program) -> Fix:
    """The edits. Raises RefusedError."""
    path, line, column, _, _ = asked.docstring
    rewriting = Rewriting(program)
    rewriting.delete(path, source(program, path).statement(line, column))
    return Fix(tuple(rewriting.edits()), ())
