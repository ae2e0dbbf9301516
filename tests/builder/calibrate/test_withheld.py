"""Calibration without half of the words that the audits know."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from benchwright.audits import half_withheld, is_withheld
from benchwright.audits._polarity.lexicon import digest, lexicon
from benchwright.audits._quantities.lexicon import lexicon_of
from benchwright.audits._terms.drugs import drugs_of
from benchwright.builder.calibrate import CalibrateWish, calibrate_files
from benchwright.builder.calibrate._page import page_of
from benchwright.builder.calibrate._withheld import entries_of, is_removed
from benchwright.builder.cli import app
from tests.audits.clean import item, table

SEEDS = range(1, 33)
DRUGS = "amoxicillin warfarin digoxin heparin metformin insulin atropine"


def files_of(folder: Path, count: int = 40) -> tuple[Path, Path]:
    """Items in English and their sources in Spanish, with a side in each stem."""
    made = [
        item(number, language, stem=stem.format(number), origin_language="es", origin=origin)
        for number in range(1, count + 1)
        for language, stem, origin in (
            ("en", "Patient {} has pain in the left leg and was examined. What comes next?", "official_translation"),
            ("es", "El paciente {} tiene dolor en la pierna izquierda y fue explorado. ¿Qué sigue?", "native"),
        )
    ]
    paths = (folder / "en.parquet", folder / "es.parquet")
    for path, language in zip(paths, ("en", "es"), strict=True):
        table([one for one in made if one.language == language]).collect().write_parquet(path)
    return paths


def test_half_of_the_words_are_gone_within_and_all_are_back_after() -> None:
    whole, known = (len(lexicon("en").patterns), len(lexicon_of("de").numbers.exact), len(drugs_of(DRUGS))), digest()
    with half_withheld(1):
        less = len(lexicon("en").patterns), len(lexicon_of("de").numbers.exact), len(drugs_of(DRUGS))
    assert all(few < many for few, many in zip(less, whole, strict=True))
    assert (len(lexicon("en").patterns), len(lexicon_of("de").numbers.exact), len(drugs_of(DRUGS))) == whole
    assert digest() == known


def test_words_come_back_after_an_error() -> None:
    before = lexicon("es").patterns
    with pytest.raises(KeyError), half_withheld(2):
        raise KeyError
    assert lexicon("es").patterns == before


@pytest.mark.parametrize("language", ["en", "es", "ja"])
def test_seeds_withhold_about_half_and_not_the_same(language: str) -> None:
    entries = entries_of(language)
    halves = [frozenset(entry for entry in entries if is_withheld(entry, seed)) for seed in SEEDS]
    assert len(set(halves)) == len(SEEDS)
    assert all(0.4 < len(half) / len(entries) < 0.6 for half in halves)


def test_a_form_is_removed_where_all_its_entries_are() -> None:
    assert {is_removed("en", "left", seed) for seed in SEEDS} == {True, False}
    assert [is_removed("en", "increased", seed) for seed in SEEDS] == [is_withheld("increas*", seed) for seed in SEEDS]
    assert not any(is_removed("en", "zzzz", seed) for seed in SEEDS)


def test_what_is_found_without_the_words_stands_beside(tmp_path: Path) -> None:
    english, spanish = files_of(tmp_path)
    seed = next(seed for seed in SEEDS if is_removed("en", "right", seed))
    wish = CalibrateWish(sources=[spanish], kinds=("side_swapped",), wanted=8, select=("T2",), seed=seed, withhold=True)
    run = calibrate_files([english], wish)
    assert run.withheld is not None
    (row,) = run.withheld.iter_rows(named=True)
    assert (row["kind"], row["forms"], row["whole"], row["n"]) == ("side_swapped", ["right"], row["n"], row["n"])
    assert row["found"] < row["whole"]
    assert "## Words whose entries were withheld" in page_of(run)


def test_command_writes_the_table(tmp_path: Path) -> None:
    english, spanish = files_of(tmp_path, 12)
    command = ["calibrate", str(english), "--source", str(spanish), "--kinds", "side_swapped", "--select", "T2"]
    told = CliRunner().invoke(app, [*command, "--withhold-words", "-o", str(tmp_path / "out"), "--json"])
    assert told.exit_code == 0, told.output
    rows = pl.read_parquet(tmp_path / "out" / "withheld.parquet").to_dicts()
    assert json.loads(told.stdout)["withheld"] == rows
    plain = CliRunner().invoke(app, [*command, "--json"])
    assert json.loads(plain.stdout)["withheld"] is None
