"""The judge of fixes: a sample program before and after, on the same random inputs, compared byte for byte.

``python -m tests.differential`` judges all of ``fixtures/projects``. Each has its generator of inputs beside this file.
"""

from __future__ import annotations

import importlib
import io
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import tokenize
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest
from pathlib import Path
from typing import Any, NamedTuple

from debloat.config import Config, read_config
from debloat.engine import UNUSED_SUPPRESSION, run
from debloat.fix import Outcome, settle
from debloat.loader import load_rules
from debloat.model import Applicability
from debloat.program import load_program

PROJECTS = Path(__file__).parents[2] / "fixtures" / "projects"
RULES = [*load_rules(), UNUSED_SUPPRESSION]
_DRIVER = Path(__file__).with_name("driver.py")
_SECONDS = 900
_OUTCOME = re.compile(r"^(PASSED|FAILED|ERROR) (\S+(?:::.*?)?)(?: - .*)?$", re.MULTILINE)

Case = dict[str, Any]  # files: texts by name; steps: each with argv or code, and stdin


class Difference(NamedTuple):
    """A case that came out differently, and where: what, before, after."""

    case: Case
    places: Sequence[tuple[str, str, str]]


def fixed(project: Path, lowest: Applicability) -> Outcome:
    """Fix a project in memory."""
    config = read_config(project / "pyproject.toml") or Config()
    return settle(
        lambda changed: load_program(
            project, config, jobs=1, cache=False, world=None, progress=lambda *_: None, changed=changed
        ),
        lambda program: run(program, RULES, paths=[""], select=[], ignore=[], started=0.0),
        lowest=lowest,
        paths=[""],
    )


def lay(project: Path, folder: Path, changed: Mapping[str, bytes | None]) -> None:
    """Copy a project with some contents changed."""
    shutil.copytree(project, folder, ignore=shutil.ignore_patterns("__pycache__", ".*"))
    for path, content in changed.items():
        if content is None:
            (folder / path).unlink()
        else:
            (folder / path).write_bytes(content)


def generate(name: str, runs: int, seed: int) -> list[Case]:
    """Inputs for a project: each depends on the seed and its number alone."""
    module = importlib.import_module(f"tests.differential.{name}")
    return [module.case(random.Random(f"{seed} {number}")) for number in range(runs)]


def compare(before: Path, after: Path, cases: Sequence[Case]) -> list[Difference]:
    """Run two versions of a project at the same time and tell the cases that come out differently, the smallest first."""
    with tempfile.TemporaryDirectory() as temporary:
        file = Path(temporary, "cases.json")
        file.write_text(json.dumps(cases))
        running = [_start(folder, file) for folder in (before, after)]
        old, new = map(_seen, running)
    if len(old) < len(cases):
        raise RuntimeError(f"{before} ended at the input {cases[len(old)]}")
    differing = [
        Difference(case, [*_places(was, now, "")])
        for case, was, now in zip_longest(cases, old, new, fillvalue=None)
        if case is not None and was != now
    ]
    return sorted(differing, key=lambda difference: len(json.dumps(difference.case)))


def _start(folder: Path, cases: Path) -> subprocess.Popen[str]:
    (entry,) = tomllib.loads((folder / "pyproject.toml").read_text())["project"]["scripts"].values()
    clean = {"PATH": os.environ["PATH"], "PYTHONPATH": str(folder), "PYTHONHASHSEED": "0", "TZ": "UTC", "COLUMNS": "80"}
    return subprocess.Popen(
        [sys.executable, "-P", str(_DRIVER), entry, str(cases)],
        env=clean,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )


def _seen(process: subprocess.Popen[str]) -> list[Any]:
    """What a version did with the cases, up to the one that ended its process."""
    try:
        text, _ = process.communicate(timeout=_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        text, _ = process.communicate()
    return [json.loads(line) for line in text.split("\n") if line]


def _places(before: object, after: object, name: str) -> Iterator[tuple[str, str, str]]:
    if isinstance(before, dict) and isinstance(after, dict):
        for key in {**before, **after}:
            yield from _places(before.get(key), after.get(key), f"{name}/{key}")
    elif isinstance(before, list) and isinstance(after, list):
        for number, pair in enumerate(zip_longest(before, after)):
            yield from _places(*pair, f"{name}/{number}")
    elif before != after:
        yield name, str(before), str(after)


def verdicts(project: Path) -> dict[str, str]:
    """Run the tests of a project and give what became of each."""
    command = [sys.executable, "-B", "-m", "pytest", "-q", "-rA", "-p", "no:cacheprovider"]
    ran = subprocess.run(command, cwd=project, capture_output=True, text=True, encoding="utf-8", check=False)
    return {name: became for became, name in _OUTCOME.findall(ran.stdout)}


def code_lines(folder: Path, *, tests: bool) -> int:
    """The lines of code of a project or of its tests, without blank ones, comments and docstrings."""
    paths = [path for path in folder.rglob("*.py") if ("tests" in path.relative_to(folder).parts) == tests]
    return sum(len(_lines(path.read_text(encoding="utf-8"))) for path in paths)


def _lines(text: str) -> set[int]:
    layout = {tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.COMMENT, tokenize.ENDMARKER}
    found: set[int] = set()
    begins = True
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type not in layout:
            if not (begins and token.type == tokenize.STRING):
                found.update(range(token.start[0], token.end[0] + 1))
            begins = False
        elif token.type in (tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT):
            begins = True
    return found
