"""The oracle contradicts false claims and no true one, and finds nothing to contradict in our own projects."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from debloat.model import Applicability, Claim, Finding, Rule, Span
from debloat.program import Program
from tests.oracle import Claimed, Seen, UnwatchedError, claims_of, contradicted, observe
from tests.oracle.__main__ import main
from tests.oracle.values import claims_of_values

pytestmark = pytest.mark.skipif(sys.version_info < (3, 12), reason="sys.monitoring is new in Python 3.12")

PROGRAMS = [
    pytest.param(folder, command, id=f"{folder.parent.name}/{folder.name}")
    for pattern, command in [
        ("projects/*", "-m pytest -q -p no:cacheprovider"),
        ("defences/*", "-m depot"),
        ("hazards/*/*", "main.py"),
    ]
    for folder in sorted((Path(__file__).parent.parent / "fixtures").glob(pattern))
]
HOLDS, WRONG, UNSEEN = "holds", "is contradicted", "is not observed"

REACHED = """\
import subprocess, sys, threading


def handle(step):
    try:
        step()
    except LookupError as error: return "lookup"
    except ValueError as error:
        return "value"
    finally:
        print("done")


def choose(flag, rows):
    if flag: return "early"
    picked = "ü" if rows else "empty"; later = rows and rows.sort() or "else"
    for row in rows:
        if row: continue
        break
    else:
        rows = None
    while rows is not None:
        picked = 1
    match row:
        case str(): picked = 2
        case _: picked = 3
    return [item for item in later if item == "e"], lambda: picked


def never():
    return 1


if "child" in sys.argv:
    choose(False, [1])
else:
    worker = threading.Thread(target=handle, args=[lambda: int("x")])
    worker.start()
    worker.join()
    subprocess.run([sys.executable, __file__, "child"], check=True)
"""

LOOKED = """\
import os, sys, threading
from collections.abc import Mapping


class Order:
    kind = "order"

    def __init__(self, lines):
        self.lines, self.__note = lines, None

    @property
    def total(self):
        os._exit(9)

    def note(self):
        return self.__note


class Odd(Order):
    __slots__ = ("given", "missing")

    def __init__(self):
        self.given = 1

    def __bool__(self):
        os._exit(9)

    def __getattr__(self, name):
        os._exit(9)

    def __eq__(self, other):
        os._exit(9)

    def __repr__(self):
        os._exit(9)


class Table(dict):
    def __missing__(self, key):
        os._exit(9)


def look(order, odd, table, seen):
    here = order, table
    table = None
    del seen
    again = (table := 1), (lambda: order.kind)()
    for number in [1, 2]:
        number = number or None
    local.value = 1
    with order.lines["held"] as held:
        order = None
    return here, again, held, [one for one in [2, None] if one], [number for number in (3, 4) if number]


local = threading.local()
order = Order({"a": None, "held": open(__file__)})
look(order, Odd(), Table(a=1), order.note())
"""


def run(folder: Path, program: str, claims: list[tuple[str, str, str]], script: str = "app.py") -> list[Seen]:
    """Return what became of claims, each about the one place where its text stands, when the program has run."""
    (folder / "app.py").write_text(program, encoding="utf-8")
    stated = []
    for text, says, subject in claims:
        assert program.count(text) == 1, text
        before = program[: program.index(text)]
        ends = [(part.count("\n") + 1, len(part.rpartition("\n")[2].encode())) for part in (before, before + text)]
        stated.append(Claim(Span("app.py", *ends[0], *ends[1]), says, subject))

    def test(environment: dict[str, str]) -> None:
        subprocess.run([sys.executable, script], cwd=folder, env=environment, check=True)

    return observe(folder, stated, os.environ, test)


def outcome(seen: Seen) -> str:
    """Return what a claim turned out to be."""
    return WRONG if seen.contradictions else HOLDS if seen.times else UNSEEN


def test_what_is_claimed_unreachable_must_not_run(tmp_path: Path) -> None:
    runs = {
        'except LookupError as error: return "lookup"': False,
        'except ValueError as error:\n        return "value"': True,
        'print("done")': True,
        'return "early"': False,
        '"ü"': True,
        '"empty"': False,
        "rows.sort()": True,
        '"else"': True,
        "continue": True,
        "break": False,
        "rows = None": True,
        "picked = 1": False,
        "picked = 2": False,
        "picked = 3": True,
        'item == "e"': True,
        "picked\n": False,
        "def never():\n    return 1": False,
    }
    seen = run(tmp_path, REACHED, [(text, "unreachable", "") for text in runs])
    unseen = ("picked\n", "def never():\n    return 1")  # what is around them does not run either
    expected = {text: WRONG if reached else UNSEEN if text in unseen else HOLDS for text, reached in runs.items()}
    assert dict(zip(runs, map(outcome, seen), strict=True)) == expected


def test_what_is_claimed_of_a_subject_must_hold_where_it_is_claimed(tmp_path: Path) -> None:
    start = "here = order, table"
    expected = {
        (start, "not None", "order"): HOLDS,
        (start, "None", "order"): WRONG,
        (start, "None", "seen"): HOLDS,
        (start, "not None", "seen"): WRONG,
        (start, "true", "table"): HOLDS,
        (start, "false", "table"): WRONG,
        (start, "false", "seen"): HOLDS,
        (start, "true", "order"): HOLDS,  # as any object is
        (start, "not None", "order.kind"): HOLDS,
        (start, "None", "order.lines['a']"): HOLDS,
        (start, "not None", "order.lines['a']"): WRONG,
        (start, "None", "order.lines['b']"): UNSEEN,
        (start, "instance of app.Order", "odd"): UNSEEN,  # the program runs as __main__
        (start, "instance of __main__.Order", "odd"): HOLDS,
        (start, "instance of __main__.Odd", "order"): WRONG,
        (start, "instance of collections.abc.Mapping", "table"): HOLDS,
        (start, "instance of collections.abc.Mapping", "order"): WRONG,
        (start, "instance of builtins.dict", "order.lines"): HOLDS,
        (start, "instance of builtins.str", "order.lines"): WRONG,
        (start, "has attribute kind", "order"): HOLDS,
        (start, "has attribute given", "odd"): HOLDS,
        (start, "has attribute price", "order"): WRONG,
        (start, "has key 'a'", "order.lines"): HOLDS,
        (start, "has key 1", "order.lines"): WRONG,
        (start, "instance of builtins.int", "odd.given"): HOLDS,
        # what only the program could answer
        (start, "not None", "order.total"): UNSEEN,
        (start, "true", "odd"): UNSEEN,
        (start, "has attribute missing", "odd"): UNSEEN,
        (start, "has attribute total", "odd"): UNSEEN,
        (start, "has key 'b'", "table"): UNSEEN,
        ('order.lines["held"]', "has attribute value", "local"): UNSEEN,
        (start, "None", "unknown"): UNSEEN,
        (start, "None", "again"): UNSEEN,
        # what changes on the way
        ("del seen", "None", "table"): HOLDS,
        ("again = ", "None", "seen"): UNSEEN,
        ("(lambda: order.kind)", "true", "table"): HOLDS,
        ("order.kind", "not None", "order"): HOLDS,
        ("number = number or None", "true", "number"): HOLDS,
        ('order.lines["held"]', "not None", "order"): HOLDS,
        ('order.lines["held"]', "None", "held"): UNSEEN,
        # from 3.13 on the jumps of a filter have this place too, and hide what is there
        ("one for", "None", "one"): WRONG if sys.version_info < (3, 13) else UNSEEN,
        ("for number in (3, 4) if number", "not None", "number"): HOLDS,
        ("return self.__note", "None", "self.__note"): HOLDS,
        ("return self.__note", "not None", "self.__note"): WRONG,
    }
    seen = run(tmp_path, LOOKED, list(expected))
    assert dict(zip(expected, map(outcome, seen), strict=True)) == expected


def test_what_is_claimed_of_values_exceptions_and_results_must_hold(tmp_path: Path) -> None:
    program = """\
class Order:
    pass


class Late(Order):
    pass


def found(number):
    if number:
        return Late()
    raise KeyError(number)


def asked(number):
    try:
        return found(number)
    except KeyError:
        return None


order, nothing = asked(1), asked(0)
print(order)
"""
    function = program[program.index("def found") : program.index("\n\n\ndef asked")]
    order, late = ("below", "app:Order"), ("exactly", "app:Late")
    expected = {
        ("return Late()", (late,), "return"): HOLDS,
        ("return Late()", (order,), "return"): HOLDS,
        ("return Late()", (("exactly", "app:Order"),), "return"): WRONG,
        ("return None", (("constant", None),), "return"): HOLDS,
        ("return None", (("not None",),), "return"): WRONG,
        (function, (("exactly", "builtins.KeyError"),), "raise"): HOLDS,
        (function, (("below", "builtins.LookupError"),), "raise"): HOLDS,
        (function, (), "raise"): WRONG,
        ("KeyError:", (("exactly", "builtins.KeyError"),), "raise"): HOLDS,
        ("KeyError:", (("exactly", "builtins.ValueError"),), "raise"): WRONG,
        ("order)", (late, ("constant", None)), "order"): HOLDS,
        ("order)", (("constant", None),), "order"): WRONG,
        ("order)", (("member", "app:Order", "one"), ("below", "missing.Cls")), "order"): UNSEEN,
    }
    (tmp_path / "main.py").write_text("import app\n", encoding="utf-8")
    claims = [(text, f"is one of {list(kinds)!r}", subject) for text, kinds, subject in expected]
    seen = run(tmp_path, program, claims, "main.py")
    assert dict(zip(expected, map(outcome, seen), strict=True)) == expected


def test_the_tests_must_have_run_where_they_can_be_watched(tmp_path: Path) -> None:
    with pytest.raises(UnwatchedError, match="no process of the tests was watched"):
        observe(tmp_path, [], os.environ, lambda environment: None)


def test_a_rule_that_fails_is_not_taken_for_one_that_claims_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(program: Program) -> Iterator[Finding]:
        raise LookupError("broken")

    rule = Rule("some-rule", "defense", "Page.", Applicability.SAFE, fail)
    monkeypatch.setattr("tests.oracle.load_rules", lambda: [rule])
    with pytest.raises(UnwatchedError, match="rule some-rule failed: LookupError: broken"):
        claims_of(tmp_path, None)


def test_another_sitecustomize_is_not_hidden(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text("import builtins\n\nbuiltins.customized = 1\n")
    (tmp_path / "app.py").write_text("customized = customized + 1\n")
    claim = Claim(Span("app.py", 1, 0, 1, 27), "not None", "customized")
    seen = observe(
        tmp_path,
        [claim],
        {**os.environ, "PYTHONPATH": str(tmp_path)},
        lambda environment: subprocess.run([sys.executable, "app.py"], cwd=tmp_path, env=environment, check=True),
    )
    assert seen == [Seen(1, [])]


@pytest.mark.parametrize("claims", [claims_of, claims_of_values])
@pytest.mark.parametrize(("folder", "command"), PROGRAMS)
def test_nothing_contradicts_what_is_claimed_of_our_programs(
    folder: Path, command: str, claims: Callable[[Path, str | None], list[Claimed]]
) -> None:
    claimed = claims(folder, None if (folder / "pyproject.toml").exists() else "application")
    if claimed:
        environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
        seen = observe(
            folder,
            [one.claim for one in claimed],
            environment,
            lambda watched: subprocess.run([sys.executable, *command.split()], cwd=folder, env=watched, check=False),
        )
        assert contradicted(claimed, seen) == []


@pytest.mark.parametrize(
    ("program", "status"),
    [("customer = 1", 1), ("customer = None", 0), ("exit(1)", 0), ("exit(2)", 2)],
)
def test_the_exit_status_says_whether_anything_is_contradicted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], program: str, status: int
) -> None:
    (tmp_path / "app.py").write_text(f"{program}\nprint(customer)\n")
    claim = Claim(Span("app.py", 2, 0, 2, 15), "None", "customer")
    monkeypatch.setattr("tests.oracle.__main__.claims_of", lambda *_: [Claimed("some-rule", claim)])
    monkeypatch.setattr(sys, "argv", ["oracle", str(tmp_path), "--", "python", "app.py"])
    assert main() == status
    told = "app.py:2:0 some-rule says: customer None; on line 2: builtins.int 1\n"
    assert capsys.readouterr().out.endswith(told) == (status == 1)
