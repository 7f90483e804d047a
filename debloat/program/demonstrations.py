"""Demonstrations: what a module of a package, or one that others import, does when it is run by itself.

What only they and tests call is shown there and has no user yet. So it says little that all calls are alike, or never pass something.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from debloat.facts import data, ops
from debloat.model import Evidence, Proof
from debloat.program.modules import imports
from debloat.program.queries import callers

if TYPE_CHECKING:
    from debloat.program.program import Program

_SHORT = 4  # lines that start a program, rather than to show what a module can do
_MOST = 40  # functions


def demonstration_evidence(program: Program, scope: int) -> Iterator[Evidence]:
    """What speaks against taking the calls of a function for all that it is there for."""
    if is_demonstrated(program, scope):
        note = "demonstration: nothing but what a module does when it is run by itself, and tests, leads here"
        yield Evidence("callers", Proof.UNKNOWN, program.index.span(scope), note)


def is_demonstrated(program: Program, scope: int) -> bool:
    """Whether demonstrations, and nothing else but tests, call a function, straight or through others."""
    demonstrations = program.ask(_demonstrations)
    if not demonstrations:
        return False
    waiting = [scope]
    demonstrated = False
    for one in waiting:  # grows while it is walked
        found = callers(program, one, if_closed=True)
        if found.openings or len(waiting) > _MOST:
            return False
        for call in found.calls:
            file = call.site.file
            around = program.index.scope_at(call.site)
            while program.index.scopes[around].kind in (data.COMPREHENSION, data.LAMBDA):
                around = program.index.parent(around)
            if program.files[file].tests:
                continue
            if program.index.scopes[around].kind == data.FUNCTION:
                waiting += [around] if around not in waiting else []
                continue
            first, last = demonstrations.get(file, (0, -1))
            if not first <= program.index.place(call.site).line <= last:
                return False
            demonstrated = True
    return demonstrated


def _demonstrations(program: Program) -> Mapping[int, tuple[int, int]]:
    """The lines of the demonstration in each file that has one."""
    imported = {
        module
        for importer, modules in enumerate(program.ask(imports))
        if not program.files[importer].tests
        for module in modules
        if module != importer
    }
    found = {}
    for file, fact in enumerate(program.facts):
        if file not in imported and "." not in program.files[file].module:
            continue
        code = fact.code
        for pc in fact.guards if fact.flags & data.MAIN_GUARD else ():
            if code[pc] == ops.IF and code[code[pc + 5]] == ops.COMPARE:
                left = code[code[pc + 5] + 5]
                if code[left] == ops.NAME and fact.names[code[left + 3]] == "__name__":
                    first, last = code[pc + 1], code[pc + 3]
                    if last - first > _SHORT:
                        found[file] = (first, last)
    return found
