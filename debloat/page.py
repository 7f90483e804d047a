"""A rule's page: its docstring in Markdown, with prose and runnable examples under fixed headings."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from debloat.model import Rule

_MARK = re.compile(r"[ \t]*# !$", re.MULTILINE)
_FENCE = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```$\n?", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^## (.+)\n", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Section:
    """What stands under one heading: prose, and the files of its example as (path, text)."""

    heading: str
    prose: str
    files: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Page:
    """The first line of a rule's docstring and its sections."""

    summary: str
    sections: tuple[Section, ...]


def parse(doc: str) -> Page:
    """Split a rule's docstring; a fence without a path is ``app.py``."""
    head, *rest = _HEADING.split(doc)
    return Page(
        head.strip().partition("\n")[0],
        tuple(
            Section(
                heading.strip(),
                _FENCE.sub("", body).strip(),
                tuple((path or "app.py", text) for _, path, text in _FENCE.findall(body)),
            )
            for heading, body in zip(rest[::2], rest[1::2], strict=True)
        ),
    )


def markdown(name: str, page: Page) -> str:
    """Return the page for a reader: each file of an example under its path, without the marks."""
    parts = [f"# {name}", page.summary]
    for section in page.sections:
        parts += [f"## {section.heading}", section.prose]
        for path, text in section.files:
            parts += [f"`{path}`", f"```{path.rpartition('.')[2]}\n{_MARK.sub('', text)}```"]
    return "\n\n".join(filter(None, parts)) + "\n"


def table(rules: Sequence[Rule]) -> str:
    """Return the rules as a Markdown table that also reads well as it is."""
    rows: list[tuple[str, ...]] = [("Rule", "Family", "Best tier", "What it finds")]
    rows += [(rule.name, rule.family, rule.tier.name.lower(), parse(rule.doc).summary) for rule in rules]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    rows.insert(1, tuple("-" * width for width in widths))
    lines = (" | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows)
    return "".join(f"| {line} |\n" for line in lines)
