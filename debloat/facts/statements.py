"""Lowering of statements: each function appends a statement's instructions to the current scope."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from functools import partial

from debloat.facts import data, ops
from debloat.facts.conditions import note_test
from debloat.facts.expressions import BINARY, assign, emit, lower, lower_annotation, lower_parameters, new_scope
from debloat.facts.patterns import lower_pattern
from debloat.facts.writer import Writer, place


def lower_body(w: Writer, body: Sequence[ast.stmt]) -> None:
    """Lower statements in order; a docstring among them is only read for doctests."""
    for statement in body:
        kind = statement.__class__
        _LOWER[kind](w, statement)
        if kind is ast.Pass and len(body) > 1:
            w.note(data.PASS, statement)
        if kind in _LEAVING and statement is not body[-1] and _leaves(statement):
            w.guards.append(len(w.code) - _LEAVING[kind])


def _leaves(node: ast.stmt) -> bool:
    """Whether, as far as a look tells, what follows a statement never runs; the analysis of values has the last word."""
    match node:
        case ast.Return() | ast.Raise() | ast.Break() | ast.Continue():
            return True
        case ast.If():
            return bool(node.orelse) and _leaves(node.body[-1]) and _leaves(node.orelse[-1])
        case ast.While():
            return isinstance(node.test, ast.Constant) and bool(node.test.value)
        case ast.With() | ast.AsyncWith():
            return _leaves(node.body[-1])
        case ast.Try():
            ends = [(node.orelse or node.body)[-1], *(handler.body[-1] for handler in node.handlers)]
            return all(map(_leaves, ends))
        case ast.Match():
            return all(_leaves(case.body[-1]) for case in node.cases)
        case ast.Expr(value=ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name))):
            return name in _EXITS
    return False


def _end(w: Writer, node: ast.stmt) -> None:
    w.code += (ops.END, node.end_lineno or node.lineno, node.end_col_offset or 0)


def _else(w: Writer, body: Sequence[ast.stmt]) -> None:
    if body:
        emit(w, ops.ELSE, body[0])
        lower_body(w, body)
        if len(body) == 1 and isinstance(body[0], ast.Pass):
            w.note(data.ELSE, body[0])


_LOOKING = (ast.Name, ast.Attribute, ast.Compare, ast.BoolOp, ast.UnaryOp)


def _expr(w: Writer, node: ast.Expr) -> None:
    value = node.value
    if isinstance(value, ast.Constant):
        if isinstance(value.value, str) and ">>>" in value.value:
            w.mention_words(value.value)
        return
    match value:
        case ast.Call(
            func=ast.Attribute(value=ast.Name(id="__all__"), attr="append" | "extend" as how), args=[given]
        ) if w.scope == 0 and w.exported is not None:
            added = ast.List([given]) if how == "append" else given
            _export(w, added, replace=False)
            emit(w, ops.EXPR, node, _lower_export(w, value, added))
        case _:
            pc = emit(w, ops.EXPR, node, lower(w, value))
            if isinstance(value, _LOOKING):
                w.note(data.LOOK, node, pc)


def _lower_export(w: Writer, node: ast.expr, listed: ast.expr) -> int:
    """Lower an expression with what ``__all__`` lists: it is exported, which is not a use, nor is it to add to the list."""
    mentions, loads = w.mentions, w.loads.copy()
    if _listed(listed):
        w.mentions = set()
    value = lower(w, node)
    w.mentions = mentions
    if _listed(listed):
        w.loads = loads
    return value


def _assign(w: Writer, node: ast.Assign) -> None:
    exports = w.scope == 0 and isinstance(node.targets[0], ast.Name) and node.targets[0].id == "__all__"
    value = _lower_export(w, node.value, node.value) if exports else lower(w, node.value)
    match node:
        case ast.Assign(targets=[ast.Name(id=name)], value=ast.Name(id=same)) if name == same:
            w.note(data.SAME, node, len(w.code))
    for target in node.targets:
        assign(w, target, value, ops.PLAIN)
        if w.scope == 0 and isinstance(target, ast.Name) and target.id == "__all__":
            _export(w, node.value, replace=True)


def _annotated(w: Writer, node: ast.AnnAssign) -> None:
    annotation = lower_annotation(w, node.annotation)
    if node.value is not None:
        assign(w, node.target, lower(w, node.value), ops.PLAIN)
        if w.scope == 0 and isinstance(node.target, ast.Name) and node.target.id == "__all__":
            _export(w, node.value, replace=True)
    elif isinstance(node.target, ast.Name) and node.simple:
        name = w.name(node.target.id)
        w.bind(name, len(w.code))
        emit(w, ops.DECLARE, node.target, name, annotation)
    elif not isinstance(node.target, ast.Name):
        lower(w, node.target)


def _augmented(w: Writer, node: ast.AugAssign) -> None:
    target = node.target
    exports = w.scope == 0 and isinstance(target, ast.Name) and target.id == "__all__"
    if exports:
        _export(w, node.value, replace=False)
    old = _lower_export(w, target, node.value) if exports else lower(w, target)
    given = _lower_export(w, node.value, node.value) if exports else lower(w, node.value)
    new = emit(w, ops.BINARY, node, BINARY[node.op.__class__], old, given)
    assign(w, target, new, ops.AUGMENTED)


def _export(w: Writer, value: ast.expr, *, replace: bool) -> None:
    """Note what ``__all__`` lists; anything but literals makes it dynamic."""
    listed = [] if replace or w.exported is None else w.exported
    names = _listed(value)
    w.exported = listed + (names or [])
    if names is None:
        w.file_flags |= data.DYNAMIC_EXPORTS


def _listed(value: ast.expr) -> list[str] | None:
    """The strings that a list or tuple holds, None where it is or holds anything else."""
    if not isinstance(value, ast.List | ast.Tuple):
        return None
    items = [item.value for item in value.elts if isinstance(item, ast.Constant) and isinstance(item.value, str)]
    return items if len(items) == len(value.elts) else None


def _delete(w: Writer, node: ast.Delete) -> None:
    for target in node.targets:
        _delete_target(w, target)


def _delete_target(w: Writer, target: ast.expr) -> None:
    match target:
        case ast.Name():
            name = w.name(target.id)
            w.bind(name, len(w.code))
            emit(w, ops.DEL_NAME, target, name)
        case ast.Attribute():
            base = lower(w, target.value)
            w.set_attributes.add(w.name(target.attr))
            emit(w, ops.DEL_ATTR, target, base, w.name(target.attr))
        case ast.Subscript():
            base = lower(w, target.value)
            emit(w, ops.DEL_ITEM, target, base, lower(w, target.slice))
        case ast.List() | ast.Tuple():
            for item in target.elts:
                _delete_target(w, item)


def _return(w: Writer, node: ast.Return) -> None:
    value = -1 if node.value is None else lower(w, node.value)
    pc = emit(w, ops.RETURN, node, value)
    if isinstance(node.value, ast.Compare):
        w.guards.append(pc)


def _raise(w: Writer, node: ast.Raise) -> None:
    values = [-1 if part is None else lower(w, part) for part in (node.exc, node.cause)]
    emit(w, ops.RAISE, node, *values)


def _assert(w: Writer, node: ast.Assert) -> None:
    test = lower(w, node.test)
    emit(w, ops.ASSERT, node, test, -1 if node.msg is None else lower(w, node.msg))


def _simple(op: int, w: Writer, node: ast.stmt) -> None:
    emit(w, op, node)


def _if(w: Writer, node: ast.If) -> None:
    # Ladders of elif may be long where a program wrote them, so they are not climbed by recursion.
    before = w.guard
    ladder = [node]
    while True:
        note_test(w, node.test)
        test = lower(w, node.test)
        w.guards.append(emit(w, ops.IF, node, *place(node)[2:], test))
        guard = w.guard
        w.guard = max(guard, _import_guard(w, node.test))
        lower_body(w, node.body)
        if w.guard == data.TYPE_CHECKING:
            w.guard = guard
        match node.orelse:
            case [ast.If() as node]:
                emit(w, ops.ELSE, node)
                ladder.append(node)
            case _:
                break
    _else(w, node.orelse)
    w.guard = before
    for rung in reversed(ladder):
        _end(w, rung)


def _import_guard(w: Writer, test: ast.expr) -> int:
    match test:
        case ast.Name(id="TYPE_CHECKING") | ast.Attribute(attr="TYPE_CHECKING"):
            return data.TYPE_CHECKING
        case ast.Compare(left=ast.Name(id="__name__"), comparators=[ast.Constant(value="__main__")]):
            w.file_flags |= data.MAIN_GUARD
    return data.CONDITIONAL


def _repeated(w: Writer, body: Sequence[ast.stmt]) -> None:
    lower_body(w, body)
    if len(body) > 1 and isinstance(body[-1], ast.Continue):
        w.note(data.CONTINUE, body[-1])


def _while(w: Writer, node: ast.While) -> None:
    note_test(w, node.test)
    # The test is evaluated again in each round, so it is lowered inside the loop.
    w.guards.append(len(w.code))
    pc = emit(w, ops.WHILE, node, *place(node)[2:], -1)
    w.code[pc + 5] = lower(w, node.test)
    emit(w, ops.BRANCH, node.test, 4, w.code[pc + 5])
    _repeated(w, node.body)
    _else(w, node.orelse)
    _end(w, node)


def _for(w: Writer, node: ast.For | ast.AsyncFor) -> None:
    w.flags |= data.WAITS * isinstance(node, ast.AsyncFor)
    source = lower(w, node.iter)
    emit(w, ops.FOR, node, *place(node)[2:], source)
    assign(w, node.target, emit(w, ops.ELEMENT, node.target, source), ops.LOOP)
    _repeated(w, node.body)
    _else(w, node.orelse)
    _end(w, node)


def _try(w: Writer, node: ast.Try | ast.TryStar) -> None:
    star = int(not isinstance(node, ast.Try))
    w.guards.append(len(w.code))
    emit(w, ops.TRY, node, *place(node)[2:], star)
    guard, w.guard = w.guard, max(w.guard, data.FALLBACK if node.handlers else w.guard)
    lower_body(w, node.body)
    for handler in node.handlers:
        # The types are evaluated only where something was raised, so they are lowered inside the handler.
        pc = emit(w, ops.EXCEPT, handler, handler.end_lineno or 0, handler.end_col_offset or 0, -1)
        types = w.code[pc + 5] = -1 if handler.type is None else lower(w, handler.type)
        if handler.name is not None:
            name = w.name(handler.name)
            caught = emit(w, ops.CAUGHT, handler, types)
            w.bind(name, len(w.code))
            emit(w, ops.STORE, handler, name, caught, ops.HANDLER)
        match handler.body:
            case [ast.Raise(exc=None)]:
                w.flags |= data.RERAISES
            case [ast.Raise(exc=ast.Name(id=raised), cause=None)] if raised == handler.name:
                w.flags |= data.RERAISES
        lower_body(w, handler.body)
    _else(w, node.orelse)
    w.guard = guard
    if node.finalbody:
        emit(w, ops.FINALLY, node.finalbody[0])
        lower_body(w, node.finalbody)
    _end(w, node)


def _with(w: Writer, node: ast.With | ast.AsyncWith) -> None:
    w.flags |= data.WAITS * isinstance(node, ast.AsyncWith)
    for item in node.items:
        context = lower(w, item.context_expr)
        emit(w, ops.WITH, node, *place(node)[2:], context)
        if item.optional_vars is not None:
            assign(w, item.optional_vars, emit(w, ops.ENTER, item.optional_vars, context), ops.CONTEXT)
    lower_body(w, node.body)
    for _ in node.items:
        _end(w, node)


def _match(w: Writer, node: ast.Match) -> None:
    subject = lower(w, node.subject)
    w.guards.append(len(w.code))
    emit(w, ops.MATCH, node, *place(node)[2:], subject)
    for case in node.cases:
        pc = emit(w, ops.CASE, case.pattern, -1)
        alternatives, exact = lower_pattern(w, case.pattern, subject)
        flat = [operand for alternative in alternatives for operand in alternative]
        emit(w, ops.MATCHES, case.pattern, int(exact), subject, len(alternatives), *flat)
        if case.guard is not None:
            note_test(w, case.guard)
            w.code[pc + 3] = lower(w, case.guard)
            w.guards.append(emit(w, ops.BRANCH, case.guard, 4, w.code[pc + 3]))
        lower_body(w, case.body)
    _end(w, node)


def _import(w: Writer, node: ast.Import) -> None:
    for alias in node.names:
        bound = alias.asname or alias.name.partition(".")[0]
        _bind_import(w, alias, alias.name, "", bound, 0)


def _import_from(w: Writer, node: ast.ImportFrom) -> None:
    for alias in node.names:
        _bind_import(w, alias, node.module or "", alias.name, alias.asname or alias.name, node.level)


def _bind_import(w: Writer, alias: ast.alias, module: str, name: str, bound: str, level: int) -> None:
    top = not name and not alias.asname
    w.imports.append(data.Import(w.scope, alias.lineno, alias.col_offset, module, name, bound, level, w.guard, top))
    code = w.code
    pc = len(code)
    code += (ops.IMPORTED, alias.lineno, alias.col_offset, len(w.imports) - 1)
    if name == "*":
        return
    index = w.name(bound)
    w.bind(index, len(code))
    code += (ops.STORE, alias.lineno, alias.col_offset, index, pc, ops.IMPORT)


def _global(w: Writer, node: ast.Global) -> None:
    if w.scope:
        w.globals.update(map(w.name, node.names))


def _nonlocal(w: Writer, node: ast.Nonlocal) -> None:
    w.nonlocals.update(map(w.name, node.names))


def _type_alias(w: Writer, node: ast.stmt) -> None:
    """``type X = ...``: the name is bound, what it stands for is read lazily by Python and at once by us."""
    target: ast.Name = node.name  # type: ignore[attr-defined]
    _type_parameters(w, node, node.value)  # type: ignore[attr-defined]
    value = lower_annotation(w, node.value)  # type: ignore[attr-defined]
    assign(w, target, value, ops.PLAIN)


def _nothing(w: Writer, node: ast.stmt) -> None:
    """``pass``, and statements of a later Python."""


def _function(w: Writer, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
    decorators = [lower(w, decorator) for decorator in node.decorator_list]
    _type_parameters(w, node, node.args, node.returns)
    parameters = lower_parameters(w, node.args)
    returns = lower_annotation(w, node.returns)
    flags = data.ASYNC if isinstance(node, ast.AsyncFunctionDef) else 0
    body = node.body
    first = body[0]
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str):
        flags |= data.DOCSTRING
    flags |= _shape(body[1:] if flags & data.DOCSTRING else body)
    record = new_scope(w, data.FUNCTION, node.name, node, parameters, flags, returns)
    scope = w.defer(record, w.owner, partial(_write_body, node))
    pc = emit(w, ops.FUNCTION, node, scope, len(decorators), *decorators)
    w.scopes[scope] = w.scopes[scope]._replace(definition=pc)
    name = w.name(node.name)
    w.bind(name, len(w.code))
    emit(w, ops.STORE, node, name, pc, ops.DEFINITION)


def _write_body(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef, w: Writer) -> None:
    w.bodies.append((w.scope, w.scopes[w.scope].parent, node))
    for parameter in getattr(node, "type_params", ()):
        w.bound.setdefault(w.name(parameter.name), [])
    lower_body(w, node.body)
    last = node.body[-1]
    if len(node.body) > 1 and isinstance(last, ast.Return) and last.value is None:
        w.note(data.RETURN, last)


def _type_parameters(w: Writer, node: ast.stmt, *signature: ast.AST | None) -> None:
    """Lower what stands in the brackets of ``def f[T: int](x: T)``, and hide those names in the signature.

    The signature is lowered in the scope outside, where ``T`` may be something else: it reads ``.T``, which nothing is.
    """
    if not (parameters := getattr(node, "type_params", None)):
        return
    own = {parameter.name for parameter in parameters}
    for part in filter(None, (*parameters, *signature)):
        for name in ast.walk(part):
            if isinstance(name, ast.Name) and name.id in own:
                name.id = f".{name.id}"
    for parameter in parameters:
        lower_annotation(w, getattr(parameter, "bound", None))
        lower_annotation(w, getattr(parameter, "default_value", None))


def _shape(body: Sequence[ast.stmt]) -> int:
    """What can be said of a function by a look at its statements."""
    return _kind(body) | (data.LEAVES if body and not isinstance(body[-1], ast.Return) and _leaves(body[-1]) else 0)


def _kind(body: Sequence[ast.stmt]) -> int:
    match body:
        case []:
            return data.TRIVIAL
        case [ast.Return(value=ast.Call() | ast.Await())] | [ast.Expr(value=ast.Call() | ast.Await())]:
            return data.FORWARDS
        case [ast.Pass()] | [ast.Return(value=None)] | [ast.Expr(value=ast.Constant())]:
            return data.TRIVIAL
        case [ast.Raise(exc=ast.Name(id="NotImplementedError") | ast.Call(func=ast.Name(id="NotImplementedError")))]:
            return data.TRIVIAL
    return 0


def _class(w: Writer, node: ast.ClassDef) -> None:
    decorators = [lower(w, decorator) for decorator in node.decorator_list]
    _type_parameters(w, node, *node.bases, *node.keywords)
    bases = [lower(w, base) for base in node.bases]
    keywords: list[int] = []
    for keyword in node.keywords:
        keywords += (w.keyword(keyword.arg), lower(w, keyword.value))
    record = new_scope(w, data.CLASS, node.name, node, [])
    scope = w.defer(record, node.name.lstrip("_"), partial(_write_body, node))
    groups = (len(bases), *bases, len(keywords) >> 1, *keywords, len(decorators), *decorators)
    pc = emit(w, ops.CLASS, node, scope, *groups)
    w.scopes[scope] = w.scopes[scope]._replace(definition=pc)
    name = w.name(node.name)
    w.bind(name, len(w.code))
    emit(w, ops.STORE, node, name, pc, ops.DEFINITION)


# Statements after which nothing may run, and how long the instruction is that each ends with.
_LEAVING = {
    ast.Return: 4, ast.Raise: 5, ast.Break: 3, ast.Continue: 3, ast.If: 3, ast.While: 3, ast.With: 3, ast.AsyncWith: 3,
    ast.Try: 3, ast.Match: 3,
}  # fmt: skip
# What functions are called that end the program, a command or a test.
_EXITS = frozenset({"exit", "_exit", "abort", "fail", "error", "skip"})


class _Table(dict[type[ast.stmt], Callable[..., None]]):
    def __missing__(self, kind: type[ast.stmt]) -> Callable[..., None]:
        return _type_alias if kind.__name__ == "TypeAlias" else _nothing


_LOWER = _Table(
    {
        ast.Expr: _expr,
        ast.Assign: _assign,
        ast.AnnAssign: _annotated,
        ast.AugAssign: _augmented,
        ast.Delete: _delete,
        ast.Return: _return,
        ast.Raise: _raise,
        ast.Assert: _assert,
        ast.Break: partial(_simple, ops.BREAK),
        ast.Continue: partial(_simple, ops.CONTINUE),
        ast.If: _if,
        ast.While: _while,
        ast.For: _for,
        ast.AsyncFor: _for,
        ast.Try: _try,
        ast.TryStar: _try,
        ast.With: _with,
        ast.AsyncWith: _with,
        ast.Match: _match,
        ast.Import: _import,
        ast.ImportFrom: _import_from,
        ast.Global: _global,
        ast.Nonlocal: _nonlocal,
        ast.FunctionDef: _function,
        ast.AsyncFunctionDef: _function,
        ast.ClassDef: _class,
    }
)
