"""What a fix changes, as a patch that ``git apply`` and ``patch`` take."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping

from debloat.source import decode


def render(changed: Mapping[str, tuple[bytes, bytes | None]]) -> Iterator[str]:
    """Yield the differences between the old and new contents of files, in the order of their paths."""
    for path, (old, new) in sorted(changed.items()):
        before, after = _lines(old), _lines(new) if new is not None else []
        target = f"b/{path}" if new is not None else "/dev/null"
        for line in difflib.unified_diff(before, after, f"a/{path}", target):
            yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def _lines(content: bytes) -> list[str]:
    return [line.decode() for line in decode(content).text.encode().splitlines(keepends=True)]
