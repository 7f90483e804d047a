"""What git is asked, also where it runs us as a hook."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

# What git tells its hooks about the checkout that they run for (git rev-parse --local-env-vars)
_LOCAL = frozenset(
    "GIT_ALTERNATE_OBJECT_DIRECTORIES GIT_COMMON_DIR GIT_CONFIG GIT_DIR GIT_GRAFT_FILE GIT_IMPLICIT_WORK_TREE "
    "GIT_INDEX_FILE GIT_NO_REPLACE_OBJECTS GIT_OBJECT_DIRECTORY GIT_PREFIX GIT_REPLACE_REF_BASE GIT_SHALLOW_FILE "
    "GIT_WORK_TREE".split()
)


def git(folder: Path, *arguments: str, environment: Mapping[str, str] | None = None) -> Sequence[str]:
    """The entries that a command of git prints with NUL between them. Raises OSError and CalledProcessError."""
    printed = answer(folder, *arguments, environment=environment)
    return [entry.decode(errors="surrogateescape") for entry in printed.split(b"\0") if entry]


def answer(folder: Path, *arguments: str, asked: bytes = b"", environment: Mapping[str, str] | None = None) -> bytes:
    """What a command of git prints when it reads what is ``asked``. Raises OSError and CalledProcessError."""
    here = {**(_of_hook() if environment is None else environment), "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"}
    return subprocess.run(
        ["git", *arguments], cwd=folder, env=here, input=asked, capture_output=True, check=True
    ).stdout


def prefix(root: Path) -> str:
    """The way from the top of the checkout to ``root``, with ``/`` behind it; "" at the top and without git."""
    try:
        (found,) = git(root, "rev-parse", "--show-prefix")
    except (OSError, subprocess.CalledProcessError):
        return ""
    return found.removesuffix("\n")


def remotes(root: Path) -> Sequence[str]:
    """The addresses of the repositories that this one knows; none without git."""
    try:
        return git(root, "config", "--get-regexp", "-z", r"^remote\..*\.url$")
    except (OSError, subprocess.CalledProcessError):
        return []


def elsewhere() -> dict[str, str]:
    """The environment without what ties git to the checkout that it runs a hook for."""
    return {name: value for name, value in os.environ.items() if name not in _LOCAL}


def _of_hook() -> dict[str, str]:
    """The environment in which git finds the checkout around any folder, and the index that a hook is to look at."""
    if "GIT_WORK_TREE" in os.environ:
        return dict(os.environ)
    index = os.environ.get("GIT_INDEX_FILE")
    return elsewhere() | ({"GIT_INDEX_FILE": os.path.abspath(index)} if index else {})
