"""What rules found in the facts is confirmed on the LibCST tree before anybody hears of it.

Facts come from ``ast``, which is fast and knows no comment, no parenthesis and no white space; every change is written
on the LibCST tree. So the tree of the enclosing definition must give its text back as it is, and must have a node where
the finding is: then a fix will find what the rule meant.

Verdicts are kept in the cache, and LibCST, which takes 0.2 s to import, is imported only for what is new. A verdict
from a cache that somebody made to deceive decides about showing a finding and nothing more: who edits reads the tree.
"""

from __future__ import annotations

import ast
import enum
import warnings
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cache
from hashlib import blake2b
from importlib.util import find_spec
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from debloat.facts import data
from debloat.facts.gather import processes
from debloat.facts.store import key
from debloat.model import Span

if TYPE_CHECKING:
    import libcst as cst

    from debloat.program import Program

# Below this many fragments, starting processes costs more than it saves.
_WORTH_PROCESSES = 60
_MOST_STATEMENTS = 20  # that a finding is of together
# Start and end as lines and columns, as in a span; in a fragment its first line is line 1.
Range = tuple[int, int, int, int]


class Verdict(enum.IntEnum):
    """Whether the tree has a node there; OPAQUE where the tree does not give the text back."""

    REFUSED = 0
    CONFIRMED = 1
    OPAQUE = 2


class _Fragment(NamedTuple):
    """Whole lines of a file: a definition, or with ``body`` the module or class that holds the statement."""

    text: bytes
    body: bool


class _Question(NamedTuple):
    """A place in a fragment."""

    fragment: _Fragment
    place: Range


def confirm(program: Program, spans: Collection[Span]) -> dict[Span, Verdict]:
    """Return the verdict on each span: a node must start where it starts and, if it has an extent, end where it ends.

    Comments right below each other are as one, and so are a few statements of a block. The start of a file stands for its module, which needs no node.
    """
    questions = dict(_questions(program, spans))
    if not questions:
        return dict.fromkeys(spans, Verdict.CONFIRMED)
    version = _libcst_version()
    digests = {fragment: blake2b(fragment.text).digest() for fragment, _ in questions.values()}
    keys = {
        question: key(repr((version, digests[question.fragment], question.fragment.body, question.place)).encode())
        for question in questions.values()
    }
    stored = program.verdicts.load(list(keys.values())) if program.verdicts else {}
    verdicts = {question: _VERDICTS[stored[name]] for question, name in keys.items() if stored.get(name) in _VERDICTS}
    new: dict[_Fragment, list[Range]] = defaultdict(list)
    for fragment, place in keys.keys() - verdicts.keys():
        new[fragment].append(place)
    made = dict(_judge_all(new, program.jobs))
    if program.verdicts and made:
        program.verdicts.save({keys[question]: bytes([verdict]) for question, verdict in made.items()})
    verdicts |= made
    return {span: verdicts[questions[span]] if span in questions else Verdict.CONFIRMED for span in spans}


_VERDICTS = {bytes([verdict]): verdict for verdict in Verdict}


def _libcst_version() -> bytes:
    """The file that holds LibCST's version; it is read without importing LibCST."""
    spec = find_spec("libcst")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).with_name("_version.py").read_bytes()


def _questions(program: Program, spans: Collection[Span]) -> Iterator[tuple[Span, _Question]]:
    """Each span with the smallest definition around it."""
    facts = {file.path: facts for file, facts in zip(program.files, program.facts, strict=True)}
    for path, inside in groupby(sorted(spans), key=lambda span: span.path):
        lines = program.text(path).splitlines(keepends=True)
        definitions = [scope for scope in facts[path].scopes if scope.kind in (data.FUNCTION, data.CLASS)]
        fragments: dict[tuple[int, int, bool], _Fragment] = {}
        for span in inside:
            if span[1:] == (1, 0, 1, 0):
                continue
            around = min(
                (scope for scope in definitions if scope.first_line <= span.line and span.end_line <= scope.end_line),
                key=lambda scope: scope.end_line - scope.first_line,
                default=facts[path].scopes[0]._replace(end_line=len(lines)),
            )
            body = around.kind != data.FUNCTION and (around.line, around.column) != span[1:3]
            first, last = around.first_line, around.end_line
            fragment = fragments.setdefault((first, last, body), _Fragment(b"".join(lines[first - 1 : last]), body))
            place = (span.line - first + 1, span.column, span.end_line - first + 1, span.end_column)
            yield span, _Question(fragment, place)


def _judge_all(questions: Mapping[_Fragment, list[Range]], jobs: int) -> Iterator[tuple[_Question, Verdict]]:
    judged: Iterable[list[Verdict]] = map(_judge, questions, questions.values())
    if jobs > 1 and len(questions) > _WORTH_PROCESSES:
        from concurrent.futures.process import BrokenProcessPool

        with processes(jobs) as pool, suppress(BrokenProcessPool):  # what a killed process left is judged here
            judged = list(pool.map(_judge, questions, questions.values(), chunksize=len(questions) // (jobs * 6)))
    for (fragment, places), verdicts in zip(questions.items(), judged, strict=True):
        for place, verdict in zip(places, verdicts, strict=True):
            yield _Question(fragment, place), verdict


def _judge(fragment: _Fragment, places: Sequence[Range]) -> list[Verdict]:
    lines = fragment.text.splitlines(keepends=True)
    whole = (1, len(lines))
    extents = list(_statements(fragment.text)) if fragment.body else [whole]
    ranges = cache(lambda first, last: _ranges(b"".join(lines[first - 1 : last])))
    verdicts = []
    for line, column, end_line, end_column in places:
        first, last = next(((first, last) for first, last in extents if first <= line and end_line <= last), whole)
        start = line - first + 1, len(lines[line - 1][:column].decode(errors="replace"))
        end = end_line - first + 1, len(lines[end_line - 1][:end_column].decode(errors="replace"))
        found = ranges(first, last)
        verdicts.append(Verdict.OPAQUE if found is None else Verdict((*start, *end) in found))
    return verdicts


def _statements(text: bytes) -> Iterator[tuple[int, int]]:
    """The first and last lines of the statements of a module, or of the class that is all there is of the text.

    The comments right above a statement are of it.
    """
    prefix = _prefix(text)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # invalid escapes and the like are not ours to report
        body = ast.parse(prefix + text).body
    while len(body) == 1 and isinstance(body[0], ast.If | ast.ClassDef):
        body = body[0].body
    lines = (prefix + text).splitlines()
    for statement in body:
        first = min([statement.lineno, *(node.lineno for node in getattr(statement, "decorator_list", ()))])
        above = lines[first - 1][: statement.col_offset] + b"#"
        while first > 1 and lines[first - 2].startswith(above):
            first -= 1
        yield first - len(prefix.splitlines()), (statement.end_lineno or first) - len(prefix.splitlines())


def _prefix(text: bytes) -> bytes:
    """What makes a module of indented lines; to take their indentation away would change their long strings."""
    return b"if 1:\n" if text.startswith((b" ", b"\t")) else b""


def _ranges(text: bytes) -> Collection[Range] | None:
    """Where the nodes of some lines are, each also as an empty range at its start; None if lines do not come back."""
    import libcst as cst
    from libcst.metadata import MetadataWrapper, PositionProvider

    prefix = _prefix(text)
    try:
        source = (prefix + text).decode()
        module = cst.parse_module(source)
        if module.code != source:
            return None
        positions = MetadataWrapper(module, unsafe_skip_copy=True).resolve(PositionProvider)
    except (UnicodeDecodeError, cst.ParserSyntaxError, RecursionError):
        return None
    found: set[Range] = set()
    above = len(prefix.splitlines())
    for node in positions:
        for first, last in _ends(node):
            start, end = positions[first].start, positions[last].end
            found.add((start.line - above, start.column, end.line - above, end.column))
            found.add((start.line - above, start.column, start.line - above, start.column))
        if isinstance(node, cst.IndentedBlock):
            for at, first in enumerate(node.body):
                for last in node.body[at + 1 : at + _MOST_STATEMENTS]:
                    start, end = positions[first].start, positions[last].end
                    found.add((start.line - above, start.column, end.line - above, end.column))
    comments = sorted(
        (place.start.line - above, place.start.column, place.end.column)
        for node, place in positions.items()
        if isinstance(node, cst.Comment)
    )
    return found | set(_runs(comments))


def _runs(comments: Sequence[tuple[int, int, int]]) -> Iterator[Range]:
    """The ranges of comments right below each other: (line, column, end column) of each, in order."""
    for first, (line, column, _) in enumerate(comments):
        last = first
        while last + 1 < len(comments) and comments[last + 1][:2] == (comments[last][0] + 1, column):
            last += 1
        yield line, column, comments[last][0], comments[last][2]


def _ends(node: cst.CSTNode) -> Iterator[tuple[cst.CSTNode, cst.CSTNode]]:
    """What a node begins and ends with as ``ast`` has it; nothing for a node that ``ast`` does not have."""
    import libcst as cst

    match node:
        case cst.Param():
            yield node.name, node.annotation or node.name
        case cst.BaseExpression(lpar=[left, *_], rpar=[*_, right]):
            yield node, node
            yield left, right
        case (
            cst.BaseExpression()
            | cst.BaseStatement()
            | cst.BaseSmallStatement()
            | cst.ExceptHandler()
            | cst.ImportAlias()
            | cst.MatchPattern()
            | cst.Comment()
        ):
            yield node, node
