"""Functions as code that may stand elsewhere: what they do, which variables are theirs, which names they have from around."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import libcst as cst

from debloat.facts import data, ops
from debloat.model import RefusedError
from debloat.program.constants import is_bound_once
from debloat.program.forwarding import looks_at_frames
from debloat.program.index import Site
from debloat.program.queries import users
from debloat.refactor.classes import Statement, is_private, members
from debloat.refactor.definite import check_bound
from debloat.refactor.evaluation import Evaluation, Event
from debloat.refactor.source import Source, first_line, last_line, source
from debloat.refactor.uses import is_inside, statement_of
from debloat.values.analysis import Values
from debloat.values.domain import OWNERS

if TYPE_CHECKING:
    from debloat.program import Program

_Definition = ast.FunctionDef | ast.AsyncFunctionDef
_OWN_FRAME = data.GENERATOR | data.READS_FRAME | data.GIVES_FRAME
# What is called for objects that do something when nobody has them any more.
_HELD = ("open", "popen", "connect", "socket", "Lock", "acquire", "File", "Directory", "session", "Session", "cursor")
# What sees variables later than the code around it runs, or names that are not its own.
_KEEPING = (ast.Lambda, ast.GeneratorExp, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Global, ast.Nonlocal)
# What binds names in ways that a new name would have to be written into.
_NAMING = (ast.Import, ast.ImportFrom)


@dataclass(frozen=True)
class Body:
    """The code of a function.

    ``statements`` come before what is returned at the end, ``value``, None for nothing; ``returns`` says that some of them
    return too, ``ends`` that the end is never reached. ``variables`` are bound by the code, ``inner`` by
    comprehensions and lambdas in it. ``events`` is what happens when it runs; ``names`` are those it has from its module,
    with the places that read them, ``settled`` those of them that always mean the same.
    """

    function: int
    parameters: Sequence[str]
    statements: Sequence[ast.stmt]
    value: ast.expr | None
    returns: bool
    ends: bool
    awaited: bool
    variables: frozenset[str]
    inner: frozenset[str]
    events: Sequence[Event]
    names: Mapping[str, Sequence[Site]]
    settled: frozenset[str]
    attributes: frozenset[str]  # and private names of its class


def body_of(program: Program, function: int) -> Body:
    """The code of a function. Raises RefusedError where it cannot stand elsewhere."""
    index = program.index
    definition, record = statement_of(program, function), index.scopes[function]
    assert isinstance(definition, _Definition)
    if definition.decorator_list:
        raise RefusedError("decorated: what is called is not the function alone")
    if record.flags & _OWN_FRAME or looks_at_frames(program, function):
        raise RefusedError("frame: it is suspended, or looks at its variables or at who calls it")
    if any(_is_needed(default) for default in (*definition.args.defaults, *filter(None, definition.args.kw_defaults))):
        raise RefusedError("default: to evaluate it may have an effect")
    statements = _without_docstring(definition.body)
    value = None
    if statements and isinstance(statements[-1], ast.Return):
        value = statements[-1].value
        statements = statements[:-1]
    ends = value is not None or len(statements) < len(_without_docstring(definition.body)) or _never_ends(statements)
    statements = [one for one in statements if not isinstance(one, ast.Pass)]
    whole = [*statements, *([value] if value else [])]
    nodes = [node for part in whole for node in ast.walk(part)]
    inner = frozenset(_inner(nodes))
    fact = program.facts[index.file_of[function]]
    parameters = [fact.names[parameter.name] for parameter in record.parameters]
    variables = frozenset(fact.names[name] for name, stores in record.bound.items() if stores)
    if inner & {*parameters, *variables}:
        raise RefusedError("name taken: a comprehension in it has a variable of the same name")
    own = (isinstance(node, ast.Name) and node.id in ("super", "__class__") for node in nodes)
    if any(own) or any(isinstance(node, ast.Match) for node in nodes):
        raise RefusedError("not of the form: it asks for its class, or matches a pattern")
    if any(isinstance(node, _KEEPING) for part in statements for node in ast.walk(part)) or any(
        isinstance(node, ast.Global | ast.Nonlocal) for node in nodes
    ):
        raise RefusedError("closure: something in it may see its variables later")
    if variables and any(isinstance(node, _KEEPING) for node in nodes):
        raise RefusedError("closure: something in it may see its variables later")
    if variables and any(isinstance(node, _NAMING) for node in nodes):
        raise RefusedError("binding: it has an import")
    if any(map(_is_held, nodes)):
        raise RefusedError("held: what it opens is closed when it returns")
    ended = [*statements, *([ast.Return(value)] if value else [])]
    check_bound(ended, variables, frozenset(parameters))
    _check_calls(program, function)
    read = _reads(program, function)
    names = {name: sites for name, sites in read.items() if name not in (*parameters, *variables, *inner)}
    settled = frozenset(name for name, sites in names.items() if all(_is_settled(program, site) for site in sites))
    evaluation = Evaluation(
        inert=lambda node: _is_static(program, function, node),
        bound={*parameters, *variables, *fact_names(program, function)},
    )
    events = [*evaluation.block(statements), *(evaluation.expression(value) if value else ())]
    known = {*parameters, *variables, *names}
    if any(event.kind == "reads" and event.name not in known for event in events):
        raise RefusedError("name taken: one name is more than one variable in it")
    returns = any(isinstance(node, ast.Return) for node in nodes)
    awaited = isinstance(definition, ast.AsyncFunctionDef)
    attributes = frozenset(_attributes(nodes))
    return Body(
        function, parameters, statements, value, returns, ends, awaited, variables, inner, events, names, settled, attributes
    )  # fmt: skip


def fact_names(program: Program, function: int) -> Collection[str]:
    """The names that the module of a function binds."""
    fact = program.facts[program.index.file_of[function]]
    return {fact.names[name] for name in fact.scopes[0].bound}


def code_of(program: Program, function: int) -> list[Statement]:
    """The statements of a function on the LibCST tree, each on lines of its own, without the docstring."""
    definition = statement_of(program, function)
    text = source(program, program.index.span(function).path)
    _, statements = members(_definition(text, definition))
    return [one for one in statements if not _is_pass(one)]


def _is_pass(statement: Statement) -> bool:
    match statement:
        case cst.SimpleStatementLine(body=[cst.Pass()]):
            return True
    return False


def _definition(text: Source, definition: ast.stmt) -> cst.FunctionDef:
    code = "".join(text.lines[first_line(definition) - 1 : last_line(definition)])
    prefix = "if 1:\n" if code[:1] in (" ", "\t") else ""
    try:
        module = cst.parse_module(prefix + code)
    except cst.ParserSyntaxError as error:
        raise RefusedError(f"not given back: LibCST does not read {text.path}:{definition.lineno}") from error
    if module.code != prefix + code:
        raise RefusedError(f"not given back: LibCST does not give back {text.path}:{definition.lineno} as it is")
    found = module.visit(_Indented(module.default_indent))
    assert isinstance(found, cst.Module)
    (node,) = found.body[0].body.body if prefix and isinstance(found.body[0], cst.If) else found.body
    assert isinstance(node, cst.FunctionDef)
    return node


class _Indented(cst.CSTTransformer):
    """Blocks say how far they are indented, whatever the rest of a file does."""

    def __init__(self, indent: str) -> None:
        super().__init__()
        self._indent = indent

    def leave_IndentedBlock(  # noqa: N802
        self, original_node: cst.IndentedBlock, updated_node: cst.IndentedBlock
    ) -> cst.IndentedBlock:
        return updated_node if updated_node.indent is not None else updated_node.with_changes(indent=self._indent)


def _without_docstring(statements: list[ast.stmt]) -> list[ast.stmt]:
    match statements:
        case [ast.Expr(value=ast.Constant(value=str())), *rest]:
            return rest
    return statements


def _is_needed(default: ast.expr) -> bool:
    """Whether somebody may miss the evaluation of a default."""
    if isinstance(default, ast.UnaryOp):
        return not isinstance(default.operand, ast.Constant)
    if isinstance(default, ast.Tuple | ast.List):
        return any(_is_needed(item) for item in default.elts)
    while isinstance(default, ast.Attribute):
        default = default.value
    return not isinstance(default, ast.Constant | ast.Name | ast.Lambda) and not (
        isinstance(default, ast.Dict) and not default.keys
    )


def _never_ends(statements: Sequence[ast.stmt]) -> bool:
    """Whether the end of a block is surely not reached."""
    match statements[-1:]:
        case [ast.Return() | ast.Raise()]:
            return True
        case [ast.If(body=body, orelse=orelse)]:
            return _never_ends(body) and _never_ends(orelse)
    return False


def _is_held(node: ast.AST) -> bool:
    """Whether a statement gives a variable an object that may do something when it goes."""
    match node:
        case ast.Assign(value=value) | ast.AnnAssign(value=ast.expr() as value) | ast.NamedExpr(value=value):
            calls = [one for one in ast.walk(value) if isinstance(one, ast.Call)]
            return any(ast.unparse(one.func).endswith(_HELD) for one in calls)
    return False


def _inner(nodes: Sequence[ast.AST]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.comprehension):
            yield from (one.id for one in ast.walk(node.target) if isinstance(one, ast.Name))
        if isinstance(node, ast.Lambda):
            yield from (one.arg for one in ast.walk(node.args) if isinstance(one, ast.arg))


def _attributes(nodes: Sequence[ast.AST]) -> Iterator[str]:
    for node in nodes:
        match node:
            case ast.Attribute(attr=name):
                yield name
            case ast.Name(id=name) | ast.keyword(arg=str(name)) if is_private(name):
                yield name


def _check_calls(program: Program, function: int) -> None:
    """Refuse what calls itself, or what looks at who calls it."""
    file = program.index.file_of[function]
    fact = program.facts[file]
    for pc in fact.instructions(function - program.index.base[file]):
        if fact.code[pc] == ops.CALL:
            for target in program.analysis.targets(Site(file, pc)):
                if target == function:
                    raise RefusedError("recursive: it calls itself")
                if target >= 0 and looks_at_frames(program, target):
                    raise RefusedError("frame: what it calls may look at who calls it")


def _reads(program: Program, function: int) -> Mapping[str, Sequence[Site]]:
    """The places in a function, and in what is in it, that read each name."""
    file = program.index.file_of[function]
    fact = program.facts[file]
    found: dict[str, list[Site]] = {}
    for scope, record in enumerate(fact.scopes, program.index.base[file]):
        if is_inside(program, function, scope) and record.kind != data.ANNOTATIONS:
            for pc in fact.instructions(scope - program.index.base[file]):
                if fact.code[pc] == ops.NAME:
                    found.setdefault(fact.names[fact.code[pc + 3]], []).append(Site(file, pc))
    return found


def _is_settled(program: Program, site: Site) -> bool:
    """Whether a name means the same throughout the run: a builtin, or what a module binds once."""
    return program.index.home(site) < 0 or is_bound_once(program, site)


def _is_static(program: Program, function: int, node: ast.Attribute) -> bool:
    """Whether an attribute in a function is a function or class of a module, or a method of an object that one binds once."""
    file = program.index.file_of[function]
    fact = program.facts[file]
    place = node.end_lineno, (node.end_col_offset or 0) - len(node.attr.encode())
    sites = [
        site
        for site in program.index.find(function, ops.ATTR, 4, node.attr)
        if (fact.code[site.pc + 1], fact.code[site.pc + 2]) == place
    ]
    if sites and isinstance(node.value, ast.Name) and all(_is_method(program, site) for site in sites):
        return True
    values = [value for site in sites for value in program.names.static(site)]
    root = node.value
    while isinstance(root, ast.Attribute):
        root = root.value
    return bool(values) and isinstance(root, ast.Name) and all(value[0] in ("function", "class") for value in values)


def _is_method(program: Program, site: Site) -> bool:
    """Whether an attribute is that of an object of a module, which has a method of the name and always will."""
    fact = program.facts[site.file]
    base, name = Site(site.file, fact.code[site.pc + 3]), fact.names[fact.code[site.pc + 4]]
    if name in program.index.computed or name in program.index.attribute_writers or not is_bound_once(program, base):
        return False
    atoms = program.ask(Values).value(base)
    called = [user for user in users(program, site) if fact.code[user] == ops.CALL and fact.code[user + 5] == site.pc]
    return (
        bool(atoms)
        and bool(called)
        and all(atom[0] in OWNERS for atom in atoms)
        and all(min(program.analysis.targets(Site(site.file, user)), default=-1) >= 0 for user in called)
    )
