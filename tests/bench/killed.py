"""Kill a fix of many files at random moments: ``python -m tests.bench.killed [TIMES]``.

The real command fixes a generated project of 60 files, SIGKILL ends it, and the next run of the command recovers. Then every
file must be whole, and all of them as before or all as after. Most moments lie where files are written, which is short.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

_FILES = 60
_BEFORE = '''"""Module {n}."""


def total{n}(prices):
    if prices is None:
        return 0
    return sum(prices)


print(total{n}([1, {n}]))
'''
_COMMAND = [
    sys.executable,
    "-m",
    "debloat",
    "fix",
    "-j1",
    "-q",
    "--world",
    "application",
    "--select",
    "redundant-none-check",
]


def _lay(folder: Path) -> dict[str, str]:
    files = {f"part{n % 5}/m{n}.py": _BEFORE.format(n=n) for n in range(_FILES)}
    for path, text in files.items():
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    return files


def _read(folder: Path) -> dict[str, str]:
    found = (path for path in folder.rglob("*") if path.is_file() and ".debloat_cache" not in path.parts)
    return {path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in found}


def _begin(folder: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(_COMMAND, cwd=folder, start_new_session=True)


def _kill(folder: Path, seconds: float, after: str) -> str:
    """Kill the command some time after a file or folder appears; say how far it had come."""
    process = _begin(folder)
    while after and process.poll() is None and not any(folder.glob(after)):
        pass
    end = time.perf_counter() + seconds
    while process.poll() is None and time.perf_counter() < end:
        pass
    if process.poll() is None:
        os.killpg(process.pid, 9)
    process.wait()
    if process.returncode >= 0:
        return "over"
    if (folder / ".debloat_journal").is_dir():
        return "while files were replaced"
    if any(folder.glob(".debloat_journal.*.done")):
        return "while the journal was deleted"
    return "while the journal was written" if any(folder.glob(".debloat_journal.*")) else "before or after that"


def main() -> int:
    """Print how often it was killed where and what became of it; exit status 1 if anything was left half done."""
    times = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    seen: Counter[tuple[str, str]] = Counter()
    with tempfile.TemporaryDirectory() as temporary:
        whole = Path(temporary, "whole")
        whole.mkdir()
        before = _lay(whole)
        started = time.perf_counter()
        _begin(whole).wait()
        took = time.perf_counter() - started
        after = _read(whole)
        assert len(after) == _FILES
        assert all(after[path] != text for path, text in before.items())
        for number in range(times):
            folder = Path(temporary, str(number))
            folder.mkdir()
            _lay(folder)
            # one in four anywhere; the others from the moment that something is written
            mark = random.choice(["", ".debloat_journal.*", ".debloat_journal.*", ".debloat_journal"])
            moment = _kill(folder, random.uniform(0, 0.05 if mark else took), mark)
            left = _read(folder)
            recovered = subprocess.run(
                [*_COMMAND, "--ignore", "redundant-none-check"], cwd=folder, check=False, capture_output=True
            )
            now = _read(folder)
            state = "as before" if now == before else "as after" if now == after else "HALF DONE"
            if recovered.returncode == 2 or any(
                text not in (before.get(path), after.get(path)) for path, text in left.items() if path in before
            ):
                state = "HALF DONE"
            seen[moment, state] += 1
    for (moment, state), count in sorted(seen.items()):
        print(f"{count:>5}  killed {moment}: {state}")
    return int(any(state == "HALF DONE" for _, state in seen))


if __name__ == "__main__":
    sys.exit(main())
