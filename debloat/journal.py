"""Writing many files so that all of them or none are changed, whatever ends the program in between.

What is to be written is first written to a journal, a folder in the project that appears at once and whole. While it
is there, the change is not over: whoever comes next completes it. A file that is neither as it was nor as it is to be was
changed by somebody else meanwhile, and then nothing is touched. (A redo log; see Gray and Reuter, Transaction
Processing, chapter 10.)
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple

JOURNAL = ".debloat_journal"
_LIST = "files.json"
_NEW = ".debloat-new"


class JournalError(Exception):
    """A change cannot be completed: one line that says why and what to do."""


class _Entry(NamedTuple):
    """A file: its path from the root, the digest of what it was, and of what it is to be, None if it goes."""

    path: str
    old: str
    new: str | None


def pending(root: Path) -> bool:
    """Whether a change of the files of a project was begun and not completed."""
    return (root / JOURNAL).is_dir()


def write(root: Path, changed: Mapping[str, tuple[bytes, bytes | None]]) -> None:
    """Replace the contents of files, from old to new ones; None deletes the file. All or none, even after a crash.

    Raises OSError, and JournalError where a file is no longer what it was.
    """
    for path, (old, _) in changed.items():
        if (root / path).read_bytes() != old:
            raise JournalError(f"{path} has changed meanwhile: nothing was written; run it again")
    prepared = root / f"{JOURNAL}.{os.getpid()}"
    try:
        prepared.mkdir()
        entries = []
        for number, (path, (old, new)) in enumerate(sorted(changed.items())):
            entries.append(_Entry(path, _digest(old), None if new is None else _digest(new)))
            if new is not None:
                _durable(prepared / str(number), new)
        _durable(prepared / _LIST, json.dumps(entries).encode())
        _sync(prepared)
        prepared.rename(root / JOURNAL)
    except BaseException:
        shutil.rmtree(prepared, ignore_errors=True)
        raise
    _sync(root)
    complete(root)


def complete(root: Path) -> list[str]:
    """Complete a change that was begun, and return the paths of its files; leftovers of one that was not begun go.

    Raises OSError, and JournalError where that would overwrite what somebody has changed since.
    """
    for leftover in root.glob(f"{JOURNAL}.*"):
        shutil.rmtree(leftover, ignore_errors=True)
    if not pending(root):
        return []
    entries = list(_entries(root))
    for entry in entries:
        if _now(root / entry.path) not in (entry.old, entry.new):
            raise JournalError(
                f"an interrupted fix cannot be completed: {entry.path} has been changed since; "
                f"restore it, or delete {JOURNAL} to leave everything as it is"
            )
    for number, entry in enumerate(entries):
        if _now(root / entry.path) != entry.new:
            _replace(root / entry.path, root / JOURNAL / str(number) if entry.new is not None else None)
    done = root / f"{JOURNAL}.{os.getpid()}.done"
    (root / JOURNAL).rename(done)
    shutil.rmtree(done, ignore_errors=True)
    return [entry.path for entry in entries]


def _entries(root: Path) -> Iterator[_Entry]:
    try:
        for path, old, new in json.loads((root / JOURNAL / _LIST).read_bytes()):
            inside = Path(path)
            if inside.is_absolute() or ".." in inside.parts or not path.endswith((".py", ".pyi", ".pyw")):
                raise ValueError(path)
            yield _Entry(path, old, new)
    except (OSError, ValueError, TypeError, AttributeError):
        raise JournalError(f"{JOURNAL} is damaged or not ours: look at it and delete it") from None


def _replace(path: Path, new: Path | None) -> None:
    """Put a new content in the place of a file at once, with the mode that the file has; None deletes it."""
    if new is None:
        path.unlink()
    else:
        beside = path.with_name(path.name + _NEW)
        _durable(beside, new.read_bytes())
        shutil.copymode(path, beside)
        beside.replace(path)
    _sync(path.parent)


def _now(path: Path) -> str | None:
    try:
        return _digest(path.read_bytes())
    except FileNotFoundError:
        return None


def _digest(content: bytes) -> str:
    return blake2b(content, digest_size=20).hexdigest()


def _durable(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    """Have what a folder lists on the disk; on Windows there is no way to ask for it."""
    if sys.platform != "win32":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
