"""Which tests are decided before they are made: one pass over the structured flow form of a function.

What a test has shown holds wherever it dominates, as long as nothing on the way may change the answer. The pass keeps
the tests whose outcome is certain at each point; whether one still holds is then a question about the code between
the two and, where the later test stands in a loop that the earlier one does not, about the rest of that loop.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from debloat.facts import ops
from debloat.program.conditions import Condition, Conditions, Through, implied
from debloat.program.index import Site

if TYPE_CHECKING:
    from debloat.program.program import Program

# The tests whose outcome is certain, each with its outcome, and EXPR that came back; None where no way leads.
T = TypeVar("T")
State = frozenset[tuple[int, bool]] | None

_LEAVING = frozenset({ops.RETURN, ops.RAISE, ops.BREAK, ops.CONTINUE})
_CONTROL = _LEAVING | {
    ops.CALL, ops.EXPR, ops.BRANCH, ops.BOOL, ops.CONDITIONAL, ops.IF, ops.WHILE, ops.FOR, ops.TRY, ops.WITH, ops.MATCH,
}  # fmt: skip
# What runs code that may change an object: anything but reading names and constants and comparing identities.
_EFFECTS = frozenset(
    {
        ops.CALL, ops.YIELD, ops.YIELD_FROM, ops.AWAIT, ops.ELEMENT, ops.ENTER, ops.WITH, ops.COMPREHENSION,
        ops.IMPORTED, ops.SET_ATTR, ops.SET_ITEM, ops.DEL_ATTR, ops.DEL_ITEM, ops.CLASS, ops.BINARY,
        ops.SUBSCRIPT, ops.ITEM,
    }
)  # fmt: skip


class Decided(NamedTuple):
    """A test whose outcome is known: where it stands, the test that shows it, its outcome.

    ``proved`` is False where the outcome also rests on objects that answer the same question twice in the same way.
    ``lines`` go with the test: the head and the dead branch of an ``if``. That branch lies inside ``dead`` (line, column,
    end line, end column), which is empty where there is none.
    """

    test: int
    earlier: int
    outcome: bool
    proved: bool
    lines: int
    dead: Sequence[int]


def decided(program: Program, scope: int, through: Callable[[Site], Through | None]) -> Iterator[Decided]:
    """The tests of a function that an earlier test of the same function decides.

    ``through`` finds the function that a call asks through, see :class:`Conditions`.
    """
    walk = Walk(program, scope, through)
    for test, state in walk.tests:
        found = next(filter(None, (walk.decision(test, *fact) for fact in sorted(state, reverse=True))), None)
        if found is not None:
            yield found


class Walk:
    """The pass over one function: a position that moves on, and what is known there.

    ``calls`` is what is certain at each call, ``exits`` what is certain at each end of the function.
    """

    def __init__(self, program: Program, scope: int, through: Callable[[Site], Through | None]) -> None:
        self._code = program.facts[program.index.file_of[scope]].code
        self._record = program.index.scopes[scope]
        self._at = self._record.start
        self._before: list[State] = []  # inside boolean and conditional expressions: what other ways bring along
        self._last: dict[int, State] = {}  # what is known when the last part of a boolean expression is evaluated
        self._loops: list[tuple[int, int]] = []
        # the lines that go with the test of an if, and its dead branch, when the test is false and when it is true
        self._goes: dict[int, Sequence[tuple[int, Sequence[int]]]] = {}
        self.tests: list[tuple[int, frozenset[tuple[int, bool]]]] = []
        self.conditions = Conditions(program, scope, through)
        self.calls: dict[int, State] = {}
        self.exits: list[State] = []
        self.exits.append(self.block(frozenset()))

    def block(self, state: State) -> State:
        """Follow the instructions up to the next section of the structure around them."""
        code = self._code
        while self._at < self._record.end and (op := code[self._at]) not in ops.SECTIONS:
            pc = self._at
            self._at += ops.size(code, pc)
            if op not in _CONTROL:
                continue
            match op:
                case ops.BRANCH:
                    state = self._branch(code[pc + 3], code[pc + 4], state)
                case ops.BOOL:
                    self._last[pc] = state
                    for _ in range(code[pc + 4] - 1):
                        state = join(state, self._before.pop())
                case ops.CONDITIONAL:
                    state = join(state, self._before.pop())
                case ops.IF:
                    state = self._if(pc, code[pc + 5], state)
                case ops.WHILE | ops.FOR:
                    state = self._loop(pc, state)
                case ops.TRY:
                    state = self._try(state)
                case ops.WITH:
                    self.block(state)  # the context may swallow an exception: what was found out inside is lost
                    self._at += ops.size(code, self._at)
                case ops.MATCH:
                    state = self._match(state)
                case ops.CALL:
                    self.calls[pc] = state
                case ops.EXPR:
                    if state is not None and code[code[pc + 3]] == ops.CALL:
                        state |= {(pc, True)}
                case _:
                    self.exits += [state] * (op == ops.RETURN)
                    state = None
        return state

    def _section(self, op: int) -> bool:
        """Whether the section that begins here is of that kind; goes into it."""
        if self._code[self._at] != op:
            return False
        self._at += ops.size(self._code, self._at)
        return True

    def _otherwise(self, state: State) -> State:
        """An ``else`` if there is one, and the end."""
        if self._section(ops.ELSE):
            state = self.block(state)
        self._section(ops.END)
        return state

    def _if(self, pc: int, test: int, state: State) -> State:
        self._test(test, state)
        code, body = self._code, self._at
        then = self.block(self._shown(state, test, True))
        line, middle, end = code[pc + 1], code[self._at + 1], code[pc + 3]
        has_else = code[self._at] == ops.ELSE
        start, between, last = (code[at : at + 2].tolist() for at in (body + 1, self._at + 1, pc + 3))
        false = middle - line if has_else else end - line + 1, [*start, *between]
        true = (end - middle + 2, [*between, *last]) if has_else else (1, [])
        negated = code[test] == ops.UNARY
        self._goes[code[test + 4] if negated else test] = (true, false) if negated else (false, true)
        return join(then, self._otherwise(self._shown(state, test, False)))

    def _loop(self, pc: int, state: State) -> State:
        self.block(state)
        after = self._shown(state, self._code[pc + 5], False) if self._code[pc] == ops.WHILE else state
        after = self._otherwise(after)
        self._loops.append((pc, self._at))
        leaves = any(self._code[at] == ops.BREAK for at in ops.instructions(self._code, pc, self._at))
        return join(after, state) if leaves else after

    def _try(self, state: State) -> State:
        body = self.block(state)
        handled = None
        while self._section(ops.EXCEPT):
            handled = join(handled, self.block(state))
        if self._section(ops.ELSE):
            body = self.block(body)
        after = join(body, handled)
        if self._section(ops.FINALLY):
            final = self.block(state)
            after = None if after is None or final is None else after | final
        self._section(ops.END)
        return after

    def _match(self, state: State) -> State:
        after = state
        while self._section(ops.CASE):
            after = join(after, self.block(state))
        self._section(ops.END)
        return after

    def _branch(self, kind: int, value: int, state: State) -> State:
        if kind == 3:
            before = self._before.pop()
            self._before.append(state)
            return self._shown(before, value, False)
        self._test(value, state)
        if kind < 3:
            self._before.append(state)
        return self._shown(state, value, kind != 1)

    def _test(self, value: int, state: State) -> None:
        """Note what is known where a test is made; of ``a and b`` only ``b``, since ``a`` was noted at its branch."""
        if state is None:
            return
        match self._code[value]:
            case ops.UNARY if self._code[value + 3] == ops.NOT:
                self._test(self._code[value + 4], state)
            case ops.BOOL:
                self._test(self._code[value + 4 + self._code[value + 4]], self._last[value])
            case _:
                self.tests.append((value, state))

    def _shown(self, state: State, value: int, outcome: bool) -> State:
        """What is known after a test came out that way."""
        if state is None:
            return None
        match self._code[value]:
            case ops.UNARY if self._code[value + 3] == ops.NOT:
                return self._shown(state, self._code[value + 4], not outcome)
            case ops.BOOL:
                if outcome == (self._code[value + 3] == 0):  # all of an ``and`` are true, all of an ``or`` false
                    for part in self._code[value + 5 : value + 5 + self._code[value + 4]]:
                        state = self._shown(state, part, outcome)
                return state
        return state | {(value, outcome)}

    # Between two tests

    def decision(self, test: int, earlier: int, outcome: bool) -> Decided | None:
        """What an earlier test with that outcome says of a later one."""
        later, first = self.conditions.at(test), self.conditions.at(earlier)
        if later is None or first is None:
            return None
        shown = implied(first.question, outcome != first.negated, later.question)
        if shown is None or self._rebound(later.variables, earlier, test):
            return None
        # That None is never true needs no fixed answer, but for an attribute, which may be another object by now.
        proved = (
            later.fixed or (first.fixed and first.question != later.question) or self.conditions.never_changes(test)
        )
        if not proved and not self._quiet(earlier, test):
            return None
        true = shown != later.negated
        lines, dead = self._goes[test][true] if test in self._goes else (0, ())
        return Decided(test, earlier, true, proved, lines, dead)

    def lasts(self, condition: Condition, earlier: int, at: int) -> bool | None:
        """Whether what a condition asks about is the same at two places: True, None if the objects answer alike, else False."""
        if self._rebound(condition.variables, earlier, at):
            return False
        return True if condition.fixed else None if self._quiet(earlier, at) else False

    def _until(self, earlier: int, test: int) -> int:
        """The end of what may run between the tests: a loop around the later one alone may go round."""
        return max([test, *(end for start, end in self._loops if earlier < start < test < end)])

    def _rebound(self, variables: frozenset[int], earlier: int, test: int) -> bool:
        end = self._until(earlier, test)
        return any(earlier < at < end for name in variables for at in self._record.bound[name])

    def _quiet(self, earlier: int, test: int) -> bool:
        """Whether no code runs between the tests that may change an object."""
        return all(
            self._code[at] not in _EFFECTS for at in self._between(earlier, test) if self.conditions.at(at) is None
        )

    def _between(self, earlier: int, test: int) -> Iterator[int]:
        """The instructions that may run between two tests; branches that leave without coming to the later one are left out."""
        code, stop = self._code, self._until(earlier, test)
        opened: list[int] = []
        pc = earlier
        while pc < stop:
            yield pc
            after = pc + ops.size(code, pc)
            if code[pc] == ops.IF:
                end, leaving = self._branch_end(pc)
                loops = any(kind in (ops.WHILE, ops.FOR) for kind in opened)
                tries = any(kind in (ops.TRY, ops.WITH) for kind in opened)
                leaves = leaving in (ops.RETURN, ops.RAISE) or (leaving in (ops.BREAK, ops.CONTINUE) and not loops)
                if end <= test and leaves and not tries:
                    after = end
            if code[pc] in ops.OPENING:
                opened.append(code[pc])
            elif code[pc] == ops.END and opened:
                opened.pop()
            pc = after

    def _branch_end(self, pc: int) -> tuple[int, int]:
        """Where the first branch of an IF ends, and the opcode of its last instruction."""
        code, depth, last = self._code, 0, pc
        while True:
            depth += (code[pc] in ops.OPENING) - (code[pc] == ops.END)
            if depth == 0 or (depth == 1 and code[pc] == ops.ELSE):
                return pc, code[last]
            last = pc
            pc += ops.size(code, pc)


def join(one: frozenset[T] | None, other: frozenset[T] | None) -> frozenset[T] | None:
    """What holds where two ways meet; None is of one that does not come there."""
    if one is None or other is None:
        return other if one is None else one
    return one & other
