"""Which lines a keeping comment speaks for, and what it says."""

from __future__ import annotations

import pytest

from debloat.suppress import Suppression, suppressions


def only(text: str) -> Suppression:
    (keep,) = suppressions(text)
    return keep


def test_a_comment_says_what_it_keeps_and_why() -> None:
    keep = only("x = 1\nä = f(2)  # debloat: keep[dead-symbol, pass-through] called by name, see #12  # noqa: E501\n")
    assert (keep.line, keep.column, keep.file_wide) == (2, 11, False)
    assert keep.rules == ("dead-symbol", "pass-through")
    assert keep.reason == "called by name, see #12"


@pytest.mark.parametrize("comment", ["# debloat: keep[r]", "# debloat: keep[r]   # noqa", "#debloat:keep [ r ]"])
def test_a_missing_reason_is_empty(comment: str) -> None:
    keep = only(f"x = 1  {comment}\n")
    assert (keep.rules, keep.reason) == (("r",), "")


def test_missing_brackets_name_the_empty_rule() -> None:
    assert only("x = 1  # debloat: keep the caller needs it\n").rules == ("",)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("x = 1\ny = 2  # KEEP\n", [2]),
        ("x = 1\n# KEEP\n\ny = 2\nz = 3\n", [4]),
        ("call(\n    1,  # KEEP\n)\n", [1, 2, 3]),
        ("if x:  # KEEP\n    y = 1\n", [1]),
        ("if x:\n    # KEEP\n    y = 1\n", [3]),
        ("@first\n@second  # KEEP\nasync def f(\n    a,\n):\n    pass\n", [1, 2, 3, 4, 5]),
        ("@first\ndef f(\n    a,  # KEEP\n):\n    pass\n", [1, 2, 3, 4]),
        ("# KEEP\n@first\nclass C:\n    x = 1\n", [2, 3]),
        ("def f(): pass  # KEEP\n\ndef g(): pass\n", [1]),
        ("x = 1\n# KEEP\n", []),
        ("# KEEP", []),
        ("x = 1\r\ny = '''\r\n'''  # KEEP\r\n", [2, 3]),
        ("x = 1\ry = 2  # KEEP\r", [2]),
        ("x = 1\n\f\ny = '\x85\u2028'  # KEEP\n", [3]),
    ],
)
def test_the_lines_it_speaks_for(text: str, lines: list[int]) -> None:
    keep = only(text.replace("KEEP", "debloat: keep[r] why"))
    assert list(keep.target_lines) == lines


def test_a_whole_file() -> None:
    assert only("# debloat: keep-file[r] generated\nx = 1\n").file_wide


def test_strings_and_other_comments_do_not_count() -> None:
    assert not suppressions("x = '# debloat: keep[r] why'\n'''\n# debloat: keep[r] why\n'''\n# debloat: keeper\n")


def test_what_follows_broken_code_is_not_read() -> None:
    first = "x = 1  # debloat: keep[r] why\n"
    assert [keep.line for keep in suppressions(first + "if x:\n  y\n z\n" + first)] == [1]
    assert [keep.line for keep in suppressions(first + "call((\n")] == [1]
