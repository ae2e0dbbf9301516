"""Three real exams take the whole road: new, build, release, verify."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

pytestmark = [pytest.mark.data, pytest.mark.slow]

COMMAND = Path(sys.executable).parent / "benchwright"
EXAMS = {
    "tw": ("tw_moex_physician/stage2/108-1", "*.pdf", 320),
    "ar": ("ar_examen_unico", "examen_unico_2016.pdf", 100),
    "es": ("es_mir_headqa", "MIR_2014.pdf", 235),
}
BOOKLETS = 4
CORRECTED = {"annulled": 3, "several": 2}
"""What the corrected keys of the sitting say, by the SOURCE.md of the folder: annulled, and more than one answer."""


def run(*arguments: str | Path) -> str:
    outcome = subprocess.run([COMMAND, *arguments], capture_output=True, text=True, check=False)
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr
    return outcome.stdout


@pytest.fixture(scope="module", params=EXAMS)
def project(request: pytest.FixtureRequest, data_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of one exam, built with what `new` wrote, no edit."""
    folder, pattern, _ = EXAMS[str(request.param)]
    papers = sorted((data_dir / folder).glob(pattern))
    if not papers:
        pytest.skip(f"no {pattern} in {data_dir / folder}")
    project = tmp_path_factory.mktemp("real") / str(request.param)
    run("new", project, "--raw", *papers)
    run("build", project)
    return project


def test_every_question_becomes_an_item(project: Path) -> None:
    items = pl.read_parquet(project / "build/items.parquet")
    assert items.height == EXAMS[project.name][2]
    assert items["id"].n_unique() == items.height
    assert items.select(pl.col("provenance").list.len().min()).item() > 0


def test_the_ledger_balances(project: Path) -> None:
    ledger = pl.read_parquet(project / "build/ledger.parquet").filter(pl.col("event") == "count")
    out = pl.col("rows_out") + pl.col("rows_rejected") + pl.col("rows_merged")
    assert ledger.height > 0
    assert ledger.filter(pl.col("rows_in") != out).height == 0


def test_release_withholds_texts_of_an_unknown_licence_and_verifies(project: Path) -> None:
    run("release", project, "--version", "1.0.0")
    release = project / "release/1.0.0"
    assert "1.0.0" in run("verify", release)
    tables = [pl.read_parquet(path, columns=["stem", "withheld"]) for path in release.glob("data/*/*.parquet")]
    published = pl.concat(tables)
    assert published.height == EXAMS[project.name][2]
    assert published["stem"].null_count() == published.height
    assert published["withheld"].null_count() == 0


@pytest.mark.parametrize("project", ["tw"], indirect=True)
def test_corrected_keys_are_paired_and_kept_with_their_history(project: Path) -> None:
    items = pl.read_parquet(project / "build/items.parquet")
    key = items.select(pl.col("key").struct.unnest(), pl.col("exam").struct.field("part"))
    assert key["part"].n_unique() == BOOKLETS
    assert key.filter(pl.col("status") == "unknown").height == 0
    assert key.filter(pl.col("status") == "annulled").height == CORRECTED["annulled"]
    assert key.filter(pl.col("answers").list.len() > 1).height == CORRECTED["several"]
    changed = key.filter(pl.col("status").is_in(["annulled", "revised"]))
    assert changed.height == sum(CORRECTED.values())
    assert changed.filter(pl.col("history").list.len() == 0).height == 0
