"""What operations on values raise: attributes, subscripts, operators, iteration, truth, and what the library asks of objects.

Everything is a value (see :mod:`debloat.values.domain`) of ("raised", class), an exception of exactly that class,
("below", class), of it or of a subclass, and ("unknown", why, file, pc), anything. A class is a scope of the program or a dotted
name. What interpreters raise at any place is left out: MemoryError, RecursionError, KeyboardInterrupt.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from debloat.facts import ops
from debloat.program.index import Site
from debloat.values import stubs
from debloat.values.domain import NOTHING, Atom, Value, is_unknown, objects, of, unknown
from debloat.values.versions import is_member

if TYPE_CHECKING:
    from debloat.values.analysis import Values

_ADD, _SUB, _MULT, _MATMULT, _DIV, _MOD, _POW, _LSHIFT, _RSHIFT, _BITOR, _BITXOR, _BITAND, _FLOORDIV = range(13)
_MOST = 8  # kinds of exceptions kept apart
_INTEGERS = (int, bool)
_SCALARS = (str, int, float, bool, bytes, complex, type(None), type(...))
_SIZED = (str, bytes, list, tuple, dict, set, frozenset, range)
_SEQUENCES = (str, bytes, list, tuple)
_NAMED = ("class", "function", "method", "module", "generator", "coroutine", "of")
_LOOKUPS = ("__getattribute__", "__getattr__")


def raised(*names: str) -> Value:
    """Exceptions of exactly these builtin classes."""
    return of(*(("raised", f"<builtin>.{name}") for name in names))


def together(values: Iterable[Value]) -> Value:
    """All that several operations raise; what follows one that raises anything is not asked for."""
    found = NOTHING
    for value in values:
        found |= value
        if is_unknown(value):
            break
    return widened(found)


def widened(value: Value) -> Value:
    """A set of exceptions cut down to the limits of the domain."""
    lost = [atom for atom in value if atom[0] == "unknown"]
    if lost:
        return of(min(lost))
    if len(value) > _MOST:
        return of(("unknown", "more kinds of exceptions than are kept apart", 0, 0))
    return value


class Operations:
    """The part of the value analysis that knows what operations raise."""

    def __init__(self, values: Values) -> None:
        self._values = values
        self._index = values.index
        self._hierarchy = values.program.hierarchy
        self._builtin = values.types.builtin
        self._imported: dict[int, set[int]] = {}

    def _each(self, value: Value, ask: Callable[[Atom, Site], Value], site: Site) -> Value:
        found = [frozenset(atom for atom in value if atom[0] == "assumed")]
        for atom in objects(value):
            found.append(ask(atom, site))
            if is_unknown(found[-1]):
                return found[-1]
        return NOTHING.union(*found)

    def _other(self, what: str, atom: Atom, site: Site) -> Value:
        return of(atom) if atom[0] == "unknown" else unknown(f"{what} what is not followed", site)

    def _special(self, atom: Atom, names: Iterable[str], site: Site) -> Value | None:
        """What special methods of an object of the program raise; None where it has none of them."""
        if atom[0] not in ("object", "heir", "member"):
            return unknown("a special method of what is not followed", site)
        scope = atom[1]
        heirs = self._hierarchy.subclasses(scope) if atom[0] == "heir" else ()
        if atom[0] == "heir" and self._values.program.openings.extension(scope) is not None:
            return unknown("a subclass of outsiders may have special methods", site)
        has = False
        found: list[Value] = []
        for name in names:
            for cls in (scope, *heirs):
                owner = self._hierarchy.owner(cls, name)
                if isinstance(owner, str) and not self._values.types.is_plain_base(owner):
                    return unknown(f"a special method of {owner}", site)
                if isinstance(owner, int):
                    has = True
                    method = self._values.attributes.of_atom(("object", cls), name, site)
                    found.append(self._values.raises.invoked(method, site))
        return together(found) if has else None

    # Attributes

    def attribute(self, value: Value, name: str, site: Site) -> Value:
        """Reading an attribute."""
        return self._each(value, lambda atom, here: self._attribute(atom, name, here), site)

    def _attribute(self, atom: Atom, name: str, site: Site) -> Value:
        match atom:
            case ("object" | "heir" | "member", int(), *_):
                return self._of_object(atom, name, site)
            case ("class" | "subclass", int(scope)):
                certain = self._values.attributes.is_certain(atom, name, site)
                plain = not self._hierarchy.keywords(scope) and name not in self._index.computed
                return NOTHING if certain and plain else unknown("an attribute of a class", site)
            case ("module", int(file)):
                return NOTHING if self._is_bound(file, name, site.file) else unknown("an attribute of a module", site)
            case ("package", _):
                return NOTHING if self._values.attributes.of_atom(atom, name, site) else raised("AttributeError")
            case ("external", str(dotted)):
                if not stubs.kind(f"{dotted}.{name}"):
                    return unknown(f"{dotted}.{name} from outside", site)
                return NOTHING if is_member(self._values.program, site, dotted, name) else raised("AttributeError")
            case ("stub", str(dotted), *_) if stubs.kind(f"{dotted}.{name}") == "function":
                return of(("assumed", f"an object that is annotated as {dotted} has what {dotted} defines"))
        own = self._builtin(atom)
        if own is None:
            return self._other("an attribute of", atom, site)
        return NOTHING if self._values.attributes.is_certain(atom, name, site) else raised("AttributeError")

    def _of_object(self, atom: Atom, name: str, site: Site) -> Value:
        attributes = self._values.attributes
        if atom[0] == "heir" and self._values.program.openings.first(atom[1]) is not None:
            return unknown(f"a subclass of outsiders may have its own {name}", site)
        if any(
            self._hierarchy.binds(cls, hook) for cls in self._family(atom) if isinstance(cls, int) for hook in _LOOKUPS
        ):
            return unknown("a class that decides itself what its attributes are", site)
        found = NOTHING if attributes.is_certain(atom, name, site) else raised("AttributeError")
        if attributes.is_data(atom, name):
            return found
        if name in self._index.computed:
            return found | self._computed(atom, name, site)
        held = attributes.of_atom(atom, name, site)
        plain = all(atom[0] in ("method", "function", "class", "assumed") for atom in held)
        return found if plain else unknown(f"{name} may be computed", site)

    def _is_bound(self, file: int, name: str, reader: int) -> bool:
        """Whether a module surely has a name when another one reads it: it binds it once, and is no longer being imported."""
        fact = self._index.facts[file]
        stores = self._index.scopes[self._index.base[file]].bound.get(fact.name_index.get(name, -1), ())
        blocks = fact.blocks(0)
        outer = (
            len(stores) == 1
            and fact.code[stores[0]] == ops.STORE
            and not any(start < stores[0] < end for start, end in blocks)
        )
        return outer and reader not in self._imports(file)

    def _imports(self, file: int) -> set[int]:
        """The files of the program that a file imports, directly or through others."""
        if file not in self._imported:
            found: set[int] = set()
            waiting = [file]
            while waiting:
                importer = waiting.pop()
                for number, imported in enumerate(self._index.facts[importer].imports):
                    module = self._index.target_module(importer, number)
                    for dotted in (module, f"{module}.{imported.name}"):
                        target = self._index.modules.get(dotted, -1)
                        if target >= 0 and target not in found:
                            found.add(target)
                            waiting.append(target)
            self._imported[file] = found
        return self._imported[file]

    def _family(self, atom: Atom) -> Iterable[int | str]:
        heirs = self._hierarchy.subclasses(atom[1]) if atom[0] == "heir" else ()
        return {cls for heir in (atom[1], *heirs) for cls in self._hierarchy.order(heir)}

    def _computed(self, atom: Atom, name: str, site: Site) -> Value:
        """What properties of that name raise, and anything where something else may be computed."""
        found: list[Value] = []
        analysis = self._values.program.analysis
        for cls in self._family(atom):
            for child in self._index.children.get(cls, ()) if isinstance(cls, int) else ():
                if self._index.name(child) == name:
                    decorators = analysis.calls.decorators(child)
                    if decorators == {"<builtin>.property"}:
                        found.append(self._values.read(("raises", child)))
                    elif not decorators <= {"<builtin>.classmethod", "<builtin>.staticmethod", "abc.abstractmethod"}:
                        return unknown(f"{name} is computed", site)
            if isinstance(cls, int) and self._hierarchy.binds(cls, name) and "__get__" in self._index.special_methods:
                return unknown(f"{name} may be a descriptor", site)
        return together(found)

    def set_attribute(self, value: Value, name: str, site: Site) -> Value:
        """Setting an attribute."""
        return self._each(value, lambda atom, here: self._set(atom, name, here), site)

    def _set(self, atom: Atom, name: str, site: Site) -> Value:
        if atom[0] not in ("object", "heir") or not self._values.attributes.is_data(atom, name):
            return unknown("an attribute is set on what is not followed", site)
        plain = all(
            self._values.types.is_plain_base(cls)
            if isinstance(cls, str)
            else not self._hierarchy.binds(cls, "__slots__")
            and self._index.scopes[cls].first_line == self._index.scopes[cls].line
            for cls in self._family(atom)
        )
        closed = atom[0] == "object" or self._values.program.openings.extension(atom[1]) is None
        return NOTHING if plain and closed else unknown("a class that decides itself what is set on its objects", site)

    # Subscripts

    def subscript(self, base: Value, key: int, site: Site) -> Value:
        """Reading an item under the key at a position."""
        keys = self._values.at(site.file, key)
        is_slice = self._index.facts[site.file].code[key] == ops.SLICE
        return self._each(base, lambda atom, here: self._item(atom, keys, is_slice, here), site)

    def _item(self, atom: Atom, keys: Value, is_slice: bool, site: Site) -> Value:
        own = self._builtin(atom)
        if own in _SEQUENCES:
            kinds = {self._builtin(key) for key in objects(keys)}
            if is_slice:
                return self._bounds(site)
            return raised("IndexError") if kinds <= set(_INTEGERS) else raised("IndexError", "TypeError")
        if own is dict and atom[0] == "box":
            found = self.hashing(keys, site)
            sure = all(key[0] == "constant" and self._values.containers.has_key(atom, key[1:]) for key in objects(keys))
            return found if sure else found | raised("KeyError")
        if own is not None and own not in _SIZED:
            return raised("TypeError")
        return self._other("an item of", atom, site)

    def _bounds(self, site: Site) -> Value:
        """The parts of a slice."""
        fact = self._index.facts[site.file]
        parts = fact.code[fact.code[site.pc + 4] + 3 : fact.code[site.pc + 4] + 6]
        given = [objects(self._values.at(site.file, part)) for part in parts if part >= 0]
        plain = all(self._builtin(atom) in (int, bool, type(None)) for atoms in given for atom in atoms)
        return (
            NOTHING
            if plain and parts[2] < 0
            else raised("TypeError", "ValueError")
            if plain
            else unknown("a slice", site)
        )

    def put(self, base: Value, key: int, site: Site) -> Value:
        """Storing or deleting an item under the key at a position."""
        keys = self._values.at(site.file, key)
        deletes = self._index.facts[site.file].code[site.pc] == ops.DEL_ITEM
        found = []
        for atom in objects(base):
            match self._builtin(atom):
                case builtins if builtins is dict:
                    found.append(self.hashing(keys, site) | (raised("KeyError") if deletes else NOTHING))
                case builtins if builtins is list:
                    found.append(raised("IndexError", "TypeError", "ValueError"))
                case _:
                    return self._other("an item is set in", atom, site)
        return together(found)

    def hashing(self, value: Value, site: Site) -> Value:
        """Looking up a key by hash and equality."""
        return self._each(value, self._hash, site)

    def _hash(self, atom: Atom, site: Site) -> Value:
        own = self._builtin(atom)
        if own in _SCALARS or atom[0] in _NAMED:
            return NOTHING
        if own in (list, dict, set):
            return raised("TypeError")
        if own is tuple:
            return self._of_items(atom, self.hashing, site)
        if atom[0] in ("object", "heir", "member"):
            return (
                NOTHING if self._special(atom, ("__hash__", "__eq__"), site) is None else unknown("its own hash", site)
            )
        return self._other("a hash of", atom, site)

    # Iteration, truth, text

    def iterating(self, value: Value, site: Site) -> Value:
        """Asking for an iterator and for what it gives."""
        return self._each(value, self._iterate, site)

    def _iterate(self, atom: Atom, site: Site) -> Value:
        match atom:
            case ("generator", int(scope)):
                return self._values.read(("raises", scope))
            case ("keys" | "values" | "pairs", _):
                return raised("RuntimeError")
            case ("class", int(scope)) if self._values.attributes.members(scope) is not None:
                return NOTHING
            case ("box", int(file), int(pc)):
                code = self._index.facts[file].code
                if code[pc] == ops.COMPREHENSION and code[pc + 3] == ops.GENERATOR:
                    return self._values.read(("raises", self._index.base[file] + code[pc + 4]))
            case ("object" | "heir", *_):
                iterator = self._values.calls.method_result(atom, "__iter__", site)
                made = self._special(atom, ("__iter__",), site)
                if made is None:
                    return unknown("an iteration over what is not followed", site)
                if all(found[0] == "generator" for found in objects(iterator)):
                    return made | self.iterating(iterator, site)
        own = self._builtin(atom)
        if own is None:
            return self._other("an iteration over", atom, site)
        return raised("RuntimeError") if own in (dict, set) else NOTHING if own in _SIZED else raised("TypeError")

    def truth(self, value: Value, site: Site) -> Value:
        """Testing whether something is true."""
        return self._each(value, self._truth, site)

    def _truth(self, atom: Atom, site: Site) -> Value:
        if atom[0] in ("object", "heir", "member"):
            return self._special(atom, ("__bool__", "__len__"), site) or NOTHING
        plain = self._builtin(atom) is not None or atom[0] in _NAMED or atom[0] in ("stub", "subclass")
        return (
            NOTHING
            if plain or (atom[0] == "external" and stubs.kind(atom[1]))
            else self._other("the truth of", atom, site)
        )

    def length(self, value: Value, site: Site) -> Value:
        """``len()``."""
        return self._each(value, self._length, site)

    def _length(self, atom: Atom, site: Site) -> Value:
        own = self._builtin(atom)
        if own is None:
            found = self._special(atom, ("__len__",), site) if atom[0] in ("object", "heir") else None
            return (
                self._other("the length of", atom, site) if found is None else found | raised("TypeError", "ValueError")
            )
        return NOTHING if own in _SIZED else raised("TypeError")

    def showing(self, value: Value, site: Site) -> Value:
        """Making text of something."""
        return self._each(value, self._show, site)

    def _show(self, atom: Atom, site: Site) -> Value:
        own = self._builtin(atom)
        if own is int and atom[0] != "constant":
            return raised("ValueError")  # more digits than sys.get_int_max_str_digits()
        if own in _SCALARS or atom[0] in _NAMED:
            return NOTHING
        if own is tuple:
            return self._of_items(atom, self.showing, site)
        if atom[0] in ("object", "heir", "member"):
            return self._special(atom, ("__str__", "__repr__", "__format__"), site) or NOTHING
        return self._other("the text of", atom, site)

    def spread(self, value: Value, site: Site, position: int) -> Value:
        """Unpacking into the target at a position of as many as the value has to have."""
        wanted = self._targets(site, position)
        fits = wanted and all(self._size(atom) == wanted for atom in objects(value))
        plain = [NOTHING if atom[0] == "pair" else self._iterate(atom, site) for atom in objects(value)]
        return together([*plain, NOTHING if fits else raised("ValueError")])

    def _size(self, atom: Atom) -> int:
        """How many elements a tuple has; -1 where that is not known."""
        if atom[0] == "pair":
            return 2
        items = self._values.containers.display(atom) if atom[0] == "box" and self._builtin(atom) is tuple else None
        return -1 if items is None else len(items)

    def _targets(self, site: Site, value: int) -> int:
        """How many targets an unpacking has; 0 where one of them is starred."""
        fact = self._index.facts[site.file]
        scope = self._index.scope_at(site)
        users = fact.consumers(scope - self._index.base[site.file]).get(value, ())
        items = [user for user in users if fact.code[user] == ops.ITEM]
        return 0 if any(fact.code[item + 5] for item in items) else len(items)

    # Operators

    def binary(self, operator: int, left: Value, right: Value, site: Site) -> Value:
        """A binary operator."""
        found = [frozenset(a for a in left | right if a[0] == "assumed")]
        found += [self._operate(operator, one, other, site) for one in objects(left) for other in objects(right)]
        return together(found)

    def _operate(self, operator: int, one: Atom, other: Atom, site: Site) -> Value:
        kinds = self._builtin(one), self._builtin(other)
        if kinds[0] is None or kinds[1] is None:
            return self._other("an operator on", one if kinds[0] is None else other, site)
        if kinds[0] in _INTEGERS and kinds[1] in _INTEGERS:
            return self._integers(operator, other)
        if all(kind in (int, bool, float) for kind in kinds):
            return self._floats(operator, int in kinds, other)
        if operator == _MOD and kinds[0] in (str, bytes):
            return self._format(other, site) | raised("TypeError", "ValueError", "OverflowError", "KeyError")
        if operator == _ADD and kinds[0] == kinds[1] and kinds[0] in _SEQUENCES:
            return NOTHING
        if operator == _MULT and any(kind in _SEQUENCES for kind in kinds) and any(kind in _INTEGERS for kind in kinds):
            return raised("OverflowError")
        sets = kinds[0] is kinds[1] and kinds[0] in (set, frozenset)
        if (sets and operator in (_BITOR, _BITAND, _BITXOR, _SUB)) or (kinds == (dict, dict) and operator == _BITOR):
            return NOTHING
        return raised("TypeError")

    def _integers(self, operator: int, other: Atom) -> Value:
        zero = other[0] == "constant" and bool(other[2])
        match operator:
            case 4:
                return raised("OverflowError") if zero else raised("OverflowError", "ZeroDivisionError")
            case 5 | 12:
                return NOTHING if zero else raised("ZeroDivisionError")
            case 6:
                return raised("ZeroDivisionError", "OverflowError")
            case 7 | 8:
                return raised("ValueError", "OverflowError")
            case 3:
                return raised("TypeError")
        return NOTHING

    def _floats(self, operator: int, has_int: bool, other: Atom) -> Value:
        large = raised("OverflowError") if has_int else NOTHING
        match operator:
            case 0 | 1 | 2:
                return large
            case 4 | 5 | 12:
                return large | raised("ZeroDivisionError")
            case 6:
                return raised("OverflowError", "ZeroDivisionError")
        return raised("TypeError")

    def _format(self, atom: Atom, site: Site) -> Value:
        return self._show(atom, site)

    def unary(self, operator: int, value: Value, site: Site) -> Value:
        """``not``, ``-``, ``+`` and ``~``."""
        if operator == ops.NOT:
            return self.truth(value, site)
        kinds = (int, bool) if operator == ops.INVERT else (int, bool, float, complex)
        return self._each(
            value,
            lambda atom, here: (
                NOTHING
                if self._builtin(atom) in kinds
                else raised("TypeError")
                if self._builtin(atom)
                else self._other("an operator on", atom, here)
            ),
            site,
        )

    def comparison(self, operator: int, left: Value, right: Value, site: Site) -> Value:
        """A comparison."""
        if operator in (ops.IS, ops.IS_NOT):
            return frozenset(a for a in left | right if a[0] == "assumed")
        if operator in (ops.IN, ops.NOT_IN):
            return self._each(right, lambda atom, here: self._contains(atom, left, here), site)
        if operator in (ops.EQ, ops.NOT_EQ):
            return self.equating(left | right, site)
        found = []
        for one in objects(left):
            for other in objects(right):
                kinds = {self._builtin(one), self._builtin(other)}
                if None in kinds:
                    return self._other("a comparison of", one if self._builtin(one) is None else other, site)
                numbers = kinds <= {int, bool, float}
                found.append(
                    NOTHING
                    if numbers or kinds in ({str}, {bytes})
                    else raised("TypeError")
                    if kinds <= set(_SCALARS)
                    else unknown("a comparison of containers", site)
                )
        return together(found)

    def equating(self, value: Value, site: Site) -> Value:
        """Asking objects whether they are equal."""
        return self._each(value, self._equal, site)

    def _equal(self, atom: Atom, site: Site) -> Value:
        if self._builtin(atom) in (*_SCALARS, range) or atom[0] in _NAMED:
            return NOTHING
        if atom[0] in ("object", "heir", "member"):
            return self._special(atom, ("__eq__", "__ne__"), site) or NOTHING
        if self._builtin(atom) is tuple:
            return self._of_items(atom, self.equating, site)
        return self._other("an equality of", atom, site)

    def _contains(self, atom: Atom, wanted: Value, site: Site) -> Value:
        own = self._builtin(atom)
        if own in (dict, set, frozenset) or atom[0] == "keys":
            return self.hashing(wanted, site)
        if own is tuple:
            return self._of_items(atom, self.equating, site) | self.equating(wanted, site)
        if own is str:
            return NOTHING if all(self._builtin(other) is str for other in objects(wanted)) else raised("TypeError")
        return self._other("a look into", atom, site) if own in (None, list) else raised("TypeError")

    def _of_items(self, atom: Atom, ask: Callable[[Value, Site], Value], site: Site) -> Value:
        """What is asked of each item of a tuple; other containers change on ways that are long to follow."""
        items = self._values.containers.display(atom) if atom[0] == "box" else None
        if items is None:
            return unknown("the items of a container", site)
        return together(ask(item, site) for item in items)
