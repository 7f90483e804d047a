"""What keeps a symbol alive, what opens it to callers that cannot be seen, who calls it: lines for people."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from debloat.facts import data, ops
from debloat.program.index import Site
from debloat.program.queries import callers, relatives
from debloat.program.reach import Cause, Item, Reach, everything, production

if TYPE_CHECKING:
    from debloat.program.program import Program

_MOST = 8
_NOUNS = {data.MODULE: "module", data.CLASS: "class", data.FUNCTION: "function"}


class UnknownSymbolError(Exception):
    """There is no such symbol: one line with the nearest names."""


def explain_symbol(program: Program, name: str) -> Iterator[str]:
    """Yield the lines on ``package.module:Class.method``, a class, module, function or constant; ``:`` may be ``.``.

    Raises UnknownSymbolError.
    """
    wanted = name.replace(":", ".")
    found = [item for dotted, item in _symbols(program) if dotted == wanted]
    if not found:
        raise UnknownSymbolError(f"there is no symbol {name!r} in this project{_nearest(program, wanted)}")
    scopes = [item for item in found if isinstance(item, int)]
    for item in scopes or found[:1]:
        yield from explain(program, item)


def definition_at(program: Program, path: str, line: int) -> int:
    """Return the innermost function or class on a line of a file that was read, else its module.

    Raises UnknownSymbolError for a file that was not read and for a line that is not there.
    """
    index = program.index
    file = next((number for number, file in enumerate(program.files) if file.path == path), None)
    if file is None:
        raise UnknownSymbolError(f"{path} is not a file that debloat reads in this project")
    if not 1 <= line <= max(program.facts[file].lines, 1):
        raise UnknownSymbolError(f"{path} has no line {line}")
    around = [
        scope
        for scope, record in enumerate(program.facts[file].scopes, index.base[file])
        if record.kind in (data.CLASS, data.FUNCTION) and record.first_line <= line <= record.end_line
    ]
    return max(around, key=lambda scope: index.scopes[scope].first_line, default=index.base[file])


def explain(program: Program, item: Item) -> Iterator[str]:
    """Yield the lines on one symbol: what it is, why it is live, its openings, callers and relatives."""
    yield f"{_name(program, item)}: {_noun(program, item)} at {_place(program, item)}"
    yield from _life(program, item)
    if isinstance(item, tuple):
        yield from _listed("openings", list(program.openings.of_variable(*item)))
        return
    if program.index.scopes[item].kind == data.MODULE:
        return
    openings = _shown(program, item, program.openings.of(item))
    yield from _listed("openings", openings)
    if program.index.scopes[item].kind == data.FUNCTION:
        yield from _callers(program, item, openings)
        others = [f"{_name(program, other)} ({_place(program, other)})" for other in relatives(program, item)]
        yield from _listed("overrides or is overridden by", others)
    else:
        heirs = [f"{_name(program, other)} ({_place(program, other)})" for other in program.hierarchy.subclasses(item)]
        yield from _listed("subclasses", heirs)


def _symbols(program: Program) -> Iterator[tuple[str, Item]]:
    """All definitions and the variables of modules and classes, by dotted name."""
    index = program.index
    for scope, record in enumerate(index.scopes):
        if record.kind in _NOUNS:
            dotted = index.qualified(scope).replace(":", ".")
            yield dotted, scope
            if record.kind != data.FUNCTION:
                names = index.facts[index.file_of[scope]].names
                yield from ((f"{dotted}.{names[name]}", (scope, names[name])) for name in record.bound)


def _nearest(program: Program, wanted: str) -> str:
    """The names that end alike, else those that are spelled alike."""
    last = wanted.rpartition(".")[2]
    known = {dotted for dotted, _ in _symbols(program)}
    alike = difflib.get_close_matches(wanted, [dotted for dotted in known if dotted.rpartition(".")[2] == last], 3, 0)
    alike = alike or difflib.get_close_matches(wanted, known, 3)
    return f"; did you mean {' or '.join(alike)}?" if alike else ""


def _life(program: Program, item: Item) -> Iterator[str]:
    if item in program.ask(production).live:
        yield "  live in production:"
        yield from _path(program, program.ask(production), item)
    elif item in program.ask(everything).live:
        yield "  live only by tests:"
        yield from _path(program, program.ask(everything), item)
    else:
        yield "  dead: nothing live leads to it"


def _path(program: Program, reach: Reach, item: Item) -> Iterator[str]:
    """The chain of causes up to a root, one line each; steps inside one definition are left out."""
    for current, cause in reach.path(item):
        name = _name(program, current)
        if cause.keeper is None:
            yield f"    {name}: {cause.reason}"
        elif isinstance(current, int) and cause.site is not None:  # an opening, of a definition in something live
            yield from (f"    {name}: {line}" for line in _shown(program, current, [(cause.reason, cause.site)]))
        elif name != (keeper := _name(program, cause.keeper)):
            yield f"    {name}: {keeper} {cause.reason} ({_cause_place(program, current, cause)})"


def _cause_place(program: Program, item: Item, cause: Cause) -> str:
    """Where a cause stands; marking does not note places that can be found again from the names."""
    index = program.index
    if cause.site is not None:
        return _at(program, cause.site)
    keeper = cause.keeper
    if isinstance(keeper, int):
        name = item[1] if isinstance(item, tuple) else index.name(item)
        for op, operand in ((ops.NAME, 3), (ops.ATTR, 4)):
            for site in index.find(keeper, op, operand, name):
                return _at(program, site)
        file = index.file_of[keeper]
        for imported in program.facts[file].imports:
            if imported.scope == keeper - index.base[file] and _imports(program, item, imported.module, imported.name):
                return f"{program.files[file].path}:{imported.line}"
    assert keeper is not None
    return _place(program, keeper)


def _imports(program: Program, item: Item, module: str, name: str) -> bool:
    """Whether an import of ``module`` and ``name`` is likely the one that leads to a module."""
    dotted = _name(program, item).partition(":")[0]
    return f".{dotted}".endswith((f".{module}", f".{module}.{name}".replace("..", "."))) or dotted in module


def _callers(program: Program, scope: int, shown: Sequence[str]) -> Iterator[str]:
    found = callers(program, scope)
    calls = [f"{_name(program, program.index.scope_at(call.site))} ({_at(program, call.site)})" for call in found.calls]
    if found.openings:
        more = [row for row in _shown(program, scope, found.openings) if row not in shown]
        yield from _listed("callers are open", more or ["by what opens it"])
        yield from _listed("calls that can be seen", calls)
    elif calls:
        yield from _listed("callers are closed, these and no other", calls)
    else:
        yield "  callers are closed: there is none"


def _shown(program: Program, scope: int, openings: Iterable[tuple[str, Site]]) -> list[str]:
    """Openings as lines, each once; the definition itself is no place worth a word."""
    own = program.index.definition(scope)
    lines = (reason if site == own else f"{reason} ({_at(program, site)})" for reason, site in openings)
    return list(dict.fromkeys(lines))


def _listed(title: str, rows: Sequence[str]) -> Iterator[str]:
    if rows:
        yield f"  {title}:"
        yield from (f"    {row}" for row in rows[:_MOST])
        if len(rows) > _MOST:
            yield f"    and {len(rows) - _MOST} more"


def _noun(program: Program, item: Item) -> str:
    if isinstance(item, tuple):
        return "name"
    return "method" if program.index.enclosing_class(item) >= 0 else _NOUNS[program.index.scopes[item].kind]


def _name(program: Program, item: Item) -> str:
    """The qualified name of a symbol; a lambda or comprehension is part of the definition around it."""
    index = program.index
    scope = item[0] if isinstance(item, tuple) else item
    while index.scopes[scope].kind not in _NOUNS:
        scope = index.parent(scope)
    name = index.qualified(scope)
    return f"{name}{'.' if ':' in name else ':'}{item[1]}" if isinstance(item, tuple) else name


def _place(program: Program, item: Item) -> str:
    if isinstance(item, tuple):
        scope, name = item
        file = program.index.file_of[scope]
        fact = program.facts[file]
        stores = program.index.scopes[scope].bound.get(fact.name_index.get(name, -1), [])
        return _at(program, Site(file, stores[0])) if stores else program.files[file].path
    span = program.index.span(item)
    return f"{span.path}:{span.line}"


def _at(program: Program, site: Site) -> str:
    span = program.index.place(site)
    return f"{span.path}:{span.line}"
