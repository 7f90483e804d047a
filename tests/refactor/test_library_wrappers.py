"""Functions that are a function of the standard library by another name."""

from __future__ import annotations

from pathlib import Path

import pytest

from debloat.model import Applicability
from tests.refactor.programs import files, fixed, output

GONE = """
    # app.py
    from clock import joined, later, now
    from sub import other
    print(now() > 0, other.spent(0) > 0, joined("a", "b"), later([3, 1]))
    # clock.py
    import os
    import time
    from heapq import nlargest as best
    def now():
        return time.time()
    def joined(folder, name): return os.path.join(folder, name)
    def later(items, count=1): return best(count, items)
    # sub/__init__.py
    # sub/other.py
    import clock
    def spent(since): return clock.now() - since
    """

KEPT = {
    "a test replaces it": "monkeypatch.setattr('app.now', lambda: 1)",
    "a test replaces it on the module": "import app\napp.now = lambda: 1",
    "a test looks at it": "import app\nassert app.now.__name__ == 'now'",
}


def test_they_give_way_to_it_in_all_modules(tmp_path: Path) -> None:
    before = files(GONE)
    result, _ = fixed(before, tmp_path / "fixed", "pass-through-function", lowest=Applicability.UNSAFE)
    assert "def now" not in result["clock.py"] and "def joined" not in result["clock.py"]
    assert "def later" in result["clock.py"]  # another order
    assert "time.time() - since" in result["sub/other.py"]
    assert output(result, tmp_path / "after") == output(before, tmp_path / "before")


@pytest.mark.parametrize("name", KEPT)
def test_they_stay(name: str, tmp_path: Path) -> None:
    before = {
        "app.py": "import time\ndef now(): return time.time()\nif __name__ == '__main__': print(now() > 0)\n",
        "test_app.py": "def test(monkeypatch):\n    " + KEPT[name].replace("\n", "\n    ") + "\n",
    }
    assert fixed(before, tmp_path, "pass-through-function", lowest=Applicability.UNSAFE)[0] == before
