"""The cross-module call graph: each call site with its targets, closed or open."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from debloat.facts import data, ops
from debloat.program.index import Index, Site
from debloat.program.pointsto import PointsTo
from debloat.program.solver import Value, Values

_SHOWN_TYPES = {"str": "<**PyStr**>", "dict": "<**PyDict**>", "list": "<**PyList**>"}


class CallGraph:
    """Edges between scopes, on demand."""

    def __init__(self, analysis: PointsTo) -> None:
        self._analysis = analysis
        self._index: Index = analysis.index

    def edges(self, scope: int) -> Iterator[tuple[Site, Value]]:
        """The calls that the code of a scope makes: what stands where, and what it may call."""
        file = self._index.file_of[scope]
        fact = self._index.facts[file]
        for pc in fact.instructions(scope - self._index.base[file]):
            site = Site(file, pc)
            match fact.code[pc]:
                case ops.CALL:
                    for value in self._analysis.values(Site(file, fact.code[pc + 5])):
                        yield site, value
                    yield from self._handed(site)
                case ops.FUNCTION | ops.CLASS:
                    for decorator in self._analysis.calls.decorator_sites(self._index.base[file] + fact.code[pc + 3]):
                        if not self._analysis.calls.transparent(decorator):
                            for value in self._analysis.values(decorator):
                                yield site, value
                case ops.RAISE if fact.code[pc + 3] >= 0 and fact.code[fact.code[pc + 3]] != ops.CALL:
                    for value in self._analysis.values(Site(file, fact.code[pc + 3])):
                        if value[0] == "class":
                            yield site, value
                case ops.ATTR:
                    yield from self._property(site)
                case ops.ELEMENT:
                    yield from self._special(site, self._analysis.iterated(site), ("__iter__", "__next__"))
                case ops.WITH:
                    contexts = self._analysis.values(Site(file, fact.code[pc + 5]))
                    yield from self._special(site, contexts, ("__enter__", "__exit__", "__aenter__", "__aexit__"))

    def _handed(self, site: Site) -> Iterator[tuple[Site, Value]]:
        """What library code calls that is handed a function: ``map``, ``sorted(key=...)``."""
        for value in self._analysis.handed(site):
            yield site, value

    def _property(self, site: Site) -> Iterator[tuple[Site, Value]]:
        fact = self._index.facts[site.file]
        name = fact.names[fact.code[site.pc + 4]]
        for base in self._analysis.values(Site(site.file, fact.code[site.pc + 3])):
            if base[0] == "object":
                owner = self._analysis.hierarchy.owner(base[1], name)
                if isinstance(owner, int):
                    for value in self._analysis.names.variable(owner, name):
                        if value[0] == "function" and self._analysis.is_property(value[1]):
                            yield site, value

    def _special(self, site: Site, receivers: Values, names: Sequence[str]) -> Iterator[tuple[Site, Value]]:
        """The special methods that a statement calls on objects."""
        for value in receivers:
            if value[0] == "object":
                for name in names:
                    for method in self._analysis.methods(value, name):
                        yield site, method

    def adjacency(self, scopes: Iterator[int]) -> dict[str, list[str]]:
        """``{caller: [callees]}`` in dotted names; the module's own name calls for its top level."""
        graph: dict[str, set[str]] = defaultdict(set)
        for scope in scopes:
            caller = self.dotted(scope)
            graph[caller] |= set()
            for _, value in self.edges(scope):
                for callee in self._named(value):
                    graph[caller].add(callee)
                    graph[callee] |= set()
        return {caller: sorted(callees) for caller, callees in sorted(graph.items())}

    def _named(self, value: Value) -> Iterator[str]:
        match value:
            case ("function" | "method", int(scope), *_):
                yield self.dotted(scope)
            case ("class", int(scope)):
                yield from self._constructor(scope)
            case ("object", int(scope)):
                for method in self._analysis.methods(value, "__call__"):
                    yield self.dotted(method[1])
            case ("external", str(name)):
                yield _shown(name)
            case ("partial", int(file), int(pc)):
                for inner in self._analysis.inner(file, pc):
                    yield from self._named(inner)

    def _constructor(self, scope: int) -> Iterator[str]:
        found = False
        for name in ("__init__", "__new__"):
            owner = self._analysis.hierarchy.owner(scope, name)
            if isinstance(owner, int):
                for value in self._analysis.methods(("object", scope), name):
                    found = True
                    yield self.dotted(value[1])
            elif owner is not None and owner != "?" and not owner.startswith("<builtin>") and not found:
                found = True
                yield f"{owner}.__init__"

    def dotted(self, scope: int) -> str:
        """A scope's dotted name: lambdas are numbered in their scope, comprehensions belong to theirs."""
        record = self._index.scopes[scope]
        if record.kind == data.MODULE:
            return self._index.files[self._index.file_of[scope]].module
        around = self._index.parent(scope)
        if record.kind == data.COMPREHENSION:
            return self.dotted(around)
        name = self._index.name(scope)
        if record.kind == data.LAMBDA:
            lambdas = [child for child in self._index.children[around] if self._index.scopes[child].kind == data.LAMBDA]
            name = f"<lambda{lambdas.index(scope) + 1}>"
        return f"{self.dotted(around)}.{name}"


def _shown(name: str) -> str:
    kind, _, method = name.removeprefix("<builtin>.").partition(".")
    return (
        f"{_SHOWN_TYPES[kind]}.{method}" if name.startswith("<builtin>.") and method and kind in _SHOWN_TYPES else name
    )
