"""Guards before what does nothing by itself where they would stop it: ``if x not in seen: seen.add(x)``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from debloat.facts import ops
from debloat.model import Evidence, Proof
from debloat.program.binding import arguments
from debloat.program.index import Site
from debloat.program.queries import constant
from debloat.values.analysis import Values
from debloat.values.certain import alike
from debloat.values.domain import Atom, objects
from debloat.values.evidence import type_evidence
from debloat.values.lookups import branch_end
from debloat.values.report import acts
from debloat.values.unmissed import is_unmissed

if TYPE_CHECKING:
    from debloat.program.program import Program

# Methods of containers that do nothing where the element is there (True) or is not, and how many arguments they take then.
_METHODS = {("set", "add"): (True, 1), ("set", "discard"): (False, 1), ("dict", "pop"): (False, 2), ("dict", "setdefault"): (True, 2)}  # fmt: skip
# Calls that do nothing where what they are to make is there, or what they are to take away is not: with that keyword.
_CALLS = {
    "pathlib.Path.mkdir": (True, "exist_ok"), "os.makedirs": (True, "exist_ok"), "pathlib.Path.unlink": (False, "missing_ok"),
}  # fmt: skip
# Questions of these, and whether a directory is all that is asked for.
_ASKED = {"pathlib.Path.exists": False, "os.path.exists": False, "pathlib.Path.is_dir": True, "os.path.isdir": True}


class Heedless(NamedTuple):
    """A guard: its IF, what it tests, the call that it guards, and the evidence that this does no more without it."""

    owner: Site
    test: Site
    call: Site
    evidence: tuple[Evidence, ...]


def heedless(program: Program) -> Iterator[Heedless]:
    """The ``if`` statements that guard a call which heeds what they ask by itself."""
    for file in program.judged:
        code = program.facts[file].code
        for pc in program.facts[file].guards:
            if code[pc] != ops.IF:
                continue
            test, negated = code[pc + 5], False
            while code[test] == ops.UNARY and code[test + 3] == ops.NOT:
                test, negated = code[test + 4], not negated
            if code[test] not in (ops.COMPARE, ops.CALL):
                continue
            call = _guarded(program, Site(file, pc))
            if call is None:
                continue
            find = _contained if code[test] == ops.COMPARE else _asked
            evidence = tuple(find(program, Site(file, test), negated, call))
            if evidence and program.ask(Values).is_reached(Site(file, pc)):
                yield Heedless(Site(file, pc), Site(file, test), call, evidence)


def _guarded(program: Program, owner: Site) -> Site | None:
    """The call that is all a guard without ``else`` guards."""
    code = program.facts[owner.file].code
    start, end = owner.pc + ops.size(code, owner.pc), branch_end(program, owner)
    done = [pc for pc in ops.instructions(code, start, end) if code[pc] >= ops.STORE and code[pc] != ops.BRANCH]
    if code[end] == ops.END and len(done) == 1 and code[done[0]] == ops.EXPR and code[code[done[0] + 3]] == ops.CALL:
        return Site(owner.file, code[done[0] + 3])
    return None


def _contained(program: Program, test: Site, negated: bool, call: Site) -> Iterator[Evidence]:
    """The evidence for a guard that asks whether a set or dict has an element which the call adds or takes out."""
    code = program.facts[test.file].code
    if code[test.pc + 6] != 1 or code[test.pc + 7] not in (ops.IN, ops.NOT_IN):
        return
    has = (code[test.pc + 7] == ops.IN) != negated
    element, container = Site(test.file, code[test.pc + 5]), Site(test.file, code[test.pc + 8])
    callee = Site(call.file, code[call.pc + 5])
    given = arguments(program.facts[call.file], call.pc)
    if code[callee.pc] != ops.ATTR or given.keywords or acts(program, container) or acts(program, element):
        return
    base = Site(call.file, code[callee.pc + 3])
    values = [Site(call.file, value) for value, star in given.positional if not star]
    known = {_METHODS.get((atom[1], atom[2])) for atom in _atoms(program, callee) if atom[0] == "of"}
    if known != {(not has, len(values))} or len(_atoms(program, callee)) == 0 or not alike(program, base, container):
        return
    if not all(atom[0] == "of" for atom in _atoms(program, callee)) or not alike(program, values[0], element):
        return
    if all(is_unmissed(program, value) for value in values[1:]):
        place = program.index.place(call)
        yield Evidence("purity", Proof.PROVED, place, "where the guard stops it, it does nothing by itself")
        yield from type_evidence(program, container)


def _asked(program: Program, test: Site, negated: bool, call: Site) -> Iterator[Evidence]:
    """The evidence for a guard that asks whether a file or directory is there which the call makes or takes away."""
    asked, subject = _subject(program, test)
    done, target = _subject(program, call)
    if asked not in _ASKED or done not in _CALLS or subject is None or target is None:
        return
    stopped, keyword = _CALLS[done]
    given = [
        Site(call.file, value)
        for name, value in arguments(program.facts[call.file], call.pc).keywords
        if name == keyword
    ]
    heeds = len(given) == 1 and constant(program, given[0]) == ("bool", True)
    if heeds and stopped == negated and alike(program, subject, target) and not (acts(program, subject)):
        place = program.index.place(call)
        if _ASKED[asked] and stopped:
            yield Evidence("purity", Proof.PROVED, place, "a directory that is there it leaves alone")
        else:
            note = "assumes that what is there is a directory" if stopped else "assumes that it is no broken link"
            yield Evidence("purity", Proof.ASSUMED, place, note)


def _subject(program: Program, call: Site) -> tuple[str, Site | None]:
    """What function of a library a call surely calls, and the path that this is about."""
    code = program.facts[call.file].code
    callee = Site(call.file, code[call.pc + 5])
    match _atoms(program, callee):
        case [("external", str(dotted))] if dotted.startswith("pathlib.") and code[callee.pc] == ops.ATTR:
            return dotted, Site(call.file, code[callee.pc + 3])
        case [("external", str(dotted))] if code[call.pc + 6] >= 1:
            return dotted, Site(call.file, code[call.pc + 7])
    return "", None


def _atoms(program: Program, site: Site) -> Sequence[Atom]:
    return objects(program.ask(Values).value(site))
