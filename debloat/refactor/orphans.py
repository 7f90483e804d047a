"""Imports that fixes have made useless: what the text used before and uses no more."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from debloat.facts import data
from debloat.model import Edit, Evidence, Proof, RefusedError, Span
from debloat.program.effects import DOING
from debloat.program.index import Site
from debloat.program.mentions import accessed, mentions
from debloat.refactor.check import apply
from debloat.refactor.listed import Splice, without
from debloat.refactor.missed import import_evidence, is_marked
from debloat.refactor.rewriting import line_edits
from debloat.refactor.source import Source, first_line, last_line
from debloat.refactor.statements import deletions

if TYPE_CHECKING:
    from debloat.program import Program

_WORD = re.compile(r"[^\W\d]\w*")
_GENERICS = frozenset({"list", "dict", "tuple", "set", "frozenset", "type"})
# Functions that take types as strings.
_TYPING = frozenset({"cast", "TypeVar", "ForwardRef", "NewType", "NamedTuple", "TypedDict"})


class Imported(NamedTuple):
    """One name of an import statement, and the name by which code has it."""

    statement: ast.Import | ast.ImportFrom
    alias: ast.alias
    bound: str


def without_orphans(program: Program, path: str, before: str, after: str, lowest: Proof) -> str:
    """The text ``after`` fixes without the imports that the text ``before`` them used and this one does not.

    An import goes if all evidence that nobody misses it is at least ``lowest``. ``program`` is as it was before the fixes.
    """
    while (again := _once(program, path, before, after, lowest)) != after:
        after = again  # an ``if TYPE_CHECKING:`` that goes leaves the import of that name
    return after


def _once(program: Program, path: str, before: str, after: str, lowest: Proof) -> str:
    old, new = Source(path, before.encode()), Source(path, after.encode())
    file = next(number for number, one in enumerate(program.files) if one.path == path)
    used, still_used = _used(old.tree), _used(new.tree)
    unused = [
        one
        for one in imported(new.tree)
        if one.bound in used - still_used and not is_kept(new, one) and not is_passed_on(program, file, one)
    ]
    while True:
        kept = [one for one in unused if any(piece.proof < lowest for piece in missed(program, file, new, one, unused))]
        kept += [one for one in unused if any(one.bound == other.bound for other in kept)]
        if not kept:
            break
        unused = [one for one in unused if one not in kept]
    try:
        return apply(after, [*edits(new, unused)])
    except RefusedError:
        return after


def edits(text: Source, unused: Sequence[Imported]) -> Iterator[Edit]:
    by_statement: dict[ast.Import | ast.ImportFrom, list[ast.alias]] = {}
    for one in unused:
        by_statement.setdefault(one.statement, []).append(one.alias)
    whole = [statement for statement, gone in by_statement.items() if len(gone) == len(statement.names)]
    yield from deletions(text, whole)
    for statement, gone in by_statement.items():
        if statement not in whole:
            splice = Splice(text, first_line(statement), last_line(statement))
            without(splice, statement.names, gone)
            yield from line_edits(text.path, splice.first, splice.old.decode(), splice.new())


def imported(tree: ast.Module) -> Iterator[Imported]:
    """The names that import statements bind, those of ``__future__`` and stars left out."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import) or (isinstance(node, ast.ImportFrom) and node.module != "__future__"):
            for alias in node.names:
                if alias.name != "*":
                    first = alias.name.partition(".")[0] if isinstance(node, ast.Import) else alias.name
                    yield Imported(node, alias, alias.asname or first)


def _used(tree: ast.Module) -> set[str]:
    """The names that code reads, those in strings that may be annotations, exports or examples among them."""
    found = spoken(tree)
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name, ctx=ast.Load() | ast.Del()):
                found.add(name)
            case ast.Global(names=names) | ast.Nonlocal(names=names):
                found.update(names)
    return found


def spoken(tree: ast.Module) -> set[str]:
    """The words of strings that may be annotations, exports or examples."""
    found: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Constant(value=str(text)) if ">>>" in text:
                found.update(_WORD.findall(text))
            case ast.Assign() | ast.AugAssign() | ast.Expr() if _is_of_all(node):
                found.update(_words(node))
            case ast.AnnAssign(annotation=annotation) | ast.arg(annotation=ast.expr() as annotation):
                found.update(_words(annotation))
            case (
                ast.FunctionDef(returns=ast.expr() as annotation)
                | ast.AsyncFunctionDef(returns=ast.expr() as annotation)
            ):
                found.update(_words(annotation))
            case ast.Subscript(value=ast.Name(id=name) | ast.Attribute(attr=name), slice=annotation) if (
                name[:1].isupper() or name in _GENERICS
            ):
                found.update(_words(annotation))
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)) if name in _TYPING:
                found.update(_words(node))
    return found


def _words(node: ast.AST) -> Iterator[str]:
    """The words in the strings of an expression or statement."""
    for inner in ast.walk(node):
        if isinstance(inner, ast.Constant) and isinstance(inner.value, str):
            yield from _WORD.findall(inner.value)


def _is_of_all(node: ast.AST) -> bool:
    return any(isinstance(inner, ast.Name) and inner.id == "__all__" for inner in ast.walk(node))


def is_kept(text: Source, one: Imported) -> bool:
    """Whether a comment marks an import, its name is exported or bound otherwise too, or a try asks whether it works."""
    if is_marked(text, one.statement) or _module(one) in DOING:
        return True
    if one.alias.asname == one.alias.name:
        return True
    around = text.parents[one.statement]
    while not isinstance(around, ast.Module):
        if isinstance(around, ast.Try | ast.ExceptHandler):
            return True
        around = text.parents[around]
    return any(
        isinstance(node, ast.Name) and node.id == one.bound and isinstance(node.ctx, ast.Store)
        for node in ast.walk(text.tree)
    )


def is_passed_on(program: Program, file: int, one: Imported) -> bool:
    """Whether others may take the name from here: modules, strings, and outsiders where it is a package's or listed."""
    name, own = one.bound, program.files[file]
    if name in (program.facts[file].exported or ()):
        return True
    if program.part(own.path).world == "library" and own.package:
        return True
    if any(program.names.exports(file, name) for _ in program.names.star_importers(file)):
        return True
    if _is_mentioned(program, own.module.rpartition(".")[2], name):
        return True
    if name in program.ask(mentions if program.names.is_value(file) else accessed) and program.names.escapes(file):
        return True
    return is_taken(program, file, name) or any(
        ("module", file) in program.names.static(Site(site.file, program.facts[site.file].code[site.pc + 3]))
        for site in program.index.attribute_reads(name)
    )


def is_taken(program: Program, file: int, name: str) -> bool:
    """Whether another module imports a name from a file."""
    return any(
        ("module", file) in program.names.module(program.index.target_module(importer, number)) and importer != file
        for importer, number in program.index.importers.get(name, ())
    )


def _is_mentioned(program: Program, stem: str, name: str) -> bool:
    """Whether a string has the dotted name of what a module imports, as ``patch`` takes it."""
    return any((stem, name) in pairwise(_WORD.findall(text)) for text in program.index.mentioned if name in text)


def missed(program: Program, file: int, text: Source, one: Imported, unused: Sequence[Imported]) -> Iterator[Evidence]:
    """What it rests on that nobody misses an import; nothing where it never runs or something else has run the module."""
    records = [
        number
        for number, record in enumerate(program.facts[file].imports)
        if record.bound == one.bound and record.module == _module(one) and record.name == _name(one)
    ]
    line = one.statement.lineno
    if not records:
        yield Evidence(
            "purity", Proof.UNKNOWN, Span(text.path, line, 0, line, 0), "new: a fix has put the import there"
        )
        return
    if program.facts[file].imports[records[0]].guard == data.TYPE_CHECKING:
        return
    stays = [other for other in imported(text.tree) if other not in unused]
    partly = any(other.statement is one.statement for other in stays) and isinstance(one.statement, ast.ImportFrom)
    left = {(_module(other), _name(other), other.bound) for other in stays}

    def is_left(number: int) -> bool:
        record = program.facts[file].imports[number]
        return (record.module, record.name, record.bound) in left

    dotted, place = program.index.target_module(file, records[0]), program.facts[file].imports[records[0]].line
    if not partly:
        yield from import_evidence(program, file, dotted, place, is_left)
    if _name(one) and any(value[0] == "module" for value in program.names.imported(file, records[0])):
        yield from import_evidence(program, file, f"{dotted}.{_name(one)}", place, is_left)


def _module(one: Imported) -> str:
    return one.alias.name if isinstance(one.statement, ast.Import) else one.statement.module or ""


def _name(one: Imported) -> str:
    return "" if isinstance(one.statement, ast.Import) else one.alias.name
