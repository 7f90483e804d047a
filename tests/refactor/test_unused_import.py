"""Imports go that nothing uses, as far as all modules and what they do when they are imported show it."""

from __future__ import annotations

from pathlib import Path

import pytest

from debloat.model import Applicability
from tests.refactor.programs import fixed

GONE = {
    "import os, sys\nprint(sys.argv)\n": "import sys\nprint(sys.argv)\n",
    "import os.path\nprint(1)\n": "print(1)\n",
    "import os as system\nprint(1)\n": "print(1)\n",
    "def f():\n    import os\n    return 1\nprint(f())\n": "def f():\n    return 1\nprint(f())\n",
    "def f():\n    import os\nprint(f())\n": "def f():\n    pass\nprint(f())\n",
    "import os\n\n\ndef f():\n    import os\n    return os.sep\nprint(f())\n": None,
    "def f():\n    import os\n    return 1\ndef g(os):\n    return os\nprint(f(), g(1))\n": "def f():\n    return 1\ndef g(os):\n    return os\nprint(f(), g(1))\n",
    "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from os import PathLike\nprint(1)\n": "print(1)\n",
    "import sys\nif sys.version_info > (3, 12):\n    import os\nprint(1)\n": "print(1)\n",
    "from os import (\n    path,\n    sep,  # type: ignore\n)\nprint(1)\n": None,
}
KEPT = [
    "# flake8: noqa\nimport os\nprint(1)\n",
    "import os  # noqa: F401\nprint(1)\n",
    "import os  # the other module wants it\nprint(1)\n",
    "import os as os\nprint(1)\n",
    "from os import path as path\nprint(1)\n",
    "from os import path\n__all__ = ['path']\n",
    "from os import PathLike\ndef f(a: 'PathLike[str]'):\n    print(a)\nf(1)\n",
    "from os import PathLike\na = []  # type: list[PathLike]\nprint(a)\n",
    "from typing import cast\nfrom os import PathLike\nprint(cast('PathLike', 1))\n",
    "try:\n    import os\nexcept ImportError:\n    print(1)\n",
    "import os\nprint(eval(input()))\n",
    "import os\nprint(globals())\n",
    "def f():\n    import os\n    return locals()\nprint(f())\n",
    "def f():\n    global os\n    import os\nf()\nprint(os.sep)\n",
    "import os\ndef f():\n    '''\n    >>> os.sep\n    '''\n    print(1)\nf()\n",
    "class A:\n    import os\nprint(A.os)\n",
    "import os\nos = 1\nif os:\n    print(os)\n",
    "import readline\nprint(input())\n",
    "from os import *\nprint(1)\n",
    "from __future__ import annotations\nprint(1)\n",
]


@pytest.mark.parametrize("before", [*GONE, *KEPT])
def test_an_import_goes_that_nothing_uses(before: str, tmp_path: Path) -> None:
    result, outcome = fixed({"app.py": before}, tmp_path, "unused-import", lowest=Applicability.SAFE)
    expected = GONE.get(before, before)
    if expected is None:
        expected = before.removeprefix("import os\n\n\n").replace("    path,\n", "")
    assert result == {"app.py": expected}, outcome.refused


@pytest.mark.parametrize(
    "other",
    [
        "import atexit\natexit.register(print)\nname = 1\n",
        "import unknown\n@unknown.register\ndef name():\n    print(1)\n",
        "import unknown\nclass name(unknown.Model):\n    size = 1\n",
        "TABLE = {}\nTABLE['a'] = 1\nname = TABLE\n",
    ],
)
def test_a_module_that_does_something_stays_imported(other: str, tmp_path: Path) -> None:
    for line in ("import other\n", "from other import name\n"):
        files = {"app.py": line + "print(1)\n", "other.py": other}
        result, _ = fixed(files, tmp_path, "unused-import", lowest=Applicability.UNSAFE)
        assert result == files


def test_a_submodule_that_does_something_stays_beside_another_name(tmp_path: Path) -> None:
    files = {
        "app.py": "from pack import first, models\nprint(first)\n",
        "pack/__init__.py": "first = 1\n",
        "pack/models.py": "import atexit\natexit.register(print)\n",
    }
    result, _ = fixed(files, tmp_path, "unused-import", lowest=Applicability.UNSAFE)
    assert result == files


@pytest.mark.parametrize(
    "other",
    [
        "from app import os\nprint(os.sep)\n",
        "import app\nprint(app.os)\n",
        "from app import *\nprint(os.sep)\n",
        "from unittest import mock\nmock.patch('app.os')\n",
        "import app\nprint(getattr(app, 'os'))\n",
        "import app\nprint(vars(app))\n",
    ],
)
def test_a_name_stays_that_another_module_may_take(other: str, tmp_path: Path) -> None:
    files = {"app.py": "import os\nprint(1)\n", "other.py": other}
    result, _ = fixed(files, tmp_path, "unused-import", lowest=Applicability.UNSAFE)
    assert result == files


def test_a_module_from_outside_may_do_anything(tmp_path: Path) -> None:
    files = {"app.py": "import unknown\nprint(1)\n"}
    assert fixed(files, tmp_path, "unused-import", lowest=Applicability.SAFE)[0] == files
    assert fixed(files, tmp_path, "unused-import", lowest=Applicability.UNSAFE)[0] == {"app.py": "print(1)\n"}
