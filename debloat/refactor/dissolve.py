"""A class of a draft gives way to its members, at the top of the module."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import libcst as cst
import libcst.matchers as m

from debloat.refactor.classes import N, Statement, class_of, is_docstring, members, name_of, put_class, substituted
from debloat.refactor.drafts import Drafts
from debloat.refactor.signature import without_parameter

_METHODS = ("staticmethod", "classmethod")
_DEFINITIONS = (cst.FunctionDef, cst.ClassDef)


def dissolve(drafts: Drafts, path: str, cls: str, names: Mapping[str, str], selves: Mapping[str, str]) -> None:
    """Put the members of a class in its place, under new names; ``selves`` are the parameters for objects by method."""
    module = drafts.tree(path)
    node = class_of(module, cls)
    indent = node.body.indent if isinstance(node.body, cst.IndentedBlock) else None
    body: list[Statement] = []
    for statement in module.body:
        if statement is not node:
            body.append(statement)
            continue
        new = [outdented(one, indent or module.default_indent) for one in _members(node, names, selves)]
        body.append(new[0].with_changes(leading_lines=[*node.leading_lines, *remarks(node, new)]))
        for one, before in zip(new[1:], new, strict=False):
            roomy = isinstance(one, _DEFINITIONS) or isinstance(before, _DEFINITIONS)
            body.append(one.with_changes(leading_lines=apart(one.leading_lines)) if roomy else one)
    drafts.put(path, module.with_changes(body=body).code)


def without_empty_constructor(drafts: Drafts, path: str, cls: str) -> None:
    """Drop the constructor of a class that neither takes nor does anything."""
    node = class_of(drafts.tree(path), cls)
    docstring, own = members(node)
    kept = [one for one in own if not _is_empty_constructor(one)]
    if len(kept) < len(own):
        put_class(drafts, path, cls, [*docstring, *kept], node.bases)


def _is_empty_constructor(statement: Statement) -> bool:
    return (
        isinstance(statement, cst.FunctionDef)
        and statement.name.value == "__init__"
        and not statement.decorators
        and not statement.params.kwonly_params
        and not isinstance(statement.params.star_arg, cst.Param)
        and not statement.params.star_kwarg
        and len(statement.params.params) == 1
        and all(m.matches(one, m.SimpleStatementLine([m.Pass()])) for one in members(statement)[1])
    )


def _members(node: cst.ClassDef, names: Mapping[str, str], selves: Mapping[str, str]) -> Iterator[Statement]:
    """The members as they are to be, but for their indentation and what is above them."""
    docstring, own = members(node)
    renamed = {old: cst.Name(new) for old, new in names.items() if old != new}
    functions = [one for one in own if isinstance(one, cst.FunctionDef) and one.name.value != "__init__"]
    for statement in own:
        match statement:
            case cst.FunctionDef(name=cst.Name(value=name)) if name != "__init__":
                function = without_parameter(statement, selves[name]) if name in selves else statement
                params = substituted(function.params, renamed) if renamed else function.params
                decorators = [one for one in function.decorators if name_of(one.decorator) not in _METHODS]
                function = function.with_changes(name=cst.Name(names[name]), params=params, decorators=decorators)
                yield _documented(function, docstring) if len(functions) == 1 else function
            case cst.SimpleStatementLine(body=[cst.Assign() | cst.AnnAssign() as assignment]):
                yield statement.with_changes(body=[_plain(substituted(assignment, renamed))])


def remarks(node: cst.ClassDef, new: Sequence[Statement]) -> Iterator[cst.EmptyLine]:
    """A docstring of several lines as comments, unless one of the members has it."""
    text = node.get_docstring() or ""
    if any(isinstance(one, cst.FunctionDef) and one.get_docstring() == text for one in new):
        return
    for line in text.splitlines() if "\n" in text else ():
        yield cst.EmptyLine(indent=False, comment=cst.Comment(f"# {line}".rstrip()))


def _plain(assignment: cst.Assign | cst.AnnAssign) -> cst.Assign | cst.AnnAssign:
    """An assignment that says nothing of a class."""
    match assignment:
        case cst.AnnAssign(annotation=cst.Annotation(annotation=cst.Subscript(slice=[part]) as inner)):
            if name_of(inner) == "ClassVar" and isinstance(part.slice, cst.Index):
                return assignment.with_changes(
                    annotation=assignment.annotation.with_changes(annotation=part.slice.value)
                )
        case cst.AnnAssign(annotation=cst.Annotation(annotation=inner), value=cst.BaseExpression() as value):
            if name_of(inner) == "ClassVar":
                return cst.Assign([cst.AssignTarget(assignment.target)], value)
    return assignment


def _documented(function: cst.FunctionDef, docstring: Sequence[Statement]) -> cst.FunctionDef:
    """A function with a docstring, unless it has one."""
    if members(function)[0] or not isinstance(function.body, cst.IndentedBlock):
        return function
    return function.with_changes(body=function.body.with_changes(body=[*docstring, *function.body.body]))


def apart(lines: Sequence[cst.EmptyLine]) -> list[cst.EmptyLine]:
    """What is above a definition: two blank lines, then its comments."""
    kept = [*lines]
    while kept and kept[0].comment is None:
        del kept[0]
    return [cst.EmptyLine(indent=False), cst.EmptyLine(indent=False), *kept]


def outdented(statement: N, indent: str) -> N:
    """A statement whose docstrings stand one indentation further left."""
    changed = statement.visit(_Docstrings(indent))
    assert isinstance(changed, type(statement))
    return changed


class _Docstrings(cst.CSTTransformer):
    """Take one indentation from the lines of docstrings. Other strings mean what they hold."""

    def __init__(self, indent: str) -> None:
        super().__init__()
        self._indent = indent

    def leave_IndentedBlock(  # noqa: N802
        self, original_node: cst.IndentedBlock, updated_node: cst.IndentedBlock
    ) -> cst.IndentedBlock:
        match updated_node.body:
            case [cst.SimpleStatementLine(body=[cst.Expr(value=cst.SimpleString(value=text))]) as line, *rest]:
                if is_docstring(line):
                    lines = text.split("\n")
                    shorter = "\n".join([lines[0], *(one.removeprefix(self._indent) for one in lines[1:])])
                    return updated_node.with_changes(
                        body=[line.with_changes(body=[cst.Expr(cst.SimpleString(shorter))]), *rest]
                    )
        return updated_node
