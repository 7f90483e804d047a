"""Attributes that come with a state from elsewhere: what is fixed does what it did."""

from __future__ import annotations

from pathlib import Path

import pytest

from debloat.model import Applicability
from tests.refactor.programs import files, fixed, output

PROGRAMS = {
    "a copy has what its class says": """
        import copy
        class A:
            def __init__(self): self.size = None
            def __getstate__(self): return {"size": 2}
            def shown(self): return "none" if self.size is None else self.size
        print(copy.copy(A()).shown(), A().shown())
        """,
    "what it is reduced to": """
        import copy
        class A:
            def __init__(self): self.size = None
            def __reduce__(self): return A, (), {"size": 2}
            def shown(self): return "none" if self.size is None else self.size
        print(copy.copy(A()).shown(), A().shown())
        """,
    "another dict": """
        class A:
            def __init__(self): self.size = None
            def shown(self): return "none" if self.size is None else self.size
        class B:
            def __init__(self): self.name = "b"
            def take(self, found): self.__dict__ = found
            def shown(self): return getattr(self, "name", "nobody")
        a, b = A(), B()
        a.__dict__ = {"size": 2}
        print(b.shown())
        b.take({})
        print(a.shown(), A().shown(), b.shown())
        """,
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_programs_do_what_they_did(name: str, tmp_path: Path) -> None:
    before = files(PROGRAMS[name])
    result, _ = fixed(before, tmp_path / "fixed", lowest=Applicability.SAFE)
    assert output(result, tmp_path / "after") == output(before, tmp_path / "before")
