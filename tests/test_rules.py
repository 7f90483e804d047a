"""Every rule's page is whole, and every example on it runs: bloated is found, lean and kept stay silent."""

from __future__ import annotations

import ast
import inspect
import re
from pathlib import Path

import pytest

from debloat.config import Config, read_config
from debloat.engine import UNUSED_SUPPRESSION, Reported, run
from debloat.loader import load_rules
from debloat.model import Rule
from debloat.page import Section, parse
from debloat.program import load_program

HEADINGS = ["What it finds", "Why it is bloat", "What proves it", "What it leaves alone", "Fix", "Bloated", "Lean"]
FORMED = ("What proves it", "Fix")
KINDS = {"type", "callers", "raises", "hierarchy", "reachability", "mutation", "purity", "syntax"}
RULES = [*load_rules(), UNUSED_SUPPRESSION]
EXAMPLES = [
    pytest.param(rule, section, id=f"{rule.name}: {section.heading}")
    for rule in RULES
    for section in parse(rule.doc).sections
    if section.files
]


def found(section: Section, folder: Path) -> list[Reported]:
    """Return what all rules report on an example, an application unless it says otherwise."""
    for path, text in section.files:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        plain = "".join(line.removesuffix("# !").rstrip() + "\n" for line in text.split("\n")[:-1])
        (folder / path).write_text(plain, encoding="utf-8")
    world = None if (folder / "pyproject.toml").exists() else "application"
    config = read_config(folder / "pyproject.toml") or Config()
    program = load_program(folder, config, jobs=1, cache=False, world=world, progress=lambda *_: None)
    report = run(program, RULES, paths=[""], select=[], ignore=[], started=0.0)
    assert not report.problems
    return list(report.findings)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_page_has_all_its_headings_in_order(rule: Rule) -> None:
    page = parse(rule.doc)
    headings = [section.heading for section in page.sections]
    assert page.summary.endswith(".")
    assert headings[: len(HEADINGS)] == HEADINGS
    kept = headings[len(HEADINGS) :]
    assert kept
    assert all(heading.startswith("Kept: ") for heading in kept)
    prose, examples = page.sections[:5], page.sections[5:]
    assert all(section.prose and not section.files for section in prose)
    assert all(section.files for section in examples)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_page_says_in_one_form_what_proves_a_finding_and_how_safe_its_fix_is(rule: Rule) -> None:
    page = parse(rule.doc)
    proves, fix = (next(section.prose for section in page.sections if section.heading == name) for name in FORMED)
    kinds = re.findall(r"^- (.+?): ", proves, re.MULTILINE)
    assert kinds or rule == UNUSED_SUPPRESSION
    assert set(kinds) <= KINDS
    assert proves.count("\n- ") + 1 == len(kinds) or rule == UNUSED_SUPPRESSION, (
        "each point begins with its kind of evidence"
    )
    assert fix.startswith({2: ("Safe",), 1: ("Unsafe",), 0: ("None", "Suggestion")}[rule.tier])
    assert len(page.summary) <= 100
    _, _, code = Path(inspect.getfile(rule.check)).read_text(encoding="utf-8").partition('\n"""\n')
    assert sum(map(bool, code.splitlines())) <= 120 or rule == UNUSED_SUPPRESSION


@pytest.mark.parametrize(("rule", "section"), EXAMPLES)
def test_an_example_gives_findings_on_its_marked_lines_and_nowhere_else(
    rule: Rule, section: Section, tmp_path: Path
) -> None:
    for path, text in section.files:
        if path.endswith(".py"):
            ast.parse(text)
    marked = {
        (path, number)
        for path, text in section.files
        for number, line in enumerate(text.split("\n"), 1)
        if line.endswith("# !")
    }
    assert bool(marked) == (section.heading == "Bloated")
    findings = [reported.finding for reported in found(section, tmp_path) if reported.rule.name == rule.name]
    assert {(finding.span.path, finding.span.line) for finding in findings} == marked
    if marked:
        proves = next(part.prose for part in parse(rule.doc).sections if part.heading == FORMED[0])
        said = {evidence.kind for finding in findings for evidence in finding.evidence}
        assert all(f"- {kind}: " in proves for kind in said), f"{said} is what its findings rest on"
        assert rule.tier in {finding.applicability for finding in findings}, "its own example shows its best tier"
