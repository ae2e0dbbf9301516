"""A heading in a file of a layout without one is no record."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from benchwright.builder.importing import import_files
from benchwright.sources import IntakeOptions

ROWS = "\n".join(
    f"What is question number {n} about?,one {n},two {n},three {n},four {n},{'ABCD'[n % 4]}" for n in range(30)
)
EN = IntakeOptions(language="en")


@pytest.mark.parametrize(
    "heading",
    ["question,A,B,C,D,answer", "Question,a,b,c,d,Answer", "question,option_a,option_b,option_c,option_d,answer"],
)
def test_heading_is_told_and_no_record(tmp_path: Path, heading: str) -> None:
    file = tmp_path / "anatomy_test.csv"
    file.write_text(f"{heading}\n{ROWS}\n", encoding="utf-8")
    run = import_files([file], tmp_path / "items.parquet", options=EN)
    items = pl.read_parquet(tmp_path / "items.parquet")
    assert run.items == 30
    assert run.rejects.is_empty()
    assert not items["stem"].str.to_lowercase().is_in(["question"]).any()
    assert items.sort("id")["stem"].first() == "What is question number 0 about?"
    assert [row["row"] for row in items.sort("id")["provenance"].list.first()][:2] == [1, 2]


def test_layout_given_by_name_leaves_the_heading_out_as_well(tmp_path: Path) -> None:
    file = tmp_path / "anatomy_test.csv"
    file.write_text(f"question,A,B,C,D,answer\n{ROWS}\n", encoding="utf-8")
    run = import_files([file], tmp_path / "items.parquet", layout="mmlu_csv", options=EN)
    assert run.items == 30
    assert any("heading" in doubt for doubt in run.files[0].doubts)


def test_a_question_whose_options_are_letters_is_a_record(tmp_path: Path) -> None:
    file = tmp_path / "letters_test.csv"
    file.write_text(f"Which letter comes first?,A,B,C,D,A\n{ROWS}\n", encoding="utf-8")
    run = import_files([file], tmp_path / "items.parquet", layout="mmlu_csv", options=EN)
    assert run.items == 31
