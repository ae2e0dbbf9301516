"""How far two reviewers mark the same places: F1 of the marked letters, and of the marks themselves."""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

__all__ = ["SPAN_COLUMNS", "span_counts", "span_f1"]

Floats = NDArray[np.float64]
SPAN_COLUMNS: Final = ("unit", "rater", "field", "start", "end")


def span_counts(seen: pl.DataFrame, spans: pl.DataFrame) -> pl.DataFrame:
    """Return one row for each unit and two of its raters, with what they marked in common.

    Args:
        seen: ``unit`` and ``rater`` of everybody who was asked, marks or none.
        spans: one row for each mark, with the columns of :data:`SPAN_COLUMNS`; code points, ``end`` exclusive.

    Returns:
        ``unit``, ``first``, ``second``, and the numbers ``letters_both``, ``letters_first``, ``letters_second``,
        ``marks_both``, ``marks_first``, ``marks_second``.
    """
    each = seen.select("unit", "rater").unique()
    pairs = each.join(each, on="unit", suffix="_b").filter(pl.col("rater") < pl.col("rater_b"))
    pairs = pairs.rename({"rater": "first", "rater_b": "second"})
    letters = (
        spans.filter(pl.col("end") > pl.col("start"))
        .with_columns(pl.int_ranges("start", "end").alias("at"))
        .explode("at")
        .select("unit", "rater", "field", "at")
        .unique()
    )
    marks = spans.select(SPAN_COLUMNS).unique()
    for name, table, keys in (
        ("letters", letters, ["unit", "field", "at"]),
        ("marks", marks, ["unit", "field", "start", "end"]),
    ):
        both = (
            table.join(table, on=keys, suffix="_b")
            .filter(pl.col("rater") < pl.col("rater_b"))
            .group_by("unit", pl.col("rater").alias("first"), pl.col("rater_b").alias("second"))
            .agg(pl.len().alias(f"{name}_both"))
        )
        own = table.group_by("unit", "rater").agg(pl.len().alias("n"))
        pairs = pairs.join(both, on=["unit", "first", "second"], how="left")
        for side in ("first", "second"):
            renamed = own.rename({"rater": side, "n": f"{name}_{side}"})
            pairs = pairs.join(renamed, on=["unit", side], how="left")
    return pairs.with_columns(pl.selectors.starts_with("letters_", "marks_").fill_null(0)).sort(
        "unit", "first", "second"
    )


def span_f1(both: Floats, first: Floats, second: Floats, times: Floats) -> Floats:
    """Return twice what both marked over what each marked, 0 to 1; NaN where nobody marked anything.

    Every argument but the last has one number for each row; ``times`` says how often each stands in each resample.
    """
    above, below = 2 * (times @ both), times @ (first + second)
    out = np.full(np.shape(below), np.nan)
    return np.asarray(np.divide(above, below, out=out, where=below > 0), dtype=np.float64)
