"""Have all that names one class name another one: in code, annotations, ``__all__``, and then in the imports."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Set
from typing import TYPE_CHECKING

from debloat.facts import data
from debloat.model import RefusedError, Span
from debloat.program.index import Site
from debloat.program.references import references
from debloat.refactor import imports
from debloat.refactor.drafts import Drafts
from debloat.refactor.imports import Wanted
from debloat.refactor.places import expression, span_of
from debloat.refactor.source import Source, source

if TYPE_CHECKING:
    from debloat.program import Program


def rename(program: Program, drafts: Drafts, old: int, new: int, *, generic: bool) -> None:
    """Make each name of a class that of another one, which stands at the top of its module as it does.

    ``generic`` says that the old one took arguments in brackets, which the new one does not. Raises RefusedError.
    """
    found = references(program, old)
    named = {program.index.name(old)} | {program.facts[file].imports[number].bound for file, number in found.imports}
    for file in _files(program, old):
        _free(program, file, new)
    changes = []
    for site in found.reads:
        if program.names.static(site) != {("class", old)}:
            raise RefusedError(f"not certain: a name at {program.index.place(site).path} may mean something else")
        spans = _spans(program, site, generic)
        changes += [_quotes(program, site, old, new, span) or (span, program.index.name(new)) for span in spans]
    for file in _files(program, old):
        changes += _quoted(program, file, named, program.index.name(new), generic)
    drafts.replace(changes)


def reimport(program: Program, drafts: Drafts, old: int, new: int) -> None:
    """Have the files that were renamed in import the one class instead of the other. Raises RefusedError."""
    imported = references(program, old).imports
    moved = {(file, number) for file, number in imported if _is_from(program, file, number, old)}
    for file in _files(program, old):
        _import(program, drafts, file, old, new, moved)


def _files(program: Program, old: int) -> list[int]:
    """The files that name a class, and its own."""
    found = references(program, old)
    return sorted(
        {site.file for site in found.reads} | {file for file, _ in found.imports} | {program.index.file_of[old]}
    )


def _quotes(program: Program, site: Site, old: int, new: int, span: Span) -> tuple[Span, str] | None:
    """The annotation around a name in quotes, where it is evaluated before the class that it names is there."""
    home = program.index.file_of[new]
    eager = program.index.scopes[program.index.scope_at(site)].kind in (data.MODULE, data.CLASS)
    early = span.path == program.files[home].path and span.line <= program.index.scopes[new].end_line
    inside = program.index.span(old)
    moved = span.path == inside.path and inside.line < span.line <= inside.end_line
    if (
        not eager
        or not (early or moved)
        or "annotations" in imports.imported_future(source(program, program.files[home].path))
    ):
        return None
    text = source(program, span.path)
    for node in _typed(text.tree):
        whole = span_of(span.path, node)
        if (whole.line, whole.column) <= (span.line, span.column) and span[3:] <= whole[3:]:
            if whole.line != whole.end_line or whole.line != span.line:
                raise RefusedError(f"quoted: an annotation in {span.path}:{span.line} goes over several lines")
            line = text.lines[whole.line - 1].encode()
            parts = line[whole.column : span.column], line[span.end_column : whole.end_column]
            if any(quote in part for quote in (b"'", b'"') for part in parts):
                raise RefusedError(f"quoted: an annotation in {span.path}:{span.line} has strings")
            return whole, f'"{parts[0].decode()}{program.index.name(new)}{parts[1].decode()}"'
    return None


def _free(program: Program, file: int, new: int) -> None:
    """Refuse where a name would mean something else in a file."""
    fact, name = program.facts[file], program.index.name(new)
    for local, record in enumerate(fact.scopes):
        if fact.name_index.get(name, -1) in record.bound:
            scope = program.index.base[file] + local
            if program.names.variable(scope, name) != {("class", new)}:
                raise RefusedError(f"name taken: {name} is something else in {program.files[file].path}")


def _spans(program: Program, site: Site, generic: bool) -> Iterator[Span]:
    """Where a name stands, with the brackets behind it; one that is quoted is left to :func:`_quoted`."""
    place = program.index.place(site)
    text = source(program, place.path)
    try:
        span, node = expression(program, site)
    except RefusedError:
        if text.lines[place.line - 1].encode()[place.column : place.column + 2].strip(b"rRuU")[:1] in (b"'", b'"'):
            return
        raise
    if generic:
        statement = text.statement(place.line, place.column)
        bases = statement.bases if isinstance(statement, ast.ClassDef) else []
        for outer in ast.walk(statement):
            if isinstance(outer, ast.Subscript) and outer.value is node and outer not in bases:
                span = span_of(place.path, outer)
    yield span


def _quoted(program: Program, file: int, names: Set[str], new: str, generic: bool) -> Iterator[tuple[Span, str]]:
    """The strings in annotations, casts and ``__all__`` that hold a name."""
    path = program.files[file].path
    text = source(program, path)
    brackets = r"(?:\[[^\[\]]*\])?" if generic else ""
    pattern = re.compile(rf"(?<![\w.])(?:\w+\.)*(?:{'|'.join(sorted(names))})(?!\w){brackets}")
    if not any(name in text.text for name in names):
        return
    for node in _typed(text.tree):
        for part in ast.walk(node):
            if isinstance(part, ast.Constant) and isinstance(part.value, str) and pattern.search(part.value):
                span = span_of(path, part)
                if span.line != span.end_line:
                    raise RefusedError(f"quoted: an annotation in {path}:{span.line} goes over several lines")
                written = text.lines[span.line - 1].encode()[span.column : span.end_column].decode()
                yield span, pattern.sub(new, written)


def _typed(tree: ast.Module) -> Iterator[ast.expr]:
    yield from _exported(tree)
    for node in ast.walk(tree):
        match node:
            case ast.arg(annotation=ast.expr() as annotation) | ast.AnnAssign(annotation=annotation):
                yield annotation
            case (
                ast.FunctionDef(returns=ast.expr() as annotation)
                | ast.AsyncFunctionDef(returns=ast.expr() as annotation)
            ):
                yield annotation
            case ast.Call(func=ast.Name(id="cast") | ast.Attribute(attr="cast"), args=[first, _]):
                yield first


def _is_from(program: Program, file: int, number: int, scope: int) -> bool:
    """Whether an import has a class from the module that holds it."""
    return program.names.module(program.index.target_module(file, number)) == {("module", program.index.file_of[scope])}


def _import(program: Program, drafts: Drafts, file: int, old: int, new: int, moved: Set[tuple[int, int]]) -> None:
    fact, path, name = program.facts[file], program.files[file].path, program.index.name(new)
    home = program.index.file_of[new]
    numbers = [
        number
        for number, imported in enumerate(fact.imports)
        if imported.name != "*" and program.names.imported(file, number) == {("class", old)}
    ]
    guards = {fact.imports[number].guard for number in numbers}
    if any(fact.imports[number].scope for number in numbers) or guards - {data.PLAIN, data.TYPE_CHECKING}:
        raise RefusedError(f"local import: {path} imports it in a function or on a condition")
    reads = name in imports.uses(drafts.text(path)) or bool(numbers)
    there = file == home or any(
        program.names.imported(file, number) == {("class", new)}
        for number, imported in enumerate(fact.imports)
        if imported.bound == name and not imported.scope and (imported.guard == data.PLAIN or data.PLAIN not in guards)
    )
    gone = {fact.imports[number].bound for number in numbers}
    if any(imported.bound in gone and number not in numbers for number, imported in enumerate(fact.imports)):
        raise RefusedError(f"name taken: {path} imports two things by one name")
    if there or not reads:
        drafts.put(path, imports.without(drafts.text(path), gone))
        unlist(drafts, path, name, bound=there)
        return
    vanishing = {one for one in moved if all(other in moved for other in _beside(program, *one))}
    written = _written(program, file, numbers, home, moved)
    typing = guards == {data.TYPE_CHECKING}
    if not typing and imports.closes_cycle(program, file, home, vanishing):
        raise RefusedError(f"import cycle: {path} cannot import {name}, whose module imports it")
    drafts.add(path, Wanted(written, name, typing))
    drafts.put(path, imports.without(drafts.text(path), gone))


def _beside(program: Program, file: int, number: int) -> Iterator[tuple[int, int]]:
    """The imports of a file from the module of one of them."""
    dotted = program.index.target_module(file, number)
    for other in range(len(program.facts[file].imports)):
        if program.index.target_module(file, other) == dotted:
            yield file, other


def _written(program: Program, file: int, numbers: list[int], home: int, moved: Set[tuple[int, int]]) -> str:
    """The module from which a file is to import: that from which it did, unless that has the name no more."""
    for number in numbers:
        imported = program.facts[file].imports[number]
        if (file, number) not in moved or program.names.module(program.index.target_module(file, number)) == {
            ("module", home)
        }:
            return "." * imported.level + imported.module
    relative = any(imported.level for imported in program.facts[file].imports)
    return imports.module_name(program, file, home, relative=relative)


def unlist(drafts: Drafts, path: str, name: str, *, bound: bool) -> None:
    """Leave a name once in ``__all__`` where it is bound, and not at all where it is not."""
    text = Source(path, drafts.text(path).encode())
    listed = [entry for value in _exported(text.tree) for entry in getattr(value, "elts", ())]
    named = [entry for entry in listed if isinstance(entry, ast.Constant) and entry.value == name]
    for entry in named[1 if bound else 0 :][:1]:
        drafts.put(path, _without_entry(text, entry))
        unlist(drafts, path, name, bound=bound)


def _exported(tree: ast.Module) -> Iterator[ast.expr]:
    """What is assigned to ``__all__`` or added to it."""
    for node in ast.walk(tree):
        match node:
            case (
                ast.Assign(targets=[ast.Name(id="__all__")], value=value)
                | ast.AugAssign(target=ast.Name(id="__all__"), value=value)
                | ast.AnnAssign(target=ast.Name(id="__all__"), value=ast.expr() as value)
            ):
                yield value


def _without_entry(text: Source, entry: ast.expr) -> str:
    """A text without one entry of a list and the comma behind it, and without its line if it has that for itself."""
    lines = [line.encode() for line in text.lines]
    line = lines[entry.lineno - 1]
    before, after = line[: entry.col_offset], line[entry.end_col_offset :]
    if not before.strip() and after.strip() in (b",", b""):
        del lines[entry.lineno - 1]
    elif after.lstrip().startswith(b","):
        lines[entry.lineno - 1] = before + after.lstrip()[1:].lstrip(b" ")
    else:
        lines[entry.lineno - 1] = before.rstrip().removesuffix(b",") + after
    return b"".join(lines).decode()
