"""Guards against the empty container around what does nothing with it anyway."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from debloat.facts import ops
from debloat.program.index import Site
from debloat.values.analysis import Values
from debloat.values.certain import alike, is_builtin_call
from debloat.values.domain import Value, objects
from debloat.values.lookups import branch_end

if TYPE_CHECKING:
    from debloat.program.program import Program

# What functions give for nothing.
_NOTHING = {"sum": ("int", 0), "any": ("bool", False), "all": ("bool", True)}
_MAKING = {"list": list, "sorted": list, "tuple": tuple, "set": set, "dict": dict}


def needless(program: Program) -> Iterator[tuple[Site, Site, Site, bool, int]]:
    """Each guard that changes nothing for an empty container.

    Its IF or CONDITIONAL, its test, the container, whether the test is true if that has items, the lines saved.
    """
    values = program.ask(Values)
    for file in program.judged:
        code = program.facts[file].code
        for pc in program.facts[file].guards:
            owner = Site(file, pc)
            if code[pc] == ops.IF:
                test, lines = Site(file, code[pc + 5]), 1
            elif code[pc] == ops.CONDITIONAL:
                test, lines = Site(file, code[pc + 3]), 0
            else:
                continue
            asked = _asked(program, test)
            if asked is None or not _is_needless(program, owner, *asked):
                continue
            if _is_container(values, values.value(asked[0])) and values.is_reached(test):
                leaves = code[pc] == ops.IF and not asked[1]
                yield owner, test, *asked, 2 if leaves else lines


def _asked(program: Program, test: Site) -> tuple[Site, bool] | None:
    """The container that a test asks for its items, and whether it is true if there are any."""
    fact = program.facts[test.file]
    code = fact.code
    match code[test.pc]:
        case ops.NAME | ops.ATTR:
            return test, True
        case ops.UNARY if code[test.pc + 3] == ops.NOT:
            inner = _asked(program, Site(test.file, code[test.pc + 4]))
            return inner and (inner[0], not inner[1])
        case ops.CALL if code[test.pc + 6] == 1 and is_builtin_call(program, test, "len"):
            return Site(test.file, code[test.pc + 7]), True
        case ops.COMPARE if code[test.pc + 6] == 1 and code[code[test.pc + 8]] == ops.CONST:
            length = Site(test.file, code[test.pc + 5])
            constant = fact.constants[code[code[test.pc + 8] + 3]]
            has = _HAS.get((code[test.pc + 7], *constant))
            if has is not None and code[length.pc] == ops.CALL and is_builtin_call(program, length, "len"):
                return Site(test.file, code[length.pc + 7]), has
    return None


# What comparing a length with a constant says of it: that there are items, or none.
_HAS = {
    (ops.GT, "int", 0): True, (ops.GT_E, "int", 1): True, (ops.NOT_EQ, "int", 0): True,
    (ops.EQ, "int", 0): False, (ops.LT, "int", 1): False, (ops.LT_E, "int", 0): False,
}  # fmt: skip


def _is_container(values: Values, value: Value) -> bool:
    """Whether a value is always a builtin container, which can be asked and iterated without an effect."""
    kinds = [values.types.builtin(atom) for atom in objects(value)]
    return bool(kinds) and all(kind in (list, tuple, set, frozenset, dict, str, bytes) for kind in kinds)


def _is_needless(program: Program, owner: Site, container: Site, has_items: bool) -> bool:
    code = program.facts[owner.file].code
    if code[owner.pc] == ops.CONDITIONAL:
        full, empty = (code[owner.pc + (4 if has_items else 5)], code[owner.pc + (5 if has_items else 4)])
        return (
            _gives(program, Site(owner.file, full), container)
            == _constant(program, Site(owner.file, empty))
            is not None
        )
    start = owner.pc + ops.size(code, owner.pc)
    end = branch_end(program, owner)
    if code[end] != ops.END:
        return False
    after = end + ops.size(code, end)
    if has_items:
        return _is_loop(program, start, end, container)
    return _returns_before(program, owner.file, start, end, after, container)


def _is_loop(program: Program, start: int, end: int, container: Site) -> bool:
    """Whether a stretch of code is a loop over the container and nothing else."""
    code = program.facts[container.file].code
    loop = next((pc for pc in ops.instructions(code, start, end) if code[pc] >= ops.STORE), -1)
    if loop < 0 or code[loop] != ops.FOR or not alike(program, Site(container.file, code[loop + 5]), container):
        return False
    return _loop_end(code, loop) == end


def _loop_end(code: Sequence[int], loop: int) -> int:
    """Where a loop without ``else`` ends, -1 for one that has it."""
    depth = 0
    pc = loop
    while True:
        depth += (code[pc] in ops.OPENING) - (code[pc] == ops.END)
        if depth == 1 and code[pc] == ops.ELSE:
            return -1
        pc += ops.size(code, pc)
        if depth == 0:
            return pc


def _returns_before(program: Program, file: int, start: int, end: int, after: int, container: Site) -> bool:
    """Whether all that is guarded is a return, and the same is returned behind it for an empty container."""
    code = program.facts[file].code
    stop = program.index.scopes[program.index.scope_at(container)].end
    first = _statement(code, start, end)
    if first < 0 or code[first] != ops.RETURN or first + ops.size(code, first) != end:
        return False
    here = Site(file, code[first + 3])
    following = _statement(code, after, stop)
    if following < 0:
        return False
    if code[following] == ops.RETURN and here.pc >= 0 and code[following + 3] >= 0:
        given = _gives(program, Site(file, code[following + 3]), container)
        return given is not None and given == _constant(program, here)
    if code[following] != ops.FOR or not alike(program, Site(file, code[following + 5]), container):
        return False
    beyond = _loop_end(code, following)
    if beyond < 0:
        return False
    if beyond >= stop:
        return here.pc < 0
    last = _statement(code, beyond, stop)
    if last < 0 or code[last] != ops.RETURN:
        return False
    if here.pc < 0 or code[last + 3] < 0:
        return here.pc < 0 and code[last + 3] < 0
    plain = code[here.pc] in (ops.NAME, ops.CONST)
    return plain and alike(program, here, Site(file, code[last + 3]))


def _statement(code: Sequence[int], start: int, stop: int) -> int:
    """The first statement of a stretch of code, -1 where there is none."""
    return next(
        (pc for pc in ops.instructions(code, start, stop) if code[pc] >= ops.STORE and code[pc] != ops.BRANCH), -1
    )


def _constant(program: Program, site: Site) -> object:
    """What an expression without variables is: a constant, or an empty container."""
    fact = program.facts[site.file]
    match fact.code[site.pc]:
        case ops.CONST:
            return tuple(fact.constants[fact.code[site.pc + 3]])
        case ops.SEQUENCE if fact.code[site.pc + 4] == 0:
            return (list, tuple, set)[fact.code[site.pc + 3]]
        case ops.DICT if fact.code[site.pc + 3] == 0:
            return dict
        case ops.CALL if fact.code[site.pc + 6] == 0:
            return next(
                (kind for name, kind in _MAKING.items() if name != "sorted" and is_builtin_call(program, site, name)),
                None,
            )
    return None


def _gives(program: Program, site: Site, container: Site) -> object:
    """What an expression gives if the container is empty: as for an expression without variables; None for any other."""
    fact = program.facts[site.file]
    code = fact.code
    if code[site.pc] == ops.COMPREHENSION and alike(program, Site(site.file, code[site.pc + 5]), container):
        return (list, None, set, dict, None)[code[site.pc + 3]]
    if code[site.pc] != ops.CALL or code[site.pc + 6] != 1 or code[site.pc + 8]:
        return None
    argument = Site(site.file, code[site.pc + 7])
    over = code[argument.pc] == ops.COMPREHENSION and alike(program, Site(site.file, code[argument.pc + 5]), container)
    if not over and not alike(program, argument, container):
        return None
    for name, nothing in _NOTHING.items():
        if is_builtin_call(program, site, name):
            return nothing
    for name, kind in _MAKING.items():
        if is_builtin_call(program, site, name):
            return kind
    joined = program.ask(Values).value(Site(site.file, code[site.pc + 5]))
    is_join = bool(joined) and all(atom[:3] == ("of", "str", "join") for atom in joined)
    return ("str", "") if is_join else None
