"""A dump of 87,780 entries balances exactly, and every dropped id is there with its reason."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from pathlib import Path

import polars as pl
import pytest

from benchwright.builder.clean import CleanConfig, clean
from benchwright.builder.clean._steps import Job
from benchwright.builder.clean.pipeline import CleanReport
from benchwright.schemas.errors import LedgerError
from tests.builder.clean.dump import Planted, write_dump

ENTRIES = 87_780
CONFIG = CleanConfig.model_validate({"length": {"answer": 12}, "block_mib": 2, "partition_rows": 20_000})


@pytest.fixture(scope="module")
def cleaned(tmp_path_factory: pytest.TempPathFactory) -> tuple[Planted, CleanReport]:
    folder = tmp_path_factory.mktemp("dump")
    planted = write_dump(folder / "raw", ENTRIES)
    return planted, clean([folder / "raw"], folder / "out", CONFIG)


def test_the_counts_of_all_stages_sum(cleaned: tuple[Planted, CleanReport]) -> None:
    planted, report = cleaned
    counts = [one for one in report.ledger if one.event == "count"]
    assert [one.stage for one in counts] == ["read", "length", "ids", "exact", "write"]
    assert counts[0].rows_in == ENTRIES == planted.records
    for one, following in pairwise(counts):
        one.assert_balanced()
        assert following.rows_in == one.rows_out
    lost = sum(one.rows_rejected + one.rows_merged for one in counts)
    assert ENTRIES - lost == counts[-1].rows_out == report.read().height == planted.clean
    by_stage = {one.stage: (one.rows_rejected, one.rows_merged) for one in counts}
    assert by_stage["read"] == (planted.broken, 0)
    assert by_stage["length"] == (len(planted.short), 0)
    assert by_stage["ids"] == (len(planted.repeated), 0)
    assert by_stage["exact"] == (0, len(planted.copies))


def test_every_dropped_id_has_its_reason(cleaned: tuple[Planted, CleanReport]) -> None:
    planted, report = cleaned
    dropped = pl.read_parquet(report.dropped / "*.parquet")
    assert dropped.columns == ["id", "stage", "reason", "detail"]
    assert dropped.null_count().row(0) == (0, 0, 0, 0)
    by_stage = {stage: dropped.filter(pl.col("stage") == stage) for stage in dropped["stage"].unique()}
    assert set(by_stage["length"]["id"]) == planted.short
    assert Counter(by_stage["ids"]["id"]) == Counter(planted.repeated)
    told = dict(by_stage["exact"].select("id", pl.col("detail").str.strip_prefix("kept: ")).iter_rows())
    assert told == planted.copies
    assert set(by_stage["read"]["reason"]) == {"record-broken"}
    assert set(by_stage["read"]["id"].str.extract(r"^(dump\d\.jsonl\.gz/\d+)$")) == set(by_stage["read"]["id"])
    every = [*dropped["id"], *report.read()["id"]]
    assert len(every) == ENTRIES


def test_the_text_that_stays_is_the_text_that_came(tmp_path: Path) -> None:
    text = '{"id": "a", "question": " <b>Is  it</b>\\r\\n e\\u0301 &amp; x? ", "answer": "Yes,\\tit is.\\n"}\n'
    (tmp_path / "a.jsonl").write_text(text, encoding="utf-8")
    kept = clean([tmp_path / "a.jsonl"], tmp_path / "out").read()
    assert kept.rows() == [("a", " <b>Is  it</b>\r\n e\u0301 & x? ".replace("& x", "&amp; x"), "Yes,\tit is.\n")]
    config = CleanConfig.model_validate({"normalise": {"text": "clean"}})
    tidy = clean([tmp_path / "a.jsonl"], tmp_path / "tidy", config).read()
    assert tidy.rows() == [("a", "Is it\ne\u0301 & x?", "Yes, it is.")]


def test_a_lost_row_is_a_defect(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_dump(tmp_path / "raw", 300)
    whole = Job._write_part

    def careless(self: Job, unit: str) -> None:
        whole(self, unit)
        path = self.out / "entries.parquet" / f"part-{unit}.parquet"
        pl.read_parquet(path).slice(1).write_parquet(path)

    monkeypatch.setattr(Job, "_write_part", careless)
    with pytest.raises(LedgerError, match="does not balance"):
        clean([tmp_path / "raw"], tmp_path / "out", CONFIG)
    assert not (tmp_path / "out" / "manifest.json").exists()
