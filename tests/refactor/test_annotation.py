"""Annotations that lose their None."""

from __future__ import annotations

from pathlib import Path

import pytest

from debloat.model import Applicability
from tests.refactor.cases import fixed

HEAD = "import sys\nimport typing as t\nfrom typing import Optional, Union\n\n\n"
TAIL = "\n\nprint(shown(len(sys.argv)), shown(n=2), t, Optional, Union)\n"
NARROWED = {
    "n: int | None": "n: int",
    "n: None | int": "n: int",
    "n: int | str | None": "n: int | str",
    "n: int | None | str": "n: int | str",
    "n: (int | None) | str": "n: (int) | str",
    "n: Optional[int]": "n: int",
    "n: t.Optional[int]": "n: int",
    "n: Optional[list[int] | int]": "n: list[int] | int",
    "n: Union[int, None]": "n: int",
    "n: Union[None, int, str]": "n: Union[int, str]",
    "n: t.Union[int, str, None]": "n: t.Union[int, str]",
    "n: 'Optional[int]'": "n: 'int'",
    'n: "int | None"': 'n: "int"',
    "n: int | None = None": "n: int",
    "n: int | None=None, *, m: int=3": "n: int, *, m: int=3",
}


@pytest.mark.parametrize("before", NARROWED)
def test_narrowed(before: str, tmp_path: Path) -> None:
    def program(parameters: str) -> str:
        return f"{HEAD}def shown({parameters}) -> int:\n    return n + 1\n{TAIL}"

    assert fixed(program(before), tmp_path, ["fake-optional"]) == program(NARROWED[before])


def test_results_of_methods_with_decorators(tmp_path: Path) -> None:
    text = (
        "import sys\nfrom functools import lru_cache\n\n\nclass A:\n    @lru_cache\n    def f(self) -> int | None:  # one\n"
        "        return 1\n\n    @staticmethod\n    async def g(\n        a, b\n    ) -> None | str:\n"
        "        return str(sys.argv)\n\n\nprint(A().f(), A.g(1, 2))\n"
    )
    after = text.replace("int | None", "int").replace("None | str", "str")
    assert fixed(text, tmp_path, ["fake-optional"]) in (
        after,
        after.replace("def f(self) -> int:", "def f(self) -> int | None:"),
    )


GUARDED = """
import sys


class Item:
    pass


def shown({parameters}):
    if {test}:
        return "none"
    return str(item)


def looped(names: list[str] | None):
    if names:
        for name in names:
            print(name)


print(shown(item=Item()))
looped([*sys.argv])
"""


@pytest.mark.parametrize("rule", ["redundant-none-check", "emptiness-guard"])
def test_no_annotation_allows_the_none_that_is_not_tested_for_any_more(rule: str, tmp_path: Path) -> None:
    text = GUARDED.format(parameters="item: Item | None = None", test="item is None")
    after = fixed(text, tmp_path, [rule], Applicability.SAFE)
    if rule == "redundant-none-check":
        assert "def shown(item: Item):\n    return str(item)\n" in after
    else:
        assert "def looped(names: list[str]):\n    for name in names:\n        print(name)\n" in after


def test_a_test_stays_where_the_annotation_has_to(tmp_path: Path) -> None:
    text = GUARDED.format(parameters="much: int = 1, item: Item | None = None", test="item is None")
    assert "if item is None" in fixed(text, tmp_path, ["redundant-none-check"], Applicability.SAFE)
    assert "if item is None" not in fixed(text, tmp_path, ["redundant-none-check"])
