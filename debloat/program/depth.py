"""In how many containers a thing is, as :mod:`debloat.program.flow` counts them: -1 - n says that it is the item n of a tuple."""

from __future__ import annotations

from collections.abc import Sequence

from debloat.facts import ops

_MOST_INSIDE = 3  # containers in one another that are counted: the last number stands for more as well
# Give an element of a container ...
_TAKING = frozenset(f"<builtin>.{name}" for name in ("next", "anext", "max", "min"))
# ... or one of tuples of the elements.
_PAIRING = frozenset({"<builtin>.enumerate", "<builtin>.zip"})


def plain(inside: int) -> int:
    """In how many containers a thing is, wherever it is in them."""
    return 1 if inside < 0 else inside


def deeper(inside: int) -> int:
    """In how many containers a thing is once what it is in, or itself, is put into one more."""
    return min(plain(inside) + 1, _MOST_INSIDE)


def elements(inside: int, at: object = None) -> set[int]:
    """In how many containers a thing may be in an element of what it is in, in the one that is ``at`` a place if that is told."""
    if inside < 0 and isinstance(at, int) and at >= 0:
        return {0} if at == -1 - inside else set()
    return {inside - 1, inside} if inside == _MOST_INSIDE else {max(plain(inside) - 1, 0)}


def given_back(name: str, inside: int, *, alone: bool) -> set[int]:
    """In how many containers the thing may be in what a function gives back that is given a container with it, ``alone`` or among others."""
    if name in _TAKING and alone:
        return elements(inside)
    if name in _PAIRING:
        return {deeper(inside)}
    return {*elements(inside), plain(inside), deeper(inside)}


def displayed(code: Sequence[int], pc: int, value: int, inside: int) -> set[int]:
    """In how many containers a thing is in a display of what it is, or is in; of some values it is the elements that are put in."""
    if code[pc] == ops.DICT:
        pairs = [(code[at], code[at + 1]) for at in range(pc + 4, pc + 4 + 2 * code[pc + 3], 2)]
        plainly = {deeper(inside)} if any(value in pair for pair in pairs if pair != (-1, value)) else set()
        return plainly | ({plain(inside) or 1} if (-1, value) in pairs else set())
    items = code[pc + 5 : pc + 5 + code[pc + 4]]
    if inside or code[pc + 3] != ops.TUPLE or any(code[item] == ops.STAR for item in items):
        return {deeper(inside)}
    return {-1 - at for at, item in enumerate(items) if item == value}
