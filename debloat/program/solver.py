"""A lazy fixed point: sets that only grow, each computed when it is first read and again when what it read has grown.

This is the chaotic iteration of abstract interpretation on demand: a node's dependencies are noted while it is evaluated,
so whatever is read is solved together with all that it rests on, and nothing else is. The least solution does not
depend on the order of evaluation.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
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


@dataclass(slots=True, eq=False)
class _Cell:
    """What is known of a node, and who has read it: found by the node once, and from then on without hashing that."""

    node: Node
    value: Values = NOTHING
    readers: dict[_Cell, None] = field(default_factory=dict)
    is_queued: bool = False


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
        self._cells: dict[Node, _Cell] = {}
        self._queue: deque[_Cell] = deque()
        self._late: deque[_Cell] = deque()  # what rests on much waits until the rest has settled
        self._fields: list[_Cell] = []  # of those kinds, the nodes read since the last fixed point
        self._current: list[_Cell] = []
        self._news: dict[Node, list[Node]] = defaultdict(list)

    def solve(self, node: Node) -> Values:
        """The least fixed point at a node."""
        asked = len(self._fields)  # by those in whose evaluation this is asked, who have yet to see what fills them
        self.read(node)
        self._settle()
        # A field that nothing is seen to fill is filled by what cannot be seen; what was read last first, since
        # others may only be empty because it is.
        while len(self._fields) > asked:
            empty = self._fields.pop()
            if not empty.value:
                empty.value = self._top
                self._tell(empty)
                self._settle()
        return self._cells[node].value

    def _settle(self) -> None:
        while self._queue or self._late:
            waiting = self._queue.popleft() if self._queue else self._late.popleft()
            waiting.is_queued = False
            self._update(waiting)

    def news(self, node: Node) -> list[Node]:
        """Of what a flow has read, what has grown since it was evaluated last."""
        return self._news.pop(node, [])

    def read(self, node: Node) -> Values:
        """What is known of a node so far; the node being evaluated is told when that grows."""
        cell = self._cells.get(node)
        if cell is None:
            cell = self._first(node)
        if self._current:  # only now: whoever reads a node first sees what its first evaluation gives
            cell.readers[self._current[-1]] = None
        return cell.value

    def _first(self, node: Node) -> _Cell:
        cell = self._cells[node] = _Cell(node)
        if node[0] in self._filled:
            self._fields.append(cell)
        if len(self._current) < _DEEPEST:
            self._update(cell)
        else:
            self._enqueue(cell)
        return cell

    def _tell(self, cell: _Cell) -> None:
        """Have all that has read a node evaluated again."""
        for reader in cell.readers:
            if reader.node[0] == "flow":
                self._news[reader.node].append(cell.node)
            if not reader.is_queued:
                self._enqueue(reader)

    def _enqueue(self, cell: _Cell) -> None:
        cell.is_queued = True
        (self._late if cell.node[0] in _LATE else self._queue).append(cell)

    def _update(self, cell: _Cell) -> None:
        self._current.append(cell)
        new = self._evaluate(cell.node)
        self._current.pop()
        old = cell.value  # as it is now: it may have grown meanwhile, where its evaluation solved another node
        if new is old or new <= old:
            return
        new = self._widen(cell.node, old, old | new if old else new)
        if new == old:
            return
        cell.value = new
        self._tell(cell)
