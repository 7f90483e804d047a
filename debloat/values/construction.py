"""Constructors: which attributes they surely set, and where code may run on an object that does not have them yet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from debloat.facts import data, ops
from debloat.program.binding import arguments
from debloat.program.externals import INERT
from debloat.program.index import Site

if TYPE_CHECKING:
    from debloat.values.analysis import Values

# Bases whose constructors run no method of the object.
_PLAIN_BASES = frozenset(
    {"<builtin>.object", "abc.ABC", "typing.Generic", "typing.Protocol", "typing_extensions.Protocol"}
)
# Builtins that look at an object and keep nothing, besides INERT.
_LOOKING = INERT | {"<builtin>.hasattr", "<builtin>.getattr", "<builtin>.setattr", "<builtin>.super", "<builtin>.type"}


class Construction:
    """What is known of constructors, kept by class and attribute."""

    def __init__(self, values: Values) -> None:
        self._values = values
        self._walks: dict[tuple[int, str], _Walk] = {}

    def sets(self, cls: int, name: str) -> bool:
        """Whether an object of exactly that class has the attribute once it is constructed."""
        return self._walk(cls, name).is_set

    def is_over(self, cls: int, name: str, site: Site) -> bool:
        """Whether an instruction only ever meets objects of exactly that class that have the attribute already."""
        walk = self._walk(cls, name)
        return walk.is_set and not walk.escapes and site not in walk.early

    def is_read_before(self, cls: int, name: str) -> bool:
        """Whether an attribute may be read before the constructor sets it."""
        walk = self._walk(cls, name)
        return walk.escapes or any(walk.reads(site) for site in walk.early)

    def makes(self, cls: int, name: str) -> bool:
        """Whether the attribute is a field that a generated constructor sets."""
        program = self._values.program
        order = program.hierarchy.order(cls)
        calls = program.analysis.calls
        if any(isinstance(base, int) and program.hierarchy.binds(base, "__init__") for base in order):
            return False
        return any(isinstance(base, int) and calls.is_model(base) and self._is_field(base, name) for base in order)

    def _is_field(self, cls: int, name: str) -> bool:
        """Whether a class body declares a field of its generated constructor by that name."""
        index = self._values.index
        fact = index.facts[index.file_of[cls]]
        record = index.scopes[cls]
        for site in self._values.program.analysis.calls.decorator_sites(cls):
            if fact.code[site.pc] == ops.CALL and any(
                key in ("init", None) for key, _ in arguments(fact, site.pc).keywords
            ):
                return False
        annotation = -1
        for pc in ops.instructions(fact.code, record.start, record.end):
            match fact.code[pc]:
                case ops.ANNOTATION:
                    annotation = fact.code[pc + 3]
                case ops.DECLARE if fact.names[fact.code[pc + 3]] == name:
                    return not self._is_special(fact, fact.code[pc + 4])
                case ops.STORE if fact.names[fact.code[pc + 3]] == name and annotation >= 0:
                    return not self._is_special(fact, annotation) and not self._is_left_out(fact, fact.code[pc + 4])
        return False

    def _is_special(self, fact: data.Facts, annotation: int) -> bool:
        """Whether an annotation makes something else of a field."""
        words = {fact.names[fact.code[pc + at]] for pc, at in _names(fact.code, annotation)}
        return bool(words & {"ClassVar", "InitVar", "KW_ONLY"}) or fact.code[annotation] == ops.CONST

    def _is_left_out(self, fact: data.Facts, default: int) -> bool:
        """Whether a default is ``field(...)`` by which the constructor may leave the field out."""
        if fact.code[default] != ops.CALL:
            return False
        keywords = {key for key, _ in arguments(fact, default).keywords}
        return "init" in keywords and keywords.isdisjoint({"default", "default_factory", "factory"})

    def _walk(self, cls: int, name: str) -> _Walk:
        key = cls, name
        if key not in self._walks:
            self._walks[key] = _Walk(self._values, cls, name)
        return self._walks[key]


def _names(code: Sequence[int], value: int) -> Iterator[tuple[int, int]]:
    """The names and attributes in an expression, each with the offset of its name."""
    if code[value] in (ops.NAME, ops.ATTR):
        yield value, 3 if code[value] == ops.NAME else 4
    for inner in ops.values(code, value):
        yield from _names(code, inner)


class _Walk:
    """The pass over a constructor and what it calls, as long as the attribute is not set.

    ``early`` are the instructions that it meets; ``escapes`` says that others may get the object so early.
    """

    def __init__(self, values: Values, cls: int, name: str) -> None:
        self._values = values
        self._index = values.index
        self._program = values.program
        self._order = self._program.hierarchy.order(cls)
        self._cls = cls
        self._name = name
        self._seen: dict[int, bool] = {}
        self.early: set[Site] = set()
        self.escapes = False
        self.is_set = self._called("__init__", 0)
        if any(isinstance(base, int) and self._program.hierarchy.binds(base, "__del__") for base in self._order):
            self._called("__del__", 0)  # it also runs where the constructor failed

    def reads(self, site: Site) -> bool:
        """Whether an instruction reads the attribute of something."""
        fact = self._index.facts[site.file]
        return fact.code[site.pc] == ops.ATTR and fact.names[fact.code[site.pc + 4]] == self._name

    def _called(self, method: str, start: int) -> bool:
        """A method found along the order from a place on is called: whether that surely sets the attribute."""
        for cls in self._order[start:]:
            if isinstance(cls, str):
                if cls in _PLAIN_BASES and not (method != "__init__" and hasattr(object, method)):
                    continue
                self.escapes = True
                return False
            if self._program.hierarchy.binds(cls, method):
                found = [
                    scope
                    for scope in self._index.children.get(cls, ())
                    if self._index.name(scope) == method and self._index.scopes[scope].kind == data.FUNCTION
                ]
                if len(found) == 1:
                    return self._runs(found[0])
                self.escapes = True
                return False
        return False

    def _runs(self, method: int) -> bool:
        """A method runs on the object: whether it surely sets the attribute before it comes back."""
        if method not in self._seen:
            self._seen[method] = False
            self._seen[method] = self._follow(method)
        return self._seen[method]

    def _follow(self, method: int) -> bool:
        record = self._index.scopes[method]
        kinds = self._program.analysis.calls.decorators(method)
        if "<builtin>.staticmethod" in kinds or "<builtin>.classmethod" in kinds:
            return False
        later = record.flags & (data.GENERATOR | data.ASYNC)
        if later or not record.parameters or kinds - {"<builtin>.property"} or record.bound[record.parameters[0].name]:
            self.escapes = True
            return False
        form = self._values.form(method)
        code = self._index.facts[form.file].code
        contents: dict[int, list[int]] = defaultdict(list)
        structures: dict[int, int] = {}
        opened: list[int] = []
        for pc in self._index.facts[form.file].instructions(method - self._index.base[form.file]):
            contents[form.block_at(pc)].append(pc)
            if code[pc] in ops.OPENING:
                opened.append(pc)
            elif code[pc] == ops.END:
                opened.pop()
            elif code[pc] == ops.EXCEPT:
                structures[pc] = opened[-1]
        after: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for block, edges in enumerate(form.blocks):
            for before, kind, pc, _ in edges:
                # An exception leaves a block where the structure around it begins, whatever else the block does.
                inside = structures.get(pc, pc) if kind in ("raises", "swallows", "always") and pc else -1
                after[before].append((inside, block))
        waiting, unset = [0], {0}
        ended: set[int] = set()
        while waiting:
            block = waiting.pop()
            met, through = self._until_set(method, contents[block])
            ended |= {block} if through else set()
            for inside, following in after[block]:
                if (through if inside < 0 else inside in met) and following not in unset:
                    unset.add(following)
                    waiting.append(following)
        ends = {block for _, block in form.exits} | ({form.end} if form.end >= 0 else set())
        return bool(ends) and not (ended & ends)

    def _until_set(self, method: int, block: list[int]) -> tuple[set[int], bool]:
        """The instructions of a block that run without the attribute, and whether it is not set at its end either."""
        file = self._index.file_of[method]
        code = self._index.facts[file].code
        met: set[int] = set()
        for pc in block:
            met.add(pc)
            self.early.add(Site(file, pc))
            match code[pc]:
                case ops.SET_ATTR if self._is_receiver(method, file, code[pc + 3]):
                    if self._index.facts[file].names[code[pc + 4]] == self._name:
                        return met, False
                case ops.CALL:
                    if self._call(method, file, pc):
                        return met, False
                case ops.COMPREHENSION:
                    inner = self._index.base[file] + code[pc + 4]
                    if code[pc + 3] == ops.GENERATOR and any(self._captured(method, inner)):
                        self.escapes = True
                    self._until_set(method, list(self._index.facts[file].instructions(code[pc + 4])))
                case ops.FUNCTION | ops.LAMBDA | ops.CLASS:
                    self.escapes |= any(self._captured(method, self._index.base[file] + code[pc + 3]))
                case ops.NAME if self._is_receiver(method, file, pc):
                    scope = self._index.scope_at(Site(file, pc))
                    users = self._index.facts[file].consumers(scope - self._index.base[file]).get(pc, ())
                    self.escapes |= not all(self._is_looked_at(method, file, pc, user) for user in users)
        return met, True

    def _captured(self, method: int, scope: int) -> Iterator[bool]:
        """Whether a nested scope, or one in it, reads the receiver."""
        receiver = self._index.scopes[method].parameters[0].name
        yield receiver in self._index.scopes[scope].loads and self._index.resolve(scope, receiver) == method
        for child in self._index.children.get(scope, ()):
            yield from self._captured(method, child)

    def _is_receiver(self, method: int, file: int, value: int) -> bool:
        code = self._index.facts[file].code
        receiver = self._index.scopes[method].parameters[0].name
        return code[value] == ops.NAME and code[value + 3] == receiver

    def _is_looked_at(self, method: int, file: int, value: int, user: int) -> bool:
        """Whether an instruction that uses the receiver keeps it from others, so far as a call does not follow."""
        fact = self._index.facts[file]
        code = fact.code
        match code[user]:
            case ops.ATTR:
                return self._is_attribute_safe(file, user)
            case ops.SET_ATTR:
                name = fact.names[code[user + 4]]
                return code[user + 5] != value and self._index.computed.get(name, set()).isdisjoint(self._order)
            case ops.COMPARE:
                return all(code[at] in (ops.IS, ops.IS_NOT) for at in range(user + 7, user + 7 + 2 * code[user + 6], 2))
            case ops.CALL:
                callee = self._program.names.static(Site(file, code[user + 5]))
                if (
                    code[user + 5] != value
                    and callee
                    and all(target[0] == "external" and target[1] in _LOOKING for target in callee)
                ):
                    return True
                return self._unbound(file, user) >= 0
        return code[user] == ops.EXPR

    def _is_attribute_safe(self, file: int, pc: int) -> bool:
        """Whether reading an attribute of the receiver gives nobody the receiver; a method that is called is followed."""
        fact = self._index.facts[file]
        name = fact.names[fact.code[pc + 4]]
        owner = self._program.hierarchy.owner(self._cls, name)
        if isinstance(owner, str) and owner not in _PLAIN_BASES:
            return False
        scope = self._index.scope_at(Site(file, pc))
        users = fact.consumers(scope - self._index.base[file]).get(pc, ())
        if not self._index.computed.get(name, set()).isdisjoint(self._order):
            self._called(name, 0)
            return True
        methods = {
            self._index.name(child)
            for cls in self._order
            if isinstance(cls, int)
            for child in self._index.children.get(cls, ())
        }
        return name not in methods or all(fact.code[user] == ops.CALL and fact.code[user + 5] == pc for user in users)

    def _unbound(self, file: int, pc: int) -> int:
        """For ``Base.__init__(self, ...)`` the place of the base in the order; -1 for any other call."""
        fact = self._index.facts[file]
        callee = fact.code[pc + 5]
        if fact.code[callee] == ops.ATTR and fact.names[fact.code[callee + 4]] == "__init__":
            bases = self._program.names.static(Site(file, fact.code[callee + 3]))
            found = [self._order.index(base[1]) for base in bases if base[0] == "class" and base[1] in self._order]
            return found[0] if len(found) == len(bases) == 1 else -1
        return -1

    def _call(self, method: int, file: int, pc: int) -> bool:
        """A call: whether it is of a method of the object that surely sets the attribute."""
        fact = self._index.facts[file]
        code = fact.code
        callee = code[pc + 5]
        if code[callee] != ops.ATTR:
            return False
        name, base = fact.names[code[callee + 4]], code[callee + 3]
        if self._is_receiver(method, file, base):
            return self._is_method(name) and self._called(name, 0)
        if (start := self._unbound(file, pc)) >= 0:
            return self._called("__init__", start)
        if (
            code[base] == ops.CALL
            and code[code[base + 5]] == ops.NAME
            and fact.names[code[code[base + 5] + 3]] == "super"
        ):
            return self._called(name, self._order.index(self._index.enclosing_class(method)) + 1)
        return False

    def _is_method(self, name: str) -> bool:
        """Whether the class has a method of that name, so that calling it is not calling what a field holds."""
        return self._program.hierarchy.owner(self._cls, name) is not None
