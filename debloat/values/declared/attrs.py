"""What attrs leaves of what a constructor is given: a converter makes something of it, a validator refuses the rest.

Source: https://www.attrs.org/en/stable/init.html (Validators, Converters), https://www.attrs.org/en/stable/api.html (attrs.validators,
attrs.converters). Defaults are converted and validated too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from debloat.facts import ops
from debloat.program.binding import arguments
from debloat.program.index import Site
from debloat.values.domain import EITHER, NONE, NOTHING, Value, join, objects, of, unknown

if TYPE_CHECKING:
    from debloat.values.analysis import Values

_FIELDS = frozenset(("external", name) for name in ("attr.ib", "attr.attrib", "attr.field", "attrs.field"))
_PLAIN = frozenset({"str", "int", "float", "bytes", "list", "dict", "set", "tuple", "frozenset"})
_SWITCHES = ("set_disabled", "set_run_validators", "disabled")


def kept(values: Values, field: Site, given: Value) -> Value:
    """What a field declared there holds once its constructor was given a value; for other than attrs that value itself."""
    fact = values.index.facts[field.file]
    if field.pc < 0 or fact.code[field.pc] != ops.CALL:
        return given
    keywords = dict(arguments(fact, field.pc).keywords)
    is_field = values.program.names.static(Site(field.file, fact.code[field.pc + 5])) <= _FIELDS
    if not given or not is_field:
        return given
    if None in keywords:
        return unknown("unpacked arguments: what they hold is not seen", field)
    if "converter" in keywords:
        given = _converted(values, Site(field.file, keywords["converter"]))
    if "validator" in keywords and not any(any(values.index.calls_named(name)) for name in _SWITCHES):
        given = _validated(values, Site(field.file, keywords["validator"]), given)
    return given


def _named(values: Values, site: Site) -> tuple[str, Site | None]:
    """The dotted name of what a call calls, with what it is given first; of other expressions, what they name."""
    fact = values.index.facts[site.file]
    is_call = fact.code[site.pc] == ops.CALL
    found = values.program.names.static(Site(site.file, fact.code[site.pc + 5]) if is_call else site)
    given = arguments(fact, site.pc).positional if is_call else ()
    match list(found):
        case [("external", str(dotted))]:
            name = dotted.replace("attr.", "attrs.", 1) if dotted.startswith("attr.") else dotted
            return name, Site(site.file, given[0][0]) if given and not given[0][1] else None
    return "", None


def _converted(values: Values, converter: Site) -> Value:
    name, inner = _named(values, converter)
    kind = name.removeprefix("<builtin>.")
    if name == "attrs.converters.optional" and inner is not None:
        return join([_converted(values, inner), of(NONE)])
    if name in ("<builtin>.bool", "attrs.converters.to_bool"):
        return EITHER
    if name != kind and kind in _PLAIN and inner is None:
        return of(("builtin", kind))
    if name == "pathlib.Path":
        return of(("stub", name))
    found = values.at(*converter)
    if found and all(atom[0] == "function" for atom in objects(found)):
        return values.calls.result_of(found, converter)
    return unknown("converted by what is not followed", converter) if found else NOTHING


def _validated(values: Values, validator: Site, given: Value) -> Value:
    """What a validator lets through."""
    fact = values.index.facts[validator.file]
    if fact.code[validator.pc] == ops.SEQUENCE:
        at = validator.pc
        for one in fact.code[at + 5 : at + 5 + fact.code[at + 4]]:
            given = _validated(values, Site(validator.file, one), given)
        return given
    name, inner = _named(values, validator)
    if inner is None:
        return given
    match name:
        case "attrs.validators.optional":
            nothing = of(NONE) if NONE in given or any(atom[0] == "unknown" for atom in given) else NOTHING
            return join([_validated(values, inner, given), nothing])
        case "attrs.validators.instance_of":
            wanted = values.narrowing.classes(values.at(*inner))
            return values.narrowing.instances(given, wanted) if wanted else given
    return given
