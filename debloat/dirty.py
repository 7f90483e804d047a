"""Which files a fix must not change: git holds no copy of them as they are, or they are not to be written.

A fix must not be the only one that knows what a file was.
"""

from __future__ import annotations

import os
import stat
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

from debloat.git import elsewhere, git, prefix

UNSTAGED = "changes are not staged (commit them, or use --allow-dirty)"


def protected(root: Path, *, allow_dirty: bool) -> Callable[[str], str | None]:
    """A function from a path below ``root`` to why its file must not be changed, or None.

    A staged change is safe with git, and hooks run when there is one. Without git nothing is known of changes.
    """
    kept = None if allow_dirty else clean(root)

    def why(path: str) -> str | None:
        if kept is not None and path not in kept:
            return UNSTAGED
        here = (root / path).lstat()
        if stat.S_ISLNK(here.st_mode) or here.st_nlink > 1:
            return "a link"
        # to replace a file takes a writable folder, and root may write everywhere
        if not here.st_mode & 0o222 or not os.access((root / path).parent, os.W_OK):
            return "read-only"
        return None

    return why


def clean(root: Path, environment: Mapping[str, str] | None = None) -> frozenset[str] | None:
    """The files below ``root`` that git has as they are, with those in submodules; None where there is no git.

    A repository that git does not read for us has none.
    """
    status = ["status", "--porcelain=v1", "-z", "--no-renames", "--untracked-files=no", "--", "."]
    try:
        tracked = git(root, "ls-files", "-v", "--stage", "-z", environment=environment)
        changed = git(root, *status, environment=environment)
    except (OSError, subprocess.CalledProcessError):
        return frozenset() if any((folder / ".git").exists() for folder in (root, *root.parents)) else None
    unstaged = {entry[3:].removeprefix(prefix(root)) for entry in changed if entry[1] != " "}
    found: set[str] = set()
    for entry in tracked:
        tag, mode, _, _, path = entry.replace("\t", " ", 1).split(" ", 4)
        if mode == "160000":
            if (root / path / ".git").exists():
                found.update(f"{path}/{inner}" for inner in clean(root / path, elsewhere()) or ())
        elif tag == "H" and path not in unstaged:  # not one that git was told to overlook changes of
            found.add(path)
    return frozenset(found)
