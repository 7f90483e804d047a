"""Arguments to exit code, nothing else. What a command needs is imported when it runs."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from importlib import import_module
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

import click

from debloat.config import CHOICES
from debloat.errors import Commands

if TYPE_CHECKING:
    from debloat.config import Config
    from debloat.engine import Report, Reported
    from debloat.fix import Judge
    from debloat.model import Problem, Rule
    from debloat.program import Program

_PLAIN = ("full", "concise", "json")  # show no more of a fix than its title
FORMATS = ("full", "concise", "json", "sarif", "github", "gitlab", "markdown")


def _version(ctx: click.Context, _: click.Parameter, asked: bool) -> None:
    if asked:
        from debloat.report import version

        click.echo(f"debloat {version()}")
        ctx.exit()


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 120})
@click.option(
    "--version", is_flag=True, expose_value=False, is_eager=True, callback=_version, help="Show the version and exit."
)
@click.pass_context
def main(ctx: click.Context) -> None:
    """Find Python code that a program does not need, and prove it on the whole program."""
    if os.environ.get("NO_COLOR"):
        ctx.color = False


_Command = Callable[..., None]


def _options(*options: Callable[[_Command], _Command]) -> Callable[[_Command], _Command]:
    def add(command: _Command) -> _Command:
        for option in reversed(options):
            command = option(command)
        return command

    return add


_paths = click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))
_file = click.Path(dir_okay=False, path_type=Path)
_directory = click.Path(exists=True, file_okay=False, path_type=Path)
_rule_options = _options(
    click.option("--rules", "directories", multiple=True, type=_directory, help="A directory of further rules."),
    click.option("--allow-rules", is_flag=True, help="Run the rules that the project's rule-paths name: its code."),
)
_program_options = _options(
    click.option("-j", "--jobs", type=click.IntRange(1), default=os.cpu_count(), help="Processes; default: all cores."),
    click.option("--no-cache", is_flag=True, help="Neither read nor write .debloat_cache."),
    click.option(
        "--world", type=click.Choice(["library", "application"]), help="Whether others may use what it exports."
    ),
)


def _names(_: click.Context, __: click.Parameter, values: Sequence[str]) -> list[str]:
    return [name.strip() for value in values for name in value.split(",") if name.strip()]


_selection_options = _options(
    click.option("--select", multiple=True, callback=_names, help="Only these rules or families (comma-separated)."),
    click.option("--ignore", multiple=True, callback=_names, help="Not these rules or families (comma-separated)."),
)


def _also(_: click.Context, __: click.Parameter, values: Sequence[str]) -> list[tuple[str, Path]]:
    pairs = [value.partition("=") for value in values]
    for name, equals, file in pairs:
        if name not in FORMATS or not equals or not file:
            raise click.BadParameter(f"FORMAT=FILE is wanted, with one of {', '.join(FORMATS)}")
    return [(name, Path(file)) for name, _, file in pairs]


@main.command()
@_paths
@click.option("--format", "--output-format", "format_name", type=click.Choice(FORMATS), default="full")
@_selection_options
@_rule_options
@_program_options
@click.option("--output-file", type=_file, help="Write the findings here.")
@click.option("--also", metavar="FORMAT=FILE", multiple=True, callback=_also, help="Write them here as well.")
@click.option("--stdin-filename", metavar="PATH", type=_file, help="Report this file alone, with its text from stdin.")
@click.option("--since", metavar="REF", help="Only what has come since the branch left this commit.")
@click.option("--baseline", type=_file, help="Not what this file has accepted.")
@click.option("--update-baseline", is_flag=True, help="Accept all findings: write them to the baseline.")
@click.option(
    "--cascade/--no-cascade",
    default=None,
    help="Also what shows only once the rest is fixed; default: in applications that are not large.",
)
@click.option("--fail-on", type=click.Choice(CHOICES["fail-on"]), help="The least that makes the exit status 1.")
@click.option("--exit-zero", is_flag=True, help="Exit 0 even if there are findings.")
@click.option("-q", "--quiet", is_flag=True, help="Findings and errors only: no progress, warnings or summary.")
def check(
    paths: Sequence[Path],
    format_name: str,
    select: list[str],
    ignore: list[str],
    directories: Sequence[Path],
    allow_rules: bool,
    jobs: int,
    no_cache: bool,
    world: str | None,
    output_file: Path | None,
    also: Sequence[tuple[str, Path]],
    stdin_filename: Path | None,
    since: str | None,
    baseline: Path | None,
    update_baseline: bool,
    cascade: bool | None,
    fail_on: str | None,
    exit_zero: bool,
    quiet: bool,
) -> None:
    """Report needless code under PATHS (default: here), judged by the whole project around them.

    Exit status: 0 nothing found, 1 findings, 2 wrong use, configuration or input.
    """
    started = perf_counter()
    if stdin_filename and paths:
        raise click.UsageError("--stdin-filename names the only file to report: leave out PATHS")
    root, config, inside = _project([stdin_filename] if stdin_filename else paths)
    typed = {inside[0]: sys.stdin.buffer.read()} if stdin_filename else None
    rules = _rules(root, config, directories, allow_rules)
    baseline = baseline or (root / config.baseline if config.baseline else None)
    if update_baseline and (since or not baseline or inside != [""]):
        raise click.UsageError("--update-baseline needs a baseline and the whole project, without --since")

    from dataclasses import replace

    from debloat import again, engine
    from debloat.cascade import followed, is_followed
    from debloat.engine import fails, look
    from debloat.model import under

    load = partial(_program, root, config, jobs, no_cache, world, quiet)
    if cascade is None:  # who types waits for the answer, and so does who commits some files
        cascade = False if typed or (config.cascade is None and inside != [""]) else config.cascade

    def following(
        program: Program, contents: Mapping[str, bytes | None], paths: Sequence[str]
    ) -> Callable[[Report], Report] | None:
        again_look = partial(look, rules=rules, paths=paths, select=select, ignore=ignore)
        further = partial(followed, program, look=again_look, paths=paths, started=started)
        follows = is_followed(program, cascade)
        return partial(further, load=lambda changed: load({**contents, **changed})) if follows else None

    if since:
        from debloat.gate import before

        def analyse(contents: Mapping[str, bytes | None]) -> tuple[Program, Report]:
            program = load(contents)
            report = look(program, rules, paths=[""], select=select, ignore=ignore)
            follow = following(program, contents, [""])
            return program, follow(report) if follow else report

        change = before(root, config, since, (world, select, ignore, cascade), rules, analyse, cache=not no_cache)
        cascade = change.followed
    program = load(typed)
    # What is new is told by the whole, as code may have come from anywhere.
    everywhere = [*inside, ""] if since or baseline else inside
    follow = following(program, typed or {}, everywhere)
    run = partial(again.run, follow=follow) if format_name in _PLAIN else engine.run
    report = run(program, rules, paths=everywhere, select=select, ignore=ignore, started=started)
    if follow and not report.followed:
        report = follow(report)
    if since:
        report = change.brought(report, program)
    if baseline:
        from debloat.gate import accepted, write_baseline

        if update_baseline:
            click.echo(write_baseline(baseline, report), err=True, nl=False)
        report = accepted(report, baseline)
    if everywhere != inside:
        report = replace(report, findings=tuple(f for f in report.findings if under(f.finding.span.path, inside)))
    _warn(program, [*report.problems, *_unchecked(program, inside)], quiet)
    chunks = _rendered(format_name, report, program)
    for name, file in also:
        _write(_rendered(name, report, program), file)
    if format_name in ("full", "concise") and not quiet:
        from debloat.report.full import summary

        if format_name == "full":
            chunks += summary(report, program)
        else:
            click.echo("".join(summary(report, program)), err=True, nl=False)
    _write(chunks, output_file)
    failing = fails(program, report, fail_on or config.fail_on) and not exit_zero
    click.get_current_context().exit(2 if any(problem.fatal for problem in report.problems) else int(failing))


@main.command()
@_paths
@_selection_options
@click.option(
    "--unsafe-fixes",
    is_flag=True,
    help="Also fixes that rest on an assumption, and suggestions if --select names the rule.",
)
@click.option("--diff", is_flag=True, help="Print what would be written, and write nothing.")
@click.option("--allow-dirty", is_flag=True, help="Also change files whose changes are not staged or committed.")
@click.option("--interactive", is_flag=True, help="Show each fix and ask for it.")
@click.option("--verify", metavar="CMD", help='Keep only fixes with which this stays green, such as "pytest -q".')
@click.option("--require-coverage", is_flag=True, help="With --verify: keep only fixes of lines that the tests run.")
@_rule_options
@_program_options
@click.option("-q", "--quiet", is_flag=True, help="Errors only: no progress, warnings or summary.")
def fix(
    paths: Sequence[Path],
    select: list[str],
    ignore: list[str],
    unsafe_fixes: bool,
    diff: bool,
    allow_dirty: bool,
    interactive: bool,
    verify: str | None,
    require_coverage: bool,
    directories: Sequence[Path],
    allow_rules: bool,
    jobs: int,
    no_cache: bool,
    world: str | None,
    quiet: bool,
) -> None:
    """Remove needless code under PATHS (default: here), judged by the whole project around them.

    Exit status: 0 nothing left to do, 1 something was changed or remains, 2 wrong use, configuration or input.
    """
    root, config, inside = _project(paths)
    from debloat.dirty import protected
    from debloat.engine import fails, look
    from debloat.fix import settle
    from debloat.git import prefix
    from debloat.journal import complete, write
    from debloat.model import Applicability

    if not diff:
        for path in complete(root):
            click.echo(f"completed an interrupted fix of {path}", err=True)
    rules = _rules(root, config, directories, allow_rules)

    if require_coverage and not verify:
        raise click.UsageError("--require-coverage needs --verify")
    if verify is not None and not verify.strip():
        raise click.UsageError("--verify needs a command")
    with _judge(root, verify, interactive, allow_dirty, require_coverage, quiet) as judge:
        outcome = settle(
            lambda changed: _program(root, config, jobs, no_cache, world, quiet, changed),
            lambda program: look(program, rules, paths=inside, select=select, ignore=ignore),
            lowest=Applicability.UNSAFE if unsafe_fixes else Applicability.SAFE,
            paths=inside,
            named=select if unsafe_fixes or interactive else (),
            barred=protected(root, allow_dirty=allow_dirty),
            judge=judge,
        )
    _warn(outcome.program, [*outcome.report.problems, *_unchecked(outcome.program, inside)], quiet)
    changed = {path: (outcome.originals[path], content) for path, content in outcome.changed.items()}
    if diff:
        from debloat.report.diff import render as patch

        click.echo(b"".join(patch(changed, prefix(root))), nl=False)
    elif changed:
        write(root, changed, outcome.originals)
    if not quiet:
        from debloat.report.fixes import render, verdicts

        done = "Would apply" if diff else "Applied"
        said = [*(verdicts(outcome) if verify else ()), *render(outcome, done, unsafe=unsafe_fixes)]
        click.echo("".join(said), err=diff, nl=False)
    remains = fails(outcome.program, outcome.report, config.fail_on)
    fatal = any(problem.fatal for problem in outcome.report.problems)
    click.get_current_context().exit(2 if fatal else int(bool(changed) or remains))


@main.command()
@_paths
@click.option("--format", "--output-format", "format_name", type=click.Choice(["table", "json"]), default="table")
@_selection_options
@_rule_options
@_program_options
@click.option("--output-file", type=_file, help="Write the score here.")
@click.option("--html", type=_file, help="Also write a page with the map of the code and all findings here.")
@click.option("-q", "--quiet", is_flag=True, help="The score and errors only: no progress and warnings.")
def score(
    paths: Sequence[Path],
    format_name: str,
    select: list[str],
    ignore: list[str],
    directories: Sequence[Path],
    allow_rules: bool,
    jobs: int,
    no_cache: bool,
    world: str | None,
    output_file: Path | None,
    html: Path | None,
    quiet: bool,
) -> None:
    """Measure PATHS (default: here): how much is bloat, and what they would measure after the fixes. Nothing is changed.

    Exit status: 0, or 2 for wrong use, configuration or input.
    """
    started = perf_counter()
    root, config, inside = _project(paths)
    rules = _rules(root, config, directories, allow_rules)
    from debloat.dirty import protected
    from debloat.engine import look
    from debloat.report.score import render
    from debloat.score import score as measure

    measured = measure(
        partial(_program, root, config, jobs, no_cache, world, quiet),
        lambda program: look(program, rules, paths=inside, select=select, ignore=ignore),
        paths=inside,
        barred=protected(root, allow_dirty=True),
        started=started,
    )
    report = measured.report
    _warn(measured.program, [*report.problems, *_unchecked(measured.program, inside)], quiet)
    _write(render(measured, format_name), output_file)
    if html:
        from debloat.report.html import render as page

        html.write_text("".join(page(measured)), encoding="utf-8", newline="\n")
    click.get_current_context().exit(2 if any(problem.fatal for problem in report.problems) else 0)


@main.command()
@click.argument("rule")
@_rule_options
def explain(rule: str, directories: Sequence[Path], allow_rules: bool) -> None:
    """Show the page of a RULE: what it finds, what proves it, what it leaves alone."""
    from debloat.engine import SelectionError, nearest
    from debloat.page import markdown, parse

    pages = {known.name: known.doc for known in _rules(*_project([])[:2], directories, allow_rules)}
    if rule not in pages:
        raise SelectionError(f"there is no rule {rule!r}{nearest(rule, pages)}")
    text = markdown(rule, parse(pages[rule]))
    if sys.stdout.isatty():
        from rich.console import Console
        from rich.markdown import Markdown

        Console().print(Markdown(text))
    else:
        _write([text], None)


@main.command("rules")
@_rule_options
def list_rules(directories: Sequence[Path], allow_rules: bool) -> None:
    """List the rules."""
    from debloat.page import table

    _write([table(_rules(*_project([])[:2], directories, allow_rules))], None)


@main.command()
@_paths
@click.option("--format", "notation", type=click.Choice(["json", "dot", "mermaid", "adjacency"]), default="json")
@_program_options
def graph(paths: Sequence[Path], notation: str, jobs: int, no_cache: bool, world: str | None) -> None:
    """Print the call graph of PATHS (default: here)."""
    root, config, inside = _project(paths)
    program = _program(root, config, jobs, no_cache, world, quiet=False)
    _warn(program, [*program.problems, *_unchecked(program, inside)], quiet=False)

    from debloat.report.graph import render

    _write(render(program.adjacency(inside), notation), None)


@main.command()
@click.option("--write", is_flag=True, help="Write them, but change no line that is there.")
def init(write: bool) -> None:
    """Print what this project needs: settings, a hook for pre-commit, a job for its CI, a word to coding agents."""
    from debloat.init import propose
    from debloat.init import write as written
    from debloat.report import version

    root, config, _ = _project([])
    released = "" if "+" in version() else f"=={version()}"
    proposals = list(propose(root, config, f"debloat-lint{released}"))
    left = list(written(root, proposals)) if write else proposals
    for proposal in proposals:
        if proposal in left:
            what = "add to" if proposal.there else "write to"
            _write([f"# {what} {proposal.path}\n\n{proposal.text}\n"], None)
        else:
            click.echo(f"wrote {proposal.path}", err=True)


@main.command()
@click.argument("target")
@_rule_options
@_program_options
def why(
    target: str,
    directories: Sequence[Path],
    allow_rules: bool,
    jobs: int,
    no_cache: bool,
    world: str | None,
) -> None:
    """Show the proof of a finding at TARGET (PATH:LINE), or what keeps a symbol (pkg.mod:Class.method) alive."""
    from debloat.cascade import followed, is_followed, is_later
    from debloat.engine import look
    from debloat.why import explain as lines

    path, _, line = target.rpartition(":")
    if line.isdigit():
        if not Path(path).is_file():
            raise click.BadParameter(f"there is no file {path!r}", param_hint="TARGET")
        root, config, (inside,) = _project([Path(path)])
        target = f"{inside}:{line}"
    else:
        root, config, _ = _project([])
    rules = _rules(root, config, directories, allow_rules)
    load = partial(_program, root, config, jobs, no_cache, world, False)
    program = load()

    def later() -> Iterator[Reported]:
        if is_followed(program, config.cascade):
            everything = partial(look, rules=rules, paths=[""], select=[], ignore=[])
            report = followed(program, look=everything, load=load, paths=[""], report=everything(program), started=0.0)
            yield from filter(is_later, report.findings)

    _write((f"{text}\n" for text in lines(program, rules, target, later)), None)


@contextmanager
def _judge(
    root: Path, command: str | None, interactive: bool, dirty: bool, require_coverage: bool, quiet: bool
) -> Iterator[Judge]:
    """Who has the last word on fixes: a person, the tests, both in this order, or nobody."""
    from debloat.fix import in_turn

    judges: list[Judge] = []
    if interactive:
        from debloat.interactive import Questions

        judges.append(Questions().judge)
    with ExitStack() as stack:
        if command:
            from debloat.verify import Settings, verification

            tell = _show_stage if sys.stderr.isatty() and not quiet else lambda _: None
            settings = Settings(root, command, dirty, require_coverage, tell)
            judges.append(stack.enter_context(verification(settings)))
            stack.callback(tell, "")
        yield in_turn(judges)


def _project(paths: Sequence[Path]) -> tuple[Path, Config, list[str]]:
    """Return the project around the paths (default: here), its settings, and the paths relative to its root."""
    from debloat.config import Config, find_root, read_config

    # a linked file belongs to where its link is
    places = [path.resolve() if path.is_dir() else path.parent.resolve() / path.name for path in paths or [Path()]]
    roots = sorted({find_root(place if place.is_dir() else place.parent) for place in places})
    if len(roots) > 1:
        raise click.UsageError(f"these paths belong to several projects ({roots[0]}, {roots[1]}): check one at a time")
    relative = (place.relative_to(roots[0]).as_posix() for place in places)
    return roots[0], read_config(roots[0] / "pyproject.toml") or Config(), ["" if p == "." else p for p in relative]


def _rules(root: Path, config: Config, directories: Sequence[Path], allow_rules: bool) -> list[Rule]:
    from debloat.engine import UNUSED_SUPPRESSION
    from debloat.loader import load_rules

    theirs = [root / path for path in config.rule_paths]
    if theirs and not allow_rules:
        click.echo(
            "warning: the project's rule-paths were not run: --allow-rules runs them, which is its code", err=True
        )
        theirs = []
    return [*load_rules([*directories, *theirs]), UNUSED_SUPPRESSION]


def _program(
    root: Path,
    config: Config,
    jobs: int,
    no_cache: bool,
    world: str | None,
    quiet: bool,
    changed: Mapping[str, bytes | None] | None = None,
) -> Program:
    from debloat.journal import refuse_pending
    from debloat.program import load_program

    refuse_pending(root)
    progress = _show_progress if sys.stderr.isatty() and not quiet else _no_progress
    return load_program(root, config, jobs=jobs, cache=not no_cache, world=world, progress=progress, changed=changed)


def _show_progress(stage: str, done: int, total: int) -> None:
    """Keep one line on the terminal, and wipe it when the stage is over."""
    sys.stderr.write(f"\r{stage} {done}/{total}\x1b[K" if done < total else "\r\x1b[K")
    sys.stderr.flush()


def _show_stage(stage: str) -> None:
    sys.stderr.write(f"\r{stage}\x1b[K")
    sys.stderr.flush()


def _no_progress(stage: str, done: int, total: int) -> None:
    pass


def _rendered(format_name: str, report: Report, program: Program) -> list[str]:
    return list(import_module(f"debloat.report.{format_name}").render(report, program))


def _unchecked(program: Program, inside: Sequence[str]) -> list[Problem]:
    from debloat.model import Problem, under

    known = [*(file.path for file in program.files), *(problem.path for problem in program.problems)]
    message = "nothing to check here: no Python file, or git ignores or the configuration excludes it"
    return [Problem(path, 0, message, False) for path in inside if path and not any(under(k, [path]) for k in known)]


def _warn(program: Program, problems: Iterable[Problem], quiet: bool) -> None:
    from debloat.report import from_here

    here = from_here(program)
    for problem in problems:
        if problem.fatal or not quiet:
            where = f"{here(problem.path)}:{f'{problem.line}:' if problem.line else ''} " if problem.path else ""
            click.echo(f"{'error' if problem.fatal else 'warning'}: {where}{problem.message}", err=True)


def _write(chunks: Iterable[str], output_file: Path | None) -> None:
    text = "".join(chunks)
    if output_file:
        output_file.write_text(click.unstyle(text), encoding="utf-8", errors="surrogateescape", newline="\n")
    else:
        # names of files may hold what the terminal's encoding lacks
        encoding = sys.stdout.encoding
        click.echo(text.encode(encoding, "backslashreplace").decode(encoding), nl=False)
