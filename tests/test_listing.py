"""The facts of a file are shown as rules read them."""

from __future__ import annotations

from debloat.facts.data import unpack
from debloat.facts.extract import extract
from tests.listing import listing


def test_scopes_and_their_instructions_are_listed() -> None:
    shown = list(listing(unpack(extract(b"def wait(seconds):\n    return seconds or 30\n"))))
    assert shown[0].startswith("module <module>(), ")
    assert [line.split()[2] for line in shown[shown.index("function wait(seconds), lines 1 to 2") + 1 :]] == [
        "NAME",
        "BRANCH",
        "CONST",
        "BOOL",
        "RETURN",
    ]
