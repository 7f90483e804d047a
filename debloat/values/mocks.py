"""What mocks give: attributes, what calling them gives, and what sets either.

``("mock", file, pc)`` is what that call makes, ``patch`` or the class of a mock; further names lead to attributes of it, and
``return_value`` to what calling it gives; ``("mock",)`` is one of which nobody knows which it is.

Source: https://docs.python.org/3/library/unittest.mock.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from debloat.facts import ops
from debloat.program.binding import Arguments, arguments
from debloat.program.index import Site
from debloat.values.domain import NONE, NOTHING, SOMETHING, Atom, Value, is_unknown, join, objects, of, unknown

if TYPE_CHECKING:
    from debloat.values.analysis import Values

_ASYNC = "unittest.mock.AsyncMock"
CLASSES = frozenset(
    f"unittest.mock.{kind}" for kind in ("Mock", "MagicMock", "NonCallableMock", "NonCallableMagicMock")
) | {_ASYNC}
# Keywords by which a mock is like something else.
_LIKE = frozenset({"spec", "spec_set", "autospec"})
_MEDDLING = ("configure_mock", "mock_add_spec", "attach_mock")
# What a mock tells of how it was called.
_TELLING = frozenset(
    {
        "call_args", "call_args_list", "call_count", "called", "mock_calls", "method_calls", "await_count", "await_args",
    }
)  # fmt: skip
_ANY: Atom = ("mock",)
_DEEPEST = 5  # parts of what tells a mock


class Mocks:
    """The part of the value analysis that knows what mocks give."""

    def __init__(self, values: Values) -> None:
        self._values = values
        self._index = values.index

    def made(self, call: Arguments, site: Site) -> Value:
        """The mock that a call of one of their classes makes."""
        keys = {key for key, _ in call.keywords}
        plain = None not in keys and "wraps" not in keys and not any(star for _, star in call.positional)
        return of(("mock", *site)) if plain else unknown("a mock that is not followed", site)

    def attribute(self, mock: Atom, name: str, site: Site) -> Value:
        """An attribute of a mock: another mock, unless it is made with it, or something sets it."""
        if name in _TELLING or name.startswith("assert"):
            return unknown("what a mock tells", site)
        if any(word in self._index.attribute_readers for word in _MEDDLING):
            return unknown("a mock that is configured", site)
        given = self._given(mock).get(name)
        child = (*mock, name) if 1 < len(mock) < _DEEPEST else _ANY
        return join([of(child) if given is None else self._values.at(mock[1], given), *self._written(mock, name)])

    def _given(self, mock: Atom) -> Mapping[str | None, int]:
        return dict(arguments(self._index.facts[mock[1]], mock[2]).keywords) if len(mock) == 3 else {}

    def has_all(self, mock: Atom) -> bool:
        """Whether a mock has any attribute: nothing says what it is to be like."""
        given = arguments(self._index.facts[mock[1]], mock[2]) if len(mock) == 3 else None
        return (
            given is not None
            and _LIKE.isdisjoint(key for key, _ in given.keywords)
            and (not given.positional or self._is_patch(mock))
        )

    def _is_patch(self, mock: Atom) -> bool:
        return not self._class(mock) & {("external", name) for name in CLASSES}

    def _class(self, mock: Atom) -> frozenset[Atom]:
        code = self._index.facts[mock[1]].code
        return self._values.program.names.static(Site(mock[1], code[mock[2] + 5]))

    def _written(self, mock: Atom, name: str) -> Iterator[Value]:
        """What is set as an attribute of a mock, or of one that may be it."""
        for key in (name, ""):
            yield self._values.read(("set", key, mock))
            if mock != _ANY:
                yield self._values.read(("set", key, ()))

    def set(self, name: str, mock: Atom) -> Value:
        """The node of what is set on a mock; on ``()`` of which nobody knows which it is; on ``("mock",)`` of any at all."""
        found: list[Value] = []
        for known, file, value in sorted(self._values.read(("sets", name))):
            if mock in (known, _ANY):
                here = Site(file, value)
                found.append(self._values.at(*here) if name else unknown("set by a computed name on a mock", here))
        return join(found)

    def sets(self, name: str) -> frozenset[Atom]:
        """The node of all that sets an attribute of mocks: (mock, file, position of the value); an empty name is any that is computed."""
        writes = [
            (
                write.file,
                self._index.facts[write.file].code[write.pc + 3],
                self._index.facts[write.file].code[write.pc + 5],
            )
            for writer in self._index.attribute_writers.get(name, ())
            for write in self._index.find(writer, ops.SET_ATTR, 4, name)
        ]
        writes += [
            (one.site.file, one.target, one.value)
            for one in self._values.standins.names.get(name, ())
            if isinstance(one.target, int) and one.value >= 0
        ]
        for site in self._computed if not name else ():
            base = self._index.facts[site.file].code[site.pc + 7]
            writes.append((site.file, base, base))
        found: set[Atom] = set()
        for file, base, value in writes:
            held = self._values.at(file, base)
            found |= {(atom, file, value) for atom in held if atom[0] == "mock" and atom != _ANY}
            hidden = any(
                atom[0] in ("function", "method", "class", "external") for atom in held
            )  # behind their stand-ins
            if hidden or is_unknown(held) or SOMETHING in held or _ANY in held:
                found.add(((), file, value))
        return frozenset(found)

    @cached_property
    def _computed(self) -> Sequence[Site]:
        """The calls of ``setattr`` with a name that is computed."""
        code = [(site, self._index.facts[site.file].code) for site in self._index.calls_named("setattr")]
        return [site for site, code in code if code[site.pc + 6] > 2 and code[code[site.pc + 8]] != ops.CONST]

    def called(self, mock: Atom, site: Site) -> Value:
        """What calling a mock gives: what its effect gives, if it has one, else what it is to return."""
        given = self._given(mock).get("side_effect")
        first = of(NONE) if given is None else self._values.at(mock[1], given)
        effects = join([first, *self._written(mock, "side_effect")])
        found = [self._effect(atom, site) for atom in objects(effects) if atom != NONE]
        if NONE in effects or is_unknown(effects):
            found.append(self.attribute(mock, "return_value", site))
        is_async = len(mock) == 3 and ("external", _ASYNC) in self._class(mock)
        return of(("awaitable", join(found))) if is_async and any(found) else join(found)

    def _effect(self, atom: Atom, site: Site) -> Value:
        """What a side effect gives: the result of a function, the next element of a list, nothing for an exception."""
        types = self._values.types
        if types.is_raised(atom):
            return NOTHING
        if atom[0] in ("function", "method", "mock"):
            return self._values.calls.result_of(of(atom), site)
        if types.builtin(atom) in (list, tuple):
            given = self._values.containers.display(atom) if atom[0] == "box" else None
            items = self._values.containers.each(of(atom), site) if given is None else join(given)
            return frozenset(one for one in items if not types.is_raised(one))
        return of(atom) if atom[0] == "unknown" else unknown("what a mock does instead", site)
