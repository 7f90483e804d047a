"""Arguments to parameters, by Python's rules (Language Reference, "Calls")."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from debloat.facts import data, ops
from debloat.facts.data import Facts, Parameter


class Arguments(NamedTuple):
    """The arguments of a call as written: values by position (True for a starred one) and by keyword (None for ``**``)."""

    positional: Sequence[tuple[int, bool]]
    keywords: Sequence[tuple[str | None, int]]


def arguments(fact: Facts, pc: int) -> Arguments:
    """The arguments of the CALL instruction at ``pc``."""
    code = fact.code
    at = pc + 7 + code[pc + 6]
    rest = code[at + 1 : at + 1 + 2 * code[at]]
    return Arguments(
        [(value, code[value] == ops.STAR) for value in code[pc + 7 : at]],
        [(fact.names[name] if name >= 0 else None, value) for name, value in zip(rest[::2], rest[1::2], strict=True)],
    )


@dataclass(frozen=True, slots=True)
class Binding:
    """What a call gives to each parameter.

    ``given`` maps a parameter's position to the values it may receive from the call; ``unsure`` are those that a ``*`` or
    ``**`` argument may or may not fill; every other parameter takes its default. ``fits`` is False for a call that
    cannot succeed.
    """

    given: Mapping[int, Sequence[int]]
    unsure: frozenset[int]
    fits: bool


def bind(call: Arguments, parameters: Sequence[Parameter], names: Sequence[str], skip: int) -> Binding:
    """Bind a call's arguments to parameters of which the first ``skip`` are taken (``self``); ``names`` are the callee's."""
    given: dict[int, list[int]] = {}
    unsure: set[int] = set()
    fits = True
    slots = [i for i, p in enumerate(parameters) if p.kind in (data.POSITIONAL_ONLY, data.POSITIONAL)][skip:]
    rest = _position(parameters, data.VAR_POSITIONAL)
    extra = _position(parameters, data.VAR_KEYWORD)
    starred = False
    for position, (value, star) in enumerate(call.positional):
        starred = starred or star
        if starred:
            unsure.update(slots[position:] if position < len(slots) else ())
            if rest is not None:
                given.setdefault(rest, []).append(value)
        elif position < len(slots):
            given[slots[position]] = [value]
        elif rest is not None:
            given.setdefault(rest, []).append(value)
        else:
            fits = False
    by_name = {names[p.name]: i for i, p in enumerate(parameters) if p.kind in (data.POSITIONAL, data.KEYWORD_ONLY)}
    for name, value in call.keywords:
        target = None if name is None else by_name.get(name)
        if name is None:
            unsure.update(i for i in by_name.values() if i not in given and i not in slots[: len(call.positional)])
            if extra is not None:
                given.setdefault(extra, []).append(value)
        elif target is not None:
            given[target] = [value]
        elif extra is not None:
            given.setdefault(extra, []).append(value)
        else:
            fits = False
    return Binding(given, frozenset(unsure), fits)


def _position(parameters: Sequence[Parameter], kind: int) -> int | None:
    return next((i for i, p in enumerate(parameters) if p.kind == kind), None)
