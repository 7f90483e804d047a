"""The project as it stood in a commit, read from git's objects: nothing is checked out."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex

from debloat.git import answer, git, prefix
from debloat.source.walk import may_count

_LINK, _SUBMODULE = "120000", "160000"


class RevisionError(Exception):
    """A commit that cannot be compared with: one line that says why and what to do."""


@dataclass(frozen=True, slots=True)
class Revision:
    """A commit beside the working tree, by paths relative to the project.

    ``contents`` are those of the files that differ, None for files that were not there; ``renamed`` leads from the path of a file
    to the one it had. ``listing`` is git's name for all that was in the project's folder, "" if there was none, ``tracked`` are the
    files that it speaks for. ``notes`` say what could not be looked at as it was.
    """

    commit: str
    listing: str
    tracked: frozenset[str]
    contents: Mapping[str, bytes | None]
    renamed: Mapping[str, str]
    notes: tuple[str, ...]


def branched_from(root: Path, name: str) -> Revision:
    """The commit in which the working tree of ``root`` and ``name`` (anything that git takes for a commit) were last one.

    Where they share no commit that is known here it is the one that was named. Raises RevisionError.
    """
    try:
        named = _one(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
        if named is None:
            raise RevisionError(_missing(root, name))
        common = _one(root, "merge-base", named, "HEAD")
        base = common or named
        notes = () if common else (f"no commit is known here that {name} and HEAD share: compared with {name} itself",)
        listing = _one(root, "rev-parse", "--verify", "--quiet", f"{base}:{prefix(root)}".removesuffix("/")) or ""
        return _revision(root, base, listing, notes)
    except OSError as error:
        raise RevisionError(f"--since needs git: {error.strerror}") from None
    except subprocess.CalledProcessError as error:
        said = error.stderr.decode(errors="replace").strip().split("\n")[0]
        raise RevisionError(f"--since {name}: {said or 'git cannot read it'}") from None


def _revision(root: Path, base: str, listing: str, notes: Sequence[str]) -> Revision:
    contents: dict[str, bytes | None] = dict.fromkeys(git(root, "ls-files", "--others", "--exclude-standard", "-z"))
    renamed: dict[str, str] = {}
    blobs: dict[str, str] = {}
    submodules = []
    raw = iter(git(root, "diff", "--raw", "-z", "-M", "--no-abbrev", "--no-ext-diff", "--relative", base))
    for entry in raw:
        mode, _, blob, _, status = entry.removeprefix(":").split(" ")
        path = next(raw)
        if status[0] in "RC":
            old, path = path, next(raw)
            renamed[path] = old
            if status[0] == "R":
                blobs[old] = blob
            contents[path] = None
        elif mode == _SUBMODULE:
            submodules.append(path)
        elif status[0] == "A" or mode == _LINK:
            contents[path] = None
        elif status[0] != "U":
            blobs[path] = blob
    contents |= _read(root, blobs)
    moved = [f"the submodule {path} has changed: it is looked at as it is now on both sides" for path in submodules]
    tracked = frozenset(git(root, "ls-files", "-z")).difference(submodules)
    return Revision(base, listing, tracked, contents, renamed, (*notes, *moved))


def _read(root: Path, blobs: Mapping[str, str]) -> Iterator[tuple[str, bytes]]:
    """The files as git would write them, since that is what the working tree is compared with."""
    # A name with a line break cannot be asked for, and what is no code or text may be large and far away.
    asked = [path for path in blobs if "\n" not in path and may_count(path.rpartition("/")[2])]
    if not asked:
        return
    top = prefix(root)
    lines = "".join(f"{blobs[path]} {top}{path}\n" for path in asked).encode(errors="surrogateescape")
    # The sizes that git can tell are those before its filters.
    mark = token_hex()
    printed = b"\n" + answer(root, "cat-file", f"--batch={mark}", "--filters", asked=lines).removesuffix(b"\n")
    _, *found = printed.split(f"\n{mark}\n".encode())
    if len(found) < len(asked):
        raise RevisionError("--since: git has no copy of some files as they were; a partial clone has to fetch them")
    yield from zip(asked, found, strict=True)


def _one(root: Path, *arguments: str) -> str | None:
    """The one line that a command prints; None where it fails without a word."""
    try:
        return answer(root, *arguments).decode(errors="surrogateescape").split("\n")[0] or None
    except subprocess.CalledProcessError as error:
        if error.stderr:
            raise
        return None


def _missing(root: Path, name: str) -> str:
    if _one(root, "rev-parse", "--is-shallow-repository") == "true":
        return f"--since {name}: no such commit in this shallow clone; fetch it, or clone with its history (fetch-depth: 0)"
    return f"--since {name}: git knows no such commit here"
