"""Comments and docstrings of which every word stands in the code beside them."""

from __future__ import annotations

import ast
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, pairwise
from typing import NamedTuple

from debloat.facts.data import Restating
from debloat.facts.words import concept, content, is_act, parts, sign, tells, unsaid
from debloat.facts.writer import place

# A comment of words and nothing else.
_COMMENT = re.compile(rb"#[ \t]*([A-Za-z](?:[A-Za-z_`, /-]|(?<=[a-z])'(?=[a-z])){2,70})[.!]*[ \t]*\r?$", re.MULTILINE)
_MOST_WORDS = 7
_SENTENCE = 3  # words that say more than a label even without a verb
# What any constant is called.
_OF_ALL = frozenset(map(concept, "constants settings configuration options parameters values defaults".split()))
_NAMED_BESIDE = 2  # words in names beside which one of a comment's own says nothing new
_SHORT_RUN = 4  # simple statements that a comment above them may be of together
# A docstring with any of these says what names do not.
_CODE = re.compile(r">>>|\w\.\w|::|://|\.\. |[@#<>{}$%&|\\;?!]")
# The marks of the styles of Sphinx, Google and NumPy.
_MARKS = re.compile(
    r"^[ \t]*(?::(?:param|parameter|arg|argument|type|returns?|rtype|yields?|raises?)\b"
    r"|(?:Args|Arguments|Parameters|Returns?|Yields?|Raises):?[ \t]*$|-{3,}[ \t]*$)",
    re.MULTILINE,
)
_ASKS = re.compile(r"_*(?:is|has|are|can|should|in)_")
_LONGEST_DOCSTRING = 1500
_MOST_FROM_BODY = 2  # words that the signature does not have
Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
_MOST_FROM_KIND = 2
_MOST_FROM_CLASS = 2
_MEMBERS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_BLOCKS = frozenset({"body", "orelse", "finalbody", "handlers", "cases"})
_NAMED: dict[type[ast.AST], str] = {
    ast.Name: "id", ast.Attribute: "attr", ast.arg: "arg", ast.alias: "name", ast.keyword: "arg",
    ast.FunctionDef: "name", ast.AsyncFunctionDef: "name", ast.ClassDef: "name",
}  # fmt: skip
_LONGEST_STRING = 40
_NOTHING: frozenset[str] = frozenset()
# What kinds of code say without a name.
_SAYS: dict[type[ast.AST], frozenset[str]] = {
    kind: frozenset(map(concept, words.split()))
    for kinds, words in (
        ((ast.Assign, ast.AnnAssign), "set get update parse"),
        ((ast.AugAssign,), "update add increment increase decrement count"),
        ((ast.Call,), "run"),
        ((ast.Return,), "return result value"),
        ((ast.Yield, ast.YieldFrom), "yield"),
        ((ast.If, ast.IfExp, ast.Assert, ast.Compare, ast.BoolOp), "check true false"),
        ((ast.For, ast.AsyncFor, ast.While, ast.comprehension), "iterate"),
        ((ast.Raise,), "raise error"),
        ((ast.Delete,), "delete"),
        ((ast.Break,), "break loop"),
        ((ast.Continue,), "continue skip loop"),
        ((ast.List, ast.ListComp), "list"),
        ((ast.Dict, ast.DictComp), "dict"),
        ((ast.Tuple,), "tuple pair"),
        ((ast.JoinedStr,), "string format"),
        ((ast.Add,), "add"),
        ((ast.Sub,), "subtract"),
        ((ast.Is, ast.IsNot, ast.In, ast.NotIn), "exists"),
    )
    for kind in kinds
}
_SAID = frozenset({*chain.from_iterable(_SAYS.values()), *map(concept, ("class", "none"))})


def comments(tree: ast.Module, source: bytes, lines: Sequence[bytes]) -> Iterator[Restating]:
    """The comments that restate the statement right below, or the one that they stand behind."""
    if b"\r" in source.replace(b"\r\n", b""):
        return  # Python ends lines there too
    line, at = 1, 0
    for found in _COMMENT.finditer(source):
        spoken = found[1].decode().lower().split()
        words = content(found[1].decode())
        if words is None or "or" in spoken or not 1 < len(set(words)) <= _MOST_WORDS:
            continue  # what names alternatives says what they are there for
        line, at = line + source.count(b"\n", at, found.start()), found.start()
        start = source.rfind(b"\n", 0, at) + 1
        before = source[start:at]
        behind = bool(before.strip())
        if behind:
            statement = None if b"#" in before else _statement(tree.body, line, last=True)
            if statement is None or statement.run[0].end_col_offset > len(before):  # type: ignore[operator]
                continue
        else:
            above = source[source.rfind(b"\n", 0, max(start - 1, 0)) + 1 : start]
            below = source[found.end() + 1 : source.find(b"\n", found.end() + 1)]
            if above.lstrip()[:1] == b"#" or below.lstrip()[:1] in (b"", b"#") or below.lstrip()[:4] == b"elif":
                continue
            statement = _statement(tree.body, line + 1)
        if statement is None or isinstance(statement.run[0], ast.Import | ast.ImportFrom):
            continue
        node = statement.run[0]
        headed = [node] if behind else list(_headed(statement.run, lines))
        if len(headed) > 1 and (not statement.in_function or isinstance(node, _MEMBERS)):
            if not _are_named(headed, words):
                continue  # it is of all of them
        elif len(headed) > _SHORT_RUN or any(map(_has_blocks, headed)):
            headed = [node]
        code = b"\n".join(lines[first_line(node) - 1 : headed[-1].end_lineno]).lower()
        if sum(_lacks(code, word) for word in {*words}) > 1:
            continue
        names, kinds = said(*headed)
        known = names | kinds
        if len(headed) > 1 and not statement.in_function:
            known |= _OF_ALL
        left = [word for word in dict.fromkeys(words) if unsaid(word, known)]
        named = [word for word in {*words} if not unsaid(word, names)]
        acts = any(map(is_act, (spoken[0], words[0])))
        if len({*words}) < _SENTENCE and not acts and not behind and not _is_name(node, words) and len(headed) == 1:
            continue  # a label
        if left:
            told = tells(_written(left[0], found[1].decode()))
            if len(left) > 1 or told or not acts or behind or len(named) < _NAMED_BESIDE:
                continue
        elif not named and not isinstance(node, ast.Return):
            continue
        yield Restating(-1, line, len(before), line, len(before) + len(found[0].rstrip()), node.lineno, "".join(left))


def _written(word: str, text: str) -> str:
    """A word as a text writes it."""
    found = re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text, re.IGNORECASE)
    return found[0] if found else word


def _are_named(nodes: Sequence[ast.stmt], words: Sequence[str]) -> bool:
    """Whether the names of some constants tell what they have in common: each word is in one of them, and one in most."""
    targets = [node.targets[0] for node in nodes if isinstance(node, ast.Assign) and len(node.targets) == 1]
    names = [parts(target.id) for target in targets if isinstance(target, ast.Name)]
    return (
        len(names) == len(nodes)
        and any(2 * sum(not unsaid(word, name) for name in names) > len(names) for word in words)
        and all(concept(word) in _OF_ALL or any(not unsaid(word, name) for name in names) for word in words)
    )


def _is_name(node: ast.stmt, words: Sequence[str]) -> bool:
    """Whether words are the name that a statement assigns or defines, and no more."""
    target = node.targets[0] if isinstance(node, ast.Assign) else node
    name = getattr(target, _NAMED.get(type(target), ""), "")
    return set(map(concept, words)) == {concept(part) for part in re.findall("[a-z]+", name.lower())}


def _lacks(code: bytes, word: str) -> bool:
    """Whether a glance at code in lower case shows that nothing in it stands for a word."""
    return sign(word) not in code and concept(word) not in _SAID


class _Found(NamedTuple):
    """A statement with those that follow in its block."""

    run: Sequence[ast.stmt]
    in_function: bool


def _statement(body: Sequence[ast.stmt], line: int, *, last: bool = False) -> _Found | None:
    """The statement that begins on a line, or is all on it."""
    block = body
    in_function = False
    while True:
        position = bisect_right(block, line, key=first_line) - 1
        if position < 0:
            return None
        node = block[position]
        if first_line(node) == line:
            return _Found(block[position:], in_function) if not last or node.end_lineno == line else None
        inner = [inside for inside in blocks(node) if first_line(inside[0]) <= line]
        if (node.end_lineno or 0) < line or not inner:
            return None
        block = inner[-1]
        in_function = not isinstance(node, ast.ClassDef) if isinstance(node, _MEMBERS) else in_function


def blocks(node: ast.AST) -> Iterator[list[ast.stmt]]:
    """The blocks of statements in a node, in the order of the text."""
    for field in ("body", "handlers", "orelse", "finalbody", "cases"):
        for child in getattr(node, field, ()):
            if isinstance(child, ast.ExceptHandler | ast.match_case):
                yield child.body
        if isinstance(block := getattr(node, field, None), list) and block and isinstance(block[0], ast.stmt):
            yield block


def first_line(node: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return decorators[0].lineno if decorators else node.lineno


def _has_blocks(node: ast.stmt) -> bool:
    return not _BLOCKS.isdisjoint(node._fields)


def _headed(run: Sequence[ast.stmt], lines: Sequence[bytes]) -> Iterator[ast.stmt]:
    """The statements of a run up to the next blank line or comment."""
    yield run[0]
    for before, after in pairwise(run):
        if any(line.strip()[:1] in (b"", b"#") for line in lines[before.end_lineno or 0 : first_line(after) - 1]):
            return
        yield after


def said(*nodes: ast.AST, whole: bool = False) -> tuple[set[str], set[str]]:
    """What the names in code stand for, and what the kinds of code say; of blocks only those of one statement if not ``whole``."""
    names: set[str] = set()
    kinds: set[str] = set()
    waiting = list(nodes)
    while waiting:
        node = waiting.pop()
        kind = type(node)
        kinds |= _SAYS.get(kind, _NOTHING)
        if named := _NAMED.get(kind):
            names |= parts(getattr(node, named) or "")
        elif kind is ast.Constant:
            match node.value:  # type: ignore[attr-defined]
                case str(text) if len(text) < _LONGEST_STRING:
                    names |= parts(text)
                case True | False | None as value:
                    kinds.add(concept(str(value).lower()))
                case int(value):
                    names.add(str(value))
        elif kind is ast.Call and getattr(node.func, _NAMED.get(type(node.func), ""), "")[:1].isupper():  # type: ignore[attr-defined]
            kinds.add("create")
        for field in node._fields:
            child = getattr(node, field)
            if isinstance(child, ast.AST):
                waiting.append(child)
            elif isinstance(child, list):
                alone = field == "body" and len(child) == 1 and not isinstance(node, _MEMBERS)
                if whole or field not in _BLOCKS or alone:
                    waiting += [item for item in child if isinstance(item, ast.AST)]
    return names, kinds


def docstrings(
    bodies: Sequence[tuple[int, int, Definition]], lines: Sequence[bytes], modules: Iterable[str]
) -> Iterator[Restating]:
    """The docstrings that restate signature and body, of definitions with their scopes and those around.

    The names of the modules that the file imports are no news either.
    """
    imported = set[str]().union(*map(parts, modules))
    nodes = {scope: node for scope, _, node in bodies}
    members: dict[int, set[str]] = {}
    for scope, around, node in bodies:
        match node.body:
            case [ast.Expr(value=ast.Constant(value=str(text)) as value), _, *_]:
                pass
            case _:
                continue
        words = content(_MARKS.sub("", text)) if len(text) < _LONGEST_DOCSTRING and not _CODE.search(text) else None
        if not words:
            continue
        cls = nodes.get(around)
        name = parts(node.name) | (parts(cls.name) if isinstance(cls, ast.ClassDef) else _NOTHING)
        if all(unsaid(word, name) for word in words):
            continue
        code = b"\n".join(
            (*lines[node.lineno - 1 : value.lineno - 1], *lines[value.end_lineno : node.end_lineno])
        ).lower()
        if sum(_lacks(code, word) for word in set(words)) > (_MOST_FROM_CLASS if isinstance(cls, ast.ClassDef) else 1):
            continue
        signature, kinds = said(*_head(node))
        signature |= name
        if isinstance(node, ast.ClassDef):
            kinds.add("class")
        elif _ASKS.match(node.name):
            kinds |= _SAYS[ast.If]
        elif not {"to", "as", "from"}.isdisjoint(signature):
            kinds.add("convert")
        left = [word for word in dict.fromkeys(words) if unsaid(word, signature)]
        most = _MOST_FROM_BODY + len(_MARKS.findall(text))
        if len(left) > most + _MOST_FROM_KIND:
            continue
        names, more = said(*node.body[1:], whole=not isinstance(node, ast.ClassDef))
        left = [word for word in left if unsaid(word, kinds | more)]
        if len(left) > most or 2 * len(left) > len(set(words)):
            continue
        if isinstance(cls, ast.ClassDef):
            if around not in members:
                members[around] = said(*cls.body)[0]
            names |= members[around]
        match [word for word in left if unsaid(word, names | imported)]:
            case []:
                yield Restating(scope, *place(value), node.lineno, "")
            case [missing]:
                yield Restating(scope, *place(value), node.lineno, _written(missing, text))


def _head(node: Definition) -> list[ast.AST]:
    """What stands in the head of a definition beside its name."""
    if isinstance(node, ast.ClassDef):
        return [*node.bases]
    return [node.args, *([node.returns] if node.returns else [])]
