"""Assignments go that no read gets; what runs in between, or holds something, stays."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from debloat.model import Applicability
from tests.refactor.programs import fixed

SAFE = {
    "def f(a):\n    b = 1  # noqa: E501\n    return a\nprint(f(1))\n": "def f(a):\n    return a\nprint(f(1))\n",
    "def f(a):\n    b = 1\n    return a\nprint(f(1))\n": "def f(a):\n    return a\nprint(f(1))\n",
    "def f(a):\n    b: int = 1\n    return a\nprint(f(1))\n": "def f(a):\n    return a\nprint(f(1))\n",
    "def f(a):\n    b = c = 1\n    return c\nprint(f(1))\n": "def f(a):\n    c = 1\n    return c\nprint(f(1))\n",
    "def f(a):\n    n = 0\n    for b in a:\n        n += 1\n        print(b)\nf('ab')\n": "def f(a):\n    for b in a:\n        print(b)\nf('ab')\n",
    "def f(a):\n    n = {}\n    for b in a:\n        n[b] = 1\n        print(b)\nf('ab')\n": "def f(a):\n    for b in a:\n        print(b)\nf('ab')\n",
    "def f(a):\n    b = None\n    if a:\n        b = 1\n    else:\n        b = 2\n    return b\nprint(f(1), f(0))\n": "def f(a):\n    if a:\n        b = 1\n    else:\n        b = 2\n    return b\nprint(f(1), f(0))\n",
    "def f(a):\n    b: int = 0\n    b = a\n    return b\nprint(f(1))\n": "def f(a):\n    b: int\n    b = a\n    return b\nprint(f(1))\n",
    "def f(a):\n    b = 0\n    for b in (1, 2):\n        print(b)\nf(1)\n": "def f(a):\n    for b in (1, 2):\n        print(b)\nf(1)\n",
    "def f(a):\n    if a:\n        b = 1\n    return a\nprint(f(1))\n": "def f(a):\n    return a\nprint(f(1))\n",
    "def f(a):\n    try:\n        print(int(a))\n    except (ValueError, TypeError) as e:\n        print(a)\n    except OSError as e:\n        print(e)\nf('a')\n": "def f(a):\n    try:\n        print(int(a))\n    except (ValueError, TypeError):\n        print(a)\n    except OSError as e:\n        print(e)\nf('a')\n",
}
SAFE |= {
    "class A:\n    def f(self, a):\n        self.b = 1\n        self.c = [a]\n        self.b = 1\n        return self.b\nprint(A().f(2))\n": "class A:\n    def f(self, a):\n        self.b = 1\n        self.c = [a]\n        return self.b\nprint(A().f(2))\n",
    "class A:\n    def f(self, a):\n        self.b = 1\n        self.c = [a]\n        self.b = a\n        return self.b\nprint(A().f(2))\n": "class A:\n    def f(self, a):\n        self.c = [a]\n        self.b = a\n        return self.b\nprint(A().f(2))\n",
}
UNSAFE = {
    "def f(a):\n    b = str(a.get('b', '')).upper()\n    return a\nprint(f({}), f(__import__('os').environ) is None)\n": "def f(a):\n    return a\nprint(f({}), f(__import__('os').environ) is None)\n",
    "def f(a):\n    b = max(a)\n    return a\nprint(f('a'))\n": "def f(a):\n    return a\nprint(f('a'))\n",
    "def f(a):\n    b = print(a)\n    return a\nprint(f('a'))\n": "def f(a):\n    print(a)\n    return a\nprint(f('a'))\n",
    "async def g():\n    print(1)\nasync def f(a):\n    b = await g()\n    return a\nimport asyncio\nprint(asyncio.run(f(1)))\n": "async def g():\n    print(1)\nasync def f(a):\n    await g()\n    return a\nimport asyncio\nprint(asyncio.run(f(1)))\n",
    "def f(a):\n    try:\n        b = int(a)\n    except ValueError:\n        return False\n    return True\nprint(f('a'), f('1'))\n": "def f(a):\n    try:\n        int(a)\n    except ValueError:\n        return False\n    return True\nprint(f('a'), f('1'))\n",
}
KEPT = [
    "def f(a):\n    b = 1  # noqa: F841\n    return a\nprint(f(1))\n",
    "# ruff: noqa: E501, F841\ndef f(a):\n    b = 1\n    return a\nprint(f(1))\n",
    "def f(a):\n    b = [a]\n    return b.append\nprint(f(1) is None)\n",
    "class A:\n    b = 0\ndef f(a, c):\n    a.b = 1\n    c.b = 2\n    a.b = 1\nx = A()\nf(x, x)\nprint(x.b)\n",
    "class A:\n    @property\n    def b(self):\n        return 1\n    @b.setter\n    def b(self, b):\n        print(b)\n    def f(self):\n        self.b = 1\n        self.b = 2\nA().f()\n",
    "class A:\n    def __setattr__(self, name, value):\n        print(name, value)\n    def f(self):\n        self.b = 1\n        self.b = 2\nA().f()\n",
    "class A:\n    b = 0\n    def f(self):\n        self.b = 1\n        print(self.b)\n        self.b = 2\nA().f()\n",
    "class A:\n    b = 0\n    def g(self):\n        print(self.b)\n    def f(self):\n        self.b = 1\n        self.g()\n        self.b = 2\nA().f()\n",
    "class A:\n    b = 0\n    def f(self, a):\n        self.b = 1\n        if a:\n            self.b = 2\n        print(self.b)\nA().f(0)\n",
    "class A:\n    b = 0\n    def f(self, a):\n        self.b = self.c = 1\n        self.b = 2\n        print(self.b, self.c)\nA().f(0)\n",
    "class A:\n    b = 0\ndef f(a, c):\n    a.b = 1\n    a = c\n    a.b = 2\nx = A()\nf(x, A())\nprint(x.b)\n",
    "def f(a):\n    b = 0\n    try:\n        b = int(a)\n    except ValueError:\n        pass\n    return b\nprint(f('a'), f('1'))\n",
    "def f(a):\n    b = 0\n    try:\n        b = int(a)\n    finally:\n        print(b)\nf('1')\n",
    "import contextlib\ndef f(a):\n    b = 0\n    with contextlib.suppress(ValueError):\n        b = int(a)\n    return b\nprint(f('a'))\n",
    "def f(a):\n    b = 0\n    for c in a:\n        b = c\n    return b\nprint(f(''))\n",
    "def f(a):\n    b = 0\n    while a:\n        print(b)\n        b = 1\n        a -= 1\nf(2)\n",
    "def f(a):\n    b = 0\n    def g():\n        return b\n    print(g())\n    b = 1\n    return g()\nprint(f(1))\n",
    "def f(a):\n    b = 0\n    def g():\n        nonlocal b\n        b += 1\n    g()\n    return a\nprint(f(1))\n",
    "def f(a):\n    b = 1\n    return locals()\nprint(f(1))\n",
    "def f(a):\n    b = 1\n    del b\n    return a\nprint(f(1))\n",
    "def f(a):\n    global b\n    b = 1\nf(1)\nprint(b)\n",
    "def f(a):\n    _b = 1\n    return a\nprint(f(1))\n",
    "def f(a):\n    b, c = a\n    return c\nprint(f((1, 2)))\n",
    "def f(a):\n    for b in a:\n        print(1)\nf('a')\n",
    "class A:\n    def __del__(self):\n        print('gone')\ndef f():\n    b = A()\n    print('here')\nf()\n",
    "import asyncio\nasync def g():\n    print(1)\nasync def f():\n    b = asyncio.create_task(g())\n    await asyncio.sleep(0)\nasyncio.run(f())\n",
    "def f(a):\n    b = a\n    b += [1]\n    return a\nprint(f([]))\n",
    "def f(a):\n    b = a.b\n    b.append(1)\nclass A:\n    b = []\nf(A)\nprint(A.b)\n",
    "def f(a):\n    try:\n        print(int(a))\n    except ValueError as e:\n        print(e)\nf('a')\n",
    "def f(a):\n    e = 1\n    for _ in range(2):\n        print(e)\n        try:\n            int(a)\n        except ValueError as e:\n            e = 2\nf('1')\n",
    "def f(a):\n    if (b := a):\n        return a\nprint(f(1))\n",
    "def f(a):\n    b = yield a\nprint(list(f(1)))\n",
    "def f(a):\n    match a:\n        case [b, _]:\n            return 1\nprint(f([1, 2]))\n",
    "def f(a):\n    b = 1\n    if a:\n        return b\n    b = 2\n    return b\nprint(f(1), f(0))\n",
]


def _run(text: str) -> str:
    return subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize("before", [*SAFE, *KEPT, *UNSAFE])
def test_an_assignment_goes_that_no_read_gets(before: str, tmp_path: Path) -> None:
    result, outcome = fixed({"app.py": before}, tmp_path, "unused-assignment", lowest=Applicability.SAFE)
    assert result == {"app.py": SAFE.get(before, before)}, outcome.refused
    assert _run(result["app.py"]) == _run(before)


@pytest.mark.parametrize("before", [*UNSAFE, *KEPT])
def test_a_call_stays_without_its_result(before: str, tmp_path: Path) -> None:
    result, outcome = fixed({"app.py": before}, tmp_path, "unused-assignment", lowest=Applicability.UNSAFE)
    assert result == {"app.py": UNSAFE.get(before, before)}, outcome.refused
    assert _run(result["app.py"]) == _run(before)
