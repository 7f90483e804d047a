"""How a value that never varies is written in another place."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from debloat.facts import data, ops
from debloat.model import RefusedError
from debloat.program.constants import fixed
from debloat.program.index import Site
from debloat.program.shapes import origin
from debloat.program.solver import Value
from debloat.refactor.constant import Constant
from debloat.refactor.naming import Imports
from debloat.refactor.places import expression
from debloat.refactor.source import source

if TYPE_CHECKING:
    from debloat.program import Program


def spelled(
    program: Program, imports: Imports, sites: Sequence[Site], function: int, scopes: Sequence[int]
) -> Constant:
    """The value that all of some expressions have, as scopes in a function write it. Raises RefusedError."""
    value = fixed(program, sites[0])
    assert value is not None
    if value[0] == "constant":
        return _constant(program, imports, sites, function, scopes)
    return Constant(_name(program, imports, value, function, scopes), None)


def _constant(
    program: Program, imports: Imports, sites: Sequence[Site], function: int, scopes: Sequence[int]
) -> Constant:
    """A constant by the name it has where the function is, else as a literal, else by the name it has elsewhere."""
    file = program.index.file_of[function]
    named = [found for site in sites for found in _variable(program, site)]
    for home, name in dict.fromkeys(named):
        near = home == file and _stored_before(program, file, name, function)
        if near or (
            len(named) == len(sites)
            and (home == file or any(imports.written(file, home, name, _line(program, function))))
        ):
            return Constant(imports.naming(file, home, name, scopes, _line(program, function)), None)
    for site in sites:
        if program.facts[site.file].code[site.pc] in (ops.CONST, ops.UNARY):
            return _literal(program, site)
    for home, name in named:
        return Constant(imports.naming(file, home, name, scopes, _line(program, function)), None)
    raise RefusedError("not written: the constant has no name that the function can read")


def _variable(program: Program, site: Site) -> Iterator[tuple[int, str]]:
    """The variable of a module that an expression reads."""
    fact = program.facts[site.file]
    found: tuple[int | str, str] | None = None
    if fact.code[site.pc] == ops.NAME:
        name = fact.code[site.pc + 3]
        if program.index.home(site) == program.index.base[site.file]:
            found = origin(program, site.file, fact.names[name])
    elif fact.code[site.pc] == ops.ATTR:
        match list(program.names.static(Site(site.file, fact.code[site.pc + 3]))):
            case [("module", int(home))]:
                found = origin(program, home, fact.names[fact.code[site.pc + 4]])
    if found is not None and isinstance(found[0], int):
        yield found[0], found[1]


def _stored_before(program: Program, file: int, name: str, function: int) -> bool:
    """Whether a module binds a name before it defines a function."""
    fact = program.facts[file]
    (store,) = fact.scopes[0].bound[fact.name_index[name]]
    return fact.code[store + 1] < program.index.scopes[function].line


def _literal(program: Program, site: Site) -> Constant:
    """A literal as it is written, if that is on one line."""
    _, node = expression(program, site)
    value = ast.literal_eval(node)
    lines = source(program, program.files[site.file].path).lines
    text = ast.unparse(node)
    if node.lineno == node.end_lineno:
        text = lines[node.lineno - 1].encode()[node.col_offset : node.end_col_offset].decode()
    elif isinstance(value, str):
        text = f'"{value}"' if value.isprintable() and not set(value) & set('"\\') else repr(value)
    return Constant(text, (value,))


def _name(program: Program, imports: Imports, value: Value, function: int, scopes: Sequence[int]) -> str:
    """What is no literal, by its name."""
    file = program.index.file_of[function]
    match value:
        case ("definition", int(scope)):
            return _qualified(program, imports, scope, function, scopes)
        case ("member", int(scope), str(name)):
            return f"{_qualified(program, imports, scope, function, scopes)}.{name}"
        case ("external", str(dotted)):
            name = dotted.removeprefix("<builtin>.")
            index = program.facts[file].name_index.get(name, -1)
            starred = any(True for _ in program.names.star_targets(file))
            if starred or any(program.index.resolve(scope, index) >= 0 for scope in scopes if index >= 0):
                raise RefusedError(f"name taken: {name} is another variable in {program.files[file].path}")
            return name
        case ("tuple", *items):
            inside = [_item(program, imports, item, function, scopes) for item in items]
            return f"({', '.join(inside)}{',' if len(inside) == 1 else ''})"
    raise RefusedError("not written: the value has no name")


def _item(program: Program, imports: Imports, value: Value, function: int, scopes: Sequence[int]) -> str:
    match value:
        case ("constant", str(kind), str() | int() | float() | bool() | None as literal) if kind.lstrip("-") in _PLAIN:
            return f"{'-' * kind.startswith('-')}{_text(literal)}"
    return _name(program, imports, value, function, scopes)


_PLAIN = ("str", "int", "bool", "NoneType")


def _text(literal: object) -> str:
    plain = isinstance(literal, str) and literal.isprintable() and not set(literal) & set('"\\')
    return f'"{literal}"' if plain else repr(literal)


def _line(program: Program, function: int) -> int:
    return program.index.scopes[function].line


def _qualified(program: Program, imports: Imports, scope: int, function: int, scopes: Sequence[int]) -> str:
    """A function or class of a module, or of a class in one, by its dotted name."""
    names = [program.index.name(scope)]
    while program.index.scopes[program.index.parent(scope)].kind == data.CLASS:
        scope = program.index.parent(scope)
        names.insert(0, program.index.name(scope))
    if program.index.scopes[program.index.parent(scope)].kind != data.MODULE:
        raise RefusedError(f"not written: {names[0]} is defined in a function")
    file, home = program.index.file_of[function], program.index.file_of[scope]
    names[0] = imports.naming(file, home, names[0], scopes, _line(program, function))
    return ".".join(names)
