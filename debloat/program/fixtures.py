"""The fixtures of pytest: which functions give what to which parameters, by their names.

Source: https://docs.pytest.org/en/stable/reference/fixtures.html, https://docs.pytest.org/en/stable/how-to/parametrize.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from debloat.facts import data, ops
from debloat.program.binding import arguments
from debloat.program.index import Site
from debloat.program.solver import NOTHING, Values

if TYPE_CHECKING:
    from debloat.program.pointsto import PointsTo

FIXTURES = frozenset({"pytest.fixture", "_pytest.fixtures.fixture"})
PARAMETRIZE = "pytest.mark.parametrize"
# Fixtures that plugins ask for: what has one of these names is given to code that is not seen.
_ASKED_FOR = ("anyio_", "app", "base_url", "celery_", "django_", "event_loop", "live_server", "vcr")


class Fixtures:
    """The part of the points-to analysis that knows of fixtures."""

    def __init__(self, analysis: PointsTo) -> None:
        self._analysis = analysis
        self._index = analysis.index

    @cached_property
    def by_name(self) -> Mapping[str, Sequence[int]]:
        """The fixtures of the program by name, those of several modules together: which of them a test sees is not asked."""
        found: dict[str, list[int]] = {}
        for scope in self._functions:
            for name, site in self.decorators(scope):
                if name in FIXTURES:
                    named = self._text(site, self._keyword(site, "name"))
                    found.setdefault(named or self._index.name(scope), []).append(scope)
        return found

    @cached_property
    def _names(self) -> Mapping[int, str]:
        return {scope: name for name, scopes in self.by_name.items() for scope in scopes}

    @cached_property
    def _functions(self) -> Sequence[int]:
        """The functions of tests."""
        return [
            scope
            for scope, record in enumerate(self._index.scopes)
            if record.kind == data.FUNCTION and self._index.files[self._index.file_of[scope]].tests
        ]

    def decorators(self, scope: int) -> Iterator[tuple[str, Site]]:
        """The decorators of a definition with their external names, ``?`` for what is no external name."""
        for site in self._analysis.calls.decorator_sites(scope):
            for value in self._analysis.names.static(self._analysis.calls.called(site)):
                yield str(value[1]) if value[0] == "external" else "?", site

    def takers(self, scope: int) -> Sequence[tuple[int, str]] | None:
        """The parameters (function, name) that get what a fixture returns; None for what is none, or given to unseen code too."""
        name = self._names.get(scope)
        if name is None or name.startswith(_ASKED_FOR) or not self._is_plain(scope):
            return None
        return self._takers.get(name, ())

    def _is_plain(self, scope: int) -> bool:
        names = [name for name, _ in self.decorators(scope)]
        return len(names) == 1 and not self._index.scopes[scope].flags & data.ASYNC and not self._by_request

    @cached_property
    def _by_request(self) -> bool:
        """Whether fixtures may be had by computed names, or parameters given by what is no decorator."""
        decorators = {site for scope in (*self._functions, *self._classes) for _, site in self.decorators(scope)}
        return (
            bool(self._index.attribute_reads("getfixturevalue"))
            or any(self._index.name(scope) == "pytest_generate_tests" for scope in self._functions)
            or not decorators.issuperset(self._index.calls_named("parametrize"))
        )

    @cached_property
    def _classes(self) -> Sequence[int]:
        return [scope for scope, record in enumerate(self._index.scopes) if record.kind == data.CLASS]

    @cached_property
    def _takers(self) -> Mapping[str, Sequence[tuple[int, str]]]:
        found: dict[str, list[tuple[int, str]]] = {}
        for scope in self._functions:
            for parameter in self._index.scopes[scope].parameters:
                name = self._index.facts[self._index.file_of[scope]].names[parameter.name]
                found.setdefault(name, []).append((scope, name))
        return found

    def given(self, scope: int, position: int) -> Values | None:
        """What fixtures of the program give a parameter of a test or fixture; None where others may give it something too."""
        name = self._index.facts[self._index.file_of[scope]].names[self._index.scopes[scope].parameters[position].name]
        made = self.by_name.get(name, ()) if self._index.files[self._index.file_of[scope]].tests else ()
        if not made or not all(map(self._is_plain, made)) or not self._is_asking(scope, name):
            return None
        found = NOTHING
        for fixture in made:
            returned = self._analysis.read(("returns", fixture))
            is_generator = self._index.scopes[fixture].flags & data.GENERATOR
            found |= self._analysis.boxes.elements(returned) if is_generator else returned
        return found

    def _is_asking(self, scope: int, name: str) -> bool:
        """Whether a function is a test or fixture whose parameter of that name is none of ``parametrize`` or of a patch."""
        cls = self._index.enclosing_class(scope)
        decorators = [*self.decorators(scope), *(self.decorators(cls) if cls >= 0 else ())]
        own = self._index.name(scope)
        is_test = own.startswith("test") and not self._index.calls_named(own)
        return (is_test or scope in self._names) and all(
            self._leaves(decorator, site, name) for decorator, site in decorators
        )

    def _leaves(self, decorator: str, site: Site, name: str) -> bool:
        if decorator == PARAMETRIZE:
            fact = self._index.facts[site.file]
            call = arguments(fact, site.pc)
            first = call.positional[0][0] if call.positional else dict(call.keywords).get("argnames", -1)
            listed = [first]
            if first >= 0 and fact.code[first] == ops.SEQUENCE:
                listed = list(fact.code[first + 5 : first + 5 + fact.code[first + 4]])
            texts = [self._text(site, value) for value in listed]
            return None not in texts and not any(
                name in (part.strip() for part in str(text).split(",")) for text in texts
            )
        return decorator in FIXTURES or decorator.startswith("pytest.mark.") or decorator == "<builtin>.staticmethod"

    def _keyword(self, site: Site, name: str) -> int:
        fact = self._index.facts[site.file]
        return dict(arguments(fact, site.pc).keywords).get(name, -1) if fact.code[site.pc] == ops.CALL else -1

    def _text(self, site: Site, value: int) -> str | None:
        fact = self._index.facts[site.file]
        if value < 0 or fact.code[value] != ops.CONST:
            return None
        kind, text = fact.constants[fact.code[value + 3]]
        return str(text) if kind == "str" else None
