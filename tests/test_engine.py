"""Which findings stand, how sure they are, what is withheld, and what a suppression keeps."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from debloat.engine import UNUSED_SUPPRESSION, Report, SelectionError, run
from debloat.model import Applicability, Evidence, Finding, Proof, Rule, Span


def evidence(proof: Proof, note: str = "a note") -> Evidence:
    return Evidence("callers", proof, Span("app.py", 1, 0, 1, 1), note)


def finding(path: str = "app.py", line: int = 1, *proofs: Evidence, **changes: Any) -> Finding:
    values = {"message": "needless", "symbol": "app:f", "applicability": Applicability.SAFE, "removable_lines": 1}
    return Finding(span=Span(path, line, 0, line, 3), evidence=proofs, **{**values, **changes})


def rule(*findings: Finding, name: str = "needless", family: str = "residue") -> Rule:
    return Rule(name, family, "A page.", Applicability.SAFE, lambda program: iter(findings))


def keep(line: int, *rules: str, reason: str = "why", file_wide: bool = False) -> Any:
    return SimpleNamespace(line=line, target_lines=(line,), rules=rules, reason=reason, column=0, file_wide=file_wide)


def report(program: Any, *rules: Rule, **options: Any) -> Report:
    defaults: dict[str, Any] = {"paths": [""], "select": [], "ignore": [], "started": 0.0}
    return run(program, [*rules, UNUSED_SUPPRESSION], **{**defaults, **options})


def said(result: Report) -> list[tuple[str, str, int]]:
    return [(r.rule.name, r.finding.span.path, r.finding.span.line) for r in result.findings]


def test_a_finding_is_never_surer_than_its_weakest_evidence(make_program: Any) -> None:
    proved, assumed = evidence(Proof.PROVED), evidence(Proof.ASSUMED)
    result = report(
        make_program({"app.py": "\n" * 20}),
        rule(
            finding("app.py", 1, proved),
            finding("app.py", 2, proved, assumed),
            finding("app.py", 3, assumed, applicability=Applicability.SUGGESTION),
            finding("app.py", 4, proved, evidence(Proof.UNKNOWN, "public: shop.api exports it")),
        ),
    )
    tiers = [Applicability.SAFE, Applicability.UNSAFE, Applicability.SUGGESTION]
    assert [r.finding.applicability for r in result.findings] == tiers
    assert result.withheld == {"public": 1}


def test_findings_are_sorted_by_place_then_rule(make_program: Any) -> None:
    program = make_program({"app.py": "", "b.py": ""})
    result = report(program, rule(finding("b.py"), finding("app.py", 9)), rule(finding("app.py", 9), name="also"))
    assert said(result) == [("also", "app.py", 9), ("needless", "app.py", 9), ("needless", "b.py", 1)]


def test_paths_filter_by_file_and_directory_and_no_edit_files_stay_silent(make_program: Any) -> None:
    paths = ["app.py", "shop/cart.py", "shop/tax.py", "shopping.py", "vendor/six.py"]
    program = make_program(dict.fromkeys(paths, ""))
    everything = rule(*(finding(path) for path in paths))
    assert [path for _, path, _ in said(report(program, everything))] == paths[:4]
    assert [path for _, path, _ in said(report(program, everything, paths=["shop"]))] == paths[1:3]
    assert [path for _, path, _ in said(report(program, everything, paths=["shop/tax.py"]))] == paths[2:3]


def test_select_and_ignore_take_rules_and_families(make_program: Any) -> None:
    program = make_program({"app.py": "\n" * 20})
    rules = [rule(finding(), name="one", family="a"), rule(finding(), name="two", family="a"), rule(finding())]
    assert [name for name, *_ in said(report(program, *rules, select=["a"], ignore=["two"]))] == ["one"]
    assert [name for name, *_ in said(report(make_program({"app.py": "\n" * 20}, select=("two",)), *rules))] == ["two"]
    configured = make_program({"app.py": "\n" * 20}, select=("two",))
    assert [name for name, *_ in said(report(configured, *rules, select=["one"]))] == ["one"]
    with pytest.raises(SelectionError, match="no rule or family 'needles'; did you mean needless"):
        report(program, *rules, select=["needles"])


def test_per_file_ignores_are_globs(make_program: Any) -> None:
    program = make_program({"app.py": "", "tests/test_app.py": ""}, per_file_ignores={"tests/**": ("residue",)})
    assert said(report(program, rule(finding(), finding("tests/test_app.py")))) == [("needless", "app.py", 1)]


def test_a_suppression_with_a_reason_keeps_a_finding(make_program: Any) -> None:
    program = make_program({"app.py": "\n" * 20}, suppressions={"app.py": [keep(1, "needless")]})
    assert said(report(program, rule(finding(), finding(line=2)))) == [("needless", "app.py", 2)]
    program = make_program({"app.py": "\n" * 20}, suppressions={"app.py": [keep(7, "needless", file_wide=True)]})
    assert not said(report(program, rule(finding(), finding(line=2))))


@pytest.mark.parametrize(
    ("suppression", "message"),
    [
        (keep(5, "needless"), "suppression of needless keeps nothing: delete it"),
        (keep(5, "needles"), "suppression of an unknown rule 'needles'; did you mean needless?"),
        (keep(1, "needless", reason=""), "suppression of needless without a reason has no effect"),
    ],
)
def test_a_suppression_that_keeps_nothing_is_a_finding(make_program: Any, suppression: Any, message: str) -> None:
    program = make_program({"app.py": "\n" * 20}, suppressions={"app.py": [suppression]})
    result = report(program, rule(finding()))
    assert ("needless", "app.py", 1) in said(result)
    (unused,) = [r.finding for r in result.findings if r.rule is UNUSED_SUPPRESSION]
    assert unused.message.startswith(message)
    assert unused.span.line == suppression.line


def test_suppressions_of_rules_that_did_not_run_are_not_judged(make_program: Any) -> None:
    program = make_program({"app.py": "\n" * 20}, suppressions={"app.py": [keep(5, "needless")]})
    assert not said(report(program, rule(finding(line=1)), ignore=["needless"]))


def test_fingerprints_survive_moved_lines_and_tell_duplicates_apart(make_program: Any) -> None:
    program = make_program({"app.py": "\n" * 20})
    before = report(program, rule(finding(line=1, message="3 calls at line 4"), finding(line=2), finding(line=3)))
    after = report(program, rule(finding(line=8, message="4 calls at line 9"), finding(line=9), finding(line=12)))
    assert [r.fingerprint for r in before.findings] == [r.fingerprint for r in after.findings]
    assert len({r.fingerprint for r in before.findings}) == 3
    other = report(program, rule(finding(line=2), name="other"))
    assert other.findings[0].fingerprint not in {r.fingerprint for r in before.findings}


def test_a_rule_that_fails_is_one_fatal_line_and_the_others_still_run(
    make_program: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def check(program: Any) -> Iterator[Finding]:
        yield finding()
        raise KeyError("cart")

    broken = Rule("broken", "residue", "A page.", Applicability.SAFE, check)
    program = make_program({"app.py": "\n" * 20}, suppressions={"app.py": [keep(5, "broken")]})
    monkeypatch.delenv("DEBLOAT_DEBUG", raising=False)
    result = report(program, broken, rule(finding()))
    assert said(result) == [("needless", "app.py", 1)]
    (problem,) = result.problems
    assert problem.fatal
    assert problem.message == "rule broken failed: KeyError: 'cart'; DEBLOAT_DEBUG=1 shows where"
    monkeypatch.setenv("DEBLOAT_DEBUG", "1")
    assert "Traceback" in report(program, broken).problems[0].message
