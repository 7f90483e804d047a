"""Tests of constants that nothing sets give way; the program prints the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from debloat.model import Applicability
from tests.refactor.cases import dedented, fixed, printed
from tests.refactor.programs import fixed as fixed_files

PAIRS = {
    """
    _NEW = True
    def f(x):
        if not _NEW:
            return x
        return x + 1
    print(f(1))
    """: """
    def f(x):
        return x + 1
    print(f(1))
    """,
    """
    _KIND = "csv"
    _NONE = None
    def f(x):
        if _KIND in ("csv", "tsv") and x:
            x += 1
        elif _KIND == "xml":
            x += 2
        return x if _NONE is None else _NONE
    print(f(1), f(0))
    """: """
    def f(x):
        if x:
            x += 1
        return x
    print(f(1), f(0))
    """,
}
KEPT = [
    "NEW = True\ndef f():\n    globals()['NEW'] = False\nf()\nprint(1 if NEW else 2)\n",
    "NEW = True\nNEW = False\nprint(1 if NEW else 2)\n",
    "import os\nNEW = bool(os.environ)\nprint(1 if NEW else 2)\n",
    "import sys\nNAME = 'linux'\nprint(1 if sys.platform == NAME else 2)\n",
    "VERBOSE = False\ndef f(x):\n    if VERBOSE:\n        print(x)\nf(1)\n",
    "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import os\nprint(1)\n",
    "try:\n    import yaml\n    HAS = True\nexcept ImportError:\n    HAS = False\nprint(1 if HAS else 2)\n",
    "from local import *\nNEW = True\ndef f():\n    print(1 if NEW else 2)\nf()\n",
]


@pytest.mark.parametrize("before", PAIRS)
def test_a_flag_that_nothing_sets_goes_with_what_it_decides(before: str, tmp_path: Path) -> None:
    before, after = dedented(before), dedented(PAIRS[before])
    assert fixed(before, tmp_path, ["stale-flag"], Applicability.SAFE).strip() == after.strip()
    assert printed(before) == printed(after)


@pytest.mark.parametrize("before", KEPT)
def test_a_flag_that_something_may_set_stays(before: str, tmp_path: Path) -> None:
    assert fixed(before, tmp_path, ["stale-flag"]) == before


@pytest.mark.parametrize(
    "setting", ["monkeypatch.setattr(app, 'NEW', False)", "app.NEW = False", "setattr(app, 'NEW', 0)"]
)
def test_a_flag_that_a_test_sets_stays(setting: str, tmp_path: Path) -> None:
    files = {
        "app.py": "NEW = True\ndef f():\n    return 1 if NEW else 2\nprint(f())\n",
        "tests/test_app.py": f"import app\ndef test_f(monkeypatch):\n    {setting}\n    assert app.f() == 2\n",
    }
    assert fixed_files(files, tmp_path, "stale-flag", lowest=Applicability.UNSAFE)[0] == files
