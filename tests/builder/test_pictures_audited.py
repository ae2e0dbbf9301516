"""What the audits say of pictures after a build: named and nowhere, asked for and absent, lost from the disk."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from benchwright.builder.auditing import audit_files
from benchwright.builder.run import run_build
from tests.builder.fakes import RECIPE, write_project

pytestmark = pytest.mark.usefixtures("toy")

PAPER = (
    "1 pregunta sin nada\n2 en la figura 3 se ve la lesión\n3 observe la imagen siguiente y responda\n"
    "4 pregunta con FIGURE\n"
)


def codes(findings: pl.DataFrame) -> dict[str, list[str]]:
    """Return the numbers of the items by code, of the findings on pictures."""
    media = findings.filter(pl.col("code").str.starts_with("S3")).sort("subject")
    return {
        code: [subject.rpartition("/")[2].partition("@")[0] for subject in some["subject"]]
        for (code,), some in sorted(media.group_by("code"))
    }


def test_pictures_that_are_not_there_are_found_by_build_and_audit(tmp_path: Path) -> None:
    recipe = RECIPE.replace('parts: {"1": {expect: 3}}', 'parts: {"1": {expect: 4}}')
    folder = write_project(tmp_path / "p", {"1.txt": PAPER}, recipe)
    run_build(folder, jobs=1)
    build = folder / "build"
    found = codes(pl.read_parquet(build / "findings.parquet"))
    assert found == {"S301": ["002"], "S303": ["003"]}
    for picture in (build / "media").iterdir():
        picture.unlink()
    assert codes(audit_files([folder]).findings) == {**found, "S304": ["004"]}


def test_a_language_without_words_for_pictures_is_told(tmp_path: Path) -> None:
    folder = write_project(tmp_path / "p", {"1.txt": PAPER}, RECIPE.replace("[es]", "[haw]"))
    run_build(folder, jobs=1)
    findings = pl.read_parquet(folder / "build" / "findings.parquet")
    assert "dataset" in findings.filter(pl.col("code") == "S306")["subject"].to_list()


def test_an_item_marked_as_needing_a_picture_and_a_picture_of_no_option_are_told(tmp_path: Path) -> None:
    folder = write_project(tmp_path / "p", {"1.txt": PAPER})
    run_build(folder, jobs=1)
    items = pl.read_parquet(folder / "build" / "items.parquet")
    struct = pl.element().struct.with_fields(pl.lit("option:Q").alias("attached_to"))
    changed = items.with_columns(
        pl.when(pl.col("id").str.contains("001@"))
        .then(pl.lit("yes"))
        .otherwise(pl.col("needs_image"))
        .alias("needs_image"),
        pl.col("media").list.eval(struct),
    )
    changed.write_parquet(tmp_path / "items.parquet")
    found = codes(audit_files([tmp_path / "items.parquet"]).findings)
    assert (found["S302"], found["S305"]) == (["001"], ["002", "004"])
