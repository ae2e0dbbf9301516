"""Records become items that obey the schema, or rejects; keys out of range stay for the audit, or are rejects."""

from __future__ import annotations

import itertools
import os
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchwright.builder.merging import merge_parts
from benchwright.schemas.hashing import with_hashes
from benchwright.schemas.item import Item
from benchwright.schemas.rows import from_frame
from benchwright.sources._layouts.batches import Batch
from benchwright.sources._layouts.convert import Taken, convert_batches
from benchwright.sources._layouts.files import ReadOptions, read_batches
from benchwright.sources._layouts.items import Placement, items_of, key_rejects
from benchwright.sources._layouts.keys import KeyForm, answers_of, key_form
from benchwright.sources._layouts.model import Layout
from benchwright.sources._layouts.narrow import narrowed

_PLACE = Placement("x", "table.csv", "00", "test", "en")
_LAYOUT = Layout.model_validate(
    {
        "name": "x",
        "title": "X",
        "id": "id",
        "stem": "q",
        "options": {"columns": ["A", "B", "C", "D"]},
        "key": {"columns": "key", "form": "letter"},
        "labels": {"subject": "subject", "topic": "topic"},
        "rationales": [{"column": "why"}],
    }
)
_SIGNS = st.characters(exclude_categories=["Cs"], exclude_characters="\x1c\x1d\x1e\x1f")
"""Without the signs that only Python takes for spaces."""
_TEXT = st.text(_SIGNS, max_size=8)
_CELL = st.none() | _TEXT
_ROW = st.fixed_dictionaries(
    dict.fromkeys(("id", "q", "A", "B", "C", "D", "subject", "topic", "why"), _CELL)
    | {"key": st.none() | st.sampled_from(["A", "B", "d", "AC", "E", "Z", "?", "", " C ", "1"]) | _TEXT}
)


def taken(frame: pl.DataFrame, layout: Layout, form: KeyForm | None = None) -> tuple[pl.DataFrame, list[Any]]:
    """Return the items of a frame, and the rejects of their keys."""
    narrow = narrowed(frame, layout)
    answers = answers_of(narrow, form or key_form(narrow, layout.key))
    items = items_of(narrow, answers, layout, _PLACE)
    return items, key_rejects(items, narrow, answers, "table.csv")


def table(rows: list[dict[str, Any]]) -> pl.DataFrame:
    """Return a frame as the readers make it, all of texts."""
    names = list(rows[0])
    frame = pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String))
    return frame.with_row_index("_row", 1).with_columns(pl.col("_row").cast(pl.Int64))


@settings(max_examples=60, deadline=None)
@given(st.lists(_ROW, min_size=1, max_size=12))
def test_any_table_becomes_items_of_the_schema(rows: list[dict[str, Any]]) -> None:
    frame = table(rows)
    items, rejects = taken(frame, _LAYOUT, KeyForm("letter"))
    assert items.height == len(rows)
    assert items["provenance"].list.first().struct.field("row").to_list() == frame["_row"].to_list()
    assert with_hashes(items).equals(items)
    for item, row in zip(from_frame(items, Item), rows, strict=True):
        assert item.stem == (row["q"] or "") or not (row["q"] or "").strip()
        texts = [row[name] for name in "ABCD"]
        while texts and not (texts[-1] or "").strip():
            texts.pop()
        assert [one.text for one in item.options] == [text or "" for text in texts]
        assert [one.id for one in item.options] == list("ABCD"[: len(texts)])
        assert [one.value for one in item.labels] == [row[n] for n in ("subject", "topic") if (row[n] or "").strip()]
    said = {int(one["number"]) for one in rejects}
    for number, (item, row) in enumerate(zip(from_frame(items, Item), rows, strict=True), 1):
        if (row["key"] or "").strip():
            assert item.key.status != "unknown" or number in said, "a key is read, or its reject says why not"


def test_a_letter_beyond_the_options_stays_for_the_audit() -> None:
    row = {"id": "1", "q": "?", "A": "a", "B": "b", "C": None, "D": None, "key": "E"} | dict.fromkeys(
        ("subject", "topic", "why")
    )
    items, rejects = taken(table([row]), _LAYOUT, KeyForm("letter"))
    assert items["key"].struct.field("answers").to_list() == [[["E"]]]
    assert not rejects


@pytest.mark.parametrize("key", ["-1", "702", "99999999999999999999", "1.5", "nan"])
def test_a_number_that_is_no_place_is_a_reject_and_no_key(key: str) -> None:
    row = {"id": "1", "q": "?", "A": "a", "B": "b", "C": None, "D": None, "key": key} | dict.fromkeys(
        ("subject", "topic", "why")
    )
    items, rejects = taken(table([row]), _LAYOUT, KeyForm("index", 0))
    (item,) = from_frame(items, Item)
    assert (item.key.status, item.key.answers) == ("unknown", ())
    assert [(one["reason"], one["text"]) for one in rejects] == [("key-unreadable", key)]


def work(batch: Batch) -> Taken:
    """Make items of a batch in another process."""
    items, _ = taken(batch.frame, _LAYOUT, KeyForm("letter"))
    return Taken(items, [], batch.frame.height)


def batches(count: int, size: int) -> list[Batch]:
    """Return batches of which the last repeats an id of the first."""
    made = []
    for number in range(count):
        rows: list[dict[str, Any]] = [
            {"id": f"{(place * 7919) % 1000:03d}-{number % (count - 1)}", "q": f"{number} {place}", "A": "a", "B": "b"}
            | {"C": "c", "D": None, "key": "B", "subject": None, "topic": "t", "why": None}
            for place in range(size)
        ]
        made.append(Batch(table(rows)))
    return made


def test_parts_are_the_same_for_any_number_of_processes_and_merge_by_id(tmp_path: Path) -> None:
    tables, repeated = [], []
    for workers in (1, 2):
        folder = tmp_path / str(workers)
        folder.mkdir()
        names = (folder / f"{n}.arrow" for n in itertools.count())
        parts = list(convert_batches(batches(4, 50), partial(work), names, workers))
        assert [part.items for part in parts] == [50] * 4
        merged = merge_parts([part.path for part in parts], folder / "out.parquet", stretch=16)
        assert merged.rows == 150
        tables.append((folder / "out.parquet").read_bytes())
        repeated.append(merged.repeated)
    assert tables[0] == tables[1]
    assert repeated[0].equals(repeated[1])
    assert repeated[0]["stem"].to_list() != []
    assert all(stem.startswith("3 ") for stem in repeated[0]["stem"]), "the first of two with one id is kept"
    frame = pl.read_parquet(tmp_path / "1" / "out.parquet")
    assert frame["id"].is_sorted()
    assert frame["id"].n_unique() == 150


def real(name: str) -> Path:
    """Return a file of the real data, or skip."""
    folder = Path(os.environ.get("BENCHWRIGHT_DATA", Path(__file__).parents[3] / ".." / "shared" / "data"))
    path = folder / name
    if not path.exists():
        pytest.skip(f"the real data are not at {folder}")
    return path


_REAL: list[tuple[str, dict[str, Any], bool]] = [
    (
        "mmlu_medical/ja_jmmlu/anatomy.csv",
        {
            "header": False,
            "columns": ["question", "A", "B", "C", "D", "answer"],
            "stem": "question",
            "options": {"columns": ["A", "B", "C", "D"]},
            "key": {"columns": "answer", "form": "letter"},
        },
        False,
    ),
    (
        "mmlu_medical/en_mmlu_redux/anatomy.csv",
        {"stem": "question", "options": {"column": "choices"}, "key": {"columns": "answer", "form": "index"}},
        True,
    ),
]


@pytest.mark.parametrize(("name", "told", "header"), _REAL, ids=[one[0] for one in _REAL])
def test_real_tables_are_imported_whole(name: str, told: dict[str, Any], header: bool) -> None:
    layout = Layout.model_validate({"name": "real", "title": "Real", **told})
    options = ReadOptions(header=header, columns=() if header else layout.columns)
    read = list(read_batches(real(name), "real.csv", options))
    assert not [reject for batch in read for reject in batch.rejects]
    for batch in read:
        items, rejects = taken(batch.frame, layout)
        assert not rejects
        assert items.height == batch.frame.height >= 100
        assert all(len(item.options) == 4 and item.key.status == "official" for item in from_frame(items, Item))
