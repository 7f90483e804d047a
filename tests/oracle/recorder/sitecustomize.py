"""Watches claims in every Python process of a test run: its folder is put first on PYTHONPATH, so ``site`` imports it.

DEBLOAT_CLAIMS names a JSON file of claims by path, DEBLOAT_SEEN the folder for what was seen. No code of the program is
run to judge a claim; where only that could tell, nothing was observed.
"""

from __future__ import annotations

import abc
import ast
import atexit
import builtins
import dis
import importlib
import inspect
import json
import os
import sys
import types
from collections import Counter
from contextlib import suppress
from functools import cache
from typing import Any

assert sys.version_info >= (3, 12), "sys.monitoring is needed"

Claim = dict[str, Any]

_TOOL = 4
_EVENTS = sys.monitoring.events
_C_LEVEL = (types.MemberDescriptorType, types.GetSetDescriptorType)
# the types whose attributes are all in the dictionaries of the object and its classes, unlike those of a proxy
_PLAIN = (
    object,
    type,
    types.ModuleType,
    types.FunctionType,
    BaseException,
    int,
    float,
    str,
    bytes,
    tuple,
    list,
    dict,
    set,
)
_FINDERS = {cls.__getattribute__ for cls in _PLAIN}
_SCALARS = (type(None), bool, int, float, str, bytes)
# what interpreters raise at any place, and what code raises in ways that are not counted
_ENDLESS = (OSError, RuntimeError, MemoryError)
_OFTEN = 1000  # times that a claim is put to the test at a place
_HERE = os.path.dirname(os.path.abspath(__file__))
_START = os.getcwd()
_SEEN = os.path.join(os.environ["DEBLOAT_SEEN"], "")
with open(os.environ["DEBLOAT_CLAIMS"], encoding="utf-8") as _file:
    _CLAIMS: dict[str, list[Claim]] = json.load(_file)
# by the identity of a code object, which is kept alive with it: what is claimed at each offset, what is unreachable,
# and what is claimed of the exceptions that leave it
_watched: dict[int, tuple[types.CodeType, dict[int, list[Claim]], list[Claim], list[Claim]]] = {}
_times: Counter[int] = Counter()
_contradictions: set[tuple[int, str]] = set()


class CannotTellError(Exception):
    """Only the program's own code could answer."""


class AbsentError(Exception):
    """There is no such attribute or key."""


# What odd objects may make of a question. The program must not notice that it is watched; what its handlers of signals
# raise meanwhile is for the program.
_ODD = (CannotTellError, AbsentError, LookupError, TypeError, AttributeError, ValueError)


def _attribute(holder: object, name: str) -> object:
    cls = type(holder)
    if cls.__getattribute__ not in _FINDERS:
        raise CannotTellError
    try:
        raw = inspect.getattr_static(holder, name)
        if isinstance(raw, _C_LEVEL):
            return raw.__get__(holder, cls)
    except AttributeError:
        computed = hasattr(cls, "__getattr__") or (
            isinstance(holder, types.ModuleType) and hasattr(holder, "__getattr__")
        )
        raise (CannotTellError if computed else AbsentError) from None
    if hasattr(type(raw), "__get__") and not isinstance(raw, (types.FunctionType, types.MethodType)):
        raise CannotTellError
    return raw


def _item(holder: object, key: object) -> object:
    if type(holder) not in (dict, list, tuple):
        raise CannotTellError
    try:
        return holder[key]  # type: ignore[index]
    except LookupError:
        raise AbsentError from None


def _variable(frame: types.FrameType, name: str) -> object:
    code = frame.f_code
    own = name in code.co_varnames + code.co_cellvars + code.co_freevars
    for names in (frame.f_locals,) if own else (frame.f_locals, frame.f_globals, vars(builtins)):
        if name in names:
            return names[name]
    raise CannotTellError


def _truth(value: object) -> bool:
    for method in ("__bool__", "__len__"):
        found = next((vars(cls)[method] for cls in type(value).__mro__ if method in vars(cls)), None)
        if isinstance(found, types.WrapperDescriptorType):
            return bool(value)
        if found is not None:
            raise CannotTellError
    return True


def _named(cls: type) -> str:
    return f"{cls.__module__}.{cls.__qualname__}"


def _is_called(cls: type, name: str) -> bool:
    """Whether a class is the one of that dotted name, as the program's own are told apart: ``module:Class.Inner``."""
    module, colon, path = name.partition(":")
    if not colon:
        return _named(cls) == name
    return (
        f".{cls.__module__}".endswith((f".{module}", ".__main__")) and cls.__qualname__.replace(".<locals>", "") == path
    )


def _find(name: str) -> object:
    """What a dotted name stands for."""
    parts = name.replace(":", ".").split(".")
    size = next((size for size in range(len(parts), 0, -1) if ".".join(parts[:size]) in sys.modules), 0)
    found: object = sys.modules.get(".".join(parts[:size]))
    try:
        for part in parts[size:]:
            found = _attribute(found, part)
    except AbsentError:
        raise CannotTellError from None
    return found


def _instance(value: object, name: str) -> bool:
    if any(_is_called(cls, name) for cls in type(value).__mro__):
        return True
    found = _find(name)
    if type(found) not in (type, abc.ABCMeta):
        raise CannotTellError
    return isinstance(value, found)  # type: ignore[arg-type]


def _is_one(value: object, kind: str, *of: Any) -> bool:
    """Whether a value is of a kind that :mod:`tests.oracle.values` names."""
    match kind:
        case "constant":
            return type(value) is type(of[0]) and value == of[0]
        case "exactly":
            if _is_called(type(value), of[0]):
                return True
            return type(value) is _find(of[0])
        case "below":
            return _instance(value, of[0])
        case "member":
            return _is_called(type(value), of[0]) and vars(value).get("_name_") == of[1]
    return value is not None


def _holds(says: str, of: Any, value: object) -> bool:
    match says:
        case "None" | "not None":
            return (value is None) == (says == "None")
        case "true" | "false":
            return _truth(value) == (says == "true")
        case "instance of":
            return _instance(value, of)
        case "is one of":
            doubt = None
            for kind in ast.literal_eval(of):
                try:
                    if _is_one(value, *kind):
                        return True
                except CannotTellError as error:
                    doubt = error
            if doubt is not None:
                raise doubt
            return False
        case "has attribute":
            _attribute(value, of)
        case _:
            _item(value, ast.literal_eval(of))
    return True


def _value(frame: types.FrameType, subject: ast.expr, owner: str) -> object:
    match subject:
        case ast.Name(name):
            return _variable(frame, name)
        case ast.Attribute(holder, name):
            mangled = name.startswith("__") and not name.endswith("__") and owner
            return _attribute(_value(frame, holder, owner), f"_{owner}{name}" if mangled else name)
        case ast.Subscript(holder, key):
            return _item(_value(frame, holder, owner), ast.literal_eval(key))
    raise CannotTellError


@cache
def _parsed(subject: str) -> ast.expr:
    return ast.parse(subject, mode="eval").body


def _contradiction(claim: Claim, frame: types.FrameType) -> str:
    """What contradicts a claim where it is put to the test, nothing if it holds. Raises CannotTellError, AbsentError."""
    if claim["says"] == "unreachable":
        return "it runs"
    if claim["subject"] == "raise":
        return _other_exception(claim, sys.exception())
    return _other_value(claim, _value(frame, _parsed(claim["subject"]), claim["owner"]))


def _other_exception(claim: Claim, error: BaseException | None) -> str:
    if not isinstance(error, Exception) or isinstance(error, _ENDLESS):
        raise CannotTellError
    return _other_value(claim, error)


def _other_value(claim: Claim, value: object) -> str:
    with suppress(AbsentError):
        if _holds(claim["says"], claim["of"], value):
            return ""
    shown = f" {value!r:.60}" if type(value) in _SCALARS else ""
    return f"{_named(type(value))}{shown}"


def _write(*row: object) -> None:
    with open(f"{_SEEN}{os.getpid()}", "a", encoding="utf-8") as file:
        file.write(json.dumps(row) + "\n")


def _note(claim: Claim, found: str, line: int) -> None:
    number = claim["number"]
    _times[number] += 1
    if _times[number] == 1 or (found and (number, found) not in _contradictions):
        _contradictions.add((number, found))
        _write(number, int(_times[number] == 1), found, line)  # at once, since the process may be killed


def _instruction(code: types.CodeType, offset: int) -> object:
    claims = _watched[id(code)][1].get(offset)
    if claims is None:
        return sys.monitoring.DISABLE
    frame = sys._getframe(1)
    for claim in claims:
        if claim["subject"] != "return":
            with suppress(*_ODD):
                _note(claim, _contradiction(claim, frame), frame.f_lineno)
    return sys.monitoring.DISABLE if all(_times[claim["number"]] >= _OFTEN for claim in claims) else None


def _returned(code: types.CodeType, offset: int, value: object) -> None:
    for claim in _watched[id(code)][1].get(offset, ()):
        if claim["subject"] == "return":
            with suppress(*_ODD):
                _note(claim, _other_value(claim, value), claim["span"][0])


def _unwound(code: types.CodeType, offset: int, error: BaseException) -> None:
    for claim in _watched[id(code)][3] if id(code) in _watched else ():
        with suppress(*_ODD):
            _note(claim, _other_exception(claim, error), claim["span"][0])


def _watch(code: types.CodeType, claims: list[Claim]) -> None:
    """Find where each claim is put to the test: at every instruction of what is unreachable, else where it begins."""
    last = _last_line(code)
    claims = [claim for claim in claims if claim["span"][0] <= last and code.co_firstlineno <= claim["span"][2]]
    if not claims:
        return
    positions = list(code.co_positions())
    operations = code.co_code[::2]
    on_line: dict[int, list[int]] = {}
    for number, place in enumerate(positions):
        if None not in place:
            on_line.setdefault(place[0] or 0, []).append(number)
    at: dict[int, list[Claim]] = {}
    dead, inner, leaving = [], [], []
    for claim in claims:
        if claim["function"]:
            own = claim["function"] == [code.co_name, code.co_firstlineno]
            (leaving if own else inner).append(claim)
            continue
        line, column, *end = claim["span"]
        inside = [
            number
            for one in range(line, min(end[0], last) + 1)
            for number in on_line.get(one, ())
            if (line, column) <= positions[number][::2] and list(positions[number][1::2]) <= end
        ]
        # The jumps of a filter may have the place of what it lets through.
        inside = [number for number in inside if not dis.opname[operations[number]].startswith("POP_JUMP")] or inside
        unreachable = claim["says"] == "unreachable"
        if claim["subject"] == "return":
            inside = [number for number in inside if dis.opname[operations[number]].startswith("RETURN_")]
        if unreachable or not inside:
            inner.append(claim)
        elif claim["subject"] != "return":
            # what a loop or finally runs is compiled twice
            inside.sort()
            first, *_ = copies = [(positions[number], operations[number]) for number in inside]
            inside = [number for number, copy in zip(inside, copies, strict=True) if copy == first]
        if unreachable and inside:
            dead.append(claim)
        for number in inside:
            at.setdefault(2 * number, []).append(claim)
    if at or leaving:
        _watched[id(code)] = code, at, dead, leaving
        sys.monitoring.set_local_events(_TOOL, code, (_EVENTS.INSTRUCTION | _EVENTS.PY_RETURN) if at else 0)
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            _watch(constant, inner)


def _last_line(code: types.CodeType) -> int:
    own = max((place[1] or 0 for place in code.co_positions()), default=0)
    return max([own, *(_last_line(inner) for inner in code.co_consts if isinstance(inner, types.CodeType))])


def _started(code: types.CodeType, offset: int) -> object:
    if code.co_name == "<module>" and id(code) not in _watched:
        claims = _CLAIMS.get(os.path.realpath(os.path.join(_START, code.co_filename)))
        if claims:
            _watch(code, claims)
    if id(code) not in _watched:
        return sys.monitoring.DISABLE
    # what is unreachable or never raised is put to the test when the function around it runs
    for claim in (*_watched[id(code)][2], *_watched[id(code)][3]):
        _note(claim, "", 0)
    return None


def _finish() -> None:
    for number, times in _times.items():
        _write(number, times - 1, "", 0)


def _chain() -> None:
    """Import the sitecustomize that this one hides."""
    this = sys.modules.pop(__name__)
    sys.path[:] = [folder for folder in sys.path if os.path.abspath(folder) != _HERE]
    with suppress(ModuleNotFoundError):
        importlib.import_module(__name__)
    sys.modules.setdefault(__name__, this)


sys.monitoring.use_tool_id(_TOOL, "debloat oracle")
sys.monitoring.register_callback(_TOOL, _EVENTS.PY_START, _started)
sys.monitoring.register_callback(_TOOL, _EVENTS.INSTRUCTION, _instruction)
sys.monitoring.register_callback(_TOOL, _EVENTS.PY_RETURN, _returned)
sys.monitoring.register_callback(_TOOL, _EVENTS.PY_UNWIND, _unwound)
sys.monitoring.set_events(_TOOL, _EVENTS.PY_START | _EVENTS.PY_UNWIND)
atexit.register(_finish)
_write(-1, 0, "", 0)  # this process is watched
_chain()
