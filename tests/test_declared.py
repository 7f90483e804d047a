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
            for site in program.index.calls_named("probe")
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
    assert probed(app=SUBCOMMANDS) == ["an int", "a str", "False or True", "a str"]


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
