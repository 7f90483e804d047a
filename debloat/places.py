"""Where code that fixes have moved stands in the files as they were before the first of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

from debloat.model import Edit, Span
from debloat.refactor.check import apply

_TOKEN = re.compile(rb"\w+|[^\w\s]")


class Token(NamedTuple):
    """A word or a mark of a text, with its line and column."""

    text: bytes
    line: int
    column: int

    @property
    def at(self) -> Start:
        """Where it begins."""
        return self.line, self.column


Start = tuple[int, int]
# By path, from where a token begins to where it did at first; a file that is not there is as it was.
Places = Mapping[str, Mapping[Start, Start]]


def tokens(lines: Sequence[bytes], first: int) -> list[Token]:
    """The words and marks of some lines of a file, the first of which has a number."""
    return [
        Token(found[0], number, found.start())
        for number, line in enumerate(lines, first)
        for found in _TOKEN.finditer(line)
    ]


def moved(places: Places, path: str, old: str, edits: Iterable[Edit], new: str) -> Mapping[Start, Start]:
    """Where each token of the text ``new`` was at first that was in the text ``old``.

    ``edits`` have been made of ``old``, and what they left without use may have gone as well.
    """
    before = old.encode().splitlines()
    ordered = sorted(set(edits), key=lambda edit: edit.span)
    middle = apply(old, ordered).encode().splitlines()
    first: dict[Start, Start] = {}
    last, shift = 1, 0
    for edit in ordered:
        start, end, text = edit.span.line, edit.span.end_line, edit.text.encode().splitlines()
        first |= _unmoved(tokens(before[last - 1 : start - 1], last), shift)
        first |= _aligned(tokens(before[start - 1 : end - 1], start), tokens(text, start + shift))
        last, shift = end, shift + len(text) - (end - start)
    first |= _unmoved(tokens(before[last - 1 :], last), shift)
    known = places.get(path)
    second = _kept(middle, new.encode().splitlines())
    through = ((now, first.get(then)) for now, then in second)
    return {now: known[then] if known else then for now, then in through if then and (not known or then in known)}


def at_first(places: Places, span: Span, lines: Sequence[bytes]) -> Span | None:
    """Where the code of a span stood at first; None if all its words were written by fixes."""
    known = places.get(span.path)
    if known is None or span[1:] == (1, 0, 1, 0):
        return span
    start, end = span[1:3], span[3:]
    if start == end:
        was = known.get(start)
        return was and Span(span.path, *was, *was)
    inside = [
        token
        for token in tokens(lines[span.line - 1 : span.end_line], span.line)
        if start <= token.at < end and token.at in known
    ]
    if not any(token.text.isalnum() or b"_" in token.text for token in inside):
        return None
    first, last = known[inside[0].at], known[inside[-1].at]
    return Span(span.path, *first, last[0], last[1] + len(inside[-1].text)) if first <= last else None


def _unmoved(stretch: Iterable[Token], shift: int) -> Mapping[Start, Start]:
    return {(token.line + shift, token.column): token.at for token in stretch}


def _aligned(old: Sequence[Token], new: Sequence[Token]) -> Mapping[Start, Start]:
    matcher = SequenceMatcher(None, [token.text for token in old], [token.text for token in new])
    return {
        after.at: before.at
        for start, stop, size in matcher.get_matching_blocks()
        for before, after in zip(old[start : start + size], new[stop : stop + size], strict=True)
    }


def _kept(old: Sequence[bytes], new: Sequence[bytes]) -> Iterator[tuple[Start, Start]]:
    """Each token of new lines that the old ones have, with its place there."""
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for tag, start, end, first, last in matcher.get_opcodes():
        if tag == "equal":
            for token in tokens(new[first:last], first + 1):
                yield token.at, (token.line - first + start, token.column)
        elif tag == "replace":
            yield from _aligned(tokens(old[start:end], start + 1), tokens(new[first:last], first + 1)).items()
