"""Judge fixes of the sample programs: ``python -m tests.differential [RUNS] [--unsafe] [--seed N] [PROJECT ...]``.

Exit status: 0 if all versions do the same, 1 if not.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from debloat.model import Applicability
from tests.differential import PROJECTS, code_lines, compare, fixed, generate, lay, verdicts

SHOWN = 3


def main() -> int:
    """Print for each project what was fixed and what then differs."""
    parser = argparse.ArgumentParser(prog="python -m tests.differential", description=__doc__)
    parser.add_argument("runs", nargs="?", type=int, default=500)
    parser.add_argument("projects", nargs="*", metavar="PROJECT", help="names in fixtures/projects (default: all)")
    parser.add_argument("--unsafe", action="store_true", help="apply unsafe fixes too")
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    projects = asked.projects or sorted(folder.name for folder in PROJECTS.iterdir())
    same = [_judge(name, asked.runs, asked.seed, unsafe=asked.unsafe) for name in projects]
    return int(not all(same))


def _judge(name: str, runs: int, seed: int, *, unsafe: bool) -> bool:
    started = time.monotonic()
    outcome = fixed(PROJECTS / name, Applicability.UNSAFE if unsafe else Applicability.SAFE)
    with tempfile.TemporaryDirectory() as temporary:
        before, after = Path(temporary, "before"), Path(temporary, "after")
        lay(PROJECTS / name, before, {})
        lay(PROJECTS / name, after, outcome.changed)
        owned = {test for one in outcome.applied for test in one.fix.tests}
        became = verdicts(after)
        gone = verdicts(before).keys() - became.keys()
        lines = [f"{code_lines(folder, tests=tests)}" for tests in (False, True) for folder in (before, after)]
        differing = compare(before, after, generate(name, runs, seed))
    rules = Counter(one.reported.rule.name for one in outcome.applied)
    print(f"{name}: {rules.total()} fixes: {', '.join(f'{rule} {count}' for rule, count in rules.most_common())}")
    print(f"  lines of code {lines[0]} -> {lines[1]}, of tests {lines[2]} -> {lines[3]}")
    print(f"  tests: {', '.join(f'{one} {count}' for one, count in Counter(became.values()).items())}")
    print(*(f"    {one} {test}" for test, one in became.items() if one != "PASSED"), sep="\n", end="")
    print(f"  tests that go: {', '.join(sorted(gone)) or 'none'}; owned by fixes: {', '.join(sorted(owned)) or 'none'}")
    print(f"  {runs} runs, {len(differing)} differ, {time.monotonic() - started:.1f} s")
    for case, places in differing[:SHOWN]:
        print(f"  input: {json.dumps(case)}")
        for place, old, new in places:
            print(f"    {place}\n      before: {old!r}\n      after:  {new!r}")
    return not differing and set(became.values()) == {"PASSED"}


if __name__ == "__main__":
    sys.exit(main())
