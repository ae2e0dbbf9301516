"""Rows with one key over many parts: only both halves together are a key, and the first row stays."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchwright.builder.clean import CleanConfig, _work, clean
from benchwright.builder.clean._compare import key_columns
from benchwright.builder.clean._merge import first_of_equal
from tests.builder.clean.dump import write_dump
from tests.builder.clean.tree import tree


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), max_size=40))
def test_the_first_of_equal_keys_stays(keys: list[tuple[int, int]]) -> None:
    high, low = (np.array([key[half] for key in keys], dtype=np.uint64) for half in (0, 1))
    repeated, first = first_of_equal(high, low)
    expected = {at: keys.index(key) for at, key in enumerate(keys) if keys.index(key) < at}
    assert dict(zip(repeated.tolist(), first.tolist(), strict=True)) == expected


def test_a_collision_of_one_half_merges_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_dump(tmp_path / "raw", 2_000)
    whole = clean([tmp_path / "raw"], tmp_path / "whole").read()

    def collides(question: pl.Series, answer: pl.Series) -> tuple[pl.Series, pl.Series]:
        high, low = key_columns(question, answer)
        return pl.Series([7] * len(high), dtype=pl.UInt64), low ^ high

    monkeypatch.setattr(_work, "key_columns", collides)
    assert clean([tmp_path / "raw"], tmp_path / "out").read().equals(whole)


def test_the_halves_of_a_key_know_nothing_of_each_other() -> None:
    rows = 200_000
    texts = pl.select(pl.format("question {} about a dose", pl.int_range(rows))).to_series()
    answers = pl.select(pl.format("answer {}", pl.int_range(rows) % 1000)).to_series()
    high, low = (half.to_numpy() for half in key_columns(texts, answers))
    for half in (high, low):
        assert np.unique(half).size == rows
    # Pairs that agree in 20 bits of one half agree in 10 bits of the other as often as chance has it.
    order = np.argsort(high >> np.uint64(44), kind="stable")
    near = (high[order][1:] >> np.uint64(44)) == (high[order][:-1] >> np.uint64(44))
    also = (low[order][1:] & np.uint64(1023)) == (low[order][:-1] & np.uint64(1023))
    assert near.sum() > 10_000
    assert abs((near & also).sum() / near.sum() * 1024 - 1) < 0.8


def test_moving_text_between_question_and_answer_is_no_duplicate(tmp_path: Path) -> None:
    rows = '{"id": "a", "question": "x y", "answer": "z"}\n{"id": "b", "question": "x", "answer": "y z"}\n'
    (tmp_path / "a.jsonl").write_text(rows, encoding="utf-8")
    assert clean([tmp_path / "a.jsonl"], tmp_path / "out").read().height == 2


def test_the_number_of_ranges_changes_nothing(tmp_path: Path) -> None:
    write_dump(tmp_path / "raw", 3_000)
    sizes = (10_000, 700, 90)
    for size in sizes:
        config = CleanConfig.model_validate({"partition_rows": size, "block_mib": 0.05})
        clean([tmp_path / "raw"], tmp_path / str(size), config)
    trees = [tree(tmp_path / str(size)) for size in sizes]
    for one in trees:
        one.pop("manifest.json")
    assert trees[0] == trees[1] == trees[2]
