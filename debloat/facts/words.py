"""The words of prose and of names, brought to forms in which both can be compared."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import cache

# Words that say nothing of their own beside code.
EMPTY = frozenset(
    """
    a an the this these those it its itself he she they them their our we us you your i my me of to in on at by for from
    with into onto as and or is are be been was were being am has have had having do does did done will would let lets here
    there so-called all any each every some one single both whole given specified provided passed supplied named called
    certain specific directly properly correctly appropriate corresponding respective current new actual relevant necessary desired particular individual
    following various basic simple correct right proper old existing main helper utility use uses used using via up out over through per object instance
    represent represents representing represented contain contains containing hold holds holding
    whether up-to information info details just simply also own set-up ok optional optionally function's method's
    """.split()
)
# Words that give a reason, a condition, a contrast or a limit, or are for tools: with them a text says more than the code.
REASONS = frozenset(
    """
    what which whose who whom that than how because so hence thus therefore why reason unless otherwise else instead rather but however although though despite
    unlike never always ever only not no nor neither non without cannot can can't don't doesn't won't isn't aren't shouldn't
    must should shall may might could need needs avoid avoids prevent prevents allow allows ensures guarantee guarantees note
    todo fixme xxx hack bug workaround careful beware caution warning important deprecated due even too see example eg ie
    copyright license licence author noqa nosec nosonar pragma pylint flake8 mypy pyright ruff isort yapf noinspection
    region endregion debloat skipcq nopycln cython coverage codespell
    """.split()
)
# Words that tell something even where the rest of a text is no news: when, where and in which order something is done.
_TELLING = frozenset(
    """
    if when while until before after then between against outside inside within beside like per first last next again once twice
    missing invalid empty unique same different ascending descending reverse reversed least most more less raw
    seconds minutes hours days milliseconds ms bytes kb mb gb percent characters direct global singleton optional regardless
    """.split()
)
# What a narrator begins with.
_NARRATING = frozenset("now next then finally first lastly here".split())
_GROUPS = """
get fetch retrieve return obtain extract give load determine compute calculate look select pick read access grab take yield find
create make build construct generate initialise initialize init prepare instantiate define declare set assign
check verify validate test whether confirm
remove delete clear drop discard pop
run execute call invoke perform start launch trigger do
print show display output echo
write save store persist dump
convert transform parse serialise serialize cast encode decode translate turn
add append insert push include
update change modify
iterate loop go each walk traverse process
raise throw
stop exit quit break
merge combine join concatenate concat
count number length size len total
error exception failure fail exc
file path filename
directory folder
item entry element
text string
argument parameter
message msg
dictionary mapping
exist has
sort order arrange
"""
_VERBS = 14  # of these groups, the first
_SHORT = {
    "arg": "argument", "args": "argument", "attr": "attribute", "attrs": "attribute", "char": "character", "circular": "cycle", "cyclic": "cycle", "cfg": "config",
    "cls": "class", "cmd": "command", "conf": "config", "configuration": "config", "conn": "connection", "ctx": "context",
    "db": "database", "deps": "dependency", "dest": "destination", "dict": "dictionary", "dir": "directory",
    "dirs": "directory", "doc": "document", "dumps": "serialize", "env": "environment", "err": "error", "exc": "exception", "func": "function",
    "fmt": "format", "fn": "function", "identifier": "id", "ids": "id", "stats": "statistics", "idx": "index", "img": "image", "int": "integer", "kwargs": "argument",
    "loads": "parse", "lookup": "look", "msg": "message", "num": "number", "obj": "object", "param": "parameter", "params": "parameter",
    "pkg": "package", "prev": "previous", "proc": "process", "qty": "quantity", "req": "request", "resp": "response",
    "ret": "return", "repo": "repository", "setup": "set", "str": "string", "temp": "temporary", "tmp": "temporary",
    "val": "value", "var": "variable", "vars": "variable",
}  # fmt: skip
_NAME = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[^\W\d_]+|\d+")
_ENDINGS = re.compile(
    r"(?:ations?|ators?|ating|ated?|ates|ments?|encies|ency|ences?|ents?|ances?|ants?|ions?|ings?|ful(?:ly)?|ers?|ors?|ed|es|e|s|y|ies)$"
)
_NO_ENDINGS = frozenset(
    "settings setting string strings thing things during nothing something this status class".split()
)


@cache
def stem(word: str) -> str:
    """What a word has in common with its plural and with what else is made of it."""
    word = _SHORT.get(word, word)
    if word in _NO_ENDINGS:
        return word.removesuffix("s") if word[-2:] != "ss" and word != "status" else word
    word = word.replace("ise", "ize") if len(word) > 5 else word
    while True:
        found = _ENDINGS.search(word)
        if found is None or found.start() < 3 or (found[0] == "s" and word[-2:] in ("ss", "us", "is")):
            return word
        word = word[: found.start()]
        if len(word) > 3 and word[-1:] == word[-2:-1] and word[-1:] not in "aeiouls":
            word = word[:-1]


_SAME = {stem(word): line.split()[0] for line in _GROUPS.strip().split("\n") for word in line.split()}

_ACTS = frozenset(line.split()[0] for line in _GROUPS.strip().split("\n")[:_VERBS]) | frozenset(
    map(
        stem,
        "use track flush reset filter fetch sync register apply enable disable resolve handle sort copy move close open".split(),
    )
)
_SPELLED = frozenset({*_SAME.values(), *map(stem, _SHORT.values())})


@cache
def concept(word: str) -> str:
    """What a word stands for: the stem of it, or the first of those that mean the same."""
    found = stem(word.lower())
    return _SAME.get(found, found)


@cache
def parts(name: str) -> frozenset[str]:
    """What the words stand for that a name is made of."""
    words = [found.lower() for found in _NAME.findall(name)]
    return frozenset(map(concept, (*words, *(["".join(words)] if len(words) > 1 else []))))


_PROSE = re.compile(r"[^\W_]+(?:['_-][^\W_]+)*")
_JOINT = re.compile(r"[_-]")
# What asks needs an ``if`` or ``that`` to say what it asks.
_ASKING = re.compile(
    r"\b(checks?|sees?|tests?|returns?|true|false|tells?|determines?|verify|verifies|ensures?) (?:if|that|whether)\b",
    re.IGNORECASE,
)


# What a text adds that is done only where it has not been done: ``exists`` in the code says so.
_IF_ABSENT = re.compile(
    r"\bif (?:it|they|one|the \w+|that)?\s*(?:does|do|is|are)(?:n't| not) (?:already )?(?:exists?|there|present)\b",
    re.IGNORECASE,
)


def content(text: str) -> list[str] | None:
    """The words of a text that say something, in lower case; None if one of them says more than code can."""
    words = [
        word.lower() for word in _PROSE.findall(_IF_ABSENT.sub("exist", _ASKING.sub(r"\1", text.replace("`", ""))))
    ]
    if words and words[0] in _NARRATING:
        words = words[1:]
    if not REASONS.isdisjoint(words):
        return None
    return [word for word in words if word not in EMPTY]


def is_act(word: str) -> bool:
    """Whether a word is one of those by which code is said to do something, or ends like one."""
    return concept(word) in _ACTS or word.endswith(("ize", "ise", "ate", "ify"))


def tells(word: str) -> bool:
    """Whether a word, as it is written, is a name, or tells when, where or how something is done."""
    return not word.islower() or word in _TELLING or "-" in word or word.endswith("ly")


def unsaid(word: str, known: Collection[str]) -> bool:
    """Whether a word stands for something that is not among what is known."""
    if concept(_JOINT.sub("", word)) in known:
        return False
    pieces = _JOINT.split(word)
    return len(pieces) == 1 or any(piece not in EMPTY and concept(piece) not in known for piece in pieces)


@cache
def sign(word: str) -> bytes:
    """Letters without which a name cannot mean a word; none where names that mean it are spelled otherwise."""
    found = concept(word)
    return b"" if found in _SPELLED else found[:3].encode()
