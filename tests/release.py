"""Whether what is released works where it is installed: ``python -m tests.release``.

A fresh clone is built; wheel and sdist are installed into fresh environments of Python 3.11 and 3.13, where there are any, and used;
the README's commands run as written; the hooks run by the real pre-commit. It takes minutes and needs the package index.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from difflib import unified_diff
from pathlib import Path

ROOT = Path(__file__).parent.parent
SHOP = ROOT / "fixtures" / "projects" / "shop"


def run(*command: str | Path, cwd: Path, status: int = 0, **environment: str) -> str:
    """Run a command, which must exit with this status, and give all it printed."""
    print("$", *command, flush=True)
    clean = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}
    clean |= {"PIP_QUIET": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1", **environment}
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    done = subprocess.run([*map(str, command)], cwd=cwd, env=clean, text=True, check=False, **streams)  # type: ignore[call-overload]
    assert done.returncode == status, f"exit status {done.returncode}:\n{done.stdout}"
    return str(done.stdout)


def pythons() -> Iterator[str]:
    """The interpreters on PATH or under pyenv, the running one if there is none."""
    found = []
    for version in ("3.11", "3.13"):
        places = sorted(
            Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")).glob(f"versions/{version}.*/bin/python")
        )
        for candidate in (shutil.which(f"python{version}"), *places):
            if candidate and subprocess.run([candidate, "-c", ""], capture_output=True, check=False).returncode == 0:
                found.append(str(candidate))
                break
    yield from found or [sys.executable]


def environment(python: str, folder: Path, *packages: str | Path) -> Path:
    """A fresh environment with these packages: the folder of its commands."""
    run(python, "-m", "venv", folder, cwd=folder.parent)
    run(folder / "bin" / "python", "-m", "pip", "install", *packages, cwd=folder.parent)
    return folder / "bin"


def repository(folder: Path) -> Path:
    """A checkout of the shop, all of it committed."""
    shutil.copytree(SHOP, folder, ignore=shutil.ignore_patterns("__pycache__", ".*"))
    run("git", "init", "-q", cwd=folder)
    commit(folder)
    return folder


def commit(folder: Path) -> None:
    """Commit what is there, past the hooks."""
    run("git", "add", "-A", cwd=folder)
    identity = ("-c", "user.name=n", "-c", "user.email=n@example.org")
    run("git", *identity, "commit", "-qnm", "state", cwd=folder)


def check_archives(python: str, archives: list[Path], work: Path) -> None:
    """Install each archive alone, and use what came of it where there is no checkout."""
    for archive in archives:
        home = Path(tempfile.mkdtemp(dir=work))
        commands = environment(python, home / "venv", archive)
        shop = repository(home / "shop")
        assert "dead-symbol" in run(commands / "debloat", "rules", cwd=home)
        assert "constant-parameter" in run(commands / "debloat", "check", shop, cwd=home, status=1)
        assert " bloat: " in run(commands / "debloat", "score", shop, "--html", home / "page.html", cwd=home)
        assert "</html>" in (home / "page.html").read_text(encoding="utf-8")
        assert "debloat-lint" in run(commands / "debloat", "init", cwd=shop)
        assert "Applied" in run(commands / "debloat", "fix", shop, cwd=home, status=1)


def check_readme(python: str, clone: Path, work: Path) -> None:
    """Run the README's two commands as they stand in a fresh clone; of the tests only some, as all of them run in CI."""
    attempt, test = re.findall(
        r"^ *(python3 -m venv .*)$", (clone / "README.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    here = Path(shutil.copytree(clone, Path(tempfile.mkdtemp(dir=work)) / "clone"))
    named = f'python3() {{ command "{python}" "$@"; }}\n'
    mine = repository(here.with_name("my-project"))
    said = run("bash", "-c", named + attempt.replace("~/my-project", str(mine)), cwd=here, status=1)
    assert said.count("constant-parameter") > 1
    run("bash", "-c", named + test, cwd=here, PYTEST_ADDOPTS="-q -k 'test_cli or test_readme or test_rules'")


def check_hooks(clone: Path, work: Path) -> None:
    """Run the hooks by pre-commit, in two environments of which one holds more."""
    project = repository(work / "hooked")
    revision = run("git", "rev-parse", "HEAD", cwd=clone).strip()
    said = []
    for more in ([], ["attrs", "requests"]):
        settings = f"""\
repos:
  - repo: {clone}
    rev: {revision}
    hooks:
      - id: debloat
        additional_dependencies: {more}
      - id: debloat-fix
        stages: [manual]
"""
        (project / ".pre-commit-config.yaml").write_text(settings)
        commit(project)
        call = (sys.executable, "-m", "pre_commit", "run")
        store = {"PRE_COMMIT_HOME": str(work / "store"), "SETUPTOOLS_SCM_PRETEND_VERSION": "0"}
        whole = run(*call, "--all-files", "debloat", cwd=project, status=1, **store)
        one = run(*call, "--files", "shop/money.py", cwd=project, status=1, **store)
        # the whole program was read, and the named file reported
        assert "shop/money.py:15:26 constant-parameter" in one
        assert "shop/pricing.py:8:24 constant-parameter" in whole
        assert "pricing.py:8:24" not in one
        said.append(re.sub(r"[\d.]+ s\b|- duration: .*|^\[INFO\].*", "", whole + one, flags=re.MULTILINE))
    assert [*said[0].split()] == [*said[1].split()], "\n".join(unified_diff(said[0].splitlines(), said[1].splitlines()))
    fixed = run(*call, "--all-files", "--hook-stage", "manual", "debloat-fix", cwd=project, status=1, **store)
    assert "Applied" in fixed
    assert "files were modified by this hook" in fixed
    commit(project)
    run(*call, "--all-files", "--hook-stage", "manual", "debloat-fix", cwd=project, status=1, **store)
    assert run("git", "status", "--porcelain", cwd=project) == ""


def main() -> None:
    """Do all of it in a temporary folder."""
    with tempfile.TemporaryDirectory() as temporary:
        work = Path(temporary)
        clone, dist = work / "debloat", work / "dist"
        run("git", "clone", "-q", ROOT, clone, cwd=work)
        builder = environment(sys.executable, work / "builder", "build")
        run(builder / "python", "-m", "build", "--outdir", dist, clone, cwd=work)
        archives = sorted(dist.iterdir())
        assert [archive.name.rpartition("0.1.0")[2] for archive in archives] == ["-py3-none-any.whl", ".tar.gz"]
        for python in pythons():
            print(run(python, "--version", cwd=work), end="")
            check_archives(python, archives, work)
            check_readme(python, clone, work)
        check_hooks(clone, work)
    print("all of it works")


if __name__ == "__main__":
    main()
