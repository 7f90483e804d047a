"""Comments on lines of their own that are no prose: titles of sections between rules, and code that was commented out."""

from __future__ import annotations

import ast
import builtins
import re
import textwrap
import warnings
from bisect import bisect_right
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from debloat.facts.data import Remark
from debloat.facts.restating import blocks, first_line, said
from debloat.facts.words import concept, content, unsaid

TITLE, CODE = range(2)

_LINES = re.compile(rb"^([ \t]*)#[^\n]*(?:\n\1#[^\n]*)*", re.MULTILINE)
_RULE = r"[-=*#~_+\u2500\u2501\u2550\u2014]"
_BARE = re.compile(rf"#[ \t]*(?:({_RULE})\1{{4,}})[ \t#]*$")
_BETWEEN = re.compile(rf"#[ \t]*({_RULE})\1+[ \t]*([^\W_].*?)[ \t]*({_RULE})\3{{2,}}[ \t#]*$")
_UNDERLINED = re.compile(r"#{1,3}[ \t]*([^\W_].*?)[ \t]*#*$")
_NUMBER = re.compile(r"(?:(?:step|phase|part|section)\s+)?\d+\s*[.):]?\s*(?:[-\u2013\u2014]\s*)?", re.IGNORECASE)
_WORDS = re.compile(r"[^\W\d_][\w /&,'-]*")
_MOST_WORDS = 6
# What stands over some part of almost every file.
_GENERIC = frozenset(
    map(
        concept,
        """
        helpers utilities utils internals internal private public api constants types type aliases config configuration
        settings main entry point points cli commands classes functions methods properties models imports exports setup
        initialization lifecycle core common misc miscellaneous other data logging exceptions errors globals variables
        section interface definitions module code implementation fields attributes accessors state support magic special
        dunder construction constructors factory factories
        """.split(),
    )
)
# How the first line of code begins. What is only named, compared or annotated may be prose.
_BEGINS = re.compile(
    r"(?:[\w.]+(?:\[[^\]]*\])?(?:, *[\w.]+)* *(?:: *[\w\[\]., |\"']+)?[-+*/|&%]?= *[^= ]|(?:await +)?[\w.]+\(|import +\w|from +[\w.]+ +import|"
    r"@\w|(?:async +)?(?:def|class|for|with) |(?:if|while|elif) .*:|else:|try:|except\b.*:|return +[\w.]+[(\[]|raise +\w+\(|del +\w)"
)
# What is called to look at something, and said of it in prose.
_ASKING = frozenset(
    {"isinstance", "issubclass", "callable", "hasattr", "len", "type", "all", "any", "bool", "str", "int", "list"}
)
_BUILTINS = frozenset(dir(builtins)) | {"self", "cls"}


class _Gap(NamedTuple):
    """A place between statements: those that follow in the block, whether anything stands above it in the file.

    ``shown`` says that it is of what a module does as a script, which is often only a demonstration.
    """

    following: Sequence[ast.stmt]
    below: bool
    shown: bool = False


def remarks(tree: ast.Module, source: bytes, lines: Sequence[bytes], names: Collection[str]) -> Iterator[Remark]:
    """The titles between rules and the code in comments of a file whose names are given."""
    if b"\r" in source.replace(b"\r\n", b""):
        return  # Python ends lines there too
    line, at = 1, 0
    for found in _LINES.finditer(source):
        line, at = line + source.count(b"\n", at, found.start()), found.start()
        try:
            texts = [text.strip() for text in found[0].decode().split("\n")]
        except UnicodeDecodeError:
            continue
        title = _title(texts)
        if title is None and not _is_code(texts, names):
            continue
        gap = _gap(tree.body, line, lines)
        if gap is None or not gap.below or (title is None and gap.shown):
            continue
        kind, says = (CODE, "") if title is None else (TITLE, _own(title, gap.following))
        last = line + len(texts) - 1
        yield Remark(kind, line, len(found[1]), last, len(lines[last - 1].rstrip()), says)


def _title(texts: Sequence[str]) -> str | None:
    """The title that lines of comment are no more than a frame of, empty for a mere rule; None for anything else."""
    match [(text, _BARE.match(text) is not None) for text in texts]:
        case [(_, True)]:
            return ""
        case [(text, False)] if found := _BETWEEN.match(text):
            title = found[2]
        case [(_, True), (text, False), (_, True)] | [(text, False), (_, True)] if found := _UNDERLINED.match(text):
            title = found[1]
        case _:
            return None
    title = _NUMBER.sub("", title, count=1)
    short = (
        len(title.split()) <= _MOST_WORDS and title.lower() != "command"
    )  # which divides the notebooks of Databricks
    return title if short and _WORDS.fullmatch(title) and content(title) is not None else None


def _own(title: str, following: Sequence[ast.stmt]) -> str:
    """A title, or nothing if all its words are general or among the names of what it heads."""
    words = [word for word in content(title) or () if concept(word) not in _GENERIC]
    return title if words and any(unsaid(word, said(*following)[0]) for word in words) else ""


def _is_code(texts: Sequence[str], names: Collection[str]) -> bool:
    """Whether lines of comment are statements of which the file has the names."""
    bare = [text[1:] for text in texts]
    code = textwrap.dedent("\n".join(bare))
    if not _BEGINS.match(code) or any(text[:2] in ("#!", "#:", "##") for text in texts):
        return False
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            body = ast.parse(code).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return bool(body) and all(_does(node) for node in body) and _is_at_home(body, names)


def _does(node: ast.stmt) -> bool:
    """Whether what parses as a statement is hardly anything else: ``note: this`` parses, and so does ``a = b`` in prose."""
    match node:
        case ast.Expr(value=ast.Call(func=ast.Name(id=name))):
            return name not in _ASKING
        case ast.Expr(value=ast.Call() | ast.Await(value=ast.Call())):
            return True
        case ast.Expr() | ast.AnnAssign(value=None) | ast.Pass() | ast.Global() | ast.Nonlocal():
            return False
    return True


def _is_at_home(body: Sequence[ast.stmt], names: Collection[str]) -> bool:
    """Whether the file has the names that code reads: all of them in a line or two, half of them in more."""
    read, own = set(), set()
    for node in ast.walk(ast.Module([*body], [])):
        match node:
            case ast.Name(id=name, ctx=ast.Load()):
                read.add(name)
            case ast.Name(id=name) | ast.arg(arg=name):
                own.add(name)
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                own.add(name)
            case ast.alias(name=name, asname=asname):
                own.add(asname or name.partition(".")[0])
    read -= own.difference(names)
    known = {name for name in read if name in names or name in _BUILTINS}
    imports = any(isinstance(node, ast.Import | ast.ImportFrom) for node in body)
    bound = own & {*names} or imports or any(not isinstance(node, ast.Assign) for node in body)
    several = len(body) > 1 or hasattr(body[0], "body")
    return bool(read or imports) and bool(bound) and (read == known or (several and 2 * len(known) >= len(read)))


def _gap(body: Sequence[ast.stmt], line: int, lines: Sequence[bytes]) -> _Gap | None:
    """The place between statements that a line is at; None inside of a statement, where it may be of a string."""
    block, outer, shown = body, False, False
    while True:
        position = bisect_right(block, line, key=first_line)
        if position == 0:
            return _Gap(block, outer, shown)
        node = block[position - 1]
        inner = [*blocks(node)]
        if (node.end_lineno or 0) < line:
            return _Gap(block[position:], True, shown)
        if not inner:
            return None
        shown = shown or (isinstance(node, ast.If) and ast.unparse(node.test).startswith("__name__ =="))
        begun = [inside for inside in inner if first_line(inside[0]) <= line]
        if not begun:
            head = b"\n".join(lines[first_line(node) - 1 : line - 1])
            return (
                None
                if b'"""' in head or b"'''" in head or b"\\\n" in head.replace(b"\r", b"")
                else _Gap(inner[0], True, shown)
            )
        block, outer = begun[-1], True
