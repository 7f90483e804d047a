"""Judge one project by its own tests: ``python -m tests.oracle PROJECT [options] [-- TEST COMMAND]``.

Exit status: 0 nothing contradicts debloat, 1 something does, 2 a rule failed or the tests did not run.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

from tests.oracle import UnwatchedError, claims_of, contradicted, observe, summary
from tests.oracle.values import claims_of_values


def _run(command: list[str], folder: Path, environment: dict[str, str]) -> None:
    try:
        status = subprocess.run(command, cwd=folder, env=environment, check=False).returncode
    except OSError as error:
        raise UnwatchedError(f"{command[0]} cannot be started: {error.strerror}") from error
    if status not in (0, 1):  # a test that fails has been watched as well
        raise UnwatchedError(f"{' '.join(command)} ended with {status}")


def main() -> int:
    """Print what became of the claims."""
    parser = argparse.ArgumentParser(prog="python -m tests.oracle", description=__doc__)
    parser.add_argument("project", type=Path)
    parser.add_argument("--python", default=sys.executable, help="3.12 or newer; stands for python in the command")
    parser.add_argument("--world", choices=["library", "application"])
    parser.add_argument("--values", action="store_true", help="judge what is known of all values, found or not")
    at = sys.argv.index("--") if "--" in sys.argv else len(sys.argv)
    options = parser.parse_args(sys.argv[1:at])
    first, *others = sys.argv[at + 1 :] or ["python", "-m", "pytest", "-q"]
    command = [options.python if first == "python" else first, *others]
    try:
        claimed = (claims_of_values if options.values else claims_of)(options.project, options.world)
        claims = [one.claim for one in claimed]
        seen = observe(options.project, claims, os.environ, lambda env: _run(command, options.project, env))
    except UnwatchedError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    print(*summary(claimed, seen), sep="\n")
    return int(bool(contradicted(claimed, seen)))


if __name__ == "__main__":
    sys.exit(main())
