"""Benchmarks shipped as archives are read; what an archive could do beyond that, it may not."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import stat
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from benchwright.builder.importing import import_files
from benchwright.schemas.errors import InputError
from benchwright.sources import IntakeOptions
from benchwright.sources._layouts.archives import unpack_archive

ROWS = (f"q{n},What is {n}?,a{n},b{n},c{n},d{n},{n % 4}\n" for n in range(9))
CSV = "id,question,opa,opb,opc,opd,cop\n" + "".join(ROWS)
PACK: dict[str, Callable[[bytes], bytes]] = {
    ".gz": gzip.compress,
    ".tgz": gzip.compress,
    ".xz": lzma.compress,
    ".bz2": bz2.compress,
}
TABLES = frozenset({".csv", ".jsonl"})
ENGLISH = IntakeOptions(language="en")


def zipped(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def tarred(path: Path, members: dict[str, bytes]) -> Path:
    plain = io.BytesIO()
    with tarfile.open(fileobj=plain, mode="w") as archive:
        for name, data in members.items():
            one = tarfile.TarInfo(name)
            one.size = len(data)
            archive.addfile(one, io.BytesIO(data))
    path.write_bytes(PACK.get(path.suffix, bytes)(plain.getvalue()))
    return path


@pytest.mark.parametrize("name", ["b.zip", "B.ZIP", "b.tar", "b.tar.gz", "b.tgz", "b.tar.xz", "b.tar.bz2"])
def test_the_members_of_an_archive_are_imported(name: str, tmp_path: Path) -> None:
    members = {
        "data/test.csv": CSV.encode(),
        "data/dev.csv": CSV.replace("q", "d").encode(),
        "README.md": b"# About",
        "__MACOSX/data/._test.csv": b"\0",
    }
    path = (zipped if name.casefold().endswith(".zip") else tarred)(tmp_path / name, members)
    done = import_files([path], tmp_path / "out/items.parquet", layout="medmcqa", options=ENGLISH)
    assert [(one.file, one.items, one.rejected) for one in done.files] == [
        (f"{name}/data/dev.csv", 9, 0),
        (f"{name}/data/test.csv", 9, 0),
    ]
    files = pl.read_parquet(tmp_path / "out/items.parquet")["provenance"].list.first().struct.field("file")
    assert set(files) == {f"{name}/data/dev.csv", f"{name}/data/test.csv"}
    assert {one.name for one in (tmp_path / "out").iterdir()} == {"items.parquet", "rejects.parquet", "import.md"}


def test_an_archive_and_its_folder_give_the_same_items(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / "b/test.csv").write_text(CSV)
    for source, out in ((tmp_path / "b", "one"), (zipped(tmp_path / "b.zip", {"test.csv": CSV.encode()}), "two")):
        import_files([source], tmp_path / out / "items.parquet", layout="medmcqa", options=ENGLISH)
    one, two = (pl.read_parquet(tmp_path / out / "items.parquet") for out in ("one", "two"))
    assert one.select("id", "stem", "options").equals(two.select("id", "stem", "options"))


@pytest.mark.parametrize("make", [zipped, tarred])
@pytest.mark.parametrize("name", ["../evil.csv", "a/../../evil.csv", "/etc/evil.csv", "C:/evil.csv", "..\\evil.csv"])
def test_a_path_that_leads_out_is_refused_with_its_name(
    make: Callable[[Path, dict[str, bytes]], Path], name: str, tmp_path: Path
) -> None:
    path = make(tmp_path / f"in/b.{'zip' if make is zipped else 'tar'}", {"ok.csv": b"a\n", name: b"a\n"})
    with pytest.raises(InputError, match="archive-unsafe") as error:
        import_files([path], tmp_path / "in/out/items.parquet", layout="medmcqa", options=ENGLISH)
    assert repr(name.replace("\\\\", "\\")) in str(error.value)
    assert not list(tmp_path.rglob("evil.csv"))
    assert not list((tmp_path / "in/out").iterdir())


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE])
def test_links_and_devices_of_a_tar_are_refused(kind: bytes, tmp_path: Path) -> None:
    path = tmp_path / "b.tar"
    with tarfile.open(path, "w") as archive:
        one = tarfile.TarInfo("link.csv")
        one.type, one.linkname = kind, "/etc/passwd"
        archive.addfile(one)
    with pytest.raises(InputError, match=r"archive-unsafe[\s\S]*link\.csv[\s\S]*a link or a device"):
        unpack_archive(path, "b.tar", tmp_path / "in", TABLES)


def test_a_link_in_a_zip_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "b.zip"
    with zipfile.ZipFile(path, "w") as archive:
        one = zipfile.ZipInfo("link.csv")
        one.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(one, "/etc/passwd")
    with pytest.raises(InputError, match=r"archive-unsafe[\s\S]*link\.csv"):
        unpack_archive(path, "b.zip", tmp_path / "in", TABLES)


@pytest.mark.parametrize("name", ["b.zip", "b.tar.gz"])
def test_a_bomb_is_not_unpacked(name: str, tmp_path: Path) -> None:
    data = b"\0" * (70 * 2**20)
    path = (zipped if name.endswith(".zip") else tarred)(tmp_path / name, {"bomb.csv": data})
    assert path.stat().st_size < 2**18
    with pytest.raises(InputError, match="file-too-large"):
        unpack_archive(path, name, tmp_path / "in", TABLES)
    assert sum(one.stat().st_size for one in (tmp_path / "in").rglob("*") if one.is_file()) <= 64 * 2**20


def test_many_members_together_are_a_bomb_as_well(tmp_path: Path) -> None:
    path = zipped(tmp_path / "b.zip", {f"{n}.csv": b"\0" * (7 * 2**20) for n in range(10)})
    with pytest.raises(InputError, match=r"file-too-large[\s\S]*member 9\.csv"):
        unpack_archive(path, "b.zip", tmp_path / "in", TABLES)


def test_a_size_that_the_archive_lies_about_changes_nothing(tmp_path: Path) -> None:
    path = zipped(tmp_path / "b.zip", {"bomb.csv": b"\0" * (70 * 2**20)})
    whole = path.read_bytes().replace((70 * 2**20).to_bytes(4, "little"), (1000).to_bytes(4, "little"))
    path.write_bytes(whole)
    with pytest.raises(InputError, match=r"file-unreadable|file-too-large"):
        unpack_archive(path, "b.zip", tmp_path / "in", TABLES)


@pytest.mark.parametrize("names", [("a.csv", "A.csv"), ("d/a.csv", "d//a.csv")])
def test_a_name_that_comes_twice_is_refused(names: tuple[str, str], tmp_path: Path) -> None:
    path = zipped(tmp_path / "b.zip", dict.fromkeys(names, b"a\n"))
    with pytest.raises(InputError, match="a name that an earlier member has"):
        unpack_archive(path, "b.zip", tmp_path / "in", TABLES)


def test_an_archive_in_an_archive_is_refused(tmp_path: Path) -> None:
    inner = zipped(tmp_path / "inner.zip", {"a.csv": b"a\n"}).read_bytes()
    path = zipped(tmp_path / "b.zip", {"deep/inner.zip": inner})
    with pytest.raises(InputError, match=r"deep/inner\.zip[\s\S]*an archive inside"):
        unpack_archive(path, "b.zip", tmp_path / "in", TABLES)


@pytest.mark.parametrize("name", ["b.zip", "b.tar", "b.tar.gz"])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_a_truncated_archive_is_an_error(name: str, share: float, tmp_path: Path) -> None:
    path = (zipped if name.endswith(".zip") else tarred)(tmp_path / name, {"a.csv": CSV.encode() * 400})
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])
    with pytest.raises(InputError, match="file-unreadable"):
        unpack_archive(path, name, tmp_path / "in", TABLES)


def test_an_archive_without_a_table_says_so(tmp_path: Path) -> None:
    path = zipped(tmp_path / "b.zip", {"README.md": b"nothing"})
    with pytest.raises(InputError, match="the archive holds no table"):
        import_files([path], tmp_path / "out/items.parquet", options=ENGLISH)
