"""Files packed by gzip are what the standard library says they are, with either library."""

from __future__ import annotations

import gzip
import io
import random
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from isal import igzip

from benchwright.sources._layouts.gunzip import Gunzip

FAST = pytest.mark.parametrize("fast", [False, True])


def unpacked(path: Path, *, fast: bool, size: int = 2**20) -> bytes:
    with io.BufferedReader(Gunzip(path, fast=fast), size) as stream:
        return stream.read()


@FAST
@given(members=st.lists(st.binary(max_size=5000), min_size=1, max_size=5), padding=st.integers(0, 600))
def test_any_members_and_padding(
    members: list[bytes], padding: int, fast: bool, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("gz") / "x.gz"
    path.write_bytes(b"".join(gzip.compress(one) for one in members) + b"\0" * padding)
    expected = gzip.decompress(path.read_bytes())
    assert expected == b"".join(members)
    assert unpacked(path, fast=fast) == expected
    assert unpacked(path, fast=fast, size=7) == expected


@FAST
def test_what_the_fast_library_packs_is_read(fast: bool, tmp_path: Path) -> None:
    data = random.Random(2).randbytes(30_000) * 3
    (tmp_path / "x.gz").write_bytes(igzip.compress(data))
    assert unpacked(tmp_path / "x.gz", fast=fast) == data


@FAST
def test_many_megabytes_come_back_in_any_stretch(fast: bool, tmp_path: Path) -> None:
    data = b"".join(b'{"n": %d}\n' % number for number in range(400_000))
    path = tmp_path / "x.gz"
    path.write_bytes(gzip.compress(data, 1) + gzip.compress(data, 9))
    assert unpacked(path, fast=fast) == data * 2
    with io.BufferedReader(Gunzip(path, fast=fast), 2**16) as stream:
        assert b"".join(iter(lambda: stream.read(2**22 + 1), b"")) == data * 2


@FAST
@pytest.mark.parametrize("kept", [5, 12, 2000, -5, -1])
def test_a_file_that_ends_early_is_an_error(kept: int, fast: bool, tmp_path: Path) -> None:
    path = tmp_path / "x.gz"
    path.write_bytes(gzip.compress(random.Random(1).randbytes(20_000), 1)[:kept])
    with pytest.raises((EOFError, zlib.error)):
        unpacked(path, fast=fast)


@FAST
def test_damage_is_an_error_of_zlib(fast: bool, tmp_path: Path) -> None:
    whole = bytearray(gzip.compress(b"question and answer" * 5000, 1))
    for place in (0, 2, len(whole) // 2, len(whole) - 6):
        damaged = whole.copy()
        damaged[place] ^= 0xFF
        path = tmp_path / "x.gz"
        path.write_bytes(damaged)
        with pytest.raises((EOFError, zlib.error)):
            unpacked(path, fast=fast)
    path.write_bytes(whole + b"no member of gzip")
    with pytest.raises((EOFError, zlib.error)):
        unpacked(path, fast=fast)
