"""What rules ask of the program: definitions, callers and arguments, with the evidence that answers carry."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from debloat.facts import data, ops
from debloat.facts.data import Parameter
from debloat.model import Evidence, Proof, Span
from debloat.program.binding import Arguments, Binding, arguments, bind
from debloat.program.index import Site
from debloat.program.solver import NOTHING, Values

if TYPE_CHECKING:
    from debloat.program.program import Program

_SHOWN_CALLS = 5
DECORATES = "called as a decorator: its arguments are not seen"
_PROTOCOLS = frozenset({"typing.Protocol", "typing_extensions.Protocol"})
_HARMLESS = frozenset({"abc.ABC", "typing.Generic"})
# Attributes of a function that say nothing of its parameters.
_PLAIN = ("__name__", "__qualname__", "__module__", "__doc__")


class Call(NamedTuple):
    """A call of a function whose target is certain to be among the function's callers: its place and its binding."""

    site: Site
    arguments: Arguments
    binding: Binding


class Callers(NamedTuple):
    """All calls of a function, or the reasons why there may be more: (reason, place), the reason's kind up to a colon.

    ``values`` are the places that use it as a value or look at its attributes.
    """

    calls: Sequence[Call]
    openings: Sequence[tuple[str, Site]]
    values: Sequence[Site]


def definitions(program: Program, kind: int) -> Iterator[int]:
    """The scopes of a kind (``data.FUNCTION``, ``data.CLASS``) in the judged files."""
    yield from program.find(_by_kind)[kind]


def all_definitions(program: Program, kind: int) -> Iterator[int]:
    """The same in all files that may be edited and hold no tests, for what compares them with one another."""
    yield from program.ask(_by_kind)[kind]


def _by_kind(program: Program) -> Mapping[int, Sequence[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    for number in program.judged:
        base = program.index.base[number]
        for local, record in enumerate(program.facts[number].scopes):
            found[record.kind].append(base + local)
    return found


def callers(program: Program, scope: int, *, if_closed: bool = False) -> Callers:
    """The calls of a function or method, those of tests included; with ``if_closed`` all only where there are no openings."""
    record = program.index.scopes[scope]
    names = program.index.facts[program.index.file_of[scope]].names
    calls: list[Call] = []
    openings: list[tuple[str, Site]] = []
    values: list[Site] = []
    follow = program.analysis.flow if if_closed else program.analysis.whole
    for event in sorted(follow(("function", scope)), key=str):
        match event:
            case ("call", int(file), int(pc), int(skip)):
                given = arguments(program.facts[file], pc)
                calls.append(Call(Site(file, pc), given, bind(given, record.parameters, names, skip)))
            case ("open", str(reason), int(file), int(pc)):
                openings.append((reason, Site(file, pc)))
            case ("handed", int(file), int(pc), _):
                openings.append(("handed to library code: its arguments are not seen", Site(file, pc)))
            case ("partial", int(file), int(pc), _):
                openings.append(("called through partial: its arguments are not seen", Site(file, pc)))
            case ("applied", int(file), int(pc), *_):
                openings.append((DECORATES, Site(file, pc)))
            case ("read", int(file), int(pc), _) if program.analysis.is_property(scope):
                openings.append(("a property: reading it calls it", Site(file, pc)))
            case ("read" | "write", int(file), int(pc), str(name)) if name.startswith("__") and name not in _PLAIN:
                openings.append((f"reflection: {name} of it is used", Site(file, pc)))
            case ("read" | "write" | "valued", int(file), int(pc), *_):
                values.append(Site(file, pc))
    calls.sort(key=lambda call: call.site)
    return Callers(calls, openings, values)


def glance(program: Program, scope: int) -> tuple[Sequence[Call], Iterator[Call]]:
    """The calls of a function's name, without any analysis: those that :func:`callers` finds too, and those it may find."""
    known = program.ask(_glances)
    if scope not in known:
        known[scope] = _glance(program, scope)
    sure, possible = known[scope]
    return sure, (_call(program, scope, *other) for other in possible)


def _glances(_: Program) -> dict[int, tuple[Sequence[Call], Sequence[tuple[Site, int]]]]:
    """What has been told at a glance: the sure calls of functions, and where the possible ones are."""
    return {}


def _call(program: Program, scope: int, site: Site, skip: int) -> Call:
    index = program.index
    given = arguments(program.facts[site.file], site.pc)
    names = program.facts[index.file_of[scope]].names
    return Call(site, given, bind(given, index.scopes[scope].parameters, names, skip))


def _glance(program: Program, scope: int) -> tuple[Sequence[Call], Sequence[tuple[Site, int]]]:
    index = program.index
    cls = index.enclosing_class(scope)
    made = _made_by(program, scope) if index.name(scope) == "__init__" else []
    targets = {("class", heir) for heir in made} or {("function", scope)}
    skip = 0 if program.analysis.receivers(scope) is None else 1
    seen = {row.site: row for heir in made or (scope,) for row in _calls_named(program, index.name(heir))}
    seen |= {site: _Seen(site, NOTHING, cls) for heir in made for site in _calls_of_cls(program, heir)}
    sure: list[Call] = []
    possible: list[tuple[Site, int]] = []
    for site in sorted(seen):
        row = seen[site]
        own = cls >= 0 and row.around >= 0 and cls in program.hierarchy.order(row.around)
        direct = not targets.isdisjoint(row.callees)
        if own or direct:
            bare = direct and not (own or made or program.analysis.is_classmethod(scope))
            sure.append(_call(program, scope, site, 0 if bare else skip))
        else:
            possible.append((site, skip))
    return sure, possible


class _Seen(NamedTuple):
    """A call with what its callee stands for by its text, and the class of whose ``self`` or ``cls`` it is an attribute, -1 for none."""

    site: Site
    callees: Values
    around: int


def _seen(_: Program) -> dict[str, list[_Seen]]:
    """The calls by the name of what they call, as far as they have been asked for."""
    return {}


def _calls_named(program: Program, name: str) -> list[_Seen]:
    known = program.ask(_seen)
    if name not in known:
        known[name] = []
        for site in program.index.calls_named(name):
            callee = Site(site.file, program.facts[site.file].code[site.pc + 5])
            known[name].append(_Seen(site, program.names.static(callee), receiver_class(program, callee)))
    return known[name]


def _made_by(program: Program, scope: int) -> list[int]:
    """The classes whose objects a constructor sets up: its own and those that inherit it."""
    cls = program.index.enclosing_class(scope)
    family = (cls, *program.hierarchy.subclasses(cls))
    return [heir for heir in family if program.hierarchy.owner(heir, "__init__") == cls]


def _calls_of_cls(program: Program, cls: int) -> Iterator[Site]:
    index = program.index
    for method in index.children.get(cls, ()):
        parameters = index.scopes[method].parameters
        if parameters and program.analysis.is_classmethod(method):
            names = program.facts[index.file_of[method]].names
            yield from index.calls_in(method, names[parameters[0].name])


def receiver_class(program: Program, attribute: Site) -> int:
    """The class of the method of whose ``self`` or ``cls`` an attribute is read or set; -1 for any other."""
    index = program.index
    code = index.facts[attribute.file].code
    if code[attribute.pc] not in (ops.ATTR, ops.SET_ATTR) or code[code[attribute.pc + 3]] != ops.NAME:
        return -1
    name = code[code[attribute.pc + 3] + 3]
    method = index.resolve(index.scope_at(attribute), name)
    around = index.enclosing_class(method) if method >= 0 else -1
    if around < 0 or [parameter.name for parameter in index.scopes[method].parameters[:1]] != [name]:
        return -1
    if index.scopes[method].bound[name]:
        return -1
    return around if program.analysis.receivers(method) is not None else -1


def relatives(program: Program, scope: int) -> list[int]:
    """The methods of the program that a method overrides or that override it, and those of a protocol by its name."""
    cls = program.index.enclosing_class(scope)
    if cls < 0:
        return []
    name = program.index.name(scope)
    heirs = (cls, *program.hierarchy.subclasses(cls))
    ancestors = {base for heir in heirs for base in program.hierarchy.order(heir) if isinstance(base, int)}
    shared = [base for base in ancestors if _speaks_of(program, base, name)]
    family = ancestors.union(*(program.hierarchy.subclasses(base) for base in shared))
    protocols = program.ask(protocol_methods).get(name, ())
    return sorted(
        {
            child
            for member in family - {cls}
            for child in program.index.children.get(member, ())
            if program.index.name(child) == name and program.index.scopes[child].kind == data.FUNCTION
        }.union(protocols)
        - {scope}
    )


def _speaks_of(program: Program, base: int, name: str) -> bool:
    """Whether a class or what it is derived from may ask its subclasses for an attribute; a mixin of other things does not."""
    order = program.hierarchy.order(base)
    if any(one not in _HARMLESS if isinstance(one, str) else program.hierarchy.binds(one, name) for one in order):
        return True
    for scope in program.index.attribute_readers.get(name, ()):
        while scope >= 0 and program.index.enclosing_class(scope) < 0:
            scope = program.index.parent(scope)
        if scope >= 0 and program.index.enclosing_class(scope) in order:
            return True
    return False


def protocol_methods(program: Program) -> Mapping[str, Sequence[int]]:
    """The methods of the program's protocols by name: any class may be meant to have them."""
    found: dict[str, list[int]] = {}
    for cls in program.hierarchy.classes:
        if not _PROTOCOLS.isdisjoint(program.hierarchy.bases(cls)):
            for child in program.index.children.get(cls, ()):
                found.setdefault(program.index.name(child), []).append(child)
    return found


def callers_evidence(program: Program, scope: int, found: Callers) -> list[Evidence]:
    """Evidence of kind ``callers``: every call, or the first opening as UNKNOWN; and the world if it is a guess."""
    if found.openings:
        reason, site = found.openings[0]
        return [Evidence("callers", Proof.UNKNOWN, program.index.place(site), reason)]
    shown = [
        Evidence("callers", Proof.PROVED, program.index.place(call.site), f"{program.index.name(scope)} is called here")
        for call in found.calls[:_SHOWN_CALLS]
    ]
    if len(found.calls) > _SHOWN_CALLS:
        span = program.index.span(scope)
        shown.append(Evidence("callers", Proof.PROVED, span, f"and at {len(found.calls) - _SHOWN_CALLS} more places"))
    return shown + world_evidence(program, scope)


def world_evidence(program: Program, scope: int) -> list[Evidence]:
    """ASSUMED evidence where all rests on the guess that nobody outside uses the program."""
    span = program.index.span(scope)
    part = program.part(span.path)
    if not part.assumed:
        return []
    note = f"assumed world: {part.world} ({part.reason}); declare it in [tool.debloat]"
    return [Evidence("reachability", Proof.ASSUMED, span, note)]


def hierarchy_evidence(program: Program, scope: int) -> list[Evidence]:
    """UNKNOWN evidence where a method is overridden or overrides, PROVED where it stands alone; none for a function."""
    if program.index.enclosing_class(scope) < 0:
        return []
    others = relatives(program, scope)
    if others:
        note = f"overridden: {program.index.qualified(others[0])} must keep the same parameters"
        return [Evidence("hierarchy", Proof.UNKNOWN, program.index.span(others[0]), note)]
    return [
        Evidence("hierarchy", Proof.PROVED, program.index.span(scope), "nothing overrides it and it overrides nothing")
    ]


def parameters(program: Program, scope: int) -> Iterator[tuple[int, str, Parameter]]:
    """The parameters that callers fill (``self`` and ``cls`` left out): position, name, record."""
    names = program.index.facts[program.index.file_of[scope]].names
    skip = 0 if program.analysis.receivers(scope) is None else 1
    for position, parameter in enumerate(program.index.scopes[scope].parameters[skip:], skip):
        yield position, names[parameter.name], parameter


def parameter_span(program: Program, scope: int, parameter: Parameter) -> Span:
    """Where a parameter stands, its annotation included."""
    path = program.index.span(scope).path
    return Span(path, parameter.line, parameter.column, parameter.end_line, parameter.end_column)


def constant(program: Program, site: Site) -> tuple[str, object] | None:
    """Type and value of an expression that is a literal constant, possibly with a minus before it; None otherwise."""
    fact = program.index.facts[site.file]
    code = fact.code
    match code[site.pc]:
        case ops.CONST:
            kind, value = fact.constants[code[site.pc + 3]]
            return kind, value
        case ops.UNARY if code[site.pc + 3] == ops.NEGATE and code[code[site.pc + 4]] == ops.CONST:
            kind, value = fact.constants[code[code[site.pc + 4] + 3]]
            return f"-{kind}", value
    return None


def reads(program: Program, scope: int, name: str) -> Sequence[Site]:
    """All reads of a variable or parameter of a scope, in nested scopes too."""
    file = program.index.file_of[scope]
    return [Site(file, pc) for pc in program.index.variable_reads(scope, name)]


def users(program: Program, site: Site) -> Sequence[int]:
    """The instructions that use a value, as positions in the code of its file."""
    scope = program.index.scope_at(site)
    return program.facts[site.file].consumers(scope - program.index.base[site.file]).get(site.pc, ())


def written(program: Program, site: Site) -> tuple[Span, str]:
    """Where a name, attribute, comparison or call stands, and how it is written, on one line."""
    fact = program.facts[site.file]
    match fact.code[site.pc : site.pc + 5].tolist():
        case [ops.COMPARE | ops.CALL, _, _, end_line, end_column]:
            span = program.index.place(site)._replace(end_line=end_line, end_column=end_column)
        case [*_]:
            text = program.openings.shown(site)
            span = program.index.place(site)
            end = span.column + len(text.rpartition(".")[2].encode())
            return span._replace(column=max(end - len(text.encode()), 0), end_column=end), text
    lines = program.text(span.path).splitlines()[span.line - 1 : span.end_line]
    lines[-1] = lines[-1][: span.end_column]
    lines[0] = lines[0][span.column :]
    return span, " ".join(b" ".join(lines).decode().split())


def code_lines(span: Span) -> int:
    """The lines that go with a definition."""
    return span.end_line - span.line + 1
