"""What a finding is known by when lines have moved, files have other names and the code has been formatted anew."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from hashlib import blake2b
from inspect import cleandoc
from typing import TYPE_CHECKING

from debloat.model import Finding, Span

if TYPE_CHECKING:
    from debloat.program import Program

# Lines that a statement is looked for in
_STATEMENT = 30


def fingerprints(program: Program, rule: str, findings: Sequence[Finding]) -> Iterator[str]:
    """Yield the fingerprint of each of a rule's findings, which are in the order of their places.

    It is made of the rule, the symbol without the module, the meaning of the code that was found, and, where these are equal,
    of how many came before. It is the same under every Python, and says nothing of messages, files and lines.
    """
    lines = program.ask(_lines)
    seen: Counter[str] = Counter()
    for finding in findings:
        module, _, name = finding.symbol.partition(":")
        code = _meaning(_code(finding.span, lines(finding.span.path)))
        content = f"{rule}\0{name if name or code else module.rpartition('.')[2]}\0{code}"
        seen[content] += 1
        yield blake2b(f"{content}\0{seen[content]}".encode(errors="surrogatepass"), digest_size=16).hexdigest()


def meaning(code: str) -> str | None:
    """What a piece of code says without what a formatter may change; None if it is neither an expression nor statements.

    A clause of a statement may be alone, as ``except`` or a parameter.
    """
    margin = code[: len(code) - len(code.lstrip())]
    for text in (f"(lambda: {code}\n)", code, f"{margin}try: 0\n{code}"):
        try:
            return " ".join(_said(_parsed(text))) or None
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
    return None


def _parsed(text: str) -> list[ast.stmt]:
    if not text[:1].isspace():
        return ast.parse(text).body
    (block,) = ast.parse(f"if 1:\n{text}").body
    assert isinstance(block, ast.If)
    return block.body


def _meaning(codes: Sequence[str]) -> str:
    """The meaning of the first that has one, else the words of the shortest."""
    return next((said for code in codes if (said := meaning(code)) is not None), " ".join(codes[0].split()))


def _code(span: Span, lines: Sequence[bytes]) -> list[str]:
    """The text of a span, behind as much space as there is before it.

    Of a span without width it is that of the statement, which is one of some, and none at the start of a file, which
    stands for the module.
    """
    if span[1:] == (1, 0, 1, 0):
        return [""]
    first, *more = lines[span.line - 1 : max(span.end_line, span.line + _STATEMENT)] or [b""]
    before = first[: span.column]
    first = (before if before.isspace() else b" " * span.column) + first[span.column :]
    if span[1:3] == span[3:]:
        return [_text([first, *more[:end]]) for end in range(len(more) + 1)]
    if span.line == span.end_line:
        return [_text([first[: span.end_column]])]
    rest = more[: span.end_line - span.line]
    return [_text([first, *rest[:-1], rest[-1][: span.end_column]])]


def _text(lines: Iterable[bytes]) -> str:
    return b"\n".join(lines).decode(errors="replace")


def _lines(program: Program) -> Callable[[str], list[bytes]]:
    return cache(lambda path: program.text(path).splitlines())


def _said(value: object) -> Iterable[str]:
    """The words of a tree without places. What is not there is left out, as newer versions have more that may be there."""
    match value:
        case ast.Expr(ast.Constant(str(text))):
            yield repr(cleandoc(text))
        case ast.AST():
            yield type(value).__name__
            for name, field in ast.iter_fields(value):
                if field is not None and field != [] and name not in ("ctx", "kind"):
                    yield name
                    yield from _said(field)
            yield "."
        case list():
            for item in value:
                yield from _said(item)
        case _:
            yield repr(value)
