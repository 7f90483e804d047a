"""The whole program: files, facts, what links them, and the facts about it that rules ask for."""

from __future__ import annotations

import gc
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from debloat.config import Config
from debloat.facts import data
from debloat.facts.data import Facts
from debloat.facts.gather import Unreadable, gather
from debloat.facts.store import Store, open_store
from debloat.model import Problem, under
from debloat.program.callgraph import CallGraph
from debloat.program.documented import SETTINGS
from debloat.program.hierarchy import Hierarchy
from debloat.program.index import Index
from debloat.program.names import Names
from debloat.program.openings import Openings
from debloat.program.pointsto import PointsTo
from debloat.program.reasons import is_final
from debloat.program.solver import Value
from debloat.program.trust import is_left_alone
from debloat.source import Discovery, SourceError, SourceFile, decode, discover, is_generated
from debloat.suppress import Suppression, suppressions
from debloat.tree import Tree
from debloat.worlds import Part, parts

T = TypeVar("T")


class Program:
    """One project as a whole. Everything is computed when it is first asked for, and kept."""

    def __init__(
        self,
        tree: Tree,
        config: Config,
        discovery: Discovery,
        project_parts: Sequence[Part],
        read: Iterable[tuple[SourceFile, bytes, Facts | Unreadable]],
        *,
        jobs: int,
        verdicts: Store | None,
    ) -> None:
        self.tree = tree
        self.root = tree.root
        self.jobs = jobs
        self.verdicts = verdicts
        self.config = config
        self.parts = list(project_parts)
        self.notebooks = discovery.notebooks
        self.texts = discovery.texts
        self.problems: list[Problem] = list(discovery.problems)
        self.unread_words: set[str] = set()
        self.is_trusting = False
        # the paths of modules that something imported until fixes took that away
        self.was_imported: Collection[str] = ()
        self.files: list[SourceFile] = []
        self.facts: list[Facts] = []
        self._contents: dict[str, bytes] = {}
        self._suppressions: dict[str, Sequence[Suppression]] = {}
        self._answers: dict[Callable[[Program], Any], Any] = {}
        self._found = self._answers
        for file, content, facts in read:
            self._contents[file.path] = content
            if isinstance(facts, Unreadable):
                self.problems.append(facts.problem)
                self.unread_words |= facts.words
            else:
                self.files.append(file)
                self.facts.append(facts)
        # where findings may be: neither in tests nor in what is generated
        self.editable: Sequence[int] = [
            number for number, file in enumerate(self.files) if not file.tests and not file.no_edit
        ]
        # where they are looked for
        self.judged: Sequence[int] = self.editable

    def ask(self, fact: Callable[[Program], T]) -> T:
        """What a function of the whole program gives, computed the first time it is asked for."""
        if fact not in self._answers:
            judged, found = self.judged, self._found
            self.judge(self.editable)
            try:
                self._answers[fact] = fact(self)
            finally:
                self.judged, self._found = judged, found
        return self._answers[fact]  # type: ignore[no-any-return]

    def find(self, fact: Callable[[Program], T]) -> T:
        """What a function finds in the judged files, kept until others are."""
        if fact not in self._found:
            self._found[fact] = fact(self)
        return self._found[fact]  # type: ignore[no-any-return]

    def judge(self, files: Sequence[int]) -> None:
        """Have findings looked for in these files alone; what they rest on is still the whole program."""
        self.judged = files
        self._found = self._answers if files is self.editable else {}

    @cached_property
    def trusting(self) -> Program:
        """The same program as it is if outsiders leave alone what they are trusted to."""
        other = copy(self)
        for name in ("trusting", "openings", "analysis", "visible"):
            other.__dict__.pop(name, None)
        other.is_trusting = True
        other._answers = other._found = {}
        return other

    @property
    def lines(self) -> int:
        """Physical lines of all files that were read."""
        return sum(facts.lines for facts in self.facts)

    @cached_property
    def index(self) -> Index:
        """The files side by side."""
        return Index(self.files, self.facts)

    @cached_property
    def names(self) -> Names:
        """Static resolution of names."""
        return Names(self.index)

    @cached_property
    def hierarchy(self) -> Hierarchy:
        """The classes."""
        return Hierarchy(self.index, self.names)

    @cached_property
    def openings(self) -> Openings:
        """The ways into a symbol that are not calls in the program."""
        return Openings(self)

    @cached_property
    def analysis(self) -> PointsTo:
        """Points-to and flow with every opening."""
        return PointsTo(
            self.index, self.names, self.hierarchy, lambda scope: self.openings.of(scope), self._is_final, self._trusts
        )

    def _trusts(self, cls: int, name: str) -> bool:
        """Whether what an attribute holds stays out of the hands of outsiders who have the object."""
        return self.is_trusting and is_left_alone(self, cls, name)

    def _is_final(self, thing: Value, event: Value, whole: bool) -> bool:
        """Whether one open event of a thing says all that is asked of where it goes; production may ask of it alone."""
        kind, at = thing[:2]
        file = self.index.file_of[at] if kind in ("function", "class", "object") else at
        return not self.files[event[2]].tests and is_final(kind, event[1], self.is_application(file), whole)

    def is_application(self, file: int) -> bool:
        """Whether a file belongs to an application that is declared as one."""
        part = self.part(self.files[file].path)
        return part.world == "application" and not part.assumed

    @cached_property
    def visible(self) -> PointsTo:
        """Points-to and flow through the code that can be seen, as if nobody else used it."""
        return PointsTo(self.index, self.names, self.hierarchy, lambda _: iter(()), lambda *_: False, lambda *_: False)

    def content(self, path: str) -> bytes:
        """The bytes of a file."""
        return self._contents[path] if path in self._contents else self.tree.read(path)

    def contents(self) -> Iterator[tuple[str, bytes | None]]:
        """All that is looked at, Python or not, with its content; None for what cannot be read."""
        yield from self._contents.items()
        settings = (f"{part.root}/{name}".lstrip("/") for part in self.parts for name in SETTINGS)
        for path in {*self.texts, *settings} - self._contents.keys():
            try:
                yield path, self.tree.read(path)
            except OSError:
                yield path, None

    def text(self, path: str) -> bytes:
        """The text of a file as UTF-8 without BOM; of a file that cannot be decoded, its bytes."""
        content = self.content(path)
        try:
            return decode(content).text.encode()
        except SourceError:
            return content

    @cached_property
    def numbers(self) -> dict[str, int]:
        """The number of each file."""
        return {file.path: number for number, file in enumerate(self.files)}

    def suppressions(self, path: str) -> Sequence[Suppression]:
        """The suppressions in a file."""
        number = self.numbers.get(path)
        if number is None or not self.facts[number].flags & data.SUPPRESSIONS:
            return ()
        if path not in self._suppressions:
            self._suppressions[path] = suppressions(self.text(path).decode(errors="replace"))
        return self._suppressions[path]

    def part(self, path: str) -> Part:
        """The part of the project that a file belongs to: the one with the nearest root."""
        return max(
            (part for part in self.parts if not part.root or path.startswith(part.root + "/")),
            key=lambda part: len(part.root),
        )

    def adjacency(self, paths: Sequence[str]) -> dict[str, list[str]]:
        """The call graph of the files under the paths, every call that can be seen and no other."""
        scopes = (
            scope
            for scope in range(len(self.index.scopes))
            if under(self.index.files[self.index.file_of[scope]].path, paths)
        )
        return CallGraph(self.visible).adjacency(scopes)

    def why_symbol(self, name: str) -> Iterator[str]:
        """What keeps a symbol (``package.module:Class.method``) alive, or stops a finding on it.

        Raises UnknownSymbolError.
        """
        from debloat.program.explain import explain_symbol

        return explain_symbol(self, name)

    def why_line(self, path: str, line: int) -> Iterator[str]:
        """The same of the definition at a line. Raises UnknownSymbolError for a file that was not read."""
        from debloat.program.explain import definition_at, explain

        return explain(self, definition_at(self, path, line))


def load_program(
    root: Path,
    config: Config,
    *,
    jobs: int,
    cache: bool,
    world: str | None,
    progress: Callable[[str, int, int], None],
    changed: Mapping[str, bytes | None] | None = None,
) -> Program:
    """Read the project at ``root``: discover its files, extract their facts and link them.

    ``progress`` gets a stage, how much of it is done, and how much there is. ``changed`` are contents of files that are
    not on disk yet, None for files that will be gone. Raises ConfigError.
    """
    # Nothing here makes cycles worth collecting, and collecting halves the speed.
    gc.disable()
    tree = Tree(root, changed or {})
    discovery = discover(tree, config)
    project_parts = parts(tree, config, discovery.metadata, world)
    files = {file.path: file for file in discovery.files if not file.stub}
    store, verdicts = [open_store(root, table) if cache and files else None for table in ("facts", "verdicts")]
    gathered = gather(tree, list(files), store, jobs, lambda done, total: progress("reading", done, total))
    read = ((_marked(files[path], content), content, facts) for path, content, facts in gathered)
    return Program(tree, config, discovery, project_parts, read, jobs=jobs, verdicts=verdicts)


def _marked(file: SourceFile, content: bytes) -> SourceFile:
    return replace(file, no_edit=True) if not file.no_edit and is_generated(content) else file
