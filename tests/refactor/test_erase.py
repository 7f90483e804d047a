"""Loops over what is always empty and calls of what does nothing go, and nothing else changes."""

from __future__ import annotations

from pathlib import Path

import pytest

from debloat.model import Applicability
from tests.refactor.programs import files, fixed, output

KEPT = {
    "another name adds to it": """
        class A:
            def __init__(self):
                self.items = []
            def add(self):
                items = self.items
                items += [1]
            def show(self):
                for item in self.items:
                    print(item)
        a = A()
        a.add()
        a.show()
        """,
    "it is filled through a function, a method and a slice": """
        FIRST, SECOND, THIRD = [], [], set()
        def fill(items):
            items.append(1)
        fill(FIRST)
        SECOND[:] = [2]
        add = THIRD.add
        add(3)
        for item in FIRST:
            print(item)
        for item in SECOND:
            print(item)
        for item in THIRD:
            print(item)
        """,
    "what is looked up fills it": """
        from collections import defaultdict
        class A:
            def __init__(self):
                self.by_name = defaultdict(list)
                self.plain = {}
            def send(self, name):
                self.by_name[name]
                self.plain.setdefault(name, []).append(print)
                for name in self.by_name:
                    print(name)
                for listeners in self.plain.values():
                    for listener in listeners:
                        listener("x")
        A().send("a")
        NUMBERS = {}
        NUMBERS.setdefault("a", 1)
        for item in NUMBERS.items():
            print(item)
        """,
    "a stand-in, a replaced method, a callable object": """
        import sys
        class A:
            def before(self):
                pass
            def run(self):
                self.before()
        class B:
            def __call__(self):
                print("b")
        def nothing():
            pass
        a = A()
        a.before = lambda: print("replaced")
        a.run()
        for hook in (nothing, B()):
            hook()
        """,
    "an else, and what a generator would cease to be": """
        ITEMS = []
        def g():
            for item in ITEMS:
                yield item
        for item in ITEMS:
            print(item)
        else:
            print("none")
        print(list(g()))
        """,
    "a call that fails": """
        def nothing(x):
            pass
        try:
            nothing()
        except TypeError:
            print("fails")
        nothing(1)
        """,
}


KEPT["what a variable of the function has is filled"] = """
    class A:
        def __init__(self):
            self.items = []
            self.others = []
            self.more = []
        def show(self, others):
            items = self.items
            items.append(1)
            for item in items:
                print(item)
            others = others or self.others
            for item in others:
                print(item)
            if others:
                kept = self.more
                for item in kept:
                    print(item)
            self.more += [1]
    A().show([2])
    """


@pytest.mark.parametrize("name", KEPT)
def test_what_somebody_hears_stays(name: str, tmp_path: Path) -> None:
    before = files(KEPT[name])
    result, _ = fixed(before, tmp_path / "fixed", "no-subscriber", lowest=Applicability.UNSAFE)
    assert output(before, tmp_path / "before") == output(result, tmp_path / "after")
    for line in ("print(item)", "listener(", "hook()", "self.before()", "nothing()"):
        assert result["app.py"].count(line) == before["app.py"].count(line)


def test_a_manager_of_hooks_without_hooks_goes_with_all_its_calls(tmp_path: Path) -> None:
    before = files("""
        import sys
        START = "start"
        STOP = "stop"
        class Hooks:
            def __init__(self):
                self._hooks = {name: [] for name in (START, STOP)}
            def register(self, name, hook):
                self._hooks[name].append(hook)
            def trigger(self, name, **payload):
                '''Call all hooks of a name.'''
                for hook in self._hooks.get(name, []):
                    try:
                        hook(**payload)
                    except Exception as error:
                        print(error)
        class Runner:
            def __init__(self, hooks=None):
                self.hooks = hooks or Hooks()
            def run(self, path):
                self.hooks.trigger(START, path=path)
                print("runs")
                self.hooks.trigger(STOP, path=path, result=1)
        Runner().run(sys.argv)
        """)
    after, _ = fixed(before, tmp_path / "fixed", lowest=Applicability.UNSAFE)
    assert output(before, tmp_path / "before") == output(after, tmp_path / "after")
    assert "Hooks" not in after["app.py"]
    assert "START" not in after["app.py"]


def test_a_bus_to_which_nobody_listens_goes_though_it_takes_its_listeners_by_another_name(tmp_path: Path) -> None:
    before = files("""
        import sys
        class Bus:
            def __init__(self):
                self._listeners = {}
            def listen(self, name, listener):
                self._listeners.setdefault(name, []).append(listener)
            def publish(self, name, **payload):
                listeners = self._listeners.get(name, [])
                for listener in listeners:
                    listener(**payload)
        bus = Bus()
        def run(path):
            bus.publish("start", path=path)
            print("runs")
        run(sys.argv)
        """)
    after, _ = fixed(before, tmp_path / "fixed", lowest=Applicability.UNSAFE)
    assert output(before, tmp_path / "before") == output(after, tmp_path / "after")
    assert "Bus" not in after["app.py"]
    assert "publish" not in after["app.py"]
