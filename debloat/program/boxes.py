"""Containers: what is in them, by constant key where the key is known."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from debloat.facts import data, ops
from debloat.facts.data import Parameter
from debloat.program.binding import arguments
from debloat.program.externals import COPYING, STORING
from debloat.program.index import Site
from debloat.program.solver import NOTHING, TOP, UNKNOWN, Value, Values

if TYPE_CHECKING:
    from debloat.program.pointsto import PointsTo

Key = tuple[str, object] | None  # a constant's type and value; None for any key


class Boxes:
    """The part of the points-to analysis that deals with containers."""

    def __init__(self, analysis: PointsTo) -> None:
        self._analysis = analysis
        self._index = analysis.index

    def type_of(self, box: Value) -> str:
        """The builtin type of a container."""
        match box:
            case ("box", int(file), int(pc)):
                code = self._index.facts[file].code
                if code[pc] in (ops.SEQUENCE, ops.COMPREHENSION):
                    return ("list", "tuple", "set", "dict", "generator")[code[pc + 3]]
                if code[pc] == ops.CALL:
                    return self._called(file, pc)
            case ("rest", int(scope), int(position)):
                kind = self._index.scopes[scope].parameters[position].kind
                return "tuple" if kind == data.VAR_POSITIONAL else "dict"
            case ("any" | "items", inner) | ("from", inner, _):
                return self.type_of(inner)
            case ("keys", _):
                return "list"
        return "dict"

    def _called(self, file: int, pc: int) -> str:
        """The type of a container that a call makes: of a dataclass's field, the call of its factory."""
        fact = self._index.facts[file]
        made = Site(file, fact.code[pc + 5])
        if ("external", "dataclasses.field") in self._analysis.names.static(made):
            made = Site(file, dict(arguments(fact, pc).keywords).get("default_factory", made.pc))
        lists = {("external", name) for name in COPYING}
        return "list" if self._analysis.names.static(made) <= lists else "dict"

    def iterated(self, values: Values) -> Values:
        """Containers of what iterating over the values gives."""
        maps = frozenset(value for value in values if value[0] in ("box", "rest") and self.type_of(value) == "dict")
        return self.wrap(maps, "keys") | self.wrap(values - maps, "any")

    def copied(self, values: Values) -> Values:
        """Containers with what is in those among the values, dicts being what they are."""
        maps = frozenset(value for value in values if value[0] in ("box", "rest") and self.type_of(value) == "dict")
        return maps | self.wrap(values - maps, "any")

    def wrap(self, values: Values, kind: str) -> Values:
        """Each container among the values as another view of it (``any``, ``items`` or ``keys``); anything else is unknown."""
        found: set[Value] = set()
        for value in values:
            match value:
                case ("any", inner) | ("from", inner, _):
                    found.add((kind, inner))
                case ("box" | "rest" | "generator", *_):
                    found.add((kind, value))
                case ("items" | "keys", _):
                    found.add(value)
                case ("constant", "NoneType", _):
                    pass  # it holds nothing, and asking it for something raises
                case _:
                    found.add(UNKNOWN)
        return frozenset(found)

    def each(self, values: Values) -> Values:
        """What iterating over the values gives, the keys of a dict left out."""
        return self.keyed(values, TOP)

    def keyed(self, boxes: Values, keys: Values) -> Values:
        """What is in the containers under any of the keys."""
        found: set[Value] = set()
        wanted: set[Key] = {(key[1], key[2]) if key[0] == "constant" else None for key in keys} or {None}
        for box in boxes:
            for key in wanted:
                found |= self._analysis.read(("item", box, key))
        return frozenset(found)

    def subscript(self, file: int, base: int, key: int) -> Values:
        """``base[key]``."""
        boxes = self._analysis.at(file, base)
        code = self._index.facts[file].code
        if code[key] == ops.SLICE:
            start = [constant(value) for value in self._analysis.at(file, code[key + 3])] if code[key + 3] >= 0 else [0]
            if len(start) == 1 and isinstance(start[0], int) and start[0] >= 0 and code[key + 5] < 0:
                return frozenset(("from", box, start[0]) if box[0] == "box" else UNKNOWN for box in boxes)
            return self.wrap(boxes, "any")
        return self.keyed(boxes, self._analysis.at(file, key))

    def elements(self, values: Values) -> Values:
        """What iterating over the values gives."""
        found: set[Value] = set()
        for value in values:
            match value:
                case ("items", inner):
                    found.add(("pair", inner))
                case ("object", int()):
                    found |= self._iterated(value)
                case ("box" | "rest", *_) if self.type_of(value) == "dict":
                    found |= self._keys(value)
                case ("keys", inner):
                    found |= self._keys(inner)
                case _:
                    found |= self._analysis.read(("item", value, None))
        return frozenset(found)

    def _keys(self, box: Value) -> Values:
        """The keys of what is a dict, or may be one."""
        if box[0] != "box":
            return frozenset({("builtin", "str")}) if box[0] == "rest" else TOP
        file, pc = box[1:]
        code = self._index.facts[file].code
        found = TOP
        if code[pc] == ops.DICT:
            keys = code[pc + 4 : pc + 4 + 2 * code[pc + 3] : 2]
            found = NOTHING.union(*(self._analysis.at(file, key) if key >= 0 else TOP for key in keys))
        elif code[pc] == ops.CALL:
            found = self._analysis.read(("item", box, None)) | {("builtin", "str")}
        for event in self._analysis.read(("flow", box)):
            if event[0] == "put":
                found |= self._analysis.at(event[1], self._index.facts[event[1]].code[event[2] + 4])
            elif event[0] == "open" or (event[0] == "invoke" and event[3] in STORING):
                found |= TOP
        return found

    def _iterated(self, value: Value) -> Values:
        """Iteration over an object: what its iterator's ``__next__`` returns, or its generator yields."""
        found: set[Value] = set()
        for method in self._analysis.attribute(value, "__iter__"):
            for iterator in self._analysis.read(("returns", method[1])) if method[0] == "method" else TOP:
                if iterator[0] == "object":
                    for step in self._analysis.attribute(iterator, "__next__"):
                        found |= self._analysis.read(("returns", step[1])) if step[0] == "method" else TOP
                else:
                    found |= self._analysis.read(("item", iterator, None))
        return frozenset(found)

    def unpacked(self, values: Values, position: int, starred: int) -> Values:
        """What the target at a position of an unpacking gets."""
        if starred:
            return self.wrap(values, "any")
        return self.keyed(values, frozenset({("constant", "int", position)}))

    # The node ("item", box, key)

    def item(self, box: Value, key: Key) -> Values:
        """What a container holds under a key, or under any."""
        match box:
            case ("any", inner):
                return self._analysis.read(("item", inner, None))
            case ("keys", inner):
                return self._keys(inner)
            case ("pair", inner):
                return (
                    TOP if key == ("int", 0) else self._analysis.read(("item", inner, None)) | (NOTHING if key else TOP)
                )
            case ("box", int(file), int(pc)):
                return self._made(file, pc, key) | self._written(box, key)
            case ("from", inner, int(start)):
                moved = ("int", key[1] + start) if key and isinstance(key[1], int) and key[1] >= 0 else None
                return self._analysis.read(("item", inner, moved))
            case ("generator", int(scope)):
                return self._yielded(scope)
            case ("constant", "NoneType", _):
                return NOTHING  # it raises
            case ("builtin" | "constant", "str", *_):
                return frozenset({("builtin", "str")})
            case ("rest", int(scope), int(position)):
                return self._rest(scope, position, key)
            case ("object", int()):
                found = NOTHING
                for method in self._analysis.attribute(box, "__getitem__"):
                    found |= self._analysis.read(("returns", method[1])) if method[0] == "method" else TOP
                return found
        return TOP

    def _made(self, file: int, pc: int, key: Key) -> Values:
        fact = self._index.facts[file]
        code = fact.code
        match code[pc]:
            case ops.SEQUENCE:
                items = code[pc + 5 : pc + 5 + code[pc + 4]]
                starred = any(code[item] == ops.STAR for item in items)
                if key is not None and key[0] == "int" and isinstance(key[1], int) and not starred:
                    items = items[key[1] :][:1]
                return NOTHING.union(*(self._element(file, item) for item in items))
            case ops.DICT:
                pairs = code[pc + 4 : pc + 4 + 2 * code[pc + 3]]
                return self._pairs(file, list(zip(pairs[::2], pairs[1::2], strict=True)), key)
            case ops.COMPREHENSION:
                return self._yielded(self._index.base[file] + code[pc + 4])
            case ops.CALL if ("external", "dataclasses.field") in self._analysis.at(file, code[pc + 5]):
                return NOTHING
            case ops.CALL if code[pc + 6]:
                found = NOTHING
                for value, star in arguments(fact, pc).positional:
                    found |= TOP if star else self.elements(self._analysis.at(file, value))
                return found
            case ops.CALL:
                given = [value for name, value in arguments(fact, pc).keywords if name and (not key or name == key[1])]
                return NOTHING.union(*(self._analysis.at(file, value) for value in given))
        return TOP

    def _element(self, file: int, item: int) -> Values:
        values = self._analysis.at(file, item)
        return self.each(values) if self._index.facts[file].code[item] == ops.STAR else values

    def _pairs(self, file: int, pairs: Sequence[tuple[int, int]], key: Key) -> Values:
        found: set[Value] = set()
        for name, value in pairs:
            if name < 0:
                for inner in self._analysis.at(file, value):
                    found |= self._analysis.read(("item", inner, key))
            elif key is None or self._may_be(self._analysis.at(file, name), key):
                found |= self._analysis.at(file, value)
        return frozenset(found)

    def _may_be(self, keys: Values, key: tuple[str, object]) -> bool:
        return any(value[0] != "constant" or value[1:] == key for value in keys) or not keys

    def _yielded(self, scope: int) -> Values:
        file = self._index.file_of[scope]
        fact = self._index.facts[file]
        found: set[Value] = set()
        for pc in fact.instructions(scope - self._index.base[file]):
            match fact.code[pc]:
                case ops.YIELD if fact.code[pc + 3] >= 0:
                    found |= self._analysis.at(file, fact.code[pc + 3])
                case ops.YIELD_FROM:
                    found |= self.each(self._analysis.at(file, fact.code[pc + 3]))
                case ops.DICT if self._index.scopes[scope].kind == data.COMPREHENSION and fact.code[pc + 3]:
                    found |= self._analysis.at(file, fact.code[pc + 5])
        return frozenset(found)

    def _written(self, box: Value, key: Key) -> Values:
        """What is put into a container after it is made, wherever it goes."""
        found: set[Value] = set()
        for event in self._analysis.read(("flow", box)):
            match event:
                case ("put", int(file), int(pc)):
                    code = self._index.facts[file].code
                    if key is None or self._may_be(self._analysis.at(file, code[pc + 4]), key):
                        found |= self._analysis.at(file, code[pc + 5])
                case ("invoke", int(file), int(pc), str(method)) if method in STORING:
                    found |= self._stored(file, pc, method, key)
                case ("open", *_):
                    found.add(UNKNOWN)
        return frozenset(found)

    def _stored(self, file: int, pc: int, method: str, key: Key) -> Values:
        call = arguments(self._index.facts[file], pc)
        given = [self._analysis.at(file, value) for value, _ in call.positional]
        match method:
            case "update":
                named = [value for name, value in call.keywords if key is None or name == key[1]]
                found = NOTHING.union(*(self._analysis.at(file, value) for value in named))
                for boxes in given:
                    for inner in boxes:
                        found |= self._analysis.read(("item", inner, key))
                return found
            case "extend" | "extendleft":
                return NOTHING.union(*(self.each(values) for values in given))
            case _:
                return NOTHING.union(*given[-1:])

    def _rest(self, scope: int, position: int, key: Key) -> Values:
        parameter = self._index.scopes[scope].parameters[position]
        found: set[Value] = set()
        if parameter.kind == data.VAR_POSITIONAL:
            for site, _ in self._analysis.arguments(scope, position):
                found |= {UNKNOWN} if site is None else self._element(*site)
            return frozenset(found)
        for event in self._analysis.read(("flow", ("function", scope))):
            if event[0] != "call":
                found.add(UNKNOWN)
                continue
            call = arguments(self._index.facts[event[1]], event[2])
            for name, value in call.keywords:
                if name is None:
                    found |= self.keyed(self._analysis.at(event[1], value), TOP)
                elif key is None or key == ("str", name):
                    found |= self._analysis.at(event[1], value)
        return frozenset(found)

    def spread(
        self, file: int, pc: int, parameter: Parameter, names: Sequence[str]
    ) -> Iterator[tuple[Site | None, Site | None]]:
        """What ``*`` and ``**`` arguments of a call may give a parameter: where it is known, else (None, None)."""
        fact = self._index.facts[file]
        call = arguments(fact, pc)
        for name, value in call.keywords:
            if name is None:
                for box in self._analysis.at(file, value):
                    yield from self._spread_box(box, ("str", names[parameter.name]), Site(file, pc))
        for value, star in call.positional:
            if star:
                for box in self._analysis.at(file, value):
                    yield from self._spread_box(box, None, Site(file, pc))

    def _spread_box(self, box: Value, key: Key, call: Site) -> Iterator[tuple[Site | None, Site | None]]:
        match box:
            case ("box", int(file), int(pc)):
                code = self._index.facts[file].code
                if code[pc] == ops.SEQUENCE and key is None:
                    for item in code[pc + 5 : pc + 5 + code[pc + 4]]:
                        yield Site(file, item), call
                    return
                if code[pc] == ops.DICT and key is not None:
                    pairs = code[pc + 4 : pc + 4 + 2 * code[pc + 3]]
                    for name, value in zip(pairs[::2], pairs[1::2], strict=True):
                        if name >= 0 and self._may_be(self._analysis.at(file, name), key):
                            yield Site(file, value), call
                    return
            case ("rest", int(scope), int(position)):
                yield from self._passed_on(scope, position, key)
                return
        yield None, None

    def _passed_on(self, scope: int, position: int, key: Key) -> Iterator[tuple[Site | None, Site | None]]:
        """What the callers of a function put into its ``*args``, or under a key into its ``**kwargs``."""
        if (self._index.scopes[scope].parameters[position].kind == data.VAR_POSITIONAL) != (key is None):
            yield None, None
            return
        for site, call in self._analysis.arguments(scope, position):
            if site is None or call is None:
                yield None, None
                continue
            given = arguments(self._index.facts[call.file], call.pc)
            names = [name for name, value in given.keywords if value == site.pc]
            if key is not None and names and None not in names:
                if key[1] in names:
                    yield site, call
            elif key is None and (site.pc, False) in given.positional:
                yield site, call
            else:
                yield None, None


def constant(value: Value) -> object:
    """The value of a constant, else None."""
    return value[2] if value[0] == "constant" else None
