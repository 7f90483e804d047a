"""Functions that a name which is computed finds keep their parameters; a string that finds nothing opens nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from debloat.model import Applicability
from tests.refactor.programs import files, fixed, output

BEFORE = """
import importlib, inspect, operator, pkgutil, sys
def run(x, p=1): return x, p
class A:
    def go(self, x, p=1): return x, p
class B:
    def __init__(self): self.inner = A()
if __name__ == "__main__":
    print(run(len(sys.argv)), A().go(1))
"""
FINDS = {
    "a module by a string": 'print(pkgutil.resolve_name("app:run")(1, 2))',
    "a name of the command line": 'print(getattr(importlib.import_module("app"), "run"[:0] + "".join(("r", "un")))(1, 2))',
    "the module that is run": 'print(getattr(sys.modules["__main__"], "x.run".split(".")[1])(1, 2))',
    "all names of a module": 'print(dict(inspect.getmembers(importlib.import_module("a" + "pp"), inspect.isfunction))["run"](1, 2))',
    "a dictionary of the names": 'print(vars(importlib.import_module(sys.argv[0][:-3]))["run"](1, 2))',
    "the names of its own module": 'print(globals()["x.run".split(".")[1]](1, 2))',
    "a method by a part of a string": 'print(getattr(A(), "x.go".split(".")[1])(1, 2))',
    "a method by a path": 'print(operator.attrgetter("inner.go")(B())(1, 2))',
    "a method by its name": 'print(operator.methodcaller("go", 1, 2)(A()))',
    "a method of the class's own names": 'print(vars(A)["x.go".split(".")[1]](A(), 1, 2))',
}


@pytest.mark.parametrize("name", FINDS)
def test_what_is_found_by_name_stays(name: str, tmp_path: Path) -> None:
    before = {"app.py": f"{BEFORE}    {FINDS[name]}\n"}
    result, _ = fixed(before, tmp_path / "fixed", "unused-default", lowest=Applicability.UNSAFE)
    kept = "def go(self, x, p=1)" if "method" in name else "def run(x, p=1)"
    assert kept in result["app.py"]
    assert output(result, tmp_path / "after") == output(before, tmp_path / "before")


def test_a_module_in_a_module_that_is_searched(tmp_path: Path) -> None:
    before = files(
        """
        # app.py
        import importlib, sys
        from pkg import a, b
        package = importlib.import_module("pkg")
        print(a.run(len(sys.argv)), b.run(1), vars(package)["nur"[::-1]](1, 3))
        # pkg/__init__.py
        from pkg.b import run
        # pkg/a.py
        def run(x, p=1): return x, p
        # pkg/b.py
        def run(x, p=1): return x, p
        """
    )
    result, _ = fixed(before, tmp_path / "fixed", "unused-default", lowest=Applicability.UNSAFE)
    assert result == before


def test_other_strings_and_modules_open_nothing(tmp_path: Path) -> None:
    before = files(
        """
        import importlib, logging, sys
        def run(x, p=1): return x, p
        def load(name):
            module = importlib.import_module(name)
            return module.dumps([1]) if module else None
        if __name__ == "__main__":
            for name in sys.argv[:0]: load(name)
            logging.getLogger("job.run").debug("task.run")
            print(run(len(sys.argv)), load("js" + "on"))
        """
    )
    result, _ = fixed(before, tmp_path / "fixed", "unused-default", lowest=Applicability.SAFE)
    assert "def run(x): return x, 1" in result["app.py"]
    assert output(result, tmp_path / "after") == output(before, tmp_path / "before")


def test_what_loses_its_last_import_is_no_plugin(tmp_path: Path) -> None:
    before = files("""
        # app.py
        import core
        print(core.run())
        # core.py
        import importlib
        import sys
        import hooks
        def run(extra=False):
            if extra:
                hooks.tell("it runs")
            return getattr(importlib.import_module(sys.argv[1]), sys.argv[2])
        # hooks.py
        NAMES = ("a", "b")
        def tell(name):
            print(name, NAMES)
        """)
    rules = ("unused-default", "unreachable-branch", "dead-symbol")
    result, _ = fixed(before, tmp_path, *rules, lowest=Applicability.UNSAFE)
    assert sorted(result) == ["app.py", "core.py"]


TEXTS = {
    "a script": ("pyproject.toml", '[project]\nname = "x"\n[project.scripts]\nx = "app:run"\n', False),
    "an entry point of others": ("pyproject.toml", '[project.entry-points."app.parts"]\nx = "app:run"\n', False),
    "the settings of a tool": ("pyproject.toml", '[tool.poe.tasks]\nx = { script = "app:run" }\n', False),
    "a build backend of its own": (
        "pyproject.toml",
        '[build-system]\nrequires = []\nbackend-path = ["."]\nbuild-backend = "app:run"\n',
        False,
    ),
    "what does not parse": ("pyproject.toml", '[project\nx = "app:run"\n', False),
    "what is told of a distribution": (
        "pyproject.toml",
        """
        [build-system]
        requires = ["run"]
        build-backend = "run.app"
        [project]
        name = "app"
        description = "run it"
        dependencies = ["run"]
        [dependency-groups]
        dev = ["run"]
        """,
        True,
    ),
    "packages that are locked": ("uv.lock", '[[package]]\nname = "run"\nsource = "app"\n', True),
    "a recipe": ("Makefile", "all:\n\tpython -c 'import app; app.run(1, 2)'\n", False),
}


@pytest.mark.parametrize("name", TEXTS)
def test_what_other_files_name(name: str, tmp_path: Path) -> None:
    path, text, free = TEXTS[name]
    before = {"app.py": BEFORE, path: text}
    result, _ = fixed(before, tmp_path, "unused-default", lowest=Applicability.UNSAFE)
    assert ("def run(x):" in result["app.py"]) == free
