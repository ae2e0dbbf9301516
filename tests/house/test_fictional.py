"""The fictional exam through the real readers: parse(print(items)) = items, for all of its 128 items."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from tests.house.checkout import ROOT

COMMAND = Path(sys.executable).parent / "benchwright"
EXAM = ROOT / "examples/fictional_exam"
ITEMS = 128


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The build folder of the exam, from what `new` wrote, no edit."""
    project = tmp_path_factory.mktemp("fictional") / "exam"
    subprocess.run([COMMAND, "new", project, "--raw", EXAM / "raw", "--quiet"], check=True)
    outcome = subprocess.run([COMMAND, "build", project], capture_output=True, text=True, check=False)
    assert outcome.returncode == 1, outcome.stdout + outcome.stderr
    return project / "build"


@pytest.fixture(scope="module")
def items(build: Path) -> pl.DataFrame:
    """The items of the build."""
    return pl.read_parquet(build / "items.parquet")


def test_items_are_what_was_printed(build: Path) -> None:
    command = [str(COMMAND), "evaluate-extraction", str(build / "items.parquet"), str(EXAM / "gold.jsonl"), "--json"]
    report: dict[str, Any] = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    total = report.get("total") or report["result"]["total"]
    assert total["gold"] == ITEMS
    shares = {name: total[name] for name in ("item_recall", "exact_stem", "exact_options", "key", "figures")}
    assert shares == dict.fromkeys(shares, 1.0), report["causes"]


def test_editions_are_parallel(items: pl.DataFrame) -> None:
    assert items.height == ITEMS
    per_group = items.group_by("group").agg(pl.col("language").sort())
    assert per_group.height == ITEMS // 2
    assert per_group["language"].to_list() == [["en", "es"]] * (ITEMS // 2)


def test_corrected_keys_are_read(items: pl.DataFrame) -> None:
    key = items.select("group", pl.col("key").struct.unnest())
    annulled = key.filter(pl.col("status") == "annulled")
    several = key.filter(pl.col("answers").list.len() > 1)
    assert annulled["group"].n_unique() == 1
    assert several["group"].n_unique() == 1
    assert pl.concat([annulled, several]).filter(pl.col("history").list.len() == 0).height == 0


def test_each_field_has_its_page_and_box(items: pl.DataFrame) -> None:
    places = items.select("id", "provenance").explode("provenance").unnest("provenance")
    printed = places.filter(pl.col("field").str.starts_with("option:") | (pl.col("field") == "stem"))
    assert printed.filter(pl.any_horizontal(pl.col("file", "page", "x0", "y0", "x1", "y1").is_null())).height == 0
    assert printed.filter((pl.col("x1") < pl.col("x0")) | (pl.col("y1") < pl.col("y0"))).height == 0
    stems = printed.filter(pl.col("field") == "stem")
    assert stems["id"].n_unique() == ITEMS


def test_broken_letters_are_only_where_they_were_planted(items: pl.DataFrame) -> None:
    broken = items.filter(pl.col("stem").str.contains("\ufffd"))
    assert [name.split("/", 2)[2] for name in broken["id"]] == ["1/015@es"]
