"""The fictional exam with its image booklet, its two languages and a statistics file, from `new` to `build`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from benchwright.builder.new import new_project
from benchwright.builder.run import BuildResult, run_build
from benchwright.builder.status import project_status
from tests.conftest import ROOT

EXAM = ROOT / "examples/fictional_exam"
LAST = 33
"""One more than the part has questions."""
STATISTICS = "item,share correct,n,A,B,C,D\n" + "".join(
    f"{n},{0.5 + n / 100:.2f},412,0.1,{0.5 + n / 100:.2f},0.05,{0.35 - n / 100:.2f}\n" for n in range(1, LAST + 1)
)
ADDED = (
    r"      - {match: 'national\.csv', role: human, edition: '2031', part: '1'}" + "\nlayouts:"
)  # fmt: skip


def make(folder: Path) -> tuple[Path, BuildResult]:
    """Build the exam with the edits that a person makes: which language is native, and what the table is."""
    project = folder / "exam"
    new_project(project, [EXAM / "raw"])
    (project / "raw" / "national.csv").write_text(STATISTICS, encoding="utf-8")
    recipe = (project / "recipe.yaml").read_text(encoding="utf-8")
    edited = "\n".join(
        "  origin: {es: native, en: official_translation}" if line.startswith("  origin: null") else line
        for line in recipe.splitlines()
    ).replace("layouts:", ADDED, 1)
    assert edited != recipe
    (project / "recipe.yaml").write_text(edited + "\n", encoding="utf-8")
    return project, run_build(project, jobs=1)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, BuildResult]:
    return make(tmp_path_factory.mktemp("images"))


@pytest.fixture(scope="module")
def items(built: tuple[Path, BuildResult]) -> pl.DataFrame:
    return pl.read_parquet(built[0] / "build" / "items.parquet")


def gold() -> list[dict[str, Any]]:
    return [json.loads(line) for line in (EXAM / "gold.jsonl").read_text(encoding="utf-8").splitlines()]


def media(items: pl.DataFrame) -> pl.DataFrame:
    return items.explode("media", empty_as_null=False, keep_nulls=False).select(
        pl.col("exam").struct.field("part"), pl.col("exam").struct.field("number"), "language",
        pl.col("media").struct.unnest(),
    )  # fmt: skip


def test_pictures_of_the_image_booklet_are_with_their_items(
    built: tuple[Path, BuildResult], items: pl.DataFrame
) -> None:
    shown = media(items).filter(pl.col("source_file").str.starts_with("imagenes"))
    found = {(row["part"], row["number"], row["language"]): row["caption"] for row in shown.iter_rows(named=True)}
    wanted = {
        (str(row["part"]), str(row["number"]), row["language"]): row["image_booklet"]
        for row in gold()
        if "image_booklet" in row
    }
    assert found.keys() == wanted.keys()
    assert all(str(wanted[place]) in caption for place, caption in found.items())
    assert all((built[0] / "build" / "media" / name).is_file() for name in shown["file"])


def test_the_file_table_and_the_ledger_tell_of_the_booklet(built: tuple[Path, BuildResult]) -> None:
    row = next(row for row in built[1].files if row["role"] == "images")
    assert (row["found"], row["figures"], row["rejected"], row["doubts"]) == (2, 2, 0, [])
    pictures = next(entry for entry in built[1].ledger if entry.unit == "picture")
    assert (pictures.rows_in, pictures.rows_out, pictures.rows_rejected) == (2, 2, 0)


def test_a_figure_that_is_printed_nowhere_is_missing(built: tuple[Path, BuildResult], items: pl.DataFrame) -> None:
    gone = media(items).filter(pl.col("status") == "missing")
    assert gone.select("part", "number", "caption").sort("caption").rows() == [
        ("1", "25", "Figura 3"),
        ("1", "25", "Figure 3"),
    ]
    findings = pl.read_parquet(built[0] / "build" / "findings.parquet").filter(pl.col("code") == "S301")
    assert {name.rpartition("/")[2] for name in findings["subject"]} == {"025@es", "025@en"}


def test_editions_are_one_group_with_one_set_of_option_ids(items: pl.DataFrame) -> None:
    origin = (
        items.group_by("language").agg(pl.col("origin").unique(), pl.col("origin_language").unique()).sort("language")
    )
    assert origin.rows() == [("en", ["official_translation"], ["es"]), ("es", ["native"], ["es"])]
    ids = items.select("group", "language", pl.col("options").list.eval(pl.element().struct.field("id")))
    groups = ids.group_by("group").agg(pl.col("language").sort(), pl.col("options").n_unique().alias("sets"))
    assert groups.filter(pl.col("language") != ["en", "es"]).height == 0
    assert groups.filter(pl.col("sets") > 1).height == 0


def test_statistics_are_joined_by_number(built: tuple[Path, BuildResult], items: pl.DataFrame) -> None:
    known = items.filter(pl.col("human").struct.field("n").is_not_null())
    assert known.height == 64
    assert known["exam"].struct.field("part").unique().to_list() == ["1"]
    first = known.filter(pl.col("id").str.ends_with("/1/001@es"))["human"].to_list()[0]
    assert (first["share_correct"], first["n"]) == (0.51, 412)
    assert {one["option"]: one["share"] for one in first["distribution"]} == {"A": 0.1, "B": 0.51, "C": 0.05, "D": 0.34}
    rejects = pl.read_parquet(built[0] / "build" / "rejects.parquet").filter(pl.col("reason") == "human-unmatched")
    assert rejects.select("file", "number").rows() == [("national.csv", "33")]
    row = next(row for row in built[1].files if row["role"] == "human")
    assert (row["found"], row["rejected"]) == (33, 1)


def test_a_second_build_does_nothing_and_a_lost_picture_is_cut_again(tmp_path: Path) -> None:
    project, _ = make(tmp_path)
    items = (project / "build" / "items.parquet").read_bytes()
    assert run_build(project, jobs=1).done == []
    assert {stage.stage: stage.done for stage in project_status(project).stages}["images"] == 1
    pictures = json.loads(next((project / "build" / "stages" / "images").glob("*/done.json")).read_text("utf-8"))
    lost = project / "build" / "media" / pictures["facts"]["media"][0]
    lost.unlink()
    again = run_build(project, jobs=1)
    assert again.done[0] == "images imagenes-2031-parte2.pdf"
    assert lost.is_file()
    assert (project / "build" / "items.parquet").read_bytes() == items


def test_an_image_booklet_that_cannot_be_read_stops_nothing(tmp_path: Path) -> None:
    project = tmp_path / "exam"
    new_project(project, [EXAM / "raw"])
    booklet = project / "raw" / "imagenes-2031-parte2.pdf"
    data = booklet.read_bytes()
    booklet.unlink()
    booklet.write_bytes(data[:200])
    found = run_build(project, jobs=1)
    assert found.counts["items"] == 128
    assert found.counts["rejects.file-unreadable"] == 1


def test_a_real_paper_whose_pictures_are_elsewhere_says_which(tmp_path: Path, data_dir: Path) -> None:
    paper = data_dir / "es_mir_headqa" / "MIR_2014.pdf"
    if not paper.is_file():
        pytest.skip(f"the real paper is absent: {paper}")
    new_project(tmp_path / "paper", [paper])
    run_build(tmp_path / "paper", jobs=1)
    missing = media(pl.read_parquet(tmp_path / "paper" / "build" / "items.parquet")).filter(
        pl.col("status") == "missing"
    )
    numbers = missing.select(pl.col("number").cast(pl.Int64), pl.col("caption").str.extract(r"(\d+)$").cast(pl.Int64))
    assert sorted(numbers.rows()) == [(number, (number + 1) // 2) for number in range(1, 35)]
