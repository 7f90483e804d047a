"""Names in strings: in Python code, in other files of the project, and in names that code computes."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections import defaultdict
from collections.abc import Mapping, Sequence, Set
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from debloat.facts import ops
from debloat.facts.expressions import BINARY
from debloat.program.index import Site

if TYPE_CHECKING:
    from debloat.program.program import Program

_WORD = re.compile(r"[^\W\d]\w*")
_BYTES_WORD = re.compile(rb"[A-Za-z_][A-Za-z0-9_]*")
# Files that people read, by their endings or their customary names
_PROSE = re.compile(
    r"\.(md|markdown)$|(^|/)(readme|changelog|changes|history|news|contributing|license|authors|todo|claude|agents)(\.\w+)?$",
    re.IGNORECASE,
)
# Files that tools read, which find a name of Python by its module
_FOR_TOOLS = re.compile(
    r"\.(ya?ml|toml|ini|cfg|sh|bash|zsh|mk|tf|conf|service)$|(^|/)(makefile|(docker|jenkins|pip|proc)file)[^/]*$",
    re.IGNORECASE,
)
# Files that package managers write: they name packages, and nothing of the project.
_LOCKED = re.compile(r"(^|/)([\w.-]+\.lock|(package|npm)-(lock|shrinkwrap)\.json|pnpm-lock\.yaml)$", re.IGNORECASE)
# What pyproject.toml says of a distribution to people and to package managers, beside which are the names that tools look up.
_TOLD = frozenset(
    "name version description readme requires-python license license-files authors maintainers keywords classifiers urls "
    "dependencies optional-dependencies dynamic".split()
)
# Code in Markdown that is Python, a shell command or configuration.
_FENCED = re.compile(
    rb"^\s*```[ {.]*(py\w*|bash|sh|shell|zsh|console|makefile|dockerfile|ya?ml|toml|ini)\b[^\n]*\n(.*?)^\s*```",
    re.DOTALL | re.MULTILINE | re.IGNORECASE,
)
# A baseline, and a report in JSON, SARIF, for GitLab or as a page: they name what was found, and nobody runs them.
_FINDINGS = re.compile(
    rb'\s*(?:\{\s*"version":[^,]*,\s*"findings":|\{\s*"\$schema":\s*"[^"]*\bsarif\b'
    rb'|\[\s*\{\s*"description":[^\n]*\s*"check_name":|<!doctype html>(?s:.){0,900}?\xc2\xb7 debloat</title>)'
)
_IMPORTED = re.compile(rb"^[ \t>.]*(?:from|import)[ \t]+([A-Za-z_.][A-Za-z0-9_.]*)", re.MULTILINE)
_ADD = BINARY[ast.Add]
_ACCESSORS = ("getattr", "hasattr", "setattr", "delattr", "import_module", "__import__", "attrgetter", "methodcaller")


def mentions(program: Program) -> Mapping[str, int]:
    """The names that strings in Python code hold, each with a file that does."""
    found: dict[str, int] = dict(program.ask(dotted_mentions))
    for number, fact in enumerate(program.facts):
        for text in fact.mentions:
            if not ((dotted := "." in text or ":" in text) and _is_of_library(program, text)):
                for word in _WORD.findall(text) if dotted else [text]:
                    found.setdefault(word, number)
    return found


def dotted_mentions(program: Program) -> Mapping[str, int]:
    """The parts of the dotted names that strings in Python code hold, and the names of an ``__all__`` that code reads.

    What begins with neither a module nor a class of the program finds nothing in it, unless code takes it apart; then what it is
    looked up on is known, or open.
    """
    found: dict[str, int] = {}
    for number in _read_exports(program):
        for name in program.facts[number].exported or ():
            found.setdefault(name, number)
    for number, fact in enumerate(program.facts):
        for text in fact.mentions:
            dotted = "." in text or ":" in text
            if dotted and (_starts_at_home(program, text) or text.startswith("import:")):
                for word in _WORD.findall(text):
                    found.setdefault(word, number)
    return found


def file_mentions(program: Program) -> Set[str]:
    """The names of Python files that strings in Python code hold."""
    return frozenset(text for fact in program.facts for text in fact.mentions if text.endswith(".py"))


def _starts_at_home(program: Program, text: str) -> bool:
    """Whether a dotted name may begin with a module, or the part of one's name, or a class of the program."""
    first = _WORD.match(text)
    home = program.ask(module_words)
    return first is not None and (first[0] in home or first[0] in program.ask(_class_names) or first[0] == "__main__")


def _class_names(program: Program) -> Set[str]:
    return frozenset(program.index.name(cls) for cls in program.hierarchy.classes)


def _is_of_library(program: Program, text: str) -> bool:
    """Whether a dotted name begins with a module of the standard library, and no module of the program is called so."""
    top = _WORD.match(text)
    return top is not None and top[0] in sys.stdlib_module_names and top[0] not in program.ask(module_words)


def _read_exports(program: Program) -> set[int]:
    """The files whose ``__all__`` code reads: its own, or as an attribute of the module."""
    index = program.index
    found = {index.file_of[scope] for scope in index.readers.get("__all__", ())}
    for site in index.attribute_reads("__all__"):
        for value in program.names.static(Site(site.file, index.facts[site.file].code[site.pc + 3])):
            if value[0] not in ("module", "external"):
                return set(range(len(program.files)))
            if value[0] == "module":
                found.add(value[1])
    return found


def text_words(program: Program) -> Mapping[str, Set[str]]:
    """The words of the project's files that are not Python, each with the files that have it."""
    found: dict[str, set[str]] = defaultdict(set)
    for path in program.texts:
        try:
            content = program.tree.read(path)
        except OSError:
            continue  # it names nothing that anybody could read
        if _LOCKED.search(path) or _FINDINGS.match(content):
            continue
        if PurePosixPath(path).name == "pyproject.toml":
            content = _settings(content)
        if _PROSE.search(path):
            content = _code_in(program, content)  # what prose says of a name does not use it
        for word in set(_BYTES_WORD.findall(content)):
            found[word.decode()].add(path)
    return found


def _settings(pyproject: bytes) -> bytes:
    """The part of a pyproject.toml that may name something of the project: entry points, the build backend, settings of tools."""
    try:
        document = tomllib.loads(pyproject.decode())
    except ValueError:
        return pyproject
    project, build = document.pop("project", {}), document.pop("build-system", {})
    document.pop("dependency-groups", None)
    if not isinstance(project, dict) or not isinstance(build, dict):
        return pyproject
    named = {key: value for key, value in project.items() if key not in _TOLD}
    backend = [build.get("build-backend") if "backend-path" in build else None]
    return repr((document, named, backend)).encode()


def is_for_tools(path: str) -> bool:
    """Whether a file is a script, a recipe or settings, or prose with such."""
    return bool(_PROSE.search(path) or _FOR_TOOLS.search(path))


def _code_in(program: Program, prose: bytes) -> bytes:
    """The code in Markdown that may be the project's: Python that imports nothing of it speaks of something else."""
    fenced = _FENCED.findall(prose)
    own = any(
        name.startswith(b".") or name.decode().partition(".")[0] in program.ask(module_words)
        for _, code in fenced
        for name in _IMPORTED.findall(code)
    )
    return b"\n".join(code for language, code in fenced if own or not language.lower().startswith(b"py"))


def module_words(program: Program) -> Set[str]:
    """The parts of the dotted names of the program's modules."""
    return frozenset(word for module in program.index.modules for word in module.split("."))


def name_patterns(program: Program) -> Sequence[tuple[re.Pattern[str], Site]]:
    """Patterns of the names that ``getattr`` and its like read where the name is computed from fixed parts."""
    found: list[tuple[re.Pattern[str], Site]] = []
    index = program.index
    for accessor in _ACCESSORS:
        scopes = {*index.readers.get(accessor, ()), *index.attribute_readers.get(accessor, ())}
        for scope in sorted(scopes):
            file = index.file_of[scope]
            fact = index.facts[file]
            for pc in fact.instructions(scope - index.base[file]):
                if fact.code[pc] == ops.CALL and _is_accessor(program, file, fact.code[pc + 5], accessor):
                    for value in fact.code[pc + 7 : pc + 7 + fact.code[pc + 6]]:
                        pattern = pattern_of(program, file, value)
                        if pattern is not None and re.search(r"\w", pattern.replace(".*", "")):
                            found.append((re.compile(pattern), Site(file, pc)))
    return found


def accessed(program: Program) -> Mapping[str, int]:
    """The names that ``getattr`` and its like are given as they are, each with a file that does so."""
    found: dict[str, int] = {}
    for accessor in _ACCESSORS:
        for site in program.index.calls_named(accessor):
            fact = program.facts[site.file]
            for value in ops.values(fact.code, site.pc):
                kind, text = fact.constants[fact.code[value + 3]] if fact.code[value] == ops.CONST else ("", None)
                if kind == "str" and isinstance(text, str):
                    for word in (text, *_WORD.findall(text)):
                        found.setdefault(word, site.file)
    return found


def _is_accessor(program: Program, file: int, callee: int, name: str) -> bool:
    fact = program.facts[file]
    operand = {ops.NAME: 3, ops.ATTR: 4}.get(fact.code[callee])
    return operand is not None and fact.names[fact.code[callee + operand]] == name


def pattern_of(program: Program, file: int, value: int) -> str | None:
    """The pattern of an f-string or concatenation; None for anything else."""
    fact = program.facts[file]
    code = fact.code
    match code[value]:
        case ops.FSTRING:
            return "".join(_part(program, file, part) for part in code[value + 4 : value + 4 + code[value + 3]])
        case ops.BINARY if code[value + 3] == _ADD:
            return "".join(_part(program, file, part) for part in code[value + 4 : value + 6])
    return None


def _part(program: Program, file: int, value: int) -> str:
    fact = program.facts[file]
    if fact.code[value] == ops.CONST:
        kind, text = fact.constants[fact.code[value + 3]]
        return re.escape(text) if kind == "str" and isinstance(text, str) else ".*"
    return pattern_of(program, file, value) or ".*"
