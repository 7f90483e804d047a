"""Decorators of the program that pass on to a function just what they are given: ``wrapper(*args, **kwargs)``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from debloat.facts import data, ops
from debloat.program.binding import arguments

if TYPE_CHECKING:
    from debloat.program.program import Program


def passes_on(program: Program, decorator: int) -> bool:
    """Whether what a decorator returns calls the function with its own arguments and with no others, and nobody else calls it."""
    index = program.index
    file = index.file_of[decorator]
    fact = index.facts[file]
    parameters = index.scopes[decorator].parameters
    wrappers = index.children.get(decorator, ())
    returned = [
        fact.code[pc + 3] for pc in fact.instructions(decorator - index.base[file]) if fact.code[pc] == ops.RETURN
    ]
    if len(parameters) != 1 or len(wrappers) != 1 or len(returned) != 1:
        return False
    (wrapper,) = wrappers
    if not _is_name(fact, returned[0], index.scopes[wrapper].name):
        return False
    if not program.analysis.calls.decorators(wrapper) <= {"functools.wraps"}:
        return False
    kinds = [parameter.kind for parameter in index.scopes[wrapper].parameters]
    return kinds == [data.VAR_POSITIONAL, data.VAR_KEYWORD] and _forwards(
        program, wrapper, decorator, parameters[0].name
    )


def _is_name(fact: data.Facts, pc: int, name: int) -> bool:
    return pc >= 0 and fact.code[pc] == ops.NAME and fact.code[pc + 3] == name


def _forwards(program: Program, wrapper: int, decorator: int, function: int) -> bool:
    """Whether each use of the function is a call with ``*args, **kwargs``, and these are used for nothing else."""
    index = program.index
    file = index.file_of[wrapper]
    fact = index.facts[file]
    code = fact.code
    args, kwargs = (parameter.name for parameter in index.scopes[wrapper].parameters)
    if any(
        index.scopes[scope].bound.get(name)
        for scope, names in ((wrapper, (args, kwargs)), (decorator, (function,)))
        for name in names
    ):
        return False
    consumers = fact.consumers(wrapper - index.base[file])
    called = 0
    for pc in fact.instructions(wrapper - index.base[file]):
        if code[pc] != ops.NAME or code[pc + 3] not in (args, kwargs, function):
            continue
        for user in consumers.get(pc, ()):
            if code[pc + 3] == args and code[user] == ops.STAR:
                continue
            if code[user] == ops.ATTR and code[pc + 3] == function:
                continue
            if code[user] != ops.CALL or not _is_name(fact, code[user + 5], function):
                return False
            call = arguments(fact, user)
            stars = [value for value, star in call.positional if star and _is_name(fact, code[value + 3], args)]
            rest = [value for key, value in call.keywords if key is None and _is_name(fact, value, kwargs)]
            if len(stars) != 1 or len(rest) != 1 or len(call.positional) != 1 or len(call.keywords) != 1:
                return False
            called += 1
    return called > 0 and not index.children.get(wrapper)
