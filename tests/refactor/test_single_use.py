"""Functions with one call: what goes when asked, and what is only suggested."""

from __future__ import annotations

from pathlib import Path

import pytest

from debloat.config import Config
from debloat.engine import run
from debloat.model import Applicability
from debloat.program import load_program
from tests.refactor.programs import RULES, files, fixed, output

UNSAFE = {
    "a constant": "def get_limit(): return LIMIT",
    "a private name": "def _print_words(words): print(words)",
    "two statements": "def make_pair(word):\n    pair = [word]\n    return pair + pair",
    "a docstring that says no more": "def print_words(words):\n    '''Print the words.'''\n    print(words)",
}
SUGGESTED = {
    "a word that the code has not": "def _shouted(word): return word.upper()",
    "a text that it knows": "def _print_words(words): print('words', words)",
    "a verb alone": "def _print(words): print(words)",
    "three lines": "def _print_words(words):\n    one = words\n    two = words + words\n    print(one, two)",
    "a choice": "def _print_words(words): print(words if words else 'no words')",
}
SILENT = {
    "a word that the code has not, for all": "def shouted(word): return word.upper()",
    "a docstring that says more": "def print_words(words):\n    '''Print them for the log.'''\n    print('words', words)",
    "used as a value": "def print_words(words): print('words', words)\nkept = [print_words]",
    "listed for others": "__all__ = ['print_words']\ndef print_words(words): print(words)",
    "used twice": "def print_words(words): print('words', words)\nprint_words(2)",
    "decorated": "import functools\n@functools.cache\ndef print_words(words): print('words', words)",
    "of itself": "def print_words(words): return words and print_words(words[1:])",
}


def _program(text: str) -> dict[str, str]:
    name = text[text.index("def ") + 4 : text.index("(")]
    given = "sys.argv[1]" if f"{name}()" not in text else ""
    return files(f"import sys\nLIMIT = 3\n{text}\ndef main():\n    shown = {name}({given})\n    print(shown)\nmain()\n")


def _found(before: dict[str, str], folder: Path) -> list[Applicability]:
    for path, text in before.items():
        (folder / path).write_text(text)
    program = load_program(folder, Config(), jobs=1, cache=False, world="application", progress=lambda *_: None)
    report = run(program, RULES, paths=[""], select=["single-use-helper"], ignore=[], started=0.0)
    return [one.finding.applicability for one in report.findings]


@pytest.mark.parametrize("name", UNSAFE)
def test_what_says_no_more_than_its_code_goes(name: str, tmp_path: Path) -> None:
    before = _program(UNSAFE[name])
    result, _ = fixed(before, tmp_path / "fixed", "single-use-helper", lowest=Applicability.UNSAFE)
    assert "def" not in result["app.py"].replace("def main", "")
    assert output(result, tmp_path / "after") == output(before, tmp_path / "before")
    assert fixed(before, tmp_path / "safe", "single-use-helper", lowest=Applicability.SAFE)[0] == before


@pytest.mark.parametrize("name", SUGGESTED)
def test_what_may_say_something_is_suggested(name: str, tmp_path: Path) -> None:
    assert _found(_program(SUGGESTED[name]), tmp_path) == [Applicability.SUGGESTION]


def test_a_method_goes_into_another_of_its_object_only(tmp_path: Path) -> None:
    before = files(
        """
        class Alerts:
            def __init__(self): self.rules = []
            def register_rule(self, rule): self.rules.append(rule)
            def show(self):
                print(1)
                self.show_rules()
            def show_rules(self): print(self.rules)
        def main():
            alerts = Alerts()
            alerts.register_rule(1)
            alerts.show()
        main()
        """
    )
    result, _ = fixed(before, tmp_path / "fixed", "single-use-helper", lowest=Applicability.UNSAFE)
    assert "def register_rule" in result["app.py"] and "show_rules" not in result["app.py"]
    assert output(result, tmp_path / "after") == output(before, tmp_path / "before")


@pytest.mark.parametrize("name", SILENT)
def test_what_stays(name: str, tmp_path: Path) -> None:
    assert _found(_program(SILENT[name]), tmp_path) == []
