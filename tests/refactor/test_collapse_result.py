"""Functions return what their callers want of the result."""

from __future__ import annotations

from pathlib import Path

import pytest

from debloat.model import Applicability
from tests.refactor.programs import files, fixed, output

CASES = {
    "a part of three, a flag that tests are folded of first": (
        """
# app.py
import sys


def split(text: str) -> tuple[str, None, int]:
    if not text:
        return "", None, 0
    return (
        text.upper(),  # as it is shown
        None,
        len(text),
    )


def load(path):
    with open(path) as file:
        return True, file.name


def main():
    shown, _, size = split(sys.argv[1])
    print(shown, size, split("ab")[2], split("c")[0])
    ok, name = load(sys.argv[0])
    if not ok:
        raise SystemExit(1)
    print(name)


main()
""",
        """
# app.py
import sys


def split(text: str) -> tuple[str, int]:
    if not text:
        return "", 0
    return (
        text.upper(),  # as it is shown
        len(text),
    )


def load(path):
    with open(path) as file:
        return file.name


def main():
    shown, size = split(sys.argv[1])
    print(shown, size, split("ab")[1], split("c")[0])
    name = load(sys.argv[0])
    print(name)


main()
""",
    ),
    "a record over several modules, handed through": (
        """
# app.py
from kinds import Name
from names import first, longest


def show(words) -> Name:
    return longest(words)


name = first(["b", "ab"]).text
print(name, show(["abc", "d"]).text.upper())
# kinds.py
class Name:
    \"\"\"A name.\"\"\"

    def __init__(self, text):
        self.text = text
# names.py
from kinds import Name


def longest(words):
    return Name(
        max(words, key=len) if words
        else ""
    )


def first(words) -> Name:
    try:
        found = longest(words[:1])
        return Name(found.text + "!")
    except ValueError:
        return Name("")
""",
        """
# app.py
from names import first, longest


def show(words):
    return longest(words)


name = first(["b", "ab"])
print(name, show(["abc", "d"]).upper())
# names.py
def longest(words):
    return (max(words, key=len) if words
        else "")


def first(words):
    try:
        found = longest(words[:1])
        return found + "!"
    except ValueError:
        return ""
""",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_what_is_wrapped_is_returned_as_it_is(case: str, tmp_path: Path) -> None:
    before, after = CASES[case]
    rules = ("result-wrapper", "unreachable-branch")
    found, _ = fixed(files(before), tmp_path / "checked", *rules, lowest=Applicability.UNSAFE)
    assert found == files(after)
    assert output(files(before), tmp_path / "before") == output(found, tmp_path / "after")


OPEN = {
    "a part that a later line reads": """
def load():
    return True, 1


def main():
    ok, number = load()
    print(number)
    print([ok for _ in range(2)])


main()
""",
    "a result that is kept": """
def load():
    return True, 1


kept = load()
print(kept[1], kept)
""",
    "a function that is handed on": """
def load(text):
    return True, len(text)


for ok, number in map(load, ["a"]):
    print(number)
""",
    "a record that may be missing": """
class Name:
    def __init__(self, text):
        self.text = text


def first(words):
    if words:
        return Name(words[0])
    return None


found = first(["a"])
print(found.text if found else "")
""",
    "a record that is changed": """
class Name:
    def __init__(self, text):
        self.text = text


def first(words):
    return Name(words[0])


def main():
    found = first(["a"])
    found.text = "b"
    print(found.text)


main()
""",
}


@pytest.mark.parametrize("case", OPEN)
def test_results_that_somebody_wants_whole_stay(case: str, tmp_path: Path) -> None:
    before = files(OPEN[case])
    found, outcome = fixed(before, tmp_path, "result-wrapper", lowest=Applicability.UNSAFE)
    assert found == before
    assert not outcome.report.findings
