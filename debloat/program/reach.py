"""Reachability: what is live from the roots of each world, and how it came to be.

What makes what live:

1. A root makes its symbol live: an opening (see :mod:`debloat.program.openings`), an installed entry point, a module that
   is run.
2. A live module makes the modules that it imports live, and what its top level reads.
3. A live function, class body, lambda or comprehension makes live what it reads by name, through imports, re-exports and
   attributes of modules.
4. A live class makes its bases, decorators and special methods live, and each method or class in it whose name live code
   reads as an attribute; all of them once one of its objects reaches code that cannot be seen.
5. A live name makes live what is assigned to it.

Tests are a world of their own: production is what is live without them.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterator, Mapping, Sequence, Set
from typing import TYPE_CHECKING, NamedTuple

from debloat.facts import data, ops
from debloat.facts.data import Facts
from debloat.program.exports import exports
from debloat.program.index import Index, Site
from debloat.program.mentions import file_mentions
from debloat.program.modules import computed, imported_modules, imports_its_importers, prefixes
from debloat.program.queries import receiver_class
from debloat.program.solver import UNKNOWN

if TYPE_CHECKING:
    from debloat.program.program import Program

# A thing that can be live: a scope, or a variable of a module or class by name.
Item = int | tuple[int, str]


class Cause(NamedTuple):
    """Why something is live: what keeps it so (None for a root), how, and where."""

    keeper: Item | None
    reason: str
    site: Site | None


class Reach:
    """What one world keeps alive: each live item with its first cause."""

    def __init__(self, program: Program, without_tests: Reach | None) -> None:
        """Production, or, on top of it, production and tests."""
        self._program = program
        self._index: Index = program.index
        self._tests = without_tests is not None
        self._map = program.ask(_map)
        self._queue: deque[Item] = deque()
        self.live: dict[Item, Cause] = {}
        self._read_names: dict[str, Cause] = {}
        self._methods: dict[str, list[int]] = defaultdict(list)
        self._starred: set[int] = set()
        if without_tests is not None:
            self.live |= without_tests.live
            self._read_names |= without_tests._read_names
            self._methods.update((name, list(methods)) for name, methods in without_tests._methods.items())
            # A test module that production imports has more in it that lives once tests run.
            self._queue += [
                self._index.base[number]
                for number, file in enumerate(program.files)
                if file.tests and self._index.base[number] in self.live
            ]
        self._roots()
        self._settle()
        for number in [number for number, base in enumerate(self._index.base) if base not in self.live]:
            reason = self._runs(number, imported=False) if self._tests or not program.files[number].tests else None
            if reason is not None and imports_its_importers(program, number):
                self._mark(self._index.base[number], Cause(None, reason, None))
                self._settle()

    def _settle(self) -> None:
        while self._queue:
            while self._queue:
                self._spread(self._queue.popleft())
            self._escaped()

    def scope(self, scope: int) -> bool:
        """Whether a function, class or module is live."""
        return scope in self.live

    def reads(self, scope: int, name: str) -> bool:
        """Whether live code reads a variable of a module, or an attribute by that name where it is a class's."""
        return (scope, name) in self.live or (self._index.scopes[scope].kind == data.CLASS and name in self._read_names)

    def path(self, item: Item) -> Iterator[tuple[Item, Cause]]:
        """The chain of causes from an item up to a root."""
        seen: set[Item] = set()
        current: Item | None = item
        while current is not None and current in self.live and current not in seen:
            seen.add(current)
            yield current, self.live[current]
            current = self.live[current].keeper

    # Roots

    def _roots(self) -> None:
        imported = self._program.ask(imported_modules)
        for number, file in enumerate(self._program.files):
            if file.tests and not self._tests:
                continue
            if reason := self._runs(number, imported=number in imported):
                self._mark(self._index.base[number], Cause(None, reason, None))
        for part in self._program.parts:
            for root in part.roots:
                self._entry_point(root)
        for symbol, part in self._program.ask(exports).items():
            item: Item = symbol[1] if len(symbol) == 2 else (symbol[1], symbol[2])
            self._mark(item, Cause(None, f"exported by {part.name or 'the project'}", None))

    def _runs(self, number: int, *, imported: bool) -> str | None:
        """Why a module is run, if it is: by what it says itself, or, where it is not imported, by what it does."""
        file, fact = self._program.files[number], self._program.facts[number]
        if file.tests:
            return "a test module"
        if fact.flags & data.MAIN_GUARD or file.module.rpartition(".")[2] == "__main__":
            return "a script"
        if not imported:
            if fact.flags & data.HAS_EFFECT:
                return "does something when it is run, and nothing else imports it"
            stem = file.path.rpartition("/")[2].removesuffix(".py")
            name = stem if stem != "__init__" else file.module.rpartition(".")[2]
            for reason in self._program.openings.named(name, -1):
                return reason
            if number in self._computed:
                return self._computed[number][0]
            for reason in self._program.openings.loaded(number):
                return reason
        part = self._program.part(file.path)
        if part.public is None and part.world == "library":
            return f"a module of the library {part.name}"
        return None

    @property
    def _computed(self) -> Mapping[int, tuple[str, Site]]:
        return self._program.ask(computed)

    def _entry_point(self, reference: str) -> None:
        module, _, attribute = reference.partition(":")
        for value in self._program.names.module(module):
            if value[0] != "module":
                continue
            cause = Cause(None, f"entry point {reference}", None)
            self._mark(self._index.base[value[1]], cause)
            name, *rest = attribute.split(".") if attribute else [""]
            if name:
                self._mark((self._index.base[value[1]], name), cause)
            for part in rest:
                self._read(part, self._index.base[value[1]], None)

    # Spreading

    def _mark(self, item: Item, cause: Cause) -> None:
        if item in self.live:
            return
        self.live[item] = cause
        self._queue.append(item)

    def _spread(self, item: Item) -> None:
        if isinstance(item, tuple):
            self._variable(*item)
            return
        record = self._index.scopes[item]
        file = self._index.file_of[item]
        module = self._index.base[file]
        if item != module:
            self._mark(module, Cause(item, "holds it", None))
        self._names(item)
        for child in self._index.children.get(item, ()):
            if self._index.scopes[child].kind in (data.LAMBDA, data.COMPREHENSION, data.ANNOTATIONS):
                self._mark(child, Cause(item, "part of it", None))
        if record.kind == data.CLASS:
            self._class(item)
        elif record.kind == data.MODULE:
            self._module(file)
        for child in self._index.children.get(item, ()):
            if self._index.scopes[child].kind in (data.FUNCTION, data.CLASS):
                self._opened(child, item)

    def _opened(self, scope: int, holder: int) -> None:
        """A definition in live code with an opening, or with a decorator that gets hold of it, is live."""
        opening = self._program.openings.first(scope) or self._program.openings.mention(scope)
        if self._index.scopes[holder].flags & data.READS_FRAME:
            self._mark(scope, Cause(holder, "locals() or its like may find it", None))
        elif opening is not None:
            if self._tests or not self._program.files[self._index.file_of[scope]].tests:
                self._mark(scope, Cause(holder, opening[0], opening[1]))
            return
        for site in self._program.analysis.calls.decorator_sites(scope):
            if not self._program.analysis.calls.transparent(site):
                self._mark(scope, Cause(holder, "handed to a decorator", site))

    def _names(self, scope: int) -> None:
        file = self._index.file_of[scope]
        fact = self._index.facts[file]
        record = self._index.scopes[scope]
        local = record.bound if record.kind not in (data.MODULE, data.CLASS) else {}
        for name in record.loads:
            if name in local and name not in record.nonlocals:
                if _is_definition(fact, local[name]):
                    self._mark((scope, fact.names[name]), Cause(scope, "reads it", None))
                continue
            homes = {self._index.resolve(scope, name)}
            if record.kind == data.CLASS and self._index.read_outside(scope, name):
                homes.add(self._index.base[file] if name in fact.scopes[0].bound else -1)
            for home in homes - {-1}:
                item = (home, fact.names[name])
                if item not in self.live:
                    self._mark(item, Cause(scope, "reads it", None))
            if -1 in homes:
                for value in self._program.names.star(file, fact.names[name]):
                    if value[0] in ("function", "class"):
                        self._mark(value[1], Cause(scope, "reads it", None))
        wanted = self._map.loose
        if not self._map.held[file].isdisjoint(record.loads):
            wanted = self._map.holders.keys()
        qualified = False
        for index in record.attributes:
            attribute = fact.names[index]
            qualified = qualified or attribute in wanted
            if attribute not in self._read_names:
                self._read(attribute, scope, None)
        if qualified:
            for pc in fact.instructions(scope - self._index.base[file]):
                if fact.code[pc] == ops.ATTR and fact.names[fact.code[pc + 4]] in wanted:
                    self._qualified(scope, Site(file, pc))
        for number in self._map.imports[file].get(scope - self._index.base[file], ()):
            self._imports(scope, file, number)

    def _qualified(self, scope: int, site: Site) -> None:
        """``module.name``: live in that module; an unknown base may be any module that is used as a value."""
        fact = self._index.facts[site.file]
        name = fact.names[fact.code[site.pc + 4]]
        if receiver_class(self._program, site) >= 0:
            return  # an object or a class is no module
        for value in self._program.names.static(Site(site.file, fact.code[site.pc + 3])):
            if value[0] == "module":
                self._mark((self._index.base[value[1]], name), Cause(scope, "reads it", site))
            elif value == UNKNOWN and name in self._map.loose:
                for file in self._map.holders[name]:
                    if self._program.names.escapes(file) and (self._tests or not self._program.files[file].tests):
                        self._mark((self._index.base[file], name), Cause(scope, "may read it", site))

    def _imports(self, scope: int, file: int, number: int) -> None:
        imported = self._index.facts[file].imports[number]
        dotted = self._index.target_module(file, number)
        for module in prefixes(dotted):
            for value in self._program.names.module(module):
                if value[0] == "module":
                    self._mark(self._index.base[value[1]], Cause(scope, "imports it", None))
        for candidate in self._index.perhaps(dotted):
            self._mark(self._index.base[candidate], Cause(scope, "may import it", None))
        for value in self._program.names.imported(file, number) if imported.name not in ("", "*") else ():
            if value[0] == "module":
                self._mark(self._index.base[value[1]], Cause(scope, "imports it", None))

    def _variable(self, scope: int, name: str) -> None:
        """A live name: what is bound to it is live. An import leads on to the name that it imports."""
        file = self._index.file_of[scope]
        fact = self._index.facts[file]
        index = fact.name_index.get(name, -1)
        item = (scope, name)
        for store in self._index.scopes[scope].bound.get(index, ()):
            if fact.code[store] != ops.STORE:
                continue
            value = fact.code[store + 4]
            if fact.code[value] in (ops.FUNCTION, ops.CLASS):
                self._mark(self._index.base[file] + fact.code[value + 3], Cause(item, "is it", None))
            elif fact.code[value] == ops.IMPORTED:
                self._follow(item, file, fact.code[value + 3])
        if self._index.scopes[scope].kind == data.MODULE:
            for target in self._program.names.star_targets(file):
                if target is not None and self._program.names.exports(target, name):
                    self._mark((self._index.base[target], name), Cause(item, "star import", None))

    def _follow(self, item: Item, file: int, number: int) -> None:
        imported = self._index.facts[file].imports[number]
        if imported.name:
            for value in self._program.names.module(self._index.target_module(file, number)):
                if value[0] == "module":
                    self._mark((self._index.base[value[1]], imported.name), Cause(item, "imports it", None))
            for module in self._index.perhaps(self._index.target_module(file, number)):
                self._mark((self._index.base[module], imported.name), Cause(item, "may import it", None))

    def _class(self, scope: int) -> None:
        for base in self._program.hierarchy.order(scope):
            if isinstance(base, int) and base != scope:
                self._mark(base, Cause(scope, "has it as a base", None))
        for method in self._index.children.get(scope, ()):
            if self._index.scopes[method].kind not in (data.FUNCTION, data.CLASS):
                continue
            name = self._index.name(method)
            if name in ("__init__", "__new__", "__call__", "__post_init__"):
                self._mark(method, Cause(scope, "constructs its objects", None))
            elif name in self._read_names:
                self._mark(method, self._read_names[name])
            else:
                self._methods[name].append(method)

    def _escaped(self) -> None:
        """What no live code reads of a live class is live if an object of it reaches code that cannot be seen."""
        for method in [method for methods in self._methods.values() for method in methods if method not in self.live]:
            opening = self._used_unseen(self._index.parent(method))
            if opening is not None:
                reason, site = opening
                cause = Cause(self._index.parent(method), f"an object of its class may be used there: {reason}", site)
                self._mark(method, cause)

    def _used_unseen(self, cls: int) -> tuple[str, Site] | None:
        if self._program.files[self._index.file_of[cls]].tests:
            return "in tests", self._index.definition(cls)
        heirs = [cls, *self._program.hierarchy.subclasses(cls)]
        for heir in heirs:
            if opening := self._program.openings.first(heir) or self._program.openings.mention(heir):
                return opening
        for heir in heirs:
            for event in self._program.analysis.flow(("object", heir)):
                if event[0] == "open" and (self._tests or not self._program.files[event[2]].tests):
                    return event[1], Site(*event[2:])
        return None

    def _read(self, name: str, scope: int, site: Site | None) -> None:
        """Live code reads an attribute of that name."""
        if name in self._read_names:
            return
        cause = self._read_names[name] = Cause(scope, f"reads .{name}", site)
        for method in self._methods.pop(name, ()):
            self._mark(method, cause)

    def _module(self, file: int) -> None:
        base = self._index.base[file]
        fact = self._index.facts[file]
        whole: tuple[str, Site | None] | None = None
        if fact.scopes[0].flags & data.READS_FRAME:
            whole = ("locals() or its like may find it", None)
        elif file in self._computed:
            whole = self._computed[file]
        elif self._is_taken_by_path(file):
            whole = ("a string names the file, which may be run for its names", None)
        for index in fact.scopes[0].bound:
            name = fact.names[index]
            if whole is not None:
                self._mark((base, name), Cause(base, *whole))
            elif next(self._program.openings.of_variable(base, name), None) is not None:
                self._mark((base, name), Cause(base, "is read from outside", None))
        if whole is not None or self._program.openings.reads_itself(file):
            self._stars(file, Cause(base, *(whole or ("its importer reads its own names", None))))

    def _is_taken_by_path(self, file: int) -> bool:
        """Whether code names the file of a module that nothing imports and that is no script."""
        path = self._program.files[file].path
        named = path.rpartition("/")[2] in self._program.ask(file_mentions)
        return (
            named
            and not self._program.facts[file].flags & data.MAIN_GUARD
            and file not in self._program.ask(imported_modules)
        )

    def _stars(self, file: int, cause: Cause) -> None:
        """All that star imports bring to a module is live, where all that the module has is."""
        for target in self._program.names.star_targets(file):
            if target is not None and target != file:
                base = self._index.base[target]
                for index in self._index.facts[target].scopes[0].bound:
                    name = self._index.facts[target].names[index]
                    if self._program.names.exports(target, name):
                        self._mark((base, name), cause)
                if target not in self._starred:
                    self._starred.add(target)
                    self._stars(target, cause)


class _Map(NamedTuple):
    """What marking looks up: by name, the modules that bind it (``loose``: those names of which one is used as a value);
    by file, its names that stand for modules and its imports by scope."""

    holders: Mapping[str, Sequence[int]]
    loose: Set[str]
    held: Sequence[Set[int]]
    imports: Sequence[Mapping[int, Sequence[int]]]


def _map(program: Program) -> _Map:
    holders: dict[str, list[int]] = defaultdict(list)
    held: list[set[int]] = []
    imports: list[dict[int, list[int]]] = []
    loose: set[str] = set()
    for file, fact in enumerate(program.facts):
        own = [fact.names[name] for name in fact.scopes[0].bound]
        for name in own:
            holders[name].append(file)
        if program.names.escapes(file):
            loose.update(own)
        held.append(set())
        imports.append({})
        for number, imported in enumerate(fact.imports):
            imports[-1].setdefault(imported.scope, []).append(number)
            if imported.name != "*" and any(
                value[0] in ("module", "package", "unknown") for value in program.names.imported(file, number)
            ):
                held[-1].add(fact.name_index[imported.bound])
    return _Map(holders, loose, held, imports)


def _is_definition(fact: Facts, stores: Sequence[int]) -> bool:
    """Whether a local variable is bound by a definition or an import, so that it leads further."""
    return any(
        fact.code[store] == ops.STORE and fact.code[store + 5] in (ops.DEFINITION, ops.IMPORT) for store in stores
    )


def production(program: Program) -> Reach:
    """What is live without the tests."""
    return Reach(program, None)


def everything(program: Program) -> Reach:
    """What is live with the tests."""
    return Reach(program, program.ask(production))
