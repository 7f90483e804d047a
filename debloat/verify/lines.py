"""Which of the lines that a fix changes no test has run."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from debloat.model import Edit, Fix, RefusedError
from debloat.refactor.source import Source, first_line, source

if TYPE_CHECKING:
    from debloat.program import Program


def untested(
    program: Program, fix: Fix, originals: Mapping[str, str], executed: Mapping[str, set[int]]
) -> Iterator[tuple[str, int]]:
    """Where a fix changes a statement that did not run: file and line, as the program has them.

    That is the first statement of each edit and those that stay in another form. What goes with the first one is not
    asked for: no test runs dead code. ``executed`` is of the ``originals``, which earlier fixes may have changed since.
    """
    for edit in sorted(fix.edits, key=lambda edit: edit.span):
        text = source(program, edit.span.path)
        was = _lines_before(originals[edit.span.path], text.text)
        ran = executed.get(edit.span.path, set())
        for statement in _statements(text, edit):
            if not any(ran.intersection(was[line]) for line in _own_lines(statement)):
                yield edit.span.path, first_line(statement)


def _statements(text: Source, edit: Edit) -> Iterator[ast.stmt]:
    lines = range(edit.span.line, edit.span.end_line)
    starts = {first_line(node): node for node in ast.walk(text.tree) if isinstance(node, ast.stmt)}
    code = [line for line in lines if text.lines[line - 1].strip() and not text.lines[line - 1].strip().startswith("#")]
    if not code:
        return
    column = len(text.lines[code[0] - 1].encode()) - len(text.lines[code[0] - 1].lstrip().encode())
    try:
        found = [starts.get(code[0]) or text.statement(code[0], column)]
    except RefusedError:
        return  # between statements
    kept = [line.strip() for line in edit.text.splitlines()]
    same = len(kept) == len(lines)
    found += [starts[line] for line in code[1:] if line in starts and (same or text.lines[line - 1].strip() in kept)]
    yield from (statement for statement in found if not _is_silent(statement))


def _is_silent(statement: ast.stmt) -> bool:
    """Whether a statement never runs as such: Python makes no code of it."""
    match statement:
        case ast.Expr(value=ast.Constant()) | ast.Global() | ast.Nonlocal() | ast.AnnAssign(value=None):
            return True
    return False


def _own_lines(statement: ast.stmt) -> range:
    """The lines of a statement without the block in it."""
    body: Sequence[ast.stmt] = getattr(statement, "body", ())
    end = first_line(body[0]) - 1 if body else statement.end_lineno or statement.lineno
    return range(first_line(statement), max(end, statement.lineno) + 1)


def _lines_before(original: str, text: str) -> Sequence[Sequence[int]]:
    """By line of a text which lines of the original it comes from; there is no line 0."""
    before, after = original.split("\n"), text.split("\n")
    found: list[Sequence[int]] = [()] * (len(after) + 2)
    for kind, start, end, left, right in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        for line in range(left, right):
            found[line + 1] = [start + 1 + line - left] if kind == "equal" else range(start + 1, end + 1)
    return found
