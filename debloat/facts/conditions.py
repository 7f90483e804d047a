"""Which functions test the same thing twice: a mark, so that nobody has to look at the others."""

from __future__ import annotations

import ast
from collections.abc import Hashable, Iterator

from debloat.facts import data
from debloat.facts.writer import Writer


def note_test(w: Writer, test: ast.expr) -> None:
    """Mark the scope if one of its earlier tests may be the same as this one."""
    for condition in _conditions(test):
        if condition[0]:
            if condition in w.tested:
                w.flags |= data.REPEATS_TEST
            w.tested.add(condition)


def _conditions(test: ast.expr) -> Iterator[tuple[Hashable, ...]]:
    """The simple conditions in a test; a name's truth and its being None tell of each other, so they are one."""
    match test:
        case ast.Name() | ast.Attribute():
            yield (_dotted(test),)
        case ast.UnaryOp(op=ast.Not(), operand=inner):
            yield from _conditions(inner)
        case ast.BoolOp(values=parts):
            for part in parts:
                yield from _conditions(part)
        case ast.Compare(left=left, ops=[ast.Is() | ast.IsNot()], comparators=[ast.Constant(value=None)]):
            yield (_dotted(left),)
        case ast.Compare(left=left, ops=[operator], comparators=[right]):
            kind = "Is" if isinstance(operator, ast.IsNot) else type(operator).__name__
            yield _dotted(left), kind, repr(right.value) if isinstance(right, ast.Constant) else _dotted(right)
        case ast.Call(func=ast.Name(id="isinstance" | "issubclass" | "callable" as name), args=[first, *rest]):
            yield _dotted(first), name, *map(_dotted, rest)
        case ast.Call(func=function, args=given):
            yield _dotted(function), "()", *map(_dotted, given)
            yield from ((_dotted(one),) for one in given)  # it may ask no more than whether that is None


def _dotted(node: ast.expr) -> str:
    """A dotted name as it is written, nothing for anything else."""
    match node:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=base, attr=name):
            return f"{inner}.{name}" if (inner := _dotted(base)) else ""
    return ""
