"""Functions of the standard library that take a path as they take its text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from debloat.facts import ops
from debloat.model import Evidence, Proof
from debloat.program.binding import arguments
from debloat.program.index import Site
from debloat.program.queries import users
from debloat.values.analysis import Values
from debloat.values.domain import Value, objects

if TYPE_CHECKING:
    from debloat.program.program import Program

# Which arguments of a function are paths: by position or by keyword.
_OF_PATHS: dict[str, tuple[int | str, ...]] = {
    **{
        f"os.path.{name}": (0,)
        for name in (
            "abspath basename dirname exists expanduser expandvars getatime getctime getmtime getsize isabs isdir isfile "
            "islink lexists normpath realpath split splitext"
        ).split()
    },
    **{f"os.{name}": (0,) for name in "chdir chmod listdir makedirs mkdir remove removedirs rmdir stat unlink utime".split()},
    **{f"os.{name}": (0, 1) for name in ("link", "rename", "renames", "replace", "symlink")},
    **{f"shutil.{name}": (0, 1) for name in ("copymode", "copystat")},
    **{f"subprocess.{name}": ("cwd",) for name in ("run", "call", "check_call", "check_output", "Popen")},
    "os.path.join": (*range(9),), "os.path.relpath": (0, 1), "os.path.samefile": (0, 1), "pathlib.Path": (*range(9),),
    "shutil.rmtree": (0,),
}  # fmt: skip
# These give back what they are given.
_GIVING = {f"shutil.{name}": (0, 1) for name in ("copy", "copy2", "copyfile", "copytree", "move")}
_PATHS = frozenset({"pathlib.Path", "pathlib.PurePath", "pathlib.PosixPath", "pathlib.WindowsPath"})


def are_paths(value: Value) -> bool:
    """Whether all objects of a value are paths of ``pathlib``."""
    found = objects(value)
    return bool(found) and all(atom[0] == "stub" and atom[1] in _PATHS for atom in found)


def error_evidence(program: Program, text: Site, name: str) -> Iterator[Evidence]:
    """ASSUMED evidence where a function that is given a path may show it in an error."""
    silent = name.startswith(("os.path.", "pathlib.")) and not name.startswith(("os.path.get", "os.path.samefile"))
    if name and not silent:
        note = f"assumes that nobody minds how an error of {name} shows the path"
        yield Evidence("raises", Proof.ASSUMED, program.index.place(text), note)


def taker(program: Program, text: Site) -> str:
    """The function that is given the text of a path and takes the path as well; "" where there is none."""
    fact = program.facts[text.file]
    match users(program, text):
        case [user] if fact.code[user] == ops.CALL and fact.code[user + 5] != text.pc:
            call = Site(text.file, user)
        case _:
            return ""
    called = objects(program.ask(Values).value(Site(text.file, fact.code[call.pc + 5])))
    if len(called) != 1 or called[0][0] != "external":
        return ""
    name = str(called[0][1])
    given = arguments(fact, call.pc)
    place = next((at for at, (value, _) in enumerate(given.positional) if value == text.pc), None)
    keyword = next((key for key, value in given.keywords if value == text.pc), None)
    ends = users(program, call)
    dropped = len(ends) == 1 and fact.code[ends[0]] == ops.EXPR
    takes = _OF_PATHS.get(name, _GIVING.get(name, ()) if dropped else ())
    starred = any(star for _, star in given.positional)
    return name if not starred and (place in takes or keyword in takes) else ""
