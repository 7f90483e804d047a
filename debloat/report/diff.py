"""What a fix changes, as a patch that ``git apply`` and ``patch`` take."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping


def render(changed: Mapping[str, tuple[bytes, bytes | None]], prefix: str) -> Iterator[bytes]:
    """Yield the differences between the old and new contents of files, in the order of their paths.

    As git does it, paths start with ``prefix``, which leads from the top of the checkout to the project.
    """
    for path, (old, new) in sorted(changed.items()):
        before, after = _named(f"a/{prefix}{path}"), _named(f"b/{prefix}{path}")
        yield b"diff --git " + before + b" " + after + b"\n"
        tab = end = b"\t" if b" " in before else b""  # with which patch knows where a name ends
        if new is None:
            # the mode is not told: git warns of another one and deletes the file all the same
            yield b"deleted file mode 100644\n"
            after, end = b"/dev/null", b""
        for line in difflib.diff_bytes(
            difflib.unified_diff, _lines(old), _lines(new or b""), before + tab, after + end
        ):
            yield line if line.endswith(b"\n") else line + b"\n\\ No newline at end of file\n"


def _lines(content: bytes) -> list[bytes]:
    lines = content.split(b"\n")
    return [line + b"\n" for line in lines[:-1]] + [line for line in lines[-1:] if line]


def _named(path: str) -> bytes:
    """A path as git writes it: quoted if it holds what would be taken for something else."""
    name = path.encode(errors="surrogateescape")
    if all(32 <= byte < 127 and byte not in b'"\\' for byte in name):
        return name
    quoted = {ord('"'): b'\\"', ord("\\"): b"\\\\", ord("\n"): b"\\n", ord("\t"): b"\\t"}
    plain = (quoted.get(byte, b"%c" % byte if 32 <= byte < 127 else b"\\%03o" % byte) for byte in name)
    return b'"' + b"".join(plain) + b'"'
