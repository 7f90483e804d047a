"""From a seed to a program: modules m0, m1, ... that use what stands before them, and a main that shows what comes out.

A definition calls only earlier ones, so every program ends. Nothing is printed that a refactoring may change: of
objects the type's kind, of exceptions the name.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

HEADER = """\
from contextlib import suppress
from dataclasses import dataclass, field
from enum import Enum
from functools import partial
"""
SHOW = """\
def show(value, depth=0):
    if value is None or isinstance(value, (bool, int, float, str)):
        return repr(value)
    if isinstance(value, (list, tuple, set, dict)) and depth < 3:
        items = sorted(value, key=str) if isinstance(value, set) else value
        pairs = [(key, value[key]) for key in value] if isinstance(value, dict) else items
        return type(value).__name__ + "(" + ", ".join(show(item, depth + 1) for item in pairs) + ")"
    return "object"
"""
NAMES = ["a", "b", "c", "d", "e"]
KEYS = ["k", "l", "m"]
ATTRIBUTES = ["left", "right", "name"]
CONSTANTS = [
    "0",
    "1",
    "2",
    "-1",
    "''",
    "'x'",
    "'EUR'",
    "None",
    "True",
    "False",
    "1.5",
    "()",
    "[]",
    "[1, 2]",
    "{'k': 1}",
]
TYPES = ["int", "str", "list", "dict", "(int, str)", "float", "bool", "type(None)"]
ERRORS = [
    "KeyError",
    "ValueError",
    "TypeError",
    "AttributeError",
    "(KeyError, TypeError)",
    "ZeroDivisionError",
    "Exception",
]


class _Module:
    """A module in the making: its name, what it imports, and what stands in it so far."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.imports: set[str] = set()
        self.parts: list[str] = []


class Maker:
    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.modules = [_Module(name) for name in ["m0", "m1"][: self.random.randint(1, 2)]] + [_Module("main")]
        self.module = self.modules[0]
        self.functions: list[tuple[str, str, int, int]] = []  # module, name, parameters that must and may be given
        self.classes: list[tuple[str, str, int, list[str]]] = []  # module, name, parameters, methods
        self.values: list[tuple[str, str]] = []
        self.count = 0

    def pick(self, options: list[str]) -> str:
        return self.random.choice(options)

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def fresh(self, letter: str) -> str:
        self.count += 1
        return f"{letter}{self.count}"

    def use(self, home: str, name: str) -> str:
        """Write a name of an earlier module, importing it in one way or another."""
        if home == self.module.name:
            return name
        way = self.random.randint(0, 4)
        if way == 0:
            self.module.imports.add(f"import {home}")
            return f"{home}.{name}"
        if way == 1:
            self.module.imports.add(f"from {home} import {name} as {name}_")
            return f"{name}_"
        self.module.imports.add(f"from {home} import {name}")
        return name

    # Expressions

    def expression(self, names: list[str], depth: int = 0) -> str:
        forms: list[Callable[[list[str], int], str]] = [
            self.constant, self.name, self.name, self.call, self.call, self.method, self.operation, self.lookup,
            self.conditional, self.container, self.conversion, self.comprehension,
        ]  # fmt: skip
        form = self.random.choice(forms if depth < 2 else forms[:3])
        return form(names, depth + 1)

    def constant(self, names: list[str], depth: int) -> str:
        return self.pick(CONSTANTS)

    def name(self, names: list[str], depth: int) -> str:
        if self.values and self.chance(0.15):
            return self.use(*self.random.choice(self.values))
        return self.pick(names) if names else f"({self.pick(CONSTANTS)})"

    def call(self, names: list[str], depth: int) -> str:
        if not self.functions:
            return self.constant(names, depth)
        home, name, must, may = self.random.choice(self.functions)
        given = self.random.randint(must, may) if self.chance(0.9) else may
        # many calls pass the same, as calls do
        arguments = [
            self.pick(["1", "'EUR'", "[1]"]) if self.chance(0.4) else self.expression(names, depth)
            for _ in range(given)
        ]
        if arguments and self.chance(0.25):
            arguments[-1] = f"{NAMES[given - 1]}={arguments[-1]}"
        written = self.use(home, name)
        return f"{written}({', '.join(arguments)})"

    def method(self, names: list[str], depth: int) -> str:
        if not self.classes:
            return self.call(names, depth)
        home, name, taken, methods = self.random.choice(self.classes)
        made = f"{self.use(home, name)}({', '.join(self.expression(names, depth + 1) for _ in range(taken))})"
        if self.chance(0.2):
            return made
        if self.chance(0.3):
            return f"{made}.{self.pick(ATTRIBUTES)}"
        return f"{made}.{self.pick(methods)}({self.expression(names, depth + 1)})"

    def operation(self, names: list[str], depth: int) -> str:
        one, other = self.expression(names, depth), self.expression(names, depth)
        return self.pick([
            f"({one} + {other})", f"({one} == {other})", f"({one} or {other})", f"({one} and {other})", f"(not {one})",
            f"({one} is None)", f"f'{{{self.pick(names)}}}'" if names else one, f"isinstance({one}, {self.pick(TYPES)})", f"[{one}, {other}]",
        ])  # fmt: skip

    def lookup(self, names: list[str], depth: int) -> str:
        base = self.name(names, depth)
        key, default = self.pick(KEYS), self.constant(names, depth)
        return self.pick([
            f"{base}['{key}']", f"{{'k': 1, 'l': {base}}}.get('{key}', {default})", f"getattr({base}, '{self.pick(ATTRIBUTES)}', {default})",
            f"{base}.{self.pick(ATTRIBUTES)}", f"{{'k': {base}}}['k']", f"hasattr({base}, '{self.pick(ATTRIBUTES)}')",
        ])  # fmt: skip

    def conditional(self, names: list[str], depth: int) -> str:
        one, other = self.expression(names, depth), self.expression(names, depth)
        return f"({one} if {self.test(names)} else {other})"

    def container(self, names: list[str], depth: int) -> str:
        one, other = self.expression(names, depth), self.expression(names, depth)
        return self.pick([f"[{one}, {other}]", f"({one}, {other})", f"{{'k': {one}, 'l': {other}}}"])

    def conversion(self, names: list[str], depth: int) -> str:
        inner = self.expression(names, depth)
        return self.pick(
            [
                f"str({inner})",
                f"list([{inner}])",
                f"int({inner})",
                f"len([{inner}])",
                f"bool({inner})",
                f"dict(k={inner})",
            ]
        )

    def comprehension(self, names: list[str], depth: int) -> str:
        name = self.fresh("i")
        return f"[{self.expression([*names, name], depth)} for {name} in [1, {self.name(names, depth)}] if {self.test([*names, name])}]"

    def test(self, names: list[str]) -> str:
        subject = self.name(names, 2)
        return self.pick([
            f"{subject} is None", f"{subject} is not None", f"{subject}", f"not {subject}", f"isinstance({subject}, {self.pick(TYPES)})",
            f"not isinstance({subject}, {self.pick(TYPES)})", f"hasattr({subject}, '{self.pick(ATTRIBUTES)}')", f"{subject} == {self.pick(CONSTANTS)}",
            f"{subject} is not None and {self.name(names, 2)}", f"{subject} is None or {self.name(names, 2)} is None", f"callable({subject})",
            f"{subject} in (1, 'x', None)", f"not ({subject} is None)", f"isinstance({subject}, dict) and 'k' in {subject}",
        ])  # fmt: skip

    # Statements

    def block(self, names: list[str], depth: int, loop: bool = False) -> list[str]:
        lines: list[str] = []
        known = [*names]
        for _ in range(self.random.randint(1, 4 - depth)):
            lines += self.statement(known, depth, loop)
        return lines

    def inside(self, names: list[str], depth: int, loop: bool = False) -> list[str]:
        return [f"    {line}" for line in self.block(names, depth + 1, loop)]

    def statement(self, names: list[str], depth: int, loop: bool) -> list[str]:
        simple = [self.assignment, self.assignment, self.effect, self.leave]
        compound = [
            self.branch,
            self.branch,
            self.branch,
            self.guarded,
            self.loop,
            self.matched,
            self.nested,
            self.guard,
        ]
        form = self.random.choice(simple + compound if depth < 2 else simple)
        lines = form(names, depth, loop)
        if self.chance(0.05):
            lines[0] += "  # as it is"
        return lines

    def assignment(self, names: list[str], depth: int, loop: bool) -> list[str]:
        value = self.expression(names)
        name = self.pick([*names, self.fresh("v")])
        subject = self.name(names, 2)
        lines = [self.pick([
            f"{name} = {value}", f"{name} = {value}", f"{name} = {subject} or {value}", f"{name} = {value} if {subject} is None else {subject}",
            f"{name} = {subject} if {subject} is not None else {value}",
        ])]  # fmt: skip
        if name not in names:
            names.append(name)
        return lines

    def effect(self, names: list[str], depth: int, loop: bool) -> list[str]:
        value, subject = self.expression(names), self.name(names, 2)
        return [self.pick([
            f"print(show({value}))", f"print(show({value}))", f"{value}", f"assert {self.test(names)}",
            f"{subject}.{self.pick(ATTRIBUTES)} = {value}" if subject.isidentifier() else f"print(show({value}))",
        ])]  # fmt: skip

    def leave(self, names: list[str], depth: int, loop: bool) -> list[str]:
        if depth == 0:
            return self.assignment(names, depth, loop)
        return [
            self.pick(
                [
                    f"return {self.expression(names)}",
                    "return None",
                    "raise ValueError('no')",
                    *(["break", "continue"] if loop else ["return"]),
                ]
            )
        ]

    def branch(self, names: list[str], depth: int, loop: bool) -> list[str]:
        lines = [f"if {self.test(names)}:", *self.inside(names, depth, loop)]
        while self.chance(0.3):
            lines += [f"elif {self.test(names)}:", *self.inside(names, depth, loop)]
        if self.chance(0.4):
            lines += ["else:", *self.inside(names, depth, loop)]
        return lines

    def guard(self, names: list[str], depth: int, loop: bool) -> list[str]:
        subject = self.name(names, 2)
        return [
            self.pick(
                [
                    f"if {subject} is None:",
                    f"if not isinstance({subject}, {self.pick(TYPES)}):",
                    f"if {subject} is None or not {subject}:",
                ]
            ),
            f"    {self.pick(['return None', 'return 0', 'raise TypeError', 'raise ValueError(1)'])}",
        ]

    def guarded(self, names: list[str], depth: int, loop: bool) -> list[str]:
        lines = ["try:", *self.inside(names, depth, loop)]
        for _ in range(self.random.randint(1, 2)):
            lines += [
                f"except {self.pick(ERRORS)}:",
                *(["    raise"] if self.chance(0.3) else self.inside(names, depth, loop)),
            ]
        if self.chance(0.2):
            lines += ["else:", *self.inside(names, depth, loop)]
        if self.chance(0.2):
            lines += ["finally:", "    print('finally')"]
        return (
            lines
            if self.chance(0.85)
            else [f"with suppress({self.pick(ERRORS).strip('()')}):", *self.inside(names, depth, loop)]
        )

    def loop(self, names: list[str], depth: int, loop: bool) -> list[str]:
        name = self.fresh("i")
        source = self.pick(["[1, 2]", "range(2)", f"[{self.name(names, 2)}]", "[]", "{'k': 1}.items()"])
        lines = [f"for {name} in {source}:", *self.inside([*names, name], depth, True)]
        return lines + (["else:", *self.inside(names, depth, loop)] if self.chance(0.15) else [])

    def matched(self, names: list[str], depth: int, loop: bool) -> list[str]:
        lines = [f"match {self.name(names, 2)}:"]
        for pattern in self.random.sample(
            ["None", "1", "'x'", "int()", "str()", "[first, *_]", "{'k': first}", "True | False"],
            self.random.randint(1, 3),
        ):
            lines += [f"    case {pattern}:", *(f"    {line}" for line in self.inside(names, depth, loop))]
        return lines + (
            ["    case _:", *(f"    {line}" for line in self.inside(names, depth, loop))] if self.chance(0.5) else []
        )

    def nested(self, names: list[str], depth: int, loop: bool) -> list[str]:
        name, parameter = self.fresh("g"), self.fresh("p")
        lines = [f"def {name}({parameter}{self.pick(['', '=None', '=1'])}):"]
        captured = [one for one in names if one not in NAMES]
        if captured and self.chance(0.3):
            lines += [f"    nonlocal {captured[0]}", f"    {captured[0]} = {parameter}"]
        lines += [*self.inside([*names, parameter], max(depth, 1)), f"print(show({name}({self.expression(names)})))"]
        return lines

    # Definitions

    def parameters(self) -> tuple[str, int, int, list[str]]:
        may = self.random.randint(0, 3)
        must = self.random.randint(0, may)
        names = NAMES[:may]
        written = [*names[:must], *(f"{name}={self.pick(CONSTANTS)}" for name in names[must:])]
        return ", ".join(written), must, may, names

    def function(self) -> str:
        name = self.fresh("f")
        written, must, may, names = self.parameters()
        body = [f"    {line}" for line in self.block([*names], 0)]
        result = self.expression(names) if names else self.expression([])
        text = "\n".join([f"def {name}({written}):", *body, f"    return {result}"]) + "\n"
        if self.chance(0.85):
            self.functions.append((self.module.name, name, must, may))
        if self.chance(0.12):  # the same once more
            copy = self.fresh("f")
            text += f"\n\ndef {copy}({written}):\n" + text.partition("\n")[2]
            self.functions.append((self.module.name, copy, must, may))
        return text

    def forward(self) -> str:
        if not self.functions:
            return self.function()
        home, target, must, may = self.random.choice(self.functions)
        name, names = self.fresh("f"), NAMES[:may]
        written = ", ".join([*names[:must], *(f"{one}={self.pick(['None', '1'])}" for one in names[must:])])
        self.functions.append((self.module.name, name, must, may))
        if self.chance(0.2):
            return f"{name} = {self.use(home, target)}\n"
        passed = (
            ", ".join(one if self.chance(0.8) else f"{one}={one}" for one in names)
            if self.chance(0.5)
            else ", ".join(names)
        )
        passed = passed if "=" not in passed else ", ".join(f"{one}={one}" for one in names)
        return f"def {name}({written}):\n    return {self.use(home, target)}({passed})\n"

    def variable(self) -> str:
        name = self.fresh("C")
        if self.chance(0.8):
            self.values.append((self.module.name, name))
        if self.functions and self.chance(0.2):
            return f"{name} = {{'k': {self.use(*self.random.choice(self.functions)[:2])}}}\n"
        return f"{name} = {self.pick(CONSTANTS)}\n"

    def cls(self) -> str:
        name = self.fresh("K")
        taken = self.random.randint(0, 2)
        names = NAMES[:taken]
        base = ""
        if self.classes and self.chance(0.3):
            home, other, _, _ = self.random.choice(self.classes)
            base = f"({self.use(home, other)})"
        lines = [f"class {name}{base}:"]
        if self.chance(0.3):
            lines.append(f"    {self.pick(ATTRIBUTES)} = {self.pick(CONSTANTS)}")
        if taken or self.chance(0.5):
            lines += [f"    def __init__({', '.join(['self', *names])}):"]
            lines += [
                f"        self.{attribute} = {self.expression(names)}"
                for attribute in self.random.sample(ATTRIBUTES, self.random.randint(1, 3))
            ]
        elif base:
            taken = next(one[2] for one in self.classes if one[1] == other)
        methods: list[str] = []
        for _ in range(self.random.randint(1, 3)):
            method = self.pick(["run", "step", "shown", "total"])
            if method in methods:
                continue
            known = ["self", "a"]
            body = self.block(known, 1) if self.chance(0.7) else []
            lines += [f"    def {method}(self, a{self.pick(['', '=None'])}):", *(f"        {line}" for line in body)]
            earlier = [f"self.{one}(a)" for one in methods]
            lines.append(
                f"        return {self.pick([*earlier, f'self.{self.pick(ATTRIBUTES)}', self.expression(['a', 'self'])])}"
            )
            methods.append(method)
        self.classes.append((self.module.name, name, taken, methods))
        return "\n".join(lines) + "\n"

    def record(self) -> str:
        name = self.fresh("K")
        taken = self.random.randint(1, 2)
        fields = [f"    {attribute}: object" for attribute in ATTRIBUTES[:taken]]
        fields += [f"    {attribute}: object = {self.pick(['None', '1'])}" for attribute in ATTRIBUTES[taken:]]
        lines = [
            "@dataclass",
            f"class {name}:",
            *fields,
            "    def run(self, a):",
            *(f"        {line}" for line in self.block(["self", "a"], 1)),
        ]
        self.classes.append((self.module.name, name, taken, ["run"]))
        return "\n".join([*lines, f"        return {self.expression(['self', 'a'])}"]) + "\n"

    def forms(self) -> list[Callable[[], str]]:
        """What makes the definitions of modules."""
        return [self.function, self.function, self.function, self.forward, self.variable, self.cls, self.record]

    def program(self) -> dict[str, str]:
        forms = self.forms()
        files = {}
        for module in self.modules:
            self.module = module
            parts = [self.random.choice(forms)() for _ in range(self.random.randint(1, 4))]
            if module.name == "main":
                parts += [self.shown() for _ in range(self.random.randint(1, 4))]
            imports = "".join(f"{line}\n" for line in sorted(module.imports))
            home = "from base import show\n"
            files[f"{module.name}.py"] = HEADER + imports + home + "\n\n" + "\n\n".join(parts)
        return {"base.py": SHOW, **files}

    def shown(self) -> str:
        kind = self.pick(["call", "call", "method"])
        value = self.call([], 1) if kind == "call" else self.method([], 1)
        return f"try:\n    print(show({value}))\nexcept Exception as error:\n    print(type(error).__name__)\n"
