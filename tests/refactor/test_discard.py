"""What no caller looks at is not returned, and nothing else changes."""

from __future__ import annotations

from pathlib import Path

import pytest

from debloat.model import Applicability
from tests.refactor.programs import files, fixed, output

PAIRS = {
    "branches, handlers, with and match end as they did": (
        """
        import sys
        def a(x):
            if x:
                print("full")
                return 1
            else:
                return 2
        def b(x):
            try:
                print(int(x))
                return True
            except ValueError:
                return False
            finally:
                print("done")
        def c(x):
            try:
                print(int(x))
                return True
            except ValueError:
                print("no")
            else:
                print("never")
            return False
        def d(x):
            with open(x) as file:
                print(file.read())
                return True
        def e(x):
            for item in x:
                if item:
                    return item
            print("none")
            return None
        def f(x):
            match x:
                case "a":
                    print("a")
                    return 1
                case _:
                    return 2
        for x in ([], [1]): a(x)
        for x in ("1", "x"):
            b(x)
            c(x)
            f(x)
        d("/dev/null")
        e([0, 1])
        e([])
        """,
        """
        import sys
        def a(x):
            if x:
                print("full")
        def b(x):
            try:
                print(int(x))
            except ValueError:
                pass
            finally:
                print("done")
        def c(x):
            try:
                print(int(x))
                return
            except ValueError:
                print("no")
            else:
                print("never")
        def d(x):
            with open(x) as file:
                print(file.read())
        def e(x):
            for item in x:
                if item:
                    return
            print("none")
        def f(x):
            match x:
                case "a":
                    print("a")
                case _:
                    pass
        for x in ([], [1]): a(x)
        for x in ("1", "x"):
            b(x)
            c(x)
            f(x)
        d("/dev/null")
        e([0, 1])
        e([])
        """,
    ),
    "calls that are returned stay": (
        """
        import asyncio, sys
        def say(x):
            print(x)
            return len(x)
        def a(x):
            if x:
                return say(x)
            print("empty")
            return 0
        async def b(x):
            await asyncio.sleep(0)
            return say(x) if x else 1
        async def c(x):
            if x:
                return await asyncio.sleep(0)
            return 3
        def check(x):
            print("checks")
            return int(x)
        async def main():
            await b("b")
            await c("c")
        a("a")
        a("")
        print(say("s"))
        asyncio.run(main())
        try:
            check("x")
        except ValueError:
            print("no number")
        """,
        None,
    ),
    "what is only built to be returned is not built": (
        """
        import sys
        class Loader:
            def load(self, name):
                count = sys.stdout.write(name)
                print(name)
                return count
            def names(self, items) -> dict[str, int]:
                '''Print the names.

                Returns:
                    How often each was there.
                '''
                found: dict[str, int] = {}
                total = 0
                for item in items:
                    print(item)
                    found[item] = 1
                    total += 1
                return found
            def kept(self, items):
                shared = items
                shared.append(1)
                return shared
            def counted(self, items):
                '''Count them.

                Any will do.

                Returns those it has seen (each
                of them).
                '''
                seen = []
                for item in items:
                    seen.append(item)
                print(len(seen))
                return seen
        loader = Loader()
        loader.load("json")
        loader.names(sys.argv[1:])
        loader.kept(mine := [])
        loader.counted([1])
        print(mine)
        """,
        """
        import sys
        class Loader:
            def load(self, name):
                sys.stdout.write(name)
                print(name)
            def names(self, items) -> None:
                '''Print the names.'''
                total = 0
                for item in items:
                    print(item)
                    total += 1
            def kept(self, items):
                shared = items
                shared.append(1)
            def counted(self, items):
                '''Count them.

                Any will do.
                '''
                seen = []
                for item in items:
                    seen.append(item)
                print(len(seen))
        loader = Loader()
        loader.load("json")
        loader.names(sys.argv[1:])
        loader.kept(mine := [])
        loader.counted([1])
        print(mine)
        """,
    ),
}

KEPT = {
    "one of two that stand for each other": """
        import sys
        def main(path):
            if path:
                def write(text):
                    print(text)
                    return len(text)
            else:
                write = sys.stdout.write
            write("a")
        main("x")
        """,
    "a return in finally swallows": """
        def a():
            try:
                print(1)
                raise ValueError
            finally:
                return True
        a()
        """,
    "generators, properties, lambdas, partials, threads": """
        import functools, threading
        def g():
            yield 1
            return 2
        class A:
            @property
            def p(self):
                print("p")
                return 1
        def h():
            print("h")
            return 1
        def i(x):
            print(x)
            return 1
        list(g())
        A().p
        f = lambda: h()
        f()
        h()
        functools.partial(i, 1)()
        i(2)
        thread = threading.Thread(target=h)
        thread.start()
        thread.join()
        """,
}


@pytest.mark.parametrize("name", PAIRS)
def test_what_nobody_looks_at_is_not_returned(name: str, tmp_path: Path) -> None:
    text, wanted = PAIRS[name]
    before = files(text)
    result, _ = fixed(before, tmp_path / "fixed", "ignored-result", lowest=Applicability.UNSAFE)
    if wanted is not None:
        assert result == files(wanted)
    assert output(before, tmp_path / "before") == output(result, tmp_path / "after")


@pytest.mark.parametrize("name", KEPT)
def test_what_somebody_looks_at_is_returned(name: str, tmp_path: Path) -> None:
    before = files(KEPT[name])
    assert fixed(before, tmp_path, "ignored-result", lowest=Applicability.UNSAFE)[0] == before


def test_what_may_raise_goes_only_when_asked(tmp_path: Path) -> None:
    before = files("""
        import sys
        def first(items):
            print(items)
            return items[0]
        first(sys.argv)
        """)
    assert fixed(before, tmp_path / "safe", "ignored-result", lowest=Applicability.SAFE)[0] == before
    after, _ = fixed(before, tmp_path / "unsafe", "ignored-result", lowest=Applicability.UNSAFE)
    assert after["app.py"] == "import sys\ndef first(items):\n    print(items)\nfirst(sys.argv)\n"


def test_a_constant_that_calls_assign_or_return_is_named_there(tmp_path: Path) -> None:
    before = files("""
        import sys
        def log(x):
            print("log", x)
            return "ok"  # as ever
        def a(x):
            if x: return log(x)
            state = log(x)  # what came of it
            return state == "ok"
        def b(x):
            if x:
                return log(x)
            first = second = log(x)
            return first, second
        print(a(1), a(0), log(2) == "ok", [b(x) for x in (0, 1)])
        """)
    after, _ = fixed(before, tmp_path / "fixed", "constant-result", lowest=Applicability.SAFE)
    assert output(before, tmp_path / "before") == output(after, tmp_path / "after")
    assert after == before  # one of the statements is not of the form

    before = files(
        before["app.py"]
        .replace("first = second = log(x)", "first = second = x")
        .replace("if x: return log(x)", "x = x or 3")
    )
    after, _ = fixed(before, tmp_path / "again", "constant-result", lowest=Applicability.SAFE)
    assert output(before, tmp_path / "before") == output(after, tmp_path / "after")
    assert '    log(x)  # what came of it\n    state = "ok"\n' in after["app.py"]
    assert '        log(x)\n        return "ok"\n' in after["app.py"]
