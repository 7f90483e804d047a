"""What typeshed does not say of functions of the standard library: reviewed data (``library.toml``), read when first asked for."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple


class Entry(NamedTuple):
    """A function: what it raises, what it asks of its arguments, whether it has no effect, what it changes, that it ends.

    The meaning of each field stands at the head of the data. ``raises`` are dotted names, as the facts have them.
    """

    source: str
    raises: tuple[str, ...]
    asks: tuple[str, ...]
    pure: bool
    mutates: tuple[str, ...]
    ends: bool


@cache
def _entries() -> dict[str, Entry]:
    import tomllib
    from importlib.resources import files

    table = tomllib.loads(files("debloat.values").joinpath("library.toml").read_text(encoding="utf-8"))
    return {
        prefix + name: Entry(
            entry["source"],
            tuple(raised if "." in raised else f"<builtin>.{raised}" for raised in entry["raises"]),
            tuple(entry["asks"]),
            entry["pure"],
            tuple(entry["mutates"]),
            entry["ends"],
        )
        for entry in table["function"]
        for prefix in entry["of"]
        for name in entry["names"].split()
    }


def entry(dotted: str) -> Entry | None:
    """What is known of a function or method by its dotted name (``<builtin>.str.strip``)."""
    return _entries().get(dotted)
