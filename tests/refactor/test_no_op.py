"""What does nothing goes, and what only looks as if it did nothing stays."""

from __future__ import annotations

from pathlib import Path

import pytest

from debloat.model import Applicability
from tests.refactor.programs import fixed

GONE = {
    "def f(a):\n    print(a)\n    pass\nf(1)\n": "def f(a):\n    print(a)\nf(1)\n",
    "class A:\n    'x'\n\n    pass\nprint(A)\n": "class A:\n    'x'\nprint(A)\n",
    "def f(a):\n    for b in a:\n        print(b)\n        continue\n    else:\n        pass\nf('a')\n": "def f(a):\n    for b in a:\n        print(b)\nf('a')\n",
    "def f(a):\n    if a:\n        print(a)\n    elif a is None:\n        print(0)\n    else:\n        pass\nf(1)\n": "def f(a):\n    if a:\n        print(a)\n    elif a is None:\n        print(0)\nf(1)\n",
    "def f(a):\n    a = a\n    print(a)\nf(1)\n": "def f(a):\n    print(a)\nf(1)\n",
    "def f(a):\n    a is None\n    a\n    print(a)\nf(1)\n": "def f(a):\n    print(a)\nf(1)\n",
    "print(f'a', F\"b\", Rf'''c\n''')\n": "print('a', \"b\", R'''c\n''')\n",
    "print(\n    f'a'\n    'b'  # c\n)\n": "print(\n    'a'\n    'b'  # c\n)\n",
}
KEPT = [
    "def f(a):\n    pass\nf(1)\n",
    "def f(a):\n    try:\n        a\n    except NameError:\n        pass\nf(1)\n",
    "def f(a):\n    try:\n        print(b)\n        b\n    except NameError:\n        print(1)\nf(1)\n",
    "class A:\n    @property\n    def b(self):\n        print(1)\nA().b\n",
    "def f(a):\n    a.b\n    a == 1\n    print(a)\nf(unknown)\n",
    "def f(a):\n    b = b\n    print(a)\nf(1)\n",
    "def f(a):\n    if a:\n        return\n    print(a)\nf(1)\n",
    "def f(a):\n    for b in a:\n        if b:\n            continue\n        print(b)\nf('a')\n",
    "import app\nname = 1\nclass A:\n    name = name\nprint(A.name)\n",
    "def f(a):\n    x = a = a\n    print(a, x)\nf(1)\n",
    "print(f'{1}' f'a', f'{{}}', f'{1:>4}')\n",
]


@pytest.mark.parametrize("before", [*GONE, *KEPT])
def test_what_does_nothing_goes(before: str, tmp_path: Path) -> None:
    rules = ("no-op-statement", "needless-f-string")
    result, outcome = fixed({"app.py": before}, tmp_path, *rules, lowest=Applicability.SAFE)
    assert result == {"app.py": GONE.get(before, before)}, outcome.refused
