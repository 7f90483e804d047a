"""What code can raise: functions with all that they call, and stretches of code through handlers, else and finally.

A node ("raises", scope) is what running the body of a function raises, of a generator at its iteration and of a coroutine where it
is awaited; ("body", file, pc) is what leaves the body of the TRY at pc. Both are values as :mod:`debloat.values.operations`
describes them.
"""

from __future__ import annotations

import builtins
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from debloat.facts import ops
from debloat.program.index import Site
from debloat.program.names import BUILTINS
from debloat.values import stubs
from debloat.values.domain import NOTHING, Atom, Value, is_unknown, unknown
from debloat.values.invocations import Invocations
from debloat.values.operations import raised, together, widened
from debloat.values.versions import is_everywhere

if TYPE_CHECKING:
    from debloat.values.analysis import Values
    from debloat.values.ssa import Form, Version

Class = int | str
_LONGEST = 1500  # ints of code in a body: longer ones raise anything
# Handlers for these can be decided: each is raised by operations and calls that say so, and by nothing else.
_FINITE = frozenset(
    f"<builtin>.{name}"
    for name in (
        "ArithmeticError AssertionError AttributeError BufferError EOFError FloatingPointError ImportError IndexError KeyError LookupError "
        "ModuleNotFoundError NameError NotImplementedError OverflowError StopAsyncIteration StopIteration TypeError UnboundLocalError "
        "UnicodeDecodeError UnicodeEncodeError UnicodeError UnicodeTranslateError ValueError ZeroDivisionError"
    ).split()
)
_ENDLESS = frozenset({"builtins.OSError", "builtins.RuntimeError", "builtins.MemoryError"})


class Handler(NamedTuple):
    """A handler of a TRY: its EXCEPT, where its body ends, and the classes it names; None where they are not known."""

    at: int
    end: int
    classes: Sequence[Class] | None


class Try(NamedTuple):
    """A ``try``: where it and its parts begin; of what it has not, ``end``."""

    at: int
    body: int
    handlers: Sequence[Handler]
    otherwise: int
    final: int
    end: int
    star: bool


class Raises:
    """The part of the value analysis that deals with exceptions."""

    def __init__(self, values: Values) -> None:
        self._values = values
        self._index = values.index
        self._program = values.program
        self._tries: dict[int, dict[int, Try]] = {}
        self._calls = Invocations(values)
        self.invoked = self._calls.invoked

    # Nodes

    def of_scope(self, scope: int) -> Value:
        """What running the body of a function raises."""
        record = self._index.scopes[scope]
        file = self._index.file_of[scope]
        if record.end - record.start > _LONGEST:
            return unknown("a long function", Site(file, record.definition))
        lost = self._lost(file, record.start, record.end)
        if lost is not None:
            return lost
        form = self._values.form(scope)
        live = {form.block_at(record.start): True}
        return self._stretch(form, scope, record.start, record.end, NOTHING, live, thrown=False)

    def of_body(self, file: int, pc: int) -> Value:
        """What leaves the body of the ``try`` at a position, what is thrown into a generator included."""
        scope = self._index.scope_at(Site(file, pc))
        found = self.tries(scope)[pc]
        end = found.handlers[0].at
        if end - found.body > _LONGEST:
            return unknown("a long body", Site(file, pc))
        lost = self._lost(file, found.body, end)
        if lost is not None:
            return lost
        form = self._values.form(scope)
        live = {form.block_at(found.body): True}
        return self._stretch(form, scope, found.body, end, NOTHING, live, thrown=True) | self._asynchronous

    def _lost(self, file: int, start: int, end: int) -> Value | None:
        """Anything, if a glance at the code tells that it may raise that; None where it takes more than a glance."""
        code = self._index.facts[file].code
        lost = next((at for at in ops.instructions(code, start, end) if self._is_lost(file, at)), -1)
        return None if lost < 0 else unknown("what cannot be known is used", Site(file, lost))

    def _is_lost(self, file: int, pc: int) -> bool:
        """Whether an instruction surely may raise anything, as a glance tells."""
        from debloat.values.triage import Triage

        code = self._index.facts[file].code
        match code[pc]:
            case ops.CALL:
                operand = code[pc + 5]
                named = self._program.names.static(Site(file, operand))
                if len(named) == 1 and self._is_lost_callee(next(iter(named))):
                    return True
            case ops.ATTR | ops.SUBSCRIPT:
                operand = code[pc + 3]
                if self._is_open_receiver(Site(file, operand)):
                    return True
            case _:
                return code[pc] == ops.CLASS
        return self._program.ask(Triage).is_hopeless(Site(file, operand))

    def _is_open_receiver(self, site: Site) -> bool:
        """Whether a name is that of the receiver in a method of a class that outsiders may extend."""
        if not self._values.attributes.is_receiver(site):
            return False
        home = self._index.home(site)
        return self._program.openings.first(self._index.enclosing_class(home)) is not None

    def _is_lost_callee(self, callee: Atom) -> bool:
        match callee:
            case ("external", str(dotted)):
                return not self._calls.is_known(dotted)
            case ("class" | "function", int(scope)):
                calls = self._program.analysis.calls
                return any(not calls.transparent(site) for site in calls.decorator_sites(scope))
        return False

    @cached_property
    def _asynchronous(self) -> Value:
        """What handlers of signals raise wherever the program is."""
        found: list[Value] = []
        for site in self._index.calls_named("signal"):
            given = self._index.facts[site.file].code[
                site.pc + 7 : site.pc + 7 + self._index.facts[site.file].code[site.pc + 6]
            ]
            if len(given) == 2:
                found.append(self._calls.invoked(self._values.at(site.file, given[1]), site))
        return together(found)

    # Structure

    def tries(self, scope: int) -> dict[int, Try]:
        """The ``try`` statements of a scope by their positions."""
        if scope not in self._tries:
            self._tries[scope] = dict(self._found(scope))
        return self._tries[scope]

    def _found(self, scope: int) -> Iterator[tuple[int, Try]]:
        file = self._index.file_of[scope]
        fact = self._index.facts[file]
        code = fact.code
        opened: list[list[int]] = []
        for pc in fact.instructions(scope - self._index.base[file]):
            if code[pc] in ops.OPENING:
                opened.append([pc])
            elif code[pc] in ops.SECTIONS:
                opened[-1].append(pc)
                if code[pc] == ops.END:
                    start, *sections = opened.pop()
                    if code[start] == ops.TRY:
                        yield start, self._try(file, start, sections)

    def _try(self, file: int, start: int, sections: Sequence[int]) -> Try:
        code = self._index.facts[file].code
        place = {code[at]: at for at in sections if code[at] != ops.EXCEPT}
        end = place[ops.END]
        handlers = [
            Handler(at, after, self._classes(file, code[at + 5]))
            for at, after in pairwise(sections)
            if code[at] == ops.EXCEPT
        ]
        return Try(
            start,
            start + ops.size(code, start),
            handlers,
            place.get(ops.ELSE, end),
            place.get(ops.FINALLY, end),
            end,
            bool(code[start + 5]),
        )

    def _classes(self, file: int, types: int) -> Sequence[Class] | None:
        """The classes that the type of a handler names; None where they are not known."""
        if types < 0:
            return None
        code = self._index.facts[file].code
        listed = code[types + 5 : types + 5 + code[types + 4]] if code[types] == ops.SEQUENCE else [types]
        found: list[Class] = []
        for pc in listed:
            named = self._program.names.static(Site(file, pc))
            if len(named) != 1:
                return None
            match next(iter(named)):
                case ("class", int(scope)):
                    found.append(scope)
                case ("external", str(dotted)):
                    found.append(dotted)
                case _:
                    return None
        return found

    def _stretch(
        self, form: Form, scope: int, start: int, end: int, handled: Value, live: dict[int, bool], *, thrown: bool
    ) -> Value:
        """What the code between two positions raises.

        ``handled`` is what a bare ``raise`` in it would raise again, ``live`` tells of blocks whether they run, and is told.
        """
        code = self._index.facts[form.file].code
        found: set[Atom] = set()
        pc = start
        while pc < end:
            at = pc
            pc += ops.size(code, at)
            block = form.block_at(at)
            if block < 0 or live.get(block) is False:
                continue
            if code[at] == ops.TRY:
                structure = self.tries(scope)[at]
                pc = structure.end
                here = self._guarded(form, scope, structure, handled, live, thrown=thrown)
            else:
                here = self._instruction(form, at, handled, live, thrown=thrown)
            if here and block not in live:  # to know what runs may cost more than to know what it raises
                live[block] = bool(self._values.read(("reach", form.scope, block)))
            if here and live[block]:
                found |= here
            if is_unknown(frozenset(found)):
                break
        return widened(frozenset(found))

    def _guarded(
        self, form: Form, scope: int, structure: Try, handled: Value, live: dict[int, bool], *, thrown: bool
    ) -> Value:
        first = structure.handlers[0].at if structure.handlers else structure.final
        rest = self._stretch(form, scope, structure.body, first, handled, live, thrown=thrown)
        found: set[Atom] = set()
        for handler in structure.handlers:
            caught = frozenset(atom for atom in rest if self._may_catch(handler.classes, atom))
            found |= self._stretch(form, scope, handler.at, handler.end, caught, live, thrown=thrown)
            if not structure.star:
                rest = frozenset(atom for atom in rest if not self._surely_catches(handler.classes, atom))
        for section, end in ((structure.otherwise, structure.final), (structure.final, structure.end)):
            found |= self._stretch(form, scope, section, end, handled, live, thrown=thrown)
        return rest | found

    def _instruction(self, form: Form, pc: int, handled: Value, live: dict[int, bool], *, thrown: bool) -> Value:
        code = self._index.facts[form.file].code
        site = Site(form.file, pc)
        match code[pc]:
            case ops.RAISE if code[pc + 3] < 0:
                return handled or unknown("a raise outside of a handler", site)
            case ops.RAISE:
                return self._again(form, pc, handled) or self._calls.raising(code[pc + 3], site)
            case ops.YIELD | ops.YIELD_FROM if thrown:
                return unknown("an exception may be thrown into a generator", site)
            case ops.YIELD:
                return NOTHING
            case ops.IMPORTED:
                return self.imported(site)
            case ops.NAME:
                return self._name(form, pc)
            case ops.COMPREHENSION if code[pc + 3] != ops.GENERATOR:
                inner = self._index.base[form.file] + code[pc + 4]
                record = self._index.scopes[inner]
                return self._stretch(
                    self._values.form(inner), inner, record.start, record.end, handled, live, thrown=False
                )
        return self._calls.operation(code[pc], site)

    def _again(self, form: Form, pc: int, handled: Value) -> Value:
        """``raise error`` in the handler that caught it."""
        code = self._index.facts[form.file].code
        match form.reads.get(code[pc + 3]):
            case ("store", int(caught)) if code[caught] == ops.CAUGHT and code[pc + 4] < 0:
                return handled
        return NOTHING

    def _name(self, form: Form, pc: int) -> Value:
        """Reading a variable that may not be bound."""
        code = self._index.facts[form.file].code
        version = form.reads.get(pc)
        if version is None:
            known = self._program.names.unbound(form.file, self._index.facts[form.file].names[code[pc + 3]])
            return NOTHING if known and ("unknown",) not in known else raised("NameError")
        return raised("NameError", "UnboundLocalError") if self._may_be_unbound(form, version, set()) else NOTHING

    def may_be_missing(self, site: Site) -> bool:
        """Whether the variable of a function that a NAME reads may not be bound yet."""
        form = self._values.form(self._index.scope_at(site))
        version = form.reads.get(site.pc, ())
        while version[:1] == ("narrow",):
            version = version[1]
        match version:
            case ("free", int(home), int(name)):
                return not self._is_set_before(site, home, name)
            case ("phi" | "unbound", *_):
                return self._may_be_unbound(form, version, set())
        return False

    def _is_set_before(self, site: Site, home: int, name: int) -> bool:
        """Whether a variable of a function is bound wherever it reads that or makes what reads it, and from there on."""
        file, made = site
        code = self._index.facts[file].code
        scope = self._index.scope_at(site)
        while scope != home:
            made = self._index.definition(scope).pc
            scope = self._index.parent(scope)
        stores = self._index.scopes[home].bound.get(name, ())
        goes = any(code[at] != ops.STORE or code[at + 5] == ops.HANDLER for at in stores)
        is_parameter = any(parameter.name == name for parameter in self._index.scopes[home].parameters)
        return not goes and (is_parameter or any(at < made and not self._in_block(file, home, [at]) for at in stores))

    def _may_be_unbound(self, form: Form, version: Version, seen: set[object]) -> bool:
        if version in seen:
            return False
        seen.add(version)
        match version:
            case ("unbound",):
                return True
            case ("phi", int(number)):
                return any(
                    self._values.read(("reach", form.scope, block)) and self._may_be_unbound(form, operand, seen)
                    for operand, block in form.phis[number]
                )
            case ("narrow", before, *_):
                return self._may_be_unbound(form, before, seen)
            case ("outer", int(own), int(name)):
                parent = self._index.parent(own)
                within = parent >= 0 and self._index.resolve(parent, name) >= 0
                return not within and self._index.facts[form.file].names[name] not in BUILTINS
            case ("free", int(home), int(name)):
                stores = self._index.scopes[home].bound.get(name, ())
                code = self._index.facts[form.file].code
                defined = [
                    at for at in stores if code[at] == ops.STORE and code[at + 5] in (ops.IMPORT, ops.DEFINITION)
                ]
                outer = not self._in_block(form.file, home, defined)
                is_parameter = any(p.name == name for p in self._index.scopes[home].parameters)
                return not (is_parameter or (len(stores) == 1 and defined and outer))
        return False

    def _in_block(self, file: int, scope: int, stores: Sequence[int]) -> bool:
        blocks = self._index.facts[file].blocks(scope - self._index.base[file])
        return any(start < at < end for at in stores for start, end in blocks)

    def imported(self, site: Site) -> Value:
        """An import: nothing of a library module that every supported Python has, else whatever its code raises."""
        return NOTHING if is_everywhere(self._program, site) else unknown("an import runs a module", site)

    # Handlers

    def enters(self, file: int, at: int) -> bool:
        """Whether anything that the body raises may come to the handler at a position; True also where that rests on assumptions."""
        found, position = self.handler(Site(file, at))
        if not self.is_decidable(found.handlers[position].classes) or found.star:
            return True
        body = self._values.read(("body", file, found.at))
        return any(atom[0] == "assumed" for atom in body) or bool(self.reaching(found, position, body))

    def handler(self, site: Site) -> tuple[Try, int]:
        """The ``try`` of the handler at a site, and which of its handlers that is."""
        scope = self._index.scope_at(site)
        return next(
            (found, position)
            for found in self.tries(scope).values()
            for position, handler in enumerate(found.handlers)
            if handler.at == site.pc
        )

    def reaching(self, found: Try, position: int, body: Value) -> Value:
        """What of the exceptions of a body may come to one of its handlers."""
        for handler in found.handlers[:position]:
            body = frozenset(atom for atom in body if not self._surely_catches(handler.classes, atom))
        return frozenset(atom for atom in body if self._may_catch(found.handlers[position].classes, atom))

    def is_decidable(self, classes: Sequence[Class] | None) -> bool:
        """Whether a handler names nothing but classes that code raises in finitely many ways."""
        return classes is not None and all(self._is_finite(cls) for cls in classes)

    def _is_finite(self, cls: Class) -> bool:
        if isinstance(cls, int):
            outside = [base for base in self._program.hierarchy.order(cls) if isinstance(base, str)]
            return bool(outside) and all(base == "<builtin>.Exception" or self._is_known(base) for base in outside)
        if cls.startswith("<builtin>."):
            return cls in _FINITE
        ancestors = stubs.ancestors(cls) if stubs.kind(cls) == "class" else frozenset()
        canonical = {
            name
            for name in ancestors
            if name.startswith("builtins.") and name.rpartition(".")[2] == cls.rpartition(".")[2]
        }
        return "builtins.Exception" in ancestors and not ancestors & _ENDLESS and not canonical

    def _is_known(self, base: str) -> bool:
        known = getattr(builtins, base.removeprefix("<builtin>."), None) if base.startswith("<builtin>.") else None
        return isinstance(known, type) and issubclass(known, Exception)

    def _surely_catches(self, classes: Sequence[Class] | None, atom: Atom) -> bool:
        if atom[0] not in ("raised", "below") or classes is None:
            return False
        return any(self._is_below(atom[1], cls) is True for cls in classes)

    def _may_catch(self, classes: Sequence[Class] | None, atom: Atom) -> bool:
        if atom[0] == "assumed":
            return False
        if atom[0] == "unknown" or classes is None:
            return True
        return any(
            self._is_below(atom[1], cls) is not False or (atom[0] == "below" and self._has_heir(atom[1], cls))
            for cls in classes
        )

    def _has_heir(self, raised_class: Class, cls: Class) -> bool:
        """Whether a subclass of what is raised may be the class of a handler, or below it."""
        if self._is_below(cls, raised_class) is not False:
            return True
        if isinstance(raised_class, str):
            return False
        heirs = self._program.hierarchy.subclasses(raised_class)
        opened = self._program.openings.extension(raised_class) is not None
        return opened or any(self._is_below(heir, cls) is not False for heir in heirs)

    def _is_below(self, cls: Class, other: Class) -> bool | None:
        """Whether a class is another or below it; None where its bases are not known."""
        if cls == other:
            return True
        order = self._program.hierarchy.order(cls) if isinstance(cls, int) else (cls,)
        if other in order:
            return True
        if "?" in order:
            return None
        ancestors = frozenset().union(*(stubs.ancestors(_plain(base)) for base in order if isinstance(base, str)))
        if isinstance(other, str) and _plain(other) in ancestors:
            return True
        known = all(stubs.kind(base) == "class" for base in order if isinstance(base, str))
        return False if known else None


def _plain(dotted: str) -> str:
    return dotted.replace("<builtin>", "builtins")
