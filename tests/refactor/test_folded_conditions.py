"""Random conditions with parts that are decided do the same when these are folded, whatever the other parts are."""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from debloat.config import Config
from debloat.facts import ops
from debloat.model import RefusedError
from debloat.program import Program, load_program
from debloat.program.index import Site
from debloat.refactor.check import apply
from debloat.refactor.requests import Fold

# The decided parts: their outcome where `here` is an object and `gone` is None.
DECIDED = {
    "here is None": False,
    "gone is None": True,
    "isinstance(here, str)": True,
    "here": True,
    "gone": False,
    "(y := here) is None": False,
    "log(here) is None": False,
    "(y := gone) is None": True,
}
PARTS = [*DECIDED, "a", "b", "log(c)", "not a", "a is None", "(y := a)", "b == c"]

conditions = st.recursive(
    st.sampled_from(PARTS),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["and", "or"]), inner).map(lambda parts: f"({' '.join(parts)})"),
        st.tuples(inner, st.sampled_from(["and", "or"]), inner).map(" ".join),
        inner.map(lambda part: f"not ({part})"),
        st.tuples(inner, inner, inner).map(lambda parts: f"({parts[0]} if {parts[1]} else {parts[2]})"),
    ),
    max_leaves=6,
)
FORMS = [
    "if {0}:\n    log(1)\n    return 1\nlog(2)\nreturn 2",
    "if {0}:\n    log(1)\nelif {1}:\n    log(2)\n    return 7\nelse:\n    log(3)\nlog(4)",
    "if a:\n    log(1)\nelif {0}:\n    log(2)\nelse: return 8\nreturn 9",
    "if a: log(1)\nelse:\n    if {0}: return 3\n    log(2)\nlog(5)",
    "n = 0\nwhile n < 3 and ({0}):\n    n += 1\n    if {1}: continue\n    log(n)\nelse:\n    log(5)",
    "while {0}:\n    log(1)\n    break\nelse:\n    log(2)\nlog(3)",
    "return 1 if {0} else 2 if {1} else 3",
    "return [x for x in (a, b, c) if {0} if {1}]",
    "return ({0}), {1}",
    "x = {0}\nreturn x",
    "return log({0}) == ({1})",
    "return not ({0})",
    "return (lambda z=({0}): z and ({1}))()",
    "match a:\n    case 0 if {0}:\n        return 1\n    case 'x' if {1}:\n        return 2\nreturn 3",
    "assert {0}\nreturn 1",
]  # fmt: skip
VALUES = (0, "x", None)


def program_of(text: str, folder: str) -> Program:
    Path(folder, "app.py").write_text(text)
    return load_program(
        Path(folder), Config(), jobs=1, cache=False, world="application", progress=lambda *_: None, changed={}
    )


def decided_in(program: Program) -> Iterator[tuple[Site, bool]]:
    """The decided parts, wherever they stand."""
    fact = program.facts[0]
    code = fact.code
    for scope in range(len(fact.scopes)):
        for pc in fact.instructions(scope):
            name = fact.names[code[pc + 3]] if code[pc] == ops.NAME else ""
            if name in ("here", "gone"):
                yield Site(0, pc), name == "here"
            elif code[pc] == ops.COMPARE and code[pc + 7] == ops.IS:
                left = code[pc + 5] if code[code[pc + 5]] == ops.NAME else code[code[pc + 5] + 7]
                asked = fact.names[code[left + 3]]
                if asked in ("here", "gone"):
                    yield Site(0, pc), asked == "gone"
            elif code[pc] == ops.CALL and code[code[pc + 5]] == ops.NAME and code[pc + 6] == 2:
                yield Site(0, pc), True


def outcomes(text: str) -> list[str]:
    """What a function does for all inputs: what it returns or raises, and what it logs."""
    found: list[str] = []
    for a, b, c in itertools.product(VALUES, repeat=3):
        logged: list[object] = []

        def log(value: object, logged: list[object] = logged) -> object:
            logged.append(value)
            return value

        names: dict[str, Any] = {"log": log}
        exec(text, names)
        try:
            result = names["f"](a, b, c, "here", None)
        except (AssertionError, TypeError, UnboundLocalError) as error:
            result = type(error)
        found.append(repr((result, logged)))
    return found


def test_folded_conditions_do_the_same() -> None:
    folded = 0

    @settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.sampled_from(FORMS), conditions, conditions)
    def hold(form: str, first: str, second: str) -> None:
        nonlocal folded
        body = form.format(first, second).replace("\n", "\n    ")
        text = f"def f(a, b, c, here, gone):\n    y = 0\n    {body}\n"
        with tempfile.TemporaryDirectory() as folder:
            program = program_of(text, folder)
            wanted = outcomes(text)
            for test, outcome in decided_in(program):
                try:
                    fix = Fold(test, outcome).fix(program)
                except RefusedError:
                    continue
                changed = apply(text, fix.edits)
                assert outcomes(changed) == wanted, f"{text}\n{changed}"
                folded += 1

    hold()
    assert folded > 100
