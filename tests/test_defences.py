"""The program of the table of defences is what it claims to be, and debloat finds what is redundant in it."""

from __future__ import annotations

import ast
import subprocess
import sys

import pytest

from tests.bench.defences import DEBLOAT, FIXTURES, VERSIONS, run, sites


class _Unannotated(ast.NodeTransformer):
    """Leaves of a module what it does when annotations and what only they need are gone."""

    def visit_arg(self, node: ast.arg) -> ast.arg:
        return ast.arg(node.arg)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.returns = None
        return self.generic_visit(node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST | None:
        return node.value and ast.Assign([node.target], node.value)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> ast.AST | None:
        return None if node.module in ("__future__", "typing") else node

    def visit_If(self, node: ast.If) -> ast.AST | None:
        return None if ast.unparse(node.test) == "TYPE_CHECKING" else self.generic_visit(node)


def test_the_versions_differ_in_annotations_alone() -> None:
    typed, untyped = (
        {
            path.relative_to(FIXTURES / version): ast.unparse(
                ast.fix_missing_locations(_Unannotated().visit(ast.parse(path.read_text())))
            )
            for path in (FIXTURES / version).rglob("*.py")
        }
        for version in VERSIONS
    )
    assert typed == untyped
    marks = [[(site.code, site.rule, site.reach) for site in sites(version)] for version in VERSIONS]
    assert marks[0] == marks[1]


def test_the_versions_run_and_print_the_same() -> None:
    outputs = [
        subprocess.run(
            [sys.executable, "-B", "-m", "depot"], cwd=FIXTURES / version, capture_output=True, text=True, check=True
        ).stdout
        for version in VERSIONS
    ]
    assert outputs[0] == outputs[1]
    assert "refused: order 5" in outputs[0]


def test_half_of_the_sites_need_another_module() -> None:
    reaches = [site.reach for site in sites("typed")]
    assert len(reaches) >= 24
    assert reaches.count("cross") >= reaches.count("local")


@pytest.mark.parametrize("version", VERSIONS)
def test_debloat_finds_every_redundant_defence_and_no_needed_one(version: str) -> None:
    result = run(DEBLOAT, version)
    assert result is not None
    assert {site.code for site in sites(version)} == {site.code for site in result.found}
    assert not result.false
