"""Annotations that allow None."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from debloat.facts import data, ops
from debloat.program.index import Site
from debloat.program.queries import relatives
from debloat.values.analysis import Values
from debloat.values.domain import NONE, Value, is_unknown, objects

if TYPE_CHECKING:
    from debloat.program.program import Program

_OPTIONAL = frozenset({"typing.Optional", "typing_extensions.Optional"})
_UNION = frozenset({"typing.Union", "typing_extensions.Union"})


def allows_none(program: Program, annotation: Site) -> bool:
    """Whether an annotation is a union with None, and of something else that is known to be a type."""
    fact = program.facts[annotation.file]
    code, pc = fact.code, annotation.pc
    match code[pc]:
        case ops.BINARY:
            return any(
                _is_none(program, Site(annotation.file, side)) or allows_none(program, Site(annotation.file, side))
                for side in code[pc + 4 : pc + 6]
            )
        case ops.SUBSCRIPT:
            names = {
                value[1]
                for value in program.names.static(Site(annotation.file, code[pc + 3]))
                if value[0] == "external"
            }
            inner = code[pc + 4]
            if names & _UNION and code[inner] == ops.SEQUENCE:
                return any(
                    _is_none(program, Site(annotation.file, item))
                    for item in code[inner + 5 : inner + 5 + code[inner + 4]]
                )
            return bool(names & _OPTIONAL)
    return False


class Optional(NamedTuple):
    """A parameter whose annotation allows None where None never comes; ``promised`` if others rely on the annotation."""

    function: int
    name: str
    promised: bool


def needless(program: Program, expression: Site) -> Iterator[Optional]:
    """The parameters that an expression reads and that are said to be None at times, and never are."""
    fact = program.facts[expression.file]
    if fact.code[expression.pc] == ops.NAME:
        name = fact.code[expression.pc + 3]
        scope = program.index.resolve(program.index.scope_at(expression), name)
        record = program.index.scopes[scope] if scope >= 0 else None
        for position, parameter in enumerate(record.parameters if record and record.kind == data.FUNCTION else ()):
            if (
                parameter.name == name
                and parameter.annotation >= 0
                and parameter.kind not in (data.VAR_POSITIONAL, data.VAR_KEYWORD)
                and allows_none(program, Site(expression.file, parameter.annotation))
                and is_never_none(program.ask(Values).parameter(scope, position))
            ):
                yield Optional(scope, fact.names[name], is_promised(program, scope))
    for part in ops.values(fact.code, expression.pc):
        yield from needless(program, Site(expression.file, part))


def is_promised(program: Program, scope: int) -> bool:
    """Whether others rely on what a function is annotated with."""
    stub = program.index.scopes[scope].flags & data.TRIVIAL
    return bool(stub) or program.openings.first(scope) is not None or bool(relatives(program, scope))


def is_never_none(value: Value) -> bool:
    """Whether something is known never to be None."""
    return bool(objects(value)) and not is_unknown(value) and NONE not in value


def _is_none(program: Program, site: Site) -> bool:
    fact = program.facts[site.file]
    return fact.code[site.pc] == ops.CONST and fact.constants[fact.code[site.pc + 3]][0] == "NoneType"
