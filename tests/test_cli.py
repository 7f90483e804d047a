"""What a person meets: output, one line for whatever goes wrong, and the exit status."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from debloat.cli import main
from debloat.model import Problem

RULE = '''"""Finds the first line."""
from debloat.model import Applicability, Finding, Span
TIER = Applicability.UNSAFE
def check(program):
    for file in program.files:
        yield Finding(Span(file.path, 1, 0, 1, 1), "first line", "app", (), TIER, 1)
'''


def debloat(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture(autouse=True)
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a directory with one rule that finds the first line of every file."""
    house = tmp_path / "rules" / "house"
    house.mkdir(parents=True)
    (house / "first_line.py").write_text(RULE)
    monkeypatch.delenv("DEBLOAT_DEBUG", raising=False)
    return house.parent


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the working directory: a project of two files and a folder."""
    project = tmp_path / "project"
    (project / "inner").mkdir(parents=True)
    (project / "pyproject.toml").write_text("[tool.debloat]\n")
    for path in ("app.py", "inner/deep.py"):
        (project / path).write_text("x = 1\n")
    monkeypatch.chdir(project)
    return project


@pytest.fixture
def loads(project: Path, make_program: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return a stand-in for the program that the commands load; what is in ``raises`` is raised instead."""
    program = make_program({"app.py": "x = 1\n", "inner/deep.py": "x = 1\n"})
    program.root = project
    program.raises = None

    def load_program(root: Path, config: Any, **options: Any) -> Any:
        program.options = options
        program.parts[0].config = config
        if program.raises:
            raise program.raises
        return program

    monkeypatch.setattr("debloat.program.load_program", load_program)
    return program


def check(house: Path, *arguments: str | Path) -> Result:
    return debloat("check", "--rules", house, "--select", "house", "--format", "concise", *arguments)


def test_findings_are_exit_1_and_none_exit_0(loads: Any, house: Path) -> None:
    result = check(house)
    assert (
        result.stdout
        == "app.py:1:1: first-line first line [unsafe]\ninner/deep.py:1:1: first-line first line [unsafe]\n"
    )
    assert "2 findings" in result.stderr
    assert result.exit_code == 1
    assert check(house, "--exit-zero").exit_code == 0
    assert check(house, "--ignore", "first-line").exit_code == 0


def test_paths_filter_what_is_reported(loads: Any, house: Path) -> None:
    assert check(house, "inner").stdout == "inner/deep.py:1:1: first-line first line [unsafe]\n"
    assert check(house, "app.py", "inner/deep.py").stdout.count("\n") == 2


def test_fail_on_lets_lesser_findings_pass(loads: Any, house: Path, project: Path) -> None:
    (project / "pyproject.toml").write_text('[tool.debloat]\nfail-on = "safe"\n')
    result = check(house)
    assert "first line" in result.stdout
    assert result.exit_code == 0


def test_options_reach_the_program(loads: Any, house: Path) -> None:
    check(house, "-j", "3", "--no-cache", "--world", "library")
    assert (loads.options["jobs"], loads.options["cache"], loads.options["world"]) == (3, False, "library")


def test_output_goes_to_a_file_without_colour(loads: Any, house: Path, project: Path) -> None:
    result = debloat("check", "--rules", house, "--select", "house", "--output-file", "out.txt")
    assert (result.stdout, result.exit_code) == ("", 1)
    text = (project / "out.txt").read_text(encoding="utf-8")
    assert "app.py:1:1 first-line first line [unsafe, 1 line]" in text
    assert "\x1b" not in text


def test_quiet_leaves_only_findings(loads: Any, house: Path) -> None:
    loads.problems.append(Problem("inner/deep.py", 2, "does not parse", fatal=False))
    result = check(house, "--quiet", "app.py")
    assert result.output == "app.py:1:1: first-line first line [unsafe]\n"


def test_a_file_that_was_named_and_does_not_parse_is_exit_2(loads: Any, house: Path) -> None:
    loads.problems.append(Problem("app.py", 2, "does not parse", fatal=False))
    result = check(house)
    assert "warning: app.py:2: does not parse\n" in result.stderr
    assert result.exit_code == 1
    result = check(house, "app.py")
    assert "error: app.py:2: does not parse\n" in result.stderr
    assert "first line" in result.stdout
    assert result.exit_code == 2


def test_a_path_without_python_is_said(loads: Any, house: Path, project: Path) -> None:
    (project / "notes.txt").write_text("")
    result = check(house, "notes.txt")
    assert result.stderr.startswith("warning: notes.txt: nothing to check here")
    assert result.exit_code == 0


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (KeyboardInterrupt(), "Error: interrupted\n"),
        (MemoryError(), "Error: out of memory; a smaller --jobs needs less\n"),
        (RecursionError("too deep"), "Error: internal error: RecursionError: too deep; DEBLOAT_DEBUG=1 shows where\n"),
        (OSError(errno.EACCES, "Permission denied", "a.py"), "Error: a.py: Permission denied\n"),
        (ValueError("two\nlines"), "Error: internal error: ValueError: two lines; DEBLOAT_DEBUG=1 shows where\n"),
    ],
)
def test_whatever_goes_wrong_is_one_line_and_exit_2(loads: Any, house: Path, error: BaseException, line: str) -> None:
    loads.raises = error
    result = check(house)
    assert (result.stderr, result.exit_code) == (line, 2)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["chek"], "No such command 'chek'"),
        (["check", "--selct", "x"], "--select"),
        (["check", "nowhere"], "'nowhere' does not exist"),
        (["check", "--select", "needles"], "there is no rule or family 'needles'"),
        (["explain", "unused-supression"], "there is no rule 'unused-supression'; did you mean unused-suppression?"),
        (["check", "--jobs", "0"], "0 is not in the range"),
        (["why", "nowhere.py:3"], "there is no file 'nowhere.py'"),
    ],
)
def test_wrong_use_is_exit_2_and_says_what_is_right(loads: Any, arguments: list[str], said: str) -> None:
    result = debloat(*arguments)
    assert said in result.stderr
    assert result.exit_code == 2


def test_a_wrong_configuration_is_exit_2(loads: Any, house: Path, project: Path) -> None:
    (project / "pyproject.toml").write_text("[tool.debloat]\nwrold = 'library'\n")
    result = check(house)
    assert "'wrold'" in result.stderr
    assert "world" in result.stderr
    assert (result.stderr.count("\n"), result.exit_code) == (1, 2)


def test_paths_of_two_projects_are_wrong_use(loads: Any, house: Path, project: Path) -> None:
    other = project.parent / "other"
    other.mkdir()
    (other / "pyproject.toml").write_text("[tool.debloat]\n")
    result = check(house, ".", other)
    assert "these paths belong to several projects" in result.stderr
    assert result.exit_code == 2


def test_a_checked_projects_rules_run_only_when_allowed(loads: Any, house: Path, project: Path) -> None:
    (project / "evil").mkdir()
    (project / "evil" / "gotcha.py").write_text(RULE + "open('ran', 'w').close()\n")
    (project / "pyproject.toml").write_text('[tool.debloat]\nrule-paths = ["evil"]\n')
    for arguments in (["check"], ["rules"], ["explain", "unused-suppression"], ["why", "app.py:1"]):
        result = debloat(*arguments)
        assert "warning: the project's rule-paths were not run: --allow-rules runs them" in result.stderr
        assert not (project / "ran").exists()
    result = debloat("check", "--allow-rules", "--select", "evil", "--format", "concise")
    assert "app.py:1:1: gotcha first line" in result.stdout
    assert (project / "ran").exists()


def test_explain_prints_the_page_and_rules_the_table(loads: Any, house: Path) -> None:
    result = debloat("explain", "unused-suppression")
    assert result.stdout.startswith("# unused-suppression\n\nA `# debloat: keep[rule] reason` comment")
    (row,) = (line for line in debloat("rules", "--rules", house).stdout.splitlines() if "first-line" in line)
    assert row.split() == ["|", "first-line", "|", "house", "|", "unsafe", "|", "Finds", "the", "first", "line.", "|"]


@pytest.mark.parametrize(
    ("notation", "text"),
    [
        ("adjacency", '{\n  "app": [\n    "app.<lambda1>"\n  ]\n}\n'),
        ("dot", 'digraph calls {\n  "app";\n  "app.<lambda1>";\n  "app" -> "app.<lambda1>";\n}\n'),
        ("mermaid", 'flowchart LR\n  n0["app"]\n  n1["app.#lt;lambda1#gt;"]\n  n0 --> n1\n'),
    ],
)
def test_the_graph_in_each_notation(loads: Any, notation: str, text: str) -> None:
    loads.adjacency = lambda paths: {"app": ["app.<lambda1>"]}
    result = debloat("graph", "--format", notation)
    assert (result.stdout, result.exit_code) == (text, 0)


def test_the_graph_as_json(loads: Any) -> None:
    loads.adjacency = lambda paths: {"app": ["app.f"]}
    assert json.loads(debloat("graph").stdout) == {
        "nodes": [{"name": "app"}, {"name": "app.f"}],
        "edges": [{"source": "app", "target": "app.f", "kind": "call"}],
    }


def test_why_shows_what_is_found_at_a_line_or_that_nothing_is(project: Path, house: Path) -> None:
    result = debloat("why", "--rules", house, "app.py:1")
    assert "app.py:1: first-line first line [unsafe]\n" in result.stdout
    nothing = debloat("why", "--rules", house, "inner/deep.py:2").stdout
    assert nothing.startswith("inner/deep.py:2: no rule finds or withholds anything here\ninner.deep: module at ")


def test_why_exits_with_0_where_it_tells_and_2_where_there_is_nothing(project: Path) -> None:
    (project / "app.py").write_text("def total(n):\n    return 1 if n else 2\n\n\nprint(total(3))\n")
    told = debloat("why", "app.py:2")
    assert (told.exit_code, told.stderr) == (0, "")
    assert "n is always true" in told.stdout
    nothing = debloat("why", "app.py:99")
    assert (nothing.exit_code, nothing.stdout, nothing.stderr) == (2, "", "Error: app.py has no line 99\n")


def test_why_of_a_symbol_that_is_not_there_is_exit_2(project: Path) -> None:
    (project / "app.py").write_text("def total():\n    return 1\n")
    result = debloat("why", "app:totel")
    assert result.stderr == "Error: there is no symbol 'app:totel' in this project; did you mean app.total?\n"
    assert result.exit_code == 2


def run_module(*arguments: str, cwd: Path, **options: Any) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "debloat", *arguments]
    return subprocess.run(command, cwd=cwd, text=True, encoding="utf-8", stderr=subprocess.PIPE, check=False, **options)


def test_the_bloated_shop_from_a_shell() -> None:
    shop = Path(__file__).parent.parent / "fixtures" / "projects" / "shop"
    result = run_module("check", "--no-cache", "--format", "json", cwd=shop, stdout=subprocess.PIPE)
    assert (result.stderr, result.returncode) == ("", 1)
    document = json.loads(result.stdout)
    assert document["summary"]["files"] == 10
    assert document["summary"]["findings"]["by_rule"].keys() >= {
        "compat-shim",
        "constant-parameter",
        "dead-symbol",
        "duplicate-function",
        "pass-through-function",
        "recheck-after-check",
        "reraise-only",
        "single-implementation",
        "unused-default",
        "unused-parameter",
    }


def test_a_planted_module_in_the_checked_repository_does_not_run(project: Path) -> None:
    (project / "click.py").write_text("open('ran', 'w').close()\n")
    result = run_module("--version", cwd=project, stdout=subprocess.PIPE)
    assert result.stdout.startswith("debloat ")
    assert not (project / "ran").exists()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a device that is always full")
def test_a_full_disk_is_one_line(project: Path) -> None:
    with Path("/dev/full").open("w") as full:
        result = run_module("rules", cwd=project, stdout=full)
    assert (result.stderr, result.returncode) == ("Error: No space left on device\n", 2)


def test_the_command_line_imports_nothing_heavy() -> None:
    heavy = ["libcst", "rich", "networkx", "sqlite3", "multiprocessing", "pathspec", "asyncio", "debloat.program"]
    code = f"import sys, debloat.cli; print([name for name in {heavy} if name in sys.modules])"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout == "[]\n"


def test_an_editors_text_stands_for_the_file_and_is_reported_alone(project: Path) -> None:
    (project / "app.py").write_text("def total(n):\n    return n\n\n\nprint(total(3))\n")
    (project / "inner" / "deep.py").write_text("def old():\n    return 1\n")
    typed = "import app\n\n\ndef older():\n    return app.total(4)\n"
    arguments = ["--world", "application", "--format", "concise", "--stdin-filename"]
    command = [sys.executable, "-m", "debloat", "check", *arguments, "inner/new.py"]
    result = subprocess.run(command, input=typed, cwd=project, capture_output=True, text=True, check=False)
    assert [line.partition(": ")[0] for line in result.stdout.splitlines()] == ["inner/new.py:4:1"]
    assert "older" in result.stdout
    assert result.returncode == 1
    assert not (project / "inner" / "new.py").exists()
    command[-1] = "inner/deep.py"
    result = subprocess.run(command, input="def broken(:\n", cwd=project, capture_output=True, text=True, check=False)
    assert result.stdout == ""
    assert result.stderr.startswith("error: inner/deep.py:1: ")
    assert result.returncode == 2


def test_an_editors_file_is_the_only_one(loads: Any, house: Path) -> None:
    result = check(house, "--stdin-filename", "app.py", "inner")
    assert "leave out PATHS" in result.stderr
    assert result.exit_code == 2


def test_findings_go_to_several_files_in_several_formats(loads: Any, house: Path, project: Path) -> None:
    result = check(house, "--also", "gitlab=quality.json", "--also", "markdown=comment.md")
    assert result.stdout.count("\n") == 2
    assert len(json.loads((project / "quality.json").read_text(encoding="utf-8"))) == 2
    assert (project / "comment.md").read_text(encoding="utf-8").startswith("<!-- debloat -->\n")
    for wrong in ("sarif", "sarif=", "pdf=x"):
        result = check(house, "--also", wrong)
        assert "FORMAT=FILE is wanted" in result.stderr
        assert result.exit_code == 2


def test_no_color_is_respected_where_colours_would_be(project: Path, house: Path) -> None:
    code = "import sys, pty; sys.exit(pty.spawn(sys.argv[1:]) >> 8)"
    command = [sys.executable, "-c", code, sys.executable, "-m", "debloat", "check", "--rules", str(house)]
    for environment, coloured in ({}, True), ({"NO_COLOR": "1"}, False):
        env = {name: value for name, value in os.environ.items() if name != "NO_COLOR"} | {
            "TERM": "xterm",
            **environment,
        }
        result = subprocess.run(
            command, cwd=project, env=env, capture_output=True, check=False, stdin=subprocess.DEVNULL
        )
        assert b"first-line" in result.stdout
        assert (b"\x1b[31m" in result.stdout or b"\x1b[1m" in result.stdout) == coloured
