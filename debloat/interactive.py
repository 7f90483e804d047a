"""Asking a person about each fix."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import click

from debloat.choose import Applied
from debloat.fix import Judged, Trial
from debloat.model import Proof
from debloat.report.diff import render

_KEYS = "[y]es, [n]o, [r]ule: all of this rule, [a]ll, [q]uit"


class Questions:
    """A judge that asks. What was said of a rule or of all holds for later passes too."""

    def __init__(self) -> None:
        self._rules: set[str] = set()
        self._all = False
        self._accepted = 0

    def judge(self, trial: Trial) -> Judged:
        """Show each fix and ask for it. Raises Abort where nothing is to be written."""
        kept: list[Applied] = []
        rejected: list[Applied] = []
        for applied in trial.fixes:
            rule = applied.reported.rule.name
            answer = "y" if self._all or rule in self._rules else _asked(trial, applied)
            if answer == "q":
                accepted = self._accepted + len(kept)
                said = f"Write {accepted} accepted fix{'' if accepted == 1 else 'es'}?"
                if not accepted or not click.confirm(said, err=True):
                    raise click.Abort
                return Judged(kept, rejected, enough=True)
            self._all |= answer == "a"
            self._rules |= {rule} if answer == "r" else set()
            if answer == "n":
                rejected.append(replace(applied, note="declined"))
            else:
                kept.append(applied)
        self._accepted += len(kept)
        return Judged(kept, rejected)


def _asked(trial: Trial, applied: Applied) -> str:
    from rich.console import Console
    from rich.syntax import Syntax
    from rich.text import Text

    console = Console(stderr=True)
    finding = applied.reported.finding
    place = f"{finding.span.path}:{finding.span.line}"
    console.print(Text.assemble("\n", (place, "bold"), " ", (applied.reported.rule.name, "red"), " ", finding.message))
    for evidence in (*finding.evidence, *applied.fix.evidence):
        assumed = " assumed" if evidence.proof is Proof.ASSUMED else ""
        console.print(
            Text(f"  {evidence.kind}{assumed}: {evidence.note} {evidence.span.path}:{evidence.span.line}", "dim")
        )
    console.print(Syntax(_patch(trial, applied), "diff", background_color="default"))
    return str(
        click.prompt(f"{_KEYS}", type=click.Choice(list("ynraq")), show_choices=False, prompt_suffix="? ", err=True)
    )


def _patch(trial: Trial, applied: Applied) -> str:
    """What a fix alone changes of the files as the trial finds them."""
    before, after = trial.contents([]), trial.contents([applied])
    changed: Mapping[str, tuple[bytes, bytes | None]] = {
        path: (before.get(path) or trial.program.content(path), content)
        for path, content in after.items()
        if path not in before or before[path] != content
    }
    return b"".join(render(changed, "")).decode(errors="replace")
