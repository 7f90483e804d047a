"""Drop parameter: from the definition, from every call and from the docstring; what it always is goes into the body."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING

import libcst as cst

from debloat.facts import data
from debloat.model import Evidence, Fix, Proof, RefusedError, Span
from debloat.program.binding import Arguments, arguments
from debloat.program.constants import default_site, fixed
from debloat.program.index import Site
from debloat.program.mentions import mentions
from debloat.program.parameters import purity_evidence
from debloat.program.queries import Call, callers, reads
from debloat.program.unpacked import unpackings
from debloat.refactor.comments import comment_evidence
from debloat.refactor.constant import Constant
from debloat.refactor.docstring import without_entry
from debloat.refactor.naming import Imports
from debloat.refactor.places import expression, span_of
from debloat.refactor.rewriting import Piece, Rewriting
from debloat.refactor.signature import without_arguments, without_default, without_parameter
from debloat.refactor.source import Source, source
from debloat.refactor.spelling import spelled

if TYPE_CHECKING:
    from debloat.program import Program
    from debloat.refactor.requests import Drop, Dropped, Require

_Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def drop(asked: Drop, program: Program) -> Fix:
    """The edits. Raises RefusedError where a call or the definition does not allow them."""
    rewriting = Rewriting(program)
    imports = Imports(program, rewriting)
    evidence: list[Evidence] = []
    shorter: dict[Site, tuple[Arguments, set[int]]] = {}
    for dropped in asked.parameters:
        definition = definition_of(program, dropped.function)
        parameter = program.index.scopes[dropped.function].parameters[dropped.position]
        name = program.facts[program.index.file_of[dropped.function]].names[parameter.name]
        constant = _constant(dropped, program, imports, name)
        gone = {one.position for one in asked.parameters if one.function == dropped.function}
        if _is_needless(program, dropped.function, definition, gone):
            rewriting.delete(program.index.span(dropped.function).path, definition)
        else:
            _change(dropped, program, rewriting, definition, name, constant)
        for call in _calls(program, dropped.function):
            given = call.binding.given.get(dropped.position, ())
            shorter.setdefault(call.site, (call.arguments, set()))[1].update(given)
        evidence += documentation(program, rewriting, dropped.function, definition, name)
        if parameter.kind in (data.VAR_POSITIONAL, data.VAR_KEYWORD):
            for site, value in unpackings(program, dropped.function, name) or ():
                passed = arguments(program.facts[site.file], site.pc)
                shorter.setdefault(site, (passed, set()))[1].add(value)
        default = default_site(program, dropped.function, dropped.position)
        if default is not None and not dropped.values:
            evidence += purity_evidence(program, [default])
        evidence += _patch_evidence(program, dropped.values)
    for site, (passed, values) in shorter.items():
        _shorten(program, rewriting, site, passed, values)
    edits = tuple(rewriting.edits())
    return Fix(edits, (*evidence, *imports.evidence, *comment_evidence(rewriting)))


def _constant(dropped: Dropped, program: Program, imports: Imports, name: str) -> Constant | None:
    if not dropped.values:
        return None
    places = reads(program, dropped.function, name)
    scopes = sorted({dropped.function, *(program.index.scope_at(site) for site in places)})
    return spelled(program, imports, dropped.values, dropped.function, scopes)


def _is_needless(program: Program, function: int, definition: _Definition, gone: Collection[int]) -> bool:
    """Whether a constructor has neither code nor, some being gone, parameters but one, and takes the place of none."""
    rest = {*range(len(program.index.scopes[function].parameters))}.difference(gone)
    if program.index.name(function) != "__init__" or not isinstance(definition.body[0], ast.Pass) or rest != {0}:
        return False
    return hides_no_constructor(program, program.index.parent(function))


def hides_no_constructor(program: Program, cls: int) -> bool:
    """Whether a class whose constructor does nothing is the same without it: no base has one."""
    hierarchy, calls = program.hierarchy, program.analysis.calls
    return all(
        base == "abc.ABC"
        or (
            isinstance(base, int)
            and not calls.is_model(base)
            and (base == cls or not hierarchy.binds(base, "__init__"))
        )
        for base in hierarchy.order(cls)
    )


def _change(
    dropped: Dropped,
    program: Program,
    rewriting: Rewriting,
    definition: _Definition,
    name: str,
    constant: Constant | None,
) -> None:
    file = program.index.file_of[dropped.function]
    count = len(set(reads(program, dropped.function, name)))
    rebound = bool(program.index.scopes[dropped.function].bound[program.facts[file].name_index[name]])
    span = program.index.span(dropped.function)

    def plan(piece: Piece) -> None:
        function = piece.node(cst.FunctionDef, span._replace(end_line=span.line, end_column=span.column))
        if constant is not None:
            constant.put(piece, function, name, count, rebound=rebound)
        piece.change(function, lambda node: without_parameter(node, name))

    rewriting.on(span_of(span.path, definition), plan)


def _shorten(program: Program, rewriting: Rewriting, call: Site, passed: Arguments, values: Collection[int]) -> None:
    """Take arguments out of a call."""
    positional = [place for place, (value, _) in enumerate(passed.positional) if value in values]
    keywords = [place for place, (_, value) in enumerate(passed.keywords) if value in values]
    if values:
        span, _ = expression(program, call)
        rewriting.at(span, cst.Call, lambda node: without_arguments(node, positional, keywords))


def require(asked: Require, program: Program) -> Fix:
    """The edits. Raises RefusedError where the definition does not allow them."""
    rewriting = Rewriting(program)
    sites = []
    for function, position in asked.parameters:
        parameter = program.index.scopes[function].parameters[position]
        definition = definition_of(program, function)
        span = program.index.span(function)
        name = program.facts[program.index.file_of[function]].names[parameter.name]
        rewriting.on(span_of(span.path, definition), partial(_require, span, name))
        sites += [site for site in [default_site(program, function, position)] if site is not None]
    edits = tuple(rewriting.edits())
    return Fix(edits, (*purity_evidence(program, sites), *comment_evidence(rewriting)))


def _require(span: Span, name: str, piece: Piece) -> None:
    function = piece.node(cst.FunctionDef, span._replace(end_line=span.line, end_column=span.column))
    piece.change(function, lambda node: without_default(node, name))


def definition_of(program: Program, function: int) -> ast.FunctionDef | ast.AsyncFunctionDef:
    """The statement that defines a function. Raises RefusedError where more than it says what its parameters are."""
    span = program.index.span(function)
    text = source(program, span.path)
    statement = text.statement(span.line, span.column)
    if not isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
        raise RefusedError(f"not found in the text: a function at {span.path}:{span.line}")
    header = "".join(text.lines[statement.lineno - 1 : statement.body[0].lineno])
    if "# type:" in header.replace("# type: ignore", ""):
        raise RefusedError(f"type comment: that of {statement.name} names its parameters")
    return statement


def _calls(program: Program, function: int) -> Sequence[Call]:
    """The calls of a function, each once. Raises RefusedError where one does not tell what it gives."""
    variadic = any(parameter.kind == data.VAR_KEYWORD for parameter in program.index.scopes[function].parameters)
    found: dict[Site, Call] = {}
    for call in callers(program, function).calls:
        if found.setdefault(call.site, call).binding != call.binding:
            raise RefusedError("ambiguous call: it gives the parameter one of two arguments")
        if variadic and any(name is None for name, _ in call.arguments.keywords):
            raise RefusedError("unpacked arguments: what is left over would go elsewhere")
    return list(found.values())


def _patch_evidence(program: Program, values: Sequence[Site]) -> Iterator[Evidence]:
    """ASSUMED evidence where a string has the name of the function or class that is the value: it is looked up later."""
    for site in values[:1]:
        match fixed(program, site):
            case ("definition", int(scope)) if program.index.name(scope) in program.ask(mentions):
                note = f"assumes that nobody patches {program.index.name(scope)} by name"
                yield Evidence("callers", Proof.ASSUMED, program.index.place(site), note)


def documentation(
    program: Program, rewriting: Rewriting, function: int, definition: _Definition, name: str
) -> Iterator[Evidence]:
    """Take the parameter out of the docstring of a function, and of the class that it is the constructor of.

    Of a class, it is an attribute.
    """
    path = program.index.span(function).path
    documented = [definition]
    if program.index.name(function) == "__init__":
        text = source(program, path)
        around = text.around(definition)
        documented += [around] if isinstance(around, ast.ClassDef) else []
    for node in documented:
        span = docstring_of(source(program, path), node)
        if span is None:
            continue
        literal = _text(source(program, path), span)
        changed = without_entry(literal, name, attribute=isinstance(definition, ast.ClassDef))
        if changed != literal:
            rewriting.at(span, cst.SimpleString, partial(_with_value, value=changed))
            if "__doc__" in program.index.attribute_readers:
                note = "assumes that nobody relies on what the docstring says of the parameter"
                yield Evidence("reachability", Proof.ASSUMED, span, note)


def _with_value(node: cst.SimpleString, value: str) -> cst.SimpleString:
    return node.with_changes(value=value)


def docstring_of(text: Source, node: _Definition) -> Span | None:
    """Where the docstring of a definition stands, if it is one plain literal."""
    match node.body[0]:
        case ast.Expr(value=ast.Constant(value=str()) as literal):
            span = span_of(text.path, literal)
            return span if _text(text, span).rstrip()[-1] in "\"'" and _is_one(_text(text, span)) else None
    return None


def _text(text: Source, span: Span) -> str:
    lines = [line.encode() for line in text.lines[span.line - 1 : span.end_line]]
    lines[-1] = lines[-1][: span.end_column]
    lines[0] = lines[0][span.column :]
    return b"".join(lines).decode()


def _is_one(literal: str) -> bool:
    """Whether a text is one literal and no concatenation."""
    return isinstance(cst.parse_expression(literal), cst.SimpleString)
