"""The bytes of a source file to its facts."""

from __future__ import annotations

import ast
import sys
import warnings
from array import array

import msgpack

from debloat.facts import data
from debloat.facts.remarks import remarks
from debloat.facts.restating import comments, docstrings
from debloat.facts.statements import lower_body
from debloat.facts.writer import Writer

# The parser builds the long sums and elif ladders of generated code by recursion; we climb them by loops.
_DEEPEST_TREE = 3000
_INERT = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom, ast.Pass)


def extract(source: bytes) -> bytes:
    """The facts of a file as bytes, for :func:`debloat.facts.data.unpack`.

    Raises SyntaxError, ValueError (NUL bytes), RecursionError or MemoryError where Python itself cannot read the file.
    """
    tree = _parse(source)
    w = Writer()
    w.scopes.append(data.Scope(
        data.MODULE, w.name("<module>"), -1, -1, 0, 0, 1, 0, 1, 0, 1, 0, -1, {}, [], [], [], [], [], []
    ))  # fmt: skip
    w.write(0, "", lambda w: lower_body(w, tree.body))
    for scope, owner, body in w.queue:
        w.write(scope, owner, body)
    if not _inert(tree.body):
        w.file_flags |= data.HAS_EFFECT
    if any(isinstance(statement, ast.FunctionDef) and statement.name == "__getattr__" for statement in tree.body):
        w.file_flags |= data.MODULE_GETATTR
    if b"debloat:" in source:
        w.file_flags |= data.SUPPRESSIONS
    row = w.row(source.count(b"\n") + 1)
    row[4] = array("i", w.code).tobytes()
    lines = source.split(b"\n")
    row.append(
        [
            *comments(tree, source, lines),
            *docstrings(w.bodies, lines, {one.module.partition(".")[0] for one in w.imports}),
        ]
    )
    row.append([*remarks(tree, source, lines, w.names)])
    row.append(w.idle)
    return msgpack.packb(row)  # type: ignore[no-any-return]


def _parse(source: bytes) -> ast.Module:
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(_DEEPEST_TREE)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # invalid escapes and the like are not ours to report
            return ast.parse(source)
    finally:
        sys.setrecursionlimit(limit)


def _inert(body: list[ast.stmt]) -> bool:
    """Whether statements of the top level do no more than define, import or bind."""
    pending = list(body)
    while pending:
        match pending.pop():
            case ast.Expr(value=ast.Constant()) | ast.Assign() | ast.AnnAssign():
                pass
            case ast.If(test=ast.Compare(left=ast.Name(id="__name__"))):
                pass
            case ast.If(body=body, orelse=orelse):
                pending += body + orelse
            case ast.Try(body=body, handlers=handlers, orelse=orelse, finalbody=finalbody):
                handled = [inner for handler in handlers for inner in handler.body]
                pending += [inner for inner in handled if not isinstance(inner, ast.Raise)]
                pending += body + orelse + finalbody
            case statement if not isinstance(statement, _INERT):
                return False
    return True
