"""How many divergent items are the translation's fault: a share of the flagged, from verdicts on some of them.

Reviewers name the cause on the axis ``cause`` of :mod:`benchwright.builder.review.axes`. The items that were judged
must be drawn at random among the flagged ones; the interval then speaks of all of them. It is exact for drawing
without replacement (hypergeometric, with half of the probability of the value seen: the mid-p interval of Lancaster
1961).
"""

from __future__ import annotations

import math
from collections import Counter
from typing import Final

import polars as pl

__all__ = ["CAUSES", "attributed", "share_interval"]

AXIS: Final = "cause"
TRANSLATION: Final = "translation_error"
CAUSES: Final = (TRANSLATION, "key_wrong", "cultural", "model_noise")
_CODE: Final = "A101"
_TAIL: Final = 0.025


def attributed(findings: pl.DataFrame, verdicts: pl.DataFrame, items: pl.DataFrame) -> pl.DataFrame:
    """Return, per language and over all (``all``), what the causes of divergence are.

    Columns: ``language``, ``flagged``, ``judged``, one count for each cause, ``share`` of translation errors among the
    judged, ``low`` and ``high`` (95 %, of all flagged). Verdicts of people count, on the text that is there now; an
    item with several takes the cause named most often, and is undecided, not judged, where two are named alike.
    """
    flagged = findings.filter(pl.col("code") == _CODE).select(pl.col("subject").alias("item_id")).unique()
    about = items.select(
        pl.col("id").alias("item_id"), "language", pl.col("hashes").struct.field("text_hash").alias("text_hash")
    ).unique("item_id")
    flagged = flagged.join(about, on="item_id", how="inner").sort("item_id")
    said = verdicts.filter((pl.col("axis") == AXIS) & (pl.col("reviewer_kind") == "human")).join(
        flagged, on=["item_id", "text_hash"], how="semi"
    )
    causes = {item: _most(values) for item, values in said.group_by("item_id").agg("value").iter_rows()}
    told = flagged.with_columns(
        pl.col("item_id").replace_strict(causes, default=None, return_dtype=pl.String).alias("cause")
    )
    parts = [(str(language), part) for (language,), part in told.group_by("language", maintain_order=True)]
    rows = [_row(name, part) for name, part in [*sorted(parts, key=lambda one: one[0]), ("all", told)]]
    schema = {"language": pl.String, "flagged": pl.Int64, "judged": pl.Int64, **dict.fromkeys(CAUSES, pl.Int64)}
    return pl.DataFrame(rows, {**schema, "share": pl.Float64, "low": pl.Float64, "high": pl.Float64}, orient="row")


def _most(values: list[str]) -> str | None:
    ranked = Counter(values).most_common(2)
    return None if len(ranked) > 1 and ranked[0][1] == ranked[1][1] else ranked[0][0]


def _row(language: str, part: pl.DataFrame) -> list[object]:
    judged = part.drop_nulls("cause")
    counts = [judged.filter(pl.col("cause") == cause).height for cause in CAUSES]
    if not judged.height:
        return [language, part.height, 0, *counts, None, None, None]
    low, high = share_interval(counts[0], judged.height, part.height)
    return [language, part.height, judged.height, *counts, counts[0] / judged.height, low, high]


def share_interval(hits: int, judged: int, flagged: int) -> tuple[float, float]:
    """Return the 95 % interval of a share of ``flagged`` things, of which ``judged`` were drawn and ``hits`` have it.

    Range 0 to 1; where all were judged, both ends are the share. By the hypergeometric distribution, mid-p.
    """
    possible = range(hits, flagged - (judged - hits) + 1)
    kept = [number for number in possible if _tails(hits, judged, number, flagged) > _TAIL]
    ends = kept or [round(hits / judged * flagged)]
    return ends[0] / flagged, ends[-1] / flagged


def _tails(hits: int, judged: int, number: int, flagged: int) -> float:
    """Return the smaller mid-p tail of drawing so many hits where ``number`` of all have it."""
    least, most = max(0, judged - (flagged - number)), min(judged, number)
    logs = [_log_choose(number, k) + _log_choose(flagged - number, judged - k) for k in range(least, most + 1)]
    top = max(logs)
    weights = [math.exp(one - top) for one in logs]
    total, at = sum(weights), hits - least
    half = weights[at] / 2
    return min(sum(weights[:at]) + half, sum(weights[at + 1 :]) + half) / total


def _log_choose(n: int, k: int) -> float:
    return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)
