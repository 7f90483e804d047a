"""Properties that only hand out, take or delete another attribute of their object, with every place that names that."""

from __future__ import annotations

import builtins
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from debloat.facts import data, ops
from debloat.model import Evidence, Proof
from debloat.program.index import Site
from debloat.program.queries import definitions, receiver_class, relatives, world_evidence
from debloat.program.reasons import is_looking
from debloat.program.solver import UNKNOWN

if TYPE_CHECKING:
    from debloat.program.program import Program

_HOOKS = (
    "__getattr__", "__getattribute__", "__setattr__", "__delattr__", "__dir__", "__getstate__",
    "__setstate__", "__reduce__", "__reduce_ex__", "__match_args__", "__set_name__",
)  # fmt: skip
_PATCHING = frozenset({"PropertyMock", "patch", "monkeypatch", "setattr", "delattr", "mocker"})
_BASES = ("abc.ABC", "typing.Generic")
# The lines below its first that tell of a docstring of several.
_LONG = 4
_ACCESSORS = {"setter": ops.SET_ATTR, "deleter": ops.DEL_ATTR}


class Trivial(NamedTuple):
    """A property of a class: its functions, the attribute behind it as it is kept, and where others than these name that."""

    cls: int
    name: str
    attribute: str
    methods: Sequence[int]
    uses: Sequence[Site]
    evidence: tuple[Evidence, ...]


def trivial_properties(program: Program) -> Iterator[Trivial]:
    """The properties, of classes that only the program uses, that could be the attribute itself."""
    for scope in definitions(program, data.FUNCTION):
        cls = program.index.enclosing_class(scope)
        if cls >= 0 and program.analysis.calls.decorators(scope) == {"<builtin>.property"}:
            found = _of(program, cls, scope)
            if found is not None:
                yield found


def _of(program: Program, cls: int, getter: int) -> Trivial | None:
    index, name = program.index, program.index.name(getter)
    attribute = _held(program, getter, ops.RETURN)
    methods = [child for child in index.children[cls] if index.name(child) == name]
    others = [_accessor(program, method, name) for method in methods if method != getter]
    if attribute is None or not attribute.startswith("_") or attribute.endswith("__") or name.startswith("__"):
        return None
    if any(held != attribute for held in others) or not index.attribute_reads(name):
        return None
    heirs = [cls, *program.hierarchy.subclasses(cls)]
    if not _is_plain(program, heirs, name, attribute) or not _only_defined(program, cls, name, len(methods)):
        return None
    if any(program.openings.first(opened) for opened in (*methods, *heirs)) or relatives(program, getter):
        return None
    if _is_patched(program, name):
        return None
    if next(program.openings.named(attribute, index.file_of[cls]), None):
        return None
    uses = _uses(program, heirs, attribute)
    if uses is None or _is_guarded(program, heirs, name, methods, uses):
        return None
    proof = _proof(program, heirs, name)
    outer = [use for use in uses if index.scope_at(use) not in methods]
    return None if proof is None else Trivial(cls, name, attribute, methods, outer, tuple(proof))


def _held(program: Program, scope: int, last: int) -> str | None:
    """The attribute of its object that a function returns, sets to what it is given or deletes, if that is all it does."""
    file = program.index.file_of[scope]
    fact, record = program.facts[file], program.index.scopes[scope]
    code = fact.code
    done = [pc for pc in fact.instructions(scope - program.index.base[file]) if code[pc] >= ops.STORE]
    kinds = [parameter.kind for parameter in record.parameters]
    if record.flags & data.DOCSTRING and record.end_line - record.line >= _LONG:
        return None
    if [code[pc] for pc in done] != [last] or len(kinds) != 1 + (last == ops.SET_ATTR) or record.flags & data.ASYNC:
        return None
    at = code[done[0] + 3] if last == ops.RETURN else done[0]
    if at < 0 or code[at] not in (ops.ATTR, last):
        return None
    base, value = code[at + 3], code[at + 5] if last == ops.SET_ATTR else -1
    names = [code[one + 3] if code[one] == ops.NAME else -1 for one in (base, value) if one >= 0]
    return fact.names[code[at + 4]] if names == [parameter.name for parameter in record.parameters] else None


def _accessor(program: Program, scope: int, name: str) -> str | None:
    """The attribute that the setter or deleter of a property sets or deletes."""
    fact = program.facts[program.index.file_of[scope]]
    match list(program.analysis.calls.decorator_sites(scope)):
        case [Site(pc=pc)] if fact.code[pc] == ops.ATTR and fact.code[fact.code[pc + 3]] == ops.NAME:
            kind = fact.names[fact.code[pc + 4]]
            if kind in _ACCESSORS and fact.names[fact.code[fact.code[pc + 3] + 3]] == name:
                return _held(program, scope, _ACCESSORS[kind])
    return None


def _is_plain(program: Program, heirs: Sequence[int], name: str, attribute: str) -> bool:
    """Whether the classes keep attributes in their objects like any other, and no other class has a say in the two."""
    hierarchy, cls = program.hierarchy, heirs[0]
    for heir in heirs:
        record = program.index.scopes[heir]
        if record.line != record.first_line or hierarchy.keywords(heir):
            return False
        for base in hierarchy.order(heir):
            if isinstance(base, int):
                if any(hierarchy.binds(base, one) for one in (*_HOOKS, attribute, *[name] * (base != cls))):
                    return False
            elif base not in _BASES and not _is_exception(base, name):
                return False
    return True


def _is_exception(base: str, name: str) -> bool:
    kind = getattr(builtins, base.removeprefix("<builtin>."), None)
    return isinstance(kind, type) and issubclass(kind, BaseException) and not hasattr(kind, name)


def _only_defined(program: Program, cls: int, name: str, count: int) -> bool:
    """Whether the body of a class defines a name by functions and only reads it to decorate these."""
    file = program.index.file_of[cls]
    fact = program.facts[file]
    stores = program.index.scopes[cls].bound[fact.name_index[name]]
    reads = list(program.index.find(cls, ops.NAME, 3, name))
    plain = all(fact.code[pc] == ops.STORE and fact.code[pc + 5] == ops.DEFINITION for pc in stores)
    return plain and len(stores) == count and len(reads) == count - 1


def _is_patched(program: Program, name: str) -> bool:
    """Whether a file that replaces attributes of what it tests has the name in a string."""
    return any(
        not _PATCHING.isdisjoint(fact.name_index) and any(text.rpartition(".")[2] == name for text in fact.mentions)
        for fact in program.facts
    )


def _uses(program: Program, heirs: Sequence[int], attribute: str) -> Sequence[Site] | None:
    """Where the attribute of objects of the classes is named; None where it may be that of something else."""
    own = {("object", heir) for heir in heirs}
    found, unsure, shared = [], [], False
    for site in (*program.index.attribute_reads(attribute), *_written(program, attribute)):
        around = receiver_class(program, site)
        bases = program.analysis.values(Site(site.file, program.facts[site.file].code[site.pc + 3]))
        if around in heirs or (bases and bases <= own):
            found.append(site)
        elif not (bases - {UNKNOWN}).isdisjoint(own):
            return None
        elif around < 0 and (not bases or UNKNOWN in bases):
            unsure.append(site)
        else:
            shared = True
    # What a method compares its object with is one of its kind, where no other class has the attribute.
    inside = all(_method_class(program, site) in heirs for site in unsure)
    return [*found, *unsure] if not unsure or (inside and not shared) else None


def _method_class(program: Program, site: Site) -> int:
    """The class of the method in which something stands, nested functions included; -1 for none."""
    scope = program.index.scope_at(site)
    while scope >= 0 and program.index.enclosing_class(scope) < 0:
        scope = program.index.parent(scope)
    return program.index.enclosing_class(scope) if scope >= 0 else -1


def _written(program: Program, name: str) -> Iterator[Site]:
    for writer in program.index.attribute_writers.get(name, ()):
        for op in (ops.SET_ATTR, ops.DEL_ATTR):
            yield from program.index.find(writer, op, 4, name)


def _is_guarded(
    program: Program, heirs: Sequence[int], name: str, methods: Sequence[int], uses: Sequence[Site]
) -> bool:
    """Whether it matters that a property is one: it cannot be set and somebody tries, or is set behind its back."""
    own = {("object", heir) for heir in heirs}
    if any(_is_super(program, site) for site in program.index.attribute_reads(name)):
        return True
    if len(methods) > 1:
        return False
    for site in _written(program, name):
        bases = program.analysis.values(Site(site.file, program.facts[site.file].code[site.pc + 3]))
        if not bases.isdisjoint(own):
            return True
    return any(
        program.facts[site.file].code[site.pc] != ops.ATTR and receiver_class(program, site) not in heirs
        for site in uses
    )


def _is_super(program: Program, site: Site) -> bool:
    base = program.facts[site.file].code[site.pc + 3]
    shown = program.facts[site.file].code[base] == ops.CALL and program.openings.shown(Site(site.file, base))
    return shown == "super"


def _proof(program: Program, heirs: Sequence[int], name: str) -> list[Evidence] | None:
    """The evidence; None where objects go to what may ask for the names of their attributes, or the property is a value."""
    found = {}
    for heir in heirs:
        for kind in ("object", "class"):
            for event in sorted(program.analysis.whole((kind, heir)), key=str):
                match event:
                    case ("open", str(reason), int(file), int(pc)):
                        if is_looking(reason):
                            return None
                        note = f"{reason}, which is assumed not to ask for the names of its attributes"
                        found[reason] = Evidence("mutation", Proof.ASSUMED, program.index.place(Site(file, pc)), note)
                    case ("read" | "write", _, _, str(used)) if used == (name if kind == "class" else "__dict__"):
                        return None
    span = program.index.span(heirs[0])
    return [
        *found.values(),
        Evidence("mutation", Proof.PROVED, span, "all that names the attribute is seen"),
        Evidence("hierarchy", Proof.PROVED, span, "no other class binds the name of the property"),
        *world_evidence(program, heirs[0]),
    ]
