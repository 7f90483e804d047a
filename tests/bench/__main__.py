"""What debloat finds and how long it takes beside its peers: ``python -m tests.bench``, from the root of a checkout.

Each time is the median of whole processes, run in turn, so that a machine that is busy for a while is unfair to none.
Processor seconds are those of all processes of a run, at the least: they say more where others use the machine too.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from tests.bench import defences
from tests.bench.corpus import packages, project
from tests.bench.table import print_table

PARSE = [sys.executable, str(Path(__file__).with_name("parse.py"))]
RUFF = [sys.executable, "-m", "ruff", "check", "--quiet", "--exit-zero", "--no-cache", "--select=ALL"]
CHECK = [sys.executable, "-m", "debloat", "check", "--quiet", "--exit-zero", "--format", "concise"]


# What is installed has its bytecode; a setting that forbids to write it would time the compiler.
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def _nothing(folder: Path) -> None:
    pass


def _forget(folder: Path) -> None:
    for file in (folder / ".debloat_cache").glob("*.sqlite*"):
        file.unlink()


_EDITED = "django/utils/text.py"


def _edit(folder: Path) -> None:
    """Change what one module does, as one does between two runs."""
    module = folder / _EDITED
    module.write_bytes(module.read_bytes() + b"\n\ndef _edited_%d(text):\n    return text\n" % time.monotonic_ns())


@dataclass(frozen=True)
class Run:
    """A command with the project, or a path ``inside``, as its last argument, and what is done before it, which is not timed."""

    name: str
    command: Sequence[str]
    prepare: Callable[[Path], None] = _nothing
    inside: str = ""


RUNS = [
    Run("ast.parse, one process", PARSE),
    Run("ruff, all rules", RUFF),
    Run("vulture", [sys.executable, "-m", "vulture"]),
    Run("debloat, no cache", [*CHECK, "--no-cache"]),
    Run("debloat, new cache", CHECK, _forget),
    Run("debloat, nothing changed", CHECK),
    Run("debloat, one file edited", CHECK, _edit),
    Run("debloat on one file, edited", CHECK, _edit, _EDITED),
]


class Spent(NamedTuple):
    """The seconds that a run took, and those that its processes were at work together."""

    wall: float
    work: float


def _seconds(command: Sequence[str]) -> Spent:
    start, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        command, env=ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False
    )
    if done.returncode not in (0, 3):  # 3: vulture has found something
        raise SystemExit(f"{' '.join(command)} failed: {done.stderr}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    work = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Spent(time.perf_counter() - start, work)


def compare(folder: Path, times: int) -> dict[str, Spent]:
    """Return the median seconds of each run, and the least that its processes were at work."""
    spent: dict[str, list[Spent]] = {run.name: [] for run in RUNS}
    for _ in range(times):
        for run in RUNS:
            run.prepare(folder)
            spent[run.name].append(_seconds([*run.command, str(folder / run.inside)]))
    return {
        name: Spent(statistics.median(one.wall for one in all_), min(one.work for one in all_))
        for name, all_ in spent.items()
    }


def start_up(times: int) -> float:
    """Return the median seconds that importing the command line takes on top of an empty process."""
    empty, full = [], []
    for _ in range(3 * times):
        empty.append(_seconds([sys.executable, "-c", "pass"]).wall)
        full.append(_seconds([sys.executable, "-c", "import debloat.cli"]).wall)
    return statistics.median(full) - statistics.median(empty)


def peak(command: Sequence[str]) -> int:
    """Return the most memory in bytes that a command and its children held at one time, pages that they share once.

    Reads ``/proc``, so elsewhere than on Linux it is 0.
    """
    most = 0
    with subprocess.Popen(command, env=ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        while process.poll() is None:
            most = max(most, sum(map(_held, _family(process.pid))))
            time.sleep(0.01)
    return most


def _family(pid: int) -> list[int]:
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:  # it has just ended
        return []
    return [pid, *(member for child in children for member in _family(int(child)))]


def _held(pid: int) -> int:
    try:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in rollup.splitlines() if line.startswith("Pss:")), 0)


def growth(folder: Path, found: Sequence[Path]) -> list[dict[str, float]]:
    """Return lines, seconds and peak memory of cold runs as package after package is added."""
    rows = []
    for count in range(1, len(found) + 1):
        project(folder, list(found[:count]))
        lines = sum(path.read_bytes().count(b"\n") for path in folder.rglob("*.py"))
        command = [*CHECK, "--no-cache", str(folder)]
        rows.append({"lines": lines, "seconds": _seconds(command).wall, "parse": _seconds([*PARSE, str(folder)]).wall})
        rows[-1]["peak_mb"] = peak(command) / 1e6
    return rows


def main() -> None:
    """Print the tables, and with --json keep the numbers."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--offline", type=Path, help="take unpacked releases from this folder instead of the index")
    parser.add_argument(
        "--tools", type=Path, help="take the type checkers from the bin folder of this one, not from PATH"
    )
    parser.add_argument("--times", type=int, default=5, help="runs of each command (default: 5)")
    parser.add_argument("--json", type=Path, help="also write the numbers to this file")
    arguments = parser.parse_args()
    title, *defended = defences.table(arguments.tools)
    print_table(title, defended)
    found = packages(arguments.offline)
    with tempfile.TemporaryDirectory() as temporary:
        one, all_together = Path(temporary, "one"), Path(temporary, "all")
        project(one, [found["django"]])
        print(f"Python {sys.version.split()[0]}, {os.cpu_count()} cores; median of {arguments.times} runs\n")
        seconds = compare(one, arguments.times)
        parse, vulture = seconds["ast.parse, one process"], seconds["vulture"]
        rows = [
            [
                name,
                f"{s.wall:.2f}",
                f"{s.wall / parse.wall:.2f}",
                f"{s.wall / vulture.wall:.2f}",
                f"{s.work:.2f}",
                f"{s.work / parse.work:.2f}",
            ]
            for name, s in seconds.items()
        ]
        print_table(["Django", "seconds", "x ast.parse", "x vulture", "at work", "x ast.parse"], rows)
        imported, memory = start_up(arguments.times), peak([*CHECK, "--no-cache", str(one)])
        print(f"import of debloat.cli: {imported:.3f} s; peak memory on Django: {memory / 1e6:.0f} MB\n", flush=True)
        sizes = growth(all_together, list(found.values()))
        rows = [
            [name, *(f"{value:,.1f}" for value in row.values()), f"{1e6 * row['seconds'] / row['lines']:.2f}"]
            for name, row in zip(found, sizes, strict=True)
        ]
        print_table(["no cache, with", "lines", "seconds", "ast.parse", "MB", "seconds per 1M lines"], rows)
    if arguments.json:
        numbers = {"defences": defended, "seconds": seconds, "import": imported, "peak": memory, "growth": sizes}
        arguments.json.write_text(json.dumps(numbers, indent=1))


if __name__ == "__main__":
    main()
