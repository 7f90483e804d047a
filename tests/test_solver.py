"""The lazy fixed point: what it gives, and how often it evaluates."""

from __future__ import annotations

from collections import Counter

from debloat.program.solver import NOTHING, TOP, Node, Solver, Values


def solver(edges: dict[str, list[str]], values: dict[str, set[str]], seen: Counter[str]) -> Solver:
    """One whose nodes hold their own values and those of the nodes that they read."""

    def evaluate(node: Node) -> Values:
        seen[node[1]] += 1
        return frozenset((value,) for value in values.get(node[1], ())).union(
            *(made.read(("node", other)) for other in edges.get(node[1], ()))
        )

    made = Solver(evaluate, lambda _node, _old, new: new, frozenset({"field"}), TOP)
    return made


def test_what_lies_on_no_circle_is_evaluated_once() -> None:
    seen: Counter[str] = Counter()
    made = solver({"a": ["b", "c"], "b": ["d"], "c": ["d"], "d": ["e"]}, {"e": {"x"}, "c": {"y"}}, seen)
    assert made.solve(("node", "a")) == {("x",), ("y",)}
    assert set(seen.values()) == {1}


def test_a_circle_holds_what_any_of_its_nodes_holds() -> None:
    made = solver({"a": ["b"], "b": ["c"], "c": ["a"]}, {"a": {"x"}, "b": {"y"}, "c": {"z"}}, Counter())
    assert all(made.solve(("node", name)) == {("x",), ("y",), ("z",)} for name in "abc")


def test_a_field_that_nothing_fills_is_unknown_and_one_that_something_fills_later_is_not() -> None:
    def evaluate(node: Node) -> Values:
        match node:
            case ("field", "filled"):
                made.solve(("field", "empty"))  # a question in a question leaves the fields of the other alone
                return frozenset({("x",)})
        return NOTHING

    made = Solver(evaluate, lambda _node, _old, new: new, frozenset({"field"}), TOP)
    assert made.solve(("field", "filled")) == {("x",)}
    assert made.solve(("field", "empty")) == TOP
