"""Notes which lines of some folders each Python process runs, in a file for each process.

It is imported by the interpreter of whatever is tested, so it needs nothing, and what it does must not be noticed.
"""

from __future__ import annotations

import atexit
import os
import sys
import threading
from importlib.machinery import PathFinder

TYPE_CHECKING = False  # that of typing takes time to import
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import CodeType, FrameType
    from typing import Any

_FOLDER = os.environ.get("DEBLOAT_RECORD")
_TOPS = tuple(top + os.sep for top in os.environ.get("DEBLOAT_TOPS", "").split(os.pathsep))
_APART = os.sep + "site-packages" + os.sep


def _record(folder: str) -> None:
    # what tests replace in os later is not what is used here
    open_, write, close, pid = os.open, os.write, os.close, os.getpid
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
    seen: set[tuple[str, int]] = set()

    def put(text: str) -> None:
        try:
            # a file that stayed open could be taken for another one by a program that closes all of them
            file = open_(f"{folder}{os.sep}{pid()}", flags, 0o600)
        except OSError:
            return
        try:
            write(file, text.encode("ascii"))
        finally:
            close(file)

    def note(path: str, line: int) -> None:
        if (path, line) not in seen:
            seen.add((path, line))
            put(f"{line} {path!a}\n")

    def watched(path: str) -> bool:
        return path.startswith(_TOPS) and _APART not in path

    put(f"-2 {sys.executable!a}\n")  # an empty module has a line 0
    monitoring = getattr(sys, "monitoring", None)
    if monitoring is None:
        on_call = _trace(note, watched)
        # another tracer in its place, such as that of coverage, has seen what it has not
        atexit.register(lambda: None if sys.gettrace() is on_call else put("-1 ''\n"))
        return
    tool = next((number for number in (4, 3) if monitoring.get_tool(number) is None), None)
    if tool is not None:

        def on_line(code: CodeType, line: int) -> object:
            if watched(code.co_filename):
                note(code.co_filename, line)
            return monitoring.DISABLE

        monitoring.use_tool_id(tool, "debloat")
        monitoring.register_callback(tool, monitoring.events.LINE, on_line)
        monitoring.set_events(tool, monitoring.events.LINE)


def _trace(note: Callable[[str, int], None], watched: Callable[[str], bool]) -> Callable[..., Any]:
    left: dict[
        int, tuple[CodeType, set[int]]
    ] = {}  # by the identity of a code object: itself, so that it stays, and its lines that have not run

    def on_line(frame: FrameType, event: str, _: object) -> Any:
        if event == "line":
            note(frame.f_code.co_filename, frame.f_lineno)
            left[id(frame.f_code)][1].discard(frame.f_lineno)
        return on_line

    def on_call(frame: FrameType, _: str, __: object) -> Any:
        code = frame.f_code
        if not watched(code.co_filename):
            return None
        if id(code) not in left:
            lines = getattr(code, "co_lines", None)
            left[id(code)] = code, {line for *_, line in lines() if line} if lines else {0}
        return on_line if left[id(code)][1] else None

    threading.settrace(on_call)
    sys.settrace(on_call)
    return on_call


if _FOLDER:
    _record(_FOLDER)

# The module that this one hides, if there is one
_here = os.path.dirname(os.path.abspath(__file__))
_hidden = PathFinder.find_spec("sitecustomize", [path for path in sys.path if os.path.abspath(path) != _here])
if _hidden is not None and _hidden.loader is not None:
    _hidden.loader.exec_module(sys.modules[__name__])
