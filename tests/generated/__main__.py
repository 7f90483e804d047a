"""Run generated programs before and after ``fix``: ``python -m tests.generated COUNT [--from SEED] [--unsafe] [--jobs N]``.

Prints the seeds whose output differs, whose fix fails or whose second fix still changes something, and exits with 1 if
there are any.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from functools import partial

from debloat.model import Applicability
from tests.generated.judge import Verdict, judge


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.generated")
    parser.add_argument("count", type=int)
    parser.add_argument("--from", dest="first", type=int, default=0)
    parser.add_argument("--unsafe", action="store_true")
    parser.add_argument("--jobs", type=int, default=2)
    asked = parser.parse_args()
    lowest = Applicability.UNSAFE if asked.unsafe else Applicability.SAFE
    seeds = range(asked.first, asked.first + asked.count)
    verdicts: Counter[str] = Counter()
    fixes: Counter[str] = Counter()
    with ProcessPoolExecutor(asked.jobs) as pool:
        found: Verdict
        for seed, found in zip(seeds, pool.map(partial(judge, lowest=lowest), seeds, chunksize=20), strict=True):
            verdicts[found.kind] += 1
            fixes += found.fixes
            if found.kind not in ("same", "not run"):
                print(f"{found.kind}: seed {seed}: {found.detail}", flush=True)
    print(f"{asked.count} programs: {', '.join(f'{kind} {count}' for kind, count in verdicts.most_common())}")
    print(f"{fixes.total()} fixes: {', '.join(f'{rule} {count}' for rule, count in fixes.most_common())}")
    return int(not verdicts.keys() <= {"same", "not run"})


if __name__ == "__main__":
    sys.exit(main())
