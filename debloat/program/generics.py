"""Generic classes of one type variable that everybody gives the same argument."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from debloat.facts import data, ops
from debloat.program.index import Site
from debloat.program.queries import definitions, reads, users
from debloat.program.references import references
from debloat.program.solver import Value

if TYPE_CHECKING:
    from debloat.program.program import Program

_BASES = frozenset({"typing.Generic", "abc.ABC"})
# What looks at type arguments when the program runs.
_ASKING = frozenset(
    "__orig_bases__ __orig_class__ __args__ __origin__ __parameters__ get_args get_origin get_type_hints".split()
)


class Generic(NamedTuple):
    """A class, its type variable and where that is read, the argument that it always gets, and the subscripts that give it.

    ``argument`` is one of the places that name a class of the program, or the name of a builtin.
    """

    cls: int
    variable: str
    reads: tuple[Site, ...]
    argument: int | str
    given: tuple[Site, ...]


def single_generics(program: Program) -> Iterator[Generic]:
    """The classes derived from ``Generic[T]`` that nobody gives another argument."""
    asked = (name in program.index.attribute_readers or name in program.index.readers for name in _ASKING)
    if any(asked):
        return
    for cls in definitions(program, data.CLASS):
        variable = _variable(program, cls)
        if variable is not None and _is_plain(program, cls):
            found = _found(program, cls, variable)
            if found is not None:
                yield found


def _is_plain(program: Program, cls: int) -> bool:
    """Whether a class at the top of its module is made by nothing that might look at its bases."""
    return (
        program.index.scopes[program.index.parent(cls)].kind == data.MODULE
        and program.index.scopes[cls].line == program.index.scopes[cls].first_line
        and set(program.hierarchy.outside(cls)) <= _BASES
        and not any(program.hierarchy.binds(cls, name) for name in ("__init_subclass__", "__class_getitem__"))
    )


def _variable(program: Program, cls: int) -> str | None:
    """The one type variable of a class, which its module defines."""
    file = program.index.file_of[cls]
    fact = program.facts[file]
    at = program.index.scopes[cls].definition + 4
    for base in fact.code[at + 1 : at + 1 + fact.code[at]]:
        if fact.code[base] != ops.SUBSCRIPT:
            continue
        value, index = fact.code[base + 3 : base + 5]
        if program.names.static(Site(file, value)) != {("external", "typing.Generic")} or fact.code[index] != ops.NAME:
            continue
        stores = fact.scopes[0].bound.get(fact.code[index + 3], ())
        if len(stores) == 1 and fact.code[stores[0]] == ops.STORE and fact.code[fact.code[stores[0] + 4]] == ops.CALL:
            callee = Site(file, fact.code[fact.code[stores[0] + 4] + 5])
            if program.names.static(callee) == {("external", "typing.TypeVar")}:
                return fact.names[fact.code[index + 3]]
    return None


def _found(program: Program, cls: int, variable: str) -> Generic | None:
    file, span = program.index.file_of[cls], program.index.span(cls)
    inside = [
        site
        for site in reads(program, program.index.base[file], variable)
        if span.line <= program.index.place(site).line <= span.end_line
    ]
    given: list[Site] = []
    arguments: set[Value] = set()
    for site in references(program, cls).reads:
        code = program.facts[site.file].code
        for user in users(program, site):
            if code[user] == ops.SUBSCRIPT and code[user + 3] == site.pc:
                given.append(Site(site.file, user))
                argument = Site(site.file, code[user + 4])
                if argument not in inside:
                    arguments |= program.names.static(argument) or {("unknown",)}
    match [*arguments]:
        case [("class", int(own))] if program.index.scopes[program.index.parent(own)].kind == data.MODULE:
            return Generic(cls, variable, tuple(inside), own, tuple(given))
        case [("external", str(name))] if name.startswith("<builtin>."):
            return Generic(cls, variable, tuple(inside), name.removeprefix("<builtin>."), tuple(given))
    return None
