"""Recall, false alarms and thresholds from what was compared."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import polars as pl

from benchwright.builder._intervals import wilson
from benchwright.builder.calibrate._measure import Answers
from benchwright.builder.calibrate.planters import HALVES, KINDS

__all__ = ["code_alarms", "graded", "kind_figures", "reliability", "thresholds_for"]

_BINS: Final = 10
_NUMBER_OF_CODES: Final = 4


def kind_figures(answers: Answers, known: Callable[[str, str], bool], thresholds: pl.DataFrame) -> pl.DataFrame:
    """Return one row per kind and language, and one for each kind in all languages (``*``).

    Columns: ``kind``, ``alarm`` (whether silence is the miss), ``language``, ``n``, ``found``, ``share``, ``low``,
    ``high`` (95 %, Wilson), ``codes`` (those that spoke most), ``known_n``, ``known_found``, ``new_n``, ``new_found``:
    apart for surface forms that stand in a lexicon of the audits and for those that do not; ``held_n``, ``held_found``
    and ``held_kept``: of the half of items and surface forms that is held back, found at the thresholds that were there
    and still found at those of :func:`thresholds_for`, which were set on the other half.

    Args:
        answers: the comparison.
        known: tells of a language and a surface form whether a lexicon of the audits has it.
        thresholds: what :func:`thresholds_for` returns.
    """
    rows: list[dict[str, Any]] = []
    own = _with_kept(answers, thresholds).with_columns(pl.col("language").alias("own"))
    every = pl.concat([own, own.with_columns(pl.lit("*").alias("language"))])
    told = {
        (language, form): known(language, form)
        for language, form in answers.damaged.select("language", "form").unique().iter_rows()
    }
    for (kind, language), part in every.group_by("kind", "language", maintain_order=True):
        hits, n = int(part["found"].sum()), part.height
        low, high = wilson(hits, n) or (0.0, 1.0)
        there = pl.Series([told[pair] for pair in part.select("own", "form").iter_rows()], dtype=pl.Boolean)
        codes = part["codes"].explode().drop_nulls().value_counts(sort=True)
        held = part.filter(pl.col("half") == "held")
        rows.append(
            {
                "kind": kind,
                "alarm": KINDS[str(kind)].alarm,
                "language": language,
                "n": n,
                "found": hits,
                "share": hits / n,
                "low": low,
                "high": high,
                "codes": codes[codes.columns[0]].head(_NUMBER_OF_CODES).to_list() if codes.height else [],
                "known_n": int(there.sum()),
                "known_found": int(part.filter(there)["found"].sum()),
                "new_n": n - int(there.sum()),
                "new_found": hits - int(part.filter(there)["found"].sum()),
                "held_n": held.height,
                "held_found": int(held["found"].sum()),
                "held_kept": int(held["kept"].sum()),
            }
        )
    order = {name: place for place, name in enumerate(KINDS)}
    table = pl.DataFrame(rows, schema=_KIND_ROW)
    return table.sort(pl.col("kind").replace_strict(order, default=0), "language")


_KIND_ROW: Final = pl.Schema(
    {
        "kind": pl.String(),
        "alarm": pl.Boolean(),
        "language": pl.String(),
        "n": pl.Int64(),
        "found": pl.Int64(),
        "share": pl.Float64(),
        "low": pl.Float64(),
        "high": pl.Float64(),
        "codes": pl.List(pl.String()),
        **dict.fromkeys(("known_n", "known_found", "new_n", "new_found"), pl.Int64()),
        **dict.fromkeys(("held_n", "held_found", "held_kept"), pl.Int64()),
    }
)


def _with_kept(answers: Answers, thresholds: pl.DataFrame) -> pl.DataFrame:
    """Add ``kept``: whether something still speaks when the thresholds hold; findings about files have no grade."""
    bars = thresholds.drop_nulls("threshold").select("name", pl.col("threshold").alias("bar"))
    spoke = (
        answers.hits.join(answers.damaged.select("round", "item_id", "language"), on=["round", "item_id"])
        .with_columns(pl.format("{}@{}", "code", "language").alias("name"))
        .join(bars, on="name", how="left")
    )
    below = (pl.col("value") < pl.col("bar")).fill_null(value=False)
    gone = spoke.group_by("round", "item_id").agg(below.all().alias("gone"))
    joined = answers.damaged.join(gone, on=["round", "item_id"], how="left", maintain_order="left")
    return joined.with_columns((pl.col("found") & ~pl.col("gone").fill_null(value=False)).alias("kept")).drop("gone")


def code_alarms(answers: Answers) -> pl.DataFrame:
    """Return the alarms on items as they are: ``code``, ``language``, ``n``, ``flagged``, ``share``, ``low``, ``high``.

    ``code`` is ``*`` for items with any alarm. Items as they are may have real errors: the share is an upper bound
    of false alarms.
    """
    sizes = dict(answers.risks.group_by("language").len().iter_rows())
    each = answers.clean.group_by("code", "language").agg(pl.col("item_id").n_unique().alias("flagged"))
    whole = answers.clean.group_by("language").agg(pl.col("item_id").n_unique().alias("flagged"))
    any_code = whole.select(pl.lit("*").alias("code"), "language", "flagged")
    rows = []
    for code, language, flagged in pl.concat([each, any_code]).iter_rows():
        low, high = wilson(flagged, sizes[language]) or (0.0, 1.0)
        n = sizes[language]
        rows.append((code, language, n, flagged, flagged / n, low, high))
    names = ["code", "language", "n", "flagged", "share", "low", "high"]
    schema = dict(zip(names, (pl.String, pl.String, pl.Int64, pl.Int64, *[pl.Float64] * 3), strict=True))
    return pl.DataFrame(rows, schema=schema, orient="row").sort("code", "language")


def thresholds_for(answers: Answers, budget: float) -> pl.DataFrame:
    """Return thresholds at which each code keeps to a budget of alarms on items as they are.

    They are set on the open half of the items alone; the half held back says what they are worth. Only codes with a
    value and a threshold are set, and only to be stricter; the rest that exceed the budget have a null ``threshold``:
    they can be left out with ``ignore``. Columns: ``name`` (``CODE@language``), ``threshold``, ``before`` and ``after``
    (shares of the ``n`` open items flagged), ``held_before`` and ``held_after`` (of the ``held_n`` others).
    """
    sizes = {(language, half): n for language, half, n in answers.risks.group_by("language", "half").len().iter_rows()}
    rows = []
    for (code, language), part in answers.clean.group_by("code", "language", maintain_order=True):
        n, held_n = (sizes.get((str(language), half), 0) for half in HALVES)
        worst, held = (
            part.filter(pl.col("half") == half)
            .group_by("item_id")
            .agg(pl.col("value").max(), pl.col("threshold").max())
            for half in HALVES
        )
        if not n or worst.height <= budget * n:
            continue
        chosen = _stricter(worst, int(budget * n))
        shares = [_flagged(one, chosen) / size if size else None for one, size in ((worst, n), (held, held_n))]
        before = [one.height / size if size else None for one, size in ((worst, n), (held, held_n))]
        rows.append((f"{code}@{language}", chosen, before[0], shares[0], n, before[1], shares[1], held_n))
    return pl.DataFrame(rows, schema=_THRESHOLD, orient="row").sort("name")


_THRESHOLD: Final = pl.Schema(
    {
        "name": pl.String(),
        **dict.fromkeys(("threshold", "before", "after"), pl.Float64()),
        "n": pl.Int64(),
        **dict.fromkeys(("held_before", "held_after"), pl.Float64()),
        "held_n": pl.Int64(),
    }
)


def _flagged(worst: pl.DataFrame, bar: float | None) -> int:
    return worst.height if bar is None else int((worst["value"] >= bar).fill_null(value=True).sum())


def _stricter(worst: pl.DataFrame, allowed: int) -> float | None:
    """Return the least threshold above which at most so many items are flagged; null where values do not grade."""
    graded = worst.drop_nulls()
    if graded.height < worst.height or not bool((graded["value"] >= graded["threshold"]).all()):
        return None
    values = graded["value"].sort(descending=True)
    if values.n_unique() < 2:
        return None
    bar = float(values[allowed])
    above = values.filter(values > bar)
    return float(above.min()) if len(above) else None  # type: ignore[arg-type]


def reliability(answers: Answers) -> dict[str, float | int | None]:
    """Return how well ``risk`` serves as the probability that an item is damaged; see :func:`graded`.

    Items as they are count as whole, and harmless changes too. The share of damage is that of this trial, not of the
    user's set.
    """
    harmful = answers.damaged.filter(pl.col("kind").is_in([name for name, kind in KINDS.items() if kind.alarm]))
    harmless = answers.damaged.join(harmful, on=["item_id", "kind"], how="anti")
    return graded(harmful["risk"].drop_nulls(), pl.concat([harmless["risk"], answers.risks["value"]]).drop_nulls())


def graded(bad: pl.Series, good: pl.Series) -> dict[str, float | int | None]:
    """Return ``n``, Brier score, calibration error and AUC of probabilities of bad and of good ones.

    Brier (1950): mean squared difference, 0 is best. Expected calibration error over ten bins of equal width
    (Naeini et al. 2015): 0 is best. AUC: the chance that a bad one ranks above a good one, 0.5 by chance. Null where
    one of the two is missing.
    """
    if not len(bad) or not len(good):
        return {"n": len(bad) + len(good), "brier": None, "ece": None, "auc": None}
    table = pl.concat(
        [pl.DataFrame({"p": bad, "y": [1.0] * len(bad)}), pl.DataFrame({"p": good, "y": [0.0] * len(good)})]
    )
    bins = (
        table.with_columns((pl.col("p") * _BINS).floor().clip(0, _BINS - 1).alias("bin"))
        .group_by("bin")
        .agg(pl.len().alias("n"), pl.col("p").mean(), pl.col("y").mean())
    )
    ranks = table.with_columns(pl.col("p").rank("average").alias("rank"))
    of_bad = float(ranks.filter(pl.col("y") == 1)["rank"].sum())
    auc = (of_bad - len(bad) * (len(bad) + 1) / 2) / (len(bad) * len(good))
    return {
        "n": table.height,
        "brier": float(table.select(((pl.col("p") - pl.col("y")) ** 2).mean()).item()),
        "ece": float(bins.select(((pl.col("p") - pl.col("y")).abs() * pl.col("n")).sum()).item()) / table.height,
        "auc": auc,
    }
