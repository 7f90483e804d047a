"""What an atom is as an object of Python: its type, its truth, whether it is an instance of a class."""

from __future__ import annotations

import builtins
import collections.abc
from collections.abc import Iterable
from typing import TYPE_CHECKING

from debloat.facts import ops
from debloat.program.binding import arguments
from debloat.program.externals import ENUMS
from debloat.program.index import Site
from debloat.values import stubs
from debloat.values.domain import Atom, Value

if TYPE_CHECKING:
    from debloat.program.program import Program

_HOOKS = ("__instancecheck__", "__subclasscheck__", "__subclasshook__")
_CLASS_HOOKS = ("__class__", "__getattribute__")
_CALLABLE = frozenset({"mock", "class", "subclass", "function", "method", "of"})
_ALWAYS_TRUE = _CALLABLE | {"parser", "parsed", "parsing", "module", "package", "generator", "coroutine", "super"}
# Objects of these types can be told apart by equality alone, and never change.
IMMUTABLE = frozenset(
    {"str", "int", "float", "bool", "bytes", "complex", "NoneType", "ellipsis", "tuple", "frozenset", "range"}
)
_LIKE = {"collections.OrderedDict": dict, "collections.defaultdict": dict, "collections.deque": list}
# Modules of no class of which an object of a builtin type is an instance.
_UNRELATED = frozenset({"argparse", "datetime", "decimal", "logging", "pathlib", "re", "uuid"})
_TYPED_DICTS = frozenset({"typing.TypedDict", "typing_extensions.TypedDict"})
_SPLITTING = frozenset({"split", "rsplit", "splitlines"})
_FIELDS = frozenset(("external", f"{name}") for name in ("dataclasses.field", "attr.ib", "attrs.field", "attr.field"))


class Types:
    """Questions about atoms that need the program's classes."""

    def __init__(self, program: Program) -> None:
        self._program = program

    @property
    def _changes_class(self) -> bool:
        """Whether code of the program makes objects those of another class."""
        return "__class__" in self._program.index.attribute_writers

    def acts_as(self, atom: Atom) -> type | None:
        """The builtin type whose methods an atom's objects have: their own, or that of a container like it."""
        if atom[0] == "box" and self._program.facts[atom[1]].code[atom[2]] == ops.CALL:
            site = Site(atom[1], self._program.facts[atom[1]].code[atom[2] + 5])
            for name in self._program.names.static(site):
                if name[0] == "external" and name[1] in _LIKE:
                    return _LIKE[name[1]]
        return self.builtin(atom)

    def builtin(self, atom: Atom) -> type | None:
        """The builtin type that an atom's objects have exactly; None where it is another or may be a subclass."""
        match atom:
            case ("constant", "NoneType", _):
                return type(None)
            case ("text",):
                return str
            case ("constant" | "builtin", str(kind), *_):
                found = getattr(builtins, kind.lstrip("-"), None)
                return found if isinstance(found, type) else None
            case ("box", int(file), int(pc)):
                return self._made(file, pc)
            case ("rest", int(scope), int(position)):
                return dict if self._program.index.scopes[scope].parameters[position].kind == 4 else tuple
        return None

    def is_field(self, call: Site) -> bool:
        """Whether a call declares a field: what its factory makes is made of none of its arguments."""
        callee = Site(call.file, self._program.facts[call.file].code[call.pc + 5])
        return self._program.names.static(callee) <= _FIELDS

    def _made(self, file: int, pc: int) -> type | None:
        code = self._program.facts[file].code
        match code[pc]:
            case ops.DICT:
                return dict
            case ops.SEQUENCE | ops.COMPREHENSION:
                return (list, tuple, set, dict, None)[code[pc + 3]]
            case ops.CALL if self.splits(Site(file, pc)):
                return list
            case ops.CALL:
                called = self._program.names.static(Site(file, code[pc + 5]))
                for name, value in (
                    arguments(self._program.facts[file], pc).keywords if self.is_field(Site(file, pc)) else ()
                ):
                    if name in ("default_factory", "factory"):
                        called = self._program.names.static(Site(file, value))
                if called and all(value[0] == "class" and self.is_typed_dict(value[1]) for value in called):
                    return dict
                kinds = {"list": list, "sorted": list, "tuple": tuple, "set": set, "dict": dict}
                return next(
                    (kind for name, kind in kinds.items() if called == {("external", f"<builtin>.{name}")}), None
                )
        return None

    def is_typed_dict(self, scope: int) -> bool:
        """Whether calling a class makes a plain dict."""
        return not _TYPED_DICTS.isdisjoint(self._program.hierarchy.order(scope))

    def splits(self, site: Site) -> bool:
        """Whether a call is of a method by the name of those that split a string into a list."""
        fact = self._program.facts[site.file]
        callee = fact.code[site.pc + 5]
        return fact.code[callee] == ops.ATTR and fact.names[fact.code[callee + 4]] in _SPLITTING

    # Truth

    def truth(self, value: Value) -> tuple[bool, bool]:
        """Whether an object of a value may be true, and whether one may be false."""
        true = false = False
        for atom in value:
            if atom[0] != "assumed":
                may = self._truth(atom)
                true |= may[0]
                false |= may[1]
        return true, false

    def _truth(self, atom: Atom) -> tuple[bool, bool]:
        match atom:
            case ("constant", str(kind), constant):
                holds = _is_true(kind, constant)
                return holds, not holds
            case ("box", int(file), int(pc)):
                code = self._program.facts[file].code
                if code[pc] == ops.SEQUENCE and code[pc + 3] == ops.TUPLE:
                    items = code[pc + 5 : pc + 5 + code[pc + 4]]
                    sure = any(code[item] != ops.STAR for item in items)
                    return bool(items), not sure
                return True, True
            case ("object" | "heir" | "member", int(scope), *_):
                return True, not self._is_always_true(scope, atom[0] == "heir")
            case ("mock", *_):
                names = ("__bool__", "__len__")
                index = self._program.index
                return True, any(name in index.attribute_readers or name in index.attribute_writers for name in names)
            case ("external", str(dotted)):
                return True, stubs.kind(dotted) not in ("function", "class", "module")
            case ("stub", str(dotted), *_):
                return True, dotted not in ("re.Match", "re.Pattern", "typing.Match", "typing.Pattern")
        return True, atom[0] not in _ALWAYS_TRUE and atom != ("text",)

    def _is_always_true(self, scope: int, heirs: bool) -> bool:
        hierarchy = self._program.hierarchy
        family = (scope, *hierarchy.subclasses(scope)) if heirs else (scope,)
        if heirs and self._program.openings.extension(scope) is not None:
            return False
        return all(
            cls == "enum.Enum" if isinstance(cls, str) and cls in ENUMS else self._has_no_truth(cls)
            for member in family
            for cls in hierarchy.order(member)
        )

    def _has_no_truth(self, cls: int | str) -> bool:
        if isinstance(cls, str):
            return cls in _PLAIN_BASES or self.is_exception(cls)
        return not any(self._program.hierarchy.binds(cls, name) for name in ("__bool__", "__len__"))

    def is_plain_base(self, dotted: str) -> bool:
        """Whether a class from outside gives its subclasses no special methods beside those of every object."""
        return dotted in _PLAIN_BASES

    def is_exception(self, dotted: str) -> bool:
        """Whether a dotted name is that of a builtin exception."""
        found = getattr(builtins, dotted.removeprefix("<builtin>."), None)
        return isinstance(found, type) and issubclass(found, BaseException)

    def is_raised(self, atom: Atom) -> bool:
        """Whether an atom stands for exceptions: their classes or objects of them."""
        match atom:
            case ("external" | "stub", str(dotted), *_):
                return "builtins.BaseException" in stubs.ancestors(dotted.replace("<builtin>", "builtins"))
            case ("class" | "object" | "heir", int(scope)):
                order = self._program.hierarchy.order(scope)
                return any(isinstance(cls, str) and self.is_exception(cls) for cls in order)
        return False

    # Classes

    def is_instance(self, atom: Atom, cls: Atom) -> bool | None:
        """Whether objects of an atom are instances of a class; None where some may and some may not be."""
        found = None
        match cls:
            case ("class", int(scope)):
                found = self._is_project_instance(atom, scope)
            case ("external", str(dotted)):
                found = self._is_external_instance(atom, dotted)
        return None if found is False and self._names_class(atom) else found

    def _names_class(self, atom: Atom) -> bool:
        """Whether the objects of an atom say themselves of which class they are, which isinstance believes."""
        hierarchy = self._program.hierarchy
        match atom:
            case ("object" | "heir" | "member", int(scope), *_):
                family = [scope, *(hierarchy.subclasses(scope) if atom[0] == "heir" else ())]
                classes = [cls for member in family for cls in hierarchy.order(member) if isinstance(cls, int)]
                return any(hierarchy.binds(cls, name) for cls in classes for name in _CLASS_HOOKS)
        return False

    def _is_project_instance(self, atom: Atom, scope: int) -> bool | None:
        hierarchy = self._program.hierarchy
        if self.has_hooks(scope) or (atom[0] in ("object", "heir") and self._changes_class):
            return None
        match atom:
            case ("object" | "heir" | "member", int(own), *_):
                order = hierarchy.order(own)
                if scope in order:
                    return True
                if atom[0] == "heir" and not self._is_disjoint(own, scope):
                    return None
                return False if "?" not in order else None
            case ("unknown" | "something" | "assumed" | "stub" | "external" | "mock", *_):
                # Objects of the library are of no class of ours, unless it is a class of ours that it was given.
                return None
        return False

    def _is_disjoint(self, own: int, scope: int) -> bool:
        """Whether no subclass of the one class is one of the other, either."""
        hierarchy = self._program.hierarchy
        if any(self._program.openings.extension(cls) is not None for cls in (own, scope)):
            return False
        return not any(scope in hierarchy.order(heir) for heir in hierarchy.subclasses(own))

    def has_hooks(self, scope: int) -> bool:
        """Whether a class decides itself what its instances are: an ABC with registrations, a protocol, a metaclass."""
        hierarchy = self._program.hierarchy
        for cls in hierarchy.order(scope):
            if isinstance(cls, int):
                metaclass = hierarchy.keywords(cls).get("metaclass")
                if metaclass and self._program.names.static(metaclass) != {("external", "abc.ABCMeta")}:
                    return True
                if any(hierarchy.binds(cls, hook) for hook in _HOOKS):
                    return True
            elif cls in ("?", "typing.Protocol", "typing_extensions.Protocol"):
                return True
        abstract = "abc.ABC" in hierarchy.order(scope) or bool(hierarchy.keywords(scope))
        return abstract and "register" in self._program.index.attribute_readers

    def _is_external_instance(self, atom: Atom, dotted: str) -> bool | None:
        own = self.builtin(atom)
        known = _class(dotted)
        if own is not None and known is not None:
            is_own = issubclass(own, known)
            return True if is_own else None if _is_abstract(known) else False
        if own is not None and dotted.partition(".")[0] in _UNRELATED and stubs.kind(dotted) == "class":
            return False
        if dotted == "<builtin>.object":
            return True
        match atom:
            case ("stub", str(name), *_) if dotted.startswith("typing."):
                return None  # what stubs take for a base is none at run time
            case ("object" | "heir", _) if self._changes_class:
                return None
            case ("stub", str(name), *_):
                return True if dotted.replace("<builtin>.", "builtins.") in stubs.ancestors(name) else None
            case ("object" | "heir" | "member", int(scope), *_):
                order = self._program.hierarchy.order(scope)
                if dotted in order or self._inherits(order, known):
                    return True
                surely = atom[0] != "heir" or self._program.openings.extension(scope) is None
                plain = known is not None and not _is_abstract(known)
                heirs = self._program.hierarchy.subclasses(scope) if atom[0] == "heir" else ()
                closed = surely and plain and not any(
                    isinstance(cls, str) and cls not in _PLAIN_BASES and not self.is_exception(cls)
                    for member in (scope, *heirs)
                    for cls in self._program.hierarchy.order(member)
                )  # fmt: skip
                exceptional = known is not None and issubclass(known, BaseException)
                return False if closed and not exceptional else None
            case ("class" | "subclass", _):
                return True if dotted == "<builtin>.type" else None
            case ("function" | "method" | "module" | "generator" | "coroutine", *_):
                return (
                    False if known is not None and known.__module__ == "builtins" and not _is_abstract(known) else None
                )
        return None

    def _inherits(self, order: Iterable[int | str], known: type | None) -> bool:
        bases = [_class(cls) for cls in order if isinstance(cls, str)]
        return known is not None and any(base is not None and issubclass(base, known) for base in bases)

    def is_callable(self, atom: Atom) -> bool | None:
        """Whether objects of an atom can be called; None where that is not known."""
        if atom[0] in _CALLABLE:
            return True
        own = self.builtin(atom)
        if own is not None:
            return False
        if atom[0] == "external":
            return True if stubs.kind(atom[1]) in ("function", "class") else None
        if atom[0] in ("object", "member"):
            order = self._program.hierarchy.order(atom[1])
            if any(isinstance(cls, int) and self._program.hierarchy.binds(cls, "__call__") for cls in order):
                return True
            return False if all(isinstance(cls, int) or cls in _PLAIN_BASES for cls in order) else None
        return None


_PLAIN_BASES = frozenset(
    {
        "<builtin>.object", "abc.ABC", "typing.Generic", "typing.Protocol", "typing_extensions.Protocol", "enum.Enum",
    }
)  # fmt: skip


def _class(dotted: str) -> type | None:
    """The class that a name of the builtins or of ``collections.abc`` stands for."""
    module, _, name = dotted.rpartition(".")
    home = {"<builtin>": builtins, "collections.abc": collections.abc, "typing": collections.abc}.get(module)
    found = getattr(home, name, None)
    return found if isinstance(found, type) else None


def _is_abstract(cls: type) -> bool:
    return cls.__module__ == "collections.abc"


def _is_true(kind: str, constant: object) -> bool:
    """The truth of a constant as facts hold it: floats and bytes by their representation, long ones by a digest."""
    if kind in ("float", "complex") or kind.startswith("-"):
        return str(constant).strip("()") not in ("0", "0.0", "-0.0", "0j")
    if kind == "bytes":
        return constant not in ("b''", 'b""')
    return kind == "ellipsis" or bool(constant)
