"""Names of functions that say something which their code does not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from debloat.facts import ops
from debloat.facts.words import concept, is_act, parts

if TYPE_CHECKING:
    from debloat.program.program import Program

_WORD = re.compile(r"[A-Za-z][a-z]*")


def says_more(program: Program, function: int) -> bool:
    """Whether the name of a function has a word, beside that for what it does, that no name or text in its code has."""
    said = frozenset().union(*_said(program, function))
    return any(
        concept(word) not in said and not is_act(word)
        for word in map(str.lower, _WORD.findall(program.index.name(function)))
    )


def _said(program: Program, function: int) -> Iterator[frozenset[str]]:
    file = program.index.file_of[function]
    fact = program.facts[file]
    for pc in fact.instructions(function - program.index.base[file]):
        for letter, operand in ops.operands(fact.code, pc):
            if letter == "n" and operand >= 0:
                yield parts(fact.names[operand])
            elif letter == "k":
                kind, text = fact.constants[operand]
                yield parts(text) if kind == "str" and isinstance(text, str) else frozenset()
