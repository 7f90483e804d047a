"""The functions that a parser of argparse is told to put into its namespace: ``parser.set_defaults(func=f)``, ``args.func(args)``.

Source: https://docs.python.org/3/library/argparse.html, "Sub-commands" and "Parser defaults"
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from debloat.facts import ops
from debloat.program.binding import arguments
from debloat.program.index import Site
from debloat.program.solver import NOTHING, TOP, UNKNOWN, Value, Values

if TYPE_CHECKING:
    from debloat.program.index import Index
    from debloat.program.pointsto import PointsTo

_PARSER = "argparse.ArgumentParser"
_MAKING = ("add_subparsers", "add_parser", "add_argument_group", "add_mutually_exclusive_group")


def is_parser(dotted: str) -> bool:
    """Whether a call of a function of the library gives a parser, or what is had from one, and nothing else."""
    return dotted == _PARSER or dotted.startswith(f"{_PARSER}.")


def is_namespace(value: Value) -> bool:
    """Whether a value is what a parser gives."""
    return value[0] == "result" and is_parser(value[1]) and value[1].endswith(".parse_args")


def keeps(dotted: str) -> bool:
    """Whether a method puts its keyword arguments into the namespace."""
    return is_parser(dotted) and dotted.endswith(".set_defaults")


def defaults(analysis: PointsTo, name: str) -> Values:
    """What an attribute of a namespace may be, as far as it is set by ``set_defaults`` or by assignment."""
    found: Values = NOTHING
    # What is set there may not be known yet while this is solved.
    is_set = bool(analysis.index.attribute_writers.get(name))
    for site in analysis.index.calls_named("set_defaults"):
        for key, value in arguments(analysis.index.facts[site.file], site.pc).keywords:
            if key is None:
                return TOP
            if key == name:
                is_set = True
                found |= analysis.at(site.file, value)
    for owner, file, value in analysis.read(("stores", name)):
        found |= analysis.at(file, value) if is_namespace(owner) or owner == UNKNOWN else NOTHING
    is_open = not is_set or _may_declare(analysis.index, name) or not all(sure for _, sure in reads(analysis, name))
    return found | TOP if is_open else found


def _may_declare(index: Index, name: str) -> bool:
    """Whether an argument, or the choice of a sub-command, may set an attribute of that name."""
    for method in ("add_argument", "add_subparsers"):
        for site in index.calls_named(method):
            fact = index.facts[site.file]
            call = arguments(fact, site.pc)
            given = [value for value, _ in call.positional] + [
                value for key, value in call.keywords if key in (None, "dest")
            ]
            texts = [
                fact.constants[fact.code[value + 3]][1] if fact.code[value] == ops.CONST else None for value in given
            ]
            if any(text is None or str(text).lstrip("-").replace("-", "_") == name for text in texts):
                return True
    return False


def reads(analysis: PointsTo, name: str) -> Iterator[tuple[Site, bool]]:
    """Where an attribute of a namespace is read; False with a place at which unseen code may read or set it."""
    for site in analysis.index.attribute_reads(name):
        bases = analysis.at(site.file, analysis.index.facts[site.file].code[site.pc + 3])
        if UNKNOWN in bases or any(is_namespace(base) for base in bases):
            yield site, True
    for call in analysis.index.calls_named("parse_args"):
        parser = _local_parser(analysis, call)
        if parser is not None and not _may_set(analysis, parser, name):
            continue
        for event in analysis.read(("flow", ("made", *call))):
            if event[0] == "open":
                yield Site(*event[2:]), False
            elif (
                event[0] == "read"
                and event[3] == name
                and (by := _function(analysis.index, event)) not in ("", "hasattr")
            ):
                yield Site(*event[1:3]), by == "getattr"


def _local_parser(analysis: PointsTo, parse: Site) -> Site | None:
    """The call that makes the parser of a ``parse_args``, where a variable of the same function holds that and no other."""
    index = analysis.index
    code = index.facts[parse.file].code
    base = code[code[parse.pc + 5] + 3] if code[code[parse.pc + 5]] == ops.ATTR else parse.pc
    scope = index.scope_at(parse)
    stores = index.scopes[scope].bound.get(code[base + 3], ()) if code[base] == ops.NAME else ()
    if len(stores) != 1 or code[stores[0]] != ops.STORE or code[code[stores[0] + 4]] != ops.CALL:
        return None
    made = Site(parse.file, code[stores[0] + 4])
    callee = analysis.names.static(Site(parse.file, code[made.pc + 5]))
    return made if callee == {("external", _PARSER)} else None


def _may_set(analysis: PointsTo, parser: Site, name: str) -> bool:
    """Whether a parser, or what is had from it, may be told to put an attribute into its namespaces, as far as is seen."""
    waiting = [parser]
    for maker in waiting:  # grows while it is walked
        for event in analysis.read(("flow", ("made", *maker))):
            if event[0] == "open" or (
                event[0] == "read" and event[3] == "set_defaults" and _sets(analysis, event, name)
            ):
                return True
            if event[0] == "read" and event[3] in _MAKING:
                waiting += [site for site in _calls(analysis, event) if site not in waiting]
    return False


def _sets(analysis: PointsTo, event: Value, name: str) -> bool:
    """Whether a ``set_defaults`` is called with a keyword of that name, or used as a value."""
    fact = analysis.index.facts[event[1]]
    calls = _calls(analysis, event)
    return not calls or any(key in (None, name) for call in calls for key, _ in arguments(fact, call.pc).keywords)


def _calls(analysis: PointsTo, event: Value) -> list[Site]:
    """The calls of a method that is read."""
    fact = analysis.index.facts[event[1]]
    local = analysis.index.scope_at(Site(*event[1:3])) - analysis.index.base[event[1]]
    users = fact.consumers(local).get(event[2], ())
    return [Site(event[1], user) for user in users if fact.code[user] == ops.CALL and fact.code[user + 5] == event[2]]


def _function(index: Index, event: Value) -> str:
    """The builtin by which an attribute is read or set by its name in a string."""
    fact = index.facts[event[1]]
    if fact.code[event[2]] != ops.CALL:
        return ""
    callee = fact.code[event[2] + 5]
    return fact.names[fact.code[callee + 3]] if fact.code[callee] == ops.NAME else "?"
