"""What a name or dotted name stands for where assignments need no analysis: definitions, imports, plain aliases.

Re-exports and star imports are followed to the definition, however many modules they pass through.
"""

from __future__ import annotations

import builtins
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from debloat.facts import data, ops
from debloat.program.externals import IMPORTERS
from debloat.program.index import Index, Site
from debloat.program.solver import NOTHING, TOP, UNKNOWN, Value, Values

BUILTINS = frozenset(dir(builtins)) | {"__file__", "__name__", "__doc__", "__path__", "__spec__", "reveal_type"}


# Functions that take an object and the name of an attribute of it, as builtins and as methods of pytest's and mock's.
_ACCESSORS = ("getattr", "hasattr", "setattr", "delattr", "object")
# What gives the module that it imports by the name that it is given
_GIVING = ("import_module", "__import__", "import_string")


class Names:
    """Static resolution over the index; every answer is kept."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._known: dict[tuple[int, str], Values] = {}
        self._modules: dict[str, Values] = {}
        self._escapes: dict[int, bool] = {}
        self._handed: dict[int, Site | None] = {}
        self._imports: dict[tuple[int, int], Values] = {}

    def static(self, site: Site) -> Values:
        """What the expression at a site stands for: classes, functions, modules, external names, else unknown."""
        fact = self._index.facts[site.file]
        code, pc = fact.code, site.pc
        match code[pc]:
            case ops.NAME:
                name = code[pc + 3]
                if self._index.is_mixed(site):
                    return TOP
                scope = self._index.home(site)
                if scope >= 0:
                    return self.variable(scope, fact.names[name])
                return self.unbound(site.file, fact.names[name])
            case ops.ATTR:
                found: set[Value] = set()
                for value in self.static(Site(site.file, code[pc + 3])):
                    found |= self.attribute(value, fact.names[code[pc + 4]])
                return frozenset(found)
            case ops.CLASS:
                return frozenset({("class", self._index.base[site.file] + code[pc + 3])})
            case ops.FUNCTION:
                return frozenset({("function", self._index.base[site.file] + code[pc + 3])})
            case ops.IMPORTED:
                return self.imported(site.file, code[pc + 3])
        return TOP

    def unbound(self, file: int, name: str) -> Values:
        """A name that the file does not bind: from a star import, else a builtin."""
        starred = self.star(file, name)
        if starred:
            return starred
        return frozenset({("external", f"<builtin>.{name}")}) if name in BUILTINS else TOP

    def attribute(self, value: Value, name: str) -> Values:
        """A static attribute of a module, package, class or external name."""
        match value:
            case ("module", int(file)):
                return self.member(file, name)
            case ("package", str(package)):
                return self.module(f"{package}.{name}")
            case ("external", str(dotted)):
                return frozenset({("external", f"{dotted}.{name}")})
            case ("class", int(scope)) if self._binds(scope, name):
                return self.variable(scope, name)
        return TOP

    def _binds(self, scope: int, name: str) -> bool:
        fact = self._index.facts[self._index.file_of[scope]]
        return fact.name_index.get(name, -1) in self._index.scopes[scope].bound

    def member(self, file: int, name: str) -> Values:
        """A name of a module as others see it: bound in it, star-imported into it, or a module below it."""
        scope = self._index.base[file]
        if self._binds(scope, name):
            return self.variable(scope, name)
        starred = self.star(file, name)
        if starred:
            return starred
        source = self._index.files[file]
        if source.package and (below := self.module(f"{source.module}.{name}")) != TOP:
            return below
        return TOP

    def module(self, dotted: str) -> Values:
        """A module or package of the program, else the external name."""
        known = self._modules.get(dotted)
        if known is None:
            known = self._modules[dotted] = self._module(dotted)
        return known

    def _module(self, dotted: str) -> Values:
        file = self._index.modules.get(dotted)
        if file is not None:
            return frozenset({("module", file)})
        if dotted in self._index.packages:
            return frozenset({("package", dotted)})
        if dotted in self._index.ambiguous:
            return TOP
        if perhaps := self._index.perhaps(dotted):
            return frozenset({UNKNOWN, *(("module", file) for file in perhaps)})
        top = dotted.partition(".")[0]
        inside = top in self._index.modules or top in self._index.packages
        return TOP if inside else frozenset({("external", dotted)})

    def imported(self, file: int, number: int) -> Values:
        """What an import binds its name to."""
        known = self._imports.get((file, number))
        if known is None:
            known = self._imports[file, number] = self._imported(file, number)
        return known

    def _imported(self, file: int, number: int) -> Values:
        imported = self._index.facts[file].imports[number]
        dotted = self._index.target_module(file, number)
        if not imported.name:
            return self.module(dotted.partition(".")[0] if imported.top else dotted)
        found: set[Value] = set()
        for value in self.module(dotted):
            if value == ("module", file):
                found |= self.module(f"{dotted}.{imported.name}")  # a package imports a module of its own
            else:
                found |= self.attribute(value, imported.name)
        return frozenset(found)

    def star(self, file: int, name: str) -> Values:
        """What star imports give a module under a name; nothing where none of them does."""
        key = (~file, name)
        known = self._known.get(key)
        if known is not None:
            return known
        self._known[key] = NOTHING  # modules that star-import each other add nothing
        found: set[Value] = set()
        for target in self.star_targets(file):
            if target is None:
                found.add(UNKNOWN)
            elif self.exports(target, name):
                found |= self.member(target, name)
        self._known[key] = frozenset(found)
        return self._known[key]

    @cached_property
    def _stars(self) -> Mapping[int, Sequence[int | None]]:
        table: dict[int, list[int | None]] = {}
        for file, number in self._index.importers.get("*", ()):
            targets = table.setdefault(file, [])
            for value in self.module(self._index.target_module(file, number)):
                targets.append(value[1] if value[0] == "module" else None)
        return table

    def star_targets(self, file: int) -> Sequence[int | None]:
        """The modules that a module star-imports, None for one from outside."""
        return self._stars.get(file, ())

    @cached_property
    def _starred(self) -> Mapping[int, Sequence[int]]:
        table: dict[int, list[int]] = {}
        for file, targets in self._stars.items():
            for target in targets:
                if target is not None:
                    table.setdefault(target, []).append(file)
        return table

    def star_importers(self, file: int) -> Sequence[int]:
        """The modules that star-import a module."""
        return self._starred.get(file, ())

    def escapes(self, file: int) -> bool:
        """Whether a module may be held by something else than its import: used as a value, or imported by a string."""
        known = self._escapes.get(file)
        if known is None:
            source = self._index.files[file]
            mentioned = any(name in self._index.mentioned for name in (source.module, *source.aliases))
            known = self._escapes[file] = mentioned or self.found_by_name or any(self._value_uses(file))
        return known

    @cached_property
    def found_by_name(self) -> bool:
        """Whether code gets hold of a module, or takes one from ``sys.modules``, by a name that is no literal.

        One that is imported and of which nothing but names are read, right where that is done, is nowhere else.
        """
        for site in (site for name in IMPORTERS for site in self._index.calls_named(name)):
            code = self._index.facts[site.file].code
            if code[site.pc + 6] and code[code[site.pc + 7]] != ops.CONST and self._goes_on(site):
                return True
        for site in self._index.attribute_reads("modules"):
            code = self._index.facts[site.file].code
            users = self._index.facts[site.file].consumers(self._index.scope_at(site) - self._index.base[site.file])
            for user in users.get(site.pc, ()):
                plain = code[user] == ops.COMPARE or (code[user] == ops.SUBSCRIPT and code[code[user + 4]] == ops.CONST)
                if not plain and self.static(Site(site.file, code[site.pc + 3])) == {("external", "sys")}:
                    return True
        return False

    def _goes_on(self, imported: Site) -> bool:
        """Whether more is done with a module that a call imports than to read names of it, as far as its function shows."""
        file, fact = imported.file, self._index.facts[imported.file]
        places = [imported.pc] if self._gives_module(imported) else []
        for place in places:  # grows while it is walked
            scope = self._index.scope_at(Site(file, place))
            for user in fact.consumers(scope - self._index.base[file]).get(place, ()):
                match fact.code[user]:
                    case ops.EXPR | ops.COMPARE | ops.IF | ops.BRANCH:
                        pass
                    case ops.ATTR if fact.names[fact.code[user + 4]] not in self._names_of_modules:
                        pass
                    case ops.CALL if self._reads_name(Site(file, user), place):
                        pass
                    case ops.STORE if (home := self._index.resolve(scope, fact.code[user + 3])) >= 0:
                        record = self._index.scopes[home]
                        if record.kind != data.FUNCTION or record.flags & data.READS_FRAME:
                            return True
                        reads = self._index.variable_reads(home, fact.names[fact.code[user + 3]])
                        places += [pc for pc in reads if pc not in places]
                    case _:
                        return True
        return not places

    @cached_property
    def _names_of_modules(self) -> frozenset[str]:
        """The names by which some module, or the package that it is in, may have another one."""
        bound = (
            self._index.facts[importer].imports[number].bound
            for imports in self._imports_of.values()
            for importer, number in imports
        )
        return frozenset(bound).union(name.rpartition(".")[2] for name in self._index.modules)

    def _gives_module(self, call: Site) -> bool:
        return any(call in self._index.calls_named(name) for name in _GIVING)

    def _reads_name(self, call: Site, module: int) -> bool:
        """Whether a call is ``getattr(module, ...)`` or ``hasattr(module, ...)``."""
        code = self._index.facts[call.file].code
        first = code[call.pc + 7] if code[call.pc + 6] >= 2 else -1
        asked = self.static(Site(call.file, code[call.pc + 5]))
        return first == module and asked in ({("external", "<builtin>.getattr")}, {("external", "<builtin>.hasattr")})

    def is_value(self, file: int) -> bool:
        """Whether a module is used for more than an attribute that is named."""
        return any(True for _ in self._value_uses(file))

    def handed_on(self, file: int) -> Site | None:
        """Where a module is given to code that may read any of its names; a name in a string is a mention of it."""
        if file not in self._handed:
            uses = self._value_uses(file)
            self._handed[file] = next((site for site in uses if not self.reads_literal(site)), None)
        return self._handed[file]

    @cached_property
    def _imports_of(self) -> Mapping[int, Sequence[tuple[int, int]]]:
        """The imports that bind a name to each module."""
        table: dict[int, list[tuple[int, int]]] = {}
        for importer, fact in enumerate(self._index.facts):
            for number, imported in enumerate(fact.imports):
                for value in self.imported(importer, number) if imported.name != "*" else ():
                    if value[0] == "module":
                        table.setdefault(value[1], []).append((importer, number))
        return table

    def _value_uses(self, file: int) -> Iterator[Site]:
        """The instructions that use a module for more than an attribute that they name."""
        for importer, number in self._imports_of.get(file, ()):
            imported = self._index.facts[importer].imports[number]
            fact = self._index.facts[importer]
            local = self._index.base[importer] + imported.scope
            home = self._index.resolve(local, fact.name_index[imported.bound])
            for pc in self._index.variable_reads(home if home >= 0 else local, imported.bound):
                # An attribute follows its base directly; anything else that is done with the name is another use.
                if pc + 7 >= len(fact.code) or fact.code[pc + 4] != ops.ATTR or fact.code[pc + 7] != pc:
                    consumers = fact.consumers(self._index.scope_at(Site(importer, pc)) - self._index.base[importer])
                    yield from (Site(importer, user) for user in consumers.get(pc, ()) if not sets(fact, user, pc))

    def reads_literal(self, site: Site) -> bool:
        """Whether an instruction is a call like ``getattr(module, "name")``."""
        fact = self._index.facts[site.file]
        code = fact.code
        if code[site.pc] != ops.CALL or code[site.pc + 6] < 2 or code[code[site.pc + 8]] != ops.CONST:
            return False
        callee = code[site.pc + 5]
        operand = {ops.NAME: 3, ops.ATTR: 4}.get(code[callee])
        return operand is not None and fact.names[code[callee + operand]] in _ACCESSORS

    def exports(self, file: int, name: str) -> bool:
        """Whether a star import of the module gives the name."""
        pending, seen = [file], {file}
        for module in pending:
            fact = self._index.facts[module]
            if fact.exported is not None and name in fact.exported:
                return True
            if name.startswith("_") if fact.exported is None else not fact.flags & data.DYNAMIC_EXPORTS:
                continue
            source = self._index.files[module]
            if self._binds(self._index.base[module], name) or f"{source.module}.{name}" in self._index.modules:
                return True
            if None in (targets := self.star_targets(module)):
                return True
            pending += [target for target in targets if target is not None and target not in seen]
            seen.update(pending)
        return False

    def variable(self, scope: int, name: str) -> Values:
        """All that a variable is bound to, by definitions, imports and plain aliases; anything else is unknown."""
        key = (scope, name)
        known = self._known.get(key)
        if known is not None:
            return known
        self._known[key] = NOTHING  # a cycle of aliases adds nothing
        file = self._index.file_of[scope]
        fact = self._index.facts[file]
        record = self._index.scopes[scope]
        stores = record.bound.get(fact.name_index.get(name, -1), [])
        found: set[Value] = set() if stores else {UNKNOWN}
        for store in stores:
            match fact.code[store], fact.code[store + 5] if fact.code[store] == ops.STORE else -1:
                case ops.STORE, ops.PLAIN | ops.IMPORT | ops.DEFINITION:
                    found |= self.static(Site(file, fact.code[store + 4]))
                case ops.DEL_NAME | ops.DECLARE, _:
                    pass
                case _:
                    found.add(UNKNOWN)
        if record.kind == data.MODULE:
            found |= self.star(file, name)
        self._known[key] = frozenset(found)
        return self._known[key]


def sets(fact: data.Facts, user: int, module: int) -> bool:
    """Whether an instruction sets an attribute of a module, which is all that it does with that."""
    return fact.code[user] == ops.SET_ATTR and fact.code[user + 5] != module
