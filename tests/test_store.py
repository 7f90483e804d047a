"""The cache gives back what was saved, believes nothing damaged and never fails."""

from __future__ import annotations

import multiprocessing
import os
import sqlite3
import sys
from pathlib import Path

import pytest

from debloat.facts import store
from debloat.facts.store import Store, key, open_store

ROWS = {key(b"a"): b"1", key(b"b"): b"", key(b"c"): b"\0" * 10_000}


def opened(root: Path) -> Store:
    found = open_store(root, "facts")
    assert found is not None
    return found


def change(cache: Store, statement: str) -> None:
    with sqlite3.connect(cache.path) as database:
        database.execute(statement)
    database.close()


def test_what_was_saved_is_loaded_by_a_later_run(tmp_path: Path) -> None:
    opened(tmp_path).save(ROWS)
    assert opened(tmp_path).load([*ROWS, key(b"other")]) == ROWS
    assert opened(tmp_path).load([key(b"a")]) == {key(b"a"): b"1"}
    assert (tmp_path / ".debloat_cache" / ".gitignore").read_text() == "*\n"


def test_many_keys(tmp_path: Path) -> None:
    rows = {key(b"%d" % number): b"%d" % number for number in range(1234)}
    opened(tmp_path).save(rows)
    assert opened(tmp_path).load(list(rows)) == rows


def test_a_key_depends_on_content_schema_and_python(monkeypatch: pytest.MonkeyPatch) -> None:
    first = key(b"x = 1\n")
    assert first == key(b"x = 1\n") != key(b"x = 2\n")
    monkeypatch.setattr(store, "SCHEMA", store.SCHEMA + 1)
    assert first != key(b"x = 1\n")
    monkeypatch.undo()
    monkeypatch.setattr(sys, "version_info", (3, 99))
    assert first != key(b"x = 1\n")


@pytest.mark.parametrize("value", ["x'00000000ff'", "x''", "'text'", "7", "NULL", "cast(x'ffff' AS TEXT)"])
def test_a_value_that_is_not_ours_is_not_believed(tmp_path: Path, value: str) -> None:
    opened(tmp_path).save(ROWS)
    change(opened(tmp_path), f"UPDATE facts SET value = {value} WHERE key = x'{key(b'a').hex()}'")
    assert key(b"a") not in opened(tmp_path).load(list(ROWS))


def test_a_value_under_the_wrong_key_is_not_believed(tmp_path: Path) -> None:
    opened(tmp_path).save({key(b"a"): b"1"})
    change(opened(tmp_path), f"UPDATE facts SET key = x'{key(b'b').hex()}'")
    assert opened(tmp_path).load([key(b"b")]) == {}


@pytest.mark.parametrize("damage", [lambda data: b"garbage" * 999, lambda data: data[:100] + b"\xff" * 5000])
def test_a_damaged_file_is_replaced(tmp_path: Path, damage: object) -> None:
    opened(tmp_path).save(ROWS)
    path = opened(tmp_path).path
    path.write_bytes(damage(path.read_bytes()))  # type: ignore[operator]
    assert opened(tmp_path).load(list(ROWS)) == {}
    opened(tmp_path).save(ROWS)
    assert opened(tmp_path).load(list(ROWS)) == ROWS


@pytest.mark.parametrize(
    "schema",
    [
        "CREATE VIEW facts AS WITH RECURSIVE r(n) AS (VALUES (1) UNION ALL SELECT 1 FROM r) SELECT n AS key, n FROM r",
        "CREATE TABLE facts (key, value, more)",
        "CREATE TABLE other (x)",
    ],
)
def test_a_file_with_other_tables_is_replaced(tmp_path: Path, schema: str) -> None:
    change(opened(tmp_path), schema)
    assert opened(tmp_path).load(list(ROWS)) == {}
    opened(tmp_path).save(ROWS)
    assert opened(tmp_path).load(list(ROWS)) == ROWS


def test_a_trigger_is_not_run(tmp_path: Path) -> None:
    opened(tmp_path).save({})
    change(opened(tmp_path), "CREATE TRIGGER t AFTER INSERT ON facts BEGIN DELETE FROM facts; END")
    opened(tmp_path).save(ROWS)
    opened(tmp_path).save(ROWS)
    assert opened(tmp_path).load(list(ROWS)) == ROWS


def test_a_locked_file_is_left_alone(tmp_path: Path) -> None:
    cache = opened(tmp_path)
    cache.save(ROWS)
    other = sqlite3.connect(cache.path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    cache.save({key(b"new"): b"2"})
    assert cache.load(list(ROWS)) == {}
    other.execute("ROLLBACK")
    other.close()
    assert cache.load([*ROWS, key(b"new")]) == ROWS


def test_a_full_disk_saves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened(tmp_path).save(ROWS)
    connect = sqlite3.connect

    def small(*args: object, **options: object) -> sqlite3.Connection:
        database: sqlite3.Connection = connect(*args, **options)  # type: ignore[call-overload]
        database.execute("PRAGMA max_page_count = 10")
        return database

    with monkeypatch.context() as patch:
        patch.setattr(sqlite3, "connect", small)
        opened(tmp_path).save({key(b"big"): b"x" * 1_000_000})
    assert opened(tmp_path).load([*ROWS, key(b"big")]) == ROWS


@pytest.mark.skipif(sys.platform == "win32", reason="no links without rights")
def test_a_cache_that_leads_elsewhere_is_not_used(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "one").mkdir()
    (tmp_path / "one" / ".debloat_cache").symlink_to(tmp_path / "elsewhere")
    assert open_store(tmp_path / "one", "facts") is None
    (tmp_path / "two" / ".debloat_cache").mkdir(parents=True)
    (tmp_path / "two" / ".debloat_cache" / "facts.sqlite").symlink_to(tmp_path / "victim")
    assert open_store(tmp_path / "two", "facts") is None
    assert not (tmp_path / "victim").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="files have no owner number there")
def test_a_cache_of_somebody_else_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened(tmp_path)
    user = os.getuid()
    monkeypatch.setattr(os, "getuid", lambda: user + 1)
    assert open_store(tmp_path, "facts") is None


def test_where_no_folder_can_be_made_there_is_no_cache(tmp_path: Path) -> None:
    (tmp_path / ".debloat_cache").write_text("a file")
    assert open_store(tmp_path, "facts") is None
    assert open_store(tmp_path / "missing", "facts") is None


@pytest.mark.skipif(sys.platform == "win32" or os.getuid() == 0, reason="the rights of this user do not count")
def test_a_read_only_folder_costs_only_the_cache(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    assert open_store(tmp_path, "facts") is None
    tmp_path.chmod(0o700)
    opened(tmp_path).save(ROWS)
    cache = opened(tmp_path)
    cache.path.chmod(0o400)
    cache.path.parent.chmod(0o500)
    cache.save({key(b"new"): b"2"})
    assert opened(tmp_path).load([*ROWS, key(b"new")]) == ROWS
    cache.path.parent.chmod(0o700)


def test_old_rows_go_when_they_are_the_larger_part(tmp_path: Path) -> None:
    old = {key(b"old %d" % number): b"x" for number in range(600)}
    live = {key(b"live %d" % number): b"x" for number in range(60)}
    cache = opened(tmp_path)
    cache.save(old | live)
    cache.prune(list(old)[:300])
    assert len(cache.load([*old, *live])) == 660
    before = cache.path.stat().st_mtime_ns
    cache.prune([*old, *live])
    assert cache.path.stat().st_mtime_ns == before
    cache.prune(live)
    assert cache.load([*old, *live]) == live


def _save(root: Path, name: int) -> None:
    for number in range(20):
        opened(root).save({key(b"%d %d" % (name, number)): b"x" * 1000})


def test_runs_at_the_same_time(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=_save, args=(tmp_path, name)) for name in range(3)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert [writer.exitcode for writer in writers] == [0, 0, 0]
    opened(tmp_path).save(ROWS)
    assert opened(tmp_path).load(list(ROWS)) == ROWS
