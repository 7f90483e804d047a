"""Delete definition: a function, class, method, variable or module that is dead, with all that names it."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING

from debloat.facts import data, ops
from debloat.model import Edit, Fix, RefusedError, Span
from debloat.program.index import Site
from debloat.refactor.going import Going
from debloat.refactor.listed import Splice, without
from debloat.refactor.rewriting import Rewriting, line_edits
from debloat.refactor.source import Source, first_line, last_line, source
from debloat.refactor.testing import Tests

if TYPE_CHECKING:
    from debloat.program import Program
    from debloat.refactor.requests import Delete

# What can be one of several in a statement.
Item = ast.expr | ast.alias


def delete(asked: Delete, program: Program) -> Fix:
    """The edits, with what else is dead and names it, and its tests. Raises RefusedError where something must stay."""
    going = Going(program, asked.found)
    work = _Work(program, going)
    tests = Tests(program, going)
    for path, statement in tests.statements:
        work.delete(path, statement)
    edits = tuple(work.edits())
    removed = {program.files[file].path for file in going.files} | tests.removed
    edits = tuple(edit for edit in edits if edit.span.path not in removed)
    _require(program, [*going.mentions, *going.tested], edits, removed)
    missed = [piece for file in going.missed if program.files[file].path not in removed for piece in going.missed[file]]
    return Fix(edits, (*going.evidence, *tests.evidence, *missed), tuple(sorted(removed)), tuple(sorted(tests.names)))


class _Work:
    """The statements that go, in whole or in part."""

    def __init__(self, program: Program, going: Going) -> None:
        self._program = program
        self._whole: dict[str, set[ast.stmt]] = defaultdict(set)
        self._parts: dict[tuple[str, ast.stmt], set[Item]] = defaultdict(set)
        for scope, name in sorted(going.variables):
            file = program.index.file_of[scope]
            if file in going.files or going.holds(scope):
                continue
            for store in going.stores(scope, name):
                self._store(Site(file, store))
            if program.index.scopes[scope].kind == data.MODULE:
                self._exported(file, name)
        for file, number in sorted(going.imports):
            imported = program.facts[file].imports[number]
            self._place(Span(program.files[file].path, imported.line, imported.column, 0, 0))
        for file in sorted(going.files):
            self._submodule(file)

    def delete(self, path: str, statement: ast.stmt) -> None:
        """Have a whole statement go."""
        self._whole[path].add(statement)

    def _store(self, store: Site) -> None:
        code = self._program.facts[store.file].code
        value = code[store.pc + 4]
        if code[store.pc] == ops.STORE and code[value] in (ops.FUNCTION, ops.CLASS):
            self._place(self._program.index.span(self._program.index.base[store.file] + code[value + 3]))
        else:
            self._place(self._program.index.place(store))

    def _place(self, span: Span) -> None:
        """What binds a name at a place goes: a statement, or an item of one. Raises RefusedError."""
        text = source(self._program, span.path)
        statement = text.statement(span.line, span.column)
        match statement:
            case ast.Import(names=names) | ast.ImportFrom(names=names):
                self._part(span, statement, names)
            case ast.Assign(targets=targets):
                self._part(span, statement, targets)
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef() | ast.AnnAssign():
                self.delete(span.path, statement)
            case _ if type(statement).__name__ == "TypeAlias":
                self.delete(span.path, statement)
            case _:
                raise RefusedError("bound elsewhere: it is bound by another kind of statement")

    def _part(self, span: Span, statement: ast.stmt, items: list[ast.alias] | list[ast.expr]) -> None:
        found: list[Item] = [item for item in items if (item.lineno, item.col_offset) == (span.line, span.column)]
        if len(found) != 1:
            raise RefusedError("bound elsewhere: it is one of several that are unpacked")
        self._parts[span.path, statement].update(found)

    def _exported(self, file: int, name: str) -> None:
        """The entries of a name in ``__all__``. Raises RefusedError where they are not written there."""
        fact = self._program.facts[file]
        if name not in (fact.exported or ()):
            return
        text = source(self._program, self._program.files[file].path)
        entries = [
            (statement, node)
            for statement in ast.walk(text.tree)
            if isinstance(statement, ast.Assign | ast.AugAssign | ast.AnnAssign | ast.Expr) and _is_of_all(statement)
            for node in ast.walk(statement)
            if isinstance(node, ast.List | ast.Tuple | ast.Call)
            and any(isinstance(item, ast.Constant) and item.value == name for item in _items(node))
        ]
        if not entries:
            raise RefusedError("exported: its entry in __all__ is not written as a string")
        for statement, node in entries:
            gone = [item for item in _items(node) if isinstance(item, ast.Constant) and item.value == name]
            if isinstance(node, ast.Call):
                self.delete(text.path, statement)
            else:
                self._parts[text.path, statement].update(gone)

    def _submodule(self, file: int) -> None:
        """The entry of a module in ``__all__`` of its package."""
        package, _, name = self._program.files[file].module.rpartition(".")
        holder = self._program.index.modules.get(package)
        if holder is not None and self._program.files[holder].package:
            self._exported(holder, name)

    def edits(self) -> Iterator[Edit]:
        """The edits. Raises RefusedError where the text does not allow them."""
        rewriting = Rewriting(self._program)
        for (path, statement), gone in self._parts.items():
            if gone.issuperset(_all_items(statement)):
                self.delete(path, statement)
        for path, statements in self._whole.items():
            for statement in statements:
                _require_untried(source(self._program, path), statement, statements)
                rewriting.delete(path, statement)
        deleted = list(rewriting.edits())
        yield from deleted
        for (path, statement), gone in self._parts.items():
            first = first_line(statement)
            if any(edit.span.path == path and edit.span.line <= first < edit.span.end_line for edit in deleted):
                continue
            text = source(self._program, path)
            yield from _without(text, statement, gone, [one for (other, one) in self._parts if other == path])


def _require_untried(text: Source, statement: ast.stmt, going: set[ast.stmt]) -> None:
    """Raise RefusedError for a statement that a ``try`` which stays may be there for."""
    if not isinstance(statement, ast.Assign | ast.AnnAssign) or isinstance(statement.value, ast.Constant | ast.Name):
        return
    node: ast.AST = statement
    while not isinstance(parent := text.parents[node], ast.Module):
        if (
            isinstance(parent, ast.Try)
            and parent.handlers
            and node in parent.body
            and not (going.issuperset(parent.body) and all(_is_silent(handler, going) for handler in parent.handlers))
        ):
            raise RefusedError(f"tried: {text.path}:{statement.lineno} may be what the try around it is for")
        node = parent


def _is_silent(handler: ast.ExceptHandler, going: set[ast.stmt]) -> bool:
    """Whether a handler does nothing but what goes."""
    return all(isinstance(node, ast.Pass) or node in going for node in handler.body)


def _without(text: Source, statement: ast.stmt, gone: set[Item], changed: list[ast.stmt]) -> Iterator[Edit]:
    """The edits that take items, not all, out of a statement."""
    first, last = first_line(statement), last_line(statement)
    if any(other is not statement and first_line(other) <= last and first <= last_line(other) for other in changed):
        raise RefusedError(f"shared line: {text.path}:{first} has another statement that changes")
    splice = Splice(text, first, last)
    for node in ast.walk(statement):
        match node:
            case ast.List(elts=items) | ast.Tuple(elts=items) | ast.Import(names=items) | ast.ImportFrom(names=items):
                here = [item for item in items if item in gone]
                kept = len(items) - len(here)
                if here and kept:
                    without(splice, items, here)
                    if isinstance(node, ast.Tuple) and kept == 1:
                        _keep_comma(splice, node, here)
                elif here and isinstance(node, ast.List | ast.Tuple):
                    start, end = (
                        splice.at(node.lineno, node.col_offset),
                        splice.at(node.end_lineno or 0, node.end_col_offset or 0),
                    )
                    splice.cut(start, end, b"[]" if isinstance(node, ast.List) else b"()")
            case ast.Assign(targets=targets):
                starts = [*targets, node.value]
                for target in targets:
                    if target in gone:
                        following = starts[starts.index(target) + 1]
                        if following.lineno != target.lineno:
                            raise RefusedError("several lines: the targets of the assignment are not on one line")
                        line = text.lines[target.lineno - 1].encode()
                        equals = line.index(b"=", target.end_col_offset or 0) + 1
                        rest = line[equals:]
                        end = equals + len(rest) - len(rest.lstrip(b" \t"))
                        splice.cut(splice.at(target.lineno, target.col_offset), splice.at(target.lineno, end))
    yield from line_edits(text.path, first, splice.old.decode(), splice.new())


def _keep_comma(splice: Splice, node: ast.Tuple, here: list[Item]) -> None:
    """A tuple of one has a comma after it."""
    last = node.elts[-1]
    (kept,) = [item for item in node.elts if item not in here]
    start, end = (splice.at(node.end_lineno or 0, node.end_col_offset or 0) for node in (last, node))
    lines = splice.line_around(splice.at(last.lineno, last.col_offset), start)
    if b"," not in splice.old[start:end] and (kept is last or lines is None):
        at = splice.at(kept.end_lineno or 0, kept.end_col_offset or 0)
        splice.cut(at, at, b",")


def _items(node: ast.List | ast.Tuple | ast.Call) -> list[ast.expr]:
    return node.args if isinstance(node, ast.Call) else node.elts


def _all_items(statement: ast.stmt) -> list[Item]:
    match statement:
        case ast.Import(names=names) | ast.ImportFrom(names=names):
            return [*names]
        case ast.Assign(targets=targets):
            return [*targets]
        case ast.AugAssign(value=ast.List(elts=[_, *_] as items) | ast.Tuple(elts=[_, *_] as items)):
            return [*items]
        case ast.Expr(value=ast.Call(args=[ast.List(elts=items) | ast.Tuple(elts=items)])):
            return [*items]
    return [ast.Constant(None)]  # what is not among the items that go


def _is_of_all(statement: ast.stmt) -> bool:
    """Whether a statement assigns ``__all__`` or adds to it."""
    match statement:
        case ast.Assign(targets=[ast.Name(id="__all__")]):
            return True
        case ast.AugAssign(target=ast.Name(id="__all__")) | ast.AnnAssign(target=ast.Name(id="__all__")):
            return True
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id="__all__"), attr="append" | "extend"))):
            return True
    return False


def _require(program: Program, mentions: list[Site], edits: tuple[Edit, ...], removed: set[str]) -> None:
    """Raise RefusedError where what goes is named by something that stays."""
    for site in mentions:
        path, line, *_ = program.index.place(site)
        gone = any(edit.span.path == path and edit.span.line <= line < edit.span.end_line for edit in edits)
        if not gone and path not in removed:
            where = "shared test code" if program.files[site.file].tests else "still used"
            raise RefusedError(f"{where}: {path}:{line} names it")
