"""The list of bad input, through the whole import: row errors that say where, and nothing lost beside them."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from benchwright.builder.importing import ImportRun, import_files
from benchwright.schemas.errors import InputError
from benchwright.sources import IntakeOptions

HEAD = "id,question,opa,opb,opc,opd,cop,exp"
GOOD = [f"q{n},What is number {n}?,one {n},two {n},three {n},four {n},{n % 4},Since {n}" for n in range(20)]


def taken(tmp_path: Path, rows: list[str], *, encoding: str = "utf-8") -> tuple[ImportRun, pl.DataFrame]:
    path = tmp_path / "medmcqa.csv"
    path.write_bytes("\n".join([HEAD, *GOOD, *rows, ""]).encode(encoding))
    done = import_files([path], tmp_path / "items.parquet", layout="medmcqa", options=IntakeOptions(language="en"))
    assert done.ledger.rows_in == done.ledger.rows_out + done.ledger.rows_rejected
    return done, pl.read_parquet(tmp_path / "items.parquet")


@pytest.mark.parametrize(
    ("row", "found"),
    [("x1,Too few?,a,b", "4 fields"), ("x1,Too many?,a,b,c,d,1,why,more,and more", "10 fields")],
)
def test_a_row_with_other_columns_is_one_reject_with_its_line(row: str, found: str, tmp_path: Path) -> None:
    done, items = taken(tmp_path, [row, "x2,The next?,a,b,c,d,1,why"])
    assert items.height == 21
    told = done.rejects.row(0, named=True)
    assert (done.rejects.height, told["reason"], told["number"]) == (1, "record-broken", "21")
    assert told["file"].endswith("medmcqa.csv")
    assert found in told["detail"]
    assert "expected: 8" in told["detail"]
    assert "line 22" in told["detail"]


def test_nested_quotes_and_lines_in_cells_are_text(tmp_path: Path) -> None:
    row = 'x1,"He said ""the \'sign, of"" X"" is\npositive"", what?","a ""b""",b,c,d,1,"""why"""'
    _, items = taken(tmp_path, [row])
    item = items.filter(pl.col("id").str.contains("x1")).row(0, named=True)
    assert item["stem"] == 'He said "the \'sign, of" X" is\npositive", what?'
    assert item["options"][0]["text"] == 'a "b"'
    assert item["rationales"][0]["text"] == '"why"'


def test_a_key_out_of_range_is_a_row_error_and_the_item_stays_without_key(tmp_path: Path) -> None:
    rows = ["x1,Beyond?,a,b,c,d,9999,why", "x2,Below?,a,b,c,d,-3,why", "x3,Words?,a,b,c,d,all,why"]
    done, items = taken(tmp_path, rows)
    assert items.height == 23
    assert sorted(done.rejects["reason"]) == ["key-unreadable"] * 3
    assert all("column cop" in detail and "expected: an answer" in detail for detail in done.rejects["detail"])
    keys = items.filter(pl.col("id").str.contains("/x"))["key"]
    assert keys.struct.field("status").to_list() == ["unknown"] * 3


def test_a_key_just_beyond_the_options_is_kept_for_the_audit_that_finds_it(tmp_path: Path) -> None:
    done, items = taken(tmp_path, ["x1,Beyond?,a,b,c,d,6,why"])
    assert done.rejects.is_empty()
    assert items.filter(pl.col("id").str.contains("x1"))["key"][0]["answers"] == [["G"]]


def test_an_id_that_comes_twice_is_a_reject_and_the_first_stays(tmp_path: Path) -> None:
    done, items = taken(tmp_path, ["q3,Another under this id?,a,b,c,d,1,why"])
    assert items.height == 20
    assert done.rejects.row(0, named=True)["reason"] == "number-repeated"
    assert "number 3" in items.filter(pl.col("id").str.contains("/q3@"))["stem"][0]


def test_markup_and_formulas_are_text_and_nothing_of_it_runs(tmp_path: Path) -> None:
    script = "<script>fetch('http://x')</script><img src=x onerror=alert(1)>"
    _, items = taken(tmp_path, [f'x1,"{script} What?","=HYPERLINK(""http://x"")",b,c,d,1,why'])
    item = items.filter(pl.col("id").str.contains("x1")).row(0, named=True)
    assert item["stem"] == f"{script} What?"
    assert item["options"][0]["text"] == '=HYPERLINK("http://x")'


def test_a_row_in_another_encoding_is_one_reject(tmp_path: Path) -> None:
    path = tmp_path / "medmcqa.csv"
    rows = [row.replace("What", "Qué número") for row in GOOD]
    data = "\n".join([HEAD, *rows, ""]).encode() + "x1,¿Cuál?,a,b,c,d,1,por qué\n".encode("latin-1")
    path.write_bytes(data)
    done = import_files([path], tmp_path / "items.parquet", layout="medmcqa", options=IntakeOptions(language="es"))
    assert (done.items, done.rejects["reason"].to_list()) == (20, ["record-broken"])
    assert "x1" in done.rejects["text"][0]


@pytest.mark.parametrize("empty", ["", "nan", "NaN"])
def test_nothing_in_a_cell_of_an_explanation_is_no_explanation(empty: str, tmp_path: Path) -> None:
    path = tmp_path / "cmexam.csv"
    head = "Question,Options,Answer,Explanation,Disease Group"
    rows = [f'第{n}题是什么,"A 一{n}\nB 二{n}\nC 三{n}",{"ABC"[n % 3]},{empty},{empty}' for n in range(12)]
    path.write_text("\n".join([head, *rows, ""]), encoding="utf-8")
    import_files([path], tmp_path / "items.parquet", layout="cmexam", options=IntakeOptions())
    items = pl.read_parquet(tmp_path / "items.parquet")
    if empty != "NaN":
        assert items["rationales"].list.len().sum() == 0
        assert items["labels"].list.len().sum() == 0
    assert items.height == 12


def test_entities_of_an_xml_benchmark_are_refused(tmp_path: Path) -> None:
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "x" * 10}">' for n in range(10))
    path = tmp_path / "headqa.xml"
    path.write_text(f'<?xml version="1.0"?><!DOCTYPE d [{entities}]><exam>&e9;</exam>', encoding="utf-8")
    with pytest.raises(InputError, match="xml-entities"):
        import_files([path], tmp_path / "items.parquet", layout="headqa", options=IntakeOptions(language="es"))
