"""Generated programs: nothing crashes, and what is said of calls agrees with what happens when they run."""

from __future__ import annotations

import importlib
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from types import FrameType
from typing import Any

import hypothesmith
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from debloat.config import Config
from debloat.engine import Report, run
from debloat.facts import data
from debloat.loader import load_rules
from debloat.model import Applicability
from debloat.program import Program, load_program
from debloat.program.queries import callers
from tests.generated.judge import judge, judged

RULES = list(load_rules([]))
SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]


@contextmanager
def project(files: dict[str, str]) -> Iterator[Program]:
    folder = Path(tempfile.mkdtemp()).resolve()
    for path, text in files.items():
        (folder / path).write_text(text, encoding="utf-8", errors="surrogatepass", newline="")
    try:
        yield load_program(folder, Config(), jobs=1, cache=False, world="application", progress=lambda *_: None)
    finally:
        shutil.rmtree(folder)


def checked(program: Program) -> Report:
    report = run(program, RULES, paths=[""], select=[], ignore=[], started=perf_counter())
    assert not [problem for problem in report.problems if problem.fatal]
    return report


@settings(max_examples=40, deadline=None, suppress_health_check=SLOW)
@given(hypothesmith.from_grammar())
def test_whatever_python_reads_is_read(source: str) -> None:
    with project({"a.py": source, "b.py": "import a\nfrom a import *\n\n\ndef f(x):\n    return x\n"}) as program:
        assert len(program.files) == 2, program.problems
        checked(program)
        program.adjacency([""])


# Programs that end, of modules that use what stands before: a definition calls only earlier ones.

CONSTANTS = st.sampled_from(["0", "1", "''", "None", "True", "[1]"])
IMPORTS = ["import {m}", "from {m} import {n}", "from {m} import {n} as {n}_", "from {m} import *"]
USES = ["{m}.{n}", "{n}", "{n}_", "{n}"]
BODIES = """\
def {d}(a=None, b=0):
    {s}
    return {e}
---
def {d}(a=None, b=0):
    def inner(c=None):
        {s}
        return a
    return inner
---
def {d}(a=None, b=0):
    if a is None:
        {s}
    if a is not None:
        return {e}
    return b
---
def {d}(a=None, b=0):
    yield {e}
    yield a
---
def {d}(*a, **b):
    a = a[0] if a else None
    {s}
    return b.get('b', {e})
---
def {d}(a=None, b=0):
    with {d}_opened(a) as c:
        {s}
    return c


class {d}_opened:
    def __init__(self, a):
        self.a = a

    def __enter__(self):
        return self.a

    def __exit__(self, *_):
        return True
---
{d} = lambda a=None, b=0: {e}
---
{d} = partial({f}, {x})
---
{d}_table = {{'k': {f}, 'l': {g}}}
{d} = {d}_table['l']
---
{d}_list = []
{d}_list.append({f})


def {d}(a=None, b=0):
    for a in {d}_list:
        {s}
    return {e}
---
class {d}:
    kept = {f}

    def __init__(self, a=None, b=0):
        self.a = a
        {s}

    def run(self, a=None):
        self.step(a)
        return {e}

    def step(self, a):
        return self.a

    def __call__(self):
        return {e}
---
class {d}_base:
    def __init__(self, a=None, b=0):
        self.a = a

    def run(self, a=None):
        return self.step(a)

    def step(self, a):
        return {e}


class {d}({d}_base):
    def step(self, a):
        {s}
        return super().step(a)

    @property
    def shown(self):
        a = self.a
        return {e}
---
@dataclass
class {d}:
    a: object = None
    b: object = {x}

    def run(self):
        a = self.a
        return {e}

    @classmethod
    def made(cls, a=None):
        return cls(a)
---
def {d}_wrapped(function):
    def wrapper(*args, **kwargs):
        return function(*args, **kwargs)
    return wrapper


@{d}_wrapped
def {d}(a=None, b=0):
    {s}
    return a
---
def {d}_made(c):
    def decorate(function):
        function.c = c
        return function
    return decorate


@{d}_made({f})
def {d}(a=None, b=0):
    {s}
    return a
""".split("---\n")
HEADER = "from dataclasses import dataclass\nfrom functools import partial\n"
CALLS = [
    "{f}({x})",
    "{f}({x}, {y})",
    "{f}(b={y})",
    "{f}(*[{x}])",
    "{f}(**{{'b': {x}}})",
    "{f}({x})()",
    "[{f}, {g}][0]({x})",
    "{{'k': {f}}}['k']({x})",
    "(a() if callable(a) else {x})",
    "max([{f}], key=id)()",
    "list(map({f}, [{x}]))",
    "next(iter([{f}]))({x})",
    "[h({x}) for h in ({f}, {g})]",
    "[*{f}({x})][1]()",
    "getattr({f}({x}), 'run', int)()",
    "{f}({x}).run()",
    "{f}({x}).shown",
    "{f}({x}).a()",
    "{f}.kept({x})",
    "{f}.made({x}).run()",
    "{f}.c({x})",
    "partial({f}, {x})({y})",
    "partial({f}, b={g})().b()",
    "sorted([1], key={f})",
    "({f} or {g})({x})",
    "(lambda h: h({x}))({f})",
    "[i := {f}, i({x})]",
]


@st.composite
def programs(draw: st.DrawFn) -> dict[str, str]:
    """Modules m0, m1, ... and a main that runs some of what they define."""
    defined: list[tuple[str, str]] = []
    files: dict[str, str] = {}
    for module in ["m0", "m1", "main"]:
        imports: set[str] = set()

        def use(module: str = module, imports: set[str] = imports) -> str:
            if not defined:
                return "int"
            home, name = draw(st.sampled_from(defined))
            if home == module:
                return name
            form = draw(st.integers(0, 3))
            imports.add(IMPORTS[form].format(m=home, n=name))
            return USES[form].format(m=home, n=name)

        def value() -> str:
            return use() if draw(st.booleans()) else draw(CONSTANTS)

        def call() -> str:
            form = draw(st.sampled_from(CALLS))
            return form.format(f=use(), g=use(), x=value(), y=value())

        body = []
        for _ in range(draw(st.integers(1, 4))):
            name = f"d{len(defined)}"
            body.append(draw(st.sampled_from(BODIES)).format(d=name, s=call(), e=call(), f=use(), g=use(), x=value()))
            defined.append((module, name))
        if module == "main":
            body += [
                "a = None\n",
                *(f"try:\n    {call()}\nexcept Exception:\n    pass\n" for _ in range(draw(st.integers(1, 4)))),
            ]
        files[f"{module}.py"] = HEADER + "\n".join(sorted(imports)) + "\n\n\n" + "\n\n".join(body)
    return files


Code = tuple[str, int]  # a file and the first line of a definition, decorators included


def observe(root: Path) -> set[tuple[Code, str, int, Code]]:
    """Run ``main``: who called, where that stands, and whom."""
    seen: set[tuple[Code, str, int, Code]] = set()
    steps = 0

    def profile(frame: FrameType, event: str, _: Any) -> None:
        nonlocal steps
        steps += 1
        if steps > 20_000:
            raise RuntimeError("runs for too long")
        before = frame.f_back
        if event == "call" and before and {Path(f.f_code.co_filename).parent for f in (frame, before)} == {root}:
            caller, callee = ((Path(f.f_code.co_filename).name, f.f_code.co_firstlineno) for f in (before, frame))
            seen.add((caller, caller[0], before.f_lineno, callee))

    before = set(sys.modules)
    sys.path.insert(0, str(root))
    sys.dont_write_bytecode = True
    importlib.invalidate_caches()
    sys.setprofile(profile)
    try:
        importlib.import_module("main")
    except Exception:  # whatever stopped it, what happened until then did happen
        pass
    finally:
        sys.setprofile(None)
        sys.path.remove(str(root))
        for name in set(sys.modules) - before:
            del sys.modules[name]
    return seen


@settings(max_examples=150, deadline=None, suppress_health_check=SLOW)
@given(programs())
def test_what_happens_was_foreseen(files: dict[str, str]) -> None:
    for text in files.values():
        compile(text, "generated", "exec")
    with project(files) as program:
        seen = observe(program.root)
        assume(seen)
        index = program.index
        scopes = {
            (index.span(scope).path, record.first_line): scope
            for scope, record in enumerate(index.scopes)
            if record.kind in (data.FUNCTION, data.LAMBDA)
        }
        ran = {scopes[callee] for *_, callee in seen if callee in scopes}
        for reported in checked(program).findings:
            if reported.rule.name == "dead-symbol":
                assert reported.finding.symbol not in {index.qualified(scope) for scope in ran}, files
        # A generator runs where it is advanced, not where it is called.
        calls = {
            scope: callers(program, scope)
            for scope in ran
            if index.scopes[scope].kind == data.FUNCTION and not index.scopes[scope].flags & data.GENERATOR
        }
        for _, path, line, callee in seen:
            found = calls.get(scopes.get(callee, -1))
            if found and not found.openings:
                places = {index.place(call.site)[:2] for call in found.calls}
                assert (path, line) in places, (index.qualified(scopes[callee]), (path, line), places, files)


@settings(max_examples=40, deadline=None, suppress_health_check=SLOW)
@given(hypothesmith.from_grammar())
def test_whatever_python_reads_does_after_its_fix_what_it_did(source: str) -> None:
    found = judged({"main.py": source}, Applicability.SAFE)
    assert found.kind in ("same", "not run"), (source, found.detail)


@pytest.mark.parametrize("seed", range(20))
def test_a_generated_program_does_after_its_fix_what_it_did(seed: int) -> None:
    found = judge(seed, Applicability.SAFE)
    assert found.kind in ("same", "not run"), found.detail
