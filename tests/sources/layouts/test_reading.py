"""Tables in any dialect and encoding come back as they were; what is no record is a reject, with its place."""

from __future__ import annotations

import bz2
import csv
import gzip
import io
import json
import lzma
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchwright.schemas.errors import InputError
from benchwright.schemas.tables import Reject
from benchwright.sources._layouts import delimited
from benchwright.sources._layouts.batches import batch_of_rows
from benchwright.sources._layouts.files import ReadOptions, read_batches

_SIGNS = st.characters(exclude_categories=["Cs"], exclude_characters="\x00\ufeff")
_TEXT = st.text(_SIGNS, max_size=12) | st.text("ab \"';,\t|\r\n\u2028\x85{}[]", max_size=12)
_FIRST = st.text("abcdef", min_size=1, max_size=5)
"""A first cell without quotes: a record whose only fault could be an empty line or a byte-order mark tells nothing."""
_NAMES = ("one", "two words", "три", "a,b", 'q"q')


@st.composite
def tables(draw: st.DrawFn) -> list[list[str]]:
    """Draw a table with at least two columns."""
    width = draw(st.integers(2, 5))
    rows = draw(st.lists(st.tuples(_FIRST, *[_TEXT] * (width - 1)).map(list), min_size=1, max_size=30))
    return [list(_NAMES[:width]), *rows]


def read(path: Path, options: ReadOptions | None = None) -> tuple[pl.DataFrame, list[Reject]]:
    """Return all records of a file and all rejects."""
    batches = list(read_batches(path, path.name, options))
    frames = [batch.frame for batch in batches if batch.frame.height]
    rejects = [reject for batch in batches for reject in batch.rejects]
    return (pl.concat(frames, how="diagonal_relaxed") if frames else batches[0].frame), rejects


def written(table: list[list[str]], delimiter: str, quoting: int, end: str) -> str:
    """Return a table as CSV."""
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, quoting=quoting, lineterminator=end).writerows(table)  # type: ignore[arg-type]
    return out.getvalue()


@settings(max_examples=50, deadline=None)
@given(
    tables(),
    st.sampled_from([",", ";", "\t", "|"]),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC]),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-32"]),
    st.booleans(),
    st.integers(1, 40),
)
def test_delimited_tables_come_back(
    tmp_path_factory: pytest.TempPathFactory,
    table: list[list[str]],
    delimiter: str,
    quoting: int,
    end: str,
    encoding: str,
    last_end: bool,
    rows: int,
) -> None:
    path = tmp_path_factory.mktemp("t") / "table.csv"
    if quoting == csv.QUOTE_MINIMAL:  # the writer leaves a carriage return bare: two lines to every reader
        table = [[cell.replace("\r", "") for cell in row] for row in table]
    text = written(table, delimiter, quoting, end)
    path.write_bytes((text if last_end else text.removesuffix(end)).encode(encoding))
    frame, rejects = read(path, ReadOptions(delimiter=delimiter, batch_rows=rows))
    assert not rejects
    assert frame.columns == ["_row", *table[0]]
    assert [list(row) for row in frame.drop("_row").iter_rows()] == table[1:]
    assert frame["_row"].to_list() == list(range(1, len(table)))


_DAMAGE: list[Callable[[list[str], int], list[str]]] = [
    lambda lines, at: [*lines[:at], lines[at] + ",more", *lines[at + 1 :]],
    lambda lines, at: [*lines[:at], "alone", *lines[at:]],
    lambda lines, at: [*lines[:at], "", *lines[at:]],
    lambda lines, at: [*lines[:at], 'x,"open', *lines[at:]],
    lambda lines, at: [*lines[:at], 'x,in"side', *lines[at:]],
    lambda lines, at: [*lines[:at], 'x,"a"b', *lines[at:]],
    lambda lines, at: [*lines[:at], 'x,"a""b"', *lines[at:]],
    lambda lines, at: [*lines[:at], 'x,"a\nb"', *lines[at:]],
    lambda lines, at: [*lines[:at], ' "x",  spaced ', *lines[at:]],
    lambda lines, at: [*lines[:at], "x\x00,nul", *lines[at:]],
    lambda lines, at: [*lines[:at], "x,\udcff", *lines[at:]],
]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(_FIRST, st.text("ab ", max_size=5)).map(lambda row: f"{row[0]},{row[1]}"), max_size=12),
    st.lists(st.tuples(st.sampled_from(_DAMAGE), st.integers(0, 11)), max_size=3),
    st.integers(1, 20),
)
def test_quick_and_exact_reading_agree(
    tmp_path_factory: pytest.TempPathFactory,
    lines: list[str],
    damages: list[tuple[Callable[[list[str], int], list[str]], int]],
    rows: int,
) -> None:
    lines = [*lines, "a,b"]
    for damage, place in damages:
        lines = damage(lines, place % len(lines))
    path = tmp_path_factory.mktemp("t") / "table.csv"
    text = "".join(f"{line}\n" for line in ["h1,h2", *lines])
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    options = ReadOptions(delimiter=",", encoding="utf-8", batch_rows=rows)
    quick = read(path, options)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(delimited, "quick_records", lambda *_, **__: None)
        exact = read(path, options)
    assert quick[0].equals(exact[0])
    assert quick[1] == exact[1]
    taken = sorted(quick[0]["_row"].to_list() + [int(str(one.number)) for one in quick[1]])
    assert taken == list(range(1, len(taken) + 1)), "every record is kept or rejected, once"


_VALUES = st.none() | st.booleans() | st.integers(-(2**70), 2**70) | _TEXT | st.lists(_TEXT, max_size=3)
_RECORDS = st.lists(
    st.dictionaries(st.sampled_from(["a", "b", "c", "_row", "три"]), _VALUES, min_size=1), min_size=1, max_size=20
)


def shown(value: Any) -> Any:
    """Return a value as a column of unlike values shows it."""
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False)


@settings(max_examples=50, deadline=None)
@given(_RECORDS, st.booleans(), st.booleans(), st.sampled_from([None, (",", ":")]), st.integers(1, 30))
def test_json_records_come_back(
    tmp_path_factory: pytest.TempPathFactory,
    records: list[dict[str, Any]],
    as_lines: bool,
    ascii_only: bool,
    separators: tuple[str, str] | None,
    rows: int,
) -> None:
    path = tmp_path_factory.mktemp("t") / ("table.jsonl" if as_lines else "table.json")
    lines = [json.dumps(one, ensure_ascii=ascii_only, separators=separators) for one in records]
    path.write_text("\n".join(lines) if as_lines else f"[{','.join(lines)}]", "utf-8", newline="")
    batches = list(read_batches(path, path.name, ReadOptions(batch_rows=rows)))
    assert not [reject for batch in batches for reject in batch.rejects]
    found = [row for batch in batches for row in batch.frame.iter_rows(named=True)]
    assert [row.pop("_row") for row in found] == list(range(1, len(records) + 1))
    for row, record in zip(found, records, strict=True):
        for name, value in record.items():
            stored = row["_row_" if name == "_row" else name]
            assert stored == value or stored == shown(value)


_BAD_LINES = ("{", "[1]", "3", '{"a":1},{"a":2}', '{"a":[{}', "{}]}", "null", '{"a": "\\ud800"}', "\x85")


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from([*_BAD_LINES, '{"a":1,"b":"x"}', '{"a":2,"b":"y"}', "", "  "]), min_size=1, max_size=9))
def test_every_json_line_is_a_record_or_a_reject(tmp_path_factory: pytest.TempPathFactory, lines: list[str]) -> None:
    path = tmp_path_factory.mktemp("t") / "table.jsonl"
    path.write_text("".join(f"{line}\n" for line in lines), "utf-8", newline="")
    frame, rejects = read(path)
    good = [number for number, line in enumerate(lines, 1) if line.endswith('"}') and "ud800" not in line]
    bad = [number for number, line in enumerate(lines, 1) if line in _BAD_LINES and not line.isspace()]
    assert frame["_row"].to_list() == good
    assert sorted(int(str(one.number)) for one in rejects) == bad
    assert all(one.detail for one in rejects)


@pytest.mark.parametrize(
    ("suffix", "pack"), [("gz", gzip.compress), ("bz2", bz2.compress), ("xz", lzma.compress)], ids=["gz", "bz2", "xz"]
)
@pytest.mark.parametrize("kind", ["csv", "jsonl", "json"])
def test_packed_files_are_read(tmp_path: Path, suffix: str, pack: Callable[[bytes], bytes], kind: str) -> None:
    texts = {"csv": "q,a\nx,y\n", "jsonl": '{"q":"x","a":"y"}\n', "json": '[{"q":"x","a":"y"}]'}
    path = tmp_path / f"t.{kind}.{suffix}"
    path.write_bytes(pack(texts[kind].encode()))
    frame, rejects = read(path)
    assert not rejects
    assert frame.rows() == [(1, "x", "y")]


@pytest.mark.parametrize(
    ("suffix", "pack"), [("gz", gzip.compress), ("bz2", bz2.compress), ("xz", lzma.compress)], ids=["gz", "bz2", "xz"]
)
@pytest.mark.parametrize("kind", ["csv", "jsonl", "json"])
def test_a_packed_file_that_breaks_off_is_an_error(
    tmp_path: Path, suffix: str, pack: Callable[[bytes], bytes], kind: str
) -> None:
    path = tmp_path / f"t.{kind}.{suffix}"
    line = '{"q":"x","a":"y"}\n' if kind == "jsonl" else "q,a\n"
    packed = pack("".join(f"{line[:-1]}{' ' * (n % 7)}\n" for n in range(100_000)).encode())
    path.write_bytes(packed[: len(packed) * 2 // 3])
    with pytest.raises(InputError) as caught:
        read(path)
    assert caught.value.problems[0].code == "file-unreadable"
    assert caught.value.problems[0].file == path.name


@pytest.mark.parametrize("kind", ["csv", "jsonl", "json"])
def test_a_small_file_that_unpacks_to_much_is_refused(tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"t.{kind}.gz"
    path.write_bytes(gzip.compress(b"q,a\n" * (17 * 2**20), 6))
    with pytest.raises(InputError) as caught:
        read(path)
    assert caught.value.problems[0].code == "file-too-large"


def test_a_few_records_in_another_encoding_do_not_spoil_the_rest(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    lines = [f"{n},Größe der Äste é è".encode() for n in range(50)]
    lines[20] = "20,Größe".encode("cp1252")
    path.write_bytes(b"\n".join([b"n,text", *lines, b""]))
    frame, rejects = read(path)
    assert frame.height == 49
    assert set(frame["text"]) == {"Größe der Äste é è"}
    assert [(one.number, one.reason) for one in rejects] == [("21", "record-broken")]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig"])
def test_long_files_in_wide_encodings_are_read(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes("".join(["n,text\n", *(f"{n},word č\n" for n in range(60_000))]).encode(encoding))
    frame, rejects = read(path)
    assert not rejects
    assert frame.columns == ["_row", "n", "text"]
    assert frame.height == 60_000


def test_an_encoding_that_shows_late_in_the_file_is_found(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    late = "4,Größe der Äste für die Prüfung über ältere Männer\n" * 40
    path.write_bytes(("n,text\n" + "1,plain words\n" * 100_000 + late).encode("cp1252"))
    frame, rejects = read(path)
    assert not rejects
    assert frame["text"][-1] == "Größe der Äste für die Prüfung über ältere Männer"


def test_a_cell_of_100_megabytes_is_one_reject(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text(f"n,text\n1,a\n2,{'x' * 100_000_000}\n3,c\n")
    frame, rejects = read(path)
    assert frame["n"].to_list() == ["1", "3"]
    assert [one.number for one in rejects] == ["2"]
    lines = tmp_path / "t.jsonl"
    lines.write_text('{"n":"1"}\n{"n":"' + "x" * 100_000_000 + '"}\n{"n":"3"}\n')
    frame, rejects = read(lines)
    assert frame["n"].to_list() == ["1", "3"]
    assert [one.number for one in rejects] == ["2"]


@pytest.mark.parametrize("kind", ["csv", "jsonl", "json", "csv.gz", "parquet"])
def test_a_file_without_bytes_is_an_error(tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"t.{kind}"
    path.write_bytes(gzip.compress(b"") if kind.endswith("gz") else b"")
    with pytest.raises(InputError) as caught:
        read(path)
    assert caught.value.problems[0].code in {"file-empty", "file-unreadable"}


def test_a_header_alone_has_no_records(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("n,text\n")
    frame, rejects = read(path)
    assert not rejects
    assert (frame.columns, frame.height) == (["_row", "n", "text"], 0)


def workbook(path: Path, sheets: list[list[list[object]]]) -> Path:
    """Write a workbook with these sheets."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for rows in sheets:
        sheet = book.create_sheet()
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def test_a_workbook_is_a_table_of_texts_and_its_formulas_are_not_computed(tmp_path: Path) -> None:
    rows: list[list[object]] = [["q", "a", "key"], ["x", 1, None], ["=1+1", 2.5, "B"], ["y", "z", "A", "more"]]
    frame, rejects = read(workbook(tmp_path / "t.xlsx", [rows, []]))
    assert frame.rows() == [(1, "x", "1", ""), (2, "=1+1", "2.5", "B")]
    assert [(one.number, one.reason) for one in rejects] == [("3", "record-broken")]


def test_a_workbook_with_two_tables_is_asked_about(tmp_path: Path) -> None:
    path = workbook(tmp_path / "t.xlsx", [[["q"], ["x"]], [["q"], ["y"]]])
    with pytest.raises(InputError) as caught:
        read(path)
    assert caught.value.problems[0].code == "columns-unclear"


def test_a_workbook_that_is_none_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    path.write_bytes(b"q,a\n")
    with pytest.raises(InputError) as caught:
        read(path)
    assert caught.value.problems[0].code == "office-damaged"


def test_objects_in_lists_lose_no_field() -> None:
    rows: list[dict[str, Any]] = [
        {"a": [{"x": "1"}]},
        {"a": [{"x": "2", "y": "3"}, {"x": "4", "z": None}]},
        {"a": [["p"], {"q": "r"}]},
    ]
    frame = batch_of_rows(rows, [1, 2, 3], "f", []).frame
    assert [json.loads(text) for text in frame["a"]] == [row["a"] for row in rows]
