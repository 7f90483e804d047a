"""A copy of a project to run tests in: nobody works there, and what they do there harms nothing."""

from __future__ import annotations

import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from debloat.git import elsewhere, git

# What tools leave behind and make anew. Virtual environments are known by what is in them.
_SKIPPED = frozenset(
    ".git .hg .svn .tox .nox .venv .cache .debloat_cache .hypothesis .ipynb_checkpoints .mypy_cache .pytest_cache "
    ".ruff_cache __pycache__ htmlcov node_modules".split()
)
_ENVIRONMENT = frozenset({"pyvenv.cfg", "conda-meta"})
_LARGE = 10_000_000  # bytes from which on a file that git ignores is linked: such data is read


class VerifyError(Exception):
    """The fixes cannot be verified: one line that says why and what to do."""


class Copy(NamedTuple):
    """The folder ``original``, the top of a checkout or a project without one, is copied to ``top``."""

    original: Path
    top: Path

    def of(self, path: Path) -> Path:
        """What a path is in the copy; one outside of the original is itself."""
        return self.top / path.relative_to(self.original) if path.is_relative_to(self.original) else path


@contextmanager
def copied(root: Path, *, dirty: bool) -> Iterator[Copy]:
    """Copy the checkout around ``root`` as it is staged, with what is not staged if ``dirty``, and what git ignores.

    Without git, or a commit, it is the folder that is copied. It is gone afterwards, also when a signal ends it. Raises
    VerifyError.
    """
    with tempfile.TemporaryDirectory(prefix="debloat-", ignore_cleanup_errors=True) as folder, _ended_in_order():
        try:
            git(root, "rev-parse", "--verify", "HEAD")
            top = Path(git(root, "rev-parse", "--show-toplevel")[0].removesuffix("\n"))
            known = git(root, "ls-files", "-z")
        except (OSError, subprocess.CalledProcessError):
            known = []
        if not known:  # a checkout around it may be anything, such as all that somebody has
            copy = Copy(root, Path(folder).resolve() / root.name)
            _copy(copy, "")
            yield copy
            return
        copy = Copy(top, Path(folder).resolve() / top.name)
        try:
            _check_out(copy, dirty=dirty)
            yield copy
        except subprocess.CalledProcessError as error:
            said = error.stderr.decode(errors="replace").strip().rpartition("\n")[2]
            raise VerifyError(f"git cannot make a worktree to run tests in: {said}") from None
        finally:
            for arguments in (["remove", "--force", str(copy.top)], ["prune"]):
                subprocess.run(
                    ["git", "worktree", *arguments], cwd=top, env=elsewhere(), capture_output=True, check=False
                )


@contextmanager
def _ended_in_order() -> Iterator[None]:
    """Have a request to end come as KeyboardInterrupt."""
    numbers = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    before = [signal.signal(number, signal.default_int_handler) for number in numbers]
    try:
        yield
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)


def _check_out(copy: Copy, *, dirty: bool) -> None:
    original = copy.original
    (tree,) = git(original, "write-tree")
    here = elsewhere()
    add = ["worktree", "add", "--detach", "--no-checkout", str(copy.top), "HEAD"]
    git(original, "-c", f"core.hooksPath={os.devnull}", *add, environment=here)
    git(copy.top, "read-tree", "--reset", "-u", tree.strip(), environment=here)
    for entry in git(original, "ls-files", "--stage", "-z"):
        if entry.startswith("160000 "):
            _copy(copy, entry.partition("\t")[2])
    for path in git(original, "ls-files", "--others", "--ignored", "--exclude-standard", "--directory", "-z"):
        _copy(copy, path.rstrip("/"))
    if dirty:
        for path in git(original, "diff", "--name-only", "--no-renames", "--no-ext-diff", "-z"):
            if not (copy.top / path).is_dir():  # a submodule is there as it is
                (copy.top / path).unlink(missing_ok=True)
            _copy(copy, path)
        for path in git(original, "ls-files", "--others", "--exclude-standard", "-z"):
            _copy(copy, path.rstrip("/"))


def _copy(copy: Copy, path: str) -> None:
    """Copy a file or folder that is there, without what is skipped."""
    source, target = copy.original / path, copy.top / path
    if not _SKIPPED.isdisjoint(Path(path).parts) or not os.path.lexists(source):
        return
    mode = source.lstat().st_mode
    if stat.S_ISDIR(mode):
        names = os.listdir(source)
        if _ENVIRONMENT.isdisjoint(names):
            target.mkdir(parents=True, exist_ok=True)
            for name in names:
                _copy(copy, f"{path}/{name}" if path else name)
    elif not os.path.lexists(target) and not path.endswith((".pyc", ".pyo")):
        target.parent.mkdir(parents=True, exist_ok=True)
        if stat.S_ISLNK(mode):
            target.symlink_to(os.readlink(source))
        elif stat.S_ISREG(mode) and source.stat().st_size > _LARGE and sys.platform != "win32":
            target.symlink_to(source)
        elif stat.S_ISREG(mode):
            with suppress(PermissionError):
                shutil.copy2(source, target)
