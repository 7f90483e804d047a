"""What typeshed says of the standard library: what a name is, and what a call of it gives.

A class of a stub is never exact: whatever is annotated with it may be of a subclass. A union with ``Any`` is unknown, as is
all that depends on type variables.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from types import MappingProxyType
from typing import Any

from debloat.values.domain import NONE, NOTHING, Atom, Value, join, of

_FINDING = 12  # how far an alias or a base is followed
_ANYTHING = frozenset(
    {
        "builtins.object", "typing.Any", "typing.Hashable", "typing.Self", "typing.NoReturn",
        "typing._SpecialForm",  # some are classes, some functions, as versions go
    }
)  # fmt: skip
_TOWER = {
    "builtins.float": ("builtins.float", "builtins.int"),
    "builtins.complex": ("builtins.complex", "builtins.float", "builtins.int"),
}


def _plain(dotted: str) -> str:
    return "builtins" + dotted.removeprefix("<builtin>") if dotted.startswith("<builtin>") else dotted


def is_standard(dotted: str) -> bool:
    """Whether a name is one of the builtins or of the standard library."""
    return dotted.startswith("<builtin>") or dotted.partition(".")[0] in sys.stdlib_module_names


@cache
def _resolver() -> Any:
    import typeshed_client

    # Only what typeshed_client carries along: answers must not depend on what is installed.
    context = typeshed_client.get_search_context(version=(3, 11), platform="linux", search_path=[])
    return typeshed_client.Resolver(context)


@cache
def _names(module: str) -> Any:
    return _resolver().get_module(tuple(module.split(".")))


@cache
def find(dotted: str) -> tuple[str, Any] | None:
    """The module and the stub of a name of the standard library: (module, typeshed's record); None where there is none."""
    import typeshed_client

    parts = _plain(dotted).split(".")
    if parts[0] not in sys.stdlib_module_names:
        return None
    for length in range(len(parts) - 1, 0, -1):
        module = ".".join(parts[:length])
        record = _names(module)
        if not record.exists:
            continue
        found = record.get_name(parts[length], _resolver())
        for _ in range(_FINDING):
            if isinstance(found, typeshed_client.ImportedInfo):
                module = ".".join(found.source_module)
                found = found.info
            else:
                break
        for name in parts[length + 1 :]:
            if not isinstance(found, typeshed_client.NameInfo) or not isinstance(found.ast, ast.ClassDef):
                return None
            found, module = _member(module, found, name)
        if isinstance(found, typeshed_client.NameInfo):
            return module, found
        return None
    return None


def _member(module: str, cls: Any, name: str) -> tuple[Any, str]:
    """A member of a class in a stub or of its bases, with the module of the stub that has it."""
    for home, record in _order(module, cls):
        if name in (record.child_nodes or {}):
            return record.child_nodes[name], home
    return None, module


def _order(module: str, cls: Any) -> list[tuple[str, Any]]:
    """A class of a stub and its bases, depth first."""
    found = [(module, cls)]
    for base in cls.ast.bases:
        inner = base.value if isinstance(base, ast.Subscript) else base
        record = _resolve(module, ast.unparse(inner))
        if record is not None and isinstance(record[1].ast, ast.ClassDef):
            found += [entry for entry in _order(*record) if entry not in found]
    return found


@cache
def _resolve(module: str, name: str) -> tuple[str, Any] | None:
    """A dotted name as it is meant in a stub."""
    return find(f"{module}.{name}") or find(f"builtins.{name}") or find(name)


@cache
def kind(dotted: str) -> str:
    """``function``, ``class``, ``module``, ``variable`` or nothing."""
    plain = _plain(dotted)
    if plain.partition(".")[0] not in sys.stdlib_module_names:
        return ""
    found = find(plain)
    if _names(plain).exists:
        return "module"
    if found is None:
        return ""
    match found[1].ast:
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            return "function"
        case ast.ClassDef():
            return "class"
        case ast.AnnAssign() | ast.Assign():
            return "variable"
    return "function" if hasattr(found[1].ast, "definitions") else ""


@cache
def ancestors(dotted: str) -> frozenset[str]:
    """A class of the library and all its bases, as dotted names."""
    found = find(dotted)
    if found is None or not isinstance(found[1].ast, ast.ClassDef):
        return frozenset({dotted})
    return frozenset(f"{module}.{record.name}" for module, record in _order(*found)) | {dotted, "builtins.object"}


@cache
def returns(dotted: str, given: tuple[Value, ...] = ()) -> Value:
    """What a function or method of the library returns, over all its overloads; nothing where that is not known.

    ``given`` are the type arguments of the class that the method is of.
    """
    found = find(dotted)
    if found is None:
        return NOTHING
    module, record = found
    variables = _variables(dotted.rpartition(".")[0], given)
    overloads = getattr(record.ast, "definitions", [record.ast])
    values = []
    for function in overloads:
        if not isinstance(function, ast.FunctionDef):
            return NOTHING
        value = annotated(module, function.returns, variables)
        if not value:
            return NOTHING
        values.append(value)
    return join(values)


def _variables(dotted: str, given: tuple[Value, ...]) -> Mapping[str, Value]:
    """The type variables of a class of a stub with the arguments that are given for them."""
    found = find(dotted) if "." in dotted else None
    if found is None or not isinstance(found[1].ast, ast.ClassDef):
        return {}
    names = [
        node.id
        for base in found[1].ast.bases
        if isinstance(base, ast.Subscript)
        for node in ast.walk(base.slice)
        if isinstance(node, ast.Name)
    ]
    own = of(("stub", _plain(dotted), given) if given else ("stub", _plain(dotted)))
    return {"Self": own, **dict(zip(dict.fromkeys(names), given, strict=False))}


# The iterables whose first type argument is what iterating over them gives
_ITERABLE = (
    frozenset(
        f"typing.{name}"
        for name in "Iterable Iterator Generator Sequence MutableSequence Collection AbstractSet Mapping".split()
    )
    | frozenset(f"builtins.{name}" for name in "list set frozenset dict".split())
    | {"collections.deque"}
)


@cache
def _is_mutable(dotted: str) -> bool:
    return not {"typing.MutableSequence", "typing.MutableMapping", "typing.MutableSet"}.isdisjoint(ancestors(dotted))


def fixed(value: Value) -> Value:
    """The value without what is said of the items of containers that code may change."""
    return frozenset(
        atom
        if len(atom) < 3 or atom[0] not in ("stub", "builtin")
        else atom[:2]
        if _is_mutable(atom[1] if atom[0] == "stub" else f"builtins.{atom[1]}")
        else (*atom[:2], tuple(fixed(held) for held in atom[2]))
        for atom in value
    )


def elements(atom: Atom) -> Value:
    """What iterating over objects of a class of the library gives; nothing where that is not known."""
    dotted, given = atom[1], atom[2] if len(atom) > 2 else ()
    if dotted in _ITERABLE and given:
        first: Value = given[0]
        return first
    if dotted == "builtins.tuple":
        return join(given)
    iterators = returns(f"{dotted}.__iter__", given)
    if iterators and all(len(one) > 2 and one[1] in _ITERABLE for one in iterators):
        return join(one[2][0] for one in iterators)
    following: Value = returns(f"{dotted}.__next__", given) if iterators == of(atom) else NOTHING
    return following


@cache
def never_returns(dotted: str) -> bool:
    """Whether a function of the library is declared never to come back."""
    found = find(dotted)
    match found and found[1].ast:
        case ast.FunctionDef(returns=ast.Name(id="NoReturn" | "Never")):
            return True
    return False


@cache
def variable(dotted: str) -> Value:
    """What a variable of a library module or class can be; nothing where that is not known."""
    if dotted.endswith(".submodule_search_locations"):
        return NOTHING  # the stub says a list, of a namespace package it is none
    found = find(dotted)
    if found is None:
        return NOTHING
    module, record = found
    match record.ast:
        case ast.AnnAssign(annotation=annotation):
            return fixed(annotated(module, annotation))
        case ast.FunctionDef(decorator_list=[ast.Name(id="property")], returns=returned):
            return fixed(annotated(module, returned, _variables(dotted.rpartition(".")[0], ())))
    return NOTHING


def is_property(dotted: str) -> bool:
    """Whether reading an attribute of a library class gives what a property or variable holds."""
    found = find(dotted)
    return found is not None and (
        isinstance(found[1].ast, ast.AnnAssign)
        or (
            isinstance(found[1].ast, ast.FunctionDef)
            and any(isinstance(d, ast.Name) and d.id == "property" for d in found[1].ast.decorator_list)
        )
    )


def annotated(module: str, node: ast.expr | None, variables: Mapping[str, Value] = MappingProxyType({})) -> Value:
    """What an annotation in a stub allows; nothing for ``Any``, type variables that are not given and whatever is not known."""
    match node:
        case ast.Constant(value=None):
            return of(NONE)
        case ast.Constant(value=str(text)):
            return annotated(module, ast.parse(text, mode="eval").body, variables)
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            one, other = annotated(module, left, variables), annotated(module, right, variables)
            return join([one, other]) if one and other else NOTHING
        case ast.Subscript(value=ast.Name(id="Literal"), slice=ast.Constant(value=constant)):
            return of(("constant", type(constant).__name__, constant))
        case ast.Subscript(value=inner, slice=given):
            found = annotated(module, inner)
            parts = given.elts if isinstance(given, ast.Tuple) else [given]
            values = [annotated(module, part, variables) for part in parts]
            plain = all(values) and len(found) == 1 and next(iter(found))[0] == "stub"
            return of((*next(iter(found)), tuple(values))) if plain else found
        case ast.Name(id=name) if name in variables:
            return variables[name]
        case ast.Name(id="AnyStr"):
            return of(("stub", "builtins.str"), ("stub", "builtins.bytes"))
        case ast.Name() | ast.Attribute():
            return _class_of(module, ast.unparse(node))
    return NOTHING


def named(dotted: str) -> Value:
    """Objects of a class of the library; nothing for any other name."""
    module, _, name = dotted.rpartition(".")
    return _class_of(module, name) if module and kind(dotted) == "class" else NOTHING


def _class_of(module: str, name: str) -> Value:
    found = _resolve(module, name.replace("LiteralString", "str"))
    if found is None:
        return NOTHING
    home, record = found
    match record.ast:
        case ast.ClassDef():
            dotted = f"{home}.{record.name}"
            protocol = dotted not in _ITERABLE and any("Protocol" in ast.unparse(base) for base in record.ast.bases)
            if dotted in _ANYTHING or protocol:
                return NOTHING
            # What is annotated as a float may be an int (PEP 484, "The numeric tower").
            return of(*(("stub", name) for name in _TOWER.get(dotted, (dotted,))))
        case ast.AnnAssign(annotation=ast.Name(id="TypeAlias"), value=ast.expr() as value):
            return annotated(home, value)
    return NOTHING


Kinds = frozenset[type | None]


def takes(dotted: str, positional: Sequence[Kinds], keywords: Sequence[tuple[str, Kinds]]) -> bool:
    """Whether a function of the library surely takes arguments of exactly these types, as far as its annotations name types."""
    found = find(dotted)
    if found is None:
        return False
    module, record = found
    owner = find(dotted.rpartition(".")[0]) if dotted.count(".") > 1 else None
    in_class = isinstance(getattr(owner and owner[1], "ast", None), ast.ClassDef)
    overloads = (
        [_constructor(found)]
        if isinstance(record.ast, ast.ClassDef)
        else getattr(record.ast, "definitions", [record.ast])
    )
    return any(
        isinstance(function, ast.FunctionDef)
        and _takes(module, function, positional, keywords, in_class or isinstance(record.ast, ast.ClassDef))
        for entry in overloads
        for function in (getattr(entry, "definitions", [entry]) if entry is not None else [])
    )


def _constructor(found: tuple[str, Any]) -> Any:
    for name in ("__init__", "__new__"):
        record, _ = _member(found[0], found[1], name)
        if record is not None:
            return record.ast
    return None


def _takes(
    module: str,
    function: ast.FunctionDef,
    positional: Sequence[Kinds],
    keywords: Sequence[tuple[str, Kinds]],
    bound: bool,
) -> bool:
    given = function.args
    plain = [*given.posonlyargs, *given.args][bound:]
    required = len(plain) - len(given.defaults)
    named = {parameter.arg: parameter for parameter in (*given.args, *given.kwonlyargs)}
    if len(positional) > len(plain) and given.vararg is None:
        return False
    slots = [*plain, *[given.vararg] * max(0, len(positional) - len(plain))]
    pairs = [*zip(slots, positional, strict=False), *((named.get(name), kinds) for name, kinds in keywords)]
    filled = {parameter.arg for parameter, _ in pairs if parameter is not None}
    missing = [p for p in plain[:required] if p.arg not in filled]
    missing += [
        p
        for p, default in zip(given.kwonlyargs, given.kw_defaults, strict=True)
        if default is None and p.arg not in filled
    ]
    return not missing and all(
        parameter is not None and _allows(module, parameter.annotation, kinds) for parameter, kinds in pairs
    )


def _allows(module: str, annotation: ast.expr | None, kinds: Kinds) -> bool:
    """Whether objects of exactly these types are what an annotation asks for; protocols and type variables take anything."""
    match annotation:
        case ast.Name(id="SupportsIndex"):
            return kinds <= {int, bool}
        case ast.BinOp(left=left, right=right):
            return all(
                _allows(module, left, frozenset({kind})) or _allows(module, right, frozenset({kind})) for kind in kinds
            )
    allowed = annotated(module, annotation) if annotation is not None else NOTHING
    if not allowed:
        return True
    names = {atom[1].removeprefix("builtins.") if atom[0] in ("stub", "builtin") else atom[1] for atom in allowed}
    return all(kind is not None and any(base.__name__ in names for base in kind.__mro__[:-1]) for kind in kinds)
