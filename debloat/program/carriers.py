"""Where the instances of a class go, as long as all that is done with them is to use members of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from debloat.facts import data, ops
from debloat.model import Proof
from debloat.program.index import Site
from debloat.program.parameters import known_calls
from debloat.program.queries import Call, reads, users
from debloat.program.references import references

if TYPE_CHECKING:
    from debloat.program.program import Program


class OpenError(Exception):
    """An instance goes where it is more than its members: why, and where."""

    def __init__(self, reason: str, site: Site) -> None:
        super().__init__(reason)
        self.site = site


@dataclass(slots=True)
class Carried:
    """All that holds, passes on or uses an instance of a class.

    ``uses`` are the attributes that are read of one, ``kept`` the STORE, SET_ATTR and EXPR instructions that only keep one,
    ``parameters`` (function, position) those that only receive one, with their calls; ``imports`` (file, number) bind a
    variable that holds one; ``named`` are the places that name the class other than to call it.
    """

    uses: list[Site] = field(default_factory=list)
    kept: list[Site] = field(default_factory=list)
    parameters: dict[tuple[int, int], Sequence[Call]] = field(default_factory=dict)
    imports: list[tuple[int, int]] = field(default_factory=list)
    named: list[Site] = field(default_factory=list)


def carried(program: Program, cls: int, members: Set[str], static: Set[str]) -> Carried:
    """Follow all instances of a class, made without arguments; ``static`` members may be had from the class. Raises OpenError."""
    walk = _Walk(program, members, static)
    for site in references(program, cls).reads:
        walk.name(site)
    for value in walk.values:  # grows while it is walked
        walk.value(value)
    walk.check()
    return walk.found


class _Walk:
    def __init__(self, program: Program, members: Set[str], static: Set[str]) -> None:
        self._program = program
        self._index = program.index
        self._members = members
        self._static = static
        self.values: list[Site] = []
        self.found = Carried()
        self._variables: list[tuple[int, str]] = []
        self._fields: list[tuple[int, str]] = []

    def name(self, site: Site) -> None:
        """A place that names the class."""
        code = self._program.facts[site.file].code
        used = users(self._program, site)
        if used and all(code[user] == ops.CALL and code[user + 5] == site.pc for user in used):
            for user in used:
                if code[user + 6] or code[user + 7]:
                    raise OpenError("made with arguments", site)
                self._add(Site(site.file, user))
        elif used and all(code[user] == ops.ATTR for user in used):
            for user in used:
                self._use(Site(site.file, user), self._static)
        else:
            self.found.named.append(site)

    def value(self, site: Site) -> None:
        """A place that gives an instance."""
        code = self._program.facts[site.file].code
        used = users(self._program, site)
        if not used and code[site.pc] != ops.NAME:
            raise OpenError("its use is not seen", site)
        for pc in used:
            user = Site(site.file, pc)
            match code[pc]:
                case ops.ATTR:
                    self._use(user, self._members)
                case ops.STORE if code[pc + 5] == ops.PLAIN:
                    self._variable(user)
                case ops.SET_ATTR if code[pc + 5] == site.pc:
                    self._field(user)
                case ops.EXPR:
                    self.found.kept.append(user)
                case ops.CALL if code[pc + 5] != site.pc:
                    self._argument(user, site.pc)
                case _:
                    raise OpenError("is used for more than its members", user)

    def _use(self, site: Site, members: Set[str]) -> None:
        fact = self._program.facts[site.file]
        if fact.names[fact.code[site.pc + 4]] not in members:
            raise OpenError("something else than its members is read", site)
        self.found.uses.append(site)

    def _variable(self, store: Site) -> None:
        """A variable that is bound to an instance."""
        if store in self.found.kept:
            return
        self.found.kept.append(store)
        fact = self._program.facts[store.file]
        name = fact.names[fact.code[store.pc + 3]]
        here = self._index.scope_at(store)
        scope = self._index.resolve(here, fact.code[store.pc + 3])
        if scope != here or self._index.scopes[scope].kind not in (data.MODULE, data.FUNCTION):
            raise OpenError("a variable of a class or of another scope holds it", store)
        if (scope, name) in self._variables:
            return
        self._variables.append((scope, name))
        self._reads(scope, name)
        if self._index.scopes[scope].kind == data.MODULE:
            self._module_variable(scope, name, store)

    def _reads(self, scope: int, name: str) -> None:
        for site in reads(self._program, scope, name):
            self._add(site)

    def _module_variable(self, scope: int, name: str, store: Site) -> None:
        """A variable of a module, which others may have from it."""
        file = self._index.file_of[scope]
        opened = next(self._program.openings.of_variable(scope, name), None)
        if opened is not None or self._program.names.star_importers(file) or self._is_set(file, name):
            raise OpenError(f"{name} may be used or set from elsewhere", store)
        for importer, number in self._index.importers.get(name, ()):
            target = self._program.names.module(self._index.target_module(importer, number))
            if ("module", file) in target:
                imported = self._program.facts[importer].imports[number]
                here = self._index.base[importer] + imported.scope
                fact = self._program.facts[importer]
                if imported.guard not in (data.PLAIN, data.TYPE_CHECKING) or (
                    len(self._index.scopes[here].bound.get(fact.name_index[imported.bound], ())) != 1
                ):
                    raise OpenError(f"{name} is imported on a condition, or bound again", store)
                self.found.imports.append((importer, number))
                self._reads(here, imported.bound)
                if not imported.scope:
                    self._module_variable(here, imported.bound, store)
        for site in self._index.attribute_reads(name):
            base = Site(site.file, self._program.facts[site.file].code[site.pc + 3])
            if ("module", file) in self._program.names.static(base):
                self._add(site)

    def _is_set(self, file: int, name: str) -> bool:
        """Whether other modules set a variable of a module."""
        return any(
            ("module", file)
            in self._program.names.static(Site(site.file, self._program.facts[site.file].code[site.pc + 3]))
            for writer in self._index.attribute_writers.get(name, ())
            for site in self._index.find(writer, ops.SET_ATTR, 4, name)
        )

    def _field(self, setter: Site) -> None:
        """An attribute that is set to an instance, by a method of the class that has it."""
        if setter in self.found.kept:
            return
        self.found.kept.append(setter)
        fact = self._program.facts[setter.file]
        name = fact.names[fact.code[setter.pc + 4]]
        owner = self._owner(Site(setter.file, fact.code[setter.pc + 3]))
        if owner < 0 or self._program.hierarchy.binds(owner, name):
            raise OpenError("an attribute of an object that is not followed holds it", setter)
        if next(self._program.openings.named(name, setter.file), None) or not self._is_steady(owner):
            raise OpenError(f"the attribute {name} may be read by its name", setter)
        if (owner, name) in self._fields:
            return
        self._fields.append((owner, name))
        for site in self._index.attribute_reads(name):
            if self._concerns(owner, Site(site.file, self._program.facts[site.file].code[site.pc + 3])):
                self._add(site)

    def _is_steady(self, owner: int) -> bool:
        """Whether what objects of a class have is what their code sets."""
        return not any(
            isinstance(base, str) and base not in ("abc.ABC", "typing.Generic")
            for base in self._program.hierarchy.order(owner)
        ) and not any(
            self._program.hierarchy.owner(owner, name) for name in ("__getattr__", "__getattribute__", "__slots__")
        )

    def _owner(self, base: Site) -> int:
        """The class whose method has an object as its first parameter, -1 for any other expression."""
        code = self._program.facts[base.file].code
        if code[base.pc] != ops.NAME:
            return -1
        scope = self._index.home(base)
        parameters = self._index.scopes[scope].parameters if scope >= 0 else []
        first = bool(parameters) and parameters[0].name == code[base.pc + 3]
        return (
            self._index.enclosing_class(scope) if first and self._program.analysis.receivers(scope) is not None else -1
        )

    def _concerns(self, owner: int, base: Site) -> bool:
        """Whether an object whose attribute is read or set may be of a class. Raises OpenError where nobody can tell."""
        family = {owner, *self._program.hierarchy.subclasses(owner)}
        family |= {cls for heir in family for cls in self._program.hierarchy.order(heir) if isinstance(cls, int)}
        beside = self._owner(base)
        if beside >= 0:
            return beside in family
        values = self._program.analysis.values(base)
        if any(value[0] == "unknown" for value in values):
            raise OpenError("an attribute of that name is read of an object that is not known", base)
        return any(value[0] in ("object", "class") and value[1] in family for value in values)

    def _argument(self, call: Site, value: int) -> None:
        """An argument: the parameter that gets it is given nothing else."""
        targets = self._program.analysis.targets(call)
        if len(targets) != 1 or -1 in targets:
            raise OpenError("it is passed to what is not known", call)
        (function,) = targets
        calls, evidence = known_calls(self._program, function)
        binding = next((one.binding for one in calls if one.site == call), None)
        unknown = [piece for piece in evidence if piece.proof is Proof.UNKNOWN]
        if binding is None or unknown or not binding.fits:
            raise OpenError("it is passed to what others call too", call)
        for position, given in binding.given.items():
            if value in given:
                self._parameter(function, position, calls, call)

    def _parameter(self, function: int, position: int, calls: Sequence[Call], site: Site) -> None:
        if (function, position) in self.found.parameters:
            return
        record = self._index.scopes[function].parameters[position]
        name = self._program.facts[self._index.file_of[function]].names[record.name]
        single = record.kind in (data.POSITIONAL, data.KEYWORD_ONLY, data.POSITIONAL_ONLY)
        if not single or self._index.scopes[function].bound[record.name]:
            raise OpenError(f"the parameter {name} collects or is bound again", site)
        self.found.parameters[function, position] = calls
        self._reads(function, name)

    def _add(self, site: Site) -> None:
        if site not in self.values:
            self.values.append(site)

    def check(self) -> None:
        """Raise OpenError where a carrier gets something else too."""
        values = set(self.values)
        for scope, name in self._variables:
            fact = self._program.facts[self._index.file_of[scope]]
            for store in self._index.scopes[scope].bound[fact.name_index[name]]:
                site = Site(self._index.file_of[scope], store)
                if fact.code[store] != ops.STORE or Site(site.file, fact.code[store + 4]) not in values:
                    raise OpenError(f"{name} is bound to something else too", site)
        for owner, name in self._fields:
            for site, value in self._setters(owner, name):
                if value not in values:
                    raise OpenError(f"the attribute {name} is set to something else too", site)
        for (function, position), calls in self.found.parameters.items():
            for call in calls:
                given = call.binding.given.get(position, ())
                if (
                    position in call.binding.unsure
                    or not given
                    or any(Site(call.site.file, one) not in values for one in given)
                ):
                    name = self._index.name(function)
                    raise OpenError(f"{name} is given something else too", call.site)

    def _setters(self, owner: int, name: str) -> Iterator[tuple[Site, Site]]:
        for writer in self._index.attribute_writers.get(name, ()):
            for site in self._index.find(writer, ops.SET_ATTR, 4, name):
                code = self._program.facts[site.file].code
                if self._concerns(owner, Site(site.file, code[site.pc + 3])):
                    yield site, Site(site.file, code[site.pc + 5])
            if any(self._index.find(writer, ops.DEL_ATTR, 4, name)):
                raise OpenError(f"the attribute {name} is deleted", self._index.definition(writer))
