"""The state of lowering one file: its tables, and the scope that is being written."""

from __future__ import annotations

import ast
import hashlib
import re
from collections.abc import Callable, Hashable
from typing import Any

from debloat.facts import data

_DOTTED = re.compile(r"[^\W\d]\w*(?:[.:][^\W\d]\w*)*")
_WORD = re.compile(r"[^\W\d]\w*")
# Names that a format or template string reads: {x.name}, {{ x.name }}, %(name)s.
_FORMATTED = re.compile(r"\{[^{}]*\.([^\W\d]\w*)|%\(([^\W\d]\w*)\)")
# Code in a string, as another interpreter or a timer is given it; and a file of Python, as a path names it.
_CODE = re.compile(r"""(?:^|[;'"])[ \t]*(?:import[ \t]+[^\W\d]|from[ \t]+[\w.]+[ \t]+import\b)""", re.MULTILINE)
_FILE = re.compile(r"(?:[^\n]*[/\\ ])?([^\W\d]\w*\.py)")
_LONGEST_CONSTANT = 200
# Scopes in scopes, which much of what reads the facts climbs by recursion. Python itself takes 100 nested functions.
_DEEPEST_SCOPE = 200


class Writer:
    """Collects the instructions and tables of one file while its tree is lowered, scope after scope."""

    __slots__ = (
        "attributes", "bodies", "bound", "code", "constants", "depths", "exported", "file_flags", "flags", "globals", "guard",
        "guards", "idle", "imports", "loads", "mentions", "names", "nonlocals", "owner", "queue", "rebound", "scope", "scopes",
        "set_attributes", "tested",
    )  # fmt: skip

    def __init__(self) -> None:
        self.code: list[int] = []
        self.names: dict[str, int] = {}
        self.constants: dict[tuple[str, object], int] = {}
        self.mentions: set[str] = set()
        self.guards: list[int] = []
        self.idle: list[data.Idle] = []
        self.imports: list[data.Import] = []
        self.scopes: list[data.Scope] = []
        self.bodies: list[tuple[int, int, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef]] = []
        self.depths = [0]
        self.queue: list[tuple[int, str, Callable[[Writer], None]]] = []
        # Stores through nonlocal names: the scope outside, the name. Theirs may be bound by what is written later.
        self.rebound: list[tuple[int, int, list[int]]] = []
        self.exported: list[str] | None = None
        self.file_flags = 0
        self.guard = data.PLAIN
        self.begin(0, "")

    def begin(self, scope: int, owner: str) -> None:
        """Start to write a scope, inside the class ``owner`` as far as private names go."""
        self.scope = scope
        self.owner = owner
        self.loads: set[int] = set()
        self.attributes: set[int] = set()
        self.set_attributes: set[int] = set()
        self.bound: dict[int, list[int]] = {}
        self.globals: set[int] = set()
        self.nonlocals: set[int] = set()
        self.flags = 0
        self.tested: set[Hashable] = set()

    def defer(self, scope: data.Scope, owner: str, body: Callable[[Writer], None]) -> int:
        """Register a scope whose body is written after the current one; gives its index. Raises RecursionError."""
        self.depths.append(self.depths[self.scope] + 1)
        if self.depths[-1] > _DEEPEST_SCOPE:
            raise RecursionError
        self.scopes.append(scope)
        self.queue.append((len(self.scopes) - 1, owner, body))
        return len(self.scopes) - 1

    def write(self, scope: int, owner: str, body: Callable[[Writer], None]) -> None:
        """Write one scope's code and complete its record."""
        self.begin(scope, owner)
        start = len(self.code)
        body(self)
        old = self.scopes[scope]
        for parameter in old.parameters:
            self.bound.setdefault(parameter.name, [])
        for name in self.globals & self.bound.keys():
            self.scopes[0].bound.setdefault(name, []).extend(self.bound.pop(name))
        for name in self.nonlocals & self.bound.keys():
            self.rebound.append((old.parent, name, self.bound.pop(name)))
        self.scopes[scope] = old._replace(
            start=start,
            end=len(self.code),
            flags=old.flags | self.flags,
            bound=self.bound,
            loads=sorted(self.loads),
            attributes=sorted(self.attributes),
            set_attributes=sorted(self.set_attributes),
            globals=sorted(self.globals),
            nonlocals=sorted(self.nonlocals),
        )

    def name(self, name: str) -> int:
        """The index of a name, mangled where the class around it makes it private."""
        if name[:2] == "__" and self.owner and name[-2:] != "__":
            name = f"_{self.owner}{name}"
        return self.names.setdefault(name, len(self.names))

    def keyword(self, name: str | None) -> int:
        """The index of a name that is never mangled, the keyword of a call; -1 for ``**``."""
        return -1 if name is None else self.names.setdefault(name, len(self.names))

    def note(self, kind: int, node: ast.stmt | ast.expr, pc: int = -1) -> None:
        """Note code that does or may do nothing, of a kind of :class:`debloat.facts.data.Idle`."""
        self.idle.append(data.Idle(kind, *place(node), pc))

    def bind(self, name: int, store: int) -> None:
        """Note that the STORE instruction at ``store`` binds the name."""
        self.bound.setdefault(name, []).append(store)

    def bind_outside_comprehensions(self, name: int, store: int) -> None:
        """Note that a walrus at ``store`` binds the name: in the scope around the comprehensions it stands in."""
        scope = self.scope
        while self.scopes[scope].kind == data.COMPREHENSION:
            scope = self.scopes[scope].parent
        if scope == self.scope:
            self.bind(name, store)
            return
        around = self.scopes[scope]  # complete: a comprehension is written after the scope around it
        if name in around.nonlocals:
            self.rebound.append((around.parent, name, [store]))
            return
        if name in around.globals:
            around = self.scopes[0]
        around.bound.setdefault(name, []).append(store)

    def _outer(self, scope: int, name: int) -> int:
        """The scope, from ``scope`` outwards, whose variable a nonlocal name is; the module where Python has none."""
        while scope > 0 and (name not in self.scopes[scope].bound or self.scopes[scope].kind == data.CLASS):
            scope = self.scopes[scope].parent
        return max(scope, 0)

    def constant(self, value: object) -> int:
        """The index of a constant; two are the same only if their type and their representation are."""
        match value:
            case str():
                self.mention(value)
                if len(value) > _LONGEST_CONSTANT or not value.isascii():
                    packed: object = hashlib.blake2b(value.encode(errors="surrogatepass"), digest_size=16).digest()
                else:
                    packed = value
            case bool() | None:
                packed = value
            case int():
                packed = value if abs(value) < 2**62 else hex(value)
            case _:
                packed = repr(value)
                if len(packed) > _LONGEST_CONSTANT:
                    packed = hashlib.blake2b(packed.encode(), digest_size=16).digest()
        return self.constants.setdefault((type(value).__name__, packed), len(self.constants))

    def mention(self, text: str) -> None:
        """Note the names that a string may reach: a dotted name, or what a format or template reads."""
        if len(text) <= _LONGEST_CONSTANT and _DOTTED.fullmatch(text):
            self.mentions.add(text)
        elif "{" in text or "%(" in text:
            for attribute, key in _FORMATTED.findall(text):
                self.mentions.add(attribute or key)
        elif ">>>" in text:
            self.mention_words(text)
        if _CODE.search(text):
            self.mentions.add(":".join(dict.fromkeys(["import", *_WORD.findall(text)])))
        elif named := _FILE.fullmatch(text):
            self.mentions.add(named[1])

    def mention_words(self, text: str) -> None:
        """Note every word of a text that is code: a doctest, what is given to eval."""
        self.mentions.update(_WORD.findall(text))

    def row(self, lines: int) -> list[Any]:
        """The whole of the facts as plain data, once all scopes are written."""
        for scope, name, stores in self.rebound:
            self.scopes[self._outer(scope, name)].bound.setdefault(name, []).extend(stores)
        return [
            list(self.names),
            list(self.constants),
            self.scopes,
            self.imports,
            None,
            sorted(self.mentions),
            self.exported,
            lines,
            self.file_flags,
            self.guards,
        ]


def place(node: ast.stmt | ast.expr | ast.arg) -> tuple[int, int, int, int]:
    """Where a node is: line, column, end line, end column."""
    return node.lineno, node.col_offset, node.end_lineno or node.lineno, node.end_col_offset or node.col_offset
