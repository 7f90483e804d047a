"""Fold condition: a test gives way to its outcome, the arm that never runs goes, and the other one takes its place."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import libcst as cst

from debloat.facts import ops
from debloat.model import Evidence, Fix, Proof, RefusedError, Span
from debloat.program.index import Site
from debloat.refactor.annotation import narrow
from debloat.refactor.comments import comment_evidence
from debloat.refactor.expressions import acting, assigns, keep
from debloat.refactor.flatten import flat, fold_if
from debloat.refactor.places import expression
from debloat.refactor.rewriting import Piece, Rewriting
from debloat.refactor.source import Source, source
from debloat.values.optional import Optional, needless
from debloat.values.report import acts, purity
from debloat.values.unmissed import is_unmissed_test

if TYPE_CHECKING:
    from debloat.program import Program
    from debloat.refactor.requests import Fold

# What asks a question gives True or False and nothing else.
_ASKING = frozenset({"isinstance", "issubclass", "hasattr", "callable"})
_ANSWERS = (cst.Is, cst.IsNot, cst.In, cst.NotIn)


def fold(asked: Fold, program: Program) -> Fix:
    """The edits, which leave no annotation that allows the None of which no test is left.

    Raises RefusedError where the outcome is not all that matters of the test.
    """
    optional = list(needless(program, asked.test))
    if optional and not any(found.promised for found in optional):
        try:
            return _folded(asked, program, optional)
        except RefusedError:  # of the annotation, or of the test, in which case so is what follows
            pass
    fix = _folded(asked, program, ())
    note = "assumes that no type checker is asked: an annotation allows None, and nothing tests for it any more"
    allowed = (Evidence("type", Proof.ASSUMED, program.index.span(found.function), note) for found in optional)
    return replace(fix, evidence=(*fix.evidence, *allowed))


def _folded(asked: Fold, program: Program, optional: Iterable[Optional]) -> Fix:
    span, node = expression(program, asked.test)
    rewriting = Rewriting(program)
    for function, name, _ in optional:
        narrow(rewriting, program, program.index.span(function), name)
    folding = _OfTest(program, asked.test, span)
    rewriting.on(span, lambda piece: folding.begin(piece, asked.outcome))
    for statement in _behind(source(program, span.path), node, asked.outcome):
        rewriting.delete(span.path, statement)
    edits = tuple(rewriting.edits())
    return Fix(edits, (*folding.evidence, *comment_evidence(rewriting)))


class Folding:
    """The fold of tests on their tree, and what it rests on; to evaluate them does nothing."""

    def __init__(self, span: Span) -> None:
        self._span = span
        self.evidence: list[Evidence] = []

    def fold(self, piece: Piece, test: cst.BaseExpression, truth: bool) -> None:
        """Say what becomes of which node, a test always coming out that way."""
        self._fold(piece, test, truth, test, exact=_is_answer(test))

    def _acts(self, test: cst.BaseExpression) -> bool:
        """Whether evaluating a test does something."""
        return False

    def _dropped(self, test: cst.BaseExpression) -> cst.BaseExpression | None:
        """Note that a test is not evaluated any more; gives the part of it that does something."""
        return None

    def _may_skip(self, before: cst.BaseExpression) -> bool:
        """Whether nobody misses the evaluation of what stands before a test."""
        return _is_bare(before)

    def _fold(
        self, piece: Piece, node: cst.BaseExpression, truth: bool, test: cst.BaseExpression, *, exact: bool
    ) -> None:
        """An expression whose truth is known because that of the test is; ``exact`` if it is True or False itself."""
        parent = piece.parent(node)
        match parent:
            case cst.UnaryOperation(operator=cst.Not()):
                self._fold(piece, parent, not truth, test, exact=True)
                return
            case cst.BooleanOperation():
                self._fold_part(piece, parent, node, truth, test, exact=exact)
                return
            case cst.If():
                act = self._dropped(test)
                if act is not None and isinstance(piece.parent(parent), cst.If):
                    raise RefusedError("acts: the test of an elif does something")
                fold_if(piece, parent, truth, act)
                return
        if self._dropped(test) is not None:
            raise RefusedError("acts: a part of the test does something")
        match parent:
            case cst.IfExp(test=asked) if asked is node:
                keep(piece, parent, "body" if truth else "orelse")
            case cst.While() if truth:
                piece.change(node, lambda _: cst.Name("True"))
            case cst.While(orelse=cst.Else()):
                piece.change(parent, lambda updated: flat(updated.orelse.body, updated.leading_lines))
            case cst.While():
                piece.change(parent, lambda _: cst.RemoveFromParent())
            case cst.CompIf() if truth:
                piece.change(parent, lambda _: cst.RemoveFromParent())
            case cst.MatchCase() if truth and not _is_irrefutable(parent.pattern):
                nothing = cst.SimpleWhitespace("")
                bare = {"guard": None, "whitespace_before_if": nothing, "whitespace_after_if": nothing}
                piece.change(parent, lambda updated: updated.with_changes(**bare))
            case cst.Assert() if truth:
                note = "assumes that nobody relies on the assertion"
                self.evidence.append(Evidence("purity", Proof.ASSUMED, self._span, note))
                piece.change(parent, lambda _: cst.RemoveFromParent())
            case cst.CompIf() | cst.MatchCase() | cst.Assert():
                raise RefusedError("never: what the test guards never happens, and what it stands in does")
            case _ if exact:
                piece.change(node, lambda _: cst.Name("True" if truth else "False"))
            case _:
                raise RefusedError("not only a test: its value is used")

    def _fold_part(
        self,
        piece: Piece,
        whole: cst.BooleanOperation,
        part: cst.BaseExpression,
        truth: bool,
        test: cst.BaseExpression,
        *,
        exact: bool,
    ) -> None:
        """A part of an ``and`` or ``or``: it decides, or the other part is all there is to it."""
        decides = truth == isinstance(whole.operator, cst.Or)
        tested = _is_tested(piece, whole)
        first = part is whole.left
        if decides and (tested or (exact and (first or _is_answer(whole.left)))):
            if not first and not self._may_skip(whole.left):
                raise RefusedError("evaluated before: what stands before the test would not be evaluated")
            if not first and self._acts(test):
                raise RefusedError("acts: a part of the test does something")
            self._fold(piece, whole, truth, test, exact=exact)
        elif decides and first:
            keep(piece, whole, "left")
        elif not decides and (first or tested or (exact and _is_answer(whole.left))):
            if self._dropped(test) is not None:
                raise RefusedError("acts: a part of the test does something")
            keep(piece, whole, "right" if first else "left")
        else:
            raise RefusedError("not only a test: the value of the whole condition is used")


class _OfTest(Folding):
    """The fold of a test of the program."""

    def __init__(self, program: Program, test: Site, span: Span) -> None:
        super().__init__(span)
        self._program = program
        self._test = test

    def begin(self, piece: Piece, truth: bool) -> None:
        """Say what becomes of which node; a name that the test is bound to goes with it."""
        node = piece.expression(self._span)
        around = piece.parent(node)
        self.fold(piece, around if isinstance(around, cst.NamedExpr) and node is around.value else node, truth)

    def _dropped(self, test: cst.BaseExpression) -> cst.BaseExpression | None:
        self.evidence += purity(self._program, self._test)
        if not self._acts(test):
            return None
        part = acting(test)
        if part is None:
            raise RefusedError("acts: to look at the attribute does something")
        return part

    def _acts(self, test: cst.BaseExpression) -> bool:
        return assigns(test) or acts(self._program, self._test)

    def _may_skip(self, before: cst.BaseExpression) -> bool:
        return all(is_unmissed_test(self._program, site) for site in _before(self._program, self._test))


def _before(program: Program, test: Site) -> Iterator[Site]:
    """What is evaluated before a test in the conditions that it is a part of."""
    code = program.facts[test.file].code
    consumers = program.facts[test.file].consumers(program.index.scope_at(test) - program.index.base[test.file])
    for user in consumers.get(test.pc, ()):
        if code[user] == ops.BOOL:
            for value in ops.values(code, user):
                if value == test.pc:
                    break
                yield Site(test.file, value)
        if code[user] in (ops.BOOL, ops.UNARY):
            yield from _before(program, Site(test.file, user))


def _is_bare(node: cst.BaseExpression) -> bool:
    """Whether all that an expression does is to look at names: which object one is."""
    match node:
        case cst.Comparison(left=cst.Name(), comparisons=[cst.ComparisonTarget(operator=operator, comparator=right)]):
            return isinstance(operator, cst.Is | cst.IsNot) and isinstance(right, cst.Name)
    return False


def _is_tested(piece: Piece, node: cst.BaseExpression) -> bool:
    """Whether all that is done with an expression is to ask for its truth."""
    parent = piece.parent(node)
    match parent:
        case cst.If() | cst.While() | cst.CompIf() | cst.UnaryOperation(operator=cst.Not()):
            return True
        case cst.IfExp(test=test) | cst.Assert(test=test):
            return test is node
        case cst.MatchCase(guard=guard):
            return guard is node
        case cst.BooleanOperation():
            return _is_tested(piece, parent)
    return False


def _is_answer(node: cst.BaseExpression) -> bool:
    match node:
        case cst.UnaryOperation(operator=cst.Not()):
            return True
        case cst.Comparison(comparisons=[cst.ComparisonTarget(operator=operator)]):
            return isinstance(operator, _ANSWERS)
        case cst.Call(func=cst.Name(value=name)):
            return name in _ASKING
        case cst.BooleanOperation(left=left, right=right):
            return _is_answer(left) and _is_answer(right)
    return False


def _is_irrefutable(pattern: cst.MatchPattern) -> bool:
    return isinstance(pattern, cst.MatchAs) and pattern.pattern is None


def _behind(text: Source, test: ast.expr, outcome: bool) -> Sequence[ast.stmt]:
    """The statements that no way leads to once a test is folded: those behind an ``if`` whose arm always leaves."""
    statement = text.statement(test.lineno, test.col_offset)
    if not isinstance(statement, ast.If) or text.lines[statement.lineno - 1][statement.col_offset :].startswith("elif"):
        return []
    truth = _truth(statement.test, test, outcome)
    arm = statement.body if truth else statement.orelse
    block = text.block(statement)
    rest = [node for node in block[block.index(statement) + 1 :] if isinstance(node, ast.stmt)]
    yields = any(isinstance(node, ast.Yield | ast.YieldFrom) for other in rest for node in ast.walk(other))
    return rest if truth is not None and _leaves(arm) and not yields else []


def _truth(node: ast.expr, test: ast.expr, outcome: bool) -> bool | None:
    """The truth of a condition in which that of one part is known."""
    match node:
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            truth = _truth(operand, test, outcome)
            return None if truth is None else not truth
        case ast.BoolOp(op=operator, values=parts):
            deciding = isinstance(operator, ast.Or)
            return deciding if any(_truth(part, test, outcome) is deciding for part in parts) else None
        case ast.NamedExpr(value=value):
            return _truth(value, test, outcome)
    return outcome if node is test else None


def _leaves(statements: Sequence[ast.stmt]) -> bool:
    """Whether nobody gets past some statements."""
    match statements:
        case [*_, ast.Return() | ast.Raise() | ast.Break() | ast.Continue()]:
            return True
        case [*_, ast.If(body=body, orelse=orelse)]:
            return _leaves(body) and _leaves(orelse)
    return False
