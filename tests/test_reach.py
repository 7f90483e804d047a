"""Production and tests are two worlds: what tests alone use is live in the second only."""

from __future__ import annotations

from pathlib import Path

import pytest

from debloat.config import Config
from debloat.facts import data
from debloat.program import Program, load_program
from debloat.program.queries import callers, definitions
from debloat.program.reach import Reach, everything, production


def program_of(folder: Path, files: dict[str, str]) -> Program:
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    return load_program(folder, Config(), jobs=1, cache=False, world="application", progress=lambda *_: None)


def live(program: Program, world: Reach) -> set[str]:
    return {program.index.qualified(item) for item in world.live if isinstance(item, int)}


def test_what_a_module_has_in_common_with_the_tests_by_name_keeps_no_test_alive(tmp_path: Path) -> None:
    program = program_of(
        tmp_path,
        {
            "app.py": "import sys\n\n\ndef main(job):\n    job.run(sys.argv)\n\n\nif __name__ == '__main__':\n    main(sys)\n",
            "shop.py": "def total():\n    return 1\n",
            "tests/test_shop.py": "import shop\n\n\ndef run():\n    return shop.total()\n\n\ndef test_run():\n    run()\n",
            "tests/test_names.py": "NAMES = ['tests.test_shop']\n",
        },
    )
    assert "shop:total" not in live(program, program.ask(production))
    assert {"shop:total", "tests.test_shop:run"} <= live(program, program.ask(everything))


def test_a_test_module_that_production_imports_is_run_as_a_test_too(tmp_path: Path) -> None:
    program = program_of(
        tmp_path,
        {
            "app.py": "from tests.test_shop import data\n\nif __name__ == '__main__':\n    print(data())\n",
            "shop.py": "def total():\n    return 1\n",
            "tests/test_shop.py": "import shop\n\n\ndef data():\n    return 2\n\n\ndef test_run():\n    shop.total()\n",
        },
    )
    assert "tests.test_shop:data" in live(program, program.ask(production))
    assert "shop:total" not in live(program, program.ask(production))
    assert "shop:total" in live(program, program.ask(everything))


def test_a_name_that_getattr_is_given_keeps_a_method_alive(tmp_path: Path) -> None:
    program = program_of(
        tmp_path,
        {
            "app.py": "class Job:\n    def run(self):\n        return helper()\n\n\ndef helper():\n    return 1\n\n\n"
            "if __name__ == '__main__':\n    print(getattr(Job(), 'run', int)())\n",
        },
    )
    assert {"app:Job.run", "app:helper"} <= live(program, program.ask(production))


def test_to_set_a_name_of_a_module_opens_no_other_of_it(tmp_path: Path) -> None:
    layout = "WIDTH = None\n\n\ndef wide(text):\n    return text.ljust(WIDTH or 80)\n\n\ndef unused():\n    return 1\n"
    app = "import sys\n\nimport layout\n\nlayout.WIDTH = int(sys.argv[1])\nprint(layout.wide('a'))\n"
    program = program_of(tmp_path, {"app.py": app, "layout.py": layout})
    assert "layout:wide" in live(program, program.ask(everything))
    assert "layout:unused" not in live(program, program.ask(everything))
    handed = program_of(tmp_path, {"app.py": app + "layout.own = layout\n"})
    assert "layout:unused" in live(handed, handed.ask(everything))


TEXTS = "def read_text(path, encoding='utf-8'):\n    return path, encoding\n"
PLUGINS = """\
import importlib


def run(path):
    name, _, attribute = path.partition(":")
    module = importlib.import_module(name)
    function = getattr(module, attribute, None)
    return function()
"""


@pytest.mark.parametrize(
    ("plugins", "opens"),
    [
        (PLUGINS, False),
        (PLUGINS.replace("    module = importlib", "    importlib"), False),
        (PLUGINS.replace("return function()", "return module"), True),
        (PLUGINS.replace("return function()", "return [module]"), True),
        (PLUGINS.replace("return function()", "other = module\n    return other"), True),
        (PLUGINS.replace("getattr(module, attribute, None)", "max([], default=module)"), True),
        (PLUGINS.replace("return function()", "return module.texts"), True),
        (PLUGINS.replace("return function()", "return module.handlers"), False),
        (PLUGINS.replace("return function()", "return lambda: module"), True),
        (PLUGINS.replace("return function()", "return lambda: module.handlers"), False),
        (PLUGINS.replace("    module =", "    global module\n    module ="), True),
    ],
)
def test_a_module_imported_by_a_computed_name_is_what_is_unknown_only_where_it_goes(
    tmp_path: Path, plugins: str, opens: bool
) -> None:
    program = program_of(
        tmp_path,
        {
            "app.py": "import main\n",
            "main.py": "import json, sys\n\nfrom plugins import run\nfrom texts import read_text\n\n"
            "run(sys.argv[1])\nprint(read_text('a'), json.load(sys.stdin).read_text(encoding='latin-1'))\n",
            "plugins.py": plugins,
            "texts.py": TEXTS,
        },
    )
    (scope,) = [scope for scope in definitions(program, data.FUNCTION) if program.index.name(scope) == "read_text"]
    assert bool(callers(program, scope).openings) == opens


SETTINGS = "DEBUG = True\n\n\ndef paths():\n    return ['a']\n\n\nclass Config:\n    size = 1\n\n    def shown(self):\n        return 2\n"
MODEL = (
    "import pydantic\n\n\nclass Model(pydantic.BaseModel):\n    class Config:\n        size = 1\n\n\nprint(Model())\n"
)


@pytest.mark.parametrize(
    ("files", "reached"),
    [
        ({}, {"model:Model.Config"}),
        ({"requirements.txt": "django==5\n"}, {"model:Model.Config", "settings.settings:paths"}),
        ({"urls.py": "import django\n"}, {"model:Model.Config", "settings.settings:paths"}),
    ],
)
def test_what_a_framework_takes_by_its_name_is_used_where_the_framework_is(
    tmp_path: Path, files: dict[str, str], reached: set[str]
) -> None:
    program = program_of(
        tmp_path,
        {
            "app.py": "import model\nfrom settings.settings import DEBUG\n\nprint(DEBUG, model.Model)\n",
            "model.py": MODEL,
            "settings/__init__.py": "",
            "settings/settings.py": SETTINGS,
            **files,
        },
    )
    asked = {"model:Model.Config", "settings.settings:paths", "settings.settings:Config.shown"}
    found = {name for name in live(program, program.ask(production)) if name in asked}
    assert found - {"settings.settings:Config.shown"} == reached
    assert ("settings.settings:Config.shown" in found) == bool(files)
