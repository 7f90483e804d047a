"""What tests tell: the outcomes that a test can have, and what is left of a value once it had one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from debloat.facts import data, ops
from debloat.program.index import Site
from debloat.values import stubs
from debloat.values.domain import (
    EITHER,
    FALSE,
    NONE,
    NOTHING,
    SOMETHING,
    TRUE,
    Atom,
    Value,
    assumptions,
    is_unknown,
    join,
    objects,
    of,
    unknown,
)
from debloat.values.predicates import outcomes, target, ways
from debloat.values.ssa import Form, Key
from debloat.values.types import IMMUTABLE

if TYPE_CHECKING:
    from debloat.values.analysis import Values

_NUMBERS = ("int", "float", "bool", "complex")
_IDENTITY = (ops.IS, ops.IS_NOT)
_NEGATED = (ops.NOT_EQ, ops.IS_NOT, ops.NOT_IN)
_ALWAYS_BOOL = (ops.IS, ops.IS_NOT, ops.IN, ops.NOT_IN)


class Narrowing:
    """The part of the value analysis that deals with tests."""

    def __init__(self, values: Values) -> None:
        self._values = values
        self._index = values.index
        self._types = values.types
        self._inside: set[int] = set()

    # Outcomes

    def compared(self, file: int, pc: int) -> Value:
        """What a comparison gives."""
        code = self._index.facts[file].code
        if code[pc + 6] != 1:
            held = [
                self._values.at(file, side) for side in (code[pc + 5], *code[pc + 8 : pc + 8 + 2 * code[pc + 6] : 2])
            ]
            plain = all(self._types.builtin(atom) is not None for value in held for atom in objects(value))
            varying = EITHER if plain else unknown("a comparison that objects decide", Site(file, pc))
            return varying if all(held) else NOTHING
        operator = code[pc + 7]
        left = self._values.at(file, code[pc + 5])
        if is_unknown(left) and operator not in _IDENTITY:  # whatever the other side is
            return EITHER if operator in _ALWAYS_BOOL else unknown("a comparison that objects decide", Site(file, pc))
        right = self._values.at(file, code[pc + 8])
        found: set[Atom] = set()
        for one in objects(left):
            for other in objects(right):
                equal = self._compare(operator, one, other)
                negated = operator in _NEGATED
                if equal is not None:
                    found.add(TRUE if equal != negated else FALSE)
                elif operator in _ALWAYS_BOOL or self._is_plainly_compared(one, other):
                    found |= EITHER
                else:
                    return unknown("a comparison that objects decide", Site(file, pc))
        return frozenset(found) | frozenset(atom for atom in left | right if atom[0] == "assumed" and found)

    def _is_plainly_compared(self, one: Atom, other: Atom) -> bool:
        """Whether a comparison of objects of two atoms surely gives a bool: what compares numbers or arrays may not."""
        return all(
            self._types.builtin(atom) is not None or (atom[0] == "member" and self._is_plain(atom[1]))
            for atom in (one, other)
        )

    def _compare(self, operator: int, one: Atom, other: Atom) -> bool | None:
        """The outcome of ``is``, ``==`` or ``in`` between objects of two atoms; None where it may vary."""
        match operator:
            case ops.IS | ops.IS_NOT:
                return self.is_same(one, other)
            case ops.EQ | ops.NOT_EQ:
                return self._is_equal(one, other)
            case ops.IN | ops.NOT_IN:
                return self._is_in(one, other)
            case ops.LT | ops.LT_E | ops.GT | ops.GT_E:
                return self._is_ordered(operator, one, other)
        return None

    def _is_ordered(self, operator: int, one: Atom, other: Atom) -> bool | None:
        match one, other:
            case ("constant", "int" | "bool", int(a)), ("constant", "int" | "bool", int(b)):
                return {ops.LT: a < b, ops.LT_E: a <= b, ops.GT: a > b, ops.GT_E: a >= b}[operator]
        return None

    def is_same(self, one: Atom, other: Atom) -> bool | None:
        """Whether objects of two atoms are one object."""
        single = one[0] in ("class", "function", "member", "module") or one in (NONE, TRUE, FALSE)
        if one == other:
            return True if single and not self._is_alias(one) else None
        if one[0] in ("unknown", "subclass", "external") or other[0] in ("unknown", "subclass", "external"):
            if NONE in (one, other):
                known = one if other == NONE else other
                if known[0] == "subclass":
                    return False
                return (
                    False
                    if known[0] == "external" and stubs.kind(known[1]) in ("function", "class", "module")
                    else None
                )
            return None
        if SOMETHING in (one, other):
            return False if NONE in (one, other) else None
        kinds = self._types.builtin(one), self._types.builtin(other)
        if kinds[0] is not None and kinds[1] is not None:
            return False if kinds[0] is not kinds[1] or (one in (TRUE, FALSE) and other in (TRUE, FALSE)) else None
        if NONE in (one, other):
            return False
        if one[0] == other[0] == "member":
            return None if self._is_alias(one) or self._is_alias(other) else False
        if "stub" in (one[0], other[0]) or "heir" in (one[0], other[0]):
            return None
        return False if one[0] != other[0] else None

    def _is_alias(self, atom: Atom) -> bool:
        """Whether a member of an enumeration may be another one under a second name."""
        if atom[0] != "member":
            return False
        members = self._values.attributes.members(atom[1]) or []
        held = [self._values.attributes.member_value(atom[1], name) for name in members]
        return len(set(held)) < len(held) or any(is_unknown(value) for value in held)

    def _is_equal(self, one: Atom, other: Atom) -> bool | None:
        match one, other:
            case ("constant", str(a), x), ("constant", str(b), y):
                if a == b:
                    return None if a in ("float", "complex") else x == y  # NaN, and 0.0 beside -0.0
                if a in _NUMBERS and b in _NUMBERS:
                    return None
                return False
            case ("constant" | "builtin", *_), ("constant" | "builtin", *_):
                kinds = one[1], other[1]
                if kinds[0] == kinds[1] or (kinds[0] in _NUMBERS and kinds[1] in _NUMBERS):
                    return None
                return False
            case ("member", int(scope), _), ("member", int(), _) if self._is_plain(scope):
                return self.is_same(one, other)
        return None

    def _is_plain(self, scope: int) -> bool:
        """Whether members of an enumeration are equal only to themselves."""
        hierarchy = self._values.program.hierarchy
        order = hierarchy.order(scope)
        return not any(isinstance(cls, int) and hierarchy.binds(cls, "__eq__") for cls in order)

    def _is_in(self, one: Atom, container: Atom) -> bool | None:
        containers = self._values.containers
        if container[0] != "box":
            return None
        if self._types.builtin(container) is dict:
            return containers.has_key(container, one[1:]) if one[0] == "constant" else None
        items = containers.display(container)
        if items is None or not containers.is_constant(container):
            return None
        outcomes = [
            self._is_equal(one, atom) if len(value) == 1 else None for value in items for atom in list(value)[:1]
        ]
        if True in outcomes:
            return True
        return False if all(outcome is False for outcome in outcomes) else None

    def asked(self, name: str, site: Site) -> Value:
        """What ``isinstance``, ``issubclass``, ``hasattr`` or ``callable`` gives."""
        code = self._index.facts[site.file].code
        given = [self._values.at(site.file, value) for value in code[site.pc + 7 : site.pc + 7 + code[site.pc + 6]]]
        if not given[0] or (name != "callable" and (len(given) < 2 or not given[1])):
            return NOTHING
        found: set[Atom] = set()
        for atom in objects(given[0]):
            outcome = self._ask(name, atom, given[1:], site)
            found |= EITHER if outcome is None else {TRUE if outcome else FALSE}
        return frozenset(found) | frozenset(atom for atom in given[0] if atom[0] == "assumed")

    def _ask(self, name: str, atom: Atom, rest: list[Value], site: Site) -> bool | None:
        match name:
            case "callable":
                return self._types.is_callable(atom)
            case "hasattr":
                names = [key[2] for key in objects(rest[0]) if key[:2] == ("constant", "str")]
                attributes = self._values.attributes
                sure = len(names) == len(objects(rest[0])) and all(
                    attributes.is_certain(atom, key, site) for key in names
                )
                if not sure and names and (own := self._types.builtin(atom)) is not None:
                    return False if not any(hasattr(own, key) for key in names) else None
                return True if sure else None
            case "isinstance":
                classes = self.classes(rest[0])
                return None if classes is None else self._any_instance(atom, classes)
        return self._is_subclass(atom, rest[0])

    def _is_subclass(self, atom: Atom, classes: Value) -> bool | None:
        wanted = self.classes(classes)
        if wanted is None or atom[0] not in ("class", "subclass"):
            return None
        return self._any_instance(("object" if atom[0] == "class" else "heir", atom[1]), wanted)

    def _any_instance(self, atom: Atom, classes: list[Atom]) -> bool | None:
        outcomes = [self._types.is_instance(atom, cls) for cls in classes]
        if True in outcomes:
            return True
        return False if all(outcome is False for outcome in outcomes) else None

    def classes(self, value: Value) -> list[Atom] | None:
        """The classes that the second argument of ``isinstance`` names; None where they are not known."""
        found: list[Atom] = []
        if len(objects(value)) != 1:
            return None
        for atom in objects(value):
            match atom:
                case ("class", _) | ("external", _):
                    found.append(atom)
                case ("box", *_) if (items := self._values.containers.display(atom)) is not None:
                    for item in items:
                        inner = self.classes(item)
                        if inner is None:
                            return None
                        found += inner
                case _:
                    return None
        return found

    # What is left of a value

    def by_truth(self, value: Value, outcome: bool, *, lasting: bool = True) -> Value:
        """The objects of a value that are true, or false; ``lasting`` if the answer must hold for what follows.

        What can change may be false later although it is true now, but it is never None.
        """
        found: set[Atom] = set()
        for atom in value:
            if atom[0] == "assumed":
                found.add(atom)
                continue
            true, false = self._types.truth(frozenset({atom}))
            if true if outcome else false:
                found |= self._with_truth(atom, outcome)
        return frozenset(found)

    def _with_truth(self, atom: Atom, outcome: bool) -> Value:
        match atom:
            case ("unknown", *_) if outcome:
                return of(SOMETHING)
            case ("builtin", "bool"):
                return of(TRUE if outcome else FALSE)
            case ("builtin", "str") if not outcome:
                return of(("constant", "str", ""))
            case ("builtin", "int") if not outcome:
                return of(("constant", "int", 0))
        return of(atom)

    def narrowed(self, form: Form, value: Value, test: int, outcome: bool, key: Key) -> Value:
        """What is left of the value of a key once a test came out that way."""
        code = self._index.facts[form.file].code
        if code[test] == ops.MATCHES:
            return self._by_pattern(form, value, test, outcome)
        if form.keys.get(test) == key:
            return self.by_truth(value, outcome)
        match code[test]:
            case ops.UNARY if code[test + 3] == ops.NOT:
                return self.narrowed(form, value, code[test + 4], not outcome, key)
            case ops.BOOL:
                return self._by_bool(form, value, test, outcome, key)
            case ops.COMPARE if code[test + 6] == 1:
                return self._by_comparison(form, value, test, outcome, key)
            case ops.CALL if code[test + 6] and form.keys.get(code[test + 7]) == key:
                return self._by_call(form, value, test, outcome)
            case ops.CALL | ops.ATTR | ops.SUBSCRIPT | ops.BINARY:
                # What a walrus binds is narrowed like a name; its key is not that of the expression.
                return self.by_truth(value, outcome) if len(key) == 2 and self._binds(form, test, key) else value
        return value

    def _binds(self, form: Form, value: int, key: Key) -> bool:
        """Whether a walrus binds a variable to the value there."""
        code = self._index.facts[form.file].code
        return any(
            code[pc] == ops.STORE and code[pc + 4] == value and code[pc + 5] == ops.WALRUS
            for pc in self._index.scopes[key[0]].bound.get(key[1], ())
        )

    def _by_bool(self, form: Form, value: Value, test: int, outcome: bool, key: Key) -> Value:
        code = self._index.facts[form.file].code
        parts = code[test + 5 : test + 5 + code[test + 4]]
        all_true = (code[test + 3] == 0) == outcome
        if all_true:  # every part came out like the whole
            for part in parts:
                value = self.narrowed(form, value, part, outcome, key)
            return value
        found = []
        for part in parts:
            found.append(self.narrowed(form, value, part, outcome, key))
            value = self.narrowed(form, value, part, not outcome, key)
        return join(found)

    def _by_comparison(self, form: Form, value: Value, test: int, outcome: bool, key: Key) -> Value:
        file = form.file
        code = self._index.facts[file].code
        operator = code[test + 7]
        sides = code[test + 5], code[test + 8]
        own = 0 if self._is_key(form, sides[0], key) else 1 if self._is_key(form, sides[1], key) else -1
        if own < 0:
            return self._by_type(form, value, test, outcome, key)
        other = self._values.at(file, sides[1 - own])
        holds = outcome != (operator in _NEGATED)
        if operator in _IDENTITY or operator in (ops.EQ, ops.NOT_EQ):
            compare: Callable[[Atom, Atom], bool | None] = self.is_same if operator in _IDENTITY else self._is_equal
            found = [self._against(atom, other, holds, compare) for atom in value]
            return frozenset().union(*found)
        if operator in (ops.IN, ops.NOT_IN) and own == 0:
            return frozenset(
                atom
                for atom in value
                if atom[0] == "assumed"
                or any(self._is_in(atom, container) in (None, holds) for container in objects(other))
            )
        return value

    def _is_key(self, form: Form, pc: int, key: Key) -> bool:
        return form.keys.get(pc) == key or (len(key) == 2 and self._binds(form, pc, key))

    def _against(self, atom: Atom, other: Value, holds: bool, compare: Callable[[Atom, Atom], bool | None]) -> Value:
        """What is left of an atom that is, or is not, the same as another value."""
        if atom[0] == "assumed":
            return of(atom)
        candidates = objects(other)
        outcomes = [compare(atom, candidate) for candidate in candidates]
        if holds:
            if all(outcome is False for outcome in outcomes):
                return NOTHING
            single = len(candidates) == 1 and candidates[0][0] in ("constant", "member", "class")
            exact = compare == self.is_same or (atom[0] == "builtin" and candidates[0][:2] == ("constant", atom[1]))
            plain = single and candidates[0][:2] not in (("constant", "float"), ("constant", "complex"))
            return of(candidates[0]) if single and exact and plain else of(atom)
        if len(candidates) == 1 and outcomes[0] is True:
            return NOTHING
        if atom[0] == "unknown" and candidates == [NONE] and compare == self.is_same:
            return of(SOMETHING)
        if atom[0] == "builtin" and atom[1] == "bool" and candidates in ([TRUE], [FALSE]):
            return of(FALSE if candidates == [TRUE] else TRUE)
        return of(atom)

    def _by_type(self, form: Form, value: Value, test: int, outcome: bool, key: Key) -> Value:
        """``type(x) is C``."""
        file = form.file
        code = self._index.facts[file].code
        call = code[test + 5]
        if code[call] != ops.CALL or code[call + 6] != 1 or form.keys.get(code[call + 7]) != key:
            return value
        if self._values.at(file, code[call + 5]) != of(("external", "<builtin>.type")):
            return value
        classes = self.classes(self._values.at(file, code[test + 8]))
        operator = code[test + 7]
        if not classes or len(classes) != 1 or operator not in (ops.IS, ops.EQ, ops.IS_NOT, ops.NOT_EQ):
            return value
        if outcome == (operator in _NEGATED):
            return value
        return frozenset().union(*(self._exactly(atom, classes[0]) for atom in value))

    def _exactly(self, atom: Atom, cls: Atom) -> Value:
        if atom[0] == "assumed" or (self._types.is_instance(atom, cls) is True and atom[0] != "stub"):
            return of(("object", cls[1]) if cls[0] == "class" and atom[0] == "heir" else atom)
        if self._types.is_instance(atom, cls) is False:
            return NOTHING
        if cls[0] == "class":
            return of(("object", cls[1]))
        name = cls[1].removeprefix("<builtin>.")
        return of(("builtin", name)) if name in IMMUTABLE or name in ("list", "dict", "set") else of(SOMETHING)

    def _by_call(self, form: Form, value: Value, test: int, outcome: bool) -> Value:
        """``isinstance(x, C)`` and the like."""
        file = form.file
        code = self._index.facts[file].code
        callee = self._values.at(file, code[test + 5])
        given = [self._values.at(file, pc) for pc in code[test + 8 : test + 7 + code[test + 6]]]
        match objects(callee), given:
            case [("external", "<builtin>.isinstance")], [classes]:
                wanted = self.classes(classes)
                return self.instances(value, wanted, outcome) if wanted is not None else self._not_none(value, outcome)
            case [("external", "<builtin>.issubclass")], [classes]:
                wanted = self.classes(classes)
                return self._by_base(value, wanted, outcome) if wanted is not None else value
            case [("external", "<builtin>.callable")], []:
                return frozenset(a for a in value if a[0] == "assumed" or self._types.is_callable(a) in (None, outcome))
            case [("external", "<builtin>.bool")], []:
                return self.by_truth(value, outcome)
            case [("external", "<builtin>.hasattr" | "<builtin>.len")], _:
                return value
            case [("function" | "method", *_)], _:
                return self._by_predicate(value, callee, outcome)
        return value if callee else NOTHING

    def _by_predicate(self, value: Value, callee: Value, outcome: bool) -> Value:
        """What a function of the program has found out about the first argument that it is given."""
        scope, skip = target(self._values, callee)
        parameters = self._index.scopes[scope].parameters[skip:] if scope >= 0 else ()
        if not parameters or parameters[0].kind not in (data.POSITIONAL_ONLY, data.POSITIONAL) or scope in self._inside:
            return value
        form = self._values.form(scope)
        self._inside.add(scope)
        found = []
        for tests in outcomes(self._values, scope, outcome):
            left = value
            for test, came_out in tests:
                left = self.narrowed(form, left, test, came_out, (scope, parameters[0].name))
            found.append(left)
        self._inside.remove(scope)
        return join(found) if ways(self._values, scope) else value

    def _not_none(self, value: Value, outcome: bool) -> Value:
        return value

    def instances(self, value: Value, classes: list[Atom], outcome: bool = True) -> Value:
        """The objects of a value that are instances of one of some classes, or that are not."""
        found: set[Atom] = set()
        for atom in value:
            is_instance = None if atom[0] == "assumed" else self._any_instance(atom, classes)
            if is_instance is (not outcome):
                continue
            if not outcome or is_instance or atom[0] == "assumed":
                found.add(atom)
            else:
                found |= frozenset().union(*(self._instances(atom, cls) for cls in classes))
        return frozenset(found)

    def _instances(self, atom: Atom, cls: Atom) -> Value:
        """What of an atom may be an instance of a class: the instances of that, unless more is known, or others may count as such."""
        match cls:
            case _ if atom[0] in ("object", "member") or self._values.types.builtin(atom) is not None:
                return of(atom)
            case ("class", int(scope)) if self._values.types.has_hooks(scope):
                return of(atom)
            case ("class", int(scope)):
                return of(("heir", scope))
            case ("external", "<builtin>.object"):
                return of(SOMETHING, NONE)
            case ("external", "<builtin>.NoneType" | "types.NoneType"):
                return of(NONE)
            case ("external", str(dotted)) if stubs.kind(dotted) == "class":
                return of(("stub", dotted.replace("<builtin>", "builtins")))
        return of(SOMETHING)

    def _by_base(self, value: Value, classes: list[Atom], outcome: bool) -> Value:
        if not outcome or len(classes) != 1 or classes[0][0] != "class":
            return value
        return frozenset(
            atom if atom[0] in ("assumed", "class", "subclass") else ("subclass", classes[0][1]) for atom in value
        )

    # Patterns

    def pattern_outcomes(self, file: int, pc: int) -> tuple[bool, bool]:
        """Whether the pattern at a MATCHES may match, and whether it may not."""
        code = self._index.facts[file].code
        true = false = False
        form = self._values.form(self._index.scope_at(Site(file, pc)))
        subject = self._values.read(("version", form.scope, form.reads[pc]))
        if assumptions(subject) and objects(subject):
            return True, True
        for atom in objects(subject):
            outcomes = [self._matches(file, atom, kind, operand) for kind, operand in self._alternatives(file, pc)]
            true |= any(outcome is not False for outcome in outcomes)
            false |= not code[pc + 3] or True not in outcomes
        return true, false

    def _alternatives(self, file: int, pc: int) -> Iterator[tuple[int, int]]:
        code = self._index.facts[file].code
        pairs = code[pc + 6 : pc + 6 + 2 * code[pc + 5]]
        return zip(pairs[::2], pairs[1::2], strict=True)

    def _matches(self, file: int, atom: Atom, kind: int, operand: int) -> bool | None:
        if kind == ops.ANYTHING:
            return True
        if kind == ops.SHAPE:
            return None
        others = objects(self._values.at(file, operand))
        if len(others) != 1:
            return None
        match kind:
            case ops.SINGLETON:
                return self.is_same(atom, others[0])
            case ops.EQUAL:
                return self._is_equal(atom, others[0])
        return self._types.is_instance(atom, others[0])

    def _by_pattern(self, form: Form, value: Value, pc: int, outcome: bool) -> Value:
        code = self._index.facts[form.file].code
        alternatives = list(self._alternatives(form.file, pc))
        found: set[Atom] = set()
        for atom in value:
            if atom[0] == "assumed":
                found.add(atom)
                continue
            outcomes = [self._matches(form.file, atom, kind, operand) for kind, operand in alternatives]
            if outcome and all(o is False for o in outcomes):
                continue
            if not outcome and code[pc + 3] and True in outcomes:
                continue
            if (
                outcome
                and atom[0] in ("unknown", "something", "heir")
                and all(kind == ops.INSTANCE for kind, _ in alternatives)
            ):
                classes = [cls for _, operand in alternatives for cls in objects(self._values.at(form.file, operand))]
                found |= self.instances(frozenset({atom}), classes, True)
            elif (
                not outcome
                and atom[0] == "unknown"
                and (ops.SINGLETON, True)
                in [
                    (kind, NONE in self._values.at(form.file, operand))
                    for kind, operand in alternatives
                    if operand >= 0
                ]
            ):
                found.add(SOMETHING)
            else:
                found.add(atom)
        return frozenset(found)
