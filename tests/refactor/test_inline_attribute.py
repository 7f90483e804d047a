"""Attributes that never vary give way to their value, and nothing else does."""

from __future__ import annotations

from pathlib import Path

import pytest

from debloat.model import Applicability
from tests.refactor.programs import files, fixed, output

RULE = "constant-attribute"

PAIRS = {
    "the value is imported where a subclass reads it": (
        """
        # base.py
        from clocks import now
        class Base:
            def __init__(self, name):
                self.name = name
                # what tells the time
                self.clock = now
        # clocks.py
        def now():
            return 3
        # app.py
        import sys
        from base import Base
        class Heir(Base):
            def show(self):
                print(self.name, self.clock(), [self.clock() for _ in "ab"])
        Heir(sys.argv[0] and "a").show()
        """,
        """
        # base.py
        class Base:
            def __init__(self, name):
                self.name = name
        # clocks.py
        def now():
            return 3
        # app.py
        import sys
        from base import Base
        from clocks import now
        class Heir(Base):
            def show(self):
                print(self.name, now(), [now() for _ in "ab"])
        Heir(sys.argv[0] and "a").show()
        """,
    ),
    "a handler of one exception names it": (
        """
        import sys
        class Box:
            def __init__(self, items):
                self.items = items
                self.caught = (ValueError,)
                self.others = (KeyError, IndexError)
            def first(self, caught=(TypeError,)):
                try:
                    return self.items[0]
                except(self.caught):
                    return 1
                except self.others as error:
                    return error
                except caught:
                    return isinstance(self.items, self.caught)
        print(Box(sys.argv).first(), Box([]).first(), Box(None).first())
        """,
        """
        import sys
        class Box:
            def __init__(self, items):
                self.items = items
            def first(self, caught=(TypeError,)):
                try:
                    return self.items[0]
                except(ValueError):
                    return 1
                except (KeyError, IndexError) as error:
                    return error
                except caught:
                    return isinstance(self.items, (ValueError,))
        print(Box(sys.argv).first(), Box([]).first(), Box(None).first())
        """,
    ),
    "what it decides is folded, and a number keeps its meaning": (
        """
        import sys
        class Box:
            def __init__(self, items):
                self.items = items
                self.least = -1
                self.limit: int | None = None
            def size(self):
                if self.limit is not None and len(self.items) > self.limit:
                    return self.limit
                return self.least ** 2 + (3 if not self.limit else 4)
        print(Box(sys.argv).size())
        """,
        """
        import sys
        class Box:
            def __init__(self, items):
                self.items = items
            def size(self):
                return (-1) ** 2 + 3
        print(Box(sys.argv).size())
        """,
    ),
}
LEFT = {
    "asked for by name": """
        import sys
        class Box:
            def __init__(self):
                self.mark = 1
            def show(self):
                print(self.mark, hasattr(self, "mark"), getattr(self, sys.argv[0], 2))
        Box().show()
        """,
    "all of it is shown": """
        class Box:
            def __init__(self):
                self.mark = 1
            def show(self):
                print(self.mark, vars(self))
        Box().show()
        """,
    "deleted": """
        class Box:
            def __init__(self):
                self.mark = 1
            def show(self):
                print(self.mark)
                del self.mark
        Box().show()
        """,
    "only set at times": """
        import sys
        class Box:
            def __init__(self):
                if len(sys.argv) > 5:
                    self.mark = 1
            def show(self):
                try:
                    print(self.mark)
                except AttributeError:
                    print("none")
        Box().show()
        """,
    "matched": """
        class Box:
            def __init__(self):
                self.mark = 1
            def show(self):
                match self:
                    case Box(mark=1):
                        print(self.mark)
        Box().show()
        """,
    "set by a loop or with others": """
        class Box:
            def __init__(self):
                self.mark, self.other = 1, 2
                for self.last in (3, 4):
                    pass
            def show(self):
                print(self.mark, self.other, self.last)
        Box().show()
        """,
    "read from one of two classes": """
        import sys
        class Box:
            def __init__(self):
                self.mark = 1
        class Bag:
            mark = 2
        box = Box() if len(sys.argv) > 5 else Bag()
        print(box.mark)
        """,
    "set through an unknown name": """
        import sys
        class Box:
            def __init__(self):
                self.mark = 1
            def show(self):
                print(self.mark)
        box = Box()
        for name in ("mark", *sys.argv[5:]):
            setattr(box, name, 2)
        box.show()
        """,
    "its name is taken where it is read": """
        import sys
        def now():
            return 1
        class Box:
            def __init__(self):
                self.clock = now
            def show(self, now):
                print(self.clock(), now)
        Box().show(len(sys.argv))
        """,
}


@pytest.mark.parametrize("case", PAIRS)
def test_the_value_takes_the_place_of_the_attribute(case: str, tmp_path: Path) -> None:
    before, after = map(files, PAIRS[case])
    changed, _ = fixed(before, tmp_path / "fixed", RULE, lowest=Applicability.UNSAFE)
    assert changed == after
    assert output(before, tmp_path / "before") == output(changed, tmp_path / "after")


@pytest.mark.parametrize("case", LEFT)
def test_what_may_vary_is_left(case: str, tmp_path: Path) -> None:
    before = files(LEFT[case])
    assert fixed(before, tmp_path, RULE, lowest=Applicability.UNSAFE)[0] == before
