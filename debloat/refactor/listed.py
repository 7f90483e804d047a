"""Items out of lists separated by commas: names of imports, entries of ``__all__``, targets of assignments."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Sequence

from debloat.refactor.source import Source

_REST = re.compile(rb"[ \t]*,?[ \t]*(#[^\r\n]*)?(\r\n|\r|\n)?\Z")


class Splice:
    """Whole lines of a file, from which stretches between places are taken."""

    def __init__(self, text: Source, first: int, last: int) -> None:
        self.path, self.first, self.last = text.path, first, last
        self._lines = [line.encode() for line in text.lines[first - 1 : last]]
        self.old = b"".join(self._lines)
        self._cuts: list[tuple[int, int, bytes]] = []

    def at(self, line: int, column: int) -> int:
        """The offset of a place."""
        return sum(len(before) for before in self._lines[: line - self.first]) + column

    def cut(self, start: int, end: int, put: bytes = b"") -> None:
        """Take a stretch away and put something in its place."""
        self._cuts.append((start, end, put))

    def new(self) -> str:
        """The lines without what was taken."""
        found = self.old
        for start, end, put in sorted(self._cuts, reverse=True):
            found = found[:start] + put + found[end:]
        return found.decode()

    def line_around(self, start: int, end: int) -> tuple[int, int] | None:
        """The whole lines of a stretch if nothing else but its comma and a comment stands on them."""
        begin = max(self.old.rfind(b"\n", 0, start), self.old.rfind(b"\r", 0, start)) + 1
        stop = self.old.find(b"\n", end) + 1 or len(self.old)
        continued = self.old[:begin].rstrip(b"\r\n").endswith(b"\\")
        if continued or self.old[begin:start].strip() or not _REST.match(self.old[end:stop]):
            return None
        return begin, stop


def without(splice: Splice, items: Sequence[ast.expr | ast.alias], gone: Collection[ast.expr | ast.alias]) -> None:
    """Take some items, not all, out of a list: those that have their lines for themselves with the lines."""
    places = [
        (splice.at(item.lineno, item.col_offset), splice.at(item.end_lineno or 0, item.end_col_offset or 0))
        for item in items
    ]
    index = 0
    while index < len(items):
        if items[index] not in gone:
            index += 1
            continue
        last = index
        while last + 1 < len(items) and items[last + 1] in gone:
            last += 1
        start, end = places[index][0], places[last][1]
        lines = splice.line_around(start, end)
        if lines is not None:
            splice.cut(*lines)
        elif last + 1 == len(items) or (index > 0 and _breaks(splice, end, places[last + 1][0])):
            splice.cut(places[index - 1][1], end)
        else:
            splice.cut(start, places[last + 1][0])
        index = last + 1


def _breaks(splice: Splice, start: int, end: int) -> bool:
    return b"\n" in splice.old[start:end]
