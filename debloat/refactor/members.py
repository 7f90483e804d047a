"""What a base has and its heir lacks, as members of the heir."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

import libcst as cst

from debloat.facts import data
from debloat.model import RefusedError
from debloat.program.solver import UNKNOWN
from debloat.refactor import imports
from debloat.refactor.classes import Statement, class_of, is_private, members, name_of, names_in, put_class, substituted
from debloat.refactor.drafts import Drafts
from debloat.refactor.imports import Wanted
from debloat.refactor.source import source
from debloat.refactor.supers import Upwards

if TYPE_CHECKING:
    from debloat.program import Program

_PLAIN_BASES = frozenset({"ABC", "Protocol", "Generic", "object"})


class _Pair(NamedTuple):
    """A base and its heir, as the program has them and as trees of the drafts."""

    base: int
    heir: int
    old: cst.ClassDef
    new: cst.ClassDef


def merge(program: Program, drafts: Drafts, base: int, heir: int) -> None:
    """Put what a base has into its heir, which names itself where it named the base. Raises RefusedError."""
    path, name = program.index.span(heir).path, program.index.name(heir)
    old = class_of(drafts.tree(program.index.span(base).path), program.index.name(base))
    pair = _Pair(base, heir, old, class_of(drafts.tree(path), name))
    taken = list(_taken(program, pair))
    _check(program, pair, taken)
    bases: list[cst.Arg] = []
    for given in pair.new.bases:
        if name_of(given.value) == name:
            known = _arguments(old, given)
            taken = [substituted(one, known) for one in taken]
            bases += [substituted(one, known) for one in _left(old)]
        else:
            bases.append(given)
    upwards = Upwards(program, base, heir, old, alone=not bases)
    new = pair.new.visit(upwards)
    assert isinstance(new, cst.ClassDef)
    upwards.refuse_rest(new)
    docstring, own = members(new)
    attributes = [one for one in taken if not isinstance(one, cst.FunctionDef)]
    methods = [one for one in taken if isinstance(one, cst.FunctionDef)]
    setting = [one for one in methods if one.name.value == "__init__"]
    first = next((n for n, one in enumerate(own) if isinstance(one, cst.FunctionDef)), len(own))
    rest = [one for one in methods if one not in setting]
    body = [*(docstring or members(old)[0]), *attributes, *own[:first], *setting, *own[first:], *rest]
    put_class(drafts, path, name, body, bases)
    _import(program, drafts, pair, taken)


def _left(old: cst.ClassDef) -> list[cst.Arg]:
    """The bases of a base that its heir is to have."""
    return [argument for argument in old.bases if name_of(argument.value) not in _PLAIN_BASES]


def _taken(program: Program, pair: _Pair) -> Iterator[Statement]:
    """The statements of the base that its heir is to have. Raises RefusedError for what is no member."""
    wanted = False
    for statement in members(pair.old)[1]:
        match statement:
            case cst.FunctionDef(name=cst.Name(value=name)):
                wanted = not program.hierarchy.binds(pair.heir, name)
                if wanted and any(name_of(one.decorator).startswith("abstract") for one in statement.decorators):
                    raise RefusedError(f"not implemented: {name} is abstract and the implementation lacks it")
            case cst.SimpleStatementLine(body=[cst.Pass() | cst.Expr(value=cst.Ellipsis())]):
                wanted = False
            case cst.SimpleStatementLine(body=[cst.Expr(value=cst.SimpleString() | cst.ConcatenatedString())]):
                pass  # it is about the attribute above it
            case cst.SimpleStatementLine(
                body=[
                    cst.AnnAssign(target=cst.Name(value=name))
                    | cst.Assign(targets=[cst.AssignTarget(target=cst.Name(value=name))])
                ]
            ) if name != "__slots__":
                wanted = not program.hierarchy.binds(pair.heir, name)
            case _:
                raise RefusedError("not a member: the base does more than define methods and attributes")
        if wanted:
            yield statement


def _arguments(old: cst.ClassDef, given: cst.Arg) -> dict[str, cst.BaseExpression]:
    """What stands for each type variable of a base where its heir names it. Raises RefusedError."""
    brackets = [one.value for one in old.bases if isinstance(one.value, cst.Subscript)]
    own = [one for one in brackets if name_of(one) in _PLAIN_BASES] or brackets
    if old.type_parameters is not None or len(own) > 1:
        raise RefusedError("generic: the type variables of the base are not followed")
    names = [part.slice.value for one in own for part in one.slice if isinstance(part.slice, cst.Index)]
    values = given.value.slice if isinstance(given.value, cst.Subscript) else ()
    found = [part.slice.value for part in values if isinstance(part.slice, cst.Index)]
    if not found:
        return {}
    if len(names) != len(found) or not all(isinstance(name, cst.Name) for name in names):
        raise RefusedError("generic: the type variables of the base are not followed")
    return {name.value: value for name, value in zip(names, found, strict=True) if isinstance(name, cst.Name)}


def _check(program: Program, pair: _Pair, taken: Sequence[Statement]) -> None:
    """Refuse where what is taken would be another thing in the heir, or the heir another thing with it."""
    index, path = program.index, program.index.span(pair.heir).path
    if pair.new.keywords:
        raise RefusedError("keywords: the implementation has keywords in its class statement")
    if program.hierarchy.binds(pair.heir, "__slots__"):
        raise RefusedError("slots: the implementation has slots")
    if not taken:
        return
    if program.hierarchy.order(pair.heir)[1] != pair.base:
        raise RefusedError("mixed in: another base comes before it, which may have what it has")
    private = [{name.value for name in names_in(node) if is_private(name.value)} for node in (pair.old, pair.new)]
    if private[0] & private[1]:
        raise RefusedError("private names: both classes have some of the same")
    fields = [one for one in taken if not isinstance(one, cst.FunctionDef) or is_special(one.name.value)]
    if fields and (pair.new.decorators or index.scopes[pair.heir].line != index.scopes[pair.heir].first_line):
        raise RefusedError("decorated: what the implementation has may mean something to its decorator")
    futures = [imports.imported_future(source(program, span.path)) for span in map(index.span, (pair.base, pair.heir))]
    if futures[0] != futures[1]:
        raise RefusedError(f"future: {path} is read by other rules than the base")


def is_special(name: str) -> bool:
    """Whether a name is one that Python gives a meaning to."""
    return name.startswith("__") and name.endswith("__")


def _import(program: Program, drafts: Drafts, pair: _Pair, taken: Sequence[Statement]) -> None:
    """Have the heir's module import what the taken members name. Raises RefusedError."""
    index = program.index
    here, there = index.file_of[pair.base], index.file_of[pair.heir]
    if here == there:
        return
    names = imports.uses(cst.Module(taken).code)
    if "__file__" in names:
        raise RefusedError("file: a member of the base asks for the file that it stands in")
    fact = program.facts[here]
    bound = {fact.names[number] for number in fact.scopes[0].bound} - {index.name(pair.heir)}
    for name in sorted(names & bound):
        if not _is_same(program, here, there, name):
            drafts.add(program.files[there].path, _wanted(program, here, there, name))


def _is_same(program: Program, here: int, there: int, name: str) -> bool:
    """Whether a name of one module is the same thing in another, which may not have it. Raises RefusedError if neither."""
    fact = program.facts[there]
    number = fact.name_index.get(name, -1)
    if not any(number in record.bound for record in fact.scopes):
        return False
    if number in fact.scopes[0].bound:
        values = [program.names.member(file, name) for file in (here, there)]
        known = values[0] == values[1] and UNKNOWN not in values[0]
        if known or _assigned(program, here, name) == _assigned(program, there, name):
            return True
    raise RefusedError(f"name taken: {name} is something else in {program.files[there].path}")


def _assigned(program: Program, file: int, name: str) -> str:
    """How a module assigns a name, for one that it assigns once."""
    tree = source(program, program.files[file].path).tree
    found = [
        ast.unparse(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign) and [*map(ast.unparse, node.targets)] == [name]
    ]
    return found[0] if len(found) == 1 else str(file)


def _wanted(program: Program, here: int, there: int, name: str) -> Wanted:
    """The import by which a module gets what another one has under a name. Raises RefusedError."""
    fact = program.facts[here]
    stores = program.index.scopes[program.index.base[here]].bound[fact.name_index[name]]
    if len(stores) != 1:
        raise RefusedError(f"bound again: {name} is bound at several places in {program.files[here].path}")
    relative = any(imported.level for imported in program.facts[there].imports)
    for number, imported in enumerate(fact.imports):
        if imported.bound == name and not imported.scope:
            typing = imported.guard == data.TYPE_CHECKING
            if imported.guard not in (data.PLAIN, data.TYPE_CHECKING):
                raise RefusedError(f"conditional import: {name} is imported on a condition")
            target = program.names.module(program.index.target_module(here, number))
            written = imported.module
            for value in target:
                if value[0] == "module" and (imported.level or imported.name):
                    written = imports.module_name(program, there, value[1], relative=relative)
            if imported.level and written == imported.module:
                raise RefusedError(f"relative import: {name} is imported from what is no module")
            return Wanted(written, imported.name, typing, "" if name in (imported.name, written) else name)
    return Wanted(imports.module_name(program, there, here, relative=relative), name, typing=False)
