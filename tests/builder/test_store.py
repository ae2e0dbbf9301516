"""Files are complete or absent, and say why they cannot be written."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchwright.builder.store import (
    MediaStore,
    read_json,
    read_records,
    replacing,
    write_bytes,
    write_json,
    write_records,
    write_table,
)
from benchwright.schemas import Reject
from benchwright.schemas.errors import OutputError
from tests.builder.helpers import file_size_limit

LIMIT = 64 * 1024


@pytest.fixture
def small_disk() -> Iterator[None]:
    """Let no file grow over the limit."""
    with file_size_limit(LIMIT):
        yield


def test_a_file_replaces_the_old_one_as_a_whole(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "file"
    write_bytes(path, b"old")
    write_bytes(path, b"new")
    assert path.read_bytes() == b"new"
    assert list(path.parent.iterdir()) == [path]


def test_an_error_while_writing_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "file"
    write_bytes(path, b"old")

    def pull_the_cable() -> None:
        with replacing(path) as stream:
            stream.write(b"half of the new")
            raise OSError(errno.EIO, "the cable was pulled")

    with pytest.raises(OutputError, match="the cable was pulled"):
        pull_the_cable()
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_full_disk_is_said_and_leaves_the_old_file(tmp_path: Path, small_disk: None) -> None:
    path = tmp_path / "file"
    write_bytes(path, b"old")
    with pytest.raises(OutputError) as caught:
        write_bytes(path, b"x" * (2 * LIMIT))
    assert caught.value.problems[0].code == "output-disk-full"
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_full_disk_while_a_table_is_written(tmp_path: Path, small_disk: None) -> None:
    table = pl.DataFrame({"x": [os.urandom(16).hex() for _ in range(10_000)]})
    with pytest.raises(OutputError):
        write_table(tmp_path / "table.parquet", table)
    assert list(tmp_path.iterdir()) == []


def test_a_file_stands_where_the_folder_should_be(tmp_path: Path) -> None:
    (tmp_path / "build").write_text("a file")
    with pytest.raises(OutputError) as caught:
        write_bytes(tmp_path / "build" / "items.parquet", b"x")
    (problem,) = caught.value.problems
    assert (problem.code, problem.file) == ("output-not-writable", str(tmp_path / "build" / "items.parquet"))


def test_a_folder_that_only_the_system_may_write() -> None:
    with pytest.raises(OutputError) as caught:
        write_bytes(Path("/proc/self/build/items.parquet"), b"x")
    assert caught.value.problems[0].code == "output-not-writable"


_ROWS = st.lists(
    st.builds(
        Reject,
        file=st.text(max_size=10),
        page=st.none() | st.integers(1, 9),
        text=st.text(max_size=20),
        reason=st.just("no-options"),
    ),
    max_size=20,
)


@given(_ROWS)
def test_the_same_rows_are_the_same_bytes(tmp_path_factory: pytest.TempPathFactory, rows: list[Reject]) -> None:
    folder = tmp_path_factory.mktemp("store")
    for name in ("a", "b"):
        write_records(folder / name, rows, Reject)
    assert (folder / "a").read_bytes() == (folder / "b").read_bytes()
    assert read_records(folder / "a", Reject) == rows


def test_another_process_writes_the_same_bytes(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from benchwright.builder.store import write_records;"
        "from benchwright.schemas import Reject;"
        "write_records(Path(sys.argv[1]), [Reject(file=str(n), reason='no-options') for n in range(3000)], Reject)"
    )
    for threads in ("1", "4"):
        environment = {**os.environ, "POLARS_MAX_THREADS": threads, "PYTHONPATH": str(Path(__file__).parents[2])}
        subprocess.run([sys.executable, "-c", code, str(tmp_path / threads)], check=True, env=environment)
    assert (tmp_path / "1").read_bytes() == (tmp_path / "4").read_bytes()


def test_json_has_one_spelling_and_a_broken_one_is_none(tmp_path: Path) -> None:
    write_json(tmp_path / "a", {"b": 1, "a": "ñ"})
    assert (tmp_path / "a").read_text(encoding="utf-8") == '{\n  "a": "ñ",\n  "b": 1\n}\n'
    (tmp_path / "a").write_text('{"b": ')
    assert read_json(tmp_path / "a") is None
    assert read_json(tmp_path / "nothing") is None


def test_the_same_picture_is_kept_once(tmp_path: Path) -> None:
    media = MediaStore(tmp_path / "media")
    first, second = media.put(b"picture", "image/png"), media.put(b"picture", "image/png")
    assert first == second
    assert first[1] == f"{first[0]}.png"
    assert [path.read_bytes() for path in (tmp_path / "media").iterdir()] == [b"picture"]
