"""Redundant defences that debloat and type checkers find in one program, with annotations and without.

``python -m tests.bench.defences [TOOLS]`` takes the tools from ``TOOLS/bin``, else from PATH. In the two versions of the
program, ``fixtures/defences``, a line that ends in ``# ! rule local`` or ``# ! rule cross`` is a site, with the first line
of the block that it opens. Cross means that the proof needs another module. A tool finds a site if it says there that
something is redundant, by a code that means this and nothing else. The same said of another line is false: beside each
site stands code that looks like it and is needed.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from debloat.loader import load_rules
from tests.bench.table import print_table

FIXTURES = Path(__file__).parents[2] / "fixtures" / "defences"
VERSIONS = ("typed", "untyped")
PYLINT_EXTENSIONS = (
    "bad_builtin broad_try_clause check_elif code_style comparison_placement confusing_elif "
    "consider_refactoring_into_while_condition consider_ternary_expression dict_init_mutate docparams docstyle dunder "
    "empty_comment eq_without_hash for_any_all magic_value mccabe no_self_use overlapping_exceptions "
    "private_import redefined_loop_name redefined_variable_type set_membership typing while_used"
)


class Place(NamedTuple):
    path: str
    line: int


class Site(NamedTuple):
    """A redundant defence: its marked line of code, the rule that is about it, ``local`` or ``cross``, and its places."""

    code: str
    rule: str
    reach: str
    places: frozenset[Place]


@dataclass(frozen=True)
class Tool:
    """A command run in the project; ``pattern`` reads path, line and code; ``codes`` say that something is redundant."""

    name: str
    command: Sequence[str]
    pattern: str
    codes: frozenset[str]


class Result(NamedTuple):
    """What a tool found in one version: sites, and the places of what it says wrongly."""

    found: frozenset[Site]
    false: frozenset[Place]
    seconds: float


DEBLOAT = Tool(
    "debloat",
    [sys.executable, "-m", "debloat", "check", "--quiet", "--exit-zero", "--no-cache", "--format", "concise", "."],
    r"^(?P<path>\S+\.py):(?P<line>\d+):\d+: (?P<code>\S+)",
    frozenset(rule.name for rule in load_rules() if rule.family == "defense"),
)
PEERS = [
    Tool(
        "basedpyright",
        ["basedpyright", "--project", "pyrightconfig.json"],
        r"^\s*(?P<path>\S+\.py):(?P<line>\d+):.*\((?P<code>\w+)\)$",
        frozenset(
            "reportUnnecessaryCast reportUnnecessaryComparison reportUnnecessaryContains reportUnnecessaryIsInstance "
            "reportUnreachable reportUnusedExcept".split()
        ),
    ),
    Tool(
        "mypy",
        "mypy --strict --warn-unreachable --cache-dir=/dev/null --python-version=3.11 --enable-error-code=redundant-expr "
        "--enable-error-code=truthy-bool --enable-error-code=truthy-iterable --check-untyped-defs "
        "--package=depot".split(),
        r"^(?P<path>\S+\.py):(?P<line>\d+):.*\[(?P<code>[\w-]+)\]$",
        frozenset(
            "comparison-overlap redundant-cast redundant-expr truthy-bool truthy-function truthy-iterable "
            "unreachable".split()
        ),
    ),
    Tool(
        "pylint",
        [
            *"pylint --enable=all --py-version=3.11 depot".split(),
            "--load-plugins=" + ",".join(f"pylint.extensions.{name}" for name in PYLINT_EXTENSIONS.split()),
        ],
        r"^(?P<path>\S+\.py):(?P<line>\d+):.*\((?P<code>[\w-]+)\)$",
        frozenset(
            "comparison-of-constants comparison-with-itself condition-evals-to-constant consider-using-get "
            "duplicate-except overlapping-except simplifiable-condition try-except-raise unnecessary-comprehension "
            "unnecessary-dict-index-lookup unnecessary-list-index-lookup unreachable using-constant-test".split()
        ),
    ),
    Tool(
        "ruff",
        "ruff check --select=ALL --preview --no-cache --quiet --output-format=json-lines depot".split(),
        r'"code":"(?P<code>\w+)".*"filename":"(?P<path>[^"]+)".*"location":{"column":\d+,"row":(?P<line>\d+)}',
        frozenset(
            "B025 C410 C411 C414 C416 PLR0124 PLR0133 PLR1733 PLR1736 RUF019 RUF046 RUF057 SIM220 SIM221 SIM222 SIM223 "
            "SIM401 SIM910 TRY203 UP018 UP036".split()
        ),
    ),
    Tool(
        "ty",
        "ty check --error=all --output-format=concise depot".split(),
        r"^(?P<path>\S+\.py):(?P<line>\d+):\d+: \w+\[(?P<code>[\w-]+)\]",
        frozenset(
            "redundant-cast redundant-condition redundant-condition-strict truthiness-test-of-callable "
            "truthiness-test-of-iterable".split()
        ),
    ),
    Tool(
        "pyrefly",
        "pyrefly check --preset=strict --python-version=3.11 --output-format=min-text --error=redundant-cast "
        "--error=redundant-condition --error=unnecessary-comparison --error=unnecessary-type-conversion "
        "--error=unreachable --error=unreachable-except-clause --error=unreachable-match-case depot".split(),
        r"^\s*[A-Z]+ (?P<path>\S+\.py):(?P<line>\d+):.*\[(?P<code>[\w-]+)\]$",
        frozenset(
            "redundant-cast redundant-condition unnecessary-comparison unnecessary-type-conversion unreachable "
            "unreachable-except-clause unreachable-match-case".split()
        ),
    ),
]


def sites(version: str) -> Iterator[Site]:
    """Read the marks in one version of the program."""
    project = FIXTURES / version
    for file in sorted(project.rglob("*.py")):
        path, lines = file.relative_to(project).as_posix(), file.read_text(encoding="utf-8").split("\n")
        for number, line in enumerate(lines, 1):
            if mark := re.search(r"# ! (\S+) (local|cross)$", line):
                indent = len(line) - len(line.lstrip())
                opens = lines[number][: indent + 1].isspace()
                places = frozenset(Place(path, number + offset) for offset in range(1 + opens))
                yield Site(line[: mark.start()].strip(), mark[1], mark[2], places)


def run(tool: Tool, version: str, tools: Path | None = None) -> Result | None:
    """Run a tool on a copy of one version, which no other project's settings reach; None if there is no such tool."""
    executable = shutil.which(tool.command[0], path=str(tools / "bin") if tools else None)
    if executable is None:
        return None
    with tempfile.TemporaryDirectory() as temporary:
        project = Path(temporary, "project").resolve()
        shutil.copytree(FIXTURES / version, project, ignore=shutil.ignore_patterns("__pycache__"))
        (project / "pyrightconfig.json").write_text('{"typeCheckingMode": "all", "pythonVersion": "3.11"}')
        start = time.perf_counter()
        output = subprocess.run(
            [executable, *tool.command[1:]], cwd=project, capture_output=True, text=True, check=False
        ).stdout
        seconds = time.perf_counter() - start
        said = {
            Place((project / match["path"]).relative_to(project).as_posix(), int(match["line"]))
            for match in re.finditer(tool.pattern, output, re.MULTILINE)
            if match["code"] in tool.codes
        }
    marked = list(sites(version))
    found = frozenset(site for site in marked if said & site.places)
    return Result(found, frozenset(said.difference(*(site.places for site in marked))), seconds)


def _row(name: str, results: Sequence[Result]) -> list[str]:
    counts = []
    for result in results:
        reaches = [site.reach for site in result.found]
        counts += [reaches.count("local"), reaches.count("cross"), len(result.false)]
    return [name, *map(str, counts), f"{sum(result.seconds for result in results) / len(results):.1f}"]


def table(tools: Path | None) -> list[list[str]]:
    """Return, below a title, how many sites each tool finds in each version and how often it is wrong."""
    reaches = [site.reach for site in sites("typed")]
    columns = [*(f"{reach} of {reaches.count(reach)}" for reach in ("local", "cross")), "false"]
    rows = [["redundant defences", *(f"{version}: {column}" for version in VERSIONS for column in columns), "seconds"]]
    peers = []
    for tool in [DEBLOAT, *PEERS]:
        results = [result for version in VERSIONS if (result := run(tool, version, tools))]
        rows.append(_row(tool.name, results) if results else [tool.name, *["absent"] * 7])
        if results and tool is not DEBLOAT:
            peers.append(results)
    together = [
        Result(
            frozenset[Site]().union(*(result.found for result in results)),
            frozenset[Place]().union(*(result.false for result in results)),
            sum(result.seconds for result in results),
        )
        for results in zip(*peers, strict=True)
    ]
    return [*rows, _row("all but debloat", together)] if together else rows


if __name__ == "__main__":
    title, *rows = table(Path(sys.argv[1]) if sys.argv[1:] else None)
    print_table(title, rows)
