"""Which expressions are not worth a question: a glance back, without any analysis, that ends at what nobody can know.

It errs on one side alone: what is passed over is not reported. Most guards of a library test what outsiders give, and
are told here.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence, Set
from typing import TYPE_CHECKING

from debloat.facts import data, ops
from debloat.program.index import Site
from debloat.values import stubs
from debloat.values.analysis import Values
from debloat.values.domain import is_unknown

if TYPE_CHECKING:
    from debloat.program.program import Program

_FARTHEST = 6
_INHERITING = frozenset({ops.ELEMENT, ops.ITEM, ops.ENTER, ops.AWAIT, ops.SUBSCRIPT, ops.STAR, ops.UNARY})


class Triage:
    """The glance; every answer is kept: ``program.ask(Triage)``."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._index = program.index
        self._known: dict[Site, bool] = {}
        self._tested: dict[int, dict[int, int]] = {}
        self._begins: dict[int, dict[int, int]] = {}

    def is_hopeless(self, site: Site) -> bool:
        """Whether what an expression can be surely cannot be known."""
        return self._look(site, 0)

    def _look(self, site: Site, distance: int) -> bool:
        known = self._known.get(site)
        if known is None:
            if distance > _FARTHEST:
                return False
            self._known[site] = False  # a circle tells nothing
            known = self._known[site] = self._is_hopeless(site, distance + 1)
        return known

    def _is_hopeless(self, site: Site, distance: int) -> bool:
        file, pc = site
        code = self._index.facts[file].code
        op = code[pc]
        match op:
            case ops.NAME:
                return self._name(site, distance)
            case ops.ATTR:
                return self._attribute(site, distance)
            case ops.CALL:
                return self._call(site, distance)
            case ops.COMPARE:
                sides = code[pc + 5], code[pc + 8]
                if any(self._asks(file, side, _NEVER_NONE) for side in sides) and any(
                    self._is_none(file, side) for side in sides
                ):
                    return False
                if code[pc + 7] in _ORDERING and ops.CONST not in (code[sides[0]], code[sides[1]]):
                    return True
                return any(self._look(Site(file, side), distance) for side in sides)
            case ops.CONDITIONAL:
                return any(self._look(Site(file, value), distance) for value in code[pc + 4 : pc + 6])
            case _ if op in _INHERITING:
                value = code[pc + 4 if op == ops.UNARY else pc + 3]
                return value >= 0 and self._look(Site(file, value), distance)
        return op == ops.UNKNOWN

    def _name(self, site: Site, distance: int) -> bool:
        index = self._index
        fact = index.facts[site.file]
        name = fact.code[site.pc + 3]
        here = index.scope_at(site)
        home = index.resolve(here, name)
        if home < 0:
            return False
        record = index.scopes[home]
        base = index.base[site.file]
        if record.kind == data.FUNCTION and here == home:
            if self._first_test(home, site.file).get(name, site.pc) < site.pc:
                return False  # an earlier test may have told
            stores, entry = fact.reaching(home - base, name, site.pc)
            stores = [store for store in stores if not self._is_over(home, store, stores, site.pc)]
        else:
            stores, entry = record.bound[name], True
            if record.kind in (data.MODULE, data.CLASS):
                return self._is_open(home, fact.names[name], stores, distance)
        given = any(parameter.name == name for parameter in record.parameters)
        if entry and given and record.kind == data.FUNCTION:
            first = record.parameters[0].name == name and index.enclosing_class(home) >= 0
            if not first and self._program.openings.first(home) is not None:
                return not self._is_declared(home, site.file)
            if here == home and not stores and self._is_given_unknown(home, name):
                return True
        return any(
            self._look(Site(site.file, fact.code[store + 4]), distance)
            for store in stores
            if fact.code[store] == ops.STORE
        )

    def _is_given_unknown(self, function: int, name: int) -> bool:
        """Whether some caller is seen to give a parameter what cannot be known, or not all callers are seen."""
        parameters = self._index.scopes[function].parameters
        position = next(position for position, parameter in enumerate(parameters) if parameter.name == name)
        return is_unknown(self._program.ask(Values).parameter(function, position))

    def _is_declared(self, function: int, file: int) -> bool:
        """Whether a decorator of a command line framework may say what a function is given."""
        imports = self._index.facts[file].imports
        return bool(self._program.analysis.calls.decorators(function)) and any(
            imported.module.partition(".")[0] in _DECLARING for imported in imports
        )

    def _is_open(self, home: int, name: str, stores: list[int], distance: int) -> bool:
        """Whether unseen code may bind a variable of a module or class, or what is seen to bind it cannot be known."""
        file = self._index.file_of[home]
        code = self._index.facts[file].code
        for store in stores:
            if code[store] == ops.STORE and code[store + 5] == ops.IMPORT:
                return self._imports_open(file, code[code[store + 4] + 3], distance)
            if code[store] == ops.STORE and code[store + 5] == ops.DEFINITION:
                return False
        if next(self._program.openings.of_variable(home, name), None) is not None:
            return True
        return any(self._look(Site(file, code[store + 4]), distance) for store in stores if code[store] == ops.STORE)

    def _imports_open(self, file: int, number: int, distance: int) -> bool:
        """Whether what an import binds is a variable that unseen code may bind."""
        index = self._index
        name = index.facts[file].imports[number].name
        target = index.modules.get(index.target_module(file, number), -1)
        if target < 0 or target == file or not name or distance > _FARTHEST:
            return False
        scope = index.base[target]
        stores = index.scopes[scope].bound.get(index.facts[target].name_index.get(name, -1))
        return stores is not None and self._is_open(scope, name, stores, distance + 1)

    def _is_over(self, home: int, store: int, stores: Sequence[int], pc: int) -> bool:
        """Whether another store always follows a store of a variable before a read at ``pc``."""
        return any(store < other < pc and self._sections(home).get(other, pc) <= store for other in stores)

    def _sections(self, scope: int) -> Mapping[int, int]:
        """Where the branch or body begins that each store of a scope stands in."""
        known = self._begins.get(scope)
        if known is None:
            known = self._begins[scope] = {}
            file = self._index.file_of[scope]
            fact = self._index.facts[file]
            begins = [self._index.scopes[scope].start]
            for pc in fact.instructions(scope - self._index.base[file]):
                op = fact.code[pc]
                if op in ops.OPENING:
                    begins.append(pc)
                elif op == ops.END:
                    begins.pop()
                elif op in ops.SECTIONS:
                    begins[-1] = pc
                elif op == ops.STORE:
                    known[pc] = begins[-1]
        return known

    def _asks(self, file: int, pc: int, builtins: Set[str]) -> bool:
        """Whether an expression calls one of some builtins that tell of their first argument."""
        fact = self._index.facts[file]
        code = fact.code
        callee = code[pc + 5] if code[pc] == ops.CALL and code[pc + 6] else pc
        return callee != pc and code[callee] == ops.NAME and fact.names[code[callee + 3]] in builtins

    def _is_none(self, file: int, pc: int) -> bool:
        fact = self._index.facts[file]
        return fact.code[pc] == ops.CONST and fact.constants[fact.code[pc + 3]][0] == "NoneType"

    def _first_test(self, home: int, file: int) -> dict[int, int]:
        """Where each variable of a function is tested first."""
        known = self._tested.get(home)
        if known is None:
            known = self._tested[home] = {}
            fact = self._index.facts[file]
            record = self._index.scopes[home]
            guards = fact.guards
            # A file's guards stand scope after scope, but those in comprehensions: a scope's are where its code is.
            for owner in guards[bisect_left(guards, record.start) : bisect_left(guards, record.end)]:
                for value in ops.values(fact.code, owner) if fact.code[owner] in _TESTING else ():
                    for name in self._tested_in(fact.code, value):
                        known.setdefault(name, owner)
                        known[name] = min(known[name], owner)
        return known

    def _tested_in(self, code: Sequence[int], value: int) -> Iterator[int]:
        """The names in a test; those of attributes as their complements."""
        match code[value]:
            case ops.NAME:
                yield code[value + 3]
            case ops.ATTR:
                yield ~code[value + 4]
            case ops.COMPARE | ops.UNARY | ops.BOOL | ops.CALL:
                for inner in ops.values(code, value):
                    yield from self._tested_in(code, inner)

    def _attribute(self, site: Site, distance: int) -> bool:
        index = self._index
        fact = index.facts[site.file]
        base = Site(site.file, fact.code[site.pc + 3])
        owner = self._receiver(base)
        if owner < 0:
            return self._look(base, distance)
        number = fact.code[site.pc + 4]
        name = fact.names[number]
        if self._outsiders_have(site, owner, number):
            return True
        defined = any(
            isinstance(cls, int) and self._program.hierarchy.binds(cls, name)
            for cls in self._program.hierarchy.order(owner)
        )
        attributes = self._program.ask(Values).attributes
        return not defined and not attributes.is_application(owner) and self._program.openings.first(owner) is not None

    def _outsiders_have(self, site: Site, owner: int, name: int) -> bool:
        """Whether an attribute of ``self`` may be another in a subclass of outsiders, and nothing has told of it before."""
        index = self._index
        here = index.scope_at(site)
        return (
            not self._program.ask(Values).attributes.is_kept(owner)
            and self._program.openings.extension(owner) is not None
            and name not in index.scopes[here].set_attributes
            and index.scopes[here].kind == data.FUNCTION
            and index.enclosing_class(here) == owner
            and self._first_test(here, site.file).get(~name, site.pc) >= site.pc
            and index.facts[site.file].names[name] != "__class__"
        )

    def _receiver(self, base: Site) -> int:
        """The class of whose methods an expression is the receiver; -1 for any other expression."""
        index = self._index
        fact = index.facts[base.file]
        if fact.code[base.pc] != ops.NAME:
            return -1
        home = index.home(base)
        if home < 0 or index.scopes[home].kind != data.FUNCTION or not index.scopes[home].parameters:
            return -1
        own = index.scopes[home].parameters[0].name == fact.code[base.pc + 3]
        return index.enclosing_class(home) if own else -1

    def _call(self, site: Site, distance: int) -> bool:
        fact = self._index.facts[site.file]
        code = fact.code
        callee = Site(site.file, code[site.pc + 5])
        if self._asks(*site, _ASKING):
            return self._look(Site(site.file, code[site.pc + 7]), distance)
        values = self._program.names.static(callee)
        if any(value[0] == "external" and not stubs.is_standard(value[1]) for value in values):
            return True
        if code[callee.pc] == ops.ATTR and ("unknown",) in values:
            return self._look(callee, distance)
        return False


_TESTING = frozenset({ops.IF, ops.WHILE, ops.BRANCH, ops.BOOL, ops.CONDITIONAL})
_ORDERING = frozenset({ops.LT, ops.LT_E, ops.GT, ops.GT_E})
_ASKING = frozenset({"isinstance", "issubclass", "hasattr", "callable", "getattr", "len", "type", "bool"})
_NEVER_NONE = _ASKING - {"getattr"}
_DECLARING = ("click", "typer")
