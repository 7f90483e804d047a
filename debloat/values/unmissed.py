"""Whether an expression surely does nothing and raises nothing, whatever it gives: then nobody misses its evaluation."""

from __future__ import annotations

import builtins
from typing import TYPE_CHECKING

from debloat.facts import data, ops
from debloat.program.index import Site
from debloat.program.names import BUILTINS
from debloat.program.parameters import is_pure
from debloat.values.analysis import Values
from debloat.values.domain import Value

if TYPE_CHECKING:
    from debloat.program.program import Program

_NUMBERS = frozenset({int, float, bool})
_PLAIN = frozenset({*_NUMBERS, str, bytes, type(None)})
_CONTAINERS = frozenset({list, tuple, dict, set, frozenset, str, bytes})
_ORDER = frozenset({ops.LT, ops.LT_E, ops.GT, ops.GT_E})


def is_unmissed(program: Program, site: Site) -> bool:
    """Whether evaluating an expression does nothing and cannot raise."""
    fact = program.facts[site.file]
    code, pc = fact.code, site.pc
    match code[pc]:
        case ops.CONST:
            return True
        case ops.NAME:
            return _is_found(program, site)
        case ops.ATTR:
            base = Site(site.file, code[pc + 3])
            attributes, name = program.ask(Values).attributes, fact.names[code[pc + 4]]
            value = program.ask(Values).value(base)
            known = bool(value) and all(
                attributes.is_data(atom, name) and attributes.is_certain(atom, name, site) for atom in value
            )
            return known and is_unmissed(program, base)
    values = [Site(site.file, value) for value in ops.values(code, pc)]
    if not all(is_unmissed(program, value) for value in values):
        return False
    match code[pc]:
        case ops.SEQUENCE:
            return code[pc + 3] != ops.SET or all(_is_only(program, value, _PLAIN) for value in values)
        case ops.BOOL:
            return all(is_unmissed_test(program, value) for value in values[:-1])
        case ops.UNARY:
            if code[pc + 3] == ops.NOT:
                return is_unmissed_test(program, values[0])
            return code[pc + 3] != ops.INVERT and _is_only(program, values[0], _NUMBERS)
        case ops.COMPARE:
            operators = [code[pc + 7 + 2 * number] for number in range(code[pc + 6])]
            triples = zip(operators, values, values[1:], strict=False)
            return all(_compares(program, operator, left, right) for operator, left, right in triples)
        case ops.CALL:
            return _asks(program, site)
    return False


def is_unmissed_test(program: Program, site: Site) -> bool:
    """The same of a test: whether to ask for the truth of what comes out does nothing either."""
    return is_unmissed(program, site) and _has_plain_truth(program, program.ask(Values).value(site))


def _is_found(program: Program, site: Site) -> bool:
    """Whether a name is surely bound."""
    fact = program.facts[site.file]
    home = program.index.home(site)
    if home >= 0 and program.index.scopes[home].kind == data.FUNCTION:
        return not program.ask(Values).raises.may_be_missing(site)
    return is_pure(program, site) or (home < 0 and fact.names[fact.code[site.pc + 3]] in BUILTINS)


def _has_plain_truth(program: Program, value: Value) -> bool:
    types = program.ask(Values).types
    return bool(value) and all(
        types.builtin(atom) is not None
        or atom[0] in ("function", "method", "module")
        or (atom[0] == "object" and types.truth(frozenset({atom})) == (True, False))
        for atom in value
    )


def _is_only(program: Program, site: Site, kinds: frozenset[type]) -> bool:
    """Whether an expression gives objects of exactly some builtin types and no others."""
    values = program.ask(Values)
    value = values.value(site)
    return bool(value) and all(values.types.builtin(atom) in kinds for atom in value)


def _compares(program: Program, operator: int, left: Site, right: Site) -> bool:
    if operator in (ops.IS, ops.IS_NOT):
        return True
    if operator in (ops.IN, ops.NOT_IN):
        text = _is_only(program, left, frozenset({str})) and _is_only(program, right, frozenset({str}))
        return text or (_is_only(program, left, _PLAIN) and _holds_plain(program, right))
    if operator in _ORDER:
        return any(
            _is_only(program, left, kinds) and _is_only(program, right, kinds) for kinds in (_NUMBERS, frozenset({str}))
        )
    return _is_only(program, left, _PLAIN) and _is_only(program, right, _PLAIN)


def _holds_plain(program: Program, site: Site) -> bool:
    """Whether an expression is a dict or set, in which objects are found by their hash, or a display of constants."""
    code = program.facts[site.file].code
    if code[site.pc] == ops.SEQUENCE:
        return all(code[value] == ops.CONST for value in ops.values(code, site.pc))
    return _is_only(program, site, frozenset({dict, set, frozenset}))


def _asks(program: Program, call: Site) -> bool:
    """Whether a call is a question of a builtin that what it is asked about does not hear."""
    fact = program.facts[call.file]
    code = fact.code
    (callee, *given) = [Site(call.file, value) for value in ops.values(code, call.pc)]
    match list(program.names.static(callee)):
        case [("external", str(dotted))]:
            name = dotted.removeprefix("<builtin>.")
        case _:
            return False
    match name, given:
        case "callable" | "type", [_]:
            return True
        case "bool", [asked]:
            return is_unmissed_test(program, asked)
        case "len", [asked]:
            return _is_only(program, asked, _CONTAINERS)
        case "isinstance", [_, cls]:
            return _is_plain_class(program, cls)
    return False


def _is_plain_class(program: Program, site: Site) -> bool:
    code = program.facts[site.file].code
    if code[site.pc] == ops.SEQUENCE:
        return all(_is_plain_class(program, Site(site.file, value)) for value in ops.values(code, site.pc))
    match list(program.names.static(site)):
        case [("class", int(scope))]:
            return not program.ask(Values).types.has_hooks(scope)
        case [("external", str(dotted))]:
            return isinstance(getattr(builtins, dotted.removeprefix("<builtin>."), None), type)
    return False
