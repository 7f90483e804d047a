"""Async functions that never wait become plain ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from debloat.model import Applicability
from tests.refactor.programs import files, fixed, output

MADE = {
    "up to the loop": """
        # store.py
        async def load(key):
            return key * 2
        async def both(a, b):
            return (await load(a), [await load(one) for one in b])
        # app.py
        import asyncio, sys
        import store
        from store import load as fetch
        async def main(words):
            if await fetch(1) == 2 and not await fetch(0):
                print(-await fetch(3), await (fetch(4)), (await fetch("x")).upper())
            print(await store.both(words, words))
            return await fetch(
                5  # five
            )
        print(asyncio.run(main(sys.argv[1:])))
        """,
    "methods": """
        # app.py
        import asyncio, sys
        class Base:
            def __init__(self, words): self.words = words
            @classmethod
            async def make(cls, words): return cls(words)
            @staticmethod
            async def twice(n): return n * 2
            async def size(self): return len(self.words)
        async def main(words):
            base = await Base.make(words)
            print(await base.size() + await Base.twice(3))
        asyncio.run(main(sys.argv))
        """,
}

KEPT = {
    "kept for later": """
        # app.py
        import asyncio
        async def load(): return 1
        async def main():
            later = load()
            print(await later)
        asyncio.run(main())
        """,
    "a task": """
        # app.py
        import asyncio
        async def load(): return 1
        async def main(): print(await asyncio.create_task(load()))
        asyncio.run(main())
        """,
    "a value": """
        # app.py
        import asyncio
        async def load(): return 1
        async def main(): print(await load(), [await one() for one in (load,)])
        asyncio.run(main())
        """,
    "one of two": """
        # app.py
        import asyncio, sys
        async def load(): return 1
        async def wait(): return await asyncio.sleep(0)
        async def main():
            chosen = load if sys.argv else wait
            print(await chosen(), await load())
        asyncio.run(main())
        """,
    "like another": """
        # app.py
        import asyncio
        class One:
            async def load(self): return 1
        class Other:
            async def load(self): return await asyncio.sleep(0)
        async def main():
            for one in (One(), Other()): print(await one.load())
        asyncio.run(main())
        """,
    "a loop, a context and a comprehension": """
        # app.py
        import asyncio
        from contextlib import asynccontextmanager
        @asynccontextmanager
        async def opened(): yield 1
        async def rows():
            yield 1
        async def loop():
            async for row in rows(): return row
        async def context():
            async with opened() as one: return one
        async def each(): return [[row async for row in rows()] for _ in "ab"]
        async def main(): print(await loop(), await context(), await each())
        asyncio.run(main())
        """,
    "in a generator": """
        # app.py
        import asyncio
        async def load(n): return n
        async def main(): print([one async for one in (await load(n) for n in (1, 2))])
        asyncio.run(main())
        """,
    "asked for its loop": """
        # app.py
        import asyncio
        async def main(): print(asyncio.get_running_loop().is_running())
        asyncio.run(main())
        """,
    "patched": """
        # app.py
        import asyncio
        from unittest.mock import AsyncMock, patch
        async def load(): return 1
        async def main(): print(await load())
        with patch("__main__.load", AsyncMock(return_value=2)): asyncio.run(main())
        """,
    "replaced": """
        # app.py
        import asyncio
        import app as own
        async def load(): return 1
        async def fake(): return await asyncio.sleep(0, 2)
        async def main(): print(await load())
        if __name__ == "__main__":
            own.load = fake
            asyncio.run(own.main())
        """,
    "decorated": """
        # app.py
        import asyncio, functools
        def logged(function):
            @functools.wraps(function)
            async def wrapper(*args): return await function(*args)
            return wrapper
        @logged
        async def load(): return 1
        async def main(): print(await load())
        asyncio.run(main())
        """,
    "a library's": """
        # app.py
        import asyncio
        class Echo(asyncio.Queue):
            async def get(self): return 1
        async def main(): print(await Echo().get())
        asyncio.run(main())
        """,
    "async like its protocol": """
        # app.py
        import asyncio
        from typing import Protocol
        class Loads(Protocol):
            async def load(self) -> int: ...
        class One:
            async def load(self) -> int: return 1
        async def show(one: Loads): print(await one.load())
        asyncio.run(show(One()))
        """,
}


@pytest.mark.parametrize("name", MADE)
def test_a_plain_function_does_the_same(name: str, tmp_path: Path) -> None:
    before = files(MADE[name])
    result, _ = fixed(before, tmp_path / "fixed", "useless-async", lowest=Applicability.UNSAFE)
    assert not any(word in text for text in result.values() for word in ("async ", "await", "asyncio.run"))
    assert output(result, tmp_path / "after") == output(before, tmp_path / "before")


@pytest.mark.parametrize("name", KEPT)
def test_what_somebody_needs_as_a_coroutine_stays(name: str, tmp_path: Path) -> None:
    before = files(KEPT[name])
    result, _ = fixed(before, tmp_path / "fixed", "useless-async", lowest=Applicability.UNSAFE)
    assert result == before
    output(before, tmp_path / "before")
