"""sdist -> wheel -> fresh environment -> tests: what is published is what was tested."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

import benchwright
from tests.house.checkout import PACKAGE, ROOT

DATA_SUFFIXES = {
    ".py",
    ".yaml",
    ".json",
    ".txt",
    ".html",
    ".j2",
    ".css",
    ".js",
    ".typed",
    ".tsv",
    ".csv",
    ".md",
    ".toml",
    ".ftz",
    ".npz",
    ".ll",
}
OF_THE_CHECKOUT = "tests/schemas/test_generated.py::test_a_generated_file_is_current"
"""Compares files of the repository, which a wheel has no business with."""
COPIED_TESTS = ("tests/schemas", *(f"tests/audits/test_{name}.py" for name in ("gates", "run", "spans", "terms")))
"""What shows within a minute that the installed package and its data work; all files are looked for by name."""


def run(*command: str | Path, cwd: Path) -> str:
    """Run a command without the settings of this environment, and return what it prints."""
    environment = {name: value for name, value in os.environ.items() if name not in {"PYTHONPATH", "VIRTUAL_ENV"}}
    outcome = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr
    return outcome.stdout


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sdist, and the wheel that was made from it (not from the checkout)."""
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, ROOT, cwd=folder)
    return folder


def package_files() -> set[str]:
    kept = [path for path in PACKAGE.rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    return {path.relative_to(ROOT).as_posix() for path in kept}


@pytest.mark.slow
def test_sdist_holds_the_package_once(built: Path) -> None:
    prefix = f"benchwright-{benchwright.__version__}/"
    with tarfile.open(built / f"{prefix[:-1]}.tar.gz") as archive:
        names = {name.removeprefix(prefix) for name in archive.getnames()}
    assert {"LICENSE", "NOTICE", "README.md", "CHANGELOG.md", "pyproject.toml"} <= names
    assert {name.split("/")[0] for name in names if "/" in name} == {"benchwright"}
    assert package_files() <= names


@pytest.mark.slow
def test_wheel_holds_the_package_and_its_data(built: Path) -> None:
    (wheel,) = built.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    assert {name.split("/")[0] for name in names} == {"benchwright", f"benchwright-{benchwright.__version__}.dist-info"}
    assert package_files() <= names
    assert {Path(name).suffix for name in package_files()} <= DATA_SUFFIXES
    assert {"LICENSE", "NOTICE"} <= {Path(name).name for name in names if "/licenses/" in name}


@pytest.mark.slow
def test_wheel_works_in_a_fresh_environment(built: Path, tmp_path: Path) -> None:
    (wheel,) = built.glob("*.whl")
    python = tmp_path / "env/bin/python"
    run(sys.executable, "-m", "venv", tmp_path / "env", cwd=tmp_path)
    run(python, "-m", "pip", "install", "--quiet", wheel, cwd=tmp_path)
    where = run(python, "-c", "import benchwright; print(benchwright.__file__)", cwd=tmp_path)
    assert str(tmp_path / "env") in where
    assert "Usage" in run(tmp_path / "env/bin/benchwright", "--help", cwd=tmp_path)
    run(python, "-m", "pip", "check", cwd=tmp_path)
    road(tmp_path / "env/bin/benchwright", tmp_path)

    run(python, "-m", "pip", "install", "--quiet", "pytest", "hypothesis", "jsonschema", cwd=tmp_path)
    checkout = tmp_path / "checkout"
    checkout.mkdir()
    for name in ("tests", "docs", "examples"):
        shutil.copytree(ROOT / name, checkout / name, ignore=shutil.ignore_patterns("__pycache__"))
    for path in (ROOT / "pyproject.toml", *ROOT.glob("*.md")):
        shutil.copy(path, checkout)
    suite = ["-m", "pytest", "-q", "-p", "no:cacheprovider", "--deselect", OF_THE_CHECKOUT, *COPIED_TESTS]
    summary = run(python, *suite, cwd=checkout)
    assert " passed" in summary


def road(command: Path, folder: Path) -> None:
    """Take the fictional exam from papers to items with what is installed, the core alone."""
    run(command, "new", folder / "project", "--raw", ROOT / "examples/fictional_exam/raw", cwd=folder)
    outcome = subprocess.run([command, "build", folder / "project"], capture_output=True, text=True, check=False)
    assert outcome.returncode == 1, outcome.stdout + outcome.stderr  # the planted errors keep the gate shut
    assert (folder / "project/build/items.parquet").is_file()
    assert (folder / "project/build/report.html").is_file()
