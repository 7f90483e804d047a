"""The ``try`` statements of a scope, and what their handlers do with what they catch."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from debloat.facts import ops
from debloat.facts.data import Facts
from debloat.model import Span
from debloat.program.index import Site
from debloat.program.solver import Value

if TYPE_CHECKING:
    from debloat.program.program import Program


class Handler(NamedTuple):
    """A handler: where it stands, the types it names, the name it gives the exception.

    ``again`` says that all it does is raise what it caught, ``by_name`` that it names the exception to do so.
    """

    span: Span
    types: Sequence[Value]
    name: int | None
    again: bool
    by_name: bool


class Try(NamedTuple):
    """A ``try`` with its handlers; ``lines`` would go with it beside those of the handlers if they all went."""

    handlers: Sequence[Handler]
    lines: int


def tries(program: Program, scope: int) -> Iterator[Try]:
    """The ``try`` statements of a scope that have handlers, ``except*`` left out."""
    file = program.index.file_of[scope]
    fact = program.facts[file]
    for start, *sections in _sections(fact, scope - program.index.base[file]):
        if fact.code[start] == ops.TRY and not fact.code[start + 5]:
            kinds = [fact.code[section] for section in sections]
            handlers = [
                _handler(program, file, section, following)
                for section, following in pairwise(sections)
                if fact.code[section] == ops.EXCEPT
            ]
            yield Try(handlers, 0 if ops.FINALLY in kinds else 1 + (ops.ELSE in kinds))


def _sections(fact: Facts, scope: int) -> Iterator[Sequence[int]]:
    """Where each structure of a scope begins, where each of its further sections does, and its end."""
    opened: list[list[int]] = []
    for pc in fact.instructions(scope):
        op = fact.code[pc]
        if op in ops.OPENING:
            opened.append([pc])
        elif op in ops.SECTIONS:
            opened[-1].append(pc)
            if op == ops.END:
                yield opened.pop()


def _handler(program: Program, file: int, start: int, end: int) -> Handler:
    fact = program.facts[file]
    code = fact.code
    _, *body = (pc for pc in ops.instructions(code, start, end) if code[pc] >= ops.STORE)
    name = None
    if body and code[body[0]] == ops.STORE and code[body[0] + 5] == ops.HANDLER:
        name = code[body.pop(0) + 3]
    again = by_name = False
    match body:
        case [pc] if code[pc] == ops.RAISE and code[pc + 4] < 0:
            raised = code[pc + 3]
            by_name = raised >= 0 and code[raised] == ops.NAME and code[raised + 3] == name
            again = raised < 0 or by_name
    named = code[start + 5]
    listed = code[named + 5 : named + 5 + code[named + 4]] if named >= 0 and code[named] == ops.SEQUENCE else [named]
    types = [value for pc in listed if pc >= 0 for value in program.names.static(Site(file, pc))]
    span = program.index.place(Site(file, start))._replace(end_line=code[start + 3], end_column=code[start + 4])
    return Handler(span, types, name, again, by_name)
