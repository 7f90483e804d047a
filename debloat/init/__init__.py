"""What a project needs to live with debloat: settings, a hook, a job for its CI, and a word to coding agents."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

from debloat.config import Config, has_section
from debloat.git import remotes
from debloat.source import Discovery, discover
from debloat.tree import Tree
from debloat.worlds import parts

_TEST = re.compile(rb"^\s*(?:import|from) (?:pytest|unittest)\b.*^\s*(?:async )?def test_", re.MULTILINE | re.DOTALL)
_USUAL_TESTS = ("tests/", "test_*.py", "*_test.py", "conftest.py")
SETTINGS, HOOK, GITHUB, GITLAB = (
    "pyproject.toml",
    ".pre-commit-config.yaml",
    ".github/workflows/debloat.yml",
    ".gitlab-ci.yml",
)
_AGENTS = ("AGENTS.md", "CLAUDE.md")


class Proposal(NamedTuple):
    """A text for a file: ``text`` as the whole file, unless ``there`` is one, which it is to be added to."""

    path: str
    text: str
    there: bool


def propose(root: Path, config: Config, requirement: str) -> Iterator[Proposal]:
    """Yield what fits the project; ``requirement`` is what pip is to install. Settings come only if there are none. Raises ConfigError."""
    tree = Tree(root, {})
    discovery = discover(tree, config)
    texts = {}
    if not has_section(root / SETTINGS):
        texts[SETTINGS] = _settings(tree, config, discovery)
    texts[HOOK] = _template("hook.yaml", requirement)
    texts |= {path: _template(name, requirement) for path, name in _hosts(root).items()}
    existing = [name for name in _AGENTS if (root / name).exists()]
    texts |= {name: _template("agents.md", requirement) for name in existing or _AGENTS[:1]}
    for path, text in texts.items():
        there = (root / path).exists()
        yield Proposal(path, text, there)


def write(root: Path, proposals: Sequence[Proposal]) -> Iterator[Proposal]:
    """Write what can be written without changing a line that is there, and yield the rest.

    Files that are not there are made, and settings go to the end of a pyproject.toml.
    """
    for proposal in proposals:
        path = root / proposal.path
        if not proposal.there:
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("x", encoding="utf-8", newline="\n") as file:
                file.write(proposal.text)
        elif proposal.path == SETTINGS:
            content = path.read_bytes()
            with path.open("ab") as file:
                file.write((b"\n" if content.endswith(b"\n") else b"\n\n" if content else b"") + proposal.text.encode())
        else:
            yield proposal


def _template(name: str, requirement: str) -> str:
    text = (files("debloat.init") / name).read_text(encoding="utf-8")
    return text.replace("REQUIREMENT", requirement)


def _hosts(root: Path) -> dict[str, str]:
    """The files of the CI that the project has, or is at the host of; of each that may be, where nothing tells."""
    addresses = " ".join(remotes(root))
    github = (root / ".github").is_dir() or "github." in addresses
    gitlab = (root / GITLAB).exists() or "gitlab." in addresses
    neither = not (github or gitlab)
    return ({GITHUB: "github.yml"} if github or neither else {}) | ({GITLAB: "gitlab.yml"} if gitlab or neither else {})


def _settings(tree: Tree, config: Config, discovery: Discovery) -> str:
    whole = parts(tree, config, discovery.metadata, None)[0]
    lines = ["[tool.debloat]"]
    lines.append(
        f'world = "{whole.world}"  # {whole.reason}; "library": others import what it exports, "application": nobody does'
    )
    if whole.world == "library":
        lines.append(f"# public = {_listed(_packages(discovery))}  # what others may use, if that is less than all")
    if more := _other_tests(tree, discovery):
        lines.append(f"tests = {_listed([*_USUAL_TESTS, *more])}")
    return "\n".join(lines) + "\n"


def _listed(names: Sequence[str]) -> str:
    return json.dumps([*names], ensure_ascii=False)


def _packages(discovery: Discovery) -> list[str]:
    ours = [file for file in discovery.files if not (file.tests or file.stub or file.no_edit)]
    return sorted({file.module.partition(".")[0] for file in ours if file.package}) or ["package"]


def _other_tests(tree: Tree, discovery: Discovery) -> list[str]:
    """Folders of tests that are not called as tests usually are."""
    found = set()
    for file in discovery.files:
        if not file.tests and "/" in file.path and not file.stub:
            try:
                content = tree.read(file.path)
            except OSError:
                continue
            if _TEST.search(content):
                found.add(file.path.rpartition("/")[0] + "/")
    return sorted(
        folder for folder in found if not any(folder != other and folder.startswith(other) for other in found)
    )
