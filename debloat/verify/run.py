"""One run of the user's command, and what can be told of it."""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from ast import literal_eval
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from contextlib import suppress
from itertools import dropwhile
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

from debloat.git import elsewhere
from debloat.verify.place import Copy

_RECORDER = Path(__file__).with_name("recorder")


class Ran(NamedTuple):
    """A run: its exit status (None: it took too long), its seconds, the end of its output, and the tests that passed.

    Which did is only known of pytest; None if nothing said so.
    """

    status: int | None
    seconds: float
    said: str
    passed: frozenset[str] | None

    @property
    def green(self) -> bool:
        """Whether the command was content."""
        return self.status == 0


class Recorded(NamedTuple):
    """What was seen of a run: the interpreter that ran most of the code, and by file the lines that ran.

    They are not all of them where something else traced the run as well.
    """

    interpreter: str | None
    lines: Mapping[str, set[int]]
    whole: bool


class Command(NamedTuple):
    """The user's command in a copy, in the ``folder`` that it is given in, with ``search`` before the path of modules."""

    text: str
    copy: Copy
    folder: Path
    search: Sequence[Path] = ()

    def run(self, timeout: float | None = None) -> Ran:
        """Run it."""
        return self._run(self._environment(), timeout)

    def recorded(self) -> tuple[Ran, Recorded]:
        """Run it and watch which lines of the copy and of the original run."""
        with tempfile.TemporaryDirectory() as notes:
            environment = self._environment(_RECORDER)
            tops = os.pathsep.join([str(self.copy.top), str(self.copy.original)])
            ran = self._run(environment | {"DEBLOAT_RECORD": notes, "DEBLOAT_TOPS": tops}, None)
            return ran, _read(Path(notes))

    def _run(self, environment: Mapping[str, str], timeout: float | None) -> Ran:
        with tempfile.TemporaryDirectory() as folder, open(Path(folder, "output"), "w+b") as output:
            junit = Path(folder, "tests.xml")
            options = f"{environment.get('PYTEST_ADDOPTS', '')} --junitxml={shlex.quote(str(junit))}"
            started = time.monotonic()
            process = subprocess.Popen(
                _absolute(self.text, self.folder, self.copy),
                shell=True,
                cwd=self.folder,
                env={**environment, "PYTEST_ADDOPTS": options.strip()},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            try:
                status = process.wait(timeout)
            except subprocess.TimeoutExpired:
                status = None
            finally:
                _end(process)
            output.seek(max(0, output.seek(0, os.SEEK_END) - 4000))
            said = output.read().decode(errors="replace")
            return Ran(status, time.monotonic() - started, said, _passed(junit))

    def outcome_of_import(self, interpreter: str, module: str, above: Path, timeout: float) -> str:
        """The last thing said by the import of a module that lies in a folder; "" where there is nothing to say."""
        try:
            done = subprocess.run(
                [interpreter, "-c", "import importlib, sys; importlib.import_module(sys.argv[1])", module],
                cwd=self.folder,
                env=self._environment(above),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=timeout,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return "takes too long"
        lines = done.stderr.decode(errors="replace").split("\n")
        return "" if done.returncode == 0 else next((line for line in reversed(lines) if line), "fails")

    def interpreter(self) -> str | None:
        """The Python that the command itself names, or that its program is a script of."""
        program = shutil.which(_words(_absolute(self.text, self.folder, self.copy))[0])
        if program is None or Path(program).name.startswith("python"):
            return program
        with open(program, "rb") as script:
            mark, _, line = script.readline().decode(errors="replace").partition("#!")
        words = line.split()
        if mark or not words or "python" not in line:
            return None
        return shutil.which(words[1]) if words[0].endswith("/env") else words[0]

    def _environment(self, *search: Path) -> dict[str, str]:
        given = os.environ.get("PYTHONPATH", "").split(os.pathsep)
        mapped = [str(there) if (there := self.copy.of(Path(path))).exists() else path for path in given if path]
        path = [*map(str, [*search, *self.search]), *mapped]
        environment = elsewhere() | {"PYTHONPATH": os.pathsep.join(path)}
        environment.setdefault("PYTHONHASHSEED", "0")  # runs are compared
        if not path:
            del environment["PYTHONPATH"]
        return environment


def _absolute(text: str, folder: Path, copy: Copy) -> str:
    """A command whose program lies in the original alone, in a virtual environment there, names it by its whole path."""
    first = _words(text)[0]
    original = copy.original / folder.relative_to(copy.top) / first
    if "/" not in first or Path(first).is_absolute() or (folder / first).exists() or not original.exists():
        return text
    return text.replace(first, shlex.quote(str(original)), 1)


def _words(text: str) -> list[str]:
    """The words of a command, without the variables that it begins with."""
    try:
        words = shlex.split(text)
    except ValueError:
        words = text.split()
    return [*dropwhile(lambda word: "=" in word, words), ""]


def _end(process: subprocess.Popen[bytes]) -> None:
    """End what a command has started, should something of it still run."""
    if sys.platform == "win32":
        process.kill()
    else:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _passed(junit: Path) -> frozenset[str] | None:
    """The tests that passed, by dotted names, as pytest wrote it down."""
    try:
        cases = ElementTree.parse(junit).iter("testcase")
    except (OSError, ElementTree.ParseError):
        return None
    unlike = {"failure", "error", "skipped"}
    passed = (case for case in cases if unlike.isdisjoint(child.tag for child in case))
    return frozenset(f"{case.get('classname')}.{case.get('name')}" for case in passed)


def _read(notes: Path) -> Recorded:
    """What the processes noted down."""
    lines: dict[str, set[int]] = defaultdict(set)
    by_interpreter: Counter[str] = Counter()
    whole = True
    for file in notes.iterdir():
        interpreter = ""
        for entry in file.read_text("ascii").splitlines():
            number, _, text = entry.partition(" ")
            name = literal_eval(text)
            if number == "-2":
                interpreter = name
            elif number == "-1":
                whole = False
            else:
                lines[name].add(int(number))
                by_interpreter[interpreter] += 1
    return Recorded(max(by_interpreter, key=by_interpreter.__getitem__, default=None), lines, whole)
