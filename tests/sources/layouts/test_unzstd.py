"""Zstandard: any number of frames, in full or as an error; what a library would leave out in silence is not lost."""

from __future__ import annotations

import importlib.util
import io
import zipfile
from pathlib import Path

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from benchwright.schemas.errors import InputError, MissingDependencyError
from benchwright.sources._flatzip import open_archive
from benchwright.sources._layouts.files import read_batches
from benchwright.sources._layouts.unzstd import Unzstd, unzstd
from tests.sources.layouts.bank import zstd_archive

ROWS = [b'{"question": "What is %d?", "answer": "%d"}\n' % (n, n) for n in range(400)]


def packed(*parts: bytes) -> bytes:
    return b"".join(zstandard.ZstdCompressor().compress(part) for part in parts)


@settings(max_examples=25, deadline=None)
@given(parts=st.lists(st.binary(max_size=5000), min_size=1, max_size=5), size=st.integers(1, 9000))
def test_any_frames_come_back(parts: list[bytes], size: int) -> None:
    stream = io.BufferedReader(Unzstd(io.BytesIO(packed(*parts)), "x"), size)
    assert stream.read() == b"".join(parts)


def test_a_file_of_several_frames_is_read_in_full(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl.zst"
    path.write_bytes(packed(b"".join(ROWS[:200]), b"".join(ROWS[200:])))
    assert sum(batch.frame.height for batch in read_batches(path, "rows.jsonl.zst")) == 400


@pytest.mark.parametrize("share", [0.3, 0.99])
def test_a_file_that_breaks_off_is_an_error(tmp_path: Path, share: float) -> None:
    path = tmp_path / "rows.jsonl.zst"
    whole = packed(b"".join(ROWS))
    path.write_bytes(whole[: int(share * len(whole))])
    with pytest.raises(InputError, match="file-unreadable"):
        list(read_batches(path, "rows.jsonl.zst"))


def test_a_damaged_file_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl.zst"
    path.write_bytes(b"no frame at all" * 20)
    with pytest.raises(InputError, match="file-unreadable"):
        list(read_batches(path, "rows.jsonl.zst"))


def test_without_a_library_the_install_line_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(MissingDependencyError, match="pip install zstandard"):
        Unzstd(io.BytesIO(b""), "x")


def test_no_more_is_unpacked_than_asked_for() -> None:
    assert unzstd(packed(b"a" * 1000), 10, "x") == b"a" * 10


def test_parts_of_archives_are_checked(tmp_path: Path) -> None:
    data = zstd_archive({"header.json": b"{}", "samples/1_epoch_1.json": b'{"id": 1}'})
    path = tmp_path / "log.eval"
    path.write_bytes(data)
    with open_archive(path, "log.eval", "header.json") as archive:
        assert archive.read("samples/1_epoch_1.json") == b'{"id": 1}'
    path.write_bytes(data.replace(b'{"id": 1}', b'{"id": 2}'))
    assert zipfile.is_zipfile(path)
    with (
        open_archive(path, "log.eval", "header.json") as archive,
        pytest.raises(InputError, match="office-damaged"),
    ):
        archive.read("samples/1_epoch_1.json")
