"""Annotations that allow None."""

from __future__ import annotations

from typing import TYPE_CHECKING

from debloat.facts import ops
from debloat.program.index import Site

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


def _is_none(program: Program, site: Site) -> bool:
    fact = program.facts[site.file]
    return fact.code[site.pc] == ops.CONST and fact.constants[fact.code[site.pc + 3]][0] == "NoneType"
