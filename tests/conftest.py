"""What several tests of the face share: a program that is only its nouns."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from debloat.config import Config
from debloat.confirm import Verdict

MakeProgram = Callable[..., Any]


@pytest.fixture
def make_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> MakeProgram:
    """Return a function from texts by path to a stand-in for the program of one part, whose findings need no tree."""
    monkeypatch.setattr("debloat.engine.is_trust_asked_for", lambda _: False)
    monkeypatch.setattr("debloat.engine.confirm", lambda _, spans: dict.fromkeys(spans, Verdict.CONFIRMED))

    def make(texts: dict[str, str], *, suppressions: dict[str, list[Any]] | None = None, **settings: Any) -> Any:
        config = Config(**settings)
        part = SimpleNamespace(root="", name="shop", world="application", assumed=True, reason="no build metadata")
        part.config = config
        program = SimpleNamespace(
            root=tmp_path,
            config=config,
            files=[SimpleNamespace(path=path, no_edit=path.startswith("vendor/")) for path in texts],
            parts=[part],
            jobs=1,
            verdicts=None,
            editable=range(len(texts)),
            judge=lambda files: None,
            problems=[],
            notebooks=(),
            lines=sum(text.count("\n") for text in texts.values()),
            text=lambda path: texts[path].encode(),
            suppressions=lambda path: (suppressions or {}).get(path, []),
        )
        program.ask = program.find = lambda fact: fact(program)
        return program

    return make
