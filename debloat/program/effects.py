"""What running a module or a definition does besides binding names, and so what is missed when it no longer runs."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Set
from typing import TYPE_CHECKING, NamedTuple

from debloat.facts import data, ops
from debloat.program.externals import enumerates
from debloat.program.index import Site
from debloat.program.modules import imports, prefixes
from debloat.program.purity import is_pure

if TYPE_CHECKING:
    from debloat.program.program import Program

# Modules of the standard library that are imported for what that does.
DOING = frozenset({"antigravity", "readline", "rlcompleter", "this"})
# Instructions that bind or choose, and do nothing else.
_INERT = frozenset(
    {ops.DECLARE, ops.IF, ops.TRY, ops.EXCEPT, ops.FINALLY, ops.ELSE, ops.END, ops.ANNOTATION, ops.BRANCH}
)


class Effect(NamedTuple):
    """Something that running code may do: ``known`` if it surely does, otherwise it goes to code that cannot be seen."""

    site: Site
    known: bool


def definition_effect(program: Program, scope: int) -> Effect | None:
    """What the statement of a function or class may do besides binding its name; decorators are not looked at."""
    return next(_definition(program, scope), None)


def import_effect(program: Program, dotted: str, loaded: Set[int | str]) -> Effect | str | None:
    """What an import of a module may do, with all that it imports: an effect in the program, or a module from outside.

    The modules ``loaded``, by the numbers of their files or the names of those from outside, have run before.
    """
    seen = {file for file in loaded if isinstance(file, int)}
    waiting = [dotted]
    outside: Effect | str | None = None
    for name in waiting:
        for part in prefixes(name):
            for value in program.names.module(part):
                match value:
                    case ("module", int(file)) if file not in seen:
                        seen.add(file)
                        effect = next(_module(program, file), None)
                        if effect is not None and effect.known:
                            return effect
                        outside = outside or effect
                        waiting += _imported(program, file)
                    case ("external", str(module)):
                        top = module.partition(".")[0]
                        if module not in loaded and top not in sys.stdlib_module_names - DOING:
                            outside = outside or module
                    case ("unknown", *_):
                        outside = outside or name
    return outside


def modules_run(program: Program, dotted: str) -> Iterator[str]:
    """The names of the modules that an import of a module runs, as far as they are the program's, and its own."""
    waiting = [*prefixes(dotted)]
    seen = set(waiting)
    for name in waiting:
        yield name
        for value in program.names.module(name):
            if value[0] == "module":
                new = dict.fromkeys(part for part in _imported(program, value[1]) if part not in seen)
                waiting += new
                seen.update(new)


def loaded_before(program: Program, file: int, imports: Iterable[int]) -> Set[int | str]:
    """The modules that have surely run once some imports of a file have: by number, or by name those from outside.

    A module may be in the middle of its own imports if it leads to the file, unless that is the package around it.
    """
    leads = program.ask(_leading)(file)
    inside = f"{program.files[file].module}." if program.files[file].package else None
    found: set[int | str] = set()
    waiting = [(file, number) for number in imports]
    for importer, number in waiting:
        for dotted in _run_by(program, importer, number):
            for value in program.names.module(dotted):
                if value[0] == "external":
                    found.add(dotted)
                elif value[0] == "module" and value[1] not in found:
                    found.add(value[1])
                    if value[1] not in leads or (inside and program.files[value[1]].module.startswith(inside)):
                        facts = program.facts[value[1]]
                        waiting += [(value[1], at) for at, one in enumerate(facts.imports) if is_certain(one)]
    return found


def is_certain(imported: data.Import) -> bool:
    """Whether an import runs whenever its module does."""
    return imported.scope == 0 and imported.guard == data.PLAIN


def _leading(program: Program) -> Callable[[int], Set[int]]:
    """From a file to the modules whose imports lead to it. A fact for :meth:`Program.ask`."""
    importers: dict[int, list[int]] = {}
    for importer, modules in enumerate(program.ask(imports)):
        for module in modules:
            importers.setdefault(module, []).append(importer)
    known: dict[int, Set[int]] = {}

    def leading(file: int) -> Set[int]:
        if file not in known:
            found = [file]
            seen = {file}
            for module in found:
                new = [other for other in importers.get(module, ()) if other not in seen]
                seen.update(new)
                found += new
            known[file] = seen
        return known[file]

    return leading


def _run_by(program: Program, file: int, number: int) -> Iterator[str]:
    """The modules that an import runs."""
    imported, dotted = program.facts[file].imports[number], program.index.target_module(file, number)
    yield from prefixes(dotted)
    if imported.name and f"{dotted}.{imported.name}" in program.index.modules:
        yield f"{dotted}.{imported.name}"


def _imported(program: Program, file: int) -> Iterator[str]:
    """The modules that running a module imports."""
    fact = program.facts[file]
    for number, imported in enumerate(fact.imports):
        if fact.scopes[imported.scope].kind in (data.MODULE, data.CLASS) and imported.guard != data.TYPE_CHECKING:
            yield from _run_by(program, file, number)


def _module(program: Program, file: int) -> Iterator[Effect]:
    yield from sorted(_body(program, program.index.base[file]), key=lambda effect: not effect.known)


def _body(program: Program, scope: int) -> Iterator[Effect]:
    """The effects of the code of a module or class, what runs only as a script left out."""
    file = program.index.file_of[scope]
    fact = program.facts[file]
    code = fact.code
    record = program.index.scopes[scope]
    outside = {*record.globals, *record.nonlocals} if record.kind == data.CLASS else set()
    depth = 0
    for pc in fact.instructions(scope - program.index.base[file]):
        op = code[pc]
        if depth:
            depth += (op in ops.OPENING) - (op == ops.END)
            continue
        if op == ops.IF and _asks_for_main(fact, code[pc + 5]):
            depth = 1
        elif op in (ops.STORE, ops.EXPR) and _is_of_exports(fact, pc):
            continue
        elif op == ops.STORE and code[pc + 3] in outside:
            yield Effect(Site(file, pc), known=True)
        elif op == ops.STORE:
            yield from _value(program, Site(file, pc), code[pc + 4])
        elif op == ops.ANNOTATION:
            yield from _annotation(program, Site(file, code[pc + 3]))
        elif (op == ops.EXPR and not is_pure(program, Site(file, code[pc + 3]))) or (
            op >= ops.STORE and op not in _INERT and op != ops.EXPR
        ):
            yield Effect(Site(file, pc), known=True)


def _value(program: Program, store: Site, value: int) -> Iterator[Effect]:
    code = program.facts[store.file].code
    if code[value] in (ops.FUNCTION, ops.CLASS):
        scope = program.index.base[store.file] + code[value + 3]
        for decorator in program.analysis.calls.decorator_sites(scope):
            if not program.analysis.calls.transparent(decorator):
                yield Effect(decorator, known=True)
        yield from _definition(program, scope)
    elif code[value] != ops.IMPORTED and not is_pure(program, Site(store.file, value)):
        yield Effect(Site(store.file, value), known=False)


def _definition(program: Program, scope: int) -> Iterator[Effect]:
    record, site = program.index.scopes[scope], program.index.definition(scope)
    for parameter in record.parameters:
        if parameter.default >= 0 and not is_pure(program, Site(site.file, parameter.default)):
            yield Effect(Site(site.file, parameter.default), known=False)
    for value in (record.returns, *(parameter.annotation for parameter in record.parameters)):
        yield from _annotation(program, Site(site.file, value))
    if record.kind == data.CLASS:
        for base in program.hierarchy.order(scope):
            noted = _notes(program, scope, base)
            if noted is not None:
                yield Effect(site, known=noted)
        yield from _body(program, scope)


def _annotation(program: Program, site: Site) -> Iterator[Effect]:
    """The calls in an annotation, which run with the definition unless all annotations of the file are put off."""
    fact = program.facts[site.file]
    if site.pc < 0 or any(one.module == "__future__" and one.name == "annotations" for one in fact.imports):
        return
    if fact.code[site.pc] == ops.CALL:
        if not is_pure(program, site):
            yield Effect(site, known=False)
        return
    for value in ops.values(fact.code, site.pc):
        yield from _annotation(program, Site(site.file, value))


def _notes(program: Program, cls: int, base: int | str) -> bool | None:
    """Whether a base of a class takes notice of the class statement: it does, or may, for it is from outside; None if not."""
    if isinstance(base, str):
        return False if enumerates(base) else None
    if base != cls and program.hierarchy.binds(base, "__init_subclass__"):
        return True
    metaclass = program.hierarchy.keywords(base).get("metaclass")
    if metaclass is None or program.names.static(metaclass) == {("external", "abc.ABCMeta")}:
        return None
    return any(value[0] == "class" for value in program.names.static(metaclass))


def _is_of_exports(fact: data.Facts, pc: int) -> bool:
    """Whether a statement binds ``__all__`` or calls a method of it."""
    code, exports = fact.code, fact.name_index.get("__all__", -1)
    if code[pc] == ops.STORE:
        return code[pc + 3] == exports
    callee = code[code[pc + 3] + 5] if code[code[pc + 3]] == ops.CALL else -1
    return (
        callee >= 0
        and code[callee] == ops.ATTR
        and code[code[callee + 3] : code[callee + 3] + 4 : 3].tolist() == [ops.NAME, exports]
    )


def _asks_for_main(fact: data.Facts, test: int) -> bool:
    code = fact.code
    return (
        code[test] == ops.COMPARE
        and code[code[test + 5]] == ops.NAME
        and fact.names[code[code[test + 5] + 3]] == "__name__"
    )
