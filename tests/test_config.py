"""Settings are read exactly, and whatever is wrong with them is one line that helps."""

from __future__ import annotations

from pathlib import Path

import pytest

from debloat.config import Config, ConfigError, find_root, read_config


def write(folder: Path, text: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "pyproject.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_every_key_is_read(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        """
        [tool.debloat]
        world = "library"
        public = ["shop.api"]
        src = ["lib"]
        tests = ["checks/"]
        exclude = ["gen/"]
        no-edit = ["old/"]
        select = ["residue"]
        ignore = ["dead-symbol"]
        rule-paths = ["rules"]
        fail-on = "safe"
        [tool.debloat.per-file-ignores]
        "*.pyi" = ["unused-parameter"]
        """,
    )
    assert read_config(path) == Config(
        world="library",
        public=("shop.api",),
        src=("lib",),
        tests=("checks/",),
        exclude=("gen/",),
        no_edit=("old/",),
        select=("residue",),
        ignore=("dead-symbol",),
        per_file_ignores={"*.pyi": ("unused-parameter",)},
        rule_paths=("rules",),
        fail_on="safe",
    )


def test_no_file_and_no_table_are_no_settings(tmp_path: Path) -> None:
    assert read_config(tmp_path / "pyproject.toml") is None
    assert read_config(write(tmp_path, "[project]\nname = 'x'\n")) is None
    assert read_config(write(tmp_path, "tool = 1\n")) is None
    assert read_config(write(tmp_path, "[tool.debloat]\n")) == Config()


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("[tool.debloat]\nexcludes = []", "[tool.debloat] has no key 'excludes'; did you mean 'exclude'?"),
        ("[tool.debloat]\nno_edit = []", "[tool.debloat] has no key 'no_edit'; did you mean 'no-edit'?"),
        ("[tool.debloat]\nworld = 'app'", "[tool.debloat] world must be one of auto, library, application"),
        ("[tool.debloat]\nworld = ['library']", "[tool.debloat] world must be one of auto, library, application"),
        ("[tool.debloat]\nfail-on = 1", "[tool.debloat] fail-on must be one of suggestion, unsafe, safe, never"),
        ("[tool.debloat]\nexclude = 'a'", "[tool.debloat] exclude must be a list of strings"),
        ("[tool.debloat]\nselect = [1]", "[tool.debloat] select must be a list of strings"),
        (
            "[tool.debloat]\nper-file-ignores = []",
            "[tool.debloat] per-file-ignores must be a table of lists of strings",
        ),
        (
            "[tool.debloat]\nper-file-ignores = {'a' = 'b'}",
            "[tool.debloat] per-file-ignores.'a' must be a list of strings",
        ),
        ("[tool]\ndebloat = 1", "tool.debloat must be a table"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(tmp_path: Path, text: str, complaint: str) -> None:
    path = write(tmp_path, text)
    with pytest.raises(ConfigError) as error:
        read_config(path)
    assert str(error.value) == f"{path}: {complaint}"


@pytest.mark.parametrize("data", [b"[tool.debloat\n", b"\xff\xfe", b"a = " + b"[" * 100_000])
def test_broken_toml_is_one_line(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "pyproject.toml"
    path.write_bytes(data)
    with pytest.raises(ConfigError, match="not valid TOML") as error:
        read_config(path)
    assert "\n" not in str(error.value)


def test_the_root_is_the_nearest_table_then_the_checkout_then_any_pyproject(tmp_path: Path) -> None:
    inner = tmp_path / "repo" / "packages" / "inner"
    inner.mkdir(parents=True)
    assert find_root(inner) == inner
    write(tmp_path / "repo", "[project]\nname = 'debloat-user'\n")
    assert find_root(inner) == tmp_path / "repo"
    write(inner, "[project]\nname = 'inner'\n")
    assert find_root(inner) == inner
    (tmp_path / "repo" / ".git").mkdir()
    assert find_root(inner) == tmp_path / "repo"
    write(tmp_path / "repo" / "packages", "[tool.debloat]\n")
    assert find_root(inner) == tmp_path / "repo" / "packages"


def test_a_broken_table_still_marks_the_root(tmp_path: Path) -> None:
    write(tmp_path, "[tool.debloat\n")
    inner = tmp_path / "inner"
    write(inner, "[project]\n")
    assert find_root(inner) == tmp_path
