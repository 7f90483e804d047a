"""The constructor and the one method of a class of a draft as one function, at the top of the module."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set
from typing import NamedTuple

import libcst as cst
import libcst.matchers as m

from debloat.model import RefusedError
from debloat.refactor.classes import Statement, class_of, members, stored
from debloat.refactor.dissolve import apart, outdented, remarks
from debloat.refactor.drafts import Drafts


class Joint(NamedTuple):
    """A class, its one method and the function that they become, by name.

    ``keyword_only`` says that what the method takes must be given by name. ``helpers`` are other methods, which become functions
    of other names that take the attributes which they need.
    """

    cls: str
    method: str
    function: str
    keyword_only: bool
    helpers: Mapping[str, str]


# Characters that a signature may have with its indentation and a ``pass``.
_WIDEST = 100


class _Part(NamedTuple):
    """A method, the name of its object in it, and the names that it binds."""

    node: cst.FunctionDef
    this: str
    bound: Set[str]


def join(drafts: Drafts, path: str, joint: Joint) -> None:
    """Put the function in the place of the class. Raises RefusedError where names would meet."""
    module = drafts.tree(path)
    node = class_of(module, joint.cls)
    parts = {part.node.name.value: part for part in map(_part, filter(_is_function, members(node)[1]))}
    first, second = parts["__init__"], parts[joint.method]
    helpers = [part for name, part in parts.items() if name in joint.helpers]
    fields = _fields(first, second, helpers)
    handed = _Handed(joint.helpers, fields, _needs(helpers, fields))
    functions = [_function(node, first, second, joint, handed), *(_helper(part, handed) for part in helpers)]
    indent = node.body.indent if isinstance(node.body, cst.IndentedBlock) else None
    new = [outdented(one, indent or module.default_indent) for one in functions]
    new[0] = new[0].with_changes(leading_lines=[*node.leading_lines, *remarks(node, new[:1])])
    new[1:] = [one.with_changes(leading_lines=apart(one.leading_lines)) for one in new[1:]]
    body = [one for statement in module.body for one in (new if statement is node else [statement])]
    drafts.put(path, module.with_changes(body=body).code)


def _is_function(statement: Statement) -> bool:
    return isinstance(statement, cst.FunctionDef)


def _part(node: Statement) -> _Part:
    assert isinstance(node, cst.FunctionDef)
    this = (*node.params.posonly_params, *node.params.params)[0].name.value
    return _Part(node, this, (stored(node.params) | stored(node.body)) - {this})


class _Handed(NamedTuple):
    """What the methods are called as functions, the variables that attributes become, and those that each helper is handed."""

    names: Mapping[str, str]
    fields: Mapping[str, str]
    needs: Mapping[str, Sequence[str]]


def _needs(helpers: Sequence[_Part], fields: Mapping[str, str]) -> Mapping[str, Sequence[str]]:
    """The attributes that each helper reads, or that those which it calls do, in the order in which they are set."""
    read = {part.node.name.value: set(_attributes(part)) for part in helpers}
    while True:
        more = {name: used.union(*(read[other] for other in used & read.keys())) for name, used in read.items()}
        if more == read:
            return {name: [field for field in fields if field in used] for name, used in read.items()}
        read = more


def _helper(part: _Part, handed: _Handed) -> cst.FunctionDef:
    """A helper as a function of what it is handed. Raises RefusedError where it has another use for the name of that."""
    given = [handed.fields[field] for field in handed.needs[part.node.name.value]]
    used = {*_variables(part.node)} - {part.this}
    if not part.bound.isdisjoint(handed.names.values()) or not (part.bound | used).isdisjoint(given):
        raise RefusedError("names meet: what a helper would be handed is something else in it")
    params = part.node.params
    if params.posonly_params:
        raise RefusedError("parameters: a kind that is not followed")
    node = _with_variables(part.node, part.this, handed)
    assert isinstance(node, cst.FunctionDef)
    own = [cst.Param(cst.Name(name)) for name in given] + [*node.params.params[1:]]
    last = node.params.params[-1:]
    if own and last:
        own[-1] = own[-1].with_changes(comma=last[0].comma)
    return _laid_out(
        node.with_changes(
            name=cst.Name(handed.names[part.node.name.value]), params=node.params.with_changes(params=own)
        )
    )


def _function(cls: cst.ClassDef, first: _Part, second: _Part, joint: Joint, handed: _Handed) -> cst.FunctionDef:
    """The two methods as one function."""
    if not (first.bound | second.bound | {*handed.fields.values()}).isdisjoint(handed.names.values()):
        raise RefusedError("names meet: a helper would be called like a variable")
    setup = [_with_variables(one, first.this, handed) for one in members(first.node)[1]]
    setup = [one for one in setup if not _is_idle(one)]
    rest = [_with_variables(one, second.this, handed) for one in members(second.node)[1]]
    lazy = second.node.asynchronous is not None or m.findall(second.node.body, m.Yield())
    if lazy and setup:
        raise RefusedError("later: the constructor does more than keep what it is given, and the method runs later")
    if m.findall(cst.Module(setup), m.Return() | m.Yield()):
        raise RefusedError("leaves: the constructor may end before its last statement")
    docstring = members(second.node)[0] or members(cls)[0] or members(first.node)[0]
    body = second.node.body if isinstance(second.node.body, cst.IndentedBlock) else cst.IndentedBlock([])
    return _laid_out(
        second.node.with_changes(
            name=cst.Name(joint.function),
            params=_parameters(first.node.params, second.node.params, joint.keyword_only),
            body=body.with_changes(body=[*docstring, *setup, *rest]),
        )
    )


def _with_variables(statement: Statement, this: str, handed: _Handed) -> Statement:
    changed = statement.visit(_Variables(this, handed))
    assert isinstance(changed, type(statement))
    return changed


class _Variables(cst.CSTTransformer):
    """Put variables in the place of the attributes of an object, and functions in that of its helpers."""

    def __init__(self, this: str, handed: _Handed) -> None:
        super().__init__()
        self._this, self._handed = this, handed

    def leave_Attribute(self, original_node: cst.Attribute, updated_node: cst.Attribute) -> cst.BaseExpression:  # noqa: N802
        if m.matches(original_node.value, m.Name(self._this)):
            name = original_node.attr.value
            new = self._handed.names.get(name) or self._handed.fields[name]
            return cst.Name(new, lpar=updated_node.lpar, rpar=updated_node.rpar)
        return updated_node

    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.Call:  # noqa: N802
        match original_node.func:
            case cst.Attribute(value=cst.Name(value=self._this), attr=cst.Name(value=name)) if (
                name in self._handed.needs
            ):
                comma = cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
                given = [
                    cst.Arg(cst.Name(self._handed.fields[field]), comma=comma) for field in self._handed.needs[name]
                ]
                if given and not updated_node.args:
                    given[-1] = given[-1].with_changes(comma=cst.MaybeSentinel.DEFAULT)
                return updated_node.with_changes(args=[*given, *updated_node.args])
        return updated_node


def _is_idle(statement: Statement) -> bool:
    """Whether a statement does nothing, or gives a variable to itself."""
    match statement:
        case cst.SimpleStatementLine(body=[cst.Pass()]):
            return True
        case cst.SimpleStatementLine(
            body=[
                cst.Assign(targets=[cst.AssignTarget(target=cst.Name(value=to))], value=cst.Name(value=of))
                | cst.AnnAssign(target=cst.Name(value=to), value=cst.Name(value=of))
            ]
        ):
            return to == of
    return False


def _fields(first: _Part, second: _Part, helpers: Sequence[_Part]) -> Mapping[str, str]:
    """The variables that the attributes become. Raises RefusedError where names of the two methods would meet."""
    methods = {part.node.name.value for part in helpers}
    used = [set(_variables(part.node)) - {part.this} for part in (first, second)]
    if first.bound & (second.bound | used[1]) or second.bound & used[0]:
        raise RefusedError("names meet: the constructor and the method have a name for two things")
    kept = _kept(first, second)
    fields: dict[str, str] = {}
    taken = first.bound | second.bound | used[0] | used[1]
    for part in (first, second, *helpers):
        for field in _attributes(part):
            if field in methods:
                continue
            plain = kept.get(field) or next((name for name in (field.lstrip("_"), field) if name not in taken), None)
            if plain is None and field not in fields:
                raise RefusedError(f"names meet: {field} cannot be a variable")
            fields.setdefault(field, str(plain))
            taken |= {fields[field]}
    return fields


def _kept(first: _Part, second: _Part) -> Mapping[str, str]:
    """The attributes that can be the parameter of the constructor that they are set to."""
    rebound = stored(first.node.body)
    parameters = stored(first.node.params) - rebound
    counts = Counter(field for part in (first, second) for field in _set(part.node.body, part.this))
    reads = Counter(_variables(first.node.body))
    found: dict[str, str] = {}
    seen: set[str] = set()
    for statement in members(first.node)[1]:
        match statement:
            case cst.SimpleStatementLine(
                body=[
                    cst.Assign(
                        targets=[cst.AssignTarget(target=cst.Attribute(value=cst.Name(), attr=cst.Name(value=field)))],
                        value=cst.Name(value=given),
                    )
                    | cst.AnnAssign(
                        target=cst.Attribute(value=cst.Name(), attr=cst.Name(value=field)), value=cst.Name(value=given)
                    )
                ]
            ) if given in parameters and (counts[field] == 1 or (reads[given] == 1 and field not in seen)):
                found[field] = given
            case cst.SimpleStatementLine(
                body=[
                    cst.Assign(
                        targets=[cst.AssignTarget(target=cst.Attribute(value=cst.Name(), attr=cst.Name(value=field)))],
                        value=value,
                    )
                ]
            ) if field in parameters and counts[field] == 1 and reads[field] == Counter(_variables(value))[field]:
                found[field] = field  # the parameter is rebound where it was read last
        seen.update(_set(statement, first.this))
    return found


def _attributes(part: _Part) -> Iterator[str]:
    """The attributes of its object that a method names."""
    for node in m.findall(part.node.body, m.Attribute(value=m.Name(part.this))):
        if isinstance(node, cst.Attribute):
            yield node.attr.value


def _set(code: cst.CSTNode, this: str) -> Iterator[str]:
    """The attributes of an object that code sets, each time it does."""
    holders = m.AssignTarget() | m.AnnAssign() | m.AugAssign() | m.For() | m.AsName()
    for node in m.findall(code, holders):
        target = getattr(node, "name" if isinstance(node, cst.AsName) else "target")
        for attribute in m.findall(target, m.Attribute(value=m.Name(this))):
            if isinstance(attribute, cst.Attribute):
                yield attribute.attr.value


def _variables(node: cst.CSTNode) -> Iterator[str]:
    """The names in a tree that are variables."""
    match node:
        case cst.Name(value=name):
            yield name
        case cst.Attribute(value=inner) | cst.Arg(value=inner):
            yield from _variables(inner)
        case cst.FunctionDef():
            for child in (node.params, node.body, *([node.returns] if node.returns else [])):
                yield from _variables(child)
        case _:
            for child in node.children:
                yield from _variables(child)


def _parameters(first: cst.Parameters, second: cst.Parameters, keyword_only: bool) -> cst.Parameters:
    """The parameters of both, but for their objects. Raises RefusedError for kinds that are not followed."""
    for one in (first, second):
        if one.posonly_params or isinstance(one.star_arg, cst.Param) or one.star_kwarg:
            raise RefusedError("parameters: a kind that is not followed")
    plain = cst.MaybeSentinel.DEFAULT
    before, after = [*first.params[1:]], [*second.params[1:]]
    named = [*first.kwonly_params, *second.kwonly_params]
    positional, named = (before, [*after, *named]) if keyword_only else ([*before, *after], named)
    return cst.Parameters(
        params=[one.with_changes(comma=plain) for one in positional],
        star_arg=cst.ParamStar() if named else plain,
        kwonly_params=[one.with_changes(comma=plain) for one in named],
    )


def _laid_out(function: cst.FunctionDef) -> cst.FunctionDef:
    """A function whose parameters stand on lines of their own if they are too long for one."""
    header = cst.Module([function.with_changes(body=cst.SimpleStatementSuite([cst.Pass()]), leading_lines=[])]).code
    if len(header) < _WIDEST:
        return function
    step = cst.ParenthesizedWhitespace(indent=True, last_line=cst.SimpleWhitespace("    "))
    end = cst.ParenthesizedWhitespace(indent=True, last_line=cst.SimpleWhitespace(""))
    params = function.params
    last = (params.kwonly_params or params.params)[-1]

    def placed(one: cst.Param) -> cst.Param:
        return one.with_changes(comma=cst.Comma(whitespace_after=end if one is last else step))

    star = cst.ParamStar(cst.Comma(whitespace_after=step)) if params.kwonly_params else params.star_arg
    params = params.with_changes(
        params=[placed(one) for one in params.params],
        star_arg=star,
        kwonly_params=[placed(one) for one in params.kwonly_params],
    )
    return function.with_changes(params=params, whitespace_before_params=step)
