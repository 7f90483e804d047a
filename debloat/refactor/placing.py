"""What a call gives to the code of its function: which arguments take the place of parameters, which are bound before."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from debloat.facts import data, ops
from debloat.model import Evidence, Proof, RefusedError
from debloat.program.constants import default_site, is_bound_once
from debloat.program.index import Site
from debloat.program.parameters import purity_evidence
from debloat.program.queries import Call, constant
from debloat.refactor.bodies import Body
from debloat.refactor.evaluation import Evaluation, Event
from debloat.values.analysis import Values
from debloat.values.domain import OWNERS

if TYPE_CHECKING:
    from debloat.program import Program

_VARIADIC = (data.VAR_POSITIONAL, data.VAR_KEYWORD)


class Argument(NamedTuple):
    """What a parameter is given: an expression, and where it stands in the call.

    ``number`` counts the arguments of the call, -1 is the object of a method; None is a default, ``node`` then.
    """

    parameter: str
    site: Site
    number: int | None
    node: ast.expr | None


class Placing(NamedTuple):
    """Which arguments go where: ``put`` in the place of parameters, ``bound`` to variables before, in this order."""

    put: Sequence[Argument]
    bound: Sequence[Argument]
    evidence: Sequence[Evidence]


def arguments_of(program: Program, body: Body, call: Call, node: ast.Call) -> list[Argument]:
    """What a call gives to the parameters, in the order of evaluation, defaults last. Raises RefusedError."""
    index = program.index
    record = index.scopes[body.function]
    if any(parameter.kind in _VARIADIC for parameter in record.parameters) or call.binding.unsure:
        raise RefusedError("unpacked arguments: what they hold is not seen")
    code = program.facts[call.site.file].code
    found: list[Argument] = []
    if program.analysis.receivers(body.function) is not None and 0 not in call.binding.given:
        callee = code[call.site.pc + 5]
        if not isinstance(node.func, ast.Attribute) or node.func.attr != index.name(body.function):
            raise RefusedError("not by its name: a call reaches the method through a variable")
        if isinstance(node.func.value, ast.Call) and ast.unparse(node.func.value.func) == "super":
            raise RefusedError("super: the call asks for a method of a base")
        found.append(Argument(body.parameters[0], Site(call.site.file, code[callee + 3]), -1, None))
    values = [value for value, _ in call.arguments.positional] + [value for _, value in call.arguments.keywords]
    given = {value: position for position, some in call.binding.given.items() for value in some}
    if len(given) != len(values) or any(isinstance(one, ast.Starred) for one in node.args):
        raise RefusedError("unpacked arguments: what they hold is not seen")
    found += [
        Argument(body.parameters[given[value]], Site(call.site.file, value), number, None)
        for number, value in enumerate(values)
    ]
    named = {argument.parameter for argument in found}
    for position in range(len(record.parameters)):
        if body.parameters[position] not in named:
            site = default_site(program, body.function, position)
            if site is None:
                raise RefusedError("failing call: it lacks an argument")
            found.append(Argument(body.parameters[position], site, None, None))
    return found


def place(program: Program, body: Body, given: Sequence[Argument]) -> Placing:
    """What becomes of the arguments of a call."""
    fixed = [argument for argument in given if constant(program, argument.site) is not None]
    steady = [argument for argument in given if argument not in fixed and _is_steady(program, argument)]
    acting = [argument for argument in given if argument not in fixed and argument not in steady]
    if any(argument.number is None for argument in (*steady, *acting)):
        raise RefusedError("default: it is made once for all calls")
    bound = [argument for argument in (*fixed, *steady) if argument.parameter in body.variables]
    kept: list[Evidence] = []
    for argument in steady:
        if argument in bound:
            continue
        events = [event for event in body.events if event.name == argument.parameter]
        late = any(event.later for event in events) and not _is_lasting(program, argument)
        if late or (body.inner & {_name(program, argument)}):
            bound.append(argument)
        elif not any(event.sure for event in _at_once(body) if event.name == argument.parameter):
            kept += _bound_evidence(program, argument)
    for argument in fixed:
        if argument not in bound:
            kept.append(Evidence("purity", Proof.PROVED, program.index.place(argument.site), "it is a constant"))
    put, before = _in_order(body, acting)
    bound += before
    order = [argument for argument in given if argument in bound]
    placed = [argument for argument in given if argument in put or (argument not in bound and argument not in acting)]
    return Placing(placed, order, [*kept, *_receiver_evidence(program, given)])


def _bound_evidence(program: Program, argument: Argument) -> Iterator[Evidence]:
    """What it rests on that a name is read later or not at all: the variable of a comprehension or lambda is there."""
    code = program.facts[argument.site.file].code
    home = program.index.home(argument.site) if code[argument.site.pc] == ops.NAME else -1
    if home < 0 or program.index.scopes[home].kind not in (data.COMPREHENSION, data.LAMBDA):
        yield from purity_evidence(program, [argument.site])


def _in_order(body: Body, acting: Sequence[Argument]) -> tuple[Sequence[Argument], Sequence[Argument]]:
    """The arguments that are evaluated as they were if they stand where the code reads them, and those before them."""
    names = {argument.parameter for argument in acting}
    reads = [event for event in body.events if event.name in names]
    first = [event.name for event in _at_once(body) if event.name in names]
    for start in range(len(acting)):
        wanted = [argument.parameter for argument in acting[start:]]
        once = all(sum(event.name == name for event in reads) == 1 for name in wanted)
        if once and not body.variables & set(wanted) and [name for name in first if name in wanted] == wanted:
            return acting[start:], acting[:start]
    return [], acting


def _at_once(body: Body) -> Iterator[Event]:
    """What surely happens in code before anything acts, or is read that may change."""
    for event in body.events:
        if event.kind == "acts" or not event.sure:
            return
        if event.name in body.names and event.name not in body.settled:
            return
        yield event


def _is_steady(program: Program, argument: Argument) -> bool:
    """Whether what an argument reads stays the same until the call is over."""
    code = program.facts[argument.site.file].code
    if code[argument.site.pc] == ops.NAME:
        name = program.facts[argument.site.file].names[code[argument.site.pc + 3]]
        return is_steady(program, argument.site, name)
    return _is_static(program, argument.site)


def _is_static(program: Program, site: Site) -> bool:
    """Whether an expression is a function or class, named through the modules that have it."""
    code = program.facts[site.file].code
    pc = site.pc
    while code[pc] == ops.ATTR:
        pc = code[pc + 3]
    values = program.names.static(site)
    return (
        code[pc] == ops.NAME and bool(values) and all(value[0] in ("function", "class", "module") for value in values)
    )


def is_steady(program: Program, site: Site, name: str) -> bool:
    """Whether a name that is read at a place stays the same while the statement around it runs."""
    index = program.index
    if index.is_mixed(site):
        return False
    home = index.home(site)
    if home < 0:
        return not program.names.star_targets(site.file)
    record = index.scopes[home]
    if record.kind == data.MODULE:
        return is_bound_once(program, site)
    fact = program.facts[site.file]
    stores = record.bound[fact.name_index[name]]
    within = all(record.start <= store < record.end for store in stores)
    plain = all(fact.code[store] != ops.STORE or fact.code[store + 5] != ops.WALRUS for store in stores)
    scope = index.scope_at(site)
    while scope != home and index.scopes[scope].kind == data.COMPREHENSION:
        if fact.code[index.scopes[scope].definition + 3] == ops.GENERATOR:
            break
        scope = index.parent(scope)
    return record.kind != data.CLASS and within and plain and (scope == home or not stores)


def _is_lasting(program: Program, argument: Argument) -> bool:
    """Whether what a steady argument reads stays the same for ever."""
    site = argument.site
    code = program.facts[site.file].code
    if code[site.pc] != ops.NAME:
        return True
    home = program.index.home(site)
    return home < 0 or program.index.scopes[home].kind == data.MODULE


def _name(program: Program, argument: Argument) -> str:
    """The first name of a dotted name."""
    fact = program.facts[argument.site.file]
    pc = argument.site.pc
    while fact.code[pc] == ops.ATTR:
        pc = fact.code[pc + 3]
    return fact.names[fact.code[pc + 3]]


def _receiver_evidence(program: Program, given: Sequence[Argument]) -> Iterator[Evidence]:
    """What it rests on that no method is looked up any more."""
    for argument in given:
        if argument.number == -1:
            atoms = program.ask(Values).value(argument.site)
            if any(atom[0] not in OWNERS for atom in atoms):
                note = "assumes that this is always an object that has the method"
                yield Evidence("type", Proof.ASSUMED, program.index.place(argument.site), note)


def check_before(program: Program, scope: int, statement: ast.stmt, call: ast.expr, line: str) -> None:
    """Raise RefusedError where code cannot stand before the statement that holds a call."""
    if not isinstance(
        statement,
        ast.Expr | ast.Return | ast.Assign | ast.AnnAssign | ast.AugAssign | ast.Raise | ast.If | ast.For | ast.With,
    ) or line.lstrip().startswith("elif"):
        raise RefusedError("order: nothing can stand before the call")
    kind = program.index.scopes[scope].kind
    if kind not in (data.FUNCTION, data.MODULE):
        raise RefusedError("order: the call is evaluated in a lambda, a comprehension or a class")
    for event in Evaluation(call).statement(statement):
        if event.kind == "reaches":
            if not event.sure:
                raise RefusedError("order: the call is not always evaluated")
            return
        sites = list(program.index.find(scope, ops.NAME, 3, event.name))
        if event.kind == "acts" or not sites or not all(is_steady(program, site, event.name) for site in sites):
            raise RefusedError("order: something is evaluated before the call")
    raise RefusedError("order: nothing can stand before the call")
