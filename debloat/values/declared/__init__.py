"""What frameworks surely give to functions that they call, by what the program declares to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from debloat.values.declared import click, pytest
from debloat.values.domain import Value

if TYPE_CHECKING:
    from debloat.values.analysis import Values


def given(values: Values, scope: int, position: int) -> Value:
    """What a parameter of a function gets from the framework that calls it; nothing where that is not known."""
    return pytest.given(values, scope, position) or click.given(values, scope, position)
