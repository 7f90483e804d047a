"""Inline constant: what a name always stands for is put where a function reads it, and what it decides is folded."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import libcst as cst

from debloat.model import RefusedError, Span
from debloat.refactor.expressions import keep
from debloat.refactor.fold import Folding
from debloat.refactor.rewriting import Piece

_FEW = 2  # places where a number still stands without a name
_LONG = 40  # characters, of one place or of all, that are worth a name where they are needed more than once
_COMPARISONS: Mapping[type, Callable[[Any, Any], Any]] = {
    cst.Equal: operator.eq, cst.NotEqual: operator.ne, cst.LessThan: operator.lt, cst.LessThanEqual: operator.le,
    cst.GreaterThan: operator.gt, cst.GreaterThanEqual: operator.ge, cst.In: lambda a, b: a in b,
    cst.NotIn: lambda a, b: a not in b,
}  # fmt: skip
_SAME: Mapping[type, bool] = {cst.Is: True, cst.IsNot: False}
_SINGLETONS = (None, True, False, ...)
# Where an expression that binds loosely needs no parentheses.
_ROOMY = (cst.Comparison, cst.BooleanOperation, cst.IfExp)


class Constant:
    """What is put in the place of a name: its text and, of a literal, its value."""

    def __init__(self, text: str, value: tuple[object] | None) -> None:
        self.text = text
        self.value = value

    def put(self, piece: Piece, function: cst.FunctionDef, name: str, count: int, *, rebound: bool) -> None:
        """Put it where the body of a function reads a name, ``count`` times.

        Where the body binds the name before all else, it is put there alone; where it binds it later, or the text does not
        fit, the name is bound first. Raises RefusedError.
        """
        replaced = list(self._replaced(function.body, name)) if rebound else []
        reads = [read for part in replaced or [function.body] for read in _reads(part, name)]
        if replaced:
            count, rebound = len(reads), False
        fitting = len(reads) == count and all(self._fits(piece, read) for read in reads)
        if rebound or not fitting or (count > 1 and self._is_long(piece, reads)):
            if self.text.partition(".")[0] == name:
                raise RefusedError(f"name taken: {name} is what it would be bound to")
            piece.change(function, lambda node: node.with_changes(body=_first(node.body, f"{name} = {self.text}")))
            return
        for read in reads:
            self._put(piece, read)
        if self.value is not None:
            _fold(piece, dict.fromkeys(reads, self.value[0]))

    def replace(self, piece: Piece, read: cst.BaseExpression) -> None:
        """Put it where an expression that does nothing stands. Raises RefusedError."""
        if not self._fits(piece, read):
            raise RefusedError("f-string: the value does not fit into it")
        self._put(piece, read)
        if self.value is not None:
            _fold(piece, {read: self.value[0]})

    def _is_long(self, piece: Piece, reads: Sequence[cst.Name]) -> bool:
        """Whether it is better named than written out again and again; a literal that decides something is not."""
        if self.value is None:
            return len(self.text) > _LONG
        known: dict[cst.CSTNode, object] = dict.fromkeys(reads, self.value[0])
        decides = any(any(True for _ in _value(piece.parent(read), known)) for read in reads)
        magic = isinstance(self.value[0], int | float) and abs(self.value[0]) > 1 and len(reads) > _FEW
        return not decides and (magic or len(self.text) * len(reads) > _LONG)

    def _replaced(self, body: cst.BaseSuite, name: str) -> Iterator[cst.CSTNode]:
        """What is the first to name a variable, if all that is done with its value there is to make another of it."""
        named = [statement for statement in body.body if any(True for _ in _named(statement, name))]
        match named[0]:
            case cst.SimpleStatementLine() as line if _assigns(line, name):
                yield line
            case cst.If(test=test, orelse=None, body=cst.IndentedBlock(body=[line, *_])) if self.value is not None:
                known: dict[cst.CSTNode, object] = dict.fromkeys(_reads(test, name), self.value[0])
                if _assigns(line, name) and any(_value(test, known)):
                    yield from (test, line)

    def _put(self, piece: Piece, read: cst.BaseExpression) -> None:
        parent = piece.parent(read)
        text = self._shown(parent)
        if text is None:
            piece.change(read, lambda node: self._expression(self._quoted(_quotes(piece, read)), parent, node))
            return
        piece.change(parent, lambda _: cst.FormattedStringText(text))
        around = piece.parent(parent)
        if isinstance(around, cst.FormattedString):
            piece.change(around, _joined)
        else:
            piece.change(around, lambda node: node.with_changes(format_spec=_merged(node.format_spec)))

    def _expression(self, text: str, parent: cst.CSTNode, node: cst.BaseExpression) -> cst.BaseExpression:
        """The text as an expression, in parentheses where it needs them."""
        new = cst.parse_expression(text)
        match parent, new:
            case cst.ExceptHandler(), cst.Tuple(elements=[cst.Element(value=caught)]):
                new = caught
        loose = isinstance(new, cst.UnaryOperation) and isinstance(parent, cst.BaseExpression)
        number = isinstance(new, cst.BaseNumber) and isinstance(parent, cst.Attribute)
        if node.lpar:
            return new.with_changes(lpar=node.lpar, rpar=node.rpar)
        if (loose and not isinstance(parent, _ROOMY)) or number:
            return new.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])
        return new

    def _fits(self, piece: Piece, read: cst.BaseExpression) -> bool:
        parent = piece.parent(read)
        if isinstance(parent, cst.FormattedStringExpression) and parent.equal is not None:
            return False
        quotes = _quotes(piece, read)
        return not quotes or self._shown(parent) is not None or not set(self._quoted(quotes)) & {*quotes, "\\", "#"}

    def _shown(self, place: cst.CSTNode) -> str | None:
        """The text that a place in an f-string comes to, if that can stand there as it is."""
        match place:
            case cst.FormattedStringExpression(conversion=None, format_spec=None):
                if self.value is not None and isinstance(self.value[0], str | int | float | None):
                    text = str(self.value[0])
                    return text if text.isprintable() and not set(text) & set("\\{}\"'") else None
        return None

    def _quoted(self, quotes: set[str]) -> str:
        """The text for the inside of strings that some quotes end."""
        if not quotes or self.value is None or not isinstance(self.value[0], str):
            return self.text
        quote = next((quote for quote in "'\"" if quote not in quotes), "\\")
        plain = self.value[0].isprintable() and not set(self.value[0]) & set("\\{}\"'")
        return f"{quote}{self.value[0]}{quote}" if plain else "\\"


def _reads(node: cst.CSTNode, name: str) -> Iterator[cst.Name]:
    """The names in a tree that may read a variable."""
    if isinstance(node, cst.Name) and node.value == name:
        yield node
    for child in node.children:
        match node:
            case (
                cst.Attribute(attr=other)
                | cst.Arg(keyword=other)
                | cst.Param(name=other)
                | cst.MatchKeywordElement(key=other)
            ) if child is other:
                continue
            case cst.ImportAlias() | cst.Global() | cst.Nonlocal() | cst.AssignTarget(target=cst.Name()):
                continue
        yield from _reads(child, name)


def _named(node: cst.CSTNode, name: str) -> Iterator[cst.CSTNode]:
    """The places in a tree that have a name."""
    if isinstance(node, cst.Name) and node.value == name:
        yield node
    for child in node.children:
        yield from _named(child, name)


def _assigns(statement: cst.CSTNode, name: str) -> bool:
    """Whether a statement does no more than assign to a name, without keeping code for later that reads it."""
    match statement:
        case cst.SimpleStatementLine(
            body=[cst.Assign(targets=[cst.AssignTarget(target=cst.Name(value=target))], value=value)]
        ):
            return target == name and not any(_lazy(value))
    return False


def _lazy(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    if isinstance(node, cst.Lambda | cst.GeneratorExp | cst.NamedExpr):
        yield node
    for child in node.children:
        yield from _lazy(child)


def _quotes(piece: Piece, node: cst.CSTNode) -> set[str]:
    """The quotes that end the f-strings around a node."""
    found = set()
    while not isinstance(node, cst.BaseStatement | cst.Module):
        if isinstance(node, cst.FormattedString):
            found.add(node.end[-1])
        node = piece.parent(node)
    return found


def _joined(node: cst.FormattedString) -> cst.FormattedString | cst.SimpleString:
    """An f-string whose texts stand together; a plain string if it has nothing but text."""
    match _merged(node.parts):
        case [cst.FormattedStringText(value=text)]:
            prefix = node.start.rstrip("\"'")
            quote = node.start[len(prefix) :]
            plain = prefix.replace("f", "").replace("F", "")
            text = text.replace("{{", "{").replace("}}", "}")
            return cst.SimpleString(f"{plain}{quote}{text}{quote}", lpar=node.lpar, rpar=node.rpar)
        case parts:
            return node.with_changes(parts=parts)


def _merged(parts: Any) -> list[cst.BaseFormattedStringContent]:
    found: list[cst.BaseFormattedStringContent] = []
    for part in parts:
        if found and isinstance(part, cst.FormattedStringText) and isinstance(found[-1], cst.FormattedStringText):
            found[-1] = cst.FormattedStringText(found[-1].value + part.value)
        else:
            found.append(part)
    return found


def _first(body: cst.BaseSuite, line: str) -> cst.BaseSuite:
    """A body that begins, below its docstring, with one more line."""
    match body:
        case cst.IndentedBlock(body=statements):
            first, *rest = list[Any](statements)
            statement: Any = cst.parse_statement(line)
            if _is_docstring(first):
                return body.with_changes(body=[first, statement, *rest])
            statement = statement.with_changes(leading_lines=first.leading_lines)
            return body.with_changes(body=[statement, first.with_changes(leading_lines=[]), *rest])
        case cst.SimpleStatementSuite(body=small):
            parsed = cst.parse_statement(line)
            assert isinstance(parsed, cst.SimpleStatementLine)
            semicolon = cst.Semicolon(whitespace_after=cst.SimpleWhitespace(" "))
            return body.with_changes(body=[parsed.body[0].with_changes(semicolon=semicolon), *small])
    raise RefusedError("no body: the function has none")


def _is_docstring(statement: cst.BaseStatement) -> bool:
    match statement:
        case cst.SimpleStatementLine(body=[cst.Expr(value=cst.SimpleString() | cst.ConcatenatedString())]):
            return True
    return False


def _fold(piece: Piece, known: Mapping[cst.CSTNode, object]) -> None:
    """Fold the tests that the names in the places of which literals were put decide."""
    decided: dict[cst.BaseExpression, object] = {}
    for read, value in known.items():
        node: cst.CSTNode = read
        while True:
            parent = piece.parent(node)
            around = piece.parent(parent) if isinstance(parent, cst.ComparisonTarget) else parent
            outer = list(_value(around, known))
            if not outer:
                break
            node, value = around, outer[0]
        if not (isinstance(parent, cst.Assert) and parent.test is not node):
            decided[node] = value  # type: ignore[index]
    folding = Folding(Span(piece.source.path, piece.first, 0, piece.first, 0))
    for expression, value in decided.items():
        try:
            folding.fold(piece, expression, bool(value))
        except RefusedError:
            if isinstance(expression, cst.BooleanOperation):
                (left,) = _value(expression.left, known)
                decides = bool(left) == isinstance(expression.operator, cst.Or)
                keep(piece, expression, "left" if decides else "right")
            elif expression not in known and isinstance(value, bool):
                piece.change(expression, lambda _, text=str(value): cst.Name(text))  # type: ignore[misc]


def _value(node: cst.CSTNode, known: Mapping[cst.CSTNode, object]) -> Iterator[object]:
    """What an expression of literals and known names comes to, if it comes to something."""
    match node:
        case _ if node in known:
            yield known[node]
        case (
            cst.SimpleString()
            | cst.BaseNumber()
            | cst.Tuple()
            | cst.List()
            | cst.Set()
            | cst.UnaryOperation(operator=cst.Minus())
        ):
            try:
                yield ast.literal_eval(cst.Module([]).code_for_node(node).strip())
            except (ValueError, SyntaxError, TypeError):
                return
        case cst.Name(value="True" | "False" | "None" as text):
            yield ast.literal_eval(text)
        case cst.UnaryOperation(operator=cst.Not(), expression=inner):
            for value in _value(inner, known):
                yield not value
        case cst.BooleanOperation(left=left, right=right):
            for first in _value(left, known):
                for second in _value(right, known):
                    yield (first or second) if isinstance(node.operator, cst.Or) else (first and second)
        case cst.Comparison(left=left, comparisons=[cst.ComparisonTarget(operator=comparison, comparator=right)]):
            for first in _value(left, known):
                for second in _value(right, known):
                    yield from _compared(first, type(comparison), second)


def _compared(left: object, comparison: type, right: object) -> Iterator[bool]:
    if comparison in _SAME:
        if any(left is one or right is one for one in _SINGLETONS):
            yield (left is right) == _SAME[comparison]
        return
    try:
        yield bool(_COMPARISONS[comparison](left, right))
    except TypeError:
        return
