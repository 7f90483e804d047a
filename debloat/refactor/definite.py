"""Definite assignment: whether the variables of a block of code are surely bound wherever it reads them."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from debloat.model import RefusedError
from debloat.program.dominance import join


def check_bound(statements: Iterable[ast.stmt], variables: frozenset[str], given: frozenset[str]) -> None:
    """Raise RefusedError where one of the ``variables`` may be read before it is bound; those ``given`` are at the start."""
    _Flow(variables).block(statements, given)


class _Flow:
    def __init__(self, variables: frozenset[str]) -> None:
        self._variables = variables

    def block(self, statements: Iterable[ast.stmt], bound: frozenset[str] | None) -> frozenset[str] | None:
        """The variables that are bound when the end of a block is reached; None if it is not."""
        for statement in statements:
            if bound is None:
                return None
            bound = self._statement(statement, bound)
        return bound

    def _statement(self, node: ast.stmt, bound: frozenset[str]) -> frozenset[str] | None:
        match node:
            case ast.If(test=test, body=body, orelse=orelse):
                bound = self._expression(test, bound)
                return join(self.block(body, bound), self.block(orelse, bound))
            case (
                ast.For(iter=first, target=target, body=body, orelse=orelse)
                | ast.AsyncFor(iter=first, target=target, body=body, orelse=orelse)
            ):
                bound = self._expression(first, bound)
                self.block(body, bound | _stores(target))
                self.block(orelse, bound)
                return bound
            case ast.While(test=test, body=body, orelse=orelse):
                bound = self._expression(test, bound)
                self.block(body, bound)
                self.block(orelse, bound)
                return bound
            case ast.With(items=items, body=body) | ast.AsyncWith(items=items, body=body):
                for item in items:
                    bound = self._expression(item.context_expr, bound)
                    bound |= _stores(item.optional_vars) if item.optional_vars else frozenset()
                return self.block(body, bound)
            case (
                ast.Try(body=body, handlers=handlers, orelse=orelse, finalbody=final)
                | ast.TryStar(body=body, handlers=handlers, orelse=orelse, finalbody=final)
            ):
                after = self.block(orelse, self.block(body, bound))
                for handler in handlers:
                    if handler.type is not None:
                        self._expression(handler.type, bound)
                    named = {handler.name} if handler.name else frozenset()
                    caught = self.block(handler.body, bound | named)
                    after = join(after, None if caught is None else caught - named)
                last = self.block(final, bound)
                return None if last is None or after is None else after | last
            case ast.Return(value=value) | ast.Raise(exc=value):
                if value is not None:
                    self._expression(value, bound)
                return None
            case ast.Break() | ast.Continue():
                return None
            case ast.AugAssign(target=ast.Name(id=name)):
                self._check(frozenset({name}), bound)
                return self._expression(node, bound)
            case ast.Delete():
                self._expression(node, bound)
                return bound - {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}
            case ast.Match():
                self._expression(node, bound)
                return bound
        return self._expression(node, bound) | _stores(node)

    def _expression(self, node: ast.AST, bound: frozenset[str]) -> frozenset[str]:
        """Check what code without branches reads; what it surely binds itself comes to the variables."""
        own = _stores(node.left if isinstance(node, ast.Compare) else node) if _assigns(node) else frozenset()
        self._check(
            frozenset(one.id for one in ast.walk(node) if isinstance(one, ast.Name) and _reads(one)), bound | own
        )
        return bound | own

    def _check(self, read: frozenset[str], bound: frozenset[str]) -> None:
        for name in sorted(read & self._variables - bound):
            raise RefusedError(f"unbound: {name} may not be bound yet where it is read")


def _assigns(node: ast.AST) -> bool:
    """Whether an expression begins with an assignment."""
    return isinstance(node.left if isinstance(node, ast.Compare) else node, ast.NamedExpr)


def _reads(name: ast.Name) -> bool:
    return not isinstance(name.ctx, ast.Store)


def _stores(node: ast.AST) -> frozenset[str]:
    return frozenset(one.id for one in ast.walk(node) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store))
