"""What production does not need: definitions, variables and modules that nothing live leads to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from debloat.facts import data, ops
from debloat.model import Evidence, Proof, Span
from debloat.program.index import Site
from debloat.program.modules import imported_modules
from debloat.program.purity import is_pure
from debloat.program.queries import code_lines, definitions, receiver_class, world_evidence
from debloat.program.reach import everything, production
from debloat.program.unread import unread_methods

if TYPE_CHECKING:
    from debloat.program.program import Program

_RESTORES = frozenset(
    {
        "pickle.load", "pickle.loads", "pickle.Unpickler", "shelve.open", "dill.load", "dill.loads", "joblib.load",
        "cloudpickle.load", "cloudpickle.loads", "pandas.read_pickle",
    }
)  # fmt: skip

# Bases from outside that look at no attribute of a class but what says that it is abstract.
_BARE = ("abc.ABC", "typing.Generic")


class Dead(NamedTuple):
    """Something dead: its scope, what to call it, what became of it, how many lines it has.

    A variable has a ``name``, and its scope is the one that holds it. ``tested`` says that tests use it, ``pure`` that its
    definition does no more than bind its name. ``shim`` says what it does if that is only to stand in for something else.
    """

    scope: int
    name: str | None
    span: Span
    noun: str
    symbol: str
    fate: str
    lines: int
    tested: bool
    pure: bool
    shim: str | None


def dead(program: Program) -> Sequence[Dead]:
    """All that is dead, what stands inside something dead left out. A fact for :meth:`Program.ask`."""
    return [*_definitions(program), *_variables(program), *_modules(program)]


def dead_items(program: Program) -> Mapping[int | tuple[int, str], Dead]:
    """What is dead by its scope, or by the scope that holds it and its name. A fact for :meth:`Program.ask`."""
    return {found.scope if found.name is None else (found.scope, found.name): found for found in program.ask(dead)}


def dead_evidence(program: Program, found: Dead) -> tuple[Evidence, ...]:
    """What it rests on that something is dead and can go without a trace."""
    if found.pure:
        done = Evidence("purity", Proof.PROVED, found.span, "to define it does no more than bind its name")
    else:
        done = Evidence("purity", Proof.ASSUMED, found.span, "to compute its value is taken to have no effect")
    if found.noun in ("function", "class") and _is_pickled(program, program.index.file_of[found.scope]):
        note = "pickled: objects of its module leave the program, and what is loaded again may name it"
        reached = Evidence("reachability", Proof.UNKNOWN, found.span, note)
    elif found.noun in ("function", "class") and program.ask(_restores) and _is_global(program, found.scope):
        note = "no production root leads to it; that no pickle of former times names it is assumed"
        reached = Evidence("reachability", Proof.ASSUMED, found.span, note)
    elif found.noun == "module" and _may_be_run(program, program.index.file_of[found.scope]):
        note = "no production root leads to it; that nothing runs or loads it by its place is assumed"
        reached = Evidence("reachability", Proof.ASSUMED, found.span, note)
    else:
        note = "no production root leads to it, by name or by flow"
        reached = Evidence("reachability", Proof.PROVED, found.span, note)
    return (
        reached,
        Evidence("callers", Proof.PROVED, found.span, "it is not exported, registered or named in a string"),
        done,
        *world_evidence(program, found.scope),
    )


def _may_be_run(program: Program, file: int) -> bool:
    """Whether somebody may name a module by its path: one in a package with nothing in it does nothing for anybody."""
    return _says_something(program.facts[file]) or "." not in program.files[file].module


def _says_something(fact: data.Facts) -> bool:
    """Whether a module has more than comments and a docstring in it."""
    return bool(fact.code or fact.imports)


def _is_global(program: Program, scope: int) -> bool:
    return program.index.scopes[program.index.parent(scope)].kind == data.MODULE


def _restores(program: Program) -> bool:
    """Whether the program loads pickles, which find what they need by its name. A fact for :meth:`Program.ask`."""
    return any(
        ("external", dotted) in program.names.static(Site(site.file, program.facts[site.file].code[site.pc + 5]))
        for dotted in sorted(_RESTORES)
        for site in program.index.calls_named(dotted.rpartition(".")[2])
    )


def _is_pickled(program: Program, file: int) -> bool:
    """Whether pickles that the program loads may hold objects of a class of the module: unseen code has some."""
    return program.ask(_restores) and any(
        event[0] == "open"
        for scope in program.hierarchy.classes
        if program.index.file_of[scope] == file
        for event in program.analysis.flow(("object", scope))
    )


def _fate(program: Program, holder: int, name: str, tested: bool) -> str:
    if tested:
        return "is only used by tests"
    return "is only used by what is never used" if _is_read(program, holder, name) else "is never used"


def _is_read(program: Program, holder: int, name: str) -> bool:
    """Whether any code reads a name that a module, class or function holds; of what is dead, only dead code does."""
    index = program.index
    if index.scopes[holder].kind == data.CLASS:
        return name in index.attribute_readers
    homes = {holder, *(index.base[file] for file, _ in index.importers.get(name, ()))}
    return any(
        index.resolve(reader, index.facts[index.file_of[reader]].name_index[name]) in homes
        for reader in index.readers.get(name, ())
    )


def _definitions(program: Program) -> Iterator[Dead]:
    live, with_tests = program.ask(production), program.ask(everything)
    found = [
        (scope, with_tests.scope(scope))
        for kind in (data.FUNCTION, data.CLASS)
        for scope in definitions(program, kind)
        if not live.scope(scope) and live.scope(program.index.parent(scope))
    ]
    for scope, tested in (*found, *unread_methods(program)):
        noun = "class" if program.index.scopes[scope].kind == data.CLASS else "function"
        if noun == "function" and program.index.enclosing_class(scope) >= 0:
            noun = "method"
        span = program.index.span(scope)
        target = _deprecated_for(program, scope) if noun == "function" else None
        shim = None if target is None else f"warns and calls {program.index.qualified(target)}"
        name = program.index.qualified(scope)
        fate = _fate(program, program.index.parent(scope), program.index.name(scope), tested)
        yield Dead(scope, None, span, noun, name, fate, code_lines(span), tested, pure=True, shim=shim)


def _deprecated_for(program: Program, scope: int) -> int | None:
    """The function or class of the program that a function calls if to warn is all else it does."""
    file = program.index.file_of[scope]
    fact = program.facts[file]
    code = fact.code
    statements = [pc for pc in fact.instructions(scope - program.index.base[file]) if code[pc] >= ops.STORE]
    if [code[pc] for pc in statements] in ([ops.EXPR, ops.RETURN], [ops.EXPR, ops.EXPR]):
        calls = [code[pc + 3] for pc in statements]
        if all(pc >= 0 and code[pc] == ops.CALL for pc in calls):
            warns, forwards = ([*program.names.static(Site(file, code[pc + 5]))] for pc in calls)
            if warns == [("external", "warnings.warn")] and forwards[0][0] in ("function", "class"):
                return int(forwards[0][1])
    return None


def _variables(program: Program) -> Iterator[Dead]:
    live, with_tests = program.ask(production), program.ask(everything)
    for kind in (data.MODULE, data.CLASS):
        for scope in definitions(program, kind):
            if not live.scope(scope):
                continue
            names = program.facts[program.index.file_of[scope]].names
            for index, stores in program.index.scopes[scope].bound.items():
                name = names[index]
                if not live.reads(scope, name) and _is_constant(program, scope, name, stores):
                    yield _variable(program, scope, name, stores, with_tests.reads(scope, name))


def _variable(program: Program, scope: int, name: str, stores: Sequence[int], tested: bool) -> Dead:
    file = program.index.file_of[scope]
    place = program.index.place(Site(file, stores[0]))
    span = place._replace(end_column=place.column + len(name.encode()))
    lines = max(_end_line(program, Site(file, store)) for store in stores) - span.line + 1
    code = program.facts[file].code
    pure = all(is_pure(program, Site(file, code[store + 4])) for store in stores)
    holder = program.index.qualified(scope)
    fate = _fate(program, scope, name, tested)
    if program.index.scopes[scope].kind == data.CLASS:
        return Dead(scope, name, span, "class attribute", f"{holder}.{name}", fate, lines, tested, pure, shim=None)
    target = alias_of(program, scope, stores)
    shim = None if target is None else f"is another name of {program.index.qualified(target)}"
    noun = "constant" if target is None else "alias"
    return Dead(scope, name, span, noun, f"{holder}:{name}", fate, lines, tested, pure, shim)


def _is_constant(program: Program, scope: int, name: str, stores: Sequence[int]) -> bool:
    """Whether a name is bound by plain assignments in its own scope alone, and of a class, for nobody else to see."""
    record = program.index.scopes[scope]
    code = program.facts[program.index.file_of[scope]].code
    if (
        name == "_"
        or record.flags & data.READS_FRAME
        or (name.startswith("__") and name.endswith("__"))
        or _is_set(program, name, of_class=record.kind == data.CLASS)
    ):
        return False
    plain = all(
        record.start <= at < record.end
        and code[at] == ops.STORE
        and code[at + 5] == ops.PLAIN
        and code[code[at + 4]] != ops.ITEM
        for at in stores
    )
    return plain and len(stores) > 0 and (record.kind == data.MODULE or _is_closed(program, scope, name))


def _is_set(program: Program, name: str, *, of_class: bool) -> bool:
    """Whether code sets an attribute of the name on what may be a module, or for a name of a class on anything."""
    writers = program.index.attribute_writers.get(name, ())
    sites = [site for writer in writers for site in program.index.find(writer, ops.SET_ATTR, 4, name)]
    deleted = any(True for writer in writers for _ in program.index.find(writer, ops.DEL_ATTR, 4, name))
    return deleted or any(of_class or receiver_class(program, site) < 0 for site in sites)


def _is_closed(program: Program, cls: int, name: str) -> bool:
    """Whether only the program's own code looks at the attributes of a class and its objects, each by its name."""
    if next(program.openings.of_variable(cls, name), None) is not None:
        return False
    heirs = [cls, *program.hierarchy.subclasses(cls)]
    for relative in {base for heir in heirs for base in program.hierarchy.order(heir)}:
        if relative in _BARE:
            continue
        if isinstance(relative, str) or program.hierarchy.keywords(relative):
            return False
        if (
            program.openings.first(relative)
            or program.openings.mention(relative)
            or any(True for _ in program.analysis.calls.decorator_sites(relative))
        ):
            return False
    return not any(
        event[0] == "open"
        for heir in heirs
        for kind in ("class", "object")
        for event in program.analysis.flow((kind, heir))
    )


def alias_of(program: Program, scope: int, stores: Sequence[int]) -> int | None:
    """The function or class of the program that a variable is another name of."""
    file = program.index.file_of[scope]
    code = program.facts[file].code
    match [code[store + 4] for store in stores]:
        case [value] if code[value] in (ops.NAME, ops.ATTR):
            match [*program.names.static(Site(file, value))]:
                case [("function" | "class", int(target))]:
                    return target
    return None


def _end_line(program: Program, store: Site) -> int:
    """The last line of what is stored, as far as the facts hold it."""
    code = program.facts[store.file].code

    def end(pc: int) -> int:
        own = code[pc + 3] if code[pc] in (ops.CALL, ops.COMPARE) else code[pc + 1]
        return max([own, *(end(value) for value in ops.values(code, pc))])

    return max(code[store.pc + 1], end(code[store.pc + 4]))


def _modules(program: Program) -> Iterator[Dead]:
    live, with_tests = program.ask(production), program.ask(everything)
    imported = program.ask(imported_modules)
    for scope in definitions(program, data.MODULE):
        file = program.index.file_of[scope]
        fact, source = program.facts[file], program.files[file]
        if not live.scope(scope) and (_says_something(fact) or not source.package):
            tested = with_tests.scope(scope)
            untested = "is only imported by what is never used" if file in imported else "is never imported"
            fate = "is only used by tests" if tested else untested
            shim = "only imports from other modules" if _reexports(program, file) else None
            span = Span(source.path, 1, 0, 1, 0)
            yield Dead(scope, None, span, "module", source.module, fate, fact.lines, tested, pure=True, shim=shim)


def _reexports(program: Program, file: int) -> bool:
    """Whether a module does nothing but import from modules of the program."""
    fact = program.facts[file]
    listed = fact.name_index.get("__all__", -1)
    statements = [pc for pc in fact.instructions(0) if fact.code[pc] >= ops.STORE]
    return (
        len(fact.scopes) == 1
        and len(fact.imports) > 0
        and all(
            fact.code[pc] == ops.STORE and (fact.code[pc + 5] == ops.IMPORT or fact.code[pc + 3] == listed)
            for pc in statements
        )
        and all(
            value[0] in ("module", "package")
            for number in range(len(fact.imports))
            for value in program.names.module(program.index.target_module(file, number))
        )
    )
