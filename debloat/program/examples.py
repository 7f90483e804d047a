"""Calls in the examples of docstrings, which nobody is seen to run: what they pass a person may pass as well."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from debloat.facts import data

if TYPE_CHECKING:
    from debloat.program.program import Program

NOTE = "that nothing runs the examples in docstrings, of which one passes it, is assumed"
_LINE = re.compile(rb"^[ \t]*>>> (.*)$", re.MULTILINE)


def is_in_example(program: Program, scope: int, position: int) -> bool:
    """Whether an example calls what has the name of a function and passes what that parameter may take."""
    index = program.index
    cls = index.enclosing_class(scope)
    own = index.name(cls if cls >= 0 and index.name(scope) == "__init__" else scope)
    calls = program.ask(_calls).get(own, ())
    if not calls:
        return False
    names, parameters = index.facts[index.file_of[scope]].names, index.scopes[scope].parameters
    name = names[parameters[position].name]
    before = sum(one.kind in (data.POSITIONAL_ONLY, data.POSITIONAL) for one in parameters[: position + 1]) - (cls >= 0)
    by_place = parameters[position].kind in (data.POSITIONAL_ONLY, data.POSITIONAL)
    return any(
        any(keyword.arg in (name, None) for keyword in call.keywords)
        or any(isinstance(argument, ast.Starred) for argument in call.args)
        or (by_place and len(call.args) >= before)
        for call in calls
    )


def _calls(program: Program) -> Mapping[str, Sequence[ast.Call]]:
    """The calls in the lines of examples by the last name of what is called. A fact for :meth:`Program.ask`."""
    found: dict[str, list[ast.Call]] = defaultdict(list)
    for file in program.files:
        text = program.content(file.path)
        for line in _LINE.findall(text) if b">>> " in text else ():
            for call in _in(line):
                match call.func:
                    case ast.Name(id=name) | ast.Attribute(attr=name):
                        found[name].append(call)
    return found


def _in(line: bytes) -> Iterator[ast.Call]:
    """The calls in a line, if it is code by itself."""
    try:
        tree = ast.parse(line)
    except (SyntaxError, ValueError):
        return
    yield from (node for node in ast.walk(tree) if isinstance(node, ast.Call))
