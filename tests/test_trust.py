"""What an object of an exported class has for itself outsiders are trusted to leave alone: unsafe, and only in applications."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from debloat.config import Config
from debloat.engine import Report, run
from debloat.fix import settle
from debloat.loader import load_rules
from debloat.model import Applicability, Proof
from debloat.program import Program, load_program
from debloat.program.trust import TRUST
from debloat.why import explain
from tests.refactor.programs import RULES, files

SHOP = """
# app.py
from shop import Shop

print(Shop().price("tea"))
# shop.py
class Prices:
    def __init__(self, factor=1):
        self.factor = factor

    def find(self, name):
        return len(name) * self.factor

    def reset(self):
        self.factor = 1


class Shop:
    def __init__(self, prices=None):
        self.prices = Prices()

    def price(self, name):
        return self.prices.find(name)
"""
GIVEN = SHOP.replace("self.prices = Prices()", "self.prices = prices or Prices()")
HIDDEN = SHOP.replace("self.prices = Prices()", "self._prices = make()").replace(
    "self.prices.find", "self._prices.find"
)
HIDDEN += "\n\ndef make():\n    return Prices()\n"


def load(folder: Path, text: str, world: str, changed: Mapping[str, bytes | None] | None = None) -> Program:
    for path, content in files(text).items():
        (folder / path).write_text(content)
    return load_program(
        folder,
        Config(public=("shop:Shop",)),
        jobs=1,
        cache=False,
        world=world,
        progress=lambda *_: None,
        changed=changed,
    )


def report(folder: Path, text: str, world: str = "application") -> Report:
    return run(load(folder, text, world), load_rules(), paths=[""], select=["dead-symbol"], ignore=[], started=0.0)


def said(found: Report) -> set[tuple[str, int]]:
    return {(one.rule.name, one.finding.span.line) for one in found.findings}


@pytest.mark.parametrize("text", [SHOP, GIVEN, HIDDEN])
def test_what_it_makes_for_itself(text: str, tmp_path: Path) -> None:
    found = report(tmp_path, text)
    assert said(found) == {("dead-symbol", 8)}
    for one in found.findings:
        assert one.finding.applicability is Applicability.UNSAFE
        assert [piece.note for piece in one.finding.evidence if piece.proof is Proof.ASSUMED] == [TRUST]


@pytest.mark.parametrize(
    "text",
    [
        SHOP.replace("self.prices = Prices()", "self.prices = prices"),
        SHOP + "\n    def renew(self):\n        self.prices = Prices()\n",
        SHOP + "\n\nShop.stock = Prices()\n",
        SHOP + "\n    def all(self):\n        return self.prices\n",
    ],
)
def test_what_others_may_have(text: str, tmp_path: Path) -> None:
    assert ("dead-symbol", 8) not in said(report(tmp_path, text))


def test_outsiders_of_a_library_are_not_trusted(tmp_path: Path) -> None:
    assert said(report(tmp_path, SHOP, "library")) == set()


def test_its_fix_and_its_proof(tmp_path: Path) -> None:
    outcome = settle(
        lambda changed: load(tmp_path, SHOP, "application", changed),
        lambda program: run(program, RULES, paths=[""], select=[], ignore=[], started=0.0),
        lowest=Applicability.UNSAFE,
        paths=[""],
    )
    after = outcome.changed["shop.py"]
    assert after is not None
    assert b"reset" not in after
    assert b"factor=1" not in after
    shown = "\n".join(explain(load(tmp_path, SHOP, "application"), load_rules(), "shop.py:8", list))
    assert TRUST in shown
