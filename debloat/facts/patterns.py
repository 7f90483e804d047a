"""Lowering of the patterns of ``match``: what they read of the subject and what they bind."""

from __future__ import annotations

import ast

from debloat.facts import ops
from debloat.facts.expressions import emit, lower
from debloat.facts.writer import Writer

# The types whose one positional pattern is matched by the subject itself.
_THEMSELVES = frozenset("bool bytearray bytes dict float frozenset int list set str tuple".split())


def lower_pattern(w: Writer, pattern: ast.pattern, subject: int) -> tuple[list[tuple[int, int]], bool]:
    """Lower a pattern that is matched against the value ``subject``.

    Gives its alternatives, (MATCHES kind, operand), and whether the pattern matches wherever one of them does.
    """
    match pattern:
        case ast.MatchValue():
            return [(ops.EQUAL, lower(w, pattern.value))], True
        case ast.MatchSingleton():
            return [(ops.SINGLETON, emit(w, ops.CONST, pattern, w.constant(pattern.value)))], True
        case ast.MatchOr():
            parts = [lower_pattern(w, part, subject) for part in pattern.patterns]
            return [kind for alternatives, _ in parts for kind in alternatives], all(exact for _, exact in parts)
        case ast.MatchAs():
            found = [(ops.ANYTHING, -1)], True
            if pattern.pattern is not None:
                found = lower_pattern(w, pattern.pattern, subject)
            if pattern.name is not None:
                _bind(w, pattern, pattern.name, subject)
            return found
        case ast.MatchSequence():
            _sequence(w, pattern, subject)
        case ast.MatchMapping():
            for key, part in zip(pattern.keys, pattern.patterns, strict=True):
                lower_pattern(w, part, emit(w, ops.SUBSCRIPT, part, subject, lower(w, key)))
            if pattern.rest is not None:
                _bind(w, pattern, pattern.rest, emit(w, ops.ITEM, pattern, subject, 0, 2))
        case ast.MatchClass():
            return _class(w, pattern, subject)
    return [(ops.SHAPE, -1)], False


def _sequence(w: Writer, pattern: ast.MatchSequence, subject: int) -> None:
    starred = next((i for i, part in enumerate(pattern.patterns) if isinstance(part, ast.MatchStar)), None)
    for position, part in enumerate(pattern.patterns):
        if not isinstance(part, ast.MatchStar):
            after = starred is not None and position > starred
            index = position - len(pattern.patterns) if after else position
            lower_pattern(w, part, emit(w, ops.ITEM, part, subject, index, 0))
        elif part.name is not None:
            _bind(w, part, part.name, emit(w, ops.ITEM, part, subject, position, 1))


def _class(w: Writer, pattern: ast.MatchClass, subject: int) -> tuple[list[tuple[int, int]], bool]:
    cls = lower(w, pattern.cls)
    exact = not pattern.kwd_patterns
    for part in pattern.patterns:
        value = subject
        if not isinstance(pattern.cls, ast.Name) or pattern.cls.id not in _THEMSELVES:
            # Which attribute a position means only __match_args__ says, so it is as if the subject went to unseen code.
            unseen = emit(w, ops.UNKNOWN, part)
            value = emit(w, ops.CALL, part, part.end_lineno, part.end_col_offset, unseen, 1, subject, 0)
            exact = False
        exact &= lower_pattern(w, part, value) == ([(ops.ANYTHING, -1)], True)
    for name, part in zip(pattern.kwd_attrs, pattern.kwd_patterns, strict=True):
        attribute = w.keyword(name)
        w.attributes.add(attribute)
        lower_pattern(w, part, emit(w, ops.ATTR, part, subject, attribute))
    return [(ops.INSTANCE, cls)], exact


def _bind(w: Writer, node: ast.pattern, bound: str, value: int) -> None:
    name = w.name(bound)
    w.bind(name, len(w.code))
    emit(w, ops.STORE, node, name, value, ops.PATTERN)
