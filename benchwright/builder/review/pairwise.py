"""Pairwise judgements beside direct ratings of the same things: do both tell the same winner?"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, Final

import numpy as np
import polars as pl

from benchwright.builder.review.agreement import counted
from benchwright.builder.review.axes import Axis, scale_of
from benchwright.builder.review.stats.bootstrap import estimate
from benchwright.builder.review.stats.pairs import agreed, cohen

__all__ = ["MODES", "pairwise_beside_direct"]

MODES: Final = pl.Schema(
    {
        "axis": pl.String,
        "statistic": pl.String,
        "estimate": pl.Float64,
        "low": pl.Float64,
        "high": pl.Float64,
        "pairs": pl.Int64,
    }
)
_VALUES: Final = ("a", "b", "tie")


def pairwise_beside_direct(
    verdicts: pl.DataFrame, axes: Mapping[str, Axis], resamples: int = 1000, seed: int = 0
) -> pl.DataFrame:
    """Return how far the winner of a pair is the one with the better direct rating by the same reviewer.

    A pair has the id ``<first>|<second>`` and the axis ``preference``; direct ratings are those of ordered axes, on
    which a later value is better unless the form says that it tells of the worse error. Pairs without both are left
    out.

    Args:
        verdicts: of people.
        axes: forms of the axes.
        resamples: resamples of the intervals.
        seed: the same seed gives the same intervals.
    """
    people = counted(verdicts)
    parts = pl.col("item_id").str.split_exact("|", 1)
    pairs = people.filter((pl.col("axis") == "preference") & pl.col("item_id").str.contains("|", literal=True)).select(
        "reviewer", parts.struct.field("field_0").alias("one"), parts.struct.field("field_1").alias("two"), "value"
    )
    rows: list[dict[str, Any]] = []
    direct = people.filter(pl.col("axis") != "preference")
    for axis in direct["axis"].unique().sort() if not pairs.is_empty() else ():
        here = direct.filter(pl.col("axis") == axis)
        scale = scale_of(axis, here["value"].to_list(), axes)
        if scale is None or scale.scale == "nominal":
            continue
        worse_first = bool(scale.severity) and scale.values[0] in scale.severity
        sign = 1 if worse_first or not scale.severity else -1
        order = {value: sign * place for place, value in enumerate(scale.values)}
        rated = here.select(
            "reviewer", "item_id", pl.col("value").replace_strict(order, return_dtype=pl.Int64).alias("rank")
        )
        both = pairs.join(rated, left_on=["reviewer", "one"], right_on=["reviewer", "item_id"]).join(
            rated, left_on=["reviewer", "two"], right_on=["reviewer", "item_id"], suffix="_two"
        )
        rows += _rows(axis, both, resamples, seed)
    return pl.DataFrame(rows, schema=MODES)


def _rows(axis: str, both: pl.DataFrame, resamples: int, seed: int) -> list[dict[str, Any]]:
    if both.height < 2:
        return []
    implied = pl.when(pl.col("rank") > pl.col("rank_two")).then(0).when(pl.col("rank") < pl.col("rank_two")).then(1)
    coded = both.select(
        pl.col("value")
        .replace_strict({name: n for n, name in enumerate(_VALUES)}, return_dtype=pl.Int64)
        .alias("said"),
        implied.otherwise(2).alias("implied"),
    )
    table = np.zeros((3, 3))
    for said, told, number in coded.group_by("said", "implied").len().iter_rows():
        table[said, told] = number
    found = []
    for name, function in (("percent", agreed), ("cohen_kappa", cohen)):
        value = estimate(partial(_of_table, function), table.ravel(), resamples, seed)
        figures = {"estimate": value.value, "low": value.low, "high": value.high}
        found.append({"axis": axis, "statistic": name, **figures, "pairs": both.height})
    return found


def _of_table(function: Any, times: Any) -> Any:
    return function(times.reshape((-1, 3, 3)))
