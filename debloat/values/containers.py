"""What containers hold: items of displays and of what is put into them, certain keys, elements of iterations."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from debloat.facts import data, ops
from debloat.program.binding import arguments
from debloat.program.externals import COPIES, ELEMENTS, ENUMS, PLAIN, STORING
from debloat.program.index import Index, Site
from debloat.program.queries import Call
from debloat.program.reasons import KEPT
from debloat.program.solver import Value as Event
from debloat.program.unpacked import filling
from debloat.values import stubs
from debloat.values.domain import NOTHING, Atom, Value, join, objects, of, unknown

if TYPE_CHECKING:
    from debloat.values.analysis import Values

Key = tuple[str, object]
# Methods that take nothing out of a dict.
_KEEPING = frozenset({"get", "items", "keys", "values", "copy", "update", "setdefault", "__getitem__", "__contains__"})
_READING = COPIES | {
    "get",
    "index",
    "count",
    "__getitem__",
    "__contains__",
    "join",
    "issubset",
    "issuperset",
    "isdisjoint",
}

# Of which type argument the items of a container are
_ITEMS = {"list": 0, "typing.Sequence": 0, "collections.deque": 0, "dict": 1, "typing.Mapping": 1}

# Openings of a container that is kept by an object which unseen code has.


def _item(kind: str, held: tuple[Value, ...], site: Site, index: Index) -> int:
    """Which of the type arguments of a container the item is of that a SUBSCRIPT reads; -1 where that is not known."""
    code = index.facts[site.file].code
    if (
        kind.removeprefix("builtins.") == "tuple"
        and code[site.pc] == ops.SUBSCRIPT
        and code[code[site.pc + 4]] == ops.CONST
    ):
        name, place = index.facts[site.file].constants[code[code[site.pc + 4] + 3]]
        return place if name == "int" and isinstance(place, int) and place < len(held) else -1
    place = _ITEMS.get(kind.removeprefix("builtins."), -1)
    return place if place < len(held) else -1


class Containers:
    """The part of the value analysis that deals with containers."""

    def __init__(self, values: Values) -> None:
        self._values = values
        self._index = values.index

    def events(self, box: Atom) -> frozenset[Event]:
        """Where a container goes, and what is done with it there."""
        return self._values.program.analysis.whole(box)

    def opening(self, box: Atom) -> tuple[str, Site] | None:
        """Where a container reaches code that cannot be seen, if it does."""
        opened = [event for event in self.events(box) if event[0] == "open"]
        return (min(opened)[1], Site(*min(opened)[2:])) if opened else None

    def _fate(self, box: Atom) -> tuple[tuple[str, Site] | None, Value]:
        """Where a container reaches code that may change it, and what is assumed of unseen code that merely has its owner."""
        opened = [event for event in self.events(box) if event[0] == "open"]
        application = self._values.attributes.is_application(self._index.scope_at(Site(box[1], box[2])))
        lost = [event for event in opened if not (application and event[1].startswith(KEPT))]
        if lost:
            return (min(lost)[1], Site(*min(lost)[2:])), NOTHING
        return None, of(
            ("assumed", "unseen code changes no container that an object of the program holds")
        ) if opened else NOTHING

    # Items

    def subscript(self, base: Value, keys: Value, site: Site) -> Value:
        """``base[key]``: what is under any of the keys."""
        found: list[Value] = []
        for atom in objects(base):
            if atom[0] in ("box", "rest") and not self._is_slice(site):
                found += [self._values.read(("item", atom, key)) for key in self._keys(keys)]
            else:
                found.append(self._foreign(atom, site))
        return join(found)

    def _is_slice(self, site: Site) -> bool:
        code = self._index.facts[site.file].code
        return code[site.pc] == ops.SUBSCRIPT and code[code[site.pc + 4]] == ops.SLICE

    def _keys(self, keys: Value) -> Sequence[Key | None]:
        found = [(atom[1], atom[2]) if atom[0] == "constant" else None for atom in objects(keys)]
        return [None] if None in found else found

    def _foreign(self, atom: Atom, site: Site) -> Value:
        """An item of what is no container of the program."""
        match atom:
            case ("builtin" | "constant", "str", *_):
                return of(("builtin", "str"))
            case ("builtin" | "constant", "bytes", *_):
                return of(("builtin", "bytes" if self._is_slice(site) else "int"))
            case ("box" | "rest", *_):
                made = self._values.types.builtin(atom)
                return of(("builtin", made.__name__)) if made in (list, tuple) else NOTHING
            case ("stub", "builtins.str"):
                return of(("stub", "builtins.str"))
            case ("stub" | "builtin", str(kind), tuple(held)) if (place := _item(kind, held, site, self._index)) >= 0:
                return of(atom) if self._is_slice(site) else held[place]
            case ("object" | "heir", int(), *_):
                return self._values.calls.method_result(atom, "__getitem__", site)
            case ("class" | "subclass", int(scope)):
                return self._of_class(atom, scope, site)
            case ("external", _):
                return of(atom)  # a generic class with its arguments
            case ("unknown", *_):
                return of(atom)
        return unknown("an item of a container that is not followed", site)

    def _of_class(self, atom: Atom, scope: int, site: Site) -> Value:
        """A class with what stands in brackets behind it: a member of an enumeration, or a generic class with its arguments."""
        program = self._values.program
        members = self._values.attributes.members(scope)
        if members and atom[0] == "class":
            return of(*(("member", scope, name) for name in members))
        order = program.hierarchy.order(scope)
        enumerates = not set(ENUMS).isdisjoint(order)
        own = any(isinstance(cls, int) and self._is_subscripted(cls) for cls in order)
        return unknown("an item of a class that is not followed", site) if enumerates or own else of(atom)

    def _is_subscripted(self, cls: int) -> bool:
        """Whether a class or its metaclass says itself what brackets behind it give."""
        hierarchy = self._values.program.hierarchy
        metaclass = hierarchy.keywords(cls).get("metaclass")
        known = metaclass is None or self._values.program.names.static(metaclass) == {("external", "abc.ABCMeta")}
        return not known or hierarchy.binds(cls, "__class_getitem__")

    def item(self, box: Atom, key: Key | None) -> Value:
        """What a container holds under a key, or under any."""
        match box:
            case ("box", int(file), int(pc)):
                opening, assumed = self._fate(box)
                if opening is not None:
                    return unknown(f"the container is {opening[0]}", opening[1])
                return join([self._made(file, pc, key), *self._written(box, key), assumed])
            case ("rest", int(scope), int(position)):
                return self._rest(scope, position, key)
        return NOTHING

    def _made(self, file: int, pc: int, key: Key | None) -> Value:
        values = self._values
        code = self._index.facts[file].code
        here = Site(file, pc)
        match code[pc]:
            case ops.SEQUENCE:
                items = list(code[pc + 5 : pc + 5 + code[pc + 4]])
                if any(code[item] == ops.STAR for item in items):
                    return unknown("unpacked into the container", here)
                if key is not None and isinstance(key[1], int) and code[pc + 3] == ops.TUPLE:
                    items = items[key[1] :][:1]
                return join(values.at(file, item) for item in items)
            case ops.DICT:
                pairs = code[pc + 4 : pc + 4 + 2 * code[pc + 3]]
                found = []
                for name, value in zip(pairs[::2], pairs[1::2], strict=True):
                    if name < 0:
                        found.append(self.subscript(values.at(file, value), self._as_value(key), here))
                    elif self._may_be(values.at(file, name), key):
                        found.append(values.at(file, value))
                return join(found)
            case ops.COMPREHENSION:
                return self._collected(self._index.base[file] + code[pc + 4])
            case ops.CALL if values.types.splits(here):
                return of(("builtin", "str"))
            case ops.CALL if not values.types.is_field(here):
                call = arguments(self._index.facts[file], pc)
                named = call.keywords if values.types.acts_as(("box", file, pc)) is dict else ()
                copied = (self.each(values.at(file, value), here) for value, star in call.positional if not star)
                starred = (
                    [unknown("unpacked into the container", here)] if any(star for _, star in call.positional) else []
                )
                return join(
                    [
                        *starred,
                        *copied,
                        *(values.at(file, value) for name, value in named if key in (None, ("str", name))),
                    ]
                )
            case ops.CALL:
                return NOTHING
        return unknown("a container that is not followed", here)

    def _as_value(self, key: Key | None) -> Value:
        return of(("constant", *key)) if key else unknown("", Site(0, 0))

    def _may_be(self, names: Value, key: Key | None) -> bool:
        return key is None or any(atom[0] != "constant" or atom[1:] == key for atom in names)

    def _collected(self, scope: int) -> Value:
        """What a comprehension puts into what it makes."""
        file = self._index.file_of[scope]
        fact = self._index.facts[file]
        found = []
        for pc in fact.instructions(scope - self._index.base[file]):
            if fact.code[pc] == ops.YIELD and fact.code[pc + 3] >= 0:
                found.append(self._values.at(file, fact.code[pc + 3]))
            elif fact.code[pc] == ops.DICT and fact.code[pc + 3]:  # an empty one is no pair of a dict comprehension
                found.append(self._values.at(file, fact.code[pc + 5]))
        return join(found)

    def _written(self, box: Atom, key: Key | None) -> Iterator[Value]:
        """What is put into a container after it is made, wherever it goes."""
        for event in self.events(box):
            match event:
                case ("put", int(file), int(pc)):
                    code = self._index.facts[file].code
                    if code[code[pc + 4]] == ops.SLICE:
                        yield self.each(self._values.at(file, code[pc + 5]), Site(file, pc))
                    elif self._may_be(self._values.at(file, code[pc + 4]), key):
                        yield self._values.at(file, code[pc + 5])
                case ("invoke", int(file), int(pc), str(method)) if method in STORING:
                    yield self._stored(file, pc, method, key)
        fact = self._index.facts[box[1]]
        if any(fact.code[user] == ops.BINARY for user in self._users(Site(box[1], box[2]))):
            yield unknown("an operand of an operator", Site(box[1], box[2]))

    def _users(self, site: Site) -> Sequence[int]:
        scope = self._index.scope_at(site)
        return self._index.facts[site.file].consumers(scope - self._index.base[site.file]).get(site.pc, ())

    def _stored(self, file: int, pc: int, method: str, key: Key | None) -> Value:
        call = arguments(self._index.facts[file], pc)
        given = [self._values.at(file, value) for value, _ in call.positional]
        here = Site(file, pc)
        match method:
            case "update":
                named = [
                    self._values.at(file, value)
                    for name, value in call.keywords
                    if name is None or not key or name == key[1]
                ]
                return join([*(self.subscript(value, self._as_value(key), here) for value in given), *named])
            case "extend" | "extendleft":
                return join(self.each(value, here) for value in given)
            case "setdefault" if key is not None and given and not self._may_be(given[0], key):
                return NOTHING
        return join(given[-1:])

    def _rest(self, scope: int, position: int, key: Key | None) -> Value:
        """What calls put into ``**kwargs``."""
        record = self._index.scopes[scope]
        calls = filling(self._values.program, scope, position)
        if calls is None or record.parameters[position].kind != data.VAR_KEYWORD:
            return unknown("any further argument", Site(self._index.file_of[scope], record.definition))
        found: list[Value] = []
        for call in calls:
            for name, value in call.arguments.keywords:
                if value in call.binding.given.get(position, ()):
                    given = self._values.at(call.site.file, value)
                    if name is None:
                        found.append(self._unpacked(given, key, call.site))
                    elif key in (None, ("str", name)):
                        found.append(given)
        return join(found)

    def _unpacked(self, given: Value, key: Key | None, site: Site) -> Value:
        """What ``**`` of a value puts under a key."""
        if any(atom[0] not in ("box", "rest") for atom in objects(given)):
            return unknown("unpacked arguments: what they hold is not seen", site)
        return join(
            self._values.read(("item", atom, key))
            for atom in objects(given)
            if key is None or self.has_key(atom, key) is not False
        )

    def spread(self, scope: int, position: int, call: Call) -> Value:
        """What ``*`` and ``**`` arguments of a call may give a parameter."""
        fact = self._index.facts[self._index.file_of[scope]]
        parameter = self._index.scopes[scope].parameters[position]
        found = [] if parameter.default < 0 else [self._values.at(self._index.file_of[scope], parameter.default)]
        key = ("str", fact.names[parameter.name])
        for name, value in call.arguments.keywords:
            if name is None:
                found.append(self._unpacked(self._values.at(call.site.file, value), key, call.site))
        starred = [value for value, star in call.arguments.positional if star]
        if starred:
            found.append(self._starred(scope, position, call, starred))
        return join(found)

    def _starred(self, scope: int, position: int, call: Call, starred: Sequence[int]) -> Value:
        """What ``*args`` of the caller, handed on at the end of a call, give a parameter."""
        parameters = self._index.scopes[scope].parameters
        kinds = (data.POSITIONAL, data.POSITIONAL_ONLY)
        slots = [at for at in sorted(call.binding.unsure) if parameters[at].kind in kinds]
        code = self._index.facts[call.site.file].code
        values = objects(self._values.at(call.site.file, code[starred[0] + 3]))
        alone = len(starred) == 1 and call.arguments.positional[-1][1]
        if not alone or any(atom[0] != "rest" for atom in values):
            return unknown("unpacked arguments: what they hold is not seen", call.site)
        return (
            join(self._further(atom[1], atom[2], slots.index(position)) for atom in values)
            if position in slots
            else NOTHING
        )

    def _further(self, scope: int, position: int, number: int) -> Value:
        """What calls put into ``*args`` at a place."""
        calls = filling(self._values.program, scope, position)
        found: list[Value] = []
        for call in calls or ():
            given = call.binding.given.get(position, ())
            if any(self._index.facts[call.site.file].code[value] == ops.STAR for value in given):
                calls = None
            elif number < len(given):
                found.append(self._values.at(call.site.file, given[number]))
        if calls is None or self._index.scopes[scope].parameters[position].kind != data.VAR_POSITIONAL:
            return unknown("any further argument", self._index.definition(scope))
        return join(found)

    # Keys

    def has_key(self, box: Atom, key: Key) -> bool | None:
        """Whether a dict surely has a key (True), surely has not (False); None where that may vary."""
        if box[0] == "rest":
            return self._is_passed(box[1], box[2], key)
        if box[0] != "box" or self._values.types.builtin(box) is not dict or self.opening(box) is not None:
            return None
        code = self._index.facts[box[1]].code
        if code[box[2]] not in (ops.DICT, ops.CALL):
            return None
        made = self._is_made_with(box, key)
        events = self.events(box)
        if made or self._is_put_first(box, key):
            return None if any(self._may_take(event, key) for event in events) else True
        grows = any(event[0] == "put" or (event[0] == "invoke" and event[3] in STORING) for event in events)
        return False if made is False and not grows and not self._is_operand(box) else None

    def _is_passed(self, scope: int, position: int, key: Key) -> bool | None:
        """Whether all calls put a key into ``**kwargs``, or none does."""
        record = self._index.scopes[scope]
        calls = filling(self._values.program, scope, position)
        if calls is None or record.parameters[position].kind != data.VAR_KEYWORD:
            return None
        found: set[bool | None] = set()
        for call in calls:
            given = [pair for pair in call.arguments.keywords if pair[1] in call.binding.given.get(position, ())]
            unpacked = {
                self.has_key(atom, key)
                for name, value in given
                if name is None
                for atom in objects(self._values.at(call.site.file, value))
            }
            found |= {True} if ("str", key[1]) == key and key[1] in dict(given) else unpacked or {False}
        return found.pop() if len(found) == 1 and not (found == {True} and self._is_popped(scope, position)) else None

    def _is_popped(self, scope: int, position: int) -> bool:
        name = self._index.facts[self._index.file_of[scope]].names[self._index.scopes[scope].parameters[position].name]
        return any(
            fact.code[user] == ops.ATTR and fact.names[fact.code[user + 4]] == "pop"
            for pc in self._index.variable_reads(scope, name)
            for fact in [self._index.facts[self._index.file_of[scope]]]
            for user in self._users(Site(self._index.file_of[scope], pc))
        )

    def _is_made_with(self, box: Atom, key: Key) -> bool | None:
        """Whether a dict has a key from the start; None where nobody can tell."""
        fact = self._index.facts[box[1]]
        if fact.code[box[2]] == ops.CALL:
            names = [
                name for name, _ in arguments(fact, box[2]).keywords if not self._values.types.is_field(Site(*box[1:]))
            ]
            return key[0] == "str" and key[1] in names
        pairs = fact.code[box[2] + 4 : box[2] + 4 + 2 * fact.code[box[2] + 3]]
        sure = True
        for name, value in zip(pairs[::2], pairs[1::2], strict=True):
            inside = self._values.at(box[1], name if name >= 0 else value)
            if name >= 0:
                known = next(iter(inside)) if len(inside) == 1 else ()
                if known[:1] == ("constant",) and known[1:] == key:
                    return True
                # What is equal is the same key: 1, 1.0 and True.
                sure = sure and known[:1] == ("constant",) and (known[1] == key[0] or "str" in (known[1], key[0]))
            else:
                found = [self.has_key(atom, key) for atom in objects(inside)]
                if found and all(found):
                    return True
                sure = sure and all(outcome is False for outcome in found)
        return False if sure else None

    def _may_take(self, event: Event, key: Key) -> bool:
        """Whether what is done with a dict may take a key out of it."""
        match event:
            case ("drop", int(file), int(pc)):
                return self._may_be(self._values.at(file, self._index.facts[file].code[pc + 4]), key)
            case ("invoke", int(file), int(pc), "pop"):
                given = arguments(self._index.facts[file], pc).positional
                return not given or self._may_be(self._values.at(file, given[0][0]), key)
            case ("invoke", _, _, str(method)):
                return method not in _KEEPING
        return False

    def _is_put_first(self, box: Atom, key: Key) -> bool:
        """Whether the function that makes a dict puts a key into it before anything else can look for the key."""
        file, made = box[1:]
        fact = self._index.facts[file]
        code = fact.code
        scope = self._index.scope_at(Site(file, made))
        if self._index.scopes[scope].kind != data.FUNCTION:
            return False
        stores = [user for user in self._users(Site(file, made)) if code[user] == ops.STORE]
        if len(stores) != 1 or len(self._users(Site(file, made))) != 1 or code[stores[0] + 5] != ops.PLAIN:
            return False
        name = code[stores[0] + 3]
        if self._index.resolve(scope, name) != scope or scope in self._nested(scope, name):
            return False
        depth = 0
        for pc in ops.instructions(code, stores[0], self._index.scopes[scope].end):
            depth += (code[pc] in ops.OPENING) - (code[pc] == ops.END)
            if depth < 0 or (depth == 0 and code[pc] in ops.SECTIONS and code[pc] != ops.END):
                return False  # the section of the structure in which it is made is over
            if code[pc] == ops.SET_ITEM and depth == 0 and self._is_variable(code, code[pc + 3], name):
                put = self._values.at(file, code[pc + 4])
                if len(put) == 1 and next(iter(put)) == ("constant", *key):
                    return not self._is_guarded(fact, scope, stores[0])
            if self._is_variable(code, pc, name) and not self._is_beside(file, pc, key):
                return False
        return False

    def _nested(self, scope: int, name: int) -> set[int]:
        """The function itself if a scope inside it reads its variable, at whatever time."""
        text = self._index.facts[self._index.file_of[scope]].names[name]
        base = self._index.file_of[scope]
        readers = {self._index.scope_at(Site(base, pc)) for pc in self._index.variable_reads(scope, text)}
        return {scope} if readers - {scope} else set()

    def _is_variable(self, code: Sequence[int], pc: int, name: int) -> bool:
        return code[pc] == ops.NAME and code[pc + 3] == name

    def _is_guarded(self, fact: data.Facts, scope: int, pc: int) -> bool:
        """Whether an instruction stands in a structure whose other parts may go on after an exception."""
        opened: list[int] = []
        for at in fact.instructions(scope - self._index.base[self._index.file_of[scope]]):
            if at >= pc:
                break
            if fact.code[at] in ops.OPENING:
                opened.append(at)
            elif fact.code[at] == ops.END:
                opened.pop()
        return any(fact.code[at] in (ops.TRY, ops.WITH) for at in opened)

    def _is_beside(self, file: int, read: int, key: Key) -> bool:
        """Whether a use of a dict puts something into it or looks for another key."""
        fact = self._index.facts[file]
        code = fact.code
        for user in self._users(Site(file, read)):
            match code[user]:
                case ops.SET_ITEM if code[user + 3] == read and code[user + 5] != read:
                    continue
                case ops.SUBSCRIPT if code[user + 3] == read:
                    if not self._may_be(self._values.at(file, code[user + 4]), key):
                        continue
            return False
        return True

    def _is_operand(self, box: Atom) -> bool:
        fact = self._index.facts[box[1]]
        return any(fact.code[user] == ops.BINARY for user in self._users(Site(box[1], box[2])))

    def display(self, box: Atom) -> list[Value] | None:
        """The items of a list, tuple or set that is written out; None for any other container."""
        code = self._index.facts[box[1]].code
        if code[box[2]] != ops.SEQUENCE:
            return None
        items = code[box[2] + 5 : box[2] + 5 + code[box[2] + 4]]
        return (
            None if any(code[item] == ops.STAR for item in items) else [self._values.at(box[1], item) for item in items]
        )

    def is_constant(self, box: Atom) -> bool:
        """Whether nothing ever changes a container."""
        return all(
            event[0] == "read" or (event[0] == "invoke" and event[3] in _READING) for event in self.events(box)
        ) and not self._is_operand(box)

    # Elements

    def elements(self, file: int, pc: int) -> Value:
        """What the ELEMENT at a position gives."""
        source = self._values.program.analysis.iterable(Site(file, pc))
        return self.each(self._values.at(*source), Site(file, pc))

    def each(self, value: Value, site: Site) -> Value:
        """What iterating over a value gives."""
        return join(self._each(atom, site) for atom in objects(value))

    def _is_empty(self, box: Atom) -> bool:
        """Whether a display of nothing stays that, wherever it goes."""
        return self.display(box) == [] and self.is_constant(box)

    def _each(self, atom: Atom, site: Site) -> Value:
        match atom:
            case ("box", int(file), int(pc)):
                code = self._index.facts[file].code
                if self._values.types.builtin(atom) is dict:
                    return self._dict_keys(file, pc, atom)
                if code[pc] == ops.COMPREHENSION and code[pc + 3] == ops.GENERATOR:
                    return self._collected(self._index.base[file] + code[pc + 4])
                if self._is_empty(atom):
                    return NOTHING
                return self._values.read(("item", atom, None))
            case ("generator", int(scope)):
                return self._values.read(("yields", scope))
            case ("builtin" | "constant", "str", *_):
                return of(("builtin", "str"))
            case ("builtin", "range"):
                return of(("builtin", "int"))
            case ("class", int(scope)) if (members := self._values.attributes.members(scope)) is not None:
                return of(*(("member", scope, name) for name in members))
            case ("keys" | "values" | "pairs", inner):
                return self._view(atom[0], inner, site)
            case ("numbered" | "zipped", int(), int()):
                return of(("row", *atom))
            case ("stub", str(dotted), *_):
                return stubs.elements(atom) or unknown(f"an element of {dotted}", site)
            case ("builtin", str(kind), tuple(held)):
                return stubs.elements(("stub", f"builtins.{kind}", held)) or unknown(f"an element of a {kind}", site)
            case ("unknown", *_):
                return of(atom)
            case ("object" | "heir", int(), *_):
                iterator = self._values.calls.special_result(atom, "iter", site)
                if all(found[0] == "generator" for found in objects(iterator)):
                    return join(self._each(found, site) for found in objects(iterator))
        return unknown("an element of what is not followed", site)

    def _view(self, kind: str, box: Atom, site: Site) -> Value:
        if box[0] != "box":
            return unknown("an element of what is not followed", site)
        if kind == "values":
            return self._values.read(("item", box, None))
        if kind == "keys":
            return self._each(box, site)
        return of(("pair", box))

    def _dict_keys(self, file: int, pc: int, box: Atom) -> Value:
        code = self._index.facts[file].code
        opening = self.opening(box)
        written = any(event[0] == "put" or (event[0] == "invoke" and event[3] in STORING) for event in self.events(box))
        if opening is not None or code[pc] != ops.DICT or written or self._is_operand(box):
            return unknown("a key of a dict that is filled elsewhere", Site(file, pc))
        names = code[pc + 4 : pc + 4 + 2 * code[pc + 3] : 2]
        if any(name < 0 for name in names):
            return unknown("a key of a dict that is filled elsewhere", Site(file, pc))
        return join(self._values.at(file, name) for name in names)

    def unpacked(self, file: int, pc: int) -> Value:
        """What the target of an unpacking gets."""
        code = self._index.facts[file].code
        value, position, starred = code[pc + 3 : pc + 6]
        if starred:
            return of(("builtin", "list" if starred == 1 else "dict"))
        found = []
        for atom in objects(self._values.at(file, value)):
            match atom:
                case ("pair", box):
                    inner = self._each(box, Site(file, pc)) if position == 0 else self._values.read(("item", box, None))
                    found.append(inner)
                case ("row", str(kind), int(maker), int(call)):
                    found.append(self._cell(kind, maker, call, position))
                case ("stub", "builtins.tuple", held) | ("builtin", "tuple", held) if (
                    -len(held) <= position < len(held)
                ):
                    found.append(held[position])
                case ("box", *_) if self._values.types.builtin(atom) in (tuple, list):
                    key = ("int", position) if position >= 0 else None
                    found.append(self._values.read(("item", atom, key)))
                case _:
                    found.append(self._each(atom, Site(file, pc)))
        return join(found)

    def _cell(self, kind: str, file: int, call: int, position: int) -> Value:
        """What ``enumerate`` or ``zip`` puts at a position of each of its tuples."""
        given = arguments(self._index.facts[file], call).positional
        if kind == "numbered":
            if position in (0, -2):
                return of(("builtin", "int"))
            position = 0
        if position < 0 or any(star for _, star in given):
            return unknown("an element of what is not followed", Site(file, call))
        return join(
            self.each(self._values.at(file, value), Site(file, call)) for value, _ in given[position : position + 1]
        )


__all__ = ["ELEMENTS", "PLAIN", "Containers", "Key", "data"]
