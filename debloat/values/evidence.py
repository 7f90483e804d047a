"""Why a value is what it is: the facts that it rests on, with their places."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from debloat.facts import data, ops
from debloat.model import Evidence, Proof
from debloat.program.index import Site
from debloat.program.queries import callers, world_evidence
from debloat.values.analysis import Values
from debloat.values.declared import argparse
from debloat.values.domain import Atom, Value, assumptions, is_unknown, objects
from debloat.values.ssa import Form, Version

if TYPE_CHECKING:
    from debloat.program.program import Program

_MOST = 4  # pieces from one source
_DEEPEST = 3


def type_evidence(program: Program, site: Site) -> list[Evidence]:
    """The facts from which the value of an expression follows; ASSUMED ones for what it rests on besides."""
    values = program.ask(Values)
    found = list(dict.fromkeys(_Why(program, values).value(site, 0)))
    value = values.value(site)
    if not found:
        found.append(Evidence("type", Proof.PROVED, program.index.place(site), f"it is {shown(program, value)}"))
    return found + _assumed(program, value, site)


def parameter_evidence(program: Program, scope: int, position: int) -> list[Evidence]:
    """The calls from which the value of a parameter follows, and what it rests on besides."""
    values = program.ask(Values)
    found = list(dict.fromkeys(_Why(program, values).parameter(scope, position, 0)))
    return found + _assumed(program, values.parameter(scope, position), program.index.definition(scope))


def returned_evidence(program: Program, scope: int) -> list[Evidence]:
    """What each ``return`` of a function gives, and what that rests on besides."""
    values = program.ask(Values)
    form = values.form(scope)
    sites = [Site(form.file, value) for value, _ in form.exits if value >= 0]
    found = [
        Evidence(
            "type", Proof.PROVED, program.index.place(site), f"{shown(program, values.value(site))} is returned here"
        )
        for site in sites[:_MOST]
    ]
    return found + _assumed(program, values.returned(scope), program.index.definition(scope))


def _assumed(program: Program, value: Value, site: Site) -> list[Evidence]:
    # What holds although anybody may use the program does not rest on a guess that they may.
    guessed = ("assumed", "world") in value or program.part(program.index.place(site).path).world != "library"
    found = world_evidence(program, program.index.scope_at(site)) if guessed else []
    for atom in sorted(assumptions(value)):
        if atom[1] != "world":
            found.append(Evidence("mutation", Proof.ASSUMED, program.index.place(site), f"assumes that {atom[1]}"))
    return found


def shown(program: Program, value: Value) -> str:
    """A value as a reader would say it."""
    parts = [_shown(program, atom) for atom in objects(value)]
    return " or ".join(dict.fromkeys(parts)) if parts else "never there"


def _shown(program: Program, atom: Atom) -> str:
    match atom:
        case ("constant", "str", text):
            return repr(text) if isinstance(text, str) else "a long text"
        case ("constant", _, constant):
            return str(constant)
        case ("text",):
            return "a str that is not empty"
        case ("builtin", str(kind), *_):
            return f"{'an' if kind[0] in 'aeio' else 'a'} {kind}"
        case ("stub", str(dotted), *_):
            return f"a {dotted.removeprefix('builtins.')}"
        case ("object", int(scope)):
            return f"a {program.index.name(scope)}"
        case ("heir", int(scope)):
            return f"a {program.index.name(scope)} or a subclass of it"
        case ("member", int(scope), str(name)):
            return f"{program.index.name(scope)}.{name}"
        case ("class" | "function" | "method" | "subclass", int(scope), *_):
            return program.index.name(scope)
        case ("box" | "rest", *_):
            made = program.ask(Values).types.builtin(atom)
            return f"a {made.__name__}" if made else "a container"
        case ("external", str(dotted)):
            return dotted.removeprefix("<builtin>.")
        case ("unknown", str(why), *_):
            return f"unknown ({why})"
        case ("parsed", *_):
            return "the arguments of the command line"
        case ("something",):
            return "something that is not None"
    return f"a {atom[0]}"


class _Why:
    """The way back from a value to what it follows from."""

    def __init__(self, program: Program, values: Values) -> None:
        self._program = program
        self._values = values
        self._seen: set[Site] = set()

    def value(self, site: Site, depth: int) -> Iterator[Evidence]:
        """The facts behind the expression at a site."""
        if site in self._seen or depth > _DEEPEST:
            return
        self._seen.add(site)
        fact = self._program.facts[site.file]
        code = fact.code
        form = self._values.form(self._program.index.scope_at(site))
        if site.pc in form.reads:
            yield from self._version(form, form.reads[site.pc], site, depth)
            return
        match code[site.pc]:
            case ops.ATTR:
                yield from self._attribute(site, depth)
            case ops.CALL:
                yield from self._call(site)
            case ops.COMPARE:
                yield from self.value(Site(site.file, code[site.pc + 5]), depth)
                yield from self.value(Site(site.file, code[site.pc + 8]), depth)
            case ops.BOOL | ops.CONDITIONAL | ops.UNARY | ops.AWAIT | ops.BINARY:
                for value in ops.values(code, site.pc):
                    yield from self.value(Site(site.file, value), depth)
            case ops.ELEMENT | ops.ITEM | ops.SUBSCRIPT | ops.ENTER:
                if code[site.pc + 3] >= 0:
                    yield from self.value(Site(site.file, code[site.pc + 3]), depth)

    def _version(self, form: Form, version: Version, site: Site, depth: int) -> Iterator[Evidence]:
        match version:
            case ("store", int(pc)):
                there = Site(form.file, pc)
                yield self._is(there, f"{self._written(site)} is {self._say(there)} from here")
                yield from self.value(there, depth + 1)
            case ("parameter", int(position)):
                yield from self.parameter(form.scope, position, depth)
            case ("narrow", before, int(test), bool(outcome), _):
                place = Site(form.file, test)
                how = "" if outcome else "not "
                yield Evidence(
                    "type", Proof.PROVED, self._program.index.place(place), f"the test here came out {how}true"
                )
                known = self._values.solver.solve(("version", form.scope, before))
                if self._values.index.facts[form.file].code[test] != ops.MATCHES and not is_unknown(known):
                    yield from self._version(form, before, site, depth + 1)
            case ("after", before, *_):
                yield from self._version(form, before, site, depth)
            case ("phi", int(number)):
                for operand, _ in form.phis[number][:_MOST] if depth < _DEEPEST else ():
                    yield from self._version(form, operand, site, depth + 1)
            case ("free", int(home), int(name)):
                yield from self._variable(home, name, site)
            case ("path", int(pc)):
                yield from self._attribute(Site(form.file, pc), depth)

    def _variable(self, home: int, name: int, site: Site) -> Iterator[Evidence]:
        file = self._program.index.file_of[home]
        record = self._program.index.scopes[home]
        if record.kind in (data.MODULE, data.FUNCTION, data.CLASS):
            for store in record.bound.get(name, [])[:_MOST]:
                code = self._program.facts[file].code
                if code[store] == ops.STORE and code[store + 5] not in (ops.IMPORT, ops.DEFINITION):
                    there = Site(file, code[store + 4])
                    yield self._is(there, f"{self._written(site)} is {self._say(there)} from here")

    def parameter(self, scope: int, position: int, depth: int) -> Iterator[Evidence]:
        """The calls that give a parameter its value."""
        if position == 0 and self._program.analysis.receivers(scope) is not None:
            return
        record = self._program.index.scopes[scope]
        file = self._program.index.file_of[scope]
        names = self._program.facts[file].names
        name = names[record.parameters[position].name]
        found = callers(self._program, scope)
        for call in found.calls[:_MOST]:
            given = call.binding.given.get(position, ())
            place = self._program.index.place(call.site)
            for value in given:
                there = Site(call.site.file, value)
                yield Evidence("callers", Proof.PROVED, place, f"{name} is {self._say(there)} in this call")
                yield from self.value(there, depth + 1)
            if not given:
                yield Evidence("callers", Proof.PROVED, place, f"this call leaves {name} out")
        if len(found.calls) > _MOST:
            span = self._program.index.span(scope)
            yield Evidence("callers", Proof.PROVED, span, f"and so at {len(found.calls) - _MOST} more calls")

    def _attribute(self, site: Site, depth: int) -> Iterator[Evidence]:
        fact = self._program.facts[site.file]
        name = fact.names[fact.code[site.pc + 4]]
        base = Site(site.file, fact.code[site.pc + 3])
        for atom in objects(self._values.value(base))[:_MOST]:
            if atom[0] in ("object", "heir", "member"):
                yield from self._field(atom[1], name, depth)
            elif atom[0] == "parsed":
                for there in argparse.places(self._values, atom, name):
                    yield self._is(there, f"{name} is declared here")
        if depth == 0:
            yield from self.value(base, depth + 1)

    def _field(self, scope: int, name: str, depth: int) -> Iterator[Evidence]:
        index = self._program.index
        _, _, writes = self._values.attributes.fate(scope)
        for writer in index.attribute_writers.get(name, ()):
            for site in index.find(writer, ops.SET_ATTR, 4, name):
                if site in writes:
                    there = Site(site.file, self._program.facts[site.file].code[site.pc + 5])
                    yield Evidence(
                        "mutation", Proof.PROVED, index.place(site), f"{name} is set to {self._say(there)} here"
                    )
                    yield from self.value(there, depth + 1)
        for cls in self._program.hierarchy.order(scope):
            if isinstance(cls, int) and self._program.hierarchy.binds(cls, name):
                span = index.span(cls)
                yield Evidence("hierarchy", Proof.PROVED, span, f"{index.name(cls)} defines {name}")

    def _call(self, site: Site) -> Iterator[Evidence]:
        callee = Site(site.file, self._program.facts[site.file].code[site.pc + 5])
        for atom in objects(self._values.value(callee))[:_MOST]:
            match atom:
                case ("function" | "method", int(scope), *_):
                    name = self._program.index.name(scope)
                    returned = shown(self._program, self._values.returned(scope))
                    note = f"{name} returns {returned}"
                    yield Evidence("type", Proof.PROVED, self._program.index.span(scope), note)
                case ("external", str(dotted)):
                    note = f"{dotted.removeprefix('<builtin>.')} gives {self._say(site)}"
                    yield Evidence("type", Proof.PROVED, self._program.index.place(site), note)

    def _is(self, site: Site, note: str) -> Evidence:
        return Evidence("type", Proof.PROVED, self._program.index.place(site), note)

    def _say(self, site: Site) -> str:
        return shown(self._program, self._values.value(site))

    def _written(self, site: Site) -> str:
        return self._program.openings.shown(site)
