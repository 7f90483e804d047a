"""The way back from a value: what an expression is assigned, passed or returned from, step by step to where it is made."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from debloat.facts import ops
from debloat.program.binding import arguments, bind
from debloat.program.index import Site
from debloat.program.queries import callers
from debloat.values.analysis import Values
from debloat.values.domain import SOMETHING, Atom, is_unknown, objects
from debloat.values.ssa import Form, Version

if TYPE_CHECKING:
    from debloat.program.program import Program

_FARTHEST = 12  # steps of one way back


class Step(NamedTuple):
    """One step back from a value: what happens to it, and the expression that gave it."""

    how: str
    site: Site


def way(program: Program, site: Site, atom: Atom) -> Iterator[Step]:
    """The steps from an expression back to where one of its possible values is made.

    What tests have left of an unknown value is followed to that.
    """
    values = program.ask(Values)
    seen = {site}
    for _ in range(_FARTHEST):
        steps = [step for step in _Back(program, values).steps(site) if step.site not in seen]
        found = next((step for step in steps if atom in values.value(step.site)), None)
        if found is None and (atom[0] == "unknown" or atom == SOMETHING):
            found = next((step for step in steps if is_unknown(values.value(step.site))), None)
            atom = (
                next((one for one in objects(values.value(found.site)) if one[0] == "unknown"), atom) if found else atom
            )
        if found is None:
            return
        seen.add(found.site)
        site = found.site
        yield found


class _Back:
    """Where the value of an expression comes from, one step back."""

    def __init__(self, program: Program, values: Values) -> None:
        self._program = program
        self._index = program.index
        self._values = values
        self._seen: set[Version] = set()

    def steps(self, site: Site) -> Iterator[Step]:
        """The expressions whose values may be that of an expression."""
        fact = self._program.facts[site.file]
        code = fact.code
        form = self._values.form(self._index.scope_at(site))
        if site.pc in form.reads:
            yield from self._version(form, form.reads[site.pc])
            return
        match code[site.pc]:
            case ops.NAME:
                home = self._index.home(site)
                if home >= 0:
                    yield from self._variable(home, code[site.pc + 3])
            case ops.ATTR:
                yield from self._attribute(site)
            case ops.CALL:
                yield from self._call(site)
            case ops.ELEMENT:
                yield Step("an element of this", self._program.analysis.iterable(site))
            case ops.ITEM | ops.SUBSCRIPT:
                yield Step("an item of this", Site(site.file, code[site.pc + 3]))
            case _:
                yield from (Step("what this gives", Site(site.file, value)) for value in ops.values(code, site.pc))

    def _version(self, form: Form, version: Version) -> Iterator[Step]:
        if version in self._seen:
            return
        self._seen.add(version)
        match version:
            case ("store", int(pc)):
                yield Step("assigned here", Site(form.file, pc))
            case ("parameter", int(position)):
                yield from self._parameter(form.scope, position)
            case ("narrow" | "after", before, *_):
                yield from self._version(form, before)
            case ("phi", int(number)):
                for operand, _ in form.phis[number]:
                    yield from self._version(form, operand)
            case ("free", int(home), int(name)):
                yield from self._variable(home, name)
            case ("path", int(pc)) if self._program.facts[form.file].code[pc] == ops.ATTR:
                yield from self._attribute(Site(form.file, pc))
            case ("path", int(pc)):
                yield Step("an item of this", Site(form.file, self._program.facts[form.file].code[pc + 3]))

    def _variable(self, home: int, name: int) -> Iterator[Step]:
        file = self._index.file_of[home]
        code = self._program.facts[file].code
        record = self._index.scopes[home]
        for position, parameter in enumerate(record.parameters):
            if parameter.name == name:
                yield from self._parameter(home, position)
        for store in record.bound.get(name, ()):
            if code[store] == ops.STORE and code[store + 5] not in (ops.IMPORT, ops.DEFINITION):
                yield Step("assigned here", Site(file, code[store + 4]))

    def _parameter(self, scope: int, position: int) -> Iterator[Step]:
        file = self._index.file_of[scope]
        parameter = self._index.scopes[scope].parameters[position]
        name = self._program.facts[file].names[parameter.name]
        left_out = False
        for call in callers(self._program, scope).calls:
            given = call.binding.given.get(position, ())
            left_out |= not given
            for value in given:
                yield Step(f"passed to {self._index.name(scope)} as {name}", Site(call.site.file, value))
        if left_out and parameter.default >= 0:
            yield Step(f"the default of {name}", Site(file, parameter.default))

    def _attribute(self, site: Site) -> Iterator[Step]:
        fact = self._program.facts[site.file]
        name = fact.names[fact.code[site.pc + 4]]
        base = Site(site.file, fact.code[site.pc + 3])
        for atom in objects(self._values.value(base)):
            if atom[0] in ("object", "heir", "class"):
                yield from self._field(atom[1], name)
            elif atom[0] == "module":
                scope = self._index.base[atom[1]]
                yield from self._variable(scope, self._program.facts[atom[1]].name_index.get(name, -1))
        if is_unknown(self._values.value(base)):
            yield Step("an attribute of this", base)

    def _field(self, scope: int, name: str) -> Iterator[Step]:
        for site in self._values.attributes.fate(scope)[2]:
            fact = self._program.facts[site.file]
            if fact.names[fact.code[site.pc + 4]] == name:
                yield Step(f"{name} is set", Site(site.file, fact.code[site.pc + 5]))
        for cls in self._program.hierarchy.order(scope):
            if isinstance(cls, int) and self._program.hierarchy.binds(cls, name):
                yield from self._variable(cls, self._program.facts[self._index.file_of[cls]].name_index[name])
        yield from self._made(scope, name)

    def _made(self, scope: int, name: str) -> Iterator[Step]:
        """What constructor calls give a field of a dataclass or its like."""
        fields = self._program.analysis.calls.fields(scope)
        position = fields.position(name)
        for event in self._program.analysis.flow(("class", scope)) if position >= 0 else ():
            if event[0] == "call":
                call = arguments(self._program.facts[event[1]], event[2])
                for value in bind(call, fields.parameters, fields.names, 0).given.get(position, ()):
                    yield Step(f"passed to {self._index.name(scope)} as {name}", Site(event[1], value))

    def _call(self, site: Site) -> Iterator[Step]:
        callee = Site(site.file, self._program.facts[site.file].code[site.pc + 5])
        for atom in objects(self._values.value(callee)):
            match atom:
                case ("function" | "method", int(scope), *_):
                    form = self._values.form(scope)
                    for value, _ in form.exits:
                        if value >= 0:
                            yield Step(f"returned by {self._index.name(scope)}", Site(form.file, value))
                case ("unknown", *_):
                    yield Step("called here", callee)
