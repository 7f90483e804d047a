"""Expressions that give way to a part of what they are, in the places that they may stand in."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.refactor.cases import fixed, printed

HEAD = """import copy
import sys


class Item:
    def __init__(self, name, size):
        self.name = name
        self.size = size


RATES = {"EUR": 1, "USD": 2}


def wide(text, n=2):
    return text * n


def words(text):
    return [*text.split()]


"""
TAIL = """

print(shown(Item("tea", len(sys.argv)), "EUR", [1]), shown(Item("salt", 2), "", []), bool(copy))
"""

# What shown(item, text, more) returns before and after; item is an Item, text a str, item.size an int, more a list.
REPLACED = {
    # conversions
    'str(text) + "!"': 'text + "!"',
    'str(text + "!") * 2': '(text + "!") * 2',
    'str(text + "!").upper()': '(text + "!").upper()',
    'str(text or "!")': 'text or "!"',
    'wide(str(text or "!"), n=int(item.size + 1))': 'wide(text or "!", n=item.size + 1)',
    'str(text if more else "!") + "?"': '(text if more else "!") + "?"',
    "int(-item.size) ** 2": "(-item.size) ** 2",
    "-int(item.size - 1)": "-(item.size - 1)",
    "not(str(text))": "not(text)",
    "(str)(text)": "text",
    "[*tuple((1, 2) or (3,))]": "[*((1, 2) or (3,))]",
    'wide(*tuple((text, 2) or ("", 1)))': 'wide(*((text, 2) or ("", 1)))',
    "[word for word in words(str(text)) if bool(word is text or more is text)]": "[word for word in words(text) if word is text or more is text]",
    "(lambda other=str(text): str(other))()": "(lambda other=text: other)()",
    'str(\n        text  # all\n        + "!"\n    )': '(text  # all\n        + "!")',
    "1 < int(item.size) < 3": "1 < item.size < 3",
    "str(item.name)[int(item.size) - 1 :]": "item.name[item.size - 1 :]",
    # attributes and items
    'getattr(item, "name", None)': "item.name",
    'getattr(item if text else Item("x", 1), "name", "?") if more else getattr(item, "size", 0) + 1': '(item if text else Item("x", 1)).name if more else item.size + 1',
    'getattr(getattr(item, "name", ""), "upper", None)()': "item.name.upper()",
    'RATES.get("EUR", 0) + RATES.get("USD")': 'RATES["EUR"] + RATES["USD"]',
    '-RATES.setdefault("EUR", 0)': '-RATES["EUR"]',
    # copies
    'list([word for word in text])': "[word for word in text]",
    "copy.copy(words(text)), words(text).copy(), set({1, 2})": "words(text), words(text), {1, 2}",
    # defaults
    "wide(text if text is not None else 'x')": "wide(text)",
    "(item if item is not None else None).name": "item.name",
    "sum(part for part in (more or []) if part is text)": "sum(part for part in more if part is text)",
    "[*(more or [])]": "[*more]",
    # answers
    'hasattr(item, "name"), [hasattr(item, "size")]': "True, [True]",
    # keys
    'RATES[text] if text in RATES else 0': "RATES.get(text, 0)",
    '-(RATES[text] if text in RATES else 0)': "-RATES.get(text, 0)",
    'None if text not in RATES else RATES[text]': "RATES.get(text)",
}  # fmt: skip
RULES = [
    "redundant-conversion", "redundant-getattr-default", "redundant-get-default", "redundant-copy", "dead-or-default",
    "redundant-hasattr", "key-check-then-get",
]  # fmt: skip


def program(value: str) -> str:
    return f"{HEAD}def shown(item, text, more):\n    return {value}\n{TAIL}"


@pytest.mark.parametrize("value", REPLACED)
def test_replaced(value: str, tmp_path: Path) -> None:
    before, after = program(value), program(REPLACED[value])
    assert fixed(before, tmp_path, RULES) == after
    assert printed(before) == printed(after)


def test_statements(tmp_path: Path) -> None:
    before = program(
        '0\n    RATES.setdefault("EUR", 0)\n    if text in RATES:\n        rate = RATES[text]  # that\n    else:\n        rate = 0\n    return rate'
    ).replace("    return 0\n", "")
    after = program("0\n    rate = RATES.get(text, 0)  # that\n    return rate").replace("    return 0\n", "")
    assert fixed(before, tmp_path, RULES) == after


def test_a_lookup_at_the_end_of_a_ladder(tmp_path: Path) -> None:
    ladder = "    if more:\n        rate = 5\n    {}\n    return rate"
    before = program(
        "0\n" + ladder.format("elif text not in RATES:\n        rate = None\n    else:\n        rate = RATES[text]")
    ).replace("    return 0\n", "")
    after = program("0\n" + ladder.format("else:\n        rate = RATES.get(text)")).replace("    return 0\n", "")
    assert fixed(before, tmp_path, RULES) == after


def test_what_would_be_bound_to_itself_goes(tmp_path: Path) -> None:
    before = """import sys


def shown(name, size):
    name = name or "tea"
    if size:
        size = size or 1
    return name, size


print(shown("salt", len(sys.argv)), shown("tea", 2))
"""
    after = before.replace('    name = name or "tea"\n', "")
    assert fixed(before, tmp_path, ["dead-or-default"]).startswith(after.partition("    if size")[0])
    assert printed(fixed(before, tmp_path, ["defense"])) == printed(before)
