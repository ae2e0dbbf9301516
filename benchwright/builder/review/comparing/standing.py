"""Which version wins: shares of judgements, and strengths of the model of Bradley and Terry, with intervals.

Bradley and Terry 1952, "Rank analysis of incomplete block designs"; fitted by the iteration of Hunter 2004, "MM
algorithms for generalized Bradley-Terry models". A tie is half a win for each. Intervals are of 95 % and rest on
resamples of questions, so that several judgements of one question do not pass for several questions: percentiles for
strengths, score intervals (Wilson 1927) of the same variance for shares.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from benchwright.builder._intervals import score_interval
from benchwright.builder.review.agreement import counted
from benchwright.builder.review.comparing.pairs import MARK, PREFERENCE, turned, version_of
from benchwright.builder.review.stats.bootstrap import resampled

__all__ = ["STANDINGS", "judged_pairs", "standings", "strengths"]

STANDINGS: Final = pl.Schema(
    {
        "language": pl.String,
        "version": pl.String,
        "against": pl.String,
        "statistic": pl.String,
        "estimate": pl.Float64,
        "low": pl.Float64,
        "high": pl.Float64,
        "questions": pl.Int64,
        "judgements": pl.Int64,
        "ties": pl.Int64,
        "note": pl.String,
    }
)
ALL: Final = "*"
_LEAST: Final = 2
_ROUNDS: Final = 500
_CLOSE: Final = 1e-9
_WIN: Final = {"a": 1.0, "tie": 0.5, "b": 0.0}
Floats = NDArray[np.float64]


def judged_pairs(verdicts: pl.DataFrame) -> pl.DataFrame:
    """Return the judgements of people about pairs, each pair one way, the last of each person.

    Returns:
        ``reviewer``, ``language``, ``one``, ``two``, ``question`` (group and language), ``win`` (of the first: 1, 0.5
        or 0).
    """
    pairs = verdicts.filter((pl.col("axis") == PREFERENCE) & pl.col("item_id").str.contains(MARK, literal=True))
    parts = pl.col("item_id").str.splitn(MARK, 2).struct
    ours = counted(turned(pairs)).with_columns(parts.field("field_0").alias("one"), parts.field("field_1").alias("two"))
    return ours.filter(pl.col("value").is_in(list(_WIN))).select(
        "reviewer",
        "language",
        "one",
        "two",
        pl.col("one").str.replace(r"#[^#]*$", "").alias("question"),
        pl.col("value").replace_strict(_WIN, return_dtype=pl.Float64).alias("win"),
    )


def standings(verdicts: pl.DataFrame, resamples: int = 1000, seed: int = 0) -> pl.DataFrame:
    """Return how each version fares, by language and in all: see :data:`STANDINGS`.

    ``win_share`` is the share of judgements that a version wins, 0 to 1, in all (``against`` is ``*``) and against each
    other version; 0.5 is even. ``bradley_terry`` is the log of a version's strength, the mean of all versions being 0:
    a version one above another wins 73 of 100 judgements. Half a win each way is added to each pair of versions that
    was compared, so that a version which always wins has a number. Judgements of two questions do not count, as they
    compare no versions; nor does a figure on fewer than two questions.

    Args:
        verdicts: of all reviewers; only people count.
        resamples: resamples of the intervals; 0 for none.
        seed: the same seed gives the same intervals.
    """
    judged = judged_pairs(verdicts).with_columns(
        version_of(pl.col("one")).alias("version"), version_of(pl.col("two")).alias("other")
    )
    same = pl.col("two").str.replace(r"#[^#]*$", "") == pl.col("question")
    ours = judged.filter(same & (pl.col("version") != pl.col("other")))
    languages = ours["language"].unique().sort().to_list()
    rows: list[dict[str, Any]] = []
    for language in [ALL, *languages] if len(languages) > 1 else languages:
        here = ours if language == ALL else ours.filter(pl.col("language") == language)
        rows += [{"language": language, **row} for row in _of_language(here, resamples, seed)]
    return pl.DataFrame(rows, schema=STANDINGS)


def _of_language(judged: pl.DataFrame, resamples: int, seed: int) -> Iterator[dict[str, Any]]:
    names = pl.concat([judged["version"], judged["other"]]).unique().sort().to_list()
    wins, number = _tables(judged, names)
    times = np.ones((1, len(wins)))
    blocks = [times, *(resampled(times[0], resamples, seed) if len(wins) >= _LEAST else ())]
    tables = np.concatenate([(block @ wins).reshape(-1, len(names), len(names)) for block in blocks])
    logs = strengths(tables)
    for place, name in enumerate(names):
        own = judged.filter((pl.col("version") == name) | (pl.col("other") == name))
        won, lost = tables[:, place].sum(axis=-1), tables[:, :, place].sum(axis=-1)
        yield _row(name, ALL, "win_share", _share(won, lost), own)
        if len(names) > _LEAST:
            for other_place, other in enumerate(names):
                pair = own.filter((pl.col("version") == other) | (pl.col("other") == other))
                if other != name and not pair.is_empty():
                    share = _share(tables[:, place, other_place], tables[:, other_place, place])
                    yield _row(name, other, "win_share", share, pair)
        note = None if number == 1 else "not all versions are linked by comparisons"
        yield _row(name, ALL, "bradley_terry", logs[:, place] if number == 1 else logs[:, place] * np.nan, own, note)


def _tables(judged: pl.DataFrame, names: list[str]) -> tuple[Floats, int]:
    """Return for each question the flattened table of wins, and into how many parts the versions fall."""
    order = {name: place for place, name in enumerate(names)}
    coded = judged.select(
        "win",
        pl.col("question").rank("dense").cast(pl.Int64).sub(1).alias("row"),
        *(pl.col(name).replace_strict(order, return_dtype=pl.Int64).alias(name) for name in ("version", "other")),
    )
    rows, first, second, win = (coded[name].to_numpy() for name in ("row", "version", "other", "win"))
    found = np.zeros((int(rows.max()) + 1, len(names), len(names)))
    np.add.at(found, (rows, first, second), win)
    np.add.at(found, (rows, second, first), 1 - win)
    linked = found.sum(axis=0) > 0
    reach = linked | linked.T | np.eye(len(names), dtype=bool)
    for _ in names:
        reach = reach @ reach
    return found.reshape(len(found), -1), len({tuple(row) for row in reach.tolist()})


def strengths(tables: Floats, added: float = 0.5) -> Floats:
    """Return the logs of the strengths of Bradley and Terry, the mean of each row being 0.

    Args:
        tables: resample, winner, loser: number of wins, halves for ties.
        added: wins that are added each way to each pair that was compared; 0 for the plain estimate, which is infinite
            where a version always wins.
    """
    compared = (tables + np.swapaxes(tables, 1, 2)) > 0
    wins = tables + added * compared
    games = wins + np.swapaxes(wins, 1, 2)
    total = wins.sum(axis=2)
    p = np.ones(total.shape)
    for _ in range(_ROUNDS):
        below = (games / (p[:, :, None] + p[:, None, :])).sum(axis=2)
        new = np.divide(total, below, out=np.zeros_like(total), where=below > 0)
        new /= np.exp(np.log(np.maximum(new, 1e-300)).mean(axis=1, keepdims=True))
        done = bool(np.abs(new - p).max() < _CLOSE)
        p = new
        if done:
            break
    return np.asarray(np.log(np.maximum(p, 1e-300)), dtype=np.float64)


def _share(won: Floats, lost: Floats) -> Floats:
    out = np.full(won.shape, np.nan)
    return np.asarray(np.divide(won, won + lost, out=out, where=won + lost > 0), dtype=np.float64)


def _share_interval(values: Floats, questions: int) -> tuple[float, float]:
    """Return the score interval of a share, with the number of questions that have the variance of the resamples."""
    share, spread = float(values[0]), float(np.nanvar(values[1:]))
    plain = share * (1 - share)
    return score_interval(share, max(1.0, plain / spread) if plain and spread > _CLOSE else questions)


def _interval(values: Floats) -> tuple[float, float] | None:
    low, high = np.nanpercentile(values[1:], [2.5, 97.5])
    return (float(low), float(high)) if high - low > _CLOSE else None


def _row(
    name: str, against: str, statistic: str, values: Floats, own: pl.DataFrame, note: str | None = None
) -> dict[str, Any]:
    questions = own["question"].n_unique()
    told: dict[str, Any] = dict.fromkeys(("estimate", "low", "high"))
    if questions < _LEAST:
        note = "fewer than two questions"
    elif not np.isnan(values[0]):
        told["estimate"] = float(values[0])
        if len(values) > 1:
            found = _share_interval(values, questions) if statistic == "win_share" else _interval(values)
            told |= dict(zip(("low", "high"), found or (None, None), strict=True))
            note = note or (None if found else "no interval: the same wins in every question")
    return {
        "version": name,
        "against": against,
        "statistic": statistic,
        **told,
        "questions": questions,
        "judgements": own.height,
        "ties": own.filter(pl.col("win") == 0.5).height,
        "note": note,
    }
