"""The call graph of ``debloat graph`` scored on a benchmark such as PyCG's micro-benchmark.

``python -m tests.bench.callgraph FOLDER`` scores every folder below with a ``callgraph.json``: an object from callers
to lists of callees, in dotted names that start at that folder. An answer is sound if it has every true edge, complete
if it has no other, exact if both.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from collections.abc import Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from debloat.config import Config
from debloat.program import load_program

COLUMNS = ("snippets", "complete", "sound", "exact", "precision", "recall")


class Score(NamedTuple):
    """The edges of one snippet: true and given."""

    snippet: Path
    true: frozenset[tuple[str, str]]
    given: frozenset[tuple[str, str]]


def edges(graph: Mapping[str, Sequence[str]]) -> frozenset[tuple[str, str]]:
    """Return the pairs of caller and callee."""
    return frozenset((caller, callee) for caller, callees in graph.items() for callee in callees)


def score(bench: Path, snippet: Path) -> Score:
    """Analyse one snippet as a program of its own."""
    program = load_program(
        bench / snippet, Config(), jobs=1, cache=False, world="application", progress=lambda stage, done, total: None
    )
    truth = json.loads((bench / snippet / "callgraph.json").read_text())
    return Score(snippet, edges(truth), edges(program.adjacency([""])))


def summary(name: str, scores: Sequence[Score]) -> str:
    """Sum some scores up in a line."""
    complete = sum(s.given <= s.true for s in scores)
    sound = sum(s.true <= s.given for s in scores)
    exact = sum(s.true == s.given for s in scores)
    hit = sum(len(s.true & s.given) for s in scores)
    precision = hit / (sum(len(s.given) for s in scores) or 1)
    recall = hit / (sum(len(s.true) for s in scores) or 1)
    counts = "".join(f"{count:10}" for count in (len(scores), complete, sound, exact))
    return f"{name:24}{counts}{precision:10.3f}{recall:10.3f}"


def main(bench: Path) -> None:
    """Print the scores by category, then each wrong edge."""
    snippets = sorted(path.parent.relative_to(bench) for path in bench.rglob("callgraph.json"))
    with tempfile.TemporaryDirectory() as temporary:
        # Away from the repository that the benchmark comes in, whose .gitignore names one of the snippets.
        copy = Path(shutil.copytree(bench, Path(temporary, "bench")))
        scores = [score(copy, snippet) for snippet in snippets]
    print(" " * 24 + "".join(f"{column:>10}" for column in COLUMNS))
    for category, part in groupby(scores, key=lambda s: s.snippet.parts[0]):
        print(summary(category, list(part)))
    print(summary("all", scores))
    for found in scores:
        for kind, wrong in (("missing", found.true - found.given), ("false", found.given - found.true)):
            for caller, callee in sorted(wrong):
                print(f"{found.snippet}: {kind}: {caller} -> {callee}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
