"""Tests that are folded wherever they may stand, and those that are not."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from debloat.model import Applicability
from tests.refactor.cases import dedented, fixed, printed

HEAD = """
import sys


class Item:
    def __init__(self, name):
        self.name = name


SEEN = []


def counted(item):
    SEEN.append(item)
    return item


"""
TAIL = """


more = len(sys.argv) > 0
print(shown(Item("tea"), more), shown(Item("salt"), not more))
"""

# The body of shown(item, more) before and after; item is always an Item.
FOLDED = {
    "the rest behind an arm that leaves goes": (
        """
        if item is not None:
            return item.name
        print("none")

        # never
        return "?"
        """,
        """
        return item.name
        """,
    ),
    "the last rung of a ladder goes": (
        """
        if more:
            print("more")
        elif item is None:
            print("none")
        return item.name
        """,
        """
        if more:
            print("more")
        return item.name
        """,
    ),
    "the rest behind an arm that may go on stays": (
        """
        if item is not None:
            if more:
                return item.name
        return "?"
        """,
        """
        if more:
            return item.name
        return "?"
        """,
    ),
    "a ladder": (
        """
        # what comes
        if item is None:
            return "?"
        # many
        elif more:
            return item.name * 2
        # few
        else:
            return item.name
        """,
        """
        # what comes
        # many
        if more:
            return item.name * 2
        # few
        else:
            return item.name
        """,
    ),
    "the middle of a ladder": (
        """
        if more:
            name = "more"
        elif item is None:
            name = "?"
        elif item.name == "tea":
            name = "tea"
        else:
            name = item.name
        return name
        """,
        """
        if more:
            name = "more"
        elif item.name == "tea":
            name = "tea"
        else:
            name = item.name
        return name
        """,
    ),
    "the end of a ladder": (
        """
        if more:
            name = "more"
        elif item is not None:
            name = item.name
        else:
            name = "?"
        return name
        """,
        """
        if more:
            name = "more"
        else:
            name = item.name
        return name
        """,
    ),
    "an end of a ladder that never comes": (
        """
        if more:
            name = "more"
        elif item is None:
            name = "?"
        return item.name
        """,
        """
        if more:
            name = "more"
        return item.name
        """,
    ),
    "parts of conditions": (
        """
        if item is not None and (more or item.name == "tea"):
            return 1
        if (item is None or more) and item.name: return 2  # two
        if not (item is None) and more: return 3
        return (
            item is not None and
            more
        )
        """,
        """
        if more or item.name == "tea":
            return 1
        if more and item.name: return 2  # two
        if more: return 3
        return more
        """,
    ),
    "a part that decides": (
        """
        if more and item is None:
            return "?"
        return item.name if more or item is not None else "!"
        """,
        """
        return item.name
        """,
    ),
    "loops": (
        """
        while item is not None:
            break
        while item is None:
            print("never")
        while item is None and more:
            print("never")
        else:
            print("always")
        return [letter for letter in item.name if item is not None if more]
        """,
        """
        while True:
            break
        print("always")
        return [letter for letter in item.name if more]
        """,
    ),
    "guards of cases": (
        """
        match more:
            case True if item is not None:
                return item.name
            case False if item is not None and sys.argv:
                return "few"
        """,
        """
        match more:
            case True:
                return item.name
            case False if sys.argv:
                return "few"
        """,
    ),
    "what a test does stays": (
        """
        if counted(item) is None:
            return "?"
        if (other := counted(item)) is not None:
            print(other.name)
        return len(SEEN)
        """,
        """
        counted(item)
        other = counted(item)
        print(other.name)
        return len(SEEN)
        """,
    ),
    "a walrus that is no more than the test": (
        """
        if other := counted(item):
            return other.name
        return 2
        """,
        """
        other = counted(item)
        return other.name
        """,
    ),
    "one line, semicolons and continuations": (
        """
        if item is None: print("?"); return 1
        x = 2; y = 3 if item is not None \\
            else 4
        if item is not None: x = 5; y += x  # both
        return x, y
        """,
        """
        x = 2; y = 3
        x = 5; y += x  # both
        return x, y
        """,
    ),
    "answers that are used as values": (
        """
        if more:
            return isinstance(item, Item), item is None and more is None
        return item is not None
        """,
        """
        if more:
            return True, False
        return True
        """,
    ),
}


def program(body: str) -> str:
    lines = dedented(body).splitlines(keepends=True)
    return (
        HEAD.lstrip()
        + "def shown(item, more):\n"
        + "".join(f"    {line}" if line.strip() else line for line in lines).rstrip()
        + TAIL
    )


@pytest.mark.parametrize("name", FOLDED)
def test_folded(name: str, tmp_path: Path) -> None:
    before, after = map(program, FOLDED[name])
    rules = ["redundant-none-check", "redundant-isinstance", "dead-or-default", "unreachable-branch"]
    result = fixed(before, tmp_path, rules)
    assert result == after
    assert printed(before) == printed(after)


FOLDED["nothing is left of an assignment or a comment of its own, and no gap"] = (
    """
    other = item
    # of no use
    item = item if item is not None else other

    name = item.name

    # never
    if item is None:
        name = "?"

    names = 1 if not more or (
        more
        and item is not None
    ) else 2
    # last
    if item is None:
        print(names)
    return name, names
    """,
    """
    other = item

    name = item.name

    names = 1 if not more or (
        more
    ) else 2
    return name, names
    """,
)

KEPT = {
    "an elif that does something": """
        if more:
            return 1
        elif counted(item) is None:
            return 2
        return len(SEEN)
        """,
    "a part that does something": """
        if more and counted(item) is None:
            return 2
        return len(SEEN)
        """,
    "a comprehension that gives nothing": """
        return [print(letter) for letter in item.name if item is None]
        """,
}


@pytest.mark.parametrize("name", KEPT)
def test_kept(name: str, tmp_path: Path) -> None:
    before = program(KEPT[name])
    assert fixed(before, tmp_path, ["redundant-none-check"]) == before


def test_what_makes_a_generator_stays(tmp_path: Path) -> None:
    before = program("if item is not None:\n    return\nyield 1\n")
    assert fixed(before, tmp_path, ["redundant-none-check"]) == program("return\nyield 1\n")


def test_a_comment_of_what_goes_makes_it_unsafe(tmp_path: Path) -> None:
    before = program("if item is None:\n    return 1  # odd\nreturn 2\n")
    rules = ["redundant-none-check"]
    assert fixed(before, tmp_path, rules, Applicability.SAFE) == before
    assert fixed(before, tmp_path, rules) == program("return 2\n")


@pytest.mark.parametrize("newline", ["\r\n", "\n"])
def test_tabs_newlines_and_nested_definitions(newline: str, tmp_path: Path) -> None:
    before = (
        "import sys\n\n\nclass Item:\n\tdef __init__(self, name):\n\t\tself.name = name\n\n"
        "\tdef shown(self, other):\n\t\tdef inner():\n\t\t\tif other is not None:\n\t\t\t\treturn '''\n  a\n'''\n"
        "\t\t\treturn 1\n\t\treturn inner()\n\n\nprint(Item(1).shown(Item(sys.argv)))\n"
    ).replace("\n", newline)
    after = before.replace(f"\t\t\tif other is not None:{newline}\t\t\t\treturn", "\t\t\treturn").replace(
        f"\t\t\treturn 1{newline}", ""
    )
    assert fixed(before, tmp_path, ["redundant-none-check"]) == after


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="newer Pythons tell where the parts of f-strings stand")
def test_parts_of_f_strings_are_left_alone(tmp_path: Path) -> None:
    before = program(
        'return f"{1 if item is not None else 2}", f"""\n{[n for n in item.name if item is not None]}""", f"{(lambda: item is None)()}"\n'
    )
    assert fixed(before, tmp_path, ["redundant-none-check"]) == before
