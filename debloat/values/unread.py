"""Attributes that are written and that nobody reads, with all that writes them."""

from __future__ import annotations

import builtins
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from debloat.facts import data, ops
from debloat.model import Evidence, Proof, Span
from debloat.program.binding import arguments, bind
from debloat.program.index import Site
from debloat.program.queries import definitions, world_evidence
from debloat.program.reach import production
from debloat.program.solver import UNKNOWN
from debloat.program.solver import Value as Event
from debloat.values.writing import Write, Writing, are_new

if TYPE_CHECKING:
    from debloat.program.program import Program

# A name that is read at more places is not worth the search.
_MOST_READS = 40
_HOOKS = ("__getattr__", "__getattribute__", "__setattr__", "__delattr__", "__slots__")
# What tells of the fields of a class, or makes an object of all of them.
_TELLING = frozenset(
    "_asdict _field_defaults _fields __dataclass_fields__ __attrs_attrs__ __match_args__ __slots__ __annotations__".split()
)


class Unread(NamedTuple):
    """An attribute of a class that nobody reads.

    ``bound`` binds it in the body of the class, ``passed`` are the calls that give it to a generated constructor, with what
    they give. ``dead`` is where code reads it that is never used.
    """

    cls: int
    name: str
    span: Span
    is_field: bool
    writes: Sequence[Write]
    bound: Sequence[Site]
    passed: Sequence[tuple[Site, Sequence[int]]]
    dead: Site | None
    evidence: tuple[Evidence, ...]


def unread(program: Program) -> Mapping[tuple[int, str], Unread]:
    """The attributes of classes that no live code reads, by class and name."""
    live = program.ask(production)
    return {
        (cls, name): found
        for cls in definitions(program, data.CLASS)
        if live.scope(cls) and program.openings.first(cls) is None
        for name in _names(program, cls)
        if (found := Search(program, cls, name).result()) is not None
    }


def _names(program: Program, cls: int) -> list[str]:
    """The attributes that the methods of a class set, and the fields that its body declares."""
    index = program.index
    facts = index.facts[index.file_of[cls]]
    names = {
        facts.names[name]
        for method in index.children.get(cls, ())
        if index.scopes[method].kind == data.FUNCTION
        for name in index.scopes[method].set_attributes
    }
    if program.analysis.calls.is_model(cls):
        names |= {name for name in program.analysis.calls.fields(cls).fields if program.hierarchy.binds(cls, name)}
    return sorted(name for name in names if name.strip("_") and not (name.startswith("__") and name.endswith("__")))


class Search:
    """What is done with one attribute of the objects of one class and its subclasses."""

    def __init__(self, program: Program, cls: int, name: str) -> None:
        self._program, self._index, self._cls, self._name = program, program.index, cls, name
        self._live = program.ask(production)
        self._heirs = (cls, *program.hierarchy.subclasses(cls))
        self._own = {("object", heir) for heir in self._heirs}
        self._writes: dict[Site, Write] = {}
        self._dead: Site | None = None
        self._writing = Writing(program, self._is_read, self._is_fresh)

    def result(self) -> Unread | None:
        """The attribute, if no live code reads it; UNKNOWN evidence says where that is not sure."""
        program, cls, name = self._program, self._cls, self._name
        sites = self._index.attribute_reads(name)
        if len(sites) > _MOST_READS or not self.is_plain():
            return None
        calls = program.analysis.calls
        fields = calls.fields(cls)
        is_field = name in fields.fields and calls.is_model(cls) and program.hierarchy.binds(cls, name)
        events = self.events()
        opened = next((event for event in events if event[0] == "open"), None)
        if opened is not None:
            if any(self._is_live(site) and not self._is_write(site) for site in sites):
                return None
            return self._withheld(is_field, Site(*opened[2:]), str(opened[1]))
        for event in sorted(events, key=str):
            match event:
                case ("read", int(file), int(pc), str(read)) if read == name:
                    if not self._note_read(Site(file, pc)):
                        return None
                case ("write", int(file), int(pc), str(written)) if written == name:
                    if not self._note_write(Site(file, pc)):
                        return None
        passed = list(self._passed()) if is_field else []
        if None in passed or (not self._writes and not is_field):
            return None
        why = self._looked_at(events) if is_field else None
        if why is not None:
            return self._withheld(is_field, why, "taken as a whole: it is compared, shown, hashed or unpacked")
        return self._found(is_field, [one for one in passed if one is not None])

    def events(self) -> set[Event]:
        found: set[Event] = set()
        for heir in self._heirs:
            for kind in ("object", "class"):
                events = self._program.analysis.flow((kind, heir))
                found |= events
                if any(event[0] == "open" for event in events):
                    return found
        return found

    def is_plain(self) -> bool:
        """Whether the attribute is kept in the objects like any other, and no other class has a say in it."""
        hierarchy = self._program.hierarchy
        for heir in self._heirs:
            for base in hierarchy.order(heir):
                if isinstance(base, str):
                    if hasattr(getattr(builtins, base.removeprefix("<builtin>."), None), self._name):
                        return False
                elif any(hierarchy.binds(base, name) for name in (*_HOOKS, *[self._name] * (base != self._cls))):
                    return False
        return all(self._binds_value(site) for site in self.bound())

    def bound(self) -> Iterator[Site]:
        """Where the body of the class binds the name."""
        file = self._index.file_of[self._cls]
        number = self._index.facts[file].name_index.get(self._name, -1)
        yield from (Site(file, pc) for pc in self._index.scopes[self._cls].bound.get(number, ()))

    def _binds_value(self, site: Site) -> bool:
        fact = self._index.facts[site.file]
        code, record = fact.code, self._index.scopes[self._cls]
        if not record.start <= site.pc < record.end:
            return False
        if code[site.pc] == ops.DECLARE:
            return True
        constant = code[site.pc] == ops.STORE and code[site.pc + 5] == ops.PLAIN
        return constant and code[code[site.pc + 4]] not in (ops.FUNCTION, ops.LAMBDA, ops.ITEM)

    def _is_live(self, site: Site) -> bool:
        return self._live.scope(self._index.scope_at(site)) and not self._program.files[site.file].tests

    # What is done with it

    def _note_read(self, site: Site) -> bool:
        """Note what a read is for; False where it is to know the value."""
        scope = self._index.scope_at(site)
        if self._is_read(site) and (found := self._writing.of(site)) is not None:
            if found.site != site:
                self._writes[found.site] = found
            return True
        if self._program.files[site.file].tests or self._live.scope(scope):
            return False
        self._dead = site
        return True

    def _is_read(self, site: Site) -> bool:
        """Whether an expression reads an attribute of the name."""
        fact = self._index.facts[site.file]
        return fact.code[site.pc] == ops.ATTR and fact.names[fact.code[site.pc + 4]] == self._name

    def _is_write(self, site: Site) -> bool:
        return self._writing.of(site) is not None

    def _note_write(self, site: Site) -> bool:
        code = self._index.facts[site.file].code
        if code[site.pc] != ops.SET_ATTR or self._program.files[site.file].tests:
            return False
        bases = self._program.analysis.values(Site(site.file, code[site.pc + 3]))
        if not bases or not bases <= self._own or code[code[site.pc + 5]] in (ops.ITEM, ops.ELEMENT, ops.ENTER):
            return False
        value = Site(site.file, code[site.pc + 5])
        if code[value.pc] == ops.BINARY and self._reads_same(site, code[value.pc + 4]):
            value = Site(site.file, code[value.pc + 5])
        self._writes.setdefault(site, Write(site, (value,)))
        return True

    def _reads_same(self, site: Site, value: int) -> bool:
        """Whether a value is the attribute that an augmented assignment sets."""
        code = self._index.facts[site.file].code
        return code[value] == ops.ATTR and code[value + 4] == code[site.pc + 4]

    def _is_fresh(self) -> bool:
        """Whether all that is ever put into the attribute is a new builtin container that nobody else has."""
        found = []
        for site in self.bound():
            code = self._index.facts[site.file].code
            if code[site.pc] != ops.STORE:
                return False
            found.append(Site(site.file, code[site.pc + 4]))
        for writer in self._index.attribute_writers.get(self._name, ()):
            for site in self._index.find(writer, ops.SET_ATTR, 4, self._name):
                code = self._index.facts[site.file].code
                bases = self._program.analysis.values(Site(site.file, code[site.pc + 3]))
                value = Site(site.file, code[site.pc + 5])
                if not bases.isdisjoint(self._own | {UNKNOWN}) and not self._grows(site):
                    found.append(value)
        return are_new(self._program, found)

    def _grows(self, site: Site) -> bool:
        """Whether a statement adds to the container by an operator that changes it in its place."""
        code = self._index.facts[site.file].code
        value = code[site.pc + 5]
        return code[value] == ops.BINARY and self._reads_same(site, code[value + 4])

    # Fields of generated constructors

    def _looked_at(self, events: set[Event]) -> Site | None:
        """Where all fields of an object matter: it is compared, shown, unpacked, or asked for what it has."""
        for event in sorted(events, key=str):
            match event:
                case ("whole", int(file), int(pc)) if not self._is_replaced(Site(file, pc)):
                    return Site(file, pc)
                case ("read", int(file), int(pc), str(name)) if name in _TELLING:
                    return Site(file, pc)
        for heir in self._heirs:
            for special in ("__init__", "__new__"):
                owner = self._program.hierarchy.owner(heir, special)
                if isinstance(owner, int):
                    return self._index.definition(owner)
            for method in self._program.analysis.methods(("object", heir), "__post_init__"):
                if len(self._index.scopes[method[1]].parameters) > 1:
                    return self._index.definition(method[1])
        return None

    def _is_replaced(self, site: Site) -> bool:
        """Whether a copy is made there with other fields changed."""
        fact = self._index.facts[site.file]
        if fact.code[site.pc] != ops.CALL:
            return False
        called = self._program.names.static(Site(site.file, fact.code[site.pc + 5]))
        names = [name for name, _ in arguments(fact, site.pc).keywords]
        return called == {("external", "dataclasses.replace")} and not {None, self._name} & {*names}

    def _passed(self) -> Iterator[tuple[Site, Sequence[int]] | None]:
        """The calls that give the field, with the values; None where nobody can tell."""
        for heir in self._heirs:
            fields = self._program.analysis.calls.fields(heir)
            position = fields.position(self._name)
            for event in sorted(self._program.analysis.flow(("class", heir)), key=str):
                match event:
                    case ("call", int(file), int(pc), _):
                        binding = bind(arguments(self._index.facts[file], pc), fields.parameters, fields.names, 0)
                        if position in binding.unsure or not binding.fits:
                            yield None
                        if position in binding.given:
                            yield Site(file, pc), binding.given[position]
                    case ("handed" | "partial" | "applied", *_):
                        yield None

    # What comes out

    def _span(self) -> Span:
        """Where the attribute is declared, else where it is set first."""
        bound = [site for site in self.bound() if self._index.facts[site.file].code[site.pc] != ops.DECLARE]
        declared = next(iter([*self.bound()] or bound), None)
        site = declared or min([*self._writes], default=self._index.definition(self._cls))
        return self._index.place(site)

    def _withheld(self, is_field: bool, site: Site, why: str) -> Unread:
        unsure = Evidence("callers", Proof.UNKNOWN, self._index.place(site), why)
        span = self._span() if is_field else self._index.span(self._cls)
        return Unread(self._cls, self._name, span, is_field, (), (), (), None, (unsure,))

    def _found(self, is_field: bool, passed: Sequence[tuple[Site, Sequence[int]]]) -> Unread:
        span, cls = self._span(), self._index.span(self._cls)
        evidence = (
            Evidence("reachability", Proof.PROVED, span, "no live code that has an object of its class reads it"),
            Evidence("callers", Proof.PROVED, cls, "no code that cannot be seen has an object of its class"),
            *world_evidence(self._program, self._cls),
        )
        writes = [self._writes[site] for site in sorted(self._writes)]
        bound = [*self.bound()]
        return Unread(self._cls, self._name, span, is_field, writes, bound, passed, self._dead, evidence)
