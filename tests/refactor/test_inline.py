"""Functions whose returned call takes the place of their calls."""

from __future__ import annotations

from pathlib import Path

import pytest

from debloat.model import Applicability
from tests.refactor.programs import files, fixed, output

SHOWN = {
    "arguments that have effects keep their order": """
        import sys
        class Pair:
            def __init__(self, first, second): self.both = first, second
        def pair(first, second): return Pair(first, second)
        def said(x):
            print(x)
            return x
        print(pair(said(1), said(2)).both, pair(said(3), second=said(len(sys.argv))).both)
        """,
    "an argument that has the name of a parameter": """
        import sys
        class Pair:
            def __init__(self, first, second): self.both = first, second
        def pair(first, second): return Pair(first, second)
        second, first = 1, len(sys.argv)
        print(pair(second, first).both, pair(pair(first, second).both, second=second).both)
        """,
    "a default": """
        import sys
        class Pair:
            def __init__(self, first, second): self.both = first, second
        def pair(first, second=2): return Pair(first, second)
        print(pair(len(sys.argv)).both)
        """,
}

KEPT = {
    "order": """
        import sys
        class Pair:
            def __init__(self, first, second): self.both = first, second
        def pair(first, second): return Pair(first, second)
        def said(x):
            print(x)
            return x
        print(pair(second=said(1), first=said(2)).both, pair(said(3), said(len(sys.argv))).both)
        """,
    "rebound": """
        # app.py
        from pairs import pair, raised
        print(raised(), pair(1).both)
        # pairs.py
        LIMIT = 1
        class Pair:
            def __init__(self, first, second): self.both = first, second
        def raised():
            global LIMIT
            LIMIT += 1
            return LIMIT
        def pair(first): return Pair(LIMIT, first)
        """,
    "name taken": """
        import sys
        class Pair:
            def __init__(self, first): self.first = first
        def pair(first): return Pair(first)
        def main(Pair): return pair(Pair).first
        print(main(1), main(sys.argv))
        """,
}


@pytest.mark.parametrize("name", SHOWN)
def test_what_is_put_in_place_does_the_same(name: str, tmp_path: Path) -> None:
    before = files(SHOWN[name])
    result, _ = fixed(before, tmp_path / "fixed", "one-product-factory", lowest=Applicability.SAFE)
    assert "def pair" not in result["app.py"]
    assert output(result, tmp_path / "after") == output(before, tmp_path / "before")


@pytest.mark.parametrize("reason", KEPT)
def test_functions_stay(reason: str, tmp_path: Path) -> None:
    before = files(KEPT[reason])
    result, outcome = fixed(before, tmp_path, "one-product-factory", lowest=Applicability.UNSAFE)
    assert result == before
    assert reason.partition(":")[0] in outcome.refused


def test_lines_and_names_of_other_modules(tmp_path: Path) -> None:
    before = files(
        """
        # app.py
        import sys

        from shop.make import make


        def main(words):
            for word in words:
                print(
                    make(
                        word.split(),  # words
                        limit=3,
                    ).shown
                )
            return [make(make(words, limit=1).shown, limit=len(words))]


        print(main(sys.argv[1:])[0].shown)
        # shop/make.py
        from shop import models


        def make(parts, limit):
            return models.Cart(
                parts,
                limit=limit,
            )


        KEPT = models.Cart
        # shop/models.py
        class Cart:
            def __init__(self, items, limit): self.shown = list(items)[:limit]
        """
    )
    result, _ = fixed(before, tmp_path / "fixed", "one-product-factory", lowest=Applicability.UNSAFE)
    assert (
        result["app.py"]
        == files(
            """
        import sys

        from shop.models import Cart


        def main(words):
            for word in words:
                print(
                    Cart(
                        word.split(),  # words
                        limit=3,
                    ).shown
                )
            return [Cart(Cart(words, limit=1).shown, limit=len(words))]


        print(main(sys.argv[1:])[0].shown)
        """
        )["app.py"]
    )
    assert output(result, tmp_path / "after") == output(before, tmp_path / "before")
