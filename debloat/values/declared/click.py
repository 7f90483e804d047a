"""What click gives to the parameters of a command: the options and arguments that its decorators declare.

Only click calls the function of a command with what it has converted; ``Command.callback`` and ``Context.invoke`` let others do
so, and where the program uses them for a command nothing is said of its parameters.

Source: https://click.palletsprojects.com/en/stable/api/ (Option, Argument, Context.invoke),
https://click.palletsprojects.com/en/stable/parameter-types/
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from debloat.facts import ops
from debloat.program.binding import arguments
from debloat.program.index import Site
from debloat.program.queries import constant
from debloat.values.declared.wrappers import passes_on
from debloat.values.domain import EITHER, NONE, NOTHING, SOMETHING, Atom, Value, join, objects, of, unknown

if TYPE_CHECKING:
    from debloat.values.analysis import Values

_COMMANDS = frozenset({"click.command", "click.group"})
_PARAMETERS = frozenset({"click.option", "click.argument"})
_CONTEXT = "click.pass_context"
# These give a parameter that the function does not take, or wrap it without a change of what it takes.
_QUIET = frozenset({"click.version_option", "click.help_option"})
# What leaves alone which values a parameter can have; any other keyword makes them unknown.
_HARMLESS = frozenset(
    {
        "help", "show_default", "metavar", "hidden", "is_eager", "envvar", "show_envvar", "show_choices", "prompt",
        "confirmation_prompt", "prompt_required", "hide_input", "allow_from_autoenv", "shell_complete", "autocompletion",
        "deprecated",
    }
)  # fmt: skip
_DECIDING = frozenset({"type", "default", "required", "multiple", "nargs", "count", "is_flag"})
_RUNNING = frozenset({"args", "input", "env", "catch_exceptions", "color", "obj"})
_TYPES = {
    "<builtin>.str": "str", "<builtin>.int": "int", "<builtin>.float": "float", "<builtin>.bool": "bool",
    "click.STRING": "str", "click.INT": "int", "click.FLOAT": "float", "click.BOOL": "bool",
    "click.IntRange": "int", "click.FloatRange": "float", "click.types.IntRange": "int", "click.types.FloatRange": "float",
}  # fmt: skip
# What gives no function, as the first argument of ``ctx.invoke`` is one.
_NO_COMMAND = frozenset({ops.CONST, ops.FSTRING, ops.SEQUENCE, ops.DICT, ops.COMPREHENSION})
_MOST = 8  # groups around a command


def given(values: Values, scope: int, position: int) -> Value:
    """What click gives a parameter of a command; nothing for any other function."""
    declared = _declared(values, scope, _MOST)
    if declared is None:
        return NOTHING
    record = values.index.scopes[scope]
    names = values.index.facts[values.index.file_of[scope]].names
    if _has_context(values, scope) and position == 0:
        return of(SOMETHING)
    wanted = names[record.parameters[position].name]
    found = [site for site in declared if _name(values, site) in (wanted, "")]
    if len(found) != 1 or _name(values, found[0]) != wanted or not _is_private(values, scope):
        return unknown("an option that is not followed", values.index.definition(scope))
    value = _parameter(values, found[0])
    if any(reason.startswith("public") for reason, _ in values.program.openings.of(scope)):
        return value | of(("assumed", "outsiders call a command by click only"))
    return value


def _declared(values: Values, scope: int, deepest: int) -> list[Site] | None:
    """The options and arguments of a command, None for a function that is none or has another decorator too."""
    found: list[Site] = []
    is_command = False
    for site in values.program.analysis.calls.decorator_sites(scope):
        callee = values.program.analysis.calls.called(site)
        names = values.program.names.static(callee)
        name = next(iter(names))[1] if len(names) == 1 and next(iter(names))[0] == "external" else ""
        if name in _PARAMETERS and callee != site:
            found.append(site)
        elif name in _COMMANDS or (deepest and _is_in_group(values, callee, deepest - 1)):
            is_command = callee == site or not {None, "cls"} & _keywords(values, site).keys()
            if not is_command:
                return None
        elif name not in _QUIET and name != _CONTEXT and not _wraps(values, site, names):
            return None
    return found if is_command else None


def _wraps(values: Values, site: Site, names: frozenset[Atom]) -> bool:
    """Whether a decorator of the program gives the function what click gives, as error handlers do."""
    is_bare = values.index.facts[site.file].code[site.pc] != ops.CALL
    return (
        is_bare and bool(names) and all(name[0] == "function" and passes_on(values.program, name[1]) for name in names)
    )


def _is_in_group(values: Values, callee: Site, deepest: int) -> bool:
    """Whether a decorator is ``group.command`` or ``group.group`` of a group of the program."""
    fact = values.index.facts[callee.file]
    if fact.code[callee.pc] != ops.ATTR or fact.names[fact.code[callee.pc + 4]] not in ("command", "group"):
        return False
    groups = values.program.names.static(Site(callee.file, fact.code[callee.pc + 3]))
    return bool(groups) and all(
        group[0] == "function" and _declared(values, group[1], deepest) is not None for group in groups
    )


def _has_context(values: Values, scope: int) -> bool:
    sites = values.program.analysis.calls.decorator_sites(scope)
    return any(values.program.names.static(site) == {("external", _CONTEXT)} for site in sites)


def _is_private(values: Values, scope: int) -> bool:
    """Whether nobody calls the function of a command past click."""
    return not any(True for _ in _bypasses(values, scope))


def _bypasses(values: Values, scope: int) -> Iterator[Site]:
    index = values.index
    own = ("function", scope)
    for site in index.attribute_reads("callback"):
        bases = values.program.names.static(Site(site.file, index.facts[site.file].code[site.pc + 3]))
        if own in bases or ("unknown",) in bases:
            yield site
    for site in (*index.calls_named("invoke"), *index.calls_named("forward")):
        call = arguments(index.facts[site.file], site.pc)
        first = values.program.names.static(Site(site.file, call.positional[0][0])) if call.positional else frozenset()
        if call.positional and index.facts[site.file].code[call.positional[0][0]] in _NO_COMMAND:
            continue
        runs = len(call.positional) > 1 or not _RUNNING.isdisjoint(key for key, _ in call.keywords if key)
        if (own in first or ("unknown",) in first) and not runs and not _is_runner(values, site):
            yield site


def _is_runner(values: Values, site: Site) -> bool:
    """Whether a call is that of a ``CliRunner``, which passes a command line."""
    fact = values.index.facts[site.file]
    code = fact.code
    callee = code[site.pc + 5]
    base = code[callee + 3]
    if code[callee] != ops.ATTR:
        return False
    made = [base]
    if code[base] == ops.NAME:
        home = values.index.resolve(values.index.scope_at(site), code[base + 3])
        if home < 0:
            return False
        stores = values.index.scopes[home].bound[code[base + 3]]
        made = [code[store + 4] for store in stores if code[store] == ops.STORE]
        if not stores and "runner" in fact.names[code[base + 3]]:
            return values.index.files[site.file].tests  # a fixture
    return bool(made) and all(
        code[pc] == ops.CALL
        and values.program.names.static(Site(site.file, code[pc + 5])) == {("external", "click.testing.CliRunner")}
        for pc in made
    )


def _keywords(values: Values, site: Site) -> Mapping[Any, int]:
    return dict(arguments(values.index.facts[site.file], site.pc).keywords)


def _texts(values: Values, site: Site) -> list[str]:
    """The declarations of a parameter as written; an empty one for what is no constant."""
    given = arguments(values.index.facts[site.file], site.pc).positional
    found = [constant(values.program, Site(site.file, value)) for value, _ in given]
    return [str(entry[1]) if entry and entry[0] == "str" else "" for entry in found]


def _is_argument(values: Values, site: Site) -> bool:
    callee = values.program.analysis.calls.called(site)
    return values.program.names.static(callee) == {("external", "click.argument")}


def _name(values: Values, site: Site) -> str:
    """The name under which a parameter is passed ("Options: name your options"); empty where it is not known."""
    texts = _texts(values, site)
    if not texts or "" in texts or None in _keywords(values, site):
        return ""
    if _is_argument(values, site):
        return texts[0].replace("-", "_").lower()
    own = [text for text in texts if text.isidentifier()]
    if own:
        return own[0]
    options = [text.partition("/")[0].strip() for text in texts]
    # The one with the longest prefix, the first of them.
    longest = max(options, key=lambda text: len(text) - len(text.lstrip("-")))
    return longest.lstrip("-").replace("-", "_").lower()


# What a parameter gives


def _parameter(values: Values, site: Site) -> Value:
    keywords = _keywords(values, site)
    if not keywords.keys() <= _HARMLESS | _DECIDING:
        return unknown("an option with more than is followed", site)
    if _flag(values, site, "multiple"):
        return of(("builtin", "tuple"))
    if "count" in keywords:
        return _counted(values, site)
    if _flag(values, site, "is_flag") or (
        "is_flag" not in keywords and any("/" in text for text in _texts(values, site))
    ):
        return _flagged(values, site)
    if not {"multiple", "is_flag"}.isdisjoint(keywords):
        return unknown("an option with more than is followed", site)
    if "nargs" in keywords:
        nargs = constant(values.program, Site(site.file, keywords["nargs"]))
        if nargs is None or nargs == ("int", 1):
            return unknown("a number of values that is not known", site)
        tuples = of(("builtin", "tuple"))
        return tuples if nargs == ("-int", 1) or _is_needed(values, site) else tuples | {NONE}
    kind = _converted(values, site)
    return kind if _is_needed(values, site) or _is_some(values, site) else join([kind, of(NONE)])


def _flag(values: Values, site: Site, name: str) -> bool:
    pc = _keywords(values, site).get(name)
    return pc is not None and constant(values.program, Site(site.file, pc)) == ("bool", True)


def _counted(values: Values, site: Site) -> Value:
    keywords = _keywords(values, site)
    plain = _flag(values, site, "count") and "type" not in keywords
    if plain and ("default" not in keywords or _is_some(values, site)):
        return of(("builtin", "int"))
    return unknown("an option with more than is followed", site)


def _flagged(values: Values, site: Site) -> Value:
    keywords = _keywords(values, site)
    if "type" in keywords and _converted(values, site) != EITHER:
        return unknown("an option with more than is followed", site)
    if "default" not in keywords or _is_needed(values, site):
        return EITHER
    default = constant(values.program, Site(site.file, keywords["default"]))
    return EITHER if default and default[0] == "bool" else EITHER | {NONE}


def _is_needed(values: Values, site: Site) -> bool:
    """Whether click refuses a command line without the parameter."""
    keywords = _keywords(values, site)
    if "required" in keywords:
        return _flag(values, site, "required")
    return _is_argument(values, site) and "default" not in keywords


def _is_some(values: Values, site: Site) -> bool:
    """Whether a parameter has a default that is not None, nor a function that may give None."""
    pc = _keywords(values, site).get("default")
    default = values.at(site.file, pc) if pc is not None else NOTHING
    return bool(default) and all(atom[0] in ("constant", "builtin", "box") and atom != NONE for atom in default)


def _converted(values: Values, site: Site) -> Value:
    """One value from the command line, converted by the type, else by that of the default."""
    keywords = _keywords(values, site)
    if "type" in keywords:
        return _typed(values, Site(site.file, keywords["type"]))
    if "default" not in keywords:
        return of(("builtin", "str"))
    kinds = {atom[1] for atom in objects(values.at(site.file, keywords["default"])) if atom[0] == "constant"}
    found = [EITHER if kind == "bool" else of(("builtin", kind)) for kind in kinds & {"str", "int", "float", "bool"}]
    if kinds == {"NoneType"}:
        return of(("builtin", "str"))
    return join(found) if len(found) == len(kinds) == 1 else unknown("an option from the command line", site)


def _typed(values: Values, site: Site) -> Value:
    code = values.index.facts[site.file].code
    callee = Site(site.file, code[site.pc + 5]) if code[site.pc] == ops.CALL else site
    for name in (str(value[1]) for value in values.program.names.static(callee) if value[0] == "external"):
        kind = _TYPES.get(name)
        if kind is not None:
            return EITHER if kind == "bool" else of(("builtin", kind))
        match name.removeprefix("click.").removeprefix("types."):
            case "Choice" if callee != site:
                return _chosen(values, site)
            case "Path" if callee != site:
                return _path(values, site)
            case "File":
                return of(SOMETHING)
            case "DateTime":
                return of(("stub", "datetime.datetime"))
            case "UUID":
                return of(("stub", "uuid.UUID"))
    return unknown("an option from the command line, converted by what is not known", site)


def _chosen(values: Values, site: Site) -> Value:
    """One of the choices, as they are written down."""
    call = arguments(values.index.facts[site.file], site.pc)
    found: list[Value] = []
    for atom in objects(values.at(site.file, call.positional[0][0])) if call.positional else ():
        items = values.containers.display(atom) if atom[0] == "box" else None
        found += items or [unknown("a choice that is not followed", site)]
    chosen = join(found)
    is_text = bool(chosen) and all(atom[0] in ("constant", "builtin") and atom[1] == "str" for atom in chosen)
    return chosen if is_text else unknown("a choice that is not followed", site)


def _path(values: Values, site: Site) -> Value:
    kind = _keywords(values, site).get("path_type")
    if kind is None:
        return of(("builtin", "str"))
    found = values.program.names.static(Site(site.file, kind))
    return of(("stub", "pathlib.Path")) if found == {("external", "pathlib.Path")} else unknown("a kind of path", site)
