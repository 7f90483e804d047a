"""The order in which Python evaluates the parts of a piece of code, as its text tells it."""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import Literal, NamedTuple

from debloat.model import RefusedError

# What runs a generator to its end, or gives it up, before it returns.
_EAGER = frozenset({"all", "any", "dict", "frozenset", "list", "max", "min", "set", "sorted", "sum", "tuple"})


class Event(NamedTuple):
    """What happens next: a variable is read, something acts (runs code, asks an object), or a place is reached.

    ``sure`` says that it happens once whenever the whole is evaluated and nothing raises before, ``later`` that it may happen
    when the whole has long been evaluated.
    """

    kind: Literal["reads", "acts", "reaches"]
    name: str
    sure: bool
    later: bool


class Evaluation:
    """Evaluates in thought.

    ``place`` is an expression whose evaluation is told when it begins; ``inert`` says of an attribute that it is one of a
    module, which nothing runs for; ``bound`` are names that are not builtins.
    """

    def __init__(
        self,
        place: ast.expr | None = None,
        inert: Callable[[ast.Attribute], bool] = lambda _: False,
        bound: Collection[str] = (),
    ) -> None:
        self._place = place
        self._inert = inert
        self._bound = bound

    def block(self, statements: Iterable[ast.AST]) -> Iterator[Event]:
        """The events of statements, in order."""
        for statement in statements:
            yield from self.statement(statement)

    def statement(self, node: ast.AST, *, sure: bool = True) -> Iterator[Event]:
        """The events of a statement, or of a clause of one; of a compound one what it evaluates first is sure, if anything."""
        match node:
            case ast.Expr(value=value) | ast.Return(value=ast.expr() as value):
                yield from self.expression(value, sure=sure)
            case ast.Assign(targets=targets, value=value):
                yield from self.expression(value, sure=sure)
                for target in targets:
                    yield from self._target(target, sure=sure)
            case ast.AnnAssign(target=target, value=ast.expr() as value):
                yield from self.expression(value, sure=sure)
                yield from self._target(target, sure=sure)
            case ast.AugAssign(target=target, value=value):
                if isinstance(target, ast.Name):
                    yield Event("reads", target.id, sure, later=False)
                yield from self._target(target, sure=sure)
                yield from self.expression(value, sure=sure)
                yield _acts(sure=sure)
            case (
                ast.If(test=first) | ast.For(iter=first) | ast.Match(subject=first) | ast.Raise(exc=ast.expr() as first)
            ):
                yield from self.expression(first, sure=sure)
                yield _acts(sure=sure)
                yield from self._rest(node, first)
            case ast.With(items=[ast.withitem(context_expr=first), *_]):
                yield from self.expression(first, sure=sure)
                yield _acts(sure=sure)
                yield from self._rest(node, first)
            case ast.Pass() | ast.Break() | ast.Continue() | ast.Return():
                pass
            case _:
                yield _acts(sure=sure)
                yield from self._rest(node, None)

    def _rest(self, node: ast.AST, done: ast.expr | None) -> Iterator[Event]:
        """What may be evaluated of a statement, in any order and any number of times."""
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.expr) and child is not done:
                yield from self.expression(child, sure=False)
            elif isinstance(child, ast.stmt):
                yield from self.statement(child, sure=False)
            elif child is not done:
                yield from (event for event in self._rest(child, done))

    def _target(self, node: ast.expr, *, sure: bool) -> Iterator[Event]:
        match node:
            case ast.Name():
                pass
            case ast.Attribute(value=value):
                yield from self.expression(value, sure=sure)
                yield _acts(sure=sure)
            case ast.Subscript(value=value, slice=key):
                yield from self.expression(value, sure=sure)
                yield from self.expression(key, sure=sure)
                yield _acts(sure=sure)
            case _:
                yield _acts(sure=sure)
                for child in ast.iter_child_nodes(node):
                    if isinstance(child, ast.expr):
                        yield from self._target(child, sure=sure)

    def expression(
        self, node: ast.expr, *, sure: bool = True, later: bool = False, own: frozenset[str] = frozenset()
    ) -> Iterator[Event]:
        """The events of an expression; ``own`` are the variables of the comprehensions and lambdas around it.

        Raises RefusedError for what suspends the function.
        """
        if node is self._place:
            yield Event("reaches", "", sure, later)
        match node:
            case ast.Constant():
                return
            case ast.Name(id=name):
                if name not in own and isinstance(node.ctx, ast.Load):
                    yield Event("reads", name, sure, later)
                return
            case ast.BoolOp(values=[first, *others]):
                yield from self._decides(first, others, sure, later, own)
                return
            case ast.IfExp(test=first, body=one, orelse=other):
                yield from self._decides(first, [one, other], sure, later, own)
                return
            case ast.Compare(left=left, comparators=[first, *others]):
                yield from self.expression(left, sure=sure, later=later, own=own)
                yield from self.expression(first, sure=sure, later=later, own=own)
                yield _acts(sure=sure, later=later)
                for part in others:
                    yield from self.expression(part, sure=False, later=later, own=own)
                return
            case ast.Lambda(args=args, body=body):
                for default in (*args.defaults, *filter(None, args.kw_defaults)):
                    yield from self.expression(default, sure=sure, later=later, own=own)
                given = {one.arg for one in ast.walk(args) if isinstance(one, ast.arg)}
                yield from self.expression(body, sure=False, later=True, own=own | given)
                return
            case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
                yield from self._comprehension(node, sure, later, own)
                return
            case ast.Call(func=func, args=args, keywords=keywords):
                yield from self.expression(func, sure=sure, later=later, own=own)
                for argument in args:
                    if isinstance(argument, ast.GeneratorExp) and self._is_eager(func):
                        yield from self._comprehension(argument, sure, later, own, eager=True)
                    else:
                        yield from self.expression(argument, sure=sure, later=later, own=own)
                for keyword in keywords:
                    yield from self.expression(keyword.value, sure=sure, later=later, own=own)
                    if keyword.arg is None:
                        yield _acts(sure=sure, later=later)
            case ast.Dict(keys=keys, values=values):
                for key, value in zip(keys, values, strict=True):
                    for part in filter(None, (key, value)):
                        yield from self.expression(part, sure=sure, later=later, own=own)
                    yield _acts(sure=sure, later=later)
                return
            case ast.Yield() | ast.YieldFrom():
                raise RefusedError("generator: it is suspended in the middle")
            case _:
                for child in ast.iter_child_nodes(node):
                    if isinstance(child, ast.expr):
                        yield from self.expression(child, sure=sure, later=later, own=own)
        passive = isinstance(node, ast.Tuple | ast.List | ast.Slice | ast.NamedExpr | ast.JoinedStr)
        if not passive and not (isinstance(node, ast.Attribute) and self._inert(node)):
            yield _acts(sure=sure, later=later)

    def _decides(
        self, test: ast.expr, others: Sequence[ast.expr], sure: bool, later: bool, own: frozenset[str]
    ) -> Iterator[Event]:
        yield from self.expression(test, sure=sure, later=later, own=own)
        yield _acts(sure=sure, later=later)
        for part in others:
            yield from self.expression(part, sure=False, later=later, own=own)

    def _comprehension(
        self,
        node: ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp,
        sure: bool,
        later: bool,
        own: frozenset[str],
        *,
        eager: bool = False,
    ) -> Iterator[Event]:
        first, *_ = node.generators
        yield from self.expression(first.iter, sure=sure, later=later, own=own)
        yield _acts(sure=sure, later=later)
        own |= {one.id for part in node.generators for one in ast.walk(part.target) if isinstance(one, ast.Name)}
        later = later or (isinstance(node, ast.GeneratorExp) and not eager)
        parts: list[ast.expr] = [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
        parts += [part.iter for part in node.generators[1:]]
        parts += [test for part in node.generators for test in part.ifs]
        for part in parts:
            yield from self.expression(part, sure=False, later=later, own=own)

    def _is_eager(self, callee: ast.expr) -> bool:
        """Whether a call has run the generator that it is given when it returns."""
        match callee:
            case ast.Name(id=name):
                return name in _EAGER and name not in self._bound
            case ast.Attribute(attr="join", value=ast.Constant()):
                return True
        return False


def _acts(*, sure: bool, later: bool = False) -> Event:
    return Event("acts", "", sure, later)
