"""Why files are read with ``ast`` and only confirmed on LibCST: lines per second of each, on one core.

``python -m tests.bench.trees FOLDER`` takes every tenth file below the folder.
"""

from __future__ import annotations

import ast
import gc
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import libcst
from libcst.metadata import MetadataWrapper, PositionProvider, ScopeProvider

from debloat.facts.extract import extract

READERS: dict[str, Callable[[bytes], object]] = {
    "ast.parse": ast.parse,
    "ast.parse and fact extraction": extract,
    "libcst.parse_module": libcst.parse_module,
    "libcst with PositionProvider": lambda source: _resolved(source).resolve(PositionProvider),
    "libcst with ScopeProvider": lambda source: _resolved(source).resolve(ScopeProvider),
}


def _resolved(source: bytes) -> MetadataWrapper:
    return MetadataWrapper(libcst.parse_module(source), unsafe_skip_copy=True)


def speed(read: Callable[[bytes], object], sources: Sequence[bytes]) -> float:
    """Return lines per second of processor time, the best of three."""
    best = 0.0
    for _ in range(3):
        start = time.process_time()
        for source in sources:
            read(source)
        best = max(best, sum(source.count(b"\n") for source in sources) / (time.process_time() - start))
    return best


if __name__ == "__main__":
    gc.disable()
    chosen = [path.read_bytes() for path in sorted(Path(sys.argv[1]).rglob("*.py"))[::10]]
    for name, reader in READERS.items():
        print(f"{name:30} {speed(reader, chosen):10,.0f} lines/s", flush=True)
        gc.collect()
