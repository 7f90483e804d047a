"""Stand-ins: what code, tests above all, puts in the place of a name that a string tells.

Source: https://docs.python.org/3/library/unittest.mock.html, https://docs.pytest.org/en/stable/how-to/monkeypatch.html
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from debloat.facts import data, ops
from debloat.program.binding import Arguments, arguments
from debloat.program.index import Site
from debloat.values.domain import Atom, Value, join, objects, of, unknown

if TYPE_CHECKING:
    from debloat.values.analysis import Values

PATCHERS = frozenset({"unittest.mock.patch", "unittest.mock.patch.object"})
_GONE, _MOCKED, _UNSEEN = -1, -2, -3
# Keywords that say nothing of what a mock gives.
_SPECIFYING = frozenset({"autospec", "spec", "spec_set", "create", "name", "unsafe"})
_GIVING = frozenset({"new", "value", "return_value", "side_effect", "raising", "target", "attribute"})
# What is no module, class or object of the program
_OTHERS = frozenset({"external", "package", "mock", "builtin", "constant", "box", "text"})


class Standin(NamedTuple):
    """One call that puts something in the place of a name: of what it is an attribute, and what takes its place.

    ``target`` is an expression or a dotted name, None if it is neither; ``value`` is a position, or says that ``patch`` makes a
    mock, that the name goes, or that nobody sees what comes.
    """

    site: Site
    target: int | str | None
    value: int


class Standins:
    """The part of the value analysis that knows what takes the place of functions, attributes and modules."""

    def __init__(self, values: Values) -> None:
        self._values = values
        self._index = values.index

    @cached_property
    def names(self) -> Mapping[str, Sequence[Standin]]:
        """The stand-ins by the name that they stand for."""
        found: dict[str, list[Standin]] = defaultdict(list)
        for function, read in (
            ("patch", self._patched),
            ("object", self._set),
            ("setattr", self._set),
            ("delattr", self._set),
            ("multiple", self._several),
        ):
            for site in self._index.calls_named(function):
                for name, standin in read(site, arguments(self._index.facts[site.file], site.pc), function):
                    found[name].append(standin)
        return found

    def _patched(self, site: Site, call: Arguments, _: str) -> Iterator[tuple[str, Standin]]:
        """``patch("module.name")``; where the name is computed, any that strings hold."""
        given = [value for value, _ in call.positional] or [value for key, value in call.keywords if key == "target"]
        if not given:
            return
        home, name = self._dotted(site.file, given[0])
        value = self._new(call, 1)
        if name is not None:
            yield name, Standin(site, home, value)
            return
        for text in self._index.mentioned:
            if "." in text:
                yield text.rpartition(".")[2], Standin(site, None, value)

    def _set(self, site: Site, call: Arguments, function: str) -> Iterator[tuple[str, Standin]]:
        """``patch.object(x, "name")``, ``setattr(x, "name", value)``, ``monkeypatch.setattr("module.name", value)``."""
        given = [value for value, _ in call.positional]
        if (
            len(given) >= 2
            and (name := self._text(site.file, given[1])) is not None
            and (function != "setattr" or len(given) > 2 or len(call.keywords) > 0)
        ):
            value = self._new(call, 2)
            yield name, Standin(site, given[0], _GONE if function == "delattr" else value)
        elif given and function != "object":
            home, last = self._dotted(site.file, given[0])
            if last is not None and home is not None:
                yield last, Standin(site, home, _GONE if function == "delattr" else self._new(call, 1))

    def _several(self, site: Site, call: Arguments, _: str) -> Iterator[tuple[str, Standin]]:
        """``patch.multiple(x, name=value)``."""
        for key, value in call.keywords:
            if key is not None and call.positional:
                yield key, Standin(site, call.positional[0][0], value)

    def _new(self, call: Arguments, position: int) -> int:
        """What is given to take the place: at a position, as ``new`` or ``value``, else a mock that the call makes."""
        if len(call.positional) > position:
            return _UNSEEN if any(star for _, star in call.positional) else call.positional[position][0]
        keywords = dict(call.keywords)
        found = keywords.get("new", keywords.get("value", _MOCKED))
        return found if keywords.keys() <= _SPECIFYING | _GIVING else _UNSEEN

    def _text(self, file: int, value: int) -> str | None:
        fact = self._index.facts[file]
        kind, text = fact.constants[fact.code[value + 3]] if fact.code[value] == ops.CONST else ("", None)
        return text if kind == "str" and isinstance(text, str) else None

    def _dotted(self, file: int, value: int) -> tuple[str | None, str | None]:
        """A dotted name in a string as (before the last dot, behind it); of a computed one what it surely ends in."""
        code = self._index.facts[file].code
        text = self._text(file, value)
        if text is not None:
            home, _, name = text.rpartition(".")
            return home or None, name
        last = {ops.FSTRING: value + 3 + code[value + 3], ops.BINARY: value + 5}.get(code[value], -1)
        end = self._text(file, code[last]) if last >= 0 and code[last] >= 0 else None
        return None, end.rpartition(".")[2] if end and "." in end else None

    # What a stand-in is

    def of_scope(self, scope: int, site: Site) -> Value:
        """What calling the stand-ins of a function or class gives at a site; nothing where none may be called there."""
        found: list[Value] = []
        is_async = bool(self._index.scopes[scope].flags & data.ASYNC)
        for standin in self.names.get(self._index.name(scope), ()):
            if any(self._is_called(target, scope, site) for target in self._targets(standin)):
                given = self._values.calls.result_of(self._held(standin), site)
                found.append(of(("awaitable", given)) if is_async and standin.value == _MOCKED else given)
        return join(found)

    def of_external(self, dotted: str) -> Value:
        """What stands in the place of a name of a library."""
        return join(
            self._held(standin)
            for standin in self.names.get(dotted.rpartition(".")[2], ())
            if any(self._is_external(target, dotted) for target in self._targets(standin))
        )

    def of_variable(self, scope: int, name: str) -> Value:
        """What stands in the place of a variable of a module or class, or of an attribute of its objects."""
        return join(
            self._held(standin)
            for standin in self.names.get(name, ())
            if any(self._is_on(target, scope) for target in self._targets(standin))
        )

    def entered(self, site: Site) -> Value:
        """What the ``patch`` at a site gives as a context manager."""
        standin = self._by_site.get(site)
        return self._held(standin) if standin else unknown("what is patched", site)

    @cached_property
    def _by_site(self) -> Mapping[Site, Standin]:
        return {standin.site: standin for standins in self.names.values() for standin in standins}

    def injects(self, site: Site) -> bool:
        """Whether the ``patch`` at a site, as a decorator, gives the function one more argument: the mock that it makes."""
        standin = self._by_site.get(site)
        return standin is None or standin.value == _MOCKED

    def _held(self, standin: Standin) -> Value:
        if standin.value == _MOCKED:
            return of(("mock", *standin.site))
        if standin.value < 0:
            return unknown("replaced by what is not seen", standin.site)
        return self._values.at(standin.site.file, standin.value)

    def _targets(self, standin: Standin) -> Sequence[Atom]:
        """Of what a name is replaced."""
        if standin.target is None:
            return [("unknown",)]
        if isinstance(standin.target, int):
            return objects(self._values.at(standin.site.file, standin.target))
        names = self._values.program.names
        head, rest = standin.target, []
        while "." in head and head not in self._index.modules:
            head, _, last = head.rpartition(".")
            rest.append(last)
        found = names.module(head)
        for name in reversed(rest):
            found = frozenset(inner for value in found for inner in names.attribute(value, name))
        return sorted(found)

    def _is_called(self, target: Atom, scope: int, site: Site) -> bool:
        """Whether a call at a site of what is seen to be a function or class is one of what replaces it on a target."""
        if target[0] != "module":
            return self._is_on(target, self._index.parent(scope))
        code = self._index.facts[site.file].code
        by_name = code[site.pc] == ops.CALL and code[code[site.pc + 5]] == ops.NAME
        outer = self._index.enclosing_class(scope) < 0
        return outer and (not by_name or target[1] in (site.file, self._index.file_of[scope]))

    def _is_on(self, target: Atom, owner: int) -> bool:
        """Whether what is replaced on a target may be of a module, a class or its objects."""
        order = self._values.program.hierarchy.order
        is_class = self._index.scopes[owner].kind == data.CLASS
        match target:
            case ("module", int(file)):
                return self._index.base[file] == owner
            case ("class" | "object", int(cls)):
                return is_class and (cls in order(owner) or owner in order(cls))
            case ("subclass" | "heir", int()):
                return is_class
        return target[0] not in _OTHERS

    def _is_external(self, target: Atom, dotted: str) -> bool:
        home, _, name = dotted.replace("<builtin>", "builtins").rpartition(".")
        match target:
            case ("external", str(module)):
                return module == home
            case ("module", int(file)):
                found = self._values.program.names.member(file, name)
                return ("unknown",) in found or ("external", dotted) in found
        return target[0] not in _OTHERS and target[0] not in ("class", "subclass", "object", "heir")
