"""What pytest gives to the parameters of tests and fixtures: what a fixture returns, what ``parametrize`` lists, its own fixtures.

Source: https://docs.pytest.org/en/stable/reference/fixtures.html, https://docs.pytest.org/en/stable/how-to/parametrize.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from debloat.facts import data, ops
from debloat.program.binding import arguments
from debloat.program.index import Site
from debloat.program.queries import constant
from debloat.values.domain import NOTHING, SOMETHING, Value, join, of, unknown
from debloat.values.standins import PATCHERS

if TYPE_CHECKING:
    from debloat.program.program import Program
    from debloat.values.analysis import Values

_FIXTURES = frozenset({"pytest.fixture", "_pytest.fixtures.fixture"})
_PARAMETRIZE = "pytest.mark.parametrize"
# Fixtures that pytest brings along.
_OWN = {"tmp_path": ("stub", "pathlib.Path")} | dict.fromkeys(
    "cache capfd capfdbinary caplog capsys capsysbinary monkeypatch pytestconfig recwarn request testdir pytester "
    "tmp_path_factory tmpdir tmpdir_factory".split(),
    SOMETHING,
)


def given(values: Values, scope: int, position: int) -> Value:
    """What pytest gives a parameter of a test or fixture; nothing for any other function."""
    index = values.index
    program = values.program
    if not program.files[index.file_of[scope]].tests or program.index.calls_named("pytest_generate_tests"):
        return NOTHING
    decorators = list(_decorators(values, scope))
    is_fixture = any(name in _FIXTURES for name, _ in decorators)
    if not (is_fixture or index.name(scope).startswith("test")) or any(not _is_known(name) for name, _ in decorators):
        return NOTHING
    # The decorator next to the function gives the first of its mocks.
    mocks = [site for name, site in reversed(decorators) if name in PATCHERS and values.standins.injects(site)]
    cls = index.enclosing_class(scope)
    around = list(_decorators(values, cls)) if cls >= 0 else []
    if any(name in PATCHERS for name, _ in around):
        return NOTHING
    first = int(cls >= 0)
    if first <= position < first + len(mocks):
        return values.standins.entered(mocks[position - first])
    name = index.facts[index.file_of[scope]].names[index.scopes[scope].parameters[position].name]
    for decorator, site in (*decorators, *around):
        if decorator == _PARAMETRIZE and (found := list(_listed(values, site, name))):
            return join(found)
    fixtures = program.ask(_fixtures)
    if name in fixtures:
        return join(_made(values, fixture) for fixture in fixtures[name])
    return of(_OWN[name]) if name in _OWN and name not in index.mentioned else NOTHING


def _is_known(name: str) -> bool:
    """Whether a decorator leaves the parameters to fixtures and ``parametrize``."""
    return (
        name in _FIXTURES
        or name in PATCHERS
        or name.startswith("pytest.mark.")
        or name in ("<builtin>.staticmethod", "<builtin>.classmethod")
    )


def _decorators(values: Values, scope: int) -> Iterator[tuple[str, Site]]:
    """The decorators of a definition with their external names, ``?`` for what is no external name."""
    for site in values.program.analysis.calls.decorator_sites(scope):
        found = values.program.names.static(values.program.analysis.calls.called(site))
        for value in found:
            yield str(value[1]) if value[0] == "external" else "?", site


def _fixtures(program: Program) -> Mapping[str, list[int]]:
    """The fixtures of the program by name, those of several modules together: which of them a test sees is not asked."""
    found: dict[str, list[int]] = {}
    for scope, record in enumerate(program.index.scopes):
        if record.kind == data.FUNCTION and program.files[program.index.file_of[scope]].tests:
            for site in program.analysis.calls.decorator_sites(scope):
                callee = program.analysis.calls.called(site)
                if any(value[0] == "external" and value[1] in _FIXTURES for value in program.names.static(callee)):
                    named = constant(program, Site(site.file, _name_given(program, site)))
                    found.setdefault(str(named[1]) if named else program.index.name(scope), []).append(scope)
    return found


def _name_given(program: Program, site: Site) -> int:
    """The ``name=`` of a fixture, else the decorator itself, which is no constant."""
    fact = program.facts[site.file]
    if fact.code[site.pc] != ops.CALL:
        return site.pc
    return dict(arguments(fact, site.pc).keywords).get("name", site.pc)


def _made(values: Values, fixture: int) -> Value:
    """What a fixture returns, or yields once."""
    flags = values.index.scopes[fixture].flags
    if flags & data.ASYNC:
        return unknown("an asynchronous fixture", values.index.definition(fixture))
    return values.read(("yields" if flags & data.GENERATOR else "returns", fixture))


def _listed(values: Values, site: Site, name: str) -> Iterator[Value]:
    """What ``parametrize`` lists for a parameter; nothing if it is about others."""
    fact = values.index.facts[site.file]
    call = arguments(fact, site.pc)
    keywords = dict(call.keywords)
    given = [value for value, _ in call.positional]
    named = given[0] if given else keywords.get("argnames", -1)
    listed = given[1] if len(given) > 1 else keywords.get("argvalues", -1)
    names = _names(values, Site(site.file, named)) if named >= 0 else None
    if names is None or "indirect" in keywords or None in keywords or len(given) > 2:
        yield unknown("parameters of a test that are not followed", site)
        return
    if name not in names:
        return
    if listed < 0 or fact.code[listed] != ops.SEQUENCE:
        yield unknown("parameters of a test that are not followed", site)
        return
    for row in fact.code[listed + 5 : listed + 5 + fact.code[listed + 4]]:
        yield _cell(values, Site(site.file, row), names.index(name), len(names))


def _names(values: Values, site: Site) -> list[str] | None:
    """The parameters that ``parametrize`` names: one text with commas, or several texts; None where they are not known."""
    fact = values.index.facts[site.file]
    code = fact.code
    if code[site.pc] == ops.SEQUENCE:
        found = [
            constant(values.program, Site(site.file, item))
            for item in code[site.pc + 5 : site.pc + 5 + code[site.pc + 4]]
        ]
        return [str(entry[1]) for entry in found if entry] if all(found) else None
    text = constant(values.program, site)
    return [part.strip() for part in str(text[1]).split(",") if part.strip()] if text and text[0] == "str" else None


def _cell(values: Values, row: Site, column: int, columns: int) -> Value:
    """One value of a row; a row of a single column is the value itself."""
    fact = values.index.facts[row.file]
    code = fact.code
    if code[row.pc] == ops.CALL and values.program.names.static(Site(row.file, code[row.pc + 5])) == {
        ("external", "pytest.param")
    }:
        cells = [value for value, _ in arguments(fact, row.pc).positional]
    elif columns == 1:
        cells = [row.pc]
    else:
        cells = list(code[row.pc + 5 : row.pc + 5 + code[row.pc + 4]]) if code[row.pc] == ops.SEQUENCE else []
    if len(cells) != columns or any(code[cell] == ops.STAR for cell in cells):
        return unknown("parameters of a test that are not followed", row)
    return values.at(row.file, cells[column])
