"""Functions that take the place of a class: what they are called, and how the files that used the class import them."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from typing import TYPE_CHECKING

from debloat.facts import data
from debloat.model import RefusedError
from debloat.program.index import Site
from debloat.program.names import BUILTINS
from debloat.program.references import references
from debloat.refactor import imports
from debloat.refactor.drafts import Drafts
from debloat.refactor.imports import Wanted, module_name
from debloat.refactor.renaming import unlist

if TYPE_CHECKING:
    from debloat.program import Program

# What classes are called for what they do, not for what they are about; with the verb for it if there is one.
_AGENTS: Mapping[str, str] = {
    "analyzer": "analyze", "builder": "build", "calculator": "calculate", "client": "", "controller": "", "converter": "convert",
    "creator": "create", "engine": "", "executor": "execute", "exporter": "export", "factory": "create", "formatter": "format",
    "generator": "generate", "handler": "handle", "helper": "", "helpers": "", "importer": "import", "loader": "load",
    "maker": "make", "manager": "", "parser": "parse", "processor": "process", "provider": "", "reader": "read",
    "renderer": "render", "resolver": "resolve", "runner": "run", "service": "", "tool": "", "tools": "", "util": "", "utils": "",
    "validator": "validate", "writer": "write",
}  # fmt: skip
# Methods that are called for nothing but that something is done.
_VAGUE = frozenset(
    {"run", "execute", "process", "perform", "do", "call", "invoke", "apply", "handle", "start", "go", "main"}
)


def mangled(cls: str) -> str:
    """What a private name of a class begins with outside of it."""
    return f"_{cls.lstrip('_')}__"


def called(cls: str, method: str) -> Iterator[str]:
    """The names that a method may get: ``run`` of ``PriceCalculator`` is ``calculate_price`` rather than ``run``."""
    plain = method.replace(mangled(cls), "_", 1)
    words = [word.lower() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+", cls)]
    about = words[:-1] if words[-1] in _AGENTS or words[-1][:4] == plain[:4] else words
    verb = _AGENTS.get(words[-1]) if plain in _VAGUE else None
    longer = "_".join([verb or plain, *(about or words)])
    vague = "_" not in plain and 0 < len(about) < len(words)
    yield from (longer, plain) if vague or plain in _VAGUE else (plain, longer)


def free_name(program: Program, cls: int, candidates: Iterable[str], uses: Sequence[Site], taken: Iterable[str]) -> str:
    """The first name that means nothing yet where a class stands and where it is to be used. Raises RefusedError."""
    modules = {program.index.base[file] for file in {program.index.file_of[cls], *(site.file for site in uses)}}
    scopes = {*modules, *(scope for site in uses for scope in around(program, site))}
    names = [*candidates]
    for name in names:
        bound = any(_binds(program, scope, name) for scope in scopes)
        read = any(_reads(program, program.index.file_of[module], name) for module in modules)
        if not (bound or read or name in BUILTINS or keyword.iskeyword(name) or name in taken):
            return name
    raise RefusedError(f"name taken: nothing new can be called {names[0]} everywhere")


def around(program: Program, site: Site) -> Iterator[int]:
    """The scopes whose names a place sees."""
    scope = program.index.scope_at(site)
    yield scope
    while (scope := program.index.parent(scope)) >= 0:
        if program.index.scopes[scope].kind != data.CLASS:
            yield scope


def _binds(program: Program, scope: int, name: str) -> bool:
    fact = program.facts[program.index.file_of[scope]]
    return fact.name_index.get(name, -1) in program.index.scopes[scope].bound


def _reads(program: Program, file: int, name: str) -> bool:
    """Whether a file reads a name, which a star import may give it."""
    fact = program.facts[file]
    number, base = fact.name_index.get(name, -1), program.index.base[file]
    return any(
        number in record.loads and program.index.resolve(base + local, number) in (-1, base)
        for local, record in enumerate(fact.scopes)
    )


def reimport(
    program: Program,
    drafts: Drafts,
    cls: int,
    used: Mapping[int, Set[str]],
    carrying: Set[tuple[int, int]],
    variables: Mapping[int, Set[str]],
) -> None:
    """Have each file import the functions it uses in the place of a class and of ``carrying`` imports of its objects.

    ``variables`` are, by file, those that go with the class. Raises RefusedError where the class is still named.
    """
    name, home = program.index.name(cls), program.index.file_of[cls]
    gone = {*references(program, cls).imports, *carrying}
    for file in sorted({file for file, _ in gone} | used.keys() | variables.keys() | {home}):
        path, fact = program.files[file].path, program.facts[file]
        records = [fact.imports[number] for importer, number in sorted(gone) if importer == file]
        if any(record.scope or record.guard not in (data.PLAIN, data.TYPE_CHECKING) for record in records):
            raise RefusedError(f"local import: {path} imports it in a function or on a condition")
        if file != home and used.get(file):
            written = module_name(program, file, home, relative=any(imported.level for imported in fact.imports))
            if imports.closes_cycle(program, file, home, gone):
                raise RefusedError(f"import cycle: {path} cannot import from {written}")
            for function in sorted(used[file]):
                drafts.add(path, Wanted(written, function, typing=False))
        bound = {record.bound for record in records}
        drafts.put(path, imports.without(drafts.text(path), bound))
        for listed in {name, *bound, *variables.get(file, ())}:
            unlist(drafts, path, listed, bound=False)
        if name in imports.uses(drafts.text(path)) and (file == home or records):
            raise RefusedError(f"still named: {path} names {name} for more than its methods")
