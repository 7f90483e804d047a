"""Broken files, broken surroundings: one clear line each, everything else still checked, never a traceback."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from time import sleep
from typing import Any
from zlib import crc32

import msgpack
import pytest
from click.testing import CliRunner

from debloat.cli import main
from debloat.facts.data import Facts
from debloat.facts.extract import extract
from debloat.facts.gather import Unreadable, gather
from debloat.tree import Tree

SHOP = Path(__file__).parent.parent / "fixtures" / "projects" / "shop"
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="looks at processes as Linux shows them")
COMMAND = [sys.executable, "-m", "debloat"]


def debloat(*arguments: str, cwd: Path, **options: Any) -> subprocess.CompletedProcess[str]:
    options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options}
    run = subprocess.run([*COMMAND, *arguments], cwd=cwd, text=True, encoding="utf-8", check=False, **options)
    assert "Traceback" not in run.stderr
    assert "internal error" not in run.stderr
    return run


def check(cwd: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return debloat("check", "--format", "concise", "--select", "dead-symbol", *arguments, cwd=cwd)


def dead(name: str) -> bytes:
    return f"def _{name}_dead():\n    return 1\n\n\nprint(1)\n".encode()


# A file, and what is said of it; None for one that is read.
FILES: dict[str, tuple[bytes, str | None]] = {
    "good.py": (dead("good"), None),
    "empty.py": (b"", None),
    "bom.py": (b"\xef\xbb\xbf" + dead("bom"), None),
    "form_feed.py": (b"x = 1\n\x0c" + dead("form_feed"), None),
    "windows.py": (dead("windows").replace(b"\n", b"\r\n"), None),
    "latin.py": ("# coding: latin-1\nname = '\xe9'\n".encode("latin-1") + dead("latin"), None),
    "carriage_returns.py": (b"x = 1\rprint(x)\r", None),
    "long_text.py": (b"x = '" + b"a" * 5_000_000 + b"'\n" + dead("long_text"), None),
    "long_list.py": (b"x = [" + b"1, " * 50_000 + b"]\n" + dead("long_list"), None),
    "surrogate.py": (b"x = '\\ud800', 1e999, -0.0, 1j\n" + dead("surrogate"), None),
    "sum.py": (b"def f(a):\n    return " + b" + ".join([b"a"] * 1000) + b"\n\n\nprint(f(1))\n" + dead("sum"), None),
    "ladder.py": (b"a = 1\nif a: pass\n" + b"elif a: pass\n" * 600 + dead("ladder"), None),
    "chain.py": (b"def f(a):\n    return a" + b".b(1)" * 200 + b"\n\n\nprint(f)\n" + dead("chain"), None),
    "compiler_only.py": (b"return 1\nnonlocal x\nbreak\nawait y\n" + dead("compiler_only"), None),
    "syntax.py": (b"def f(:\n", "1: cannot be read: invalid syntax"),
    "python2.py": (b"\nprint 'hello'\n", "2: cannot be read: Missing parentheses"),
    "conflict.py": (b"<<<<<<< HEAD\nx = 1\n=======\n", "1: cannot be read: invalid syntax"),
    "tabs.py": (b"if x:\n\ty = 1\n        z = 2\n", "3: cannot be read: inconsistent use of tabs"),
    "latin_bare.py": ("name = '\xe9'\n".encode("latin-1"), "cannot be read: (unicode error)"),
    "unknown_coding.py": (b"# coding: klingon\n", "cannot be read: unknown encoding: klingon"),
    "bom_and_coding.py": (b"\xef\xbb\xbf# coding: latin-1\n", "cannot be read: encoding problem"),
    "nul.py": (b"x = 1\n\0\n", "cannot be read: source code "),
    "wide.py": ("x = 1\n".encode("utf-16"), "cannot be read: source code "),
    "brackets.py": (b"x = " + b"(" * 500 + b")" * 500, "1: cannot be read: too many nested parentheses"),
    "nots.py": (b"x = " + b"not " * 100_000 + b"1\n", "cannot be read: nested too deeply"),
    "attributes.py": (b"x = a" + b".b" * 5000 + b"\n", "cannot be read: nested too deeply"),
    "lambdas.py": (b"x = " + b"lambda: " * 400 + b"1\n", "cannot be read: nested too deeply"),
    "digits.py": (b"x = " + b"9" * 6000 + b"\n", "1: cannot be read: Exceeds the limit"),
}


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of all these files."""
    folder = tmp_path_factory.mktemp("corpus")
    for name, (content, _) in FILES.items():
        (folder / name).write_bytes(content)
    return folder


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_each_broken_file_is_one_line_and_all_others_are_checked(corpus: Path, jobs: str) -> None:
    run = check(corpus, "--no-cache", "--jobs", jobs)
    said = run.stderr.splitlines()
    for name, (content, message) in FILES.items():
        lines = [line for line in said if line.startswith(f"warning: {name}:")]
        assert len(lines) == (message is not None), (name, lines)
        if message:
            assert message in lines[0]
        assert (f"function _{name[:-3]}_dead is never used" in run.stdout) == (b"_dead" in content), name
    assert run.returncode == 1


@pytest.mark.parametrize("name", ["syntax.py", "nul.py", "nots.py"])
def test_a_broken_file_that_was_named_is_an_error(corpus: Path, name: str) -> None:
    run = check(corpus, "--no-cache", name)
    assert f"\nerror: {name}:" in run.stderr
    assert (run.stdout, run.returncode) == ("", 2)


def test_what_a_broken_file_mentions_is_used(tmp_path: Path) -> None:
    (tmp_path / "good.py").write_bytes(dead("good"))
    (tmp_path / "broken.py").write_text("from good import _good_dead\n_good_dead(\n")
    assert check(tmp_path).stdout == ""


@pytest.mark.skipif(sys.platform == "win32", reason="no such things there")
def test_things_that_are_no_files(tmp_path: Path) -> None:
    (tmp_path / "good.py").write_bytes(dead("good"))
    (tmp_path / "folder.py").mkdir()
    (tmp_path / "folder.py" / "inner.py").write_bytes(dead("inner"))
    (tmp_path / "around").symlink_to(".")
    (tmp_path / "left.py").symlink_to("right.py")
    (tmp_path / "right.py").symlink_to("left.py")
    (tmp_path / "nowhere.py").symlink_to("nothing.py")
    os.mkfifo(tmp_path / "pipe.py")
    run = check(tmp_path)
    assert sorted(line for line in run.stderr.splitlines() if line.startswith("warning")) == [
        "warning: around: link to a folder, not followed",
        "warning: left.py: not a regular file",
        "warning: nowhere.py: not a regular file",
        "warning: pipe.py: not a regular file",
        "warning: right.py: not a regular file",
    ]
    assert "_good_dead" in run.stdout
    assert "_inner_dead" in run.stdout


@pytest.mark.skipif(sys.platform == "win32" or os.getuid() == 0, reason="needs permissions that bind")
def test_an_unreadable_file_costs_only_itself(tmp_path: Path) -> None:
    (tmp_path / "good.py").write_bytes(dead("good"))
    (tmp_path / "secret.py").write_bytes(dead("secret"))
    (tmp_path / "secret.py").chmod(0)
    run = check(tmp_path)
    assert "warning: secret.py: cannot be read: Permission denied\n" in run.stderr
    assert "_good_dead" in run.stdout


def test_an_empty_repository(tmp_path: Path) -> None:
    run = check(tmp_path)
    assert run.stderr.startswith("error: .: no Python files found here\n")
    assert (run.stdout, run.returncode) == ("", 2)
    assert not (tmp_path / ".debloat_cache").exists()


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ("[tool.debloat]\nexclud = []\n", "did you mean 'exclude'?"),
        ("[tool.debloat]\nworld = 3\n", "world"),
        ("[tool.debloat\n", "pyproject.toml"),
        ("\xff", "pyproject.toml"),
    ],
)
def test_wrong_settings_are_one_line(tmp_path: Path, settings: str, said: str) -> None:
    (tmp_path / "good.py").write_bytes(dead("good"))
    (tmp_path / "pyproject.toml").write_bytes(settings.encode("latin-1"))
    run = check(tmp_path)
    assert said in run.stderr
    assert (run.stdout, run.stderr.count("\n"), run.returncode) == ("", 1, 2)


# The cache


@pytest.fixture
def cached(tmp_path: Path) -> Path:
    """A project whose cache is filled."""
    (tmp_path / "good.py").write_bytes(dead("good"))
    assert "_good_dead" in check(tmp_path).stdout
    return tmp_path


@pytest.mark.parametrize("garbage", [b"", b"garbage", b"SQLite format 3\0" + b"\0" * 4096])
def test_a_corrupt_cache_is_no_cache(cached: Path, garbage: bytes) -> None:
    store = cached / ".debloat_cache" / "facts.sqlite"
    expected = check(cached).stdout
    store.write_bytes(garbage)
    assert check(cached).stdout == expected
    store.write_bytes(store.read_bytes()[:-2000])
    assert check(cached).stdout == expected


def hostile_rows(row: list[Any]) -> Iterator[Any]:
    """What is no facts, and what is built like facts but points anywhere."""
    yield from (None, 7, [], [[]] * 9, [0] * 9, {"a": 1}, [["x"] * 3] * 9, row[:-1], [*row, 1])
    for place in range(len(row)):
        for value in (None, -1, [], b"", "", [[1]], b"\xff" * 40):
            yield [*row[:place], value, *row[place + 1 :]]


def test_a_hostile_cache_does_nothing_worse_than_deceive(cached: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = cached / ".debloat_cache" / "facts.sqlite"
    with closing(sqlite3.connect(store)) as database:
        ((name, value), *_) = database.execute("SELECT key, value FROM facts ORDER BY rowid").fetchall()
    row = msgpack.unpackb(value[4:], strict_map_key=False)
    monkeypatch.chdir(cached)
    for hostile in hostile_rows(row):
        packed = msgpack.packb(hostile)
        with closing(sqlite3.connect(store)) as database, database:
            sealed = crc32(packed, crc32(name)).to_bytes(4, "big") + packed
            database.execute("UPDATE facts SET value = ? WHERE key = ?", [sealed, name])
        result = CliRunner().invoke(main, ["check", "--select", "dead-symbol", "--jobs", "1"])
        assert isinstance(result.exception, SystemExit | None), hostile
        assert "Traceback" not in result.stderr
    assert "_good_dead" in check(cached, "--no-cache").stdout


# Processes


@LINUX
def test_a_killed_worker_costs_one_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def deadly(source: bytes) -> bytes:
        if b"deadly" in source:
            os.kill(os.getpid(), signal.SIGKILL)
        return extract(source)

    monkeypatch.setattr("debloat.facts.gather.extract", deadly)
    paths = [f"m{number}.py" for number in range(20)]
    for path in paths:
        (tmp_path / path).write_text("x = 1\n" if path != "m7.py" else "deadly = 1\n")
    found = {path: facts for path, _, facts in gather(Tree(tmp_path, {}), paths, None, 2, lambda *_: None)}
    assert list(found) == paths
    assert {path for path, facts in found.items() if not isinstance(facts, Facts)} == {"m7.py"}
    assert isinstance(killed := found["m7.py"], Unreadable)
    assert killed.problem.message == "cannot be read: the process that read it was killed"
    assert killed.words == {"deadly"}


@LINUX
def test_ctrl_c_is_one_line_and_leaves_no_process(tmp_path: Path) -> None:
    for number in range(60):
        (tmp_path / f"m{number}.py").write_text(f"x{number} = [{'f(1), ' * 40_000}]\n")
    command = [*COMMAND, "check", "--no-cache", "--jobs", "2"]
    with subprocess.Popen(
        command, cwd=tmp_path, start_new_session=True, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
        while process.poll() is None and len(children.read_text().split()) < 2:
            sleep(0.01)
        os.killpg(process.pid, signal.SIGINT)
        out, err = process.communicate()
    assert (out, err, process.returncode) == ("", "Error: interrupted\n", 2)
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, 0)


@pytest.mark.skipif(sys.platform == "win32", reason="no such pipes there")
def test_a_reader_that_leaves_is_no_error_of_ours(tmp_path: Path) -> None:
    for number in range(300):
        (tmp_path / f"m{number}.py").write_bytes(dead(f"n{number}" * 50))
    with subprocess.Popen(
        [*COMMAND, "check", "--no-cache", "-q"], cwd=tmp_path, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.close()
        assert process.stderr.read() == ""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a device that is always full")
@pytest.mark.parametrize("arguments", [["check", "--format", "json"], ["check"], ["graph"]])
def test_a_full_disk_is_one_line(cached: Path, arguments: list[str]) -> None:
    with Path("/dev/full").open("w") as full:
        run = debloat(*arguments, cwd=cached, stdout=full)
    assert run.stderr.splitlines()[-1] == "Error: No space left on device"
    assert run.returncode == 2


# The same answer


def document(cwd: Path, *arguments: str) -> Any:
    found = json.loads(debloat("check", "--format", "json", *arguments, cwd=cwd).stdout)
    del found["summary"]["seconds"]
    return json.dumps(found)


def test_jobs_order_and_cache_change_nothing(tmp_path: Path) -> None:
    there, back = tmp_path / "there", tmp_path / "back"
    shutil.copytree(SHOP, there, ignore=shutil.ignore_patterns(".debloat_cache", "__pycache__"))
    for number in range(20):
        (there / f"m{number}.py").write_bytes(dead(f"n{number}"))
    for path in sorted(there.rglob("*"), reverse=True):
        if path.is_file():
            copy = back / path.relative_to(there)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, copy)
    first = document(there, "--no-cache", "--jobs", "1")
    assert "_n7_dead" in first
    assert document(there, "--no-cache", "--jobs", "3") == first
    assert document(back, "--no-cache", "--jobs", "2") == first
    for _ in range(2):
        assert document(there, "--jobs", "2") == first
