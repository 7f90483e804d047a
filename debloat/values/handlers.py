"""The handlers of the program, and findings on them: what rules about exceptions say in the same way."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from debloat.facts import ops
from debloat.model import Applicability, Claim, Evidence, Finding, Proof, Span
from debloat.program.index import Site
from debloat.program.queries import code_lines, world_evidence
from debloat.values.analysis import Values
from debloat.values.domain import Value, assumptions, is_unknown, objects
from debloat.values.raises import Class, Try
from debloat.values.report import symbol

if TYPE_CHECKING:
    from debloat.program.program import Program

_MOST = 4  # functions that are named as evidence
_BROAD = ("<builtin>.Exception", "<builtin>.BaseException")


class Guarded(NamedTuple):
    """A handler: its file, its ``try``, and which of the handlers there it is."""

    file: int
    found: Try
    position: int

    @property
    def at(self) -> Site:
        """Its EXCEPT."""
        return Site(self.file, self.found.handlers[self.position].at)

    @property
    def span_of_body(self) -> tuple[int, int]:
        """The code of the ``try`` that it guards."""
        return self.found.body, self.found.handlers[0].at


def handlers(program: Program) -> list[Guarded]:
    """The handlers of the program, those of tests and generated files and of ``except*`` left out."""
    raises = program.ask(Values).raises
    return [
        Guarded(file, found, position)
        for file in program.judged
        for pc in program.facts[file].guards
        if program.facts[file].code[pc] == ops.TRY
        for found in [raises.tries(program.index.scope_at(Site(file, pc)))[pc]]
        if not found.star
        for position in range(len(found.handlers))
    ]


def is_broad(guarded: Guarded) -> bool:
    """Whether a handler is for ``Exception`` or everything."""
    classes = guarded.found.handlers[guarded.position].classes
    return classes is not None and any(cls in _BROAD for cls in classes)


def leaving(program: Program, guarded: Guarded) -> Value:
    """What leaves the body of the ``try``."""
    return program.ask(Values).solver.solve(("body", guarded.file, guarded.found.at))


def finite(program: Program, guarded: Guarded, most: int) -> Value | None:
    """What comes to a handler, if that is at most so many kinds of exceptions; None where it may be anything or nothing."""
    values = program.ask(Values)
    if not values.is_reached(Site(guarded.file, guarded.found.at)):
        return None
    body = leaving(program, guarded)
    reaching = values.raises.reaching(guarded.found, guarded.position, body)
    names = frozenset(
        atom for atom in reaching if atom[1] not in ("<builtin>.NameError", "<builtin>.UnboundLocalError")
    )
    return names if names and len(names) <= most and not is_unknown(body) else None


def statements(program: Program, guarded: Guarded) -> list[int]:
    """The statements of a handler's body."""
    code = program.facts[guarded.file].code
    handler = guarded.found.handlers[guarded.position]
    return [
        pc
        for pc in ops.instructions(code, handler.at, handler.end)
        if code[pc] >= ops.STORE
        and code[pc] != ops.EXCEPT
        and not (code[pc] == ops.STORE and code[pc + 5] == ops.HANDLER)
    ]


def gives_back(program: Program, guarded: Guarded) -> bool:
    """Whether all that a handler does is to return a constant or an empty container."""
    code = program.facts[guarded.file].code
    match statements(program, guarded):
        case [pc] if code[pc] == ops.RETURN:
            value = code[pc + 3]
            return (
                value < 0
                or code[value] == ops.CONST
                or (code[value] in (ops.SEQUENCE, ops.DICT) and not any(True for _ in ops.values(code, value)))
            )
    return False


def named(program: Program, exceptions: Value) -> str:
    """Exceptions as a reader would say it."""
    return " or ".join(dict.fromkeys(class_name(program, atom[1]) for atom in objects(exceptions)))


def class_name(program: Program, cls: Class) -> str:
    """The name of a class."""
    return program.index.name(cls) if isinstance(cls, int) else cls.removeprefix("<builtin>.")


def report(
    program: Program, guarded: Guarded, message: str, tier: Applicability, lines: int, claims: tuple[Claim, ...]
) -> Finding:
    """A finding on a handler, with what is known of the exceptions of the body as its evidence."""
    return Finding(
        span(program, guarded),
        message,
        symbol(program, guarded.at),
        tuple(_evidence(program, guarded)),
        tier,
        lines,
        claims=claims,
    )


def span(program: Program, guarded: Guarded) -> Span:
    """The handler as it stands."""
    code = program.facts[guarded.file].code
    return program.index.place(guarded.at)._replace(
        end_line=code[guarded.at.pc + 3], end_column=code[guarded.at.pc + 4]
    )


def unreachable(program: Program, guarded: Guarded) -> tuple[Claim, ...]:
    """That the body of a handler never runs, as far as lines can show it."""
    place = span(program, guarded)
    lines = [program.facts[guarded.file].code[pc + 1] for pc in statements(program, guarded)]
    first = min(lines, default=place.line)
    return (Claim(Span(place.path, first, 0, place.end_line, 0), "unreachable"),) if first > place.line else ()


def removable_lines(program: Program, guarded: Guarded) -> int:
    """The lines of a handler; with the only handler of a ``try`` without ``finally`` its own line goes, too."""
    found = guarded.found
    whole = len(found.handlers) == 1 and found.final == found.end
    return code_lines(span(program, guarded)) + (1 + (found.otherwise != found.final) if whole else 0)


def _evidence(program: Program, guarded: Guarded) -> Iterator[Evidence]:
    body = leaving(program, guarded)
    place = program.index.place(Site(guarded.file, guarded.found.at))
    kinds = objects(body)
    note = f"the body raises at most {named(program, body)}" if kinds else "nothing in the body raises an exception"
    yield Evidence("raises", Proof.PROVED, place, note)
    yield from _calls(program, guarded)
    for atom in sorted(assumptions(body)):
        if atom[1] == "world":
            yield from world_evidence(program, program.index.scope_at(guarded.at))
        else:
            yield Evidence("raises", Proof.ASSUMED, place, f"assumes that {atom[1]}")


def _calls(program: Program, guarded: Guarded) -> Iterator[Evidence]:
    """What the functions raise that the body calls."""
    values = program.ask(Values)
    code = program.facts[guarded.file].code
    called = {
        atom[1]
        for pc in ops.instructions(code, *guarded.span_of_body)
        if code[pc] == ops.CALL
        for atom in values.value(Site(guarded.file, code[pc + 5]))
        if atom[0] in ("function", "method")
    }
    for scope in sorted(called)[:_MOST]:
        raised = values.solver.solve(("raises", scope))
        note = f"{program.index.name(scope)} raises {f'at most {named(program, raised)}' if objects(raised) else 'nothing'}"
        yield Evidence("raises", Proof.PROVED, program.index.span(scope), note)
