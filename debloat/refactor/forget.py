"""Forget: an attribute that nobody reads is not written any more, nor declared, nor passed to its constructor."""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import TYPE_CHECKING

import libcst as cst

from debloat.facts import ops
from debloat.model import Evidence, Fix, Proof, RefusedError
from debloat.program.binding import arguments
from debloat.program.index import Site
from debloat.program.parameters import purity_evidence
from debloat.refactor.comments import comment_evidence
from debloat.refactor.drop import documentation, hides_no_constructor
from debloat.refactor.places import begin, expression, span_of
from debloat.refactor.rewriting import Rewriting
from debloat.refactor.signature import without_arguments
from debloat.refactor.source import Source, source
from debloat.values.spare import only_computes, spare_evidence
from debloat.values.unread import Unread, unread
from debloat.values.writing import Write

if TYPE_CHECKING:
    from debloat.program import Program
    from debloat.refactor.requests import Forget

_Assignment = ast.Assign | ast.AnnAssign | ast.AugAssign


def forget(asked: Forget, program: Program) -> Fix:
    """The edits. Raises RefusedError where what is written does something, or dead code still reads it."""
    found = program.ask(unread)[asked.cls, asked.name]
    if found.dead is not None:
        path, line, *_ = program.index.place(found.dead)
        raise RefusedError(f"still used: {path}:{line} reads it, which nothing uses")
    rewriting = Rewriting(program)
    evidence = [*unwrite(program, rewriting, found.writes, found.cls), *_body(program, rewriting, found)]
    for call, values in found.passed:
        evidence += purity_evidence(program, [Site(call.file, value) for value in values])
        _shorten(program, rewriting, call, values)
    edits = tuple(rewriting.edits())
    return Fix(edits, (*evidence, *comment_evidence(rewriting)))


def unwrite(
    program: Program,
    rewriting: Rewriting,
    writes: Sequence[Write],
    cls: int,
    is_spare: Callable[[Program, Site], bool] = only_computes,
) -> Iterator[Evidence]:
    """Delete statements that write an attribute of a class, or a variable where there is none (-1), save calls that do something.

    Evidence that nobody misses the values. Raises RefusedError.
    """
    gone: set[ast.stmt] = set()
    for write in writes:
        place = program.index.place(write.site)
        text = source(program, place.path)
        statement = text.statement(place.line, place.column)
        spare = {value: spare_evidence(program, value) for value in write.values}
        acting = [
            value
            for value, piece in spare.items()
            if not is_spare(program, value) or (piece.proof < Proof.PROVED and text.is_tried(statement))
        ]
        yield from (piece for value, piece in spare.items() if value not in acting)
        if isinstance(statement, ast.Assign) and len(statement.targets) > 1:
            _untarget(rewriting, text, statement, (place.line, place.column))
        elif not acting:
            require_needless(text, statement)
            rewriting.delete(text.path, statement)
            gone.add(statement)
            if cls >= 0:
                initialise_no_more(program, rewriting, cls, text, statement, gone)
        else:
            _keep(program, rewriting, statement, acting)


def initialise_no_more(
    program: Program, rewriting: Rewriting, cls: int, text: Source, statement: ast.stmt, gone: Collection[ast.stmt]
) -> None:
    """Delete a constructor of which nothing is left, where no base has one."""
    around = text.parents[statement]
    alone = hides_no_constructor(program, cls)
    match around:
        case ast.FunctionDef(name="__init__", args=ast.arguments(args=[_], kwonlyargs=[], vararg=None, kwarg=None)):
            if alone and all(node in gone for node in around.body):
                rewriting.delete(text.path, around)


def require_needless(text: Source, statement: ast.stmt) -> None:
    """Raise RefusedError for a statement that is all there is of a ``try``, or of a ``with`` or loop, that stays."""
    around = text.parents[statement]
    alone = len(text.block(statement)) == 1
    if alone and isinstance(around, ast.Try | ast.With | ast.AsyncWith | ast.For | ast.AsyncFor | ast.While):
        raise RefusedError(f"whole block: {text.path}:{statement.lineno} is all that stands in a block")


def _untarget(rewriting: Rewriting, text: Source, statement: ast.Assign, place: tuple[int, int]) -> None:
    """Take the attribute or variable out of the targets of an assignment."""
    at = [number for number, node in enumerate(statement.targets) if begin(node) == place]
    if len(at) != 1:
        raise RefusedError("bound elsewhere: it is one of several that are unpacked")

    def without(node: cst.Assign) -> cst.Assign:
        return node.with_changes(targets=[*node.targets[: at[0]], *node.targets[at[0] + 1 :]])

    rewriting.at(span_of(text.path, statement), cst.Assign, without)


def _keep(program: Program, rewriting: Rewriting, statement: ast.stmt, acting: Sequence[Site]) -> None:
    """Leave the one call of a statement that does something."""
    code = program.facts[acting[0].file].code
    if len(acting) > 1 or code[acting[0].pc] not in (ops.CALL, ops.AWAIT):
        raise RefusedError("acts: evaluating what is written does something")
    span, node = expression(program, acting[0])
    if not isinstance(statement, _Assignment) or statement.value is not node:
        raise RefusedError("acts: evaluating what is written does something")
    for kind in (cst.Assign, cst.AnnAssign, cst.AugAssign):
        if type(statement).__name__ == kind.__name__:
            rewriting.at(span_of(span.path, statement), kind, lambda updated: cst.Expr(updated.value))


def _body(program: Program, rewriting: Rewriting, found: Unread) -> Iterator[Evidence]:
    """Delete what the body of the class says of the attribute."""
    for site in found.bound:
        place = program.index.place(site)
        text = source(program, place.path)
        statement = text.statement(place.line, place.column)
        match statement:
            case ast.AnnAssign(annotation=annotation) if not _is_no_field(annotation):
                pass
            case ast.Assign(targets=[ast.Name()]):
                pass
            case _:
                raise RefusedError("bound elsewhere: the class declares it in another way")
        rewriting.delete(text.path, statement)
        code = program.facts[site.file].code
        if code[site.pc] == ops.STORE:
            value = Site(site.file, code[site.pc + 4])
            if not (found.is_field and code[value.pc] == ops.CALL) and not only_computes(program, value):
                raise RefusedError("acts: evaluating the default does something")
            yield spare_evidence(program, value)
    span = program.index.span(found.cls)
    definition = source(program, span.path).statement(span.line, span.column)
    assert isinstance(definition, ast.ClassDef)
    yield from documentation(program, rewriting, found.cls, definition, found.name)


def _is_no_field(annotation: ast.expr) -> bool:
    return any(word in ast.unparse(annotation) for word in ("ClassVar", "InitVar", "KW_ONLY"))


def _shorten(program: Program, rewriting: Rewriting, call: Site, values: Sequence[int]) -> None:
    """Take what a call gives the field out of it."""
    given = arguments(program.facts[call.file], call.pc)
    positional = [place for place, (value, _) in enumerate(given.positional) if value in values]
    keywords = [place for place, (_, value) in enumerate(given.keywords) if value in values]
    span, _ = expression(program, call)
    rewriting.at(span, cst.Call, lambda node: without_arguments(node, positional, keywords))
