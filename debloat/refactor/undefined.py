"""After the edits of a fix: whatever is read by name in a file, or imported from it, is still there."""

from __future__ import annotations

import ast
import symtable
import warnings
from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING

from debloat.facts import data
from debloat.program.index import Site
from debloat.program.modules import prefixes
from debloat.program.names import BUILTINS
from debloat.refactor.source import source

if TYPE_CHECKING:
    from debloat.program import Program

_GIVEN = BUILTINS | {
    "__annotations__",
    "__builtins__",
    "__debug__",
    "__class__",
    "__package__",
    "__loader__",
    "__module__",
}
_GIVEN |= {"__qualname__"}


def undefined(
    program: Program, texts: Mapping[str, str], removed: Collection[str], paths: Collection[str]
) -> str | None:
    """Which name the new ``texts`` of files leave undefined that was defined before; None if there is none.

    ``paths`` are the files to look at, ``removed`` those that go; both are of the program as it was before. Raises SyntaxError
    for a file that does not compile as it is.
    """
    numbers = {file.path: number for number, file in enumerate(program.files)}
    for path in sorted(paths):
        number = numbers[path]
        if path in removed:
            if (importer := _imports_module(program, number, texts, removed)) is not None:
                return f"{importer} imports {path}, which goes"
            continue
        was, now = _before(program, path), _Names(texts[path])
        for name in sorted(now.missing - was.missing):
            return f"{name} would be undefined"
        if not program.facts[number].flags & data.MODULE_GETATTR:
            for name in sorted(was.bound - now.bound):
                if (reader := _reads_from(program, number, name, texts, removed)) is not None:
                    return f"{reader} takes {name} from {path}, which has it no more"
        for module, name in sorted(now.imports - was.imports):
            if not _has(program, number, module, name, texts, removed):
                return f"{name} cannot be imported from {module.lstrip('.')}"
    return None


class _Names:
    """The names of a module: ``bound`` by it, ``missing`` where they are read, ``imports`` from others (module, name)."""

    def __init__(self, text: str) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            table = symtable.symtable(text, "module", "exec")
            self.tree = ast.parse(text)
        self.bound: set[str] = set()
        read: set[str] = set()
        for scope in _scopes(table):
            for symbol in scope.get_symbols():
                binds = symbol.is_assigned() or symbol.is_imported() or symbol.is_namespace()
                if binds and (scope is table or symbol.is_declared_global()):
                    self.bound.add(symbol.get_name())
                elif symbol.is_referenced() and (scope is table or symbol.is_global()):
                    read.add(symbol.get_name())
        self.missing = read - self.bound - _GIVEN
        self.imports = {
            ("." * node.level + (node.module or ""), alias.name)
            for node in ast.walk(self.tree)
            if isinstance(node, ast.ImportFrom)
            for alias in node.names
        }


def _before(program: Program, path: str) -> _Names:
    """The names of a file as the program has it, found once."""
    known = program.ask(_known)
    if path not in known:
        known[path] = _Names(source(program, path).text)
    return known[path]


def _known(program: Program) -> dict[str, _Names]:
    """Those that were asked for. A fact for :meth:`Program.ask`."""
    return {}


def _scopes(table: symtable.SymbolTable) -> Iterator[symtable.SymbolTable]:
    yield table
    for child in table.get_children():
        yield from _scopes(child)


def _reads_from(
    program: Program, number: int, name: str, texts: Mapping[str, str], removed: Collection[str]
) -> str | None:
    """A file that still takes a name from a module that no longer binds it."""
    index, names = program.index, program.names
    if names.star_targets(number) or f"{program.files[number].module}.{name}" in index.modules:
        return None
    for file, at in index.importers.get(name, ()):
        path, imported = program.files[file].path, program.facts[file].imports[at]
        if path not in removed and ("module", number) in names.module(index.target_module(file, at)):
            said = "." * imported.level + imported.module
            if path not in texts or (said, name) in _Names(texts[path]).imports:
                return path
    for site in index.attribute_reads(name):
        path, base = program.files[site.file].path, Site(site.file, program.facts[site.file].code[site.pc + 3])
        if path in removed or ("module", number) not in names.static(base):
            continue
        if path not in texts or _reads_attribute(_Names(texts[path]).tree, program.openings.shown(base), name):
            return path
    for file in names.star_importers(number):
        path = program.files[file].path
        if path not in removed and names.exports(number, name) and name in program.facts[file].name_index:
            still = path not in texts or name in _Names(texts[path]).missing
            if still and any(True for _ in index.unbound_reads(file, name)):
                return path
    return None


def _reads_attribute(tree: ast.Module, base: str, name: str) -> bool:
    return any(
        isinstance(node, ast.Attribute) and node.attr == name and ast.unparse(node.value) == base
        for node in ast.walk(tree)
    )


def _imports_module(program: Program, number: int, texts: Mapping[str, str], removed: Collection[str]) -> str | None:
    """A file that still imports a module that goes."""
    index, names = program.index, program.names
    for file, fact in enumerate(program.facts):
        path = program.files[file].path
        for at, imported in enumerate(fact.imports if path not in removed else ()):
            whole = [names.module(part) for part in prefixes(index.target_module(file, at))]
            means = any(("module", number) in values for values in (names.imported(file, at), *whole))
            if means and (path not in texts or _has_import(ast.parse(texts[path]), imported)):
                return path
    return None


def _has_import(tree: ast.Module, imported: data.Import) -> bool:
    return any(
        (
            isinstance(node, ast.Import)
            and not imported.name
            and any(alias.name == imported.module for alias in node.names)
        )
        or (
            isinstance(node, ast.ImportFrom)
            and (node.module or "", node.level) == (imported.module, imported.level)
            and any(alias.name == imported.name for alias in node.names)
        )
        for node in ast.walk(tree)
    )


def _has(
    program: Program, number: int, module: str, name: str, texts: Mapping[str, str], removed: Collection[str]
) -> bool:
    """Whether a module of the program has a name that a file imports from it; one from outside is taken to have it."""
    dotted = module.lstrip(".")
    if level := len(module) - len(dotted):
        source_file = program.files[number]
        parts = source_file.module.split(".")
        up = level - source_file.package
        dotted = ".".join([*parts[: len(parts) - up], *filter(None, [dotted])])
    target = program.index.modules.get(dotted)
    if target is None or name == "*":
        return True
    path, fact = program.files[target].path, program.facts[target]
    below = program.index.modules.get(f"{dotted}.{name}")
    if path in removed:
        return False
    if below is not None:
        return program.files[below].path not in removed
    if program.names.star_targets(target) or fact.flags & data.MODULE_GETATTR:
        return True
    return name in (_Names(texts[path]).bound if path in texts else {fact.names[at] for at in fact.scopes[0].bound})
