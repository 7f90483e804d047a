"""What async functions wait for, and how their coroutines are waited for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from debloat.facts import data, ops
from debloat.program.binding import arguments
from debloat.program.index import Site
from debloat.program.queries import users

if TYPE_CHECKING:
    from debloat.program.program import Program

# What asks for the loop that asyncio.run starts.
_LOOP = (
    "create_task", "ensure_future", "get_running_loop", "get_event_loop", "current_task", "all_tasks", "TaskGroup",
    "call_soon", "call_later", "call_at", "run_in_executor", "run_coroutine_threadsafe", "current_async_library",
)  # fmt: skip


def suspends(program: Program, function: int) -> bool:
    """Whether something in the body of an async function, its comprehensions included, may suspend it."""
    file = program.index.file_of[function]
    code = program.facts[file].code
    return (
        bool(program.index.scopes[function].flags & data.WAITS)
        or any(code[pc] == ops.AWAIT for pc in program.facts[file].instructions(function - program.index.base[file]))
        or any(
            program.index.scopes[child].kind == data.COMPREHENSION and suspends(program, child)
            for child in program.index.children.get(function, ())
        )
    )


def awaiting(program: Program, call: Site) -> Site | None:
    """The ``await`` or ``asyncio.run`` of what a call gives, if that alone has it and a plain value may stand there."""
    found = users(program, call)
    fact = program.facts[call.file]
    if len(found) != 1 or _is_in_generator(program, program.index.scope_at(call)):
        return None
    (user,) = found
    if fact.code[user] == ops.AWAIT:
        return Site(call.file, user)
    if fact.code[user] != ops.CALL or program.ask(_asks_for_loop):
        return None
    given = arguments(fact, user)
    runs = program.names.static(Site(call.file, fact.code[user + 5])) == {("external", "asyncio.run")}
    return Site(call.file, user) if runs and given.positional == [(call.pc, False)] and not given.keywords else None


def _asks_for_loop(program: Program) -> bool:
    """Whether the program does what needs a running loop, besides to await."""
    return any(program.index.attribute_readers.get(name) or program.index.readers.get(name) for name in _LOOP)


def _is_in_generator(program: Program, scope: int) -> bool:
    """Whether a scope is of a generator expression, which an ``await`` makes asynchronous."""
    record = program.index.scopes[scope]
    if record.kind != data.COMPREHENSION:
        return False
    made = program.facts[program.index.file_of[scope]].code[record.definition + 3]
    return made == ops.GENERATOR or _is_in_generator(program, program.index.parent(scope))
