"""Papers that come in archives: brought in under the name of the archive, with the guards of all archives."""

from __future__ import annotations

import gzip
import io
import tarfile
import zipfile
from pathlib import Path

import polars as pl
import pytest
import zstandard

from benchwright.builder.new import bring_in, new_project
from benchwright.builder.run import run_build
from benchwright.schemas.errors import InputError, OutputError
from tests.typesetter.layout import draw
from tests.typesetter.press import print_exam
from tests.typesetter.text import random_exam


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """A booklet and its key."""
    folder = tmp_path_factory.mktemp("papers")
    exam = random_exam(11, "es", 15, options=(4, 4), parts=1, figures=False)
    print_exam(exam, draw(4, "es", key_format="csv", option_style="upper:{})", number_style="{}.", columns=1), folder)
    return {name: (folder / name).read_bytes() for name in ("booklet.pdf", "key.csv")}


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
    data = plain.getvalue()
    pack = {".gz": gzip.compress, ".zst": zstandard.ZstdCompressor().compress}
    path.write_bytes(pack.get(path.suffix, bytes)(data))
    return path


@pytest.mark.parametrize("name", ["exam_2031.zip", "exam_2031.tar", "exam_2031.tar.gz", "exam_2031.tar.zst"])
def test_an_archive_is_brought_in_as_a_folder(tmp_path: Path, papers: dict[str, bytes], name: str) -> None:
    members = {f"papers/{one}": data for one, data in papers.items()} | {"__MACOSX/papers/._booklet.pdf": b"\0"}
    path = (zipped if name.endswith(".zip") else tarred)(tmp_path / name, members)
    bring_in([path], tmp_path / "p/raw")
    bring_in([path], tmp_path / "p/raw")
    found = {one.relative_to(tmp_path / "p").as_posix(): one.read_bytes() for one in (tmp_path / "p").rglob("*.*")}
    assert found == {f"raw/exam_2031/papers/{one}": data for one, data in papers.items()}


def test_a_project_from_an_archive_is_built(tmp_path: Path, papers: dict[str, bytes]) -> None:
    new_project(tmp_path / "p", [zipped(tmp_path / "exam_2031.zip", papers)])
    run_build(tmp_path / "p", jobs=1)
    items = pl.read_parquet(tmp_path / "p/build/items.parquet")
    assert items.height == 15
    places = items["provenance"].list.first().struct.field("file").unique().to_list()
    assert places == ["exam_2031/booklet.pdf"]


def test_an_archive_that_lies_in_raw_is_told(tmp_path: Path, papers: dict[str, bytes]) -> None:
    bring_in([zipped(tmp_path / "exam_2031.zip", papers)], tmp_path / "p/raw")
    zipped(tmp_path / "p/raw/more.zip", {"a.csv": b"a"})
    made = new_project(tmp_path / "p")
    told = [doubt for file in made.survey.files if file.file == "more.zip" for doubt in file.doubts]
    assert ["new --raw" in doubt for doubt in told] == [True]


def test_packed_files_and_archives_of_a_folder(tmp_path: Path, papers: dict[str, bytes]) -> None:
    (tmp_path / "in/deep").mkdir(parents=True)
    (tmp_path / "in/deep/key.csv.gz").write_bytes(gzip.compress(papers["key.csv"]))
    (tmp_path / "in/booklet.pdf.zst").write_bytes(zstandard.ZstdCompressor().compress(papers["booklet.pdf"]))
    zipped(tmp_path / "in/deep/more.zip", {"other.csv": b"a"})
    bring_in([tmp_path / "in"], tmp_path / "p/raw")
    found = {one.relative_to(tmp_path / "p").as_posix(): one.read_bytes() for one in (tmp_path / "p").rglob("*.*")}
    assert found == {
        "raw/booklet.pdf": papers["booklet.pdf"],
        "raw/deep/key.csv": papers["key.csv"],
        "raw/deep/more/other.csv": b"a",
    }


@pytest.mark.parametrize("name", ["../evil.pdf", "/etc/evil.pdf", "a/../../evil.pdf"])
def test_a_path_that_leads_out_is_refused(tmp_path: Path, name: str) -> None:
    path = zipped(tmp_path / "b.zip", {"ok.pdf": b"a", name: b"a"})
    with pytest.raises(InputError, match="archive-unsafe"):
        bring_in([path], tmp_path / "p/raw")
    assert not list(tmp_path.rglob("*.pdf"))
    assert [one for one in (tmp_path / "p").rglob("*") if one.is_file()] == []


def test_a_bomb_is_not_unpacked(tmp_path: Path) -> None:
    data = b"\0" * (70 * 2**20)
    (tmp_path / "booklet.pdf.gz").write_bytes(gzip.compress(data))
    for path in (zipped(tmp_path / "b.zip", {"booklet.pdf": data}), tmp_path / "booklet.pdf.gz"):
        with pytest.raises(InputError, match="file-too-large"):
            bring_in([path], tmp_path / "p/raw")
    assert [one for one in (tmp_path / "p").rglob("*") if one.is_file()] == []


def test_another_file_of_that_name_is_never_replaced(tmp_path: Path) -> None:
    bring_in([zipped(tmp_path / "b.zip", {"key.csv": b"1,A\n"})], tmp_path / "p/raw")
    with pytest.raises(OutputError, match="output-exists"):
        bring_in([zipped(tmp_path / "b.zip", {"key.csv": b"1,B\n"})], tmp_path / "p/raw")
    assert (tmp_path / "p/raw/b/key.csv").read_bytes() == b"1,A\n"


def test_an_archive_without_files_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="file-unsupported"):
        bring_in([zipped(tmp_path / "b.zip", {"__MACOSX/x": b"a"})], tmp_path / "p/raw")
