"""Banners and code in comments go with the blank lines that are too many; whatever says more stays to the byte."""

from __future__ import annotations

from pathlib import Path

import pytest

from debloat.model import Applicability
from tests.refactor.programs import fixed

BANNERS = {
    "a = 1\n\n\n# -----\n# Helpers\n# -----\n\ndef f():\n    return a\nf()\n": "a = 1\n\n\ndef f():\n    return a\nf()\n",
    "a = 1\n# ==========\n# Entry point\n# ==========\n\n\nprint(a)\n": "a = 1\n\n\nprint(a)\n",
    "class A:\n    # ---- Fields ----\n\n    a = 1\nprint(A.a)\n": "class A:\n    a = 1\nprint(A.a)\n",
    "def f(a):\n    print(a)\n\n    # ######## Names ########\n    print(f)\n\n    # =======\nf(1)\n": "def f(a):\n    print(a)\n\n    print(f)\n\nf(1)\n",
    "a = 1\r\n\r\n# --- Printing ---\r\nprint(a)\r\n": "a = 1\r\n\r\nprint(a)\r\n",
    "a = 1\n\n# Names\n# -----\n\n# of a\nprint(a)\n# ------\n": "a = 1\n\n# of a\nprint(a)\n",
    "a = 1\nif a:\n    print(a)\n# ═══ Step 2: Print a ═══\nelse:\n    print(2)\n": "a = 1\nif a:\n    print(a)\nelse:\n    print(2)\n",
    "@print\n# --- Names ---\ndef f(\n    # --- Names ---\n    a,\n):\n    print(a)\n": "@print\ndef f(\n    a,\n):\n    print(a)\n",
}
KEPT_BANNERS = [
    "# ------\n# Sizes\n# ------\na = 1\nprint(a)\n",
    "a = 1\n# --- Do not print it ---\nprint(a)\n",
    "a = 1\n# --- Needed because of a ---\nprint(a)\n",
    "a = 1\n# --- Sizes (in bytes) ---\nprint(a)\n",
    "a = 1\n# --- Sizes of all the names that are written here ---\nprint(a)\n",
    "a = 1\n# -----\n# Sizes\n# in bytes\n# -----\nprint(a)\n",
    "a = 1\n# See below.\n# --- Sizes ---\nprint(a)\n",
    "a = 1\n# COMMAND ----------\nprint(a)\n",
    "a = 1\n# /// script\n# ///\nprint(a)\n",
    "a = 1\n# - Sizes -\nprint(a)\n",
    "a = [\n    # --- Sizes ---\n    1,\n]\nprint(a)\n",
    "a = '''\n# --- Sizes ---\n'''\nprint(a)\n",
    "def f(a='''\n# --- Sizes ---\n'''):\n    print(a)\nf()\n",
    "if '''\\\n\n# --- Sizes ---\n''':\n    print(1)\n",
]
CODE = {
    "a = 1\n# print(a)\nprint(a)\n": "a = 1\nprint(a)\n",
    "a = 1\n# if a:\n#     a = 2\n#     b = unknown(a)\n\nprint(a)\n": "a = 1\n\nprint(a)\n",
    "a = 1\n#import os\nprint(a)\n": "a = 1\nprint(a)\n",
    "a = 1\nif a:\n    print(a)\n# elif a == 2:\n#     print(2)\n": None,
    "a = 1\n\n# @print\n# def f(a):\n#     return a\n\nprint(a)\n": "a = 1\n\nprint(a)\n",
    "a = 1\nfor b in [a]:\n    print(b)\n    # a = b + a\n": "a = 1\nfor b in [a]:\n    print(b)\n",
}
KEPT_CODE = [
    "a = 1\n# a\nprint(a)\n",
    "a = 1\n# a, a\nprint(a)\n",
    "a = 1\n# a: int\nprint(a)\n",
    "a = 1\n# a == 1\nprint(a)\n",
    "a = 1\n# b = c(d)\nprint(a)\n",
    "a = 1\n# isinstance(a, int)\nprint(a)\n",
    "a = 1\n# The same as\n# print(a)\nprint(a)\n",
    "a = 1\n# print(a)\n# shows it\nprint(a)\n",
    "a = 1\n# return\nprint(a)\n",
    "a = 1\n# pass\nprint(a)\n",
    "a = 1\n# type: ignore\nprint(a)\n",
    "a = 1\n#: print(a)\nprint(a)\n",
    "a = '''\n# print(a)\n'''\nprint(a)\n",
    "a = [\n    # print(a),\n    1,\n]\nprint(a)\n",
    "a = 1\nprint(a)  # print(a)\n",
]


@pytest.mark.parametrize("before", [*BANNERS, *KEPT_BANNERS])
def test_a_banner_goes_with_its_blank_lines(before: str, tmp_path: Path) -> None:
    result, outcome = fixed({"app.py": before}, tmp_path, "section-banner", lowest=Applicability.UNSAFE)
    assert result == {"app.py": BANNERS.get(before, before)}, outcome.refused


@pytest.mark.parametrize("before", [*CODE, *KEPT_CODE])
def test_a_comment_goes_that_is_code(before: str, tmp_path: Path) -> None:
    result, outcome = fixed({"app.py": before}, tmp_path, "commented-out-code", lowest=Applicability.UNSAFE)
    assert result == {"app.py": CODE.get(before) or before}, outcome.refused


def test_a_title_with_a_word_of_its_own_is_not_safe_to_delete(tmp_path: Path) -> None:
    before = "a = 1\n\n# --- Colours ---\nred = a\n\n# --- Red ---\nprint(red)\n"
    result, _ = fixed({"app.py": before}, tmp_path, "section-banner", lowest=Applicability.SAFE)
    assert result == {"app.py": before.replace("# --- Red ---\n", "")}
