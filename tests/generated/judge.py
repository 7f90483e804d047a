"""Whether a generated program does after a fix what it did before."""

from __future__ import annotations

import contextlib
import gc
import io
import os
import re
import signal
import sys
import tempfile
import traceback
import types
import warnings
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple, NoReturn

from debloat.config import Config
from debloat.engine import UNUSED_SUPPRESSION, look
from debloat.fix import Outcome, settle
from debloat.loader import load_rules
from debloat.model import Applicability
from debloat.program import load_program
from tests.generated.forms import program

RULES = [*load_rules(), UNUSED_SUPPRESSION]
_SECONDS = 3


class Verdict(NamedTuple):
    """What came of one program: ``same``, ``not run`` (it does not end in time), or what went wrong."""

    kind: str
    detail: str
    fixes: Counter[str]


class _TimeoutError(BaseException):
    pass


def judge(seed: int, lowest: Applicability) -> Verdict:
    """Run the program of a seed, fix it, run it again and fix it again."""
    return judged(program(seed), lowest)


def judged(files: Mapping[str, str], lowest: Applicability) -> Verdict:
    """The same of any program whose main module is ``main.py``."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _write(folder, {path: text.encode(errors="surrogatepass") for path, text in files.items()})
        before = output(folder)
        if before is None:
            return Verdict("not run", "", Counter())
        try:
            outcome = fixed(folder, lowest)
            fixes = Counter(one.reported.rule.name for one in outcome.applied)
            if outcome.unsettled:
                return Verdict("not settled", ", ".join(outcome.unsettled), fixes)
            _write(folder, outcome.changed)
            after = output(folder)
            if after != before:
                return Verdict("differs", _difference(before, after), fixes)
            if again := fixed(folder, lowest).changed:
                return Verdict("not stable", ", ".join(again), fixes)
        except Exception:
            return Verdict("fails", traceback.format_exc(), Counter())
        finally:
            gc.collect()
            gc.freeze()
    return Verdict("same", "", fixes)


def fixed(folder: Path, lowest: Applicability) -> Outcome:
    """Fix an application in memory."""
    return settle(
        lambda changed: load_program(
            folder, Config(), jobs=1, cache=False, world="application", progress=lambda *_: None, changed=changed
        ),
        lambda loaded: look(loaded, RULES, paths=[""], select=[], ignore=[]),
        lowest=lowest,
        paths=[""],
        named=[rule.name for rule in RULES] if lowest < Applicability.SAFE else [],
    )


def output(folder: Path) -> str | None:
    """What the main module of a folder prints; None if it does not end in time or runs out of stack."""
    printed = io.StringIO()

    def late(signum: int, frame: types.FrameType | None) -> NoReturn:
        raise _TimeoutError

    sys.dont_write_bytecode = True  # two versions of a module may be of one size and second
    before = signal.signal(signal.SIGALRM, late)
    known = set(sys.modules)
    sys.path.insert(0, os.fspath(folder))
    signal.alarm(_SECONDS)
    try:
        with contextlib.redirect_stdout(printed), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            sys.path_importer_cache.clear()
            exec(compile((folder / "main.py").read_bytes(), "main.py", "exec"), {"__name__": "__main__"})
    except _TimeoutError:
        return None
    except Exception as error:
        print(type(error).__name__, file=printed)
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
        sys.path.remove(os.fspath(folder))
        for name in set(sys.modules) - known:
            del sys.modules[name]
    text = re.sub(r"0x[0-9a-f]+", "0x", printed.getvalue())
    return None if "RecursionError" in text else text


def _write(folder: Path, contents: Mapping[str, bytes | None]) -> None:
    for path, content in contents.items():
        if content is None:
            (folder / path).unlink()
        else:
            (folder / path).write_bytes(content)


def _difference(before: str, after: str | None) -> str:
    if after is None:
        return "the fixed program does not end"
    pairs = zip(before.splitlines(), after.splitlines(), strict=False)
    return next((f"{old!r} became {new!r}" for old, new in pairs if old != new), "one of the outputs is longer")
