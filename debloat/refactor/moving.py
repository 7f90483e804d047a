"""The code of a function on the tree of the statement that called it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import libcst as cst

from debloat.facts import data
from debloat.model import RefusedError, Span
from debloat.refactor.bodies import Body, code_of
from debloat.refactor.classes import Statement
from debloat.refactor.comments import comment_count
from debloat.refactor.expressions import instead
from debloat.refactor.flat import deeper, flat
from debloat.refactor.placing import Argument, Placing
from debloat.refactor.rewriting import Becomes, Piece, Rewriting
from debloat.refactor.source import Source, source
from debloat.refactor.substitution import put

if TYPE_CHECKING:
    from debloat.program import Program

_EQUAL = cst.AssignEqual(cst.SimpleWhitespace(""), cst.SimpleWhitespace(""))
# Comments that tools read where they stand.
_DIRECTIVE = re.compile(r"#\s*(?:noqa|type:|fmt:|pragma|pylint|mypy|ruff|nosec|pyright|isort)")
_NONE = cst.Name("None")


class Moving:
    """One call that gives way to code, in a scope; ``names`` are how the names of the module are written there."""

    def __init__(self, program: Program, body: Body, placing: Placing, names: Mapping[str, str], scope: int) -> None:
        self._program = program
        self._body = body
        self._placing = placing
        self._scope = scope
        self._names = {name: cst.parse_expression(text) for name, text in names.items() if name != text}
        code = code_of(program, body.function)
        self._last = code.pop() if body.value is not None or _is_return(code) else None
        self._code = code
        self._given: dict[str, cst.BaseExpression] = {}

    def plan(
        self,
        rewriting: Rewriting,
        span: Span,
        node: ast.Call,
        whole: ast.expr,
        statement: ast.stmt | None,
        *,
        only: bool,
    ) -> None:
        """Have the call at a span, awaited as ``whole`` if it is, give way; ``statement`` is what the code is put before."""
        into = self._taker(statement, whole, node) if statement is not None else None
        variables = self._renamed(into)
        if self._body.returns and not (isinstance(statement, ast.Return) and statement.value is whole):
            raise RefusedError("returns: it returns in the middle")
        if self._never_ends() and not isinstance(statement, ast.Expr | ast.Return):
            raise RefusedError("returns: it does not return")

        def plan(piece: Piece) -> None:
            call = piece.node(cst.Call, span)
            outer = piece.parent(call) if whole is not node else call
            if not isinstance(outer, cst.Call | cst.Await):
                raise RefusedError("not awaited: the call is not awaited where it stands")
            piece.change(call, self._take)
            piece.change(outer, lambda updated: self._value(piece, outer, updated, variables))
            around = piece.parent(outer)
            if isinstance(around, cst.Arg) and around.star == "*" and isinstance(self._body.value, ast.Tuple):
                piece.change(around, _spread)
            line = _line(piece, outer)
            if statement is not None:
                self._check_alone(line, statement)
                drop = into is not None or (
                    isinstance(statement, ast.Expr) and statement.value is whole and self._idle()
                )
                drop = drop or self._never_ends()
                piece.change(line, lambda updated: self._before(updated, variables, drop=drop))
            elif isinstance(line, cst.SimpleStatementLine) and only:
                piece.change(line, self._with_comments)

        rewriting.on(span, plan)

    def _take(self, call: cst.Call) -> cst.Call:
        """Note what the arguments of the call have become."""
        for argument in (*self._placing.put, *self._placing.bound):
            match argument.number:
                case None:
                    text = source(self._program, self._program.files[argument.site.file].path)
                    self._given[argument.parameter] = _default(self._program, text, argument)
                case -1:
                    assert isinstance(call.func, cst.Attribute)
                    self._given[argument.parameter] = call.func.value
                case int(number):
                    self._given[argument.parameter] = call.args[number].value
        return call

    def _value(
        self, piece: Piece, node: cst.BaseExpression, updated: Any, variables: Mapping[str, str]
    ) -> cst.BaseExpression:
        """What the call becomes."""
        old = updated.expression if isinstance(updated, cst.Await) else updated
        assert isinstance(old, cst.Call)
        if self._body.value is None:
            return _NONE
        assert isinstance(self._last, cst.SimpleStatementLine)
        (returned,) = self._last.body
        assert isinstance(returned, cst.Return)
        assert returned.value is not None
        value = returned.value
        kept = self._as_it_stands(value, old)
        new = put(deeper(value, piece.hanging(node)), self._written(variables)) if kept is None else kept
        if kept is None:
            new = flat(new)
        in_string = _in_string(piece, node)
        if in_string and set(cst.Module([]).code_for_node(new)) & set("'\"\\\n#"):
            raise RefusedError("f-string: the call stands in one")
        whole = isinstance(piece.parent(node), cst.Return | cst.Assign)
        if isinstance(new, cst.Tuple | cst.GeneratorExp) and not new.lpar and not whole:
            new = _bracketed(new)
        return instead(piece, node, updated, new)

    def _as_it_stands(self, value: cst.BaseExpression, old: cst.Call) -> cst.BaseExpression | None:
        """The call with another callee, if the code is a call with the same arguments: then that keeps its lines."""
        if not isinstance(value, cst.Call) or any(argument.star for argument in (*value.args, *old.args)):
            return None
        numbered = {argument.number: argument.parameter for argument in self._placing.put}
        order = [numbered.get(number, "") for number in range(len(old.args))]
        if [_variable(argument.value) for argument in value.args] != order or not order:
            return None
        args = [
            argument.with_changes(keyword=theirs.keyword, equal=_EQUAL if theirs.keyword else cst.MaybeSentinel.DEFAULT)
            for argument, theirs in zip(old.args, value.args, strict=True)
        ]
        callee = put(value.func, self._written({}))
        return old.with_changes(func=callee, args=args, lpar=value.lpar, rpar=value.rpar)

    def _written(self, variables: Mapping[str, str]) -> Mapping[str, cst.BaseExpression]:
        given = {argument.parameter: self._given[argument.parameter] for argument in self._placing.put}
        renamed = {name: cst.Name(new) for name, new in variables.items() if name != new}
        return {**self._names, **renamed, **given}

    def _before(self, updated: Statement, variables: Mapping[str, str], *, drop: bool) -> Becomes:
        """The code that goes before a statement, and that itself unless it is dropped."""
        written = self._written(variables)
        moved: list[Statement] = []
        for argument in self._placing.bound:
            value = self._given[argument.parameter]
            read = any(event.name == argument.parameter for event in self._body.events)
            moved.append(_assignment(variables[argument.parameter], value) if read else _expression(value))
        moved += [put(one, written) for one in self._code]
        above = [*updated.leading_lines]
        rest = [] if drop else [self._with_comments(updated.with_changes(leading_lines=[]))]
        if not moved:
            rest = [one.with_changes(leading_lines=[*above, *one.leading_lines]) for one in rest]
            return cst.FlattenSentinel(rest) if rest else cst.RemoveFromParent()
        first, *others = moved
        lines = [*first.leading_lines]
        while lines and lines[0].comment is None:
            del lines[0]
        if drop and self._last is not None and comment_count(self._last):
            raise RefusedError("comment: it has no place where the call stands")
        return cst.FlattenSentinel([first.with_changes(leading_lines=[*above, *lines]), *others, *rest])

    def _with_comments(self, updated: Statement) -> Statement:
        """The statement that gets the value, with the comments of the one that returns it."""
        if not isinstance(self._last, cst.SimpleStatementLine):
            return updated
        above = [line for line in self._last.leading_lines if line.comment is not None]
        behind = self._last.trailing_whitespace
        if behind.comment is not None:
            if isinstance(updated, cst.SimpleStatementLine) and updated.trailing_whitespace.comment is None:
                updated = updated.with_changes(trailing_whitespace=behind)
            elif _DIRECTIVE.match(behind.comment.value):
                raise RefusedError("comment: it has no place where the call stands")
            else:
                above.append(cst.EmptyLine(comment=behind.comment))
        return updated.with_changes(leading_lines=[*updated.leading_lines, *above])

    def _never_ends(self) -> bool:
        """Whether the code does not come to its end."""
        return self._body.ends and self._last is None

    def _idle(self) -> bool:
        """Whether nobody misses the evaluation of what the code returns."""
        return self._body.value is None or isinstance(self._body.value, ast.Constant | ast.Name)

    def _check_alone(self, line: cst.CSTNode, statement: ast.stmt) -> None:
        match line:
            case cst.SimpleStatementLine(body=[_]):
                return
            case cst.If() | cst.For() | cst.With() if isinstance(statement, ast.If | ast.For | ast.With):
                return
        raise RefusedError("shared line: the statement has its line not for itself")

    def _taker(self, statement: ast.stmt, whole: ast.expr, node: ast.Call) -> str | None:
        """The variable that an assignment gives the result to, if the variable of the code may be that one."""
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if value is whole:
                pass
            case _:
                return None
        result = self._body.value
        index = self._program.index
        if not isinstance(result, ast.Name) or result.id not in self._body.variables - {*self._body.parameters}:
            return None
        file = index.file_of[self._scope]
        fact = self._program.facts[file]
        record = index.scopes[self._scope]
        number = fact.name_index[name]
        stores = record.bound.get(number, [])
        own = record.kind == data.FUNCTION and stores and all(record.start <= store < record.end for store in stores)
        used = any(isinstance(one, ast.Name) and one.id == name for one in ast.walk(node))
        inner = any(number in index.scopes[child].loads for child in index.children.get(self._scope, ()))
        text = source(self._program, self._program.files[file].path)
        around = text.around(statement)
        while not isinstance(around, ast.FunctionDef | ast.AsyncFunctionDef | ast.Module):
            if isinstance(around, ast.Try | ast.With | ast.AsyncWith):
                return None
            around = text.around(around)
        return name if own and not used and not inner else None

    def _renamed(self, into: str | None) -> Mapping[str, str]:
        """What the variables of the code are called in the caller."""
        taken = {*self._taken(), *self._body.inner, *self._body.names, *([into] if into else [])}
        found: dict[str, str] = {}
        result = self._body.value.id if into and isinstance(self._body.value, ast.Name) else None
        bound = [argument.parameter for argument in self._placing.bound]
        for old in sorted({*self._body.variables, *bound}):
            if old == result and into is not None:
                found[old] = into
                continue
            name = self._called(old)
            new, count = name, 2
            while new in taken:
                new, count = f"{name}_{count}", count + 1
            found[old] = new
            taken.add(new)
        return found

    def _called(self, name: str) -> str:
        """The name of a variable in the caller: an object is called after its class."""
        index = self._program.index
        cls = index.enclosing_class(self._body.function)
        if cls < 0 or name != self._body.parameters[0]:
            return name
        return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", index.name(cls)).lower().strip("_")

    def _taken(self) -> Iterator[str]:
        """The names that mean something in the caller."""
        index = self._program.index
        fact = self._program.facts[index.file_of[self._scope]]
        inside = [self._scope]
        for scope in inside:  # grows while it is walked
            record = index.scopes[scope]
            yield from (fact.names[number] for number in (*record.bound, *record.loads))
            inside += index.children.get(scope, ())
        for expression in self._names.values():
            yield cst.Module([]).code_for_node(expression).partition(".")[0]


def _is_return(code: Sequence[Statement]) -> bool:
    """Whether the last of some statements is a return of nothing."""
    match code[-1:]:
        case [cst.SimpleStatementLine(body=[cst.Return()])]:
            return True
    return False


def _line(piece: Piece, node: cst.CSTNode) -> Any:
    """The statement that holds an expression."""
    while not isinstance(node, cst.SimpleStatementLine | cst.SimpleStatementSuite | cst.BaseCompoundStatement):
        node = piece.parent(node)
    return node


def _in_string(piece: Piece, node: cst.CSTNode) -> bool:
    while not isinstance(node, cst.BaseSmallStatement | cst.BaseCompoundStatement):
        if isinstance(node, cst.FormattedString):
            return True
        node = piece.parent(node)
    return False


def _spread(updated: cst.Arg) -> Becomes:
    """The arguments that an unpacked tuple is."""
    if not isinstance(updated.value, cst.Tuple) or any(
        not isinstance(one, cst.Element) for one in updated.value.elements
    ):
        return updated
    values = [one.value for one in updated.value.elements]
    return cst.FlattenSentinel([*map(cst.Arg, values[:-1]), updated.with_changes(star="", value=values[-1])])


def _variable(node: cst.BaseExpression) -> str:
    return node.value if isinstance(node, cst.Name) else "."


def _assignment(name: str, value: cst.BaseExpression) -> cst.SimpleStatementLine:
    return cst.SimpleStatementLine([cst.Assign([cst.AssignTarget(cst.Name(name))], _apart(value))])


def _expression(value: cst.BaseExpression) -> cst.SimpleStatementLine:
    return cst.SimpleStatementLine([cst.Expr(_apart(value))])


def _apart(value: cst.BaseExpression) -> cst.BaseExpression:
    """An argument as an expression that stands alone."""
    loose = isinstance(value, cst.NamedExpr | cst.GeneratorExp) or "\n" in cst.Module([]).code_for_node(value)
    return _bracketed(value) if loose and not value.lpar else value


def _bracketed(value: cst.BaseExpression) -> cst.BaseExpression:
    return value.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])


def _default(program: Program, text: Source, argument: Argument) -> cst.BaseExpression:
    """A default as it is written where the function is defined."""
    fact = program.facts[argument.site.file]
    line, column = fact.code[argument.site.pc + 1], fact.code[argument.site.pc + 2]
    found = [
        node
        for node in ast.walk(text.statement(line, column))
        if isinstance(node, ast.Constant | ast.UnaryOp) and (node.lineno, node.col_offset) == (line, column)
    ]
    if not found:
        raise RefusedError("default: it is not found in the text")
    widest = max(found, key=lambda node: (node.end_lineno or 0, node.end_col_offset or 0))
    return cst.parse_expression(ast.get_source_segment(text.text, widest) or "")
