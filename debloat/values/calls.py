"""What calls and operators give back, what they may change, and whether they come back at all."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from debloat.facts import data, ops
from debloat.program.binding import Arguments, arguments
from debloat.program.externals import CONTAINERS, INERT, STORING
from debloat.program.index import Site
from debloat.values import mocks, stubs
from debloat.values.declared import argparse
from debloat.values.domain import (
    EITHER,
    FALSE,
    NONE,
    NOTHING,
    SOMETHING,
    TRUE,
    Atom,
    Value,
    is_unknown,
    join,
    objects,
    of,
    unknown,
)
from debloat.values.standins import PATCHERS

if TYPE_CHECKING:
    from debloat.values.analysis import Values

_SAME = frozenset({"typing.cast", "copy.copy", "copy.deepcopy", "dataclasses.replace", "copy.replace"})
# What these give is what awaiting their argument gives; a task is awaited in its turn.
# https://docs.python.org/3/library/asyncio-task.html
_TASKS = frozenset({"asyncio.create_task", "asyncio.ensure_future", "asyncio.shield"})
_RUNNING = _TASKS | {"asyncio.run", "asyncio.wait_for"}
_NUMBERS = ("bool", "int", "float", "complex")
# Builtins that look through what they are given and keep nothing of it.
READERS = frozenset(
    {"list", "tuple", "set", "frozenset", "sorted", "sum", "any", "all", "len", "dict", "enumerate", "max", "min"}
)
# A field of a format: https://docs.python.org/3/library/stdtypes.html#printf-style-string-formatting
_FIELD = re.compile(r"%(\([^)]*\))?[^%a-zA-Z]*[%a-zA-Z]", re.DOTALL)
_ALIKE = frozenset({"str", "bytes", "list", "tuple", "set", "frozenset", "dict"})


def exactly(value: Value) -> Value:
    """The value of what gives objects of exactly the builtin types that its stub names, in containers too."""
    return frozenset(
        (
            "builtin",
            atom[1].removeprefix("builtins."),
            *(tuple(exactly(inner) for inner in given) for given in atom[2:]),
        )
        if atom[0] == "stub" and atom[1].removeprefix("builtins.") in _ALIKE | {"bool", "int", "float"}
        else atom
        for atom in value
    )


class Calls:
    """The part of the value analysis that deals with calls and operators."""

    def __init__(self, values: Values) -> None:
        self._values = values
        self._index = values.index
        self._program = values.program

    # Calls

    def result(self, file: int, pc: int) -> Value:
        """What the call at a position gives back."""
        callee = self._values.at(file, self._index.facts[file].code[pc + 5])
        return self.result_of(callee, Site(file, pc))

    def result_of(self, callee: Value, site: Site) -> Value:
        """What calling a value at a site gives back."""
        return join(self._called(atom, site) for atom in callee if atom[0] != "assumed")

    def method_result(self, atom: Atom, name: str, site: Site) -> Value:
        """What a special method that Python calls gives."""
        return self.result_of(self._values.attributes.of_atom(atom, name, site), site)

    def special_result(self, atom: Atom, name: str, site: Site) -> Value:
        """What a special method gives to ``with`` or ``for``; where only ``async`` has one, what that gives when it is awaited."""
        if self._program.hierarchy.owner(atom[1], f"__{name}__") is not None:
            return self.method_result(atom, f"__{name}__", site)
        if self._program.hierarchy.owner(atom[1], f"__a{name}__") is None:
            return unknown(f"it has no __{name}__ that is seen", site)
        given = self.method_result(atom, f"__a{name}__", site)
        return given if name == "iter" else self.result_of_await(given, site)

    def _called(self, atom: Atom, site: Site) -> Value:
        match atom:
            case ("function" | "method", int(), *_):
                return self._returned(atom, site)
            case ("class", int(scope)):
                return self._made(scope, site)
            case ("subclass", int(scope)):
                return of(("heir", scope))
            case ("object" | "heir", int(), *_):
                return self.method_result(atom, "__call__", site)
            case ("external", str(dotted)):
                instead = self.instead(dotted, site)
                result = NOTHING if is_unknown(instead) else self._external(dotted, site)
                return join([result, instead if is_unknown(instead) else self.result_of(instead - {atom}, site)])
            case ("parsing", str(name), parser):
                return argparse.result(name, parser, site, self._values)
            case ("of", str(kind), str(name), receiver):
                return self._of_builtin(kind, name, receiver, site)
            case ("unknown", *_):
                return of(atom)
            case ("constant", "NoneType", _):
                return NOTHING
            case ("mock", *_):
                return self._values.mocks.called(atom, site)
        return unknown("a call of what is not followed", site)

    def is_itself(self, scope: int) -> bool:
        """Whether a call of a function runs that function's own code and no other."""
        if self._index.name(scope) in self._values.standins.names or any(
            reason.startswith("rebound") for reason, _ in self._program.openings.of(scope)
        ):
            return False
        return not self._index.scopes[scope].flags & data.TRIVIAL or self._is_concrete(scope)

    def _returned(self, atom: Atom, site: Site) -> Value:
        scope = atom[1]
        record = self._index.scopes[scope]
        if is_unknown(stand_in := self._values.standins.of_scope(scope, site)):
            return stand_in
        if any(reason.startswith("rebound") for reason, _ in self._program.openings.of(scope)):
            return unknown(f"rebound: {self._index.name(scope)} is bound at several places", site)
        if record.kind == data.FUNCTION and record.flags & data.TRIVIAL and not self._is_concrete(scope):
            return unknown("not implemented: others implement it", site)
        if record.flags & data.ASYNC and not record.flags & data.GENERATOR:
            return of(("coroutine", scope))
        told = self._values.passed_on.returned(atom, site)
        return join([self._values.read(("returns", scope)) if told is None else told, stand_in])

    def instead(self, dotted: str, site: Site) -> Value:
        """What code of the program puts in the place of a name of a library; nothing where it puts nothing there."""
        home, _, name = dotted.rpartition(".")
        if home.startswith("<builtin>."):
            return NOTHING
        for writer in self._index.attribute_writers.get(name, ()):
            for write in self._index.find(writer, ops.SET_ATTR, 4, name):
                base = Site(write.file, self._index.facts[write.file].code[write.pc + 3])
                if ("external", home) in self._program.names.static(base):
                    return unknown(f"replaced: {name} is set from here", write)
        return self._values.standins.of_external(dotted)

    def _is_concrete(self, scope: int) -> bool:
        """Whether a function without a body of its own is meant as it stands: not abstract, not a protocol's, no overload."""
        names = self._program.analysis.calls.decorators(scope)
        if any(name.rpartition(".")[2] in ("abstractmethod", "overload", "abstractproperty") for name in names):
            return False
        cls = self._index.enclosing_class(scope)
        return cls < 0 or "typing.Protocol" not in self._program.hierarchy.order(cls)

    def _made(self, scope: int, site: Site) -> Value:
        """An object of a class that is called."""
        hierarchy = self._program.hierarchy
        order = hierarchy.order(scope)
        if self._values.types.is_typed_dict(scope):
            return of(("box", *site))
        if is_unknown(stand_in := self._values.standins.of_scope(scope, site)):
            return stand_in
        changes = self._index.attribute_writers.get("__class__")
        if changes and self._values.attributes.fate(scope)[2].intersection(
            change for writer in changes for change in self._index.find(writer, ops.SET_ATTR, 4, "__class__")
        ):
            return unknown(f"an object of {self._index.name(scope)} may be made one of another class", site)
        members = self._values.attributes.members(scope)
        if members is not None:
            return of(*(("member", scope, name) for name in members)) if members else unknown("no members", site)
        for cls in order:
            if isinstance(cls, int):
                metaclass = hierarchy.keywords(cls).get("metaclass")
                if hierarchy.binds(cls, "__new__"):
                    return unknown(f"{self._index.name(cls)}.__new__ makes the object", site)
                if metaclass and self._program.names.static(metaclass) != {("external", "abc.ABCMeta")}:
                    return unknown(f"the metaclass of {self._index.name(cls)} makes the object", site)
        return of(("object", scope)) | stand_in

    def _external(self, name: str, site: Site) -> Value:
        fact = self._index.facts[site.file]
        if fact.code[site.pc] != ops.CALL:
            return stubs.fixed(stubs.returns(name)) or unknown(f"the result of {name} from outside", site)
        call = arguments(fact, site.pc)
        given = [self._values.at(site.file, value) for value, star in call.positional if not star]
        starred = len(given) < len(call.positional) or any(key is None for key, _ in call.keywords)
        if name == argparse.PARSER:
            return of(("parser", *site))
        if name in _SAME and given:
            return given[1] if name == "typing.cast" and len(given) > 1 else given[0]
        if name in mocks.CLASSES:
            return self._values.mocks.made(call, site)
        if name in PATCHERS:
            return of(("patcher", *site))
        if name == "subprocess.run" and not starred and self._captures(dict(call.keywords), site):
            return of(("ran",))
        if name == "random.choice" and given:
            return self._values.containers.each(given[0], site)
        if name == "asyncio.gather" and call.positional and not call.keywords:
            return self._gathered(call, site)
        if name in _RUNNING and given:
            return given[0] if name in _TASKS else self.result_of_await(given[0], site)
        if (
            name == "asyncio.to_thread"
            and given
            and all(atom[0] in ("function", "method") for atom in objects(given[0]))
        ):
            return of(("awaitable", self.result_of(given[0], site)))
        if name in CONTAINERS and not given and not starred:
            return of(("box", *site)) if name != "<builtin>.frozenset" else of(("builtin", "frozenset"))
        if name.startswith("<builtin>.") and name.count(".") == 1:
            found = self._builtin(name.removeprefix("<builtin>."), given, site)
            if found is not None:
                return found
        if name in ("os.environ.get", "os._Environ.get", "os.getenv", "typing.Mapping.get") and given:
            return self._environment(name, given, call.keywords, site)
        match stubs.kind(name):
            case "function":
                if stubs.never_returns(name):
                    return NOTHING
                return self._untouched(stubs.returns(name), site) or unknown(
                    f"the result of {name.replace('<builtin>.', '')} from outside", site
                )
            case "class" if not name.startswith("<builtin>."):
                return of(("stub", name))
            case "class" if self._values.types.is_exception(name):
                return of(("stub", name.replace("<builtin>", "builtins")))
        return unknown(f"the result of {name.replace('<builtin>.', '')} from outside", site)

    def _gathered(self, call: Arguments, site: Site) -> Value:
        """What awaiting ``asyncio.gather`` gives: a list of what awaiting each of its arguments gives."""
        code = self._index.facts[site.file].code
        found = [
            self.result_of_await(
                self._values.containers.each(self._values.at(site.file, code[value + 3]), site)
                if star
                else self._values.at(site.file, value),
                site,
            )
            for value, star in call.positional
        ]
        return of(("awaitable", self._untouched(of(("builtin", "list", (join(found),))), site)))

    def _environment(self, name: str, given: list[Value], keywords: object, site: Site) -> Value:
        if name == "typing.Mapping.get":
            return unknown("an item of a mapping from outside", site)
        default = given[1] if len(given) > 1 else of(NONE)
        return unknown("unpacked arguments", site) if keywords else join([of(("builtin", "str")), default])

    def _builtin(self, name: str, given: list[Value], site: Site) -> Value | None:
        """What a builtin function gives; None where its stub says enough."""
        values = self._values
        match name, given:
            case "isinstance" | "issubclass" | "hasattr" | "callable", [_, *_]:
                return values.narrowing.asked(name, site)
            case "bool", [value]:
                true, false = values.types.truth(value)
                return of(*([TRUE] * true + [FALSE] * false))
            case "bool" | "any" | "all", _:
                return EITHER
            case "list" | "tuple" | "set" | "sorted", [_] if self._index.facts[site.file].code[site.pc + 6] == 1:
                return of(("box", *site))
            case "str" | "bytes" | "repr" | "format", [first, *_]:
                return self.converted("bytes" if name == "bytes" else "str", first)
            case (
                (
                    "str"
                    | "int"
                    | "float"
                    | "bytes"
                    | "bytearray"
                    | "complex"
                    | "list"
                    | "tuple"
                    | "set"
                    | "dict"
                    | "frozenset"
                    | "range"
                ),
                _,
            ):
                return of(("builtin", name))
            case "sorted", _:
                return of(("builtin", "list"))
            case "len" | "id" | "hash" | "ord", _:
                return of(("builtin", "int"))
            case "ascii" | "chr" | "hex" | "bin" | "oct" | "input", _:
                return of(("builtin", "str"))
            case "print" | "setattr" | "delattr", _:
                return of(NONE)
            case "enumerate" | "zip", [_, *_]:
                return of(("numbered" if name == "enumerate" else "zipped", *site))
            case "iter" | "reversed", [iterable]:
                return self._iterator(values.containers.each(iterable, site))
            case "filter", [_, iterable]:
                return self._iterator(values.containers.each(iterable, site))
            case "map", [function, *_] if all(atom[0] in ("function", "method", "class") for atom in objects(function)):
                return self._iterator(self.result_of(function, site))
            case (
                "enumerate"
                | "zip"
                | "map"
                | "filter"
                | "reversed"
                | "iter"
                | "slice"
                | "memoryview"
                | "object"
                | "dir"
                | "vars",
                _,
            ):
                return of(SOMETHING)
            case "open", _:
                return self._opened(given, site)
            case "type", [value]:
                return self._types(value, site)
            case "getattr", [value, names, *default]:
                return self._getattr(value, names, default, site)
            case "super", _:
                return self._super(site)
            case "min" | "max", [first]:
                keywords = arguments(self._index.facts[site.file], site.pc).keywords
                defaults = [values.at(site.file, value) for name, value in keywords if name == "default"]
                return join([values.containers.each(first, site), *defaults])
            case "min" | "max", [_, _, *_]:
                return join(given)
            case "next", [iterator, *default]:
                return join([values.containers.each(iterator, site), *default])
            case "abs" | "sum" | "round" | "divmod", [_, *_]:
                return self._number(name, given, site)
            case "abs" | "sum" | "round" | "pow" | "divmod", _:
                return unknown(f"the result of {name}", site)
        return None

    def _iterator(self, value: Value) -> Value:
        return of(SOMETHING if is_unknown(value) else ("stub", "typing.Iterator", (value,)))

    def _captures(self, keywords: Mapping[str | None, int], site: Site) -> bool:
        """Whether ``subprocess.run`` surely captures what the process writes, as text.

        https://docs.python.org/3/library/subprocess.html#subprocess.run
        """
        true = [name for name, value in keywords.items() if self._values.at(site.file, value) == of(TRUE)]
        return "capture_output" in true and not {"text", "universal_newlines"}.isdisjoint(true)

    def _opened(self, given: list[Value], site: Site) -> Value:
        """The file that ``open`` gives in a mode."""
        keywords = dict(arguments(self._index.facts[site.file], site.pc).keywords)
        modes = of(("constant", "str", "r"))
        if "mode" in keywords or len(given) > 1:
            modes = self._values.at(site.file, keywords["mode"]) if "mode" in keywords else given[1]
        known = [atom[2] for atom in objects(modes) if atom[:2] == ("constant", "str")]
        text = of(("stub", "io.TextIOWrapper"))
        binary = of(("stub", "io.BufferedIOBase"), ("stub", "io.RawIOBase"))
        if len(known) < len(objects(modes)):
            return text | binary
        return join(binary if "b" in str(mode) else text for mode in known)

    def converted(self, kind: str, value: Value) -> Value:
        """What an object is as text or bytes: what its own method for that gives may be of a subclass."""
        plain = all(self._values.types.builtin(atom) is not None for atom in objects(value))
        return of(("builtin" if plain else "stub", kind if plain else f"builtins.{kind}")) if value else NOTHING

    def _types(self, value: Value, site: Site) -> Value:
        found = []
        for atom in objects(value):
            own = self._values.types.builtin(atom)
            match atom:
                case ("object" | "member", int(scope), *_):
                    found.append(of(("class", scope)))
                case ("heir", int(scope)):
                    found.append(of(("subclass", scope)))
                case _ if own is not None and own is not type(None):
                    found.append(of(("external", f"<builtin>.{own.__name__}")))
                case _:
                    found.append(of(SOMETHING))
        return join(found)

    def _getattr(self, value: Value, names: Value, default: list[Value], site: Site) -> Value:
        constants = [atom[2] for atom in objects(names) if atom[:2] == ("constant", "str")]
        if len(constants) != len(objects(names)):
            return unknown("an attribute that is read by a computed name", site)
        attributes = self._values.attributes
        found = [attributes.of_value(value, name, site) for name in constants]
        sure = all(attributes.is_certain(atom, name, site) for atom in objects(value) for name in constants)
        return join([*found, *([] if sure else default)])

    def _super(self, site: Site) -> Value:
        scope = self._index.scope_at(site)
        while scope >= 0 and self._index.enclosing_class(scope) < 0:
            scope = self._index.parent(scope)
        receivers = self._program.analysis.receivers(scope) if scope >= 0 else None
        if receivers is None or self._index.facts[site.file].code[site.pc + 6]:
            return unknown("super() that is not followed", site)
        cls = self._index.enclosing_class(scope)
        if any(atom[0] == "unknown" for atom in receivers) or self._program.openings.extension(cls) is not None:
            return unknown("super() of a class that others may extend", site)
        return join(of(("super", cls, atom)) for atom in receivers)

    def _of_builtin(self, kind: str, name: str, receiver: Atom, site: Site) -> Value:
        """A method of a builtin object; of a container of the program, what is in it."""
        fact = self._index.facts[site.file]
        if fact.code[site.pc] != ops.CALL:
            return unknown("a method that Python calls", site)
        given = [self._values.at(site.file, value) for value, _ in arguments(fact, site.pc).positional]
        boxes = self._values.containers
        if kind == "dict" and receiver[0] in ("box", "rest"):
            match name, given:
                case "get" | "pop" | "setdefault", [keys, *default]:
                    fallback = default if default or name == "pop" else [of(NONE)]
                    known = [boxes.has_key(receiver, atom[1:]) for atom in objects(keys) if atom[0] == "constant"]
                    if len(known) == len(objects(keys)) and all(outcome is False for outcome in known):
                        return join(fallback)
                    held = boxes.subscript(of(receiver), keys, site)
                    sure = len(known) == len(objects(keys)) and all(known)
                    return held if sure else join([held, *fallback])
                case "items", []:
                    return of(("pairs", receiver))
                case "keys" | "values", []:
                    return of((name, receiver))
        if kind == "str" and self._values.types.splits(site):
            return of(("box", *site))
        if kind == "list" and name == "pop" and receiver[0] == "box":
            return self._values.read(("item", receiver, None))
        if receiver[0] == "stub":
            if kind == "dict" and (found := self._of_items(name, receiver, given)):
                return found
            found = self._untouched(stubs.returns(f"builtins.{kind}.{name}", receiver[2]), site)
            return found or unknown(f"the result of {kind}.{name}", site)
        found = stubs.returns(f"builtins.{kind}.{name}")
        return exactly(self._untouched(found, site)) or unknown(f"the result of {kind}.{name}", site)

    def _untouched(self, value: Value, site: Site) -> Value:
        """What a call of the library gives; of a container that code may change the items only if no code puts any into it."""
        fact = self._index.facts[site.file]
        users = fact.consumers(self._index.scope_at(site) - self._index.base[site.file]).get(site.pc, ())
        read = all(
            fact.code[user] in (ops.ELEMENT, ops.FOR, ops.COMPREHENSION, ops.SUBSCRIPT, ops.STAR)
            or (fact.code[user] == ops.CALL and fact.code[user + 5] != site.pc and self._reads(Site(site.file, user)))
            for user in users
        )
        plain = stubs.fixed(value)
        return value if value == plain or (read and users) or self._is_filled_once(site) else plain

    def _is_filled_once(self, site: Site) -> bool:
        """Whether the container that a call of the library gives stays in code that can be seen and gets no more items there."""
        return all(
            event[0] in ("whole", "drop") or (event[0] == "read" and event[3] not in STORING and event[3][:2] != "__")
            for event in self._program.analysis.flow(("made", *site))
        )

    def _reads(self, site: Site) -> bool:
        """Whether a call is of a builtin that looks through what it is given and keeps nothing of it."""
        called = self._program.names.static(Site(site.file, self._index.facts[site.file].code[site.pc + 5]))
        return all(value[0] == "external" and value[1].removeprefix("<builtin>.") in READERS for value in called)

    def _of_items(self, name: str, receiver: Atom, given: list[Value]) -> Value:
        """What methods of a dict of the library give that are about its keys and items; nothing for any other."""
        keys, items = receiver[2]
        match name, given:
            case "get" | "pop" | "setdefault", [_, *default]:
                return join([items, *(default or ([of(NONE)] if name != "pop" else []))])
            case "items", []:
                return of(("stub", "typing.AbstractSet", (of(("builtin", "tuple", (keys, items))),)))
            case "keys" | "values", []:
                return of(("stub", "typing.Collection", (keys if name == "keys" else items,)))
        return NOTHING

    def _number(self, name: str, given: list[Value], site: Site) -> Value:
        """What functions of numbers give for plain ones."""
        values = [self._values.containers.each(given[0], site), *given[1:]] if name == "sum" else given
        kinds = {self._values.types.builtin(atom) for value in values for atom in objects(value)}
        if not kinds or not kinds <= {int, bool, float} or len(given) > 2:
            return unknown(f"the result of {name}", site)
        if name == "round" and len(given) == 1:
            return of(("builtin", "int"))
        if name == "round":
            kinds = {self._values.types.builtin(atom) for atom in objects(given[0])}
        found = of(*(("builtin", "float" if kind is float else "int") for kind in kinds))
        if name == "divmod":
            found = of(("builtin", "float")) if float in kinds else found
            return of(("builtin", "tuple", (found, found)))
        return found | of(("builtin", "int")) if name == "sum" else found

    def declared(self, scope: int, position: int) -> Value:
        """What a framework surely gives a parameter of a function that it calls; nothing where that is not known."""
        from debloat.values.declared import given

        return given(self._values, scope, position)

    # Other operations

    def binary(self, file: int, pc: int) -> Value:
        """What an operator gives."""
        code = self._index.facts[file].code
        operator = code[pc + 3]
        left, right = (self._values.at(file, side) for side in code[pc + 4 : pc + 6])
        if not left or not right:
            return NOTHING
        found = [
            self._operated(operator, one, other, Site(file, pc)) for one in objects(left) for other in objects(right)
        ]
        return join([*found, frozenset(a for a in left | right if a[0] == "assumed")])

    def _operated(self, operator: int, one: Atom, other: Atom, site: Site) -> Value:
        if one[0] == "stub" and (other[0] == "stub" or self._values.types.builtin(other) is not None):
            method = f"{one[1]}.{_BY_OPERATOR.get(operator, '')}"
            if stubs.kind(method) == "function" and (found := stubs.returns(method)):
                return found
        for atom in (one, other):
            if atom[0] == "unknown":
                kinds = [self._values.types.builtin(a) for a in (one, other)]
                return of(("builtin", "str")) if operator == _MOD and kinds[0] is str else of(atom)
        kinds = [self._values.types.builtin(atom) for atom in (one, other)]
        if kinds[0] is None or kinds[1] is None:
            library = all(atom[0] == "stub" or kind is not None for atom, kind in zip((one, other), kinds, strict=True))
            return of(SOMETHING) if library else unknown("the result of an operator", site)
        names = [kind.__name__ for kind in kinds if kind is not None]
        if names[0] in ("str", "bytes") and operator == _MOD:
            return of(("text",) if one[:2] == ("constant", "str") and _FIELD.sub("", one[2]) else ("builtin", names[0]))
        if all(name in _NUMBERS for name in names):
            if operator == _DIV and names[0] != "complex" != names[1]:
                return of(("builtin", "float"))
            if operator == _POW:
                exact = "float" not in names and "complex" not in names
                return of(("builtin", "int"), ("builtin", "float")) if exact else of(SOMETHING)
            if operator in _BITWISE and names == ["bool", "bool"]:
                return of(("builtin", "bool"))
            return of(("builtin", max(*names, "int", key=_NUMBERS.index)))
        if names[0] in _ALIKE and (names[1] == names[0] or names[1] in ("int", "bool")):
            return of(("builtin", names[0]))
        if names[1] in _ALIKE and names[0] in ("int", "bool"):
            return of(("builtin", names[1]))
        return NOTHING if "NoneType" in names else unknown("the result of an operator", site)

    def unary(self, operator: int, inner: Value, site: Site) -> Value:
        """What ``-x``, ``+x`` and ``~x`` give."""
        kinds = {self._values.types.builtin(atom) for atom in objects(inner)}
        if kinds and kinds <= {int, float, bool} and operator != ops.INVERT:
            return of(*(("builtin", "int" if kind is bool else kind.__name__) for kind in kinds if kind))
        return unknown("the result of an operator", site) if inner else NOTHING

    def defined(self, file: int, pc: int) -> Value:
        """What the name of a function or class is bound to."""
        fact = self._index.facts[file]
        scope = self._index.base[file] + fact.code[pc + 3]
        calls = self._program.analysis.calls
        is_class = fact.code[pc] == ops.CLASS
        if not is_class and (prop := calls.assigns(scope)):
            return self._values.at(file, prop)
        here = Site(file, pc)
        for site in calls.decorator_sites(scope):
            if not calls.transparent(site):
                made = self._program.analysis.values(here)
                if not made or any(value[0] not in ("function", "class") for value in made):
                    return unknown(f"decorated by {self._program.openings.shown(site)}", site)
                if not is_class or made == {("class", scope)}:
                    return of(*made)
                return unknown(
                    f"decorated by {self._program.openings.shown(site)}, which puts another in its place", site
                )
        return of(("class" if is_class else "function", scope))

    def entered(self, file: int, pc: int) -> Value:
        """What a context manager gives when it is entered."""
        here = Site(file, pc)
        found = []
        for atom in objects(self._values.at(file, self._index.facts[file].code[pc + 3])):
            match atom:
                case ("object" | "heir", int(), *_):
                    found.append(self.special_result(atom, "enter", here))
                case ("generator", int(scope)):
                    found.append(self._values.read(("yields", scope)))
                case ("patcher", int(maker), int(call)):
                    found.append(self._values.standins.entered(Site(maker, call)))
                case ("stub", str(dotted), *_) if stubs.kind(f"{dotted}.__enter__"):
                    found.append(stubs.returns(f"{dotted}.__enter__") or of(atom))
                case _:
                    found.append(unknown("what a context manager gives", here))
        return join(found)

    def caught(self, file: int, pc: int) -> Value:
        """An exception of the handled types."""
        source = self._index.facts[file].code[pc + 3]
        types = self._values.at(file, source) if source >= 0 else NOTHING
        found = []
        for atom in objects(types):
            match atom:
                case ("class" | "subclass", int(scope)):
                    found.append(of(("heir", scope)))
                case ("external", str(dotted)):
                    found.append(of(("stub", dotted.replace("<builtin>", "builtins"))))
                case _:
                    found.append(of(SOMETHING))
        return join(found)

    def awaited(self, file: int, pc: int) -> Value:
        """What ``await`` gives."""
        return self.result_of_await(self._values.at(file, self._index.facts[file].code[pc + 3]), Site(file, pc))

    def result_of_await(self, value: Value, site: Site) -> Value:
        """What awaiting a value gives."""
        found = []
        for atom in objects(value):
            if atom[0] == "coroutine":
                found.append(self._values.read(("returns", atom[1])))
            elif atom[0] == "awaitable":
                found.append(atom[1])
            else:
                found.append(of(atom) if atom[0] == "unknown" else unknown("what is awaited", site))
        return join(found)

    # Effects

    def comes_back(self, file: int, pc: int) -> bool:
        """Whether a call may return at all."""
        callee = self._values.at(file, self._index.facts[file].code[pc + 5])
        return any(self._may_return(atom) for atom in callee)

    def _may_return(self, atom: Atom) -> bool:
        match atom:
            case ("function" | "method", int(scope), *_):
                record = self._index.scopes[scope]
                if (
                    record.flags & (data.GENERATOR | data.ASYNC)
                    or not self._is_concrete(scope)
                    or record.flags & data.TRIVIAL
                ):
                    return True
                return self._index.name(scope) in self._values.standins.names or bool(
                    self._values.read(("ends", scope))
                )
            case ("external", str(dotted)):
                return not stubs.never_returns(dotted) or dotted.rpartition(".")[2] in self._values.standins.names
            case ("constant", *_):
                return False
        return True

    def is_harmless(self, file: int, pc: int) -> bool:
        """Whether an instruction surely sets no attribute of the program's objects."""
        code = self._index.facts[file].code
        match code[pc]:
            case ops.CALL:
                callee = self._values.at(file, code[pc + 5])
                return bool(callee) and all(self._is_inert(atom) for atom in callee)
            case ops.COMPREHENSION:
                return False
            case ops.ELEMENT:
                value = self._values.at(*self._program.analysis.iterable(Site(file, pc)))
                return bool(value) and all(self._values.types.builtin(atom) is not None for atom in value)
        return False

    def _is_inert(self, atom: Atom) -> bool:
        return atom[0] == "of" or (atom[0] == "external" and (atom[1] in INERT or atom[1].startswith("logging.")))

    def may_swallow(self, file: int, pc: int) -> bool:
        """Whether the context manager of a WITH may swallow an exception that its body raises."""
        contexts = self._values.at(file, self._index.facts[file].code[pc + 5])
        return any(self._swallows(atom, Site(file, pc)) for atom in contexts)

    def _swallows(self, atom: Atom, site: Site) -> bool:
        match atom:
            case ("stub", str(dotted), *_):
                return stubs.returns(f"{dotted}.__exit__") != of(NONE)
            case ("object" | "heir", int(), *_):
                return self._values.types.truth(self.special_result(atom, "exit", site))[0]
            case ("patcher", *_):
                return False
            case ("generator", int(scope)):
                fact = self._index.facts[self._index.file_of[scope]]
                local = scope - self._index.base[self._index.file_of[scope]]
                return any(fact.code[pc] in (ops.EXCEPT, ops.WITH) for pc in fact.instructions(local))
        return True


# The numbers of operators, as the facts have them
_ADD, _SUB, _MULT, _MATMULT, _DIV, _MOD, _POW, _, _, *_BITWISE = range(12)
_BY_OPERATOR = {_ADD: "__add__", _SUB: "__sub__", _MULT: "__mul__", _DIV: "__truediv__", _MOD: "__mod__"}

__all__ = ["Calls", "is_unknown"]
