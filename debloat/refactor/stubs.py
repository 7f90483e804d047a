"""Stubs beside modules: what they declare must not change without them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from debloat.model import Fix
from debloat.refactor.check import apply
from debloat.refactor.source import source

if TYPE_CHECKING:
    from debloat.program import Program


def declared(program: Program, fix: Fix) -> str | None:
    """A stub that declares something that a fix changes the face of or takes away; None if there is none."""
    for path in sorted({edit.span.path for edit in fix.edits} | set(fix.removed)):
        stub = Path(path).with_suffix(".pyi").as_posix()
        if not (program.root / stub).is_file():
            continue
        if path in fix.removed:
            return stub
        old = source(program, path)
        new = apply(old.text, [edit for edit in fix.edits if edit.span.path == path])
        before, after = (dict(_faces(tree, "")) for tree in (old.tree, ast.parse(new)))
        changed = {name.rpartition(".")[2] for name in before if before[name] != after.get(name)}
        if changed.intersection(re.findall(r"\w+", (program.root / stub).read_text("utf-8", "replace"))):
            return stub
    return None


def _faces(node: ast.AST, prefix: str) -> Iterator[tuple[str, str]]:
    """What a module and its classes define, by dotted name, each with all that a stub may say of it."""
    for child in ast.iter_child_nodes(node):
        match child:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                decorators = [ast.dump(decorator) for decorator in child.decorator_list]
                yield (
                    prefix + name,
                    f"{type(child)} {ast.dump(child.args)} {child.returns and ast.dump(child.returns)} {decorators}",
                )
            case ast.ClassDef(name=name):
                yield (
                    prefix + name,
                    f"{[ast.dump(part) for part in (*child.bases, *child.keywords, *child.decorator_list)]}",
                )
                yield from _faces(child, f"{prefix}{name}.")
            case ast.Assign() | ast.AnnAssign() | ast.Import() | ast.ImportFrom():
                for name in _names(child):
                    yield prefix + name, "a name"
            case ast.stmt():
                yield from _faces(child, prefix)


def _names(statement: ast.stmt) -> Iterator[str]:
    for node in ast.walk(statement):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.alias):
            yield node.asname or node.name
