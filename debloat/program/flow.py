"""Forwards: where a function, class, object or container goes, and what is done with it there.

The node ``("flow", thing)`` is solved to a set of events; a thing may also be ("made", file, pc), what that CALL of the library
gives:

    ("call", file, pc, skip)   called by that CALL, ``skip`` parameters being bound already
    ("handed", file, pc, skip) called by library code that the CALL hands it to, with unknown arguments
    ("partial", file, pc, skip)  called through ``functools.partial`` made there
    ("applied", file, pc, skip, decorator)  called as that decorator of the FUNCTION or CLASS there
    ("read", file, pc, name)   an attribute of it is read; ("write", file, pc, name) set or deleted
    ("invoke", file, pc, name) a method of a container is called by that CALL
    ("put", file, pc)          a SET_ITEM on a container; ("drop", file, pc) a DEL_ITEM
    ("grown", file, pc)        it may be what an augmented assignment adds to
    ("whole", file, pc)        an object is compared, hashed, shown, unpacked or replaced, which may ask for all that it has
    ("unfolded", file, pc)     all that an object has in its fields is copied into a container
    ("valued", file, pc)       a function is used there as a value, by another name or by what its name is bound to
    ("open", reason, file, pc) it reaches code that cannot be seen

A thing inside a container is followed with the container, so a flow may be too wide, never too narrow; what is had from it is the
thing only where as many containers are left as went around it. What is too wide
to follow is open, and what is open for all purposes is not followed further: most flows are, and those are the wide
ones. One step from a place to the next is a node of its own, ("step", *place), shared by all things that pass
there; a flow is what can be reached over the steps. A place is (kind of thing, "value", file, pc, inside, bound), or
"variable", scope, name or "field", class, name instead: ``inside`` how many containers the thing is in there (-1 - n: it is the item n of a tuple), ``bound`` if it is
a method that has its receiver.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from debloat.facts import data, ops
from debloat.program import parsers
from debloat.program.binding import Arguments, arguments, bind
from debloat.program.depth import deeper, displayed, elements, given_back, plain
from debloat.program.externals import (
    AWAITING,
    CACHES,
    CALLING,
    COMPARISONS,
    CONSTRUCTORS,
    CONTAINER_ATTRIBUTES,
    CONTAINER_METHODS,
    COPIES,
    COPYING,
    ELEMENTS,
    GIVES_BACK,
    INERT,
    INSTANCE_CHECKS,
    KEEPING,
    OPERATORS,
    PASSING,
    READING,
    REVEALING,
    STORING,
    SUBSCRIPTS,
    UNASKING,
    UNFOLDING,
    is_runner,
    makes_objects,
)
from debloat.program.index import Site
from debloat.program.reasons import KEPT, PARTLY_SET
from debloat.program.solver import NOTHING, TOP, UNKNOWN, Value, Values

if TYPE_CHECKING:
    from debloat.program.pointsto import PointsTo

_WIDEST = 400  # places
_WIDEST_OF_SMALL = 3000  # what a program with few scopes can afford
_FEW = 2_500
_ITERATORS = frozenset(f"<builtin>.{name}" for name in ("iter", "reversed", "enumerate", "zip", "map", "filter"))
# Methods that put the elements of what they are given into a container, not that itself.
_EXTENDING = frozenset({"extend", "extendleft", "update"})
# What values may be of a kind of thing, and which of them hold nothing that is followed with them.
_KINDS = {
    "function": frozenset({"function", "method", "partial"}),
    "class": frozenset({"class"}),
    "object": frozenset({"object"}),
    "box": frozenset({"box", "any", "items", "keys", "pair", "rest", "from", "generator"}),
    "made": frozenset({"result"}),
}
_EMPTY = frozenset({"function", "class", "constant", "builtin"})
_MOST_SITES = 1500  # attribute reads of one name


class Flow:
    """The part of the points-to analysis that goes forwards."""

    def __init__(self, analysis: PointsTo, is_final: Callable[[Value, Value, bool], bool]) -> None:
        self._analysis = analysis
        self._index = analysis.index
        self._is_final = is_final
        self._widest = _WIDEST_OF_SMALL if len(analysis.index.scopes) < _FEW else _WIDEST
        self._walks: dict[tuple[Value, bool], tuple[set[Value], set[Value]]] = {}
        self._ended: dict[tuple[Value, bool], Values] = {}

    def flow(self, thing: Value, whole: bool = False) -> Values:
        """The events of a thing, as far as everything that they rest on is solved; one at which it is open is enough.

        If ``whole``, it is not, unless that is all that matters to those who care how it is open.
        """
        if thing[0] in ("function", "class"):
            opened = frozenset(("open", reason, *site) for reason, site in self._analysis.openings(thing[1]))
            if opened:
                return opened
        walk = thing, whole
        if walk in self._ended:
            return self._ended[walk]
        # What was reached stays reached: another look goes on from what has grown since.
        news = self._analysis.solver.news(("flow", thing, True) if whole else ("flow", thing))
        seen, events = self._walks.setdefault(walk, (set(), set()))
        waiting: list[Value] = news if seen else [("start", *thing)]
        known = len(events)
        while waiting and len(seen) <= self._widest:
            for reached in self._analysis.read(waiting.pop()):
                if reached[0] != "step":
                    events.add(reached)
                    if reached[0] == "open" and self._is_final(thing, reached, whole):
                        return self._end(walk, frozenset({reached}))
                elif reached not in seen:
                    seen.add(reached)
                    waiting.append(reached)
        if len(seen) > self._widest:
            site = Site(*thing[1:]) if thing[0] in ("box", "made") else self._index.definition(thing[1])
            return self._end(walk, frozenset({*events, ("open", "followed too far", *site)}))
        return frozenset(events) if len(events) > known else NOTHING  # what was known is known

    def _end(self, walk: tuple[Value, bool], events: Values) -> Values:
        """Give up a walk: nothing that is found later would change what it gives."""
        del self._walks[walk]
        self._ended[walk] = events
        return events

    def unseen(self, kind: str, cls: int) -> Values:
        """One place where a class, or an object of it, or of a subclass, reaches code that cannot be seen, if any does."""
        known = self._analysis.read(("unseen", kind, cls))
        if known:
            return known  # one is enough
        for heir in (cls, *self._analysis.hierarchy.subclasses(cls)):
            events = self._analysis.read(("flow", (kind, heir)))
            opened = [event for event in events if event[0] == "open" and not is_runner(event[1])]
            if opened:
                return frozenset({min(opened)})
        return NOTHING

    def start(self, *thing: str | int) -> Values:
        """The first places of a thing."""
        step = _Step(self._analysis, str(thing[0]))
        step.start(thing)
        return frozenset(step.found)

    def bases(self, name: str) -> Values:
        """Of what an attribute of a name is read: (value, site)."""
        return self._paired(
            (site, self._index.facts[site.file].code[site.pc + 3]) for site in self._index.attribute_reads(name)
        )

    def takes(self) -> Values:
        """Of what code takes the class: (value, site)."""
        return self._paired(self._index.class_reads)

    def _paired(self, reads: Iterable[tuple[Site, int]]) -> Values:
        return frozenset((value, site) for site, base in reads for value in self._analysis.at(site.file, base))

    def sites(self, kind: str, scope: int) -> Values:
        """Where an attribute of a class, its subclasses or their objects is read or set; unknown if one of them is open."""
        found: set[Value] = set()
        for cls in (scope, *self._analysis.hierarchy.subclasses(scope)):
            for event in self._analysis.read(("flow", (kind, cls))):
                if event[0] == "open" and not is_runner(event[1]):
                    return TOP
                if event[0] in ("read", "write"):
                    found.add(event[1:3])
        return frozenset(found)

    def step(self, kind: str, where: str, *place: Any) -> Values:
        """The places that follow a place, and what happens there."""
        step = _Step(self._analysis, kind)
        step.take(where, *place)
        return frozenset(step.found)


class _Step:
    """The places next to one place, for one kind of thing."""

    def __init__(self, analysis: PointsTo, kind: str) -> None:
        self._analysis = analysis
        self._index = analysis.index
        self._kind = kind
        self.found: set[Value] = set()

    def take(self, where: str, at: int, what: Any, inside: int, bound: bool) -> None:
        """Go on from a place."""
        match where:
            case "variable":
                self._variable(at, what, inside, bound)
            case "field":
                self._attribute(what, inside, [("object", at), ("class", at)], None)
            case "star":
                self._exported(at, what, inside, bound)
            case _:
                self._used(at, what, inside, bound)

    def _go(self, where: str, at: int, what: int | str, inside: int, bound: bool = False) -> None:
        self.found.add(("step", self._kind, where, at, what, inside, bound))

    def _open(self, reason: str, file: int, pc: int) -> None:
        self.found.add(("open", reason, file, pc))

    def _whole(self, file: int, pc: int) -> None:
        """An object, or a container with it, is looked at as a whole."""
        if self._kind == "object":
            self.found.add(("whole", file, pc))

    # Where it begins

    def start(self, thing: Value) -> None:
        """Where a thing is made, and where it is received without being passed."""
        match thing:
            case ("function", int(scope)):
                self._defined(thing, scope)
            case ("class", int(scope)):
                self._defined(thing, scope)
                self._received(scope, "class")
                self._taken(scope)
            case ("object", int(scope)):
                self._created(scope)
                self._received(scope, "object")
            case ("box" | "made", int(file), int(pc)):
                self._go("value", file, pc, inside=0)

    def _defined(self, thing: Value, scope: int) -> None:
        """A definition: bound to its name, or handed to its decorators."""
        file, pc = self._index.definition(scope)
        if self._index.scopes[scope].kind == data.LAMBDA:
            self._go("value", file, pc, inside=0)
            return
        if self._index.scopes[scope].kind == data.CLASS:
            for site in self._analysis.calls.decorator_sites(scope):
                if not self._analysis.calls.transparent(site):
                    self._decorated(site)
        else:
            for site, given in self._analysis.calls.stages(scope):
                if thing in given:
                    self._decorated(site)
            self._implicit(scope)
        if thing in self._analysis.at(file, pc):
            self._go("value", file, pc, inside=0)

    def _implicit(self, scope: int) -> None:
        """Constructors run when the class is called, ``__call__`` when the object is, methods when unseen code has it."""
        name = self._index.name(scope)
        cls = self._index.enclosing_class(scope)
        if cls < 0:
            return
        if self._analysis.calls.assigns(scope):
            self._open("a property: assigning or deleting the attribute calls it", *self._index.definition(scope))
        kind = "class" if name in ("__init__", "__new__") else "object"
        for event in self._analysis.read(("unseen", kind, cls)):
            self._open(f"escapes: {event[1]}", *event[2:])
        for heir in (cls, *self._analysis.hierarchy.subclasses(cls)) if name in CONSTRUCTORS else ():
            if self._analysis.hierarchy.owner(heir, name) == cls:
                for event in self._analysis.read(("flow", (kind, heir))):
                    if event[0] in ("call", "handed", "partial"):
                        self.found.add((event[0], event[1], event[2], 1))
                    elif event[0] == "applied":
                        self.found.add((*event[:3], 1, event[4]))

    def _decorated(self, site: Site) -> None:
        for decorator in self._analysis.at(*site):
            targets = list(self._analysis.calls.functions(decorator))
            for target, skip in targets:
                self._into(target, skip, inside=0)
            if not targets:
                self._open("decorated", *site)

    def _received(self, scope: int, kind: str) -> None:
        """The first parameter of the methods that an object or class may be the receiver of."""
        for cls in self._analysis.hierarchy.order(scope):
            if isinstance(cls, int):
                for method in self._index.children.get(cls, ()):
                    record = self._index.scopes[method]
                    if record.kind == data.FUNCTION and record.parameters:
                        if "<builtin>.staticmethod" in self._analysis.calls.decorators(method):
                            continue
                        if (kind == "class") == self._analysis.is_classmethod(method):
                            self._into(method, 0, inside=0)
                        if kind == "object" and self._index.name(method) in COMPARISONS:
                            self._into(method, 1, inside=0)  # sorting and searching compare what is alike

    def _taken(self, scope: int) -> None:
        """Where the class is taken from one of its objects: ``type(x)``, ``x.__class__``."""
        thing: Value = ("object", scope)
        reached = self._reached([thing])
        sites = _by_base(self._analysis.read(("takes",)))
        unknown = [site for site in sites.get(UNKNOWN, ()) if reached is None or site in reached]
        for site in (*sites.get(thing, ()), *unknown):
            self._go("value", site.file, site.pc, inside=0)

    def _created(self, scope: int) -> None:
        for base in self._analysis.hierarchy.outside(scope):
            if makes_objects(base):
                self._open(f"made by its base {base}", *self._index.definition(scope))
        if self._index.named_class(scope):
            self._open("made through __class__", *self._index.definition(scope))
        for event in self._analysis.read(("flow", ("class", scope))):
            match event:
                case ("call", int(file), int(pc), _):
                    self._go("value", file, pc, inside=0)
                case ("open", str(reason), *_):
                    if not is_runner(reason):
                        self.found.add(event)
                case ("handed" | "partial", int(file), int(pc), _):
                    self._open("made by library code", file, pc)
                case ("applied", int(file), int(pc), *_):
                    self._go("value", file, pc, inside=0)

    # Variables

    def _variable(self, scope: int, name: str, inside: int, bound: bool) -> None:
        file = self._index.file_of[scope]
        for pc in self._index.variable_reads(scope, name):
            self._go("value", file, pc, inside, bound)
        kind = self._index.scopes[scope].kind
        if self._index.scopes[scope].flags & data.GIVES_FRAME:
            self._open("kept in a variable that its function reads by name", file, self._index.scopes[scope].start)
        if kind == data.MODULE:
            self._exported(file, name, inside, bound)
        elif kind == data.CLASS:
            self._attribute(name, inside, [("object", scope), ("class", scope)], scope)

    def _exported(self, file: int, name: str, inside: int, bound: bool) -> None:
        """A module's variable: imported by name or star, or read as an attribute of the module."""
        if handed := self._analysis.names.handed_on(file):
            self._open("kept in a module that unknown code has", *handed)
        for importer, number in self._index.importers.get(name, ()):
            modules = self._analysis.names.module(self._index.target_module(importer, number))
            if ("module", file) in modules:
                imported = self._index.facts[importer].imports[number]
                local = self._index.base[importer] + imported.scope
                index = self._index.facts[importer].name_index[imported.bound]
                home = self._index.resolve(local, index)
                self._go("variable", home if home >= 0 else local, imported.bound, inside, bound)
        if self._analysis.names.exports(file, name):
            for importer in self._analysis.names.star_importers(file):
                for pc in self._index.unbound_reads(importer, name):
                    self._go("value", importer, pc, inside, bound)
                self._go("star", importer, name, inside, bound)
        by_base = _by_base(self._analysis.read(("bases", name))) if any(self._reads(name)) else {}
        own = by_base.get(("module", file), ())
        for site in own:
            self._go("value", *site, inside, bound)
        for site in by_base.get(UNKNOWN, ()) if self._analysis.names.escapes(file) else ():
            if site not in own:
                self._open("read from a module that is used as a value", *site)

    def _reads(self, name: str) -> Iterator[Site]:
        sites = self._index.attribute_reads(name)
        if len(sites) > _MOST_SITES:
            self._open("too many reads to follow", *sites[0])
            return
        yield from sites

    def _attribute(self, name: str, inside: int, owners: list[Value], binding: int | None) -> None:
        """Reads of an attribute of the owners.

        ``binding`` is the class whose body binds the name. An unknown receiver may be an owner if an owner is open.
        """
        family = set(owners)
        for kind, scope in owners:
            for heir in self._analysis.hierarchy.subclasses(scope):
                family.add((kind, heir))
        trusted = binding is None and self._analysis.trusts(owners[0][1], name)
        if not trusted and not self._defines(binding, name) and self._reached(family) is None:
            self._open(KEPT, *self._index.definition(owners[0][1]))
        method = self._kind == "function" and binding is not None and not inside
        if len(self._index.attribute_reads(name)) > _MOST_SITES:
            self._open("too many reads to follow", *self._index.attribute_reads(name)[0])
            return
        by_base = _by_base(self._analysis.read(("bases", name)))
        supers = {site for base, found in by_base.items() if base[0] == "super" for site in found}
        sites = {
            site
            for base, found in by_base.items()
            if base in family or (base[0] == "super" and base[2] in family)
            for site in found
        }
        for site in sites:
            if not method:
                self._go("value", site.file, site.pc, inside)
            elif self._is_property(binding, name):
                self.found.add(("read", *site, name))
            else:
                for value in self._analysis.at(*site):
                    # What super() finds is another class's method by the same name, unless it is the very one.
                    other = value[0] == "method" and self._index.enclosing_class(value[1]) not in (binding, -1)
                    if value[0] in ("function", "method") and not (other and site in supers):
                        self._go("value", site.file, site.pc, inside, bound=value[0] == "method")
        if not method and (self._kind != "box" or inside):
            for site in self._unfolded(family):
                self._open("copied with what has it", *site)
        unknown = [site for site in by_base.get(UNKNOWN, ()) if site not in sites]
        reached = self._reached(owners) if unknown else None
        for site in unknown:
            if reached is None or site in reached:
                if method:
                    self._open("unknown receiver", *site)
                else:
                    self._go("value", site.file, site.pc, inside)

    def _unfolded(self, family: Iterable[Value]) -> Iterator[Site]:
        """Where all that objects have in their fields is copied."""
        if any(self._index.calls_named(name.rpartition(".")[2]) for name in UNFOLDING):
            for owner in family:
                for event in self._analysis.read(("flow", owner)) if owner[0] == "object" else ():
                    if event[0] == "unfolded":
                        yield Site(event[1], event[2])

    def _defines(self, cls: int | None, name: str) -> bool:
        """Whether a class body binds the name by definitions alone; what they define has its own openings."""
        if cls is None:
            return False
        fact = self._index.facts[self._index.file_of[cls]]
        stores = self._index.scopes[cls].bound[fact.name_index[name]]
        return all(fact.code[pc] == ops.STORE and fact.code[pc + 5] == ops.DEFINITION for pc in stores)

    def _is_property(self, cls: int | None, name: str) -> bool:
        return cls is not None and any(
            value[0] == "function" and self._analysis.is_property(value[1])
            for value in self._analysis.names.variable(cls, name)
        )

    def _reached(self, owners: Iterable[Value]) -> Values | None:
        """The sites of attributes at which an unknown value may be one of the owners; None for everywhere."""
        found: set[Value] = set()
        for owner in owners:
            found |= self._analysis.read(("sites", *owner))
        return None if UNKNOWN in found else frozenset(found)

    # Uses of a value

    def _used(self, file: int, value: int, inside: int, bound: bool) -> None:
        scope = self._index.scope_at(Site(file, value))
        fact = self._index.facts[file]
        for pc in fact.consumers(scope - self._index.base[file]).get(value, ()):
            self._use(scope, file, pc, value, inside, bound)
        for local, position in fact.defaults.get(value, ()):
            self._into_parameter(self._index.base[file] + local, position, inside, bound)

    def _use(self, scope: int, file: int, pc: int, value: int, inside: int, bound: bool) -> None:
        fact = self._index.facts[file]
        code = fact.code
        if self._kind == "function" and not _by_name(code, pc, value):
            self.found.add(("valued", file, pc))
        match code[pc]:
            case ops.STORE:
                home = self._index.resolve(scope, code[pc + 3])
                self._go("variable", home if home >= 0 else scope, fact.names[code[pc + 3]], inside, bound)
            case ops.CALL:
                self._call(file, pc, value, inside, bound)
            case ops.ATTR:
                self._attribute_read(file, pc, inside)
            case ops.SET_ATTR:
                self._attribute_set(file, pc, value, inside)
            case ops.DEL_ATTR:
                self.found.add(("write", file, pc, fact.names[code[pc + 4]]))
            case ops.SET_ITEM:
                if code[pc + 3] == value:
                    self.found.add(("put", file, pc))
                if code[pc + 5] == value or code[pc + 4] == value:
                    self._contained(file, code[pc + 3], pc, deeper(inside))
                if code[pc + 4] == value:
                    self._operand(SUBSCRIPTS, inside)
                    self._whole(file, pc)
            case ops.RETURN if self._index.scopes[scope].flags & data.GENERATOR:
                self._open("returned by a generator", file, pc)
            case ops.RETURN:
                self._returned(scope, file, pc, inside, bound)
            case ops.YIELD | ops.YIELD_FROM:
                self._yielded(scope, file, pc, inside, bound)
            case ops.SEQUENCE | ops.DICT:
                for depth in displayed(code, pc, value, inside):
                    self._go("value", file, pc, depth)
                if _hashes(code, pc, value):
                    self._whole(file, pc)
                if self._index.scopes[scope].kind == data.COMPREHENSION and code[pc] == ops.DICT:
                    self._yielded(scope, file, pc, inside, bound)
            case ops.SUBSCRIPT if code[pc + 3] == value:
                if inside:
                    self._had(file, pc, self._under(file, code[pc + 4], inside), bound)
                elif self._kind == "class":
                    self._go("value", file, pc, inside=0)  # Generic[T] is the class to those who call it
                else:
                    self._whole(file, pc)
            case ops.DEL_ITEM if code[pc + 3] == value:
                self.found.add(("drop", file, pc))
            case ops.SUBSCRIPT | ops.DEL_ITEM:
                self._operand(SUBSCRIPTS, inside)
                self._whole(file, pc)
                if code[pc] == ops.SUBSCRIPT and any(
                    base[0] in ("external", "class") for base in self._analysis.at(file, code[pc + 3])
                ):
                    self._go("value", file, pc, deeper(inside))  # a generic type keeps its arguments
            case ops.ELEMENT | ops.ITEM:
                if inside:
                    at = code[pc + 4] if code[pc] == ops.ITEM else None
                    if at is None or not code[pc + 5]:
                        self._had(file, pc, elements(inside, at), bound)
                    else:
                        self._had(file, pc, {plain(inside)}, bound)
                else:
                    self._whole(file, pc)
            case ops.COMPREHENSION:
                if inside:
                    self._iterated(file, code[pc + 4], inside, bound)
                else:
                    self._whole(file, pc)
            case ops.FSTRING:
                self._whole(file, pc)
            case ops.BOOL | ops.CONDITIONAL | ops.AWAIT | ops.ENTER:
                if code[pc] != ops.CONDITIONAL or value != code[pc + 3]:
                    self._go("value", file, pc, inside, bound)
            case ops.STAR:  # stands for each of the elements
                for depth in elements(inside):
                    self._go("value", file, pc, depth, bound)
                if not inside:
                    self._whole(file, pc)
            case ops.BINARY:
                self._operand(OPERATORS, inside)
                self._whole(file, pc)
                may_grow = self._kind in ("box", "made") and not inside
                if may_grow and code[pc + 4] == value and self._is_stored(scope, file, pc):
                    self.found.add(("grown", file, pc))
                if inside or self._kind in ("box", "class"):
                    self._go("value", file, pc, plain(inside) or int(self._kind == "class"))
                elif UNKNOWN in self._analysis.at(file, code[pc + 4]) | self._analysis.at(file, code[pc + 5]):
                    self._open("operand of an unknown operator", file, pc)
            case ops.COMPARE if any(
                code[at] not in (ops.IS, ops.IS_NOT) for at in range(pc + 7, pc + 7 + 2 * code[pc + 6], 2)
            ):
                self._operand(COMPARISONS, inside)
                self._whole(file, pc)
            case ops.MATCHES if code[pc + 4] == value:
                self._operand(COMPARISONS, inside)
                if any(code[at] == ops.EQUAL for at in range(pc + 6, pc + 6 + 2 * code[pc + 5], 2)):
                    self._whole(file, pc)
            case ops.RAISE:
                self._open("raised", file, pc)
            case ops.FUNCTION | ops.CLASS:
                self._at_definition(file, pc, value, bound)
            case ops.ANNOTATION:
                self._annotates(scope, file, pc, value)

    def _is_stored(self, scope: int, file: int, value: int) -> bool:
        """Whether a value is assigned, as that of an augmented assignment is."""
        fact = self._index.facts[file]
        users = fact.consumers(scope - self._index.base[file]).get(value, ())
        return any(fact.code[user] in (ops.STORE, ops.SET_ATTR, ops.SET_ITEM) for user in users)

    def _operand(self, names: Iterable[str], inside: int) -> None:
        """What a special method of the program may be given by an operator: any of them, whatever the other operand is."""
        for name in names:
            for method in self._index.special_methods.get(name, ()):
                self._into(method, 1, inside)

    def _had(self, file: int, pc: int, depths: Iterable[int], bound: bool) -> None:
        """Go on in what is had from a container that the thing is in: the thing itself, or another container."""
        values = self._analysis.at(file, pc)
        for depth in depths:
            if (
                any(map(self._may_hold, values))
                if depth
                else UNKNOWN in values or any(value[0] in _KINDS[self._kind] for value in values)
            ):
                self._go("value", file, pc, depth, bound)

    def _under(self, file: int, key: int, inside: int) -> Iterable[int]:
        """How deep the thing is in what is under a key; a slice is a container of the same elements."""
        fact = self._index.facts[file]
        if fact.code[key] == ops.SLICE:
            return {plain(inside)}
        kind, at = fact.constants[fact.code[key + 3]] if fact.code[key] == ops.CONST else ("", None)
        slices = {plain(inside)} if UNKNOWN in self._analysis.at(file, key) else set()
        return elements(inside, at if kind == "int" else None) | slices

    def _may_hold(self, value: Value) -> bool:
        """Whether the thing may be in a value."""
        if value[0] == "keys":
            return any(map(self._may_have, self._analysis.boxes.elements(frozenset({value}))))
        return value[0] not in _EMPTY

    def _may_have(self, element: Value) -> bool:
        """Whether an element of a container may be the thing, or hold it."""
        return element[0] in _KINDS[self._kind] or element[0] not in _EMPTY

    def _annotates(self, scope: int, file: int, pc: int, value: int) -> None:
        """Whoever has what is annotated can have the annotation; that of a local variable is not kept."""
        fact = self._index.facts[file]
        functions = [self._index.base[file] + local for local in fact.annotated.get(value, ())]
        if functions:
            seen = any(next(self._analysis.openings(function), None) for function in functions)
        elif self._index.scopes[scope].kind == data.CLASS:
            seen = self._reached([("class", scope)]) is None
        else:
            return
        if seen or self._index.reads_annotations:
            self._open("annotates what unseen code has", file, pc)

    def _at_definition(self, file: int, pc: int, value: int, bound: bool) -> None:
        """Named as a decorator, a base or a class keyword."""
        code = self._index.facts[file].code
        if code[pc] == ops.CLASS and value in code[pc + 5 : pc + 5 + code[pc + 4]]:
            base = code[value + 3] if code[value] == ops.SUBSCRIPT else value
            if UNKNOWN in self._analysis.names.static(Site(file, base)):
                self._open("a class with a computed base may be below it", file, pc)
            return  # else the hierarchy knows
        scope = self._index.base[file] + code[pc + 3]
        if any(site.pc == value for site in self._analysis.calls.decorator_sites(scope)):
            self.found.add(("applied", file, pc, int(bound), value))
        else:
            self._open("used as a class keyword", file, pc)

    def _iterated(self, file: int, local: int, inside: int, bound: bool) -> None:
        """The first iterable of a comprehension: what its own scope takes from it."""
        fact = self._index.facts[file]
        for pc in fact.instructions(local):
            if fact.code[pc] == ops.ELEMENT and fact.code[pc + 3] < 0:
                self._had(file, pc, elements(inside), bound)

    def _contained(self, file: int, base: int, pc: int, inside: int) -> None:
        """The thing is put into what the value at ``base`` is: follow that container wherever it came from."""
        for box in self._analysis.at(file, base):
            self._fill(box, file, pc, inside)

    def _fill(self, box: Value, file: int, pc: int, inside: int) -> None:
        match box:
            case ("box", int(made), int(at)):
                self._go("value", made, at, inside)
            case ("any" | "items" | "keys", inner) | ("from", inner, _):
                self._fill(inner, file, pc, inside)
            case ("rest", int(scope), int(position)):
                fact = self._index.facts[self._index.file_of[scope]]
                name = fact.names[self._index.scopes[scope].parameters[position].name]
                self._go("variable", scope, name, inside)
            case ("object", int()):
                for method in self._analysis.attribute(box, "__setitem__"):
                    if method[0] == "method" and len(self._index.scopes[method[1]].parameters) > 2:
                        self._into_parameter(method[1], 2, inside=0)
                        continue
                    self._open("stored by unknown code", file, pc)
            case _:
                self._open("stored in an unknown container", file, pc)

    def _attribute_read(self, file: int, pc: int, inside: int) -> None:
        fact = self._index.facts[file]
        name = fact.names[fact.code[pc + 4]]
        if not inside:
            self.found.add(("read", file, pc, name))
            if name in REVEALING:
                self._open(f"reads {name}", file, pc)
            if self._kind == "object":
                self._becomes_receiver(file, pc)
        scope = self._index.scope_at(Site(file, pc))
        for user in fact.consumers(scope - self._index.base[file]).get(pc, ()):
            called = fact.code[user] == ops.CALL and fact.code[user + 5] == pc
            if self._kind == "box" and not inside:
                if called and name in CONTAINER_METHODS:
                    self.found.add(("invoke", file, user, name))
                elif name in CONTAINER_ATTRIBUTES:  # reading any other from it fails
                    self._open("a method of it is used as a value", file, pc)
            elif inside:
                if called and name in ELEMENTS | COPIES:
                    depths = elements(inside) if name in ELEMENTS - {"popitem"} else {plain(inside), deeper(inside)}
                    self._had(file, user, depths, bound=False)
                elif name in CONTAINER_ATTRIBUTES and not (called and name in CONTAINER_METHODS):
                    self._open("in a container that goes to unknown code", file, pc)

    def _becomes_receiver(self, file: int, pc: int) -> None:
        """What a decorator puts in the place of a method gets the object, though it is not written in a class."""
        for value in self._analysis.at(file, pc):
            if value[0] == "method" and self._analysis.receivers(value[1]) is None:
                self._into(value[1], 0, inside=False)

    def _attribute_set(self, file: int, pc: int, value: int, inside: int) -> None:
        fact = self._index.facts[file]
        name = fact.names[fact.code[pc + 4]]
        if fact.code[pc + 3] == value and not inside:
            self.found.add(("write", file, pc, name))
        if fact.code[pc + 5] != value:
            return
        owners: list[Value] = []
        for owner in self._analysis.at(file, fact.code[pc + 3]):
            match owner:
                case ("object" | "class", int(cls)):
                    owners.append(owner)
                    self._assigned(cls, name, inside)
                case ("module", int(module)):
                    if name in self._index.facts[module].name_index:
                        self._go("variable", self._index.base[module], name, inside)
                    for read in self._index.unbound_reads(module, name):
                        self._go("value", module, read, inside)
                case _:
                    self._open("stored on an unknown object", file, pc)
        for _, owner in owners:
            self._go("field", owner, name, inside)
        if name in ("__class__", "__bases__"):
            self._open(f"becomes the {name} of something", file, pc)
        for setter in ("__set__", "__setattr__"):
            for method in self._index.special_methods.get(setter, ()):
                self._into(method, 2, inside)

    def _assigned(self, cls: int, name: str, inside: int) -> None:
        """An assignment to an attribute that a property takes."""
        owner = self._analysis.hierarchy.owner(cls, name)
        for method in self._index.children.get(owner, ()) if isinstance(owner, int) else ():
            if self._index.name(method) == name and len(self._index.scopes[method].parameters) > 1:
                self._into_parameter(method, 1, inside)

    def _returned(self, scope: int, file: int, pc: int, inside: int, bound: bool) -> None:
        """Returned: it is what the calls of the function give."""
        if self._index.name(scope) in ("__enter__", "__aenter__", "__new__", "__iter__", "__aiter__"):
            if not self._is_receiver(scope, file, pc):
                self._open("returned by a special method", file, pc)
            return  # the receiver is followed from where it is made
        if self._analysis.is_property(scope):
            for site in self._reads(self._index.name(scope)):
                self._go("value", *site, inside, bound)
            return
        if (takers := self._analysis.fixtures.takers(scope)) is not None:
            for taker, name in takers:
                self._go("variable", taker, name, inside, bound)
            return
        for event in self._analysis.read(("flow", ("function", scope))):
            match event:
                case ("call", int(caller), int(call), _):
                    self._go("value", caller, call, inside, bound)
                case ("applied", int(caller), int(call), *_):
                    self._go("value", caller, call, inside, bound)
                case ("handed" | "partial" | "open", *_):
                    self._open("returned to unknown code", file, pc)
                case ("read", int(caller), int(at), _):
                    self._go("value", caller, at, inside, bound)

    def _is_receiver(self, scope: int, file: int, pc: int) -> bool:
        fact = self._index.facts[file]
        parameters = self._index.scopes[scope].parameters
        value = fact.code[pc + 3]
        return bool(parameters) and fact.code[value] == ops.NAME and fact.code[value + 3] == parameters[0].name

    def _yielded(self, scope: int, file: int, pc: int, inside: int, bound: bool) -> None:
        around = deeper(inside) if self._index.facts[file].code[pc] != ops.YIELD_FROM else plain(inside) or 1
        if self._index.scopes[scope].kind == data.COMPREHENSION:
            made = self._index.definition(scope)
            self._go("value", *made, around, bound)
            if self._index.facts[file].code[made.pc + 3] in (ops.SET, ops.DICTIONARY):
                self._whole(file, pc)
        elif self._analysis.fixtures.takers(scope) is not None or (
            {"contextlib.contextmanager", "contextlib.asynccontextmanager"} & self._analysis.calls.decorators(scope)
        ):
            self._returned(scope, file, pc, inside, bound)
        else:
            self._returned(scope, file, pc, around, bound)

    # Calls

    def _call(self, file: int, pc: int, value: int, inside: int, bound: bool) -> None:
        fact = self._index.facts[file]
        if fact.code[pc + 5] == value:
            if not inside:
                self.found.add(("call", file, pc, int(bound)))
            return
        for callee in self._analysis.at(file, fact.code[pc + 5]):
            self._passed(callee, file, pc, value, inside, bound)

    def _passed(self, callee: Value, file: int, pc: int, value: int, inside: int, bound: bool) -> None:
        """The thing is an argument: of a project's function it goes on in the parameter."""
        match callee:
            case ("function" | "method" | "object", *_):
                targets = list(self._analysis.calls.functions(callee))
                for scope, skip in targets:
                    self._bind(scope, skip, file, pc, value, inside, bound)
                if not targets:
                    self._open("passed to an object that is called", file, pc)
            case ("class", int(scope)):
                targets = list(self._analysis.calls.functions(callee))
                for target, skip in targets:
                    self._bind(target, skip, file, pc, value, inside, bound)
                if not targets:
                    self._constructed(scope, file, pc, value, inside)
            case ("partial", int(made), int(at)):
                for inner in self._analysis.calls.inner(made, at):
                    self._passed(inner, file, pc, value, inside, bound)
            case ("external", str(name)):
                self._given(name, file, pc, value, inside, bound)
            case ("constant", *_):
                pass  # calling it raises
            case _:
                self._open("passed to an unknown callee", file, pc)

    def _bind(self, scope: int, skip: int, file: int, pc: int, value: int, inside: int, bound: bool) -> None:
        if not self._analysis.calls.decorators(scope).isdisjoint(CACHES):
            self._whole(file, pc)
        binding = self._analysis.binding(file, pc, scope, skip)
        call = arguments(self._index.facts[file], pc)
        positions = [position for position, values in binding.given.items() if value in values]
        unpacked = (None, value) in call.keywords
        if unpacked or (value, True) in call.positional:
            positions += binding.unsure
        for position in positions:
            for depth in elements(inside) if unpacked else {inside}:
                self._into_parameter(scope, position, depth, bound)

    def _into(self, scope: int, skip: int, inside: int) -> None:
        if len(self._index.scopes[scope].parameters) > skip:
            self._into_parameter(scope, skip, inside)

    def _into_parameter(self, scope: int, position: int, inside: int, bound: bool = False) -> None:
        record = self._index.scopes[scope]
        parameter = record.parameters[position]
        name = self._index.facts[self._index.file_of[scope]].names[parameter.name]
        gathered = parameter.kind in (data.VAR_POSITIONAL, data.VAR_KEYWORD)
        self._go("variable", scope, name, deeper(inside) if gathered else inside, bound)

    def _constructed(self, scope: int, file: int, pc: int, value: int, inside: int) -> None:
        """Given to a class without ``__init__`` of its own: a dataclass keeps it in a field."""
        fields = self._analysis.calls.fields(scope)
        binding = bind(arguments(self._index.facts[file], pc), fields.parameters, fields.names, 0)
        positions = [i for i, values in binding.given.items() if value in values] + list(binding.unsure)
        if not positions or self._analysis.hierarchy.outside(scope) or self._initialises(scope):
            self._open("passed to a constructor that cannot be seen", file, pc)
        for position in positions:
            if self._analysis.calls.is_converted(fields, position):
                self._open("passed to a converter", file, pc)
            self._go("field", scope, fields.fields[position], inside)

    def _initialises(self, scope: int) -> bool:
        """Whether a dataclass passes init-only variables on to its ``__post_init__``."""
        methods = self._analysis.attribute(("object", scope), "__post_init__")
        return any(method[0] == "method" and len(self._index.scopes[method[1]].parameters) > 1 for method in methods)

    def _given(self, name: str, file: int, pc: int, value: int, inside: int, bound: bool) -> None:
        """An argument of a function from outside."""
        fact = self._index.facts[file]
        call = arguments(fact, pc)
        position = next((i for i, (given, _) in enumerate(call.positional) if given == value), None)
        keyword = next((key for key, given in call.keywords if given == value), None)
        method = name.rpartition(".")[2]
        callee = fact.code[pc + 5]
        counted = name == "<builtin>.len" and not inside  # of a named tuple, the fields
        if (name not in UNASKING or counted) and method not in KEEPING:
            self._whole(file, pc)
        if name in CALLING and (position in CALLING[name] or (keyword is not None and keyword in CALLING[name])):
            self.found.add(("handed", file, pc, int(bound)))
        elif name == "functools.partial" and position == 0:
            self._partial(file, pc, bound)
        elif name == "functools.partial":
            functions = [found for given, _ in call.positional[:1] for found in self._analysis.at(file, given)]
            called = {found[1] for found in functions if found[0] == "external"}
            self._open(" of ".join(["passed to functools.partial", *sorted(called)]), file, pc)
        elif (
            name in UNFOLDING
            and self._kind == "object"
            and not inside
            and len(call.positional) == 1
            and not call.keywords
        ):
            self.found.add(("unfolded", file, pc))
        elif name == "functools.wraps" and position == 0 and self._kind == "function" and not inside:
            self._wrapped(file, pc)
        elif name == "<builtin>.type" and len(call.positional) == 1 and not call.keywords:
            pass  # where the class goes from there is looked at with the class
        elif name in INERT:
            if method in ("isinstance", "issubclass"):
                self._operand(INSTANCE_CHECKS, inside)
            if keyword is not None and self._kind != "box":
                self._open(f"passed to {method} as {keyword}", file, pc)
            if self._kind == "object" and any(key in ("default", "cls", None) for key, _ in call.keywords):
                self._open(f"passed to {method}, which has help", file, pc)
        elif parsers.keeps(name) and keyword is not None and not inside:
            for site, is_all in parsers.reads(self._analysis, keyword):
                if is_all:
                    self._go("value", *site, inside=0, bound=bound)
                else:
                    self._open("kept by a parser whose arguments unseen code has", *site)
        elif name in PASSING | CALLING.keys():
            self._through(name, file, pc, value, inside, bound)
        elif name in AWAITING and position == 0:
            self._go("value", file, pc, inside, bound)
        elif name == "asyncio.gather" and position is not None:
            self._go("value", file, pc, deeper(inside), bound)
        elif name in READING and self._kind == "box" and not inside:
            pass
        elif name in ("<builtin>.getattr", "<builtin>.hasattr", "<builtin>.setattr"):
            self._by_string(method, file, pc, value, inside, call.positional)
        elif name.startswith("<builtin>.") and name.count(".") == 2 and method in CONTAINER_METHODS:
            if method in STORING:
                if fact.code[callee] == ops.ATTR:
                    self._contained(
                        file, fact.code[callee + 3], pc, plain(inside) or 1 if method in _EXTENDING else deeper(inside)
                    )
                else:
                    self._open("stored by a method taken off its container", file, pc)
            if method in ELEMENTS and (method in STORING or position):
                self._go("value", file, pc, inside, bound)  # the default is given back
            if method in COPIES and inside:
                self._had(file, pc, {plain(inside)}, bound)  # the elements of what is given are in the result
        else:
            self._open(f"passed to {name.removeprefix('<builtin>.')}", file, pc)

    def _wrapped(self, file: int, pc: int) -> None:
        """A function is had from what is put in its place by those who have that and look for it."""
        fact = self._index.facts[file]
        users = fact.consumers(self._index.scope_at(Site(file, pc)) - self._index.base[file]).get(pc, ())
        if (
            not users
            or "__wrapped__" in self._index.attribute_readers
            or "__wrapped__" in self._index.mentioned
            or any(fact.code[at] != ops.FUNCTION for at in users)
        ):
            self._open("passed to functools.wraps", file, pc)
            return
        for at in users:
            wrapper = self._index.base[file] + fact.code[at + 3]
            for event in self._analysis.read(("flow", ("function", wrapper))):
                if event[0] == "open":
                    self.found.add(event)

    def _through(self, name: str, file: int, pc: int, value: int, inside: int, bound: bool) -> None:
        """Given back, or its elements are; and those go to a function that is given too."""
        called = self._kind in ("function", "class") and not inside and name not in GIVES_BACK
        call = arguments(self._index.facts[file], pc)
        if called or any(given == value for _, given in call.keywords):
            self._open(f"passed to {name.removeprefix('<builtin>.')}", file, pc)
            return
        copied = name in COPYING and len(call.positional) == 1
        if self._kind == "box" and not inside:
            if name in _ITERATORS or copied or self._is_gone_over(name, call, value):
                return  # who has the iterator or the copy cannot change what it goes over
            self._go("value", file, pc, inside=0)
        if inside and copied:
            had = self._analysis.boxes.elements(self._analysis.at(file, value))
            if any(map(self._may_have, had)):
                self._go("value", file, pc, plain(inside), bound)
        elif inside:
            alone = call.positional == [(value, False)]
            self._had(file, pc, given_back(name, inside, alone=alone), bound)
        else:
            self._go("value", file, pc, inside=0, bound=bound)
        places = CALLING.get(name, ())
        functions = [given for at, (given, _) in enumerate(call.positional) if at in places]
        functions += [given for key, given in call.keywords if key in places]
        for function in functions:
            for callee in self._analysis.at(file, function):
                targets = list(self._analysis.calls.functions(callee))
                if not targets and callee[0] not in ("external", "constant"):
                    self._open("passed to an unknown callee", file, pc)
                elif inside and callee[0] == "external" and callee[1] not in INERT | PASSING:
                    self._open(f"passed to {callee[1].removeprefix('<builtin>.')}", file, pc)
                for scope, skip in targets:
                    for at in range(skip, len(self._index.scopes[scope].parameters)):
                        for depth in elements(inside):
                            self._into_parameter(scope, at, depth)

    def _is_gone_over(self, name: str, call: Arguments, value: int) -> bool:
        """Whether a function only looks at what is in the container that it is given there."""
        position = next((i for i, (given, _) in enumerate(call.positional) if given == value), -1)
        if name in ("<builtin>.min", "<builtin>.max"):
            return len(call.positional) == 1 and not call.positional[0][1]
        return position == {"<builtin>.sum": 0, "functools.reduce": 1}.get(name)

    def _partial(self, file: int, pc: int, bound: bool) -> None:
        """The partial's calls are the function's calls, with arguments put in front."""
        self.found.add(("partial", file, pc, int(bound)))
        self._open("called through functools.partial", file, pc)

    def _by_string(self, accessor: str, file: int, pc: int, value: int, inside: int, given: object) -> None:
        assert isinstance(given, list)
        fact = self._index.facts[file]
        code = fact.code
        if not given or given[0][0] != value or len(given) < 2:
            self._open("passed to getattr", file, pc)
            return
        name = given[1][0]
        constant = fact.constants[code[name + 3]] if code[name] == ops.CONST else None
        if inside:
            if constant is None or constant[1] in CONTAINER_ATTRIBUTES:  # a container has no other
                self._open("passed to getattr", file, pc)
        elif constant is None or constant[0] != "str":
            partly = accessor == "setattr" and code[name] in (ops.FSTRING, ops.BINARY)
            self._open(PARTLY_SET if partly else "an attribute of it is read by a computed name", file, pc)
        else:
            self.found.add(("read", file, pc, constant[1]))


@lru_cache(maxsize=256)
def _by_base(pairs: Values) -> Mapping[Value, Sequence[Site]]:
    """The sites of (value, site) by their value; many look at the pairs of a common name, and few values have many sites."""
    table: dict[Value, list[Site]] = {}
    for base, site in pairs:
        table.setdefault(base, []).append(site)
    return table


def _hashes(code: Sequence[int], pc: int, value: int) -> bool:
    """Whether a display asks for the hash of a value."""
    if code[pc] == ops.DICT:
        return value in code[pc + 4 : pc + 4 + 2 * code[pc + 3] : 2]
    return code[pc + 3] == ops.SET


def _by_name(code: Sequence[int], pc: int, value: int) -> bool:
    """Whether an instruction calls a value, binds it to the name of its definition, or leaves it alone."""
    match code[pc]:
        case ops.CALL:
            return code[pc + 5] == value
        case ops.STORE:
            return code[pc + 5] in (ops.IMPORT, ops.DEFINITION)
    return code[pc] == ops.EXPR
