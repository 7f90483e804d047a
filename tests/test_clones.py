"""Functions that are nearly the same are found whatever their variables are called, and only from the size that is set."""

from __future__ import annotations

from pathlib import Path

import pytest

from debloat.config import Config, ConfigError, read_config
from debloat.engine import run
from debloat.loader import load_rules
from debloat.model import Finding
from debloat.program import load_program

ONE = """
    total = 0
    for line in open(path):
        name, price = line.strip().split(";")
        if price.isdigit() and not name.startswith("#"):
            total += int(price)
            print(name.title(), price.rjust(10), sep="|")
    log.info("all %s", total)
    return max(total, 0)
"""
OTHER = """
    amount = 1
    for row in open(file):
        key, value = row.strip().split(",")
        if value.isdigit() and not key.startswith("//"):
            amount += int(value)
            print(key.title(), value.rjust(12), sep="/")
    log.debug("some %s", amount)
    return max(amount, 1)
"""


def found(folder: Path, text: str, settings: str = "") -> list[Finding]:
    (folder / "app.py").write_text(f"import logging\n\nlog = logging.getLogger()\n\n\n{text}", encoding="utf-8")
    (folder / "pyproject.toml").write_text(f"[tool.debloat]\nworld = 'application'\n{settings}", encoding="utf-8")
    config = read_config(folder / "pyproject.toml") or Config()
    program = load_program(folder, config, jobs=1, cache=False, world=None, progress=lambda *_: None)
    rules = [rule for rule in load_rules() if rule.name == "near-duplicate"]
    report = run(program, rules, paths=[""], select=[], ignore=[], started=0.0)
    return [reported.finding for reported in report.findings]


def test_other_names_literals_and_one_other_call_make_no_difference(tmp_path: Path) -> None:
    (finding,) = found(tmp_path, f"def one(path):{ONE}\n\ndef other(file):{OTHER}\n\none('a')\nother('b')\n")
    assert finding.message.startswith("function other is 9")
    assert finding.symbol == "app:other"


@pytest.mark.parametrize(
    "text",
    [
        f"def one(path):{ONE}\n\nasync def other(file):{OTHER}\n\none('a')\nother('b')\n",
        f"def one(path):{ONE}\n\ndef other(file):{OTHER.replace('strip', 'rstrip').replace('isdigit', 'isalpha').replace('print', 'send').replace('int(', 'len(').replace('title', 'lower')}\n\none('a')\nother('b')\n",
        f"class A:\n    def run(self, path):{ONE.replace(chr(10), chr(10) + '    ')}\n\nclass B:\n    def run(self, file):{OTHER.replace(chr(10), chr(10) + '    ')}\n\nA().run('a')\nB().run('b')\n",
        "def one(path):\n    return open(path).read().strip()\n\ndef other(path):\n    return open(path).read().strip()\n\none('a')\nother('b')\n",
    ],
)
def test_what_awaits_calls_others_is_meant_to_be_alike_or_small_is_left_alone(text: str, tmp_path: Path) -> None:
    assert found(tmp_path, text) == []


def test_the_thresholds_are_those_of_the_project(tmp_path: Path) -> None:
    text = f"def one(path):{ONE}\n\ndef other(file):{OTHER}\n\none('a')\nother('b')\n"
    table = "[tool.debloat.rules.near-duplicate]\n"
    assert found(tmp_path, text, f"{table}similarity = 1") == []
    assert found(tmp_path, text, f"{table}min-steps = 500") == []
    assert len(found(tmp_path, text, f"{table}similarity = 0.5")) == 1
    with pytest.raises(
        ConfigError, match=r"pyproject.toml: \[tool.debloat.rules\] near-duplicate has no threshold 'size'"
    ):
        found(tmp_path, text, f"{table}size = 3")
    with pytest.raises(ConfigError, match="there is no rule 'near-duplicates'; did you mean near-duplicate"):
        found(tmp_path, text, "[tool.debloat.rules.near-duplicates]\nmin-steps = 3")
    with pytest.raises(ConfigError, match="rules must be a table of tables of numbers"):
        found(tmp_path, text, f"{table}min-steps = 'many'")


def test_three_small_ones_of_one_form_are_told_of(tmp_path: Path) -> None:
    form = "def show_{0}(text):\n    line = f'{1}' + text\n    if sys.stdout.isatty():\n        print('{2}' + line + text)\n    else:\n        print(line, text)\n\n\n"
    three = "import sys\n\n\n" + "".join(form.format(*words) for words in ("abc", "def", "ghi"))
    calls = "show_a('a')\nshow_d('b')\n"
    assert len(found(tmp_path, f"{three}{calls}show_g('c')\n")) == 3
    assert found(tmp_path, three.replace(form.format(*"ghi"), "") + calls) == []
    assert found(tmp_path, f"{three}{calls}show_g('c')\n", "[tool.debloat.rules.near-duplicate]\ncopies = 4\n") == []
    other = three.replace("print('i' + line + text)", "sys.stdout.write(line.upper().strip())")
    assert found(tmp_path, f"{other}{calls}show_g('c')\n") == []
