"""What frameworks surely give: values that argparse, click, pytest and pydantic put into a program by its declarations."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from debloat.config import Config
from debloat.program import load_program
from debloat.program.binding import arguments
from debloat.program.index import Site
from debloat.values.analysis import Values
from debloat.values.evidence import shown

Probe = Callable[..., list[str]]


@pytest.fixture
def probed(tmp_path: Path) -> Probe:
    """Return a function from texts by path to what the arguments of ``probe(...)`` can be, call after call."""

    def probe(world: str = "application", **texts: str) -> list[str]:
        for name, text in texts.items():
            path = tmp_path / f"{name.replace('__', '/')}.py"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        program = load_program(tmp_path, Config(), jobs=1, cache=False, world=world, progress=lambda *_: None)
        values = program.ask(Values)
        return [
            shown(program, values.value(Site(site.file, value)))
            for site in sorted(program.index.calls_named("probe"), key=program.index.place)
            for value, _ in arguments(program.facts[site.file], site.pc).positional
        ]

    return probe


# argparse: https://docs.python.org/3/library/argparse.html


def parsed(probed: Probe, *declarations: str, after: str = "", name: str = "x", before: str = "") -> str:
    lines = "\n".join(f"parser.add_argument({declaration})" for declaration in declarations)
    text = f"import argparse, sys\nfrom pathlib import Path\n{before}\nparser = argparse.ArgumentParser()\n{lines}\n"
    (found,) = probed(app=f"{text}\n{after}\nargs = parser.parse_args()\nprobe(args.{name})\n")
    return found


@pytest.mark.parametrize(
    ("declaration", "value"),
    [
        ('"x"', "a str"),
        ('"x", type=int', "an int"),
        ('"x", nargs="?"', "a str or None"),
        ('"x", nargs="*"', "a list"),
        ('"x", nargs="+", type=int', "a list"),
        ('"--x"', "a str or None"),
        ('"-x", "--x", required=True', "a str"),
        ('"--x", type=Path, default=Path()', "a pathlib.Path"),
        ('"--x", type=int, default=3', "an int"),
        ('"--x", type=int, default="3"', "an int"),
        ('"--x", type=int, default=None', "an int or None"),
        ('"--x", choices=["a", "b"], default="a"', "'a' or 'b'"),
        ('"--x", choices=["a", "b"], default="c"', "'a' or 'b' or 'c'"),
        ('"--x", action="store_true"', "False or True"),
        ('"--x", action="store_false", default=None', "None or False or True"),
        ('"--x", action=argparse.BooleanOptionalAction', "None or False or True"),
        ('"--x", action="store_const", const=7', "None or 7"),
        ('"--x", action="count"', "an int or None"),
        ('"--x", action="count", default=0', "an int"),
        ('"--x", action="append"', "a list or None"),
        ('"--x", action="append", default=[]', "a list"),
        ('"--x", nargs="?", const="on", default="off"', "a str"),
        ('"--other", dest="x", required=True', "a str"),
        ('"--x", default=argparse.SUPPRESS', "a str"),
        ('"--x", type=argparse.FileType("r"), required=True', "something that is not None"),
        ('"-x", "--long-x"', "unknown (x of a parser that does not declare it)"),
    ],
)
def test_what_an_argument_gives(probed: Probe, declaration: str, value: str) -> None:
    assert parsed(probed, declaration) == value


def test_a_name_comes_from_the_first_long_option(probed: Probe) -> None:
    assert parsed(probed, '"-o", "--out-dir", "--output", required=True', name="out_dir") == "a str"


def test_a_function_of_the_program_converts(probed: Probe) -> None:
    before = "def level(text):\n    return len(text) if text else None\n"
    assert parsed(probed, '"--x", type=level, required=True', before=before) == "an int or None"


@pytest.mark.parametrize(
    ("after", "value"),
    [
        ("parser.set_defaults(x=None)", "a str or None"),
        ('group = parser.add_argument_group("g")\ngroup.add_argument("--x", type=int)', "an int or a str or None"),
        ("parser.add_argument('--y', action=type('A', (argparse.Action,), {}))", "unknown"),
        ("parser.add_argument(*sys.argv)", "unknown"),
        ("parser.set_defaults(**{'x': 1})", "unknown"),
        ("import other\nother.extend(parser)", "unknown"),
        ("parser.prog = 'app'", "a str"),
    ],
)
def test_what_else_is_said_to_a_parser_counts(probed: Probe, after: str, value: str) -> None:
    assert parsed(probed, '"--x", required=True', after=after).partition(" (")[0] == value


@pytest.mark.parametrize(
    ("after", "value"),
    [
        ("args.x = None", "None or a str"),
        ("setattr(args, 'x', None)", "unknown"),
        ("import other\nother.change(args)", "a str"),
        ("vars(args).update(x=None)", "unknown"),
        ("show(**vars(args))", "a str"),
        ("print(args)", "a str"),
    ],
)
def test_what_becomes_of_the_arguments_counts(probed: Probe, after: str, value: str) -> None:
    text = """\
import argparse

def show(x):
    return x

def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("x")
    args = parser.parse_args()
    {after}
    report(args)

def report(args):
    probe(args.x)

main()
"""
    (found,) = probed(app=text.format(after=after.replace("\n", "\n    ")))
    assert sorted(found.partition(" (")[0].split(" or ")) == sorted(value.split(" or "))


def test_a_namespace_made_elsewhere_is_not_known(probed: Probe) -> None:
    text = "import argparse\nparser = argparse.ArgumentParser()\nparser.add_argument('x')\n"
    (found,) = probed(app=f"{text}probe(parser.parse_args(namespace=make()).x)\n")
    assert found.startswith("unknown")


SUBCOMMANDS = """\
import argparse

def add(args):
    probe(args.count)

def drop(args):
    probe(args.name, args.verbose)

def build(parents):
    parser = argparse.ArgumentParser(parents=parents)
    commands = parser.add_subparsers(dest="command", required=True)
    one = commands.add_parser("add")
    one.add_argument("--count", type=int, default=1)
    one.set_defaults(func=add)
    two = commands.add_parser("drop")
    two.add_argument("name")
    two.set_defaults(func=drop)
    return parser

def common():
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("--verbose", action="store_true")
    return parser

def main(argv=None):
    args = build([common()]).parse_args(argv)
    probe(args.command)
    args.func(args)

main()
"""


def test_sub_commands_get_the_arguments(probed: Probe) -> None:
    assert probed(app=SUBCOMMANDS) == ["an int", "a str", "False or True", "'add' or 'drop'"]


def test_what_unseen_code_gets_is_open(probed: Probe) -> None:
    text = SUBCOMMANDS.replace("args.func(args)", "args.func(args)\n    import other\n    other.keep([args])")
    assert all(value.startswith("unknown") for value in probed(app=text)[:3])


def test_an_attribute_is_there_where_every_way_declares_it(probed: Probe) -> None:
    text = """\
import argparse
import sys

parser = argparse.ArgumentParser()
parser.add_argument("--sure")
if sys.argv:
    parser.add_argument("--perhaps")
parser.add_argument("--gone", default=argparse.SUPPRESS)
args = parser.parse_args()
probe(hasattr(args, "sure"), hasattr(args, "perhaps"), hasattr(args, "gone"), hasattr(args, "other"))
"""
    assert probed(app=text) == ["True", *["False or True"] * 3]


@pytest.mark.parametrize(
    ("required", "added", "value"),
    [
        (
            "required=True",
            'commands.add_parser("build")\ncommands.add_parser("show", help="h").add_argument("y")',
            "'build' or 'show'",
        ),
        ("required=False", 'commands.add_parser("build")', "None or 'build'"),
        ("required=True", 'commands.add_parser("build", aliases=["b"])', "a str"),
        ("required=True", "commands.add_parser(sys.argv[0])", "a str"),
        ("required=True", 'for name in ("a", "b"):\n    commands.add_parser(name)', "a str"),
        (
            "required=True",
            'import other\nother.use(commands)\ncommands.add_parser("build")',
            "unknown (a parser that unseen code may change: passed to other.use)",
        ),
    ],
)
def test_argparse_commands(required: str, added: str, value: str, probed: Probe) -> None:
    before = f'commands = parser.add_subparsers(dest="x", {required})\n{added}'
    assert parsed(probed, after=before) == value


# click: https://click.palletsprojects.com/en/stable/options/

COMMAND = """\
import click
from pathlib import Path

LEVELS = ["low", "high"]

@click.command()
{decorators}
def main({parameters}):
    probe({probed})

main()
"""


def option(probed: Probe, declaration: str, name: str = "x") -> str:
    (found,) = probed(app=COMMAND.format(decorators=f"@click.{declaration}", parameters=name, probed=name))
    return found


@pytest.mark.parametrize(
    ("declaration", "value"),
    [
        ('argument("x")', "a str"),
        ('argument("x", required=False)', "a str or None"),
        ('argument("x", nargs=-1)', "a tuple"),
        ('argument("x", type=click.Path(exists=True, path_type=Path))', "a pathlib.Path"),
        ('argument("x", default=4)', "an int"),
        ('option("--x")', "a str or None"),
        ('option("--x", required=True)', "a str"),
        ('option("--x", default="a")', "a str"),
        ('option("--x", default=None)', "a str or None"),
        ('option("--x", default=1.5)', "a float"),
        ('option("--x", type=int)', "an int or None"),
        ('option("--x", type=int, default=3)', "an int"),
        ('option("--x", type=int, default=lambda: 3)', "an int or None"),
        ('option("--x", type=click.Choice(LEVELS), default="low")', "'high' or 'low'"),
        ('option("--x", is_flag=True)', "False or True"),
        ('option("--x", is_flag=True, default=None)', "None or False or True"),
        ('option("--x/--no-x")', "False or True"),
        ('option("--x", count=True)', "an int"),
        ('option("--x", multiple=True)', "a tuple"),
        ('option("--x", nargs=2, type=int)', "a tuple or None"),
        ('option("--long", "-l", "x", required=True)', "a str"),
        ('option("--x", type=click.IntRange(0, 9), required=True)', "an int"),
        ('option("--x", type=click.File("r"), required=True)', "something that is not None"),
        ('option("--x", required=True, callback=lambda *_: None)', "unknown (an option with more than is followed)"),
        (
            'option("--x", required=True, type=Path)',
            "unknown (an option from the command line, converted by what is not known)",
        ),
    ],
)
def test_what_an_option_gives(probed: Probe, declaration: str, value: str) -> None:
    assert option(probed, declaration) == value


def test_an_option_is_named_by_its_longest_prefix(probed: Probe) -> None:
    assert option(probed, 'option("-o", "--Out-Dir", required=True)', "out_dir") == "a str"


def test_the_context_comes_first_and_commands_of_groups_are_commands(probed: Probe) -> None:
    text = """\
import click

@click.group()
@click.option("--verbose", is_flag=True)
@click.pass_context
def cli(ctx, verbose):
    probe(ctx, verbose)

@cli.command("show")
@click.argument("name")
def show(name):
    probe(name)

cli()
"""
    assert probed(app=text) == ["something that is not None", "False or True", "a str"]


@pytest.mark.parametrize(
    "more",
    [
        "main.callback(None)",
        "def other(ctx):\n    ctx.invoke(main, x=None)",
        "def other(ctx):\n    ctx.forward(main)",
        "import click.testing\ndef run(runner):\n    runner.invoke(main)",
    ],
)
def test_a_command_that_is_called_past_click_is_open(probed: Probe, more: str) -> None:
    text = COMMAND.format(decorators='@click.option("--x", required=True)', parameters="x", probed="x")
    (found,) = probed(app=f"{text}\n{more}\n")
    assert found == "unknown (an option that is not followed)"


def test_a_runner_passes_a_command_line(probed: Probe) -> None:
    text = COMMAND.format(decorators='@click.option("--x", required=True)', parameters="x", probed="x")
    test = "from click.testing import CliRunner\nfrom app import main\ndef test_main():\n    runner = CliRunner()\n    runner.invoke(main)\n"
    assert probed(app=text, tests__test_app=f"{test}    runner.invoke(main, ['--x', '1'])\n") == ["a str"]


@pytest.mark.parametrize(
    ("call", "known"),
    [
        ("return function(*args, **kwargs)", True),
        ("return function(*args, x=None)", False),
        ("return function(None, **kwargs)", False),
        ("kwargs['x'] = None\n        return function(*args, **kwargs)", False),
        ("kwargs = {}\n        return function(*args, **kwargs)", False),
        ("keep(function)\n        return function(*args, **kwargs)", False),
    ],
)
def test_a_decorator_that_passes_everything_on_changes_nothing(probed: Probe, call: str, known: bool) -> None:
    wrap = f"def safely(function):\n    @functools.wraps(function)\n    def wrapper(*args, **kwargs):\n        {call}\n    return wrapper\n"
    text = COMMAND.format(decorators='@click.option("--x", required=True)\n@safely', parameters="x", probed="x")
    (found,) = probed(app=f"import functools\nfrom lib import keep\n\n{wrap}\n{text}")
    assert (found == "a str") == known


def test_another_decorator_or_command_class_tells_nothing(probed: Probe) -> None:
    for decorators in (
        '@click.option("--x", required=True)\n@other',
        '@click.option("--x", required=True)\n@click.command(cls=C)',
    ):
        text = COMMAND.format(decorators=decorators, parameters="x", probed="x")
        assert probed(app=f"from lib import other, C\n{text}")[0].startswith("unknown")


# pytest: https://docs.pytest.org/en/stable/reference/fixtures.html

TESTS = """\
import pytest
from app import Order

@pytest.fixture
def order():
    return Order()

@pytest.fixture(name="rows")
def _rows():
    yield [1]

class TestOrder:
    def test_it(self, order, rows, tmp_path, capsys):
        probe(order, rows, tmp_path, capsys)

@pytest.mark.parametrize(("a", "b"), [(1, "x"), pytest.param(2, None, id="none")])
@pytest.mark.parametrize("c", [Order(), "y"])
@pytest.mark.parametrize("d", make())
def test_more(a, b, c, d, unheard_of):
    probe(a, b, c, d, unheard_of)
"""


def test_fixtures_and_parameters_of_tests(probed: Probe) -> None:
    found = probed(app="class Order:\n    pass\n", tests__test_app=TESTS)
    assert found[:3] == ["a Order", "a list", "a pathlib.Path"]
    assert found[3:7] == ["something that is not None", "1 or 2", "None or 'x'", "'y' or a Order"]
    assert [value.partition(" (")[0] for value in found[7:]] == ["unknown", "unknown"]


def test_a_fixture_of_the_program_hides_one_of_pytest(probed: Probe) -> None:
    conftest = "import pytest\n\n@pytest.fixture\ndef tmp_path():\n    return None\n"
    test = "def test_it(tmp_path):\n    probe(tmp_path)\n"
    assert probed(tests__conftest=conftest, tests__test_app=test) == ["None"]
