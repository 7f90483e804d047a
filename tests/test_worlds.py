"""Which parts a project has, who uses them, and what their build files name."""

from __future__ import annotations

from pathlib import Path

import pytest

from debloat.config import Config, ConfigError
from debloat.tree import Tree
from debloat.worlds import Part, World, parts

DEFAULT = Config()
POETRY = "[tool.poetry]\nname = 'p'\n"


def write(root: Path, files: dict[str, str]) -> list[str]:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    return [path for path in files if path.rpartition("/")[2] in ("pyproject.toml", "setup.cfg", "setup.py")]


def only(root: Path, files: dict[str, str], config: Config = DEFAULT, world: str | None = None) -> Part:
    (part,) = parts(Tree(root, {}), config, write(root, files), world)
    return part


@pytest.mark.parametrize(
    ("files", "world", "reason"),
    [
        ({}, World.APPLICATION, "no build metadata"),
        ({"pyproject.toml": "[tool.ruff]\n"}, World.APPLICATION, "no build metadata"),
        ({"setup.cfg": "[flake8]\n"}, World.APPLICATION, "no build metadata"),
        ({"setup.py": "print('not a build file')"}, World.APPLICATION, "no build metadata"),
        ({"pyproject.toml": POETRY + "package-mode = false"}, World.APPLICATION, "no build metadata"),
        (
            {"pyproject.toml": "[project]\nname = 'p'\n[tool.uv]\npackage = false"},
            World.APPLICATION,
            "no build metadata",
        ),
        (
            {"pyproject.toml": "[project]\nname = 'p'\n[project.scripts]\np = 'p:main'", "src/p/py.typed": ""},
            World.LIBRARY,
            "py.typed",
        ),
        (
            {"setup.py": "setup(classifiers=['Topic :: Software Development :: Libraries'], scripts=['bin/p'])"},
            World.LIBRARY,
            "classified as a library",
        ),
        ({"pyproject.toml": "[project]\nname = 'p'"}, World.LIBRARY, "no script"),
        ({"pyproject.toml": "[build-system]\nrequires = []"}, World.LIBRARY, "no script"),
        ({"pyproject.toml": POETRY + "[tool.poetry.scripts]\np = 'p:main'"}, World.APPLICATION, "has scripts"),
        (
            {"setup.cfg": "[options.entry_points]\nconsole_scripts =\n  p = p:main\n[options]"},
            World.APPLICATION,
            "has scripts",
        ),
        ({"setup.py": "setup(entry_points={'gui_scripts': ['p = p:main']})"}, World.APPLICATION, "has scripts"),
        (
            {"setup.py": "import setuptools\nsetuptools.setup(entry_points=dict(console_scripts=[]))"},
            World.APPLICATION,
            "has scripts",
        ),
    ],
)
def test_the_world_is_guessed_in_order(tmp_path: Path, files: dict[str, str], world: World, reason: str) -> None:
    part = only(tmp_path, files)
    assert (part.root, part.world, part.reason, part.assumed) == ("", world, reason, True)


def test_what_is_declared_is_not_assumed(tmp_path: Path) -> None:
    part = only(tmp_path, {}, Config(world="library"))
    assert (part.world, part.reason, part.assumed) == (World.LIBRARY, "declared", False)
    part = only(tmp_path, {}, Config(world="library"), "application")
    assert (part.world, part.reason, part.assumed) == (World.APPLICATION, "--world", False)
    part = only(tmp_path, {}, Config(public=("p.api",)))
    assert (part.public, part.assumed) == (("p.api",), False)


def test_roots_come_from_every_kind_of_build_file(tmp_path: Path) -> None:
    part = only(
        tmp_path,
        {
            "pyproject.toml": """
                [project]
                name = "shop"
                requires-python = ">=3.12"
                [project.scripts]
                shop = "shop.cli:main [color]"
                [project.gui-scripts]
                win = "shop.gui : App.run"
                [project.entry-points.pytest11]
                shop = "shop.testing"
                [tool.poetry.scripts]
                old = { reference = "shop.old:main", type = "console" }
                [tool.poetry.plugins."x.y"]
                a = "shop.a:A"
                [tool.flit.scripts]
                f = "shop.f:main"
                [tool.flit.entrypoints.g]
                g = "shop.g:main"
            """,
            "setup.cfg": """
[options]
python_requires = >=3.8
[options.entry_points]
console_scripts =
    # a comment = shop.no:no
    one = shop.one:main
    two=shop.two:main [extra]
pytest11 = three = shop.three
""",
            "setup.py": """
from setuptools import setup
setup(name="other", python_requires=">=3.9",
      entry_points='''
        [console_scripts]
        four = shop.four:main
      ''')
""",
        },
    )
    assert (part.name, part.requires_python) == ("shop", ">=3.12")
    assert set(part.roots) - {"console"} == {
        "shop.cli:main", "shop.gui:App.run", "shop.testing", "shop.old:main", "shop.a:A", "shop.f:main",
        "shop.g:main", "shop.one:main", "shop.two:main", "shop.three", "shop.four:main",
    }  # fmt: skip


def test_every_folder_with_settings_or_metadata_is_a_part(tmp_path: Path) -> None:
    found = parts(
        Tree(tmp_path, {}),
        Config(world="application", select=("residue",), per_file_ignores={"a/*": ("x",)}),
        write(
            tmp_path,
            {
                "packages/a/pyproject.toml": "[project]\nname = 'aa'",
                "packages/a/q/pyproject.toml": "[tool.ruff]",
                "packages/a/setup.cfg": "[options]\npython_requires = >=3.9",
                "packages/b/pyproject.toml": "[tool.debloat]\nworld = 'library'\nselect = ['defense']",
            },
        ),
        None,
    )
    assert [(part.root, part.name, part.world, part.assumed, part.config.select) for part in found] == [
        ("", tmp_path.name, World.APPLICATION, False, ("residue",)),
        ("packages/a", "aa", World.LIBRARY, True, ("residue",)),
        ("packages/b", "b", World.LIBRARY, False, ("defense",)),
    ]
    assert found[1].requires_python == ">=3.9"
    assert not found[1].config.per_file_ignores


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("pyproject.toml", "[project"),
        ("pyproject.toml", "a = " + "[" * 100_000),
        ("setup.cfg", "no section"),
        ("setup.py", "setup("),
        ("setup.py", "\0"),
        ("setup.py", "(" * 100_000),
    ],
)
def test_a_broken_build_file_makes_everything_public(tmp_path: Path, name: str, text: str) -> None:
    part = parts(Tree(tmp_path, {}), Config(), write(tmp_path, {f"p/{name}": text}), None)[1]
    assert (part.world, part.assumed, part.reason) == (World.LIBRARY, True, f"{name} cannot be understood")


@pytest.mark.parametrize(
    "project", ["1", "{name = 1, scripts = [], entry-points = {a = 1}, classifiers = 'x'}", "{scripts = 'a'}"]
)
def test_values_of_wrong_types_say_nothing(tmp_path: Path, project: str) -> None:
    assert only(tmp_path, {"pyproject.toml": f"project = {project}\n"}).name == tmp_path.name


def test_wrong_settings_of_a_part_are_an_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="has no key 'wrld'; did you mean 'world'"):
        parts(Tree(tmp_path, {}), Config(), write(tmp_path, {"p/pyproject.toml": "[tool.debloat]\nwrld = 'x'"}), None)
