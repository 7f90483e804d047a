"""What a decided test asks, and so which rule it belongs to: each site is one rule's finding."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from debloat.facts import data, ops
from debloat.program.index import Site
from debloat.program.queries import definitions
from debloat.values.analysis import Values
from debloat.values.certain import is_given
from debloat.values.domain import NONE, objects
from debloat.values.guards import Decided, decided, is_test
from debloat.values.predicates import through
from debloat.values.report import compared_with_none, runs

if TYPE_CHECKING:
    from debloat.program.program import Program

_TYPES = frozenset({"isinstance", "issubclass", "callable"})


def concerning(program: Program, *concerns: str) -> Iterator[tuple[Decided, str]]:
    """The decided tests of some concerns, each with its own; those that an earlier test decides are left out."""
    earlier = program.find(rechecked)
    for found in program.find(decided):
        concern = _concern(program, found)
        if concern in concerns and found.test not in earlier and not _is_done(program, found):
            yield found, concern


def _is_done(program: Program, found: Decided) -> bool:
    """Whether a part of a condition is a call for what it does: ``x not in seen and not seen.add(x)``."""
    file, test = found.test
    code = program.facts[file].code
    if code[test] != ops.CALL or code[found.owner.pc] not in (ops.BOOL, ops.BRANCH):
        return False
    callees = [
        atom for atom in program.ask(Values).value(Site(file, code[test + 5])) if atom[0] in ("function", "method")
    ]
    return found.value == {NONE} or any(runs(program, scope) for _, scope, *_ in callees)


def rechecked(program: Program) -> frozenset[Site]:
    """The tests that an earlier test of the same function decides, whatever the values are."""
    from debloat.program.dominance import decided as repeated

    return frozenset(
        Site(program.index.file_of[scope], found.test)
        for scope in definitions(program, data.FUNCTION)
        if program.index.scopes[scope].flags & data.REPEATS_TEST
        for found in repeated(program, scope, partial(through, program.ask(Values)))
    )


def _concern(program: Program, found: Decided) -> str:
    """What a decided test is about.

    ``given`` (what is read by ``get`` or ``getattr`` with a default that is never used), ``none`` (never None, or true like every object of its class), ``default`` (the value is never replaced by the
    default beside it), ``type``, ``attribute`` (``hasattr``), ``key`` (of a dict), ``flag`` (a constant of a module),
    ``items`` (the truth of a container), ``constant``.
    """
    values = program.ask(Values)
    file, test = found.test
    code = program.facts[file].code
    side = compared_with_none(program, found.test)
    if is_given(program, found.test if side < 0 else Site(file, side)):
        return "given"
    if side >= 0:
        if found.outcome != (code[test + 7] in (ops.IS_NOT, ops.NOT_EQ)):
            return "constant" if not _is_flag(program, Site(file, side)) else "flag"
        return "default" if _is_default(program, found, Site(file, side)) else "none"
    match code[test]:
        case ops.CALL | ops.COMPARE if question := _question(values, found.test):
            return question
        case ops.COMPARE:
            is_dict = values.types.builtin(_only(values, Site(file, code[test + 8]))) is dict
            in_dict = code[test + 7] in (ops.IN, ops.NOT_IN) and is_dict
            sides = [Site(file, pc) for pc in (code[test + 8], code[test + 5])]
            varying = [at for at in sides if code[at.pc] not in (ops.CONST, ops.SEQUENCE)]
            return "key" if in_dict else "flag" if all(_is_flag(program, at) for at in varying) else "constant"
    if _is_default(program, found, found.test):
        return "default"
    if all(atom[0] == "constant" for atom in objects(found.value)):
        return "flag" if _is_flag(program, found.test) else "constant"
    if any(atom[0] in ("box", "rest", "builtin") for atom in objects(found.value)):
        return "items"
    return "none" if found.outcome and code[test] in (ops.NAME, ops.ATTR) else "constant"


def _only(values: Values, site: Site) -> tuple[object, ...]:
    found = objects(values.value(site))
    return found[0] if len(found) == 1 else ("unknown",)


def _question(values: Values, test: Site) -> str:
    """``type`` or ``attribute`` where a test calls a builtin that asks for these, also as ``type(x) is C``."""
    code = values.index.facts[test.file].code
    calls = [test.pc] if code[test.pc] == ops.CALL else [code[test.pc + 5], code[test.pc + 8]]
    for pc in calls:
        if code[pc] == ops.CALL:
            match objects(values.value(Site(test.file, code[pc + 5]))):
                case [("external", str(dotted))] if dotted.startswith("<builtin>."):
                    name = dotted.removeprefix("<builtin>.")
                    if name in _TYPES or (name == "type" and pc != test.pc):
                        return "type"
                    if name == "hasattr":
                        return "attribute"
    return ""


def _is_flag(program: Program, site: Site) -> bool:
    """Whether an expression is a variable of a module, by its name or as an attribute of the module."""
    values = program.ask(Values)
    code = program.facts[site.file].code
    form = values.form(program.index.scope_at(site))
    key = form.keys.get(site.pc, ())
    if len(key) == 2 and code[site.pc] == ops.NAME:
        store = program.index.scopes[key[0]].bound.get(key[1], ())
        imported = [pc for pc in store if code[pc] == ops.STORE and code[pc + 5] == ops.IMPORT]
        return program.index.scopes[key[0]].kind == data.MODULE or bool(imported)
    if code[site.pc] == ops.ATTR:
        base = values.value(Site(site.file, code[site.pc + 3]))
        return all(atom[0] in ("module", "package", "external") for atom in base)
    return False


def _is_default(program: Program, found: Decided, subject: Site) -> bool:
    """Whether the test only chooses between its subject and a default, and always chooses the subject."""
    values = program.ask(Values)
    file, owner = found.owner
    code = program.facts[file].code
    match code[owner]:
        case ops.BOOL:
            return code[owner + 3] == 1 and found.outcome and not is_test(values, found.owner)
        case ops.CONDITIONAL:
            return same(values, subject, Site(file, code[owner + 4 + (not found.outcome)])) and (
                found.outcome or subject != found.test
            )
        case ops.IF:
            return subject != found.test and _is_assigned(values, found, subject)
    return False


def _is_assigned(values: Values, found: Decided, subject: Site) -> bool:
    """Whether all that the dead branch does is to give the subject another value."""
    code = values.index.facts[subject.file].code
    for pc in list(ops.instructions(code, *found.dead))[-1:]:
        if code[pc] == ops.SET_ATTR and code[subject.pc] == ops.ATTR:
            return code[pc + 4] == code[subject.pc + 4] and _key(values, Site(subject.file, code[pc + 3])) == _key(
                values, Site(subject.file, code[subject.pc + 3])
            )
        if code[pc] == ops.STORE and code[subject.pc] == ops.NAME:
            return code[pc + 3] == code[subject.pc + 3] and not any(
                code[at] in ops.OPENING or code[at] == ops.EXPR or (code[at] == ops.STORE and at != pc)
                for at in ops.instructions(code, *found.dead)
            )
    return False


def same(values: Values, one: Site, other: Site) -> bool:
    """Whether two expressions read the same variable or path."""
    key = _key(values, one)
    return key is not None and key == _key(values, other)


def _key(values: Values, site: Site) -> object:
    return values.form(values.index.scope_at(site)).keys.get(site.pc)
