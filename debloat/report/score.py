"""A score for people, as tables, and for programs, as one JSON object."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from debloat.report import count, from_here, version
from debloat.score import Measured, Score

if TYPE_CHECKING:
    from rich.table import Table

_ROWS = 12
_BAR = 16
_METRICS = {
    "code_lines": "lines of code",
    "logical_lines": "logical lines (LLOC)",
    "complexity": "cyclomatic complexity",
    "maintainability": "maintainability index",
    "volume": "Halstead volume",
    "effort": "Halstead effort",
    "bugs": "Halstead bugs",
}


def render(score: Score, format_name: str) -> Iterator[str]:
    """Yield the score as ``table`` or ``json``."""
    return {"table": _tables, "json": _json}[format_name](score)


def _json(score: Score) -> Iterator[str]:
    path = from_here(score.program)

    def record(measured: Measured) -> dict[str, Any]:
        states = {name: _rounded(getattr(measured, name)._asdict()) for name in ("now", "safe", "all")}
        return {"files": measured.files, "bloat": round(measured.bloat, 4), "removable": measured.removable, **states}

    document = {
        "version": version(),
        "total": record(score.total),
        "tests": record(score.tests),
        "packages": [{"path": path(one.path), **record(one)} for one in score.packages],
        "files": [{"path": path(one.path), **record(one)} for one in score.files],
        "rules": [one._asdict() for one in score.rules],
        "seconds": round(score.report.seconds, 3),
    }
    yield json.dumps(document, indent=2) + "\n"


def _rounded(metrics: dict[str, float]) -> dict[str, float]:
    return {name: round(value, 2) for name, value in metrics.items()}


def _tables(score: Score) -> Iterator[str]:
    from rich.console import Console

    console = Console(file=io.StringIO(), force_terminal=True, highlight=False, width=120)
    whole = score.total
    safe = whole.now.code_lines - whole.safe.code_lines
    console.print(
        f"[bold]{whole.bloat:.1%} bloat[/]: {whole.removable:,} of {count(whole.now.code_lines, 'line')} of code "
        f"could go, {safe:,} of them by safe fixes"
    )
    if score.tests.files:
        console.print(
            f"[dim]Tests are not counted: {score.tests.now.code_lines:,} lines of code, "
            f"{score.tests.all.code_lines:,} after all fixes[/]"
        )
    console.print(_metrics(whole))
    path = from_here(score.program)
    console.print(_places("package", [one._replace(path=path(one.path)) for one in score.packages]))
    console.print(_places("file", [one._replace(path=path(one.path)) for one in score.files]))
    if score.rules:
        console.print(_rules(score))
    yield console.file.getvalue()  # type: ignore[attr-defined]


def _table(title: str, *numbers: str) -> Table:
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold", title_justify="left")
    table.add_column(title, no_wrap=True, overflow="ellipsis", min_width=24)
    for name in numbers:
        table.add_column(name, justify="right", no_wrap=True)
    return table


def _metrics(whole: Measured) -> Table:
    table = _table("", "now", "after safe fixes", "after all fixes")
    for name, title in _METRICS.items():
        now, *after = (getattr(state, name) for state in (whole.now, whole.safe, whole.all))
        said = [f"{_number(value)} [dim]{(value - now) / now if now else 0:+7.1%}[/]" for value in after]
        table.add_row(title, _number(now), *said)
    return table


def _number(value: float) -> str:
    return f"{value:,}" if isinstance(value, int) else f"{value:,.1f}"


def _places(title: str, measured: Sequence[Measured]) -> Table:
    from rich.markup import escape

    table = _table(title, "code", "could go", "bloat")
    table.add_column("", width=_BAR)
    worst = sorted(measured, key=lambda one: (-one.removable, one.path))
    for one in worst[:_ROWS]:
        bar = f"[red]{'█' * round(max(one.bloat, 0) * _BAR)}[/]"
        table.add_row(escape(one.path), f"{one.now.code_lines:,}", f"{one.removable:,}", f"{one.bloat:.1%}", bar)
    if len(worst) > _ROWS:
        rest = worst[_ROWS:]
        numbers = (f"{sum(one.now.code_lines for one in rest):,}", f"{sum(one.removable for one in rest):,}")
        table.add_row(f"[dim]and {len(rest):,} more[/]", *numbers)
    return table


def _rules(score: Score) -> Table:
    table = _table("rule", "findings", "safe fixes", "lines", "all fixes", "lines")
    for one in sorted(score.rules, key=lambda one: (-one.all_lines, one.name)):
        numbers = (one.findings, one.safe_fixes, one.safe_lines, one.all_fixes, one.all_lines)
        table.add_row(one.name, *(f"{number:,}" if number else "" for number in numbers))
    return table
