"""The code that is measured: pinned releases, kept outside the repository."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

# The first is measured alone; all of them together, one after the other, show how time grows with size.
PACKAGES = {
    "django": "Django==5.2.19",
    "sqlalchemy": "SQLAlchemy==2.0.44",
    "networkx": "networkx==3.6.1",
    "pandas": "pandas==2.3.3",
    "sympy": "sympy==1.14.0",
}
PROJECT = '[project]\nname = "bench"\n\n[tool.debloat]\nworld = "library"\n'


def cache_folder() -> Path:
    """Where downloads are kept: the user's cache folder."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "debloat-bench"


def packages(offline: Path | None) -> dict[str, Path]:
    """Return the folder of each package: below ``offline``, else downloaded once.

    Wheels are taken, since pip must build a source distribution to download it. Raises SystemExit for a package that
    is not there, CalledProcessError where pip fails.
    """
    found = {}
    for name, requirement in PACKAGES.items():
        folder = offline or cache_folder() / requirement
        if not offline and not folder.exists():
            _download(requirement, folder)
        inits = sorted(folder.glob(f"**/{name}/__init__.py"), key=lambda path: len(path.parts))
        if not inits:
            raise SystemExit(f"{folder} holds no package {name}")
        found[name] = inits[0].parent
    return found


def _download(requirement: str, folder: Path) -> None:
    arguments = ["download", "--quiet", "--no-deps", "--only-binary=:all:", "--dest", str(folder), requirement]
    try:
        subprocess.run([sys.executable, "-m", "pip", *arguments], check=True)
        for wheel in folder.glob("*.whl"):
            zipfile.ZipFile(wheel).extractall(folder)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)  # half a download is none
        raise


def project(folder: Path, packages: list[Path]) -> Path:
    """Make ``folder`` a project that holds copies of the packages' Python files."""
    for package in packages:
        if not (folder / package.name).exists():
            others = shutil.ignore_patterns("*.so", "*.pyd", "*.pyc", "*.mo", "*.po", "*.csv", "*.parquet")
            shutil.copytree(package, folder / package.name, ignore=others)
    (folder / "pyproject.toml").write_text(PROJECT)
    return folder
