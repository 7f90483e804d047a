"""Each language feature: the call graph that it gives, and what is known of the callers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from debloat.config import Config
from debloat.facts import data
from debloat.program import Program, load_program
from debloat.program.queries import callers

FEATURES = sorted((Path(__file__).parent.parent / "fixtures" / "graph").iterdir())


@pytest.fixture(params=FEATURES, ids=lambda folder: folder.name)
def feature(request: pytest.FixtureRequest) -> Path:
    return request.param  # type: ignore[no-any-return]


def load(folder: Path) -> Program:
    # What is expected names what is called.
    config = Config(exclude=("expected.json",))
    return load_program(folder, config, jobs=1, cache=False, world="application", progress=lambda *_: None)


def test_the_call_graph(feature: Path) -> None:
    expected = json.loads((feature / "expected.json").read_text())["adjacency"]
    found = load(feature).adjacency([""])
    assert {caller: callees for caller, callees in found.items() if callees} == expected


def test_callers_are_closed_or_open(feature: Path) -> None:
    program = load(feature)
    index = program.index
    functions = {index.qualified(s): s for s, scope in enumerate(index.scopes) if scope.kind == data.FUNCTION}
    for name, expected in json.loads((feature / "expected.json").read_text()).get("callers", {}).items():
        found = callers(program, functions[name])
        reasons = [reason for reason, _ in found.openings]
        if "open" in expected:
            assert any(reason.startswith(expected["open"]) for reason in reasons), (name, reasons)
        else:
            places = (index.place(call.site) for call in found.calls)
            assert (reasons, sorted(f"{place.path}:{place.line}" for place in places)) == (
                [],
                sorted(expected["closed"]),
            )
