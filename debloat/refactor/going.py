"""What goes with a definition: the names that stand for it, what is dead and names it, and where tests do."""

from __future__ import annotations

import ast
from collections import defaultdict
from typing import TYPE_CHECKING

from pathspec import GitIgnoreSpec

from debloat.facts import data, ops
from debloat.model import Evidence, Proof, RefusedError, Span
from debloat.program.dead import Dead, dead_evidence, dead_items
from debloat.program.effects import definition_effect
from debloat.program.index import Site
from debloat.program.modules import prefixes
from debloat.program.queries import relatives
from debloat.program.reach import production
from debloat.program.solver import UNKNOWN
from debloat.refactor.missed import import_evidence, is_marked
from debloat.refactor.source import source

if TYPE_CHECKING:
    from debloat.program import Program

# A variable of a module, class or function by the scope that holds it; a module as the number of its file.
Variable = tuple[int, str]
_RULES = frozenset({"dead-symbol", "compat-shim"})


class Going:
    """All that must go at once, from one dead thing on. Raises RefusedError where something of it may not.

    ``variables`` go with every statement that binds them, ``files`` as they are, and the single imports ``imports`` (file,
    number), whose evidence is ``missed`` by file. ``mentions`` are the places in live code and in tests that name any of it, ``tested`` those in tests.
    """

    def __init__(self, program: Program, found: Dead) -> None:
        self._program = program
        self._index = program.index
        self._live = program.ask(production)
        self.variables: set[Variable] = set()
        self.files: set[int] = set()
        self.imports: set[tuple[int, int]] = set()
        self.mentions: list[Site] = []
        self.tested: list[Site] = []
        self.evidence: list[Evidence] = []
        self.missed: dict[int, list[Evidence]] = defaultdict(list)
        self._waiting: list[Variable | int] = []
        self._taken: list[tuple[int, int]] = []
        self._add(self._item(found))
        while self._waiting:
            item = self._waiting.pop()
            if isinstance(item, int):
                self._file(item)
            else:
                self._variable(*item)
        for file, number in self._taken:
            if file not in self.files:
                self._imported_away(file, number)
        for scope, name in self.variables:
            if self._index.scopes[scope].kind == data.CLASS:
                self._keep_whole(scope, name)

    def _item(self, found: Dead) -> Variable | int:
        if found.name is not None:
            return found.scope, found.name
        if self._index.scopes[found.scope].kind == data.MODULE:
            return self._index.file_of[found.scope]
        return self._index.parent(found.scope), self._index.name(found.scope)

    def _add(self, item: Variable | int) -> None:
        if isinstance(item, int):
            if item not in self.files:
                self.files.add(item)
                self._waiting.append(item)
        elif item not in self.variables:
            self.variables.add(item)
            self._waiting.append(item)

    def holds(self, scope: int) -> bool:
        """Whether a scope is part of what goes."""
        if self._index.file_of[scope] in self.files:
            return True
        while self._index.parent(scope) >= 0:
            parent = self._index.parent(scope)
            defines = self._index.scopes[scope].kind in (data.FUNCTION, data.CLASS)
            if defines and (parent, self._index.name(scope)) in self.variables:
                return True
            scope = parent
        return False

    # What may go

    def _allow(self, found: Dead | None, what: str) -> None:
        if found is None:
            raise RefusedError(f"still used: {what} is not dead")
        if any(
            keep.reason
            and not _RULES.isdisjoint(keep.rules)
            and (keep.file_wide or found.span.line in keep.target_lines)
            for keep in self._program.suppressions(found.span.path)
        ):
            raise RefusedError(f"kept: a comment keeps {found.symbol}")
        if _is_ignored(self._program, found.span.path):
            raise RefusedError(f"kept: the settings ignore what is dead in {found.span.path}")
        self.evidence += dead_evidence(self._program, found)

    def _file(self, file: int) -> None:
        items = self._program.ask(dead_items)
        path = self._program.files[file].path
        self._allow(items.get(self._index.base[file]), path)
        if any(keep.reason and not _RULES.isdisjoint(keep.rules) for keep in self._program.suppressions(path)):
            raise RefusedError(f"kept: a comment keeps something in {path}")
        for scope in range(self._index.base[file], self._index.base[file] + len(self._program.facts[file].scopes)):
            if self._live.scope(scope):
                raise RefusedError(f"still used: {path} has something live in it")
        if self._program.files[file].package:
            self._empty_package(path.rpartition("/")[0])
        for importer, fact in enumerate(self._program.facts):
            if importer not in self.files:
                for number in range(len(fact.imports)):
                    if self._imports_file(importer, number, file):
                        self._import(importer, number, file)

    def _empty_package(self, folder: str) -> None:
        inside = {path for path in (self._program.root / folder).rglob("*") if path.is_file() and path.suffix != ".pyc"}
        files = {self._program.root / source.path for source in self._program.files}
        for path in inside & files:
            number = next(n for n, source in enumerate(self._program.files) if self._program.root / source.path == path)
            if self._index.base[number] in self._live.live:
                raise RefusedError(f"still used: the package {folder} has more in it")
            self._add(number)
        if inside - files:
            raise RefusedError(f"still used: the package {folder} has more in it")

    def _imports_file(self, importer: int, number: int, file: int) -> bool:
        dotted = self._index.target_module(importer, number)
        if ("module", file) in self._program.names.imported(importer, number):
            return True
        if file in self._index.perhaps(dotted):
            return True
        return any(("module", file) in self._program.names.module(name) for name in prefixes(dotted))

    def _import(self, importer: int, number: int, file: int) -> None:
        """An import of a module that goes, which must go with all that it gives."""
        imported = self._program.facts[importer].imports[number]
        scope = self._index.base[importer] + imported.scope
        if self._dead_owner(scope) is not None:
            self._mention(
                self._index.definition(scope) if scope != self._index.base[importer] else Site(importer, 0), scope
            )
        elif not self._program.files[importer].tests or imported.name == "*":
            raise RefusedError(f"still used: {self._program.files[importer].path} imports it")
        elif imported.top and self._program.names.module(imported.bound) != {("module", file)}:
            self.imports.add((importer, number))
            for site in self._index.attribute_reads(self._program.files[file].module.rpartition(".")[2]):
                if site.file == importer and ("module", file) in self._program.names.static(site):
                    self._mention(site, self._index.scope_at(site))
        else:
            self._add((self._home(scope, imported.bound), imported.bound))

    def _home(self, scope: int, name: str) -> int:
        home = self._index.resolve(scope, self._program.facts[self._index.file_of[scope]].name_index[name])
        return home if home >= 0 else scope

    def _variable(self, scope: int, name: str) -> None:
        file = self._index.file_of[scope]
        for store in self.stores(scope, name):
            self._store(scope, name, Site(file, store))
        for pc in self._index.variable_reads(scope, name) if self.stores(scope, name) else ():
            self._mention(Site(file, pc), self._index.scope_at(Site(file, pc)))
        match self._index.scopes[scope].kind:
            case data.MODULE:
                self._module_name(file, name)
            case data.CLASS:
                self._attribute(scope, name)

    def stores(self, scope: int, name: str) -> list[int]:
        """The instructions that bind a variable; none of one that comes from a star import."""
        fact = self._program.facts[self._index.file_of[scope]]
        return self._index.scopes[scope].bound.get(fact.name_index.get(name, -1), [])

    def _store(self, scope: int, name: str, store: Site) -> None:
        """Whether a statement that binds the variable may go."""
        fact, record = self._program.facts[store.file], self._index.scopes[scope]
        code = fact.code
        if not record.start <= store.pc < record.end:
            raise RefusedError(f"bound elsewhere: {name} is set from another scope")
        if code[store.pc] == ops.DECLARE:
            return
        if code[store.pc] != ops.STORE or code[store.pc + 5] not in (ops.PLAIN, ops.DEFINITION, ops.IMPORT):
            raise RefusedError(f"bound elsewhere: {name} is not only assigned")
        value = code[store.pc + 4]
        items = self._program.ask(dead_items)
        if code[value] == ops.IMPORTED:
            self._taken.append((store.file, code[value + 3]))
        elif code[value] in (ops.FUNCTION, ops.CLASS):
            child = self._index.base[store.file] + code[value + 3]
            if not self._program.files[store.file].tests:
                self._allow(items.get(child), name)
            effect = definition_effect(self._program, child)
            if effect is not None:
                place = self._index.place(effect.site)
                proof = Proof.UNKNOWN if effect.known else Proof.ASSUMED
                note = (
                    "effect: its definition does more than bind its name"
                    if effect.known
                    else ("its definition is taken to have no effect but to bind its name")
                )
                self.evidence.append(Evidence("purity", proof, place, note))
        elif not self._has_import(scope, name):
            self._allow(items.get((scope, name)), name)

    def _has_import(self, scope: int, name: str) -> bool:
        """Whether what is assigned to a variable is for the case that an import of it fails."""
        code = self._program.facts[self._index.file_of[scope]].code
        values = [code[code[store + 4]] for store in self.stores(scope, name) if code[store] == ops.STORE]
        return ops.IMPORTED in values and ops.CONST in values and set(values) <= {ops.IMPORTED, ops.CONST}

    def _imported_away(self, file: int, number: int) -> None:
        """An import of what goes may be all that runs its module."""
        imported = self._program.facts[file].imports[number]
        dotted = self._index.target_module(file, number)
        text = source(self._program, self._program.files[file].path)
        statement = text.statement(imported.line, imported.column)
        if is_marked(text, statement):
            note = "assumes that nobody outside takes it from the import, which a comment marks"
            here = Span(text.path, imported.line, 0, imported.line, 0)
            self.missed[file].append(Evidence("callers", Proof.ASSUMED, here, note))
        if imported.guard == data.TYPE_CHECKING or self._stays_imported(file, number):
            return
        if any(
            ("module", gone) in self._program.names.module(name) for gone in self.files for name in prefixes(dotted)
        ):
            return
        self.missed[file] += import_evidence(
            self._program, file, dotted, imported.line, lambda other: self._keeps_import(file, other)
        )

    def _stays_imported(self, file: int, number: int) -> bool:
        """Whether a statement imports further names that stay."""
        text, fact = source(self._program, self._program.files[file].path), self._program.facts[file]
        statement = text.statement(fact.imports[number].line, fact.imports[number].column)
        return isinstance(statement, ast.ImportFrom) and any(
            text.statement(other.line, other.column) is statement and self._keeps_import(file, at)
            for at, other in enumerate(fact.imports)
            if (other.module, other.level) == (fact.imports[number].module, fact.imports[number].level)
        )

    def _keeps_import(self, file: int, number: int) -> bool:
        imported = self._program.facts[file].imports[number]
        scope = self._index.base[file] + imported.scope
        if (file, number) in self.imports or imported.name == "*":
            return (file, number) not in self.imports
        return (self._home(scope, imported.bound), imported.bound) not in self.variables

    # Where it is named

    def _module_name(self, file: int, name: str) -> None:
        for importer, number in self._index.importers.get(name, ()):
            dotted = self._index.target_module(importer, number)
            if ("module", file) in self._program.names.module(dotted) and importer != file:
                self._named_import(importer, number)
            elif file in self._index.perhaps(dotted):
                raise RefusedError(f"imported: {self._program.files[importer].path} may import it")
        for site in self._index.attribute_reads(name):
            base = Site(site.file, self._program.facts[site.file].code[site.pc + 3])
            if ("module", file) in self._program.names.static(base):
                self._mention(site, self._index.scope_at(site))
        for importer in self._program.names.star_importers(file):
            if not self._program.names.exports(file, name) or importer in self.files:
                continue
            if self.stores(self._index.base[importer], name):
                raise RefusedError(f"star import: {self._program.files[importer].path} binds {name} too")
            for pc in self._index.unbound_reads(importer, name) if self._knows(importer, name) else ():
                self._mention(Site(importer, pc), self._index.scope_at(Site(importer, pc)))
            self._add((self._index.base[importer], name))

    def _knows(self, file: int, name: str) -> bool:
        return name in self._program.facts[file].name_index

    def _named_import(self, importer: int, number: int) -> None:
        imported = self._program.facts[importer].imports[number]
        scope = self._index.base[importer] + imported.scope
        if importer not in self.files and not self.holds(scope):
            if not self._live.scope(scope) and not self._program.files[importer].tests:
                self._drag(scope)
            else:
                self._add((self._home(scope, imported.bound), imported.bound))

    def _attribute(self, cls: int, name: str) -> None:
        heirs = {cls, *self._program.hierarchy.subclasses(cls)}
        for site in self._index.attribute_reads(name):
            scope = self._index.scope_at(site)
            tests = self._program.files[site.file].tests
            if self._live.scope(scope) and not tests:
                continue  # that it means something else is what the finding rests on
            base = Site(site.file, self._program.facts[site.file].code[site.pc + 3])
            values = self._program.analysis.values(base) or frozenset({UNKNOWN})
            if any(value[0] in ("object", "class") and value[1] in heirs for value in values):
                self._mention(site, scope)
            elif any(value[0] in ("unknown", "super") for value in values) and not self.holds(scope):
                if tests:
                    raise RefusedError(f"perhaps tested: {self._program.files[site.file].path} may mean it by .{name}")
                self._drag(scope)

    def _mention(self, site: Site, scope: int) -> None:
        if self.holds(scope):
            return
        if self._program.files[site.file].tests:
            self.tested.append(site)
        elif self._live.scope(scope):
            self.mentions.append(site)  # in a statement that goes, as the decorator of a setter is; looked at later
        else:
            self._drag(scope)

    def _dead_owner(self, scope: int) -> int | None:
        """The outermost dead scope around one that is dead; None for one that is live or in tests."""
        if self._live.scope(scope) or self._program.files[self._index.file_of[scope]].tests:
            return None
        while self._index.parent(scope) >= 0 and not self._live.scope(self._index.parent(scope)):
            scope = self._index.parent(scope)
        return scope

    def _drag(self, scope: int) -> None:
        """What is dead and names what goes goes with it."""
        owner = self._dead_owner(scope)
        assert owner is not None
        if self._index.scopes[owner].kind == data.MODULE:
            self._add(self._index.file_of[owner])
        elif self._index.scopes[owner].kind in (data.FUNCTION, data.CLASS):
            self._add((self._index.parent(owner), self._index.name(owner)))
        else:
            raise RefusedError("still used: an expression names it")

    def _keep_whole(self, cls: int, name: str) -> None:
        """A class must not be left without a method that an abstract base or a protocol asks for. Raises RefusedError."""
        for child in self._index.children.get(cls, ()):
            if self._index.name(child) == name and self._index.scopes[child].kind == data.FUNCTION:
                for other in relatives(self._program, child):
                    owner = self._index.parent(other)
                    asks = owner in self._program.hierarchy.order(cls) and self._is_abstract(other)
                    asks = asks or "typing.Protocol" in self._program.hierarchy.outside(owner)
                    if asks and (owner, name) not in self.variables and not self.holds(owner):
                        raise RefusedError(f"asked for: {self._index.qualified(other)} asks for it")

    def _is_abstract(self, scope: int) -> bool:
        return any(
            value[0] == "external" and "abstract" in str(value[1])
            for site in self._program.analysis.calls.decorator_sites(scope)
            for value in self._program.names.static(site)
        )


def _is_ignored(program: Program, path: str) -> bool:
    """Whether the settings of the project ignore what is dead in a file."""
    part = program.part(path)
    words = {"residue", *_RULES}
    patterns = [pattern for pattern, ignored in part.config.per_file_ignores.items() if not words.isdisjoint(ignored)]
    return bool(patterns) and GitIgnoreSpec.from_lines(patterns).match_file(path.removeprefix(f"{part.root}/"))
