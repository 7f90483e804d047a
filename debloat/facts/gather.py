"""The facts of many files: from the cache, else extracted in parallel processes."""

from __future__ import annotations

import os
import re
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from debloat.facts.data import Facts, unpack
from debloat.facts.extract import extract
from debloat.facts.store import Store, key
from debloat.model import Problem
from debloat.tree import Tree

if TYPE_CHECKING:
    from concurrent.futures import ProcessPoolExecutor

# Below this many files, starting processes costs more than it saves.
_WORTH_PROCESSES = 12
# What reads the facts may recurse as deeply as they were made, and from further up the stack.
_DEEPEST_NESTING = 800
_WORD = re.compile(rb"[A-Za-z_][A-Za-z0-9_]*")


class Unreadable(NamedTuple):
    """A file without facts: why, and every word in it, since any may be a use of a name."""

    problem: Problem
    words: frozenset[str]


def gather(
    tree: Tree,
    paths: Sequence[str],
    store: Store | None,
    jobs: int,
    progress: Callable[[int, int], None],
) -> Iterator[tuple[str, bytes, Facts | Unreadable]]:
    """Yield path, content and facts of each file, in the order of ``paths``."""
    contents: dict[str, bytes] = {}
    found: dict[str, Facts | Unreadable] = {}
    for path in paths:
        try:
            contents[path] = tree.read(path)
        except OSError as error:
            contents[path] = b""
            found[path] = Unreadable(Problem(path, 0, f"cannot be read: {error.strerror}", fatal=False), frozenset())
    keys = {path: key(content) for path, content in contents.items() if path not in found}
    cached = store.load(list(set(keys.values()))) if store else {}
    for path, name in keys.items():
        if name in cached:
            try:
                found[path] = unpack(cached[name])
            except ValueError:
                del cached[name]  # written by something else; made again below
    missing = [path for path in keys if path not in found]
    made: dict[bytes, bytes] = {}
    here = [(path, _one(path, contents[path])) for path in missing if path in tree.changed]
    elsewhere = _extract_all(
        tree.root, contents, [path for path in missing if path not in tree.changed], jobs, progress
    )
    for path, answer in chain(here, elsewhere):
        if isinstance(answer, bytes):
            made[keys[path]] = answer
            found[path] = unpack(answer)
        else:
            words = frozenset(word.decode() for word in _WORD.findall(contents[path]))
            found[path] = Unreadable(answer, words)
    if store:
        if made:
            store.save(made)
        store.prune(set(keys.values()))
    for path in paths:
        yield path, contents[path], found[path]


def _extract_all(
    root: Path, contents: dict[str, bytes], paths: Sequence[str], jobs: int, progress: Callable[[int, int], None]
) -> Iterator[tuple[str, bytes | Problem]]:
    if jobs == 1 or len(paths) < _WORTH_PROCESSES:
        for done, path in enumerate(paths):
            progress(done, len(paths))
            yield path, _one(path, contents[path])
        progress(len(paths), len(paths))
        return
    from concurrent.futures import as_completed
    from concurrent.futures.process import BrokenProcessPool

    done = 0
    unfinished: list[list[str]] = []
    with processes(jobs) as pool:
        futures = {pool.submit(_many, str(root), chunk): chunk for chunk in _chunks(contents, paths, jobs)}
        for future in as_completed(futures):
            try:
                yield from zip(futures[future], future.result(), strict=True)
            except BrokenProcessPool:
                unfinished.append(futures[future])
            done += len(futures[future])
            progress(done, len(paths))
    for chunk in unfinished:
        yield from _apart(root, chunk)


def _apart(root: Path, paths: list[str]) -> Iterator[tuple[str, bytes | Problem]]:
    """Files of which one may kill its process: in a process of their own, by halves if that is killed."""
    from concurrent.futures.process import BrokenProcessPool

    with processes(1) as pool:
        try:
            answers = pool.submit(_many, str(root), paths).result()
        except BrokenProcessPool:
            answers = []
    if answers:
        yield from zip(paths, answers, strict=True)
    elif len(paths) == 1:
        yield paths[0], Problem(paths[0], 0, "cannot be read: the process that read it was killed", fatal=False)
    else:
        yield from _apart(root, paths[: len(paths) // 2])
        yield from _apart(root, paths[len(paths) // 2 :])


@contextmanager
def processes(jobs: int) -> Iterator[ProcessPoolExecutor]:
    """A pool of worker processes, which leave Ctrl-C to the main process and end with it at once."""
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor

    # Forking is some 100 ms faster and safe here: no thread has been started.
    context = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")
    with ProcessPoolExecutor(jobs, context, _quiet) as pool:
        try:
            with _undisturbed():
                pool.submit(_quiet)  # this starts the workers
            yield pool
        except BaseException:
            for worker in multiprocessing.active_children():
                worker.kill()
            raise


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Hold Ctrl-C back where there are signal masks: it would meet a new worker before the worker can leave it to us."""
    if sys.platform == "win32":
        yield
        return
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})


def _quiet() -> None:
    """Leave Ctrl-C to the main process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _chunks(contents: dict[str, bytes], paths: Sequence[str], jobs: int) -> Iterator[list[str]]:
    """Chunks of about equal size, large files first, several for each process."""
    by_size = sorted(paths, key=lambda path: len(contents[path]), reverse=True)
    count = min(len(paths), jobs * 6)
    for start in range(count):
        yield by_size[start::count]


def _many(root: str, paths: Sequence[str]) -> list[bytes | Problem]:
    answers: list[bytes | Problem] = []
    for path in paths:
        try:
            content = Path(os.path.join(root, path)).read_bytes()
        except OSError as error:
            answers.append(Problem(path, 0, f"cannot be read: {error.strerror}", fatal=False))
        else:
            answers.append(_one(path, content))
    return answers


def _one(path: str, content: bytes) -> bytes | Problem:
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(_DEEPEST_NESTING)
    try:
        return extract(content)
    except SyntaxError as error:
        return Problem(path, error.lineno or 0, f"cannot be read: {error.msg}", fatal=False)
    except ValueError as error:
        return Problem(path, 0, f"cannot be read: {error}", fatal=False)
    except (RecursionError, MemoryError):  # the parser says the one, the lowering the other
        return Problem(path, 0, "cannot be read: nested too deeply, or too large for the memory", fatal=False)
    finally:
        sys.setrecursionlimit(limit)
