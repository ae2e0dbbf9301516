"""How far reviewers agree: by axis, language, pair of reviewers and confidence, with intervals and the number of items.

No figure rests on fewer than two items that two reviewers judged, and a percentage never stands without figures that
are corrected for chance: two reviewers who call nearly everything right agree often without looking.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from benchwright.builder.review.axes import Axis, known_axes, scale_of
from benchwright.builder.review.stats.bootstrap import Estimate, estimate
from benchwright.builder.review.stats.coefficients import coefficients_for
from benchwright.builder.review.stats.counts import Counts, counts_of
from benchwright.builder.review.stats.pairs import pair_coefficients
from benchwright.builder.review.stats.spans import span_counts, span_f1

__all__ = ["AGREEMENT", "AgreementWish", "agreement", "counted"]

AGREEMENT: Final = pl.Schema(
    {
        "axis": pl.String,
        "language": pl.String,
        "by": pl.String,
        "group": pl.String,
        "scale": pl.String,
        "statistic": pl.String,
        "estimate": pl.Float64,
        "low": pl.Float64,
        "high": pl.Float64,
        "items": pl.Int64,
        "ratings": pl.Int64,
        "raters": pl.Int64,
        "note": pl.String,
    }
)
ALL: Final = "*"
_LEAST: Final = 2
"""Fewest items that two reviewers judged for which a figure is given."""
_FEW: Final = "fewer than two items were judged by two reviewers"
_SAME: Final = "all ratings are one value: agreement beyond chance cannot be told"
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class AgreementWish:
    """What is asked."""

    resamples: int = 1000
    """Resamples of the intervals; 0 for none."""
    seed: int = 0
    within: int = 1
    """Steps that two values of an ordered scale may be apart for agreement within k."""
    pairs: int = 200
    """Most pairs of reviewers that are told apart in one axis and language, those with the most items first."""
    axes: dict[str, Axis] = field(default_factory=known_axes)


def agreement(verdicts: pl.DataFrame, wish: AgreementWish | None = None) -> pl.DataFrame:
    """Return one row for each statistic, axis, language and group: see :data:`AGREEMENT`.

    Rows by ``all`` have language ``*`` for all languages together; rows by ``pair`` name the two reviewers; rows by
    ``confidence`` are of the items whose least confident reviewer said 1 or 2 (``low``), 3 (``middle``) or 4 or 5
    (``high``). Shares and coefficients are between -1 and 1; intervals are 95 % percentile intervals over items.

    Args:
        verdicts: a table of verdicts; those that :func:`counted` leaves out do not count.
        wish: resamples, seed, and the forms of the axes.
    """
    wish = wish or AgreementWish()
    kept = counted(verdicts)
    rows: list[dict[str, Any]] = []
    for axis in kept["axis"].unique().sort().to_list():
        of_axis = kept.filter(pl.col("axis") == axis)
        scale = scale_of(axis, of_axis["value"].to_list(), wish.axes)
        if scale is None:
            continue
        languages = of_axis["language"].unique().sort().to_list()
        for language in [ALL, *languages] if len(languages) > 1 else languages:
            here = of_axis if language == ALL else of_axis.filter(pl.col("language") == language)
            rows += _of_language(here, scale, language, wish)
    return pl.DataFrame(rows, schema=AGREEMENT)


def counted(verdicts: pl.DataFrame, kinds: Sequence[str] = ("human",)) -> pl.DataFrame:
    """Return the verdicts that count in agreement, with the columns ``unit`` and ``language``.

    Left out: seeded errors and repeats, other kinds of reviewers, and all but the last verdict that one reviewer gave
    on one axis of one text in one round. A unit is one text of one item in one round.
    """
    kept = verdicts.filter((pl.col("role") == "item") & pl.col("reviewer_kind").is_in(list(kinds)))
    named = kept.with_columns(
        pl.concat_str("item_id", "text_hash", pl.col("round").cast(pl.String), separator="\t").alias("unit"),
        pl.col("item_id").str.extract(r"@([^@#]+)(?:#[^@#]*)?$", 1).fill_null("und").alias("language"),
    )
    ordered = named.sort("created_at", nulls_last=False, maintain_order=True)
    return ordered.unique(["unit", "axis", "reviewer"], keep="last", maintain_order=True)


def _of_language(ratings: pl.DataFrame, scale: Axis, language: str, wish: AgreementWish) -> Iterator[dict[str, Any]]:
    told = {"axis": scale.name, "language": language, "scale": scale.scale}
    yield from _group(ratings, scale, {**told, "by": "all", "group": ALL}, wish)
    if ratings["spans"].list.len().sum() and language != ALL:
        yield _span_row(ratings, {**told, "by": "all", "group": ALL}, wish)
    if language != ALL:
        yield from _pairs(ratings, scale, told, wish)
        for group, some in _by_confidence(ratings):
            yield from _group(some, scale, {**told, "by": "confidence", "group": group}, wish)


def _group(ratings: pl.DataFrame, scale: Axis, told: dict[str, Any], wish: AgreementWish) -> Iterator[dict[str, Any]]:
    counts = counts_of(ratings, scale.values)
    overlap = ratings.filter(pl.len().over("unit") >= 2)
    told |= {"items": counts.overlapping, "ratings": counts.ratings, "raters": overlap["reviewer"].n_unique()}
    if counts.overlapping < _LEAST:
        yield _row(told, "percent", Estimate(None, None, None), _FEW)
        return
    for name, value in coefficients_for(scale.scale, scale.points, wish.within).items():
        found = estimate(partial(_of_counts, value, counts), counts.times, wish.resamples, wish.seed)
        yield _row(told, name, found, None if found.value is not None else _SAME)


def _of_counts(value: Callable[[Counts, Floats], Floats], counts: Counts, times: Floats) -> Floats:
    return value(counts, times)


def _pairs(ratings: pl.DataFrame, scale: Axis, told: dict[str, Any], wish: AgreementWish) -> Iterator[dict[str, Any]]:
    order = {value: place for place, value in enumerate(scale.values)}
    coded = ratings.select(
        "unit", "reviewer", pl.col("value").replace_strict(order, return_dtype=pl.Int64).alias("code")
    )
    cells = (
        coded.join(coded, on="unit", suffix="_b")
        .filter(pl.col("reviewer") < pl.col("reviewer_b"))
        .group_by("reviewer", "reviewer_b", "code", "code_b")
        .len()
    )
    sizes = cells.group_by("reviewer", "reviewer_b").agg(pl.col("len").sum().alias("n"))
    sizes = sizes.sort(["n", "reviewer", "reviewer_b"], descending=[True, False, False])
    if sizes.height < 2:
        return
    for first, second, n in sizes.head(wish.pairs).iter_rows():
        here = {**told, "by": "pair", "group": f"{first} - {second}", "items": n, "ratings": 2 * n, "raters": 2}
        if n < _LEAST:
            yield _row(here, "percent", Estimate(None, None, None), _FEW)
            continue
        table = np.zeros((len(order), len(order)))
        mine = cells.filter((pl.col("reviewer") == first) & (pl.col("reviewer_b") == second))
        table[mine["code"].to_numpy(), mine["code_b"].to_numpy()] = mine["len"].to_numpy()
        for name, value in pair_coefficients(scale.scale, wish.within).items():
            found = estimate(partial(_of_table, value, table.shape), table.ravel(), wish.resamples, wish.seed)
            yield _row(here, name, found, None if found.value is not None else _SAME)


def _of_table(value: Callable[[Floats], Floats], shape: tuple[int, ...], times: Floats) -> Floats:
    return value(times.reshape((-1, *shape)))


def _by_confidence(ratings: pl.DataFrame) -> Iterator[tuple[str, pl.DataFrame]]:
    least = ratings.filter(pl.col("confidence").is_not_null()).with_columns(
        pl.col("confidence").min().over("unit").alias("least")
    )
    for name, low, high in (("low", 1, 2), ("middle", 3, 3), ("high", 4, 5)):
        some = least.filter(pl.col("least").is_between(low, high))
        if not some.is_empty():
            yield name, some


def _span_row(ratings: pl.DataFrame, told: dict[str, Any], wish: AgreementWish) -> dict[str, Any]:
    seen = ratings.select("unit", pl.col("reviewer").alias("rater"))
    marks = (
        ratings.select("unit", pl.col("reviewer").alias("rater"), "spans").explode("spans").drop_nulls("spans")
    ).unnest("spans")
    table = span_counts(seen, marks)
    told |= {"items": table["unit"].n_unique(), "ratings": seen.height, "raters": seen["rater"].n_unique()}
    if told["items"] < _LEAST:
        return _row(told, "span_f1", Estimate(None, None, None), _FEW)
    by_unit = table.group_by("unit").agg(pl.selectors.starts_with("letters_").sum()).sort("unit")
    columns = [by_unit[f"letters_{side}"].to_numpy().astype(np.float64) for side in ("both", "first", "second")]
    found = estimate(partial(span_f1, *columns), np.ones(by_unit.height), wish.resamples, wish.seed)
    return _row(told, "span_f1", found, None if found.value is not None else "nobody marked anything")


def _row(told: dict[str, Any], statistic: str, found: Estimate, note: str | None) -> dict[str, Any]:
    return {
        **told,
        "statistic": statistic,
        "estimate": found.value,
        "low": found.low,
        "high": found.high,
        "note": note,
    }
