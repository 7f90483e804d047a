"""The size and complexity of one file's text."""

from __future__ import annotations

import ast
import io
import tokenize
import warnings
from collections.abc import Iterable
from typing import NamedTuple

_LAYOUT = {tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.COMMENT, tokenize.ENDMARKER}
_BEGIN = {tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT}


class Metrics(NamedTuple):
    """Lines of code (without blank ones, comments and docstrings), and what radon says: logical lines, cyclomatic complexity,
    maintainability index (100 is best), Halstead's volume, effort and delivered bugs."""

    code_lines: int
    logical_lines: int
    complexity: int
    maintainability: float
    volume: float
    effort: float
    bugs: float


NOTHING = Metrics(0, 0, 0, 100.0, 0.0, 0.0, 0.0)


def measure(text: str) -> Metrics:
    """The metrics of a text that parses."""
    from radon.metrics import h_visit_ast, mi_compute
    from radon.raw import analyze
    from radon.visitors import ComplexityVisitor

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tree = ast.parse(text)
    raw = analyze(text)
    halstead = h_visit_ast(tree).total
    complexity = ComplexityVisitor.from_ast(tree).total_complexity
    comments = 100 * (raw.comments + raw.multi) / raw.sloc if raw.sloc else 0
    index = mi_compute(halstead.volume, complexity, raw.lloc, comments)
    return Metrics(len(code_lines(text)), raw.lloc, complexity, index, halstead.volume, halstead.effort, halstead.bugs)


def total(several: Iterable[Metrics]) -> Metrics:
    """The sums over files, and the mean of the maintainability index by logical lines."""
    metrics = [*several]
    if not metrics:
        return NOTHING
    code, logical, complexity, _, *halstead = map(sum, zip(*metrics, strict=True))
    weighed = sum(one.maintainability * one.logical_lines for one in metrics)
    return Metrics(code, logical, complexity, weighed / logical if logical else 100.0, *halstead)


def code_lines(text: str) -> set[int]:
    """The lines on which there is code: no blank ones, comments and docstrings. The text may be a part of a file."""
    found: set[int] = set()
    begins = True
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type not in _LAYOUT:
                if not (begins and token.type == tokenize.STRING):
                    found.update(range(token.start[0], token.end[0] + 1))
                begins = False
            elif token.type in _BEGIN:
                begins = True
    except (tokenize.TokenError, IndentationError):
        pass  # a part of a statement
    return found
