"""What a pydantic model guarantees of its fields, where nothing goes round its validation.

Source: the Pydantic documentation, "Models" (Validating data, Creating models without validation) and "Conversion Table".
"""

from __future__ import annotations

import builtins
from typing import TYPE_CHECKING

from debloat.facts import ops
from debloat.program.binding import arguments
from debloat.program.index import Site
from debloat.values.analysis import Values
from debloat.values.domain import objects

if TYPE_CHECKING:
    from debloat.program.program import Program

_BASES = ("pydantic.BaseModel", "pydantic.main.BaseModel")
# Fields of these types hold an object of the type once they are validated.
_EXACT = frozenset({"str", "int", "float", "bool", "bytes"})
_BYPASSING = ("model_construct", "construct", "model_copy", "__dict__", "__setattr__", "__setstate__", "model_config")


def guaranteed(program: Program, site: Site) -> tuple[type, Site] | None:
    """The type that the field which an expression reads surely has, and where the field is declared."""
    fact = program.facts[site.file]
    if fact.code[site.pc] != ops.ATTR or not program.ask(_has_models):
        return None
    name = fact.names[fact.code[site.pc + 4]]
    found = {
        _field(program, atom, name)
        for atom in objects(program.ask(Values).value(Site(site.file, fact.code[site.pc + 3])))
    }
    return found.pop() if len(found) == 1 else None


def _has_models(program: Program) -> bool:
    """Whether any code imports pydantic."""
    return any(imported.module.partition(".")[0] == "pydantic" for fact in program.facts for imported in fact.imports)


def _field(program: Program, atom: tuple[object, ...], name: str) -> tuple[type, Site] | None:
    match atom:
        case ("object", int(scope)):
            order = program.hierarchy.order(scope)
        case _:
            return None
    if not any(cls in _BASES for cls in order) or _is_bypassed(program, name):
        return None
    for cls in order:
        if isinstance(cls, int):
            if _is_customised(program, cls):
                return None
            if program.hierarchy.binds(cls, name) or name in _declared(program, cls):
                return _declared(program, cls).get(name)
        elif cls not in (*_BASES, "abc.ABC", "typing.Generic", "<builtin>.object"):
            return None
    return None


def _is_bypassed(program: Program, name: str) -> bool:
    """Whether the program sets the attribute itself, or makes or fills objects without validation."""
    index = program.index
    return bool(
        index.attribute_writers.get(name)
        or "setattr" in index.readers
        or "vars" in index.readers
        or any(index.attribute_readers.get(word) for word in _BYPASSING)
        or any(index.readers.get(word) for word in ("model_config", "create_model"))
    )


def _is_customised(program: Program, cls: int) -> bool:
    """Whether a class decides itself what is valid, or how its objects are made."""
    index = program.index
    if program.hierarchy.keywords(cls) or any(program.analysis.calls.decorator_sites(cls)):
        return True
    if any(
        program.hierarchy.binds(cls, word)
        for word in ("__init__", "__new__", "model_config", "Config", "model_post_init")
    ):
        return True
    return any(
        not program.analysis.calls.decorators(child)
        <= {"<builtin>.property", "<builtin>.staticmethod", "<builtin>.classmethod"}
        for child in index.children.get(cls, ())
    )


def _declared(program: Program, cls: int) -> dict[str, tuple[type, Site] | None]:
    """The fields that a class body declares: their types where they are guaranteed."""
    index = program.index
    file = index.file_of[cls]
    fact = program.facts[file]
    record = index.scopes[cls]
    annotation = -1
    found: dict[str, tuple[type, Site] | None] = {}
    for pc in ops.instructions(fact.code, record.start, record.end):
        match fact.code[pc]:
            case ops.ANNOTATION:
                annotation = fact.code[pc + 3]
            case ops.DECLARE:
                found[fact.names[fact.code[pc + 3]]] = _type(program, Site(file, fact.code[pc + 4]))
            case ops.STORE if annotation >= 0:
                kind = _type(program, Site(file, annotation))
                default = Site(file, fact.code[pc + 4])
                sure = kind is not None and _is_valid(program, default, kind[0])
                found[fact.names[fact.code[pc + 3]]] = kind if sure else None
                annotation = -1
    return found


def _type(program: Program, annotation: Site) -> tuple[type, Site] | None:
    """The builtin type that an annotation names, with its place."""
    match tuple(program.names.static(annotation)):
        case (("external", str(dotted)),) if dotted.removeprefix("<builtin>.") in _EXACT:
            return getattr(builtins, dotted.removeprefix("<builtin>.")), annotation
    return None


def _is_valid(program: Program, default: Site, kind: type) -> bool:
    """Whether a default, which is not validated, is of the type: a constant, or ``Field(...)`` without one."""
    fact = program.facts[default.file]
    if fact.code[default.pc] == ops.CONST:
        kind_of = str(fact.constants[fact.code[default.pc + 3]][0])
        return kind_of == kind.__name__
    if fact.code[default.pc] == ops.CALL and program.names.static(Site(default.file, fact.code[default.pc + 5])) in (
        {("external", "pydantic.Field")}, {("external", "pydantic.fields.Field")},
    ):  # fmt: skip
        given = arguments(fact, default.pc)
        return not given.positional and {"default", "default_factory", None}.isdisjoint(
            name for name, _ in given.keywords
        )
    return False
