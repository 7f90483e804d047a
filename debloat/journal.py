"""Writing many files so that all of them or none are changed, whatever ends the program in between.

What files are to be and what they were is first written to a journal, a folder in the project that appears at once and
whole. From there on files are only renamed, which needs no space on the disk. While the journal is there the change is not
over: whoever comes next completes it, or undoes it if it was being undone. A file that is neither as it was nor as it is to
be was changed by somebody else meanwhile, and then nothing is touched. (A redo and undo log; see Gray and Reuter,
Transaction Processing, chapter 10.)
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import Literal, NamedTuple

JOURNAL = ".debloat_journal"
_LIST = "files.json"
_NEW = ".debloat-new"


class JournalError(Exception):
    """A change cannot be made or completed: one line that says why and what to do."""


class _Entry(NamedTuple):
    """A file: its path from the root, the digest of what it was, and of what it is to be, None if it goes."""

    path: str
    old: str
    new: str | None


_Side = Literal["old", "new"]


def pending(root: Path) -> bool:
    """Whether a change of the files of a project was begun and not completed."""
    return (root / JOURNAL).is_dir()


def refuse_pending(root: Path) -> None:
    """Raise JournalError where a change was begun and not completed."""
    if pending(root):
        raise JournalError(f"{root / JOURNAL}: a fix was interrupted; `debloat fix` completes it first")


def write(root: Path, changed: Mapping[str, tuple[bytes, bytes | None]], rests: Mapping[str, bytes]) -> None:
    """Replace the contents of files, from old to new ones; None deletes the file. All or none, even after a crash.

    ``rests`` are contents of files that the change rests on. Raises OSError, and JournalError where a file is no longer what
    it was; then nothing is changed.
    """
    for path, old in {**rests, **{path: old for path, (old, _) in changed.items()}}.items():
        if _content(root / path) != old:
            raise JournalError(f"{path} has changed meanwhile: nothing was written; run it again")
    prepared = root / f"{JOURNAL}.{os.getpid()}"
    try:
        prepared.mkdir()
        entries = []
        for number, (path, contents) in enumerate(sorted(changed.items())):
            for side, content in zip(("old", "new"), contents, strict=True):
                if content is not None:
                    _durable(prepared / f"{number}.{side}", content)
                    _as_owned(prepared / f"{number}.{side}", root / path)
            old, new = contents
            entries.append(_Entry(path, _digest(old), None if new is None else _digest(new)))
        _durable(prepared / _LIST, json.dumps(entries).encode())
        _sync(prepared)
        prepared.rename(root / JOURNAL)
    except BaseException:
        shutil.rmtree(prepared, ignore_errors=True)
        raise
    try:
        _sync(root)
        _carry(root, entries, "new")
    except BaseException:
        if pending(root):
            _carry(root, entries, "old")
        raise


def complete(root: Path) -> list[str]:
    """Complete a change that was begun, and return the paths of its files; leftovers of one that was not begun go.

    One that was being undone is undone. Raises OSError, and JournalError where that would overwrite what somebody has
    changed since.
    """
    for leftover in root.glob(f"{JOURNAL}.*"):
        shutil.rmtree(leftover, ignore_errors=True)
    if not pending(root):
        return []
    entries = list(_entries(root))
    forward = True
    for number, entry in enumerate(entries):
        now = _now(root / entry.path)
        if now not in (entry.old, entry.new):
            raise JournalError(
                f"an interrupted fix cannot be completed: {entry.path} has been changed since; "
                f"restore it, or delete {JOURNAL} to leave everything as it is"
            )
        forward &= now == entry.new or entry.new is None or (root / JOURNAL / f"{number}.new").exists()
    _carry(root, entries, "new" if forward else "old")
    return [entry.path for entry in entries]


def _carry(root: Path, entries: Sequence[_Entry], side: _Side) -> None:
    """Bring all files to one side, and end the journal."""
    for number, entry in enumerate(entries):
        path, wanted = root / entry.path, getattr(entry, side)
        path.with_name(path.name + _NEW).unlink(missing_ok=True)
        if _now(path) != wanted:
            if wanted is None:
                path.unlink()
            else:
                _replace(path, root / JOURNAL / f"{number}.{side}")
    for folder in {(root / entry.path).parent for entry in entries}:
        _sync(folder)
    done = root / f"{JOURNAL}.{os.getpid()}.done"
    (root / JOURNAL).rename(done)
    shutil.rmtree(done, ignore_errors=True)


def _entries(root: Path) -> Iterator[_Entry]:
    try:
        for path, old, new in json.loads((root / JOURNAL / _LIST).read_bytes()):
            inside = Path(path)
            if inside.is_absolute() or ".." in inside.parts or not path.endswith((".py", ".pyi", ".pyw")):
                raise ValueError(path)
            yield _Entry(path, old, new)
    except (OSError, ValueError, TypeError, AttributeError):
        raise JournalError(f"{JOURNAL} is damaged or not ours: look at it and delete it") from None


def _replace(path: Path, new: Path) -> None:
    """Put a file in the place of another one at once."""
    try:
        new.replace(path)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        beside = path.with_name(path.name + _NEW)  # on a file system of its own
        _durable(beside, new.read_bytes())
        _as_owned(beside, new)
        beside.replace(path)


def _as_owned(path: Path, model: Path) -> None:
    """Give a file the mode and, where that is allowed, the owner of another one."""
    if sys.platform != "win32":
        with contextlib.suppress(PermissionError):
            os.chown(path, model.stat().st_uid, model.stat().st_gid)
    shutil.copymode(model, path)


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def _now(path: Path) -> str | None:
    content = _content(path)
    return None if content is None else _digest(content)


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
