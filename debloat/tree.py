"""The files of a project as they are on disk, save those of which other contents are looked at."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import NamedTuple


class Entry(NamedTuple):
    """What a folder holds under a name: a file, a folder, something else (both False), or a link to one of them."""

    name: str
    folder: bool
    file: bool
    link: bool = False


@dataclass(frozen=True)
class Tree:
    """The project ``root`` where the files ``changed`` (by paths relative to it) have other contents, or None: are not there."""

    root: Path
    changed: Mapping[str, bytes | None]

    def read(self, path: str) -> bytes:
        """The bytes of a file. Raises OSError."""
        if path not in self.changed:
            return (self.root / path).read_bytes()
        content = self.changed[path]
        if content is None:
            raise FileNotFoundError(path)
        return content

    def head(self, path: str, size: int) -> bytes:
        """The first bytes of a file. Raises OSError."""
        if path in self.changed:
            return self.read(path)[:size]
        with (self.root / path).open("rb") as file:
            return file.read(size)

    def size(self, path: str) -> int:
        """How many bytes a file has; of a link, how many the link has. Raises OSError."""
        return len(self.read(path)) if path in self.changed else (self.root / path).lstat().st_size

    def entries(self, folder: str) -> dict[str, Entry]:
        """What is in a folder (its path with ``/`` behind it, the project: empty), by name. Raises OSError."""
        found: dict[str, Entry] = {}
        here = self._folders.get(folder, {})
        with suppress(*[FileNotFoundError] if here else []), os.scandir(f"{self.root}{os.sep}{folder}") as scan:
            for entry in scan:
                if entry.is_symlink():
                    found[entry.name] = Entry(entry.name, os.path.isdir(entry.path), os.path.isfile(entry.path), True)
                else:
                    is_folder = entry.is_dir(follow_symlinks=False)
                    found[entry.name] = Entry(entry.name, is_folder, not is_folder and entry.is_file())
        for name, made in here.items():
            if made is not None:
                found[name] = made
            elif name in found and not found[name].folder:
                del found[name]
        return found

    def glob(self, folder: str, pattern: str) -> Iterator[str]:
        """The files below a folder (its path without ``/``) that match a pattern."""
        base = self.root / folder
        for path in base.glob(pattern):
            if (known := path.relative_to(self.root).as_posix()) not in self.changed:
                yield known
        for known, content in self.changed.items():
            inside = PurePosixPath(known)
            if content is not None and inside.is_relative_to(folder) and _matches(inside.relative_to(folder), pattern):
                yield known

    @cached_property
    def _folders(self) -> dict[str, dict[str, Entry | None]]:
        """What ``changed`` says of each folder: what is there under a name, None for a file that is not."""
        found: dict[str, dict[str, Entry | None]] = {}
        for path, content in self.changed.items():
            folder, slash, name = path.rpartition("/")
            found.setdefault(folder + slash, {})[name] = None if content is None else Entry(name, False, True)
            while content is not None and folder:
                above, slash, name = folder.rpartition("/")
                found.setdefault(above + slash, {})[name] = Entry(name, True, False)
                folder = above
        return found


def _matches(path: PurePosixPath, pattern: str) -> bool:
    return len(path.parts) == pattern.count("/") + 1 and path.match(pattern)
