"""Tests as judges: fixes are tried in a copy of the project, and those that turn the user's command red do not stay.

This is a second opinion. It never makes a fix surer than its evidence.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import NamedTuple

from debloat.choose import Applied
from debloat.fix import Judge, Judged, Trial
from debloat.source import SourceFile, decode
from debloat.verify.lines import untested
from debloat.verify.place import Copy, VerifyError, copied
from debloat.verify.run import Command, Ran, Recorded

_TIMES = 5  # as long as the tests take at first, and they have failed
_LEAST = 10.0  # seconds that any run may take
_PLANTED = b"raise AssertionError('planted by debloat --verify: this must turn the tests red')\n"


class Settings(NamedTuple):
    """What is to be run where, and how strict."""

    root: Path
    command: str
    dirty: bool
    require_coverage: bool
    tell: Callable[[str], None]


class _Base(NamedTuple):
    """What is known of the code without any fix: how to run it, a run, the lines that ran, by path from the root."""

    command: Command
    ran: Ran
    interpreter: str | None
    executed: Mapping[str, set[int]] | None

    @property
    def timeout(self) -> float:
        return max(self.ran.seconds * _TIMES, _LEAST)


@contextmanager
def verification(settings: Settings) -> Iterator[Judge]:
    """A judge of fixes, in a copy of the project that is made when it is first asked and gone afterwards.

    It raises VerifyError.
    """
    with ExitStack() as stack:

        @cache
        def verifier() -> _Verifier:
            settings.tell("copying")
            return _Verifier(settings, stack.enter_context(copied(settings.root, dirty=settings.dirty)))

        yield lambda trial: verifier().judge(trial)


class _Verifier:
    """Tries the fixes of one pass after the other on top of those that stayed."""

    def __init__(self, settings: Settings, copy: Copy) -> None:
        self._settings = settings
        self._copy = copy
        self._root = copy.of(settings.root)
        self._written: dict[str, bytes] = {}  # what the files were that are changed in the copy
        self._writes = 0
        self._imports: dict[str, str] = {}  # what the import of a module says without any fix
        self._base: _Base | None = None
        self._gone: set[str] = set()  # tests that went with fixes
        self._files: dict[str, SourceFile] = {}

    def judge(self, trial: Trial) -> Judged:
        """Keep the fixes with which the tests stay green and all modules import as before. Raises VerifyError."""
        if self._base is None:
            self._files = {file.path: file for file in trial.program.files}
            self._base = self._prepared(trial)
        base = self._base
        rejected: list[Applied] = []
        fixes: list[Applied] = []
        for applied in trial.fixes:
            noted = self._noted(trial, applied, base)
            (rejected if noted.note and self._settings.require_coverage else fixes).append(noted)
        self._look_at_imports(trial.contents(fixes), base)
        known: dict[frozenset[int], str | None] = {}
        kept: list[Applied] = []
        waiting = [fixes] if fixes else []
        while waiting:
            group = waiting.pop()
            trying = [*kept, *group]
            key = frozenset(map(id, trying))
            if key not in known:
                self._settings.tell(f"trying {len(group)} fix{'' if len(group) == 1 else 'es'} on top of {len(kept)}")
                known[key] = self._fault(trial, trying, base)
            fault = known[key]
            if fault is None:
                kept = trying
            elif len(group) == 1:
                rejected.append(replace(group[0], note=fault))
            else:
                waiting += [group[len(group) // 2 :], group[: len(group) // 2]]
        self._gone.update(test for applied in kept for test in applied.fix.tests)
        return Judged(kept, rejected)

    def _prepared(self, trial: Trial) -> _Base:
        """Prove that the command runs the code of the copy and is green there, twice. Raises VerifyError."""
        folder = self._copy.of(Path.cwd())
        command = Command(
            self._settings.command, self._copy, folder if folder.is_relative_to(self._copy.top) else self._root
        )
        touched = {edit.span.path for applied in trial.fixes for edit in applied.fix.edits}
        inside = [
            file
            for file in self._files.values()
            if not file.tests and (self._is_in_package(file) or file.path in touched)
        ]
        roots = {self._root / above for file in inside if (above := _above(file)) is not None}
        # what is installed from the original comes after the folders that PYTHONPATH names
        for search in ((), sorted(roots)):
            base = self._tried([*self._to_plant_in(touched)], command._replace(search=search))
            if base is not None:
                return base
        raise VerifyError(
            "the tests do not run the code in the copy that they are started in (is it installed from here, or from "
            "elsewhere?): give a command that does, such as PYTHONPATH=src python -m pytest"
        )

    def _tried(self, planted_in: Sequence[str], command: Command) -> _Base | None:
        """What a command gives without any fix; None if it does not run the code of the copy. Raises VerifyError."""
        self._settings.tell("running the tests as they are")
        ran = command.run()
        if not ran.green:
            raise VerifyError(f"the tests are red without any fix ({_ended(ran)}): they must be green to verify one")
        self._settings.tell("making sure that a failure would be seen")
        base = _Base(command, ran, None, None)
        self._write(dict.fromkeys(planted_in, _PLANTED))
        planted = command.run(base.timeout)
        self._write({})
        if planted.green:
            return None
        self._settings.tell("running the tests once more, to see which lines they run")
        again, recorded = command.recorded()
        watched = again.green
        if not watched:  # what watches may be what they do not stand
            again = command.run()
        if not again.green:
            raise VerifyError(f"the tests are flaky: without any fix they were green, then red ({_ended(again)})")
        if differing := sorted((ran.passed or frozenset()) ^ (again.passed or frozenset())):
            raise VerifyError(f"the tests are flaky: {differing[0]} passed in one of two runs without any fix")
        theirs, ours = (self._under(recorded, top) for top in (self._settings.root, self._root))
        if any(path in self._files for path in theirs):
            return None
        return base._replace(
            interpreter=recorded.interpreter or command.interpreter(),
            executed=ours if ours and watched and recorded.whole else None,
        )

    def _under(self, recorded: Recorded, root: Path) -> dict[str, set[int]]:
        """What ran under a folder, by path from there."""
        start = f"{root}{os.sep}"
        return {
            path.removeprefix(start).replace(os.sep, "/"): lines
            for path, lines in recorded.lines.items()
            if path.startswith(start)
        }

    def _to_plant_in(self, touched: Collection[str]) -> Iterator[str]:
        """The modules that fixes touch, and those that lie in no package or are the outermost: importing others passes there."""
        for path, file in self._files.items():
            outermost = file.package and "." not in file.module
            known = not file.tests and (self._root / path).exists()  # it is not there if git does not know it
            if known and (path in touched or outermost or not self._is_in_package(file)):
                yield path

    def _noted(self, trial: Trial, applied: Applied, base: _Base) -> Applied:
        """A fix with a note of what no test runs of it. Raises VerifyError where that must be known and is not."""
        if base.executed is None:
            if self._settings.require_coverage:
                raise VerifyError(
                    "which lines the command runs could not be watched, as --require-coverage needs it: it must run them in "
                    "Python, and nothing else may trace them, such as pytest-cov (--no-cov)"
                )
            return applied
        originals = {edit.span.path: self._original(edit.span.path) for edit in applied.fix.edits}
        missed = [f"{path}:{line}" for path, line in untested(trial.program, applied.fix, originals, base.executed)]
        missed += [path for path in applied.fix.removed if path not in base.executed]
        more = f" and {len(missed) - 3} more" if len(missed) > 3 else ""
        return replace(applied, note=f"no test runs {', '.join(missed[:3])}{more}" if missed else "")

    def _original(self, path: str) -> str:
        return decode(self._written[path] if path in self._written else (self._root / path).read_bytes()).text

    def _fault(self, trial: Trial, fixes: Sequence[Applied], base: _Base) -> str | None:
        """What is wrong with the program after some fixes; None if nothing is."""
        contents = trial.contents(fixes)
        self._write(contents)
        for module, said in self._said_by_imports(contents, base).items():
            if said != self._imports[module]:
                return f"importing {module} says {said or 'nothing more'}"
        ran = base.command.run(base.timeout)
        if ran.status is None:
            return f"the tests take more than {_TIMES} times as long"
        gone = self._gone.union(*(applied.fix.tests for applied in fixes))
        missing = [test for test in sorted(_missing(base.ran, ran)) if not _is_of(test, gone)]
        if ran.green and not missing:
            return None
        if not missing:
            return f"the tests end with {_ended(ran)}"
        more = f" and {len(missing) - 1} more" if len(missing) > 1 else ""
        return f"{missing[0]}{more} {'no longer runs' if ran.green else 'fails'}"

    def _look_at_imports(self, contents: Mapping[str, bytes | None], base: _Base) -> None:
        """Import what some fixes touch before they do."""
        self._write({})
        new = [path for path in contents if self._files[path].module not in self._imports]
        self._imports |= self._said_by_imports(new, base)

    def _said_by_imports(self, paths: Collection[str], base: _Base) -> dict[str, str]:
        """What the import of each of some files says, each in a process of its own.

        Only what tests have imported, and modules of packages: to import a script may be to run it.
        """
        interpreter = base.interpreter
        if interpreter is None:
            return {}
        files = [self._files[path] for path in sorted(paths) if (self._root / path).exists()]
        ran = base.executed or {}
        chosen = [
            (file.module, self._root / above)
            for file in files
            if (above := _above(file)) is not None
            and not file.tests
            and (file.path in ran or self._is_in_package(file))
        ]
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            said = pool.map(
                lambda one: base.command.outcome_of_import(interpreter, one[0], one[1], base.timeout), chosen
            )
            return {module: found for (module, _), found in zip(chosen, said, strict=True)}

    def _is_in_package(self, file: SourceFile) -> bool:
        beside = file.path.rpartition("/")[0]
        return f"{beside}/__init__.py" in self._files and not file.module.endswith("__main__")

    def _write(self, contents: Mapping[str, bytes | None]) -> None:
        """Have the copy hold these contents, and its own of every other file."""
        for path in {*contents, *self._written}:
            target = self._root / path
            if path not in self._written:
                self._written[path] = target.read_bytes()
            content = contents.get(path, self._written[path])
            if content is None:
                target.unlink(missing_ok=True)
            elif not target.exists() or target.read_bytes() != content:
                target.write_bytes(content)
                # Python takes a file of the same size and second for the same
                self._writes += 1
                os.utime(target, (time.time() + self._writes,) * 2)


def _missing(before: Ran, after: Ran) -> frozenset[str]:
    """The tests that passed and do not any more; none where that is not known."""
    return (before.passed or frozenset()) - (after.passed or frozenset()) if before.passed else frozenset()


def _is_of(test: str, names: Collection[str]) -> bool:
    """Whether a test, by its dotted name, is one of some that are named as on pytest's command line."""
    plain = test.partition("[")[0]
    dotted = [name.replace(".py::", "/").replace("::", "/").replace("/", ".") for name in names]
    return any(f".{one}".endswith(f".{other}") for name in dotted for one, other in ((name, plain), (plain, name)))


def _above(file: SourceFile) -> str | None:
    """The folder from which a module is imported by its name; None if there is none."""
    steps = file.path.rpartition(".")[0].removesuffix("/__init__").split("/")
    names = file.module.split(".")
    return "/".join(steps[: -len(names)]) if steps[-len(names) :] == names else None


def _ended(ran: Ran) -> str:
    said = " ".join(ran.said.rstrip().rpartition("\n")[2].split())
    return "too late" if ran.status is None else f"exit status {ran.status}{said and f': {said}'}"
