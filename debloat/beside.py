"""Computations side by side on what has been read: in forked processes, where there are any, each taking the next in turn.

Every other process takes from the end: neighbours rest on much the same, which is then computed once.
"""

from __future__ import annotations

import os
import pickle
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from typing import TypeVar

T = TypeVar("T")

_TURN = 2  # bytes of a task's number


def share(tasks: Sequence[Callable[[], T]], processes: int) -> list[T]:
    """What each task gives. It must be plain data; nothing else that a task does in another process is seen here."""
    others = min(processes, len(tasks)) - 1 if sys.platform == "linux" else 0
    if others <= 0:
        return [task() for task in tasks]
    left = _line(range(len(tasks)))
    ends = [_line(range(len(tasks))), _line(reversed(range(len(tasks))))]
    children = [_fork(left, ends[number % 2], tasks) for number in range(1, others + 1)]
    found: dict[int, T] = {}
    try:
        found.update(_taken(left, ends[0], tasks))
        for _, reading in children:
            with suppress(EOFError, pickle.UnpicklingError), os.fdopen(reading, "rb", closefd=False) as pipe:
                found.update(pickle.load(pipe))
    finally:
        for line in (left, *ends):
            os.close(line)
        for child, reading in children:
            os.close(reading)
            os.waitpid(child, 0)
    # what a process that came to nothing had taken
    return [found[number] if number in found else task() for number, task in enumerate(tasks)]


def _line(numbers: Iterable[int]) -> int:
    """A pipe that holds numbers, of which each is read once, whoever reads."""
    reading, writing = os.pipe()
    os.write(writing, b"".join(number.to_bytes(_TURN, "big") for number in numbers))
    os.close(writing)
    return reading


def _taken(left: int, end: int, tasks: Sequence[Callable[[], T]]) -> Iterator[tuple[int, T]]:
    """Take tasks from one end for as long as any are left, so that nobody gets to one that was taken from the other."""
    while os.read(left, _TURN):
        number = int.from_bytes(os.read(end, _TURN), "big")
        yield number, tasks[number]()


def _fork(left: int, end: int, tasks: Sequence[Callable[[], object]]) -> tuple[int, int]:
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
            pickle.dump(dict(_taken(left, end, tasks)), pipe)
        status = 0
    finally:
        os._exit(status)
