"""Which files git holds no copy of as they are: a fix must not be the only one that knows what they were."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path


def dirty(root: Path, paths: Sequence[str]) -> list[str]:
    """Those of some files, relative to ``root``, that have unstaged changes or are untracked; none without git.

    A staged change is safe with git, and hooks run when there is one.
    """
    inside = ["git", "rev-parse", "--show-prefix"]
    try:
        prefix = subprocess.run(inside, cwd=root, capture_output=True, check=True).stdout.rstrip(b"\n")
        status = subprocess.run(
            ["git", "status", "--porcelain=v1", "-z", "--no-renames", "--untracked-files=all", "--", "."],
            cwd=root,
            capture_output=True,
            check=True,
        ).stdout
    except (OSError, subprocess.CalledProcessError):
        return []
    unsafe = {
        entry[3:].removeprefix(prefix).decode(errors="surrogateescape")
        for entry in status.split(b"\0")
        if entry and entry[1:2] != b" "
    }
    return [path for path in paths if path in unsafe]
