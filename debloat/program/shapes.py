"""What a function does, whatever its local names are: equal shapes do the same.

The shape of a function is its flow form without places, with its own variables numbered and every other name replaced
by what it stands for.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from debloat.facts import data, ops
from debloat.program.index import Site

if TYPE_CHECKING:
    from debloat.program.program import Program

_HAS_EXTENT = frozenset(
    {
        ops.CALL, ops.COMPARE, ops.IF, ops.WHILE, ops.FOR, ops.TRY, ops.EXCEPT, ops.WITH, ops.MATCH,
    }
)  # fmt: skip
# Their name operand is a variable; elsewhere it is an attribute or a keyword.
_VARIABLES = frozenset({ops.NAME, ops.STORE, ops.DECLARE, ops.DEL_NAME})
# The flow form does not hold all of a pattern, nor which loops and contexts are asynchronous.
_PARTIAL = frozenset({ops.MATCH, ops.UNKNOWN})
_ASYNCHRONOUS = _PARTIAL | {ops.FOR, ops.WITH, ops.COMPREHENSION}

Shape = tuple[Any, ...]


def alike(program: Program, scopes: Iterator[int]) -> Iterator[list[int]]:
    """Groups of module-level functions that do the same, two or more in each, in the order of the files."""
    rough: dict[Shape, list[int]] = {}
    for scope in scopes:
        record = program.index.scopes[scope]
        flags = record.flags & (data.ASYNC | data.GENERATOR)
        rough.setdefault((record.end - record.start, len(record.parameters), len(record.attributes), flags), []).append(
            scope
        )
    for group in rough.values():
        if len(group) > 1:
            exact: dict[Shape, list[int]] = {}
            for scope in group:
                exact.setdefault(_Reader(program, scope).shape(scope), []).append(scope)
            yield from (same for same in exact.values() if len(same) > 1)


def origin(program: Program, file: int, name: str) -> tuple[int | str, str]:
    """The module that a module has a name from (a dotted name if it is from outside), and what it is called there."""
    seen = set()
    while (file, name) not in seen:
        seen.add((file, name))
        fact = program.facts[file]
        match fact.scopes[0].bound.get(fact.name_index.get(name, -1), ()):
            case [store] if fact.code[store] == ops.STORE and fact.code[fact.code[store + 4]] == ops.IMPORTED:
                number = fact.code[fact.code[store + 4] + 3]
                imported = fact.imports[number]
                dotted = program.index.target_module(file, number)
                if not imported.name:
                    return dotted.partition(".")[0] if imported.top else dotted, ""
                if dotted not in program.index.modules:
                    return dotted, imported.name
                file, name = program.index.modules[dotted], imported.name
    return file, name


class _Reader:
    """Reads one function, the scopes inside it included."""

    def __init__(self, program: Program, scope: int) -> None:
        self._program = program
        self._index = program.index
        self._file = self._index.file_of[scope]
        self._fact = program.facts[self._file]
        self._function = scope
        self._partial = _ASYNCHRONOUS if self._index.scopes[scope].flags & data.ASYNC else _PARTIAL
        self._starred = any(True for _ in program.names.star_targets(self._file))
        self._numbers: dict[tuple[int, int], int] = {}  # of the own variables, in the order in which they appear
        self._inner: set[int] = set()

    def shape(self, scope: int) -> Shape:
        """The shape of the function or of a scope inside it."""
        self._inner.add(scope)
        record = self._index.scopes[scope]
        parameters = tuple(
            (parameter.kind, self._parameter(scope, parameter.name), self._default(parameter.default))
            for parameter in record.parameters
        )
        local = scope - self._index.base[self._file]
        return parameters, tuple(part for pc in self._fact.instructions(local) for part in self._instruction(scope, pc))

    def _instruction(self, scope: int, pc: int) -> Iterator[object]:
        code, start = self._fact.code, self._index.scopes[scope].start
        op = code[pc]
        yield op if op not in self._partial else (self._file, pc)
        for at, (letter, operand) in enumerate(ops.operands(code, pc)):
            match letter:
                case "v":
                    yield operand - start if operand >= 0 else None
                case "n" if op in _VARIABLES:
                    yield self._variable(scope, operand)
                case "n":
                    yield self._fact.names[operand] if operand >= 0 else None
                case "k":
                    yield tuple(self._fact.constants[operand])
                case "s":
                    yield self.shape(self._index.base[self._file] + operand)
                case _ if op == ops.IMPORTED:
                    imported = self._fact.imports[operand]
                    yield self._index.target_module(self._file, operand), imported.name, imported.top
                case _ if at > 1 or op not in _HAS_EXTENT:
                    yield operand

    def _number(self, scope: int, name: int) -> int:
        return self._numbers.setdefault((scope, name), len(self._numbers))

    def _parameter(self, scope: int, name: int) -> object:
        """A parameter by its number; one of an inner function by its name, which a call may use."""
        return (
            self._number(scope, name)
            if scope == self._function
            else (self._number(scope, name), self._fact.names[name])
        )

    def _variable(self, scope: int, name: int) -> object:
        """An own variable by its number, any other by what it stands for."""
        home = self._index.resolve(scope, name)
        text = self._fact.names[name]
        if home in self._inner:
            return text if self._index.scopes[home].kind == data.CLASS else self._number(home, name)
        if home < 0:
            # __name__ and its like are another thing in each module, and so is what a star import may bring.
            return (self._file, text) if self._starred or text.startswith("__") else ("builtin", text)
        found = origin(self._program, self._file, text)
        return "itself" if found == (self._file, self._index.name(self._function)) else found

    def _default(self, value: int) -> object:
        """A default as far as it can be compared: nothing, a constant or a name; any other is like no other."""
        code = self._fact.code
        match code[value] if value >= 0 else None:
            case None:
                return None
            case ops.CONST:
                return tuple(self._fact.constants[code[value + 3]])
            case ops.NAME:
                return self._variable(self._index.scope_at(Site(self._file, value)), code[value + 3])
        return self._file, value
