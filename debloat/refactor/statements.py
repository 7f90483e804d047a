"""Whole statements out of a text: with what belongs to them, and with the blank lines that then are too many."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterable, Iterator, Sequence

from debloat.model import Edit, RefusedError, Span
from debloat.refactor.source import Source, blocks, first_line, last_line

# A line that heads a section of the file, and directives that are of more than the next statement.
_HEADER = re.compile(
    r"#\s*(?:[-=*#~_+/]{3,}|[-=*#~_+/]{2,}\s*$|.*[-=*#~_+/]{3,}\s*$|(?:fmt|isort|yapf|pylint|ruff|flake8|mypy|region|endregion)\b)"
)
_GAP = re.compile(r"(?:\r\n|\n)(?:[ \t]*(?:\r\n|\n)){3,}")
_COMMENTS = re.compile(r"(?<=\n)(?:[ \t]*#[^\n]*\n)+")
_EMPTY_CALL = re.compile(r"\((?:[ \t]*\r?\n)+[ \t]*\)")
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
# Modules whose attributes are there to be asked in tests.
_ASKED = frozenset({"sys", "os", "typing", "typing_extensions", "t", "platform", "ssl", "socket"})


def deletions(text: Source, statements: Sequence[ast.stmt], filled: Collection[int] = ()) -> Iterator[Edit]:
    """The edits that delete whole statements; a block that would be empty gets a ``pass``, or goes if nothing misses it.

    Other text is put before the lines ``filled``. Raises RefusedError where a statement shares its lines with another one.
    """
    chosen = _with_emptied(text, statements)
    for run in _runs(text, chosen):
        statement = run[0]
        first, last = first_line(statement), last_line(run[-1])
        line = text.lines[first - 1]
        if line.encode()[: statement.col_offset].strip() and first == statement.lineno:
            raise RefusedError(f"shared line: {text.path}:{first} has more than the statement")
        kept = [other for other in text.block(statement) if other not in chosen]
        if any(first_line(other) <= last and first <= last_line(other) for other in kept):
            raise RefusedError(f"shared line: {text.path}:{first} has another statement")
        parent = text.parents[statement]
        if kept or isinstance(parent, ast.Module):
            top = first if _heads_more(text, run) else comments_above(text, first)
            yield Edit(Span(text.path, *_with_space(text, top, last, filled, apart=_is_apart(text, run))), "")
        elif isinstance(parent, ast.If | ast.For | ast.While | ast.Try) and statement in parent.orelse:
            yield Edit(Span(text.path, _clause(text, first), 0, last + 1, 0), "")
        elif isinstance(parent, ast.If) and parent.orelse:
            raise RefusedError(f"empty branch: nothing would be left before the else of {text.path}:{parent.lineno}")
        else:
            yield Edit(Span(text.path, first, 0, last + 1, 0), f"{line[: indent(line)]}pass{newline(line)}")


def _with_emptied(text: Source, statements: Iterable[ast.stmt]) -> set[ast.AST]:
    """The statements with the ``if`` and ``try`` around them that would hold nothing else."""
    chosen: set[ast.AST] = set(statements)
    waiting = list(chosen)
    while waiting:
        parent = text.parents[waiting.pop()]
        while isinstance(parent, ast.ExceptHandler):
            parent = text.parents[parent]
        if (
            (isinstance(parent, ast.If) and _is_plain(parent.test)) or isinstance(parent, ast.Try)
        ) and parent not in chosen:
            held = [child for block in blocks(parent) for child in block]
            held += [child for part in held if isinstance(part, ast.ExceptHandler) for child in part.body]
            if all(child in chosen or isinstance(child, ast.ExceptHandler | ast.Pass) for child in held):
                chosen.add(parent)
                waiting.append(parent)
    return chosen


def _is_plain(test: ast.expr) -> bool:
    """Whether nobody misses the evaluation of a test: names, and comparisons of versions and the like, which cannot fail."""
    match test:
        case ast.Name():
            return True
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return _is_plain(operand)
        case ast.BoolOp(values=values):
            return all(map(_is_plain, values))
        case ast.Compare(ops=[*asked], left=left, comparators=[*others]) if all(
            isinstance(op, ast.Is | ast.IsNot) for op in asked
        ):
            return all(map(_is_plain, (left, *others)))
        case ast.Compare(left=left, comparators=[*others]):
            return all(map(_is_told, (left, *others)))
    return _is_told(test)


def _is_told(node: ast.expr) -> bool:
    """Whether an expression is a constant, or of what the interpreter tells of itself."""
    match node:
        case ast.Constant() | ast.Name(id="__name__" | "__debug__"):
            return True
        case ast.Attribute(value=ast.Name(id=module)):
            return module in _ASKED
        case ast.Subscript(value=ast.Attribute(attr="version_info")):
            return True
        case ast.Tuple(elts=items):
            return all(map(_is_told, items))
    return False


def _runs(text: Source, chosen: set[ast.AST]) -> Iterator[list[ast.stmt]]:
    """The outermost statements of a set, those together that only blank lines and their comments lie between."""
    run: list[ast.stmt] = []
    outermost = [node for node in chosen if text.parents[node] not in chosen and not _inside(text, node, chosen)]
    for node in sorted(outermost, key=first_line):
        assert isinstance(node, ast.stmt)
        if run and text.parents[run[-1]] is text.parents[node] and text.block(run[-1]) is text.block(node):
            above = comments_above(text, first_line(node))
            if not "".join(text.lines[last_line(run[-1]) : above - 1]).strip():
                run.append(node)
                continue
        if run:
            yield run
        run = [node]
    if run:
        yield run


def _inside(text: Source, node: ast.AST, chosen: set[ast.AST]) -> bool:
    parent = text.parents[node]
    while not isinstance(parent, ast.Module):
        if parent in chosen:
            return True
        parent = text.parents[parent]
    return False


def _clause(text: Source, first: int) -> int:
    """The line of the ``else`` above the first statement of its block; an ``elif`` is itself that line."""
    while not re.match(r"\s*(else|elif)\b", text.lines[first - 1]):
        first -= 1
    return first


def comments_above(text: Source, first: int) -> int:
    """The first line of the comments right above a statement that are of it: no header of a section, nor of the file."""
    lines = text.lines
    at = first
    while at > 1 and lines[at - 2].lstrip().startswith("#") and indent(lines[at - 2]) == indent(lines[first - 1]):
        at -= 1
    if at == 1:
        return first
    headers = [line for line in range(at, first) if _HEADER.match(lines[line - 1].strip())]
    return headers[-1] + 1 if headers else at


def _heads_more(text: Source, run: Sequence[ast.stmt]) -> bool:
    """Whether the comment above simple statements is as well of the next one, right below them, as of them."""
    block, first = text.block(run[0]), first_line(run[0])
    following = block[block.index(run[-1]) + 1 :][:1]
    if not following or first_line(following[0]) != last_line(run[-1]) + 1 or hasattr(run[0], "body"):
        return False
    said = _words("".join(text.lines[comments_above(text, first) - 1 : first - 1]))
    own, others = (_words(text.lines[first_line(node) - 1].partition("=")[0]) for node in (run[0], *following))
    return len(said & own) <= len(said & others)


def _words(text: str) -> set[str]:
    """The words of a text, those in names too, in lower case and without a plural's ``s``."""
    return {word.lower().removesuffix("s") for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+", text)}


def _with_space(
    text: Source, first: int, last: int, filled: Collection[int], *, apart: bool
) -> tuple[int, int, int, int]:
    """The lines of statements with their comments, and with blank lines so that the larger gap around them is left.

    Two lines only stay between what is set ``apart`` by itself.
    """
    lines = text.lines
    own = indent(lines[first - 1])
    while last < len(lines) and lines[last].lstrip().startswith("#") and indent(lines[last]) > own:
        last += 1  # a comment at the end of the body
    above = first
    while above > 1 and not lines[above - 2].strip():
        above -= 1
    below = last
    while below < len(lines) and not lines[below].strip():
        below += 1
    opens = above == 1 or indent(lines[above - 2]) < own  # nothing before it in its block
    opens = opens and not any(above <= line <= below + 1 for line in filled)
    follows = below < len(lines) and indent(lines[below]) >= own
    if not follows:
        return above, 0, last + 1, 0
    headed = first == above and not opens and lines[first - 2].lstrip().startswith("#")
    gap = 0 if opens or headed else max(first - above, below - last)
    if gap == 2 and not apart:
        gap = 1
    return (above + gap, 0, below + 1, 0) if gap <= first - above else (above, 0, below + 1 - gap, 0)


def _is_apart(text: Source, run: Sequence[ast.stmt]) -> bool:
    """Whether definitions stand beside statements, or there are none among them either, so that the gap is not theirs."""
    block = text.block(run[0])
    before, after = block[: block.index(run[0])][-1:], block[block.index(run[-1]) + 1 :][:1]
    return not any(isinstance(node, _DEFINITIONS) for node in run) or any(
        isinstance(node, _DEFINITIONS) for node in (*before, *after)
    )


def without_remains(before: str, after: str) -> str:
    """A text without what fixes side by side have left: comments that head nothing any more, lines between parentheses
    that hold nothing, blank lines at its end, and more of them in a row than it had before. What strings hold is as it was.
    """
    kept = after
    for found in list(_COMMENTS.finditer(after))[::-1]:
        if _heads_nothing(before, after, found):
            end = found.end()
            if kept[: found.start()].endswith(("\n\n", "\r\n\r\n")):
                end = re.compile(r"(?:[ \t]*\r?\n)*").match(kept, end).end()  # type: ignore[union-attr]
            kept = kept[: found.start()] + kept[end:]
    if kept.rstrip() and not before.endswith(("\n\n", "\r\n\r\n")):
        kept = re.sub(r"(?:[ \t]*(?:\r\n|\n))+\Z", lambda found: newline(found[0]), kept)
    if not _EMPTY_CALL.search(before):
        kept = _EMPTY_CALL.sub("()", kept)
    most = max((found[0].count("\n") for found in _GAP.finditer(before)), default=3)

    def less(found: re.Match[str]) -> str:
        return found[0] if found[0].count("\n") <= most else newline(found[0]) * most

    kept = _GAP.sub(less, kept)
    return kept if _tree(kept) == _tree(after) else after


def _tree(text: str) -> list[tuple[str, list[object]]]:
    """The syntax tree node by node in breadth, which no depth is too great for."""
    return [
        (type(node).__name__, [_without_nodes(value) for _, value in ast.iter_fields(node)])
        for node in ast.walk(ast.parse(text))
    ]


def _without_nodes(value: object) -> object:
    if isinstance(value, list):
        return [_without_nodes(item) for item in value]
    return None if isinstance(value, ast.AST) else repr(value)


def _heads_nothing(before: str, after: str, comments: re.Match[str]) -> bool:
    """Whether lines of comments stood right above code, and nothing comes right below them any more."""
    block = comments[0]
    start = before.find(block)
    if start < 0 or before.count(block) != 1 or any(map(_HEADER.match, map(str.strip, block.splitlines()))):
        return False
    rest, was = after[comments.end() :], before[start + len(block) :]
    return bool(was.split("\n")[0].strip()) and not rest.split("\n")[0].strip()


def newline(line: str) -> str:
    """How a line ends."""
    return "\r\n" if line.endswith("\r\n") else line[-1:] if line[-1:] in "\r\n" else "\n"


def indent(line: str) -> int:
    """The width of the space before a line."""
    return len(line) - len(line.lstrip())
