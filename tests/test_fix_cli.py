"""What ``debloat fix`` does to the work of a person: what it leaves alone, what it prints, and what becomes of failures."""

from __future__ import annotations

import errno
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from debloat import journal
from debloat.cli import main

# Deletes each line that ends in "# drop", or in "# with" and a test that goes with it, and files that begin with "# gone".
RULE = '''"""Lines that are marked."""
from dataclasses import dataclass
from debloat.model import Applicability, Edit, Finding, Fix, Span
TIER = Applicability.SAFE

@dataclass(frozen=True)
class Drop:
    path: str
    line: int
    tests: tuple = ()
    title = "Drop the line"
    def fix(self, program):
        return Fix((Edit(Span(self.path, self.line, 0, self.line + 1, 0), ""),), (), (), self.tests)

@dataclass(frozen=True)
class DropFile:
    path: str
    title = "Drop the file"
    def fix(self, program):
        return Fix((), (), (self.path,))

def check(program):
    for file in program.files:
        for number, line in enumerate(program.text(file.path).splitlines(), 1):
            column = len(line) - len(line.lstrip())
            place = Span(file.path, number, column, number, column)
            if line.startswith(b"# gone"):
                yield Finding(place, "file", file.module, (), TIER, 1, (), DropFile(file.path))
            elif b"# with " in line:
                tests = (line.partition(b"# with ")[2].decode(),)
                yield Finding(place, "line", file.module, (), TIER, 1, (), Drop(file.path, number, tests))
            elif line.endswith(b"# drop"):
                yield Finding(place, "line", file.module, (), TIER, 1, (), Drop(file.path, number))
'''


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    folder = tmp_path / "rules" / "house"
    folder.mkdir(parents=True)
    (folder / "marked.py").write_text(RULE)
    return folder.parent


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory: the root of a checkout without any file."""
    project = tmp_path / "project"
    project.mkdir()
    git(project, "init", "-q")
    monkeypatch.chdir(project)
    return project


def git(folder: Path, *arguments: str) -> str:
    names = ["-c", "user.name=n", "-c", "user.email=e", "-c", "protocol.file.allow=always"]
    done = subprocess.run(["git", *names, *arguments], cwd=folder, check=True, capture_output=True, text=True)
    return done.stdout


def commit(folder: Path) -> None:
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "x")


def fix(rules: Path, *arguments: str | Path, stdin: str | None = None) -> Result:
    options = ["--no-cache", "-j1", "--rules", str(rules), "--select", "house"]
    return CliRunner().invoke(main, ["fix", *options, *map(str, arguments)], input=stdin)


DROP = "x = 1\ny = 2  # drop\n"


def test_exit_codes_and_what_is_said(project: Path, rules: Path) -> None:
    (project / "a.py").write_text(DROP)
    commit(project)
    result = fix(rules)
    assert (result.exit_code, result.stdout) == (1, "     1  marked\nApplied 1 fix in 1 file\n")
    assert (project / "a.py").read_text() == "x = 1\n"
    again = fix(rules)
    assert (again.exit_code, again.stdout) == (0, "Nothing to fix\n")


def test_files_that_git_has_no_copy_of_are_left_alone_and_the_others_fixed(project: Path, rules: Path) -> None:
    names = ["clean.py", "staged.py", "unstaged.py", "new.py", "hidden.py", "inner/ü b\nc.py", "inner/changed é.py"]
    for name in names:
        (project / name).parent.mkdir(exist_ok=True)
        (project / name).write_text(DROP if name != "staged.py" else "x = 1\n")
    git(project, "add", "clean.py", "staged.py", "unstaged.py", "hidden.py", "inner")
    git(project, "commit", "-qm", "x")
    git(project, "update-index", "--assume-unchanged", "hidden.py")
    for name in ("unstaged.py", "hidden.py", "inner/changed é.py"):
        (project / name).write_text("mine = 1\n" + DROP)
    (project / ".git/info/exclude").write_text("excluded.py\n")
    (project / "excluded.py").write_text(DROP)
    (project / "staged.py").write_text(DROP)
    git(project, "add", "staged.py")
    result = fix(rules)
    named = "excluded.py, hidden.py, inner/changed é.py and 2 more\n"
    assert f"Left alone, changes are not staged (commit them, or use --allow-dirty): {named}" in result.stdout
    assert result.exit_code == 1
    fixed = {path.relative_to(project).as_posix() for path in project.rglob("*.py") if "drop" not in path.read_text()}
    assert fixed == {"clean.py", "staged.py", "inner/ü b\nc.py"}
    assert fix(rules, "--allow-dirty").exit_code == 1
    assert not [path for path in project.rglob("*.py") if "drop" in path.read_text()]


def test_a_repository_that_git_does_not_read_for_us_has_no_copy(project: Path, rules: Path) -> None:
    (project / "a.py").write_text(DROP)
    commit(project)
    (project / ".git" / "HEAD").write_text("nonsense")
    assert "--allow-dirty): a.py\n" in fix(rules).stdout
    assert (project / "a.py").read_text() == DROP


def test_a_project_below_the_top_and_submodules_are_looked_at_as_well(
    project: Path, rules: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    git(other, "init", "-q")
    for name in ("kept.py", "mine.py"):
        (other / name).write_text(DROP)
    commit(other)
    inner = project / "in side"
    inner.mkdir()
    (inner / "pyproject.toml").write_text("[tool.debloat]\n")
    for name in ("kept.py", "mine.py"):
        (inner / name).write_text(DROP)
    git(project, "submodule", "--quiet", "add", str(other), "in side/sub")
    commit(project)
    for folder in (inner, inner / "sub"):
        (folder / "mine.py").write_text(DROP + "z = 1\n")
    result = fix(rules, inner)
    assert "--allow-dirty): mine.py, sub/mine.py\n" in result.stdout
    assert (inner / "kept.py").read_text() == (inner / "sub/kept.py").read_text() == "x = 1\n"
    assert (inner / "mine.py").read_text() == (inner / "sub/mine.py").read_text() == DROP + "z = 1\n"


def test_links_and_read_only_files_are_left_alone(project: Path, rules: Path) -> None:
    for name in ("locked.py", "twin.py", "target.py"):
        (project / name).write_text(DROP)
    (project / "locked.py").chmod(0o444)
    os.link(project / "twin.py", project / "other_twin.txt")
    (project / "link.py").symlink_to("target.py")
    commit(project)
    result = fix(rules)
    assert "Left alone, read-only: locked.py\n" in result.stdout
    assert "Left alone, a link: twin.py\n" in result.stdout
    assert (project / "target.py").read_text() == "x = 1\n"
    assert (project / "link.py").is_symlink()
    assert (project / "locked.py").read_text() == (project / "twin.py").read_text() == DROP


def test_what_a_stub_declares_does_not_change_without_it(project: Path, rules: Path) -> None:
    (project / "a.py").write_text("def f(): ...\ny = 1  # drop\nclass C:\n    def f(self): ...  # drop\n    g = 1\n")
    (project / "a.pyi").write_text("def f(): ...\nclass C:\n    g: int\n")
    (project / "b.py").write_text("def f():\n    y = 1  # drop\n    return 1\nz = 1  # drop\n")
    (project / "b.pyi").write_text("def f() -> int: ...\n")
    (project / "c.py").write_text("# gone\n")
    (project / "c.pyi").write_text("")
    commit(project)
    result = fix(rules)
    assert "Not fixed: declared in a stub 2\n" in result.stdout
    assert (project / "a.py").read_text() == "def f(): ...\nclass C:\n    def f(self): ...  # drop\n    g = 1\n"
    assert (project / "b.py").read_text() == "def f():\n    return 1\n"
    assert (project / "c.py").exists()


def test_the_diff_is_what_would_be_written(project: Path, rules: Path) -> None:
    inner = project / "in side"
    inner.mkdir()
    (inner / "pyproject.toml").write_text("[tool.debloat]\n")
    files = {
        "plain.py": DROP.encode(),
        "windows é.py": DROP.replace("\n", "\r\n").encode() + b"z = 1",
        "no end.py": b"x = 1  # drop\ny = 2",
        "latin.py": "# coding: latin-1\nx = 1  # drop\ny = '\xe9'\n".encode("latin-1"),
        "bom.py": b"\xef\xbb\xbfx = 1  # drop\ny = 1\n",
        "line\n\".py": b"x = '\xe2\x80\xa8'  # drop\ny = '\xe2\x80\xa8'\n",
        "gone.py": b"# gone\nx = 1\n",
        "gone/empty line end.py": b"# gone",
    }  # fmt: skip
    (inner / "gone").mkdir()
    for name, content in files.items():
        (inner / name).write_bytes(content)
    (inner / "gone.py").chmod(0o755)
    git(project, "config", "core.autocrlf", "false")
    commit(project)
    result = fix(rules, "--diff", inner)
    assert result.exit_code == 1
    assert {name: (inner / name).read_bytes() for name in files} == files
    patch = project.parent / "patch"
    patch.write_bytes(result.stdout_bytes)
    git(inner, "apply", str(patch))
    applied = {path: path.read_bytes() for path in inner.rglob("*.py")}
    git(project, "checkout", "-q", ".")
    subprocess.run(["patch", "-p1", "-s", "--binary", "-i", str(patch)], cwd=project, check=True)
    assert {path: path.read_bytes() for path in inner.rglob("*.py")} == applied
    git(project, "checkout", "-q", ".")
    assert fix(rules, inner).exit_code == 1
    assert {path: path.read_bytes() for path in inner.rglob("*.py")} == applied
    assert applied[inner / "latin.py"] == "# coding: latin-1\ny = '\xe9'\n".encode("latin-1")
    assert applied[inner / "windows é.py"] == b"x = 1\r\nz = 1"


def test_syntax_errors_are_said_and_fatal_where_they_were_named(project: Path, rules: Path) -> None:
    (project / "a.py").write_text(DROP)
    (project / "bad.py").write_text("def f(:\n")
    commit(project)
    result = fix(rules)
    assert "warning: bad.py:1: cannot be read" in result.stderr
    assert (result.exit_code, (project / "a.py").read_text()) == (1, "x = 1\n")
    result = fix(rules, "bad.py")
    assert (result.exit_code, result.stderr.count("error: bad.py:1: ")) == (2, 1)


def during(monkeypatch: pytest.MonkeyPatch, change: Callable[[], Any]) -> None:
    """Have something happen after the program was analysed, before anything is written."""
    write = journal.write

    def changed(*arguments: Any) -> None:
        change()
        write(*arguments)

    monkeypatch.setattr("debloat.journal.write", changed)


@pytest.mark.parametrize("path", ["a.py", "b.py"])
def test_a_file_that_changes_meanwhile_stops_it(
    project: Path, rules: Path, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    (project / "a.py").write_text(DROP)
    (project / "b.py").write_text("x = 1\n")  # not fixed, but what is fixed may rest on it
    commit(project)
    during(monkeypatch, lambda: (project / path).write_text("mine = 1\n"))
    result = fix(rules)
    assert result.stderr == f"Error: {path} has changed meanwhile: nothing was written; run it again\n"
    assert result.exit_code == 2
    assert (project / path).read_text() == "mine = 1\n"
    assert path == "a.py" or (project / "a.py").read_text() == DROP


@pytest.mark.parametrize("moment", range(1, 12))
def test_a_disk_that_is_full_leaves_everything_as_it_was(
    project: Path, rules: Path, monkeypatch: pytest.MonkeyPatch, moment: int
) -> None:
    files = {"a.py": DROP, "b.py": DROP, "c.py": "# gone\n"}
    for name, text in files.items():
        (project / name).write_text(text)
    commit(project)
    left = [moment]

    def failing(function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any) -> Any:
            left[0] -= 1
            if left[0] == 0:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            return function(*arguments)

        return call

    for name in ("_durable", "_replace", "_sync"):
        monkeypatch.setattr(journal, name, failing(getattr(journal, name)))
    result = fix(rules)
    monkeypatch.undo()
    now = {path.relative_to(project).as_posix(): path.read_text() for path in project.rglob("*.py")}
    if result.exit_code == 2:
        assert result.stderr == "Error: No space left on device\n"
        assert now == files
    else:
        assert moment > 10
        assert now == {"a.py": "x = 1\n", "b.py": "x = 1\n"}
    assert {path.name for path in project.iterdir()} <= {*files, ".git"}


def test_an_interrupted_fix_is_named_by_check_and_completed_by_fix(
    project: Path, rules: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a.py", "b.py"):
        (project / name).write_text(DROP)
    commit(project)
    monkeypatch.setattr(journal, "_carry", lambda *_: None)
    fix(rules)
    monkeypatch.undo()
    monkeypatch.chdir(project)
    for result in (CliRunner().invoke(main, ["check"]), fix(rules, "--diff")):
        assert result.exit_code == 2
        assert result.stderr.startswith(f"Error: {project / journal.JOURNAL}: a fix was interrupted")
        assert (project / "a.py").read_text() == DROP
    result = fix(rules)
    assert result.stderr == "completed an interrupted fix of a.py\ncompleted an interrupted fix of b.py\n"
    assert (result.exit_code, (project / "a.py").read_text()) == (0, "x = 1\n")


def test_a_fix_that_was_being_undone_is_undone(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = {"a.py": "a = 1\n", "b.py": "b = 1\n", "c.py": "c = 1\n"}
    for name, text in files.items():
        (project / name).write_text(text)
    changed = {"a.py": (b"a = 1\n", b"a = 2\n"), "b.py": (b"b = 1\n", b"b = 2\n"), "c.py": (b"c = 1\n", None)}
    replace, left = journal._replace, [3]

    def broken(*_: Any) -> None:
        raise OSError(errno.EIO, "broken")

    def failing(*arguments: Any) -> None:  # two files forth, one back
        left[0] -= 1
        replace(*arguments) if left[0] >= 0 else broken()

    monkeypatch.setattr(journal, "_replace", failing)
    monkeypatch.setattr(Path, "unlink", lambda path, **_: broken() if path.name == "c.py" else None)
    with pytest.raises(OSError, match="broken"):
        journal.write(project, changed, {})
    monkeypatch.undo()
    assert (project / "a.py").read_text() == "a = 1\n"
    assert (project / "b.py").read_text() == "b = 2\n"
    journal.complete(project)
    assert {path.name: path.read_text() for path in project.iterdir() if path.is_file()} == files


@pytest.mark.parametrize(
    ("arguments", "gone"),
    [
        (("--select", "single-use-helper", "--unsafe-fixes"), True),
        (("--select", "abstraction", "--unsafe-fixes"), False),
        (("--select", "single-use-helper"), False),
    ],
)
def test_a_suggestion_is_carried_out_when_its_rule_is_named(
    arguments: tuple[str, ...], gone: bool, project: Path
) -> None:
    (project / "app.py").write_text("import sys\n\n\ndef _last(x):\n    return x[-1]\n\n\nprint(_last(sys.argv))\n")
    commit(project)
    CliRunner().invoke(main, ["fix", "--no-cache", "-j1", *arguments])
    assert ("def _last" not in (project / "app.py").read_text()) == gone
