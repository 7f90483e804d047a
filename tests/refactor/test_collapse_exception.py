"""Exception classes that nothing tells from their base."""

from __future__ import annotations

from pathlib import Path

import pytest

from debloat.model import Applicability
from tests.refactor.programs import files, fixed, output

ERRORS = """
# errors.py
class ShopError(Exception):
    pass


class PriceError(ShopError):
    pass
"""

GONE = {
    "in other modules": """
        # app.py
        import errors
        from errors import PriceError as Wrong, ShopError
        def price(item):
            if item: raise errors.PriceError("none")  # a PriceError
            raise Wrong(f"PriceErrors: {item}") from None
        for item in (0, 1):
            try: price(item)
            except ShopError as error: print(error)
        """,
    "in an annotation, with an heir": """
        # app.py
        from errors import PriceError, ShopError
        class LowError(PriceError):
            low = 3
        def made(text) -> PriceError: return PriceError(text)
        for one in (made("a"), LowError()):
            try: raise one
            except LowError as error: print(error.low)
            except ShopError as error: print(error)
        """,
    "a builtin": """
        # own.py
        from errors import ShopError
        __all__ = ["PriceError", "price"]
        class PriceError(ValueError):
            '''A price that is none.'''
        def price(text):
            if not text: raise PriceError("empty")
            return text
        # app.py
        from errors import ShopError
        from own import PriceError, price
        def check(n):
            if n > 1: raise PriceError("too much")
        for done in (price, check):
            try: print(done("") if done is price else done(2))
            except (ShopError, ValueError) as error: print(error)
        """,
    "a file of its own": """
        # bad.py
        class PriceError(KeyError):
            pass
        # app.py
        from bad import PriceError
        try: raise PriceError("a")
        except LookupError as error: print(error)
        """,
}

KEPT = {
    "caught": "try: price()\nexcept (KeyError, PriceError): print('none')",
    "asked for": "try: price()\nexcept ShopError as error: print(isinstance(error, PriceError))",
    "shown by its class": "try: price()\nexcept ShopError as error: print(type(error).__name__)",
    "shown by another function": """
def shown(error): return error.__class__.__name__
try: price()
except Exception as error: print(shown(error))""",
    "raised bare": "try:\n    raise PriceError\nexcept ShopError: print('none')",
    "suppressed": "import contextlib\nwith contextlib.suppress(PriceError): price()",
    "in a table": "TABLE = {PriceError: 404}\ntry: price()\nexcept Exception as error: print(TABLE.get(ShopError))",
    "by a string": "import errors\ntry: price()\nexcept getattr(errors, 'PriceError') as error: print(error)",
    "by its attribute": "print(PriceError.__name__)\ntry: price()\nexcept ShopError: print(1)",
}


@pytest.mark.parametrize("name", GONE)
def test_the_base_does_as_well(name: str, tmp_path: Path) -> None:
    before = files(ERRORS) | files(GONE[name])
    result, _ = fixed(before, tmp_path / "fixed", "indistinct-exception", lowest=Applicability.UNSAFE)
    kept = {"app.py", "own.py"} if name in ("a builtin", "a file of its own") else {*result}
    left = [text for path, text in result.items() if path in kept]
    assert not any("class PriceError" in text or "raise PriceError" in text for text in left), result
    assert "import PriceError" not in "".join(left)
    assert output(result, tmp_path / "after") == output(before, tmp_path / "before")


@pytest.mark.parametrize("name", KEPT)
def test_one_that_somebody_tells_apart_stays(name: str, tmp_path: Path) -> None:
    start = "from errors import PriceError, ShopError\ndef price(): raise PriceError('no price')\n"
    before = files(ERRORS) | {"app.py": start + KEPT[name] + "\n"}
    result, _ = fixed(before, tmp_path / "fixed", "indistinct-exception", lowest=Applicability.UNSAFE)
    assert result == before
    output(before, tmp_path / "before")
