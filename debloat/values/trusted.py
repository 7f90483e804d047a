"""What outsiders put into the fields of an exported dataclass, if its annotations are trusted.

They are where methods of the class take the field for what it is annotated as: to be given anything else would fail there. A
field that a constructor looks at first is one of which anything is expected. This is an assumption, and named as one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from debloat.facts import ops
from debloat.program.index import Site
from debloat.values import stubs
from debloat.values.domain import NONE, NOTHING, Value, is_unknown, join, of

if TYPE_CHECKING:
    from debloat.values.analysis import Values

_GENERIC = {
    f"typing.{name}": f"builtins.{name.lower()}" for name in ("List", "Dict", "Set", "FrozenSet", "Tuple", "Type")
}
_UNIONS = frozenset({"typing.Union", "typing_extensions.Union"})
_OPTIONAL = frozenset({"typing.Optional", "typing_extensions.Optional"})
_MAKING = ("__init__", "__post_init__", "__attrs_post_init__", "__new__")
_ORDERING = (ops.LT, ops.LT_E, ops.GT, ops.GT_E)


def trusted(values: Values, scope: int, name: str) -> Value:
    """What a field holds in objects that outsiders make, as it is annotated; nothing where that is not to be trusted."""
    annotation = next(_annotations(values, scope, name), None)
    if annotation is None:
        return NOTHING
    note = (
        f"a {values.index.name(scope)} that unseen code makes is as annotated: its own methods take {name} for granted"
    )
    found = annotated(values, annotation, of(("assumed", note)))
    return found if found and _is_taken_for_granted(values, scope, name, NONE in found) else NOTHING


def _annotations(values: Values, scope: int, name: str) -> Iterator[Site]:
    """Where the field is annotated in the bodies of a class and its bases."""
    index = values.index
    for cls in values.program.hierarchy.order(scope):
        if isinstance(cls, int):
            file = index.file_of[cls]
            fact = index.facts[file]
            annotation = -1
            for pc in ops.instructions(fact.code, index.scopes[cls].start, index.scopes[cls].end):
                match fact.code[pc]:
                    case ops.ANNOTATION:
                        annotation = fact.code[pc + 3]
                    case ops.DECLARE if fact.names[fact.code[pc + 3]] == name:
                        yield Site(file, fact.code[pc + 4])
                    case ops.STORE:
                        if annotation >= 0 and fact.names[fact.code[pc + 3]] == name:
                            yield Site(file, annotation)
                        annotation = -1


def _is_taken_for_granted(values: Values, scope: int, name: str, optional: bool) -> bool:
    """Whether methods use the field as what it is annotated as, none of them before it is made and without a question."""
    index = values.index
    found = False
    for cls in values.program.hierarchy.order(scope):
        for method in index.children.get(cls, ()) if isinstance(cls, int) else ():
            for reader in index.attribute_readers.get(name, ()):
                if reader == method or index.parent(reader) == method:
                    for read in index.find(reader, ops.ATTR, 4, name):
                        if index.name(method) in _MAKING:
                            return False
                        found |= _relies(values, read, optional)
    return found


def _relies(values: Values, read: Site, optional: bool) -> bool:
    """Whether what is done with an attribute of the receiver fails for None, and nothing has been asked before."""
    fact = values.index.facts[read.file]
    code = fact.code
    scope = values.index.scope_at(read)
    if not values.attributes.is_receiver(Site(read.file, code[read.pc + 3])):
        return False
    form = values.form(scope)
    if not optional and form.reads.get(read.pc, ("path",))[0] == "narrow":
        return False
    for user in fact.consumers(scope - values.index.base[read.file]).get(read.pc, ()):
        match code[user]:
            case ops.ELEMENT | ops.FOR | ops.COMPREHENSION | ops.BINARY | ops.ATTR:
                return True
            case ops.SUBSCRIPT if code[user + 3] == read.pc:
                return True
            case ops.COMPARE if code[user + 7] in _ORDERING:
                return True
            case ops.CALL if code[user + 5] != read.pc:
                called = values.program.names.static(Site(read.file, code[user + 5]))
                return called <= {("external", "<builtin>.len"), ("external", "<builtin>.iter")}
    return False


def annotated(values: Values, site: Site, assumed: Value) -> Value:
    """What an annotation of the program allows, with what is assumed besides; nothing where it allows anything."""
    fact = values.index.facts[site.file]
    code, pc = fact.code, site.pc
    match code[pc]:
        case ops.CONST:
            return of(NONE) if fact.constants[code[pc + 3]][0] == "NoneType" else NOTHING
        case ops.BINARY:
            return _all(annotated(values, Site(site.file, side), assumed) for side in code[pc + 4 : pc + 6])
        case ops.NAME | ops.ATTR:
            return _all(_named(values, atom[0], atom[1]) | assumed for atom in _static(values, site))
        case ops.SUBSCRIPT:
            named = _static(values, Site(site.file, code[pc + 3]))
            inner = Site(site.file, code[pc + 4])
            parts = _parts(values, inner)
            if len(named) != 1 or named[0][0] != "external":
                return NOTHING
            if named[0][1] in _UNIONS | _OPTIONAL:
                some = _all(annotated(values, part, assumed) for part in parts)
                return some | {NONE} if some and named[0][1] in _OPTIONAL else some
            return _generic(values, str(named[0][1]), parts, assumed)
    return NOTHING


def _static(values: Values, site: Site) -> list[tuple[str, object]]:
    return [
        (value[0], value[1]) if len(value) > 1 else ("unknown", None) for value in values.program.names.static(site)
    ]


def _parts(values: Values, site: Site) -> list[Site]:
    code = values.index.facts[site.file].code
    if code[site.pc] != ops.SEQUENCE:
        return [site]
    return [Site(site.file, item) for item in code[site.pc + 5 : site.pc + 5 + code[site.pc + 4]]]


def _generic(values: Values, name: str, parts: list[Site], assumed: Value) -> Value:
    own = _named(values, "external", name)
    held = [annotated(values, part, assumed) for part in parts]
    # An argument that allows anything, and a tuple of any length, say nothing of the items.
    if len(own) == 1 and all(held):
        return of((*next(iter(own)), tuple(held))) | assumed
    return own | assumed if own else NOTHING


def _named(values: Values, kind: str, name: object) -> Value:
    """Objects of a class, by its scope or its dotted name; nothing for any other name."""
    if kind == "class" and isinstance(name, int):
        return NOTHING if values.types.has_hooks(name) or values.types.is_typed_dict(name) else of(("heir", name))
    dotted = str(name).replace("<builtin>", "builtins")
    return stubs.named(_GENERIC.get(dotted, dotted)) if kind == "external" else NOTHING


def _all(found: Iterator[Value]) -> Value:
    """All of several values; nothing where one of them allows anything."""
    values = list(found)
    joined = join(values)
    plain = all(any(atom[0] != "assumed" for atom in value) for value in values)
    return joined if values and plain and not is_unknown(joined) else NOTHING
