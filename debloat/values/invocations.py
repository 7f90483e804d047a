"""What instructions and calls raise: of functions of the program, of constructors, of builtins and of the library."""

from __future__ import annotations

from typing import TYPE_CHECKING

from debloat.facts import data, ops
from debloat.program.binding import Arguments, arguments, bind
from debloat.program.index import Site
from debloat.values import library, stubs
from debloat.values.domain import NOTHING, Atom, Value, is_unknown, objects, of, unknown
from debloat.values.operations import Operations, raised, together

if TYPE_CHECKING:
    from debloat.values.analysis import Values

_NONE: Arguments = Arguments((), ())
# Builtins that are dealt with one by one.
_SPECIAL = frozenset("isinstance issubclass hasattr getattr int float super dict bool min max next abs".split())
# What numbers and text are made of, and what making one from that raises.
_CONVERSIONS: dict[str, dict[type, tuple[str, ...]]] = {
    "int": {int: (), bool: (), float: ("ValueError", "OverflowError"), str: ("ValueError",), bytes: ("ValueError",)},
    "float": {int: ("OverflowError",), bool: (), float: (), str: ("ValueError",), bytes: ("ValueError",)},
}


class Invocations:
    """The part of the value analysis that knows what calls raise."""

    def __init__(self, values: Values) -> None:
        self._values = values
        self._index = values.index
        self._operations = Operations(values)

    def is_known(self, dotted: str) -> bool:
        """Whether anything is known of what a function of the library raises."""
        return (
            dotted.removeprefix("<builtin>.") in _SPECIAL
            or self._is_exception(dotted)
            or library.entry(dotted) is not None
        )

    def operation(self, op: int, site: Site) -> Value:
        """What the instruction at a site raises by itself."""
        fact = self._index.facts[site.file]
        code, pc = fact.code, site.pc
        asked = self._operations
        at = self._at
        match op:
            case ops.CALL:
                return self.invoked(at(site, code[pc + 5]), site)
            case ops.ATTR:
                return asked.attribute(at(site, code[pc + 3]), fact.names[code[pc + 4]], site)
            case ops.SET_ATTR:
                return asked.set_attribute(at(site, code[pc + 3]), fact.names[code[pc + 4]], site)
            case ops.SUBSCRIPT:
                return asked.subscript(at(site, code[pc + 3]), code[pc + 4], site)
            case ops.SET_ITEM | ops.DEL_ITEM:
                return asked.put(at(site, code[pc + 3]), code[pc + 4], site)
            case ops.BINARY:
                return asked.binary(code[pc + 3], at(site, code[pc + 4]), at(site, code[pc + 5]), site)
            case ops.UNARY:
                return asked.unary(code[pc + 3], at(site, code[pc + 4]), site)
            case ops.COMPARE:
                operands = [code[pc + 5], *code[pc + 8 : pc + 8 + 2 * code[pc + 6] : 2]]
                operators = code[pc + 7 : pc + 7 + 2 * code[pc + 6] : 2]
                sides = zip(operators, operands, operands[1:], strict=False)
                return together(asked.comparison(op, at(site, one), at(site, other), site) for op, one, other in sides)
            case ops.IF | ops.WHILE:
                return asked.truth(at(site, code[pc + 5]), site)
            case ops.BRANCH:
                return asked.truth(at(site, code[pc + 4]), site)
            case ops.ASSERT:
                test = at(site, code[pc + 3])
                return asked.truth(test, site) | (
                    raised("AssertionError") if self._values.types.truth(test)[1] else NOTHING
                )
            case ops.ELEMENT:
                return asked.iterating(at(*self._source(site)), site)
            case ops.STAR | ops.YIELD_FROM:
                return asked.iterating(at(site, code[pc + 3]), site)
            case ops.COMPREHENSION:
                return asked.iterating(at(site, code[pc + 5]), site)
            case ops.ITEM:
                return asked.spread(at(site, code[pc + 3]), site, code[pc + 3])
            case ops.SEQUENCE if code[pc + 3] == ops.SET:
                return together(asked.hashing(at(site, item), site) for item in code[pc + 5 : pc + 5 + code[pc + 4]])
            case ops.DICT:
                keys = code[pc + 4 : pc + 4 + 2 * code[pc + 3] : 2]
                if any(key < 0 for key in keys):
                    return unknown("unpacked into a dict", site)
                return together(asked.hashing(at(site, key), site) for key in keys)
            case ops.FSTRING:
                return self._formatted(site)
            case ops.AWAIT:
                return together(
                    self._values.read(("raises", atom[1]))
                    if atom[0] == "coroutine"
                    else unknown("what is awaited", site)
                    for atom in objects(at(site, code[pc + 3]))
                )
            case ops.WITH:
                return together(self._managed(atom, site) for atom in objects(at(site, code[pc + 5])))
            case ops.FUNCTION:
                sites = self._values.program.analysis.calls.decorator_sites(self._index.base[site.file] + code[pc + 3])
                plain = all(self._values.program.analysis.calls.transparent(decorator) for decorator in sites)
                return NOTHING if plain else unknown("a decorator", site)
            case ops.MATCHES:
                return self._matched(site)
            case ops.CLASS | ops.DEL_ATTR | ops.UNKNOWN:
                return unknown("what is not followed", site)
            case ops.DEL_NAME:
                return raised("NameError", "UnboundLocalError")
        return NOTHING

    def _at(self, site: Site, pc: int) -> Value:
        return self._values.at(site.file, pc)

    def _source(self, site: Site) -> tuple[Site, int]:
        source = self._values.program.analysis.iterable(site)
        return source, source.pc

    def _formatted(self, site: Site) -> Value:
        """An f-string, or one replacement field in it with its conversion and format."""
        fact = self._index.facts[site.file]
        parts = fact.code[site.pc + 4 : site.pc + 4 + fact.code[site.pc + 3]]
        users = fact.consumers(self._index.scope_at(site) - self._index.base[site.file]).get(site.pc, ())
        inside = any(fact.code[user] == ops.FSTRING for user in users)
        found = [self._operations.showing(self._at(site, part), site) for part in parts]
        return together([*found, raised("ValueError", "TypeError", "OverflowError") if inside else NOTHING])

    def _managed(self, atom: Atom, site: Site) -> Value:
        """Entering and leaving a context manager."""
        if atom[0] == "generator":
            return self._values.read(("raises", atom[1])) | raised("RuntimeError")
        if atom[0] in ("object", "heir"):
            attributes = self._values.attributes
            methods = [attributes.of_atom(atom, name, site) for name in ("__enter__", "__exit__")]
            return together(
                self.invoked(method, site, checked=False) if method else unknown("no context manager", site)
                for method in methods
            )
        return of(atom) if atom[0] == "unknown" else unknown("a context manager that is not followed", site)

    def _matched(self, site: Site) -> Value:
        code = self._index.facts[site.file].code
        kinds = code[site.pc + 6 : site.pc + 6 + 2 * code[site.pc + 5] : 2]
        if ops.SHAPE in kinds:
            return unknown("a pattern looks into what it matches", site)
        subject = self._at(site, code[site.pc + 4])
        return self._operations.equating(subject, site) if ops.EQUAL in kinds else NOTHING

    # Calls

    def invoked(self, callee: Value, site: Site, *, checked: bool = True) -> Value:
        """What calling a value raises; the arguments are those of the CALL at the site, which Python's own calls need not be."""
        fact = self._index.facts[site.file]
        given = arguments(fact, site.pc) if checked and fact.code[site.pc] == ops.CALL else _NONE
        checked = checked and fact.code[site.pc] == ops.CALL
        found: list[Value] = []
        for atom in callee:
            found.append(self._called(atom, given, site, checked))
            if is_unknown(found[-1]):
                return found[-1]
        return together(found)

    def _called(self, atom: Atom, given: Arguments, site: Site, checked: bool) -> Value:
        match atom:
            case ("function", int(scope)):
                return self._function(scope, given, 0, site, checked)
            case ("method", int(scope), _):
                return self._function(scope, given, 1, site, checked)
            case ("class", int(scope)):
                return self._constructed(scope, given, site, checked)
            case ("external", str(dotted)):
                return self._library(dotted, given, site)
            case ("of", str(kind), str(name), receiver):
                return self._of_builtin(kind, name, receiver, given, site)
            case ("object" | "heir", int(), *_):
                return self.invoked(self._values.attributes.of_atom(atom, "__call__", site), site)
            case ("constant" | "builtin", *_):
                return raised("TypeError")
            case ("unknown", *_):
                return of(atom)
            case ("assumed", _):
                return of(atom)
        return unknown("a call of what is not followed", site)

    def _function(self, scope: int, given: Arguments, skip: int, site: Site, checked: bool) -> Value:
        record = self._index.scopes[scope]
        if not self._values.calls.is_itself(scope):
            return unknown(f"{self._index.name(scope)} may be replaced or implemented by others", site)
        lazy = record.flags & (data.GENERATOR | data.ASYNC)
        body = NOTHING if lazy else self._values.read(("raises", scope))
        return (
            body
            if not checked or self._fits(record.parameters, self._names(scope), given, skip)
            else body | raised("TypeError")
        )

    def _names(self, scope: int) -> list[str]:
        return self._index.facts[self._index.file_of[scope]].names

    def _fits(self, parameters: list[data.Parameter], names: list[str], given: Arguments, skip: int) -> bool:
        """Whether a call surely passes what a function takes."""
        binding = bind(given, parameters, names, skip)
        slots = [p for p in parameters if p.kind in (data.POSITIONAL_ONLY, data.POSITIONAL)][
            : skip + len(given.positional)
        ]
        doubled = {names[p.name] for p in slots if p.kind == data.POSITIONAL} & {name for name, _ in given.keywords}
        missing = any(
            position >= skip and parameter.default < 0 and position not in binding.given
            for position, parameter in enumerate(parameters)
            if parameter.kind not in (data.VAR_POSITIONAL, data.VAR_KEYWORD)
        )
        return binding.fits and not binding.unsure and not missing and not doubled

    def _constructed(self, scope: int, given: Arguments, site: Site, checked: bool) -> Value:
        """What making an object of a class raises."""
        hierarchy = self._values.program.hierarchy
        order = hierarchy.order(scope)
        if self._values.attributes.members(scope) is not None:
            return (
                unknown("a look-up in an enumeration", site)
                if "_missing_" in self._index.attribute_readers
                else raised("ValueError")
            )
        if not any(atom == ("object", scope) for atom in self._values.calls.result_of(of(("class", scope)), site)):
            return unknown(f"{self._index.name(scope)} makes its objects itself", site)
        fields = self._values.program.analysis.calls.fields(scope)
        owner = hierarchy.owner(scope, "__init__")
        if fields.fields and not isinstance(owner, int):
            if hierarchy.owner(scope, "__post_init__") is not None or any(
                field.default >= 0 for field in fields.parameters
            ):
                return unknown(f"{self._index.name(scope)} fills its fields itself", site)
            return NOTHING if self._fits(fields.parameters, fields.names, given, 0) else raised("TypeError")
        if isinstance(owner, int):
            record = self._index.scopes[scope]
            if record.first_line != record.line or not all(isinstance(c, int) or self._is_base(c) for c in order):
                return unknown(f"{self._index.name(scope)} is made by others, too", site)
            return self.invoked(
                self._values.attributes.of_atom(("object", scope), "__init__", site), site, checked=checked
            )
        if owner is None or self._is_exception(owner):
            return (
                NOTHING if not given.keywords and (owner is not None or not given.positional) else raised("TypeError")
            )
        return (
            NOTHING if owner in ("abc.ABC", "typing.Generic") and given == _NONE else unknown(f"made by {owner}", site)
        )

    def _is_base(self, dotted: str) -> bool:
        return self._values.types.is_plain_base(dotted) or self._is_exception(dotted)

    def _is_exception(self, dotted: str) -> bool:
        name = dotted.removeprefix("<builtin>.")
        return (
            dotted.startswith("<builtin>.")
            and not name.startswith("Unicode")
            and "builtins.BaseException" in stubs.ancestors(f"builtins.{name}")
        )

    # Builtins and the library

    def _values_of(self, given: Arguments, site: Site) -> list[Value]:
        return [self._at(site, value) for value, _ in given.positional]

    def _library(self, dotted: str, given: Arguments, site: Site) -> Value:
        if any(star for _, star in given.positional) or any(name is None for name, _ in given.keywords):
            return unknown("unpacked arguments", site)
        values = self._values_of(given, site)
        name = dotted.removeprefix("<builtin>.")
        if self._is_exception(dotted):
            return raised("TypeError") if given.keywords else NOTHING
        match name, values:
            case "isinstance" | "issubclass", [_, classes]:
                plain = self._values.narrowing.classes(classes) is not None
                return (
                    NOTHING
                    if plain and name == "isinstance"
                    else unknown("a class that decides about its instances", site)
                )
            case "hasattr" | "getattr", [base, names, *default]:
                return self._looked_up(base, names, bool(default) or name == "hasattr", site)
            case "int" | "float", [value] if not given.keywords:
                return together(self._converted(name, atom, site) for atom in objects(value))
            case "super", []:
                return NOTHING
            case (("list" | "tuple" | "set" | "dict" | "frozenset" | "str" | "int" | "float" | "bool"), []) if (
                not given.keywords
            ):
                return NOTHING
            case "min" | "max", [_, _, *_] if not given.keywords:
                return self._ordered(together(values), site)
            case "next", [iterator, *default]:
                return self._operations.iterating(iterator, site) | (NOTHING if default else raised("StopIteration"))
            case "abs", [value]:
                return self._operations.unary(ops.NEGATE, value, site)
            case "print", _ if not given.keywords or all(key in ("end", "sep", "flush") for key, _ in given.keywords):
                return unknown("writing to a file", site)
        return self._documented(dotted, dotted, given, values, site)

    def _looked_up(self, base: Value, names: Value, falls_back: bool, site: Site) -> Value:
        """``getattr`` and ``hasattr`` with literal names."""
        found = []
        for key in objects(names):
            if key[:2] != ("constant", "str"):
                return unknown("an attribute that is read by a computed name", site)
            found.append(self._operations.attribute(base, str(key[2]), site))
        return together(found) - (raised("AttributeError") if falls_back else NOTHING)

    def _converted(self, name: str, atom: Atom, site: Site) -> Value:
        own = self._values.types.builtin(atom)
        if own is None:
            return of(atom) if atom[0] == "unknown" else unknown("a number from what is not followed", site)
        known = _CONVERSIONS[name].get(own)
        if known and own is float and name == "int" and atom[0] == "constant":
            known = ()
        return raised("TypeError") if known is None else raised(*known)

    def _of_builtin(self, kind: str, name: str, receiver: Atom, given: Arguments, site: Site) -> Value:
        if any(star for _, star in given.positional) or any(key is None for key, _ in given.keywords):
            return unknown("unpacked arguments", site)
        values = self._values_of(given, site)
        boxes = self._values.containers
        if kind == "dict" and name in ("pop", "__getitem__") and values and receiver[0] == "box":
            keys = objects(values[0])
            sure = len(values) > 1 or all(key[0] == "constant" and boxes.has_key(receiver, key[1:]) for key in keys)
            return self._operations.hashing(values[0], site) | (NOTHING if sure else raised("KeyError"))
        if (kind, name) in (("str", "split"), ("str", "partition"), ("str", "rpartition"), ("str", "rsplit")):
            separators = objects(values[0]) if values else []
            if all(
                key == ("constant", "NoneType", None) or (key[:2] == ("constant", "str") and key[2])
                for key in separators
            ):
                found = self._documented(f"<builtin>.{kind}.{name}", f"builtins.{kind}.{name}", given, values, site)
                return found - of(("below", "<builtin>.ValueError"))
        if kind in ("list", "set") and name in ("index", "count", "remove") and values:
            held = boxes.each(of(receiver), site)
            return self._operations.equating(held | values[0], site) | raised(
                "ValueError" if kind == "list" else "KeyError"
            )
        return self._documented(f"<builtin>.{kind}.{name}", f"builtins.{kind}.{name}", given, values, site)

    def _documented(self, dotted: str, stub: str, given: Arguments, values: list[Value], site: Site) -> Value:
        """What the reviewed data says of a function of the library."""
        entry = library.entry(dotted)
        if entry is None:
            return unknown(f"{dotted.removeprefix('<builtin>.')} may raise anything", site)
        named = [self._at(site, value) for _, value in given.keywords]
        scalars = {str, int, float, bool, bytes, type(None)}
        if any(self._values.types.builtin(atom) not in scalars for value in named for atom in objects(value)):
            return unknown(f"{dotted.removeprefix('<builtin>.')} is given what it may call", site)
        found = [of(*(("below", name) for name in entry.raises))]
        found += [self._asked(entry.asks, value, site) for value in [*values, *named]]
        builtin = self._values.types.builtin
        kinds = [frozenset(builtin(atom) for atom in objects(value)) for value in values]
        if not stubs.takes(
            stub,
            kinds,
            [
                (name or "", frozenset(builtin(a) for a in objects(v)))
                for (name, _), v in zip(given.keywords, named, strict=True)
            ],
        ):
            known = all(None not in kind for kind in kinds)
            found.append(
                raised("TypeError")
                if known
                else unknown(f"{dotted.removeprefix('<builtin>.')} is given what is not followed", site)
            )
        return together(found)

    def _asked(self, asks: tuple[str, ...], value: Value, site: Site) -> Value:
        """What special methods of an argument raise that a function of the library calls."""
        found: list[Value] = []
        asked = self._operations
        for ask in asks:
            match ask:
                case "iterate":
                    found.append(asked.iterating(value, site))
                    value = NOTHING if is_unknown(found[-1]) else self._values.containers.each(value, site)
                case "length":
                    found.append(asked.length(value, site))
                case "truth":
                    found.append(asked.truth(value, site))
                case "show":
                    found.append(asked.showing(value, site))
                case "hash" | "hash elements":
                    found.append(asked.hashing(value, site))
                case "order":
                    found.append(self._ordered(value, site))
                case "add":
                    plain = all(self._values.types.builtin(atom) in (int, float, bool) for atom in objects(value))
                    found.append(NOTHING if plain else unknown("a sum of what is not followed", site))
                case "strings":
                    kinds = {self._values.types.builtin(atom) for atom in objects(value)}
                    found.append(
                        NOTHING
                        if kinds <= {str}
                        else raised("TypeError")
                        if None not in kinds
                        else unknown("a text of what is not followed", site)
                    )
                case "text":
                    plain = all(self._values.types.builtin(atom) in (str, bytes) for atom in objects(value))
                    found.append(NOTHING if plain else unknown("what is not followed is read as text", site))
        return together(found)

    def _ordered(self, value: Value, site: Site) -> Value:
        kinds = {self._values.types.builtin(atom) for atom in objects(value)}
        if kinds <= {int, float, bool} or kinds <= {str}:
            return NOTHING
        return unknown("an order of what is not followed", site)

    # Raising

    def raising(self, value: int, site: Site) -> Value:
        """What ``raise`` with the value at a position raises; its cause is but looked at."""
        code = self._index.facts[site.file].code
        if code[value] == ops.CALL:
            made = [
                self._exceptions(atom) for atom in self._at(site, code[value + 5]) if atom[0] in ("class", "external")
            ]
            if made and len(made) == len(self._at(site, code[value + 5])) and all(made):
                return together(made)
        return together(self._thrown(atom, site) for atom in self._at(site, value))

    def _exceptions(self, callee: Atom) -> Value:
        """Exceptions of exactly the class that is called."""
        if callee[0] == "class":
            return of(("raised", callee[1]))
        is_class = stubs.kind(callee[1]) == "class" and "builtins.BaseException" in stubs.ancestors(
            callee[1].replace("<builtin>", "builtins")
        )
        return of(("raised", callee[1])) if is_class else NOTHING

    def _thrown(self, atom: Atom, site: Site) -> Value:
        match atom:
            case ("object", int(scope)):
                return of(("raised", scope))
            case ("class", int(scope)):
                return of(("raised", scope)) | self._constructed(scope, _NONE, site, checked=True)
            case ("heir" | "subclass", int(scope)):
                return of(("below", scope))
            case ("external", str()) if found := self._exceptions(atom):
                return found
            case ("stub", str(dotted), *_) if "builtins.BaseException" in stubs.ancestors(dotted):
                return of(("below", dotted.replace("builtins.", "<builtin>.", 1)))
            case ("constant" | "builtin", *_):
                return raised("TypeError")
            case ("assumed", _) | ("unknown", *_):
                return of(atom)
        return unknown("a raise of what is not followed", site)
