"""Programs whose functions called ``moved`` are inlined: how many are, or why none is."""

MOVED = {
    "expr": (
        1,
        """
        import sys
        def moved(x, y=2): return x * y + len(sys.argv)
        def main(a):
            print(moved(a + 1), moved(a, y=a - 1), -moved(3) ** 2)
        main(3)
        """,
    ),
    "stmts": (
        1,
        '''
        import sys
        def moved(items):
            """Doc."""
            # the total
            total = 0
            for item in items:
                total += item  # add
            return total
        def main(a):
            total = 5
            result = moved([a, total])
            print(result, total)
        main(3)
        ''',
    ),
    "return many": (
        1,
        """
        def moved(x):
            if x > 2:
                return "big"
            for i in range(x):
                if i == 1:
                    return "one"
            print("none")
        def main(a):
            i = a
            return moved(i)
        print(main(3), main(1), main(2), main(0))
        """,
    ),
    "order": (
        1,
        """
        def say(x):
            print("say", x)
            return x
        def moved(a, b): return say("in") + b + a
        def main():
            print(moved(say("1"), say("2")))
            x = moved(say("3"), say("4"))
            return x
        print(main())
        """,
    ),
    "method": (
        1,
        """
        class A:
            def __init__(self): self.n = 1
            def _moved(self, by):
                self.n += by
                return self.n
            def go(self, k):
                r = self._moved(k)
                print(self._moved(2))
                return r
        print(A().go(3))
        """,
    ),
    "method2": (
        1,
        """
        class A:
            def __init__(self): self.n = [1]
            def moved(self, by): return [v * by for v in self.n]
        def main(a, v):
            return a.moved(v)
        print(main(A(), 3))
        """,
    ),
    "capture": (
        1,
        """
        def moved(x, ys): return [x + y for y in ys]
        def main(y):
            return moved(y, [1, 2])
        print(main(3))
        """,
    ),
    "two calls": (
        1,
        """
        def moved(x):
            t = x + 1
            return t * 2
        def main(t):
            a = moved(t)
            b = moved(a)
            return a, b, t
        print(main(3))
        """,
    ),
    "async": (
        1,
        """
        import asyncio
        async def moved(x):
            await asyncio.sleep(0)
            y = x + 1
            return y
        async def main(a):
            y = 3
            z = await moved(a)
            return y, z
        print(asyncio.run(main(2)))
        """,
    ),
    "other module": (
        1,
        """
        # app.py
        from lib import moved
        def main(x):
            return moved(x)
        print(main("a"))
        # lib.py
        import json
        from os.path import join
        from lib2 import pad
        LIMIT = 3
        def moved(x):
            data = json.dumps({"a": pad(x), "l": LIMIT})
            return join(data, "b")
        # lib2.py
        def pad(x): return x + "."
        """,
    ),
    "rebinds global": (
        1,
        """
        G = 1
        def bump():
            global G
            G += 1
            return G
        def moved(x): return G + x
        def main():
            print(moved(bump()))
            print(moved(bump()) + moved(1))
        main()
        """,
    ),
    "walrus arg": (
        1,
        """
        def moved(x, y): return (y, x)
        def main(n):
            print(moved((n := n + 1), n))
            print(moved(n, (n := n + 1)))
            k = moved(y=(n := 5), x=n)
            print(k, n)
        main(3)
        """,
    ),
    "nonlocal": (
        1,
        """
        def moved(x, y): return (y, x)
        def main(n):
            def up():
                nonlocal n
                n += 1
                return n
            print(moved(n, up()))
            print(moved(up(), n))
        main(3)
        """,
    ),
    "gen eager": (
        1,
        """
        def moved(xs, k): return sum(x + k for x in xs)
        def main():
            return [moved([1], i) for i in range(3)]
        print(main())
        """,
    ),
    "short circuit": (
        1,
        """
        def say(x):
            print("say", x)
            return x
        def moved(a, b): return a and b
        def main():
            print(moved(say(0), say(2)))
            return moved(say(1), say(2))
        print(main())
        """,
    ),
    "exception keeps y": (
        1,
        """
        def moved(c):
            out = []
            for i in range(c):
                if i == 2: raise ValueError
                out.append(i)
            return out
        def main():
            y = "old"
            for c in (1, 5):
                try:
                    y = moved(c)
                except ValueError:
                    pass
                print(y)
        main()
        """,
    ),
    "exception keeps y 2": (
        1,
        """
        def moved(c):
            out = []
            for i in range(c):
                if i == 2: raise ValueError
                out.append(i)
            return out
        def main(y):
            y = moved(len(y))
            return y
        print(main("ab"))
        try:
            main("abcdef")
        except ValueError: print("v")
        """,
    ),
    "parens": (
        6,
        """
        def moved(a, b): return a * b
        def neg(x): return -x
        def moved2(a): return a.real
        def moved3(a): return not a
        def moved4(*, a, b): return a if b else -b
        def moved5(a): return a ** 2
        def main(x):
            print(moved(x + 1, x if x else 2), moved2(5), moved2(x + 1), moved3(x) == False, 2 * moved4(b=x, a=x) + 1)
            print(moved5(-x), -moved5(x), 2 ** moved5(x), moved5(lambda: 1 if 0 else 2) if 0 else 1, moved3(x in (1, 2)))
            print(moved(x or 1, 2), [*moved6(x, x)], {**moved7(x)}, *moved6(x, 1))
            a, b = moved6(x, 2)
            print(a, b, moved6(1, 2)[0], moved(*[1], b=2) if 0 else 0)
        def moved6(a, b): return a, b
        def moved7(a): return {"a": a}
        main(3)
        """,
    ),
    "default": (
        1,
        """
        N = 4
        def moved(a, b=N, c=[], d=-1, e="x" "y"):
            return a, b, d, e
        N = 5
        def moved1(a, d=-1, e="x" "y"):
            return a, d, e, d ** 2
        print(moved(1), moved1(2), moved1(3, 4), moved1(2, e=3))
        """,
    ),
    "recursion": (
        1,
        """
        def moved(n): return 1 if n < 1 else n * moved(n - 1)
        def movedx(n): return movedy(n - 1) if n > 0 else 0
        def movedy(n): return movedx(n) + 1
        print(moved(3), movedx(4))
        """,
    ),
    "with": (
        1,
        """
        import contextlib
        @contextlib.contextmanager
        def cm():
            print("in"); yield 3; print("out")
        def moved():
            with cm() as c:
                return c
        def main():
            return moved()
        print(main())
        """,
    ),
    "nested expr call": (
        1,
        """
        def say(x):
            print(x); return x
        def moved(a, b): return a * b - 1
        def main():
            x = moved(moved(say(1), say(2)), moved(say(3), 4))
            return x
        print(main())
        """,
    ),
    "del and global": (
        1,
        """
        def moved(a):
            b = [a]
            del a
            return b
        def main(a):
            x = moved(a)
            return x, a
        print(main(1))
        """,
    ),
    "default too": (
        1,
        """
        def moved1(a, d=-1, e="x" "y"):
            return a, d, e, d ** 2
        print(moved1(2), moved1(3, 4), moved1(2, e=3))
        k = moved1(7)
        """,
    ),
    "kw order": (
        1,
        """
        def say(x):
            print(x); return x
        def moved(a, b): return [b, a]
        def moved2(a, b):
            print("body")
            return a - b
        def main():
            print(moved(b=say(1), a=say(2)), moved(say(3), say(4)) if 0 else 0)
            return moved2(b=say(5), a=say(6))
        print(main())
        """,
    ),
    "closure in caller": (
        1,
        """
        total = 100
        def moved(x):
            total = x + 1
            return total
        def main(x):
            def inner(): return total
            r = moved(x)
            return r, inner()
        print(main(2))
        """,
    ),
    "caller generator": (
        1,
        """
        def moved(x):
            if x: return [x]
            return []
        def main(n):
            for i in range(n):
                y = i * 2
                yield y
            return moved(n)
        def run():
            r = yield from main(2)
            print(r)
        print(list(run()))
        """,
    ),
    "lambda caller": (
        1,
        """
        def moved(x): return x * 2
        def moved2(x):
            y = x
            return y
        f = lambda v: moved(v + 1)
        g = lambda v: moved2(v)
        print(f(2), g(3), sorted([3, 1], key=lambda v: moved(-v)))
        """,
    ),
    "class body": (
        1,
        """
        def moved(x): return [x for x in range(x)]
        def moved2(x): return [y + x for y in range(x)]
        def moved3(x): return x + 1
        class A:
            n = 3
            q = moved3(n)
            k = moved2(n)
        print(A.k, A.q)
        """,
    ),
    "comments": (
        2,
        """
        def moved(x):
            # why it is so
            return x + 1  # really

        def moved2(x):  # signature
            '''Doc.'''

            # first
            a = x  # one

            # second
            if a:
                # in
                a += 1
            return a
            # the end

        def main(q):
            # above
            z = moved(q)  # behind

            r = moved2(z)
            print(r, z)
        main(2)
        """,
    ),
    "multi line": (
        2,
        """
        def moved(first, second):
            return first.update(
                {
                    "one": second,
                    "two": [
                        1,
                        2,
                    ],
                },
                three=3,
            )

        def moved2(first):
            value = [
                first,
                '''
        a
          b''',
            ]
            if first:
                    value.append(
                        3
                    )
            return value

        class A:
            def go(self):
                if self:
                    d = {}
                    moved(
                        d,  # the dict
                        second=self.__class__.__name__,
                    )
                    print(d)
                    out = moved2(d)
                    return out
        print(A().go())
        """,
    ),
    "annotations": (
        1,
        """
        from __future__ import annotations
        from collections.abc import Sequence
        def moved(x: Sequence[int]) -> int:
            n: int = 0
            for i in x: n += i
            return n
        def main(x: list[int]) -> int:
            n: str = "a"
            print(n)
            return moved(x)
        print(main([1, 2]))
        """,
    ),
    "property & callable attr": (
        1,
        """
        class A:
            def __init__(self): self.f = lambda: 3
            @property
            def moved(self): return 3
            def moved2(self): return self.f()
        print(A().moved, A().moved2())
        """,
    ),
    "tests patch": (
        1,
        """
        # app.py
        import lib
        def main(): return lib.moved(2)
        if __name__ == "__main__": print(main())
        # lib.py
        def other(x): return x
        def moved(x): return other(x) + 1
        # tests/test_a.py
        from unittest import mock
        import app
        def test():
            with mock.patch("lib.other", return_value=3):
                assert app.main() == 4
        """,
    ),
    "decorated caller": (
        1,
        """
        def moved(x): return x * 2
        def deco(n):
            def d(f): return lambda: f() + n
            return d
        @deco(moved(3))
        def main(a=moved(1)): return a
        print(main())
        """,
    ),
    "circular": (
        1,
        """
        # app.py
        import a
        print(a.main())
        # a.py
        import b
        V = 1
        def main(): return b.moved(2)
        # b.py
        import a
        W = 2
        def moved(x): return x + W + a.V
        """,
    ),
    "aug2": (
        1,
        """
        def moved(x):
            t = x + 1
            return t
        def main(a):
            t = 4
            a += moved(a + t)
            return a, t
        print(main(3))
        """,
    ),
    "inherited": (
        1,
        """
        class A:
            k = 3
            def moved(self): return self.k
        class B(A):
            k = 4
        def main(x): return x.moved()
        print(main(A()), main(B()))
        """,
    ),
    "aliased": (
        1,
        """
        # app.py
        from lib import moved as m
        import lib
        import lib as l
        print(m(2), lib.moved(3), l.moved(4))
        # lib.py
        import os.path as p
        BASE = "b"
        def moved(x): return p.join(BASE, str(x))
        """,
    ),
    "dunder all": (
        1,
        """
        # app.py
        from lib import moved
        print(moved(2))
        # lib.py
        __all__ = ["moved", "K"]
        K = 1
        def moved(x): return x + K
        """,
    ),
    "body var shadows callee's global at the caller": (
        1,
        """
        def helper(x): return x + 1
        def moved(x):
            result = helper(x)
            return result
        def main(x):
            result = 10
            y = moved(x)
            return result + y
        print(main(2))
        """,
    ),
    "async expr": (
        2,
        """
        import asyncio
        async def get(x):
            await asyncio.sleep(0)
            return {"k": x}
        async def moved(x): return (await get(x))["k"]
        async def moved2(x): return await get(x)
        async def main(a):
            b = [await moved(i) for i in range(2)]
            return await moved(a), b, (await moved2(3))["k"], 2 ** await moved(2)
        print(asyncio.run(main(2)))
        """,
    ),
    "async with/for": (
        1,
        """
        import asyncio
        class C:
            async def __aenter__(self): return 1
            async def __aexit__(self, *a): print("exit")
        async def moved(x):
            async with C() as c:
                x += c
            return x
        async def main(c):
            y = await moved(c)
            return y, c
        print(asyncio.run(main(2)))
        """,
    ),
    "raise from": (
        2,
        """
        def moved(x): return ValueError(x)
        def moved2(x):
            msg = "m" + x
            return KeyError(msg)
        def main(x):
            try:
                raise moved(x)
            except ValueError as e:
                raise moved2(x) from e
        try: main("a")
        except KeyError as e: print(e, repr(e.__cause__))
        """,
    ),
    "unary etc": (
        8,
        """
        def moved(a, b): return a - b
        def moved2(a): return a < 3
        def moved3(a): return a if a else 0
        def moved4(a): return lambda b: b
        def moved5(a): return (yield_(a))
        def yield_(a): return a
        def moved6(a): return a,
        def moved7(a): return not a
        def moved8(a): return (a := 3) if 0 else a
        def moved9(a, b): return a @ b if 0 else a % b
        def main(x):
            print(1 - moved(x, 1), moved2(x) is True, 1 + moved3(x) * 2, moved4(1)(2), moved6(1)[0], moved6(2), -moved(1, 2))
            print(not moved7(x), moved7(moved7(x)), moved(moved(1, 2), moved(3, 4)), [moved6(x)], {moved6(x): moved6(1)})
            print(moved9(7, 2 + 2), "%s" % moved6(1), "%s" % moved5(2), (lambda: moved6(3))(), *moved6(4))
            for i in moved6(5): print(i)
            a, = moved6(6)
            print(a, moved2(x) and moved3(x) or moved(2, 1), moved3(x) if moved2(x) else moved(1, 1))
            print({**{"a": 1}}, x[moved(2, 1):moved(4, 1)] if 0 else 0, "%s %8r" % (moved(3, 1), moved2(x)))
        main(2)
        """,
    ),
    "strings": (
        3,
        """
        def moved(a): return a.upper() + "'" + '"'
        def moved2(a, b): return f"{a} {b}"
        def moved3(a): return "x" "y" + a
        def moved4(a, b): return a % b
        def main(d):
            print(moved("a" "b"), moved2(d["k"], 1), moved3("z" "w"), moved4("%s" "%s", (1, 2)))
            print(f"{moved2(1, 2)}")
            return moved2(len(d), -1), moved2("x", 2)
        print(main({"k": 1}))
        """,
    ),
    "number attr": (
        1,
        """
        def moved(a): return a.bit_length() + a.real
        def moved1(a): return -a
        print(moved(5), moved(-5), moved1(-5), moved1(5) ** 2, moved(1 + 2))
        """,
    ),
    "chain compare": (
        1,
        """
        def moved(a, b, c): return a < b < c
        def say(x):
            print(x); return x
        def main():
            r = moved(say(1), say(2), say(3))
            q = moved(say(3), say(2), say(1))
            return r, q
        print(main(), moved(1, 2, 3))
        """,
    ),
    "attribute arg mutates": (
        2,
        """
        class A:
            n = 1
            def bump(self):
                self.n += 1
                return self.n
        def moved(x, y): return y + x
        def moved2(a, x): return a.bump() * 10 + x
        def main(a):
            p = moved(a.n, a.bump())
            q = moved2(a, a.n)
            return p, q
        print(main(A()))
        """,
    ),
    "assign target is arg": (
        1,
        """
        def moved(x):
            out = [1]
            out.append(x)
            return out
        def main(v):
            v = moved(v)
            w = moved([v])
            w = moved(len(w))
            return v, w
        print(main(1))
        """,
    ),
    "target read by nested": (
        1,
        """
        def moved(x):
            out = []
            for i in range(x):
                print(show_())
                out.append(i)
            return out
        def show_(): return CB[0]()
        CB = [lambda: 0]
        def main():
            y = "old"
            CB[0] = lambda: y
            y = moved(2)
            return y
        print(main())
        """,
    ),
    "global target": (
        1,
        """
        Y = "old"
        def show(): return Y
        def moved(x):
            out = []
            for i in range(x):
                print(show())
                out.append(i)
            return out
        def main():
            global Y
            Y = moved(2)
        main()
        print(Y)
        """,
    ),
    "eval order of receiver": (
        1,
        """
        class A:
            def __init__(self, n): self.n = n
            def moved(self, x): return x + self.n
        def get(n):
            print("get", n); return A(n)
        def say(x):
            print("say", x); return x
        def main():
            r = get(1).moved(say(2))
            return r, get(3).moved(4)
        print(main())
        """,
    ),
    "annassign": (
        1,
        """
        def moved(x):
            y = [x]
            return y
        def main(y):
            z: list[int] = moved(y)
            return z, y
        print(main(1))
        """,
    ),
    "doctest": (
        1,
        """
        def moved(x):
            '''
            >>> moved(1)
            2
            '''
            return x + 1
        print(moved(1))
        """,
    ),
    "nested def caller": (
        1,
        """
        def moved(x):
            t = x * 2
            return t
        def main(t):
            def inner(k):
                v = moved(k)
                return v + t
            return inner(3)
        print(main(1))
        """,
    ),
    "comprehension over args": (
        1,
        """
        def moved(xs, f): return [f(x) for x in xs if x]
        def moved2(x, xs): return {i: x for i in xs}
        def main(i):
            print(moved([1, 0, 2], lambda v: v + i), moved2(i, [1]), moved2(x=i + 1, xs=(i, 2)))
            return [moved2(i, [i]) for i in (5, 6)]
        print(main(3))
        """,
    ),
}

KEPT = {
    "guard": (
        "returns",
        """
        def moved(x):
            if not x:
                return
            print(x)
        def main(a):
            moved(a)
            print("after")
        main(1); main(0)
        """,
    ),
    "lambda late": (
        "order",
        """
        def moved(x): return lambda: x
        def main():
            fs = []
            for i in range(3):
                fs.append(moved(i))
            print([f() for f in fs])
        main()
        """,
    ),
    "gen late": (
        "order",
        """
        def moved(xs, k): return (x + k for x in xs)
        def main():
            gs = []
            for i in range(3):
                gs.append(moved([1], i))
            print([list(g) for g in gs])
        main()
        """,
    ),
    "unbound local": (
        "unbound",
        """
        def moved(c):
            if c:
                r = 1
            return r
        def main():
            for c in (1, 0):
                try:
                    x = moved(c)
                    print(x)
                except UnboundLocalError:
                    print("unbound")
        main()
        """,
    ),
    "fstring": (
        "order",
        """
        def moved(a, b): return f"{a}-{b!r:>5}"
        def main(x):
            print(moved("q", x), moved(x["k"], 1), moved(x, {1: 2}))
            print(f"<{moved('w', 3)}>")
            return f"{moved(x, x)=}"
        print(main({"k": 2}))
        """,
    ),
    "if elif while": (
        "order",
        """
        def moved(n):
            k = n - 1
            return k > 0
        def main(n):
            if moved(n): print("a")
            if n == 100: pass
            elif moved(n): print("b")
            while moved(n): n -= 1
            for i in range(moved(3)): print(i)
            with open("f.txt", "w") as f, open("g.txt", "w"): f.write("x")
            assert moved(4)
            return n
        print(main(4))
        """,
    ),
    "before the call": (
        "order",
        """
        class A:
            v = 1
            def moved(self):
                A.v = 5
                x = 3
                return x
        def main(a):
            print(a.v, a.moved())
            print(a.v + a.moved())
            a.q = a.moved()
            d = {}
            d[a.v] = a.moved()
            print(d, a.q)
        main(A())
        """,
    ),
    "name in class": (
        "name taken",
        """
        x = "module"
        def moved(): return x
        class A:
            x = "class"
            y = moved()
            z = [moved() for _ in "a"]
        def main():
            x = "local"
            return moved(), x
        print(A.y, A.z, main())
        """,
    ),
    "builtin shadow": (
        "name taken",
        """
        def moved(v): return len(v)
        def main(len): return moved(len)
        def main2():
            list = [1, 2]
            return moved(list)
        print(main("abc"), main2())
        """,
    ),
    "mutable default": (
        "default",
        """
        def moved(a, c=[]):
            c.append(a)
            return c
        def main():
            print(moved(1), moved(2))
        main()
        """,
    ),
    "loop closure": (
        "closure",
        """
        def moved(k):
            t = k + 1
            return lambda: t
        def main():
            return [f() for f in [moved(i) for i in range(3)]]
        print(main())
        """,
    ),
    "try finally": (
        "shared line",
        """
        def moved(x):
            try:
                return 10 // x
            except ZeroDivisionError as error:
                return str(error)
            finally:
                print("fin")
        def main(error):
            if error: return moved(error)
            return moved(0)
        print(main(2), main(0))
        """,
    ),
    "nested call": (
        "order",
        """
        def say(x):
            print(x); return x
        def moved(a, b):
            t = a + b
            return t
        def main():
            x = moved(moved(say(1), say(2)), say(3))
            return x
        print(main())
        """,
    ),
    "private mangled": (
        "private",
        """
        class A:
            def __init__(self): self.__v = 3
            def moved(self): return self.__v
            def __moved(self): return self.__v + 1
            def go(self): return self.moved(), self.__moved()
        print(A().go(), A().moved())
        """,
    ),
    "super": (
        "not of the form",
        """
        class B:
            def f(self): return "B"
        class A(B):
            def moved(self): return super().f()
            def f(self): return "A" + self.moved()
        print(A().f())
        """,
    ),
    "none receiver": (
        "order",
        """
        class A:
            def moved(self, x): return 1
        def get(n): return A() if n else None
        def say():
            print("said"); return 1
        for n in (1, 0):
            try: print(get(n).moved(say()))
            except AttributeError: print("attr")
        """,
    ),
    "star args": (
        "unpacked arguments",
        """
        def moved(*a, **k): return a, k
        def moved2(a, *b): return a, b
        print(moved(1, 2, x=3), moved2(1, 2))
        """,
    ),
    "module level": (
        "used as a value",
        """
        import sys
        def moved(x):
            print("m", x)
            if x:
                print("y")
        def moved2(x):
            q = x + 1
            print(q)
        moved(sys.argv[1:])
        moved2(4)
        print("q" in globals())
        """,
    ),
    "semicolon": (
        "shared line",
        """
        def moved(x):
            y = x + 1; y += 2
            return y
        def moved2(x): y = x; print(y)
        def main(a):
            b = moved(a); print(b)
            if a: c = moved(a)
            moved2(b)
            for i in range(2): moved2(i)
        main(1)
        """,
    ),
    "early return in loop with finally": (
        "shared line",
        """
        def moved(xs):
            for x in xs:
                try:
                    if x > 1: return x
                    continue
                finally:
                    print("f", x)
            else:
                print("else")
        def main(xs):
            for x in range(2):
                try:
                    if x: return moved(xs)
                finally:
                    print("outer")
        print(main([1, 2, 3]), main([0]))
        """,
    ),
    "raises always": (
        "shared line",
        """
        def moved(x):
            y = str(x)
            raise ValueError(y)
        def main(x):
            if x: moved(x)
            try:
                moved(1)
            except ValueError as e:
                print(e)
            return moved(2)
        try: main(0)
        except ValueError as e: print(e)
        """,
    ),
    "raises always used": (
        "returns",
        """
        def moved(x):
            y = str(x)
            raise ValueError(y)
        def main(x):
            try:
                z = moved(1)
            except ValueError as e:
                print(e)
        main(0)
        """,
    ),
    "del file": (
        "held",
        """
        def moved(p):
            f = open(p, "w")
            f.write("x")
        def main():
            moved("a.txt")
            print(repr(open("a.txt").read()))
        main()
        """,
    ),
    "conditional def": (
        "used as a value",
        """
        import sys
        if len(sys.argv) > 5:
            def moved(x): return x
        else:
            def moved(x): return x + 1
        print(moved(2))
        """,
    ),
    "aug": (
        "order",
        """
        def moved(x):
            t = x + 1
            return t
        def main(a):
            a += moved(a)
            b = [1, 2]
            b[0] += moved(a)
            return a, b
        print(main(3))
        """,
    ),
    "override": (
        "overridden",
        """
        class A:
            def moved(self): return 1
        class B(A):
            def moved(self): return 2
        class C(A): pass
        def main(x): return x.moved()
        print(main(A()), main(B()), main(C()))
        """,
    ),
    "instance attr": (
        "shared call",
        """
        class A:
            def moved(self): return 1
        def main(a): return a.moved()
        a = A()
        a.moved = lambda: 5
        print(main(a), main(A()))
        """,
    ),
    "monkey": (
        "used as a value",
        """
        # app.py
        import lib
        lib.moved = lambda x: 9
        print(lib.main())
        # lib.py
        def moved(x): return x
        def main(): return moved(1)
        """,
    ),
    "star": (
        "name taken",
        """
        # app.py
        from lib import *
        from lib2 import *
        print(moved(2))
        # lib.py
        def moved(x): return g(x)
        def g(x): return x
        # lib2.py
        def g(x): return "other"
        """,
    ),
    "local import": (
        "local import",
        """
        # app.py
        def main():
            from lib import moved
            return moved(2)
        print(main())
        # lib.py
        def moved(x): return x + 1
        """,
    ),
    "try import": (
        "conditional import",
        """
        # app.py
        try:
            from lib import moved
        except ImportError:
            moved = None
        print(moved(2))
        # lib.py
        def moved(x): return x + 1
        """,
    ),
    "name taken in the caller": (
        "name taken",
        """
        # app.py
        from lib import moved
        K = 100
        print(moved(2), K)
        # lib.py
        K = 1
        def moved(x): return x + K
        """,
    ),
    "local shadows free": (
        "name taken",
        """
        K = 1
        def moved(x): return x + K
        def main(K):
            return moved(K)
        print(main(5))
        """,
    ),
    "async gather": (
        "not awaited",
        """
        import asyncio
        async def moved(x):
            await asyncio.sleep(0)
            return x
        async def main():
            return await asyncio.gather(moved(1), moved(2))
        print(asyncio.run(main()))
        """,
    ),
    "raises before arg": (
        "shared line",
        """
        def moved(d, v): return d["missing"] + v
        def say(x):
            print("said", x); return x
        def main():
            try: return moved({}, say(1))
            except KeyError: return "k"
        print(main())
        """,
    ),
    "class attr bound fn": (
        "used as a value",
        """
        def moved(x): return x + 1
        class A:
            f = moved
            def g(self): return moved(3)
        print(A().g())
        """,
    ),
    "exec context": (
        "order",
        """
        def moved(x):
            y = x + 1
            return y
        def main(x):
            z = moved(x)
            return sorted(locals())
        print(main(1))
        """,
    ),
    "with statement hoist": (
        "order",
        """
        import contextlib
        def moved(x):
            y = x + 1
            return contextlib.nullcontext(y)
        def main(x):
            with moved(x) as k, moved(k) as j:
                print(k, j)
            with moved(x) as q:
                print(q)
        main(1)
        """,
    ),
}
