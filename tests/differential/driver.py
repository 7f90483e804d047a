"""Run cases against the program on the path: ``driver.py MODULE:FUNCTION CASES``, a line of JSON about each on stdout.

Runs with nothing but the standard library and the program. One process takes all cases, each in an empty folder, from
which modules can be imported too, and with modules that are imported anew.
"""

from __future__ import annotations

import importlib
import io
import json
import os
import re
import shutil
import signal
import sys
import tempfile
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

SECONDS = 10
# What names files and lines of the program: the frames of tracebacks, and where a warning is of.
_FRAME = re.compile(r'^ +File ".*\n(?:    .*\n)*', re.MULTILINE)
# A file with a random name, and where an object is.
_RANDOM = re.compile(r"\btmp[a-z0-9_]{8}\b|(?<= at )0x[0-9a-f]{6,}\b")
_WARNED = re.compile(r"^.*:\d+: (\w+Warning: .*\n)  .*\n", re.MULTILINE)
_OURS = {*sys.modules}


class _TimeoutError(BaseException):
    """Not an Exception, so that the program does not handle it."""


def _step(entry: str, step: dict[str, Any]) -> dict[str, object]:
    """Run a command line or a piece of code; say how it ended and what it printed."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="") for _ in range(2))
    before = sys.stdin, sys.stdout, sys.stderr, sys.argv
    sys.stdin, sys.stdout, sys.stderr = io.StringIO(step.get("stdin", "")), out, err
    sys.argv = ["program", *step.get("argv", [])]
    module, _, function = entry.partition(":")
    end: object = None
    try:
        if "argv" in step:
            end = getattr(importlib.import_module(module), function)(step["argv"])
        else:
            exec(step["code"], {"__name__": "case"})
    except _TimeoutError:
        end = "did not end in time"
    except BaseException as error:
        end = f"{type(error).__name__}: {error}"
    finally:
        sys.stdin, sys.stdout, sys.stderr, sys.argv = before
    texts = []
    for stream in (out, err):
        stream.flush()
        text = stream.buffer.getvalue().decode("utf-8", "surrogateescape")
        texts.append(_WARNED.sub(r"\1", _FRAME.sub("", text)))
    return {"end": repr(end), "out": texts[0], "err": texts[1]}


def _case(entry: str, case: dict[str, Any]) -> dict[str, object]:
    for name, text in case["files"].items():
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_bytes(text.encode("utf-8", "surrogateescape"))
    steps = [_step(entry, step) for step in case["steps"]]
    files = {
        str(path): path.read_bytes().decode("utf-8", "surrogateescape")
        for path in sorted(Path().rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    }
    for name in sys.modules.keys() - _OURS:
        if name.partition(".")[0] not in sys.stdlib_module_names:
            del sys.modules[name]
    importlib.invalidate_caches()
    return {"steps": steps, "files": files}


def _late(signum: int, frame: FrameType | None) -> NoReturn:
    raise _TimeoutError


def main(entry: str, cases: str) -> None:
    """Run the cases in a file of JSON."""
    results = os.fdopen(os.dup(1), "w")
    signal.signal(signal.SIGALRM, _late)
    sys.path.append("")
    folder = Path(tempfile.mkdtemp())
    for case in json.loads(Path(cases).read_bytes()):
        work = folder / "case"
        work.mkdir()
        os.chdir(work)
        signal.alarm(SECONDS)
        seen = _RANDOM.sub("<random>", json.dumps(_case(entry, case)).replace(str(work), "<folder>"))
        signal.alarm(0)
        print(seen, file=results, flush=True)
        os.chdir(folder)
        shutil.rmtree(work)
    shutil.rmtree(folder)


if __name__ == "__main__":
    main(*sys.argv[1:])
