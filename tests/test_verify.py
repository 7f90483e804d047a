"""``debloat fix --verify``: what tests judge, that they judge the copy, and that nothing stays behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import Result

from tests.test_fix_cli import commit, fix, git, project, rules

__all__ = ["project", "rules"]
PLAIN = f"{sys.executable} test_app.py"  # for most this is enough, and it starts in no time
PYTEST = f"{sys.executable} -m pytest -q -p no:cacheprovider"
FOUR = "a = 1\nb = 1  # drop\nc = 1  # drop\nd = 1  # drop\ne = 1  # drop\n"


@pytest.fixture(autouse=True)
def _bare(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")  # some take a second to import


def lay(project: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        (project / name).write_text(text)
    commit(project)


def rows(result: Result) -> list[tuple[str, ...]]:
    """The table of verdicts, without the rule."""
    cells = (line.split(maxsplit=3) for line in result.stdout.splitlines() if line.startswith(("kept", "rejected")))
    return [(row[0], *row[2:]) for row in cells]


def test_what_turns_the_tests_red_does_not_stay_and_the_rest_does(project: Path, rules: Path) -> None:
    lay(
        project,
        {
            "app.py": FOUR,
            "test_app.py": "import app\ndef test_a(): assert vars(app)['c']\ndef test_b(): assert app.a\n",
        },
    )
    result = fix(rules, "--verify", PYTEST)
    assert rows(result) == [
        ("kept", "app.py:2"),
        ("kept", "app.py:4"),
        ("kept", "app.py:5"),
        ("rejected", "app.py:3", "test_app.test_a fails"),
    ]
    assert (project / "app.py").read_text() == "a = 1\nc = 1  # drop\n"
    assert result.exit_code == 1
    assert git(project, "worktree", "list").count("\n") == 1
    assert git(project, "status", "--porcelain") == " M app.py\n"


def test_a_fix_that_is_green_alone_and_red_with_another_goes_alone(project: Path, rules: Path, tmp_path: Path) -> None:
    lay(
        project,
        {
            "app.py": FOUR,
            "test_app.py": f"print(1, file=open({str(tmp_path / 'runs')!r}, 'a'))\nimport app\nassert hasattr(app, 'b') or hasattr(app, 'e')\n",
        },
    )
    result = fix(rules, "--verify", PLAIN)
    assert [row[:2] for row in rows(result)] == [
        ("kept", "app.py:2"),
        ("kept", "app.py:3"),
        ("kept", "app.py:4"),
        ("rejected", "app.py:5"),
    ]
    # as it is, with what was planted, recorded; all four, the first two, the third as well: known is then that the fourth is red
    assert (tmp_path / "runs").read_text() == "1\n" * 6


def test_tests_that_vanish_count_as_red(project: Path, rules: Path) -> None:
    lay(
        project,
        {
            "app.py": "a = 1\nb = 1  # drop\nc = 1  # drop\nd = 1  # drop\ne = 1  # with test_app.py::T::test_e\n",
            "test_app.py": (
                "import pytest, app\ndef test_a(): assert app.a\n"
                "if hasattr(app, 'b'):\n    def test_b(): pass\n"
                "@pytest.mark.parametrize('n', [1] * hasattr(app, 'c'))\ndef test_c(n): pass\n"
                "@pytest.mark.skipif(not hasattr(app, 'd'), reason='')\ndef test_d(): pass\n"
                "class T:\n    if hasattr(app, 'e'):\n        def test_e(self): pass\n"
            ),
        },
    )
    result = fix(rules, "--verify", PYTEST)
    assert rows(result) == [
        ("kept", "app.py:5"),
        ("rejected", "app.py:2", "test_app.test_b no longer runs"),
        ("rejected", "app.py:3", "test_app.test_c[1] no longer runs"),
        ("rejected", "app.py:4", "test_app.test_d no longer runs"),
    ]
    assert "with it went the test test_app.py::T::test_e\n" in result.stdout


def test_a_module_that_no_test_imports_must_import_as_before(project: Path, rules: Path) -> None:
    lay(
        project,
        {
            "pkg/__init__.py": "",
            "pkg/used.py": "a = 1\nb = 2\nc = 3\n",
            "pkg/broken.py": "import nowhere\nb = 1  # drop\n",
            "pkg/other.py": "b = 1  # drop\nc = globals()['b']\nd = 1  # drop\n",
            "script.py": "print(1)\nopen('ran', 'w')\nb = 1  # drop\n",
            "test_app.py": "import pkg.used\n",
        },
    )
    result = fix(rules, "--verify", PLAIN)
    assert rows(result) == [
        ("kept", "pkg/broken.py:2", "no test runs pkg/broken.py:2"),
        ("kept", "pkg/other.py:3", "no test runs pkg/other.py:3"),
        ("kept", "script.py:3", "no test runs script.py:3"),
        ("rejected", "pkg/other.py:1", "importing pkg.other says KeyError: 'b'"),
    ]


def test_only_fixes_of_lines_that_tests_run_with_require_coverage(project: Path, rules: Path) -> None:
    lay(
        project,
        {
            "app.py": "def f():\n    a = 1  # drop\n    return 1\ndef g():\n    a = 1  # drop\n    return 1\n",
            "test_app.py": "import app\napp.f()\n",
        },
    )
    result = fix(rules, "--verify", PLAIN, "--require-coverage")
    assert rows(result) == [("kept", "app.py:2"), ("rejected", "app.py:5", "no test runs app.py:5")]
    assert "needs --verify" in fix(rules, "--require-coverage").stderr


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="there lines are watched beside whoever traces")
def test_what_something_else_traces_is_not_said_to_be_untested(project: Path, rules: Path) -> None:
    lay(
        project,
        {
            "app.py": "def f():\n    a = 1  # drop\n    return 1\n",
            "test_app.py": "import app, sys\nsys.settrace(None)\n",
        },
    )
    assert "Error: which lines the command runs" in fix(rules, "--verify", PLAIN, "--require-coverage").stderr
    assert rows(fix(rules, "--verify", PLAIN)) == [("kept", "app.py:2")]


def test_the_tests_must_be_green_twice(project: Path, rules: Path) -> None:
    lay(project, {"app.py": FOUR, "test_app.py": "import app\ndef test_a(): assert 0\n"})
    result = fix(rules, "--verify", PYTEST)
    assert result.stderr.startswith("Error: the tests are red without any fix (exit status 1: 1 failed in ")
    assert (result.stderr.count("\n"), result.exit_code) == (1, 2)
    flaky = "import app, os\ndef test_a():\n    assert not os.path.exists('ran')\n    open('ran', 'w')\n"
    (project / "test_app.py").write_text(flaky)
    commit(project)
    result = fix(rules, "--verify", PYTEST)
    assert result.stderr.startswith(
        "Error: the tests are flaky: without any fix they were green, then red (exit status 1"
    )
    (project / "test_app.py").write_text(
        "import app, os, pytest\ndef test_a(): assert app\n"
        "@pytest.mark.skipif(os.path.exists('ran'), reason='')\ndef test_b(): open('ran', 'w')\n"
    )
    commit(project)
    result = fix(rules, "--verify", PYTEST)
    assert result.stderr == "Error: the tests are flaky: test_app.test_b passed in one of two runs without any fix\n"
    assert git(project, "status", "--porcelain") == ""


def test_other_commands_are_judged_by_their_exit_status(project: Path, rules: Path) -> None:
    lay(project, {"app.py": FOUR})
    result = fix(rules, "--verify", f"{sys.executable} -c 'import app; app.c'")
    assert [row for row in rows(result) if row[0] == "rejected"] == [
        ("rejected", "app.py:3", "the tests end with exit status 1: AttributeError: module 'app' has no attribute 'c'")
    ]


def test_a_run_that_takes_five_times_as_long_is_red(
    project: Path, rules: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("debloat.verify._LEAST", 1.0)
    lay(project, {"app.py": "a = 1\nb = 1  # drop\n", "run.py": "import app\nwhile not hasattr(app, 'b'): pass\n"})
    result = fix(rules, "--verify", f"{sys.executable} -S run.py")
    assert rows(result) == [("rejected", "app.py:2", "the tests take more than 5 times as long")]


def editable(project: Path, tmp_path: Path) -> str:
    """A project with a src folder that is installed from there; the command that runs its tests."""
    lay(
        project, {"src/pkg/__init__.py": FOUR, "tests/test_app.py": "import pkg\ndef test_a(): assert vars(pkg)['c']\n"}
    )
    installed = tmp_path / "installed"
    installed.mkdir()
    (installed / "pkg.pth").write_text(f"{project / 'src'}\n")
    start = "import site, sys; site.addsitedir(sys.argv.pop(1)); import pytest; sys.exit(pytest.main())"
    return f'{sys.executable} -c "{start}" {installed} -q -p no:cacheprovider'


def test_what_is_installed_from_the_original_is_not_what_is_judged(project: Path, rules: Path, tmp_path: Path) -> None:
    command = editable(project, tmp_path)
    elsewhere = tmp_path / "elsewhere"
    git(project, "worktree", "add", "-q", "--detach", str(elsewhere))
    (elsewhere / "src/pkg/__init__.py").write_text("a = 1\n")
    naive = subprocess.run(command, shell=True, cwd=elsewhere, capture_output=True, check=False)
    assert naive.returncode == 0  # although it is broken there
    git(project, "worktree", "remove", "--force", str(elsewhere))
    result = fix(rules, "--verify", command)
    assert [row for row in rows(result) if row[0] == "rejected"] == [
        ("rejected", "src/pkg/__init__.py:3", "tests.test_app.test_a fails")
    ]
    assert (project / "src/pkg/__init__.py").read_text() == "a = 1\nc = 1  # drop\n"


@pytest.mark.parametrize("to", ["original", "elsewhere"])
def test_tests_that_do_not_run_the_copy_judge_nothing(project: Path, rules: Path, tmp_path: Path, to: str) -> None:
    lay(
        project, {"src/pkg/__init__.py": FOUR, "tests/test_app.py": "import pkg\ndef test_a(): assert vars(pkg)['c']\n"}
    )
    git(tmp_path, "clone", "-q", str(project), str(tmp_path / "elsewhere"))
    source = (project if to == "original" else tmp_path / "elsewhere") / "src"
    lay(project, {"conftest.py": f"import sys\nsys.path.insert(0, {str(source)!r})\n"})
    result = fix(rules, "--verify", PYTEST)
    assert result.stderr.startswith("Error: the tests do not run the code in the copy")
    assert (result.stderr.count("\n"), result.exit_code) == (1, 2)
    assert (project / "src/pkg/__init__.py").read_text() == FOUR


def test_what_git_ignores_and_imports_need_is_there_and_environments_are_not(project: Path, rules: Path) -> None:
    (project / ".gitignore").write_text("_version.py\ndata/\n.venv/\nbig.bin\n__pycache__/\n")
    lay(
        project,
        {
            "app.py": "import os, _version\nb = 1  # drop\n",
            "test_app.py": (
                "import app, os\nassert os.listdir('data') == ['x y']\nassert not os.path.exists('.venv')\n"
                "assert os.path.getsize('big.bin') == 20_000_000\n"
                "for name in 'data/x y', 'new', 'test_app.py': open(name, 'a').write('# changed')\n"
            ),
        },
    )
    (project / "_version.py").write_text("v = 1\n")
    (project / "data").mkdir()
    (project / "data/x y").write_text("mine")
    with open(project / "big.bin", "wb") as big:
        big.truncate(20_000_000)
    (project / ".venv").mkdir()
    (project / ".venv/pyvenv.cfg").write_text("")
    assert rows(fix(rules, "--verify", PLAIN)) == [("kept", "app.py:2")]
    assert (project / "data/x y").read_text() == "mine"
    assert not (project / "new").exists()


def test_the_copy_is_what_is_staged_or_with_allow_dirty_what_is_there(project: Path, rules: Path) -> None:
    lay(project, {"app.py": FOUR, "gone.py": "", "test_app.py": "import app, gone\nvars(app)['b']\n"})
    (project / "test_app.py").write_text("import app, gone\nvars(app)['c']\n")
    git(project, "add", "test_app.py")
    (project / "test_app.py").write_text("import app, new\nvars(app)['d']\n")
    (project / "new.py").write_text("")
    (project / "gone.py").unlink()
    assert "rejected  marked  app.py:3" in fix(rules, "--diff", "--verify", PLAIN).stderr
    result = fix(rules, "--allow-dirty", "--verify", PLAIN)
    assert [row[1] for row in rows(result) if row[0] == "rejected"] == ["app.py:4"]
    assert git(project, "diff", "--cached", "--name-only") == "test_app.py\n"


def test_without_git_and_below_the_top_it_works_as_well(
    project: Path, rules: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inner = project / "in side"
    inner.mkdir()
    (inner / "pyproject.toml").write_text("[tool.debloat]\n")
    (inner / "app.py").write_text(FOUR)
    (inner / "test_app.py").write_text("import app\nvars(app)['c']\n")
    commit(project)
    monkeypatch.chdir(inner)
    monkeypatch.setenv("GIT_DIR", str(project / ".git"))  # as for a hook
    monkeypatch.setenv("GIT_INDEX_FILE", str(project / ".git/index"))
    result = fix(rules, "--diff", "--verify", PLAIN)
    assert result.exit_code == 1
    assert "rejected  marked  app.py:3" in result.stderr
    assert git(project, "status", "--porcelain") == ""
    monkeypatch.delenv("GIT_DIR")
    (project / ".git").rename(tmp_path / "away")
    assert [row[1] for row in rows(fix(rules, "--verify", PLAIN)) if row[0] == "rejected"] == ["app.py:3"]
    assert (inner / "app.py").read_text() == "a = 1\nc = 1  # drop\n"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_end_from_outside_cleans_up_and_writes_nothing(
    project: Path, rules: Path, tmp_path: Path, number: signal.Signals
) -> None:
    lay(project, {"app.py": FOUR})
    started = tmp_path / "started"
    script = f"import os, app, time; open({str(started)!r}, 'w').write(os.getcwd()); time.sleep(60)"
    command = [sys.executable, "-m", "debloat", "fix", "--no-cache", "--rules", str(rules), "--select", "house"]
    process = subprocess.Popen(
        [*command, "--verify", f'{sys.executable} -c "{script}"'], stderr=subprocess.PIPE, text=True
    )
    while not (started.exists() and started.read_text()):
        assert process.poll() is None
        time.sleep(0.05)
    process.send_signal(number)
    _, said = process.communicate(timeout=20)
    assert (process.returncode, said) == (2, "Error: interrupted\n")
    assert not Path(started.read_text()).exists()
    assert git(project, "worktree", "list").count("\n") == 1
    assert (project / "app.py").read_text() == FOUR
    assert os.listdir(project / ".git/worktrees") == [] if (project / ".git/worktrees").exists() else True


QUESTIONS = {"y\ny\ny\ny\n": "a = 1\n", "n\ny\nn\ny\n": "a = 1\nb = 1  # drop\nd = 1  # drop\n", "r\n": "a = 1\n", "n\na\n": "a = 1\nb = 1  # drop\n"}  # fmt: skip


@pytest.mark.parametrize("answers", [*QUESTIONS, "y\nn\nq\ny\n"])
def test_each_fix_is_asked_for(project: Path, rules: Path, answers: str) -> None:
    lay(project, {"app.py": FOUR})
    result = fix(rules, "--interactive", stdin=answers)
    assert "-b = 1  # drop" in result.stderr
    assert "app.py:2 marked line" in result.stderr
    assert (project / "app.py").read_text() == QUESTIONS.get(answers, FOUR.replace("b = 1  # drop\n", ""))
    assert result.exit_code == 1


@pytest.mark.parametrize("answers", ["", "y\n", "y\nq\nn\n", "q\n", "y\nq\n", "what\n"])
def test_who_quits_and_does_not_say_yes_has_nothing_written(project: Path, rules: Path, answers: str) -> None:
    lay(project, {"app.py": FOUR})
    result = fix(rules, "--interactive", stdin=answers)
    assert "Aborted!" in result.stderr
    assert (project / "app.py").read_text() == FOUR


def test_what_was_declined_is_not_verified(project: Path, rules: Path) -> None:
    lay(project, {"app.py": FOUR})
    result = fix(rules, "--interactive", "--verify", "false", stdin="n\n" * 4)
    assert rows(result) == [("rejected", f"app.py:{line}", "declined") for line in range(2, 6)]
    assert result.exit_code == 1
