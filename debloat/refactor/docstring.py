"""What a docstring says of one parameter, in the styles of Google, NumPy and Sphinx."""

from __future__ import annotations

import re
from collections.abc import Sequence

_SECTION = re.compile(r"(Args|Arguments|Parameters|Params|Other Parameters|Keyword Args|Keyword Arguments):?\s*$")
_ATTRIBUTES = re.compile(r"(Attributes|Fields):?\s*$")
_RETURNS = re.compile(r"Returns?:?\s*$")
_SENTENCE = re.compile(r"Returns?\s\S")
_RESULT = re.compile(r"[:@](?:returns?|rtype)\b[^:]*:")
_OPENED = re.compile(r"[a-zA-Z]*(\"{3}|'{3}|[\"'])")
_RULE = re.compile(r"-{3,}\s*$")
_FIELD = re.compile(
    r"[:@](?:param|parameter|arg|argument|key|keyword|type|paramtype)\s+(?:[^:]*\s)?\\?\*{0,2}(\w+)\s*:"
)


def without_entry(literal: str, name: str, *, attribute: bool) -> str:
    """The literal of a docstring without the entry of a parameter, or of an attribute; the same if it has none."""
    opened = _OPENED.match(literal)
    assert opened is not None
    end = len(literal) - len(opened[1])
    lines = literal[opened.end() : end].split("\n")
    gone = _fields(lines, name)
    for section in (_SECTION, _ATTRIBUTES) if attribute else (_SECTION,):
        gone = gone or _entry(lines, name, section)
    if not gone:
        return literal
    kept = [line for number, line in enumerate(lines) if number not in gone]
    return literal[: opened.end()] + _ended(lines, kept, max(gone)) + literal[end:]


def without_result(literal: str) -> str:
    """The literal of a docstring without what it says of the result; the same if it says nothing in an entry of its own."""
    opened = _OPENED.match(literal)
    assert opened is not None
    end = len(literal) - len(opened[1])
    lines = literal[opened.end() : end].split("\n")
    gone = {
        inside
        for number, line in enumerate(lines)
        if number and _RESULT.match(line.lstrip())
        for inside in range(number, _end(lines, number))
    }
    for number, line in enumerate(lines):
        ruled = number + 1 < len(lines) and _RULE.match(lines[number + 1].strip()) is not None
        if number and _RETURNS.match(line.strip()) and (ruled or line.rstrip().endswith(":")):
            last = number + 2 if ruled else number + 1
            while last < len(lines) - 1 and (lines[last].strip() or _indent(lines[last + 1]) > _indent(line)):
                last += 1
            gone |= {*range(number, _past(lines, last))}
        elif number and not lines[number - 1].strip() and _SENTENCE.match(line.strip()) and any(lines[:number]):
            gone |= {*range(number, _past(lines, _paragraph(lines, number)))}
    if not gone:
        return literal
    kept = [line for number, line in enumerate(lines) if number not in gone]
    return literal[: opened.end()] + _ended(lines, kept, max(gone)) + literal[end:]


def _paragraph(lines: Sequence[str], start: int) -> int:
    """The line after a paragraph."""
    return next((number for number in range(start, len(lines)) if not lines[number].strip()), len(lines))


def _fields(lines: Sequence[str], name: str) -> set[int]:
    """The lines of ``:param name:`` and ``:type name:``."""
    gone: set[int] = set()
    for number, line in enumerate(lines):
        field = _FIELD.match(line.lstrip())
        if field is not None and field[1] == name and number:
            gone.update(range(number, _end(lines, number)))
    return gone


def _entry(lines: Sequence[str], name: str, section: re.Pattern[str]) -> set[int]:
    """The lines of a parameter or attribute in a section, and those of the section if it has no other."""
    for number, line in enumerate(lines):
        if not section.match(line.strip()) or number + 1 >= len(lines):
            continue
        ruled = _RULE.match(lines[number + 1].strip()) is not None
        if not (ruled or line.rstrip().endswith(":")):
            continue
        first = number + 2 if ruled else number + 1
        entries = _entries(lines, first, _indent(line), ruled=ruled)
        for start in entries:
            pattern = (
                rf"\\?\*{{0,2}}{name}\s*(?::|\(.*?\)\s*:|$)" if ruled else rf"\\?\*{{0,2}}{name}\s*(?:\(.*?\))?\s*:"
            )
            if re.match(pattern, lines[start].strip()):
                if len(entries) > 1:
                    return set(range(start, _end(lines, start)))
                return set(range(number, _past(lines, _end(lines, start))))
    return set()


def _entries(lines: Sequence[str], first: int, indent: int, *, ruled: bool) -> list[int]:
    """Where the entries of a section begin."""
    found: list[int] = []
    own = -1
    for number in range(first, len(lines)):
        line = lines[number]
        if not line.strip():
            continue
        if own < 0:
            own = _indent(line)
        if own < indent or (own == indent and not ruled) or _indent(line) < own:
            break
        if ruled and number + 1 < len(lines) and _RULE.match(lines[number + 1].strip()):
            break
        if _indent(line) == own:
            found.append(number)
    return found


def _end(lines: Sequence[str], start: int) -> int:
    """The line after an entry: the text that is indented more than its first line belongs to it."""
    end = start + 1
    while end < len(lines):
        if lines[end].strip() and _indent(lines[end]) <= _indent(lines[start]):
            break
        end += 1
    while not lines[end - 1].strip() and end - 1 > start:
        end -= 1
    return end


def _past(lines: Sequence[str], end: int) -> int:
    """The line after the blank lines below a section."""
    while end < len(lines) and not lines[end].strip():
        end += 1
    return end


def _ended(lines: Sequence[str], kept: Sequence[str], last: int) -> str:
    """What is kept, without the blank lines that what went leaves at the end."""
    text = "\n".join(kept)
    if any(line.strip() for line in lines[last + 1 :]):
        return text
    text = text.rstrip()
    return text if "\n" not in text or lines[-1].strip() else text + "\n" + lines[-1]


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
