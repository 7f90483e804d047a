"""Exceptions that show by a method of their own what they show anyway."""

from __future__ import annotations

from pathlib import Path

import pytest

from debloat.model import Applicability
from tests.refactor.programs import files, fixed, output

STR = "    def __str__(self): return self.message\n"
SHOW = "\nfor error in (Failed('a'), Worse('b')):\n    print(str(error), repr(error), error.message)\n"
WORSE = "class Worse(Failed):\n    pass\n"

GONE = {
    "set first": "class Failed(Exception):\n    def __init__(self, text):\n        self.message = text or 'x'\n"
    f"        super().__init__(self.message)\n{STR}{WORSE}",
    "set last": "class Failed(ValueError):\n    def __init__(self, text):\n        super().__init__(text)\n"
    f"        self.message = text\n{STR}{WORSE}",
    "a subclass that says more": "class Failed(Exception):\n    def __init__(self, text):\n        self.message = text\n"
    f"        super().__init__(text)\n{STR}class Worse(Failed):\n    def __init__(self, text):\n        super().__init__('worse ' + text)\n",
    "others that have such an attribute": "class Failed(Exception):\n    def __init__(self, text):\n        self.message = text\n"
    f"        super().__init__(text)\n{STR}{WORSE}class Note:\n    def __init__(self, n): self.message = n\nprint(Note(1).message)\n",
}
KEPT = {
    "another text": "class Failed(Exception):\n    def __init__(self, text):\n        self.message = text + '!'\n"
    f"        super().__init__(text)\n{STR}{WORSE}",
    "more than the text": "class Failed(Exception):\n    def __init__(self, text, n=1):\n        self.message = text\n"
    f"        super().__init__(text, n)\n{STR}{WORSE}",
    "an error that shows keys": "class Failed(KeyError):\n    def __init__(self, text):\n        self.message = text\n"
    f"        super().__init__(text)\n{STR}{WORSE}",
    "handed on sometimes": "class Failed(Exception):\n    def __init__(self, text, n=1):\n        self.message = text\n"
    f"        if text > 'a':\n            super().__init__(text)\n{STR}class Worse(Failed):\n    def __init__(self, text):\n"
    "        super().__init__(text, 2)\n",
    "changed in between": "class Failed(Exception):\n    def __init__(self, text):\n        self.message = text\n"
    f"        text = text + '!'\n        super().__init__(text)\n{STR}{WORSE}",
    "changed later": "class Failed(Exception):\n    def __init__(self, text):\n        self.message = text\n"
    f"        super().__init__(text)\n    def more(self):\n        self.message += '!'\n        return self\n{STR}{WORSE}print(Failed('c').more())\n",
    "changed from outside": "class Failed(Exception):\n    def __init__(self, text):\n        self.message = text\n"
    f"        super().__init__(text)\n{STR}{WORSE}error = Failed('c')\nerror.message = 'd'\nprint(error)\n",
    "a base in between": "class Base(Exception):\n    def __init__(self, text): super().__init__('base ' + text)\n"
    f"class Failed(Base):\n    def __init__(self, text):\n        super().__init__(text)\n        self.message = text\n{STR}{WORSE}",
    "a subclass that goes past it": "class Failed(Exception):\n    def __init__(self, text):\n        self.message = text\n"
    f"        super().__init__(text)\n{STR}class Worse(Failed):\n    def __init__(self, text):\n        self.message = text + '!'\n",
    "no exception": "class Failed:\n    def __init__(self, text):\n        self.message = text\n"
    f"        super().__init__()\n{STR}    def __repr__(self): return 'f'\n{WORSE}",
}


@pytest.mark.parametrize("name", GONE)
def test_they_go_when_asked(name: str, tmp_path: Path) -> None:
    before = files(GONE[name] + SHOW)
    result, _ = fixed(before, tmp_path / "fixed", "needless-override", lowest=Applicability.UNSAFE)
    assert "__str__" not in result["app.py"]
    assert output(result, tmp_path / "after") == output(before, tmp_path / "before")
    assert fixed(before, tmp_path / "safe", "needless-override", lowest=Applicability.SAFE)[0] == before


@pytest.mark.parametrize("name", KEPT)
def test_they_stay(name: str, tmp_path: Path) -> None:
    before = files(KEPT[name] + SHOW)
    result, _ = fixed(before, tmp_path / "fixed", "needless-override", lowest=Applicability.UNSAFE)
    assert "__str__" in result["app.py"]
    assert output(result, tmp_path / "after") == output(before, tmp_path / "before")
