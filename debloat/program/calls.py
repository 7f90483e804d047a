"""What calls call and give back, and what decorators make of definitions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from debloat.facts import data, ops
from debloat.facts.data import Parameter
from debloat.program.binding import arguments, bind
from debloat.program.externals import AWAITING, CONTAINERS, COPIES, COPYING, ELEMENTS, PASSING, TRANSPARENT
from debloat.program.index import Site
from debloat.program.parsers import is_parser
from debloat.program.solver import NOTHING, TOP, UNKNOWN, Value, Values

if TYPE_CHECKING:
    from debloat.program.pointsto import PointsTo

_MODELS = (
    "dataclasses.dataclass",
    "attr.s",
    "attr.attrs",
    "attr.define",
    "attrs.define",
    "attrs.frozen",
    "attr.frozen",
)
_ATTRIBUTES = frozenset(("external", name) for name in ("attr.ib", "attr.attrib", "attr.field", "attrs.field"))
# https://docs.python.org/3/library/dataclasses.html#dataclasses.field
_FIELD_OPTIONS = frozenset({"default", "default_factory", "init", "repr", "hash", "compare", "metadata", "kw_only"})
_MODEL_BASES = ("typing.NamedTuple", "pydantic.BaseModel")


class Fields(NamedTuple):
    """The fields of a class whose constructor is generated: its parameters, their names, the fields, the files of the defaults."""

    parameters: list[Parameter]
    names: list[str]
    fields: list[str]
    files: list[int]

    def position(self, field: str) -> int:
        """The position of the parameter that fills a field; -1 where none does."""
        return self.fields.index(field) if field in self.fields else -1


class Calls:
    """The part of the points-to analysis that deals with calls."""

    def __init__(self, analysis: PointsTo) -> None:
        self._analysis = analysis
        self._index = analysis.index
        self._decorators: dict[int, frozenset[str]] = {}

    # Decorators

    def decorators(self, scope: int) -> frozenset[str]:
        """The external names of a definition's decorators; ``?`` for what is no external name."""
        known = self._decorators.get(scope)
        if known is None:
            known = self._decorators[scope] = frozenset(
                value[1] if value[0] == "external" else "?"
                for site in self.decorator_sites(scope)
                for value in self._analysis.names.static(self.called(site))
            )
        return known

    def decorator_sites(self, scope: int) -> Iterator[Site]:
        """The decorators of a function or class, outermost first."""
        file = self._index.file_of[scope]
        code = self._index.facts[file].code
        at = self._index.scopes[scope].definition + 4
        if code[at - 4] == ops.CLASS:
            at += 1 + code[at]
            at += 1 + 2 * code[at]
        elif code[at - 4] != ops.FUNCTION:
            return
        for value in code[at + 1 : at + 1 + code[at]]:
            yield Site(file, value)

    def called(self, site: Site) -> Site:
        """A decorator without its arguments."""
        code = self._index.facts[site.file].code
        return Site(site.file, code[site.pc + 5]) if code[site.pc] == ops.CALL else site

    def transparent(self, site: Site) -> bool:
        """Whether a decorator leaves the function to its callers as it is."""
        fact = self._index.facts[site.file]
        callee = self.called(site)
        if fact.code[callee.pc] == ops.ATTR and fact.names[fact.code[callee.pc + 4]] in ("setter", "getter", "deleter"):
            return True
        return all(value[0] == "external" and value[1] in TRANSPARENT for value in self._analysis.names.static(callee))

    def stages(self, scope: int) -> Iterator[tuple[Site, Values]]:
        """The decorators of a function that change it, innermost first, each with what it is given."""
        found: Values = frozenset({("function", scope)})
        for site in reversed(list(self.decorator_sites(scope))):
            if not self.transparent(site):
                yield site, found
                found = self._applied(self._analysis.at(*site), found)

    def assigns(self, scope: int) -> int:
        """For the setter or deleter of a property, the value that is the property; 0 for any other function."""
        for site in self.decorator_sites(scope):
            fact = self._index.facts[site.file]
            if fact.code[site.pc] == ops.ATTR and fact.names[fact.code[site.pc + 4]] in ("setter", "getter", "deleter"):
                return fact.code[site.pc + 3]
        return 0

    def decorated(self, file: int, pc: int) -> Values:
        """What the name of a function is bound to once its decorators are applied."""
        scope = self._index.base[file] + self._index.facts[file].code[pc + 3]
        if of := self.assigns(scope):
            return self._analysis.at(file, of)  # reading the property still calls its getter
        found: Values = frozenset({("function", scope)})
        for site, given in self.stages(scope):
            found = self._applied(self._analysis.at(*site), given)
        return found

    def given(self, file: int, pc: int, decorator: int) -> Values:
        """What the decorator at a position is given by the definition at ``pc``."""
        code = self._index.facts[file].code
        scope = self._index.base[file] + code[pc + 3]
        if code[pc] == ops.CLASS:
            return frozenset({("class", scope)})
        return NOTHING.union(*(given for site, given in self.stages(scope) if site.pc == decorator))

    def decorated_class(self, file: int, pc: int) -> Values:
        """What the name of a class is bound to: the class, and whatever a project's decorator makes of it."""
        scope = self._index.base[file] + self._index.facts[file].code[pc + 3]
        found: Values = frozenset({("class", scope)})
        for site in self.decorator_sites(scope):
            if any(value[0] in ("function", "class") for value in self._analysis.at(*site)):
                found |= self._applied(self._analysis.at(*site), NOTHING)
        return found

    def _applied(self, decorators: Values, function: Values) -> Values:
        found: set[Value] = set()
        for decorator in decorators:
            if decorator[0] in ("function", "method", "class", "object"):
                found |= self.result_of(decorator)
            else:
                found |= function | TOP
        return frozenset(found)

    # Calls

    def result(self, file: int, pc: int) -> Values:
        """What the call at a position gives back."""
        fact = self._index.facts[file]
        found: set[Value] = set()
        for callee in self._analysis.at(file, fact.code[pc + 5]):
            if callee[0] == "external":
                found |= self._external_result(callee[1], file, pc)
            else:
                found |= self.result_of(callee)
        return frozenset(found)

    def result_of(self, callee: Value) -> Values:
        """What calling a value gives back."""
        match callee:
            case ("function" | "method", int(scope), *_):
                return self._analysis.read(("returns", scope))
            case ("class", int(scope)):
                return frozenset({("object", scope)})
            case ("object", int()):
                found: set[Value] = set()
                for method in self._analysis.attribute(callee, "__call__"):
                    found |= self._analysis.read(("returns", method[1])) if method[0] == "method" else TOP
                return frozenset(found)
            case ("partial", int(file), int(pc)):
                return NOTHING.union(*(self.result_of(inner) for inner in self.inner(file, pc)))
            case ("constant", *_):
                return NOTHING  # calling it raises
            case ("external" | "result", str(dotted)):
                return frozenset({("result", dotted)} if is_parser(dotted) else {("result", dotted), UNKNOWN})
        return TOP

    def inner(self, file: int, pc: int) -> Values:
        """The function in a ``functools.partial`` call."""
        first = arguments(self._index.facts[file], pc).positional[:1]
        return NOTHING.union(*(self._analysis.at(file, value) for value, _ in first))

    def _external_result(self, name: str, file: int, pc: int) -> Values:
        fact = self._index.facts[file]
        call = arguments(fact, pc)
        given = [self._analysis.at(file, value) for value, _ in call.positional]
        base, _, method = name.rpartition(".")
        match name, given:
            case "<builtin>.super", _:
                return self._super(file, pc, given)
            case "functools.partial", [_, *_]:
                return frozenset({("partial", file, pc)})
            case "<builtin>.getattr", [objects, names, *default]:
                found = NOTHING.union(*default)
                for constant in names:
                    known = constant[0] == "constant" and constant[1] == "str"
                    found |= self._analysis.attribute_of(objects, constant[2]) if known else TOP
                return found
            case "<builtin>.type", [objects]:
                return frozenset(("class", value[1]) if value[0] == "object" else UNKNOWN for value in objects)
            case "<builtin>.next", [first, *default]:
                return self._analysis.boxes.elements(first).union(*default)
            case "<builtin>.min" | "<builtin>.max", [first]:
                defaults = [value for key, value in call.keywords if key == "default"]
                return self._analysis.boxes.elements(first) | self._analysis.union(file, defaults)
            case "<builtin>.min" | "<builtin>.max", [_, _, *_]:
                return NOTHING.union(*given)
            case "<builtin>.sum", [first, *_]:
                return self._analysis.boxes.each(first) | TOP
            case "<builtin>.enumerate", [first, *_]:
                return self._analysis.boxes.wrap(self._analysis.boxes.iterated(first), "items")
            case "typing.cast", [_, value]:
                return value
            case "<builtin>.staticmethod", [value]:
                return value
            case "copy.copy" | "copy.deepcopy" | "dataclasses.replace", [value, *_]:
                return value
            case _ if name in AWAITING and given:
                return given[0]
            case _ if name in CONTAINERS and not given:
                return frozenset({("box", file, pc)})
            case "<builtin>.dict" | "collections.OrderedDict", [first]:
                copied = self._analysis.boxes.copied(first)
                return copied if copied == first else copied | TOP  # it may be made of pairs
            case "dataclasses.field", []:
                return self._field(file, pc, dict(call.keywords))
            case _ if name in COPYING and len(given) == 1:
                return frozenset({("box", file, pc)})
            case "<builtin>.iter" | "<builtin>.reversed", [first]:
                return self._analysis.boxes.iterated(first)
            case _ if name in PASSING and given:
                return self._analysis.boxes.wrap(given[0], "any") | TOP
            case _ if base in CONTAINERS:
                return self._container_method(file, pc, method, given)
        if is_parser(name):
            into = method == "parse_args" and (
                len(given) > 1 or any(key in (None, "namespace") for key, _ in call.keywords)
            )
            return TOP if into else frozenset({("result", name)})
        kind = name.removeprefix("<builtin>.")
        if kind in ("str", "int", "float", "bool", "bytes", "len", "repr", "isinstance", "issubclass", "callable"):
            return frozenset({("builtin", kind if kind in ("str", "int", "float", "bytes") else "bool")})
        return frozenset({("result", name), UNKNOWN})

    def _field(self, file: int, pc: int, keywords: Mapping[str | None, int]) -> Values:
        """What a field of a dataclass holds where the constructor is not given it: of a container, the one that is made there."""
        if not keywords.keys() <= _FIELD_OPTIONS:
            return TOP
        found = self._analysis.union(file, [value for key, value in keywords.items() if key == "default"])
        for factory in self._analysis.union(
            file, [value for key, value in keywords.items() if key == "default_factory"]
        ):
            made = factory[0] == "external" and factory[1] in CONTAINERS
            found |= {("box", file, pc)} if made else self.result_of(factory)
        return found

    def _container_method(self, file: int, pc: int, method: str, given: Sequence[Values]) -> Values:
        code = self._index.facts[file].code
        if code[code[pc + 5]] != ops.ATTR:
            return TOP  # the method was taken off its container before
        boxes = self._analysis.at(file, code[code[pc + 5] + 3])
        if method in ELEMENTS:
            keys = given[0] if given and method != "pop" else TOP
            found = self._analysis.boxes.keyed(boxes, keys).union(*given[1:])
            return found | TOP if method == "popitem" else found
        if method in ("keys", "items"):
            return self._analysis.boxes.wrap(boxes, method)
        if method in COPIES:
            copied = self._analysis.boxes.copied(boxes) if method == "copy" else self._analysis.boxes.wrap(boxes, "any")
            return copied | TOP if method in ("union", "intersection") else copied  # with elements of what is given
        return TOP if method not in ("append", "update", "add", "extend", "insert", "clear", "remove") else NOTHING

    def _super(self, file: int, pc: int, given: Sequence[Values]) -> Values:
        if len(given) == 2:
            return frozenset(
                ("super", cls[1], receiver)
                for cls in given[0]
                for receiver in given[1]
                if cls[0] == "class" and receiver[0] in ("object", "class")
            )
        scope = self._index.scope_at(Site(file, pc))
        while scope >= 0 and self._index.enclosing_class(scope) < 0:
            scope = self._index.parent(scope)
        receivers = (self._analysis.receivers(scope) if scope >= 0 else None) or NOTHING
        cls = self._index.enclosing_class(scope) if scope >= 0 else -1
        return frozenset(
            ("super", cls, receiver) if receiver[0] in ("object", "class") else UNKNOWN for receiver in receivers
        )

    def functions(self, callee: Value) -> Iterator[tuple[int, int]]:
        """The functions that run when a value is called, each with the number of parameters taken beforehand."""
        match callee:
            case ("function", int(scope)):
                yield scope, 0
            case ("method", int(scope), _):
                yield scope, 1
            case ("class", int(scope)):
                for name in ("__init__", "__new__"):
                    if isinstance(self._analysis.hierarchy.owner(scope, name), int):
                        for value in self._analysis.attribute(("object", scope), name):
                            if value[0] == "method":
                                yield value[1], 1
            case ("object", int(scope)):
                if isinstance(self._analysis.hierarchy.owner(scope, "__call__"), int):
                    for value in self._analysis.attribute(callee, "__call__"):
                        if value[0] == "method":
                            yield value[1], 1

    # Dataclasses and their like: the fields are the parameters of a constructor that nobody wrote

    def fields(self, scope: int) -> Fields:
        """The fields of which a constructor is generated, inherited ones first; none where there is no such constructor."""
        order = self._analysis.hierarchy.order(scope)
        found: dict[str, tuple[int, int, int]] = {}
        if any(isinstance(cls, int) and self.is_model(cls) for cls in order):
            for cls in reversed(order):
                if isinstance(cls, int):
                    file = self._index.file_of[cls]
                    by_keyword = self._says(file, self.decorator_sites(cls), "kw_only", True)
                    for name, default in self._annotated(cls):
                        alone = by_keyword or self._says(file, [Site(file, default)] * (default >= 0), "init", False)
                        found[name] = file, data.KEYWORD_ONLY if alone else data.POSITIONAL, default
        stripped = any(name.startswith("attr") for name in self.decorators(scope))
        return Fields(
            [Parameter(i, kind, 0, 0, 0, 0, default, -1) for i, (_, kind, default) in enumerate(found.values())],
            [name.lstrip("_") if stripped else name for name in found],
            list(found),
            [file for file, *_ in found.values()],
        )

    def is_converted(self, fields: Fields, position: int) -> bool:
        """Whether a field holds what a converter makes of what the constructor is given."""
        fact, at = self._index.facts[fields.files[position]], fields.parameters[position].default
        is_call = at >= 0 and fact.code[at] == ops.CALL
        return is_call and any(name in ("converter", None) for name, _ in arguments(fact, at).keywords)

    def _says(self, file: int, calls: Iterable[Site], name: str, constant: bool) -> bool:
        """Whether one of some calls has a keyword argument with that constant."""
        fact = self._index.facts[file]
        return any(
            given == name
            and fact.code[value] == ops.CONST
            and tuple(fact.constants[fact.code[value + 3]]) == ("bool", constant)
            for call in calls
            if fact.code[call.pc] == ops.CALL
            for given, value in arguments(fact, call.pc).keywords
        )

    def is_model(self, scope: int) -> bool:
        """Whether a class gets a constructor that is made from its fields."""
        return not self.decorators(scope).isdisjoint(_MODELS) or any(
            base in _MODEL_BASES for base in self._analysis.hierarchy.bases(scope)
        )

    def _annotated(self, scope: int) -> Iterator[tuple[str, int]]:
        """The names that a class body annotates, in order, with their defaults (-1 for none)."""
        fact = self._index.facts[self._index.file_of[scope]]
        record = self._index.scopes[scope]
        annotated = -1
        declares = self._declares_alone(scope)
        for pc in ops.instructions(fact.code, record.start, record.end):
            match fact.code[pc]:
                case ops.ANNOTATION:
                    annotated = pc
                case ops.DECLARE if not declares:
                    yield fact.names[fact.code[pc + 3]], -1
                case ops.STORE if declares:
                    if self._is_attribute(scope, fact.code[pc + 4]):
                        yield fact.names[fact.code[pc + 3]], fact.code[pc + 4]
                case ops.STORE if annotated >= 0 and fact.code[pc + 5] == ops.PLAIN:
                    yield fact.names[fact.code[pc + 3]], fact.code[pc + 4]
                    annotated = -1
                case ops.FUNCTION:
                    annotated = -1

    def _declares_alone(self, scope: int) -> bool:
        """Whether the body of an attrs class declares a field without annotating it: then annotations make none."""
        if not any(name.startswith("attr") for name in self.decorators(scope)):
            return False
        fact, record = self._index.facts[self._index.file_of[scope]], self._index.scopes[scope]
        annotated = False
        for pc in ops.instructions(fact.code, record.start, record.end):
            if fact.code[pc] == ops.STORE and not annotated and self._is_attribute(scope, fact.code[pc + 4]):
                return True
            if fact.code[pc] in (ops.ANNOTATION, ops.STORE, ops.DECLARE, ops.FUNCTION):
                annotated = fact.code[pc] == ops.ANNOTATION
        return False

    def _is_attribute(self, scope: int, value: int) -> bool:
        file = self._index.file_of[scope]
        code = self._index.facts[file].code
        return code[value] == ops.CALL and self._analysis.names.static(Site(file, code[value + 5])) <= _ATTRIBUTES

    def model_field(self, scope: int, name: str) -> Values:
        """What constructor calls put into a field of a dataclass or its like."""
        fields = self.fields(scope)
        position = fields.position(name)
        if position < 0:
            return NOTHING
        found: set[Value] = {UNKNOWN} if self.is_converted(fields, position) else set()
        for event in self._analysis.read(("flow", ("class", scope))):
            match event:
                case ("call", int(file), int(pc), _):
                    binding = bind(arguments(self._index.facts[file], pc), fields.parameters, fields.names, 0)
                    for value in binding.given.get(position, ()):
                        found |= self._analysis.at(file, value)
                    if position in binding.unsure:
                        found.add(UNKNOWN)
                case ("open" | "handed", *_):
                    found.add(UNKNOWN)
        return frozenset(found)
