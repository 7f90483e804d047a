"""Computations side by side on what has been read: in forked processes, where there are any, each taking the next in turn."""

from __future__ import annotations

import os
import pickle
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import TypeVar

T = TypeVar("T")

_TURN = 2  # bytes of a task's number


def share(tasks: Sequence[Callable[[], T]], processes: int) -> list[T]:
    """What each task gives. It must be plain data; nothing else that a task does in another process is seen here."""
    others = min(processes, len(tasks)) - 1 if sys.platform == "linux" else 0
    if others <= 0:
        return [task() for task in tasks]
    turns, writing = os.pipe()
    os.write(writing, b"".join(number.to_bytes(_TURN, "big") for number in range(len(tasks))))
    os.close(writing)
    children = [_fork(turns, tasks) for _ in range(others)]
    found: dict[int, T] = {}
    try:
        found.update(_taken(turns, tasks))
        for _, reading in children:
            with suppress(EOFError, pickle.UnpicklingError), os.fdopen(reading, "rb", closefd=False) as pipe:
                found.update(pickle.load(pipe))
    finally:
        os.close(turns)
        for child, reading in children:
            os.close(reading)
            os.waitpid(child, 0)
    # what a process that came to nothing had taken
    return [found[number] if number in found else task() for number, task in enumerate(tasks)]


def _taken(turns: int, tasks: Sequence[Callable[[], T]]) -> Iterator[tuple[int, T]]:
    while turn := os.read(turns, _TURN):
        number = int.from_bytes(turn, "big")
        yield number, tasks[number]()


def _fork(turns: int, tasks: Sequence[Callable[[], object]]) -> tuple[int, int]:
    """Start a process that takes tasks; gives its id and where it writes what they give, once all are done."""
    reading, writing = os.pipe()
    child = os.fork()
    if child:
        os.close(writing)
        return child, reading
    status = 1
    try:
        os.close(reading)
        with os.fdopen(writing, "wb") as pipe:
            pickle.dump(dict(_taken(turns, tasks)), pipe)
        status = 0
    finally:
        os._exit(status)
