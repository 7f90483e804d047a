"""The value analysis: what a value, a variable, a field or the result of a function can be, each solved when it is asked for.

The nodes of one lazy fixed point (see :mod:`debloat.program.solver`):

    ("value", file, pc)  ("version", scope, version)  ("reach", scope, block)  ("parameter", scope, position)
    ("variable", scope, name)  ("field", class, name)  ("returns", scope)  ("ends", scope)  ("yields", scope)
    ("item", box, key)  ("set", name, mock)  ("sets", name)  ("declares", file, pc)  ("option", parsed, name)  ("raises", scope)  ("body", file, pc)
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING

from debloat.facts import data, ops
from debloat.program.examples import NOTE, is_in_example
from debloat.program.externals import CONSTRUCTORS
from debloat.program.index import Site
from debloat.program.names import BUILTINS
from debloat.program.queries import DECORATES, Call, callers
from debloat.program.reach import everything
from debloat.program.solver import Node, Solver
from debloat.program.unpacked import sharpened
from debloat.values.attributes import Attributes
from debloat.values.calls import Calls
from debloat.values.containers import Containers
from debloat.values.declared import argparse
from debloat.values.domain import (
    EITHER,
    FALSE,
    NONE,
    NOTHING,
    TRUE,
    Atom,
    Value,
    assumptions,
    is_unknown,
    join,
    objects,
    of,
    unknown,
    widened,
)
from debloat.values.mocks import Mocks
from debloat.values.narrowing import Narrowing
from debloat.values.operations import widened as widened_exceptions
from debloat.values.passed_on import PassedOn
from debloat.values.raises import Raises
from debloat.values.ssa import ENTRY, Form, Key, Version, forms
from debloat.values.standins import Standins
from debloat.values.types import Types

if TYPE_CHECKING:
    from debloat.program.program import Program

_SAME_TWICE: Atom = ("assumed", "reading the attribute or item twice gives the same object")
# Places that something fills, or nobody would read them
_FILLED = frozenset({"field", "item", "variable", "parameter", "yields"})
# What a module has without binding it, None perhaps
_IMPLICIT = frozenset(
    ("external", f"<builtin>.__{name}__") for name in ("doc", "spec", "file", "path", "package", "loader")
)
REACHED: Value = frozenset({("reached",)})

_WIDENINGS: dict[str, Callable[[Value], Value]] = {
    "raises": widened_exceptions,
    "body": widened_exceptions,
    "declares": lambda value: value,
    "sets": lambda value: value,
}


class Values:
    """The analysis of one program: ``program.ask(Values)``."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.index = program.index
        self._forms: dict[int, Form] = {}
        self.solver = Solver(
            self._evaluate,
            lambda node, _old, new: _WIDENINGS.get(node[0], widened)(new),
            _FILLED,
            unknown("nothing is seen to fill it", Site(0, 0)),
        )
        self.read: Callable[[Node], Value] = self.solver.read
        self.types = Types(program)
        self.attributes = Attributes(self)
        self.containers = Containers(self)
        self.calls = Calls(self)
        self.passed_on = PassedOn(self)
        self.standins = Standins(self)
        self.mocks = Mocks(self)
        self.narrowing = Narrowing(self)
        self.raises = Raises(self)
        self._rules: dict[str, Callable[..., Value]] = {
            "value": self._value,
            "version": self._version,
            "reach": self._reach,
            "parameter": self._parameter,
            "variable": self._variable,
            "field": self.attributes.field,
            "returns": self._returns,
            "ends": self._ends,
            "yields": self._yields,
            "item": self.containers.item,
            "set": self.mocks.set,
            "sets": self.mocks.sets,
            "option": partial(argparse.attribute, self),
            "declares": partial(argparse.declares, self),
            "raises": self.raises.of_scope,
            "body": self.raises.of_body,
        }

    def _evaluate(self, node: Node) -> Value:
        return self._rules[node[0]](*node[1:])

    # What is asked from outside

    def value(self, site: Site) -> Value:
        """What the expression at a site can be where it stands; empty where no run gets there."""
        return self.solver.solve(("value", *site))

    def outcomes(self, site: Site) -> tuple[bool, bool]:
        """Whether the test at a site can come out true, and whether it can come out false."""
        return self.types.truth(self.value(site))

    def is_reached(self, site: Site) -> bool:
        """Whether the instruction at a site may ever run, as far as tests and calls that never return tell."""
        form = self.form(self.index.scope_at(site))
        block = form.block_at(site.pc)
        return block >= 0 and bool(self.solver.solve(("reach", form.scope, block)))

    def returned(self, scope: int) -> Value:
        """What a function returns."""
        return self.solver.solve(("returns", scope))

    def parameter(self, scope: int, position: int) -> Value:
        """What callers give a parameter."""
        return self.solver.solve(("parameter", scope, position))

    def form(self, scope: int) -> Form:
        """The SSA form that holds a scope's code."""
        home = forms(self.index, scope)
        if home not in self._forms:
            self._forms[home] = Form(self.index, home)
        form = self._forms[home]
        if scope != home and scope not in form.inner:  # a comprehension in code that no way leads to
            if scope not in self._forms:
                self._forms[scope] = Form(self.index, scope)
            return self._forms[scope]
        return form

    # Nodes

    def at(self, file: int, pc: int) -> Value:
        """What the value at a position can be, as far as it is solved."""
        return self.read(("value", file, pc))

    def _value(self, file: int, pc: int) -> Value:
        fact = self.index.facts[file]
        code = fact.code
        match code[pc]:
            case ops.CONST:
                kind, value = fact.constants[code[pc + 3]]
                return of(("constant", kind, value))
            case ops.NAME:
                return self._name(file, pc)
            case ops.ATTR | ops.SUBSCRIPT:
                form = self.form(self.index.scope_at(Site(file, pc)))
                if pc in form.reads:
                    return self.read(("version", form.scope, form.reads[pc]))
                return self.unnarrowed(file, pc)
            case ops.CALL:
                return self.calls.result(file, pc)
            case ops.COMPARE:
                return self.narrowing.compared(file, pc)
            case ops.UNARY:
                return self._unary(file, pc)
            case ops.BINARY:
                return self.calls.binary(file, pc)
            case ops.BOOL:
                return self._bool(file, pc)
            case ops.CONDITIONAL:
                return self._conditional(file, pc)
            case ops.SEQUENCE | ops.DICT:
                return of(("box", file, pc))
            case ops.COMPREHENSION:
                return of(("box", file, pc))
            case ops.FSTRING if code[pc + 3] == 1:  # one part is not copied
                return self.calls.converted("str", self.at(file, code[pc + 4]))
            case ops.FSTRING:
                return of(("text",) if self._has_text(file, pc) else ("builtin", "str"))
            case ops.FUNCTION | ops.CLASS:
                return self.calls.defined(file, pc)
            case ops.LAMBDA:
                return of(("function", self.index.base[file] + code[pc + 3]))
            case ops.IMPORTED:
                return self._imported(file, code[pc + 3], pc)
            case ops.ELEMENT:
                return self.containers.elements(file, pc)
            case ops.ITEM:
                return self.containers.unpacked(file, pc)
            case ops.ENTER:
                return self.calls.entered(file, pc)
            case ops.CAUGHT:
                return self.calls.caught(file, pc)
            case ops.AWAIT:
                return self.calls.awaited(file, pc)
            case ops.STAR:
                return self.at(file, code[pc + 3])
        return unknown("an expression that is not followed", Site(file, pc))

    def _has_text(self, file: int, pc: int) -> bool:
        """Whether an f-string has text of its own: not a part of one, whose constants are conversions and formats."""
        fact = self.index.facts[file]
        parts = fact.code[pc + 4 : pc + 4 + fact.code[pc + 3]]
        scope = self.index.scope_at(Site(file, pc))
        users = fact.consumers(scope - self.index.base[file]).get(pc, ())
        return any(fact.code[part] == ops.CONST for part in parts) and all(
            fact.code[user] != ops.FSTRING for user in users
        )

    def unnarrowed(self, file: int, pc: int) -> Value:
        """What an attribute or subscript gives, whatever tests have said of it."""
        fact = self.index.facts[file]
        code = fact.code
        base = self.at(file, code[pc + 3])
        if code[pc] == ops.ATTR:
            return self.attributes.of_value(base, fact.names[code[pc + 4]], Site(file, pc))
        return self.containers.subscript(base, self.at(file, code[pc + 4]), Site(file, pc))

    def _name(self, file: int, pc: int) -> Value:
        fact = self.index.facts[file]
        scope = self.index.scope_at(Site(file, pc))
        form = self.form(scope)
        name = fact.code[pc + 3]
        if self.index.is_mixed(Site(file, pc)):
            return unknown("a name that its class may not have bound yet", Site(file, pc))
        home = self.index.home(Site(file, pc))
        inside = home == scope or self.index.scopes[scope].kind != data.CLASS
        if inside and pc in form.reads:
            return self.read(("version", form.scope, form.reads[pc]))
        if home >= 0:
            return self.read(("variable", home, fact.names[name]))
        return self._static(self.program.names.unbound(file, fact.names[name]), Site(file, pc))

    def _static(self, values: frozenset[Atom], site: Site) -> Value:
        """What names stand for that need no analysis."""
        return join(
            unknown("a name that cannot be resolved", site)
            if value == ("unknown",) or value in _IMPLICIT
            else of(value)
            for value in values
        )

    def _imported(self, file: int, number: int, pc: int) -> Value:
        imported = self.index.facts[file].imports[number]
        modules = self.program.names.module(self.index.target_module(file, number))
        if not imported.name or ("module", file) in modules:
            return self._static(self.program.names.imported(file, number), Site(file, pc))
        return self.attributes.of_value(self._static(modules, Site(file, pc)), imported.name, Site(file, pc))

    def _unary(self, file: int, pc: int) -> Value:
        code = self.index.facts[file].code
        inner = self.at(file, code[pc + 4])
        if code[pc + 3] == ops.NOT:
            true, false = self.types.truth(inner)
            return frozenset([FALSE] * true + [TRUE] * false) | self._assumed(inner)
        return self.calls.unary(code[pc + 3], inner, Site(file, pc))

    def _assumed(self, value: Value) -> Value:
        return frozenset(atom for atom in value if atom[0] == "assumed")

    def _bool(self, file: int, pc: int) -> Value:
        """``and`` and ``or``: each part but the last is the result only if it decides."""
        code = self.index.facts[file].code
        parts = code[pc + 5 : pc + 5 + code[pc + 4]]
        decides = code[pc + 3] == 1
        found: list[Value] = []
        for part in parts[:-1]:
            value = self.at(file, part)
            found.append(self.narrowing.by_truth(value, decides, lasting=False))
            if not self.types.truth(value)[decides]:  # [1] is "may be false", at which an ``or`` goes on
                return join(found)
        return join([*found, self.at(file, parts[-1])])

    def _conditional(self, file: int, pc: int) -> Value:
        code = self.index.facts[file].code
        test = self.at(file, code[pc + 3])
        taken = [self.at(file, code[pc + 4 + i]) for i, possible in enumerate(self.types.truth(test)) if possible]
        return join([*taken, assumptions(test)] if taken else [])

    # Versions and blocks

    def _version(self, scope: int, version: Version) -> Value:
        form = self._forms[scope]
        match version:
            case ("store", int(pc)):
                return self.at(form.file, pc)
            case ("parameter", int(position)):
                return self.read(("parameter", scope, position))
            case ("free", int(home), int(name)):
                return self.read(("variable", home, self.index.facts[form.file].names[name]))
            case ("path", int(pc)):
                return self.unnarrowed(form.file, pc)
            case ("after", before, int(pc), key):
                return self._after(form, before, pc, key)
            case ("phi", int(number)):
                return join(
                    self.read(("version", scope, operand))
                    for operand, block in form.phis[number]
                    if self.read(("reach", scope, block))
                )
            case ("narrow", before, int(test), bool(outcome), key):
                value = self.read(("version", scope, before))
                left = self.narrowing.narrowed(form, value, test, outcome, key)
                return left if left == value or self._is_data(form, key) else left | {_SAME_TWICE}
            case ("outer", int(own), int(name)):
                return self._outer(own, name)
        return NOTHING  # unbound: reading it raises

    def _outer(self, scope: int, name: int) -> Value:
        """What a name of a module or class means outside of it; nothing where it means nothing there."""
        file = self.index.file_of[scope]
        text = self.index.facts[file].names[name]
        parent = self.index.parent(scope)
        home = self.index.resolve(parent, name) if parent >= 0 else -1
        if home >= 0:
            return self.read(("variable", home, text))
        if text not in BUILTINS and not text.startswith("__") and not self.program.names.star_targets(file):
            return NOTHING
        return self._static(self.program.names.unbound(file, text), Site(file, self.index.scopes[scope].start))

    def _is_data(self, form: Form, key: Key) -> bool:
        """Whether reading a path surely gives the same object each time: no property or item of an unknown object."""
        if len(key) == 2:
            return True
        code = self.index.facts[form.file].code
        base = self.at(form.file, code[self._reader(form, key) + 3])
        if key[1] == "[":
            return all(atom[0] == "box" for atom in base)
        return all(self.attributes.is_data(atom, self.index.facts[form.file].names[key[2]]) for atom in base)

    def _after(self, form: Form, before: Version, pc: int, key: Key) -> Value:
        """A path once something else ran: what it was, unless that may have changed it."""
        known = self.read(("version", form.scope, before))
        if self.calls.is_harmless(form.file, pc):
            return known
        at = self._reader(form, key)
        if at < 0:
            return join([known, unknown("it may have changed since", Site(form.file, pc))])
        if len(key) == 2:
            return self.read(("variable", key[0], self.index.facts[form.file].names[key[1]]))
        return self.unnarrowed(form.file, at)

    def _reader(self, form: Form, key: Key) -> int:
        return next((pc for pc, read in form.keys.items() if read == key), -1)

    def _reach(self, scope: int, block: int) -> Value:
        if block == ENTRY:
            return REACHED
        form = self._forms[scope]
        for before, kind, pc, outcome in form.blocks[block]:
            if self.read(("reach", scope, before)) and self._can_pass(form, kind, pc, outcome):
                return REACHED
        return NOTHING

    def _can_pass(self, form: Form, kind: str, pc: int, outcome: bool) -> bool:
        match kind:
            case "test":
                value = self.at(form.file, pc)
                # What is only assumed closes no way: findings beyond it would not name the assumption.
                return self.types.truth(value)[not outcome] or bool(objects(value) and assumptions(value))
            case "returns":
                return self.calls.comes_back(form.file, pc)
            case "matches":
                return self.narrowing.pattern_outcomes(form.file, pc)[not outcome]
            case "swallows":
                return self.calls.may_swallow(form.file, pc)
            case "raises":
                return self.raises.enters(form.file, pc)
        return True

    # Across functions

    def _parameter(self, scope: int, position: int) -> Value:
        file = self.index.file_of[scope]
        record = self.index.scopes[scope]
        parameter = record.parameters[position]
        if parameter.kind in (data.VAR_POSITIONAL, data.VAR_KEYWORD):
            return of(("rest", scope, position))
        analysis = self.program.analysis
        if position == 0 and (receivers := analysis.receivers(scope)) is not None:
            return self.attributes.receivers(scope, receivers)
        place = Site(file, record.definition)
        if record.kind == data.FUNCTION and (opening := self.program.openings.first(scope)) is not None:
            return self.calls.declared(scope, position) or unknown(opening[0], opening[1])
        found = callers(self.program, scope, if_closed=True)
        openings = [opening for opening in found.openings if opening[0] != DECORATES]
        if openings:
            return unknown(*openings[0])
        if not found.calls and found.openings:
            return self._decorated(scope, position)
        if not found.calls:
            return unknown("never called: nobody is seen to call it", place)
        tests = self.index.files[file].tests
        judged = [call.site for call in found.calls if tests or not self.index.files[call.site.file].tests]
        value = join(self._given(scope, position, sharpened(self.program, scope, found.calls))) if judged else NOTHING
        if not tests and not is_unknown(value) and not any(self._is_live(site) for site in judged):
            return unknown("only tests call it: what the program would give it is not seen", place)
        if is_in_example(self.program, scope, position):
            value |= {("assumed", NOTE)}
        return value | {("assumed", "world")} if self.program.part(self.index.files[file].path).assumed else value

    def _decorated(self, scope: int, position: int) -> Value:
        """What definitions give a parameter of the decorator that they have."""
        parameter = self.index.scopes[scope].parameters[position]
        file = self.index.file_of[scope]
        found: list[Value] = []
        for event in sorted(self.program.analysis.flow(("function", scope))):
            if event[0] == "applied" and position == event[3]:
                site = Site(event[1], event[2])
                given = self.program.analysis.calls.given(event[1], event[2], event[4])
                plain = all(value[0] in ("class", "function") for value in given)
                found.append(given if plain else unknown("what a decorator is given", site))
            elif event[0] == "applied":
                found.append(
                    self.at(file, parameter.default)
                    if parameter.default >= 0
                    else unknown("a decorator is given nothing", Site(file, self.index.scopes[scope].definition))
                )
        return join(found)

    def _given(self, scope: int, position: int, calls: Sequence[Call]) -> Iterator[Value]:
        parameter = self.index.scopes[scope].parameters[position]
        for call in calls:
            given = call.binding.given.get(position, ())
            if position in call.binding.unsure:
                value = self.containers.spread(scope, position, call)
                if not is_unknown(value) or self._is_live(call.site):
                    yield value
                given = ()
            for pc in given:
                value = self.at(call.site.file, pc) if self._is_run(call.site) else NOTHING
                if not is_unknown(value) or self._is_live(call.site):
                    yield value
            if position == 0 and not given:
                yield self._receiver(scope, call.site)
            if not given and position not in call.binding.unsure and parameter.default >= 0:
                yield self.at(self.index.file_of[scope], parameter.default)

    def _receiver(self, scope: int, site: Site) -> Value:
        """The objects as whose method a call calls a function that is not written in their class."""
        callee = self.at(site.file, self.index.facts[site.file].code[site.pc + 5])
        return join(
            of(atom) if atom[0] == "unknown" else of(atom[2])
            for atom in callee
            if atom[0] == "unknown" or atom[:2] == ("method", scope)
        )

    def _is_live(self, site: Site) -> bool:
        """Whether an instruction stands in code that production or tests may reach at all; in a library most may be."""
        if not self.attributes.is_application(self.index.scope_at(site)):
            return True
        return self.program.ask(everything).scope(forms(self.index, self.index.scope_at(site)))

    def _is_run(self, site: Site) -> bool:
        form = self.form(self.index.scope_at(site))
        block = form.block_at(site.pc)
        return block >= 0 and bool(self.read(("reach", form.scope, block)))

    def _variable(self, scope: int, name: str) -> Value:
        """A variable of a scope at any time."""
        file = self.index.file_of[scope]
        fact = self.index.facts[file]
        record = self.index.scopes[scope]
        index = fact.name_index.get(name, -1)
        here = Site(file, record.definition if record.definition >= 0 else record.start)
        if record.kind in (data.MODULE, data.CLASS):
            constant = self.attributes.bound(scope, name)
            if constant is not None:
                return constant
        if record.flags & data.GIVES_FRAME:
            return unknown("its function reads its variables by name", here)
        found: list[Value] = [
            self.read(("parameter", scope, position))
            for position, parameter in enumerate(record.parameters)
            if parameter.name == index
        ]
        found += [
            self.at(file, fact.code[store + 4])
            for store in record.bound.get(index, ())
            if fact.code[store] == ops.STORE and self._is_run(Site(file, store))
        ]
        if record.kind == data.MODULE:
            found += self.attributes.outside_writes(file, name, here)
        if name in self.standins.names and not all(atom[0] == "function" for value in found for atom in value):
            found.append(self.standins.of_variable(scope, name))
        return join(found)

    def _returns(self, scope: int) -> Value:
        record = self.index.scopes[scope]
        if record.flags & data.GENERATOR:
            return of(("generator", scope))
        form = self.form(scope)
        found: list[Value] = []
        for value, block in form.exits:
            if self.read(("reach", scope, block)):
                found.append(of(NONE) if value < 0 else self.at(form.file, value))
        if form.end >= 0 and self.read(("reach", scope, form.end)):
            found.append(of(NONE))
        return join(found)

    def _ends(self, scope: int) -> Value:
        """Whether a function may come back at all."""
        form = self.form(scope)
        blocks = [block for _, block in form.exits] + [form.end] * (form.end >= 0)
        return REACHED if any(self.read(("reach", scope, block)) for block in blocks) else NOTHING

    def _yields(self, scope: int) -> Value:
        file = self.index.file_of[scope]
        fact = self.index.facts[file]
        found: list[Value] = []
        for pc in fact.instructions(scope - self.index.base[file]):
            match fact.code[pc]:
                case ops.YIELD if fact.code[pc + 3] >= 0:
                    found.append(self.at(file, fact.code[pc + 3]))
                case ops.YIELD:
                    found.append(of(NONE))
                case ops.YIELD_FROM:
                    found.append(self.containers.each(self.at(file, fact.code[pc + 3]), Site(file, pc)))
        return join(found)


__all__ = ["CONSTRUCTORS", "EITHER", "Values"]
