"""Collapse class: the methods of a class without state become functions, and what carried its objects goes."""

from __future__ import annotations

import ast
import keyword
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import libcst as cst

from debloat.facts import data, ops
from debloat.model import Evidence, Fix, Proof, RefusedError, Span
from debloat.program.index import Site
from debloat.program.names import BUILTINS
from debloat.program.references import references
from debloat.program.stateless import Stateless, stateless
from debloat.refactor import imports
from debloat.refactor.comments import comment_evidence
from debloat.refactor.dissolve import dissolve, without_empty_constructor
from debloat.refactor.drafts import Drafts
from debloat.refactor.drop import definition_of, documentation
from debloat.refactor.imports import Wanted, module_name
from debloat.refactor.places import expression, span_of
from debloat.refactor.renaming import unlist
from debloat.refactor.rewriting import Piece, Rewriting
from debloat.refactor.signature import without_arguments, without_parameter
from debloat.refactor.source import source

if TYPE_CHECKING:
    from debloat.program import Program

# What classes are called for what they do, not for what they are about.
_AGENTS = frozenset(
    "analyzer builder calculator client controller converter creator engine executor factory formatter generator handler helper "
    "helpers loader maker manager parser processor provider reader resolver runner service tool tools util utils validator "
    "writer".split()
)


@dataclass(frozen=True, slots=True)
class CollapseClass:
    """Make functions of the methods of a class without state."""

    cls: int

    @property
    def title(self) -> str:
        """What it does."""
        return "Make functions of the methods"

    def fix(self, program: Program) -> Fix:
        """The edits in all files. Raises RefusedError where a name is taken or the class is still named somewhere."""
        found = next(one for one in program.ask(stateless) if one.cls == self.cls)
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
        span = program.index.span(self.cls)
        evidence.append(
            Evidence("type", Proof.ASSUMED, span, f"nobody is taken to need an object of {_name(program, found)}")
        )
        return Fix(tuple(drafts.edits()), (*evidence, *comment_evidence(rewriting)))


def _name(program: Program, found: Stateless) -> str:
    return program.index.name(found.cls)


def _member(program: Program, site: Site) -> str:
    fact = program.facts[site.file]
    return fact.names[fact.code[site.pc + 4]]


def _names(program: Program, found: Stateless) -> Mapping[str, str]:
    """The names of the functions and variables that the members become. Raises RefusedError where they are taken."""
    uses: dict[str, list[Site]] = defaultdict(list)
    for site in (*found.carried.uses, *found.uses):
        uses[_member(program, site)].append(site)
    names: dict[str, str] = {}
    for member in (*found.attributes, *map(program.index.name, found.methods)):
        for candidate in _called(program, found, member):
            if candidate not in names.values() and _is_free(program, found, candidate, uses[member]):
                names[member] = candidate
                break
        else:
            raise RefusedError(f"name taken: a function cannot be called {member} everywhere")
    return names


def _mangled(program: Program, found: Stateless) -> str:
    """What a private name begins with outside of the class."""
    return f"_{program.index.name(found.cls).lstrip('_')}__"


def _called(program: Program, found: Stateless, member: str) -> Iterator[str]:
    """The names that a member may get: ``total`` of ``DiscountManager`` is ``total_discount`` rather than ``total``."""
    plain = member.replace(_mangled(program, found), "_", 1)
    words = [word.lower() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+", program.index.name(found.cls))]
    about = words[:-1] if words[-1] in _AGENTS or words[-1][:4] == plain[:4] else words
    longer = "_".join([plain, *(about or words)])
    vague = "_" not in plain and member not in found.attributes and 0 < len(about) < len(words)
    yield from (longer, plain) if vague else (plain, longer)


def _is_free(program: Program, found: Stateless, name: str, uses: Sequence[Site]) -> bool:
    """Whether a name means nothing yet where the functions stand and where they are used."""
    if name in BUILTINS or keyword.iskeyword(name):
        return False
    modules = {program.index.base[file] for file in {program.index.file_of[found.cls], *(site.file for site in uses)}}
    scopes = {*modules, *(scope for site in uses for scope in _around(program, site))}
    return not any(_binds(program, scope, name) for scope in scopes)


def _around(program: Program, site: Site) -> Iterator[int]:
    """The scopes whose names a place sees."""
    scope = program.index.scope_at(site)
    yield scope
    while (scope := program.index.parent(scope)) >= 0:
        if program.index.scopes[scope].kind != data.CLASS:
            yield scope


def _binds(program: Program, scope: int, name: str) -> bool:
    fact = program.facts[program.index.file_of[scope]]
    return fact.name_index.get(name, -1) in program.index.scopes[scope].bound


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
        if changed.isdisjoint(_around(program, site)):
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
    written = {old: old.replace(_mangled(program, found), "__", 1) for old in names}
    selves = {}
    for method in found.methods:
        if program.analysis.receivers(method) is not None:
            first = program.index.scopes[method].parameters[0].name
            selves[written[program.index.name(method)]] = program.facts[program.index.file_of[method]].names[first]
    new = {written[old]: name for old, name in names.items()}
    dissolve(drafts, program.index.span(found.cls).path, program.index.name(found.cls), new, selves)


def _import(program: Program, drafts: Drafts, found: Stateless, names: Mapping[str, str]) -> None:
    """Have each file import the functions it uses in the place of the class and of what held its objects."""
    cls, home = program.index.name(found.cls), program.index.file_of[found.cls]
    named = references(program, found.cls)
    gone = {*named.imports, *found.carried.imports}
    used: dict[int, set[str]] = defaultdict(set)
    for site in found.carried.uses:
        used[site.file].add(names[_member(program, site)])
    for file in sorted({file for file, _ in gone} | used.keys() | {home}):
        path, fact = program.files[file].path, program.facts[file]
        records = [fact.imports[number] for importer, number in sorted(gone) if importer == file]
        if any(record.scope for record in records) or any(record.guard == data.FALLBACK for record in records):
            raise RefusedError(f"local import: {path} imports it in a function or on a condition")
        if file != home and used[file]:
            relative = any(imported.level for imported in fact.imports)
            written = module_name(program, file, home, relative=relative)
            if imports.closes_cycle(program, file, home, gone):
                raise RefusedError(f"import cycle: {path} cannot import from {written}")
            for name in sorted(used[file]):
                drafts.add(path, Wanted(written, name, typing=False))
        drafts.put(path, imports.without(drafts.text(path), {record.bound for record in records}))
        for name in {cls, *(record.bound for record in records), *_variables(program, found, file)}:
            unlist(drafts, path, name, bound=False)
        if cls in imports.uses(drafts.text(path)) and (file == home or records):
            raise RefusedError(f"still named: {path} names {cls} for more than its methods")


def _variables(program: Program, found: Stateless, file: int) -> Iterator[str]:
    """The variables of a module that only held an object."""
    fact = program.facts[file]
    for site in found.carried.kept:
        if (
            site.file == file
            and fact.code[site.pc] == ops.STORE
            and program.index.scope_at(site) == program.index.base[file]
        ):
            yield fact.names[fact.code[site.pc + 3]]
