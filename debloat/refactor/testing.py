"""The tests of what goes: they go along, with what only they used, and no test of anything else does."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from debloat.model import Evidence, Proof, RefusedError, Span
from debloat.refactor.going import Going
from debloat.refactor.quiet import changes
from debloat.refactor.source import Source, last_line, source

if TYPE_CHECKING:
    from debloat.program import Program

_Function = ast.FunctionDef | ast.AsyncFunctionDef
_RAISES = frozenset(
    {"raises", "warns", "deprecated_call", "assertRaises", "assertRaisesRegex", "assertWarns", "assertLogs"}
)
# A function of a test file, and the class that holds it.
_Unit = tuple[_Function, ast.ClassDef | None]


class Tests:
    """What goes of test files: ``statements`` with their paths, and whole files ``removed``.

    ``names`` are the tests that go. Raises RefusedError where what goes is named by test code that other tests share.
    """

    def __init__(self, program: Program, going: Going) -> None:
        self._program = program
        self.statements: list[tuple[str, ast.stmt]] = []
        self.removed: set[str] = set()
        self.names: list[str] = []
        self.evidence: list[Evidence] = []
        for number in sorted({site.file for site in going.tested}):
            path = program.files[number].path
            places = [program.index.place(site)[1:3] for site in going.tested if site.file == number]
            self._clean(number, _File(source(program, path), places, partial(changes, program, number)))

    def _clean(self, number: int, file: _File) -> None:
        path = file.text.path
        file.choose()
        shared = [name for name in file.helpers() if self._is_imported(number, name)]
        if shared:
            raise RefusedError(f"shared test code: {shared[0]} of {path} is imported elsewhere")
        for statement, name in file.gone():
            self.names.append(f"{path}::{name}")
            note = "assumes that the test is of nothing but what goes"
            self.evidence.append(
                Evidence("reachability", Proof.ASSUMED, Span(path, statement.lineno, 0, statement.lineno, 0), note)
            )
        if file.is_empty() and not path.endswith("conftest.py") and not self._is_imported(number, None):
            self.removed.add(path)
            return
        file.sweep(lambda name: self._is_imported(number, name))
        self.statements += [(path, statement) for statement in file.going]

    def _is_imported(self, number: int, name: str | None) -> bool:
        """Whether another file imports a name of a test file, or the file; a conftest's names are for all tests around it."""
        program = self._program
        if name is not None and program.files[number].path.endswith("conftest.py"):
            return True
        return any(
            ("module", number) in program.names.module(program.index.target_module(file, at))
            or ("module", number) in program.names.imported(file, at)
            for file, fact in enumerate(program.facts)
            for at, imported in enumerate(fact.imports)
            if file != number and (name is None or imported.name in (name, "*", ""))
        )


class _File:
    """One test file and the places in it that name what goes; ``going`` are the statements of it that go.

    ``changes`` says whether a statement may change what those after it see.
    """

    def __init__(self, text: Source, places: list[tuple[int, int]], changes: Callable[[ast.stmt], bool]) -> None:
        self.text = text
        self._places = places
        self._changes = changes
        self.going: set[ast.stmt] = set()
        self._partly: set[_Function] = set()
        self._direct = [unit for unit in self._units() if self._names(unit[0])]
        # What fixtures, set-ups and helpers make of what goes: their names, and attributes of the test cases
        self._made: set[str] = set()

    def _units(self) -> Iterator[_Unit]:
        for statement in self.text.tree.body:
            if isinstance(statement, _Function):
                yield statement, None
            elif isinstance(statement, ast.ClassDef):
                yield from ((member, statement) for member in statement.body if isinstance(member, _Function))

    def _names(self, node: ast.stmt) -> list[tuple[int, int]]:
        """The places in the body of a statement that name what goes."""
        return [place for place in self._places if node.lineno <= place[0] <= last_line(node)]

    def choose(self) -> None:
        """Choose the tests that go. Raises RefusedError for one that is of something else too."""
        helpers = [(unit, cls) for unit, cls in self._direct if not _is_test(unit)]
        for unit, _ in helpers:
            self._makes(unit)
        for unit, cls in self._units():
            if _is_test(unit) and ((unit, cls) in self._direct or not self._made.isdisjoint(_names_in(unit))):
                self._slice(unit)
        self.going.update(unit for unit, _ in helpers)
        for node in self.text.tree.body:
            if isinstance(node, ast.ClassDef):
                tests = [member for member in node.body if isinstance(member, _Function) and _is_test(member)]
                if tests and self.going.issuperset(tests):
                    self.going.difference_update(node.body)
                    self.going.add(node)
        for unit, cls in helpers:
            if cls is None or cls not in self.going:
                name = unit.name
                if cls is not None or _is_automatic(unit) or name in _used(self._left()):
                    raise RefusedError(f"shared test code: {name} of {self.text.path} is used by tests of other things")

    def helpers(self) -> list[str]:
        """The functions and classes that go and hold no test by themselves."""
        return [node.name for node in self.going if isinstance(node, _Function | ast.ClassDef) and not _is_test(node)]

    def gone(self) -> Iterator[tuple[ast.stmt, str]]:
        """The tests that go in whole or in part, with their names."""
        for unit, cls in self._units():
            if _is_test(unit) and (unit in self.going or cls in self.going or unit in self._partly):
                part = " (in part)" if unit in self._partly else ""
                yield unit, f"{cls.name}::{unit.name}{part}" if cls else f"{unit.name}{part}"

    def is_empty(self) -> bool:
        """Whether no test is left."""
        tests = [(unit, cls) for unit, cls in self._units() if _is_test(unit)]
        return bool(tests) and all(unit in self.going or cls in self.going for unit, cls in tests)

    def _makes(self, helper: _Function) -> None:
        """Note what a helper makes of what goes: what it returns, and what it sets on the test case."""
        tainted: set[str] = set()
        for statement in _simple(helper.body):
            if self._names(statement) or not tainted.isdisjoint(_names_in(statement)):
                match statement:
                    case ast.Assign(targets=[ast.Name(id=name)]):
                        tainted.add(name)
                    case ast.Assign(targets=[ast.Attribute(value=ast.Name(id="self"), attr=name)]):
                        self._made.add(f"self.{name}")
                    case ast.Return() | ast.Expr(value=ast.Yield()):
                        self._made.add(helper.name)

    def _slice(self, test: _Function) -> None:
        """A test goes if all that it asserts follows from what goes; else those assertions go that are of nothing else."""
        tainted = set(self._made)
        local = {node.id for node in ast.walk(test) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
        local |= {argument.arg for argument in [*test.args.args, *test.args.kwonlyargs] if argument.arg != "self"}
        touched = []
        others = []
        for statement in _simple(test.body):
            read = _names_in(statement)
            if self._names(statement) or not read.isdisjoint(tainted):
                touched.append(statement)
                if not _is_assertion(statement):
                    tainted |= read & local
            elif _is_assertion(statement) or self._checks(statement):
                others.append(statement)
        if not others:
            self.going.add(test)
        elif all(
            _is_assertion(statement)
            and not isinstance(statement, ast.With)
            and (statement.lineno > others[-1].lineno or not self._changes(statement))
            for statement in touched
        ):
            self.going.update(touched)
            self._partly.add(test)
        else:
            raise RefusedError(f"shared test: {test.name} of {self.text.path} tests other things too")

    def _checks(self, statement: ast.stmt) -> bool:
        """Whether a statement calls a function that asserts something, as far as that is in the file or its name says so."""
        match statement:
            case ast.Expr(value=ast.Call(func=ast.Name(id=name) | ast.Attribute(value=ast.Name(id="self"), attr=name))):
                asserts = {unit.name for unit, _ in self._units() if any(map(_is_assertion, _inner(unit)))}
                return name in asserts or name.strip("_").startswith(("check", "verify", "expect", "ensure", "raises"))
        return False

    def _left(self) -> list[ast.stmt]:
        """The statements that stay, the innermost of those that hold some that go."""
        found: list[ast.stmt] = []
        waiting = list(self.text.tree.body)
        while waiting:
            statement = waiting.pop()
            if statement in self.going:
                continue
            inner = [node for node in ast.walk(statement) if node in self.going]
            if inner:
                header = [node for node in ast.iter_child_nodes(statement) if not isinstance(node, ast.stmt)]
                found += [ast.copy_location(ast.Expr(node), statement) for node in header if isinstance(node, ast.expr)]
                found += [
                    ast.copy_location(ast.Expr(ast.Lambda(node, ast.Constant(None))), statement)
                    for node in header
                    if isinstance(node, ast.arguments)
                ]
                waiting += [node for node in ast.iter_child_nodes(statement) if isinstance(node, ast.stmt)]
            else:
                found.append(statement)
        return found

    def sweep(self, is_imported: Callable[[str], bool]) -> None:
        """Have go what only the tests that go used: functions, classes and constants of the file."""
        while True:
            left = _used(self._left())
            used = _used(self.going)
            found = {
                statement
                for statement in self.text.tree.body
                if statement not in self.going
                for name in [_bound(statement)]
                if name
                and name in used
                and not is_imported(name)
                and name not in _used_but(self._left(), statement, left)
                and not (isinstance(statement, _Function) and (_is_test(statement) or _is_automatic(statement)))
                and not (isinstance(statement, ast.ClassDef) and _holds_tests(statement))
            }
            if not found:
                return
            self.going |= found


def _names_in(node: ast.AST) -> set[str]:
    """The names in a statement: variables, parameters and attributes of ``self``."""
    found: set[str] = set()
    for inner in ast.walk(node):
        match inner:
            case ast.Name(id=name) | ast.arg(arg=name):
                found.add(name)
            case ast.Attribute(value=ast.Name(id="self"), attr=name):
                found.add(f"self.{name}")
    return found


def _used_but(left: list[ast.stmt], statement: ast.stmt, all_used: set[str]) -> set[str]:
    """The names that the statements use without one of them, which may use its own name."""
    return _used([other for other in left if other is not statement]) if _bound(statement) in all_used else all_used


def _used(statements: list[ast.stmt] | set[ast.stmt]) -> set[str]:
    """The names that statements read, take as parameters, as fixtures are, or have in strings."""
    found: set[str] = set()
    for statement in statements:
        for node in ast.walk(statement):
            match node:
                case ast.Name(id=name, ctx=ast.Load()) | ast.arg(arg=name):
                    found.add(name)
                case ast.Constant(value=str(text)):
                    found.add(text)
    return found


def _bound(statement: ast.stmt) -> str | None:
    match statement:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            return name
        case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name), value=ast.expr()):
            return name if not name.startswith(("pytest", "__")) else None
    return None


def _simple(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements of a body, in order, those that hold others by their parts unless they are assertions."""
    for statement in body:
        inner = [
            child for field in ("body", "orelse", "handlers", "finalbody") for child in getattr(statement, field, [])
        ]
        if inner and not _is_assertion(statement):
            yield from _heads(statement)
            for child in inner:
                yield from _simple(child.body) if isinstance(child, ast.ExceptHandler) else _simple([child])
        else:
            yield statement


def _heads(statement: ast.stmt) -> Iterator[ast.stmt]:
    """What a compound statement evaluates and binds itself, as assignments."""
    match statement:
        case ast.With(items=items) | ast.AsyncWith(items=items):
            parts = [part for item in items for part in (item.context_expr, item.optional_vars) if part is not None]
        case ast.For(target=target, iter=iterated) | ast.AsyncFor(target=target, iter=iterated):
            parts = [iterated, target]
        case ast.If(test=test) | ast.While(test=test):
            parts = [test]
        case _:
            return
    yield ast.copy_location(ast.Assign([], ast.Tuple(parts, ast.Load())), parts[0])


def _inner(function: _Function) -> Iterator[ast.stmt]:
    return (node for node in ast.walk(function) if isinstance(node, ast.stmt))


def _is_assertion(statement: ast.stmt) -> bool:
    match statement:
        case ast.Assert():
            return True
        case ast.Expr(value=ast.Call(func=ast.Attribute(attr=name) | ast.Name(id=name))):
            return name.startswith("assert") or name in _RAISES or name == "fail"
        case ast.With(items=items):
            return any(
                isinstance(item.context_expr, ast.Call)
                and isinstance(item.context_expr.func, ast.Attribute)
                and item.context_expr.func.attr in _RAISES
                for item in items
            )
    return False


def _is_test(node: _Function | ast.ClassDef) -> bool:
    return node.name.startswith("test") if isinstance(node, _Function) else _holds_tests(node)


def _holds_tests(cls: ast.ClassDef) -> bool:
    return any(isinstance(member, _Function) and member.name.startswith("test") for member in cls.body)


def _is_automatic(function: _Function) -> bool:
    """Whether a fixture is used without being asked for, or the runner calls the function by its name."""
    automatic = any(
        keyword.arg == "autouse"
        for decorator in function.decorator_list
        for keyword in getattr(decorator, "keywords", [])
    )
    return automatic or function.name.startswith(("pytest_", "setup", "teardown", "setUp", "tearDown"))
