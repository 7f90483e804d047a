"""Why a test on a line is decided, or what keeps it open: the unknown value and where it comes from, or all that it can be."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from debloat.facts import ops
from debloat.program.binding import arguments
from debloat.program.index import Site
from debloat.program.queries import written
from debloat.values.analysis import Values
from debloat.values.domain import SOMETHING, Atom, is_unknown, objects, of
from debloat.values.evidence import shown, type_evidence
from debloat.values.handlers import Guarded, class_name, handlers, leaving, named
from debloat.values.origins import way

if TYPE_CHECKING:
    from debloat.facts.data import Facts
    from debloat.model import Span
    from debloat.program.program import Program

_MOST = 4  # values of one operand that are followed
_CONDITIONS = {ops.IF: 5, ops.WHILE: 5, ops.BRANCH: 4, ops.CONDITIONAL: 3, ops.CASE: 3}
_ASKING = frozenset({"isinstance", "issubclass", "hasattr", "callable"})
_READING = frozenset({"getattr", "len", "type", "bool", "str", "int", "float", "list", "dict", "tuple", "set"})
_BY_KEY = frozenset({"get", "pop", "setdefault"})
_LASTING = 4  # a BRANCH before the body of a while or case tests nothing


class Test(NamedTuple):
    """A test or guarded access: whether it always comes out one way, and the lines that say why."""

    is_decided: bool
    lines: list[str]


def guards(program: Program, path: str, line: int) -> Iterator[Test]:
    """Explain each test and each guarded access that stands on a line of a file."""
    file = next((number for number, source in enumerate(program.files) if source.path == path), None)
    if file is not None:
        tests = _tests(program, file, line)
        for pc in tests:
            yield _explained(program, Site(file, pc))
        for pc in _accesses(program, file, line):
            if pc not in tests:
                yield _open(program, Site(file, pc), "gives")
        yield from _handled(program, file, line)


def _tests(program: Program, file: int, line: int) -> list[int]:
    """The tests of a line, those within ``and``, ``or`` and ``not`` each for itself."""
    fact = program.facts[file]
    code = fact.code
    found: list[int] = []
    waiting: list[int] = []
    for pc in ops.instructions(code, 0, len(code)):
        op = code[pc]
        if op in _CONDITIONS and not (op == ops.BRANCH and code[pc + 3] == _LASTING):
            test = code[pc + _CONDITIONS[op]]
            waiting += [test] if test >= 0 and line in (code[pc + 1], code[test + 1]) else []
        elif code[pc + 1] == line and (op == ops.BOOL or _called(fact, pc) in _ASKING):
            waiting.append(pc)
    while waiting:
        pc = waiting.pop(0)
        if code[pc] == ops.BOOL or (code[pc] == ops.UNARY and code[pc + 3] == ops.NOT):
            waiting += ops.values(code, pc)
        elif code[pc] != ops.CONST:
            found.append(pc)
    return sorted(set(found))


def _accesses(program: Program, file: int, line: int) -> Iterator[int]:
    """What a line reads that may be absent, converts or matches."""
    fact = program.facts[file]
    code = fact.code
    for pc in ops.instructions(code, 0, len(code)):
        if code[pc + 1] == line and (_called(fact, pc) in _READING or _method(fact, pc) in _BY_KEY):
            yield pc
        elif code[pc + 1] == line and code[pc] == ops.MATCH:
            yield code[pc + 5]


def _called(fact: Facts, pc: int) -> str:
    """The plain name that a CALL calls; empty for anything else."""
    callee = fact.code[pc + 5] if fact.code[pc] == ops.CALL else -1
    return fact.names[fact.code[callee + 3]] if callee >= 0 and fact.code[callee] == ops.NAME else ""


def _method(fact: Facts, pc: int) -> str:
    """The name of the method that a CALL calls; empty for anything else."""
    callee = fact.code[pc + 5] if fact.code[pc] == ops.CALL else -1
    return fact.names[fact.code[callee + 4]] if callee >= 0 and fact.code[callee] == ops.ATTR else ""


def _explained(program: Program, site: Site) -> Test:
    values = program.ask(Values)
    span, text = written(program, site)
    test = f"{span.path}:{span.line}: {text}"
    if not values.is_reached(site):
        return Test(True, [f"{test} never runs: no way leads here"])
    outcomes = values.outcomes(site)
    if outcomes[0] != outcomes[1]:
        proof = type_evidence(program, site)
        lines = [f"  {piece.proof.name.lower()} {piece.kind}: {piece.note} {_at(piece.span)}" for piece in proof]
        return Test(True, [f"{test} is always {'true' if outcomes[0] else 'false'}", *lines])
    return _open(program, site, "may come out either way")


def _open(program: Program, site: Site, otherwise: str) -> Test:
    """What is not decided: the unknown values that it rests on, or all that it can be."""
    values = program.ask(Values)
    span, text = written(program, site)
    parts = [(part, values.value(part)) for part in _operands(program, site)]
    unknown = [(part, value) for part, value in parts if is_unknown(value)]
    if otherwise == "gives":
        otherwise = f"gives {shown(program, values.value(site))}"
    lines = [f"{span.path}:{span.line}: {text} {'is not decided' if unknown else otherwise}"]
    for part, value in unknown or parts:
        for atom in objects(value)[:_MOST]:
            lines += _followed(program, part, atom)
    return Test(False, lines)


def _operands(program: Program, site: Site) -> list[Site]:
    """What a test asks about: the sides of a comparison but constants, the first argument of a question, else itself."""
    fact = program.facts[site.file]
    code = fact.code
    found = [site.pc]
    if code[site.pc] == ops.COMPARE:
        found = [pc for pc in ops.values(code, site.pc) if code[pc] != ops.CONST]
    elif _method(fact, site.pc) in _BY_KEY:
        found = [code[code[site.pc + 5] + 3], *(value for value, _ in arguments(fact, site.pc).positional[:1])]
    elif _called(fact, site.pc) in _ASKING | _READING:
        found = [value for value, _ in arguments(fact, site.pc).positional[:1]]
        others = [value for value, _ in arguments(fact, site.pc).positional[1:]]
        found += [pc for pc in others if is_unknown(program.ask(Values).value(Site(site.file, pc)))]
    return [Site(site.file, pc) for pc in found if code[pc] != ops.CONST]


def _followed(program: Program, site: Site, atom: Atom) -> Iterator[str]:
    """What a value can be, the steps back to where that is made, and for what is unknown the cause."""
    steps = list(way(program, site, atom))
    last = program.ask(Values).value(steps[-1].site) if steps else frozenset()
    lost = next((one for one in objects(last) if one[0] == "unknown"), atom)
    cause = Site(*atom[2:]) if atom[0] == "unknown" else steps[-1].site if steps else site
    where = program.index.place(site)
    yield f"  {written(program, site)[1]} can be {shown(program, of(atom))} {_at(program.index.place(cause))}"
    for step in steps:
        place = program.index.place(step.site)
        if (place.path, place.line) != (where.path, where.line):  # steps within one line are plain to see there
            yield f"    {step.how} {_at(place)}"
        where = place
    if lost != atom and atom == SOMETHING:
        yield f"    unknown: {lost[1]} {_at(program.index.place(Site(*lost[2:])))}"


def _at(span: Span) -> str:
    return f"({span.path}:{span.line})"


# Handlers


def _handled(program: Program, file: int, line: int) -> Iterator[Test]:
    """Explain the handlers of a ``try`` on a line, or the one on the line."""
    code = program.facts[file].code
    for guarded in program.find(handlers):
        if guarded.file == file and line in (code[guarded.found.at + 1], code[guarded.at.pc + 1]):
            yield _handler(program, guarded)


def _handler(program: Program, guarded: Guarded) -> Test:
    raises = program.ask(Values).raises
    classes = guarded.found.handlers[guarded.position].classes
    wanted = "what is not known" if classes is None else " or ".join(class_name(program, cls) for cls in classes)
    place = program.index.place(guarded.at)
    handler = f"{place.path}:{place.line}: the handler for {wanted}"
    reaching = raises.reaching(guarded.found, guarded.position, leaving(program, guarded))
    lost = next((atom for atom in objects(reaching) if atom[0] == "unknown"), None)
    if lost is not None:
        why = f"  the body can raise anything: {lost[1]} {_at(program.index.place(Site(*lost[2:])))}"
        return Test(False, [f"{handler} is not decided", why])
    if reaching:
        return Test(False, [f"{handler} may run: the body can raise {named(program, reaching)}"])
    if raises.is_decidable(classes):
        return Test(True, [f"{handler} never runs: nothing in the body raises that"])
    return Test(False, [f"{handler} is not decided: the interpreter may raise that anywhere"])
