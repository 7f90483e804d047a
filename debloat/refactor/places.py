"""Where the expressions of the flow form stand in the text, ends included."""

from __future__ import annotations

import ast
import sys
from typing import TYPE_CHECKING

from debloat.facts import data, ops
from debloat.model import RefusedError, Span
from debloat.program.index import Site
from debloat.refactor.source import source

if TYPE_CHECKING:
    from debloat.program import Program

_KINDS: dict[int, tuple[type[ast.expr], ...]] = {
    ops.CONST: (ast.Constant,),
    ops.NAME: (ast.Name,),
    ops.ATTR: (ast.Attribute,),
    ops.CALL: (ast.Call,),
    ops.SUBSCRIPT: (ast.Subscript,),
    ops.BINARY: (ast.BinOp,),
    ops.UNARY: (ast.UnaryOp,),
    ops.BOOL: (ast.BoolOp,),
    ops.COMPARE: (ast.Compare,),
    ops.CONDITIONAL: (ast.IfExp,),
    ops.SEQUENCE: (ast.List, ast.Tuple, ast.Set),
    ops.DICT: (ast.Dict,),
    ops.LAMBDA: (ast.Lambda,),
    ops.COMPREHENSION: (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp),
    ops.FSTRING: (ast.JoinedStr,),
    ops.AWAIT: (ast.Await,),
}


def expression(program: Program, site: Site) -> tuple[Span, ast.expr]:
    """Where the expression of an instruction stands, without parentheses around it, and what ``ast`` has there.

    Raises RefusedError where no single expression does.
    """
    if sys.version_info < (3, 12) and _is_in_fstring(program, site):
        raise RefusedError("f-string: this Python does not tell where the parts of one stand")
    code = program.facts[site.file].code
    place = program.index.place(site)
    text = source(program, place.path)
    kinds = _KINDS.get(code[site.pc], ())
    found = [
        node
        for node in ast.walk(text.statement(place.line, place.column))
        if isinstance(node, kinds) and begin(node) == (place.line, place.column)
    ]
    if code[site.pc] in (ops.CALL, ops.COMPARE):
        found = [
            node for node in found if (node.end_lineno, node.end_col_offset) == tuple(code[site.pc + 3 : site.pc + 5])
        ]
    if len(found) != 1:
        raise RefusedError(f"not found in the text: an expression at {place.path}:{place.line}")
    (node,) = found
    return span_of(place.path, node), node


def _is_in_fstring(program: Program, site: Site) -> bool:
    """Whether an instruction is of a part of an f-string, whose place may be that of something else by chance."""
    fact = program.facts[site.file]
    scope = program.index.scope_at(site)
    record = program.index.scopes[scope]
    if record.kind in (data.COMPREHENSION, data.LAMBDA):
        made = Site(site.file, record.definition)
        if program.index.parent(scope) >= 0 and _is_in_fstring(program, made):
            return True
    users = fact.consumers(scope - program.index.base[site.file]).get(site.pc, ())
    return any(
        fact.code[user] == ops.FSTRING
        or (fact.code[user] < ops.STORE and _is_in_fstring(program, Site(site.file, user)))
        for user in users
    )


def span_of(path: str, node: ast.expr | ast.stmt | ast.arg) -> Span:
    """Where a node stands in a file."""
    return Span(path, node.lineno, node.col_offset, node.end_lineno or node.lineno, node.end_col_offset or 0)


def begin(node: ast.expr) -> tuple[int, int]:
    """The place that the flow form gives an expression: of an attribute that of its name."""
    if isinstance(node, ast.Attribute):
        return node.end_lineno or 0, (node.end_col_offset or 0) - len(node.attr.encode())
    return node.lineno, node.col_offset
