"""The text of one file as statements on whole lines, found by ``ast``."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from debloat.model import RefusedError

if TYPE_CHECKING:
    from debloat.program import Program


class Source:
    """A file as the program has it: its text in lines, and which statement stands where.

    Lines are counted from 1 and split where Python splits them; columns are UTF-8 bytes, as ``ast`` has them.
    """

    def __init__(self, path: str, text: bytes) -> None:
        self.path = path
        self.text = text.decode()
        # str.splitlines would also split at form feeds and at U+2028
        self.lines = [line.decode() for line in text.splitlines(keepends=True)]

    @cached_property
    def tree(self) -> ast.Module:
        """The file as ``ast`` reads it."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # invalid escapes and the like are not ours to report
            return ast.parse(self.text)

    @cached_property
    def parents(self) -> dict[ast.AST, ast.AST]:
        """The statement, handler, case or module that holds each statement, handler and case."""
        found: dict[ast.AST, ast.AST] = {}
        waiting: list[ast.AST] = [self.tree]
        while waiting:
            node = waiting.pop()
            for block in blocks(node):
                for child in block:
                    found[child] = node
                    waiting.append(child)
        return found

    def statement(self, line: int, column: int) -> ast.stmt:
        """The innermost statement at a place; one in a decorator is that of the definition. Raises RefusedError."""
        found: ast.AST = self.tree
        while True:
            inside = (child for block in blocks(found) for child in block if _holds(child, line, column))
            deeper = next(inside, None)
            if deeper is None:
                break
            found = deeper
        while isinstance(found, ast.ExceptHandler | ast.match_case):
            found = self.parents[found]
        if not isinstance(found, ast.stmt):
            raise RefusedError(f"no statement: {self.path}:{line} has none")
        return found

    def around(self, statement: ast.AST) -> ast.AST:
        """The next statement or module around a statement."""
        found = self.parents[statement]
        while isinstance(found, ast.ExceptHandler | ast.match_case):
            found = self.parents[found]
        return found

    def is_tried(self, statement: ast.AST) -> bool:
        """Whether a statement stands where something in its function may wait for what it raises."""
        while not isinstance(statement, ast.Module | ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            around = self.parents[statement]
            if isinstance(around, ast.Try | ast.TryStar) and statement in around.body and around.handlers:
                return True
            if isinstance(around, ast.With | ast.AsyncWith):
                return True
            statement = around
        return False

    def block(self, statement: ast.stmt) -> Sequence[ast.AST]:
        """The statements among which a statement stands."""
        return next(block for block in blocks(self.parents[statement]) if statement in block)


def source(program: Program, path: str) -> Source:
    """A file of the program, read once."""
    known = program.ask(_sources)
    if path not in known:
        known[path] = Source(path, program.text(path))
    return known[path]


def _sources(program: Program) -> dict[str, Source]:
    """Those that were asked for. A fact for :meth:`Program.ask`."""
    return {}


def blocks(node: ast.AST) -> Iterator[list[ast.AST]]:
    """The blocks of statements, handlers or cases directly in a node."""
    for field in ("body", "handlers", "orelse", "finalbody", "cases"):
        block = getattr(node, field, None)
        if isinstance(block, list):
            yield block


def first_line(node: ast.AST) -> int:
    """Where a statement begins: at its first decorator if it has one."""
    if isinstance(node, ast.match_case):
        return node.pattern.lineno
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return int(min([node.lineno, *(decorator.lineno for decorator in decorators)]))  # type: ignore[attr-defined]


def last_line(node: ast.AST) -> int:
    """Where a statement ends."""
    if isinstance(node, ast.match_case):
        return last_line(node.body[-1])
    return node.end_lineno  # type: ignore[attr-defined, no-any-return]


def _holds(node: ast.AST, line: int, column: int) -> bool:
    first, last = first_line(node), last_line(node)
    if not first <= line <= last:
        return False
    if isinstance(node, ast.match_case):
        return True
    before = line == node.lineno and column < node.col_offset  # type: ignore[attr-defined]
    after = line == node.end_lineno and column >= node.end_col_offset  # type: ignore[attr-defined]
    return not before and not after
