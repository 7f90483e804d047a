"""Rules of ours, of a plugin and of the user's directory come in by one door."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from debloat.loader import LoadError, load_rules
from debloat.model import Applicability

RULE = '''"""Calls itself a rule."""
from debloat.model import Applicability
TIER = Applicability.UNSAFE
def check(program):
    yield from ()
'''


def write(path: Path, text: str = RULE) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def test_our_own_rules_load_with_family_and_page() -> None:
    rules = {rule.name: rule for rule in load_rules()}
    assert rules["reraise-only"].family == "defense"
    assert rules["reraise-only"].tier is Applicability.SAFE
    assert "## What it finds" in rules["reraise-only"].doc
    assert list(rules) == sorted(rules)


def test_a_users_directory_gives_rules_by_folder_and_by_file(tmp_path: Path) -> None:
    write(tmp_path / "mine" / "house" / "no_managers.py")
    write(tmp_path / "mine" / "flat.py")
    write(tmp_path / "mine" / "_helper.py", "raise SystemExit")
    rules = {rule.name: rule for rule in load_rules([tmp_path / "mine"])}
    assert (rules["no-managers"].family, rules["no-managers"].tier) == ("house", Applicability.UNSAFE)
    assert rules["flat"].family == "mine"
    assert "helper" not in rules


def test_directories_of_the_same_shape_do_not_mix(tmp_path: Path) -> None:
    write(tmp_path / "a" / "house" / "one.py")
    write(tmp_path / "b" / "house" / "two.py")
    write(tmp_path / "b" / "house" / "_common.py", "X = 1\n")
    names = {rule.name for rule in load_rules([tmp_path / "a", tmp_path / "b"])}
    assert {"one", "two"} <= names


def test_an_installed_plugin_comes_in_by_its_entry_point(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "shop_rules" / "__init__.py", "")
    write(tmp_path / "shop_rules" / "residue" / "old_sku.py")
    write(tmp_path / "shop_rules-1.0.dist-info" / "METADATA", "Metadata-Version: 2.1\nName: shop-rules\nVersion: 1.0\n")
    write(tmp_path / "shop_rules-1.0.dist-info" / "entry_points.txt", "[debloat.rules]\nshop = shop_rules\n")
    monkeypatch.syspath_prepend(tmp_path)
    assert {(rule.name, rule.family) for rule in load_rules()} >= {("old-sku", "residue")}
    (tmp_path / "shop_rules" / "__init__.py").write_text("raise RuntimeError('no licence')")
    monkeypatch.delitem(sys.modules, "shop_rules")
    with pytest.raises(LoadError, match=r"^plugin shop \(shop_rules\) does not import: RuntimeError: no licence$"):
        load_rules()


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("import no_such_module_at_all", "does not import: ModuleNotFoundError: No module named"),
        ("def check(:", "does not import: SyntaxError"),
        ("raise SystemExit('bye')", "does not import: SystemExit: bye"),
        (RULE.replace('"""Calls itself a rule."""', ""), "needs a docstring"),
        (RULE.replace("TIER =", "LEVEL ="), "needs its tier"),
        (RULE.replace("def check", "def find"), r"needs a generator check\(program\)"),
    ],
)
def test_a_rule_that_cannot_be_used_is_one_line_with_its_file(tmp_path: Path, text: str, cause: str) -> None:
    file = write(tmp_path / "house" / "broken.py", text)
    with pytest.raises(LoadError, match=cause) as caught:
        load_rules([tmp_path])
    assert str(file) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_two_rules_of_one_name_are_an_error_that_names_both(tmp_path: Path) -> None:
    one, two = write(tmp_path / "a" / "twice.py"), write(tmp_path / "b" / "twice.py")
    with pytest.raises(LoadError, match="two rules are named twice") as caught:
        load_rules([tmp_path])
    assert str(one) in str(caught.value)
    assert str(two) in str(caught.value)


def test_a_missing_directory_is_said(tmp_path: Path) -> None:
    with pytest.raises(LoadError, match="no such directory of rules"):
        load_rules([tmp_path / "nowhere"])
