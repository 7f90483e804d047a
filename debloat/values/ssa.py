"""Static single assignment form of one function, built in one pass over its structured flow form.

After Cytron et al. (1991), with extended versions at tests as in Bodik, Gupta and Sarkar (2000): where a test has come out
one way, the variables it speaks of get a new version. Nothing is evaluated here; whether an edge can be taken, and what a
version holds, is asked later and only where somebody wants to know.

A key is a variable, (scope, name), the subject of a match, ("match", pc), or a path of attributes and constant subscripts from one: (key, ".", name) or
(key, "[", type, constant). A version is one of

    ("store", pc)  the value there       ("parameter", position)     ("unbound",)
    ("free", scope, name)  a variable of another scope, at any time
    ("outer", scope, name)  what a name means outside of a module or class that has yet to bind it
    ("path", pc)  what reading the path there gives, nothing being known of it
    ("after", version, pc, key)  a path, once the instruction at pc has run
    ("phi", ((version, block), ...))     ("narrow", version, test, outcome, key)

and an edge of a block is (block before, kind, pc, outcome): kind ``always``, ``test``, ``returns`` (the call there comes back),
``matches`` (a pattern), ``raises`` (into the handler at pc), ``swallows`` (out of the with there).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from itertools import chain, repeat
from typing import Any

from debloat.facts import data, ops
from debloat.program.index import Index

Key = tuple[Any, ...]
Version = tuple[Any, ...]
Edge = tuple[int, str, int, bool]

ENTRY = 0
_UNBOUND: Version = ("unbound",)
_SIMPLE = frozenset(
    {
        ops.NAME, ops.ATTR, ops.SUBSCRIPT, ops.STORE, ops.DEL_NAME, ops.SET_ATTR, ops.SET_ITEM, ops.DEL_ATTR, ops.DEL_ITEM,
        ops.CALL, ops.YIELD, ops.YIELD_FROM, ops.AWAIT, ops.ELEMENT, ops.ENTER, ops.COMPREHENSION, ops.CLASS, ops.IMPORTED,
    }
)  # fmt: skip
_BRANCHING = frozenset(
    {
        ops.EXPR, ops.BRANCH, ops.BOOL, ops.CONDITIONAL, ops.IF, ops.WHILE, ops.FOR, ops.TRY, ops.WITH, ops.MATCH,
        ops.RETURN, ops.RAISE, ops.BREAK, ops.CONTINUE, ops.ASSERT,
    }
)  # fmt: skip
# What may run code that assigns attributes, or change what a container holds.
_KILLING = frozenset({ops.CALL, ops.YIELD, ops.YIELD_FROM, ops.AWAIT, ops.ELEMENT, ops.ENTER, ops.CLASS, ops.IMPORTED})


class _State:
    """What is known at a point: the block, and the version of each variable and path."""

    def __init__(self, block: int, variables: dict[Key, Version], paths: dict[Key, Version]) -> None:
        self.block = block
        self.variables = variables
        self.paths = paths

    def copy(self, block: int) -> _State:
        return _State(block, dict(self.variables), dict(self.paths))

    def version(self, key: Key) -> Version | None:
        return self.variables.get(key) or self.paths.get(key)


class Form:
    """The form of one scope, with the comprehensions in it that see its variables as they are."""

    def __init__(self, index: Index, scope: int) -> None:
        self.scope = scope
        self.file = index.file_of[scope]
        self.blocks: list[list[Edge]] = [[]]
        self.reads: dict[int, Version] = {}
        self.keys: dict[int, Key] = {}
        self.exits: list[tuple[int, int]] = []  # value of a return (-1: none), block
        self.end = -1  # the block at the end of the body, -1 where no way leads there
        self.inner: set[int] = set()  # the comprehensions that are part of it
        self.phis: list[list[tuple[Version, int]]] = []
        self.marks: list[tuple[int, int]] = []  # from which position on an instruction is in which block
        _Builder(index, self).build()
        self.marks.sort()

    def block_at(self, pc: int) -> int:
        """The block that an instruction is in; -1 where no way leads to it."""
        return self.marks[bisect_right(self.marks, (pc, len(self.blocks))) - 1][1]


class _Builder:
    """The pass over one function."""

    def __init__(self, index: Index, form: Form) -> None:
        self._index = index
        self._form = form
        self._scope = form.scope
        self._record = index.scopes[form.scope]
        self._fact = index.facts[form.file]
        self._code = self._fact.code
        self._base = index.base[form.file]
        self._at = self._record.start
        self._stop = self._record.end
        self._before: list[_State | None] = []
        self._breaks: list[list[_State]] = []
        self._continues: list[list[_State]] = []
        self._collectors: list[dict[Key, list[Version]]] = []
        self._homes: dict[tuple[int, int], int] = {}
        self._walrus: dict[int, Key] = {}
        self._last: dict[int, _State | None] = {}
        self._ends: dict[int, int] = {}
        self._tracked: dict[tuple[int, int], bool] = {}

    def build(self) -> None:
        record = self._record
        variables: dict[Key, Version] = {}
        for position, parameter in enumerate(record.parameters):
            if self._is_tracked(self._scope, parameter.name):
                variables[self._scope, parameter.name] = ("parameter", position)
        if record.kind != data.FUNCTION and record.kind != data.LAMBDA:
            for name in record.bound:  # read before it is bound, a name is that of the scopes outside or a builtin
                variables[self._scope, name] = ("outer", self._scope, name)
        opened: list[int] = []
        for pc in self._fact.instructions(self._scope - self._base):
            if self._code[pc] in ops.OPENING:
                opened.append(pc)
            elif self._code[pc] == ops.END:
                self._ends[opened.pop()] = pc
        self._mark(self._at, ENTRY)
        final = self._run(_State(ENTRY, variables, {}))
        self._form.end = -1 if final is None else final.block

    # Blocks

    def _mark(self, pc: int, block: int) -> None:
        self._form.marks.append((pc, block))

    def _block(self, *edges: Edge) -> int:
        self._form.blocks.append(list(edges))
        return len(self._form.blocks) - 1

    def _enter(self, state: _State | None) -> _State | None:
        """What follows here is in the state's block."""
        self._mark(self._at, -1 if state is None else state.block)
        return state

    def _after(self, state: _State, kind: str, pc: int, outcome: bool) -> _State:
        return state.copy(self._block((state.block, kind, pc, outcome)))

    def _join(self, states: Iterable[_State | None]) -> _State | None:
        live = [state for state in states if state is not None]
        if len(live) <= 1:
            return live[0] if live else None
        block = self._block(*((state.block, "always", 0, True) for state in live))
        blocks = [state.block for state in live]
        variables = {
            key: self._phi([state.variables.get(key, _UNBOUND) for state in live], blocks)
            for key in dict.fromkeys(chain.from_iterable(state.variables for state in live))
        }
        common = [key for key in live[0].paths if all(key in state.paths for state in live)]
        paths = {key: self._phi([state.paths[key] for state in live], blocks) for key in common}
        return _State(block, variables, paths)

    def _phi(self, versions: list[Version], blocks: Iterable[int]) -> Version:
        """What one of the versions is, each from its block."""
        if versions.count(versions[0]) == len(versions):
            return versions[0]
        self._form.phis.append(list(zip(versions, blocks, strict=False)))
        return ("phi", len(self._form.phis) - 1)

    # Keys

    def _home(self, scope: int, name: int) -> int:
        key = (scope, name)
        if key not in self._homes:
            self._homes[key] = self._index.resolve(scope, name)
        return self._homes[key]

    def _is_tracked(self, scope: int, name: int) -> bool:
        """Whether all that binds a variable of a scope is in that scope's own code."""
        key = (scope, name)
        if key not in self._tracked:
            record = self._index.scopes[scope]
            self._tracked[key] = all(record.start <= pc < record.end for pc in record.bound.get(name, ()))
        return self._tracked[key]

    def _key(self, pc: int) -> Key | None:
        """The key that an expression reads."""
        code = self._code
        match code[pc] if pc >= 0 else -1:
            case ops.NAME:
                return self._form.keys.get(pc)
            case ops.ATTR if self._fact.names[code[pc + 4]] not in self._index.unsteady:
                base = self._key(code[pc + 3])
                return None if base is None else (base, ".", code[pc + 4])
            case ops.SUBSCRIPT if code[code[pc + 4]] == ops.CONST:
                base = self._key(code[pc + 3])
                return None if base is None else (base, "[", *self._fact.constants[code[code[pc + 4] + 3]])
        return None

    def _set(self, state: _State, key: Key, version: Version) -> None:
        state.variables[key] = version
        for path in [path for path in state.paths if _starts(path, key)]:
            del state.paths[path]
        for collector in self._collectors:
            collector.setdefault(key, []).append(version)

    def _kill(self, state: _State, pc: int) -> None:
        for path, version in list(state.paths.items()):
            state.paths[path] = ("after", version, pc, path)

    def _refresh(self, pc: int, state: _State) -> None:
        """What a property may set that is read there."""
        for path, version in list(state.paths.items()):
            if any(self._fact.names[name] in self._index.lazy for name in _attributes(path)):
                state.paths[path] = ("after", version, pc, path)

    # The pass

    def _run(self, state: _State | None) -> _State | None:
        """Follow the instructions up to the next section of the structure around them."""
        code = self._code
        while self._at < self._stop and (op := code[self._at]) not in ops.SECTIONS:
            pc = self._at
            self._at += ops.FIXED[op] or ops.size(code, pc)
            if op in _SIMPLE:
                if state is not None:
                    self._simple(op, pc, state)
                continue
            if op not in _BRANCHING or (state is None and op not in ops.OPENING and op not in _EXPRESSIONS):
                continue
            match op:
                case ops.IF:
                    state = self._if(pc, state)
                case ops.WHILE | ops.FOR:
                    state = self._loop(pc, state)
                case ops.TRY:
                    state = self._try(pc, state)
                case ops.WITH:
                    state = self._with(pc, state)
                case ops.MATCH:
                    state = self._match(code[pc + 5], state)
                case ops.BRANCH:
                    state = self._enter(self._branch(code[pc + 3], code[pc + 4], state))
                case ops.BOOL:
                    ways = [self._before.pop() for _ in range(code[pc + 4] - 1)]
                    state = self._enter(self._join([state, *ways]))
                case ops.CONDITIONAL:
                    state = self._enter(self._join([state, self._before.pop()]))
                case _ if state is None:
                    pass
                case ops.RETURN | ops.RAISE | ops.BREAK | ops.CONTINUE:
                    self._leave(op, pc, state)
                    state = self._enter(None)
                case ops.ASSERT | ops.EXPR:
                    if op == ops.EXPR and code[code[pc + 3]] == ops.CALL:
                        state = self._enter(self._after(state, "returns", code[pc + 3], True))
        return state

    def _simple(self, op: int, pc: int, state: _State) -> None:
        code = self._code
        match op:
            case ops.NAME:
                self._name(pc, state)
            case ops.ATTR | ops.SUBSCRIPT:
                key = self._key(pc)
                if key is not None:
                    self._form.keys[pc] = key
                    if key in state.paths:
                        self._form.reads[pc] = state.paths[key]
                if op == ops.ATTR and self._fact.names[code[pc + 4]] in self._index.computed:
                    self._refresh(pc, state)
            case ops.STORE:
                if self._is_tracked(self._scope, code[pc + 3]) and self._home(self._scope, code[pc + 3]) == self._scope:
                    key = (self._scope, code[pc + 3])
                    self._set(state, key, ("store", code[pc + 4]))
                    if code[pc + 5] == ops.WALRUS:
                        self._walrus[code[pc + 4]] = key
            case ops.DEL_NAME:
                self._set(state, (self._scope, code[pc + 3]), _UNBOUND)
            case ops.SET_ATTR:
                for path in [path for path in state.paths if _mentions(path, code[pc + 4])]:
                    del state.paths[path]
                base = self._key(code[pc + 3])
                if base is not None and self._fact.names[code[pc + 4]] not in self._index.unsteady:
                    state.paths[base, ".", code[pc + 4]] = ("store", code[pc + 5])
            case ops.SET_ITEM | ops.DEL_ITEM:
                for path in [path for path in state.paths if _is_subscripted(path)]:
                    del state.paths[path]
                base = self._key(code[pc + 3])
                if op == ops.SET_ITEM and base is not None and code[code[pc + 4]] == ops.CONST:
                    key = (base, "[", *self._fact.constants[code[code[pc + 4] + 3]])
                    state.paths[key] = ("store", code[pc + 5])
            case ops.DEL_ATTR:
                state.paths.clear()
            case ops.COMPREHENSION:
                self._comprehension(pc, state)
                self._kill(state, pc)
            case _ if op in _KILLING:
                self._kill(state, pc)

    def _name(self, pc: int, state: _State) -> None:
        name = self._code[pc + 3]
        home = self._home(self._scope, name)
        if home < 0:
            return
        key: Key = (home, name)
        inside = home == self._form.scope or home in self._form.inner
        self._form.keys[pc] = key
        if inside and self._is_tracked(home, name) and (key in state.variables or self._scope == self._form.scope):
            self._form.reads[pc] = state.variables.get(key, _UNBOUND)
        else:
            self._form.reads[pc] = state.paths.get(key) or ("free", home, name)

    def _leave(self, op: int, pc: int, state: _State) -> None:
        if op == ops.RETURN:
            self._form.exits.append((self._code[pc + 3], state.block))
        elif op == ops.BREAK and self._breaks:
            self._breaks[-1].append(state)
        elif op == ops.CONTINUE and self._continues:
            self._continues[-1].append(state)

    def _comprehension(self, pc: int, state: _State) -> None:
        """A comprehension runs here and now; a generator later, when other stores may have been made."""
        code = self._code
        inner = self._base + code[pc + 4]
        record = self._index.scopes[inner]
        seen = state.copy(state.block)
        if code[pc + 3] == ops.GENERATOR:
            seen.paths.clear()
            seen.variables = {key: version for key, version in seen.variables.items() if self._is_settled(key, pc)}
        saved = self._at, self._stop, self._scope, self._before
        self._form.inner.add(inner)
        self._at, self._stop, self._scope, self._before = record.start, record.end, inner, []
        self._mark(self._at, seen.block)
        self._run(seen)
        self._at, self._stop, self._scope, self._before = saved
        if self._form.marks[-1][1] != state.block:
            self._mark(self._at, state.block)

    def _is_settled(self, key: Key, pc: int) -> bool:
        """Whether nothing is stored in a variable from an instruction on."""
        if key[0] == "match":
            return True
        stores = self._index.scopes[key[0]].bound.get(key[1], ())
        return all(at < pc for at in stores) and not any(
            start < pc < end and any(start < at < end for at in stores) for start, end in self._ends.items()
            if self._code[start] in (ops.WHILE, ops.FOR)
        )  # fmt: skip

    # Tests

    def _shown(self, state: _State | None, test: int, outcome: bool, kind: str = "test") -> _State | None:
        """The state once a test came out that way."""
        if state is None:
            return None
        after = self._after(state, kind, test, outcome)
        for key, pc in self._subjects(test) if kind == "test" else self._matched(test):
            old = state.version(key) or (("free", *key) if len(key) == 2 else ("path", pc))
            new = ("narrow", old, test, outcome, key)
            if key in after.variables:
                after.variables[key] = new
            else:
                after.paths[key] = new
        return after

    def _subjects(self, test: int) -> Iterator[tuple[Key, int]]:
        """The keys that a test speaks of, each with an instruction that reads it."""
        code = self._code
        if test in self._walrus:
            yield self._walrus[test], test
        if (key := self._key(test)) is not None:
            yield key, test
            return
        match code[test]:
            case ops.UNARY:
                yield from self._subjects(code[test + 4])
            case ops.BOOL:
                for part in code[test + 5 : test + 5 + code[test + 4]]:
                    yield from self._subjects(part)
            case ops.COMPARE if code[test + 6] == 1:
                yield from self._subjects(code[test + 5])
                yield from self._subjects(code[test + 8])
            case ops.CALL if code[test + 6]:
                yield from self._subjects(code[test + 7])

    def _matched(self, at: int) -> Iterator[tuple[Key, int]]:
        subject = self._code[at + 4]
        yield ("match", subject), subject
        if (key := self._key(subject)) is not None:
            yield key, subject

    def _branch(self, kind: int, value: int, state: _State | None) -> _State | None:
        if kind == 3:
            before = self._before.pop()
            self._before.append(state)
            return self._shown(before, value, False)
        if kind == 4:
            self._last[value] = state  # the other way out of the loop or case
            return self._shown(state, value, True)
        self._before.append(state if kind == 2 else self._shown(state, value, kind == 1))
        return self._shown(state, value, kind != 1)

    # Structures

    def _section(self, op: int) -> int:
        """The position of the section that begins here if it is of that kind, going into it; else 0."""
        if self._code[self._at] != op:
            return 0
        at = self._at
        self._at += ops.size(self._code, at)
        return at

    def _otherwise(self, state: _State | None) -> _State | None:
        """An ``else`` if there is one, and the end."""
        if self._section(ops.ELSE):
            state = self._run(self._enter(state))
        self._section(ops.END)
        return state

    def _if(self, pc: int, state: _State | None) -> _State | None:
        test = self._code[pc + 5]
        otherwise = self._shown(state, test, False)
        then = self._run(self._enter(self._shown(state, test, True)))
        return self._enter(self._join([then, self._otherwise(otherwise)]))

    def _loop(self, pc: int, state: _State | None) -> _State | None:
        end = self._ends.get(pc, self._stop)
        self._breaks.append([])
        self._continues.append([])
        pending: list[tuple[Key, int]] = []
        head: _State | None = None
        if state is not None:
            head = state.copy(self._block((state.block, "always", 0, True)))
            head.paths.clear()
            for key, version in self._bound_in(pc, end, head):
                self._form.phis.append([(version, state.block)])
                pending.append((key, len(self._form.phis) - 1))
                head.variables[key] = ("phi", len(self._form.phis) - 1)
        self._enter(head)
        leaving = head
        body = self._run(head.copy(head.block) if head else None)
        if self._code[pc] == ops.WHILE:
            # The test was lowered into the loop: what was known beside it when it came out false.
            before = self._last.pop(self._code[pc + 5], None)
            leaving = self._shown(before, self._code[pc + 5], False)
        for back in (body, *self._continues.pop()):
            if back is not None and head is not None:
                self._form.blocks[head.block].append((back.block, "always", 0, True))
                for key, phi in pending:
                    self._form.phis[phi].append((back.variables.get(key, _UNBOUND), back.block))
        breaks = self._breaks.pop()  # one in the else is of the loop around
        after = self._otherwise(leaving)
        return self._enter(self._join([after, *breaks]))

    def _bound_in(self, start: int, end: int, state: _State) -> Iterator[tuple[Key, Version]]:
        """The variables that a stretch of code binds or narrows for good, with their versions before it."""
        for name, stores in self._index.scopes[self._scope].bound.items():
            key = (self._scope, name)
            if any(start < pc < end for pc in stores) and self._is_tracked(self._scope, name):
                yield key, state.variables.get(key, _UNBOUND)

    def _collected(self, body: dict[Key, list[Version]], start: _State, kind: str, pc: int) -> _State:
        """The state where an exception leaves a stretch of code: any of the stores in it may have been made."""
        state = start.copy(self._block((start.block, kind, pc, True)))
        state.paths.clear()
        for key, versions in body.items():
            before = start.variables.get(key, _UNBOUND)
            state.variables[key] = self._phi(list(dict.fromkeys([before, *versions])), repeat(start.block))
        return state

    def _try(self, pc: int, state: _State | None) -> _State | None:
        start = state.copy(state.block) if state else None
        has_finally = self._has_finally(pc)
        everything: dict[Key, list[Version]] = {}
        if has_finally:
            self._collectors.append(everything)
        raised: dict[Key, list[Version]] = {}
        self._collectors.append(raised)
        body = self._run(self._enter(state))
        self._collectors.pop()
        handled: list[_State | None] = []
        while at := self._section(ops.EXCEPT):
            caught = self._collected(raised, start, "raises", at) if start else None
            handled.append(self._run(self._enter(caught)))
        if self._section(ops.ELSE):
            body = self._run(self._enter(body))
        if has_finally:
            self._collectors.pop()
        after = self._join([body, *handled])
        if self._section(ops.FINALLY):
            entered = self._collected(everything, start, "always", pc) if start else None
            final = self._run(self._enter(entered.copy(entered.block) if entered else None))
            after = self._finished(after, entered, final)
        self._section(ops.END)
        return self._enter(after)

    def _has_finally(self, pc: int) -> bool:
        depth = 0
        for at in ops.instructions(self._code, pc, self._ends.get(pc, self._stop)):
            op = self._code[at]
            depth += (op in ops.OPENING) - (op == ops.END)
            if op == ops.FINALLY and depth == 1:
                return True
        return False

    def _finished(self, after: _State | None, entered: _State | None, final: _State | None) -> _State | None:
        """Behind a ``finally``: what was known before it, but for what it stores itself."""
        if after is None or entered is None or final is None:
            return None
        state = after.copy(self._block((after.block, "always", 0, True)))
        state.paths.clear()
        for key, version in final.variables.items():
            if entered.variables.get(key) != version:
                state.variables[key] = version
        return state

    def _with(self, pc: int, state: _State | None) -> _State | None:
        start = state.copy(state.block) if state else None
        body: dict[Key, list[Version]] = {}
        self._collectors.append(body)
        after = self._run(self._enter(state))
        self._collectors.pop()
        end = self._section(ops.END)
        if after is not None:
            self._kill(after, end)  # __exit__ runs
        swallowed = self._collected(body, start, "swallows", pc) if start else None
        return self._enter(self._join([after, swallowed]))

    def _match(self, subject: int, state: _State | None) -> _State | None:
        after: list[_State | None] = []
        if state is not None:  # the subject is evaluated once: each case knows which it is not
            state = state.copy(state.block)
            state.variables["match", subject] = ("store", subject)
        while case := self._section(ops.CASE):
            guard = self._code[case + 3]
            matches = self._until_matches(state)
            if state is not None:
                self._form.reads[matches] = state.variables["match", subject]
            inside = self._enter(self._shown(state, matches, True, "matches"))
            state = self._shown(state, matches, False, "matches")
            after.append(self._run(inside))
            if guard >= 0:
                state = self._join([state, self._shown(self._last.pop(guard, None), guard, False)])
        self._section(ops.END)
        return self._enter(self._join([*after, state]))

    def _until_matches(self, state: _State | None) -> int:
        """Run what a pattern reads and binds; gives the position of its MATCHES."""
        self._enter(state)
        while self._code[self._at] != ops.MATCHES:
            pc = self._at
            self._at += ops.size(self._code, pc)
            if state is not None and self._code[pc] in _SIMPLE:
                self._simple(self._code[pc], pc, state)
        pc = self._at
        self._at += ops.size(self._code, pc)
        return pc


_EXPRESSIONS = frozenset({ops.BRANCH, ops.BOOL, ops.CONDITIONAL})


def _starts(path: Key, key: Key) -> bool:
    """Whether a path begins with a variable."""
    while path != key and isinstance(path[0], tuple):
        path = path[0]
    return path == key


def _mentions(path: Key, attribute: int) -> bool:
    """Whether a path goes through an attribute of a name."""
    return attribute in _attributes(path)


def _attributes(path: Key) -> Iterator[int]:
    """The attributes that a path goes through."""
    while isinstance(path[0], tuple):
        if path[1] == ".":
            yield path[2]
        path = path[0]


def _is_subscripted(path: Key) -> bool:
    while isinstance(path[0], tuple):
        if path[1] == "[":
            return True
        path = path[0]
    return False


def forms(index: Index, scope: int) -> int:
    """The scope whose form holds a scope: of a comprehension the function around it."""
    while index.scopes[scope].kind == data.COMPREHENSION:
        scope = index.parent(scope)
    return scope
