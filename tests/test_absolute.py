"""Questions whether a path is absolute, before it is joined to another."""

from __future__ import annotations

from pathlib import Path

import pytest

from debloat.model import Applicability
from tests.refactor.programs import files, fixed, output

FORMS = {
    "returned": "def found(path):\n    if path.is_absolute():\n        return path\n    return ROOT / path",
    "bound": "def found(path):\n    if not path.is_absolute():\n        path = ROOT / path\n    return path",
    "chosen": "def found(path): return path if path.is_absolute() else ROOT / path",
    "chosen the other way": "def found(path): return ROOT / path if not path.is_absolute() else path",
    "computed": "class Store:\n    @property\n    def root(self): return Path('a')\n    def found(self, path):\n"
    "        if path.is_absolute():\n            return path\n        return self.root / path\nfound = lambda path: Store().found(path)",
}
KEPT = {
    "text": "def found(path):\n    if Path(path).is_absolute():\n        return path\n    return ROOT / path",
    "another path": "def found(path):\n    if path.is_absolute():\n        return path\n    return ROOT / path.name",
    "the other way": "def found(path):\n    if not path.is_absolute():\n        return path\n    return ROOT / path",
    "what does something": "def root():\n    print('root')\n    return ROOT\n"
    "def found(path):\n    if path.is_absolute():\n        return path\n    return root() / path",
    "more than that": "def found(path):\n    if path.is_absolute():\n        print('absolute')\n        return path\n    return ROOT / path",
    "joined later": "def found(path):\n    if path.is_absolute():\n        return path\n    print('relative')\n    return ROOT / path",
    "joined to what is no path": "class Root:\n    def __truediv__(self, path): return 'root'\n"
    "def found(path):\n    if path.is_absolute():\n        return path\n    return Root() / path",
}


def _program(text: str) -> dict[str, str]:
    return files(
        f"from pathlib import Path\nROOT = Path('r')\n{text}\nprint(found(Path('a')), found(Path('/b/c')), found(Path()))\n"
    )


@pytest.mark.parametrize("name", FORMS)
def test_they_go(name: str, tmp_path: Path) -> None:
    before = _program(FORMS[name])
    lowest = Applicability.UNSAFE if name == "computed" else Applicability.SAFE
    result, _ = fixed(before, tmp_path / "fixed", "idempotent-guard", lowest=lowest)
    assert "is_absolute" not in result["app.py"]
    assert output(result, tmp_path / "after") == output(before, tmp_path / "before")


@pytest.mark.parametrize("name", KEPT)
def test_they_stay(name: str, tmp_path: Path) -> None:
    before = _program(KEPT[name])
    assert fixed(before, tmp_path, "idempotent-guard", lowest=Applicability.UNSAFE)[0] == before
