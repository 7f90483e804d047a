"""The dotted names under which files are imported.

Which folders a program puts on ``sys.path`` is nowhere written down. The rule: the folder above the outermost
``__init__.py`` is the import root. Where there is no ``__init__.py`` (namespace packages, scripts), it is the nearest
of the configured ``src`` folders, a ``src`` folder and the folder with the build metadata; the first two count for
packages inside namespace packages too. Every other folder between this root and the project's may be the root as
well: the names that it gives are a file's aliases, the nearest first. A project that is itself a package, checked out
under that package's name, is imported by that name from the inside: this gives the last alias.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from functools import cache
from typing import NamedTuple


class Names(NamedTuple):
    """The name of a module, and all others it may be imported by."""

    module: str
    aliases: tuple[str, ...]


def module_names(
    paths: Sequence[str], packages: Collection[str], tops: Collection[str], parts: Collection[str], above: str
) -> list[Names]:
    """Name the files ``paths``; ``above`` is the dotted name of the project's folder where that is a package, else "".

    ``packages`` are the folders with an ``__init__``, ``tops`` the declared import roots, ``parts`` the folders with
    build metadata. No two files get one name, except a stub and its module. Files that would are all named from as far
    up as possible (``examples.a.app`` and ``examples.b.app``), and by their paths if even that is not enough; the name
    they share becomes an alias. What is no identifier keeps its spelling, so that no import can name it; a dot in it
    becomes a hyphen.
    """

    @cache
    def prefixes(folder: str) -> list[str]:
        """Return the dotted names of a folder: the right one, then the others from short to long."""
        steps = folder.split("/") if folder else []
        low = max((index for index, step in enumerate(steps, 1) if not step.isidentifier()), default=0)
        heads = ["/".join(steps[:index]) for index in range(len(steps) + 1)]
        high = len(steps)
        while high > low and heads[high] in packages:
            high -= 1
        chosen = next((index for index in range(high, low, -1) if heads[index] in tops or heads[index] in parts), low)
        if high < len(steps) and heads[chosen] not in tops:
            chosen = high
        order = [chosen, *(index for index in range(high, low - 1, -1) if index != chosen)]
        inside = [".".join([above, *steps])] if above and low == 0 else []
        return [".".join(steps[index:]) for index in order] + inside

    def candidates(path: str) -> list[str]:
        folder, _, name = path.rpartition("/")
        stem = name.rpartition(".")[0].replace(".", "-")
        if stem == "__init__":
            return [prefix for prefix in prefixes(folder) if prefix] or [stem]
        return [f"{prefix}.{stem}" if prefix else stem for prefix in prefixes(folder)]

    found = [candidates(path) for path in paths]
    chosen = [names[0] for names in found]
    stubs = [path.endswith(".pyi") for path in paths]
    for spare in [max(names, key=len) for names in found], [f"<{path}>" for path in paths]:
        uses = Counter(zip(chosen, stubs, strict=True))
        chosen = [
            name if uses[name, stub] == 1 else other for name, stub, other in zip(chosen, stubs, spare, strict=True)
        ]
    return [
        Names(name, tuple(alias for alias in names if alias != name)) for name, names in zip(chosen, found, strict=True)
    ]
