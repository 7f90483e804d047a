"""Two computations side by side on what both have read: the second in a forked process, where there are any."""

from __future__ import annotations

import os
import pickle
import sys
from collections.abc import Callable
from typing import TypeVar

One = TypeVar("One")
Other = TypeVar("Other")


def beside(one: Callable[[], One], other: Callable[[], Other]) -> tuple[One, Other]:
    """What two functions give. ``other`` runs in a process of its own, and here if that comes to nothing.

    What it gives must be plain data; nothing else that it does is seen here.
    """
    if sys.platform != "linux":
        return one(), other()
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        _answer(reading, writing, other)
    os.close(writing)
    try:
        found = one()
        with os.fdopen(reading, "rb") as pipe:
            answer = pipe.read()
    finally:
        _, status = os.waitpid(child, 0)
    return found, pickle.loads(answer) if status == 0 else other()


def _answer(reading: int, writing: int, other: Callable[[], object]) -> None:
    """In the new process: write what the function gives and end, whatever happens."""
    status = 1
    try:
        os.close(reading)
        with os.fdopen(writing, "wb") as pipe:
            pickle.dump(other(), pipe)
        status = 0
    finally:
        os._exit(status)
