"""Classes and their members on the LibCST tree of a draft."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from typing import TypeVar

import libcst as cst
import libcst.matchers as m

from debloat.model import RefusedError
from debloat.refactor.drafts import Drafts

N = TypeVar("N", bound=cst.CSTNode)
Statement = cst.SimpleStatementLine | cst.BaseCompoundStatement


def class_of(module: cst.Module, name: str) -> cst.ClassDef:
    """The class of a name at the top of a module. Raises RefusedError."""
    for statement in module.body:
        if isinstance(statement, cst.ClassDef) and statement.name.value == name:
            return statement
    raise RefusedError("nested: a class that is not at the top of its module")


def members(node: cst.ClassDef | cst.FunctionDef) -> tuple[list[Statement], list[Statement]]:
    """The docstring of a class or function, if any, and its other statements, each on lines of its own."""
    if not isinstance(node.body, cst.IndentedBlock):
        return [], [cst.SimpleStatementLine([small]) for small in node.body.body]  # type: ignore[list-item]
    found: list[Statement] = [*node.body.body]  # type: ignore[list-item]
    match found:
        case [
            cst.SimpleStatementLine(body=[cst.Expr(value=cst.SimpleString() | cst.ConcatenatedString())]) as docstring,
            *rest,
        ]:
            return [docstring], rest
    return [], found


def put_class(drafts: Drafts, path: str, name: str, body: Sequence[Statement], bases: Sequence[cst.Arg]) -> None:
    """Give a class of a draft another body, in which definitions stand apart, and other bases."""
    module = drafts.tree(path)
    node = class_of(module, name)
    body = [one for one in body if not m.matches(one, m.SimpleStatementLine([m.Pass()]))]
    spaced = [apart(one, before, n) for n, (one, before) in enumerate(zip(body, [None, *body], strict=False))]
    block = node.body if isinstance(node.body, cst.IndentedBlock) else cst.IndentedBlock([])
    block = block.with_changes(body=spaced or [cst.SimpleStatementLine([cst.Pass()])])
    bases = [*bases[:-1], *(base.with_changes(comma=cst.MaybeSentinel.DEFAULT) for base in bases[-1:])]
    brackets = {} if bases or node.keywords else {"lpar": cst.MaybeSentinel.DEFAULT, "rpar": cst.MaybeSentinel.DEFAULT}
    new = node.with_changes(body=block, bases=bases, **brackets)
    drafts.put(path, module.with_changes(body=[new if one is node else one for one in module.body]).code)


def apart(statement: Statement, before: Statement | None, number: int) -> Statement:
    """A statement with a blank line above it where it or what is before it is a definition or the docstring."""
    lines = [*statement.leading_lines]
    blank = bool(lines) and lines[0].comment is None
    spacious = isinstance(statement, cst.FunctionDef | cst.ClassDef) or isinstance(
        before, cst.FunctionDef | cst.ClassDef
    )
    if before is None:
        while lines and lines[0].comment is None:
            del lines[0]
    elif not blank and (spacious or (number == 1 and is_docstring(before))):
        lines.insert(0, cst.EmptyLine(indent=False))
    return statement.with_changes(leading_lines=lines)


def is_docstring(statement: Statement) -> bool:
    """Whether a statement is a string and nothing else."""
    return m.matches(statement, m.SimpleStatementLine([m.Expr(m.SimpleString() | m.ConcatenatedString())]))


def name_of(node: cst.BaseExpression) -> str:
    """The last name of a dotted name, or of what is called or subscripted by one."""
    match node:
        case cst.Name(value=name) | cst.Attribute(attr=cst.Name(value=name)):
            return name
        case cst.Call(func=inner) | cst.Subscript(value=inner):
            return name_of(inner)
    return ""


def names_in(node: cst.CSTNode) -> Iterator[cst.Name]:
    """The names in a tree, those of attributes and of keyword arguments included."""
    if isinstance(node, cst.Name):
        yield node
    for child in node.children:
        yield from names_in(child)


def is_private(name: str) -> bool:
    """Whether a name is mangled in a class."""
    return name.startswith("__") and not name.endswith("__")


class _Substitution(cst.CSTTransformer):
    """Put expressions in the place of variables, wherever they are read as such."""

    def __init__(self, values: Mapping[str, cst.BaseExpression]) -> None:
        super().__init__()
        self._values = values

    def leave_Attribute(self, original_node: cst.Attribute, updated_node: cst.Attribute) -> cst.Attribute:  # noqa: N802
        return updated_node.with_changes(attr=original_node.attr)

    def leave_Arg(self, original_node: cst.Arg, updated_node: cst.Arg) -> cst.Arg:  # noqa: N802
        return updated_node.with_changes(keyword=original_node.keyword)

    def leave_Name(self, original_node: cst.Name, updated_node: cst.Name) -> cst.BaseExpression:  # noqa: N802
        value = self._values.get(original_node.value)
        return updated_node if value is None else value.deep_clone()


def substituted(node: N, values: Mapping[str, cst.BaseExpression]) -> N:
    """A tree with expressions in the place of variables."""
    changed = node.visit(_Substitution(values))
    assert isinstance(changed, type(node))
    return changed


def stored(node: cst.CSTNode) -> Set[str]:
    """The names that code binds: by assignment in any form, as a parameter, definition, import or handler."""
    found: set[str] = set()
    waiting: list[cst.CSTNode] = [node]
    while waiting:
        inner = waiting.pop()
        waiting += inner.children
        match inner:
            case (
                cst.AssignTarget(target=target)
                | cst.AnnAssign(target=target)
                | cst.AugAssign(target=target)
                | cst.NamedExpr(target=target)
                | cst.For(target=target)
                | cst.CompFor(target=target)
            ):
                found.update(_targets(target))
            case cst.AsName(name=target):
                found.update(_targets(target))
            case cst.FunctionDef(name=name) | cst.ClassDef(name=name) | cst.Param(name=name):
                found.add(name.value)
            case cst.ImportAlias():
                found.add(inner.evaluated_alias or inner.evaluated_name.partition(".")[0])
            case cst.MatchAs(name=cst.Name(value=bound)) | cst.MatchStar(name=cst.Name(value=bound)):
                found.add(bound)
    return found


def _targets(node: cst.CSTNode) -> Iterator[str]:
    match node:
        case cst.Name(value=name):
            yield name
        case cst.Tuple() | cst.List() | cst.Element() | cst.StarredElement():
            for child in node.children:
                yield from _targets(child)
