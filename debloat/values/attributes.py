"""Attributes: what they can be, which are certainly there, and what module and class variables hold."""

from __future__ import annotations

import re
from collections import namedtuple
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from debloat.facts import data, ops
from debloat.program.binding import arguments, bind
from debloat.program.calls import Fields
from debloat.program.externals import ENUMS
from debloat.program.index import Site
from debloat.program.mentions import pattern_of
from debloat.program.reasons import PARTLY_SET, is_library, is_lost
from debloat.program.solver import Value as Event
from debloat.values import stubs
from debloat.values.construction import Construction
from debloat.values.declared import argparse, attrs
from debloat.values.domain import NOTHING, SOMETHING, Atom, Value, is_unknown, join, objects, of, unknown
from debloat.values.standins import PATCHERS
from debloat.values.trusted import trusted

if TYPE_CHECKING:
    from debloat.values.analysis import Values

_MOST_RECEIVERS = 6
_NAMED_TUPLE = namedtuple("_NAMED_TUPLE", "")
_DYNAMIC = ("__getattribute__", "__setattr__", "__delattr__")
_STATES = ("__getstate__", "__reduce__", "__reduce_ex__")
_COPYING = (*_STATES, "__setstate__", "__copy__", "__deepcopy__")
# Methods that may meet an object which was never ready.
_UNWINDING = ("__del__", "__exit__", "__aexit__")
# What methods that deques alone have give, and raise, as methods of lists do.
_OF_LISTS = {"appendleft": "append", "extendleft": "extend", "popleft": "pop"}
# Methods that builtin types have in later versions of Python only.
_LATE = ("removeprefix", "removesuffix", "bit_count", "is_integer")


class Attributes:
    """The part of the value analysis that deals with attributes."""

    def __init__(self, values: Values) -> None:
        self._values = values
        self._index = values.index
        self._program = values.program
        self._fates: dict[int, tuple[tuple[str, Site] | None, str, frozenset[Site]]] = {}
        self._partly: dict[int, list[Site]] = {}
        self._sure: dict[tuple[int, str], bool] = {}
        self._builders: dict[int, frozenset[int] | None] = {}
        self._otherwise: dict[int, bool] = {}
        self._construction = Construction(values)

    # Reading

    def of_value(self, base: Value, name: str, site: Site) -> Value:
        """What an attribute of a value can be; nothing where reading it surely fails."""
        return join([*(self.of_atom(atom, name, site) for atom in objects(base)), base & self._assumed(base)])

    def _assumed(self, value: Value) -> Value:
        return frozenset(atom for atom in value if atom[0] == "assumed")

    def of_atom(self, atom: Atom, name: str, site: Site) -> Value:
        """What an attribute of the objects of one atom can be."""
        match atom:
            case ("unknown", *_):
                return of(atom)
            case ("mock", *_):
                return self._values.mocks.attribute(atom, name, site)
            case ("ran",):
                captured = name in ("stdout", "stderr")
                return (
                    of(("builtin", "str"))
                    if captured
                    else self._of_stub(("stub", "subprocess.CompletedProcess"), name, site)
                )
            case ("module", int(file)):
                return self._member(file, name, site)
            case ("package", str(package)):
                return self._static(self._program.names.module(f"{package}.{name}"), site)
            case ("external", str(dotted)):
                return self._external(f"{dotted}.{name}", site)
            case ("object" | "heir" | "member", int(scope), *_):
                return self._of_instance(atom, scope, name, site)
            case ("class" | "subclass", int(scope)):
                return self._of_class(atom, scope, name, site)
            case ("super", int(scope), receiver):
                return self._of_super(scope, receiver, name, site)
            case ("stub", str(dotted), *_):
                return self._of_stub(atom, name, site)
            case ("parser", *_):
                return argparse.of_parser(name, atom, site)
            case ("parsed", *_):
                return self._values.read(("option", atom, name))
        own = self._values.types.acts_as(atom)
        if own is type(None) and not hasattr(None, name):
            return NOTHING  # reading it raises
        if own is not None:
            name = _OF_LISTS.get(name, name) if own is list else name
            found = getattr(own, name, None)
            return (
                of(("of", own.__name__, name, atom)) if callable(found) else unknown("an attribute of a builtin", site)
            )
        return unknown(f"the attribute {name} of an object that is not followed", site)

    def _static(self, values: frozenset[Atom], site: Site) -> Value:
        return join(unknown("a name that cannot be resolved", site) if v == ("unknown",) else of(v) for v in values)

    def _external(self, dotted: str, site: Site) -> Value:
        if dotted in PATCHERS:
            return of(("external", dotted))
        match stubs.kind(dotted):
            case "function" | "class" | "module":
                return of(("external", dotted))
            case "variable":
                held = stubs.variable(dotted) or unknown(f"{dotted} from outside", site)
                kept = of(("assumed", f"{dotted} is taken to be what its documentation says"))
                return join([held, kept, self._values.calls.instead(dotted, site)])
        return unknown(f"{dotted} from outside", site) if "." in dotted else of(("external", dotted))

    def _of_stub(self, atom: Atom, name: str, site: Site) -> Value:
        whole = f"{atom[1]}.{name}"
        if len(atom) > 2 and atom[1].startswith("builtins.") and stubs.kind(whole) == "function":
            return of(("of", atom[1].removeprefix("builtins."), name, atom))
        if stubs.is_property(whole):
            return stubs.variable(whole) or unknown(f"{whole} from outside", site)
        return of(("external", whole)) if stubs.kind(whole) == "function" else unknown(f"{whole} from outside", site)

    def _of_super(self, scope: int, receiver: Atom, name: str, site: Site) -> Value:
        order = self._program.hierarchy.order(receiver[1])
        for cls in order[order.index(scope) + 1 :] if scope in order else ():
            if isinstance(cls, str):
                return self._external(f"{cls}.{name}", site) if cls != "?" else unknown("a base from outside", site)
            if self._program.hierarchy.binds(cls, name):
                return self._bound(cls, name, receiver)
        return of(("external", f"<builtin>.object.{name}"))

    def _of_class(self, atom: Atom, scope: int, name: str, site: Site) -> Value:
        members = self.members(scope)
        if members is not None and name in members:
            return of(("member", scope, name))
        heirs = self._program.hierarchy.subclasses(scope) if atom[0] == "subclass" else ()
        found = [self._looked_up(cls, name, ("class", cls), site) for cls in (scope, *heirs)]
        if atom[0] == "subclass" and self._program.openings.extension(scope) is not None:
            found.append(unknown("a class of outsiders may have its own", site))
        return join(found)

    def _outside_class_writes(self, scope: int, name: str) -> Iterator[Value]:
        for owner, file, pc in self._program.analysis.solver.solve(("stores", name)):
            if owner[0] == "class" and owner[1] in self._program.hierarchy.order(scope):
                yield self._values.at(file, pc)

    def _of_instance(self, atom: Atom, scope: int, name: str, site: Site) -> Value:
        if name == "__class__":
            return of(("class" if atom[0] == "object" else "subclass", scope))
        if atom[0] == "member" and name in ("value", "name"):
            return self._of_member(scope, atom[2], name)
        if atom[0] == "member" and (made := self._made_with_members(scope, name)):
            return made
        opening = self._program.openings.extension(scope) if atom[0] == "heir" else None
        theirs = (
            unknown(f"a subclass of outsiders may have its own {name} ({opening[0]})", site) if opening else NOTHING
        )
        if opening is not None and not self.is_kept(scope):
            return theirs
        heirs = self._program.hierarchy.subclasses(scope) if atom[0] == "heir" else ()
        found = []
        for cls in (scope, *heirs):
            receiver = ("object", cls) if atom[0] == "heir" and len(heirs) < _MOST_RECEIVERS else atom
            found.append(self._of_object(receiver, cls, name, site))
        if opening is not None:
            data = all(value and not any(held[0] in ("function", "method") for held in value) for value in found)
            found.append(of(("assumed", f"subclasses of outsiders keep {name} as it is")) if data else theirs)
        return join(found)

    def is_kept(self, scope: int) -> bool:
        """Whether data that objects of a class have is assumed to be what it is in subclasses of outsiders too."""
        return self._program.openings.extended(scope) is None and self.is_application(scope)

    def _of_object(self, receiver: Atom, cls: int, name: str, site: Site) -> Value:
        owner = self._program.hierarchy.owner(cls, name)
        if owner is None or not self._is_definition(owner, name):
            return self._values.read(("field", cls, name))
        return self._looked_up(cls, name, receiver, site)

    def _is_definition(self, owner: int | str, name: str) -> bool:
        """Whether a class body binds the name by a function or class, which objects hardly hide."""
        if isinstance(owner, str):
            return False
        fact = self._index.facts[self._index.file_of[owner]]
        stores = self._index.scopes[owner].bound[fact.name_index[name]]
        written = any(writer for writer in self._index.attribute_writers.get(name, ()))
        return not written and all(
            fact.code[pc] == ops.STORE and fact.code[fact.code[pc + 4]] in (ops.FUNCTION, ops.CLASS) for pc in stores
        )

    def _looked_up(self, cls: int, name: str, receiver: Atom, site: Site) -> Value:
        """A class attribute found along the order of a class, and what is set on the class from outside."""
        return join([self._defined(cls, name, receiver, site), *self._outside_class_writes(cls, name)])

    def _defined(self, cls: int, name: str, receiver: Atom, site: Site) -> Value:
        for owner in self._program.hierarchy.order(cls):
            if isinstance(owner, str):
                plain = owner in ("abc.ABC", "typing.Generic", "typing.Protocol", "<builtin>.object")
                if plain and not hasattr(object, name):
                    continue
                return unknown(f"inherited from {owner}", site)
            if self._program.hierarchy.binds(owner, name):
                return self._bound(owner, name, receiver)
        if hasattr(object, name):
            return unknown(f"{name} of every object", site)
        return unknown(f"{name} is not seen to be set on {self._index.name(cls)}", site)

    def _class_variable(self, cls: int, name: str) -> Value:
        if self._is_remade(cls) and not self._is_definition(cls, name):
            return unknown(
                f"the metaclass of {self._index.name(cls)} may make something else of it", self._index.definition(cls)
            )
        return self._values.read(("variable", cls, name))

    def _is_remade(self, cls: int) -> bool:
        """Whether what a class body binds may not be what the class holds: in enumerations, and where a metaclass has its way."""
        hierarchy = self._program.hierarchy
        order = hierarchy.order(cls)
        metaclasses = [hierarchy.keywords(one).get("metaclass") for one in order if isinstance(one, int)]
        return not set(ENUMS).isdisjoint(order) or any(
            one and self._program.names.static(one) != {("external", "abc.ABCMeta")} for one in metaclasses
        )

    def _bound(self, cls: int, name: str, receiver: Atom) -> Value:
        """What an attribute of a class gives when it is read through an object or class."""
        found: list[Value] = []
        of_class = receiver[0] in ("class", "subclass")
        for atom in self._class_variable(cls, name):
            if atom[0] in ("object", "heir") and self._program.hierarchy.owner(atom[1], "__get__") is not None:
                found.append(unknown("a descriptor gives what it likes", self._index.definition(atom[1])))
                continue
            match self._program.analysis.bound_as(cls, name, atom[1]) if atom[0] == "function" else "":
                case "property":
                    found.append(of(SOMETHING) if of_class else self._values.read(("returns", atom[1])))
                case "class":
                    found.append(of(("method", atom[1], receiver)))
                case "method" if not of_class:
                    found.append(of(("method", atom[1], receiver)))
                case _:
                    found.append(of(atom))
        return join(found)

    def is_data(self, atom: Atom, name: str) -> bool:
        """Whether an attribute of an object is kept by the object or its class, and reading it runs no code."""
        if atom[0] == "assumed":
            return True
        if atom[0] in ("class", "module"):
            return True
        if atom[0] not in ("object", "heir", "member"):
            return False
        hierarchy = self._program.hierarchy
        heirs = hierarchy.subclasses(atom[1]) if atom[0] == "heir" else ()
        return all(
            isinstance(cls, int) and not any(hierarchy.binds(cls, hook) for hook in (*_DYNAMIC, "__getattr__")) and not self._is_computed(cls, name)
            for member in (atom[1], *heirs)
            for cls in hierarchy.order(member)
        )  # fmt: skip

    def _is_computed(self, cls: int, name: str) -> bool:
        """Whether a class binds a name to more than plain data: a function, or what may be a descriptor."""
        if not self._program.hierarchy.binds(cls, name):
            return False
        return any(
            atom[0] not in ("constant", "builtin", "box", "object", "member")
            for atom in self._class_variable(cls, name)
        )

    # Fields of objects

    def fate(self, scope: int) -> tuple[tuple[str, Site] | None, str, frozenset[Site]]:
        """What becomes of the objects of a class: an opening, what is assumed of unseen code, where attributes are set.

        Code that is not seen is assumed not to set attributes of what it is given: library code always, outsiders where an
        application says who they are. Of a library's objects outsiders may do as they like.
        """
        first = self._program.openings.first(scope)
        if first is not None and not self.is_application(scope):
            return first, "", frozenset()
        if scope not in self._fates:
            opening: tuple[str, Site] | None = None
            reasons = [] if first is None else [first[0]]
            writes: set[Site] = set()
            events = self._program.analysis.whole(("object", scope))
            if (
                first is not None
            ):  # where unseen code has the class, objects are followed from where code that is seen makes them
                events |= self._program.visible.flow(("object", scope))
            for event in events:
                if event[0] == "write":
                    writes.add(Site(event[1], event[2]))
                elif event[:2] == ("open", PARTLY_SET):
                    self._partly.setdefault(scope, []).append(Site(*event[2:]))
                elif event[0] == "open":
                    if is_library(event[1]) or (self.is_application(scope) and not is_lost(event[1])):
                        reasons.append(event[1])
                    else:
                        found = (event[1], Site(*event[2:]))
                        opening = min(opening, found) if opening else found
            self._fates[scope] = opening, min(reasons, default=""), frozenset(writes)
        return self._fates[scope]

    def _set_by_pattern(self, scope: int, name: str) -> Value:
        """What an attribute may be set to by a name of which only a part is fixed."""
        return join(
            unknown("it is set by a partly computed name", site)
            for site in self._partly.get(scope, ())
            if re.fullmatch(self._pattern(site), name, re.DOTALL)
        )

    def _pattern(self, site: Site) -> str:
        name = arguments(self._index.facts[site.file], site.pc).positional[1][0]
        return pattern_of(self._program, site.file, name) or ".*"

    def _may_be(self, atom: Atom, scope: int) -> bool:
        """Whether an atom that stands for objects of the program's classes may stand for one of a class."""
        if atom[0] not in ("object", "heir"):
            return False
        return atom[1] == scope or (atom[0] == "heir" and atom[1] in self._program.hierarchy.order(scope))

    def is_application(self, scope: int) -> bool:
        """Whether a definition belongs to an application that is declared as one."""
        return self._program.is_application(self._index.file_of[scope])

    def field(self, scope: int, name: str) -> Value:
        """What an attribute of the objects of exactly one class holds."""
        here = self._index.definition(scope)
        opening, library, writes = self.fate(scope)
        if opening is not None:
            return unknown(f"objects of {self._index.name(scope)} can be had by unseen code: {opening[0]}", opening[1])
        for cls in self._program.hierarchy.order(scope):
            if isinstance(cls, str):
                if cls in ("abc.ABC", "typing.Generic", "typing.Protocol", "typing.NamedTuple", "<builtin>.object"):
                    continue
                if self._values.types.is_exception(cls) and not hasattr(OSError, name):
                    continue  # builtin exceptions set what they have themselves
                return unknown(f"its base {cls} may set it", here)
            if any(self._program.hierarchy.binds(cls, hook) for hook in (*_DYNAMIC, "__getattr__")):
                return unknown(f"{self._index.name(cls)} decides itself what its attributes are", here)
            if any(self._program.hierarchy.binds(cls, hook) for hook in _STATES):
                return unknown(f"{self._index.name(cls)} decides itself what its copies have", here)
        if self._is_refilled(scope):
            return unknown(f"something replaces the __dict__ of a {self._index.name(scope)}", here)
        order = self._program.hierarchy.order(scope)
        if not isinstance(self._program.hierarchy.owner(scope, name), int) and (
            hasattr(_NAMED_TUPLE if "typing.NamedTuple" in order else object, name)
            or any(isinstance(cls, int) and self._is_remade(cls) for cls in order)
        ):
            return unknown(f"{name} is not seen to be set on a {self._index.name(scope)}", here)
        found: list[Value] = [self._values.standins.of_variable(scope, name), self._set_by_pattern(scope, name)]
        stored = False
        for writer in self._index.attribute_writers.get(name, ()):
            for site in self._index.find(writer, ops.SET_ATTR, 4, name):
                code = self._index.facts[site.file].code
                # A library that is given an object may hand it to a function of the program.
                base = self._values.at(site.file, code[site.pc + 3])
                unseen = library and (is_unknown(base) or SOMETHING in base)
                if site in writes or unseen or any(self._may_be(atom, scope) for atom in base):
                    stored |= site in writes
                    if self._values._is_run(site):
                        found.append(self._values.at(site.file, code[site.pc + 5]))
        owner = self._program.hierarchy.owner(scope, name)
        fields = self._program.analysis.calls.fields(scope)
        position = fields.position(name)
        if position >= 0:
            found += self._constructed(scope, fields, position)
        elif isinstance(owner, int) and (
            owner in self._index.computed.get(name, ())
            or not (stored and self._has(scope, name, by_constructor=True))
            or self._construction.is_read_before(scope, name)
        ):
            found.append(self._looked_up(scope, name, ("object", scope), here))
        if library:
            found.append(of(("assumed", f"unseen code sets no attributes of objects that it has ({library})")))
        return join(found)

    @cached_property
    def _replacements(self) -> list[Site]:
        """The calls that may make an object like another one but for some fields."""
        names = {"replace", "_replace", "evolve", "__replace__"}
        names.update(
            imported.bound
            for fact in self._index.facts
            for imported in fact.imports
            if imported.name in ("replace", "evolve")
        )
        return [site for name in sorted(names) for site in self._index.calls_named(name)]

    def _constructed(self, scope: int, fields: Fields, position: int) -> Iterator[Value]:
        """What constructor calls put into a field of a dataclass or its like."""
        field = Site(fields.files[position], fields.parameters[position].default)
        return (attrs.kept(self._values, field, value) for value in self._given(scope, fields, position))

    def _given(self, scope: int, fields: Fields, position: int) -> Iterator[Value]:
        """What constructor calls are given for a field, defaults included."""
        file = fields.files[position]
        default = fields.parameters[position].default
        events = self._program.analysis.flow(("class", scope))
        opened = {event[1] for event in events if event[0] == "open"}
        if opened and all(reason.startswith(("public", "named ")) for reason in opened):
            held = trusted(self._values, scope, fields.fields[position])
            yield held or unknown("objects are made by unseen code", self._index.definition(scope))
            if held:
                seen = self._program.visible.flow(("class", scope))
                events = frozenset(event for event in seen if event[0] != "open")
        for event in events:
            match event:
                case ("call", int(caller), int(pc), _):
                    binding = bind(arguments(self._index.facts[caller], pc), fields.parameters, fields.names, 0)
                    site = Site(caller, pc)
                    if position in binding.unsure:
                        yield unknown("unpacked arguments: what they hold is not seen", site)
                    elif position in binding.given:
                        yield from (self._values.at(caller, value) for value in binding.given[position])
                    elif default >= 0:
                        yield self._default(file, default)
                case ("open" | "handed" | "partial" | "applied", *_):
                    yield unknown("objects are made by unseen code", self._index.definition(scope))
        for site in self._replacements:
            for given, value in arguments(self._index.facts[site.file], site.pc).keywords:
                if given is None:
                    yield unknown("unpacked arguments: what they hold is not seen", site)
                elif given == fields.names[position]:
                    yield self._values.at(site.file, value)

    def _default(self, file: int, default: int) -> Value:
        """The default of a field; of ``field(default_factory=...)`` what the factory makes."""
        fact = self._index.facts[file]
        if fact.code[default] == ops.CALL:
            for name, value in arguments(fact, default).keywords:
                if name in ("default_factory", "factory"):
                    factory = self._values.at(file, value)
                    if self._values.types.builtin(("box", file, default)) is not None:
                        return of(("box", file, default))  # all that it makes are one
                    return self._values.calls.result_of(factory, Site(file, default))
                if name == "default":
                    return self._values.at(file, value)
            return unknown("a field that its class makes", Site(file, default))
        return self._values.at(file, default)

    def receivers(self, scope: int, found: frozenset[Atom]) -> Value:
        """What ``self`` or ``cls`` can be in a method."""
        cls = self._index.enclosing_class(scope)
        if self._changes_itself(cls):
            return unknown(
                f"an object of {self._index.name(cls)} may be made one of another class", self._index.definition(cls)
            )
        kind = "heir" if self._program.analysis.is_classmethod(scope) is False else "subclass"
        exact = [("object" if kind == "heir" else "class", atom[1]) for atom in found if atom[0] != "unknown"]
        if len(exact) > _MOST_RECEIVERS or len(exact) < len(found) or self._program.openings.extension(cls) is not None:
            return of((kind, cls))
        made = [atom for atom in exact if len(exact) == 1 or atom[0] == "class" or self._is_made(atom[1])]
        return of(*(made or exact))

    def _is_made(self, cls: int) -> bool:
        """Whether anything may make an object of exactly a class."""
        events = self._program.analysis.flow(("class", cls))
        return any(event[0] in ("call", "open", "handed", "partial", "applied") for event in events)

    def _changes_itself(self, cls: int) -> bool:
        """Whether methods of a class or of those above and below it make ``self`` an object of another class."""
        order = self._program.hierarchy.order
        return any(
            (own := self._index.enclosing_class(writer)) >= 0 and (own in order(cls) or cls in order(own))
            for writer in self._index.attribute_writers.get("__class__", ())
        )

    # Which attributes are there

    def is_certain(self, atom: Atom, name: str, site: Site) -> bool:
        """Whether all objects of an atom surely have an attribute when they come to an instruction."""
        match atom:
            case ("object" | "heir", int(scope)):
                if atom[0] == "heir" and self._program.openings.extension(scope) is not None:
                    return self._in_body(scope, name)
                heirs = self._program.hierarchy.subclasses(scope) if atom[0] == "heir" else ()
                return all(self._is_there(cls, name, site) for cls in (scope, *heirs))
            case ("member", int(scope), _):
                return name in ("name", "value") or self._in_body(scope, name)
            case ("class" | "subclass", int(scope)):
                return self._in_body(scope, name)
            case ("module", int(file)):
                return self._is_defined(file, name, site)
            case ("mock", *_):
                plain = not (name.startswith(("_", "assert")) or self._is_deleted(name))
                return plain and self._values.mocks.has_all(atom)
            case ("parsed", *_):
                return argparse.is_there(self._values, atom, name, site)
        own = self._values.types.builtin(atom)
        return own is not None and hasattr(own, name) and name not in _LATE

    def _is_there(self, scope: int, name: str, site: Site) -> bool:
        """Whether objects of exactly one class surely have an attribute when they come to an instruction."""
        if not self._has(scope, name, by_constructor=False):
            return False
        if self._in_body(scope, name):
            return True
        function = self._index.scope_at(site)
        while function >= 0 and self._index.name(function) not in _UNWINDING:
            function = self._index.parent(function)
        is_over = self._construction.makes(scope, name) or self._construction.is_over(scope, name, site)
        return function < 0 and is_over and self.fate(scope)[0] is None and not self._is_made_otherwise(scope)

    def _is_made_otherwise(self, scope: int) -> bool:
        """Whether objects of a class may be made without its constructor: by ``__new__`` or as copies that leave parts out."""
        if scope not in self._otherwise:
            self._otherwise[scope] = any(self._news(scope)) or any(self._copies(scope))
        return self._otherwise[scope]

    def _news(self, scope: int) -> Iterator[bool]:
        """For each use of ``__new__`` whether it may make an object of a class."""
        for site in self._index.attribute_reads("__new__"):
            base = Site(site.file, self._index.facts[site.file].code[site.pc + 3])
            cls = self._index.enclosing_class(self._index.scope_at(site))
            made = self._program.names.static(base)
            if made and all(value[0] == "class" for value in made):
                yield any(value[1] == scope for value in made)
            elif cls >= 0:
                order = self._program.hierarchy.order
                yield cls in order(scope) or scope in order(cls)
            else:
                yield True

    def _copies(self, scope: int) -> Iterator[bool]:
        """Whether objects of a class that decides itself what is copied of it are copied."""
        order = self._program.hierarchy.order(scope)
        if any(
            isinstance(cls, int) and any(self._program.hierarchy.binds(cls, hook) for hook in _COPYING) for cls in order
        ):
            opening, library, _ = self.fate(scope)
            yield bool(opening or library)
            for name in ("copy", "deepcopy"):
                for site in self._index.calls_named(name):
                    given = self._index.facts[site.file].code[site.pc + 7]
                    if self._index.facts[site.file].code[site.pc + 6]:
                        value = self._program.analysis.solver.solve(("value", site.file, given))
                        yield any(atom == ("unknown",) or (atom[0] == "object" and atom[1] == scope) for atom in value)

    def _is_defined(self, file: int, name: str, site: Site) -> bool:
        """Whether the top level of a module surely binds a name, nothing deletes it, and it is through by then."""
        fact = self._index.facts[file]
        scope = self._index.base[file]
        stores = self._index.scopes[scope].bound.get(fact.name_index.get(name, -1), ())
        outer = [pc for pc in stores if not any(start < pc < end for start, end in fact.blocks(0))]
        kept = all(fact.code[pc] != ops.DEL_NAME for pc in stores) and not self._is_deleted(name)
        return bool(outer) and kept and site.file not in self._imported_by(file)

    def _imported_by(self, file: int) -> set[int]:
        """The modules that may run while a module is imported, itself included."""
        found = {file}
        waiting = [file]
        while waiting:
            importer = waiting.pop()
            for number in range(len(self._index.facts[importer].imports)):
                for value in self._program.names.module(self._index.target_module(importer, number)):
                    if value[0] == "module" and value[1] not in found:
                        found.add(value[1])
                        waiting.append(value[1])
        return found

    def _in_body(self, scope: int, name: str) -> bool:
        """Whether a class body along the order surely binds the name."""
        for cls in self._program.hierarchy.order(scope):
            if isinstance(cls, int) and self._program.hierarchy.binds(cls, name):
                file = self._index.file_of[cls]
                fact = self._index.facts[file]
                blocks = fact.blocks(cls - self._index.base[file])
                stores = self._index.scopes[cls].bound[fact.name_index[name]]
                kinds = [fact.code[pc] for pc in stores]
                # What is computed may raise AttributeError.
                if ops.DEL_NAME in kinds or self._is_deleted(name) or cls in self._index.computed.get(name, ()):
                    return False
                is_model = self._program.analysis.calls.is_model(cls)
                return any(
                    kind == ops.STORE
                    and not any(start < pc < end for start, end in blocks)
                    and not (is_model and fact.code[fact.code[pc + 4]] == ops.CALL)  # field() leaves nothing behind
                    for kind, pc in zip(kinds, stores, strict=True)
                )
        return False

    def _is_deleted(self, name: str) -> bool:
        return any(True for writer in self._index.attribute_writers.get(name, ()) for _ in self._index.find(writer, ops.DEL_ATTR, 4, name)) or (
            "delattr" in self._index.readers
        )  # fmt: skip

    def _has(self, scope: int, name: str, by_constructor: bool) -> bool:
        key = (scope, name if not by_constructor else f"{name}()")
        if key not in self._sure:
            self._sure[key] = False  # a constructor that calls itself sets nothing
            self._sure[key] = self._surely_has(scope, name, by_constructor)
        return self._sure[key]

    def _is_refilled(self, scope: int) -> bool:
        """Whether an assignment to ``__dict__`` may give an object of a class other attributes."""
        for writer in self._index.attribute_writers.get("__dict__", ()):
            for site in self._index.find(writer, ops.SET_ATTR, 4, "__dict__"):
                base = Site(site.file, self._index.facts[site.file].code[site.pc + 3])
                cls = self._index.enclosing_class(self._index.home(base)) if self.is_receiver(base) else -1
                if (
                    cls < 0
                    or cls in self._program.hierarchy.order(scope)
                    or scope in self._program.hierarchy.order(cls)
                ):
                    return True
        return False

    def _surely_has(self, scope: int, name: str, by_constructor: bool) -> bool:
        hierarchy = self._program.hierarchy
        order = hierarchy.order(scope)
        if any(isinstance(cls, int) and any(hierarchy.binds(cls, hook) for hook in _DYNAMIC) for cls in order):
            return False
        if self._is_deleted(name) or self._is_refilled(scope):
            return False
        if not by_constructor and self._in_body(scope, name):
            return True
        if self._construction.makes(scope, name):
            return True
        if any(isinstance(cls, int) and hierarchy.binds(cls, "__new__") for cls in order):
            return False
        return self._construction.sets(scope, name)

    # Variables of modules and classes

    def bound(self, scope: int, name: str) -> Value | None:
        """A variable of a module or class that unseen code may rebind; None where all that binds it is seen."""
        record = self._index.scopes[scope]
        file = self._index.file_of[scope]
        fact = self._index.facts[file]
        stores = record.bound.get(fact.name_index.get(name, -1), ())
        here = Site(file, stores[0] if stores else record.start)
        if self._is_static(fact, stores):
            return None
        if record.kind == data.MODULE and None in self._program.names.star_targets(file):
            return unknown("a star import of unknown code may bind it", here)
        opening = next(self._program.openings.of_variable(scope, name), None)
        if opening is not None:
            return unknown(opening, here)
        handed = self._program.names.handed_on(file) if record.kind == data.MODULE else None
        return None if handed is None else unknown("its module is given to code that may set it", handed)

    def _is_static(self, fact: data.Facts, stores: Sequence[int]) -> bool:
        """Whether a variable is one definition or import, which code does not rebind in passing."""
        return (
            len(stores) == 1
            and fact.code[stores[0]] == ops.STORE
            and fact.code[stores[0] + 5] in (ops.IMPORT, ops.DEFINITION)
        )

    def outside_writes(self, file: int, name: str, here: Site) -> Iterator[Value]:
        """What other modules put into a module, and star imports bring."""
        yield from self._module_writes(file, name)
        for target in self._program.names.star_targets(file):
            if target is None:
                yield unknown("a star import of unknown code may bind it", here)
            elif self._program.names.exports(target, name):
                yield self._member(target, name, here)

    def _module_writes(self, file: int, name: str) -> Iterator[Value]:
        """What code sets a name of a module to; anything where code that has the module as a value may be what sets it."""
        handed = self._program.names.handed_on(file)
        for writer in self._index.attribute_writers.get(name, ()):
            for site in self._index.find(writer, ops.SET_ATTR, 4, name):
                code = self._index.facts[site.file].code
                base = Site(site.file, code[site.pc + 3])
                known = self._program.names.static(base)
                if ("module", file) in known:
                    yield self._values.at(site.file, code[site.pc + 5])
                elif handed is not None and ("unknown",) in known and not self.is_receiver(base):
                    yield unknown("its module is given to code that may set it", handed)

    def is_receiver(self, site: Site) -> bool:
        """Whether a name is that of the object in a method, which is no module."""
        code = self._index.facts[site.file].code
        home = self._index.home(site) if code[site.pc] == ops.NAME else -1
        first = self._index.scopes[home].parameters[:1] if home >= 0 and self._index.enclosing_class(home) >= 0 else []
        return [parameter.name for parameter in first] == [code[site.pc + 3]]

    def _member(self, file: int, name: str, site: Site) -> Value:
        scope = self._index.base[file]
        fact = self._index.facts[file]
        if fact.name_index.get(name, -1) in self._index.scopes[scope].bound:
            return self._values.read(("variable", scope, name))
        return self._static(self._program.names.member(file, name), site)

    # Enumerations

    def members(self, scope: int) -> list[str] | None:
        """The members of an enumeration of the program; None where a class is none or makes them in its own way."""
        hierarchy = self._program.hierarchy
        order = hierarchy.order(scope)
        if set(ENUMS).isdisjoint(order) or "enum.Flag" in order or "enum.IntFlag" in order:
            return None
        fact = self._index.facts[self._index.file_of[scope]]
        record = self._index.scopes[scope]
        found = []
        for name, stores in record.bound.items():
            text = fact.names[name]
            if text.startswith("_") or not all(fact.code[pc] == ops.STORE for pc in stores):
                continue
            if all(fact.code[fact.code[pc + 4]] not in (ops.FUNCTION, ops.CLASS, ops.LAMBDA) for pc in stores):
                found.append(text)
        return found

    def _made_with_members(self, scope: int, name: str) -> Value:
        """An attribute that the constructor of an enumeration gives each member; nothing where that does not surely set it."""
        order = self._program.hierarchy.order(scope)
        hooks = ("__new__", "__getattr__", *_DYNAMIC)
        if any(
            isinstance(cls, int) and any(self._program.hierarchy.binds(cls, hook) for hook in hooks) for cls in order
        ):
            return NOTHING
        if name in (self.members(scope) or [name]) or not self._construction.sets(scope, name):
            return NOTHING
        opening, library, _ = self.fate(scope)
        if opening is not None or library.removeprefix("made by its base enum.Enum"):
            return NOTHING
        found = [self._values.standins.of_variable(scope, name), self._set_by_pattern(scope, name)]
        for writer in self._index.attribute_writers.get(name, ()):
            for site in self._index.find(writer, ops.SET_ATTR, 4, name):
                code = self._index.facts[site.file].code
                base = self._values.at(site.file, code[site.pc + 3])
                if is_unknown(base) or SOMETHING in base:
                    return unknown(f"{name} of what is not known is set", site)
                if any(self._may_be(atom, scope) or atom[:2] == ("member", scope) for atom in base):
                    found.append(self._values.at(site.file, code[site.pc + 5]))
        return join(found)

    def _of_member(self, scope: int, member: str, name: str) -> Value:
        return of(("constant", "str", member)) if name == "name" else self.member_value(scope, member)

    def member_value(self, scope: int, member: str) -> Value:
        """The value of a member of an enumeration."""
        fact = self._index.facts[self._index.file_of[scope]]
        stores = self._index.scopes[scope].bound[fact.name_index[member]]
        here = self._index.definition(scope)
        if any(
            isinstance(c, int) and self._program.hierarchy.binds(c, "__new__")
            for c in self._program.hierarchy.order(scope)
        ):
            return unknown("an enumeration that makes its members itself", here)
        value = self._values.at(self._index.file_of[scope], fact.code[stores[0] + 4])
        return value if all(atom[0] == "constant" for atom in value) else unknown("the value of a member", here)


__all__ = ["Attributes", "Event"]
