"""Functions that say or know something beside the names in their code."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from debloat.facts import ops
from debloat.facts.words import concept, is_act, parts

if TYPE_CHECKING:
    from debloat.program.program import Program

_WORD = re.compile(r"[A-Za-z][a-z]*")


def says_more(program: Program, function: int) -> bool:
    """Whether a function is named by a verb alone or with a word that no name in its code has, or knows a text or number."""
    fact = program.facts[program.index.file_of[function]]
    local = function - program.index.base[program.index.file_of[function]]
    operands = [pair for pc in fact.instructions(local) for pair in ops.operands(fact.code, pc)]
    said = frozenset().union(*(parts(fact.names[name]) for letter, name in operands if letter == "n" and name >= 0))
    knows = any(fact.constants[value][0] not in ("NoneType", "bool") for letter, value in operands if letter == "k")
    words = [word for word in map(str.lower, _WORD.findall(program.index.name(function))) if not is_act(word)]
    return knows or not words or any(concept(word) not in said for word in words)
