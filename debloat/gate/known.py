"""Findings as they are remembered, and which of those of now they are."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Sequence
from functools import partial
from typing import NamedTuple, TypeVar

from debloat.engine import Reported

T = TypeVar("T")
U = TypeVar("U")


class Known(NamedTuple):
    """A finding as it is remembered; ``path`` is relative to the project."""

    rule: str
    path: str
    line: int
    symbol: str
    message: str
    fingerprint: str


def known(reported: Reported) -> Known:
    """What is remembered of a finding."""
    finding = reported.finding
    return Known(
        reported.rule.name,
        finding.span.path,
        finding.span.line,
        finding.symbol,
        finding.message,
        reported.fingerprint,
    )


def unknown(
    found: Sequence[Reported],
    before: Sequence[Known],
    rounds: Sequence[Round],
) -> tuple[list[Reported], list[Known]]:
    """What was found and is not among what is known, and what is known and was not found.

    Each round has the keys by which a finding and one that is known are the same; what one round leaves goes into the next.
    """
    left, gone = list(found), list(before)
    for key, known_key in rounds:
        if left and gone:
            left, gone = unmatched(left, gone, partial(_of, key), known_key)
    return left, gone


def _of(key: Callable[[Known], Hashable], reported: Reported) -> Hashable:
    return key(known(reported))


def unmatched(
    found: Sequence[T], before: Sequence[U], key: Callable[[T], Hashable], known_key: Callable[[U], Hashable]
) -> tuple[list[T], list[U]]:
    """What is left of both when those with equal keys are taken away two by two."""
    waiting: dict[Hashable, list[U]] = defaultdict(list)
    for one in reversed(before):
        waiting[known_key(one)].append(one)
    left = []
    for thing in found:
        same = waiting.get(key(thing))
        if same:
            same.pop()
        else:
            left.append(thing)
    remaining = {id(one) for ones in waiting.values() for one in ones}
    return left, [one for one in before if id(one) in remaining]


def plain(message: str) -> str:
    """A message without its numbers, as lines and counts of calls say nothing of what it is about."""
    return re.sub(r"[0-9]+", "#", message)


def symbol(finding: Known, path: str | None = None) -> Hashable:
    """The symbol as its file has it, and what is said of it."""
    return finding.rule, path or finding.path, finding.symbol.partition(":")[2], plain(finding.message)


Round = tuple[Callable[[Known], Hashable], Callable[[Known], Hashable]]
SAME: Round = (lambda finding: finding.fingerprint, lambda finding: finding.fingerprint)
LASTING: list[Round] = [SAME, (symbol, symbol)]
