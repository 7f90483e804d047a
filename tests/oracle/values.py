"""What the value analysis says of production code, whether or not a rule makes a finding of it, as claims.

Of each name and attribute that is read and each value that is returned: what it is. Of each handler that is known to
catch finitely many exceptions, and of each function that raises no others: which they are. Of the rest: that it never runs.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

from debloat.config import Config, read_config
from debloat.facts import data, ops
from debloat.model import Claim, Span
from debloat.program import Program, load_program
from debloat.program.index import Site
from debloat.program.queries import written
from debloat.values.analysis import Values
from debloat.values.domain import Atom, Value, assumptions, is_unknown, objects
from debloat.values.handlers import handlers, leaving
from tests.oracle import ASSUMED, Claimed

_EXACT = {"generator": "generator", "coroutine": "coroutine", "row": "tuple", "numbered": "enumerate", "zipped": "zip"}
_STATEMENTS = frozenset({ops.RETURN, ops.RAISE, ops.BREAK, ops.CONTINUE, ops.EXPR, ops.ASSERT})


_MOST = 20_000


def claims_of_values(root: Path, world: str | None) -> list[Claimed]:
    """Claims about the values in a project, drawn at random where there are too many; their kinds stand for rules."""
    config = read_config(root / "pyproject.toml") or Config()
    program = load_program(root, config, jobs=1, cache=False, world=world, progress=lambda *_: None)
    found = [
        claim
        for file, source in enumerate(program.files)
        if not source.tests and not source.no_edit
        for scope in range(program.index.base[file], program.index.base[file] + len(program.facts[file].scopes))
        for claim in (*_in_scope(program, file, scope), *_raised(program, file, scope))
    ] + list(_handled(program))
    return random.Random(0).sample(found, _MOST) if len(found) > _MOST else found


def _claimed(kind: str, value: Value, claim: Claim) -> Claimed:
    return Claimed(kind + ASSUMED if assumptions(value) else kind, claim)


def _in_scope(program: Program, file: int, scope: int) -> Iterator[Claimed]:
    values = program.ask(Values)
    fact = program.facts[file]
    record = program.index.scopes[scope]
    if record.kind == data.ANNOTATIONS:
        return
    for pc in fact.instructions(scope - program.index.base[file]):
        site = Site(file, pc)
        match fact.code[pc]:
            case ops.NAME | ops.ATTR:
                span, subject = written(program, site)
                if "expression" in subject or span.column >= span.end_column:
                    continue
                if values.is_reached(site):
                    yield from _said("value", program, values.value(site), span, subject)
                else:
                    yield Claimed("unreached", Claim(span, "unreachable"))
            case ops.RETURN if record.kind == data.FUNCTION and fact.code[pc + 3] >= 0 and values.is_reached(site):
                value = values.value(Site(file, fact.code[pc + 3]))
                yield from _said("returned", program, value, program.index.place(site), "return")


def _said(kind: str, program: Program, value: Value, span: Span, subject: str) -> Iterator[Claimed]:
    if not is_unknown(value):
        kinds = [_kind(program, atom) for atom in objects(value)]
        if None not in kinds:
            yield _claimed(kind, value, Claim(span, f"is one of {kinds!r}", subject))


def _kind(program: Program, atom: Atom) -> tuple[object, ...] | None:
    """What an atom stands for, in the words of the recorder; None where that may be anything."""
    builtin = program.ask(Values).types.builtin(atom)
    match atom:
        case ("constant", "str" | "int" | "bool" | "NoneType", constant) if type(constant) in (
            str,
            int,
            bool,
            type(None),
        ):
            return "constant", constant
        case _ if builtin is not None:
            return "exactly", f"builtins.{builtin.__name__}"
        case ("object", int(scope)):
            return "exactly", _dotted(program, scope)
        case ("heir", int(scope)):
            return "below", _dotted(program, scope)
        case ("member", int(scope), str(name)):
            return "member", _dotted(program, scope), name
        case ("stub", str(dotted), *_):
            return "below", dotted
        case (str(kind), *_) if kind in _EXACT:
            return "exactly", f"builtins.{_EXACT[kind]}"
        case ("mock" | "constant" | "builtin", *_):
            return None
    return ("not None",)  # functions and classes: who calls them asks what tests put in their places


def _dotted(program: Program, scope: int) -> str:
    return program.index.qualified(scope)


def _raised(program: Program, file: int, scope: int) -> Iterator[Claimed]:
    record = program.index.scopes[scope]
    if record.kind == data.FUNCTION and not record.flags & data.GENERATOR:
        value = program.ask(Values).solver.solve(("raises", scope))
        span = Span(program.files[file].path, record.line, record.column, record.end_line, record.end_column)
        yield from _exceptions("raised", program, value, span)


def _handled(program: Program) -> Iterator[Claimed]:
    values = program.ask(Values)
    for guarded in program.ask(handlers):
        body = leaving(program, guarded)
        classes = guarded.found.handlers[guarded.position].classes
        code = program.facts[guarded.file].code
        kind = code[guarded.at.pc + 5]
        if guarded.position == 0 and kind >= 0 and code[kind] == ops.NAME:
            span, _ = written(program, Site(guarded.file, kind))
            yield from _exceptions("caught", program, body, span)
        if values.raises.is_decidable(classes) and not objects(
            values.raises.reaching(guarded.found, guarded.position, body)
        ):
            place = program.index.place(guarded.at)
            span = place._replace(end_line=code[guarded.at.pc + 3], end_column=code[guarded.at.pc + 4])
            yield _claimed("handler never runs", body, Claim(span, "unreachable"))


def _exceptions(kind: str, program: Program, value: Value, span: Span) -> Iterator[Claimed]:
    if not is_unknown(value):
        kinds = [
            (
                "exactly" if how == "raised" else "below",
                _dotted(program, cls) if isinstance(cls, int) else cls.replace("<builtin>", "builtins"),
            )
            for how, cls in objects(value)
        ]
        yield _claimed(kind, value, Claim(span, f"is one of {kinds!r}", "raise"))
