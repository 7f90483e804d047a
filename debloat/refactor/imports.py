"""Imports of a text: names that go, names that nothing reads any more, and names that come, where the sorting puts them."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator, Set
from typing import TYPE_CHECKING, NamedTuple

import libcst as cst

from debloat.facts import data
from debloat.model import Edit, RefusedError, Span
from debloat.program.exports import exports
from debloat.refactor.check import apply
from debloat.refactor.source import Source, first_line, last_line
from debloat.refactor.statements import deletions

if TYPE_CHECKING:
    from debloat.program import Program

_WORD = re.compile(r"[^\W\d]\w*")
_TYPING = ("TYPE_CHECKING", "typing.TYPE_CHECKING")
Statement = ast.Import | ast.ImportFrom


class Wanted(NamedTuple):
    """What a file is to import: a module as it is written, a name of it or none, whether only type checkers need it.

    ``alias`` is the name to bind where it is another one.
    """

    module: str
    name: str
    typing: bool
    alias: str = ""

    @property
    def code(self) -> str:
        """The statement."""
        what = f"from {self.module} import {self.name}" if self.name else f"import {self.module}"
        return f"{what} as {self.alias}" if self.alias else what


def module_name(program: Program, file: int, target: int, *, relative: bool) -> str:
    """How a file names a module of the program in an import."""
    names = [program.files[target].module, *program.files[target].aliases]
    own = program.files[file].module.split(".")
    package = own if program.files[file].package else own[:-1]
    if relative and package and names[0].split(".")[0] == own[0]:
        parts = names[0].split(".")
        common = next((n for n, (a, b) in enumerate(zip(package, parts, strict=False)) if a != b), None)
        common = min(len(package), len(parts)) if common is None else common
        return "." * (len(package) - common + 1) + ".".join(parts[common:])
    used = {imported.module for fact in program.facts for imported in fact.imports if not imported.level}
    return next((name for name in names if name in used), names[0])


def closes_cycle(program: Program, file: int, target: int, without: Set[tuple[int, int]]) -> bool:
    """Whether a file would run while it is itself being imported, if it imported a target and some imports were gone."""
    waiting = [target]
    for module in waiting:  # grows while it is walked
        if module == file:
            return True
        waiting += [other for other in _loads(program, module, without) if other not in waiting]
    return False


def _loads(program: Program, file: int, without: Set[tuple[int, int]]) -> Iterator[int]:
    """The modules that a module needs to be there while it runs."""
    for number, imported in enumerate(program.facts[file].imports):
        if imported.guard != data.TYPE_CHECKING and not imported.scope and (file, number) not in without:
            dotted = program.index.target_module(file, number)
            for name in (dotted, f"{dotted}.{imported.name}"):
                if name in program.index.modules:
                    yield program.index.modules[name]


def needed_elsewhere(program: Program, file: int, name: str) -> bool:
    """Whether others may have a name of a module from it."""
    if program.names.star_importers(file) or ("variable", program.index.base[file], name) in program.ask(exports):
        return True
    module = ("module", file)
    return any(
        module in program.names.module(program.index.target_module(importer, number))
        for importer, number in program.index.importers.get(name, ())
        if importer != file
    ) or any(
        module in program.names.static(site._replace(pc=program.facts[site.file].code[site.pc + 3]))
        for site in program.index.attribute_reads(name)
    )


def uses(text: str) -> Set[str]:
    """The names that a text reads; the words of strings that are no docstrings count as such."""
    tree = Source("", text.encode()).tree
    prose = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    found = set()
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name):
                found.add(name)
            case ast.Constant(value=str(value)) if id(node) not in prose and len(value) < 200:
                found.update(_WORD.findall(value))
    return found


def imported(text: str) -> Set[str]:
    """The names that the imports of a text bind."""
    return {bound(alias) for statement in _imports(Source("", text.encode())) for alias in statement.names}


def imported_future(source: Source) -> Set[str]:
    """The features of later Pythons that a file asks for."""
    return {
        alias.name
        for node in source.tree.body
        if isinstance(node, ast.ImportFrom) and node.module == "__future__"
        for alias in node.names
    }


def bound(alias: ast.alias) -> str:
    """The name that an import binds."""
    return alias.asname or alias.name.partition(".")[0]


def without(text: str, names: Set[str]) -> str:
    """A text whose imports do not bind some names. Raises RefusedError."""
    source = Source("", text.encode())
    for statement in _imports(source):
        left = [alias for alias in statement.names if bound(alias) not in names]
        if len(left) < len(statement.names):
            edits = [_less(source, statement, names)] if left else deletions(source, [_whole(source, statement)])
            return without(apply(text, [*edits]), names)
    return text


def _whole(source: Source, statement: ast.stmt) -> ast.stmt:
    """What goes with a statement: also the block for type checkers that holds nothing else."""
    around = source.around(statement)
    if isinstance(around, ast.If) and _is_typing(around) and around.body == [statement] and not around.orelse:
        return around
    return statement


def _less(source: Source, statement: Statement, names: Set[str]) -> Edit:
    """A statement without some of the names it imports."""
    indent, node = _parsed(source, statement)
    old = _aliases(node)
    kept = [alias for alias in old if _bound(alias) not in names]
    kept[-1] = kept[-1].with_changes(comma=old[-1].comma)
    return _put(source, statement, indent, node.with_changes(names=kept))


def _parsed(source: Source, statement: Statement) -> tuple[str, cst.ImportFrom | cst.Import]:
    """The statement as a tree, with its indentation. Raises RefusedError where it shares its lines."""
    first, last = statement.lineno, last_line(statement)
    lines = source.lines[first - 1 : last]
    indent = lines[0][: len(lines[0]) - len(lines[0].lstrip())]
    try:
        module = cst.parse_module("".join(lines)[len(indent) :])
    except cst.ParserSyntaxError:
        module = cst.Module([])
    match module.body:
        case [cst.SimpleStatementLine(body=[cst.ImportFrom() | cst.Import() as node])]:
            return indent, node
    raise RefusedError(f"shared line: {source.path}:{first} has more than an import")


def _aliases(node: cst.ImportFrom | cst.Import) -> list[cst.ImportAlias]:
    return [] if isinstance(node.names, cst.ImportStar) else [*node.names]


def _put(source: Source, statement: Statement, indent: str, node: cst.ImportFrom | cst.Import) -> Edit:
    """The edit that makes a statement one that is a tree."""
    first, last = statement.lineno, last_line(statement)
    code = cst.parse_module("".join(source.lines[first - 1 : last])[len(indent) :])
    line = code.body[0].with_changes(body=[node])
    return Edit(Span(source.path, first, 0, last + 1, 0), indent + code.with_changes(body=[line]).code)


def _bound(alias: cst.ImportAlias) -> str:
    return alias.evaluated_alias or alias.evaluated_name.partition(".")[0]


def added(text: str, wanted: Wanted, own: Set[str]) -> str:
    """A text that imports a name at its top; ``own`` are the first names of the project's modules. Raises RefusedError."""
    source = Source("", text.encode())
    newline = _newline(text)
    block = source.tree.body
    if wanted.typing:
        block = next((node.body for node in block if isinstance(node, ast.If) and _is_typing(node)), [])
    present = [node for node in block if isinstance(node, Statement)]
    if wanted.typing and not present:
        text = added(text, Wanted("typing", "TYPE_CHECKING", typing=False), own)
        source = Source("", text.encode())
        line = last_line([node for node in source.tree.body if isinstance(node, Statement)][-1]) + 1
        code = f"{newline}if TYPE_CHECKING:{newline}    {wanted.code}{newline}"
        return apply(text, [Edit(Span("", line, 0, line, 0), code)])
    for statement in present:
        if isinstance(statement, ast.ImportFrom) and wanted.name and _written(statement) == wanted.module:
            if any(wanted.name == alias.name and (wanted.alias or None) == alias.asname for alias in statement.names):
                return text
            if not wanted.alias and statement.names[0].name != "*":
                return apply(text, [_more(source, statement, wanted.name)])
    if not present:
        return _begun(source, wanted.code + newline)
    section, rank = _section(wanted.module, own), (bool(wanted.name), wanted.module)
    sections = [(_section(_written(statement), own), statement) for statement in present]
    before = [
        (number, statement)
        for number, statement in sections
        if number < section or (number == section and _rank(statement) <= rank)
    ]
    indent = " " * present[0].col_offset
    beside = [statement for number, statement in sections if number == section]
    if beside and (not before or before[-1][0] != section):
        line = first_line(beside[0])
        return apply(text, [Edit(Span("", line, 0, line, 0), f"{indent}{wanted.code}{newline}")])
    if before:
        number, statement = before[-1]
        line, gap = last_line(statement) + 1, "" if number == section else newline
        return apply(text, [Edit(Span("", line, 0, line, 0), f"{gap}{indent}{wanted.code}{newline}")])
    line = first_line(present[0])
    return apply(text, [Edit(Span("", line, 0, line, 0), f"{indent}{wanted.code}{newline}{newline}")])


def _begun(source: Source, code: str) -> str:
    """The first import of a text: below its docstring."""
    body = source.tree.body
    newline = _newline(source.text)
    match body:
        case [ast.Expr(value=ast.Constant(value=str())) as docstring, *_]:
            line = last_line(docstring) + 1
            return apply(source.text, [Edit(Span("", line, 0, line, 0), f"{newline}{code}")])
    line = first_line(body[0]) if body else 1
    while line > 1 and source.lines[line - 2].startswith("#") and not source.lines[line - 2].startswith("#!"):
        line -= 1
    gap = newline * (2 if body and isinstance(body[0], ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) else 1)
    return apply(source.text, [Edit(Span("", line, 0, line, 0), f"{code}{gap}")])


def _more(source: Source, statement: ast.ImportFrom, name: str) -> Edit:
    """A statement that imports one name more, where its order puts it."""
    indent, node = _parsed(source, statement)
    old = _aliases(node)
    at = next((n for n, alias in enumerate(old) if _order(_bound(alias)) > _order(name)), len(old))
    between = next((alias.comma for alias in old[:-1]), cst.Comma(whitespace_after=cst.SimpleWhitespace(" ")))
    new = cst.ImportAlias(cst.Name(name))
    if at == len(old):
        names = [*old[:-1], old[-1].with_changes(comma=between), new.with_changes(comma=old[-1].comma)]
    else:
        names = [*old[:at], new.with_changes(comma=between), *old[at:]]
    return _put(source, statement, indent, node.with_changes(names=names))


def _order(name: str) -> tuple[int, str]:
    """Constants, then classes, then the rest, as import sorters have it."""
    return (0 if name.isupper() and len(name) > 1 else 1 if name[:1].isupper() else 2), name


def _rank(statement: Statement) -> tuple[bool, str]:
    return isinstance(statement, ast.ImportFrom), _written(statement)


def _section(module: str, own: Set[str]) -> int:
    top = module.partition(".")[0]
    if module.startswith("."):
        return 4
    return 0 if top == "__future__" else 1 if top in sys.stdlib_module_names else 3 if top in own else 2


def _written(statement: Statement) -> str:
    if isinstance(statement, ast.ImportFrom):
        return "." * statement.level + (statement.module or "")
    return statement.names[0].name


def _newline(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"


def _is_typing(node: ast.If) -> bool:
    return ast.unparse(node.test) in _TYPING


def _imports(source: Source) -> Iterator[Statement]:
    for node in ast.walk(source.tree):
        if isinstance(node, Statement) and not (isinstance(node, ast.ImportFrom) and node.module == "__future__"):
            yield node
