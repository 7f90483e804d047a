"""What a test asks, so that two tests that ask the same can be told."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from debloat.facts import ops
from debloat.program.binding import arguments, bind
from debloat.program.index import Site
from debloat.program.solver import UNKNOWN

if TYPE_CHECKING:
    from debloat.program.program import Program

_DEEPEST = 3  # predicates that ask through predicates
_TYPE_TESTS = frozenset({("external", "<builtin>.isinstance"), ("external", "<builtin>.callable")})

# What an expression is: a tag and what belongs to it. Equal ones mean the same as long as no variable in them changes.
Asked = tuple[Any, ...]


class Condition(NamedTuple):
    """A simple test: what is asked of which expressions, the variables in them, whether ``not`` stands in it.

    ``fixed`` says that nothing but another value in a variable can change the answer. ``inside`` is where a function asks it
    that the test calls, if that is how it is asked.
    """

    question: Asked
    variables: frozenset[int]
    negated: bool
    fixed: bool
    inside: Site | None = None


class Through(NamedTuple):
    """A function that only returns an expression, how many of its parameters are bound already, and that expression."""

    scope: int
    skip: int
    returned: int


class Conditions:
    """The conditions of one function; ``through`` finds the function of the program that a call asks through."""

    def __init__(
        self, program: Program, scope: int, through: Callable[[Site], Through | None] = lambda _: None, depth: int = 0
    ) -> None:
        self._program = program
        self._through = through
        self._depth = depth
        self._record = program.index.scopes[scope]
        self._file = program.index.file_of[scope]
        self._fact = program.facts[self._file]
        self._known: dict[int, Condition | None] = {}

    def at(self, pc: int) -> Condition | None:
        """The condition that an expression is; None if what it asks may be anything, or of nothing that varies."""
        if pc not in self._known:
            self._known[pc] = self._read(pc)
        return self._known[pc]

    def _read(self, pc: int) -> Condition | None:
        code = self._fact.code
        match code[pc]:
            case ops.NAME | ops.ATTR:
                return _condition(("true", self.expression(pc)), fixed=False)
            case ops.COMPARE if code[pc + 6] == 1:
                operator = code[pc + 7]
                identity = operator in (ops.IS, ops.IS_NOT)
                sides = self.expression(code[pc + 5]), self.expression(code[pc + 8])
                asked = "is" if identity else ops.IN if operator == ops.NOT_IN else operator
                return _condition((asked, *sides), identity, negated=operator in (ops.IS_NOT, ops.NOT_IN))
            case ops.CALL if not code[pc + 7 + code[pc + 6]]:
                called = self._program.names.static(Site(self._file, code[pc + 5]))
                if (
                    len(called) == 1
                    and called <= _TYPE_TESTS
                    and "__class__" not in self._program.index.attribute_writers
                ):
                    given = [self.expression(value) for value in code[pc + 7 : pc + 7 + code[pc + 6]]]
                    return _condition(("type", *called, *given), fixed=all(map(self._plain, given[1:])))
        return self._asked_through(pc) if code[pc] == ops.CALL and self._depth < _DEEPEST else None

    def _asked_through(self, pc: int) -> Condition | None:
        """What a call asks whose function does nothing but ask it."""
        found = self._through(Site(self._file, pc))
        if found is None:
            return None
        inner = Conditions(self._program, found.scope, self._through, self._depth + 1)
        file, at, negated = self._program.index.file_of[found.scope], found.returned, False
        code = self._program.facts[file].code
        while code[at] == ops.UNARY and code[at + 3] == ops.NOT:
            at, negated = code[at + 4], not negated
        condition = inner.at(at)
        question = condition and _replaced(condition.question, self._given(found, pc))
        if condition is None or question is None:
            return None
        asked = _condition(question, condition.fixed, condition.negated != negated)
        return asked and asked._replace(inside=condition.inside or Site(file, at))

    def _given(self, found: Through, pc: int) -> Mapping[int, Asked | None]:
        """What a call gives to each parameter, by the name of that."""
        parameters = self._program.index.scopes[found.scope].parameters
        names = self._program.facts[self._program.index.file_of[found.scope]].names
        binding = bind(arguments(self._fact, pc), parameters, names, found.skip)
        callee = self._fact.code[pc + 5]
        given = {
            parameters[at].name: self.expression(values[0]) for at, values in binding.given.items() if len(values) == 1
        }
        if found.skip and self._fact.code[callee] == ops.ATTR:
            given[parameters[0].name] = self.expression(self._fact.code[callee + 3])
        return {} if binding.unsure else given

    def contained(self, key: int, container: int) -> Condition | None:
        """The condition that one expression is in another."""
        return _condition((ops.IN, self.expression(key), self.expression(container)), fixed=False)

    def never_changes(self, pc: int) -> bool:
        """Whether the condition asks only about constants and variables that hold nothing but objects like them."""
        code = self._fact.code
        return all(map(self._constant, [code[pc + 5], code[pc + 8]] if code[pc] == ops.COMPARE else [pc]))

    def _constant(self, pc: int) -> bool:
        """Whether an expression gives a constant, a string or a bool, or a variable that is only bound to such."""
        code = self._fact.code
        match code[pc]:
            case ops.CONST | ops.FSTRING:
                return True
            case ops.UNARY:
                return code[pc + 3] == ops.NOT
            case ops.COMPARE:
                return code[pc + 7] in (ops.IS, ops.IS_NOT)
            case ops.NAME if self._is_own(name := code[pc + 3]):
                stores = self._record.bound[name]
                received = any(parameter.name == name for parameter in self._record.parameters)
                values = [code[at + 4] for at in stores if code[at] == ops.STORE]
                # A name among the values may lead round in a circle, so it is left out.
                return (
                    len(values) == len(stores)
                    and not received
                    and all(code[value] != ops.NAME and self._constant(value) for value in values)
                )
        return False

    def _plain(self, asked: Asked | None) -> bool:
        """Whether a class or tuple of classes decides by inheritance alone, without a hook of its own."""
        match asked:
            case ("tuple", *inner):
                return all(map(self._plain, inner))
            case ("static", ("external", str(name))):
                return name.startswith("<builtin>.")
            case ("static", ("class", int(scope))):
                hierarchy = self._program.hierarchy
                return all(isinstance(cls, int) and not hierarchy.keywords(cls) for cls in hierarchy.order(scope))
        return False

    def expression(self, pc: int) -> Asked | None:
        """What an expression is, as far as it is variables, attributes, constants and what names stand for."""
        code = self._fact.code
        match code[pc]:
            case ops.CONST:
                return ("constant", *self._fact.constants[code[pc + 3]])
            case ops.NAME if self._is_own(code[pc + 3]):
                return ("variable", code[pc + 3])
            case ops.SEQUENCE if code[pc + 3] == ops.TUPLE:
                items = [self.expression(item) for item in code[pc + 5 : pc + 5 + code[pc + 4]]]
                return None if None in items else ("tuple", *items)
            case ops.NAME | ops.ATTR:
                values = self._program.names.static(Site(self._file, pc))
                if len(values) == 1 and UNKNOWN not in values:
                    return ("static", *values)
        name = self._fact.names[code[pc + 4]] if code[pc] == ops.ATTR else ""
        if name and name not in self._program.index.unsteady and name not in self._program.index.lazy:
            base = self.expression(code[pc + 3])
            return None if base is None else ("attribute", base, name)
        return None

    def _is_own(self, name: int) -> bool:
        """Whether only the function itself binds its variable: no nested function, no comprehension."""
        record = self._record
        return name in record.bound and all(record.start <= at < record.end for at in record.bound[name])


def _replaced(asked: Asked, given: Mapping[int, Asked | None]) -> Asked | None:
    """A question of a function about what it is given; None where it asks about anything else."""
    if asked[0] == "variable":
        return given.get(asked[1])
    found = []
    for part in asked:
        if isinstance(part, tuple) and asked[0] not in ("constant", "static"):
            part = _replaced(part, given)
            if part is None:
                return None
        found.append(part)
    return tuple(found)


def implied(known: Asked, outcome: bool, asked: Asked) -> bool | None:
    """The outcome of a question, given that of another; None where it says nothing."""
    if known == asked:
        return outcome
    if outcome and {known[0], asked[0]} == {"is", "true"} and ("constant", "NoneType", None) in (*known, *asked):
        return False if known[1] == asked[1] else None  # what is true is not None, and None is not true
    return None


def _condition(question: Asked, fixed: bool, negated: bool = False) -> Condition | None:
    variables = frozenset(part[1] for part in parts(question) if part[0] == "variable")
    if None in question or not variables:
        return None
    return Condition(
        question, variables, negated, fixed and not any(part[0] == "attribute" for part in parts(question))
    )


def parts(asked: Asked) -> Iterator[Asked]:
    """What a question is made of, at any depth."""
    for part in asked:
        if isinstance(part, tuple):
            yield part
            yield from parts(part)
