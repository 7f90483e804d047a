"""New texts of the files that a refactoring changes in several steps, each of which starts from what the one before it left."""

from __future__ import annotations

import ast
import symtable
from collections import defaultdict
from collections.abc import Iterable, Iterator, Set
from typing import TYPE_CHECKING

import libcst as cst

from debloat.model import Edit, RefusedError, Span
from debloat.program.references import references
from debloat.refactor import imports
from debloat.refactor.check import apply
from debloat.refactor.rewriting import Rewriting, line_edits
from debloat.refactor.source import Source, source
from debloat.refactor.statements import deletions

if TYPE_CHECKING:
    from debloat.program import Program


class Drafts:
    """The files by path, as they are or as they are to be."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._texts: dict[str, str] = {}
        self._numbers = {file.path: number for number, file in enumerate(program.files)}

    def text(self, path: str) -> str:
        """What a file holds by now."""
        return self._texts[path] if path in self._texts else source(self._program, path).text

    def put(self, path: str, text: str) -> None:
        """Have a file hold a text. Raises RefusedError for one that is not Python."""
        try:
            _ = Source(path, text.encode()).tree
        except SyntaxError as error:
            raise RefusedError(f"not as intended: {path} would not parse") from error
        self._texts[path] = text

    def replace(self, changes: Iterable[tuple[Span, str]]) -> None:
        """Put texts in the place of spans of the files as they are; what lies within another of the spans goes with it."""
        by_path: dict[str, list[tuple[Span, str]]] = defaultdict(list)
        for span, text in changes:
            by_path[span.path].append((span, text))
        for path, wanted in by_path.items():
            lines = [line.encode() for line in source(self._program, path).lines]
            starts = [0]
            for line in lines:
                starts.append(starts[-1] + len(line))
            content = b"".join(lines)
            ends = {
                (starts[span.line - 1] + span.column, starts[span.end_line - 1] + span.end_column): text
                for span, text in wanted
            }
            inner = {
                one for one in ends for other in ends if other != one and other[0] <= one[0] and one[1] <= other[1]
            }
            for start, end in sorted(ends.keys() - inner, reverse=True):
                content = content[:start] + ends[start, end].encode() + content[end:]
            self.put(path, content.decode())

    def rewrite(self, rewriting: Rewriting) -> None:
        """Carry out changes of the files as they are."""
        by_path: dict[str, list[Edit]] = defaultdict(list)
        for edit in rewriting.edits():
            by_path[edit.span.path].append(edit)
        for path, edits in by_path.items():
            self.put(path, apply(source(self._program, path).text, edits))

    def tree(self, path: str) -> cst.Module:
        """A file as it is by now on the LibCST tree. Raises RefusedError where that does not give it back."""
        text = self.text(path)
        try:
            module = cst.parse_module(text)
        except cst.ParserSyntaxError as error:
            raise RefusedError(f"not given back: LibCST does not read {path}") from error
        if module.code != text:
            raise RefusedError(f"not given back: LibCST does not give back {path} as it is")
        return module

    def drop_class(self, path: str, name: str) -> None:
        """Delete a class at the top of a file."""
        text = Source(path, self.text(path).encode())
        statement = next(node for node in text.tree.body if isinstance(node, ast.ClassDef) and node.name == name)
        self.put(path, apply(text.text, [*deletions(text, [statement])]))

    def is_left(self, cls: int) -> bool:
        """Whether nothing is left in the file of a class that went, nor anybody imports that for anything else."""
        program = self._program
        file = program.index.file_of[cls]
        rest = Source("", self.text(program.files[file].path).encode()).tree.body
        if program.files[file].package or not all(map(_is_nothing, rest)):
            return False
        gone = set(references(program, cls).imports)
        return not any(
            _module_of(program, importer, number) == file and (importer, number) not in gone
            for importer, fact in enumerate(program.facts)
            for number in range(len(fact.imports))
        )

    def tidy(self) -> None:
        """Drop the imports that nothing reads any more, but for what others have from a file."""
        for path, text in [*self._texts.items()]:
            unread = imports.uses(source(self._program, path).text) - imports.uses(text)
            number = self._numbers[path]
            orphans = {
                name
                for name in unread & imports.imported(text)
                if not imports.needed_elsewhere(self._program, number, name)
            }
            if orphans:
                self.put(path, imports.without(text, orphans))

    def add(self, path: str, wanted: imports.Wanted) -> None:
        """Have a file import a name."""
        self.put(path, imports.added(self.text(path), wanted, self._own))

    @property
    def _own(self) -> Set[str]:
        return {module.partition(".")[0] for module in self._program.index.modules}

    def binds(self) -> Iterator[tuple[str, str]]:
        """The names that modules get, by path."""
        for path, text in sorted(self._texts.items()):
            old = source(self._program, path).text
            yield from ((path, name) for name in sorted(_bound(text) - _bound(old)))

    def edits(self, removed: Iterable[str] = ()) -> Iterator[Edit]:
        """The edits, by whole lines, of all files but those that go."""
        for path, text in sorted(self._texts.items()):
            if path not in removed:
                yield from line_edits(path, 1, source(self._program, path).text, text)


def _bound(text: str) -> set[str]:
    """The names that a module binds."""
    symbols = symtable.symtable(text, "", "exec").get_symbols()
    return {
        symbol.get_name() for symbol in symbols if symbol.is_assigned() or symbol.is_imported() or symbol.is_namespace()
    }


def _is_nothing(statement: ast.stmt) -> bool:
    """Whether a statement is there for others of its module only."""
    match statement:
        case ast.Import() | ast.ImportFrom() | ast.Expr(value=ast.Constant()):
            return True
        case ast.Assign(targets=[ast.Name(id="__all__")], value=ast.List(elts=[])):
            return True
    return False


def _module_of(program: Program, file: int, number: int) -> int | None:
    """The module that an import names or has a name from."""
    dotted = program.index.target_module(file, number)
    names = (f"{dotted}.{program.facts[file].imports[number].name}", dotted)
    return next((program.index.modules[name] for name in names if name in program.index.modules), None)
