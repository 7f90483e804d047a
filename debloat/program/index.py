"""The files of a program side by side: scopes numbered through, names looked up, where each name is mentioned."""

from __future__ import annotations

import sys
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from functools import cached_property
from typing import NamedTuple

from debloat.facts import data, ops
from debloat.facts.data import Facts, Scope
from debloat.model import Span
from debloat.source import SourceFile

_READS_ANNOTATIONS = ("__annotations__", "get_annotations", "get_type_hints", "getfullargspec", "signature")


class Site(NamedTuple):
    """An instruction: the number of its file and its position in that file's code."""

    file: int
    pc: int


# Special methods that Python runs where a call, an iteration or a with statement is seen.
_BY_CALLS = frozenset(
    "__init__ __new__ __post_init__ __call__ __enter__ __exit__ __aenter__ __aexit__ __iter__ __next__ __aiter__ __anext__ "
    "__await__ __init_subclass__ __set_name__ __class_getitem__ __del__ __reduce__ __getstate__ __setstate__ __copy__ "
    "__deepcopy__".split()
)


class Index:
    """Facts of all files. A scope of the program is an int: the files' scopes numbered through."""

    def __init__(self, files: Sequence[SourceFile], facts: Sequence[Facts]) -> None:
        self.files = files
        self.facts = facts
        self.base: list[int] = []
        self.file_of: list[int] = []
        self.scopes: list[Scope] = []
        self.modules: dict[str, int] = {}
        for number, (file, fact) in enumerate(zip(files, facts, strict=True)):
            self.base.append(len(self.scopes))
            self.file_of += [number] * len(fact.scopes)
            self.scopes += fact.scopes
            self.modules.setdefault(file.module, number)
        self.ambiguous = self._alias()
        self._calls: dict[int, dict[int, list[int]]] = {}  # by scope and the last name of what is called
        self._calls_named: dict[str, list[Site]] = {}
        self._attribute_reads: dict[str, list[Site]] = {}
        self._variable_reads: dict[tuple[int, str], list[int]] = {}
        self._places: dict[tuple[int, int], dict[int, list[int]]] = {}  # by scope and opcode: those of each name
        self.starts: list[list[int]] = [[scope.start for scope in fact.scopes] for fact in facts]

    def _alias(self) -> frozenset[str]:
        """Enter the further names of the modules; those that several modules claim are left out and returned."""
        claims: dict[str, list[int]] = defaultdict(list)
        for number, file in enumerate(self.files):
            for alias in file.aliases:
                if alias not in self.modules:
                    claims[alias].append(number)
        self.modules.update((alias, numbers[0]) for alias, numbers in claims.items() if len(numbers) == 1)
        return frozenset(alias for alias, numbers in claims.items() if len(numbers) > 1)

    @cached_property
    def _by_last_name(self) -> Mapping[str, Sequence[str]]:
        table: dict[str, list[str]] = defaultdict(list)
        for module in self.modules:
            table[module.rpartition(".")[2]].append(module)
        return table

    def perhaps(self, dotted: str) -> list[int]:
        """The modules that an import may mean which no module's name answers: ``sys.path`` may start below the root."""
        top = dotted.partition(".")[0]
        if top in sys.stdlib_module_names or dotted in self.modules:
            return []
        candidates = self._by_last_name.get(dotted.rpartition(".")[2], ())
        return sorted({self.modules[name] for name in candidates if name.endswith(f".{dotted}")})

    @cached_property
    def packages(self) -> frozenset[str]:
        """Every dotted prefix of a module's name."""
        found = set()
        for module in self.modules:
            while "." in module:
                module = module.rpartition(".")[0]
                found.add(module)
        return frozenset(found)

    def name(self, scope: int) -> str:
        """The own name of a scope."""
        return self.facts[self.file_of[scope]].names[self.scopes[scope].name]

    def scope_at(self, site: Site) -> int:
        """The scope in whose code an instruction stands."""
        return self.base[site.file] + bisect_right(self.starts[site.file], site.pc) - 1

    def parent(self, scope: int) -> int:
        """The scope around a scope; a module has none and gives -1."""
        local = self.scopes[scope].parent
        return local if local < 0 else self.base[self.file_of[scope]] + local

    def definition(self, scope: int) -> Site:
        """The instruction that makes a function, lambda, class or comprehension."""
        return Site(self.file_of[scope], self.scopes[scope].definition)

    @cached_property
    def children(self) -> Mapping[int, Sequence[int]]:
        """The scopes directly inside a scope."""
        table: dict[int, list[int]] = defaultdict(list)
        for scope in range(len(self.scopes)):
            parent = self.parent(scope)
            if parent >= 0:
                table[parent].append(scope)
        return table

    def enclosing_class(self, scope: int) -> int:
        """The class whose body holds the scope directly, else -1."""
        parent = self.parent(scope)
        return parent if parent >= 0 and self.scopes[parent].kind == data.CLASS else -1

    def qualified(self, scope: int) -> str:
        """``package.module:Class.method``; a module is its name alone."""
        module = self.files[self.file_of[scope]].module
        parts = []
        while self.scopes[scope].kind != data.MODULE:
            parts.append(self.name(scope))
            scope = self.parent(scope)
        return f"{module}:{'.'.join(reversed(parts))}" if parts else module

    def span(self, scope: int) -> Span:
        """Where a scope's definition stands, decorators left out."""
        record = self.scopes[scope]
        path = self.files[self.file_of[scope]].path
        return Span(path, record.line, record.column, record.end_line, record.end_column)

    def place(self, site: Site) -> Span:
        """Where an instruction's token starts; the end is the start where the facts do not hold it."""
        code = self.facts[site.file].code
        # A module without code has no instruction either.
        line, column = (code[site.pc + 1], code[site.pc + 2]) if len(code) > site.pc + 2 else (1, 0)
        return Span(self.files[site.file].path, line, column, line, column)

    def resolve(self, scope: int, name: int) -> int:
        """The scope whose variable a name read in ``scope`` is; -1 for a builtin or an unknown name.

        Python's rules: the own scope (of a class only in its own code), the functions around it, the module.
        """
        file = self.file_of[scope]
        base = self.base[file]
        scopes = self.facts[file].scopes
        local = scope - base
        first = True
        while local >= 0:
            record = scopes[local]
            if first or record.kind != data.CLASS:
                if name in record.globals:
                    return base if name in scopes[0].bound else -1
                if name in record.bound:
                    return base + local
            elif record.bound.get(name) == []:  # a type parameter, which methods see
                return base + local
            # A comprehension in a class body sees the class's names only in its first iterable, lowered outside.
            first = False
            local = record.parent
        return -1

    def home(self, site: Site) -> int:
        """The scope whose variable a name at a place reads; -1 for a builtin or an unknown name.

        A class body has a name from the module, not from the functions around, until it binds it.
        """
        here, name = self.scope_at(site), self.facts[site.file].code[site.pc + 3]
        return self._outside(site.file, name) if self._from_class(here, site) is False else self.resolve(here, name)

    def is_mixed(self, site: Site) -> bool:
        """Whether a name in a class body may be that of the class or that of the module."""
        return self._from_class(self.scope_at(site), site) is None

    def read_outside(self, cls: int, name: int) -> bool:
        """Whether the body of a class reads a name that it binds where it may not have bound it yet."""
        if not self.scopes[cls].bound.get(name):
            return False
        text = self.facts[self.file_of[cls]].names[name]
        return any(self._from_class(cls, site) is not True for site in self.find(cls, ops.NAME, 3, text))

    def _from_class(self, scope: int, site: Site) -> bool | None:
        """Whether a name that a scope reads is not from outside of a class body that binds it; None if it may be either."""
        fact, record = self.facts[site.file], self.scopes[scope]
        name = fact.code[site.pc + 3]
        if record.kind != data.CLASS or not record.bound.get(name):
            return True
        stores, entry = fact.reaching(scope - self.base[site.file], name, site.pc)
        surely = not entry and all(fact.code[store] == ops.STORE for store in stores)
        return True if surely else None if stores else False

    def _outside(self, file: int, name: int) -> int:
        return self.base[file] if name in self.facts[file].scopes[0].bound else -1

    @cached_property
    def special_methods(self) -> Mapping[str, Sequence[int]]:
        """The methods of the program by name, those that Python calls by itself."""
        table: dict[str, list[int]] = defaultdict(list)
        for scope, record in enumerate(self.scopes):
            if record.kind == data.FUNCTION and (name := self.name(scope)).startswith("__") and name.endswith("__"):
                table[name].append(scope)
        return table

    @cached_property
    def computed(self) -> Mapping[str, Set[int]]:
        """The attributes whose reading may run code of the program, decorated methods and descriptors, with their classes."""
        table: dict[str, set[int]] = defaultdict(set)
        for cls in (scope for scope, record in enumerate(self.scopes) if record.kind == data.CLASS):
            for scope in self.children[cls]:
                if self.scopes[scope].first_line != self.scopes[scope].line:
                    table[self.name(scope)].add(cls)
            fact = self.facts[self.file_of[cls]]
            for name, stores in self.scopes[cls].bound.items() if "__get__" in self.special_methods else ():
                if any(fact.code[at] == ops.STORE and fact.code[fact.code[at + 4]] == ops.CALL for at in stores):
                    table[fact.names[name]].add(cls)
        return table

    @cached_property
    def unsteady(self) -> Set[str]:
        """The attributes that may be another object at the next look, though no call is seen between: what is computed,
        and what special methods of the program set."""
        special = [scope for name, scopes in self.special_methods.items() if name not in _BY_CALLS for scope in scopes]
        return self.computed.keys() | self._set_by(special)

    @cached_property
    def lazy(self) -> Set[str]:
        """The attributes that may be another object once an attribute is read that is computed: what properties set."""
        functions = [scope for scope, record in enumerate(self.scopes) if record.kind == data.FUNCTION]
        return self._set_by(filter(self._is_read, functions))

    def _set_by(self, scopes: Iterable[int]) -> Set[str]:
        """The attributes that functions set, or methods of their classes that they name."""
        waiting = list(scopes)
        found: set[str] = set()
        seen = set(waiting)
        for scope in waiting:  # grows while it is walked
            names, record = self.facts[self.file_of[scope]].names, self.scopes[scope]
            found.update(names[index] for index in record.set_attributes)
            used = {names[index] for index in record.attributes}
            for method in self.children[self.parent(scope)] if self.enclosing_class(scope) >= 0 else ():
                if self.name(method) in used and method not in seen:
                    seen.add(method)
                    waiting.append(method)
        return found

    def _is_read(self, scope: int) -> bool:
        """Whether a decorator makes a function a property."""
        fact = self.facts[self.file_of[scope]]
        at = self.scopes[scope].definition + 4
        return self.scopes[scope].first_line != self.scopes[scope].line and any(
            fact.code[value] == ops.NAME and fact.names[fact.code[value + 3]] in ("property", "cached_property")
            for value in fact.code[at + 1 : at + 1 + fact.code[at]]
        )

    @cached_property
    def reads_annotations(self) -> bool:
        """Whether code of the program reads annotations."""
        return any(name in self.readers or name in self.attribute_readers for name in _READS_ANNOTATIONS)

    @cached_property
    def readers(self) -> Mapping[str, Sequence[int]]:
        """The scopes that read each name."""
        return self._by_name("loads")

    @cached_property
    def held(self) -> Set[str]:
        """The names that a scope binds or sets as an attribute: by no other does anything hold what the program defines."""
        return {
            fact.names[name]
            for fact in self.facts
            for record in fact.scopes
            for name in (*record.bound, *record.set_attributes)
        }

    @cached_property
    def attribute_readers(self) -> Mapping[str, Sequence[int]]:
        """The scopes that read an attribute of each name."""
        return self._by_name("attributes")

    @cached_property
    def attribute_writers(self) -> Mapping[str, Sequence[int]]:
        """The scopes that set or delete an attribute of each name."""
        return self._by_name("set_attributes")

    def _by_name(self, field: str) -> Mapping[str, Sequence[int]]:
        table: dict[str, list[int]] = defaultdict(list)
        scope = 0
        for fact in self.facts:
            names = fact.names
            for record in fact.scopes:
                for name in getattr(record, field):
                    table[names[name]].append(scope)
                scope += 1
        return table

    def named_class(self, scope: int) -> bool:
        """Whether a method of the class reads its implicit ``__class__`` variable."""
        return any(self.enclosing_class(reader) == scope for reader in self.readers.get("__class__", ()))

    def find(self, scope: int, op: int, operand: int, name: str) -> Iterator[Site]:
        """The instructions of a scope with that opcode whose operand at that offset is the name."""
        file = self.file_of[scope]
        places = self._places.get((scope, op))
        if places is None:
            fact = self.facts[file]
            places = self._places[scope, op] = defaultdict(list)
            for pc in fact.instructions(scope - self.base[file]):
                if fact.code[pc] == op:
                    places[fact.code[pc + operand]].append(pc)
        for pc in places.get(self.facts[file].name_index.get(name, -1), ()):
            yield Site(file, pc)

    def attribute_reads(self, name: str) -> Sequence[Site]:
        """All reads of an attribute of that name."""
        known = self._attribute_reads.get(name)
        if known is None:
            known = self._attribute_reads[name] = [
                site for reader in self.attribute_readers.get(name, ()) for site in self.find(reader, ops.ATTR, 4, name)
            ]
        return known

    def variable_reads(self, scope: int, name: str) -> Sequence[int]:
        """All reads of a scope's variable, as positions in the code of its file."""
        key = (scope, name)
        known = self._variable_reads.get(key)
        if known is None:
            file = self.file_of[scope]
            index = self._name(file, name)
            known = self._variable_reads[key] = [
                site.pc
                for reader in self._inside(scope, index)
                if self.resolve(reader, index) == scope or self.read_outside(reader, index)
                for site in self.find(reader, ops.NAME, 3, name)
                if self.home(site) == scope or (self.is_mixed(site) and scope == self.base[file])
            ]
        return known

    def calls_named(self, name: str) -> Sequence[Site]:
        """All calls of something by that name, alone or as an attribute."""
        known = self._calls_named.get(name)
        if known is None:
            readers = {*self.readers.get(name, ()), *self.attribute_readers.get(name, ())}
            known = self._calls_named[name] = [site for scope in sorted(readers) for site in self.calls_in(scope, name)]
        return known

    def calls_in(self, scope: int, name: str) -> Iterator[Site]:
        """The calls in a scope of something by that name."""
        file = self.file_of[scope]
        fact = self.facts[file]
        code = fact.code
        calls = self._calls.get(scope)
        if calls is None:
            calls = self._calls[scope] = defaultdict(list)
            for pc in fact.instructions(scope - self.base[file]):
                if code[pc] == ops.CALL:
                    callee = code[pc + 5]
                    if code[callee] in (ops.NAME, ops.ATTR):
                        calls[code[callee + 3 + (code[callee] == ops.ATTR)]].append(pc)
        for pc in calls.get(fact.name_index.get(name, -1), ()):
            yield Site(file, pc)

    @cached_property
    def class_reads(self) -> Sequence[tuple[Site, int]]:
        """Where code takes the class of an object, ``x.__class__`` or ``type(x)``, to do more than show or compare it.

        Each with the position of the object.
        """
        found = [(site, self.facts[site.file].code[site.pc + 3]) for site in self.attribute_reads("__class__")]
        for scope in self.readers.get("type", ()):
            file = self.file_of[scope]
            code = self.facts[file].code
            for name in self.find(scope, ops.NAME, 3, "type"):
                found += [
                    (Site(file, pc), code[pc + 7])
                    for pc in self._users(scope, name.pc)
                    if code[pc] == ops.CALL and code[pc + 5] == name.pc and code[pc + 6] == 1
                ]
        return [(site, base) for site, base in found if not self._only_shown(site)]

    def _only_shown(self, site: Site) -> bool:
        fact = self.facts[site.file]
        return all(
            fact.code[pc] in (ops.COMPARE, ops.FSTRING)
            or (
                fact.code[pc] == ops.ATTR
                and fact.names[fact.code[pc + 4]] in ("__name__", "__qualname__", "__module__")
            )
            for pc in self._users(self.scope_at(site), site.pc)
        )

    def _users(self, scope: int, value: int) -> Sequence[int]:
        file = self.file_of[scope]
        return self.facts[file].consumers(scope - self.base[file]).get(value, ())

    def _inside(self, scope: int, name: int) -> Iterator[int]:
        """The scopes that read a name: a scope and those in it."""
        if name in self.scopes[scope].loads:
            yield scope
        for child in self.children.get(scope, ()):
            yield from self._inside(child, name)

    def unbound_reads(self, file: int, name: str) -> Iterator[int]:
        """The reads in a file of a name that it may have from a star import."""
        for _, pc in self._reads_in(file, name):
            if self.home(Site(file, pc)) in (-1, self.base[file]) or self.is_mixed(Site(file, pc)):
                yield pc

    def _name(self, file: int, name: str) -> int:
        return self.facts[file].name_index[name]

    def _reads_in(self, file: int, name: str) -> Iterator[tuple[int, int]]:
        readers = self.readers.get(name, ())
        start = bisect_left(readers, self.base[file])
        for reader in readers[start : bisect_left(readers, self.base[file] + len(self.facts[file].scopes))]:
            for site in self.find(reader, ops.NAME, 3, name):
                yield reader, site.pc

    @cached_property
    def mentioned(self) -> frozenset[str]:
        """The dotted names that strings hold, whole."""
        return frozenset(text for fact in self.facts for text in fact.mentions)

    @cached_property
    def importers(self) -> Mapping[str, Sequence[tuple[int, int]]]:
        """For each imported name, where it is imported: file and index of the import."""
        table: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for file, fact in enumerate(self.facts):
            for number, imported in enumerate(fact.imports):
                table[imported.name].append((file, number))
        return table

    def target_module(self, file: int, number: int) -> str:
        """The dotted name of the module that an import names, relative ones resolved."""
        imported = self.facts[file].imports[number]
        if not imported.level:
            return imported.module
        source = self.files[file]
        up = imported.level - source.package
        names = (name.split(".") for name in (source.module, *source.aliases))
        above = next((parts[: len(parts) - up] for parts in names if len(parts) > up), [])
        return ".".join([*above, *filter(None, [imported.module])])
