"""Handlers that go, and what becomes of the rest of their ``try``."""

from __future__ import annotations

from pathlib import Path

import pytest

from debloat.model import Applicability
from tests.refactor.cases import dedented, fixed, printed

# Bodies of shown(item) before and after; int() raises ValueError and TypeError at most, so that KeyError never comes.
UNWRAPPED = {
    "else follows the body": (
        """
        # counts
        try:  # here
            n = int(item)
        except KeyError:
            n = 0
        # and on
        else:
            # one more
            n += 1
        return n
        """,
        """
        # counts
        n = int(item)
        # and on
        # one more
        n += 1
        return n
        """,
    ),
    "finally keeps the try": (
        """
        try:
            n = int(item)
        except KeyError as error:
            print(error)
        else:
            n += 1
        finally:
            print("done")
        return n
        """,
        """
        try:
            n = int(item)
            n += 1
        finally:
            print("done")
        return n
        """,
    ),
    "other handlers stay": (
        """
        try:
            n = int(item)
        except KeyError:
            n = 0
        except ValueError:
            n = 1
        else:
            n += 1
        return n
        """,
        """
        try:
            n = int(item)
        except ValueError:
            n = 1
        else:
            n += 1
        return n
        """,
    ),
    "all of several": (
        """
        try:
            n = int(item)
        except KeyError:
            n = 0
        except IndexError as error:
            raise error from None
        return n
        """,
        """
        n = int(item)
        return n
        """,
    ),
    "in a loop, and one in another": (
        """
        for n in range(3):
            try:
                try:
                    if int(item) is n:
                        continue
                except KeyError:
                    break
                m = n
            except IndexError:
                break
            else: print('''
        else''')
        """,
        """
        for n in range(3):
            if int(item) is n:
                continue
            m = n
            print('''
        else''')
        """,
    ),
    "on one line": (
        """
        try: n = int(item); m = n  # counts
        except KeyError: n = 0
        return n
        """,
        """
        n = int(item); m = n  # counts
        return n
        """,
    ),
    "one that only raises again": (
        """
        try:
            n = int(item)
        except ValueError:
            raise
        except TypeError:
            raise
        finally:
            print("done")
        return n
        """,
        """
        try:
            n = int(item)
        finally:
            print("done")
        return n
        """,
    ),
}  # fmt: skip


def program(body: str) -> str:
    lines = dedented(body).splitlines(keepends=True)
    return (
        "import sys\n\n\ndef shown(item):\n"
        + "".join(f"    {line}" if line.strip() else line for line in lines).rstrip()
        + "\n\n\nprint(shown('1'), shown(str(len(sys.argv))))\n"
    )


@pytest.mark.parametrize("name", UNWRAPPED)
def test_unwrapped(name: str, tmp_path: Path) -> None:
    before, after = map(program, UNWRAPPED[name])
    assert fixed(before, tmp_path, ["try-cannot-fire", "reraise-only"]) == after
    assert printed(before) == printed(after)


KEPT = {
    "a handler after it would catch": """
        try:
            return int(item)
        except ValueError:
            raise
        except Exception:
            return 0
        """,
    "groups": """
        try:
            return int(item)
        except* KeyError:
            pass
        """,
}


@pytest.mark.parametrize("name", KEPT)
def test_kept(name: str, tmp_path: Path) -> None:
    before = program(KEPT[name])
    assert fixed(before, tmp_path, ["try-cannot-fire", "reraise-only"]) == before


def test_a_variable_that_another_one_would_show_through_is_kept(tmp_path: Path) -> None:
    before = "n = 5\n\n\ndef shown(item):\n    try:\n        int(item)\n    except KeyError:\n        n = 0\n    return n\n\n\nprint(shown)\n"
    assert fixed(before, tmp_path, ["try-cannot-fire"]) == before


IMPORTS = """
try:
    import tomllib
except ImportError:
    tomllib = None

try:
    import msgpack
except ImportError:
    msgpack = None

print(tomllib, msgpack)
"""


def test_imports_of_the_standard_library_alone(tmp_path: Path) -> None:
    declared = '[project]\nname = "x"\nversion = "1"\nrequires-python = ">=3.11"\ndependencies = ["msgpack"]\n'
    (tmp_path / "pyproject.toml").write_text(declared)
    after = IMPORTS.replace("try:\n    import tomllib\nexcept ImportError:\n    tomllib = None", "import tomllib")
    assert fixed(IMPORTS, tmp_path, ["dead-import-fallback"], Applicability.SAFE) == after
