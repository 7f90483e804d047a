"""The openings of a symbol: every way in that is not a reference in the program's own code."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from debloat.facts import data, ops
from debloat.program.exports import exports
from debloat.program.externals import CONSTRUCTORS, enumerates, overrides_outside
from debloat.program.frameworks import Model, models_of
from debloat.program.index import Site
from debloat.program.mentions import (
    accessed,
    dotted_mentions,
    is_for_tools,
    mentions,
    name_patterns,
    text_words,
)
from debloat.program.modules import searched, takes_modules

if TYPE_CHECKING:
    from debloat.program.program import Program

# Methods that Python calls where a class has the special methods, though their names do not say so.
_PROTOCOLS = {
    "keys": ("__getitem__",), "send": ("__next__",), "throw": ("__next__",), "close": ("__next__",),
}  # fmt: skip
_READS_OWN_NAMES = ("globals", "eval", "exec")


class Openings:
    """The openings of functions, classes and variables, each as a reason and a place; every answer is kept."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._index = program.index
        self._known: dict[int, tuple[tuple[str, Site], ...]] = {}
        self._first: dict[int, tuple[str, Site] | None] = {}
        self._extended: dict[int, Site | None] = {}
        self._families: dict[int, Sequence[int | str]] = {}

    def of(self, scope: int) -> Iterator[tuple[str, Site]]:
        """The openings of a function, lambda or class. A reason begins with its kind, up to the first colon."""
        known = self._known.get(scope)
        if known is None:
            known = self._known[scope] = tuple(self._find(scope))
        return iter(known)

    def first(self, scope: int) -> tuple[str, Site] | None:
        """One opening of a function, lambda or class, None where it has none: cheaper than all."""
        if scope not in self._first:
            self._first[scope] = next(self._find(scope), None)
        return self._first[scope]

    def extension(self, scope: int) -> tuple[str, Site] | None:
        """An opening of a class through which outsiders may extend it; None where strings that name it are all it has."""
        if (made := self.extended(scope)) is not None:
            return "extended: a class with a computed base may be below it", made
        return next((opening for opening in self.of(scope) if not opening[0].startswith("named ")), None)

    def _find(self, scope: int) -> Iterator[tuple[str, Site]]:
        record = self._index.scopes[scope]
        if record.kind == data.LAMBDA:
            return
        here = self._index.definition(scope)
        cls = self._index.enclosing_class(scope)
        name = self._index.name(scope)
        yield from ((reason, here) for reason in self.reached(scope, name, cls))
        if self._index.scopes[self._index.parent(scope)].kind in (data.MODULE, data.CLASS):
            yield from ((reason, here) for reason in self._by_name(scope, name))
            yield from self._rebound(scope, name)
            if self._runs_examples and (where := self._program.ask(mentions).get(name)) is not None:
                yield f"named in a string: examples in {self._program.files[where].path} are run", here
        if self._index.scopes[self._index.parent(scope)].kind == data.MODULE:
            handed = self._program.names.handed_on(self._index.file_of[scope])
            if handed is not None:
                yield "module as a value: what gets it may read any of its names", handed
        for site in self._program.analysis.calls.decorator_sites(scope):
            if not self._program.analysis.calls.transparent(site):
                values = self._program.names.static(self._program.analysis.calls.called(site))
                if not values or any(value[0] not in ("function", "class") for value in values):
                    yield f"decorated: by {self.shown(site)}, which may call or keep it", site

    @cached_property
    def _runs_examples(self) -> bool:
        """Whether anything runs the examples in docstrings."""
        imported = any(one.module == "doctest" for fact in self._index.facts for one in fact.imports)
        return imported or "doctest" in self._program.ask(text_words)

    def extended(self, scope: int) -> Site | None:
        """Where a class is made with a base that is computed, if that may be the class: by ``type()`` or a class statement."""
        if scope not in self._extended:
            escapes = None in self._bases and any(
                event[0] == "open" for event in self._program.analysis.flow(("class", scope))
            )
            family = (scope, *self._program.hierarchy.subclasses(scope)) if self._bases else ()
            below = next((self._bases[cls] for cls in family if cls in self._bases), None)
            self._extended[scope] = below or (self._bases[None] if escapes else None)
        return self._extended[scope]

    @cached_property
    def _bases(self) -> dict[int | None, Site]:
        """The classes that are computed bases, each with a place; None for any class."""
        return {
            value[1] if value[0] == "class" else None: site
            for site in self._computed_bases()
            for value in self._program.names.static(site)
            if value[0] in ("class", "unknown")
        }

    def _computed_bases(self) -> Iterator[Site]:
        """The bases that calls of ``type()`` are given, and those of class statements that no name tells."""
        for name in ("type", "new_class"):
            for site in self._index.calls_named(name):
                code = self._index.facts[site.file].code
                if code[site.pc + 6] >= 2:
                    bases = code[site.pc + 8]
                    shown = code[bases] == ops.SEQUENCE
                    listed = code[bases + 5 : bases + 5 + code[bases + 4]] if shown else [bases]
                    yield from (Site(site.file, base) for base in listed)
        for cls in self._program.hierarchy.classes:
            if "?" in self._program.hierarchy.bases(cls):
                site = self._index.definition(cls)
                code = self._index.facts[site.file].code
                yield from (Site(site.file, base) for base in code[site.pc + 5 : site.pc + 5 + code[site.pc + 4]])

    def _rebound(self, scope: int, name: str) -> Iterator[tuple[str, Site]]:
        """The name is bound elsewhere too, so that what is called by it need not be this."""
        file = self._index.file_of[scope]
        parent = self._index.parent(scope)
        fact = self._index.facts[file]
        stores = self._index.scopes[parent].bound[fact.name_index[name]]
        others = [store for store in stores if fact.code[store] == ops.STORE and not self._is_property(file, store)]
        if len(others) > 1:
            yield "rebound: its name is bound at several places", Site(file, others[-1])
        owner = ("module", file) if parent == self._index.base[file] else ("class", parent)
        for writer in self._index.attribute_writers.get(name, ()):
            for site in self._index.find(writer, ops.SET_ATTR, 4, name):
                code = self._index.facts[site.file].code
                if owner in self._program.names.static(Site(site.file, code[site.pc + 3])):
                    yield "rebound: it is replaced from outside", site

    def _is_property(self, file: int, store: int) -> bool:
        fact = self._index.facts[file]
        value = fact.code[store + 4]
        calls = self._program.analysis.calls
        return fact.code[value] == ops.FUNCTION and calls.assigns(self._index.base[file] + fact.code[value + 3]) > 0

    def reached(self, scope: int, name: str, cls: int) -> Iterator[str]:
        """Openings by what the symbol is: public, a special method, an override of an outside base, a framework's."""
        public = self._program.ask(exports)
        part = public.get(("scope", scope))
        if part is not None:
            yield f"public: outsiders may use it ({part.name or 'the project'} is a {part.world})"
        kind = "classes" if self._index.scopes[scope].kind == data.CLASS else "functions" if cls < 0 else "methods"
        if cls >= 0:
            yield from self._inherited(name, cls)
        if kind == "classes":
            yield from self._enumerated(scope)
        parent = self._index.scopes[self._index.parent(scope)].kind
        if parent in (data.MODULE, data.CLASS):
            nested = kind == "classes" and parent == data.CLASS
            for model in models_of(self._program, self._program.files[self._index.file_of[scope]].path):
                reaches = model.reaches(kind, name) or (nested and model.reaches("nested", name))
                if reaches and (kind != "methods" or self._holds(model, cls)):
                    yield f"framework: {model.name} reaches it by its name"

    def loaded(self, file: int) -> Iterator[str]:
        """Why a module that nothing imports is run or loaded by a tool all the same: its place, or a name that it binds."""
        fact = self._index.facts[file]
        base = self._index.base[file]
        functions = {self._index.name(scope) for scope in self._index.children.get(base, ())}
        names = [fact.names[name] for name in fact.scopes[0].bound if not fact.names[name].startswith("__")]
        for model in models_of(self._program, self._program.files[file].path):
            if model.files is not None:
                yield f"framework: {model.name} loads it by its place"
            elif any(model.reaches("functions" if name in functions else "variables", name) for name in names):
                yield f"framework: {model.name} loads what has such names"

    def _holds(self, model: Model, cls: int) -> bool:
        return model.classes is None or model.reaches("classes", self._index.name(cls))

    def _inherited(self, name: str, cls: int) -> Iterator[str]:
        if name.startswith("__") and name.endswith("__") and name not in CONSTRUCTORS:
            yield "special method: Python calls it"
        if name in _PROTOCOLS and any(isinstance(base, int) and self._asks_for(base, name) for base in self._kin(cls)):
            yield "protocol: Python calls it as it does a special method"
        public = self._program.ask(exports)
        for base in self._kin(cls):
            if isinstance(base, str):
                if name not in CONSTRUCTORS and overrides_outside(base, name):
                    shown = "a base that cannot be resolved" if base == "?" else base
                    yield f"outside base: {shown} may call it"
            elif ("scope", base) in public and (
                self._program.hierarchy.binds(base, name) or cls in self._program.hierarchy.order(base)
            ):
                yield f"public: {self._index.name(base)} is exported and what it has can be used and overridden"

    def _asks_for(self, cls: int, name: str) -> bool:
        """Whether Python calls a method of objects that have a special method of the class: to unpack, or to delegate to."""
        return any(self._program.hierarchy.binds(cls, special) for special in _PROTOCOLS[name])

    def _kin(self, cls: int) -> Sequence[int | str]:
        """The bases of a class and of its subclasses, which stand beside it where it is mixed in."""
        known = self._families.get(cls)
        if known is None:
            hierarchy = self._program.hierarchy
            orders = [hierarchy.order(heir) for heir in (cls, *hierarchy.subclasses(cls))]
            known = self._families[cls] = list(dict.fromkeys(base for order in orders for base in order))
        return known

    def _enumerated(self, scope: int) -> Iterator[str]:
        """A class statement is an effect where a base, a metaclass or ``__subclasses__`` can find the class by it."""
        for base in self._program.hierarchy.order(scope):
            if isinstance(base, str):
                if enumerates(base):
                    yield f"outside base: {base} may know its subclasses"
            elif "metaclass" in (keywords := self._program.hierarchy.keywords(base)):
                meta = self._program.names.static(keywords["metaclass"])
                if meta != frozenset({("external", "abc.ABCMeta")}):
                    yield f"metaclass: that of {self._index.name(base)} sees the class"
            elif base != scope and self._program.hierarchy.binds(base, "__init_subclass__"):
                yield f"registered: __init_subclass__ of {self._index.name(base)} sees the class"
            elif base != scope and (base in self._listed or -1 in self._listed):
                yield f"registered: code reads __subclasses__ of {self._index.name(base)}"

    @cached_property
    def _listed(self) -> frozenset[int]:
        """The classes whose ``__subclasses__`` is read; -1 where nobody can tell of which class."""
        found: set[int] = set()
        for site in self._index.attribute_reads("__subclasses__"):
            code = self._index.facts[site.file].code
            for value in self._program.names.static(Site(site.file, code[site.pc + 3])):
                found.add(value[1] if value[0] == "class" else -1)
        return frozenset(found)

    def _by_name(self, scope: int, name: str) -> Iterator[str]:
        """Openings by strings of what a module or class binds.

        A string that is a name and nothing else finds it where ``getattr`` or its like is given it, on an object or on a module
        that is taken by its name. Elsewhere the name is computed: then the module is searched, or the object is followed, and open.
        """
        file = self._index.file_of[scope]
        module = self._index.scopes[self._index.parent(scope)].kind == data.MODULE
        if module and (site := self._searches(scope, name)) is not None:
            place = self._index.place(site)
            yield f"read by a computed name: the module taken at {place.path}:{place.line} is searched"
        if module and self._program.ask(searched).anywhere is not None:
            yield from self.named(name, file)
            return
        read = None if module and not self._program.ask(takes_modules) else self._program.ask(accessed).get(name)
        where = self._program.ask(dotted_mentions).get(name, read)
        if where is not None:
            yield f"named in a string: {self._program.files[where].path} has {name!r}"
        yield from self._elsewhere(name, file, self._meaning(name, file))

    def _searches(self, scope: int, name: str) -> Site | None:
        """Where a module that has a function or class is taken by its name and searched."""
        modules = self._program.ask(searched).modules
        if not modules:
            return None
        file = self._index.file_of[scope]
        meant = {("function", scope), ("class", scope)}
        holders = [file, *(one for one in self._program.names.star_importers(file))]
        holders += [
            importer
            for importer, number in self._index.importers.get(name, ())
            if importer in modules and not meant.isdisjoint(self._program.names.imported(importer, number))
        ]
        return next((modules[holder] for holder in holders if holder in modules), None)

    def mention(self, scope: int) -> tuple[str, Site] | None:
        """A string or text that names what a module or class binds, which is enough to keep it alive."""
        if self._index.scopes[self._index.parent(scope)].kind not in (data.MODULE, data.CLASS):
            return None
        reason = next(self.named(self._index.name(scope), self._index.file_of[scope]), None)
        return None if reason is None else (reason, self._index.definition(scope))

    def named(self, name: str, file: int) -> Iterator[str]:
        """Openings by strings: a mention of the name in code, in other files, or a pattern that matches it."""
        where = self._program.ask(mentions).get(name)
        if where is not None:
            yield f"named in a string: {self._program.files[where].path} has {name!r}"
        yield from self._elsewhere(name, file, min(self._program.ask(text_words).get(name, ()), default=None))

    def _elsewhere(self, name: str, file: int, text: str | None) -> Iterator[str]:
        if text is not None:
            yield f"named outside Python: in {text}"
        if name in self._program.unread_words:
            yield "named in a file that cannot be read: it may be used there"
        for pattern, site in self._program.ask(name_patterns) if self._computed.fullmatch(name) else ():
            if pattern.fullmatch(name):
                place = self._index.place(site)
                yield f"read by a computed name: getattr at {place.path}:{place.line} may mean it"
        if file in self._self_readers:
            yield "read by a computed name: its module uses globals(), eval() or exec()"

    def _meaning(self, name: str, file: int) -> str | None:
        """A file that is not Python and may use a name of a module: where tools read it, it says the module too."""
        words = self._program.ask(text_words)
        found = words.get(name)
        if not found:
            return None
        source = self._program.files[file]
        parts = {part for module in (source.module, *source.aliases) for part in module.split(".")}
        return min(
            (text for text in found if not is_for_tools(text) or any(text in words.get(part, ()) for part in parts)),
            default=None,
        )

    @cached_property
    def _computed(self) -> re.Pattern[str]:
        """What any of the patterns of computed names matches."""
        patterns = [pattern.pattern for pattern, _ in self._program.ask(name_patterns)]
        return re.compile("|".join(patterns) if patterns else r"(?!)")

    def reads_itself(self, file: int) -> bool:
        """Whether code of a module may read the module's own names by strings."""
        return file in self._self_readers

    @cached_property
    def _self_readers(self) -> frozenset[int]:
        """The files whose code may read its own module's names by strings."""
        by_name = {
            self._index.file_of[scope]
            for name in _READS_OWN_NAMES
            for scope in self._index.readers.get(name, ())
            if self._index.resolve(scope, self._index.facts[self._index.file_of[scope]].name_index[name]) < 0
        }
        itself = {site.file for site in self._index.attribute_reads("modules") if self._takes_module(site)}
        return frozenset(by_name | itself)

    def _takes_module(self, modules: Site) -> bool:
        """Whether what is read is ``sys.modules[__name__]`` and used for more than a name in a string."""
        fact = self._index.facts[modules.file]
        local = self._index.scope_at(modules) - self._index.base[modules.file]
        consumers = fact.consumers(local)
        return any(
            fact.code[user] != ops.ATTR and not self._program.names.reads_literal(Site(modules.file, user))
            for module in consumers.get(modules.pc, ())
            if fact.code[module] == ops.SUBSCRIPT and self._is_own_name(modules.file, fact.code[module + 4])
            for user in consumers.get(module, ())
        )

    def _is_own_name(self, file: int, value: int) -> bool:
        fact = self._index.facts[file]
        return fact.code[value] == ops.NAME and fact.names[fact.code[value + 3]] == "__name__"

    def of_variable(self, scope: int, name: str) -> Iterator[str]:
        """The openings of a variable of a module or class."""
        record = self._index.scopes[scope]
        file = self._index.file_of[scope]
        part = self._program.ask(exports).get(("variable", scope, name))
        if part is not None:
            yield f"public: outsiders may use it ({part.name or 'the project'} is a {part.world})"
        if record.kind == data.CLASS:
            yield from self._inherited(name, scope)
        for model in models_of(self._program, self._program.files[file].path):
            if model.reaches("variables", name):
                yield f"framework: {model.name} reaches it by its name"
        if self._names_itself(scope, name):
            yield from self._elsewhere(name, file, min(self._program.ask(text_words).get(name, ()), default=None))
        else:
            yield from self.named(name, file)

    def _names_itself(self, scope: int, name: str) -> bool:
        """Whether the one string with the name of a variable is what its value is told of it, as ``TypeVar("T")`` is."""
        file = self._index.file_of[scope]
        fact = self._index.facts[file]
        stores = self._index.scopes[scope].bound.get(fact.name_index.get(name, -1), [])
        value = fact.code[stores[0] + 4] if len(stores) == 1 and fact.code[stores[0]] == ops.STORE else -1
        if value < 0 or fact.code[value] != ops.CALL or not fact.code[value + 6]:
            return False
        told = fact.code[value + 7]
        text = ("str", name)
        if fact.code[told] != ops.CONST or tuple(fact.constants[fact.code[told + 3]]) != text:
            return False
        holders = [number for number, other in enumerate(self._index.facts) if name in other.mentions]
        strings = [
            pc
            for pc in ops.instructions(fact.code, 0, len(fact.code))
            if fact.code[pc] == ops.CONST and tuple(fact.constants[fact.code[pc + 3]]) == text
        ]
        dotted = name in self._program.ask(dotted_mentions)
        return holders == [file] and strings == [told] and not dotted

    def shown(self, site: Site) -> str:
        """A dotted expression as it is written, as far as it is names."""
        fact = self._index.facts[site.file]
        match fact.code[site.pc]:
            case ops.NAME:
                return fact.names[fact.code[site.pc + 3]]
            case ops.ATTR:
                return f"{self.shown(Site(site.file, fact.code[site.pc + 3]))}.{fact.names[fact.code[site.pc + 4]]}"
            case ops.CALL:
                return self.shown(Site(site.file, fact.code[site.pc + 5]))
        return "an expression"
