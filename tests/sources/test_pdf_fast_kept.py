"""What processes keep for later ones: the same as read anew, and never trusted blindly."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from benchwright.sources import _kept
from benchwright.sources._kept import keep, kept, kept_file, yaml_table

DATA = Path(str(files("benchwright.sources").joinpath("data")))
TABLES = sorted(path.stem for path in DATA.glob("*.yaml"))


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path


@pytest.mark.parametrize("name", TABLES)
def test_a_table_is_the_same_read_anew_and_kept(name: str, folder: Path) -> None:
    truth = YAML(typ="safe").load((DATA / f"{name}.yaml").read_text("utf-8"))
    assert yaml_table(name) == truth
    assert [path.name for path in (folder / "benchwright").iterdir()]
    assert yaml_table(name) == truth


@pytest.mark.parametrize("harm", ["cut", "open to others"])
def test_a_kept_table_that_cannot_be_trusted_is_read_anew(harm: str, folder: Path) -> None:
    truth = yaml_table("alphabets")
    [path] = (folder / "benchwright").iterdir()
    if harm == "cut":
        path.write_bytes(path.read_bytes()[:-5])
    else:
        path.write_text('{"latin_upper": ["X"]}')
        path.chmod(0o666)
    assert yaml_table("alphabets") == truth


def test_nothing_is_kept_without_a_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    def homeless() -> Path:
        raise RuntimeError("no home")

    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setattr(Path, "home", homeless)
    keep("x", b"1")
    assert kept_file("x") is None
    assert kept("x") is None
    assert yaml_table("alphabets")


def test_a_file_is_kept_whole(folder: Path) -> None:
    keep("x", b"123")
    assert kept("x") == b"123"
    assert [path.name for path in (folder / "benchwright").iterdir()] == ["x"]


def test_a_disk_that_cannot_be_written_is_no_error(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "benchwright").write_text("a file where the folder should be")
    keep("x", b"123")
    assert kept("x") is None
    assert _kept.yaml_table("alphabets")
