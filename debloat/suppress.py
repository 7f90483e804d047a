"""Comments that keep code which a rule would report: ``# debloat: keep[rule, other] reason``.

Such a comment speaks for the statement it stands in (of a compound one: for the head), and on a line of its own for the
statement that follows. The head of a definition and its decorators are one. ``keep-file`` speaks for the whole file.
"""

from __future__ import annotations

import re
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO

KEEP = re.compile(r"#\s*debloat:\s*keep(-file)?\b(?:\s*\[([^\]]*)\])?\s*(.*?)\s*(?=#\s|$)")
SPACE = frozenset({tokenize.COMMENT, tokenize.NL, tokenize.INDENT, tokenize.DEDENT})


@dataclass(frozen=True, slots=True)
class Suppression:
    """One comment: its place (the column in UTF-8 bytes), the rules it names, the lines it speaks for and why.

    ``reason`` may be empty, and where the brackets are missing the one rule is "": both are for the engine to report.
    """

    line: int
    column: int
    rules: tuple[str, ...]
    reason: str
    target_lines: range
    file_wide: bool


def suppressions(text: str) -> list[Suppression]:
    """Return the suppressions in the text of a file; where it is not valid Python, those above that place."""
    found: list[Suppression] = []
    try:
        for comments, lines in _statements(text):
            found += (keep for comment in comments for keep in _keeps(comment, lines))
    except (tokenize.TokenError, SyntaxError):
        pass
    return found


def _statements(text: str) -> Iterator[tuple[list[tokenize.TokenInfo], range]]:
    """Yield the comments in and directly above each statement or head, and the lines of its code."""
    comments: list[tokenize.TokenInfo] = []
    first = 0
    starting = True
    decorator = False
    for token in tokenize.generate_tokens(StringIO(text, newline=None).readline):
        if token.type == tokenize.COMMENT:
            comments.append(token)
        elif token.type == tokenize.NEWLINE:
            starting = True
            if not decorator:
                yield comments, range(first, token.start[0] + 1)
                comments = []
                first = 0
        elif starting and token.type not in SPACE:
            starting = False
            decorator = token.string == "@"
            first = first or token.start[0]
    yield comments, range(0)


def _keeps(comment: tokenize.TokenInfo, lines: range) -> Iterator[Suppression]:
    if match := KEEP.search(comment.string):
        line, column = comment.start
        yield Suppression(
            line=line,
            column=len(comment.line[: column + match.start()].encode()),
            rules=tuple(name.strip() for name in (match[2] or "").split(",")),
            reason=match[3],
            target_lines=lines,
            file_wide=match[1] is not None,
        )
