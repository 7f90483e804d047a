"""Discard: a function returns nothing any more, and does not make what it returned either."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import libcst as cst

from debloat.facts import ops
from debloat.model import Evidence, Fix, Proof, RefusedError
from debloat.program.index import Site
from debloat.refactor.comments import comment_evidence
from debloat.refactor.docstring import without_result
from debloat.refactor.drop import definition_of, docstring_of
from debloat.refactor.places import span_of
from debloat.refactor.rewriting import Piece, Rewriting
from debloat.refactor.source import Source, blocks, source
from debloat.values.ignored import returned, value_of
from debloat.values.spare import only_computes, spare_evidence
from debloat.values.unassigned import writes
from debloat.values.writing import Write

if TYPE_CHECKING:
    from debloat.program import Program
    from debloat.refactor.requests import Discard

_Function = ast.FunctionDef | ast.AsyncFunctionDef


def discard(asked: Discard, program: Program) -> Fix:
    """The edits. Raises RefusedError where something is returned whose evaluation does more than a call."""
    rewriting = Rewriting(program)
    definition = definition_of(program, asked.function)
    path = program.index.span(asked.function).path
    work = _Work(program, asked.function, source(program, path), definition)
    rewriting.on(span_of(path, definition), work.plan)
    span = docstring_of(source(program, path), definition)
    if span is not None:
        rewriting.at(span, cst.SimpleString, lambda node: node.with_changes(value=without_result(node.value)))
    edits = tuple(rewriting.edits())
    return Fix(edits, (*work.evidence, *comment_evidence(rewriting)))


class _Work:
    """What becomes of the statements of one function."""

    def __init__(self, program: Program, function: int, text: Source, definition: _Function) -> None:
        self._program, self._function, self._text, self._definition = program, function, text, definition
        self.evidence: list[Evidence] = []
        self._sites = {program.index.place(site)[1:3]: site for site in returned(program, function)}
        self._returns = [node for node in _own(definition) if isinstance(node, ast.Return)]
        if any(self._is_finally(node) for node in self._returns):
            raise RefusedError("finally: what returns there swallows exceptions")

    def _is_finally(self, node: ast.AST) -> bool:
        while node is not self._definition:
            around = self._text.parents[node]
            if isinstance(around, ast.Try | ast.TryStar) and node in around.finalbody:
                return True
            node = around
        return False

    def plan(self, piece: Piece) -> None:
        """Say what becomes of which node."""
        names: set[str] = set()
        gone: list[ast.stmt] = []
        acting = {
            node
            for node in self._returns
            if node.value is not None and self._acts(node, self._sites[node.lineno, node.col_offset])
        }
        tails = {*_tails(self._definition.body, acting)}
        for node in self._returns:
            if isinstance(node.value, ast.Name):
                names.add(node.value.id)
            if node in acting:
                self._replace(piece, node, tail=node in tails)
            elif node in tails:
                gone.append(node)
            elif node.value is not None:
                piece.change(self._node(piece, node), lambda _: cst.Return())
        for name in sorted(names):
            gone += self._unmade(piece, name)
        self._remove(piece, gone)
        if self._definition.returns is not None and ast.unparse(self._definition.returns) != "None":
            function = piece.node(cst.FunctionDef, self._start())
            piece.change(function, _without_annotation)

    def _start(self) -> Any:
        span = self._program.index.span(self._function)
        return span._replace(end_line=span.line, end_column=span.column)

    def _node(self, piece: Piece, statement: ast.stmt) -> cst.BaseSmallStatement:
        return piece.node(cst.BaseSmallStatement, span_of(self._text.path, statement))  # type: ignore[type-abstract]

    def _acts(self, node: ast.Return, site: Site) -> bool:
        """Whether a returned value is a call that stays. Raises RefusedError."""
        value = value_of(self._program, site)
        spare = spare_evidence(self._program, value)
        if spare.proof is Proof.PROVED or (only_computes(self._program, value) and not self._text.is_tried(node)):
            self.evidence.append(spare)
            return False
        if self._program.facts[site.file].code[value.pc] not in (ops.CALL, ops.AWAIT):
            raise RefusedError("acts: evaluating what is returned does something")
        return True

    def _replace(self, piece: Piece, node: ast.Return, *, tail: bool) -> None:
        """Have a call that is returned be a statement, and return nothing behind it unless that is the end anyway."""
        statement = self._node(piece, node)
        assert isinstance(statement, cst.Return)
        assert statement.value is not None
        if tail:
            piece.change(statement, lambda updated: cst.Expr(updated.value))
            return

        def parted(line: cst.SimpleStatementLine) -> cst.FlattenSentinel[Any]:
            before, last = line.body[:-1], line.body[-1]
            assert isinstance(last, cst.Return)
            assert last.value is not None
            first = line.with_changes(body=[*before, cst.Expr(last.value)])
            return cst.FlattenSentinel([first, cst.SimpleStatementLine([cst.Return()])])

        around = piece.parent(statement)
        if not isinstance(around, cst.SimpleStatementLine):
            raise RefusedError("one line: what returns a call stands on the line of its condition")
        piece.change(around, parted)

    def _remove(self, piece: Piece, gone: Sequence[ast.stmt]) -> None:
        """Take statements out, with an ``else`` that they are all of."""
        for statement in gone:
            block = self._text.block(statement)
            around = self._text.parents[statement]
            if (
                all(other in gone for other in block)
                and block is getattr(around, "orelse", None)
                and isinstance(around, ast.If)
                and not self._is_elif(around)
            ):
                node = piece.parent(piece.parent(piece.parent(self._node(piece, statement))))
                if isinstance(node, cst.Else):
                    if statement is block[0]:
                        piece.change(node, lambda _: cst.RemoveFromParent())
                    continue
            piece.change(self._node(piece, statement), lambda _: cst.RemoveFromParent())

    def _is_elif(self, node: ast.If) -> bool:
        return len(node.orelse) == 1 and isinstance(node.orelse[0], ast.If)

    # What was made to be returned

    def _unmade(self, piece: Piece, name: str) -> list[ast.stmt]:
        """The statements that only make what a local variable holds, which is returned and nothing else; none if it is not."""
        program, function = self._program, self._function
        number = program.facts[program.index.file_of[function]].name_index[name]
        found = writes(program, function, number, self._is_returned)
        return self._gone(piece, found)

    def _gone(self, piece: Piece, found: Sequence[Write]) -> list[ast.stmt]:
        """The statements of writes that go; those of which a call is left are changed. None if one can do neither."""
        gone: dict[ast.stmt, None] = {}
        kept: list[ast.Assign] = []
        evidence: list[Evidence] = []
        for write in found:
            place = self._program.index.place(write.site)
            statement = self._text.statement(place.line, place.column)
            single = not isinstance(statement, ast.Assign) or (
                len(statement.targets) == 1 and not isinstance(statement.targets[0], ast.Tuple | ast.List)
            )
            if not single or not isinstance(statement, ast.Assign | ast.AnnAssign | ast.AugAssign | ast.Expr):
                return []
            spare = [spare_evidence(self._program, value) for value in write.values]
            proved = all(piece.proof is Proof.PROVED for piece in spare)
            computes = all(only_computes(self._program, value) for value in write.values)
            if proved or (computes and not self._text.is_tried(statement)):
                around = self._text.parents[statement]
                if around is not self._definition and len(self._text.block(statement)) == 1:
                    return []
                gone[statement] = None
                evidence += spare
            elif isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Call | ast.Await):
                kept.append(statement)
            else:
                return []
        self.evidence += evidence
        for statement in kept:
            piece.change(self._node(piece, statement), lambda updated: cst.Expr(updated.value))
        return [*gone]

    def _is_returned(self, site: Site) -> bool:
        code = self._program.facts[site.file].code
        return any(code[at.pc + 3] == site.pc for at in self._sites.values())


def _own(node: ast.AST) -> Iterator[ast.stmt]:
    """The statements of a function, those of functions in it left out."""
    for block in blocks(node):
        for child in block:
            if isinstance(child, ast.stmt):
                yield child
            if not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                yield from _own(child)


def _tails(block: Sequence[ast.AST], acting: Collection[ast.Return], *, alone: bool = True) -> Iterator[ast.Return]:
    """The returns after which a block would end anyway, and the function with it.

    Those that are all of a block are left where not ``alone``; those ``acting`` leave something behind.
    """
    match block[-1:]:
        case [ast.Return() as last]:
            if alone or len(block) > 1 or last in acting:
                yield last
            if last not in acting:
                yield from _tails(block[:-1][-1:], acting, alone=False)
        case [ast.If(body=body, orelse=orelse)]:
            yield from _tails(body, acting, alone=alone)
            yield from _tails(orelse, acting, alone=alone)
        case [ast.Try(body=body, handlers=handlers, orelse=orelse)]:
            yield from _tails(orelse or body, acting, alone=alone)
            for handler in handlers:
                yield from _tails(handler.body, acting, alone=alone)
        case [ast.With(body=body) | ast.AsyncWith(body=body)]:
            yield from _tails(body, acting, alone=alone)
        case [ast.Match(cases=cases)]:
            for case in cases:
                yield from _tails(case.body, acting, alone=alone)


def _without_annotation(node: cst.FunctionDef) -> cst.FunctionDef:
    assert node.returns is not None
    return node.with_changes(returns=node.returns.with_changes(annotation=cst.Name("None")))
