"""Calls of functions of the program that only choose and give back what nobody misses, like ``get_logger(__name__)``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from debloat.facts import data, ops
from debloat.program.binding import arguments, bind
from debloat.program.constants import default_site, fixed
from debloat.program.externals import SILENT
from debloat.program.index import Site

if TYPE_CHECKING:
    from collections.abc import Set

    from debloat.program.program import Program

# What the body of such a function may be made of: it chooses, compares and returns.
_CHOOSING = frozenset({ops.IF, ops.ELSE, ops.END, ops.BRANCH, ops.RETURN, ops.EXPR})
_PARTS = frozenset({ops.CONST, ops.SEQUENCE, ops.BOOL, ops.COMPARE, ops.CONDITIONAL, ops.FSTRING, ops.BRANCH})
_OF_TEXT = frozenset(
    {"endswith", "format", "lower", "partition", "replace", "rpartition", "startswith", "strip", "upper"}
)


def is_quiet(program: Program, call: Site) -> bool:
    """Whether a call of a function of the program, with constants and ``__name__`` for arguments, does nothing else."""
    fact = program.facts[call.file]
    targets = list(program.names.static(Site(call.file, fact.code[call.pc + 5])))
    if len(targets) != 1 or targets[0][0] != "function":
        return False
    function = targets[0][1]
    record = program.index.scopes[function]
    suspended = record.flags & (data.GENERATOR | data.ASYNC | data.READS_FRAME)
    if suspended or any(True for _ in program.analysis.calls.decorator_sites(function)):
        return False
    given = bind(arguments(fact, call.pc), record.parameters, program.facts[program.index.file_of[function]].names, 0)
    constant: set[int] = set()
    for position, parameter in enumerate(record.parameters):
        values = [Site(call.file, value) for value in given.given.get(position, ())]
        default = default_site(program, function, position)
        values = values or ([default] if default else [])
        if record.bound[parameter.name] or not values or not all(_is_constant(program, value) for value in values):
            return False
        constant.add(parameter.name)
    return given.fits and not given.unsure and _is_silent(program, function, constant)


def _is_constant(program: Program, site: Site) -> bool:
    """Whether an expression is a constant that is no object of the program, or the name of its module."""
    fact = program.facts[site.file]
    named = fact.code[site.pc] == ops.NAME and fact.names[fact.code[site.pc + 3]] == "__name__"
    if named and program.index.home(site) < 0:
        return True
    value = fixed(program, site)
    return value is not None and value[0] == "constant"


def _is_silent(program: Program, function: int, constant: Set[int]) -> bool:
    """Whether the body of a function does nothing but to choose and to call what is silent."""
    file = program.index.file_of[function]
    fact = program.facts[file]
    code = fact.code
    for pc in fact.instructions(function - program.index.base[file]):
        here = Site(file, pc)
        match code[pc]:
            case ops.NAME:
                own = program.index.home(here) == function and code[pc + 3] in constant
                outside = all(value[0] == "external" for value in program.names.static(here))
                known = own or _is_constant(program, here) or (program.index.home(here) != function and outside)
            case ops.ATTR:
                of_text = fact.names[code[pc + 4]] in _OF_TEXT and _is_text(program, Site(file, code[pc + 3]), constant)
                known = of_text or all(value[0] == "external" for value in program.names.static(here))
            case ops.CALL:
                callee = Site(file, code[pc + 5])
                called = {value[1] for value in program.names.static(callee) if value[0] == "external"}
                of_text = code[callee.pc] == ops.ATTR and _is_text(program, Site(file, code[callee.pc + 3]), constant)
                known = of_text or (bool(called) and called <= SILENT)
            case ops.UNARY:
                known = code[pc + 3] == ops.NOT
            case ops.BINARY:
                known = _is_text(program, Site(file, code[pc + 4]), constant)
            case op:
                known = op in _PARTS or op in _CHOOSING
        if not known:
            return False
    return True


def _is_text(program: Program, site: Site, constant: Set[int]) -> bool:
    """Whether an expression is a text, or a parameter that is always given a constant."""
    fact = program.facts[site.file]
    if fact.code[site.pc] == ops.NAME:
        return fact.code[site.pc + 3] in constant or _is_constant(program, site)
    return fact.code[site.pc] == ops.CONST and fact.constants[fact.code[site.pc + 3]][0] == "str"
