"""Guards that do what the code after them does anyway."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from debloat.facts import ops
from debloat.program.index import Site
from debloat.values.analysis import Values
from debloat.values.domain import NONE
from debloat.values.report import compared_with_none

if TYPE_CHECKING:
    from debloat.program.program import Program


def idle(program: Program) -> Iterator[Site]:
    """The ``if`` statements whose whole effect is a ``return`` that would be reached without them in the same way."""
    values = program.ask(Values)
    for file in program.judged:
        code = program.facts[file].code
        for pc in program.facts[file].guards:
            if code[pc] == ops.IF and _is_idle(values, Site(file, pc)):
                yield Site(file, pc)


def _is_idle(values: Values, owner: Site) -> bool:
    code = values.index.facts[owner.file].code
    stop = values.index.scopes[values.index.scope_at(owner)].end
    start = owner.pc + ops.size(code, owner.pc)
    returned = _return(code, start, stop)
    if returned < 0:
        return False
    end = returned + ops.size(code, returned)
    if end >= stop or code[end] != ops.END:
        return False
    after = end + ops.size(code, end)
    if _is_alike(values, Site(owner.file, start), after, returned, stop):
        return values.is_reached(owner)
    test = Site(owner.file, code[owner.pc + 5])
    subject = compared_with_none(values.program, test)
    if subject < 0 or code[subject] != ops.NAME or code[test.pc + 7] != ops.IS:
        return False
    value = code[returned + 3]
    same = value < 0 or values.value(Site(owner.file, value)) == {NONE}
    return same and _gives_none(values, owner.file, subject, after, stop) and values.is_reached(owner)


def _return(code: Sequence[int], start: int, stop: int) -> int:
    """The RETURN that is all there is from a position on, but for the value it returns; -1 for anything else."""
    for pc in ops.instructions(code, start, stop):
        if code[pc] == ops.RETURN:
            return pc
        if code[pc] >= ops.STORE:
            return -1
    return -1


def _is_alike(values: Values, here: Site, after: int, returned: int, stop: int) -> bool:
    """Whether what follows returns the same expression."""
    code = values.index.facts[here.file].code
    other = _return(code, after, stop)
    if other < 0 or other - after != returned - here.pc:
        return False
    pairs = zip(ops.instructions(code, here.pc, returned + 1), ops.instructions(code, after, other + 1), strict=False)
    return all(_shape(code, one, here.pc) == _shape(code, same, after) for one, same in pairs)


def _shape(code: Sequence[int], pc: int, start: int) -> list[object]:
    """An instruction without its place."""
    operands = [value - start if letter == "v" and value >= 0 else value for letter, value in ops.operands(code, pc)]
    fixed = {ops.CALL: 2, ops.COMPARE: 2}.get(code[pc], 0)
    return [code[pc], *operands[fixed:]]


def _gives_none(values: Values, file: int, subject: int, pc: int, stop: int) -> bool:
    """Whether all that runs from a position on, the subject being None, is tests of it and a return of None."""
    code = values.index.facts[file].code
    opened = 0
    while pc < stop:
        op = code[pc]
        size = ops.size(code, pc)
        if op == ops.RETURN:
            value = code[pc + 3]
            if value < 0 or _is_same(values, file, subject, value):
                return True
            return code[value] == ops.CONST and values.value(Site(file, value)) == {NONE}
        if op == ops.IF:
            outcome = _outcome(values, file, subject, code[pc + 5])
            if outcome is None:
                return False
            opened += 1
            if not outcome:
                pc = _section(code, pc, stop)
                size = ops.size(code, pc)
                opened -= code[pc] == ops.END
        elif op == ops.ELSE:
            pc = _section(code, pc, stop)
            size = ops.size(code, pc)
            opened -= 1
        elif op == ops.END:
            opened -= 1
        elif op >= ops.STORE and op != ops.BRANCH:
            return False
        if opened < 0:
            return False
        pc += size
    return True


def _section(code: Sequence[int], start: int, stop: int) -> int:
    """The ELSE or END that ends the branch that begins at an IF or ELSE."""
    depth = 0
    for pc in ops.instructions(code, start + ops.size(code, start), stop):
        if depth == 0 and code[pc] in (ops.ELSE, ops.END):
            return pc
        depth += (code[pc] in ops.OPENING) - (code[pc] == ops.END)
    return stop


def _outcome(values: Values, file: int, subject: int, test: int) -> bool | None:
    """How a test comes out if its subject is None; None where it asks anything else."""
    code = values.index.facts[file].code
    if _is_same(values, file, subject, test):
        return False
    match code[test]:
        case ops.UNARY if code[test + 3] == ops.NOT:
            inner = _outcome(values, file, subject, code[test + 4])
            return None if inner is None else not inner
        case ops.COMPARE:
            side = compared_with_none(values.program, Site(file, test))
            asked = side >= 0 and code[test + 7] in (ops.IS, ops.IS_NOT) and _is_same(values, file, subject, side)
            return code[test + 7] == ops.IS if asked else None
        case ops.CALL if code[test + 6] == 2 and _is_same(values, file, subject, code[test + 7]):
            asked = values.value(Site(file, code[test + 5])) == {("external", "<builtin>.isinstance")}
            classes = values.narrowing.classes(values.value(Site(file, code[test + 8]))) if asked else None
            outcomes = [values.types.is_instance(NONE, cls) for cls in classes or [("unknown",)]]
            return True if True in outcomes else False if None not in outcomes else None
    return None


def _is_same(values: Values, file: int, one: int, other: int) -> bool:
    """Whether two expressions are the same variable of one function."""
    code = values.index.facts[file].code
    return code[one] == code[other] == ops.NAME and code[one + 3] == code[other + 3]
