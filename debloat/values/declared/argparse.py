"""What a parser of ``argparse`` puts into the attributes of the namespace that it gives.

A parser is an object that is followed wherever it goes: ``("parser", file, pc)``, the call that makes it. What it gives is
``("parsed", file, pc, parser)``, the call of ``parse_args``. All that an argument may ever give is joined over the parser and
its sub-parsers, so which of them was chosen does not matter.

Source: https://docs.python.org/3/library/argparse.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from debloat.facts import ops
from debloat.program.binding import arguments
from debloat.program.index import Site
from debloat.program.queries import callers, constant
from debloat.program.reasons import TO_PARSER
from debloat.values import stubs
from debloat.values.domain import EITHER, NONE, SOMETHING, Atom, Value, join, objects, of, unknown

if TYPE_CHECKING:
    from debloat.values.analysis import Values

PARSER = "argparse.ArgumentParser"
# Methods whose results declare arguments of the same parser, or of a sub-parser.
_MAKING = frozenset({"add_argument_group", "add_mutually_exclusive_group", "add_subparsers", "add_parser"})
# Methods and attributes that declare nothing.
_TEXTS = frozenset({"prog", "description", "epilog", "usage", "title", "formatter_class", "choices", "required"})
_QUIET = _TEXTS | {
    "parse_args", "parse_known_args", "print_help", "print_usage", "format_help", "format_usage", "error", "exit",
    "get_default",
}  # fmt: skip
# Keywords of parsers, groups and add_argument that leave alone what an argument gives.
_MAKER_KEYWORDS = frozenset(
    {
        "prog", "usage", "description", "epilog", "formatter_class", "add_help", "allow_abbrev", "exit_on_error",
        "fromfile_prefix_chars", "conflict_handler", "title", "help", "metavar", "required", "dest", "parents", "aliases",
        "suggest_on_error", "color",
    }
)  # fmt: skip
_ARGUMENT_KEYWORDS = frozenset(
    {"action", "nargs", "const", "default", "type", "choices", "required", "help", "metavar", "dest", "deprecated"}
)
_NOTHING_STORED = frozenset({"help", "version"})
_READING = frozenset({"get", "items", "keys", "values", "copy"})


def of_parser(name: str, parser: Atom, site: Site) -> Value:
    """What an attribute of a parser is: one of its methods, or what it was made with."""
    return of(("parsing", name, parser)) if name not in _TEXTS else unknown(f"the {name} of a parser", site)


def result(name: str, parser: Atom, site: Site, values: Values) -> Value:
    """What a method of a parser gives."""
    given = arguments(values.index.facts[site.file], site.pc)
    if (
        name == "parse_args"
        and len(given.positional) < 2
        and not {None, "namespace"} & {key for key, _ in given.keywords}
    ):
        return of(("parsed", *site, parser))
    return stubs.returns(f"{PARSER}.{name}") or unknown(f"the result of {PARSER}.{name} from outside", site)


def attribute(values: Values, parsed: Atom, name: str) -> Value:
    """What an attribute of a namespace can be at any time."""
    _, file, pc, parser = parsed
    found: list[Value] = []
    for atom in sorted(values.read(("declares", *parser[1:])), key=str):
        site = Site(*atom[-2:])
        match atom[0]:
            case "opened":
                return unknown(f"a parser that unseen code may change: {atom[1]}", site)
            case "argument":
                found += _argument(values, site, name)
            case "defaults":
                found += [values.at(site.file, value) for key, value in _keywords(values, site).items() if key == name]
            case "choice" if _text(values, site, _keywords(values, site).get("dest")) == name:
                found.append(_commands(values, site))
                if not _is_true(values, site, _keywords(values, site).get("required")):
                    found.append(of(NONE))
    if not found:
        return unknown(f"{name} of a parser that does not declare it", Site(file, pc))
    return join([*found, *_later(values, Site(file, pc), name)])


def _commands(values: Values, site: Site) -> Value:
    """What the name of a sub-parser can be: those that are added to what ``add_subparsers`` gives at a site, as they are told there."""
    names: set[str | None] = set()
    for event in values.program.analysis.flow(("made", *site)):
        match event:
            case ("read", int(file), int(pc), "add_parser"):
                fact = values.index.facts[file]
                for user in fact.consumers(values.index.scope_at(Site(file, pc)) - values.index.base[file]).get(pc, ()):
                    added = Site(file, user)
                    names.update(_strings(values, added)[:1] if "aliases" not in _keywords(values, added) else [None])
            case ("read", _, _, str(name)) if name in _QUIET:
                pass
            case _:
                names.add(None)
    if None in names:
        return of(("builtin", "str"))
    return of(*(("constant", "str", name) for name in names))


def places(values: Values, parsed: Atom, name: str) -> Iterator[Site]:
    """Where an attribute of a namespace is declared."""
    for atom in sorted(values.solver.solve(("declares", *parsed[3][1:])), key=str):
        if atom[0] == "argument" and _dest(values, Site(*atom[-2:])) == name:
            yield Site(*atom[-2:])


def is_there(values: Values, parsed: Atom, name: str, asked: Site) -> bool:
    """Whether a namespace surely has an attribute where it is asked for.

    Its parser declares it itself, on the one way to the call that gives the namespace; or the sub-parser does that is told to have
    the function called in which it is asked for.
    """
    _, file, pc, parser = parsed
    events = values.program.analysis.flow(("made", file, pc))
    if any(
        event[0] == "open" or (event[0] == "write" and event[3] == name and _deletes(values, event)) for event in events
    ):
        return False
    declared = list(places(values, parsed, name))
    if any(_comes_first(values, site, Site(*parser[1:]), Site(file, pc)) for site in declared):
        return True
    return any(
        (chosen := _maker(values, site)) is not None
        and _comes_first(values, site, chosen, Site(file, pc))
        and _is_called_by(values, asked, chosen)
        for site in declared
    )


def _maker(values: Values, method: Site) -> Site | None:
    """The ``add_parser`` that gives the sub-parser of which a method is called, where one variable holds that and nothing else."""
    index = values.index
    code = index.facts[method.file].code
    base = code[code[method.pc + 5] + 3]
    scope = index.scope_at(method)
    stores = index.scopes[scope].bound.get(code[base + 3], ()) if code[base] == ops.NAME else ()
    if len(stores) != 1 or code[stores[0]] != ops.STORE or code[code[stores[0] + 4]] != ops.CALL:
        return None
    made = Site(method.file, code[stores[0] + 4])
    return made if made in index.calls_named("add_parser") else None


def _is_called_by(values: Values, asked: Site, chosen: Site) -> bool:
    """Whether the function in which its parameter is asked is only called as ``args.func(args)``, and only a sub-parser says so."""
    index = values.index
    scope = index.scope_at(asked)
    code = index.facts[asked.file].code
    subject = code[asked.pc + 7] if code[asked.pc] == ops.CALL and code[asked.pc + 6] else -1
    record = index.scopes[scope]
    plain = subject >= 0 and code[subject] == ops.NAME and not record.bound.get(code[subject + 3])
    if not plain or not record.parameters or record.parameters[0].name != code[subject + 3]:
        return False
    found = callers(values.program, scope, if_closed=True)
    keys = {_dispatched(values, call.site) for call in found.calls}
    if found.openings or len(keys) != 1 or (key := keys.pop()) is None or index.attribute_writers.get(key):
        return False
    told = [
        site
        for site in index.calls_named("set_defaults")
        for name, value in arguments(index.facts[site.file], site.pc).keywords
        if name is None or (name == key and _may_be(values.at(site.file, value), scope))
    ]
    return bool(told) and all(_maker(values, site) == chosen for site in told)


def _may_be(value: Value, scope: int) -> bool:
    """Whether a value may be a function: it is no other one."""
    return not value or any(atom[0] != "function" or atom[1] == scope for atom in value)


def _dispatched(values: Values, call: Site) -> str | None:
    """The attribute of a variable that a call calls with that variable alone, as in ``args.func(args)``."""
    fact = values.index.facts[call.file]
    code = fact.code
    callee = code[call.pc + 5]
    given = arguments(fact, call.pc)
    if code[callee] != ops.ATTR or len(given.positional) != 1 or given.keywords:
        return None
    same = code[code[callee + 3]] == code[given.positional[0][0]] == ops.NAME
    name = fact.names[code[callee + 4]]
    return name if same and code[code[callee + 3] + 3] == code[given.positional[0][0] + 3] else None


def _deletes(values: Values, event: Atom) -> bool:
    return values.index.facts[event[1]].code[event[2]] == ops.DEL_ATTR


def _comes_first(values: Values, added: Site, made: Site, parse: Site) -> bool:
    """Whether an argument is added to the very parser, in the function that makes it, before anybody else gets that."""
    index = values.index
    fact = index.facts[made.file]
    scope = index.scope_at(made)
    local = scope - index.base[made.file]
    if added.file != made.file or index.scope_at(added) != scope or _is_suppressed(values, added):
        return False
    if any(start < at.pc < end for start, end in fact.blocks(local) for at in (added, made)):
        return False
    if index.scope_at(parse) == scope and parse.pc < added.pc:
        return False
    names = [fact.code[user + 3] for user in fact.consumers(local).get(made.pc, ()) if fact.code[user] == ops.STORE]
    callee = fact.code[added.pc + 5]
    base = fact.code[callee + 3]
    if len(names) != 1 or fact.code[base : base + 4 : 3].tolist() != [ops.NAME, names[0]]:
        return False
    between = [
        at
        for at in ops.instructions(fact.code, made.pc, added.pc)
        if fact.code[at] == ops.NAME and fact.code[at + 3] == names[0]
    ]
    users = [user for at in between for user in fact.consumers(local).get(at, ())]
    returns = any(fact.code[at] == ops.RETURN for at in ops.instructions(fact.code, made.pc, added.pc))
    return not returns and all(fact.code[user] == ops.ATTR for user in users)


# What is declared: the node ("declares", file, pc)


def declares(values: Values, file: int, pc: int) -> Value:
    """All that is said to a parser, its groups, its parents and its sub-parsers, or the way by which more may be said."""
    found: set[Atom] = set()
    waiting = [Site(file, pc)]
    seen = set(waiting)
    while waiting:
        maker = waiting.pop()
        for atom in _declared(values, maker):
            if atom[0] != "made":
                found.add(atom)
            elif Site(*atom[1:]) not in seen:
                seen.add(Site(*atom[1:]))
                waiting.append(Site(*atom[1:]))
    return frozenset(found)


def _declared(values: Values, maker: Site) -> Iterator[Atom]:
    """What is declared through the object that one call makes; ("made", file, pc) for a call that makes another."""
    keywords = _keywords(values, maker)
    if not keywords.keys() <= _MAKER_KEYWORDS:
        yield "opened", "it is made with arguments that are not followed", *maker
    if "parents" in keywords:
        yield from _parents(values, Site(maker.file, keywords["parents"]))
    for event in values.program.analysis.flow(("made", *maker)):
        match event:
            case ("read", int(file), int(pc), str(name)):
                yield from _used(values, Site(file, pc), name)
            case ("write", int(file), int(pc), str(name)) if name not in _QUIET - {"required", "choices"}:
                yield "opened", f"its {name} is set", file, pc
            case ("open", str(reason), int(file), int(pc)) if not reason.startswith(TO_PARSER):
                yield "opened", reason, file, pc


def _parents(values: Values, site: Site) -> Iterator[Atom]:
    """The parsers whose arguments a parser takes over."""
    for atom in objects(values.at(*site)):
        for item in (values.containers.display(atom) if atom[0] == "box" else None) or [unknown("", site)]:
            for parent in objects(item):
                if parent[0] == "parser":
                    yield "made", *parent[1:]
                else:
                    yield "opened", "its parents are not known", *site


def _used(values: Values, read: Site, name: str) -> Iterator[Atom]:
    fact = values.index.facts[read.file]
    users = fact.consumers(values.index.scope_at(read) - values.index.base[read.file]).get(read.pc, ())
    called = fact.code[read.pc] == ops.ATTR and all(
        fact.code[user] == ops.CALL and fact.code[user + 5] == read.pc for user in users
    )
    if name in _QUIET:
        return
    if not called or name not in _MAKING | {"add_argument", "set_defaults"}:
        yield "opened", f"{name} of it is used", *read
        return
    for user in users:
        site = Site(read.file, user)
        known = _keywords(values, site)
        if None in known or any(star for _, star in arguments(fact, user).positional):
            yield "opened", "unpacked arguments declare what is not seen", *site
        if name in _MAKING:
            yield "made", *site
        if name == "add_subparsers":
            yield "choice", *site
        elif name == "set_defaults":
            yield "defaults", *site
        elif name == "add_argument":
            yield from _added(values, site)


def _added(values: Values, site: Site) -> Iterator[Atom]:
    """One argument, unless it may store what nobody sees: by an action of the program, or changed once it is there."""
    fact = values.index.facts[site.file]
    keywords = _keywords(values, site)
    users = fact.consumers(values.index.scope_at(site) - values.index.base[site.file]).get(site.pc, ())
    action = keywords.get("action")
    if action is not None and not _action(values, site, action):
        yield "opened", "an action of its own", *site
    elif _dest(values, site) is None or not keywords.keys() <= _ARGUMENT_KEYWORDS | {"version"}:
        yield "opened", "an argument that is not followed", *site
    elif any(fact.code[user] != ops.EXPR for user in users):
        yield "opened", "an argument is kept and may be changed", *site
    else:
        yield "argument", *site


def _keywords(values: Values, site: Site) -> Mapping[Any, int]:
    return dict(arguments(values.index.facts[site.file], site.pc).keywords)


def _text(values: Values, site: Site, pc: int | None) -> str | None:
    found = constant(values.program, Site(site.file, pc)) if pc is not None else None
    return str(found[1]) if found and found[0] == "str" else None


def _is_true(values: Values, site: Site, pc: int | None) -> bool:
    return pc is not None and constant(values.program, Site(site.file, pc)) == ("bool", True)


def _action(values: Values, site: Site, pc: int) -> str:
    """The name of one of the library's own actions; empty for any other."""
    if values.program.names.static(Site(site.file, pc)) == {("external", "argparse.BooleanOptionalAction")}:
        return "boolean"
    return _text(values, site, pc) or ""


# What one argument gives


def _strings(values: Values, site: Site) -> list[str | None]:
    given = arguments(values.index.facts[site.file], site.pc).positional
    return [_text(values, site, value) for value, _ in given]


def _dest(values: Values, site: Site) -> str | None:
    """The attribute that an argument sets ("name or flags", "dest"); None where that is not known."""
    strings = _strings(values, site)
    keywords = _keywords(values, site)
    if "dest" in keywords:
        return _text(values, site, keywords["dest"])
    if not strings or None in strings:
        return None
    options = [text for text in strings if text and text.startswith("-")]
    if not options:
        return strings[0]
    chosen = next((text for text in options if text.startswith("--")), options[0])
    return chosen.lstrip("-").replace("-", "_")


def _argument(values: Values, site: Site, name: str) -> Iterator[Value]:
    if _dest(values, site) != name:
        return
    keywords = _keywords(values, site)
    action = _action(values, site, keywords["action"]) if "action" in keywords else "store"
    if action in _NOTHING_STORED:
        return
    yield _stored(values, site, action, keywords)
    if not _is_needed(values, site, keywords):
        yield _default(values, site, action, keywords)


def _is_needed(values: Values, site: Site, keywords: Mapping[Any, int]) -> bool:
    """Whether parsing fails where an argument is missing, so that its default is never used."""
    if "required" in keywords:
        return _is_true(values, site, keywords["required"])
    positional = all(text is not None and not text.startswith("-") for text in _strings(values, site))
    if not positional or not _strings(values, site) or "action" in keywords:
        return False
    return "nargs" not in keywords or _nargs(values, site, keywords) in ("+", "int")


def _nargs(values: Values, site: Site, keywords: Mapping[Any, int]) -> str:
    found = constant(values.program, Site(site.file, keywords["nargs"]))
    return "" if found is None else "int" if found[0] == "int" else str(found[1])


def _stored(values: Values, site: Site, action: str, keywords: Mapping[Any, int]) -> Value:
    """What is stored where the argument is given."""
    nargs = _nargs(values, site, keywords) if "nargs" in keywords else ""
    match action:
        case "store_true" | "store_false" | "boolean":
            return EITHER
        case "store_const" if "const" in keywords:
            return values.at(site.file, keywords["const"])
        case "store_const":
            return of(NONE)
        case "append" | "extend" | "append_const":
            return of(("builtin", "list"))
        case "count":
            return of(("builtin", "int"))
        case "store" if "nargs" not in keywords:
            return _converted(values, site, keywords)
        case "store" if nargs == "?":
            return join([_converted(values, site, keywords), _or_none(values, site, keywords.get("const"), keywords)])
        case "store" if nargs in ("*", "+", "int"):
            return of(("builtin", "list"))
    return unknown("an argument from the command line", site)


def _default(values: Values, site: Site, action: str, keywords: Mapping[Any, int]) -> Value:
    """What is stored where the argument is left out."""
    default = keywords.get("default")
    if action in ("store_true", "store_false") and default is None:
        return EITHER
    if _is_suppressed(values, site):
        return frozenset()
    positional = all(text is not None and not text.startswith("-") for text in _strings(values, site))
    if default is None and positional and "nargs" in keywords and _nargs(values, site, keywords) == "*":
        return of(("builtin", "list"))
    return _or_none(values, site, default, keywords)


def _is_suppressed(values: Values, site: Site) -> bool:
    """Whether an argument that is left out sets no attribute."""
    default = _keywords(values, site).get("default")
    if default is None:
        return False
    found = values.program.names.static(Site(site.file, default))
    return found == {("external", "argparse.SUPPRESS")} or _text(values, site, default) == "==SUPPRESS=="


def _or_none(values: Values, site: Site, pc: int | None, keywords: Mapping[Any, int]) -> Value:
    """A default or const, None where there is none; a text is converted like one from the command line."""
    if pc is None:
        return of(NONE)
    value = values.at(site.file, pc)
    if "type" not in keywords:
        return value
    kinds = {values.types.builtin(atom) for atom in objects(value)}
    if str not in kinds and None not in kinds:
        return value
    others = frozenset(atom for atom in value if values.types.builtin(atom) is not str)
    return join([others, _typed(values, site, keywords)])


def _converted(values: Values, site: Site, keywords: Mapping[Any, int]) -> Value:
    """One text from the command line, converted by the type and checked against the choices."""
    kinds = _typed(values, site, keywords)
    chosen = _choices(values, site, keywords)
    same = chosen and {values.types.builtin(atom) for atom in chosen} == {values.types.builtin(atom) for atom in kinds}
    return chosen if same else kinds


def _typed(values: Values, site: Site, keywords: Mapping[Any, int]) -> Value:
    kind = keywords.get("type")
    found: list[Value] = [of(("builtin", "str"))] if kind is None else []
    for atom in objects(values.at(site.file, kind)) if kind is not None else ():
        match atom:
            case ("external", "<builtin>.bool"):
                found.append(EITHER)
            case ("external", "<builtin>.str" | "<builtin>.int" | "<builtin>.float" | "<builtin>.complex" as name):
                found.append(of(("builtin", name.removeprefix("<builtin>."))))
            case ("external", str(dotted)) if stubs.kind(dotted) == "class" and not dotted.startswith("<builtin>."):
                found.append(of(("stub", dotted)))
            case ("function" | "class", int()):
                found.append(values.calls.result_of(of(atom), site))
            case ("stub", "argparse.FileType", *_):
                found.append(of(SOMETHING))
            case _:
                found.append(unknown("an argument from the command line, converted by what is not known", site))
    return join(found)


def _choices(values: Values, site: Site, keywords: Mapping[Any, int]) -> Value:
    """The constants that an argument is one of; nothing where they are not known."""
    found: list[Value] = []
    for atom in objects(values.at(site.file, keywords["choices"])) if "choices" in keywords else ():
        items = values.containers.display(atom) if atom[0] == "box" else None
        if items is None or not all(_is_reading(event) for event in values.containers.events(atom)):
            return frozenset()
        found += items
    chosen = join(found)
    return chosen if all(atom[0] == "constant" for atom in chosen) else frozenset()


def _is_reading(event: Atom) -> bool:
    return event[0] == "read" or (event[0] == "open" and str(event[1]).startswith(TO_PARSER))


# What becomes of a namespace


def _later(values: Values, site: Site, name: str) -> Iterator[Value]:
    """What is put into an attribute of a namespace once it is there."""
    for event in sorted(values.program.analysis.flow(("made", *site)), key=str):
        match event:
            case ("write", int(file), int(pc), str(written)) if written == name:
                fact = values.index.facts[file]
                if fact.code[pc] == ops.SET_ATTR:
                    yield values.at(file, fact.code[pc + 5])
            case ("read", int(file), int(pc), str(read)) if read == name and _sets(values, Site(file, pc)):
                yield unknown("set by its name in a string", Site(file, pc))
            case ("open", "passed to vars", int(file), int(pc)) if _only_read(values, Site(file, pc)):
                continue
            case ("open", str(reason), int(file), int(pc)):
                if not reason.startswith("passed to ") or "unknown" in reason or reason == "passed to vars":
                    yield unknown(f"arguments that unseen code may change: {reason}", Site(file, pc))
                else:
                    yield of(("assumed", f"library code does not change the arguments that it is given ({reason})"))


def _sets(values: Values, site: Site) -> bool:
    """Whether an attribute that is named by a string is set, not read."""
    fact = values.index.facts[site.file]
    callee = fact.code[site.pc + 5] if fact.code[site.pc] == ops.CALL else -1
    return callee >= 0 and fact.code[callee] == ops.NAME and fact.names[fact.code[callee + 3]] == "setattr"


def _only_read(values: Values, site: Site) -> bool:
    """Whether nobody keeps what ``vars`` gives: it is unpacked, subscripted or asked for a copy."""
    fact = values.index.facts[site.file]
    users = fact.consumers(values.index.scope_at(site) - values.index.base[site.file]).get(site.pc, ())
    for user in users:
        match fact.code[user]:
            case ops.CALL if (None, site.pc) in arguments(fact, user).keywords:
                continue
            case ops.SUBSCRIPT if fact.code[user + 3] == site.pc:
                continue
            case ops.ATTR if fact.names[fact.code[user + 4]] in _READING:
                continue
        return False
    return True
