"""The nouns of debloat: plain frozen data that every layer may pass on and none may change."""

from __future__ import annotations

import enum
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from debloat.program import Program


class Proof(enum.IntEnum):
    """How sure a piece of evidence is. ASSUMED names its assumption in the note of the evidence."""

    UNKNOWN = 0
    ASSUMED = 1
    PROVED = 2


class Applicability(enum.IntEnum):
    """What may be done with a finding: shown, applied when asked, applied by ``fix``."""

    SUGGESTION = 0
    UNSAFE = 1
    SAFE = 2


class Span(NamedTuple):
    """A place: path relative to the project root with ``/``, 1-based lines, 0-based columns in UTF-8 bytes."""

    path: str
    line: int
    column: int
    end_line: int
    end_column: int


@dataclass(frozen=True, slots=True)
class Evidence:
    """One fact that a finding rests on.

    ``kind`` is one of type, callers, raises, hierarchy, reachability, mutation, purity; syntax and after are the engine's own.
    """

    kind: str
    proof: Proof
    span: Span
    note: str


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace the text of ``span`` by ``text``."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Fix:
    """Edits in any files that are applied all or none, with the evidence of their own preconditions.

    ``removed`` are files that go as a whole, ``tests`` the names of tests that go because they are of nothing but what goes.
    ``binds`` are names that modules (by path) are to have and did not: no two fixes can give one name at a time.
    """

    edits: tuple[Edit, ...]
    evidence: tuple[Evidence, ...]
    removed: tuple[str, ...] = ()
    tests: tuple[str, ...] = ()
    binds: tuple[tuple[str, str], ...] = ()


class Refactoring(Protocol):
    """A change of the program that keeps what it does: plain data that a rule makes, carried out when it is asked for."""

    @property
    def title(self) -> str:
        """What it does: a verb phrase."""

    def fix(self, program: Program) -> Fix:
        """The edits, with the evidence of their preconditions. Raises RefusedError."""


class RefusedError(Exception):
    """A refactoring cannot be carried out on this code: why, in one line, its kind up to a colon."""


class Claim(NamedTuple):
    """What a finding says of every run of the program, so that a run can contradict it.

    ``says`` is ``unreachable``: no line of ``span`` is ever executed; or it is said of the ``subject``, a name, attribute
    or subscript as written on the first line of ``span``, whenever that line is about to run: ``not None``, ``None``,
    ``true``, ``false``, ``instance of C`` (a class, dotted), ``has attribute a``, ``has key k`` (a literal).
    """

    span: Span
    says: str
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule reports.

    ``symbol`` is the dotted name of what the finding is about (``shop.cart:Cart.total``) or of what encloses it; with
    the rule's name it identifies the finding when lines move. A rule leaves ``applicability`` at its stated tier; the
    engine caps it by the weakest evidence. ``removable_lines`` counts the lines of code that would go; ``claims`` are what
    runs of the program can check; ``refactoring`` is what removes it.
    """

    span: Span
    message: str
    symbol: str
    evidence: tuple[Evidence, ...]
    applicability: Applicability
    removable_lines: int
    claims: tuple[Claim, ...] = ()
    refactoring: Refactoring | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: the file's stem with hyphens, its family, its page, its best tier and its generator.

    ``thresholds`` are the numbers that ``[tool.debloat.rules]`` may set, with their defaults. One that looks ``across_files``
    compares them, whichever are judged; the others look at each by itself.
    """

    name: str
    family: str
    doc: str
    tier: Applicability
    check: Callable[[Program], Iterator[Finding]]
    thresholds: Mapping[str, float] = field(default_factory=dict, hash=False)
    across_files: bool = False


@dataclass(frozen=True, slots=True)
class Problem:
    """Something about the input that the user must hear of: ``fatal`` ones turn the exit status into 2."""

    path: str
    line: int
    message: str
    fatal: bool


def under(path: str, roots: Collection[str]) -> bool:
    """Say whether a path is one of ``roots`` or inside one; "" is everything."""
    return any(root in ("", path) or path.startswith(root + "/") for root in roots)
