"""Statements that never run go, with the branch that they are all of."""

from __future__ import annotations

from pathlib import Path

import pytest

from debloat.model import Applicability
from tests.refactor.cases import dedented, fixed, printed

HEAD = """
import sys
from enum import Enum


class Tier(Enum):
    LOW = 1
    HIGH = 2


def fail(text):
    raise ValueError(text)


"""
TAIL = """


print(shown(Tier.LOW, len(sys.argv)), shown(Tier.HIGH, 0))
"""
CUT = {
    "behind what leaves": (
        """
        if count > 9:
            return 1

            # more
            print("never")

            print("never", '''
        x''')
        for n in range(count):
            break
            print(n)
        while True:
            return tier
        return 5
        """,
        """
        if count > 9:
            return 1
        for n in range(count):
            break
        while True:
            return tier
        """,
    ),
    "behind a call that never comes back": (
        """
        try:
            fail("x")
            return 1
        except ValueError:
            return 2
        """,
        """
        try:
            fail("x")
        except ValueError:
            return 2
        """,
    ),
    "an else for what does not exist": (
        """
        if tier is Tier.LOW:
            return 1
        # the other
        elif tier is Tier.HIGH:
            return 2
        else:
            return 3
        """,
        """
        if tier is Tier.LOW:
            return 1
        # the other
        elif tier is Tier.HIGH:
            return 2
        """,
    ),
    "what follows a ladder": (
        """
        if tier is Tier.LOW:
            return 1
        if tier is Tier.HIGH:
            return 2
        raise ValueError(tier)
        """,
        """
        if tier is Tier.LOW:
            return 1
        if tier is Tier.HIGH:
            return 2
        """,
    ),
    "a case for what does not exist": (
        """
        match tier:
            case Tier.LOW:
                return 1
            case Tier.HIGH:
                return 2
            case _:
                return 3
        """,
        """
        match tier:
            case Tier.LOW:
                return 1
            case Tier.HIGH:
                return 2
        """,
    ),
    "a guard that does what follows": (
        """
        def name():
            if count > 3:
                return tier
            return tier

        return name()
        """,
        """
        def name():
            return tier

        return name()
        """,
    ),
}


def program(body: str) -> str:
    lines = dedented(body).splitlines(keepends=True)
    quoted = False
    for at, line in enumerate(lines):
        if line.strip() and not quoted:
            lines[at] = f"    {line}"
        quoted ^= line.count("'''") % 2 == 1
    return HEAD.lstrip() + "def shown(tier, count):\n" + "".join(lines).rstrip() + TAIL


@pytest.mark.parametrize("name", CUT)
def test_cut(name: str, tmp_path: Path) -> None:
    before, after = map(program, CUT[name])
    assert fixed(before, tmp_path, ["unreachable-branch"]) == after
    assert printed(before) == printed(after)


@pytest.mark.parametrize(
    "body", ["return 1; print(2)", "return tier\nn = 1\nyield 2", "global HERE\nHERE = 2\nreturn HERE\nHERE = 1"]
)
def test_kept(body: str, tmp_path: Path) -> None:
    before = program(body)
    expected = before.replace("    HERE = 1\n", "")
    assert fixed(before, tmp_path, ["unreachable-branch"]) == expected


def test_the_last_branch_of_a_closed_choice_is_not_safe_to_cut(tmp_path: Path) -> None:
    before = program(CUT["an else for what does not exist"][0])
    assert fixed(before, tmp_path, ["unreachable-branch"], Applicability.SAFE) == before
