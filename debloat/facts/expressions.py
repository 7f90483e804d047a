"""Lowering of expressions: each function appends an expression's instructions and returns its value."""

from __future__ import annotations

import ast
from collections.abc import Callable
from functools import partial

from debloat.facts import data, ops
from debloat.facts.conditions import note_test
from debloat.facts.writer import Writer, place

_GUARDS = frozenset(
    "isinstance issubclass hasattr getattr callable str int float bool list tuple dict set frozenset bytes copy deepcopy get "
    "setdefault pop".split()
)
_FRAME_READERS = frozenset({"locals", "eval", "exec", "vars", "dir"})
_COMPARE = {
    kind: number
    for number, kind in enumerate(
        (ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.Is, ast.IsNot, ast.In, ast.NotIn)
    )
}
_UNARY = {ast.Not: ops.NOT, ast.USub: ops.NEGATE, ast.UAdd: ops.PLUS, ast.Invert: ops.INVERT}
BINARY = {kind: number for number, kind in enumerate(ast.operator.__subclasses__())}


def lower(w: Writer, node: ast.expr) -> int:
    """Lower any expression."""
    return _LOWER[node.__class__](w, node)


def _constant(w: Writer, node: ast.Constant) -> int:
    code = w.code
    code += (ops.CONST, node.lineno, node.col_offset, w.constant(node.value))
    return len(code) - 4


def _name(w: Writer, node: ast.Name) -> int:
    code = w.code
    name = w.name(node.id)
    w.loads.add(name)
    code += (ops.NAME, node.lineno, node.col_offset, name)
    return len(code) - 4


def _attribute(w: Writer, node: ast.Attribute) -> int:
    base = node.value
    value = _LOWER[base.__class__](w, base)
    code = w.code
    name = w.name(node.attr)
    w.attributes.add(name)
    code += (ops.ATTR, node.end_lineno, (node.end_col_offset or 0) - len(node.attr.encode()), value, name)  # type: ignore[arg-type]
    return len(code) - 5


def _call(w: Writer, node: ast.Call) -> int:
    callee = node.func
    value = _LOWER[callee.__class__](w, callee)
    if callee.__class__ is ast.Name and callee.id in _FRAME_READERS:
        if not node.args or callee.id in ("eval", "exec"):
            w.flags |= data.READS_FRAME | data.GIVES_FRAME
        for argument in node.args[:1]:
            if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                w.mention_words(argument.value)
    arguments = [_LOWER[argument.__class__](w, argument) for argument in node.args]
    keywords: list[int] = []
    for keyword in node.keywords:
        given = keyword.value
        keywords += (w.keyword(keyword.arg), _LOWER[given.__class__](w, given))
    code = w.code
    pc = len(code)
    if (callee.id if callee.__class__ is ast.Name else getattr(callee, "attr", "")) in _GUARDS:
        w.guards.append(pc)
    code += (ops.CALL, node.lineno, node.col_offset, node.end_lineno, node.end_col_offset, value)  # type: ignore[arg-type]
    code.append(len(arguments))
    code += arguments
    code.append(len(keywords) >> 1)
    code += keywords
    return pc


def emit(w: Writer, op: int, node: ast.expr | ast.stmt | ast.excepthandler | ast.pattern, *operands: int) -> int:
    """Append an instruction at a node's place; gives its position."""
    code = w.code
    pc = len(code)
    code += (op, node.lineno, node.col_offset, *operands)
    return pc


def _sequence(kind: int, w: Writer, node: ast.List | ast.Tuple | ast.Set) -> int:
    items = [_LOWER[node.__class__](w, node) for node in node.elts]
    return emit(w, ops.SEQUENCE, node, kind, len(items), *items)


def _dict(w: Writer, node: ast.Dict) -> int:
    pairs: list[int] = []
    for key, value in zip(node.keys, node.values, strict=True):
        pairs += (-1 if key is None else lower(w, key), lower(w, value))
    return emit(w, ops.DICT, node, len(node.values), *pairs)


def _subscript(w: Writer, node: ast.Subscript) -> int:
    base = lower(w, node.value)
    return emit(w, ops.SUBSCRIPT, node, base, lower(w, node.slice))


def _slice(w: Writer, node: ast.Slice) -> int:
    parts = [-1 if part is None else lower(w, part) for part in (node.lower, node.upper, node.step)]
    return emit(w, ops.SLICE, node, *parts)


def _binary(w: Writer, node: ast.BinOp) -> int:
    # Sums may be long where a program wrote them, so they are not climbed by recursion.
    chain = [node]
    while isinstance(inner := chain[-1].left, ast.BinOp):
        chain.append(inner)
    left = lower(w, inner)
    for part in reversed(chain):
        left = emit(w, ops.BINARY, part, BINARY[part.op.__class__], left, lower(w, part.right))
    return left


def _unary(w: Writer, node: ast.UnaryOp) -> int:
    return emit(w, ops.UNARY, node, _UNARY[node.op.__class__], lower(w, node.operand))


def _bool(w: Writer, node: ast.BoolOp) -> int:
    kind = int(isinstance(node.op, ast.Or))
    items: list[int] = []
    for value in node.values:
        if items:
            emit(w, ops.BRANCH, value, kind, items[-1])
        items.append(lower(w, value))
    w.guards.append(len(w.code))
    return emit(w, ops.BOOL, node, kind, len(items), *items)


def _compare(w: Writer, node: ast.Compare) -> int:
    left = lower(w, node.left)
    rest: list[int] = []
    for operator, value in zip(node.ops, node.comparators, strict=True):
        given = w.flags & data.GIVES_FRAME
        rest += (_COMPARE[operator.__class__], lower(w, value))
        if _asks_for_name(node, value):
            w.flags &= given | ~data.GIVES_FRAME
    return emit(w, ops.COMPARE, node, *place(node)[2:], left, len(node.ops), *rest)


def _asks_for_name(node: ast.Compare, frame: ast.expr) -> bool:
    """Whether a comparison is ``"name" in locals()``, or ``not in``."""
    match node, frame:
        case ast.Compare(ops=[ast.In() | ast.NotIn()]), ast.Call(
            func=ast.Name(id="locals" | "vars" | "dir"), args=[], keywords=[]
        ):
            return True
    return False


def _conditional(w: Writer, node: ast.IfExp) -> int:
    note_test(w, node.test)
    test = lower(w, node.test)
    emit(w, ops.BRANCH, node.body, 2, test)
    body = lower(w, node.body)
    emit(w, ops.BRANCH, node.orelse, 3, test)
    otherwise = lower(w, node.orelse)
    w.guards.append(len(w.code))
    return emit(w, ops.CONDITIONAL, node, test, body, otherwise)


def _lambda(w: Writer, node: ast.Lambda) -> int:
    parameters = lower_parameters(w, node.args)
    body = node.body

    def write(w: Writer) -> None:
        emit(w, ops.RETURN, body, lower(w, body))

    scope = w.defer(new_scope(w, data.LAMBDA, "<lambda>", node, parameters), w.owner, write)
    pc = emit(w, ops.LAMBDA, node, scope)
    w.scopes[scope] = w.scopes[scope]._replace(definition=pc)
    return pc


def _comprehension(kind: int, w: Writer, node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp) -> int:
    first = lower(w, node.generators[0].iter)
    if any(generator.is_async for generator in node.generators):
        w.flags |= data.WAITS

    def write(w: Writer) -> None:
        for generator in node.generators:
            source = -1 if generator is node.generators[0] else lower(w, generator.iter)
            assign(w, generator.target, emit(w, ops.ELEMENT, generator.target, source), ops.LOOP)
            for test in generator.ifs:
                value = lower(w, test)
                w.guards.append(emit(w, ops.BRANCH, test, 0, value))
        if isinstance(node, ast.DictComp):
            key = lower(w, node.key)
            emit(w, ops.DICT, node, 1, key, lower(w, node.value))
        else:
            emit(w, ops.YIELD, node.elt, lower(w, node.elt))

    scope = w.defer(new_scope(w, data.COMPREHENSION, "<comprehension>", node, []), w.owner, write)
    pc = emit(w, ops.COMPREHENSION, node, kind, scope, first)
    w.scopes[scope] = w.scopes[scope]._replace(definition=pc)
    return pc


def _fstring(w: Writer, node: ast.JoinedStr) -> int:
    # The fixed parts are kept as they are: a prefix tells which names getattr(x, f"on_{event}") may read.
    items = [lower(w, value) for value in node.values]
    return emit(w, ops.FSTRING, node, len(items), *items)


def _text(w: Writer, node: ast.JoinedStr) -> int:
    fixed = [str(value.value) for value in node.values if isinstance(value, ast.Constant)]
    if len(fixed) == len(node.values) and not any("{" in text or "}" in text for text in fixed):
        w.note(data.TEXT, node)
    return _fstring(w, node)


def _formatted(w: Writer, node: ast.FormattedValue) -> int:
    parts = [lower(w, node.value)]
    if node.conversion >= 0:
        parts.append(emit(w, ops.CONST, node, w.constant(f"!{chr(node.conversion)}")))
    if node.format_spec is not None:
        assert isinstance(node.format_spec, ast.JoinedStr)
        parts.append(_fstring(w, node.format_spec))
    return parts[0] if len(parts) == 1 else emit(w, ops.FSTRING, node, len(parts), *parts)


def _yield(op: int, w: Writer, node: ast.Yield | ast.YieldFrom | ast.Await) -> int:
    if op != ops.AWAIT:
        w.flags |= data.GENERATOR
    return emit(w, op, node, -1 if node.value is None else lower(w, node.value))


def _starred(w: Writer, node: ast.Starred) -> int:
    return emit(w, ops.STAR, node, lower(w, node.value))


def _walrus(w: Writer, node: ast.NamedExpr) -> int:
    value = lower(w, node.value)
    assign(w, node.target, value, ops.WALRUS)
    return value


def _unknown(w: Writer, node: ast.expr) -> int:
    """An expression of a later Python than this: its parts are read, its value is unknown."""
    for part in ast.iter_child_nodes(node):
        if isinstance(part, ast.expr):
            lower(w, part)
    return emit(w, ops.UNKNOWN, node)


class _Table(dict[type[ast.expr], Callable[..., int]]):
    def __missing__(self, _: type[ast.expr]) -> Callable[..., int]:
        return _unknown


_LOWER = _Table(
    {
        ast.Constant: _constant,
        ast.Name: _name,
        ast.Attribute: _attribute,
        ast.Call: _call,
        ast.List: partial(_sequence, ops.LIST),
        ast.Tuple: partial(_sequence, ops.TUPLE),
        ast.Set: partial(_sequence, ops.SET),
        ast.Dict: _dict,
        ast.Subscript: _subscript,
        ast.Slice: _slice,
        ast.BinOp: _binary,
        ast.UnaryOp: _unary,
        ast.BoolOp: _bool,
        ast.Compare: _compare,
        ast.IfExp: _conditional,
        ast.Lambda: _lambda,
        ast.ListComp: partial(_comprehension, ops.LIST),
        ast.SetComp: partial(_comprehension, ops.SET),
        ast.DictComp: partial(_comprehension, ops.DICTIONARY),
        ast.GeneratorExp: partial(_comprehension, ops.GENERATOR),
        ast.JoinedStr: _text,
        ast.FormattedValue: _formatted,
        ast.Yield: partial(_yield, ops.YIELD),
        ast.YieldFrom: partial(_yield, ops.YIELD_FROM),
        ast.Await: partial(_yield, ops.AWAIT),
        ast.Starred: _starred,
        ast.NamedExpr: _walrus,
    }
)


def assign(w: Writer, target: ast.expr, value: int, how: int) -> None:
    """Bind a target of an assignment, loop, context or walrus to a value."""
    code = w.code
    match target:
        case ast.Name():
            name = w.name(target.id)
            if how == ops.WALRUS:
                w.bind_outside_comprehensions(name, len(code))
            else:
                w.bind(name, len(code))
            code += (ops.STORE, target.lineno, target.col_offset, name, value, how)
        case ast.Attribute():
            base = lower(w, target.value)
            name = w.name(target.attr)
            w.set_attributes.add(name)
            column = (target.end_col_offset or 0) - len(target.attr.encode())
            code += (ops.SET_ATTR, target.end_lineno or 0, column, base, name, value)
        case ast.Subscript():
            base = lower(w, target.value)
            key = lower(w, target.slice)
            code += (ops.SET_ITEM, target.lineno, target.col_offset, base, key, value)
        case ast.Starred():
            assign(w, target.value, value, how)
        case ast.List() | ast.Tuple():
            after_star = 0
            for index, item in enumerate(target.elts):
                starred = isinstance(item, ast.Starred)
                position = index - len(target.elts) if after_star else index
                after_star |= starred
                assign(w, item, emit(w, ops.ITEM, item, value, position, int(starred)), how)


def new_scope(
    w: Writer,
    kind: int,
    name: str,
    node: ast.expr | ast.stmt,
    parameters: list[data.Parameter],
    flags: int = 0,
    returns: int = -1,
) -> data.Scope:
    """The record of a scope that starts at a node; its code and names are filled in when it is written."""
    decorators = getattr(node, "decorator_list", ())
    return data.Scope(
        kind, w.name(name), w.scope, -1, 0, 0, *place(node), decorators[0].lineno if decorators else node.lineno,
        flags, returns, {}, [], [], [], [], [], parameters,
    )  # fmt: skip


def lower_parameters(w: Writer, arguments: ast.arguments) -> list[data.Parameter]:
    """Lower the defaults and annotations of parameters in the scope around the function."""
    positional = [(data.POSITIONAL_ONLY, arg) for arg in arguments.posonlyargs]
    positional += [(data.POSITIONAL, arg) for arg in arguments.args]
    missing: list[ast.expr | None] = [None] * (len(positional) - len(arguments.defaults))
    rows = list(zip(positional, missing + list(arguments.defaults), strict=True))
    if arguments.vararg:
        rows.append(((data.VAR_POSITIONAL, arguments.vararg), None))
    rows += zip([(data.KEYWORD_ONLY, arg) for arg in arguments.kwonlyargs], arguments.kw_defaults, strict=True)
    if arguments.kwarg:
        rows.append(((data.VAR_KEYWORD, arguments.kwarg), None))
    return [
        data.Parameter(
            w.name(arg.arg),
            kind,
            *place(arg),
            -1 if default is None else lower(w, default),
            lower_annotation(w, arg.annotation),
        )
        for (kind, arg), default in rows
    ]


def lower_annotation(w: Writer, node: ast.expr | None) -> int:
    """Lower an annotation, reading through quotes; gives its value, -1 for none."""
    if node is None:
        return -1
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        node = _unquoted(w, node, node.value)
    elif not isinstance(node, ast.Name | ast.Attribute | ast.Constant):
        for part in ast.walk(node):
            if isinstance(part, ast.Constant) and isinstance(part.value, str):
                w.mention_words(part.value)  # quoted inside an annotation, as in list["Order"]
    value = lower(w, node)
    emit(w, ops.ANNOTATION, node, value)
    return value


def _unquoted(w: Writer, node: ast.Constant, text: str) -> ast.expr:
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError):
        w.mention_words(text)
        return node
    for part in ast.walk(tree):
        if isinstance(part, ast.expr):
            ast.copy_location(part, node)
    return tree
