"""Inline function: the call that a function returns takes the place of each call of it, and the function goes."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import libcst as cst

from debloat.facts import data, ops
from debloat.model import Evidence, Fix, RefusedError
from debloat.program.constants import is_bound_once
from debloat.program.index import Site
from debloat.program.parameters import is_pure, purity_evidence
from debloat.program.queries import Call
from debloat.program.references import references
from debloat.program.shapes import origin
from debloat.refactor.classes import substituted
from debloat.refactor.comments import comment_evidence
from debloat.refactor.naming import Imports
from debloat.refactor.places import expression
from debloat.refactor.rewriting import Rewriting
from debloat.refactor.source import source
from debloat.refactor.uses import calls_of, forget_all, going, is_inside, line_of, statement_of

if TYPE_CHECKING:
    from debloat.program import Program
    from debloat.refactor.requests import Inline


_EQUAL = cst.AssignEqual(cst.SimpleWhitespace(""), cst.SimpleWhitespace(""))


def inline(asked: Inline, program: Program) -> Fix:
    """The edits. Raises RefusedError where a call cannot give way to what the function returns."""
    rewriting = Rewriting(program)
    imports = Imports(program, rewriting, going(program, asked.function))
    statement = statement_of(program, asked.function)
    returned = _returned(statement)
    path = program.index.span(asked.function).path
    template = _template(source(program, path).text, returned)
    found, calls = references(program, asked.function), calls_of(program, asked.function)
    callees = {Site(call.site.file, program.facts[call.site.file].code[call.site.pc + 5]) for call in calls}
    if any(
        site not in callees and not is_inside(program, asked.function, program.index.scope_at(site))
        for site in found.reads
    ):
        raise RefusedError("used as a value: not every use is a call")
    if any(program.facts[file].imports[number].scope for file, number in found.imports):
        raise RefusedError("local import: a function imports it")
    evidence: list[Evidence] = []
    for call in calls:
        names = _names(asked, program, imports, returned, call.site)
        callee = cst.parse_expression(_callee(asked, program, imports, call.site))
        evidence += _place(asked, program, rewriting, call, template.with_changes(func=callee), names, returned)
    evidence += forget_all(program, rewriting, imports, asked.function, found)
    rewriting.delete(path, statement)
    edits = tuple(rewriting.edits())
    return Fix(edits, (*evidence, *imports.evidence, *comment_evidence(rewriting)))


def _parameters(asked: Inline, program: Program) -> Sequence[str]:
    names = program.facts[program.index.file_of[asked.function]].names
    return [names[parameter.name] for parameter in program.index.scopes[asked.function].parameters]


def _callee(asked: Inline, program: Program, imports: Imports, site: Site) -> str:
    """How the class that is constructed is written at a place."""
    file = program.index.file_of[asked.function]
    fact = program.facts[file]
    body = fact.instructions(asked.function - program.index.base[file])
    (call,) = (pc for pc in body if fact.code[pc] == ops.CALL)
    match list(program.names.static(Site(file, fact.code[call + 5]))):
        case [("class", int(cls))] if program.index.scopes[program.index.parent(cls)].kind == data.MODULE:
            home, name = program.index.file_of[cls], program.index.name(cls)
            scope = program.index.scope_at(site)
            return imports.naming(site.file, home, name, [scope], line_of(program, site))
    raise RefusedError("not written: the class is in no module")


def _names(
    asked: Inline, program: Program, imports: Imports, returned: ast.Call, site: Site
) -> Mapping[str, cst.BaseExpression]:
    """What is written at a place for the arguments of the expression that are no parameters."""
    file = program.index.file_of[asked.function]
    fact = program.facts[file]
    body = [Site(file, pc) for pc in fact.instructions(asked.function - program.index.base[file])]
    scope = program.index.scope_at(site)
    found: dict[str, cst.BaseExpression] = {}
    for name in sorted({node.id for node in _values(returned) if isinstance(node, ast.Name)}):
        if name in _parameters(asked, program):
            continue
        if program.index.resolve(asked.function, fact.name_index[name]) != program.index.base[file]:
            raise RefusedError(f"not written: {name} is no variable of the module")
        reads = [site for site in body if fact.code[site.pc] == ops.NAME and fact.names[fact.code[site.pc + 3]] == name]
        if not all(is_bound_once(program, read) for read in reads):
            raise RefusedError(f"rebound: {name} may be something else by then")
        home, original = origin(program, file, name)
        if isinstance(home, str):
            raise RefusedError(f"not written: {name} is not of the program")
        text = imports.naming(site.file, home, original, [scope], line_of(program, site))
        found[name] = cst.parse_expression(text)
    return found


def _place(
    asked: Inline,
    program: Program,
    rewriting: Rewriting,
    call: Call,
    template: cst.Call,
    names: Mapping[str, cst.BaseExpression],
    returned: ast.Call,
) -> Iterator[Evidence]:
    """Put the expression in the place of one call."""
    given = {value: position for position, values in call.binding.given.items() for value in values}
    parameters = _parameters(asked, program)
    if len(given) != len(call.arguments.positional) + len(call.arguments.keywords) or call.binding.unsure:
        raise RefusedError("unpacked arguments: what they hold is not seen")
    if len(call.binding.given) != len(parameters):
        raise RefusedError("default: a call leaves out an argument")
    order = [parameters[given[value]] for value, _ in call.arguments.positional]
    order += [parameters[given[value]] for _, value in call.arguments.keywords]
    reads = [node.id for node in _values(returned) if isinstance(node, ast.Name) and node.id in parameters]
    sites = {parameters[position]: Site(call.site.file, value) for value, position in given.items()}
    yield from _check_order(program, order, reads, sites)
    span, _ = expression(program, call.site)

    def placed(old: cst.Call) -> cst.BaseExpression:
        new = [argument.value.value if isinstance(argument.value, cst.Name) else "" for argument in template.args]
        if new == order:  # the call keeps its lines and comments
            keywords = [argument.keyword for argument in template.args]
            args = [
                argument.with_changes(keyword=keyword, equal=_EQUAL if keyword else cst.MaybeSentinel.DEFAULT)
                for argument, keyword in zip(old.args, keywords, strict=True)
            ]
            return old.with_changes(func=template.func, args=args)
        values = {name: argument.value for name, argument in zip(order, old.args, strict=True)}
        args = [substituted(argument, {**names, **values}) for argument in template.args]
        return cst.Call(template.func, args, lpar=old.lpar, rpar=old.rpar)

    rewriting.at(span, cst.Call, placed)


def _returned(statement: ast.stmt) -> ast.Call:
    """The call of a dotted name, with names and literals, that is all a function returns. Raises RefusedError."""
    match statement:
        case ast.FunctionDef(body=[*before, ast.Return(value=ast.Call() as call)], decorator_list=[]):
            plain = all(isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) for node in before)
            callee = call.func
            while isinstance(callee, ast.Attribute):
                callee = callee.value
            if (
                plain
                and isinstance(callee, ast.Name)
                and all(isinstance(value, ast.Name | ast.Constant) for value in _values(call))
            ):
                return call
    raise RefusedError("not of the form: it does more than to return a call of names and literals")


def _values(call: ast.Call) -> Iterator[ast.expr]:
    """The arguments of a call in the order of their evaluation."""
    yield from call.args
    yield from (keyword.value for keyword in call.keywords)


def _template(text: str, call: ast.Call) -> cst.Call:
    """An expression of a text on one line."""
    parsed = cst.parse_expression(ast.get_source_segment(text, call) or "")
    assert isinstance(parsed, cst.Call)
    return cst.Call(parsed.func, [_named(argument.value, argument.keyword) for argument in parsed.args])


def _named(value: cst.BaseExpression, keyword: cst.Name | None) -> cst.Arg:
    return cst.Arg(value, keyword, equal=_EQUAL if keyword else cst.MaybeSentinel.DEFAULT)


def _check_order(
    program: Program, order: Sequence[str], reads: Sequence[str], sites: Mapping[str, Site]
) -> Iterator[Evidence]:
    """Evidence for arguments that go. Raises RefusedError where one would be evaluated more than once or in another order."""
    counts = Counter(reads)
    acting = any(not is_pure(program, sites[name]) for name in order)
    # What one argument does may bind a name that another one reads.
    moving = [name for name in order if acting and not _is_literal(program, sites[name])]
    if [name for name in reads if name in moving] != [name for name in moving if counts[name]]:
        raise RefusedError("order: arguments would be evaluated in another order or more than once")
    for name in order:
        code = program.facts[sites[name].file].code
        if counts[name] > 1 and code[sites[name].pc] not in (ops.NAME, ops.CONST):
            raise RefusedError("order: an argument would be evaluated more than once")
        if not counts[name]:
            yield from purity_evidence(program, [sites[name]])


def _is_literal(program: Program, site: Site) -> bool:
    return program.facts[site.file].code[site.pc] == ops.CONST
