"""Classes that are made for one call of a method which has helpers."""

from __future__ import annotations

from pathlib import Path

import pytest

from debloat.model import Applicability
from tests.refactor.programs import files, fixed, output

MADE = {
    "helpers of helpers, recursion, defaults, closures, many places": (
        '''
        # app.py
        import sys
        from walk import Walker
        def main():
            tree = {"a": {"b": {}}, "c": {}}
            print(Walker("/").walk(tree))
            walker = Walker(sep=".")
            print(walker.walk({"d": tree}, depth=len(sys.argv)))
        main()
        # walk.py
        class Walker:
            """Walks trees."""

            def __init__(self, sep):
                self._sep = str(sep)

            def walk(self, tree, depth=9):
                """Walk."""
                found = []
                self._into(tree, found, "", depth=depth)
                names = sorted(found, key=lambda name: self._rank(name))
                return [name for name in names if self._is_long(name)]

            def _into(self, tree, found, name, *, depth):
                # deeper and deeper
                for key, below in tree.items():
                    path = self._joined(
                        name,
                        key,
                    )
                    found.append(path)
                    if depth:
                        self._into(below, found, path, depth=depth - 1)

            def _joined(self, *names):
                return self._sep.join(filter(None, names))

            def _rank(self, name):
                return (name.count(self._sep), name)

            def _is_long(self, name, least=1):
                return len(name) > least

        after = 1
        ''',
        '''
        # app.py
        import sys
        from walk import walk
        def main():
            tree = {"a": {"b": {}}, "c": {}}
            print(walk("/", tree))
            print(walk(sep=".", tree={"d": tree}, depth=len(sys.argv)))
        main()
        # walk.py
        def walk(sep, tree, depth=9):
            """Walk."""
            _sep = str(sep)
            found = []
            _into(_sep, tree, found, "", depth=depth)
            names = sorted(found, key=lambda name: _rank(_sep, name))
            return [name for name in names if _is_long(name)]


        def _into(_sep, tree, found, name, *, depth):
            # deeper and deeper
            for key, below in tree.items():
                path = _joined(
                    _sep, name,
                    key,
                )
                found.append(path)
                if depth:
                    _into(_sep, below, found, path, depth=depth - 1)


        def _joined(_sep, *names):
            return _sep.join(filter(None, names))


        def _rank(_sep, name):
            return (name.count(_sep), name)


        def _is_long(name, least=1):
            return len(name) > least

        after = 1
        ''',
    ),
    "a name that is taken": (
        """
        # app.py
        def _load(name): return name + "!"
        class FileReader:
            def __init__(self, names):
                self.names = names
            def read(self):
                return [self._load(name) for name in self.names]
            async def later(self): return self._load("x")
            def _load(self, name): return _load(name) + str(len(self.names))
        print(FileReader(["a", "b"]).read())
        """,
        """
        # app.py
        def _load(name): return name + "!"
        def read_file(names):
            return [_load_file(names, name) for name in names]


        async def later_file(names): return _load_file(names, "x")


        def _load_file(names, name): return _load(name) + str(len(names))
        print(read_file(["a", "b"]))
        """,
    ),
}


@pytest.mark.parametrize("name", MADE)
def test_they_become_functions(name: str, tmp_path: Path) -> None:
    before, after = map(files, MADE[name])
    result, _ = fixed(before, tmp_path / "fixed", "single-method-class", lowest=Applicability.UNSAFE)
    assert result == after
    assert output(before, tmp_path / "before") == output(result, tmp_path / "after")


HEAD = "class Job:\n    def __init__(self, size):\n        self.size = size\n"
KEPT = {
    "a helper sets an attribute": "    def run(self): return self._more(), self.size\n    def _more(self): self.size += 1",
    "the method sets one": "    def run(self):\n        self.size = 5\n        return self._more()\n    def _more(self): return self.size",
    "a helper is a value": "    def run(self): return list(map(self._more, 'ab'))\n    def _more(self, n): return n * self.size",
    "a helper hands the object on": "    def run(self): return self._more()\n    def _more(self): return id(self) > 0",
    "a helper has a use for the name": "    def run(self): return self._more(2)\n    def _more(self, size): return self.size * size",
    "a helper reads a global of the name": "    def run(self): return self._more()\n    def _more(self): return self.size, size",
    "others call a helper": "    def run(self): return self._more()\n    def _more(self): return self.size\nprint(Job(1)._more())",
    "a helper is private to the class": "    def run(self): return self.__more()\n    def __more(self): return self.size",
    "a helper is named by a string": "    def run(self): return getattr(self, '_m' + 'ore')() if self.size > 9 else self._more()\n    def _more(self): return self.size",
    "the constructor calls one": "        self._more()\n    def run(self): return self._more()\n    def _more(self): return self.size",
    "it keeps two things": "        self.name = 2\n    def run(self): return self._more(), self.name\n    def _more(self): return self.size",
    "a special method": "    def run(self): return self._more()\n    def _more(self): return self.size\n    def __len__(self): return 3",
}


@pytest.mark.parametrize("name", KEPT)
def test_they_stay(name: str, tmp_path: Path) -> None:
    before = files(f"size = 7\n{HEAD}{KEPT[name]}\nprint(Job(3).run())\n")
    assert fixed(before, tmp_path / "fixed", "single-method-class", lowest=Applicability.UNSAFE)[0] == before
    assert output(before, tmp_path / "before")
