"""Suppressions that keep nothing go; what stands beside them stays."""

from __future__ import annotations

from pathlib import Path

import pytest

from debloat.model import Applicability
from tests.refactor.programs import fixed

PAIRS = {
    "x = 1  # debloat: keep[reraise-only] why\nprint(x)\n": "x = 1\nprint(x)\n",
    "x = 'ä'\t# debloat: keep[reraise-only] why\r\nprint(x)\r\n": "x = 'ä'\r\nprint(x)\r\n",
    "x = 1  # debloat: keep[reraise-only] why  # noqa: E501\nprint(x)\n": "x = 1  # noqa: E501\nprint(x)\n",
    "x = 1  # type: ignore # debloat: keep[reraise-only] why\nprint(x)\n": "x = 1  # type: ignore\nprint(x)\n",
    "def f():\n    # a\n    # debloat: keep[reraise-only] why\n    # b\n    print(1)\nf()\n": "def f():\n    # a\n    # b\n    print(1)\nf()\n",
    "# debloat: keep-file[reraise-only] why\n\nprint(1)\n": "print(1)\n",
    "print(1)\n\n# debloat: keep[reraise-only] why\n\nprint(2)\n": "print(1)\n\nprint(2)\n",
    "print(1)  # debloat: keep[reraise-only, unused-parameter] why\n": "print(1)\n",
    "class A:\n    x = 1\nGONE = 1  # debloat: keep[reraise-only,dead-symbol , unused-parameter] why\nprint(A.x)\n": "class A:\n    x = 1\nGONE = 1  # debloat: keep[dead-symbol] why\nprint(A.x)\n",
    "print(1)  # debloat: keep[no-such-rule] why\n": "print(1)  # debloat: keep[no-such-rule] why\n",
    "print(1)  # debloat: keep[reraise-only]\n": "print(1)  # debloat: keep[reraise-only]\n",
    "print(1)  # debloat: keep[dead-or-default] why\n": "print(1)\n",
}


@pytest.mark.parametrize("before", PAIRS)
def test_a_suppression_that_keeps_nothing_goes(before: str, tmp_path: Path) -> None:
    result, outcome = fixed({"app.py": before}, tmp_path, lowest=Applicability.SAFE)
    assert result == {"app.py": PAIRS[before]}, outcome.refused
