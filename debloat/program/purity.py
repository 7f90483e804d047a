"""Expressions whose evaluation nobody misses, as those are that modules and classes bind names to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from debloat.facts import ops
from debloat.program.constants import fixed
from debloat.program.externals import SILENT
from debloat.program.index import Site
from debloat.program.quiet import is_quiet

if TYPE_CHECKING:
    from debloat.program.program import Program

# What to evaluate has no effect if its parts have none.
_PURE = frozenset(
    {
        ops.CONST, ops.NAME, ops.SEQUENCE, ops.DICT, ops.LAMBDA, ops.SLICE, ops.BOOL, ops.BRANCH, ops.CONDITIONAL,
        ops.ANNOTATION,
    }
)  # fmt: skip
# What calls special methods of its operands, which none of ours must have.
_OPERATIONS = frozenset({ops.UNARY, ops.BINARY, ops.FSTRING, ops.COMPARE})
_ASKING = frozenset(
    f"<builtin>.{name}" for name in ("frozenset", "set", "tuple", "list", "dict", "range", "float", "int", "str")
)
# Methods of paths that change nothing.
_OF_PATHS = frozenset(
    "absolute as_posix exists expanduser is_dir is_file joinpath relative_to resolve with_name with_stem with_suffix".split()
)


def is_pure(program: Program, site: Site) -> bool:
    """Whether to evaluate an expression has no effect; that it does not raise, each start of the program shows."""
    fact = program.facts[site.file]
    code = fact.code

    def method_of_own(pc: int) -> bool:
        """Whether a callee is a method of a literal string, or of a path that is made there."""
        if code[pc] != ops.ATTR:
            return False
        text = code[code[pc + 3]] == ops.CONST and fact.constants[code[code[pc + 3] + 3]][0] == "str"
        return text or (fact.names[code[pc + 4]] in _OF_PATHS and _is_path(program, Site(site.file, code[pc + 3])))

    def pure(pc: int) -> bool:
        here = Site(site.file, pc)
        if code[pc] == ops.ATTR:
            known = all(value[0] in ("function", "class", "external") for value in program.names.static(here))
            return known or (_is_path(program, Site(site.file, code[pc + 3])) and pure(code[pc + 3]))
        if code[pc] == ops.SUBSCRIPT:  # of a generic type
            generic = program.names.static(Site(site.file, code[pc + 3]))
            return pure(code[pc + 4]) and all(_is_generic(value) for value in generic)
        if code[pc] == ops.CALL:
            if method_of_own(code[pc + 5]):
                given = [value for value in ops.values(code, pc) if value != code[pc + 5]]
                return all(map(pure, (code[code[pc + 5] + 3], *given)))
            called = {
                value[1] if value[0] == "external" else ""
                for value in program.names.static(Site(site.file, code[pc + 5]))
            }
            given = [value for value in ops.values(code, pc) if value != code[pc + 5]]
            asked = all(is_plain(program, Site(site.file, value)) for value in given)
            known = called <= SILENT | _ASKING and (asked or called.isdisjoint(_ASKING))
            return (known or is_quiet(program, here)) and all(map(pure, given))
        parts = ops.values(code, pc)
        if code[pc] in _OPERATIONS:
            return all(pure(part) and is_plain(program, Site(site.file, part)) for part in parts)
        return code[pc] in _PURE and all(map(pure, parts))

    return pure(site.pc)


def _is_path(program: Program, site: Site) -> bool:
    """Whether an expression is a path, or another one that is got from it."""
    code, pc = program.facts[site.file].code, site.pc
    while code[pc] in (ops.ATTR, ops.CALL):
        callee = code[pc + 5] if code[pc] == ops.CALL else code[pc + 3]
        if code[pc] == ops.CALL and program.names.static(Site(site.file, callee)) == {("external", "pathlib.Path")}:
            return True
        pc = callee
    return False


def _is_generic(value: tuple[object, ...]) -> bool:
    return value[0] == "external" and str(value[1]).startswith(("typing.", "<builtin>.", "collections.abc."))


def is_plain(program: Program, site: Site, seen: frozenset[Site] = frozenset()) -> bool:
    """Whether what an expression gives is a constant, a display, a type or what is computed of such."""
    fact = program.facts[site.file]
    code = fact.code
    match code[site.pc]:
        case ops.NAME if site not in seen:
            if fixed(program, site) is not None:
                return True
            scope = program.index.home(site)
            stores = program.index.scopes[scope].bound[code[site.pc + 3]] if scope >= 0 else []
            values = [
                code[store + 4] if code[store] == ops.STORE and code[store + 5] == ops.PLAIN else -1 for store in stores
            ]
            return bool(values) and all(
                value >= 0
                and is_plain(program, Site(site.file, value), seen | {site})
                and is_pure(program, Site(site.file, value))
                for value in values
            )
        case ops.ATTR:
            known = all(value[0] in ("function", "class", "external") for value in program.names.static(site))
            return known or _is_path(program, site)
        case ops.STAR | ops.BRANCH | ops.SLICE:
            return all(is_plain(program, Site(site.file, value), seen) for value in ops.values(code, site.pc))
        case ops.CALL | ops.CONST | ops.SEQUENCE | ops.DICT | ops.LAMBDA | ops.FSTRING | ops.BINARY | ops.UNARY:
            return True  # if evaluating it is pure, it is of what is known
    return False
