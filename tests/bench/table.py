"""A table of text."""

from __future__ import annotations

from collections.abc import Sequence


def print_table(title: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print the rows below their title: the first column to the left, the others to the right."""
    widths = [max(map(len, column)) for column in zip(title, *rows, strict=True)]
    for row in (title, ["-" * width for width in widths], *rows):
        cells = [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]
        print(f"| {' | '.join(cells)} |")
    print(flush=True)
