"""Judge released packages by their own tests: ``python -m tests.oracle.corpus DIRECTORY [NAME ...]``.

DIRECTORY holds ``packages.toml`` and the ``run.py`` that prepares its packages: sources, pinned environments, tests.
"""

from __future__ import annotations

import argparse
import importlib.util
import sys
import time
import tomllib
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from tests.oracle import UnwatchedError, claims_of, contradicted, observe, summary
from tests.oracle.values import claims_of_values


def _harness(directory: Path) -> Any:
    spec = importlib.util.spec_from_file_location("corpus_run", directory / "run.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _judge(package: Any, world: str | None, *, values: bool) -> bool:
    """Print what became of the claims about one package; say whether its tests ran and none was contradicted."""
    package.prepare()
    package.reset()
    outcomes: dict[str, str] = {}

    def test(environment: dict[str, str]) -> None:
        package.test_env = lambda: environment
        found, _, problem = package.tests("oracle")
        if problem:
            raise UnwatchedError(problem)
        outcomes.update(found)

    started = time.monotonic()
    try:
        claimed = (claims_of_values if values else claims_of)(package.root, world)
        seen = observe(package.root, [one.claim for one in claimed], package.test_env(), test)
    except UnwatchedError as error:
        print(f"\n{package.name}: error: {error}", flush=True)
        return False
    passed = sum(outcome == "passed" for outcome in outcomes.values())
    print(f"\n{package.name}: {passed} of {len(outcomes)} tests pass, {time.monotonic() - started:.0f} s")
    print(*summary(claimed, seen), sep="\n", flush=True)
    return not contradicted(claimed, seen)


def main() -> int:
    """Judge the packages, one after the other."""
    parser = argparse.ArgumentParser(prog="python -m tests.oracle.corpus", description=__doc__)
    parser.add_argument("directory", type=Path)
    parser.add_argument("names", nargs="*", help="packages (default: all)")
    parser.add_argument("--python", default=sys.executable, help="for the packages' environments; 3.12 or newer")
    parser.add_argument("--workdir", type=Path, default=Path("oracle-corpus"), help="keeps the packages between runs")
    parser.add_argument("--world", choices=["library", "application"])
    parser.add_argument("--values", action="store_true", help="judge what is known of all values, found or not")
    parser.add_argument("--timeout", type=float, default=900, help="seconds for the tests of one package")
    options = parser.parse_args()
    harness = _harness(options.directory)
    settings = SimpleNamespace(python=options.python, workdir=options.workdir.resolve(), timeout=options.timeout)
    entries = tomllib.loads((options.directory / "packages.toml").read_text(encoding="utf-8"))["package"]
    chosen = [entry for entry in entries if entry["name"] in (options.names or entry["name"])]
    judged = [_judge(harness.Package(entry, settings), options.world, values=options.values) for entry in chosen]
    return int(not all(judged))


if __name__ == "__main__":
    sys.exit(main())
