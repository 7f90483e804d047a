"""Whether a statement of a test may change what those after it see, as far as the calls in it are followed."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from debloat.facts import ops
from debloat.program.externals import ACTING, COPIES, COPYING, INERT, lacks
from debloat.program.index import Site
from debloat.program.solver import Value, Values
from debloat.refactor.source import last_line

if TYPE_CHECKING:
    from debloat.program import Program

_SETTING = frozenset({ops.SET_ATTR, ops.SET_ITEM, ops.DEL_ATTR, ops.DEL_ITEM, ops.YIELD, ops.YIELD_FROM, ops.AWAIT})
_READING = COPIES | {"get", "count", "index", "join"}


def changes(program: Program, file: int, statement: ast.stmt) -> bool:
    """Whether a statement of a file may change anything but variables of its function."""
    fact = program.facts[file]
    lines = range(statement.lineno, last_line(statement) + 1)
    return any(
        _acts(program, Site(file, pc), set())
        for pc in ops.instructions(fact.code, 0, len(fact.code))
        if fact.code[pc + 1] in lines
    )


def _acts(program: Program, site: Site, seen: set[int]) -> bool:
    code = program.facts[site.file].code
    if code[site.pc] in (ops.STORE, ops.DEL_NAME):
        scope = program.index.scope_at(site)
        return program.index.resolve(scope, code[site.pc + 3]) != scope
    if code[site.pc] != ops.CALL:
        return code[site.pc] in _SETTING
    callees = _callees(program, Site(site.file, code[site.pc + 5]))
    return not callees or any(_runs(program, callee, seen) for callee in callees)


def _callees(program: Program, called: Site) -> Values:
    """What is called. Where one of the objects that there may be lacks the method, the call raises."""
    fact, analysis = program.facts[called.file], program.analysis
    if fact.code[called.pc] != ops.ATTR:
        return analysis.values(called)
    name = fact.names[fact.code[called.pc + 4]]
    bases = analysis.values(Site(called.file, fact.code[called.pc + 3]))
    return analysis.attribute_of(frozenset(base for base in bases if not _is_without(program, base, name)), name)


def _is_without(program: Program, base: Value, name: str) -> bool:
    """Whether a value is an object whose class has no such attribute, which no code sets."""
    if base[0] != "object" or program.index.attribute_writers.get(name):
        return False
    hierarchy = program.hierarchy
    return not any(
        not lacks(cls, name)
        if isinstance(cls, str)
        else any(hierarchy.binds(cls, one) for one in (name, "__getattr__"))
        for cls in hierarchy.order(base[1])
    )


def _runs(program: Program, callee: Value, seen: set[int]) -> bool:
    """Whether a call of a value may do more than compute."""
    match callee:
        case ("external", str(dotted)):
            kind, _, method = dotted.removeprefix("<builtin>.").rpartition(".")
            of_builtin = dotted.startswith("<builtin>.") and (kind == "str" or method in _READING)
            return not (dotted in (INERT - ACTING) | COPYING | {"<builtin>.dict"} or of_builtin)
        case ("function" | "method", int(scope), *_):
            if scope in seen:
                return False
            file, record = program.index.file_of[scope], program.index.scopes[scope]
            code = program.facts[file].code
            inside = ops.instructions(code, record.start, record.end)
            return any(_acts(program, Site(file, pc), seen | {scope}) for pc in inside)
    return True
