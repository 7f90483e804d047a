"""After the edits of a fix: the file still parses, and nothing differs but what was meant to."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator, Sequence

from debloat.model import Edit
from debloat.refactor.source import blocks

_DEFINITIONS = ast.FunctionDef | ast.AsyncFunctionDef
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)


def apply(text: str, edits: Sequence[Edit]) -> str:
    """The text after edits that do not overlap; their columns are all 0."""
    lines = text.encode().splitlines(keepends=True)
    for edit in sorted(edits, key=lambda edit: edit.span, reverse=True):
        lines[edit.span.line - 1 : edit.span.end_line - 1] = [edit.text.encode()]
    return b"".join(lines).decode()


def objection(before: ast.Module, new: str, edits: Sequence[Edit], version: tuple[int, int] | None) -> str | None:
    """Why the text ``new`` is not what edits of the file ``before`` should have given; None if it is.

    It must parse, as the oldest ``version`` of Python too; statements outside the edits must be the same; and no function
    may have become or ceased to be a generator, or see another variable by a name that it reads.
    """
    after = _parse(new, version)
    if after is None:
        return "it would not parse"
    gone, put = _touched(edits, new=False), _touched(edits, new=True)
    if _outside(before, gone) != _outside(after, put):
        return "it would change what it should not"
    known = dict(_functions(before, ""))
    for name, function in _functions(after, ""):
        was = known.get(name)
        if was is not None and (_meets(was, gone) or _meets(function, put)) and _differs(was, function):
            return f"{name.rpartition('.')[2].partition('#')[0]} would become a generator or see other variables"
    return None


def _parse(text: str, version: tuple[int, int] | None) -> ast.Module | None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return ast.parse(text, feature_version=version)
        except (SyntaxError, ValueError, RecursionError):
            return None


def _touched(edits: Sequence[Edit], *, new: bool) -> list[tuple[int, int]]:
    """The lines that edits take away or, in the new text, put there: first, last; an empty stretch lies between two."""
    found = []
    shift = 0
    for edit in sorted(edits, key=lambda edit: edit.span):
        first, taken = edit.span.line, edit.span.end_line - edit.span.line
        put = len(edit.text.encode().splitlines())
        found.append((first + shift, first + shift + put - 1) if new else (first, first + taken - 1))
        shift += put - taken if new else 0
    return found


def _outside(tree: ast.Module, touched: Sequence[tuple[int, int]]) -> list[tuple[type[ast.stmt], int, int, int | None]]:
    """The simple statements that no edit touches, in order, by their kinds and extents.

    Their lines are the same before and after, so where these agree, the statements do. What they stand in is seen by its
    statements.
    """
    found = [
        (node.lineno, node.col_offset, type(node), (node.end_lineno or node.lineno) - node.lineno, node.end_col_offset)
        for node in _statements(tree)
        if not any(blocks(node)) and not isinstance(node, ast.Pass) and not _meets(node, touched)
    ]
    return [(kind, column, height, end) for _, column, kind, height, end in sorted(found, key=lambda item: item[:2])]


def _statements(node: ast.AST) -> Iterator[ast.stmt]:
    for block in blocks(node):
        for child in block:
            if isinstance(child, ast.stmt):
                yield child
            yield from _statements(child)


def _meets(node: ast.stmt, touched: Sequence[tuple[int, int]]) -> bool:
    first, last = node.lineno, node.end_lineno or node.lineno
    return any(start <= last and first <= end for start, end in touched)


def _functions(node: ast.AST, prefix: str) -> Iterator[tuple[str, _DEFINITIONS]]:
    """The functions in a tree by dotted name; those of one name are numbered."""
    count: dict[str, int] = {}
    for child in _definitions(node):
        count[child.name] = count.get(child.name, 0) + 1
        number = f"#{count[child.name]}" if count[child.name] > 1 else ""
        whole = f"{prefix}.{child.name}{number}"
        if isinstance(child, _DEFINITIONS):
            yield whole, child
        yield from _functions(child, whole)


def _definitions(node: ast.AST) -> Iterator[_DEFINITIONS | ast.ClassDef]:
    """The functions and classes directly in a scope."""
    for block in blocks(node):
        for child in block:
            if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                yield child
            else:
                yield from _definitions(child)


def _own(node: ast.AST) -> Iterator[ast.AST]:
    """The nodes in a scope, with the scopes directly in it and without what is in those."""
    for child in ast.iter_child_nodes(node):
        yield child
        if not isinstance(child, _SCOPES):
            yield from _own(child)


def _differs(before: _DEFINITIONS, after: _DEFINITIONS) -> bool:
    was, now = _bound(before), _bound(after)
    read = {node.id for node in ast.walk(after) if isinstance(node, ast.Name)}
    known = {node.id for node in ast.walk(before) if isinstance(node, ast.Name)}
    yields = [any(isinstance(node, ast.Yield | ast.YieldFrom) for node in _own(one)) for one in (before, after)]
    return yields[0] != yields[1] or any((name in was) != (name in now) for name in read & (known | was))


def _bound(function: _DEFINITIONS) -> set[str]:
    """The names that are local to a function."""
    arguments = function.args
    names = {
        argument.arg
        for argument in [
            *arguments.posonlyargs,
            *arguments.args,
            *arguments.kwonlyargs,
            *filter(None, [arguments.vararg, arguments.kwarg]),
        ]
    }
    outer: set[str] = set()
    for node in _own(function):
        match node:
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
                names.add(name)
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                names.add(name)
            case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                names.add(name)
            case ast.MatchMapping(rest=str(name)):
                names.add(name)
            case ast.alias():
                names.add((node.asname or node.name).partition(".")[0])
            case ast.Global(names=listed) | ast.Nonlocal(names=listed):
                outer.update(listed)
    return names - outer
