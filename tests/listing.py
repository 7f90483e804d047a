"""``python -m tests.listing FILE``: the facts of a file the way a rule reads them, scope by scope."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from debloat.facts import ops
from debloat.facts.data import Facts, unpack
from debloat.facts.extract import extract

_KINDS = ("module", "class", "function", "lambda", "comprehension", "annotations")
_NAMES = list(ops.FORMATS)


def listing(fact: Facts) -> Iterator[str]:
    """The scopes with their instructions: position, place, what it does, with what; ``#7`` is the value of that at 7."""
    for number, scope in enumerate(fact.scopes):
        parameters = ", ".join(fact.names[parameter.name] for parameter in scope.parameters)
        yield f"{_KINDS[scope.kind]} {fact.names[scope.name]}({parameters}), lines {scope.line} to {scope.end_line}"
        for pc in fact.instructions(number):
            line, column = fact.code[pc + 1 : pc + 3]
            shown = " ".join(_operand(fact, letter, operand) for letter, operand in ops.operands(fact.code, pc))
            yield f"  {pc:4} {line}:{column:<3} {_NAMES[fact.code[pc]]} {shown}"


def _operand(fact: Facts, letter: str, operand: int) -> str:
    if operand < 0:
        return "-"
    match letter:
        case "n":
            return fact.names[operand]
        case "k":
            return repr(fact.constants[operand][1])
        case "v":
            return f"#{operand}"
    return str(operand)


if __name__ == "__main__":
    print("\n".join(listing(unpack(extract(Path(sys.argv[1]).read_bytes())))))
