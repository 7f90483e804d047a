"""The cache: one SQLite file in the project, from the content of a file to what was found out about it.

Nothing here ever fails a run: what cannot be read or written is not cached. Values come from a file that anybody may
have made, so whoever reads them must expect anything; only accidental damage is found here.
"""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING
from zlib import crc32

if TYPE_CHECKING:
    import sqlite3

# To be raised whenever the same bytes give other facts, or facts another form.
SCHEMA = 28
FOLDER = ".debloat_cache"
TABLES = [
    f"CREATE TABLE {table} (key BLOB PRIMARY KEY, value BLOB)" for table in ("facts", "verdicts", "reports", "runs")
]
BATCH = 500


def key(data: bytes) -> bytes:
    """Return the key of what was found out about ``data`` by this version, on this Python."""
    version = f"{SCHEMA}.{sys.version_info[0]}.{sys.version_info[1]}"
    return blake2b(data, digest_size=20, person=version.encode()).digest()


def open_store(root: Path, table: str) -> Store | None:
    """Return a table of the cache of the project ``root``, made if need be; None if there can be none."""
    folder = root / FOLDER
    try:
        # Neither the folder nor the file may lead elsewhere, and nobody else may have put them here.
        folder.mkdir(exist_ok=True)
        if not (_is_ours(folder, stat.S_IFDIR) and all(_is_ours(path, stat.S_IFREG) for path in folder.iterdir())):
            return None
        ignore = folder / ".gitignore"
        if not ignore.exists():
            ignore.write_text("*\n")
    except OSError:
        return None
    return Store(folder / "facts.sqlite", table)


def _is_ours(path: Path, kind: int) -> bool:
    try:
        status = path.lstat()
    except FileNotFoundError:
        return True  # the journal of another run, which is done
    return stat.S_IFMT(status.st_mode) == kind and (sys.platform == "win32" or status.st_uid == os.getuid())


@dataclass(frozen=True, slots=True)
class Store:
    """Values by key in the SQLite file ``path``: facts of files, verdicts of the syntax tree on findings, what was reported of revisions and by runs."""

    path: Path
    table: str

    def load(self, keys: Sequence[bytes]) -> dict[bytes, bytes]:
        """Return the undamaged values of those ``keys`` that have one."""
        found: dict[bytes, bytes] = {}
        with _forgiving(self.path), _transaction(self.path) as database:
            for start in range(0, len(keys), BATCH):
                batch = keys[start : start + BATCH]
                query = f"SELECT key, value FROM {self.table} WHERE key IN ({','.join('?' * len(batch))})"
                for name, sealed in database.execute(query, batch):
                    # SQLite puts a value of any type into a column of any type.
                    if isinstance(sealed, bytes) and sealed[:4] == _checksum(name, sealed[4:]):
                        found[name] = sealed[4:]
        return found

    def save(self, rows: Mapping[bytes, bytes]) -> None:
        """Keep ``rows``, all or none."""
        with _forgiving(self.path), _transaction(self.path) as database:
            sealed = ((name, _checksum(name, value) + value) for name, value in rows.items())
            database.executemany(f"INSERT OR REPLACE INTO {self.table} VALUES (?, ?)", sealed)

    def prune(self, live: Collection[bytes]) -> None:
        """Drop all facts but ``live``, the keys of this run, once the others are the larger part, and all verdicts.

        Until then the others stay for the next change of branch, and nothing is written. Verdicts are few and small,
        and a run that looks at one file does not know which of them another will need.
        """
        with _forgiving(self.path), _transaction(self.path) as database:
            (count,) = database.execute("SELECT count(*) FROM facts").fetchone()
            if count > 2 * len(live) + BATCH:
                database.execute("CREATE TEMP TABLE live (key BLOB PRIMARY KEY)")
                database.executemany("INSERT OR IGNORE INTO live VALUES (?)", ((name,) for name in live))
                database.execute("DELETE FROM facts WHERE key NOT IN (SELECT key FROM live)")
                database.execute("DELETE FROM verdicts")

    def keep_last(self, count: int) -> None:
        """Drop all values but those that were saved last."""
        with _forgiving(self.path), _transaction(self.path) as database:
            last = f"SELECT rowid FROM {self.table} ORDER BY rowid DESC LIMIT ?"
            database.execute(f"DELETE FROM {self.table} WHERE rowid NOT IN ({last})", (count,))


def _checksum(name: bytes, value: bytes) -> bytes:
    return crc32(value, crc32(name)).to_bytes(4, "big")


@contextmanager
def _transaction(path: Path) -> Iterator[sqlite3.Connection]:
    """Give the open file; raises sqlite3.Error."""
    import sqlite3

    with closing(sqlite3.connect(path, timeout=1)) as database:
        # Lost power may damage the file, which is noticed. Waiting for the disk would cost more than we gain.
        database.execute("PRAGMA synchronous = OFF")
        tables = [sql for (sql,) in database.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")]
        if not tables:
            with database:
                database.execute("BEGIN IMMEDIATE")  # nobody sees one table without the other
                for table in TABLES:
                    database.execute(table.replace("TABLE", "TABLE IF NOT EXISTS"))
        elif tables != TABLES:
            # A view or a trigger in a file that somebody made could do more than hold values.
            raise sqlite3.DatabaseError("not our tables")
        with database:
            yield database


@contextmanager
def _forgiving(path: Path) -> Iterator[None]:
    """Let an error of SQLite end the block silently, and remove the file if that is damaged."""
    import sqlite3

    try:
        yield
    except sqlite3.Error as error:
        # Other errors (locked, read-only, full) leave a file that is good.
        if type(error) is sqlite3.DatabaseError:
            with suppress(OSError):
                path.unlink()
