"""Expressions that only compute a value: nobody but those who take the value notices whether they are evaluated."""

from __future__ import annotations

from typing import TYPE_CHECKING

from debloat.facts import ops
from debloat.model import Evidence, Proof
from debloat.program.externals import SILENT
from debloat.program.index import Site
from debloat.program.purity import is_pure
from debloat.values.analysis import Values
from debloat.values.domain import Atom, objects
from debloat.values.report import acts, callees
from debloat.values.unmissed import is_unmissed

if TYPE_CHECKING:
    from debloat.program.program import Program

# These go over what they are given, which a generator or an object of the program may notice.
_ITERATING = frozenset(
    f"<builtin>.{name}" for name in "dict enumerate frozenset list max min reversed set sorted sum tuple zip".split()
) | {"collections.deque", "collections.OrderedDict", "collections.Counter"}
_CONTAINERS = (list, tuple, dict, set, frozenset, str, bytes, range)


def only_computes(program: Program, site: Site) -> bool:
    """Whether evaluating an expression does nothing but compute its value; it may raise."""
    code = program.facts[site.file].code
    if not acts(program, site):
        return True
    if code[site.pc] != ops.CALL:
        parts = [Site(site.file, value) for value in ops.values(code, site.pc)]
        return code[site.pc] in (ops.BOOL, ops.CONDITIONAL, ops.SEQUENCE, ops.DICT, ops.BINARY, ops.COMPARE) and all(
            only_computes(program, part) for part in parts
        )
    called = objects(callees(program, site))
    given = [Site(site.file, value) for value in ops.values(code, site.pc) if value != code[site.pc + 5]]
    return (
        bool(called)
        and all(_is_silent(program, atom, given) for atom in called)
        and all(only_computes(program, value) for value in given)
    )


def _is_silent(program: Program, callee: Atom, given: list[Site]) -> bool:
    match callee:
        case ("external", str(dotted)) if dotted in _ITERATING:
            values = program.ask(Values)
            atoms = [atom for value in given for atom in objects(values.value(value))]
            return all(values.types.builtin(atom) in _CONTAINERS for atom in atoms)
        case ("external", str(dotted)):
            return dotted in SILENT
    return False


def spare_evidence(program: Program, site: Site) -> Evidence:
    """PROVED evidence that evaluating an expression does nothing and raises nothing, ASSUMED that nobody relies on it."""
    place = program.index.place(site)
    if is_pure_display(program, site) or is_unmissed(program, site):
        return Evidence("purity", Proof.PROVED, place, "evaluating the value has no effect and cannot raise")
    return Evidence("purity", Proof.ASSUMED, place, "assumes that nobody relies on evaluating the value")


def is_pure_display(program: Program, site: Site) -> bool:
    """Whether an expression is a new container of constants."""
    code = program.facts[site.file].code
    return code[site.pc] in (ops.SEQUENCE, ops.DICT) and all(
        code[value] == ops.CONST and is_pure(program, Site(site.file, value)) for value in ops.values(code, site.pc)
    )
