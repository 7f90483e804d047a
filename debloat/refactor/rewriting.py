"""Changes of a program's text: to nodes of the LibCST tree of single statements, and by whole lines.

A refactoring says which nodes become what. All that one statement is to undergo is done on one tree, whose text is parsed
again and must give the same tree: then no parenthesis is missing and nothing but the intended nodes differs.
"""

from __future__ import annotations

import ast
import tokenize
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from functools import cached_property
from io import StringIO
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import libcst as cst
from libcst.metadata import MetadataWrapper, PositionProvider

from debloat.model import Edit, RefusedError, Span
from debloat.refactor.source import Source, first_line, last_line, source
from debloat.refactor.statements import deletions

if TYPE_CHECKING:
    from debloat.program import Program

N = TypeVar("N", bound=cst.CSTNode)
Becomes = cst.CSTNode | cst.RemovalSentinel | cst.FlattenSentinel[Any]
# From a node, with the changes inside it done, to what stands in its place.
Change = Callable[[Any], Becomes]

_LAYOUT = (
    cst.BaseParenthesizableWhitespace, cst.TrailingWhitespace, cst.EmptyLine, cst.Newline, cst.Comment,
    cst.Comma, cst.Semicolon, cst.AssignEqual, cst.Colon, cst.Dot,
)  # fmt: skip


class _Wanted(NamedTuple):
    """Changes at a place: ``plan`` makes them once the tree is there."""

    span: Span
    plan: Callable[[Piece], None]


class Rewriting:
    """What one fix does to the text of the program. Nothing is done before :meth:`edits` is asked for."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._wanted: dict[str, list[_Wanted]] = defaultdict(list)
        self._deleted: dict[str, list[ast.stmt]] = defaultdict(list)
        self._inserted: dict[str, list[Edit]] = defaultdict(list)
        self.lost_comments: list[Span] = []

    def at(self, span: Span, kind: type[cst.CSTNode], change: Change) -> None:
        """Change the node of a kind that begins where the span does and, if that has an extent, ends where it does.

        Expressions may be given with their parentheses or without.
        """
        self.on(span, lambda piece: piece.change(piece.node(kind, span), change))

    def on(self, span: Span, plan: Callable[[Piece], None]) -> None:
        """Have ``plan`` say what changes on the tree of the statement that holds a span."""
        self._wanted[span.path].append(_Wanted(span, plan))

    def delete(self, path: str, statement: ast.stmt) -> None:
        """Delete a whole statement with its decorators and the comments right above it."""
        if statement not in self._deleted[path]:
            self._deleted[path].append(statement)

    def insert(self, path: str, line: int, text: str) -> None:
        """Put whole lines before a line that begins a statement; with those of the same kind they stand together."""
        for edit in self._inserted[path]:
            stripped = edit.text.strip("\r\n")
            if edit.span.line == line and edit.text.replace(stripped, "") == text.replace(text.strip("\r\n"), ""):
                newline = "\r\n" if "\r\n" in text else "\n"
                lines = {*stripped.split(newline), text.strip("\r\n")}
                both = newline.join(sorted(lines, key=lambda one: (one.startswith("from"), one)))
                self._inserted[path].remove(edit)
                text = edit.text.replace(stripped, both)
                break
        self._inserted[path].append(Edit(Span(path, line, 0, line, 0), text))

    def stand_in(self, path: str, statement: ast.stmt) -> bool:
        """Have a line that is put right beside a statement take its place, if one is and no comment is in the way."""
        first, last = first_line(statement), last_line(statement)
        lines = source(self._program, path).lines[first - 1 : last]
        for edit in self._inserted[path]:
            beside = edit.span.line in (first, last + 1) and edit.text.count("\n") == 1
            if beside and not any("#" in line or ";" in line for line in lines):
                self._inserted[path].remove(edit)
                self._inserted[path].append(Edit(Span(path, first, 0, last + 1, 0), edit.text))
                return True
        return False

    def edits(self) -> Iterator[Edit]:
        """The edits, by whole lines. Raises RefusedError where the text does not allow a change."""
        for path in sorted({*self._wanted, *self._deleted, *self._inserted}):
            text = source(self._program, path)
            yield from self._inserted[path]
            filled = [edit.span.line for edit in self._inserted[path]]
            deleted = list(deletions(text, self._deleted[path], filled))
            yield from deleted
            gone = [edit.span for edit in deleted]
            for (first, last), wanted in _pieces(text, self._wanted[path]).items():
                if any(span.line <= last and first < span.end_line for span in gone):
                    if any(span.line <= first and last < span.end_line for span in gone):
                        continue  # what is deleted need not be changed
                    raise RefusedError(f"overlapping changes: {path}:{first} is changed and deleted in part")
                piece = Piece(text, first, last)
                for want in wanted:
                    want.plan(piece)
                yield from self._changed(piece)

    def _changed(self, piece: Piece) -> Iterator[Edit]:
        new = piece.text()
        old = "".join(piece.source.lines[piece.first - 1 : piece.last])
        for comment in _lost(old, new):
            line = piece.first + next((n for n, text in enumerate(old.splitlines()) if comment in text), 0)
            self.lost_comments.append(Span(piece.source.path, line, 0, line, 0))
        if new.strip():
            yield from line_edits(piece.source.path, piece.first, old, new)
        else:
            yield from deletions(piece.source, piece.statements)


class Piece:
    """Whole lines of a file as a LibCST tree, and what is to become of its nodes."""

    def __init__(self, text: Source, first: int, last: int) -> None:
        self.source, self.first, self.last = text, first, last
        code = "".join(text.lines[first - 1 : last])
        # To take the indentation away would change long strings.
        self._prefix = "if 1:\n" if code[:1] in (" ", "\t") else ""
        self._module = _parse(self._prefix + code)
        if self._module is None or self._module.code != self._prefix + code:
            raise RefusedError(f"not given back: LibCST does not give back {text.path}:{first} as it is")
        wrapper = MetadataWrapper(self._module, unsafe_skip_copy=True)
        self._starts: dict[tuple[int, int], list[tuple[cst.CSTNode, tuple[int, int]]]] = defaultdict(list)
        above = len(self._prefix.splitlines())
        for node, place in wrapper.resolve(PositionProvider).items():
            start = place.start.line - above + first - 1, place.start.column
            end = place.end.line - above + first - 1, place.end.column
            self._starts[start].append((node, end))
        self._places = {node: (start, end) for start, found in self._starts.items() for node, end in found}
        self._changes: dict[cst.CSTNode, list[Change]] = defaultdict(list)

    def expression(self, span: Span) -> cst.BaseExpression:
        """The expression at a place. Raises RefusedError."""
        return self.node(cst.BaseExpression, span)  # type: ignore[type-abstract]

    def node(self, kind: type[N], span: Span) -> N:
        """The node of a kind at a place, the outermost if no end is given. Raises RefusedError."""
        start = span.line, self._character(span.line, span.column)
        end = span.end_line, self._character(span.end_line, span.end_column)
        found = [(node, last) for node, last in self._starts.get(start, ()) if isinstance(node, kind)]
        if end != start:
            found = [(node, last) for node, last in found if last == end] or self._inside(kind, start, end)
        if not found:
            raise RefusedError(f"not found on the tree: {kind.__name__} at {span.path}:{span.line}")
        return max(found, key=lambda pair: pair[1])[0]

    def _inside(self, kind: type[N], start: tuple[int, int], end: tuple[int, int]) -> list[tuple[N, tuple[int, int]]]:
        """The nodes within parentheses that begin and end at two places."""
        text = self.source.lines
        line, column = start
        while text[line - 1][column : column + 1] == "(":
            rest = text[line - 1][column + 1 :]
            column += 1 + len(rest) - len(rest.lstrip(" "))
            found = [(node, last) for node, last in self._starts.get((line, column), ()) if isinstance(node, kind)]
            inner = [(node, last) for node, last in found if last < end and _closes(text, last, end)]
            if inner:
                return inner
        return []

    def parent(self, node: cst.CSTNode) -> cst.CSTNode:
        """What holds a node."""
        return self._parents[node]

    @cached_property
    def _parents(self) -> dict[cst.CSTNode, cst.CSTNode]:
        assert self._module is not None
        waiting: list[cst.CSTNode] = [self._module]
        found = {}
        while waiting:
            node = waiting.pop()
            waiting += node.children
            found.update(dict.fromkeys(node.children, node))
        return found

    @property
    def statements(self) -> Sequence[ast.stmt]:
        """The statements that stand on the lines."""
        line = self.source.lines[self.first - 1]
        block = self.source.block(self.source.statement(self.first, len(line.encode()) - len(line.lstrip().encode())))
        inside = [other for other in block if self.first <= first_line(other) <= self.last]
        return [other for other in inside if isinstance(other, ast.stmt)]

    def is_parameter(self, node: cst.BaseExpression, name: str) -> bool:
        """Whether a name is bound where an expression stands: it is a parameter of the function, which never deletes it."""
        (line, column), _ = self._places[node]
        around: ast.AST = self.source.statement(line, len(self.source.lines[line - 1][:column].encode()))
        while not isinstance(around, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            around = self.source.around(around)
        if not isinstance(around, ast.FunctionDef | ast.AsyncFunctionDef):
            return False
        deleted = any(
            isinstance(one, ast.Name) and one.id == name and isinstance(one.ctx, ast.Del) for one in ast.walk(around)
        )
        return not deleted and any(
            isinstance(one, ast.arg) and one.arg == name for one in ast.iter_child_nodes(around.args)
        )

    def hanging(self, node: cst.CSTNode) -> str:
        """How much further than its statement the line on which a node begins is indented."""
        (line, column), _ = self._places[node]
        text = self.source.lines[line - 1]
        statement = self.source.statement(line, len(text[:column].encode()))
        if statement.lineno == line:
            return ""
        return text[statement.col_offset : len(text) - len(text.lstrip())]

    def touches_word(self, node: cst.BaseExpression) -> bool:
        """Whether a word stands right before or behind the parentheses around an expression: ``not(x)``."""
        (line, column), (end, last) = self._places[node]
        before = self.source.lines[line - 1][:column].rstrip("(")
        behind = self.source.lines[end - 1][last:].lstrip(")")
        return any(char.isalnum() or char == "_" for char in (*before[-1:], *behind[:1]))

    def change(self, node: cst.CSTNode, change: Change) -> None:
        """Have a node become what ``change`` makes of it."""
        self._changes[node].append(change)

    def text(self) -> str:
        """The lines after the changes. Raises RefusedError if they do not parse to what was intended."""
        assert self._module is not None
        try:
            changed = self._module.visit(_Changer(self._changes))
        except cst.CSTValidationError as error:
            raise RefusedError(f"not as intended: {error}") from error
        assert isinstance(changed, cst.Module)
        again = _parse(changed.code)
        if again is None or _shape(again) != _shape(changed):
            raise RefusedError(f"not as intended: the change of {self.source.path}:{self.first} does not parse to it")
        return "" if self._is_gone(changed) else changed.code[len(self._prefix) :]

    def _is_gone(self, changed: cst.Module) -> bool:
        """Whether nothing is left of the lines, and their block has other statements."""
        match changed.body:
            case [cst.If(body=cst.IndentedBlock(body=[cst.SimpleStatementLine(body=[cst.Pass()])]))] if self._prefix:
                lines = self.source.lines[self.first - 1]
                statement = self.source.statement(self.first, len(lines) - len(lines.lstrip()))
                return any(not self.first <= first_line(other) <= self.last for other in self.source.block(statement))
        return False

    def _character(self, line: int, column: int) -> int:
        return len(self.source.lines[line - 1].encode()[:column].decode())


class _Changer(cst.CSTTransformer):
    def __init__(self, changes: Mapping[cst.CSTNode, Sequence[Change]]) -> None:
        super().__init__()
        self._changes = changes

    def on_leave(self, original_node: Any, updated_node: Any) -> Any:
        changed = super().on_leave(original_node, updated_node)
        for change in self._changes.get(original_node, ()):
            if not isinstance(changed, cst.CSTNode):
                raise RefusedError("overlapping changes: what goes is changed as well")
            changed = change(changed)
        match changed:
            case cst.IndentedBlock(body=[]):
                return changed.with_changes(body=[cst.SimpleStatementLine([cst.Pass()])])
            case cst.SimpleStatementLine(body=[]):
                return cst.RemoveFromParent()
            case cst.SimpleStatementSuite(body=[]):
                return changed.with_changes(body=[cst.Pass()])
        return changed


def _parse(code: str) -> cst.Module | None:
    try:
        return cst.parse_module(code)
    except (cst.ParserSyntaxError, RecursionError):
        return None


def _shape(node: cst.CSTNode) -> object:
    """A tree without its layout: the kinds of nodes, and their leaves."""
    children = [_shape(child) for child in node.children if not isinstance(child, _LAYOUT)]
    leaves = [getattr(node, name, None) for name in ("value", "star")]
    return type(node).__name__, [leaf for leaf in leaves if isinstance(leaf, str)], children


def _closes(text: Sequence[str], last: tuple[int, int], end: tuple[int, int]) -> bool:
    """Whether nothing but closing parentheses stands between two places on one line."""
    return last[0] == end[0] and not text[end[0] - 1][last[1] : end[1]].strip(" )")


def _pieces(text: Source, wanted: Sequence[_Wanted]) -> dict[tuple[int, int], list[_Wanted]]:
    """The changes by the lines of the statements that hold them, the outermost of those that overlap."""
    extents = {want: _extent(text, want.span) for want in wanted}
    found: dict[tuple[int, int], list[_Wanted]] = defaultdict(list)
    for want, (first, last) in extents.items():
        around = [other for other in extents.values() if other[0] <= last and first <= other[1]]
        found[min(start for start, _ in around), max(end for _, end in around)].append(want)
    return found


def _extent(text: Source, span: Span) -> tuple[int, int]:
    """The lines of the innermost statement that holds a span and has its lines for itself."""
    statement: ast.AST = text.statement(span.line, span.column)
    while True:
        first, last = first_line(statement), last_line(statement)
        before = text.lines[first - 1].encode()[: statement.col_offset] if first == statement.lineno else b""  # type: ignore[attr-defined]
        alone = not before.strip() and last >= span.end_line
        clause = text.lines[first - 1].lstrip().startswith("elif")
        if alone and not clause:
            return first, last
        statement = text.around(statement)
        if isinstance(statement, ast.Module):
            return first, last


def _lost(old: str, new: str) -> list[str]:
    """The comments of a text that another one does not have."""

    def comments(code: str) -> Counter[str]:
        tokens = tokenize.generate_tokens(StringIO(f"if 1:\n{code}" if code[:1] in (" ", "\t") else code).readline)
        return Counter(token.string.strip() for token in tokens if token.type == tokenize.COMMENT)

    return list((comments(old) - comments(new)).elements())


def line_edits(path: str, first: int, old: str, new: str) -> Iterator[Edit]:
    """The edits, by whole lines, that make one text of another which begins at a line."""
    before, after = (text.encode().splitlines(keepends=True) for text in (old, new))
    for kind, start, end, left, right in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind != "equal":
            span = Span(path, first + start, 0, first + end, 0)
            yield Edit(span, b"".join(after[left:right]).decode())
