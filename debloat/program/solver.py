"""A lazy fixed point: sets that only grow, each computed when it is first read and again when what it read has grown.

This is the chaotic iteration of abstract interpretation on demand: a node's dependencies are noted while it is evaluated,
so whatever is read is solved together with all that it rests on, and nothing else is. The least solution does not
depend on the order of evaluation.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable
from typing import Any

Node = tuple[Any, ...]
Value = tuple[Any, ...]
Values = frozenset[Value]

NOTHING: Values = frozenset()
UNKNOWN: Value = ("unknown",)
TOP: Values = frozenset({UNKNOWN})

# Recursion carries most evaluations; deeper ones wait in the queue, which is only slower.
_DEEPEST = 40
_LATE = frozenset({"flow", "bases", "takes", "stores"})


class Solver:
    """Solves nodes by ``evaluate(node)``, which reads other nodes through :meth:`read`.

    ``widen(node, old, new)`` gives a set above both, of which ``new`` holds the old one, such that no set grows for ever.
    What nothing is seen to fill is ``top`` for the kinds of nodes in ``filled``.
    """

    def __init__(
        self,
        evaluate: Callable[[Node], Values],
        widen: Callable[[Node, Values, Values], Values],
        filled: frozenset[str],
        top: Values,
    ) -> None:
        self._evaluate = evaluate
        self._widen = widen
        self._filled = filled
        self._top = top
        self._solved: dict[Node, Values] = {}
        self._readers: dict[Node, set[Node]] = defaultdict(set)
        self._queue: deque[Node] = deque()
        self._late: deque[Node] = deque()  # what rests on much waits until the rest has settled
        self._queued: set[Node] = set()
        self._fields: list[Node] = []  # of those kinds, the nodes read since the last fixed point
        self._current: list[Node] = []
        self._news: dict[Node, list[Node]] = defaultdict(list)

    def solve(self, node: Node) -> Values:
        """The least fixed point at a node."""
        asked = len(self._fields)  # by those in whose evaluation this is asked, who have yet to see what fills them
        self.read(node)
        self._settle()
        # A field that nothing is seen to fill is filled by what cannot be seen; what was read last first, since
        # others may only be empty because it is.
        while len(self._fields) > asked:
            field = self._fields.pop()
            if not self._solved[field]:
                self._solved[field] = self._top
                self._tell(field)
                self._settle()
        return self._solved[node]

    def _settle(self) -> None:
        while self._queue or self._late:
            waiting = self._queue.popleft() if self._queue else self._late.popleft()
            self._queued.discard(waiting)
            self._update(waiting)

    def news(self, node: Node) -> list[Node]:
        """Of what a flow has read, what has grown since it was evaluated last."""
        return self._news.pop(node, [])

    def read(self, node: Node) -> Values:
        """What is known of a node so far; the node being evaluated is told when that grows."""
        known = self._solved.get(node)
        if known is None:
            known = self._first(node)
        if self._current:  # only now: whoever reads a node first sees what its first evaluation gives
            self._readers[node].add(self._current[-1])
        return known

    def _first(self, node: Node) -> Values:
        self._solved[node] = NOTHING
        if node[0] in self._filled:
            self._fields.append(node)
        if len(self._current) < _DEEPEST:
            self._update(node)
        else:
            self._enqueue(node)
        return self._solved[node]

    def _tell(self, node: Node) -> None:
        """Have all that has read a node evaluated again."""
        for reader in self._readers[node]:
            if reader[0] == "flow":
                self._news[reader].append(node)
            self._enqueue(reader)

    def _enqueue(self, node: Node) -> None:
        if node not in self._queued:
            self._queued.add(node)
            (self._late if node[0] in _LATE else self._queue).append(node)

    def _update(self, node: Node) -> None:
        self._current.append(node)
        new = self._evaluate(node)
        self._current.pop()
        old = self._solved[node]  # as it is now: it may have grown meanwhile, where its evaluation solved another node
        if new is old or new <= old:
            return
        new = self._widen(node, old, old | new if old else new)
        if new == old:
            return
        self._solved[node] = new
        self._tell(node)
