"""Backwards: the functions, classes, objects and modules that an expression may stand for.

A points-to analysis in the manner of Andersen (1994), flow-insensitive and field-based, on demand. Its values:

    ("function", scope)  ("method", scope, receiver)  ("class", scope)  ("object", scope)  ("module", file)
    ("package", dotted)  ("external", dotted)  ("result", dotted)  of calling something external
    ("box", file, pc)  a container made there  ("any", box)  one with its elements  ("items" | "keys", box)  the pairs or keys of a dict
    ("pair", box)  one such pair  ("rest", scope, parameter)  what *args or **kwargs holds  ("generator", scope)
    ("builtin", type)  an instance of a builtin type  ("constant", type, value)  ("super", scope, receiver)
    ("partial", file, pc)  ("from", box, start)  a slice  ("unknown",)

``unknown`` in a set means that there may be anything else. Forwards is :mod:`debloat.program.flow`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache, cached_property, partial

from debloat.facts import data, ops
from debloat.program import parsers
from debloat.program.binding import Binding, arguments, bind
from debloat.program.boxes import Boxes
from debloat.program.calls import Calls
from debloat.program.externals import CALLING, CONSTRUCTORS, CONTAINER_ATTRIBUTES, PROPERTIES, lacks
from debloat.program.fixtures import Fixtures
from debloat.program.flow import Flow
from debloat.program.hierarchy import Hierarchy
from debloat.program.index import Index, Site
from debloat.program.names import Names
from debloat.program.solver import NOTHING, TOP, UNKNOWN, Node, Solver, Value, Values

# Sets beyond these sizes are unknown.
_CAP = 24
_COMMANDS = 96  # functions alone: those that a command line chooses from
_MOST_RECEIVERS = 24
# These hold places and events, of which there are as many as there are.
_UNCAPPED = frozenset({"flow", "start", "step", "stores", "sites", "bases", "takes"})


def _widened(node: Node, old: Values, new: Values) -> Values:
    if len(new) <= _CAP or node[0] in _UNCAPPED:
        return new
    return new if len(new) <= _COMMANDS and all(value[0] == "function" for value in new) else old | TOP


class PointsTo:
    """The analysis over one program.

    ``openings(scope)`` says which functions and classes are called from unseen code, ``is_final(thing, event, whole)`` whether
    a thing need not be followed further once an event shows that it is open, ``trusts(cls, name)`` whether what an attribute
    holds stays out of the hands of unseen code that has the object.
    """

    def __init__(
        self,
        index: Index,
        names: Names,
        hierarchy: Hierarchy,
        openings: Callable[[int], Iterator[tuple[str, Site]]],
        is_final: Callable[[Value, Value, bool], bool],
        trusts: Callable[[int, str], bool],
    ) -> None:
        self.index = index
        self.names = names
        self.hierarchy = hierarchy
        self.openings = openings
        self.solver = Solver(self._evaluate, _widened, frozenset({"field"}), TOP)
        self.read = self.solver.read
        self.calls = Calls(self)
        self._flow = Flow(self, is_final)
        self.trusts = cache(trusts)
        self.boxes = Boxes(self)
        self.fixtures = Fixtures(self)
        self._receivers: dict[int, Values | None] = {}
        self._abstract: dict[int, bool] = {}
        self._bindings: dict[tuple[int, int, int, int], Binding] = {}
        self._rules: dict[str, Callable[..., Values]] = {
            "value": self._value,
            "variable": self._variable,
            "parameter": self._parameter,
            "field": self._field,
            "returns": self._returns,
            "item": self.boxes.item,
            "flow": self._flow.flow,
            "unseen": self._flow.unseen,
            "start": self._flow.start,
            "step": self._flow.step,
            "sites": self._flow.sites,
            "bases": self._flow.bases,
            "takes": self._flow.takes,
            "stores": self._stores,
            "defaults": partial(parsers.defaults, self),
        }

    def _evaluate(self, node: Node) -> Values:
        return self._rules[node[0]](*node[1:])

    # What is asked from outside

    def values(self, site: Site) -> Values:
        """What the expression at a site may stand for."""
        return self.solver.solve(("value", *site))

    def flow(self, thing: Value) -> Values:
        """Where a function, class, object or container goes (see :mod:`debloat.program.flow`), or where it is open."""
        return self.solver.solve(("flow", thing))

    def whole(self, thing: Value) -> Values:
        """The same for those who care how it is open, as far as they do."""
        return self.solver.solve(("flow", thing, True))

    def targets(self, call: Site) -> set[int]:
        """The functions of the program that a CALL may run; -1 among them if there may be others."""
        found: set[int] = set()
        for callee in self.values(Site(call.file, self.index.facts[call.file].code[call.pc + 5])):
            if callee[0] in ("class", "object"):
                for name in CONSTRUCTORS:
                    self.solver.solve(("field", ("object", callee[1]), name))
            others = set() if callee[0] == "constant" else {-1}  # calling a constant raises
            found |= {scope for scope, _ in self.calls.functions(callee)} or others
        return found

    def inner(self, file: int, pc: int) -> Values:
        """The function in a ``functools.partial`` call."""
        first = arguments(self.index.facts[file], pc).positional[:1]
        return NOTHING.union(*(self.values(Site(file, value)) for value, _ in first))

    def handed(self, site: Site) -> Iterator[Value]:
        """The functions that a call of the library calls in turn, as ``map`` and ``sorted(key=...)`` do."""
        fact = self.index.facts[site.file]
        for callee in self.values(Site(site.file, fact.code[site.pc + 5])):
            places = CALLING.get(callee[1], ()) if callee[0] == "external" else ()
            call = arguments(fact, site.pc) if places else None
            if call is not None:
                given = [value for position, (value, _) in enumerate(call.positional) if position in places]
                given += [value for name, value in call.keywords if name in places]
                for value in given:
                    yield from self.values(Site(site.file, value))

    def iterated(self, site: Site) -> Values:
        """What the ELEMENT at a site iterates over."""
        return self.values(self.iterable(site))

    def methods(self, receiver: Value, name: str) -> list[Value]:
        """The project's methods that a special method's name stands for on an object."""
        self.solver.solve(("field", receiver, name))
        return [value for value in self.read(("field", receiver, name)) if value[0] == "method"]

    # Nodes

    def at(self, file: int, pc: int) -> Values:
        """What the value at a position of a file may stand for, as far as it is solved."""
        return self.read(("value", file, pc))

    def _value(self, file: int, pc: int) -> Values:
        fact = self.index.facts[file]
        code = fact.code
        match code[pc]:
            case ops.NAME:
                here = self.index.scope_at(Site(file, pc))
                if self.index.is_mixed(Site(file, pc)):
                    return TOP
                scope = self.index.home(Site(file, pc))
                name = fact.names[code[pc + 3]]
                if scope < 0:
                    return self._unbound(file, name)
                return self._reaching(scope, name, pc) if scope == here else self.read(("variable", scope, name))
            case ops.CONST:
                kind, value = fact.constants[code[pc + 3]]
                return frozenset({("constant", kind, value)})
            case ops.ATTR:
                return self.attribute_of(self.at(file, code[pc + 3]), fact.names[code[pc + 4]])
            case ops.CALL:
                return self.calls.result(file, pc)
            case ops.SEQUENCE | ops.DICT | ops.COMPREHENSION:
                return frozenset({("box", file, pc)})
            case ops.SUBSCRIPT:
                return self.boxes.subscript(file, code[pc + 3], code[pc + 4])
            case ops.BOOL:
                count = code[pc + 4]
                return self.union(file, code[pc + 5 : pc + 5 + count])
            case ops.CONDITIONAL:
                return self.union(file, code[pc + 4 : pc + 6])
            case ops.BINARY:
                return self._binary(file, pc)
            case ops.FUNCTION:
                return self.calls.decorated(file, pc)
            case ops.CLASS:
                return self.calls.decorated_class(file, pc)
            case ops.LAMBDA:
                return frozenset({("function", self.index.base[file] + code[pc + 3])})
            case ops.IMPORTED:
                return self._imported(file, code[pc + 3])
            case ops.ELEMENT:
                return self.boxes.elements(self.at(*self.iterable(Site(file, pc))))
            case ops.ITEM:
                return self.boxes.unpacked(self.at(file, code[pc + 3]), code[pc + 4], code[pc + 5])
            case ops.ENTER:
                return self._entered(self.at(file, code[pc + 3]))
            case ops.CAUGHT if code[pc + 3] >= 0:
                return self._caught(self.at(file, code[pc + 3]))
            case ops.AWAIT | ops.STAR if code[pc + 3] >= 0:
                return self.at(file, code[pc + 3])
            case ops.FSTRING:
                return frozenset({("builtin", "str")})
            case ops.COMPARE:
                return frozenset({("builtin", "bool"), UNKNOWN})
            case ops.UNARY if code[pc + 3] == ops.NOT:
                return frozenset({("builtin", "bool")})
        return TOP

    def union(self, file: int, values: object) -> Values:
        """The union over several values of a file."""
        return NOTHING.union(*(self.at(file, value) for value in values))  # type: ignore[attr-defined]

    def iterable(self, site: Site) -> Site:
        """What an ELEMENT iterates over; a comprehension's first iterable stands in the scope around it."""
        code = self.index.facts[site.file].code
        source = code[site.pc + 3]
        if source < 0:
            source = code[self.index.scopes[self.index.scope_at(site)].definition + 5]
        return Site(site.file, source)

    def _binary(self, file: int, pc: int) -> Values:
        code = self.index.facts[file].code
        sides = self.union(file, code[pc + 4 : pc + 6])
        boxes = frozenset(value for value in sides if value[0] in ("box", "any", "keys", "rest"))
        return boxes if boxes and UNKNOWN not in sides else boxes | TOP

    def _unbound(self, file: int, name: str) -> Values:
        if name == "__class__":
            return TOP
        found = NOTHING
        for target in self.names.star_targets(file):
            if target is None:
                found |= TOP
            elif self.names.exports(target, name):
                found |= self.member(target, name)
        return found or self.names.unbound(file, name)

    def _imported(self, file: int, number: int) -> Values:
        imported = self.index.facts[file].imports[number]
        modules = self.names.module(self.index.target_module(file, number))
        if not imported.name or ("module", file) in modules:
            return self.names.imported(file, number)
        return self.attribute_of(modules, imported.name)

    def _variable(self, scope: int, name: str) -> Values:
        file = self.index.file_of[scope]
        fact = self.index.facts[file]
        record = self.index.scopes[scope]
        index = fact.name_index.get(name, -1)
        found: set[Value] = set()
        for position, parameter in enumerate(record.parameters):
            if parameter.name == index:
                found |= self.read(("parameter", scope, position))
        for store in record.bound.get(index, ()):
            if fact.code[store] == ops.STORE:
                found |= self.at(file, fact.code[store + 4])
        if record.kind == data.MODULE:
            for target in self.names.star_targets(file):
                if target is None:
                    found.add(UNKNOWN)
                elif self.names.exports(target, name):
                    found |= self.member(target, name)
            found |= self._module_writes(file, name)
        return frozenset(found)

    def _reaching(self, scope: int, name: str, pc: int) -> Values:
        """A variable read in its own scope: only the stores that may reach the read count."""
        file = self.index.file_of[scope]
        fact = self.index.facts[file]
        stores, entry = fact.reaching(scope - self.index.base[file], fact.name_index[name], pc)
        if entry:
            return self.read(("variable", scope, name))
        found: Values = NOTHING.union(
            *(self.at(file, fact.code[store + 4]) for store in stores if fact.code[store] == ops.STORE)
        )
        if self.index.scopes[scope].kind == data.MODULE:
            found |= self._module_writes(file, name)
            if None in self.names.star_targets(file):
                found |= TOP
        return found

    def _module_writes(self, file: int, name: str) -> Values:
        """What other modules put into a module: ``module.name = value``."""
        if name not in self.index.attribute_writers:
            return NOTHING
        stores = self.read(("stores", name))
        return NOTHING.union(*(self.at(*value) for owner, *value in stores if owner == ("module", file)))

    def member(self, file: int, name: str) -> Values:
        """A name of a module as others see it."""
        scope = self.index.base[file]
        fact = self.index.facts[file]
        if fact.name_index.get(name, -1) in self.index.scopes[scope].bound:
            return self.read(("variable", scope, name))
        found = NOTHING.union(
            *(
                TOP if target is None else self.read(("variable", self.index.base[target], name))
                for target in self.names.star_targets(file)
                if target is None or (target != file and self.names.exports(target, name))
            )
        )
        source = self.index.files[file]
        return found or (self.names.module(f"{source.module}.{name}") if source.package else TOP)

    def _parameter(self, scope: int, position: int) -> Values:
        file = self.index.file_of[scope]
        record = self.index.scopes[scope]
        parameter = record.parameters[position]
        if parameter.kind in (data.VAR_POSITIONAL, data.VAR_KEYWORD):
            return frozenset({("rest", scope, position)})
        receivers = self.receivers(scope) if position == 0 else None
        if receivers is not None:
            return receivers
        declared = self.fixtures.given(scope, position)
        if declared is not None:
            return declared
        found: set[Value] = set()
        for value, _ in self.arguments(scope, position):
            found |= {UNKNOWN} if value is None else self.at(*value)
        for event in self.read(("flow", ("function", scope))):
            if event[0] == "applied" and position == event[3]:
                found |= self.calls.given(event[1], event[2], event[4])
        if parameter.default >= 0:
            found |= self.at(file, parameter.default)
        return frozenset(found)

    def arguments(self, scope: int, position: int) -> Iterator[tuple[Site | None, Site | None]]:
        """The arguments that callers give a parameter, each with its call; (None, None) where callers are unknown."""
        file = self.index.file_of[scope]
        record = self.index.scopes[scope]
        names = self.index.facts[file].names
        for event in self.read(("flow", ("function", scope))):
            match event:
                case ("call", int(caller), int(pc), int(skip)):
                    if position < skip:
                        yield self._receiver(caller, pc), Site(caller, pc)
                    binding = self.binding(caller, pc, scope, skip)
                    if position in binding.unsure:
                        yield from self.boxes.spread(caller, pc, record.parameters[position], names)
                    for value in binding.given.get(position, ()):
                        yield Site(caller, value), Site(caller, pc)
                case ("partial", int(caller), int(pc), int(skip)):
                    call = arguments(self.index.facts[caller], pc)
                    rest = call._replace(positional=call.positional[1:])
                    for value in bind(rest, record.parameters, names, skip).given.get(position, ()):
                        yield Site(caller, value), None
                case ("open" | "handed", *_):
                    yield None, None

    def _receiver(self, file: int, pc: int) -> Site | None:
        """The object whose method a CALL calls, where that is written there and is no ``super()``."""
        code = self.index.facts[file].code
        if code[code[pc + 5]] != ops.ATTR:
            return None
        base = code[code[pc + 5] + 3]
        return None if any(value[0] in ("super", "class") for value in self.at(file, base)) else Site(file, base)

    def binding(self, file: int, pc: int, scope: int, skip: int) -> Binding:
        """What the call at a position of a file gives to the parameters of a function, of which ``skip`` are bound."""
        key = file, pc, scope, skip
        if key not in self._bindings:
            names = self.index.facts[self.index.file_of[scope]].names
            call = arguments(self.index.facts[file], pc)
            self._bindings[key] = bind(call, self.index.scopes[scope].parameters, names, skip)
        return self._bindings[key]

    def receivers(self, scope: int) -> Values | None:
        """What ``self`` or ``cls`` may be in a function, None where the function has neither."""
        if scope not in self._receivers:
            self._receivers[scope] = self._find_receivers(scope)
        return self._receivers[scope]

    def _find_receivers(self, scope: int) -> Values | None:
        cls = self.index.enclosing_class(scope)
        if cls < 0 or "<builtin>.staticmethod" in self.calls.decorators(scope):
            return None
        name = self.index.name(scope)
        kind = "class" if self.is_classmethod(scope) else "object"
        # __init_subclass__ is called for what is made of the class, never for the class itself.
        heirs = [*([cls] if name != "__init_subclass__" else ()), *self.hierarchy.subclasses(cls)]
        if len(heirs) > _MOST_RECEIVERS:
            return frozenset({(kind, cls), UNKNOWN})
        # An override may still reach this one by super(), so every heir counts where one calls super().
        found = frozenset(
            (kind, heir) for heir in heirs if name == "__init__" or cls in self.hierarchy.owners(heir, name)
        )
        made = frozenset(value for value in found if kind == "class" or not self.is_abstract(value[1]))
        return made or found

    def is_abstract(self, cls: int) -> bool:
        """Whether Python refuses to make objects of a class: it does not implement what an abstract base asks for."""
        if cls not in self._abstract:
            order = self.hierarchy.order(cls)
            metaclass = self.hierarchy.keywords(cls).get("metaclass")
            is_abc = "abc.ABC" in order or (
                metaclass is not None and self.names.static(metaclass) == {("external", "abc.ABCMeta")}
            )
            self._abstract[cls] = is_abc and not self._makes_abstract and any(self._asks(base, cls) for base in order)
        return self._abstract[cls]

    def _asks(self, base: int | str, cls: int) -> bool:
        """Whether a base of a class has an abstract method that the class has from there."""
        return isinstance(base, int) and any(
            "abc.abstractmethod" in self.calls.decorators(method)
            and self.hierarchy.owner(cls, self.index.name(method)) == base
            for method in self.index.children.get(base, ())
        )

    @cached_property
    def _makes_abstract(self) -> bool:
        """Whether anything says by itself what is abstract."""
        return any("__abstractmethods__" in fact.name_index for fact in self.index.facts)

    def is_classmethod(self, scope: int) -> bool:
        """Whether a function in a class body gets the class as its first argument."""
        return "<builtin>.classmethod" in self.calls.decorators(scope) or self.index.name(scope) in (
            "__new__", "__init_subclass__", "__class_getitem__",
        )  # fmt: skip

    def is_property(self, scope: int) -> bool:
        """Whether reading the attribute calls the function."""
        return not PROPERTIES.isdisjoint(self.calls.decorators(scope))

    def attribute_of(self, bases: Values, name: str) -> Values:
        """What an attribute of any of the values may be."""
        found: set[Value] = set()
        for base in bases:
            found |= self.attribute(base, name)
        return frozenset(found)

    def attribute(self, base: Value, name: str) -> Values:
        """What an attribute of a value may be."""
        match base:
            case ("module", int(file)):
                return self.member(file, name)
            case ("package", str(package)):
                return self.names.module(f"{package}.{name}")
            case ("result", _) if parsers.is_namespace(base):
                return self.read(("defaults", name))
            case ("external" | "result", str(dotted)):
                return frozenset({("external", f"{dotted}.{name}")})
            case ("object" | "class", int(scope)):
                return self.read(("field", base, name)) if name != "__class__" else frozenset({("class", scope)})
            case ("super", int(scope), receiver):
                return self._super(scope, receiver, name)
            case ("builtin", str(kind)) | ("constant", str(kind), _):
                missing = lacks(f"<builtin>.{kind}", name) or (kind == "NoneType" and not hasattr(None, name))
                return NOTHING if missing else frozenset({("external", f"<builtin>.{kind}.{name}")})  # else it raises
            case ("box" | "any" | "items" | "keys" | "rest" | "from", *_) if name not in CONTAINER_ATTRIBUTES:
                return NOTHING
            case ("box" | "any" | "items" | "keys" | "rest" | "from", *_):
                return frozenset({("external", f"<builtin>.{self.boxes.type_of(base)}.{name}")})
        return TOP

    def _super(self, scope: int, receiver: Value, name: str) -> Values:
        order = self.hierarchy.order(receiver[1])
        for cls in order[order.index(scope) + 1 :] if scope in order else ():
            if isinstance(cls, str):
                return frozenset({("external", f"{cls}.{name}")})
            if self.hierarchy.binds(cls, name):
                return self._bound(cls, name, receiver)
        return TOP

    def _field(self, base: Value, name: str) -> Values:
        scope = base[1]
        found: set[Value] = set()
        for cls in self.hierarchy.order(scope):
            if isinstance(cls, str):
                if lacks(cls, name):
                    continue
                found |= TOP if cls == "?" else {("external", f"{cls}.{name}")}
                break
            if self.hierarchy.binds(cls, name):
                found |= self._bound(cls, name, base)
                break
        stored = self._stored(base, name)
        if stored - TOP and any(value[0] == "external" for value in found):
            found = {value for value in found if value[0] != "external"} | {UNKNOWN}
        return frozenset(found | stored)

    def _bound(self, cls: int, name: str, receiver: Value) -> Values:
        """What an attribute of a class gives when it is read through an object or class."""
        found: set[Value] = set()
        for value in self.read(("variable", cls, name)):
            if value[0] != "function":
                found.add(value)
                continue
            match self.bound_as(cls, name, value[1]):
                case "property":
                    found |= self.read(("returns", value[1])) if receiver[0] == "object" else {value}
                case "class":
                    found.add(("method", value[1], ("class", receiver[1])))
                case "method" if receiver[0] == "object":
                    found.add(("method", value[1], receiver))
                case _:
                    found.add(value)
        return frozenset(found)

    def bound_as(self, cls: int, name: str, function: int) -> str:
        """How a function is had from the class whose attribute it is: as a property, a method, a method of the class, or plainly.

        What a decorator of the program puts in the place of a method is that as the method is.
        """
        if self.index.enclosing_class(function) >= 0:
            defined = [function]
        else:
            defined = [scope for scope in self.index.children.get(cls, ()) if self.index.name(scope) == name]
        if any(map(self.is_property, defined)):
            return "property"
        if any(map(self.is_classmethod, defined)):
            return "class"
        static = any("<builtin>.staticmethod" in self.calls.decorators(scope) for scope in defined)
        return "plain" if static else "method"

    def _stored(self, base: Value, name: str) -> Values:
        """What is assigned to an attribute: ``self.name = value`` wherever the object may be meant."""
        found: set[Value] = set()
        for owner, file, value in self.read(("stores", name)):
            if owner == base or (base[0] == "object" and owner == ("class", base[1])):
                found |= self.at(file, value)
            elif owner == UNKNOWN:
                found.add(UNKNOWN)
        if base[0] == "object":
            found |= self.calls.model_field(base[1], name)
        return frozenset(found)

    def _stores(self, name: str) -> Values:
        """All assignments to attributes of that name: (owner, file, value)."""
        found: set[Value] = set()
        for writer in self.index.attribute_writers.get(name, ()):
            for site in self.index.find(writer, ops.SET_ATTR, 4, name):
                code = self.index.facts[site.file].code
                for owner in self.at(site.file, code[site.pc + 3]):
                    found.add((owner, site.file, code[site.pc + 5]))
        return frozenset(found)

    def _returns(self, scope: int) -> Values:
        file = self.index.file_of[scope]
        record = self.index.scopes[scope]
        if record.flags & data.GENERATOR:
            return frozenset({("generator", scope)})
        fact = self.index.facts[file]
        found: set[Value] = set()
        for pc in fact.instructions(scope - self.index.base[file]):
            if fact.code[pc] == ops.RETURN and fact.code[pc + 3] >= 0:
                found |= self.at(file, fact.code[pc + 3])
        return frozenset(found)

    def _entered(self, contexts: Values) -> Values:
        found: set[Value] = set()
        for context in contexts:
            match context:
                case ("object", int()):
                    for method in self.attribute(context, "__enter__") | self.attribute(context, "__aenter__"):
                        found |= self.read(("returns", method[1])) if method[0] == "method" else TOP
                case ("generator", int()):
                    found |= self.read(("item", context, None))  # contextlib.contextmanager
                case _:
                    found.add(UNKNOWN)
        return frozenset(found)

    def _caught(self, types: Values) -> Values:
        return frozenset({("object", value[1]) for value in types if value[0] == "class"}) | TOP
