"""Questions whether a path is absolute, before it is joined to another: joined to any, an absolute path stays what it is."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from debloat.facts import ops
from debloat.facts.expressions import BINARY
from debloat.program.index import Site
from debloat.values.analysis import Values
from debloat.values.certain import alike
from debloat.values.domain import objects
from debloat.values.lookups import branch_end
from debloat.values.report import acts
from debloat.values.spare import only_computes

if TYPE_CHECKING:
    from debloat.program.program import Program

_OVER = BINARY[ast.Div]


class Joined(NamedTuple):
    """An IF or CONDITIONAL, its test, how that comes out where the path is joined, the path and what it is joined to."""

    owner: Site
    test: Site
    outcome: bool
    path: Site
    base: Site


def joined(program: Program) -> Iterator[Joined]:
    """The tests whether a path is absolute that choose between the path and the path joined to another one."""
    for file in program.judged:
        fact = program.facts[file]
        if "is_absolute" not in fact.name_index:
            continue
        for pc in fact.guards:
            if fact.code[pc] not in (ops.IF, ops.CONDITIONAL):
                continue
            test = outer = fact.code[pc + (5 if fact.code[pc] == ops.IF else 3)]
            negated = False
            while fact.code[test] == ops.UNARY and fact.code[test + 3] == ops.NOT:
                test, negated = fact.code[test + 4], not negated
            path = _asked(program, Site(file, test))
            owner = Site(file, pc)
            found = None if path is None else _arms(program, owner, path, negated)
            if path is not None and found is not None and program.ask(Values).is_reached(owner):
                yield Joined(owner, Site(file, outer), negated, path, found)


def _asked(program: Program, call: Site) -> Site | None:
    """The path of which a call asks whether it is absolute."""
    fact = program.facts[call.file]
    code = fact.code
    if code[call.pc] != ops.CALL or code[code[call.pc + 5]] != ops.ATTR or code[call.pc + 6] or code[call.pc + 7]:
        return None
    path = Site(call.file, code[code[call.pc + 5] + 3])
    named = fact.names[code[code[call.pc + 5] + 4]] == "is_absolute" and code[path.pc] == ops.NAME
    return path if named and _is_path(program, path) else None


def _is_path(program: Program, site: Site) -> bool:
    found = objects(program.ask(Values).value(site))
    return bool(found) and all(atom[:2] == ("stub", "pathlib.Path") for atom in found)


def _arms(program: Program, owner: Site, path: Site, negated: bool) -> Site | None:
    """What the path is joined to where it is not absolute, if it is itself where it is."""
    code = program.facts[owner.file].code
    if code[owner.pc] == ops.CONDITIONAL:
        arms = [Site(owner.file, value) for value in code[owner.pc + 4 : owner.pc + 6]]
        if negated:
            arms.reverse()
        return _base(program, arms[1], path) if alike(program, arms[0], path) else None
    start, end = owner.pc + ops.size(code, owner.pc), branch_end(program, owner)
    done = _done(code, start, end)
    if code[end] != ops.END or len(done) != 1:
        return None
    if negated:
        store = done[0]
        bound = code[store] == ops.STORE and code[store + 5] == ops.PLAIN and code[store + 3] == code[path.pc + 3]
        return _base(program, Site(owner.file, code[store + 4]), path) if bound else None
    after = _done(code, end + ops.size(code, end), program.index.scopes[program.index.scope_at(owner)].end)[:1]
    if (
        [code[pc] for pc in (*done, *after)] != [ops.RETURN, ops.RETURN]
        or code[done[0] + 3] < 0
        or code[after[0] + 3] < 0
    ):
        return None
    kept, other = (Site(owner.file, code[pc + 3]) for pc in (*done, *after))
    return _base(program, other, path) if alike(program, kept, path) else None


def _done(code: Sequence[int], start: int, end: int) -> list[int]:
    return [pc for pc in ops.instructions(code, start, end) if code[pc] >= ops.STORE and code[pc] != ops.BRANCH]


def _base(program: Program, value: Site, path: Site) -> Site | None:
    """What a path is joined to by an expression, if that is a path as well and to evaluate it does nothing else."""
    code = program.facts[value.file].code
    if code[value.pc] != ops.BINARY or code[value.pc + 3] != _OVER:
        return None
    base, joined = (Site(value.file, part) for part in code[value.pc + 4 : value.pc + 6])
    plain = alike(program, joined, path) and _is_path(program, base)
    return base if plain and (not acts(program, base) or _is_computed(program, base)) else None


def _is_computed(program: Program, site: Site) -> bool:
    """Whether an expression is an attribute of a variable, and what computes it does nothing else."""
    fact, index = program.facts[site.file], program.index
    if fact.code[site.pc] != ops.ATTR or fact.code[fact.code[site.pc + 3]] != ops.NAME:
        return False
    name = fact.names[fact.code[site.pc + 4]]
    methods = [one for cls in index.computed.get(name, ()) for one in index.children[cls] if index.name(one) == name]
    for method in methods:
        file = index.file_of[method]
        code = program.facts[file].code
        for pc in program.facts[file].instructions(method - index.base[file]):
            if code[pc] == ops.RETURN and code[pc + 3] >= 0 and not only_computes(program, Site(file, code[pc + 3])):
                return False
            if code[pc] >= ops.STORE and code[pc] not in (ops.RETURN, ops.BRANCH):
                return False
    return bool(methods)
