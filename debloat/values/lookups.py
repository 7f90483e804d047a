"""Questions for a key beside the lookups that they guard."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from debloat.facts import ops
from debloat.program.index import Site
from debloat.values.analysis import Values
from debloat.values.certain import alike
from debloat.values.domain import objects
from debloat.values.report import is_plain

if TYPE_CHECKING:
    from debloat.program.program import Program


def is_followed_by_lookup(program: Program, test: Site, owner: Site) -> bool:
    """Whether what ``key in d`` guards at once, a branch or the rest of a condition, begins by looking the key up."""
    code = program.facts[test.file].code
    if code[test.pc + 7] != ops.IN:
        return False
    start = test.pc + ops.size(code, test.pc)
    match code[owner.pc]:
        case ops.IF if code[owner.pc + 5] == test.pc:
            end = branch_end(program, owner)
        case ops.BOOL | ops.CONDITIONAL:
            end = owner.pc
        case _:
            return False
    return any(is_lookup(program, test, Site(test.file, pc)) for pc in ops.instructions(code, start, end))


def is_lookup(program: Program, test: Site, site: Site) -> bool:
    """Whether an instruction is ``d[key]`` for a test ``key in d``."""
    code = program.facts[test.file].code
    if code[site.pc] != ops.SUBSCRIPT:
        return False
    pairs = ((site.pc + 3, test.pc + 8), (site.pc + 4, test.pc + 5))
    return all(alike(program, Site(test.file, code[one]), Site(test.file, code[other])) for one, other in pairs)


def branch_end(program: Program, owner: Site) -> int:
    """The ELSE or END that ends the first branch of an IF."""
    code = program.facts[owner.file].code
    depth = 0
    pc = owner.pc
    while True:
        depth += (code[pc] in ops.OPENING) - (code[pc] == ops.END)
        if depth == 0 or (depth == 1 and code[pc] == ops.ELSE):
            return pc
        pc += ops.size(code, pc)


def looked_up_twice(program: Program) -> Iterator[tuple[Site, Site, int]]:
    """Each IF or CONDITIONAL that is ``d.get(key, constant)``, with its test and the lines that get() saves.

    The dict is one of exactly that type.
    """
    for file in program.judged:
        code = program.facts[file].code
        for pc in program.facts[file].guards:
            owner = Site(file, pc)
            if code[pc] == ops.CONDITIONAL:
                test = Site(file, code[pc + 3])
                values = Site(file, code[pc + 4]), Site(file, code[pc + 5])
                lines = 0
            elif code[pc] == ops.IF and _asks_for_key(code, test := Site(file, code[pc + 5])):
                stored = _stored(program, owner)
                if stored is None:
                    continue
                values = stored
                lines = 3
            else:
                continue
            if _asks_for_key(code, test) and _is_get(program, test, *values):
                yield owner, test, lines


def _asks_for_key(code: Sequence[int], test: Site) -> bool:
    return code[test.pc] == ops.COMPARE and code[test.pc + 6] == 1 and code[test.pc + 7] in (ops.IN, ops.NOT_IN)


def _stored(program: Program, owner: Site) -> tuple[Site, Site] | None:
    """What both branches of an IF store in the same variable, if that is all they do."""
    code = program.facts[owner.file].code
    first = owner.pc + ops.size(code, owner.pc)
    middle = branch_end(program, owner)
    if code[middle] != ops.ELSE:
        return None
    end = middle
    depth = 1
    while depth:
        end += ops.size(code, end)
        depth += (code[end] in ops.OPENING) - (code[end] == ops.END)
    stores = []
    for start, stop in ((first, middle), (middle + ops.size(code, middle), end)):
        statements = [pc for pc in ops.instructions(code, start, stop) if code[pc] >= ops.STORE]
        if len(statements) != 1 or code[statements[0]] != ops.STORE or code[statements[0] + 5] != ops.PLAIN:
            return None
        stores.append(statements[0])
    if code[stores[0] + 3] != code[stores[1] + 3]:
        return None
    return Site(owner.file, code[stores[0] + 4]), Site(owner.file, code[stores[1] + 4])


def _is_get(program: Program, test: Site, true: Site, false: Site) -> bool:
    """Whether one branch looks the key up in a dict and the other is a constant."""
    code = program.facts[test.file].code
    held, default = (true, false) if code[test.pc + 7] == ops.IN else (false, true)
    if code[default.pc] != ops.CONST or not is_lookup(program, test, held) or not is_plain(program, test):
        return False
    values = program.ask(Values)
    found = objects(values.value(Site(test.file, code[test.pc + 8])))
    return (
        bool(found)
        and all(values.types.builtin(atom) is dict for atom in found)
        and values.outcomes(test) == (True, True)
    )
