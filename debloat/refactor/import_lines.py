"""Import statements: names put into one and taken out, and a new one where the sorting of the file has it."""

from __future__ import annotations

import ast
import sys
from collections.abc import Collection, Iterator, Sequence
from typing import TYPE_CHECKING

import libcst as cst

from debloat.facts import data
from debloat.model import Evidence, RefusedError
from debloat.refactor.missed import import_evidence
from debloat.refactor.places import span_of
from debloat.refactor.rewriting import Rewriting
from debloat.refactor.source import Source, first_line, last_line, source

if TYPE_CHECKING:
    from debloat.program import Program

_FUTURE, _STANDARD, _OTHER, _OWN, _RELATIVE = range(5)
_Statement = ast.Import | ast.ImportFrom


def put(program: Program, rewriting: Rewriting, file: int, module: str, name: str) -> Iterator[tuple[str, int]]:
    """Import a name of a module, as an import statement writes it, at the top of a file.

    The statement that gets the name, if there is one, is given back: path and line.
    """
    path = program.files[file].path
    text = source(program, path)
    for statement in _run(text):
        if isinstance(statement, ast.ImportFrom) and written(statement) == module and statement.names[0].name != "*":
            rewriting.at(span_of(path, statement), cst.ImportFrom, lambda node: with_name(node, name))
            yield path, statement.lineno
            return
    rewriting.insert(path, *_place(program, text, module, f"from {module} import {name}"))


def put_module(program: Program, rewriting: Rewriting, file: int, module: str, bound: str) -> None:
    """Import a module, under the name ``bound``, at the top of a file."""
    text = source(program, program.files[file].path)
    line = f"import {module}" if module.partition(".")[0] == bound else f"import {module} as {bound}"
    rewriting.insert(text.path, *_place(program, text, module, line))


def forget(
    program: Program,
    rewriting: Rewriting,
    file: int,
    number: int,
    merged: Collection[tuple[str, int]],
    gone: Collection[tuple[int, int]],
) -> Iterator[Evidence]:
    """Take an imported name out of its statement, and the statement away if it has no other and gets none.

    Evidence that nobody misses the import of the module; ``gone`` are all imports that go (file, number). Raises
    RefusedError where the import is not a plain one.
    """
    path, imported = program.files[file].path, program.facts[file].imports[number]
    statement = source(program, path).statement(imported.line, imported.column)
    if not isinstance(statement, ast.ImportFrom) or imported.guard != data.PLAIN or imported.name == "*":
        raise RefusedError(f"conditional import: {path}:{imported.line} imports it under conditions")
    beside = [other for one, other in gone if one == file and program.facts[file].imports[other].line == imported.line]
    if len(statement.names) == len(beside) and (path, statement.lineno) not in merged:
        if number == max(beside) and not rewriting.stand_in(path, statement):
            rewriting.delete(path, statement)
        dotted = program.index.target_module(file, number)
        yield from import_evidence(program, file, dotted, imported.line, lambda other: (file, other) not in gone)
    else:
        rewriting.at(
            span_of(path, statement), cst.ImportFrom, lambda node: _without_name(node, imported.name, imported.bound)
        )


def replace(program: Program, rewriting: Rewriting, file: int, number: int, module: str, name: str) -> None:
    """Have an import statement in a function import something else. Raises RefusedError where it imports more."""
    path, imported = program.files[file].path, program.facts[file].imports[number]
    statement = source(program, path).statement(imported.line, imported.column)
    if not isinstance(statement, ast.ImportFrom) or imported.guard != data.PLAIN or len(statement.names) != 1:
        raise RefusedError(f"local import: {path}:{imported.line} imports more")
    new = cst.parse_statement(f"from {module} import {name}")
    assert isinstance(new, cst.SimpleStatementLine)
    assert isinstance(new.body[0], cst.ImportFrom)
    into = new.body[0]

    def replaced(node: cst.ImportFrom) -> cst.ImportFrom:
        assert not isinstance(node.names, cst.ImportStar)
        alias = node.names[0].with_changes(name=cst.Name(name))
        return node.with_changes(module=into.module, relative=into.relative, names=[alias])

    rewriting.at(span_of(path, statement), cst.ImportFrom, replaced)


def _without_name(node: cst.ImportFrom, name: str, bound: str) -> cst.ImportFrom:
    assert not isinstance(node.names, cst.ImportStar)
    kept = [alias for alias in node.names if (alias.evaluated_name, alias.evaluated_alias or name) != (name, bound)]
    if kept and kept[-1] is not node.names[-1]:
        kept[-1] = kept[-1].with_changes(comma=node.names[-1].comma)
    return node.with_changes(names=kept)


def written(statement: ast.ImportFrom) -> str:
    """The module of an import statement, with the dots before it."""
    return "." * statement.level + (statement.module or "")


def with_name(node: cst.ImportFrom, name: str) -> cst.ImportFrom:
    """The import with one more name, in the order of the names."""
    assert not isinstance(node.names, cst.ImportStar)
    names = list(node.names)
    if any(alias.evaluated_name == name and alias.asname is None for alias in names):
        return node
    at = next((place for place, alias in enumerate(names) if _key(alias.evaluated_name) > _key(name)), len(names))
    if isinstance(node.lpar, cst.LeftParen):
        between = cst.Comma(whitespace_after=_bare(node.lpar.whitespace_after))
        if isinstance(between.whitespace_after, cst.SimpleWhitespace) and not between.whitespace_after.value:
            between = cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
    else:
        between = cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
    added = cst.ImportAlias(cst.Name(name), comma=between)
    if at == len(names):
        names[-1], added = names[-1].with_changes(comma=between), added.with_changes(comma=names[-1].comma)
    return node.with_changes(names=[*names[:at], added, *names[at:]])


def _bare(space: cst.BaseParenthesizableWhitespace) -> cst.BaseParenthesizableWhitespace:
    """White space without the comment in it."""
    if isinstance(space, cst.ParenthesizedWhitespace):
        return cst.ParenthesizedWhitespace(indent=space.indent, last_line=space.last_line)
    return space


def _key(name: str) -> tuple[int, str]:
    """The order of names: constants, classes, the rest."""
    return (0 if name.isupper() and len(name) > 1 else 1 if name[:1].isupper() else 2), name


def _run(text: Source) -> Sequence[_Statement]:
    """The import statements that stand together at the top of a file."""
    found: list[_Statement] = []
    for statement in text.tree.body:
        if isinstance(statement, _Statement):
            found.append(statement)
        elif found:
            break
    return found


def _place(program: Program, text: Source, module: str, line: str) -> tuple[int, str]:
    """Where a new import goes, and with which blank lines around."""
    newline = "\r\n" if text.lines and text.lines[0].endswith("\r\n") else "\n"
    kind = _kind(program, module)
    run = _run(text)
    same = [statement for statement in run if _kind_of(program, statement) == kind]
    plain = line.startswith("import ")
    for statement in same:
        if isinstance(statement, ast.Import) and plain and _order(statement.names[0].name) > _order(module):
            return first_line(statement), line + newline
        if isinstance(statement, ast.ImportFrom) and (plain or _order(written(statement)) > _order(module)):
            return first_line(statement), line + newline
    if same:
        return last_line(same[-1]) + 1, line + newline
    before = [statement for statement in run if _kind_of(program, statement) < kind]
    if before:
        return last_line(before[-1]) + 1, newline + line + newline
    if run:
        return first_line(run[0]), line + newline + newline
    return _first(text, line + newline, newline)


def _order(module: str) -> tuple[int, str]:
    """The order of modules: relative ones from the furthest to the nearest."""
    dots = len(module) - len(module.lstrip("."))
    return -dots, module.lower()


def _first(text: Source, line: str, newline: str) -> tuple[int, str]:
    """The place of the first import of a file."""
    body = text.tree.body
    if body and isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant):
        return last_line(body[0]) + 1, newline + line
    if not body:
        return len(text.lines) + 1, line
    first = first_line(body[0])
    while first > 1 and text.lines[first - 2].startswith("#"):
        first -= 1
    if first == 1:
        first = first_line(body[0])
    space = 2 if isinstance(body[0], ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) else 1
    return first, line + newline * space


def _kind_of(program: Program, statement: _Statement) -> int:
    return _kind(program, written(statement) if isinstance(statement, ast.ImportFrom) else statement.names[0].name)


def _kind(program: Program, module: str) -> int:
    top = module.partition(".")[0]
    if not top:
        return _RELATIVE
    if top == "__future__":
        return _FUTURE
    if top in program.index.modules or top in program.index.packages:
        return _OWN
    return _STANDARD if top in sys.stdlib_module_names else _OTHER
