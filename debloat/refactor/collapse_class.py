"""Collapse class: the methods of a class without state become functions, and what carried its objects goes."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING

import libcst as cst

from debloat.facts import ops
from debloat.model import Evidence, Fix, Proof, RefusedError, Span
from debloat.program.index import Site
from debloat.program.stateless import Stateless, stateless
from debloat.refactor.comments import comment_evidence
from debloat.refactor.dissolve import dissolve, without_empty_constructor
from debloat.refactor.drafts import Drafts
from debloat.refactor.drop import definition_of, documentation
from debloat.refactor.functions import around, called, free_name, mangled, reimport
from debloat.refactor.places import expression, span_of
from debloat.refactor.rewriting import Piece, Rewriting
from debloat.refactor.signature import without_arguments, without_parameter
from debloat.refactor.source import source

if TYPE_CHECKING:
    from debloat.program import Program
    from debloat.refactor.requests import CollapseClass


def collapse_class(asked: CollapseClass, program: Program) -> Fix:
    """The edits in all files. Raises RefusedError where a name is taken or the class is still named somewhere."""
    found = next(one for one in program.ask(stateless) if one.cls == asked.cls)
    names = _names(program, found)
    drafts, rewriting = Drafts(program), Rewriting(program)
    for site in (*found.carried.uses, *found.uses):
        span, _ = expression(program, site)
        rewriting.at(span, cst.Attribute, partial(_plain, names[_member(program, site)]))
    evidence = list(_parameters(program, found, rewriting))
    _kept(program, found, rewriting)
    drafts.rewrite(rewriting)
    _dissolve(program, drafts, found, names)
    for owner in sorted({program.index.parent(scope) for scope in _constructors(program, found)}):
        without_empty_constructor(drafts, program.index.span(owner).path, program.index.name(owner))
    _import(program, drafts, found, names)
    drafts.tidy()
    span = program.index.span(asked.cls)
    evidence.append(
        Evidence("type", Proof.ASSUMED, span, f"nobody is taken to need an object of {program.index.name(found.cls)}")
    )
    return Fix(tuple(drafts.edits()), (*evidence, *comment_evidence(rewriting)), binds=tuple(drafts.binds()))


def _member(program: Program, site: Site) -> str:
    fact = program.facts[site.file]
    return fact.names[fact.code[site.pc + 4]]


def _names(program: Program, found: Stateless) -> Mapping[str, str]:
    """The names of the functions and variables that the members become. Raises RefusedError where they are taken."""
    uses: dict[str, list[Site]] = defaultdict(list)
    for site in (*found.carried.uses, *found.uses):
        uses[_member(program, site)].append(site)
    cls = program.index.name(found.cls)
    names: dict[str, str] = {}
    for member in (*found.attributes, *map(program.index.name, found.methods)):
        candidates = [*called(cls, member)]
        if member in found.attributes:
            candidates.sort(key=len)
        names[member] = free_name(program, found.cls, candidates, uses[member], names.values())
    return names


def _parameters(program: Program, found: Stateless, rewriting: Rewriting) -> Iterator[Evidence]:
    """Drop the parameters that receive an object, with their arguments."""
    for (function, position), calls in found.carried.parameters.items():
        file = program.index.file_of[function]
        name = program.facts[file].names[program.index.scopes[function].parameters[position].name]
        span, definition = program.index.span(function), definition_of(program, function)

        rewriting.on(span_of(span.path, definition), partial(_without, span, name))
        yield from documentation(program, rewriting, function, definition, name)
        for call in {call.site: call for call in calls}.values():
            given = set(call.binding.given[position])
            positional = [place for place, (value, _) in enumerate(call.arguments.positional) if value in given]
            keywords = [place for place, (_, value) in enumerate(call.arguments.keywords) if value in given]
            place, _ = expression(program, call.site)
            rewriting.at(place, cst.Call, partial(without_arguments, positional=positional, keywords=keywords))


def _plain(name: str, node: cst.Attribute) -> cst.Name:
    return cst.Name(name, lpar=node.lpar, rpar=node.rpar)


def _without(span: Span, name: str, piece: Piece) -> None:
    """Plan that a function has no parameter of a name."""
    node = piece.node(cst.FunctionDef, span._replace(end_line=span.line, end_column=span.column))
    piece.change(node, partial(without_parameter, name=name))


def _kept(program: Program, found: Stateless, rewriting: Rewriting) -> None:
    """Drop the statements that only keep an object. Raises RefusedError where one does more."""
    changed = {function for function, _ in found.carried.parameters}
    for site in found.carried.kept:
        place = program.index.place(site)
        statement = source(program, place.path).statement(place.line, place.column)
        match statement:
            case (
                ast.Assign(targets=[ast.Name() | ast.Attribute()]) | ast.AnnAssign(target=ast.Name() | ast.Attribute())
            ):
                pass
            case ast.Expr():
                pass
            case _:
                raise RefusedError(f"not alone: {place.path}:{place.line} does more than keep an object")
        if changed.isdisjoint(around(program, site)):
            rewriting.delete(place.path, statement)
        else:
            span = span_of(place.path, statement)
            rewriting.at(span, cst.BaseSmallStatement, lambda _: cst.RemoveFromParent())  # type: ignore[type-abstract]


def _constructors(program: Program, found: Stateless) -> Iterator[int]:
    """The constructors from which a statement goes that kept an object."""
    for site in found.carried.kept:
        scope = program.index.scope_at(site)
        owner = program.index.enclosing_class(scope)
        bare = owner >= 0 and len(program.hierarchy.order(owner)) == 1
        if bare and program.index.name(scope) == "__init__" and program.facts[site.file].code[site.pc] == ops.SET_ATTR:
            yield scope


def _dissolve(program: Program, drafts: Drafts, found: Stateless, names: Mapping[str, str]) -> None:
    written = {old: old.replace(mangled(program.index.name(found.cls)), "__", 1) for old in names}
    selves = {}
    for method in found.methods:
        if program.analysis.receivers(method) is not None:
            first = program.index.scopes[method].parameters[0].name
            selves[written[program.index.name(method)]] = program.facts[program.index.file_of[method]].names[first]
    new = {written[old]: name for old, name in names.items()}
    dissolve(drafts, program.index.span(found.cls).path, program.index.name(found.cls), new, selves)


def _import(program: Program, drafts: Drafts, found: Stateless, names: Mapping[str, str]) -> None:
    used: dict[int, set[str]] = defaultdict(set)
    for site in found.carried.uses:
        used[site.file].add(names[_member(program, site)])
    variables: dict[int, set[str]] = defaultdict(set)
    for site in found.carried.kept:
        fact = program.facts[site.file]
        if fact.code[site.pc] == ops.STORE and program.index.scope_at(site) == program.index.base[site.file]:
            variables[site.file].add(fact.names[fact.code[site.pc + 3]])
    reimport(program, drafts, found.cls, used, set(found.carried.imports), variables)
