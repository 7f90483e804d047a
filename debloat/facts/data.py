"""The facts of one file, and their way to bytes and back."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from functools import cached_property
from typing import Any, NamedTuple

import msgpack

from debloat.facts import ops

MODULE, CLASS, FUNCTION, LAMBDA, COMPREHENSION, ANNOTATIONS = range(6)

# Scope flags
ASYNC = 1
GENERATOR = 2
DOCSTRING = 4
TRIVIAL = 8  # nothing but pass, return, ..., a docstring or raise NotImplementedError
FORWARDS = 16  # the body is one call, returned or not
REPEATS_TEST = 32  # two tests begin with one name
RERAISES = 64  # has a handler that is a bare raise
READS_FRAME = 128  # locals(), eval() and their like see the local names
GIVES_FRAME = 512  # and more is done with that than to ask whether it has a name: "x" in locals()
WAITS = 1024  # has an asynchronous loop, context or comprehension
LEAVES = 256  # may never come back: the last statement raises, loops for ever or ends the program

# Parameter kinds, in the order in which Python binds them
POSITIONAL_ONLY, POSITIONAL, VAR_POSITIONAL, KEYWORD_ONLY, VAR_KEYWORD = range(5)

# Import guards
PLAIN, TYPE_CHECKING, FALLBACK, CONDITIONAL = range(4)


class Parameter(NamedTuple):
    """A parameter; ``default`` and ``annotation`` are values in the code of the enclosing scope, -1 for none."""

    name: int
    kind: int
    line: int
    column: int
    end_line: int
    end_column: int
    default: int
    annotation: int


class Import(NamedTuple):
    """One imported name: ``name`` is empty for ``import module`` and ``*`` for a star import.

    ``top`` says that ``import a.b`` binds the package ``a``, not the module ``a.b``.
    """

    scope: int
    line: int
    column: int
    module: str
    name: str
    bound: str
    level: int
    guard: int
    top: bool


class Scope(NamedTuple):
    """A scope: its place, its code, and what the names in it are.

    ``bound`` maps a name to its STORE instructions (of parameters: to none); ``loads`` and ``attributes`` are the names
    that the scope itself reads, ``set_attributes`` those it writes on objects.
    """

    kind: int
    name: int
    parent: int
    definition: int  # the FUNCTION, CLASS, LAMBDA or COMPREHENSION instruction in the parent
    start: int
    end: int
    line: int
    column: int
    end_line: int
    end_column: int
    first_line: int  # of the first decorator
    flags: int
    returns: int  # the annotation
    bound: dict[int, list[int]]
    loads: list[int]
    attributes: list[int]
    set_attributes: list[int]
    globals: list[int]
    nonlocals: list[int]
    parameters: list[Parameter]


class Restating(NamedTuple):
    """A docstring of a scope, or with -1 for it a comment, that says what the code from line ``of`` on says.

    ``missing`` is the one word of it, as it is written, that the code does not say: it may be in the name of the module.
    """

    scope: int
    line: int
    column: int
    end_line: int
    end_column: int
    of: int
    missing: str


class Remark(NamedTuple):
    """A comment on lines of its own that is no prose: of a ``kind`` of :mod:`debloat.facts.remarks`.

    ``says`` is the title that it frames, empty where the code below has every word of it or almost any code has.
    """

    kind: int
    line: int
    column: int
    end_line: int
    end_column: int
    says: str


# What does nothing: a pass beside other statements, an else of which it is all, a return or continue where there is nothing to
# leave, an f-string without any value in it; an expression that may only look at something, and an assignment of a name to itself.
PASS, ELSE, RETURN, CONTINUE, TEXT, LOOK, SAME = range(7)


class Idle(NamedTuple):
    """Code that does nothing, as its form shows, or may do nothing, and where it stands; ``pc`` is its instruction, -1 for none."""

    kind: int
    line: int
    column: int
    end_line: int
    end_column: int
    pc: int


class Facts:
    """What is known of one file. Made by :func:`debloat.facts.extract.extract`, kept as bytes by the store."""

    def __init__(self, row: list[Any]) -> None:
        (
            self.names,
            self.constants,
            raw_scopes,
            raw_imports,
            code,
            mentions,
            exported,
            self.lines,
            self.flags,
            self.guards,
            restating,
            remarks,
            idle,
        ) = row
        self.code: array[int] = array("i")
        self.code.frombytes(code)
        for scope in raw_scopes:
            scope[-1] = [Parameter._make(parameter) for parameter in scope[-1]]
        self.scopes = [Scope._make(scope) for scope in raw_scopes]
        self.imports = [Import._make(imported) for imported in raw_imports]
        self.restating = [Restating._make(one) for one in restating]
        self.remarks = [Remark._make(one) for one in remarks]
        self.idle = [Idle._make(one) for one in idle]
        self.mentions: list[str] = mentions
        self.exported: list[str] | None = exported
        self._instructions: dict[int, list[int]] = {}
        self._consumers: dict[int, dict[int, list[int]]] = {}
        self._blocks: dict[int, list[tuple[int, int]]] = {}

    names: list[str]
    constants: list[Any]
    lines: int
    flags: int
    # Where code may be on its guard: structures with tests or handlers, boolean and conditional expressions, calls by which
    # values are checked, converted or read with a default. Also the instruction that ends a statement after which nothing
    # may run although more follows.
    guards: list[int]

    @cached_property
    def name_index(self) -> dict[str, int]:
        """The index of each name that the file holds."""
        return {name: index for index, name in enumerate(self.names)}

    @cached_property
    def defaults(self) -> dict[int, list[tuple[int, int]]]:
        """The parameters (scope, position) whose default each value is."""
        table: dict[int, list[tuple[int, int]]] = {}
        for scope, record in enumerate(self.scopes):
            for position, parameter in enumerate(record.parameters):
                if parameter.default >= 0:
                    table.setdefault(parameter.default, []).append((scope, position))
        return table

    @cached_property
    def annotated(self) -> dict[int, list[int]]:
        """The scopes of which each value annotates a parameter or what they return."""
        table: dict[int, list[int]] = {}
        for scope, record in enumerate(self.scopes):
            for value in (record.returns, *(parameter.annotation for parameter in record.parameters)):
                if value >= 0:
                    table.setdefault(value, []).append(scope)
        return table

    def instructions(self, scope: int) -> Sequence[int]:
        """The positions of the instructions of a scope."""
        known = self._instructions.get(scope)
        if known is None:
            record = self.scopes[scope]
            known = self._instructions[scope] = list(ops.instructions(self.code, record.start, record.end))
        return known

    def consumers(self, scope: int) -> dict[int, list[int]]:
        """For each value of a scope, the instructions that use it, in order."""
        table = self._consumers.get(scope)
        if table is None:
            table = self._consumers[scope] = {}
            for pc in self.instructions(scope):
                for value in ops.values(self.code, pc):
                    table.setdefault(value, []).append(pc)
        return table

    def blocks(self, scope: int) -> list[tuple[int, int]]:
        """The outermost structures (IF .. END and their like, WITH left out) in the code of a scope: (start, end)."""
        table = self._blocks.get(scope)
        if table is None:
            table = self._blocks[scope] = []
            opened: list[int] = []
            for pc in self.instructions(scope):
                op = self.code[pc]
                if op in ops.OPENING:
                    opened.append(pc)
                elif op == ops.END:
                    start = opened.pop()
                    if self.code[start] != ops.WITH and all(self.code[outer] == ops.WITH for outer in opened):
                        table.append((start, pc))
        return table

    def reaching(self, scope: int, name: int, pc: int) -> tuple[list[int], bool]:
        """The stores of a scope's variable that may reach a read at ``pc`` in the same scope.

        Also whether its value on entry (a parameter's) may. A store outside every branch and loop ends what came before.
        """
        record = self.scopes[scope]
        blocks = self.blocks(scope)
        first, last = next(((start, end) for start, end in blocks if start < pc < end), (pc, pc))
        reaching: list[int] = []
        entry = True
        for store in sorted(record.bound[name]):
            if not record.start <= store < record.end:
                reaching.append(store)  # another scope's global or nonlocal statement
            elif store < first and not any(start < store < end for start, end in blocks):
                reaching = [other for other in reaching if not record.start <= other < record.end]
                reaching.append(store)
                entry = False
            elif store <= last:
                reaching.append(store)
        return reaching, entry


# File flags
MAIN_GUARD = 1
DYNAMIC_EXPORTS = 2  # __all__ is built by more than literals
MODULE_GETATTR = 4
SUPPRESSIONS = 8
HAS_EFFECT = 16  # the top level does more than define, import and bind constants


def unpack(data: bytes) -> Facts:
    """The facts in ``data``; raises ValueError where they are not facts of this version."""
    try:
        row = msgpack.unpackb(data, strict_map_key=False)
        return Facts(row)
    except (ValueError, TypeError, msgpack.UnpackException) as error:
        raise ValueError(f"not facts: {error}") from error
