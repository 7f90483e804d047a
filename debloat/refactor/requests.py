"""What rules ask for: the refactorings as plain data, with what they are applied to.

Each is carried out by the module of its name, which is imported when it is: to load LibCST takes longer than to look at
a small project.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

from debloat.model import Fix, Refactoring, Span
from debloat.program.aliases import Alias
from debloat.program.contexts import IdleContext
from debloat.program.dead import Dead
from debloat.program.generics import Generic
from debloat.program.index import Site
from debloat.program.layers import Layer
from debloat.program.properties import Trivial
from debloat.program.undecorated import Idle
from debloat.values.unassigned import Unassigned

if TYPE_CHECKING:
    from debloat.program import Program

Form = Literal["attribute", "item", "argument", "copied"]
_TITLES: dict[Form, str] = {
    "attribute": "Read the attribute",
    "item": "Look the key up",
    "argument": "Drop the conversion",
    "copied": "Drop the copy",
}


@dataclass(frozen=True, slots=True)
class NarrowAnnotation:
    """Take None out of the annotation of what a function returns or, if one is named, of a parameter.

    ``function`` is where the ``def`` begins. A default of None goes as well, since no call can be using it.
    """

    function: Span
    parameter: str | None

    @property
    def title(self) -> str:
        """What it does."""
        return "Take None out of the annotation"

    def fix(self, program: Program) -> Fix:
        """The edits. Raises RefusedError where the annotation is of another form."""
        from debloat.refactor.annotation import narrow_annotation

        return narrow_annotation(self, program)


@dataclass(frozen=True, slots=True)
class Unassign:
    """Delete assignments of a local variable that nobody needs."""

    found: Unassigned

    @property
    def title(self) -> str:
        """What it does."""
        return f"Delete the assignment of {self.found.name}"

    def fix(self, program: Program) -> Fix:
        """The edits. Raises RefusedError where what is assigned does something that no statement of its own does."""
        from debloat.refactor.unassign import unassign

        return unassign(self, program)


@dataclass(frozen=True, slots=True)
class Unname:
    """Have the handler that begins at a place give the exception no name."""

    handler: Span

    @property
    def title(self) -> str:
        """What it does."""
        return "Drop the name of the exception"

    def fix(self, program: Program) -> Fix:
        """The edit. Raises RefusedError where the place is of no handler."""
        from debloat.refactor.unassign import unname

        return unname(self, program)


@dataclass(frozen=True, slots=True)
class PlainString:
    """Drop the ``f`` of the f-string at a place, into which nothing is filled."""

    string: Span

    @property
    def title(self) -> str:
        """What it does."""
        return "Drop the f"

    def fix(self, program: Program) -> Fix:
        """The edit. Raises RefusedError where there is no such string."""
        from debloat.refactor.erase import plain

        return plain(self, program)


@dataclass(frozen=True, slots=True)
class Bare:
    """Drop the test of the ``if`` statement that begins at a place and keep what it guards."""

    start: Span

    @property
    def title(self) -> str:
        """What it does."""
        return "Drop the guard, which stops nothing"

    def fix(self, program: Program) -> Fix:
        """The edits. Raises RefusedError where the test is one of several."""
        from debloat.refactor.erase import unguard

        return unguard(self, program)


@dataclass(frozen=True, slots=True)
class CollapseBase:
    """Make one class of a base and its ``heir``: the heir, or the base ``into_base``, to which the heir adds nothing."""

    base: int
    heir: int
    into_base: bool = False

    @property
    def title(self) -> str:
        """What it does."""
        return "Collapse the subclass into its base" if self.into_base else "Collapse the base into its one subclass"

    def fix(self, program: Program) -> Fix:
        """The edits in all files. Raises RefusedError where the classes are not the same once they are one."""
        from debloat.refactor.collapse_base import collapse_base

        return collapse_base(self, program)


@dataclass(frozen=True, slots=True)
class CollapseCall:
    """Make a function of a class with a constructor and one method."""

    cls: int

    @property
    def title(self) -> str:
        """What it does."""
        return "Make a function of the class"

    def fix(self, program: Program) -> Fix:
        """The edits in all files. Raises RefusedError where the two methods do not go together or a call does not tell."""
        from debloat.refactor.collapse_call import collapse_call

        return collapse_call(self, program)


@dataclass(frozen=True, slots=True)
class CollapseClass:
    """Make functions of the methods of a class without state."""

    cls: int

    @property
    def title(self) -> str:
        """What it does."""
        return "Make functions of the methods"

    def fix(self, program: Program) -> Fix:
        """The edits in all files. Raises RefusedError where a name is taken or the class is still named somewhere."""
        from debloat.refactor.collapse_class import collapse_class

        return collapse_class(self, program)


@dataclass(frozen=True, slots=True)
class CollapseException:
    """Raise the base of an exception class, one of the program or the builtin of a name, in its place."""

    cls: int
    base: int | str

    @property
    def title(self) -> str:
        """What it does."""
        return "Raise its base and delete it"

    def fix(self, program: Program) -> Fix:
        """The edits in all files. Raises RefusedError where the base cannot be named in the place of the class."""
        from debloat.refactor.collapse_exception import collapse_exception

        return collapse_exception(self, program)


@dataclass(frozen=True, slots=True)
class CollapseLayer:
    """Put what the objects of a class hold in their place."""

    layer: Layer

    @property
    def title(self) -> str:
        """What it does."""
        return "Use what it holds and delete it"

    def fix(self, program: Program) -> Fix:
        """The edits in all files. Raises RefusedError where an import does not allow them."""
        from debloat.refactor.collapse_layer import collapse_layer

        return collapse_layer(self, program)


@dataclass(frozen=True, slots=True)
class CollapsePart:
    """Drop a part of the tuples that a function returns."""

    function: int

    @property
    def title(self) -> str:
        """What it does."""
        return "Return the rest without the part that never varies"

    def fix(self, program: Program) -> Fix:
        """The edits at the returns and at all calls. Raises RefusedError where one is not of the form."""
        from debloat.refactor.collapse_result import collapse_part

        return collapse_part(self, program)


@dataclass(frozen=True, slots=True)
class CollapseRecord:
    """Return the one field of a record in its place."""

    cls: int

    @property
    def title(self) -> str:
        """What it does."""
        return "Return the value itself"

    def fix(self, program: Program) -> Fix:
        """The edits in all files. Raises RefusedError where the class is still named or a function may return nothing."""
        from debloat.refactor.collapse_result import collapse_record

        return collapse_record(self, program)


@dataclass(frozen=True, slots=True)
class Cut:
    """Delete the statement that begins at a place and all that follows it in its block; or the ``case`` whose pattern does."""

    start: Span
    case: bool = False

    @property
    def title(self) -> str:
        """What it does."""
        return "Delete what never runs"

    def fix(self, program: Program) -> Fix:
        """The edits. Raises RefusedError where the block cannot do without the statements."""
        from debloat.refactor.cut import cut

        return cut(self, program)


@dataclass(frozen=True, slots=True)
class Delete:
    """Delete what is dead."""

    found: Dead

    @property
    def title(self) -> str:
        """What it does."""
        return f"Delete the {self.found.noun} {self.found.symbol.rpartition(':')[2]}"

    def fix(self, program: Program) -> Fix:
        """The edits, with what else is dead and names it, and its tests. Raises RefusedError where something must stay."""
        from debloat.refactor.delete import delete

        return delete(self, program)


@dataclass(frozen=True, slots=True)
class Direct:
    """Name what is looked up in the table of one entry that a variable of a module holds."""

    scope: int
    name: str

    @property
    def title(self) -> str:
        """What it does."""
        return "Name what is looked up"

    def fix(self, program: Program) -> Fix:
        """The edits. Raises RefusedError where what is looked up has no name."""
        from debloat.refactor.direct import direct

        return direct(self, program)


@dataclass(frozen=True, slots=True)
class Discard:
    """Have a function return nothing."""

    function: int

    @property
    def title(self) -> str:
        """What it does."""
        return "Return nothing"

    def fix(self, program: Program) -> Fix:
        """The edits. Raises RefusedError where what is returned does something that no statement of its own does."""
        from debloat.refactor.discard import discard

        return discard(self, program)


class Dropped(NamedTuple):
    """A parameter: the function, the position in it, and expressions of what it always is, if the body reads it."""

    function: int
    position: int
    values: tuple[Site, ...] = ()


@dataclass(frozen=True, slots=True)
class Require:
    """Drop the defaults of some parameters, given by function and position."""

    parameters: tuple[tuple[int, int], ...]

    @property
    def title(self) -> str:
        """What it does."""
        return "Drop the default"

    def fix(self, program: Program) -> Fix:
        """The edits. Raises RefusedError where the definition does not allow them."""
        from debloat.refactor.drop import require

        return require(self, program)


@dataclass(frozen=True, slots=True)
class Drop:
    """Drop parameters that get the same arguments: one, or those of a method and its overrides."""

    parameters: tuple[Dropped, ...]

    @property
    def title(self) -> str:
        """What it does."""
        values = any(dropped.values for dropped in self.parameters)
        return "Put the value into the body and drop the parameter" if values else "Drop the parameter"

    def fix(self, program: Program) -> Fix:
        """The edits. Raises RefusedError where a call or the definition does not allow them."""
        from debloat.refactor.drop import drop

        return drop(self, program)


@dataclass(frozen=True, slots=True)
class DropBase:
    """Take a base away from a class that uses nothing of it."""

    cls: int
    base: int

    @property
    def title(self) -> str:
        """What it does."""
        return "Drop the base"

    def fix(self, program: Program) -> Fix:
        """The edits. Raises RefusedError where the text does not tell the place."""
        from debloat.refactor.drop_base import drop_base

        return drop_base(self, program)


@dataclass(frozen=True, slots=True)
class Settle:
    """Put the constant that a function always returns where calls of it are assigned or returned, below the calls."""

    value: Site
    uses: tuple[Site, ...]

    @property
    def title(self) -> str:
        """What it does."""
        return "Put the constant in the place of the result"

    def fix(self, program: Program) -> Fix:
        """The edits. Raises RefusedError where a statement does more than to assign or return the result."""
        from debloat.refactor.settle import settle

        return settle(self, program)


@dataclass(frozen=True, slots=True)
class Erase:
    """Delete the one statement that begins at a place, or has it in it and no other."""

    start: Span

    @property
    def title(self) -> str:
        """What it does."""
        return "Delete what does nothing"

    def fix(self, program: Program) -> Fix:
        """The edits. Raises RefusedError where the block cannot do without the statement."""
        from debloat.refactor.erase import erase

        return erase(self, program)


@dataclass(frozen=True, slots=True)
class Expose:
    """Give the attribute behind a property its name and delete the property."""

    found: Trivial

    @property
    def title(self) -> str:
        """What it does."""
        return "Name the attribute like the property and delete that"

    def fix(self, program: Program) -> Fix:
        """The edits in all files. Raises RefusedError where a use does not stand in the text."""
        from debloat.refactor.expose import expose

        return expose(self, program)


@dataclass(frozen=True, slots=True)
class Fold:
    """Put the ``outcome`` of a test in its place."""

    test: Site
    outcome: bool

    @property
    def title(self) -> str:
        """What it does."""
        return f"Fold the test, which is always {'true' if self.outcome else 'false'}"

    def fix(self, program: Program) -> Fix:
        """The edits. Raises RefusedError where the outcome is not all that matters of the test."""
        from debloat.refactor.fold import fold

        return fold(self, program)


@dataclass(frozen=True, slots=True)
class Unguard(Fold):
    """Drop a guard that changes nothing: what is done if the test has the ``outcome`` does for both."""

    @property
    def title(self) -> str:
        """What it does."""
        return "Drop the guard, which changes nothing"


@dataclass(frozen=True, slots=True)
class Forget:
    """Delete all that writes an attribute of a class which nobody reads."""

    cls: int
    name: str

    @property
    def title(self) -> str:
        """What it does."""
        return f"Delete the attribute {self.name}"

    def fix(self, program: Program) -> Fix:
        """The edits in all files. Raises RefusedError where what is written does something or code still reads it."""
        from debloat.refactor.forget import forget

        return forget(self, program)


@dataclass(frozen=True, slots=True)
class InlineAttribute:
    """Put the one value that an attribute of a class ever has where it is read."""

    cls: int
    name: str

    @property
    def title(self) -> str:
        """What it does."""
        return f"Put the value where the attribute {self.name} is read and delete it"

    def fix(self, program: Program) -> Fix:
        """The edits. Raises RefusedError where the value cannot be written there."""
        from debloat.refactor.inline_attribute import inline_attribute

        return inline_attribute(self, program)


@dataclass(frozen=True, slots=True)
class Inline:
    """Put the code of a function or method in the place of each call of it."""

    function: int

    @property
    def title(self) -> str:
        """What it does."""
        return "Put what it does in the place of its calls and delete it"

    def fix(self, program: Program) -> Fix:
        """The edits. Raises RefusedError where a call cannot give way to the code of the function."""
        from debloat.refactor.inline import inline

        return inline(self, program)


@dataclass(frozen=True, slots=True)
class MakePlain:
    """Make a plain function of an async one that never waits; ``waits`` are what awaits or runs what its calls give."""

    function: int
    waits: tuple[Site, ...]

    @property
    def title(self) -> str:
        """What it does."""
        return "Make it a plain function"

    def fix(self, program: Program) -> Fix:
        """The edits in all files. Raises RefusedError where the text does not tell the places."""
        from debloat.refactor.make_plain import make_plain

        return make_plain(self, program)


@dataclass(frozen=True, slots=True)
class Reach:
    """Name a variable of a module where the function that returns it was called, and delete the function."""

    function: int
    variable: str

    @property
    def title(self) -> str:
        """What it does."""
        return "Name the object itself and delete the function"

    def fix(self, program: Program) -> Fix:
        """The edits in all files. Raises RefusedError where a use is no call, or a name is taken."""
        from debloat.refactor.reach import reach

        return reach(self, program)


@dataclass(frozen=True, slots=True)
class Redirect:
    """Have all uses of a function mean a target and delete the function.

    ``names`` maps the parameters that are called otherwise in the target; ``call`` is the call of it that is all the
    function does, ``on_receiver`` says that this is a call of a method of the same object.
    """

    function: int
    target: int
    names: tuple[tuple[str, str], ...]
    call: Site | None = None
    on_receiver: bool = False

    @property
    def title(self) -> str:
        """What it does."""
        return "Use the other function and delete this one" if self.call is None else "Call the target and delete it"

    def fix(self, program: Program) -> Fix:
        """The edits. Raises RefusedError where a use does not allow them."""
        from debloat.refactor.redirect import redirect

        return redirect(self, program)


@dataclass(frozen=True, slots=True)
class Specialise:
    """Put the argument that a generic class always gets in the place of its type variable."""

    found: Generic

    @property
    def title(self) -> str:
        """What it does."""
        return "Name the argument in the place of the type variable"

    def fix(self, program: Program) -> Fix:
        """The edits in all files. Raises RefusedError where the argument has no name in the module of the class."""
        from debloat.refactor.specialise import specialise

        return specialise(self, program)


@dataclass(frozen=True, slots=True)
class Uncontext:
    """Delete a context manager that does nothing, and put what it is around in the place of each ``with``."""

    found: IdleContext

    @property
    def title(self) -> str:
        """What it does."""
        return "Take the code out of the with and delete it"

    def fix(self, program: Program) -> Fix:
        """The edits in all files. Raises RefusedError where a ``with`` enters more, or a function imports it."""
        from debloat.refactor.uncontext import uncontext

        return uncontext(self, program)


@dataclass(frozen=True, slots=True)
class Undecorate:
    """Delete a decorator that changes nothing, wherever it stands."""

    found: Idle

    @property
    def title(self) -> str:
        """What it does."""
        return "Delete the decorator"

    def fix(self, program: Program) -> Fix:
        """The edits in all files. Raises RefusedError where a function imports it."""
        from debloat.refactor.undecorate import undecorate

        return undecorate(self, program)


@dataclass(frozen=True, slots=True)
class UseRealName:
    """Name what an alias stands for wherever the alias is named, and delete the alias."""

    alias: Alias

    @property
    def title(self) -> str:
        """What it does."""
        return "Use the real name and delete the alias"

    def fix(self, program: Program) -> Fix:
        """The edits. Raises RefusedError where a use does not allow them."""
        from debloat.refactor.realias import use_real_name

        return use_real_name(self, program)


@dataclass(frozen=True, slots=True)
class DropDefault:
    """Replace ``x or default`` by ``x``; ``given`` is x."""

    given: Site

    @property
    def title(self) -> str:
        """What it does."""
        return "Drop the default"

    def fix(self, program: Program) -> Fix:
        """The edits. Raises RefusedError."""
        from debloat.refactor.replace import drop_default

        return drop_default(self, program)


@dataclass(frozen=True, slots=True)
class LookUpOnce:
    """Replace ``d[k] if k in d else x``, as an expression or as a statement that assigns either, by ``d.get(k, x)``."""

    test: Site

    @property
    def title(self) -> str:
        """What it does."""
        return "Look the key up once, with a default"

    def fix(self, program: Program) -> Fix:
        """The edits. Raises RefusedError where the arms are not a lookup and a default."""
        from debloat.refactor.replace import look_up_once

        return look_up_once(self, program)


@dataclass(frozen=True, slots=True)
class Replace:
    """Replace a call: ``getattr(x, "a", d)`` by ``x.a``, ``x.get(k, d)`` by ``x[k]``, ``f(x)`` or ``x.copy()`` by ``x``."""

    call: Site
    form: Form

    @property
    def title(self) -> str:
        """What it does."""
        return _TITLES[self.form]

    def fix(self, program: Program) -> Fix:
        """The edits. Raises RefusedError where the call is not of the form."""
        from debloat.refactor.replace import replace

        return replace(self, program)


@dataclass(frozen=True, slots=True)
class Uncomment:
    """Take a rule out of the suppression at a place, and the comment away if it names no other."""

    span: Span
    rule: str

    @property
    def title(self) -> str:
        """What it does."""
        return "Delete the suppression"

    def fix(self, program: Program) -> Fix:
        """The edit of its line. Raises RefusedError."""
        from debloat.refactor.uncomment import uncomment

        return uncomment(self, program)


@dataclass(frozen=True, slots=True)
class DropHandler:
    """Delete the handler that begins at a place.

    Where it is the only one, what was guarded takes the place of the ``try``, with what its ``else`` does behind it; a
    ``finally`` keeps the ``try``.
    """

    handler: Span

    @property
    def title(self) -> str:
        """What it does."""
        return "Delete the handler"

    def fix(self, program: Program) -> Fix:
        """The edits. Raises RefusedError where no ``try`` is found there."""
        from debloat.refactor.unwrap import drop_handler

        return drop_handler(self, program)


@dataclass(frozen=True, slots=True)
class DropComment:
    """Delete the comment at a place, with its lines where nothing else stands on them."""

    comment: Span

    @property
    def title(self) -> str:
        """What it does."""
        return "Delete the comment"

    def fix(self, program: Program) -> Fix:
        """The edit. Raises RefusedError where there is no comment."""
        from debloat.refactor.uncomment import drop_comment

        return drop_comment(self, program)


@dataclass(frozen=True, slots=True)
class DropImports:
    """Take names out of an import statement, each given by where it stands, or the statement away if it has no others."""

    path: str
    places: tuple[tuple[int, int], ...]

    @property
    def title(self) -> str:
        """What it does."""
        return "Delete the import"

    def fix(self, program: Program) -> Fix:
        """The edits. Raises RefusedError where the statement shares its lines."""
        from debloat.refactor.unused import drop_imports

        return drop_imports(self, program)


@dataclass(frozen=True, slots=True)
class DropDocstring:
    """Delete the docstring at a place, below which its definition has other statements."""

    docstring: Span

    @property
    def title(self) -> str:
        """What it does."""
        return "Delete the docstring"

    def fix(self, program: Program) -> Fix:
        """The edits. Raises RefusedError where other code shares its lines."""
        from debloat.refactor.uncomment import drop_docstring

        return drop_docstring(self, program)


@dataclass(frozen=True, slots=True)
class Trusting:
    """Another refactoring, on the program as it is if outsiders leave alone what they are trusted to."""

    refactoring: Refactoring

    @property
    def title(self) -> str:
        """What it does."""
        return self.refactoring.title

    def fix(self, program: Program) -> Fix:
        """The edits. Raises RefusedError where the other does."""
        return self.refactoring.fix(program.trusting)
