"""Collapse call: a class whose objects are made for one call becomes a function that takes what both took."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

import libcst as cst

from debloat.facts import data
from debloat.facts.data import Parameter
from debloat.model import Evidence, Fix, Proof, RefusedError
from debloat.program.binding import arguments
from debloat.program.index import Site
from debloat.program.oneshot import Made, Oneshot, oneshots
from debloat.program.parameters import purity_evidence
from debloat.program.queries import callers
from debloat.refactor.classes import is_private
from debloat.refactor.comments import comment_evidence
from debloat.refactor.drafts import Drafts
from debloat.refactor.functions import called, free_name, mangled, reimport
from debloat.refactor.joining import Joint, join
from debloat.refactor.places import expression
from debloat.refactor.rewriting import Piece, Rewriting
from debloat.refactor.source import first_line, last_line, source

if TYPE_CHECKING:
    from debloat.program import Program
    from debloat.refactor.requests import CollapseCall


def collapse_call(asked: CollapseCall, program: Program) -> Fix:
    """The edits in all files. Raises RefusedError where the two methods do not go together or a call does not tell."""
    found = next(one for one in oneshots(program) if one.cls == asked.cls)
    path, cls = program.index.span(asked.cls).path, program.index.name(asked.cls)
    drafts, rewriting = Drafts(program), Rewriting(program)
    candidates = called(cls, program.index.name(found.method))
    name = free_name(program, asked.cls, candidates, [one.call for one in found.made], ())
    before, after = _positional(program, found.constructor), _positional(program, found.method)
    keyword_only = any(one.default >= 0 for one in before.values()) and any(one.default < 0 for one in after.values())
    helpers = _helpers(program, found, name)
    joint = Joint(cls, program.index.name(found.method), name, keyword_only, helpers)
    for one in found.made:
        _call(program, rewriting, one, joint, [*after], len(before))
    drafts.rewrite(rewriting)
    join(drafts, path, joint)
    used: dict[int, set[str]] = defaultdict(set)
    for one in found.made:
        used[one.call.file].add(name)
    reimport(program, drafts, asked.cls, used, set(), {})
    drafts.tidy()
    span = program.index.span(asked.cls)
    evidence = [Evidence("type", Proof.ASSUMED, span, f"nobody is taken to need an object of {cls}")]
    given = [
        Site(one.call.file, value)
        for one in found.made
        for value, _ in arguments(program.facts[one.call.file], one.call.pc).positional
    ]
    evidence += purity_evidence(program, given)
    return Fix(tuple(drafts.edits()), (*evidence, *comment_evidence(rewriting)), binds=tuple(drafts.binds()))


def _helpers(program: Program, found: Oneshot, function: str) -> Mapping[str, str]:
    """What the helpers are to be called as functions. Raises RefusedError where a name is taken."""
    names: dict[str, str] = {}
    cls = program.index.name(found.cls)
    for helper in found.helpers:
        name = program.index.name(helper)
        if is_private(name) or name.startswith(mangled(cls)):
            raise RefusedError("private: it has names that only its class may have")
        uses = [call.site for call in callers(program, helper).calls]
        names[name] = free_name(program, found.cls, called(cls, name), uses, {function, *names.values()})
    return names


def _positional(program: Program, function: int) -> dict[str, Parameter]:
    """The parameters of a method that a call may fill by position, by name, the object left out."""
    names = program.facts[program.index.file_of[function]].names
    parameters = program.index.scopes[function].parameters[1:]
    return {names[one.name]: one for one in parameters if one.kind in (data.POSITIONAL_ONLY, data.POSITIONAL)}


def _call(
    program: Program, rewriting: Rewriting, one: Made, joint: Joint, parameters: Sequence[str], count: int
) -> None:
    making, call = (
        arguments(program.facts[one.making.file], one.making.pc),
        arguments(program.facts[one.call.file], one.call.pc),
    )
    if any(star for _, star in making.positional) or any(key is None for key, _ in making.keywords):
        raise RefusedError("unpacked arguments: what they hold is not seen")
    by_name = [*parameters] if joint.keyword_only or making.keywords or len(making.positional) < count else []
    if by_name and any(star for _, star in call.positional):
        raise RefusedError("unpacked arguments: what they hold is not seen")
    span, _ = expression(program, one.call)
    rewriting.at(span, cst.Call, partial(_joined, joint.function, _stored(program, rewriting, one), by_name))


def _stored(program: Program, rewriting: Rewriting, one: Made) -> cst.Call | None:
    """The call that makes an object in a statement of its own, which goes; None for one that is made in place."""
    if one.store is None:
        return None
    (span, made), (call, _) = expression(program, one.making), expression(program, one.call)
    text = source(program, span.path)
    statement, using = text.statement(span.line, span.column), text.statement(call.line, call.column)
    block = [*text.block(statement)]
    alone = isinstance(statement, ast.Assign) and statement.value is made and len(statement.targets) == 1
    if not alone or using not in block or block.index(using) != block.index(statement) + 1:
        raise RefusedError("apart: the object is not made right before its one call")
    rewriting.delete(span.path, statement)
    return Piece(text, first_line(statement), last_line(statement)).node(cst.Call, span)


def _joined(name: str, stored: cst.Call | None, by_name: Sequence[str], node: cst.Call) -> cst.Call:
    """The call of a function with the arguments of two."""
    made = stored or cst.ensure_type(cst.ensure_type(node.func, cst.Attribute).value, cst.Call)
    if not node.args:
        return made.with_changes(func=cst.Name(name), lpar=node.lpar, rpar=node.rpar)
    names = iter(by_name)
    tight = cst.AssignEqual(cst.SimpleWhitespace(""), cst.SimpleWhitespace(""))
    second = []
    for argument in node.args:
        key = next(names, None) if argument.keyword is None and not argument.star else None
        second.append(argument if key is None else argument.with_changes(keyword=cst.Name(key), equal=tight))
    comma = cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
    first = [one.with_changes(comma=comma, whitespace_after_arg=cst.SimpleWhitespace("")) for one in made.args]
    return node.with_changes(func=cst.Name(name), args=[*first, *second])
