"""How a module's name is written in another module: by an import that is there, or by one that is put in."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Set
from typing import TYPE_CHECKING

from debloat.facts import data
from debloat.model import Evidence, Proof, RefusedError, Span
from debloat.program.modules import prefixes
from debloat.program.names import BUILTINS
from debloat.program.shapes import origin
from debloat.refactor.import_lines import put, put_module
from debloat.refactor.rewriting import Rewriting
from debloat.source import SourceFile

if TYPE_CHECKING:
    from debloat.program import Program


class Imports:
    """What one fix needs to import, and what that rests on."""

    def __init__(self, program: Program, rewriting: Rewriting, going: Set[tuple[int, str]] = frozenset()) -> None:
        """``going`` are the names of modules, by file, that mean something else once the fix is made."""
        self._program = program
        self._going = going
        self._rewriting = rewriting
        self._put: set[tuple[int, int, str]] = set()
        self.merged: set[tuple[str, int]] = set()  # import statements that get a name
        self.evidence: list[Evidence] = []

    def naming(self, file: int, home: int, name: str, scopes: Iterable[int], line: int) -> str:
        """How scopes of a file, from a line on, write a name of the module ``home``, which is imported if need be.

        Raises RefusedError where the name means something else there, or an import would close a cycle.
        """
        scopes = list(scopes)
        if file == home:
            return self._free(file, name, scopes)
        for written in self.written(file, home, name, line):
            return self._free(file, written, scopes)
        if (file, home, name) not in self._put:
            if (file, name) in self._going:
                self._free(file, name, scopes)
            else:
                self.check_new(file, name)
            source_module = self._program.files[file].module
            given = [*self._exporters(file, home, name), home]
            free = [one for one in given if file not in _reached(self._program, one, source_module)]
            if not free:
                raise RefusedError(f"import cycle: {self._program.files[home].module} imports {source_module}")
            self.evidence += _earlier(self._program, file, free[0])
            module = _module(self._program, file, free[0])
            self.merged.update(put(self._program, self._rewriting, file, module, name))
            self._put.add((file, home, name))
        return name

    def written(self, file: int, home: int, name: str, line: int) -> Iterator[str]:
        """The ways in which the imports above a line of a file let it write a name of another module."""
        program = self._program
        plain = list(_plain(program, file, line))
        for _, imported in plain:
            if imported.name and origin(program, file, imported.bound) == (home, name):
                yield imported.bound
        for number, imported in plain:
            dotted = program.index.target_module(file, number)
            if program.names.imported(file, number) == {("module", home)}:
                yield f"{imported.bound}.{name}"
            elif not imported.name and imported.top and program.index.modules.get(dotted) == home:
                yield f"{dotted}.{name}"

    def outside(self, file: int, home: int, name: str, scopes: Iterable[int], line: int) -> str:
        """How scopes of a file write what the module ``home`` imports by a name from outside of the program."""
        program = self._program
        wanted = origin(program, home, name)
        for number, imported in _plain(program, file, line):
            if origin(program, file, imported.bound) == wanted and not program.index.facts[file].imports[number].level:
                return self._free(file, imported.bound, scopes)
        module, original = wanted
        there = next((one for _, one in _plain(program, home, sys.maxsize) if one.bound == name), None)
        assert isinstance(module, str)
        top = module.partition(".")[0]
        if there is None or (original and original != name) or top in {*program.index.modules, *program.index.packages}:
            raise RefusedError(f"not written: {name} is a module, or imported under conditions or by another name")
        if (file, name) not in self._going:
            self.check_new(file, name)
        if top not in sys.stdlib_module_names:
            note = f"assumes that {module} may be imported by {program.files[file].path} as well"
            place = Span(program.files[home].path, there.line, 0, there.line, 0)
            self.evidence.append(Evidence("purity", Proof.ASSUMED, place, note))
        if (file, -1, name) not in self._put:
            if original:
                self.merged.update(put(program, self._rewriting, file, module, original))
            else:
                put_module(program, self._rewriting, file, there.module, name)
            self._put.add((file, -1, name))
        return name

    def _exporters(self, file: int, home: int, name: str) -> Iterator[int]:
        """The packages from which a file imports other names and from which it can have one of another module."""
        program = self._program
        for number, imported in enumerate(program.facts[file].imports):
            plain = imported.scope == 0 and imported.guard == data.PLAIN and imported.name not in ("", "*")
            other = program.index.modules.get(program.index.target_module(file, number)) if plain else None
            if (
                other not in (None, home)
                and program.files[other].package
                and (other, name) not in self._going
                and origin(program, other, name) == (home, name)
            ):
                yield other

    def locally(self, scope: int, home: int, names: Set[str]) -> str:
        """How an import in a function writes a module, to bind names that are new there. Raises RefusedError."""
        file = self._program.index.file_of[scope]
        fact = self._program.facts[file]
        inside = [scope]
        for one in inside:  # grows while it is walked
            record = self._program.index.scopes[one]
            if names & {fact.names[index] for index in (*record.bound, *record.loads)}:
                raise RefusedError(f"name taken: {min(names)} means something else in {self._program.files[file].path}")
            inside += self._program.index.children.get(one, ())
        self.evidence += _earlier(self._program, file, home)
        return _module(self._program, file, home)

    def _free(self, file: int, written: str, scopes: Iterable[int]) -> str:
        """The dotted name, if its first name means in all scopes what it does in the module."""
        first = written.partition(".")[0]
        index = self._program.facts[file].name_index.get(first, -1)
        module = self._program.index.base[file]
        if any(self._program.index.resolve(scope, index) != module for scope in scopes if index >= 0):
            raise RefusedError(f"name taken: {first} is another variable in {self._program.files[file].path}")
        return written

    def check_new(self, file: int, name: str) -> None:
        """Raise RefusedError if a file binds or reads a name that is to be new in it."""
        fact = self._program.facts[file]
        index = fact.name_index.get(name, -1)
        starred = self._program.names.star_targets(file)
        if any(
            other is None or name in self._program.facts[other].name_index or self._program.names.star_targets(other)
            for other in starred
        ):
            raise RefusedError(f"name taken: {self._program.files[file].path} may have {name} from a star import")
        if name in BUILTINS or any(index in scope.bound or index in scope.loads for scope in fact.scopes):
            raise RefusedError(f"name taken: {name} means something else in {self._program.files[file].path}")


def _plain(program: Program, file: int, line: int) -> Iterator[tuple[int, data.Import]]:
    """The unconditional imports at the top of a file, above a line, with their numbers."""
    for number, imported in enumerate(program.facts[file].imports):
        if imported.scope == 0 and imported.guard == data.PLAIN and imported.name != "*" and imported.line <= line:
            yield number, imported


def _earlier(program: Program, file: int, home: int) -> Iterator[Evidence]:
    """What a new import of one module in another rests on. Raises RefusedError where it is not possible."""
    here, there = program.files[file], program.files[home]
    after = _reached(program, home, here.module)
    before = _reached(program, file, here.module)
    if there.tests and not here.tests:
        raise RefusedError(f"import of tests: {here.path} would import {there.path}")
    apart = _package(here) != _package(there)
    if program.part(here.path) != program.part(there.path) or (apart and home not in before):
        raise RefusedError(f"apart: {here.path} may be used without {there.path}")
    for module in sorted(after - before):
        if program.facts[module].flags & data.HAS_EFFECT or _is_heavy(program, module):
            span = Span(program.files[module].path, 1, 0, 1, 0)
            note = f"assumes that {program.files[module].module} may be imported earlier than it is now"
            yield Evidence("purity", Proof.ASSUMED, span, note)


def _package(file: SourceFile) -> str:
    """The top-level package of a file, beyond which nothing may be shared; modules beside each other have none."""
    return file.module.partition(".")[0] if "." in file.module or file.package else ""


def _reached(program: Program, start: int, started: str) -> set[int]:
    """The modules that are run when one is imported while the module ``started`` is, in that order or at a call."""
    above = {*prefixes(started)} - {started}
    found = {start}
    waiting = [start]
    for module in waiting:  # grows while it is walked
        for number, imported in enumerate(program.facts[module].imports):
            if imported.guard == data.TYPE_CHECKING:
                continue
            dotted = program.index.target_module(module, number)
            below = f"{dotted}.{imported.name}"
            names = [name for name in prefixes(dotted) if name not in above]
            # A module that is there is had from a package that has only begun to run.
            names.append(below if imported.name and below in program.index.modules else dotted)
            for target in {program.index.modules[name] for name in names if name in program.index.modules} - found:
                found.add(target)
                waiting.append(target)
    return found


def _is_heavy(program: Program, file: int) -> bool:
    """Whether a module imports from outside of the program and of the standard library, which may fail or do much."""
    dotted = (program.index.target_module(file, number) for number in range(len(program.facts[file].imports)))
    return any(
        value[0] not in ("module", "package") and name.partition(".")[0] not in sys.stdlib_module_names
        for name in dotted
        for value in program.names.module(name)
    )


def _module(program: Program, file: int, home: int) -> str:
    """How an import statement of a file names a module: as the imports of the program that are there do."""
    fact, here, there = program.facts[file], program.files[file], program.files[home]
    own = [
        (imported, program.index.target_module(file, number))
        for number, imported in enumerate(fact.imports)
        if program.index.target_module(file, number) in program.index.modules
    ]
    if own and all(imported.level for imported, _ in own):
        return _relative(here.module.split("."), there.module.split("."), here.package)
    for imported, dotted in own:
        whole = program.files[program.index.modules[dotted]].module
        if not imported.level and whole != dotted and whole.endswith(f".{dotted}"):
            prefix = whole.removesuffix(dotted)
            if not there.module.startswith(prefix):
                raise RefusedError(f"apart: no import of {here.path} shows how {there.path} is named in it")
            return there.module.removeprefix(prefix)
    return there.module


def _relative(here: list[str], there: list[str], package: bool) -> str:
    around = here if package else here[:-1]
    shared = 0
    while shared < min(len(around), len(there)) and around[shared] == there[shared]:
        shared += 1
    if not shared:
        return ".".join(there)
    return "." * (len(around) - shared + 1) + ".".join(there[shared:])
