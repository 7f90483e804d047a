"""Patterns in gitignore syntax."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from debloat.tree import Tree

Globs = tuple[tuple[bool, re.Pattern[str]], ...]


class Layer(NamedTuple):
    """Globs that start at one folder: ``prefix`` leads to the project from there, ``cut`` from the project to there."""

    globs: Globs
    prefix: str = ""
    cut: int = 0

    def verdict(self, path: str) -> bool | None:
        """Whether the globs name ``path`` (relative to the project, a folder with ``/`` behind it); None: no word."""
        target = self.prefix + path[self.cut :]
        return next((include for include, regex in self.globs if regex.match(target)), None)


def compile_globs(lines: Sequence[str]) -> Globs:
    """Compile lines of a .gitignore, the deciding one (the last) first. As in git, a malformed line says nothing."""
    if not lines:
        return ()
    # Imported here: 20 ms that projects without any pattern do not pay.
    from pathspec.patterns.gitignore.base import GitIgnorePatternError
    from pathspec.patterns.gitignore.spec import GitIgnoreSpecPattern

    globs = []
    for line in lines:
        try:
            pattern = GitIgnoreSpecPattern(line)
        except GitIgnorePatternError:
            continue
        if pattern.include is not None and pattern.regex is not None:
            globs.append((pattern.include, pattern.regex))
    return tuple(reversed(globs))


def read_ignore(tree: Tree, path: str) -> Globs:
    """Return the globs of a .gitignore; a file that cannot be read has none, as in git."""
    try:
        data = tree.read(path)
    except OSError:
        return ()
    return compile_globs(data.decode(errors="replace").split("\n"))


def ignores_above(root: Path) -> tuple[Layer, ...]:
    """Return what the .gitignore files between ``root`` and the top of its checkout say, the nearest first."""
    layers = []
    for folder in (root, *root.parents):
        if folder != root and (folder / ".gitignore").is_file():
            prefix = root.relative_to(folder).as_posix() + "/"
            layers.append(Layer(read_ignore(Tree(folder, {}), ".gitignore"), prefix))
        if (folder / ".git").exists():
            return tuple(layers)
    return ()
