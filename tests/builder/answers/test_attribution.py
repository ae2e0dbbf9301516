"""The share of divergences that are the translation's: from verdicts, with an interval that covers."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from benchwright.builder.answers.attribution import CAUSES, attributed, share_interval
from benchwright.builder.review.axes import known_axes
from benchwright.schemas import Item
from benchwright.schemas.rows import to_frame
from benchwright.schemas.tables import Finding, Verdict
from tests.audits.clean import exam


def test_the_causes_are_those_that_reviewers_are_asked() -> None:
    assert known_axes()["cause"].values == CAUSES


def test_interval_covers_as_it_says() -> None:
    rng = np.random.default_rng(1)
    covered = []
    for _ in range(1000):
        flagged, share, judged = int(rng.integers(60, 400)), rng.random(), int(rng.integers(20, 50))
        have = int(rng.binomial(flagged, share))
        hits = int(rng.hypergeometric(have, flagged - have, judged))
        low, high = share_interval(hits, judged, flagged)
        covered.append(low - 1e-12 <= have / flagged <= high + 1e-12)
    assert 0.93 <= np.mean(covered) <= 0.97


def test_all_judged_leaves_no_doubt() -> None:
    assert share_interval(3, 10, 10) == (0.3, 0.3)


def test_only_people_on_the_text_at_hand_count() -> None:
    items = exam(6, ("es",))
    flagged = [
        Finding(subject=one.id, item_id=one.id, code="A101", severity="major", message="m", signature="s")
        for one in items[:5]
    ]

    def verdict(place: int, value: str, **more: str) -> Verdict:
        one = items[place]
        told = {"item_id": one.id, "text_hash": one.hashes.text_hash, "reviewer": "r", "axis": "cause", "value": value}
        return Verdict.model_validate({**told, **more})

    said = [
        verdict(0, "translation_error"),
        verdict(0, "translation_error", reviewer="s"),
        verdict(0, "cultural", reviewer="t"),
        verdict(1, "key_wrong"),
        verdict(2, "cultural"),
        verdict(2, "model_noise", reviewer="s"),
        verdict(3, "translation_error", text_hash="0" * 64),
        verdict(4, "translation_error", reviewer_kind="model"),
        verdict(5, "translation_error"),
    ]
    told = attributed(to_frame(flagged, Finding), to_frame(said, Verdict), to_frame(items, Item))
    row = told.filter(pl.col("language") == "all").row(0, named=True)
    assert (row["flagged"], row["judged"], row["translation_error"], row["key_wrong"]) == (5, 2, 1, 1)
    assert row["share"] == pytest.approx(0.5)
    assert 0 < row["low"] < 0.5 < row["high"] < 1
