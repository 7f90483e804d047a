"""Methods that do no more than the ones they override."""

from __future__ import annotations

import builtins
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from debloat.facts import data, ops
from debloat.program.binding import arguments, bind
from debloat.program.constants import default_value
from debloat.program.forwarding import looks_at_frames, only_call, passes_all, returns_nothing
from debloat.program.hierarchy import Class
from debloat.program.index import Site
from debloat.program.queries import callers, definitions

if TYPE_CHECKING:
    from debloat.program.program import Program

# Exceptions of these read their arguments, or take some by name.
_READING = (OSError, ImportError, UnicodeError, AttributeError, NameError, SyntaxError, StopIteration, SystemExit)
_OBJECT = "<builtin>.object"
_VARIADIC = (data.VAR_POSITIONAL, data.VAR_KEYWORD)


class Inherited(NamedTuple):
    """A method, the call of the one that it overrides, and the class that has that."""

    method: int
    call: Site
    base: Class


def inherited(program: Program) -> Iterator[Inherited]:
    """The methods, without openings and decorators, whose body hands all they are given to the one they override."""
    for method in definitions(program, data.FUNCTION):
        record, cls = program.index.scopes[method], program.index.enclosing_class(method)
        if cls < 0 or not record.flags & data.FORWARDS or record.flags & (data.DOCSTRING | data.READS_FRAME):
            continue
        name = program.index.name(method)
        plain = name == "__init__" or not (name.startswith("__") and name.endswith("__"))
        made = program.index.scopes[cls].line != program.index.scopes[cls].first_line or program.hierarchy.keywords(cls)
        if plain and not made and record.line == record.first_line:
            found = _of(program, cls, method)
            if found is not None and not any(map(program.openings.first, (method, cls))):
                yield found


def _of(program: Program, cls: int, method: int) -> Inherited | None:
    name = program.index.name(method)
    call, returned = only_call(program, method)
    if call is None or not _is_super(program, call, name) or _is_annotated(program, method):
        return None
    own = program.index.scopes[method].parameters[1:]
    given = arguments(program.facts[call.file], call.pc)
    bases = {_next(program, heir, cls, name) for heir in (cls, *program.hierarchy.subclasses(cls))}
    if len(bases) != 1 or not passes_all(program, call, given, own):
        return None
    (base,) = bases
    if isinstance(base, str):
        keeps = not own if base == _OBJECT else _is_of_exception(program, method, base)
        return Inherited(method, call, base) if name == "__init__" and keeps else None
    targets = [one for one in program.index.children.get(base, ()) if program.index.name(one) == name]
    stores = program.index.scopes[base].bound[program.facts[program.index.file_of[base]].name_index[name]]
    if len(targets) != 1 or len(stores) != 1 or not _takes_as_much(program, method, targets[0], call):
        return None
    return Inherited(method, call, base) if returned or returns_nothing(program, targets[0]) else None


def _is_super(program: Program, call: Site, name: str) -> bool:
    """Whether a callee is the method of a name that ``super()`` gives."""
    fact = program.facts[call.file]
    code, callee = fact.code, fact.code[call.pc + 5]
    if code[callee] != ops.ATTR or fact.names[code[callee + 4]] != name or code[code[callee + 3]] != ops.CALL:
        return False
    made = code[callee + 3]
    asked = Site(call.file, code[made + 5])
    return program.names.static(asked) == {("external", "<builtin>.super")} and code[made + 6] == 0


def _is_annotated(program: Program, method: int) -> bool:
    """Whether a method may say more than the other by its types."""
    record = program.index.scopes[method]
    typed = any(parameter.annotation >= 0 for parameter in record.parameters)
    return program.index.name(method) != "__init__" and (typed or record.returns >= 0)


def _next(program: Program, heir: int, cls: int, name: str) -> Class:
    """The class behind one in the order of an heir that has a method, or may have it."""
    owners = [*program.hierarchy.owners(heir, name), _OBJECT]
    return owners[owners.index(cls) + 1]


def _takes_as_much(program: Program, method: int, target: int, call: Site) -> bool:
    """Whether what a method is given goes to the same parameters of the other one, as it would without the method."""
    index = program.index
    record, other = index.scopes[method], index.scopes[target]
    names = program.facts[index.file_of[target]].names
    binding = bind(arguments(program.facts[call.file], call.pc), other.parameters, names, 1)
    mine = program.facts[index.file_of[method]].names
    if not binding.fits or looks_at_frames(program, target) or other.line != other.first_line:
        return False
    if (record.flags ^ other.flags) & (data.ASYNC | data.GENERATOR) or len(other.parameters) < len(record.parameters):
        return False
    for position, parameter in enumerate(record.parameters[1:], 1):
        same = other.parameters[position]
        named = parameter.kind in _VARIADIC or mine[parameter.name] == names[same.name]
        if parameter.kind != same.kind or not named:
            return False
        default = default_value(program, method, position)
        if parameter.default >= 0 and (default is None or default != default_value(program, target, position)):
            return False
    return all(other.default >= 0 or other.kind in _VARIADIC for other in other.parameters[len(record.parameters) :])


def _is_of_exception(program: Program, method: int, base: str) -> bool:
    """Whether a base is an exception that keeps what it is given, and that the constructor is given by position."""
    kind = getattr(builtins, base.removeprefix("<builtin>."), None)
    own = program.index.scopes[method].parameters[1:]
    keeps = isinstance(kind, type) and issubclass(kind, Exception) and not issubclass(kind, _READING)
    plain = all(one.kind in (data.POSITIONAL, data.POSITIONAL_ONLY) and one.default < 0 for one in own)
    calls = callers(program, method).calls
    return (
        keeps
        and plain
        and all(
            len(call.arguments.positional) == len(own)
            and not call.arguments.keywords
            and not any(star for _, star in call.arguments.positional)
            for call in calls
        )
    )
