"""Functions that only hand back what they are given, and methods that only hand out an attribute of their object."""

from __future__ import annotations

from typing import TYPE_CHECKING

from debloat.facts import data, ops

if TYPE_CHECKING:
    from debloat.program.program import Program


def handed(program: Program, function: int) -> str | None:
    """What a function gives back and all that it does: its one parameter, or an attribute of its object; None of any other."""
    index = program.index
    record, file = index.scopes[function], index.file_of[function]
    fact = program.facts[file]
    around = index.scopes[index.parent(function)].kind
    first = 0 if program.analysis.receivers(function) is None else 1
    refused = data.GENERATOR | data.ASYNC | data.READS_FRAME
    if around not in (data.MODULE, data.CLASS) or record.flags & refused or record.line != record.first_line:
        return None
    local = function - index.base[file]
    told = any(one.scope == local and not one.missing for one in fact.restating)
    code = [*fact.instructions(local)] if told or not record.flags & data.DOCSTRING else []
    match [fact.code[pc] for pc in code], [parameter.name for parameter in record.parameters[first:]]:
        case [ops.NAME, ops.RETURN], [name] if fact.code[code[0] + 3] == name:
            return fact.names[name]
        case [ops.NAME, ops.ATTR, ops.RETURN], []:
            if first and fact.code[code[0] + 3] == record.parameters[0].name:
                return f"self.{fact.names[fact.code[code[1] + 4]]}"
    return None
