"""The call graph for other programs: ``{caller: [callees]}`` in four notations."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence

Graph = Mapping[str, Sequence[str]]


def render(graph: Graph, notation: str) -> Iterator[str]:
    """Yield the graph as ``adjacency``, ``json``, ``dot`` or ``mermaid``."""
    return {"adjacency": _adjacency, "json": _json, "dot": _dot, "mermaid": _mermaid}[notation](graph)


def _adjacency(graph: Graph) -> Iterator[str]:
    yield json.dumps(graph, indent=2) + "\n"


def _nodes(graph: Graph) -> list[str]:
    return sorted({*graph, *(callee for callees in graph.values() for callee in callees)})


def _edges(graph: Graph) -> Iterator[tuple[str, str]]:
    return ((caller, callee) for caller in graph for callee in graph[caller])


def _json(graph: Graph) -> Iterator[str]:
    nodes = [{"name": name} for name in _nodes(graph)]
    edges = [{"source": caller, "target": callee, "kind": "call"} for caller, callee in _edges(graph)]
    yield json.dumps({"nodes": nodes, "edges": edges}, indent=2) + "\n"


def _dot(graph: Graph) -> Iterator[str]:
    yield "digraph calls {\n"
    for name in _nodes(graph):
        yield f"  {json.dumps(name)};\n"
    for caller, callee in _edges(graph):
        yield f"  {json.dumps(caller)} -> {json.dumps(callee)};\n"
    yield "}\n"


def _mermaid(graph: Graph) -> Iterator[str]:
    # names hold dots and angle brackets, which mermaid takes only inside a label
    number = {name: index for index, name in enumerate(_nodes(graph))}
    yield "flowchart LR\n"
    for name, index in number.items():
        label = name.replace("<", "#lt;").replace(">", "#gt;")
        yield f'  n{index}["{label}"]\n'
    for caller, callee in _edges(graph):
        yield f"  n{number[caller]} --> n{number[callee]}\n"
