"""What outsiders are trusted to leave alone in the objects that they may have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from debloat.facts import data, ops
from debloat.program.exports import exports
from debloat.program.index import Site

if TYPE_CHECKING:
    from debloat.program.program import Program

TRUST = "outsiders are trusted to take nothing from an object of an exported class that has an underscore or that it made for itself"


def is_left_alone(program: Program, cls: int, name: str) -> bool:
    """Whether outsiders are trusted not to take what is in an attribute of the objects of a class of an application.

    It has an underscore, or nothing but the constructor sets it, to what that makes itself unless it is given another one.
    """
    if not program.is_application(program.index.file_of[cls]):
        return False
    return name.startswith("_") or _is_own(program, cls, name)


def is_trust_asked_for(program: Program) -> bool:
    """Whether outsiders may have an object with something that they are trusted to leave alone. For :meth:`Program.ask`."""
    index = program.index
    exported = (symbol[1] for symbol in program.ask(exports) if symbol[0] == "scope")
    return any(
        is_left_alone(program, cls, index.facts[index.file_of[cls]].names[name])
        for cls in exported
        if index.scopes[cls].kind == data.CLASS
        for method in index.children.get(cls, ())
        for name in index.scopes[method].set_attributes
    )


def _is_own(program: Program, cls: int, name: str) -> bool:
    index = program.index
    makes = False
    for method in index.children.get(cls, ()):
        for site in index.find(method, ops.SET_ATTR, 4, name):
            if index.name(method) != "__init__":
                return False
            makes |= _makes(program, Site(site.file, index.facts[site.file].code[site.pc + 5]))
    return makes


def _makes(program: Program, value: Site) -> bool:
    """Whether an expression calls a class or function of the program for what it gives, or may."""
    code = program.facts[value.file].code
    match code[value.pc]:
        case ops.CALL:
            callee = program.names.static(Site(value.file, code[value.pc + 5]))
            return any(found[0] in ("class", "function") for found in callee)
        case ops.BOOL | ops.CONDITIONAL:
            return any(_makes(program, Site(value.file, operand)) for operand in ops.values(code, value.pc))
    return False
