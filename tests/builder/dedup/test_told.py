"""Leakage, sweep, review queue, page and command say what the pairs say."""

from __future__ import annotations

import json
import random
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from benchwright.builder.cli import app
from benchwright.builder.dedup import find_duplicates
from benchwright.builder.dedup.leakage import BORDERS, leakage_of
from benchwright.builder.dedup.page import page_of
from benchwright.builder.dedup.sweep import queue_of, sweep_of
from benchwright.schemas.item import Item
from tests.builder.dedup.tables import OPTIONS, STEM, item, made, search, written


def _run(*words: object) -> tuple[int, str, str]:
    outcome = CliRunner().invoke(app, [str(word) for word in words])
    return outcome.exit_code, outcome.stdout, outcome.stderr


def test_leakage_is_counted_over_each_border(tmp_path: Path) -> None:
    train = written(
        tmp_path / "train" / "items.parquet",
        [item(1, exam=("set", "v1", "train")), item(2, STEM.replace("12", "13"), exam=("set", "v1", "train"))],
    )
    test = written(
        tmp_path / "test" / "items.parquet",
        [item(3, exam=("set", "v1", "test")), item(4, exam=("set", "v2", "test"), language="fr")],
    )
    found = leakage_of(find_duplicates([train, test]))
    assert set(found["border"]) <= set(BORDERS)
    rows = {(b, a, c, k): (n, i, j) for b, a, c, k, n, i, j in found.rows()}
    assert rows["part", "set test", "set train", "exact"] == (1, 1, 1)
    assert rows["part", "set test", "set train", "number_changed"] == (1, 1, 1)
    assert rows["edition", "set v1", "set v2", "cross_language"] == (3, 3, 1)
    assert rows["language", "en", "fr", "cross_language"] == (3, 3, 1)
    assert ("file", "test/items.parquet", "train/items.parquet", "exact") in rows


def test_inside_one_table_nothing_leaks(tmp_path: Path) -> None:
    assert leakage_of(search(tmp_path, [item(1), item(2)])).is_empty()


def _near() -> list[Item]:
    rng = random.Random(7)
    items = []
    for n in range(60):
        words = made(rng, 40).split(" ")
        other = list(words)
        for place in rng.sample(range(40), 1 + n % 8):
            other[place] = made(rng, 1)
        items += [item(2 * n, " ".join(words), ()), item(2 * n + 1, " ".join(other), ())]
    return items


def test_a_sweep_counts_what_each_threshold_leaves(tmp_path: Path) -> None:
    run = search(tmp_path, _near())
    table = sweep_of(run, 0.75)
    assert table["threshold"].to_list() == [0.75, 0.8, 0.85, 0.9, 0.95, 1.0]
    assert table["pairs"][0] == run.pairs.height
    assert table["band"].sum() + table["pairs"][-1] == run.pairs.height + table["band"][-1]
    for threshold, pairs in table.select("threshold", "pairs").rows():
        assert pairs == run.pairs.filter((pl.col("kind") != "near") | (pl.col("score") >= threshold)).height


def test_the_queue_draws_from_every_band(tmp_path: Path) -> None:
    run = search(tmp_path, _near())
    queue = queue_of(run, 0.75, 3)
    assert queue == queue_of(run, 0.75, 3)
    assert {one["band"] for one in queue} == {
        round(0.75 + 0.05 * int((score - 0.75) / 0.05 + 1e-9), 6) for score in run.pairs["score"]
    }
    for one in queue:
        assert one["verdict"] is None
        assert one["band"] <= one["score"] < one["band"] + 0.05 + 1e-9
        assert one["a"]["stem"] != one["b"]["stem"]


def test_the_page_shows_texts_as_texts(tmp_path: Path) -> None:
    sly = STEM + " <script>alert(1)</script>"
    page = page_of(search(tmp_path, [item(1, sly), item(2, sly.replace("12", "13"))]), "<b>")
    assert "<script>alert" not in page
    assert "&lt;b&gt;" in page
    assert "numbers 12 -&gt; 13" in page
    assert "<ins>13</ins>" in page
    assert "http" not in page.replace("http-equiv", "")


def test_the_command_writes_all_its_tables(tmp_path: Path) -> None:
    path = written(
        tmp_path / "items.parquet",
        [item(1, key="A"), item(2, STEM.upper(), key="A"), item(3, key="C"), item(4, OPTIONS[0])],
    )
    out = tmp_path / "out"
    extra = ("--clusters", out / "c.parquet", "--leakage", out / "l.parquet", "--html", out / "c.html", "--sweep", out)
    code, said, _ = _run("dedup", path, "-o", out / "d.parquet", "--json", "--merge", out / "merged", *extra)
    told = json.loads(said)
    assert code == 0
    assert told["kinds"] == {"normalised": 1, "other_key": 2}
    assert told["merge"] == {"rows_in": 4, "rows_out": 3, "rows_merged": 1}
    assert sorted(Path(name).name for name in told["written"]) == sorted(
        [
            "d.parquet",
            "c.parquet",
            "l.parquet",
            "c.html",
            "sweep.parquet",
            "queue.jsonl",
            "items.parquet",
            "ledger.parquet",
        ]
    )
    assert all(Path(name).is_file() for name in told["written"])
    assert "key 'theantler" in _run("dedup", path, "--dry-run")[1]


def test_the_same_search_writes_the_same_bytes(tmp_path: Path) -> None:
    path = written(tmp_path / "items.parquet", [item(n) for n in range(30)])
    for name, more in (("a", ()), ("b", ("--shards", 3))):
        assert _run("dedup", path, "-o", tmp_path / name, *more)[0] == 0
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_a_dry_run_writes_nothing(tmp_path: Path) -> None:
    path = written(tmp_path / "items.parquet", [item(1), item(2)])
    code, said, _ = _run("dedup", path, "-o", tmp_path / "d.parquet", "--dry-run")
    assert code == 0
    assert "1 pairs" in said
    assert not (tmp_path / "d.parquet").exists()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--keep", "youngest"), "name-unknown"),
        (("--merge-kinds", "exact,number_changed"), "never merged"),
        (("--merge", "."), "output-exists"),
        (("--links", "no.parquet"), "file-not-found"),
    ],
)
def test_wrong_words_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, str], told: str
) -> None:
    monkeypatch.chdir(tmp_path)
    path = written(tmp_path / "items.parquet", [item(1), item(2)])
    code, _, errors = _run("dedup", path, "-o", tmp_path / "d.parquet", *words)
    assert (code, told in errors) == (2, True)
    assert not (tmp_path / "d.parquet").exists()


def test_meaning_needs_its_extra(tmp_path: Path) -> None:
    path = written(tmp_path / "items.parquet", [item(1)])
    import importlib.util

    if importlib.util.find_spec("sentence_transformers") is not None:
        pytest.skip("sentence-transformers is installed here")
    code, _, errors = _run("dedup", path, "-o", tmp_path / "d.parquet", "--embed", "x")
    assert (code, "benchwright[embed]" in errors) == (2, True)
