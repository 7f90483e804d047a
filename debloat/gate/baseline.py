"""Findings that a team has accepted: a file in the repository, which new ones are told from."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from debloat.engine import Comparison, Report
from debloat.gate.known import LASTING, Known, known, unknown

_VERSION = 1
_NEW = ".debloat-new"


class BaselineError(Exception):
    """A baseline cannot be used: one line that names the file and what to do."""


def accepted(report: Report, path: Path) -> Report:
    """The report without what a baseline has accepted. Raises BaselineError."""
    fresh, gone = unknown(report.findings, _baseline(path), LASTING)
    comparison = Comparison(
        against=str(path),
        known=len(report.findings) - len(fresh),
        gone=len(gone),
        notes=tuple(f"no longer occurs: {finding.path} {finding.rule} {finding.message}" for finding in gone),
    )
    return replace(report, findings=tuple(fresh), comparisons=(*report.comparisons, comparison))


def _baseline(path: Path) -> list[Known]:
    """The findings that the file holds. Raises BaselineError."""
    try:
        document = json.loads(path.read_bytes())
        if document["version"] != _VERSION:
            raise BaselineError(f"{path}: a baseline of another version of debloat; --update-baseline writes it anew")
        return [Known(line=0, **entry) for entry in document["findings"]]
    except FileNotFoundError:
        raise BaselineError(f"{path}: there is no such baseline; --update-baseline writes one") from None
    except (OSError, ValueError, TypeError, KeyError, RecursionError) as error:
        said = error.strerror if isinstance(error, OSError) else "not a baseline that debloat wrote"
        raise BaselineError(f"{path}: {said}; --update-baseline writes it anew") from None


def write_baseline(path: Path, report: Report) -> str:
    """Write all that was found as accepted, and say what has come to be and what is no longer. Raises OSError.

    An entry a line and sorted, so that changes merge and are read with ease.
    """
    try:
        old = _baseline(path)
    except BaselineError:
        old = []
    fresh, gone = unknown(report.findings, old, LASTING)
    entries = sorted(map(known, report.findings), key=lambda one: (one.path, one.rule, one.symbol, one.fingerprint))
    rows = [
        json.dumps({name: value for name, value in entry._asdict().items() if name != "line"}, ensure_ascii=False)
        for entry in entries
    ]
    body = ",\n".join(f"    {row}" for row in rows)
    text = f'{{\n  "version": {_VERSION},\n  "findings": [\n{body}\n  ]\n}}\n'
    made = path.with_name(path.name + _NEW)
    try:
        made.write_text(text, encoding="utf-8", errors="surrogatepass", newline="\n")
        made.replace(path)
    finally:
        made.unlink(missing_ok=True)
    return "".join(
        [
            f"{path}: {len(rows)} accepted, {len(fresh)} of them new, {len(gone)} gone\n",
            *(f"  no longer occurs: {finding.path} {finding.rule} {finding.message}\n" for finding in gone),
        ]
    )
