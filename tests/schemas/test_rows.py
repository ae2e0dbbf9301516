"""Item and row: equal both ways, through polars and through a file."""

from __future__ import annotations

import tempfile
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from benchwright.schemas import (
    Finding,
    FindingSpan,
    Item,
    LedgerEntry,
    Link,
    Patch,
    Prediction,
    Reject,
    Score,
    Verdict,
)
from benchwright.schemas.errors import SchemaError
from benchwright.schemas.item import compute_hashes
from benchwright.schemas.rows import check_columns, check_version, dtype_of, from_frame, table_schema, to_frame
from tests.schemas.strategies import items, plain_item

RECORDS: tuple[type[BaseModel], ...] = (Item, Reject, Score, Finding, Verdict, Patch, Prediction, Link, LedgerEntry)


@given(st.lists(items(), min_size=1, max_size=3))
def test_an_item_survives_its_row(drawn: list[Item]) -> None:
    frame = to_frame(drawn, Item)
    assert frame.schema == table_schema(Item)
    assert from_frame(frame, Item) == drawn


@given(st.lists(items(), min_size=1, max_size=3))
@settings(max_examples=50)
def test_an_item_survives_a_parquet_file(drawn: list[Item]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "items.parquet"
        to_frame(drawn, Item).write_parquet(path)
        back = from_frame(pl.read_parquet(path), Item)
    assert back == drawn
    for item in back:
        assert compute_hashes(item.model_dump(mode="json")) == item.hashes


@given(items())
def test_an_item_survives_json(drawn: Item) -> None:
    assert Item.model_validate_json(drawn.model_dump_json()) == drawn


@pytest.mark.parametrize("record", RECORDS)
def test_every_record_has_an_empty_table(record: type[BaseModel]) -> None:
    frame = to_frame([], record)
    assert frame.height == 0
    assert from_frame(frame, record) == []


def test_other_records_survive_a_parquet_file(tmp_path: Path) -> None:
    finding = Finding(
        subject="a",
        code="S001",
        severity="major",
        message="العربية",
        signature="s",
        spans=(FindingSpan(field="stem", start=0, end=3, text="\U00020bb7"),),
    )
    prediction = Prediction(
        group="g/1", item_id="g/1@es", language="es", model="m", setting_hash="h", loglikelihoods=(-1.5,)
    )
    for record in (finding, prediction, Reject(file="f.pdf", reason="no-options"), LedgerEntry(stage="parse")):
        path = tmp_path / "table.parquet"
        to_frame([record], type(record)).write_parquet(path)
        assert from_frame(pl.read_parquet(path), type(record)) == [record]


def test_a_finding_keeps_its_id_when_its_message_changes() -> None:
    first = Finding(subject="a", code="S001", severity="major", message="one", signature="s", text_hash="t")
    second = first.model_copy(update={"finding_id": "", "message": "two"})
    assert Finding(**second.model_dump()).finding_id == first.finding_id
    assert Finding(**{**second.model_dump(), "text_hash": "u"}).finding_id != first.finding_id


def test_columns_that_are_not_the_records_are_all_named() -> None:
    frame = to_frame([plain_item()], Item)
    wrong = frame.drop("stem", "key").with_columns(pl.lit(1).alias("steem"), pl.lit("x").alias("revision"))
    with pytest.raises(SchemaError) as caught:
        check_columns(wrong.schema, Item, file="items.parquet")
    assert {problem.place for problem in caught.value.problems} == {
        "column stem",
        "column key",
        "column steem",
        "column revision",
    }
    assert all(
        problem.code == "schema-columns" and problem.file == "items.parquet" for problem in caught.value.problems
    )


def test_a_table_of_a_later_version_is_refused_by_its_version_not_by_its_columns() -> None:
    later = to_frame([plain_item()], Item).with_columns(pl.lit(2, pl.Int64).alias("schema_version")).drop("stem")
    for refuse in (check_version, lambda frame: from_frame(frame, Item)):
        with pytest.raises(SchemaError) as caught:
            refuse(later)
        assert [problem.code for problem in caught.value.problems] == ["schema-version"]


def test_a_bad_row_is_named_with_its_place() -> None:
    frame = to_frame([plain_item(1), plain_item(2)], Item)
    broken = frame.with_columns(pl.when(pl.col("id").str.contains("002")).then(pl.lit("essay")).alias("kind"))
    with pytest.raises(SchemaError, match=r"row 2, field kind"):
        from_frame(broken.with_columns(pl.col("kind").fill_null("single")), Item)
    scores = to_frame([Score(item_id="a", name="risk", value=0.5, signature="s")], Score)
    with pytest.raises(SchemaError, match=r"row 1, field value"):
        from_frame(scores.with_columns(pl.lit(float("nan")).alias("value")), Score)


def test_a_type_without_a_column_type_is_a_defect() -> None:
    with pytest.raises(TypeError, match="no column type"):
        dtype_of(dict[str, int])
    assert dtype_of(tuple[tuple[str, ...], ...]) == pl.List(pl.List(pl.String))
    assert dtype_of(float | None) == pl.Float64
