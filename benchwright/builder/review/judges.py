"""Judges beside experts: models, metrics and rules against what people decided. They never count as people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from benchwright.builder.review.agreement import counted
from benchwright.builder.review.axes import Axis, scale_of
from benchwright.builder.review.stats.bootstrap import estimate
from benchwright.builder.review.stats.pairs import cohen

__all__ = ["JUDGES", "POSITIONS", "contains", "judge_report", "position_bias", "translator_conflicts"]

JUDGES: Final = pl.Schema(
    {
        "judge": pl.String,
        "kind": pl.String,
        "axis": pl.String,
        "language": pl.String,
        "statistic": pl.String,
        "estimate": pl.Float64,
        "low": pl.Float64,
        "high": pl.Float64,
        "items": pl.Int64,
        "conflicts": pl.Int64,
        "note": pl.String,
    }
)
POSITIONS: Final = pl.Schema(
    {
        "judge": pl.String,
        "pairs": pl.Int64,
        "consistent": pl.Float64,
        "first": pl.Float64,
        "second": pl.Float64,
    }
)
ALL: Final = "*"
_LEAST: Final = 2
Floats = NDArray[np.float64]


def judge_report(
    verdicts: pl.DataFrame,
    axes: Mapping[str, Axis],
    items: pl.DataFrame | None = None,
    resamples: int = 1000,
    seed: int = 0,
) -> pl.DataFrame:
    """Return how each judge does beside the experts, by axis and language: see :data:`JUDGES`.

    The experts' value of an item is that of most people; items on which they are evenly divided are left out. Kappa is
    Cohen's; F1 is that of the values that tell of an error, or the mean over all values where none does. ``conflicts``
    counts items that were translated by the judge itself. Beside ``experts_kappa``, the mean kappa of two experts, one
    sees whether a judge does as well as an expert.

    Args:
        verdicts: of people and judges.
        axes: forms of the axes.
        items: the items, for the conflict of judge and translator.
        resamples: resamples of the intervals.
        seed: the same seed gives the same intervals.
    """
    experts, judges = counted(verdicts), counted(verdicts, ("model", "metric", "rule"))
    truth = _majority(experts)
    conflicts = translator_conflicts(verdicts, items) if items is not None else {}
    rows: list[dict[str, Any]] = []
    for (judge, axis), some in sorted(judges.group_by(["reviewer", "axis"]), key=lambda pair: pair[0]):
        both = some.join(truth, on=["item_id", "text_hash", "axis"])
        scale = scale_of(str(axis), [*both["value"], *both["expert"]], axes)
        if scale is None or both.is_empty():
            continue
        own = conflicts.get(str(judge), frozenset())
        languages = both["language"].unique().sort().to_list()
        for language in [ALL, *languages] if len(languages) > 1 else languages:
            here = both if language == ALL else both.filter(pl.col("language") == language)
            told = {
                "judge": judge,
                "kind": some["reviewer_kind"][0],
                "axis": axis,
                "language": language,
                "items": here.height,
                "conflicts": here["item_id"].is_in(list(own)).sum(),
            }
            rows += list(_statistics(told, here, scale, resamples, seed))
    return pl.DataFrame(rows, schema=JUDGES)


def _majority(experts: pl.DataFrame) -> pl.DataFrame:
    votes = experts.group_by("item_id", "text_hash", "axis", "value").len()
    most = votes.filter(pl.col("len") == pl.col("len").max().over("item_id", "text_hash", "axis"))
    clear = most.filter(pl.len().over("item_id", "text_hash", "axis") == 1)
    return clear.select("item_id", "text_hash", "axis", pl.col("value").alias("expert"))


def _statistics(
    told: dict[str, Any], both: pl.DataFrame, scale: Axis, resamples: int, seed: int
) -> Iterator[dict[str, Any]]:
    empty = {"estimate": None, "low": None, "high": None}
    if both.height < _LEAST:
        yield {**told, **empty, "statistic": "accuracy", "note": "fewer than two items"}
        return
    order = {value: place for place, value in enumerate(scale.values)}
    table = np.zeros((len(order), len(order)))
    cells = both.group_by("value", "expert").len()
    for value, expert, number in cells.iter_rows():
        table[order[value], order[expert]] = number
    wrong = np.array([value in scale.severity for value in scale.values])
    functions = {"accuracy": _accuracy, "cohen_kappa": cohen, "f1": partial(_f1, wrong=wrong)}
    if scale.scale != "nominal":
        functions["quadratic_kappa"] = partial(cohen, weighting="quadratic")
    for name, function in functions.items():
        found = estimate(partial(_of_table, function, table.shape), table.ravel(), resamples, seed)
        note = None if found.value is not None else "not defined: all values are one"
        yield {**told, "statistic": name, "estimate": found.value, "low": found.low, "high": found.high, "note": note}


def _of_table(function: Any, shape: tuple[int, ...], times: Floats) -> Floats:
    return np.asarray(function(times.reshape((-1, *shape))), dtype=np.float64)


def _accuracy(tables: Floats) -> Floats:
    return np.asarray(np.trace(tables, axis1=-2, axis2=-1) / tables.sum(axis=(-2, -1)), dtype=np.float64)


def _f1(tables: Floats, *, wrong: NDArray[np.bool_]) -> Floats:
    """Return F1 of all values that tell of an error as one class; the mean over the values where none does."""
    if wrong.any():
        hit = tables[:, wrong][:, :, wrong].sum(axis=(-2, -1))
        said, true = tables[:, wrong].sum(axis=(-2, -1)), tables[:, :, wrong].sum(axis=(-2, -1))
        return _ratio(2 * hit, said + true)
    hits = np.diagonal(tables, axis1=-2, axis2=-1)
    both = tables.sum(axis=-1) + tables.sum(axis=-2)
    each = _ratio(2 * hits, both)
    known = ~np.isnan(each)
    return _ratio(np.where(known, each, 0).sum(axis=-1), known.sum(axis=-1).astype(np.float64))


def _ratio(above: Floats, below: Floats) -> Floats:
    out = np.full(np.shape(below), np.nan)
    return np.asarray(np.divide(above, below, out=out, where=below > 0), dtype=np.float64)


def translator_conflicts(verdicts: pl.DataFrame, items: pl.DataFrame) -> dict[str, frozenset[str]]:
    """Return for each judge the items that it translated itself: its name stands in the method of the translation."""
    made = items.filter(pl.col("derived_from").is_not_null()).select(
        "id", pl.col("derived_from").struct.field("method").fill_null("").str.to_lowercase().alias("method")
    )
    found: dict[str, frozenset[str]] = {}
    for judge in verdicts.filter(pl.col("reviewer_kind") != "human")["reviewer"].unique().sort():
        # Names of models come with their maker in front and their setting behind.
        name = str(judge).lower().partition("|")[0].rsplit("/", 1)[-1].strip()
        own = made.filter(pl.col("method").str.contains(name, literal=True)) if len(name) >= 3 else made.clear()
        found[str(judge)] = frozenset(own["id"])
    return found


def position_bias(verdicts: pl.DataFrame, axis: str = "preference") -> pl.DataFrame:
    """Return how far the place of an answer decides, from pairs that were judged both ways: see :data:`POSITIONS`.

    The id of a pair is ``<first id>|<second id>``; its value is ``a`` for the first, ``b`` for the second, ``tie``.
    ``consistent`` is the share of pairs in which the same answer won both ways; ``first`` and ``second`` are the shares
    in which the same place won both ways.
    """
    parts = pl.col("item_id").str.split_exact("|", 1)
    pairs = verdicts.filter((pl.col("axis") == axis) & pl.col("item_id").str.contains("|", literal=True)).select(
        pl.col("reviewer").alias("judge"),
        parts.struct.field("field_0").alias("one"),
        parts.struct.field("field_1").alias("two"),
        "value",
    )
    swapped = pairs.rename({"one": "two", "two": "one", "value": "other"})
    both = pairs.join(swapped, on=["judge", "one", "two"]).filter(pl.col("one") < pl.col("two"))
    turned = pl.col("other").replace({"a": "b", "b": "a"})
    return (
        both.group_by("judge")
        .agg(
            pl.len().cast(pl.Int64).alias("pairs"),
            (pl.col("value") == turned).mean().alias("consistent"),
            ((pl.col("value") == "a") & (pl.col("other") == "a")).mean().alias("first"),
            ((pl.col("value") == "b") & (pl.col("other") == "b")).mean().alias("second"),
        )
        .sort("judge")
        .cast(dict(POSITIONS))  # type: ignore[arg-type]
    )


def contains(items: pl.DataFrame, predictions: pl.DataFrame) -> pl.DataFrame:
    """Return the baseline judge: an answer is right when it contains the text of a right option.

    Returns:
        ``item_id``, ``model``, ``value`` (``yes`` or ``no``); items without a key are left out.
    """
    from benchwright.schemas.text import comparable

    texts: dict[str, list[list[str]]] = {}
    for row in items.select("id", "options", "key").iter_rows(named=True):
        by_id = {one["id"]: comparable(one["text"]) for one in row["options"] or ()}
        answers = [[by_id.get(one, "") for one in answer] for answer in (row["key"] or {}).get("answers") or ()]
        answers += [[comparable(one)] for one in (row["key"] or {}).get("accepted") or ()]
        texts[row["id"]] = [one for one in answers if all(one)]
    rows = []
    # Texts are compared one by one: a normal form of Python's, and a few thousand answers.
    for item, model, answer in predictions.select("item_id", "model", "answer").iter_rows():
        if texts.get(item):
            said = comparable(answer or "")
            right = any(all(text in said for text in one) for one in texts[item])
            rows.append((item, model, "yes" if right else "no"))
    return pl.DataFrame(rows, schema={"item_id": pl.String, "model": pl.String, "value": pl.String}, orient="row")
