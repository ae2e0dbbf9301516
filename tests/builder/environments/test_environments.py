"""Environments of their own: made from a lock file, found again, never half made."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from typer.testing import CliRunner

from benchwright.builder.cli import app
from benchwright.builder.doctor import examine
from benchwright.builder.environments import ENV_FOLDER, Lock, environment_folder, find, install, locks, made
from benchwright.builder.environments._install import _own
from benchwright.schemas.errors import InputError, MissingDependencyError, NotFoundError
from tests.conftest import ROOT

LOCK = Lock("pond", "tests of ponds", "pondlib", ("pondlib",), ("pondlib==1.2",), "a" * 64)


def wheel(folder: Path, version: str = "1.2", text: str = "DEPTH = 3\n") -> None:
    """Write a wheel of one module."""
    folder.mkdir(exist_ok=True)
    about = f"pondlib-{version}.dist-info"
    with zipfile.ZipFile(folder / f"pondlib-{version}-py3-none-any.whl", "w") as archive:
        archive.writestr("pondlib.py", text)
        archive.writestr(f"{about}/METADATA", f"Metadata-Version: 2.1\nName: pondlib\nVersion: {version}\n")
        archive.writestr(f"{about}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{about}/RECORD", "")


@pytest.fixture(autouse=True)
def _alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ENV_FOLDER, str(tmp_path / "environments"))


@pytest.fixture
def _pond(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("benchwright.builder.environments._lock.locks", lambda: {"pond": LOCK})


@pytest.mark.usefixtures("_pond")
def test_an_environment_is_made_once_from_a_folder_of_wheels(tmp_path: Path) -> None:
    wheel(tmp_path / "wheels")
    with pytest.raises(MissingDependencyError, match="doctor --install pond"):
        find("pond")
    done = install("pond", wheels=tmp_path / "wheels")
    told = subprocess.run([done.python, "-c", "import pondlib; print(pondlib.DEPTH)"], capture_output=True, check=True)
    assert told.stdout == b"3\n"
    assert find("pond") == done
    assert done.signature == "pond,aaaaaaaaaaaa"
    mark = (done.folder / "benchwright.json").stat().st_mtime_ns
    assert install("pond", wheels=tmp_path / "wheels") == done
    words = ["doctor", "--install", "pond", "--wheels", str(tmp_path / "wheels"), "--python", sys.executable, "--json"]
    said = CliRunner().invoke(app, words)
    assert said.exit_code == 0, said.output
    (one,) = json.loads(said.stdout)["environments"]
    assert (Path(one["python"]), one["lock_sha256"]) == (done.python, LOCK.sha256)
    assert (done.folder / "benchwright.json").stat().st_mtime_ns == mark


@pytest.mark.usefixtures("_pond")
def test_one_that_broke_off_is_not_there_and_a_package_that_is_absent_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("benchwright.builder.environments._install._run", lambda *_: None)
    monkeypatch.setattr("benchwright.builder.environments._install.write_json", lambda *_: None)
    with pytest.raises(InputError):
        install("pond")
    assert made("pond") is None


@pytest.mark.usefixtures("_pond")
@pytest.mark.parametrize(("version", "text", "found"), [("1.3", "", "pondlib==1.2"), ("1.2", "1 / 0", "ZeroDivision")])
def test_what_cannot_be_installed_or_loaded_is_an_error(tmp_path: Path, version: str, text: str, found: str) -> None:
    wheel(tmp_path / "wheels", version, text)
    with pytest.raises(InputError, match=found) as caught:
        install("pond", wheels=tmp_path / "wheels")
    assert {one.code for one in caught.value.problems} == {"environment-failed"}
    assert made("pond") is None


def test_names_folders_and_interpreters_that_are_not_there_are_errors(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="comet"):
        install("comte")
    with pytest.raises(InputError, match="folder of wheels"):
        install("comet", wheels=tmp_path / "gone")
    with pytest.raises(MissingDependencyError, match="--python"):
        install("comet", python=tmp_path / "gone/python")


def test_the_folder_is_in_the_cache_of_the_user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert environment_folder() == tmp_path / "environments"
    monkeypatch.delenv(ENV_FOLDER)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    assert environment_folder() == tmp_path / "cache/benchwright/environments"


@pytest.mark.parametrize("name", locks())
def test_a_lock_file_names_each_package_in_one_version(name: str) -> None:
    lock = locks()[name]
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+==[\w.+!]+", one) for one in lock.packages)
    names = [one.split("==")[0].lower().replace("_", "-") for one in lock.packages]
    assert len(names) == len(set(names))
    assert lock.main in names
    assert lock.version != "unknown"
    assert len(names) > 20
    assert lock.feature


@pytest.mark.parametrize("name", [name for name, lock in locks().items() if lock.own_extra])
def test_a_lock_file_pins_what_this_package_needs_in_it(name: str) -> None:
    lock = locks()[name]
    table = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert lock.own_extra is not None
    needed = [*table["dependencies"], *table["optional-dependencies"][lock.own_extra]]
    pinned = {plain(one.split("==")[0]) for one in lock.packages}
    assert {plain(re.split(r"[\[<>=! ;]", one)[0]) for one in needed} - pinned == set()


def plain(name: str) -> str:
    return name.lower().replace("_", "-").replace(".", "-")


def test_doctor_lists_environments_with_the_line_that_makes_them() -> None:
    parts = {one.name: one for one in examine()}
    assert parts["unbabel-comet (environment)"].version is None
    assert parts["unbabel-comet (environment)"].install == "benchwright doctor --install comet"


def test_an_environment_that_has_this_package_takes_the_checkout_or_the_version() -> None:
    assert "[scale]" in _own("scale")[-1]
