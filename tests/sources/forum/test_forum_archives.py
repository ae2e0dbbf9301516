"""A dump in an archive gives the items of the dump; what an archive could do beyond that, it may not."""

from __future__ import annotations

import io
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from benchwright.builder.forums import import_forum
from benchwright.schemas.errors import InputError
from tests.sources.forum import dumps

FORMS: list[Callable[[Path], Path]] = [
    dumps.as_csv, dumps.as_jsonl, dumps.as_mysql, dumps.as_stackexchange, dumps.as_pages,
]  # fmt: skip


def files_of(path: Path) -> dict[str, bytes]:
    if path.is_file():
        return {path.name: path.read_bytes()}
    return {one.relative_to(path).as_posix(): one.read_bytes() for one in path.rglob("*") if one.is_file()}


def packed(path: Path, members: dict[str, bytes]) -> Path:
    if path.suffix == ".zip":
        with zipfile.ZipFile(path, "w") as archive:
            for name, data in members.items():
                archive.writestr(name, data)
        return path
    with tarfile.open(path, "w:gz") as archive:
        for name, data in members.items():
            one = tarfile.TarInfo(name)
            one.size = len(data)
            archive.addfile(one, io.BytesIO(data))
    return path


@pytest.mark.parametrize("write", FORMS, ids=lambda write: write.__name__)
@pytest.mark.parametrize("name", ["dump.zip", "dump.tar.gz"])
def test_an_archive_gives_the_items_of_its_files(tmp_path: Path, write: Callable[[Path], Path], name: str) -> None:
    (tmp_path / "plain").mkdir()
    dump = write(tmp_path / "plain")
    members = {**files_of(dump), "README.md": b"# About", "__MACOSX/._dump": b"\0"}
    path = packed(tmp_path / name, members)
    plain = import_forum([dump], tmp_path / "one/items.parquet", language="en", site="made")
    done = import_forum([path], tmp_path / "two/items.parquet", language="en", site="made")
    assert done.items == plain.items > 0
    assert done.ledger == plain.ledger
    one, two = (pl.read_parquet(tmp_path / out / "items.parquet") for out in ("one", "two"))
    assert two.drop("provenance").equals(one.drop("provenance"))
    files = set(two["provenance"].explode().struct.field("file"))
    assert all(file.startswith(f"{name}/") for file in files)
    hashes = two["provenance"].explode().struct.field("sha256").unique()
    assert set(hashes) == set(one["provenance"].explode().struct.field("sha256").unique())
    assert sorted(place.name for place in (tmp_path / "two").iterdir()) == ["items.parquet", "rejects.parquet"]


@pytest.mark.parametrize("name", ["../evil.csv", "/etc/evil.csv"])
def test_a_path_that_leads_out_is_refused(tmp_path: Path, name: str) -> None:
    path = packed(tmp_path / "dump.zip", {name: b"a\n"})
    with pytest.raises(InputError, match="archive-unsafe"):
        import_forum([path], tmp_path / "out/items.parquet", language="en")
    assert not list(tmp_path.rglob("evil.csv"))


def test_a_bomb_is_not_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "dump.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("posts.csv", b"\0" * (70 * 2**20))
    with pytest.raises(InputError, match="file-too-large"):
        import_forum([path], tmp_path / "out/items.parquet", language="en")
    assert list((tmp_path / "out").iterdir()) == []


def test_an_archive_without_a_dump_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="file-unsupported"):
        import_forum([packed(tmp_path / "dump.zip", {"a.png": b"a"})], tmp_path / "out/items.parquet", language="en")
