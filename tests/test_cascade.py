"""``check`` reports what shows only once other findings are fixed, at the lines of the files as they are."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from debloat import cascade
from debloat.cli import FORMATS, main
from debloat.model import Edit, Span
from debloat.places import Places, at_first, moved

APPLICATION = '[tool.debloat]\nworld = "application"\n'
# Everything is kept, so nobody asks whether, so that need not be remembered.
CACHE = '''\
"""Values that were computed."""


class Cache:
    def __init__(self, limit, enabled=True):
        self.limit = limit
        self.enabled = enabled
        self.entries = {}

    def get(self, key):
        if not self.enabled:
            return None
        return self.entries.get(key)

    def put(self, key, value):
        if len(self.entries) < self.limit:
            self.entries[key] = value
'''
MAIN = """\
import sys

from cache import Cache

cache = Cache(int(sys.argv[1]))
for word in sys.argv[2:]:
    if cache.get(word) is None:
        print(word)
        cache.put(word, len(word))
"""
PROGRAM = {"cache.py": CACHE, "main.py": MAIN, "run.sh": "python main.py 3 a b a\n", "pyproject.toml": APPLICATION}
FIELD = ("cache.py", 7, "unread-field")
KEEP = "self.enabled = enabled  # debloat: keep[unread-field] the host reads it"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    lay(tmp_path, PROGRAM)
    return tmp_path


def lay(folder: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        (folder / name).write_text(text)


def checked(*arguments: str) -> dict[str, Any]:
    result = CliRunner().invoke(main, ["check", "--format", "json", *arguments])
    assert result.exit_code in (0, 1), result.output
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def places(report: Mapping[str, Any]) -> set[tuple[str, int, str]]:
    return {(found["path"], found["line"], found["rule"]) for found in report["findings"]}


def later(*arguments: str) -> dict[tuple[str, int, str], Any]:
    """The findings that show after others, by path, line and rule."""
    return {
        (found["path"], found["line"], found["rule"]): found
        for found in checked(*arguments)["findings"]
        if any(evidence["kind"] == "after" for evidence in found["evidence"])
    }


def test_what_shows_after_a_fix_is_reported_where_it_is(project: Path) -> None:
    found = later()
    assert found.keys() == {FIELD}
    finding = found[FIELD]
    assert (finding["line"], finding["column"], finding["applicability"]) == (7, 14, "unsafe")
    assert finding["evidence"][-1] == {
        "path": "cache.py",
        "line": 11,
        "note": "shows only after the fix of unreachable-branch",
        "kind": "after",
        "proof": "proved",
    }


def test_why_shows_its_proof(project: Path) -> None:
    result = CliRunner().invoke(main, ["why", "cache.py:7"])
    assert result.output.startswith(
        "cache.py:7: unread-field attribute enabled of Cache is set and is never read [unsafe]\n"
    )
    assert "proved after: shows only after the fix of unreachable-branch (cache.py:11)\n" in result.output


HOOKS = """\
STARTED = "started"
STOPPED = "stopped"


class Hooks:
    def __init__(self):
        self.known = {name: [] for name in (STARTED, STOPPED)}

    def register(self, name, hook):
        self.known[name].append(hook)

    def trigger(self, name, **payload):
        for hook in self.known.get(name, []):
            hook(**payload)
"""
HOOKED = """\
import sys

from hooks import STARTED, STOPPED, Hooks

hooks = Hooks()
hooks.trigger(STARTED, words=len(sys.argv))
print(*sorted(sys.argv[1:]))
hooks.trigger(STOPPED, words=len(sys.argv))
"""
HOOK_TEST = """\
from hooks import STARTED, Hooks


def test_hooks():
    hooks, seen = Hooks(), []
    hooks.register(STARTED, lambda **payload: seen.append(payload))
    hooks.trigger(STARTED, words=1)
    assert seen == [{"words": 1}]
"""


def test_hooks_that_only_tests_register_take_their_triggers_and_names_along(project: Path) -> None:
    lay(project, {"hooks.py": HOOKS, "main.py": HOOKED, "test_hooks.py": HOOK_TEST})
    found = later()
    assert found.keys() >= {
        ("hooks.py", 13, "no-subscriber"),
        ("main.py", 6, "no-subscriber"),
        ("main.py", 8, "no-subscriber"),
    }
    # a test calls what goes first, so the rest rests on an assumption
    assert {finding["applicability"] for finding in found.values()} <= {"unsafe", "suggestion"}
    loop = found["hooks.py", 13, "no-subscriber"]["evidence"][-1]
    assert (loop["path"], loop["line"], loop["proof"]) == ("hooks.py", 9, "assumed")


def test_where_fixes_took_lines_above_it_the_place_is_that_of_now(project: Path) -> None:
    above = "def unused(text):\n    text = text.strip()\n    return text\n\n\n"
    lay(project, {"cache.py": CACHE.replace("class", above + "class")})
    assert later().keys() == {("cache.py", 12, "unread-field")}


def test_a_suppression_speaks_for_what_shows_later(project: Path) -> None:
    lay(project, {"cache.py": CACHE.replace("self.enabled = enabled", KEEP)})
    assert places(checked()) == {("cache.py", 5, "unused-default"), ("cache.py", 11, "unreachable-branch")}
    # what is not followed has no use for it
    assert ("cache.py", 7, "unused-suppression") in places(checked("--no-cascade"))


def test_fix_leaves_a_suppression_that_keeps_what_shows_later(project: Path) -> None:
    lay(project, {"cache.py": CACHE.replace("self.enabled = enabled", KEEP)})
    CliRunner().invoke(main, ["fix", "--unsafe-fixes", "--allow-dirty"])
    left = (project / "cache.py").read_text()
    assert "self.enabled = True  # debloat: keep[unread-field] the host reads it" in left
    assert "if not" not in left


def test_a_suppression_without_use_at_the_end_still_goes(project: Path) -> None:
    lay(project, {"main.py": MAIN.replace("print(word)", "print(word)  # debloat: keep[unread-field] to see")})
    assert ("main.py", 8, "unused-suppression") in places(checked())
    CliRunner().invoke(main, ["fix", "--unsafe-fixes", "--allow-dirty"])
    assert "keep" not in (project / "main.py").read_text()


@pytest.mark.parametrize(
    ("arguments", "settings", "follows"),
    [
        ([], 'world = "application"', True),
        (["."], 'world = "application"', True),
        (["cache.py"], 'world = "application"', False),
        (["cache.py"], 'world = "application"\ncascade = true', True),
        (["--no-cascade"], 'world = "application"', False),
        ([], 'world = "application"\ncascade = false', False),
        (["--cascade"], 'world = "application"\ncascade = false', True),
        ([], 'world = "library"\npublic = []', False),
        (["--cascade"], 'world = "library"\npublic = []', True),
        ([], 'world = "library"\npublic = []\ncascade = true', True),
    ],
)
def test_applications_are_followed_and_what_is_told_to_be(
    project: Path, arguments: list[str], settings: str, follows: bool
) -> None:
    lay(project, {"pyproject.toml": f"[tool.debloat]\n{settings}\n"})
    assert bool(later(*arguments)) == follows


def test_large_applications_are_followed_when_told_to_be(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cascade, "_SMALL", 10)
    assert not later()
    assert later("--cascade")


def test_the_setting_must_be_a_truth_value(project: Path) -> None:
    lay(project, {"pyproject.toml": APPLICATION + "cascade = 1\n"})
    result = CliRunner().invoke(main, ["check"])
    assert result.exit_code == 2
    assert "cascade must be true or false" in result.output


def test_what_is_typed_is_not_followed(project: Path) -> None:
    arguments = ["check", "--stdin-filename", "cache.py", "--format", "concise", "--quiet"]
    assert "unread-field" not in CliRunner().invoke(main, arguments, input=CACHE).output
    assert "unread-field" in CliRunner().invoke(main, [*arguments, "--cascade"], input=CACHE).output


def test_only_fixes_under_the_paths_are_followed(project: Path) -> None:
    assert not later("--cascade", "main.py")
    assert later("--cascade", "cache.py", "main.py")


def test_selected_rules_alone_are_followed(project: Path) -> None:
    assert not later("--select", "unread-field")
    assert later("--select", "unread-field,unreachable-branch")


def test_a_second_run_gives_the_same(project: Path) -> None:
    first, second = checked(), checked()
    assert later()
    assert first["findings"] == second["findings"]


@pytest.mark.parametrize("name", FORMATS)
def test_each_format_has_it(project: Path, name: str) -> None:
    result = CliRunner().invoke(main, ["check", "--format", name])
    assert "enabled of Cache" in result.output
    if name not in ("concise", "gitlab"):
        assert "shows only after the fix of unreachable-branch" in result.output
    if name == "full":
        assert ", 1 of them only once others are fixed" in result.output
    if name == "sarif":
        results = json.loads(result.stdout)["runs"][0]["results"]
        assert [("fixes" in one) for one in results if one["ruleId"] == "unread-field"] == [False]
        assert [("fixes" in one) for one in results if one["ruleId"] == "unreachable-branch"] == [True]


def test_a_baseline_holds_what_shows_later(project: Path) -> None:
    arguments = ["check", "--baseline", "known.json"]
    CliRunner().invoke(main, [*arguments, "--update-baseline"])
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 0, result.output
    # and still when it shows at once
    (project / "cache.py").write_text(CACHE.replace("        if not self.enabled:\n            return None\n", ""))
    assert "unread-field" not in CliRunner().invoke(main, arguments).output


def test_both_sides_of_a_change_are_followed(project: Path) -> None:
    git(project, "init", "-q", "-b", "main")
    lay(project, {".gitignore": ".debloat_cache/\n"})
    git(project, "add", "-A")
    git(project, "commit", "-qm", "one")
    assert checked("--since", "main")["findings"] == []
    called = MAIN.replace("cache.get(word) is None", "cache.get(word, None) is None")
    got = CACHE.replace("def get(self, key):", "def get(self, key, default=None):")
    lay(project, {"main.py": called, "cache.py": got.replace("return None", "return default")})
    assert {rule for _, _, rule in places(checked("--since", "main"))} == {"constant-parameter"}


def git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", "-c", "user.name=t", "-c", "user.email=t@example.org", *arguments], cwd=folder, check=True)


def edited(text: str, *edits: tuple[int, int, str]) -> tuple[Places, list[bytes]]:
    """What leads back from a text after edits of whole lines, and its lines."""
    lines = text.splitlines(keepends=True)
    for first, end, new in reversed(edits):
        lines[first - 1 : end - 1] = [new]
    made = [Edit(Span("a.py", first, 0, end, 0), new) for first, end, new in edits]
    new = "".join(lines)
    return {"a.py": moved({}, "a.py", text, made, new)}, new.encode().splitlines()


TWICE = "def a(x, y):\n    return 1\n\n\ndef b(x, y):\n    return 1\n\n\nprint(a(1, 2), b(3, 4))\n"


def test_of_equal_lines_those_that_are_left_are_known() -> None:
    way, lines = edited(TWICE, (1, 5, ""))
    assert at_first(way, Span("a.py", 2, 4, 2, 12), lines) == Span("a.py", 6, 4, 6, 12)
    way, lines = edited(TWICE, (5, 9, ""))
    assert at_first(way, Span("a.py", 2, 4, 2, 12), lines) == Span("a.py", 2, 4, 2, 12)


def test_in_a_line_that_was_changed_words_keep_their_places() -> None:
    way, lines = edited(TWICE, (5, 6, "def b(y):\n"), (9, 10, "print(a(1, 2), b(4))\n"))
    assert at_first(way, Span("a.py", 5, 6, 5, 7), lines) == Span("a.py", 5, 9, 5, 10)
    assert at_first(way, Span("a.py", 9, 15, 9, 19), lines) == Span("a.py", 9, 15, 9, 22)


def test_what_moved_out_of_a_block_is_where_it_was() -> None:
    way, lines = edited("if 1:\n    x = f(\n        2,\n    )\n", (1, 5, "x = f(\n    2,\n)\n"))
    assert at_first(way, Span("a.py", 1, 0, 3, 1), lines) == Span("a.py", 2, 4, 4, 5)


def test_what_a_fix_wrote_has_no_place() -> None:
    way, lines = edited(TWICE, (9, 10, "other(word)\n"))
    assert at_first(way, Span("a.py", 9, 0, 9, 11), lines) is None


def test_places_lead_back_through_several_fixes() -> None:
    way, lines = edited(TWICE, (1, 5, ""))
    text = b"\n".join(lines).decode() + "\n"
    edit = Edit(Span("a.py", 1, 0, 2, 0), "def b(y):\n")
    new = text.replace("b(x, y)", "b(y)")
    again = {"a.py": moved(way, "a.py", text, [edit], new)}
    assert at_first(again, Span("a.py", 1, 6, 1, 7), new.encode().splitlines()) == Span("a.py", 5, 9, 5, 10)


def test_an_import_that_lost_its_use_moves_what_stands_below() -> None:
    text = "import os\nimport sys\n\nprint(os.sep)\nprint(sys.argv)\n"
    way = {"a.py": moved({}, "a.py", text, [Edit(Span("a.py", 4, 0, 5, 0), "")], "import sys\n\nprint(sys.argv)\n")}
    lines = b"import sys\n\nprint(sys.argv)".splitlines()
    assert at_first(way, Span("a.py", 3, 0, 3, 15), lines) == Span("a.py", 5, 0, 5, 15)
    assert at_first(way, Span("a.py", 1, 0, 1, 10), lines) == Span("a.py", 2, 0, 2, 10)
