"""Classes: bases resolved by name, method resolution order, subclasses, lookup."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from debloat.facts import data, ops
from debloat.program.index import Index, Site
from debloat.program.names import Names

# A class of the program is its scope; one from outside is its dotted name, "?" where nobody can tell.
Class = int | str


class Hierarchy:
    """What is known of the program's classes."""

    def __init__(self, index: Index, names: Names) -> None:
        self._index = index
        self._names = names
        self._orders: dict[int, tuple[Class, ...]] = {}
        self._subclasses: dict[int, Sequence[int]] = {}

    def bases(self, scope: int) -> Iterator[Class]:
        """The bases of a class as written, ``object`` left out."""
        site = self._index.definition(scope)
        code = self._index.facts[site.file].code
        first = site.pc + 5
        for base in code[first : first + code[site.pc + 4]]:
            if code[base] == ops.SUBSCRIPT:
                base = code[base + 3]  # Generic[T]
            yield from self._classes(Site(site.file, base))

    def _classes(self, site: Site) -> Iterator[Class]:
        for value in self._names.static(site):
            match value:
                case ("class", int(scope)):
                    yield scope
                case ("external", str(name)):
                    if name != "<builtin>.object":
                        yield name
                case _:
                    yield "?"

    def keywords(self, scope: int) -> Mapping[str, Site]:
        """The keywords of a class statement, ``metaclass`` among them."""
        site = self._index.definition(scope)
        fact = self._index.facts[site.file]
        at = site.pc + 5 + fact.code[site.pc + 4]
        pairs = fact.code[at + 1 : at + 1 + 2 * fact.code[at]]
        names = fact.names
        return {
            names[name] if name >= 0 else "**": Site(site.file, value)
            for name, value in zip(pairs[::2], pairs[1::2], strict=True)
        }

    def order(self, scope: int) -> tuple[Class, ...]:
        """The method resolution order (C3, Barrett et al. 1996), the class itself first.

        Where the linearisation fails, which Python would refuse, the bases follow depth first.
        """
        known = self._orders.get(scope)
        if known is None:
            self._orders[scope] = (scope,)  # a class that is its own base has no better order
            bases = list(self.bases(scope))
            tails: list[list[Class]] = [list(self.order(base)) if isinstance(base, int) else [base] for base in bases]
            known = self._orders[scope] = (scope, *_merge([*tails, bases]))
        return known

    @cached_property
    def classes(self) -> Sequence[int]:
        """All classes of the program."""
        return [scope for scope, record in enumerate(self._index.scopes) if record.kind == data.CLASS]

    @cached_property
    def _direct(self) -> Mapping[int, Sequence[int]]:
        table: dict[int, list[int]] = defaultdict(list)
        for scope in self.classes:
            for base in self.bases(scope):
                if isinstance(base, int):
                    table[base].append(scope)
        return table

    def subclasses(self, scope: int) -> Sequence[int]:
        """All subclasses in the program, nearest first, the class itself left out."""
        known = self._subclasses.get(scope)
        if known is None:
            found: dict[int, None] = {}
            waiting = list(self._direct.get(scope, ()))
            for sub in waiting:  # grows while it is walked
                if sub not in found and sub != scope:
                    found[sub] = None
                    waiting += self._direct.get(sub, ())
            known = self._subclasses[scope] = list(found)
        return known

    def owner(self, scope: int, name: str) -> Class | None:
        """The class along the order whose body binds the name; an outside class on the way hides what follows it."""
        return next(self.owners(scope, name), None)

    def owners(self, scope: int, name: str) -> Iterator[Class]:
        """The classes along the order that bind the name, or, being outside, may bind it."""
        for cls in self.order(scope):
            if isinstance(cls, str) or self.binds(cls, name):
                yield cls

    def binds(self, scope: int, name: str) -> bool:
        """Whether the class's own body binds the name."""
        fact = self._index.facts[self._index.file_of[scope]]
        return fact.name_index.get(name, -1) in self._index.scopes[scope].bound

    def outside(self, scope: int) -> list[str]:
        """The classes from outside among the ancestors."""
        return [cls for cls in self.order(scope) if isinstance(cls, str)]


def _merge(sequences: list[list[Class]]) -> list[Class]:
    merged: list[Class] = []
    sequences = [sequence for sequence in sequences if sequence]
    while sequences:
        for sequence in sequences:
            head = sequence[0]
            if not any(head in other[1:] for other in sequences):
                break
        else:
            head = sequences[0][0]
        merged.append(head)
        sequences = [rest for sequence in sequences if (rest := [cls for cls in sequence if cls != head])]
    return merged
