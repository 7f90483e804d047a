"""Findings on decided tests: what every rule of the defense family says in the same way."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from debloat.facts import data, ops
from debloat.model import Applicability, Claim, Evidence, Finding, Proof, Refactoring
from debloat.program.demonstrations import demonstration_evidence
from debloat.program.externals import ACTING, INERT
from debloat.program.index import Site
from debloat.program.queries import written
from debloat.values.analysis import Values
from debloat.values.domain import NONE, Atom, Value
from debloat.values.evidence import type_evidence
from debloat.values.guards import Decided, unreachable

if TYPE_CHECKING:
    from debloat.program.program import Program

_QUESTIONS = frozenset({"isinstance", "issubclass", "hasattr", "callable", "len", "type", "bool"})

_RUNNING = frozenset({ops.CALL, ops.SET_ATTR, ops.SET_ITEM, ops.DEL_ATTR, ops.DEL_ITEM})


def report(program: Program, found: Decided, why: str, tier: Applicability, refactoring: Refactoring) -> Finding:
    """A finding on a decided test; ``why`` says in a clause what makes it so."""
    span, text = written(program, found.test)
    outcome = "true" if found.outcome else "false"
    around = _around(program, found.test)
    shown = demonstration_evidence(program, around) if program.index.scopes[around].kind == data.FUNCTION else ()
    evidence = [*type_evidence(program, found.test), *purity(program, found.test), *shown]
    claims = tuple(unreachable(program, found))
    subject, says = asserted(program, found)
    if subject:
        claims += (Claim(span, says, subject),)
    message = f"{text} is always {outcome} here: {why}"
    name = symbol(program, found.test)
    return Finding(span, message, name, tuple(evidence), tier, found.lines, claims, refactoring)


def symbol(program: Program, site: Site) -> str:
    """The dotted name of the function, class or module that an expression stands in."""
    return program.index.qualified(_around(program, site))


def _around(program: Program, site: Site) -> int:
    scope = program.index.scope_at(site)
    while program.index.scopes[scope].kind in (data.COMPREHENSION, data.LAMBDA):
        scope = program.index.parent(scope)
    return scope


def purity(program: Program, site: Site) -> Iterator[Evidence]:
    """Evidence that evaluating an expression does nothing that anybody could miss."""
    place = program.index.place(site)
    if is_plain(program, site):
        yield Evidence("purity", Proof.PROVED, place, "evaluating the test has no effect")
    else:
        yield Evidence("purity", Proof.ASSUMED, place, "assumes that nobody relies on an effect of evaluating the test")


def is_plain(program: Program, site: Site) -> bool:
    """Whether an expression only looks at names, attributes and constants, and finds them."""
    fact = program.facts[site.file]
    code, pc = fact.code, site.pc
    match code[pc]:
        case ops.CONST:
            return True
        case ops.NAME:
            return not program.ask(Values).raises.may_be_missing(site)
        case ops.ATTR if fact.names[code[pc + 4]] not in program.index.computed:
            return is_plain(program, Site(site.file, code[pc + 3]))
        case ops.COMPARE | ops.BOOL | ops.UNARY | ops.SEQUENCE:
            return all(is_plain(program, Site(site.file, value)) for value in ops.values(code, pc))
        case ops.CALL if code[code[pc + 5]] == ops.NAME and fact.names[code[code[pc + 5] + 3]] in _QUESTIONS:
            return all(is_plain(program, Site(site.file, value)) for value in ops.values(code, pc))
        case ops.CALL if _asks_path(program, site):
            return is_plain(program, Site(site.file, code[code[pc + 5] + 3]))
    return False


def _asks_path(program: Program, call: Site) -> bool:
    """Whether a call asks a path for what its text says."""
    code = program.facts[call.file].code
    bare = not code[call.pc + 6] and not code[call.pc + 7] and code[code[call.pc + 5]] == ops.ATTR
    return bare and callees(program, call) == {("external", "pathlib.Path.is_absolute")}


def acts(program: Program, site: Site) -> bool:
    """Whether evaluating an expression may do more than to compute its value."""
    fact = program.facts[site.file]
    code = fact.code
    match code[site.pc]:
        case ops.AWAIT | ops.YIELD | ops.YIELD_FROM | ops.COMPREHENSION:
            return True
        case ops.CALL if not (called := callees(program, site)) or any(_changes(program, atom) for atom in called):
            return True
        case ops.ATTR if any(runs(program, scope) for scope in _computing(program, fact.names[code[site.pc + 4]])):
            return True
    return any(acts(program, Site(site.file, value)) for value in ops.values(code, site.pc))


def callees(program: Program, call: Site) -> Value:
    """What a call may call."""
    return program.ask(Values).value(Site(call.file, program.facts[call.file].code[call.pc + 5]))


def _changes(program: Program, callee: Atom) -> bool:
    """Whether calling something may do more than to compute what it returns."""
    match callee:
        case ("function" | "method", int(scope), *_):
            return runs(program, scope)
        case ("of", "str" | "bytes" | "int" | "float" | "tuple", *_):
            return False
        case ("of", "dict" | "list", "get" | "keys" | "values" | "items" | "copy" | "index" | "count", *_):
            return False
        case ("external", str(dotted)):
            return dotted not in INERT - ACTING and dotted not in (
                "<builtin>.getattr",
                "<builtin>.hasattr",
                "<builtin>.type",
                "pathlib.Path.is_absolute",
            )
    return True


def _computing(program: Program, name: str) -> Iterator[int]:
    """The functions that may run when an attribute is read."""
    index = program.index
    return (scope for cls in index.computed.get(name, ()) for scope in index.children[cls] if index.name(scope) == name)


def runs(program: Program, scope: int) -> bool:
    """Whether a function calls others, or changes an object or a variable of others."""
    file = program.index.file_of[scope]
    fact = program.facts[file]
    return any(
        fact.code[pc] in _RUNNING
        or (fact.code[pc] in (ops.STORE, ops.DEL_NAME) and program.index.resolve(scope, fact.code[pc + 3]) != scope)
        for pc in fact.instructions(scope - program.index.base[file])
    )


def compared_with_none(program: Program, site: Site) -> int:
    """The operand that a test compares with None, as a position; -1 for any other test."""
    fact = program.facts[site.file]
    code = fact.code
    if (
        code[site.pc] == ops.COMPARE
        and code[site.pc + 6] == 1
        and code[site.pc + 7] in (ops.IS, ops.IS_NOT, ops.EQ, ops.NOT_EQ)
    ):
        left, right = code[site.pc + 5], code[site.pc + 8]
        for side, other in ((left, right), (right, left)):
            if code[other] == ops.CONST and ("constant", *fact.constants[code[other + 3]]) == NONE:
                return side
    return -1


def asserted(program: Program, found: Decided) -> tuple[str, str]:
    """What a decided test says of a name or path that a run can look at: (subject, claim); nothing where it says none."""
    fact = program.facts[found.test.file]
    code = fact.code
    side = compared_with_none(program, found.test)
    if side >= 0 and code[side] in (ops.NAME, ops.ATTR):
        negated = code[found.test.pc + 7] in (ops.IS_NOT, ops.NOT_EQ)
        return program.openings.shown(Site(found.test.file, side)), "not None" if found.outcome == negated else "None"
    if code[found.test.pc] in (ops.NAME, ops.ATTR):
        return program.openings.shown(found.test), "true" if found.outcome else "false"
    return _instance(program, found) or ("", "")


def _instance(program: Program, found: Decided) -> tuple[str, str] | None:
    """What ``isinstance(x, C)`` says of a name or path where it is true."""
    fact = program.facts[found.test.file]
    code, pc = fact.code, found.test.pc
    if code[pc] != ops.CALL or code[pc + 6] != 2 or not found.outcome or code[code[pc + 5]] != ops.NAME:
        return None
    subject, cls = Site(found.test.file, code[pc + 7]), Site(found.test.file, code[pc + 8])
    if fact.names[code[code[pc + 5] + 3]] != "isinstance" or code[subject.pc] not in (ops.NAME, ops.ATTR):
        return None
    match list(program.names.static(cls)):
        case [("class", int(scope))]:
            return program.openings.shown(subject), f"instance of {program.index.qualified(scope).replace(':', '.')}"
        case [("external", str(dotted))]:
            return program.openings.shown(subject), f"instance of {dotted.replace('<builtin>', 'builtins')}"
    return None
