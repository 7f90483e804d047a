"""A rule's page is read from its docstring and shown to people."""

from __future__ import annotations

from debloat.model import Applicability, Rule
from debloat.page import markdown, parse, table

DOC = """A thing that is not needed.

## What it finds

Needless things.

## Bloated

```python app/price.py
x = 1  # !
```

```toml pyproject.toml
[project]
```

## Kept: it is needed

Because.

```python
x = 1
```
"""


def test_sections_hold_prose_and_the_files_of_their_example() -> None:
    page = parse(DOC)
    assert page.summary == "A thing that is not needed."
    assert [section.heading for section in page.sections] == ["What it finds", "Bloated", "Kept: it is needed"]
    assert page.sections[0].prose == "Needless things."
    assert page.sections[1].files == (("app/price.py", "x = 1  # !\n"), ("pyproject.toml", "[project]\n"))
    assert page.sections[2].prose == "Because."
    assert page.sections[2].files == (("app.py", "x = 1\n"),)


def test_a_reader_sees_paths_and_no_marks() -> None:
    text = markdown("needless", parse(DOC))
    assert text.startswith("# needless\n\nA thing that is not needed.\n\n## What it finds\n\nNeedless things.\n")
    assert "`app/price.py`\n\n```py\nx = 1\n```\n" in text
    assert "# !" not in text


def test_the_table_is_aligned_markdown() -> None:
    rule = Rule("needless", "residue", DOC, Applicability.SAFE, lambda program: iter(()))
    assert table([rule]) == (
        "| Rule     | Family  | Best tier | What it finds               |\n"
        "| -------- | ------- | --------- | --------------------------- |\n"
        "| needless | residue | safe      | A thing that is not needed. |\n"
    )
