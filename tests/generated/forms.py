"""Further kinds of definitions and statements of generated programs: what Python has beside plain functions and classes."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from tests.generated.programs import CONSTANTS, KEYS, Maker


class Forms(Maker):
    """Makes programs that hold them, too."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self.made: list[tuple[str, str, int, int]] = []  # functions that what is being made may not call

    # Statements

    def statement(self, names: list[str], depth: int, loop: bool) -> list[str]:
        if depth < 2 and self.chance(0.12):
            return self.random.choice([self.closed, self.searched, self.captured, self.walrus, self.counted])(
                names, depth, loop
            )
        return super().statement(names, depth, loop)

    def closed(self, names: list[str], depth: int, loop: bool) -> list[str]:
        """A block with a context manager of the program, which may swallow."""
        bound = self.fresh("w")
        swallows = self.pick(["True", "False", "kind is KeyError"])
        cls = self.fresh("M")
        return [
            f"class {cls}:",
            f"    def __enter__(self): return {self.pick(['self', '1', *names[:1]])}",
            f"    def __exit__(self, kind, error, trace): return {swallows}",
            f"with {cls}() as {bound}:",
            *self.inside([*names, bound], depth, loop),
        ]

    def searched(self, names: list[str], depth: int, loop: bool) -> list[str]:
        """A loop that leaves its function early."""
        name = self.fresh("i")
        known = [*names, name]
        return [
            f"for {name} in {self.pick(['[1, 2]', '(None, 1)', '{}', 'range(3)'])}:",
            f"    if {self.test(known)}:",
            f"        {self.pick(['continue', 'break', f'return {self.expression(known)}'])}",
            *self.inside(known, depth, True),
        ]

    def captured(self, names: list[str], depth: int, loop: bool) -> list[str]:
        """Functions that read a variable of the loop that made them."""
        name, kept = self.fresh("i"), self.fresh("v")
        default = self.pick([f"{name}={name}", "p=1", f"p={self.pick(names)}" if names else "p=None"])
        body = self.expression([*names, name])
        names.append(kept)
        return [f"{kept} = [one() for one in [(lambda {default}: {body}) for {name} in (1, None)]]"]

    def walrus(self, names: list[str], depth: int, loop: bool) -> list[str]:
        name = self.fresh("v")
        lines = [
            f"if ({name} := {self.expression(names)}) {self.pick(['is None', 'is not None', '== 1'])}:",
            *self.inside([*names, name], depth, loop),
        ]
        names.append(name)
        return lines

    def counted(self, names: list[str], depth: int, loop: bool) -> list[str]:
        name = self.fresh("v")
        lines = [f"{name} = 0", f"while {name} < 2:", f"    {name} += 1", *self.inside(names, depth, True)]
        return lines + (["else:", *self.inside(names, depth, loop)] if self.chance(0.3) else [])

    # Definitions

    def forms(self) -> list[Callable[[], str]]:
        own = [
            self.keywords,
            self.helper,
            self.wrapper,
            self.generator,
            self.flag,
            self.enum,
            self.family,
            self.overridden,
            self.shared,
            self.decorated,
            self.global_state,
        ]
        return [*super().forms(), *(partial(self.finished, form) for form in own)]

    def finished(self, form: Callable[[], str]) -> str:
        """A definition whose functions may be called from now on."""
        text = form()
        self.functions += self.made
        self.made.clear()
        return text

    def keywords(self) -> str:
        """A function with positional-only and keyword-only parameters and defaults that are names; calls of it are here."""
        name, wrapped = self.fresh("f"), self.fresh("f")
        default = self.use(*self.random.choice(self.values)) if self.values else self.pick(CONSTANTS)
        names = ["a", "b", "c"]
        head = self.pick(
            [f"a, /, b, *, c={default}", f"a, b={default}, *, c", f"a, *b, c={default}", "a, *, b=None, c=1"]
        )
        body = [f"    {line}" for line in self.block([*names], 1)]
        passed = {"a, /": "a, 1", "a, b": "a, c=2", "a, *b": "a, 1, 2", "a, *,": "a, c=1"}
        given = next(text for start, text in passed.items() if head.startswith(start))
        self.made.append((self.module.name, wrapped, 1, 1))
        return "\n".join(
            [f"def {name}({head}):", *body, f"    return {self.expression(names)}", "", "", f"def {wrapped}(a):", f"    return {name}({given})"]
        ) + "\n"  # fmt: skip

    def helper(self) -> str:
        """A small private function, and the one call of it, which stands in one place or another."""
        name, caller = self.fresh("_h"), self.fresh("f")
        known = ["a", "b"]
        body: list[str] = []
        for _ in range(self.random.randint(0, 2)):
            body += self.random.choice([self.assignment, self.effect])(known, 2, False)
        body = [*body[:2], f"return {self.expression(known)}"] if self.chance(0.9) else body[:2] or ["print(show(a))"]
        given = [self.expression(["a", "c"], 1), self.pick(["c", "a", "'EUR'", self.expression(["a", "c"], 1)])]
        call = f"{name}({given[0]}, {self.pick(['', 'b='])}{given[1]})"
        place = self.pick([
            f"return {call}", f"v1 = {call}\n    return [v1, c]", f"a = {call}\n    return a", f"return [a, {call}]", f"print(show({call}))",
            f"return (c or {call})", f"for c in [{call}]:\n        print(show(c))\n    return c", f"{call}\n    return a",
            f"return -{call}", f"return [{call} for c in (1, a)]", f"c = lambda: {call}\n    return c()", f"return {call} == c",
        ])  # fmt: skip
        self.made.append((self.module.name, caller, 1, 2))
        return "\n".join(
            [f"def {name}(a, b):", *(f"    {line}" for line in body), "", "", f"def {caller}(a, c=None):", f"    {place}"]
        ) + "\n"  # fmt: skip

    def wrapper(self) -> str:
        """A function that passes on whatever it is given."""
        if not self.functions:
            return self.keywords()
        home, target, must, may = self.random.choice(self.functions)
        name = self.fresh("f")
        self.made.append((self.module.name, name, must, may))
        before = self.pick(["", "", "    print('before')\n"])
        return f"def {name}(*args, **kwargs):\n{before}    return {self.use(home, target)}(*args, **kwargs)\n"

    def generator(self) -> str:
        name, shown = self.fresh("f"), self.fresh("f")
        body = [f"    {line}" for line in self.block(["a"], 1)]
        value = self.expression(["a"])
        self.made.append((self.module.name, shown, 1, 1))
        lines = [f"def {name}(a):", "    yield a", *body, f"    yield {value}", "", "", f"def {shown}(a):"]
        return "\n".join([*lines, f"    return {self.pick(['list', 'next', 'tuple'])}({name}(a))"]) + "\n"

    def flag(self) -> str:
        """A module's switch, and a function that it switches."""
        switch, name = self.fresh("FLAG"), self.fresh("f")
        changed = self.pick(
            ["", "", f"def set_{name}():\n    global {switch}\n    {switch} = not {switch}\n\n\nset_{name}()\n"]
        )
        self.made.append((self.module.name, name, 1, 1))
        body = [f"        {line}" for line in self.block(["a"], 1)]
        return "\n".join(
            [f"{switch} = {self.pick(['True', 'False', 'None', '0'])}", "", "", f"def {name}(a):", f"    if {switch}{self.pick(['', ' is None', ' and a'])}:", *body, f"    return {self.expression(['a'])}"]
        ) + f"\n\n\n{changed}"  # fmt: skip

    def enum(self) -> str:
        name, shown = self.fresh("E"), self.fresh("f")
        self.made.append((self.module.name, shown, 1, 1))
        values = self.random.sample(["1", "2", "'x'", "None", "(1, 2)", "1"], 3)
        members = [f"    {member} = {value}" for member, value in zip("ABC", values, strict=True)]
        asked = self.pick(
            [f"{name}.A.value", f"{name}.A is {name}.B", f"[one.name for one in {name}]", f"{name}(a).name"]
        )
        known = f"    if isinstance({name}.B, {self.pick(['int', 'str', name])}) and {name}.A.value is None:"
        return "\n".join(
            [f"class {name}(Enum):", *members, "", "", f"def {shown}(a):", known, f"        return {self.expression(['a'])}", f"    return {asked}"]
        ) + "\n"  # fmt: skip

    def family(self) -> str:
        """Classes that override and call each other's methods."""
        base, left, right, last = (self.fresh("K") for _ in range(4))
        name = self.fresh("f")
        own = [f"        {line}" for line in self.block(["a"], 1)]
        self.made.append((self.module.name, name, 1, 1))
        extra = self.pick(["", ", b=None", ", b=1"])
        lines = [
            f"class {base}:",
            f"    kind = {self.pick(CONSTANTS)}",
            f"    def __init__(self, a{extra}):",
            f"        self.left = {self.expression(['a'])}",
            f"    def run(self, a{extra}):",
            *own,
            f"        return {self.expression(['a'])}",
            f"    @{self.pick(['staticmethod', 'property', 'classmethod'])}",
            f"    def size({self.pick(['it', 'it=None'])}):",
            f"        return {self.pick(['1', 'None', repr('x')])}",
        ]
        for cls, bases in ((left, base), (right, base), (last, f"{left}, {right}")):
            lines += ["", "", f"class {cls}({bases}):"]
            lines += (
                [f"    def run(self, a{extra}):", f"        return [{self.pick(CONSTANTS)}, super().run(a)]"]
                if self.chance(0.6)
                else []
            )
            lines += (
                ["    def __init__(self, a):", f"        super().__init__({self.pick(['a', '1', 'None'])})"]
                if self.chance(0.4)
                else []
            )
            lines += [f"    kind = {self.pick(CONSTANTS)}"]
        made = self.pick([base, left, right, last])
        lines += ["", "", f"def {name}(a):", f"    one = {made}({self.pick(['a', '1'])})"]
        lines += [f"    print(show(getattr(one, '{self.pick(['kind', 'left', 'name'])}', {self.pick(CONSTANTS)})))"]
        lines += [f"    return one.run({self.pick(['a', '1', 'one.left', 'one.kind'])})"]
        return "\n".join(lines) + "\n"

    def overridden(self) -> str:
        """Methods that override each other, with a parameter that hardly varies and is passed on in one way or another."""
        name = self.fresh("f")
        classes = [self.fresh("K") for _ in range(self.random.randint(2, 4))]
        values = ["'EUR'"] * 4 + [self.pick(CONSTANTS), "a"]
        method = self.pick(["work", "__init__", "of"])
        lines: list[str] = []
        for number, cls in enumerate(classes):
            bases = self.pick([classes[number - 1], *classes[:number][-1:]]) if number and self.chance(0.85) else ""
            lines += [f"class {cls}({bases}):" if bases else f"class {cls}:", f"    kind = {self.pick(CONSTANTS)}"]
            if self.chance(0.8) or not number:
                head = self.pick(["a, b", "a, b", "a, b='EUR'", "a, b=None", "a, c", "a, *, b='EUR'", "b, a", "a, **b"])
                names = ["a", self.pick(["b", "b", "c"]) if "c" in head else "b"]
                on = self.pick(["super().{m}(a, b)", "super().{m}(a, b=b)", "super().{m}(a)", "self.kind"]).format(
                    m=method
                )
                lines += ["    @classmethod"] * (method == "of")
                lines += [f"    def {method}({'cls' if method == 'of' else 'self'}, {head}):"]
                lines += [f"        {line}" for line in self.block(names if self.chance(0.6) else ["a"], 2)]
                lines += [
                    f"        {'got =' if method == '__init__' else 'return ' + self.pick(['', '[a, b], '])} {on if bases else 'self.kind' if method != 'of' else 'a'}"
                ]
            lines += ["", ""]
        lines += [f"def {name}(a):"]
        for cls in self.random.sample(classes, len(classes)):
            given = self.pick([f"a, {self.pick(values)}", f"a, b={self.pick(values)}", "a", f"1, {self.pick(values)}"])
            made = (
                f"{cls}({given})"
                if method == "__init__"
                else f"{cls}.of({given})"
                if method == "of"
                else f"{cls}().work({given})"
            )
            lines += [
                "    try:",
                f"        print(show({made}))",
                "    except (TypeError, NameError, AttributeError) as error:",
                "        print(type(error).__name__)",
            ]
        if method == "work":
            lines += [
                f"    for one in ({', '.join(f'{cls}()' for cls in classes)}):",
                "        with suppress(TypeError):",
                f"            print(show(one.work(a, {self.pick(values)})))",
            ]
        lines += [f"    return {self.expression(['a'])}"]
        self.made.append((self.module.name, name, 1, 1))
        return "\n".join(lines) + "\n"

    def shared(self) -> str:
        """Functions in a table that one call calls, and calls in a circle."""
        one, other, name, table = self.fresh("f"), self.fresh("f"), self.fresh("f"), self.fresh("T")
        heads = ["a, b", "a, b", "a, c", "b, a", "a, *b", "a, b=1"]
        lines: list[str] = []
        for own, circle in ((one, other), (other, one)):
            names = self.pick(["a", "a", "ab"])
            head = self.pick(heads)
            passed = self.pick(["b", "b", "'EUR'"]) if "b" in head and "*" not in head else "'EUR'"
            lines += [f"def {own}({head}, depth=0):", "    if depth > 1:", f"        return {circle}"]
            lines += [f"    {line}" for line in self.block([one for one in names if one in head], 2)]
            lines += [
                f"    return {self.pick([f'{circle}(a, {passed}, depth=depth + 1)', 'a', 'a'])}"
                if "a" in head
                else "    return b",
                "",
                "",
            ]
        lines += [f"{table} = {self.pick(['[{}, {}]', '({}, {})', '{{1: {}, 2: {}}}']).format(one, other)}", "", ""]
        made = f"{self.pick([table, table])}{self.pick(['[0]', '[1]'])}" if self.chance(0.3) else "each"
        value = self.pick(["'EUR'", "'EUR'", "a", "None"])
        lines += [
            f"def {name}(a):",
            f"    for each in {table}:",
            "        try:",
            f"            print(show({made}(a, {value})))",
        ]
        lines += [
            "        except (TypeError, KeyError) as error:",
            "            print(type(error).__name__)",
            f"    return {one}(a, {self.pick([value, value, '2'])})",
        ]
        self.made.append((self.module.name, name, 1, 1))
        return "\n".join(lines) + "\n"

    def decorated(self) -> str:
        """A decorator and a function that it wraps."""
        around, name = self.fresh("d"), self.fresh("f")
        self.made.append((self.module.name, name, 1, 1))
        body = [f"    {line}" for line in self.block(["a"], 1)]
        passed = self.pick(["*args, **kwargs", "a", "a, b=None"])
        given = {"*args, **kwargs": passed, "a": "a", "a, b=None": "a"}[passed]
        return "\n".join(
            [f"def {around}(function):", f"    def inner({passed}):", f"        print('{name}')", f"        return function({given})", "    return inner", "", "", f"@{around}", f"def {name}(a):", *body, f"    return {self.expression(['a'])}"]
        ) + "\n"  # fmt: skip

    def global_state(self) -> str:
        """A dict that functions fill and ask."""
        table, name, other = self.fresh("T"), self.fresh("f"), self.fresh("f")
        key = self.pick(KEYS)
        self.made += [(self.module.name, name, 0, 1), (self.module.name, other, 0, 0)]
        return (
            f"{table} = {{'{self.pick(KEYS)}': {self.pick(CONSTANTS)}}}\n\n\n"
            f"def {name}(a=None):\n    if '{key}' in {table}:\n        found = {table}['{key}']\n    else:\n        found = {self.pick(CONSTANTS)}\n"
            f"    {table}[{self.pick(['a', repr(key)])}] = {self.expression(['a', 'found'])}\n    return found\n\n\n"
            f"def {other}():\n    return {table}.{self.pick(['get', 'setdefault', 'pop'])}('{key}', {self.pick(CONSTANTS)})\n"
        )

    def starred(self, files: dict[str, str]) -> dict[str, str]:
        """The program whose main module imports all that a module has, or lists."""
        if not self.chance(0.3):
            return files
        home = self.pick([module.name for module in self.modules[:-1]])
        own = [name for module, name, *_ in [*self.functions, *self.classes, *self.values] if module == home]
        listed = f"\n\n__all__ = {own!r}\n" if self.chance(0.5) else ""
        return files | {
            f"{home}.py": files[f"{home}.py"] + listed,
            "main.py": f"from {home} import *\n" + files["main.py"],
        }


def program(seed: int) -> dict[str, str]:
    """The files of the program of a seed."""
    maker = Forms(seed)
    return maker.starred(maker.program())
