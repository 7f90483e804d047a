"""Functions that do nearly the same: pairs by likeness, found without comparing all with all.

Functions that are alike use the same names. So those are compared that agree in one of a few pairs of least hashes of their
names (MinHash, in bands), and of these only neighbours in size. The likeness of two is the share of steps that both take in
the same order, each a step of the flow form without places, local names and values of literals.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from difflib import SequenceMatcher
from functools import cache
from typing import TYPE_CHECKING, NamedTuple
from zlib import crc32

from debloat.facts import data, ops

if TYPE_CHECKING:
    from debloat.program.program import Program

_BANDS = 6
_NEIGHBOURS = 4  # in size, among those of one band that are the same there
_SMALLEST = 3  # numbers of an instruction
_MORE_NAMES = 0.4  # by which names may be less alike than steps, many of which may be of one name
_LOCAL = "a local variable"


class Clone(NamedTuple):
    """A function, the one before it that it is most like, and by which share."""

    scope: int
    other: int
    likeness: float


def clones(program: Program, scopes: Iterable[int], steps: int, likeness: float) -> Iterator[Clone]:
    """For each of some functions of a number of steps at least the most like of those before it, if it is like enough."""
    large = [scope for scope in scopes if _extent(program, scope) >= steps * _SMALLEST]
    names = {scope: _names(program, scope) for scope in large if len(_instructions(program, scope)) >= steps}
    taken = cache(lambda scope: _steps(program, scope))
    best: dict[int, Clone] = {}
    for one, other in sorted(_candidates(program, names, likeness)):
        if len(names[one] & names[other]) >= (likeness - _MORE_NAMES) * len(names[one] | names[other]):
            matcher = SequenceMatcher(None, taken(one), taken(other), autojunk=False)
            found = matcher.ratio() if matcher.quick_ratio() >= likeness else 0.0
            if found >= likeness and (other not in best or found > best[other].likeness):
                best[other] = Clone(other, one, found)
    yield from best.values()


def copies(program: Program, scopes: Iterable[int], steps: int, below: int, likeness: float) -> Iterator[list[int]]:
    """Groups of functions of one file and class with a number of steps, which are of one form and whose names are alike enough."""
    forms: dict[object, list[int]] = defaultdict(list)
    for scope in scopes:
        if steps * _SMALLEST <= _extent(program, scope) and steps <= len(_instructions(program, scope)) < below:
            found = _steps(program, scope)
            form = tuple((step[0], len(step)) for step in found if isinstance(step, tuple))
            forms[program.index.parent(scope), program.index.scopes[scope].flags & data.ASYNC, form].append(scope)
    for same in forms.values():
        taken = {scope: _steps(program, scope) for scope in same}
        while same:
            first, *others = same
            like = [other for other in others if _share(taken[first], taken[other]) >= likeness]
            yield [first, *like]
            same = [other for other in others if other not in like]


def _share(one: Sequence[object], other: Sequence[object]) -> float:
    return sum(step == beside for step, beside in zip(one, other, strict=True)) / len(one)


def _extent(program: Program, scope: int) -> int:
    record = program.index.scopes[scope]
    return record.end - record.start


def _instructions(program: Program, scope: int) -> list[int]:
    file = program.index.file_of[scope]
    return program.facts[file].instructions(scope - program.index.base[file])  # type: ignore[return-value]


def _candidates(program: Program, named: Mapping[int, Set[str]], likeness: float) -> set[tuple[int, int]]:
    """Pairs that may be alike, the earlier first."""
    bands: dict[object, list[tuple[int, int]]] = defaultdict(list)
    for scope, names in named.items():
        size = len(_instructions(program, scope))
        kind = program.index.scopes[scope].flags & (data.ASYNC | data.GENERATOR)
        least = [min(hashes) for hashes in zip(*map(_hashes, names), strict=True)]
        for band, key in enumerate(zip(least[::2], least[1::2], strict=True)):
            bands[band, kind, key].append((size, scope))
    found = set()
    for same in bands.values():
        same.sort()
        for at, (size, scope) in enumerate(same):
            for other_size, other in same[at + 1 : at + 1 + _NEIGHBOURS]:
                if 2 * size >= likeness * (size + other_size):
                    found.add((min(scope, other), max(scope, other)))
    return found


def _names(program: Program, scope: int) -> Set[str]:
    """The names that a function reads and does not bind, attributes among them."""
    record = program.index.scopes[scope]
    names = program.facts[program.index.file_of[scope]].names
    used = {*record.attributes, *record.set_attributes, *record.loads}
    return frozenset(names[name] for name in used if name not in record.bound)


@cache
def _hashes(name: str) -> tuple[int, ...]:
    return tuple(crc32(b"%d%b" % (seed, name.encode())) for seed in range(2 * _BANDS))


def _steps(program: Program, scope: int) -> list[object]:
    """What a function does, in order, without places, local names and the values of literals."""
    fact = program.facts[program.index.file_of[scope]]
    bound = program.index.scopes[scope].bound
    code = fact.code
    steps: list[object] = []
    for pc in _instructions(program, scope):
        details: list[object] = [code[pc]]
        for letter, operand in ops.operands(code, pc):
            if letter == "n" and operand >= 0:
                details.append(_LOCAL if operand in bound else fact.names[operand])
            elif letter == "k":
                details.append(fact.constants[operand][0])
        steps.append(tuple(details))
    return steps
