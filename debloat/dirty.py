"""Which files a fix must not change: git holds no copy of them as they are, or they are not to be written.

A fix must not be the only one that knows what a file was.
"""

from __future__ import annotations

import os
import stat
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

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


def clean(root: Path) -> frozenset[str] | None:
    """The files below ``root`` that git has as they are, with those in submodules; None where there is no git.

    A repository that git does not read for us has none.
    """
    try:
        tracked = git(root, "ls-files", "-v", "--stage", "-z")
        changed = git(root, "status", "--porcelain=v1", "-z", "--no-renames", "--untracked-files=no", "--", ".")
    except (OSError, subprocess.CalledProcessError):
        return frozenset() if any((folder / ".git").exists() for folder in (root, *root.parents)) else None
    unstaged = {entry[3:].removeprefix(prefix(root)) for entry in changed if entry[1] != " "}
    found: set[str] = set()
    for entry in tracked:
        tag, mode, _, _, path = entry.replace("\t", " ", 1).split(" ", 4)
        if mode == "160000":
            if (root / path / ".git").exists():
                found.update(f"{path}/{inner}" for inner in clean(root / path) or ())
        elif tag == "H" and path not in unstaged:  # not one that git was told to overlook changes of
            found.add(path)
    return frozenset(found)


def prefix(root: Path) -> str:
    """The way from the top of the checkout to ``root``, with ``/`` behind it; "" at the top and without git."""
    try:
        (found,) = git(root, "rev-parse", "--show-prefix")
    except (OSError, subprocess.CalledProcessError):
        return ""
    return found.removesuffix("\n")


def git(folder: Path, *arguments: str) -> Sequence[str]:
    """The entries that a command of git prints with NUL between them. Raises OSError and CalledProcessError."""
    command = ["git", *arguments]
    environment = {**os.environ, "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, check=True)
    return [entry.decode(errors="surrogateescape") for entry in done.stdout.split(b"\0") if entry]
