"""Which files a project has, what they are called, and how their bytes become text and come back."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from debloat.config import Config, ConfigError
from debloat.source import Discovery, SourceError, SourceFile, decode, discover, encode, is_generated
from debloat.tree import Tree

DEFAULT = Config()


def found(root: Path, *paths: str, config: Config = DEFAULT, texts: dict[str, str] | None = None) -> Discovery:
    for path, text in {**dict.fromkeys(paths, ""), **(texts or {})}.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    return discover(Tree(root, {}), config)


def paths(discovery: Discovery) -> list[str]:
    return [file.path for file in discovery.files]


def modules(discovery: Discovery) -> dict[str, str]:
    return {file.path: file.module for file in discovery.files}


def marked(discovery: Discovery, mark: str) -> list[str]:
    return [file.path for file in discovery.files if getattr(file, mark)]


# --- which files ---


def test_files_are_sorted_by_path_and_say_what_they_are(tmp_path: Path) -> None:
    discovery = found(tmp_path, "b.py", "a/__init__.py", "a/x.pyi")
    assert discovery.files == (
        SourceFile("a/__init__.py", "a", (), package=True, tests=False, stub=False, no_edit=False),
        SourceFile("a/x.pyi", "a.x", (), package=False, tests=False, stub=True, no_edit=False),
        SourceFile("b.py", "b", (), package=False, tests=False, stub=False, no_edit=False),
    )


def test_what_is_no_part_of_the_program_is_not_read(tmp_path: Path) -> None:
    discovery = found(
        tmp_path,
        "app.py", ".hidden/a.py", "__pycache__/a.py", "node_modules/a.py", "env/pyvenv.cfg", "env/lib/a.py",
        "build/a.py", "dist/a.py", ".tox/a.py", "x.egg-info/a.py", "lib/site-packages/a.py", "sub/build/a.py",
        "pkg/build/__init__.py", ".github/scripts/a.py",
    )  # fmt: skip
    assert paths(discovery) == [".github/scripts/a.py", "app.py", "pkg/build/__init__.py"]


def test_gitignore_files_count_at_every_level(tmp_path: Path) -> None:
    texts = {
        ".gitignore": "*.gen.py\n/local\n!keep.gen.py\n\\\nnot-utf8-\ufffd\n",
        "sub/.gitignore": "!back.gen.py\n/top.py\nfolder/\n",
    }
    discovery = found(
        tmp_path,
        "a.gen.py", "keep.gen.py", "local/a.py", "sub/local/a.py", "sub/back.gen.py", "sub/x.gen.py", "sub/top.py",
        "sub/deep/top.py", "sub/folder/a.py", "sub/folder.py",
        texts=texts,
    )  # fmt: skip
    assert paths(discovery) == ["keep.gen.py", "sub/back.gen.py", "sub/deep/top.py", "sub/folder.py", "sub/local/a.py"]


def test_gitignore_files_above_the_project_count_up_to_the_checkout(tmp_path: Path) -> None:
    texts = {".gitignore": "*.py\n", "repo/.gitignore": "/inner/a.py\n", "repo/.git/HEAD": ""}
    found(tmp_path, "repo/inner/a.py", "repo/inner/b.py", texts=texts)
    assert paths(discover(Tree(tmp_path / "repo" / "inner", {}), DEFAULT)) == ["b.py"]


def test_excluded_is_excluded_whatever_gitignore_says(tmp_path: Path) -> None:
    config = Config(exclude=("/fixtures/", "*_gen.py"))
    discovery = found(
        tmp_path, "fixtures/a.py", "x/fixtures/a.py", "x/a_gen.py", config=config, texts={"x/.gitignore": "!*_gen.py"}
    )
    assert paths(discovery) == ["x/fixtures/a.py"]


def test_settings_of_an_inner_project_count_below_it(tmp_path: Path) -> None:
    settings = "exclude = ['/a.py']\ntests = ['/checks/']\nno-edit = ['old/']\nsrc = ['lib']"
    texts = {"p/pyproject.toml": f"[tool.debloat]\n{settings}"}
    discovery = found(
        tmp_path,
        "a.py",
        "checks/x.py",
        "p/a.py",
        "p/checks/x.py",
        "p/test_y.py",
        "p/old/z.py",
        "p/lib/ns/m.py",
        texts=texts,
    )
    assert "a.py" in paths(discovery)
    assert "p/a.py" not in paths(discovery)
    assert marked(discovery, "tests") == ["p/checks/x.py"]
    assert marked(discovery, "no_edit") == ["p/old/z.py"]
    assert modules(discovery)["p/lib/ns/m.py"] == "ns.m"


def test_wrong_settings_of_an_inner_project_are_an_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="has no key"):
        found(tmp_path, "a.py", texts={"p/pyproject.toml": "[tool.debloat]\nnope = 1"})
    assert paths(found(tmp_path, "a.py", texts={"p/pyproject.toml": "broken, but not ours"})) == ["a.py"]


def test_files_in_other_languages_that_may_name_symbols(tmp_path: Path) -> None:
    texts = {
        "bin/run": "#!/bin/sh\n", "LICENSE": "MIT", "big.json": "x" * 200_000, "small.json": "{}",
        "package-lock.json": "{}", "data.csv": "", "Dockerfile.dev": "", "Makefile": "", ".github/workflows/ci.yml": "",
        "docs/a.rst": "", "n.ipynb": "{}", "pyproject.toml": "", "sub/setup.py": "", "sub/setup.cfg": "",
    }  # fmt: skip
    discovery = found(tmp_path, texts=texts)
    assert discovery.texts == (
        ".github/workflows/ci.yml", "Dockerfile.dev", "Makefile", "bin/run", "docs/a.rst", "n.ipynb", "pyproject.toml",
        "small.json", "sub/setup.cfg",
    )  # fmt: skip
    assert discovery.notebooks == ("n.ipynb",)
    assert discovery.metadata == ("pyproject.toml", "sub/setup.cfg", "sub/setup.py")
    assert paths(discovery) == ["sub/setup.py"]


# --- bad input ---


def test_no_python_is_a_fatal_problem(tmp_path: Path) -> None:
    (problem,) = found(tmp_path, "README.md").problems
    assert problem.fatal
    assert problem.message == "no Python files found here"


def test_a_folder_called_like_a_module_is_a_folder(tmp_path: Path) -> None:
    discovery = found(tmp_path, "x.py/y.py", "README.md/z.py")
    assert paths(discovery) == ["README.md/z.py", "x.py/y.py"]
    assert not discovery.problems


@pytest.mark.skipif(sys.platform == "win32", reason="no links without rights")
def test_links(tmp_path: Path) -> None:
    found(tmp_path, "pkg/a.py", "node_modules/x.py")
    (tmp_path / "pkg" / "loop").symlink_to(tmp_path)
    (tmp_path / "self.py").symlink_to(tmp_path / "self.py")
    (tmp_path / "gone.py").symlink_to(tmp_path / "nowhere")
    (tmp_path / "same.py").symlink_to(tmp_path / "pkg" / "a.py")
    (tmp_path / ".venv").symlink_to(tmp_path / "pkg")
    discovery = discover(Tree(tmp_path, {}), DEFAULT)
    assert paths(discovery) == ["pkg/a.py", "same.py"]
    assert marked(discovery, "no_edit") == ["same.py"]
    assert {(problem.path, problem.message, problem.fatal) for problem in discovery.problems} == {
        ("pkg/loop/", "link to a folder, not followed", False),
        ("self.py", "not a regular file", False),
        ("gone.py", "not a regular file", False),
    }


@pytest.mark.skipif(sys.platform == "win32", reason="no named pipes in folders")
def test_pipes_are_not_opened(tmp_path: Path) -> None:
    found(tmp_path, "a.py")
    os.mkfifo(tmp_path / "pipe")
    os.mkfifo(tmp_path / "pipe.py")
    discovery = discover(Tree(tmp_path, {}), DEFAULT)
    assert paths(discovery) == ["a.py"]
    assert [problem.path for problem in discovery.problems] == ["pipe.py"]


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such names")
def test_a_name_that_is_no_text_is_said(tmp_path: Path) -> None:
    found(tmp_path, "a.py", "ä.py")
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.py")).touch()
    discovery = discover(Tree(tmp_path, {}), DEFAULT)
    assert modules(discovery) == {"a.py": "a", "ä.py": "ä"}
    assert [problem.path for problem in discovery.problems] == ["\ufffd.py"]


@pytest.mark.skipif(sys.platform == "win32" or os.getuid() == 0, reason="the rights of this user do not count")
def test_an_unreadable_folder_costs_only_itself(tmp_path: Path) -> None:
    found(tmp_path, "a.py", "secret/b.py")
    (tmp_path / "secret").chmod(0)
    discovery = discover(Tree(tmp_path, {}), DEFAULT)
    (tmp_path / "secret").chmod(0o700)
    assert paths(discovery) == ["a.py"]
    assert [(problem.path, problem.fatal) for problem in discovery.problems] == [("secret/", False)]


# --- names ---


@pytest.mark.parametrize(
    ("path", "module", "aliases"),
    [
        ("main.py", "main", ()),
        ("pkg/__init__.py", "pkg", ()),
        ("pkg/sub/__init__.py", "pkg.sub", ()),
        ("pkg/sub/__main__.py", "pkg.sub.__main__", ()),
        ("src/lib/__init__.py", "lib", ("src.lib",)),
        ("src/google/cloud/__init__.py", "google.cloud", ("cloud", "src.google.cloud")),
        ("backend/app/__init__.py", "app", ("backend.app",)),
        ("namespace/deep/m.py", "namespace.deep.m", ("m", "deep.m")),
        ("tests/test_x.py", "tests.test_x", ("test_x",)),
        ("scripts/my-tool.py", "scripts.my-tool", ("my-tool",)),
        ("scripts/a.b.py", "scripts.a-b", ("a-b",)),
        ("my-app/core/m.py", "core.m", ("m",)),
        ("packages/one/pyproject.toml", None, None),
        ("packages/one/tool/m.py", "tool.m", ("m", "one.tool.m", "packages.one.tool.m")),
        ("packages/one/src/uno/m.py", "uno.m", ("m", "src.uno.m", "one.src.uno.m", "packages.one.src.uno.m")),
    ],
)
def test_a_module_is_named_from_its_import_root(
    tmp_path: Path, path: str, module: str | None, aliases: tuple[str, ...] | None
) -> None:
    packages = ["pkg", "pkg/sub", "src/lib", "src/google/cloud", "backend/app"]
    discovery = found(
        tmp_path, path, "packages/one/pyproject.toml", *(f"{package}/__init__.py" for package in packages)
    )
    named = {file.path: (file.module, file.aliases) for file in discovery.files}
    assert named.get(path, (None, None)) == (module, aliases)


def test_configured_import_roots(tmp_path: Path) -> None:
    discovery = found(tmp_path, "code/python/a/b.py", "code/x.py", config=Config(src=("./code/python/",)))
    assert modules(discovery) == {"code/python/a/b.py": "a.b", "code/x.py": "code.x"}


def test_a_project_that_is_a_package_has_its_own_name_as_an_alias(tmp_path: Path) -> None:
    root = tmp_path / "outer" / "pack"
    root.mkdir(parents=True)
    (tmp_path / "outer" / "__init__.py").touch()
    discovery = found(root, "__init__.py", "top.py", "low/__init__.py", "low/deep.py", "loose/script.py")
    assert {file.path: (file.module, *file.aliases) for file in discovery.files} == {
        "__init__.py": ("outer.pack",),
        "top.py": ("top", "outer.pack.top"),
        "low/__init__.py": ("low", "outer.pack.low"),
        "low/deep.py": ("low.deep", "outer.pack.low.deep"),
        "loose/script.py": ("loose.script", "script", "outer.pack.loose.script"),
    }


def test_files_that_share_a_name_are_told_apart(tmp_path: Path) -> None:
    discovery = found(
        tmp_path, "a/app/__init__.py", "b/app/__init__.py", "b/app/m.py", "m.py", "m.pyi", "n.py", "n/__init__.py"
    )
    assert {file.path: (file.module, file.aliases) for file in discovery.files} == {
        "a/app/__init__.py": ("a.app", ("app",)),
        "b/app/__init__.py": ("b.app", ("app",)),
        "b/app/m.py": ("app.m", ("b.app.m",)),
        "m.py": ("m", ()),
        "m.pyi": ("m", ()),
        "n.py": ("<n.py>", ("n",)),
        "n/__init__.py": ("<n/__init__.py>", ("n",)),
    }


NAMES = st.sampled_from(["a", "b", "src", "tests", "x-y", "__init__", "a.b"])


@given(st.sets(st.lists(NAMES, min_size=1, max_size=4).map("/".join)))
def test_names_are_unique(stems: set[str]) -> None:
    from debloat.source.names import module_names

    files = sorted(f"{stem}.py" for stem in stems)
    packages = {file.rpartition("/")[0] for file in files if file.endswith("/__init__.py")}
    named = [names.module for names in module_names(files, packages, {"src"}, {"", "b"}, "")]
    assert len(set(named)) == len(files)


# --- tests, and what is not ours to edit ---


def test_tests_are_known_by_their_names_and_places(tmp_path: Path) -> None:
    tests = [
        "conftest.py",
        "pkg/tests/deep/data.py",
        "pkg/tests/helpers.py",
        "shop/tests.py",
        "test/any.py",
        "test_a.py",
        "x_test.py",
    ]
    others = ["pkg/__init__.py", "pkg/test/__init__.py", "pkg/test/client.py", "pkg/testing.py", "contest.py"]
    assert marked(found(tmp_path, *tests, *others), "tests") == tests


def test_configured_tests_replace_the_custom(tmp_path: Path) -> None:
    config = Config(tests=("/checks/", "!/checks/lib.py"))
    assert marked(found(tmp_path, "checks/a.py", "checks/lib.py", "test_a.py", config=config), "tests") == [
        "checks/a.py"
    ]


def test_what_tools_and_others_wrote_is_not_edited(tmp_path: Path) -> None:
    written = [
        "alembic/versions/ab12.py", "pkg/_vendor/x/y.py", "shop/migrations/0001_initial.py",
        "shop/migrations/__init__.py", "vendor/z.py", "x_pb2.py", "x_pb2_grpc.pyi",
    ]  # fmt: skip
    others = ["db/migrations/executor.py", "vendors.py", "x_pb.py", "versions/a.py"]
    discovery = found(tmp_path, "old/legacy.py", *written, *others, config=Config(no_edit=("legacy.py",)))
    assert marked(discovery, "no_edit") == sorted(["old/legacy.py", *written])


@pytest.mark.parametrize(
    ("data", "generated"),
    [
        (b"# Generated by the compiler.  DO NOT EDIT!\n", True),
        (b"#!/bin/python\r\n# @generated by x\r\n", True),
        (b'"""DO NOT EDIT"""\n', True),
        (b'"""A module.\n\nThis file is generated, DO NOT EDIT it.\n"""\n', True),
        (b'MARK = "DO NOT EDIT"\n', False),
        (b"# edit\n" * 400 + b"# DO NOT EDIT\n", False),
        (b"", False),
    ],
)
def test_generated_files_say_so_in_their_heads(data: bytes, generated: bool) -> None:
    assert is_generated(data) is generated


# --- bytes to text and back ---


@pytest.mark.parametrize(
    ("data", "text", "encoding", "newline"),
    [
        (b"", "", "utf-8", "\n"),
        ("ä = 1\n".encode(), "ä = 1\n", "utf-8", "\n"),
        (b"# -*- coding: latin-1 -*-\nx = '\xe4'\n", "# -*- coding: latin-1 -*-\nx = 'ä'\n", "iso8859-1", "\n"),
        (b"#!/bin/python\n# vim: set fileencoding=cp1252 :\n'\x80'", None, "cp1252", "\n"),
        (b"\f\n# coding: latin-1\n'\xe4'", None, "iso8859-1", "\n"),
        (b"#\r# coding: latin-1\r'\xe4'\r", None, "iso8859-1", "\r"),
        (b"# coding: utf-8-sig\nx\n", None, "utf-8", "\n"),
        (b"x = 1\n# coding: latin-1\n", None, "utf-8", "\n"),
        (b"#\n#\n# coding: nonsense\n", None, "utf-8", "\n"),
        (b"a\r\nb\r\nc\n", "a\r\nb\r\nc\n", "utf-8", "\r\n"),
        (b"a\rb\r", "a\rb\r", "utf-8", "\r"),
        ("a\f\n'\u2028\x85'\n".encode(), "a\f\n'\u2028\x85'\n", "utf-8", "\n"),
    ],
)
def test_text_comes_back_as_it_was(data: bytes, text: str | None, encoding: str, newline: str) -> None:
    for bom in (b"", b"\xef\xbb\xbf") if encoding == "utf-8" else (b"",):
        decoded = decode(bom + data)
        assert (decoded.encoding, decoded.newline, decoded.bom) == (encoding, newline, bool(bom))
        assert text is None or decoded.text == text
        assert encode(decoded) == bom + data


@pytest.mark.parametrize(
    ("data", "line", "message"),
    [
        (b"x = 1\ny = '\xe4'\n", 2, "is not valid utf-8: save it as UTF-8 or name its coding in the first line"),
        (b"# coding: klingon\n", 1, "says its coding is klingon, which Python does not know"),
        (b"# coding: hex\n", 1, "cannot be read and written back as hex: save it as UTF-8"),
        (b"# coding: utf-7\n+AGE-\n", 1, "cannot be read and written back as utf-7: save it as UTF-8"),
        (b"\xef\xbb\xbf# coding: latin-1\n", 1, "has a UTF-8 byte order mark and says its coding is iso8859-1"),
        (b"x\n\0\n", 2, "contains a NUL byte"),
        (
            b"# coding: raw_unicode_escape\n'\\ud800'\n",
            1,
            "cannot be read and written back as raw-unicode-escape: save it as UTF-8",
        ),
    ],
)
def test_what_is_no_text_is_said_in_one_line(data: bytes, line: int, message: str) -> None:
    with pytest.raises(SourceError) as error:
        decode(data)
    assert (error.value.message, error.value.line) == (message, line)


COOKIES = st.sampled_from(
    [
        b"",
        b"# coding: latin-1\n",
        b"# coding: cp1252\r\n",
        b"# coding: utf-7\n",
        b"# coding: utf-16\n",
        b"#coding=gbk\r",
    ]
)
PIECES = st.sampled_from(
    [b"\n", b"\r\n", b"\r", b"\f", b"\xe4", "ä".encode(), "\u2028".encode(), b"\x85", b"x", b"\xef\xbb\xbf", b"\0"]
)


@given(st.binary(max_size=3) | COOKIES, st.lists(PIECES | st.binary(max_size=4)).map(b"".join))
def test_any_bytes_come_back_or_are_refused(head: bytes, body: bytes) -> None:
    try:
        text = decode(head + body)
    except SourceError:
        return
    assert encode(text) == head + body
    text.text.encode()
